#include "tests/unit/md_test.h"

#include "probes/formats/calendar/ics_conf.h"

static void one_parameter_in_every_spelling(void **state)
{
    static const struct {
        const char *says, *line, *name, *value;
        enum md_ics_quotes quotes;
        bool is_comment, has_capitals;
        int fault; /* -1: none */
        unsigned column;
    } cases[] = {
        {"as documented", "service.http.port = \"80\"", "service.http.port", "80", MD_ICS_QUOTED, false, false, -1, 21},
        {"without blanks", "service.http.port=\"80\"", "service.http.port", "80", MD_ICS_QUOTED, false, false, -1, 19},
        {"several values", "a.b = \"x;y z\"", "a.b", "x;y z", MD_ICS_QUOTED, false, false, -1, 7},
        {"an empty value", "caldb.calmaster = \"\"", "caldb.calmaster", "", MD_ICS_QUOTED, false, false, -1, 19},
        {"a quotation mark in the value", "a.b = \"x\"y\"", "a.b", "x\"y", MD_ICS_QUOTED, false, false, -1, 7},
        {"bare", "service.http.port = 80", "service.http.port", "80", MD_ICS_BARE, false, false, -1, 21},
        {"single", "a.b = 'x'", "a.b", "x", MD_ICS_SINGLE, false, false, -1, 7},
        {"typographic", "a.b = \xE2\x80\x9Cno\xE2\x80\x9D", "a.b", "no", MD_ICS_TYPOGRAPHIC, false, false,
         MD_CNF_TYPOGRAPHIC_QUOTES, 7},
        {"typographic at the end", "a.b = \"no\xE2\x80\x9D", "a.b", "no", MD_ICS_TYPOGRAPHIC, false, false,
         MD_CNF_TYPOGRAPHIC_QUOTES, 7},
        {"open", "a.b = \"no", "a.b", "no", MD_ICS_OPEN, false, false, MD_CNF_OPEN_QUOTE, 7},
        {"capitals", "Service.Http.port = \"80\"", "Service.Http.port", "80", MD_ICS_QUOTED, false, true, -1, 21},
        {"text behind", "a.b = \"x\" ! why", "a.b", "x", MD_ICS_QUOTED, false, false, MD_CNF_TEXT_AFTER_VALUE, 7},
        {"a sample", "!!caldb.cld.type = \"directory\"", "caldb.cld.type", "directory", MD_ICS_QUOTED, true, false, -1,
         20},
        {"a sample without quotation marks", "! a.b = c", "a.b", "c", MD_ICS_BARE, true, false, -1, 9},
        {"nothing behind the sign", "a.b =", "a.b", "", MD_ICS_BARE, false, false, MD_CNF_NO_VALUE, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_ics_conf *conf = md_ics_conf_read(*state, "ics.conf", md_str(cases[i].line), 1);
        const struct md_ics_parameter *parameter;

        md_test_case(i, cases[i].says);
        md_want_int("parameters", conf->n, 1);
        parameter = conf->items[0];
        md_want_str("name", parameter->name, cases[i].name);
        md_want_str("value", parameter->value, cases[i].value);
        md_want_int("quotes", parameter->quotes, cases[i].quotes);
        md_want_int("comment", parameter->is_comment, cases[i].is_comment);
        md_want_int("capitals", parameter->has_capitals, cases[i].has_capitals);
        md_want_int("faults", conf->faults.n, cases[i].fault >= 0);
        if (cases[i].fault >= 0)
            md_want_int("kind", conf->faults.items[0].kind, cases[i].fault);
        if (cases[i].column > 0)
            md_want_int("column of the value", parameter->value_loc.column, cases[i].column);
    }
}

static void the_last_one_that_is_no_comment_holds(void **state)
{
    static const char text[] = "! Calendar Server: a = b is prose\n"
                               "!!logfile.loglevel = \"DEBUG\"\n"
                               "logfile.loglevel = \"NOTICE\"\r\n"
                               "\n"
                               "what is this\n"
                               "logfile.loglevel = \"INFORMATION\"\n"
                               "!logfile.loglevel = \"ERROR\"\n";
    struct md_ics_conf *conf = md_ics_conf_read(*state, "ics.conf", md_str(text), 10);
    const struct md_ics_parameter *held = md_ics_conf_find(conf, md_str("logfile.loglevel"));

    md_want_int("parameters", conf->n, 4);
    md_want_str("the one that holds", held->value, "INFORMATION");
    md_want_int("its line", held->loc.line, 15);
    md_want_true(held->repeats == conf->items[1] && conf->items[1]->is_repeated && !held->is_repeated);
    md_want_true(md_ics_conf_find(conf, md_str("LOGFILE.loglevel")) == NULL);
    md_want_int("faults", conf->faults.n, 1);
    md_want_int("line of the fault", conf->faults.items[0].loc.line, 14);
}

static void foreign_input_is_survived(void **state)
{
    size_t n = 300000;
    char *text = md_arena_alloc(*state, n);
    uint64_t seed = 2463534242u;

    for (size_t i = 0; i < n; i++)
        text[i] = (char)md_test_random(&seed);
    md_want_true(md_ics_conf_read(*state, "x", md_str_n(text, n), 1)->n <= MD_ICS_MAX);
    md_want_int("nothing", md_ics_conf_read(*state, "x", md_str(""), 1)->n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(one_parameter_in_every_spelling),
        MD_TEST(the_last_one_that_is_no_comment_holds),
        MD_TEST(foreign_input_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
