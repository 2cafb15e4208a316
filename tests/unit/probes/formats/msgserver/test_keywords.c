#include "tests/unit/probes/formats/msgserver/keywords_fixture.h"

static void the_table_is_sound(void **state)
{
    const struct md_keywords *keywords = md_test_keywords(*state);
    const struct md_keyword *keyword;

    md_want_true(md_keywords_count(keywords) > 330);
    keyword = md_keywords_find(keywords, md_str("Notices"));
    md_want_true(keyword != NULL && keyword->args == MD_ARGS_INT && keyword->args_min == 1 && keyword->args_max == 5);
    keyword = md_keywords_find(keywords, md_str("charset8"));
    md_want_true(keyword != NULL && keyword->args_min == 0 && keyword->args_max == 1);
    md_want_true(md_keywords_find(keywords, md_str("threadeph")) == NULL);
    md_want_true(md_keywords_find(keywords, md_str("")) == NULL);
    md_want_true(md_keywords_find(keywords, md_str("dequeueremoveroute")) != NULL);
}

static void later_settings_replace_earlier_ones(void **state)
{
    static const struct {
        const char *says, *later, *earlier;
        bool want;
    } cases[] = {
        {"itself", "maxjobs", "maxjobs", true},
        {"a member of its group", "nomx", "mx", true},
        {"the other way round", "mx", "nomx", true},
        {"not of another group", "mx", "smtp", false},
        {"notices resets the ages of a priority", "notices", "urgentnotices", true},
        {"ages of a priority leave notices alone", "urgentnotices", "notices", false},
        {"a further spelling is the same keyword", "dequeueremoveroute", "dequeue_removeroute", true},
    };
    const struct md_keywords *keywords = md_test_keywords(*state);

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_int("replaces",
                    md_keyword_replaces(md_keywords_find(keywords, md_str(cases[i].later)),
                                        md_keywords_find(keywords, md_str(cases[i].earlier))),
                    cases[i].want);
    }
}

static void defaults_depend_on_the_version(void **state)
{
    const struct md_keyword *depth = md_keywords_find(md_test_keywords(*state), md_str("threaddepth"));

    md_want_str("5.2", md_keyword_default(depth, 5, 2), "128");
    md_want_str("6.3", md_keyword_default(depth, 6, 3), "10");
    md_want_str("8.1", md_keyword_default(depth, 8, 1), "10");
    md_want_str("not known", md_keyword_default(depth, 0, 0), "10");
}

static void a_broken_table_is_refused(void **state)
{
    static const struct {
        const char *says, *yaml;
    } cases[] = {
        {"no keywords", "plain: []\n"},
        {"a keyword twice", "plain: [smtp, smtp]\n"},
        {"arguments of no kind", "with_arguments: { x: { args: thing } }\n"},
        {"a range upside down", "with_arguments: { x: { args: \"int 3..2\" } }\n"},
        {"a group of an unknown keyword", "plain: [smtp]\ngroups: { g: [lmtp] }\n"},
        {"a keyword in two groups", "plain: [smtp]\ngroups: { g: [smtp], h: [smtp] }\n"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_keywords *keywords = NULL;
        struct md_diags *diags = md_diags_new(*state);

        md_test_case(i, cases[i].says);
        md_want_int("status", md_keywords_read(*state, "t", md_str(cases[i].yaml), diags, &keywords), MD_BAD_INPUT);
        md_want_true(md_diags_count(diags) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(the_table_is_sound),
        MD_TEST(later_settings_replace_earlier_ones),
        MD_TEST(defaults_depend_on_the_version),
        MD_TEST(a_broken_table_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
