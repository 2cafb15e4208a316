#include "cli/report/check_report.h"

#include <stdlib.h>

#include "cli/report/check_mask.h"
#include "engine/base/display.h"

#define STATEMENT_LINES_MAX 50 /* continued lines that are looked through for the name of a secret */

int md_check_found_compare(const struct md_check_found *a, const struct md_check_found *b)
{
    int order = md_str_cmp(md_str(a->loc.file), md_str(b->loc.file));
    if (order == 0 && a->loc.line != b->loc.line) {
        order = a->loc.line < b->loc.line ? -1 : 1;
    }
    if (order == 0) {
        order = md_str_cmp(md_str(a->check->id), md_str(b->check->id));
    }
    if (order == 0 && a->loc.column != b->loc.column) {
        order = a->loc.column < b->loc.column ? -1 : 1;
    }
    return order != 0 ? order : md_str_cmp(md_str(a->message), md_str(b->message));
}

static int compare_found(const void *a, const void *b)
{
    return md_check_found_compare(a, b);
}

static int compare_silenced(const void *a, const void *b)
{
    const struct md_check_silenced *x = a, *y = b;
    return md_check_found_compare(&x->found, &y->found);
}

void md_check_found_sort(struct md_check_found *list, size_t n)
{
    if (n > 1) {
        qsort(list, n, sizeof(*list), compare_found);
    }
}

void md_check_silenced_sort(struct md_check_silenced *list, size_t n)
{
    if (n > 1) {
        qsort(list, n, sizeof(*list), compare_silenced);
    }
}

size_t md_check_report_count(const struct md_check_report *report, enum md_check_severity severity)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_findings; i++) {
        n += report->findings[i].severity == severity;
    }
    return n;
}

static bool raw_line(const struct md_check_report *report, const char *file, uint32_t line, struct md_str *ret)
{
    return report->line != NULL && file != NULL && line > 0 && report->line(report->line_ctx, file, line, ret);
}

/* A line that continues a secret one is secret from its beginning. */
static bool continues_secret(const struct md_check_report *report, const struct md_loc *loc)
{
    struct md_str above;
    for (uint32_t line = loc->line; line > 1 && loc->line - line < STATEMENT_LINES_MAX; line--) {
        if (!raw_line(report, loc->file, line - 1, &above) ||
            !md_str_has_suffix(md_str_trim_right(above), MD_LIT("\\"))) {
            return false;
        }
        if (md_check_secret_at(loc->file, above) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

bool md_check_report_line(const struct md_check_report *report, const struct md_loc *loc, struct md_str *ret,
                          uint32_t *ret_column)
{
    struct md_str text;
    if (!raw_line(report, loc->file, loc->line, &text)) {
        return false;
    }
    uint32_t column = loc->column;
    size_t secret = continues_secret(report, loc) ? 0 : md_check_secret_at(loc->file, text);
    if (secret < text.n) {
        text = md_check_mask_line(report->arena, text, secret);
        column = column > secret + 1 ? (uint32_t)secret + 1 : column;
    }
    if (ret_column != NULL) {
        *ret_column = column;
    }
    *ret = text;
    return true;
}

const char *md_check_report_shown(struct md_arena *arena, const char *text, const char *newline)
{
    struct md_str rest = md_str_trim_right(md_str(text)), line;
    struct md_buf b = {0};
    while (md_str_next_line(&rest, &line)) {
        md_buf_puts(&b, b.n > 0 ? newline : "");
        md_buf_puts(&b, md_display(arena, line));
    }
    const char *out = md_arena_cstr(arena, md_str_n(b.p, b.n));
    md_buf_free(&b);
    return out;
}

struct md_str md_check_report_relative(const struct md_check_report *report, const char *file)
{
    struct md_str path = md_str(file), base = md_str(report->base);
    if (base.n > 1 && md_str_has_prefix(path, base) && path.n > base.n + 1 && path.p[base.n] == '/') {
        path = md_str_from(path, base.n + 1);
    }
    return path;
}

const char *md_check_report_path(const struct md_check_report *report, const char *file)
{
    return file == NULL ? NULL : md_display(report->arena, md_check_report_relative(report, file));
}

struct md_check_row *md_check_report_rows(const struct md_check_report *report)
{
    size_t n = report->n_findings + report->n_suppressed;
    struct md_check_row *rows = md_arena_array(report->arena, n + 1, sizeof(*rows));
    for (size_t i = 0, k = 0; i + k < n;) {
        bool is_silenced =
            i >= report->n_findings || (k < report->n_suppressed &&
                                        md_check_found_compare(&report->findings[i], &report->suppressed[k].found) > 0);
        struct md_check_row *row = &rows[i + k];
        if (is_silenced) {
            *row = (struct md_check_row){&report->suppressed[k].found, &report->suppressed[k]};
            k++;
        } else {
            *row = (struct md_check_row){&report->findings[i], NULL};
            i++;
        }
    }
    return rows;
}
