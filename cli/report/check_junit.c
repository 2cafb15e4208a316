/* JUnit's XML: a test suite for each file, a test case for each check that found something there; a file without findings passes. */
#include <stdlib.h>
#include <string.h>

#include "cli/report/check_report.h"
#include "engine/base/display.h"
#include "engine/base/utf8.h"

/* Display text has no control characters; what else XML 1.0 forbids is shown by its bytes. */
static void escaped(struct md_buf *out, struct md_arena *arena, const char *text)
{
    struct md_str rest = md_str(md_display(arena, md_str(text)));
    while (rest.n > 0) {
        uint32_t c = 0;
        size_t n = md_utf8_character(rest, &c);
        n = n > 0 ? n : 1;
        switch (c) {
        case '&': md_buf_puts(out, "&amp;"); break;
        case '<': md_buf_puts(out, "&lt;"); break;
        case '>': md_buf_puts(out, "&gt;"); break;
        case '"': md_buf_puts(out, "&quot;"); break;
        case '\'': md_buf_puts(out, "&apos;"); break;
        case 0xFFFE: md_buf_puts(out, "\\xEF\\xBF\\xBE"); break;
        case 0xFFFF: md_buf_puts(out, "\\xEF\\xBF\\xBF"); break;
        default: md_buf_add(out, md_str_sub(rest, 0, n)); break;
        }
        rest = md_str_from(rest, n);
    }
}

static void attribute(struct md_buf *out, struct md_arena *arena, const char *name, const char *value)
{
    md_buf_printf(out, " %s=\"", name);
    escaped(out, arena, value);
    md_buf_puts(out, "\"");
}

struct rows {
    struct md_check_row *list;
    size_t n;
};

enum outcome { PASSED, SKIPPED, FAILED };

/* An error or a warning fails its case, a remark is told, what is suppressed counts as skipped. */
static enum outcome outcome_of(const struct md_check_row *row)
{
    return row->silenced != NULL ? SKIPPED : row->found->severity == MD_CHECK_INFO ? PASSED : FAILED;
}

static size_t same_case(const struct rows *rows, size_t from)
{
    size_t to = from + 1;
    const struct md_check_found *first = rows->list[from].found;
    for (; to < rows->n; to++) {
        const struct md_check_found *f = rows->list[to].found;
        if (!md_str_eq(md_str(f->loc.file), md_str(first->loc.file)) || strcmp(f->check->id, first->check->id) != 0) {
            break;
        }
    }
    return to;
}

static enum outcome worst(const struct rows *rows, size_t from, size_t to)
{
    enum outcome out = PASSED;
    for (size_t i = from; i < to; i++) {
        enum outcome o = outcome_of(&rows->list[i]);
        out = o > out ? o : out;
    }
    return out;
}

static void one_line(struct md_buf *out, const struct md_check_report *report, const struct md_check_row *row)
{
    struct md_arena *a = report->arena;
    const struct md_check_found *f = row->found;
    const char *fix = f->fix != NULL ? f->fix : f->check->fix;
    if (f->loc.file != NULL) {
        escaped(out, a, md_check_report_path(report, f->loc.file));
        md_buf_printf(out, ":%u:%u: ", (unsigned)f->loc.line, (unsigned)f->loc.column);
    }
    md_buf_printf(out, "%s: ", md_check_severity_name(f->severity));
    escaped(out, a, f->message);
    if (row->silenced != NULL) {
        md_buf_puts(out, "\nsuppressed: ");
        escaped(out, a, row->silenced->because);
    } else if (fix != NULL) {
        md_buf_puts(out, "\nfix: ");
        escaped(out, a, fix);
    }
    md_buf_puts(out, "\n");
}

static void test_case(struct md_buf *out, const struct md_check_report *report, const char *suite,
                      const struct rows *rows, size_t from, size_t to)
{
    static const char *const tags[] = {[PASSED] = "system-out", [SKIPPED] = "skipped", [FAILED] = "failure"};
    struct md_arena *a = report->arena;
    enum outcome outcome = worst(rows, from, to);
    const struct md_check_row *first = &rows->list[from];
    while (outcome_of(first) != outcome) {
        first++;
    }
    md_buf_puts(out, "    <testcase");
    attribute(out, a, "classname", suite);
    attribute(out, a, "name", first->found->check->id);
    attribute(out, a, "time", "0");
    md_buf_printf(out, ">\n      <%s", tags[outcome]);
    if (outcome == FAILED) {
        attribute(out, a, "type", md_check_severity_name(first->found->severity));
        attribute(out, a, "message", first->found->message);
    } else if (outcome == SKIPPED) {
        attribute(out, a, "message", first->silenced->because);
    }
    md_buf_puts(out, ">");
    for (size_t i = from; i < to; i++) {
        one_line(out, report, &rows->list[i]);
    }
    md_buf_printf(out, "</%s>\n    </testcase>\n", tags[outcome]);
}

static void counts(struct md_buf *out, const struct rows *rows, size_t from, size_t to, size_t n_clean)
{
    size_t tests = n_clean, n[3] = {0};
    for (size_t i = from; i < to;) {
        size_t next = same_case(rows, i);
        n[worst(rows, i, next)]++;
        tests++;
        i = next;
    }
    md_buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\"", tests, n[FAILED],
                  n[SKIPPED]);
}

static int by_id(const void *a, const void *b)
{
    const struct md_check_row *x = a, *y = b;
    int order = strcmp(x->found->check->id, y->found->check->id);
    return order != 0 ? order : md_check_found_compare(x->found, y->found);
}

static size_t same_file(const struct rows *rows, size_t from)
{
    size_t to = from + 1;
    while (to < rows->n &&
           md_str_eq(md_str(rows->list[to].found->loc.file), md_str(rows->list[from].found->loc.file))) {
        to++;
    }
    return to;
}

static void suite(struct md_buf *out, const struct md_check_report *report, const char *name, const struct rows *rows,
                  size_t from, size_t to)
{
    md_buf_puts(out, "  <testsuite");
    attribute(out, report->arena, "name", name);
    counts(out, rows, from, to, from == to ? 1 : 0);
    md_buf_puts(out, ">\n");
    if (from == to) {
        md_buf_puts(out, "    <testcase");
        attribute(out, report->arena, "classname", name);
        md_buf_puts(out, " name=\"nothing found\" time=\"0\"/>\n");
    }
    for (size_t i = from; i < to;) {
        size_t next = same_case(rows, i);
        test_case(out, report, name, rows, i, next);
        i = next;
    }
    md_buf_puts(out, "  </testsuite>\n");
}

void md_check_report_junit(const struct md_check_report *report, struct md_buf *out)
{
    struct rows rows = {md_check_report_rows(report), report->n_findings + report->n_suppressed};
    size_t n_clean = 0;
    for (size_t from = 0; from < rows.n;) {
        size_t to = same_file(&rows, from);
        /* each check is one case, wherever its lines lie */
        qsort(rows.list + from, to - from, sizeof(*rows.list), by_id);
        from = to;
    }
    struct md_buf suites = {0};
    size_t at = 0;
    /* both lists are sorted by name */
    for (size_t i = 0; i < report->n_files || at < rows.n;) {
        const char *file = at < rows.n ? rows.list[at].found->loc.file : NULL;
        int order = at >= rows.n ? -1 : i >= report->n_files ? 1 : md_str_cmp(md_str(report->files[i]), md_str(file));
        if (order < 0) {
            suite(&suites, report, md_check_report_path(report, report->files[i++]), &rows, at, at);
            n_clean++;
            continue;
        }
        size_t to = same_file(&rows, at);
        suite(&suites, report, file == NULL ? "configuration" : md_check_report_path(report, file), &rows, at, to);
        at = to;
        i += order == 0;
    }
    md_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mtadoctor check\"");
    counts(out, &rows, 0, rows.n, n_clean);
    md_buf_puts(out, ">\n");
    md_buf_add(out, md_str_n(suites.p, suites.n));
    md_buf_puts(out, "</testsuites>\n");
    md_buf_free(&suites);
}
