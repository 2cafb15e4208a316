#include "tests/unit/cli/report/check_fixture.h"

#include "engine/base/display.h"

static void shows_the_line_and_a_caret(void **state)
{
    struct fixture *f = fixture_new(*state);
    f->lines[0] = (struct fixture_line){"imta.cnf", 41, "tcp_slow smtp pool SMTP_POOI"};
    fixture_add(f, 0, "imta.cnf", 41, 20, "nobody defines the pool SMTP_POOI");
    f->report.n_files = 1;
    md_want_cstr("text", fixture_rendered(f, md_check_report_text),
                 "imta.cnf:41:20: error: nobody defines the pool SMTP_POOI [a.wrong]\n"
                 "   41 | tcp_slow smtp pool SMTP_POOI\n"
                 "      |                    ^\n"
                 "  why: it *does* not work\n"
                 "  fix: make it work\n"
                 "\n"
                 "1 error, 0 warnings, 0 remarks in 1 file\n");
}

/* The character that the caret points at, in a report of one finding. */
static char pointed_at(const char *text)
{
    const char *line = strstr(text, " | "), *caret = line == NULL ? NULL : strstr(line, "      | ");
    const char *hat = caret == NULL ? NULL : strchr(caret, '^');
    return hat == NULL ? '\0' : line[hat - caret - 5];
}

static void fits_the_terminal_wherever_the_column_is(void **state)
{
    char line[2001];
    for (uint32_t n = 1; n <= 2000; n = n * 3 + 1) {
        for (uint32_t column = 1; column <= n; column += 1 + n / 17) {
            struct fixture *f = fixture_new(*state);
            memset(line, '-', n);
            line[n] = '\0';
            line[column - 1] = 'X';
            f->lines[0] = (struct fixture_line){"imta.cnf", 7, line};
            fixture_add(f, 1, "imta.cnf", 7, column, "odd");
            const char *text = fixture_rendered(f, md_check_report_text);
            md_test_case(column, "a column of a long line");
            md_want_true(strchr(text, 'X') != NULL);
            struct md_str rest = md_str(text), one;
            while (md_str_next_line(&rest, &one)) {
                md_want_true(md_display_width(one) <= 80);
                md_want_true(one.n == 0 || one.p[one.n - 1] != ' ');
            }
            md_want_int("the caret's character", pointed_at(strstr(text, "    7 | ")), 'X');
        }
    }
}

static void tabs_and_strange_bytes_keep_the_caret_in_place(void **state)
{
    struct fixture *f = fixture_new(*state);
    f->lines[0] = (struct fixture_line){"m", 1, "\tab\033 X"};
    fixture_add(f, 1, "m", 1, 6, "odd");
    want_part(fixture_rendered(f, md_check_report_text), "    1 |         ab\\x1B X\n      |                ^\n");
    f = fixture_new(*state);
    f->lines[0] = (struct fixture_line){"m", 1, "  "};
    fixture_add(f, 1, "m", 1, 9, "odd"); /* behind the end of a blank line */
    want_part(fixture_rendered(f, md_check_report_text), "    1 |\n      | ^\n");
}

static void hostile_bytes_steer_nothing(void **state)
{
    struct fixture *f = fixture_new(*state);
    f->lines[0] = (struct fixture_line){HOSTILE, 1, HOSTILE HOSTILE};
    fixture_add(f, 0, HOSTILE, 1, 3, HOSTILE);
    for (int i = 0; i < 4; i++) {
        f->report.is_quiet = (i & 1) != 0;
        f->report.is_verbose = (i & 2) != 0;
        const char *text = fixture_rendered(f, md_check_report_text);
        want_no_part(text, "\033");
        want_no_part(text, "\r");
        want_no_part(text, "\xFF");
        want_no_part(text, "\xE2\x80\xAE");
        md_want_true(!f->report.is_quiet || strchr(text, '\n')[1] == '\0');
    }
}

static void secrets_are_hidden(void **state)
{
    static const struct {
        const char *says, *file, *line;
    } cases[] = {
        {"an option", "job_controller.cnf", "SECRET=hunter22"},
        {"lower case, with blanks in the value", "job_controller.cnf", "secret = never mind hunter22"},
        {"a name with dots", "configutil.txt", "local.ugldapbindcred = hunter22"},
        {"quoted", "ics.conf", "local.enduseradmincred.password = \"hunter22\""},
        {"of a recipe", "x.rcp", "set(\"base.ugldapbindcred\", \"hunter22\")"},
        {"of a script", "x.rcp", "set base.proxyadminpass.password hunter22"},
        {"an element", "config.xml", "<ugldapbindcred>hunter22</ugldapbindcred>"},
        {"an attribute", "config.xml", "<option name=\"proxy_password\" value=\"hunter22\"/>"},
        {"anything of the file of secrets", "config/xpass.xml", "  <x y=\"z\">hunter22</x>"},
        {"text of the file of secrets", "xpass.xml", "hunter22"},
        {"a comment", "option.dat", "! the password is hunter22"},
    };
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct fixture *f = fixture_new(*state);
        md_test_case(i, cases[i].says);
        f->lines[0] = (struct fixture_line){cases[i].file, 2, cases[i].line};
        fixture_add(f, 0, cases[i].file, 2, 60, "wrong");
        const char *text = fixture_rendered(f, md_check_report_text);
        want_no_part(text, "hunter22");
        want_part(text, "********");
    }
    struct fixture *f = fixture_new(*state);
    f->lines[0] = (struct fixture_line){"o", 2, "SECRET=abc\\"};
    f->lines[1] = (struct fixture_line){"o", 3, "hunter22"};
    fixture_add(f, 0, "o", 3, 1, "wrong");
    want_no_part(fixture_rendered(f, md_check_report_text), "hunter22");
}

static void says_what_was_suppressed_and_skipped_only_when_asked(void **state)
{
    static const char *const needs[] = {"mappings"};
    struct fixture *f = fixture_new(*state);
    struct md_check skipped = f->checks[1];
    const struct md_check *list[] = {&skipped};
    skipped.needs = needs;
    skipped.n_needs = 1;
    f->silenced[0] = (struct md_check_silenced){
        .found = {.check = &f->checks[0], .severity = MD_CHECK_ERROR, .loc = {"m", 1, 1}, .message = "wrong"},
        .because = "of history"};
    f->report.n_suppressed = 1;
    f->report.skipped = list;
    f->report.n_skipped = 1;
    const char *text = fixture_rendered(f, md_check_report_text);
    md_want_cstr("text", text, "nothing found in 0 files, 1 suppressed; 1 check skipped for want of an input\n");
    f->report.is_verbose = true;
    text = fixture_rendered(f, md_check_report_text);
    want_part(text, "m:1:1: error: wrong [a.wrong] (of history)");
    want_part(text, "b.odd (mappings)");
}

static void colour_changes_nothing_but_colour(void **state)
{
    struct fixture *f = fixture_new(*state);
    f->lines[0] = (struct fixture_line){"m", 1, "abc"};
    fixture_add(f, 0, "m", 1, 2, "wrong");
    const char *plain = fixture_rendered(f, md_check_report_text);
    f->report.use_colour = true;
    const char *coloured = fixture_rendered(f, md_check_report_text);
    char stripped[2000];
    size_t n = 0;
    for (const char *p = coloured; *p != '\0' && n < sizeof(stripped) - 1; p++) {
        if (*p == '\033') {
            p = strchr(p, 'm');
        } else {
            stripped[n++] = *p;
        }
    }
    stripped[n] = '\0';
    md_want_true(strcmp(plain, coloured) != 0);
    md_want_cstr("without colour", stripped, plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(shows_the_line_and_a_caret),
        MD_TEST(fits_the_terminal_wherever_the_column_is),
        MD_TEST(tabs_and_strange_bytes_keep_the_caret_in_place),
        MD_TEST(hostile_bytes_steer_nothing),
        MD_TEST(secrets_are_hidden),
        MD_TEST(says_what_was_suppressed_and_skipped_only_when_asked),
        MD_TEST(colour_changes_nothing_but_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
