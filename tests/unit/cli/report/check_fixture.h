/* tests/unit/cli/report/check_fixture: a report of what checks found, for the tests of its formats. */
#ifndef TESTS_UNIT_CLI_REPORT_CHECK_FIXTURE_H
#define TESTS_UNIT_CLI_REPORT_CHECK_FIXTURE_H

#include "cli/report/check_report.h"
#include "tests/unit/md_test.h"

/* Steers a terminal, ends an attribute, an element, a property and a line, and is no UTF-8 at its end. */
#define HOSTILE "a\033[31m\"<b>&'%,:\r\n]]>\xE2\x80\xAE\xFF"

struct fixture_line {
    const char *file;
    uint32_t line;
    const char *text;
};

struct fixture {
    struct md_check_report report;
    struct md_check checks[3];
    const struct md_check *all[3];
    struct md_check_found found[8];
    struct md_check_silenced silenced[4];
    const char *files[4];
    struct fixture_line lines[8];
};

static inline bool fixture_line(void *ctx, const char *file, uint32_t line, struct md_str *ret)
{
    const struct fixture *f = ctx;
    for (size_t i = 0; i < MD_ROWS(f->lines); i++) {
        if (f->lines[i].file != NULL && f->lines[i].line == line && strcmp(f->lines[i].file, file) == 0) {
            *ret = md_str(f->lines[i].text);
            return true;
        }
    }
    return false;
}

/* Three checks, nothing found, no files. */
static inline struct fixture *fixture_new(struct md_arena *arena)
{
    struct fixture *f = md_arena_alloc(arena, sizeof *f);
    f->checks[0] = (struct md_check){.id = "a.wrong",
                                     .title = "something is wrong",
                                     .severity = MD_CHECK_ERROR,
                                     .why = "it *does* not work",
                                     .fix = "make it work",
                                     .cites = "[doc]",
                                     .bad = "x 1\ny 2",
                                     .good = "x 2",
                                     .since = "6.2"};
    f->checks[1] = (struct md_check){.id = "b.odd",
                                     .title = "something is odd",
                                     .severity = MD_CHECK_WARNING,
                                     .why = "it may not work",
                                     .fix = "look"};
    f->checks[2] = (struct md_check){.id = "c.note",
                                     .title = "something is told",
                                     .severity = MD_CHECK_INFO,
                                     .why = "one may want to know",
                                     .fix = "none"};
    for (size_t i = 0; i < 3; i++) {
        f->all[i] = &f->checks[i];
    }
    f->report = (struct md_check_report){.findings = f->found,
                                         .suppressed = f->silenced,
                                         .checks = f->all,
                                         .n_checks = 3,
                                         .files = f->files,
                                         .product = "msgserver",
                                         .rules_hash = "sha256:00",
                                         .line = fixture_line,
                                         .line_ctx = f,
                                         .arena = arena};
    return f;
}

static inline void fixture_add(struct fixture *f, size_t check, const char *file, uint32_t line, uint32_t column,
                               const char *message)
{
    f->found[f->report.n_findings++] = (struct md_check_found){.check = &f->checks[check],
                                                               .severity = f->checks[check].severity,
                                                               .loc = {file, line, column},
                                                               .message = message};
}

typedef void fixture_render(const struct md_check_report *report, struct md_buf *out);

static inline const char *fixture_rendered(struct fixture *f, fixture_render *render)
{
    struct md_buf b = {0};
    render(&f->report, &b);
    const char *text = md_arena_cstr(f->report.arena, md_str_n(b.p, b.n));
    md_buf_free(&b);
    return text;
}

#define want_part(text, part) md_want_true(strstr((text), (part)) != NULL)
#define want_no_part(text, part) md_want_true(strstr((text), (part)) == NULL)

#endif
