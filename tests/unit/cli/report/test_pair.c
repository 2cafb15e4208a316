#include "cli/report/pair.h"
#include "tests/unit/md_test.h"

#define MAX 4

static void hosts_are_paired_by_name(void **state)
{
    static const struct {
        const char *says;
        const char *before[MAX], *after[MAX]; /* "-": not known; NULL: no more */
        int want[MAX];                        /* -1: no partner */
    } cases[] = {
        {"in any order", {"mta1", "mta2"}, {"mta2", "mta1"}, {1, 0}},
        {"in any letter case", {"MTA1", "mta2"}, {"mta1.", "Mta1"}, {1, -1}},
        {"one that is gone, one that is new", {"mta1", "mta2"}, {"mta2", "mta3"}, {-1, 0}},
        {"one of each, whatever the name", {"old"}, {"new"}, {0}},
        {"one of each without names", {"-"}, {"-"}, {0}},
        {"several without names", {"-", "-"}, {"-", "-"}, {-1, -1}},
        {"one among several", {"mta2"}, {"mta1", "mta2", "mta3"}, {1}},
        {"with a domain and without", {"mta1", "mta2"}, {"mta2.example.com", "mta1.example.com"}, {1, 0}},
        {"a short name of two", {"mta1"}, {"mta1.a.example", "mta1.b.example"}, {-1}},
        {"two of a short name", {"mta1.a.example", "mta1.b.example"}, {"mta1", "x"}, {-1, -1}},
        {"the whole name first", {"mta1.a.example", "mta1"}, {"mta1", "mta1.a.example"}, {1, 0}},
        {"two domains are two hosts", {"mta1.a.example", "x"}, {"mta1.b.example", "y"}, {-1, -1}},
        {"one host twice", {"mta1", "mta1"}, {"mta1", "mta1"}, {0, 1}},
        {"one host twice and once", {"mta1", "mta1"}, {"mta1", "mta2"}, {0, -1}},
    };
    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const char *names[2][MAX];
        size_t n[2] = {0, 0}, pairs[MAX];
        md_test_case(i, cases[i].says);
        for (size_t side = 0; side < 2; side++) {
            const char *const *given = side == 0 ? cases[i].before : cases[i].after;
            for (; n[side] < MAX && given[n[side]] != NULL; n[side]++) {
                names[side][n[side]] = given[n[side]][0] == '-' ? NULL : given[n[side]];
            }
        }
        md_pair_hosts(names[0], n[0], names[1], n[1], pairs);
        for (size_t k = 0; k < n[0]; k++) {
            md_want_int("partner", pairs[k] == MD_NO_PARTNER ? -1 : (int)pairs[k], cases[i].want[k]);
            md_want_true(pairs[k] == MD_NO_PARTNER || md_pair_has(pairs, n[0], pairs[k]));
        }
        md_want_true(!md_pair_has(pairs, n[0], MAX));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(hosts_are_paired_by_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
