/* JSON, SARIF, JUnit and GitHub annotations. */
#include <jansson.h>

#include "tests/unit/cli/report/check_fixture.h"

static json_t *parsed(struct fixture *f, fixture_render *render)
{
    json_error_t error;
    json_t *value = json_loads(fixture_rendered(f, render), JSON_REJECT_DUPLICATES, &error);
    md_want_true(value != NULL);
    return value;
}

static const char *text_at(const json_t *value, const char *key)
{
    const char *text = json_string_value(json_object_get(value, key));
    return text == NULL ? "" : text;
}

static void json_has_all_keys_and_null_where_nothing_is_known(void **state)
{
    struct fixture *f = fixture_new(*state);
    fixture_add(f, 0, NULL, 0, 0, HOSTILE);
    json_t *d = parsed(f, md_check_report_json);
    static const char *const keys[] = {"schema",   "tool",    "product", "version",
                                       "findings", "summary", "files",   "problems"};
    static const char *const of_finding[] = {"id",      "severity", "file", "line", "column",
                                             "message", "why",      "fix",  "scope"};
    for (size_t i = 0; i < MD_ROWS(keys); i++) {
        md_test_case(i, keys[i]);
        md_want_true(json_object_get(d, keys[i]) != NULL);
    }
    json_t *found = json_array_get(json_object_get(d, "findings"), 0);
    for (size_t i = 0; i < MD_ROWS(of_finding); i++) {
        md_test_case(i, of_finding[i]);
        md_want_true(json_object_get(found, of_finding[i]) != NULL);
    }
    md_want_true(json_is_null(json_object_get(d, "version")));
    md_want_true(json_is_null(json_object_get(found, "file")));
    md_want_true(json_is_null(json_object_get(found, "line")));
    md_want_true(json_is_object(json_object_get(found, "scope")));
    md_want_int("errors", json_integer_value(json_object_get(json_object_get(d, "summary"), "error")), 1);
    md_want_int("suppressed", json_integer_value(json_object_get(json_object_get(d, "summary"), "suppressed")), 0);
    json_decref(d);
}

static json_t *sarif_result(json_t *d, size_t i)
{
    return json_array_get(json_object_get(json_array_get(json_object_get(d, "runs"), 0), "results"), i);
}

static const char *print_of(json_t *d, size_t i)
{
    return text_at(json_object_get(sarif_result(d, i), "partialFingerprints"), "mtadoctorLine/v1");
}

static void sarif_fingerprints_stay_when_lines_move(void **state)
{
    struct fixture *f = fixture_new(*state);
    f->lines[0] = (struct fixture_line){"imta.cnf", 5, "tcp_a smtp   pool X"};
    f->lines[1] = (struct fixture_line){"imta.cnf", 8, "tcp_a smtp pool X"};
    f->lines[2] = (struct fixture_line){"imta.cnf", 9, "tcp_b smtp pool X"};
    fixture_add(f, 0, "imta.cnf", 5, 3, "wrong");
    fixture_add(f, 0, "imta.cnf", 8, 3, "wrong");
    fixture_add(f, 0, "imta.cnf", 9, 3, "wrong");
    json_t *before = parsed(f, md_check_report_sarif);
    for (size_t i = 0; i < 3; i++) {
        f->lines[i].line += 100;
        f->found[i].loc.line += 100;
        f->found[i].loc.column += 2;
    }
    f->lines[1].text = "  tcp_a\tsmtp pool  X";
    json_t *after = parsed(f, md_check_report_sarif);
    for (size_t i = 0; i < 3; i++) {
        md_test_case(i, "a finding that moved");
        md_want_cstr("fingerprint", print_of(after, i), print_of(before, i));
        for (size_t k = 0; k < i; k++) {
            md_want_true(strcmp(print_of(before, i), print_of(before, k)) != 0);
        }
    }
    json_decref(before);
    json_decref(after);
}

static void sarif_fingerprints_tell_nothing_of_a_secret(void **state)
{
    struct fixture *f = fixture_new(*state);
    f->lines[0] = (struct fixture_line){"j", 1, "secret=one"};
    fixture_add(f, 0, "j", 1, 1, "wrong");
    json_t *before = parsed(f, md_check_report_sarif);
    f->lines[0].text = "secret=another";
    json_t *after = parsed(f, md_check_report_sarif);
    md_want_cstr("fingerprint", print_of(after, 0), print_of(before, 0));
    json_decref(before);
    json_decref(after);
}

static void sarif_names_places_as_uris_and_counts_characters(void **state)
{
    static const struct {
        const char *says, *file, *uri;
    } cases[] = {
        {"below the working folder", "/home/me/conf/imta.cnf", "conf/imta.cnf"},
        {"relative", "./conf/imta.cnf", "conf/imta.cnf"},
        {"elsewhere", "/opt/SUNWmsgsr/config/imta.cnf", "file:///opt/SUNWmsgsr/config/imta.cnf"},
        {"only like the working folder", "/home/mean/x", "file:///home/mean/x"},
        {"what a URI has no room for", "a b%c:\xC3\xA4?#\n", "a%20b%25c%3A%C3%A4%3F%23%0A"},
    };
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct fixture *f = fixture_new(*state);
        md_test_case(i, cases[i].says);
        f->report.base = "/home/me";
        f->lines[0] = (struct fixture_line){cases[i].file, 3, "\xC3\xA4\xC3\xA4 x"};
        fixture_add(f, 0, cases[i].file, 3, 6, "wrong");
        json_t *d = parsed(f, md_check_report_sarif);
        json_t *place =
            json_object_get(json_array_get(json_object_get(sarif_result(d, 0), "locations"), 0), "physicalLocation");
        md_want_cstr("uri", text_at(json_object_get(place, "artifactLocation"), "uri"), cases[i].uri);
        md_want_int("column", json_integer_value(json_object_get(json_object_get(place, "region"), "startColumn")), 4);
        json_decref(d);
    }
}

static void sarif_has_every_rule_and_tells_suppressed_results(void **state)
{
    struct fixture *f = fixture_new(*state);
    fixture_add(f, 2, "m", 2, 0, HOSTILE);
    f->silenced[0] = (struct md_check_silenced){
        .found = {.check = &f->checks[1], .severity = MD_CHECK_WARNING, .loc = {"m", 1, 1}, .message = "odd"},
        .because = "of history",
        .is_in_source = true};
    f->report.n_suppressed = 1;
    json_t *d = parsed(f, md_check_report_sarif);
    json_t *run = json_array_get(json_object_get(d, "runs"), 0);
    json_t *list = json_object_get(json_object_get(json_object_get(run, "tool"), "driver"), "rules");
    md_want_int("rules", json_array_size(list), 3);
    json_t *first = sarif_result(d, 0), *second = sarif_result(d, 1);
    md_want_cstr("the suppressed one stands by its line", text_at(first, "ruleId"), "b.odd");
    json_t *suppression = json_array_get(json_object_get(first, "suppressions"), 0);
    md_want_cstr("kind", text_at(suppression, "kind"), "inSource");
    md_want_cstr("reason", text_at(suppression, "justification"), "of history");
    md_want_cstr("level of a remark", text_at(second, "level"), "note");
    md_want_true(json_object_get(second, "suppressions") == NULL);
    for (size_t i = 0; i < 2; i++) {
        json_t *result = sarif_result(d, i);
        size_t index = (size_t)json_integer_value(json_object_get(result, "ruleIndex"));
        md_want_cstr("the rule of the index", text_at(json_array_get(list, index), "id"), text_at(result, "ruleId"));
    }
    json_t *help = json_object_get(json_array_get(list, 0), "help");
    want_part(text_at(help, "markdown"), "it \\*does\\* not work");
    want_part(text_at(help, "markdown"), "\n    x 1\n    y 2\n");
    want_part(text_at(help, "text"), "Fix: make it work");
    json_decref(d);
}

static void junit_has_a_suite_for_each_file_and_a_case_for_each_check(void **state)
{
    struct fixture *f = fixture_new(*state);
    f->files[0] = "a.cnf";
    f->files[1] = "b.cnf";
    f->files[2] = "c.cnf";
    f->report.n_files = 3;
    fixture_add(f, 0, "b.cnf", 1, 1, "wrong");
    fixture_add(f, 2, "b.cnf", 2, 1, "told");
    fixture_add(f, 0, "b.cnf", 9, 1, "wrong again");
    f->silenced[0] = (struct md_check_silenced){
        .found = {.check = &f->checks[1], .severity = MD_CHECK_WARNING, .loc = {"c.cnf", 1, 1}, .message = "odd"},
        .because = "of history"};
    f->report.n_suppressed = 1;
    md_want_cstr(
        "xml", fixture_rendered(f, md_check_report_junit),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"mtadoctor check\" tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"0\">\n"
        "  <testsuite name=\"a.cnf\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">\n"
        "    <testcase classname=\"a.cnf\" name=\"nothing found\" time=\"0\"/>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"b.cnf\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0\">\n"
        "    <testcase classname=\"b.cnf\" name=\"a.wrong\" time=\"0\">\n"
        "      <failure type=\"error\" message=\"wrong\">b.cnf:1:1: error: wrong\nfix: make it work\n"
        "b.cnf:9:1: error: wrong again\nfix: make it work\n</failure>\n"
        "    </testcase>\n"
        "    <testcase classname=\"b.cnf\" name=\"c.note\" time=\"0\">\n"
        "      <system-out>b.cnf:2:1: info: told\nfix: none\n</system-out>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"c.cnf\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" time=\"0\">\n"
        "    <testcase classname=\"c.cnf\" name=\"b.odd\" time=\"0\">\n"
        "      <skipped message=\"of history\">c.cnf:1:1: warning: odd\nsuppressed: of history\n</skipped>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
}

static void junit_escapes_what_xml_does_not_take(void **state)
{
    struct fixture *f = fixture_new(*state);
    fixture_add(f, 0, HOSTILE, 1, 1, HOSTILE "\xEF\xBF\xBF");
    const char *xml = fixture_rendered(f, md_check_report_junit);
    want_part(xml,
              "message=\"a\\x1B[31m&quot;&lt;b&gt;&amp;&apos;%,:\\x0D\\x0A]]&gt;\\xE2\\x80\\xAE\\xFF\\xEF\\xBF\\xBF\"");
    want_no_part(xml, "\xEF\xBF\xBF");
    want_no_part(xml, "]]>");
}

static void annotations_are_one_line_each(void **state)
{
    struct fixture *f = fixture_new(*state);
    f->report.base = "/home/me";
    fixture_add(f, 0, "/home/me/a,b:c%.cnf", 4, 2, "100 % wrong: a, b");
    fixture_add(f, 1, "m", 3, 0, HOSTILE);
    fixture_add(f, 2, NULL, 0, 0, "told");
    md_want_cstr(
        "annotations", fixture_rendered(f, md_check_report_github),
        "::error file=a%2Cb%3Ac%25.cnf,line=4,col=2,title=a.wrong::100 %25 wrong: a, b%0Afix: make it work\n"
        "::warning file=m,line=3,title=b.odd::a\\x1B[31m\"<b>&'%25,:\\x0D\\x0A]]>\\xE2\\x80\\xAE\\xFF%0Afix: look\n"
        "::notice title=c.note::told%0Afix: none\n");
    f->report.n_findings = 0;
    md_want_cstr("nothing found", fixture_rendered(f, md_check_report_github), "");
}

static void findings_are_sorted_by_file_line_and_id(void **state)
{
    struct fixture *f = fixture_new(*state);
    fixture_add(f, 1, "b", 1, 1, "x");
    fixture_add(f, 2, "a", 9, 1, "x");
    fixture_add(f, 2, "a", 1, 1, "x");
    fixture_add(f, 0, "a", 1, 7, "x");
    fixture_add(f, 0, NULL, 0, 0, "x");
    md_check_found_sort(f->found, f->report.n_findings);
    static const char *const want[] = {"a.wrong", "a.wrong", "c.note", "c.note", "b.odd"};
    for (size_t i = 0; i < MD_ROWS(want); i++) {
        md_test_case(i, want[i]);
        md_want_cstr("id", f->found[i].check->id, want[i]);
    }
    md_want_true(f->found[0].loc.file == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(json_has_all_keys_and_null_where_nothing_is_known),
        MD_TEST(sarif_fingerprints_stay_when_lines_move),
        MD_TEST(sarif_fingerprints_tell_nothing_of_a_secret),
        MD_TEST(sarif_names_places_as_uris_and_counts_characters),
        MD_TEST(sarif_has_every_rule_and_tells_suppressed_results),
        MD_TEST(junit_has_a_suite_for_each_file_and_a_case_for_each_check),
        MD_TEST(junit_escapes_what_xml_does_not_take),
        MD_TEST(annotations_are_one_line_each),
        MD_TEST(findings_are_sorted_by_file_line_and_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
