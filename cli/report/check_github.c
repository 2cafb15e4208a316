/* Annotations of GitHub Actions: "::error file=...,line=...,col=...,title=...::message", one line each. */
#include "cli/report/check_report.h"
#include "engine/base/display.h"

static void escaped(struct md_buf *out, const char *text, bool is_property)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '%' || *p == '\r' || *p == '\n' || (is_property && (*p == ':' || *p == ','))) {
            md_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*p);
        } else {
            md_buf_add(out, md_str_n(p, 1));
        }
    }
}

static void property(struct md_buf *out, const char **separator, const char *name, const char *value)
{
    md_buf_printf(out, "%s%s=", *separator, name);
    escaped(out, value, true);
    *separator = ",";
}

void md_check_report_github(const struct md_check_report *report, struct md_buf *out)
{
    static const char *const commands[] = {
        [MD_CHECK_INFO] = "notice", [MD_CHECK_WARNING] = "warning", [MD_CHECK_ERROR] = "error"};
    struct md_arena *a = report->arena;
    for (size_t i = 0; i < report->n_findings; i++) {
        const struct md_check_found *found = &report->findings[i];
        const char *separator = " ";
        md_buf_printf(out, "::%s", commands[found->severity]);
        if (found->loc.file != NULL) {
            property(out, &separator, "file", md_check_report_path(report, found->loc.file));
        }
        if (found->loc.file != NULL && found->loc.line > 0) {
            property(out, &separator, "line", md_arena_printf(a, "%u", (unsigned)found->loc.line));
        }
        if (found->loc.line > 0 && found->loc.column > 0) {
            property(out, &separator, "col", md_arena_printf(a, "%u", (unsigned)found->loc.column));
        }
        property(out, &separator, "title", found->check->id);
        md_buf_puts(out, "::");
        const char *fix = found->fix != NULL ? found->fix : found->check->fix;
        escaped(out, md_display(a, md_str(found->message)), false);
        if (fix != NULL) {
            escaped(out, "\nfix: ", false);
            escaped(out, md_display(a, md_str(fix)), false);
        }
        md_buf_puts(out, "\n");
    }
}
