/* SARIF 2.1.0 (OASIS): one run, every check as a rule. */
#include <string.h>

#include "cli/report/check_report.h"
#include "cli/report/report.h"
#include "engine/base/display.h"
#include "engine/base/map.h"
#include "engine/base/sha256.h"
#include "engine/base/utf8.h"

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#define FINGERPRINT "mtadoctorLine/v1"

/* The rules of the run and where each stands among them. */
struct rules {
    json_t *list;
    struct md_map *index; /* id -> one more than its place */
};

static json_t *text_of(struct md_arena *arena, const char *text)
{
    return json_string(md_check_report_shown(arena, text, "\n"));
}

static json_t *message(struct md_arena *arena, const char *text)
{
    json_t *out = json_object();
    json_object_set_new(out, "text", text_of(arena, text));
    return out;
}

static const char *level(enum md_check_severity severity)
{
    return severity == MD_CHECK_ERROR ? "error" : severity == MD_CHECK_WARNING ? "warning" : "note";
}

static void plain_section(struct md_buf *b, struct md_arena *arena, const char *label, const char *text)
{
    if (text != NULL) {
        md_buf_printf(b, "%s%s: %s", b->n > 0 ? "\n" : "", label, md_check_report_shown(arena, text, "\n"));
    }
}

/* An example stands as a block of code, so no character of it means anything. */
static void markdown_section(struct md_buf *b, struct md_arena *arena, const char *label, const char *text,
                             bool is_example)
{
    if (text == NULL) {
        return;
    }
    md_buf_puts(b, b->n > 0 ? "\n\n" : "");
    if (is_example) {
        md_buf_printf(b, "**%s**\n\n    %s", label, md_check_report_shown(arena, text, "\n    "));
        return;
    }
    md_buf_printf(b, "**%s:** ", label);
    for (const char *p = md_check_report_shown(arena, text, "\n"); *p != '\0'; p++) {
        if (strchr("\\`*_<>[]|#", *p) != NULL) {
            md_buf_puts(b, "\\");
        }
        md_buf_add(b, md_str_n(p, 1));
    }
}

static json_t *help(struct md_arena *arena, const struct md_check *check)
{
    struct md_buf plain = {0}, marked = {0};
    plain_section(&plain, arena, "Why", check->why);
    plain_section(&plain, arena, "Fix", check->fix);
    plain_section(&plain, arena, "Bad", check->bad);
    plain_section(&plain, arena, "Good", check->good);
    plain_section(&plain, arena, "Source", check->cites);
    markdown_section(&marked, arena, "Why", check->why, false);
    markdown_section(&marked, arena, "Fix", check->fix, false);
    markdown_section(&marked, arena, "Bad", check->bad, true);
    markdown_section(&marked, arena, "Good", check->good, true);
    markdown_section(&marked, arena, "Source", check->cites, false);
    json_t *out = json_object();
    json_object_set_new(out, "text", json_string(plain.p == NULL ? check->id : plain.p));
    json_object_set_new(out, "markdown", json_string(marked.p == NULL ? check->id : marked.p));
    md_buf_free(&plain);
    md_buf_free(&marked);
    return out;
}

static json_t *rule(const struct md_check_report *report, const struct md_check *check)
{
    struct md_arena *a = report->arena;
    json_t *out = json_object(), *properties = json_object(), *tags = json_array();
    json_object_set_new(out, "id", json_string(check->id));
    json_object_set_new(out, "shortDescription", message(a, check->title != NULL ? check->title : check->id));
    json_object_set_new(out, "fullDescription", message(a, check->why != NULL ? check->why : check->id));
    json_object_set_new(out, "help", help(a, check));
    json_object_set_new(out, "defaultConfiguration", json_pack("{s:s}", "level", level(check->severity)));
    json_array_append_new(tags, json_string("configuration"));
    if (report->product != NULL) {
        json_array_append_new(tags, text_of(a, report->product));
    }
    json_object_set_new(properties, "tags", tags);
    json_object_set_new(properties, "problem.severity",
                        json_string(check->severity == MD_CHECK_INFO ? "recommendation" : level(check->severity)));
    if (check->cites != NULL) {
        json_object_set_new(properties, "source", text_of(a, check->cites));
    }
    if (check->since != NULL) {
        json_object_set_new(properties, "since", text_of(a, check->since));
    }
    json_object_set_new(out, "properties", properties);
    return out;
}

static size_t rule_index(const struct md_check_report *report, struct rules *rules, const struct md_check *check)
{
    const size_t *known = md_map_find(rules->index, 0, md_str(check->id));
    if (known != NULL) {
        return *known;
    }
    size_t *place = md_arena_alloc(report->arena, sizeof(*place));
    *place = json_array_size(rules->list);
    md_map_set(rules->index, 0, md_str(check->id), place);
    json_array_append_new(rules->list, rule(report, check));
    return *place;
}

/* A relative reference, or file:// of an absolute path outside the working folder. */
static json_t *artifact(const struct md_check_report *report, const char *file)
{
    struct md_str path = md_check_report_relative(report, file);
    bool is_absolute = md_str_has_prefix(path, MD_LIT("/"));
    while (md_str_skip_prefix(&path, MD_LIT("./"))) {
    }
    struct md_buf b = {0};
    md_buf_puts(&b, is_absolute ? "file://" : "");
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        if (md_is_alnum(c) || (c != '\0' && strchr("-._~/!$&'()*+,;=@", c) != NULL)) {
            md_buf_add(&b, md_str_n(&c, 1));
        } else {
            md_buf_printf(&b, "%%%02X", (unsigned)(unsigned char)c);
        }
    }
    json_t *out = json_object();
    json_object_set_new(out, "uri", json_string(b.p == NULL ? "" : b.p));
    if (!is_absolute) {
        json_object_set_new(out, "uriBaseId", json_string("%SRCROOT%"));
    }
    md_buf_free(&b);
    return out;
}

/* Characters before a column of bytes, and one more. What is no UTF-8 counts by bytes. */
static uint32_t character_column(struct md_str line, uint32_t column)
{
    struct md_str front = md_str_sub(line, 0, column - 1U);
    uint32_t n = 1, c = 0;
    while (front.n > 0) {
        size_t taken = md_utf8_character(front, &c);
        front = md_str_from(front, taken > 0 ? taken : 1);
        n++;
    }
    return n + (column - 1U > line.n ? column - 1U - (uint32_t)line.n : 0);
}

static json_t *location(const struct md_check_report *report, const struct md_loc *loc)
{
    json_t *physical = json_object(), *out = json_object();
    json_object_set_new(physical, "artifactLocation", artifact(report, loc->file));
    if (loc->line > 0) {
        struct md_str line;
        json_t *region = json_object();
        json_object_set_new(region, "startLine", json_integer((json_int_t)loc->line));
        if (loc->column > 0) {
            bool is_known = report->line != NULL && report->line(report->line_ctx, loc->file, loc->line, &line);
            json_object_set_new(
                region, "startColumn",
                json_integer((json_int_t)(is_known ? character_column(line, loc->column) : loc->column)));
        }
        json_object_set_new(physical, "region", region);
    }
    json_object_set_new(out, "physicalLocation", physical);
    return out;
}

static void add_part(struct md_sha256 *sum, struct md_str part)
{
    md_sha256_add(sum, part);
    md_sha256_add(sum, md_str_n("", 1)); /* parts must not run into each other */
}

/* Of id, file, the words of the line (not its number) and how many equal ones came before: it stays when lines move. A secret is hashed
 * as it is shown, so the print tells nothing of it and stays when it changes. */
static json_t *fingerprint(const struct md_check_report *report, const struct md_check_found *found,
                           struct md_map *seen)
{
    struct md_sha256 sum;
    struct md_str line = {0}, word;
    char hex[MD_SHA256_HEX];
    md_sha256_init(&sum);
    add_part(&sum, md_str(found->check->id));
    add_part(&sum, md_check_report_relative(report, found->loc.file));
    if (md_check_report_line(report, &found->loc, &line, NULL)) {
        line = md_str_trim(line);
        while ((word = md_str_next_word(&line)).n > 0) {
            add_part(&sum, word);
        }
    } else {
        add_part(&sum, md_str(found->message));
    }
    md_sha256_hex(&sum, hex);
    struct md_str key = md_arena_str(report->arena, md_str_n(hex, 32));
    size_t *n = md_map_find(seen, 0, key);
    if (n == NULL) {
        n = md_arena_alloc(report->arena, sizeof(*n));
        md_map_set(seen, 0, key, n);
    }
    (*n)++;
    json_t *out = json_object();
    json_object_set_new(out, FINGERPRINT, json_string(md_arena_printf(report->arena, "%s:%zu", key.p, *n)));
    return out;
}

static json_t *result(const struct md_check_report *report, const struct md_check_row *row, struct rules *rules,
                      struct md_map *seen)
{
    struct md_arena *a = report->arena;
    const struct md_check_found *found = row->found;
    json_t *out = json_object(), *locations = json_array();
    json_object_set_new(out, "ruleId", json_string(found->check->id));
    json_object_set_new(out, "ruleIndex", json_integer((json_int_t)rule_index(report, rules, found->check)));
    json_object_set_new(out, "level", json_string(level(found->severity)));
    json_object_set_new(out, "message", message(a, found->message));
    if (found->loc.file != NULL) {
        json_array_append_new(locations, location(report, &found->loc));
    }
    json_object_set_new(out, "locations", locations);
    json_object_set_new(out, "partialFingerprints", fingerprint(report, found, seen));
    if (row->silenced != NULL) {
        json_t *suppression = json_object(), *list = json_array();
        json_object_set_new(suppression, "kind", json_string(row->silenced->is_in_source ? "inSource" : "external"));
        json_object_set_new(suppression, "justification", text_of(a, row->silenced->because));
        json_array_append_new(list, suppression);
        json_object_set_new(out, "suppressions", list);
    }
    const char *fix = found->fix != NULL ? found->fix : found->check->fix;
    json_t *properties = json_object();
    if (fix != NULL) {
        json_object_set_new(properties, "fix", text_of(a, fix));
    }
    json_object_set_new(out, "properties", properties);
    return out;
}

static json_t *notifications(const struct md_check_report *report)
{
    static const char *const levels[] = {[MD_NOTE] = "note", [MD_WARNING] = "warning", [MD_ERROR] = "error"};
    json_t *out = json_array();
    for (size_t i = 0; report->problems != NULL && i < md_diags_count(report->problems); i++) {
        const struct md_diag *d = md_diags_at(report->problems, i);
        json_t *row = json_object();
        json_object_set_new(row, "level", json_string(levels[d->severity]));
        json_object_set_new(row, "message", message(report->arena, d->what));
        if (d->loc.file != NULL && d->loc.file[0] != '\0') {
            json_t *locations = json_array();
            json_array_append_new(locations, location(report, &d->loc));
            json_object_set_new(row, "locations", locations);
        }
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *artifacts(const struct md_check_report *report)
{
    json_t *out = json_array();
    for (size_t i = 0; i < report->n_files; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "location", artifact(report, report->files[i]));
        json_array_append_new(out, row);
    }
    return out;
}

void md_check_report_sarif(const struct md_check_report *report, struct md_buf *out)
{
    struct md_arena *a = report->arena;
    struct rules rules = {.list = json_array(), .index = md_map_new(a)};
    struct md_map *seen = md_map_new(a);
    json_t *results = json_array(), *skipped = json_array();
    for (size_t i = 0; i < report->n_checks; i++) {
        (void)rule_index(report, &rules, report->checks[i]);
    }
    struct md_check_row *rows = md_check_report_rows(report);
    for (size_t i = 0; i < report->n_findings + report->n_suppressed; i++) {
        json_array_append_new(results, result(report, &rows[i], &rules, seen));
    }
    for (size_t i = 0; i < report->n_skipped; i++) {
        json_array_append_new(skipped, json_string(report->skipped[i]->id));
    }

    json_t *driver = json_object(), *tool = json_object(), *properties = json_object(), *run = json_object();
    json_object_set_new(driver, "name", json_string(MD_TOOL_NAME));
    json_object_set_new(driver, "version", json_string(MD_TOOL_VERSION));
    json_object_set_new(driver, "semanticVersion", json_string(MD_TOOL_VERSION));
    json_object_set_new(driver, "rules", rules.list);
    json_object_set_new(tool, "driver", driver);
    if (report->product != NULL) {
        json_object_set_new(properties, "product", text_of(a, report->product));
    }
    if (report->version != NULL) {
        json_object_set_new(properties, "productVersion", text_of(a, report->version));
    }
    if (report->rules_hash != NULL) {
        json_object_set_new(properties, "rulesHash", text_of(a, report->rules_hash));
    }
    json_object_set_new(properties, "skipped", skipped);
    json_t *invocation = json_object(), *invocations = json_array(), *runs = json_array(), *all = json_object();
    json_object_set_new(invocation, "executionSuccessful", json_true());
    json_object_set_new(invocation, "toolExecutionNotifications", notifications(report));
    json_array_append_new(invocations, invocation);
    json_object_set_new(run, "tool", tool);
    json_object_set_new(run, "invocations", invocations);
    json_object_set_new(run, "columnKind", json_string("unicodeCodePoints"));
    json_object_set_new(run, "artifacts", artifacts(report));
    json_object_set_new(run, "results", results);
    json_object_set_new(run, "properties", properties);
    json_array_append_new(runs, run);
    json_object_set_new(all, "$schema", json_string(SCHEMA));
    json_object_set_new(all, "version", json_string("2.1.0"));
    json_object_set_new(all, "runs", runs);
    md_json_print(all, out);
    json_decref(all);
}
