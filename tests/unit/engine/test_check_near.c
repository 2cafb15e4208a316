#include "tests/unit/md_test.h"

#include "engine/check_priv.h"

static void distances_are_right(void **state)
{
    static const struct {
        const char *a, *b;
        unsigned max, want;
    } cases[] = {
        {"maxjobs", "maxjobs", 2, 0},
        {"MAXJOBS", "maxjobs", 2, 0},
        {"maxjob", "maxjobs", 2, 1},
        {"amxjobs", "maxjobs", 2, 1},
        {"axmjobs", "maxjobs", 2, 2},
        {"maxjobsxx", "maxjobs", 2, 2},
        {"maxjobsxxx", "maxjobs", 2, 3},
        {"abc", "xyz", 2, 3},
        {"", "ab", 2, 2},
        {"", "", 0, 0},
        {"ab", "ba", 1, 1},
        {"aaaa", "aa", 1, 2},
    };
    size_t i;

    (void)state;
    for (i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].a);
        md_want_int("distance", md_checks_distance(md_str(cases[i].a), md_str(cases[i].b), cases[i].max),
                    cases[i].want);
        md_want_int("the other way", md_checks_distance(md_str(cases[i].b), md_str(cases[i].a), cases[i].max),
                    cases[i].want);
    }
}

static void short_words_have_no_neighbours(void **state)
{
    (void)state;
    md_test_case(0, "how far a suggestion may be");
    md_want_int("two letters", md_checks_near_enough(MD_LIT("ab")), 0);
    md_want_int("five", md_checks_near_enough(MD_LIT("abcde")), 1);
    md_want_int("six", md_checks_near_enough(MD_LIT("abcdef")), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(distances_are_right), MD_TEST(short_words_have_no_neighbours)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
