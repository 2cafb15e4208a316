#include "cli/report/check_report.h"
#include "cli/report/report.h"
#include "engine/base/display.h"

static json_t *shown(const struct md_check_report *report, const char *text)
{
    return text == NULL ? json_null() : json_string(md_display(report->arena, md_str(text)));
}

static json_t *number(uint32_t n)
{
    return n == 0 ? json_null() : json_integer((json_int_t)n);
}

static json_t *scope(const struct md_check_report *report, const struct md_node *node)
{
    json_t *out = json_object();
    for (const struct md_node *child = node == NULL ? NULL : node->first; child != NULL; child = child->next) {
        json_object_set_new(out, md_display(report->arena, child->key),
                            json_string(md_display(report->arena, child->text)));
    }
    return out;
}

static json_t *finding(const struct md_check_report *report, const struct md_check_found *found)
{
    json_t *out = json_object();
    json_object_set_new(out, "id", json_string(found->check->id));
    json_object_set_new(out, "severity", json_string(md_check_severity_name(found->severity)));
    json_object_set_new(out, "file", shown(report, found->loc.file));
    json_object_set_new(out, "line", number(found->loc.line));
    json_object_set_new(out, "column", number(found->loc.column));
    json_object_set_new(out, "message", shown(report, found->message));
    json_object_set_new(out, "why", shown(report, found->check->why));
    json_object_set_new(out, "fix", shown(report, found->fix != NULL ? found->fix : found->check->fix));
    json_object_set_new(out, "scope", scope(report, found->scope));
    return out;
}

static json_t *count(const struct md_check_report *report, enum md_check_severity severity)
{
    return json_integer((json_int_t)md_check_report_count(report, severity));
}

void md_check_report_json(const struct md_check_report *report, struct md_buf *out)
{
    json_t *findings = json_array(), *suppressed = json_array(), *skipped = json_array(), *files = json_array();
    for (size_t i = 0; i < report->n_findings; i++) {
        json_array_append_new(findings, finding(report, &report->findings[i]));
    }
    for (size_t i = 0; i < report->n_suppressed; i++) {
        json_t *row = finding(report, &report->suppressed[i].found);
        json_object_set_new(row, "because", shown(report, report->suppressed[i].because));
        json_array_append_new(suppressed, row);
    }
    for (size_t i = 0; i < report->n_skipped; i++) {
        json_array_append_new(skipped, json_string(report->skipped[i]->id));
    }
    for (size_t i = 0; i < report->n_files; i++) {
        json_array_append_new(files, shown(report, report->files[i]));
    }
    json_t *summary = json_object();
    json_object_set_new(summary, "error", count(report, MD_CHECK_ERROR));
    json_object_set_new(summary, "warning", count(report, MD_CHECK_WARNING));
    json_object_set_new(summary, "info", count(report, MD_CHECK_INFO));
    json_object_set_new(summary, "suppressed", json_integer((json_int_t)report->n_suppressed));
    json_t *tool = json_pack("{s:s, s:s}", "name", MD_TOOL_NAME, "version", MD_TOOL_VERSION);
    json_object_set_new(tool, "rules", shown(report, report->rules_hash));

    json_t *all = json_object();
    json_object_set_new(all, "schema", json_string("mtadoctor.check/1"));
    json_object_set_new(all, "tool", tool);
    json_object_set_new(all, "product", shown(report, report->product));
    json_object_set_new(all, "version", shown(report, report->version));
    json_object_set_new(all, "findings", findings);
    json_object_set_new(all, "summary", summary);
    json_object_set_new(all, "files", files);
    json_object_set_new(all, "problems", md_report_problems_json(report->problems, report->arena));
    json_object_set_new(all, "suppressed", suppressed);
    json_object_set_new(all, "skipped", skipped);
    md_json_print(all, out);
    json_decref(all);
}
