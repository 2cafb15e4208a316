#include "tests/unit/md_test.h"

#include "probes/site.h"

static void reads_what_a_site_says(void **state)
{
    static const char text[] = "ordinary: { tcp_local: 2000, IMS-MS: 300 }\n"
                               "slow_destinations: [slow.example, away.example]\n"
                               "own_domains:\n"
                               "  - example.com\n"
                               "keep: [mail1.example.com]\n"
                               "accept:\n"
                               "  - { id: x, because: y }\n";
    struct md_diags *diags = md_diags_new(*state);
    const struct md_site *site = NULL;

    md_want_int("status", md_site_read(*state, "site.yaml", md_str(text), diags, &site), MD_OK);
    md_want_int("no problem", md_diags_count(diags), 0);
    md_want_int("a number", md_site_find(&site->ordinary, MD_LIT("tcp_local"))->count, 2000);
    md_want_int("letter case does not matter", md_site_find(&site->ordinary, MD_LIT("ims-ms"))->count, 300);
    md_want_true(md_site_find(&site->ordinary, MD_LIT("tcp_intranet")) == NULL);
    md_want_int("slow ones", site->slow_destinations.n, 2);
    md_want_true(md_site_find(&site->slow_destinations, MD_LIT("AWAY.example")) != NULL);
    md_want_int("their line", site->slow_destinations.loc.line, 2);
    md_want_int("a domain's own line", site->own_domains.items[0].loc.line, 4);
    md_want_str("kept", site->keep.items[0].name, "mail1.example.com");
    md_want_int("accepted", site->accept->count, 1);
}

static void says_what_is_wrong_and_where(void **state)
{
    static const struct {
        const char *says, *text;
        enum md_status want;
        uint32_t line; /* of the problem; 0: there is none */
        const char *what;
        size_t n_ordinary, n_slow;
    } cases[] = {
        {"nothing at all", "", MD_OK, 0, "", 0, 0},
        {"comments alone", "# later\n", MD_OK, 0, "", 0, 0},
        {"keys without a value", "ordinary:\nslow_destinations:\naccept:\n", MD_OK, 0, "", 0, 0},
        {"a key that is none", "keep: []\nordinery: { a: 1 }\n", MD_OK, 2, "there is no key ordinery", 0, 0},
        {"a list of numbers by channel", "ordinary: [1, 2]\n", MD_OK, 1, "number of messages for each channel", 0, 0},
        {"no number; the others count", "ordinary:\n  a: many\n  b: 5\n", MD_OK, 2, "a must be a number", 1, 0},
        {"a number below nothing", "ordinary: { a: -5 }\n", MD_OK, 1, "a must be a number", 0, 0},
        {"one name where a list must be", "slow_destinations: slow.example\n", MD_OK, 1, "must be a list of names", 0,
         0},
        {"a map among names; the others count", "slow_destinations:\n- a.example\n- { b: c }\n", MD_OK, 3,
         "this is none", 0, 1},
        {"a name given twice", "slow_destinations:\n- a.example\n- A.example\n", MD_OK, 3, "given twice", 0, 1},
        {"accepted by name alone", "accept: [dns.resolver-broken]\n", MD_OK, 1, "must have `id` and `because`", 0, 0},
        {"accept is no list", "accept: { id: x }\n", MD_OK, 1, "must be a list of entries", 0, 0},
        {"no map", "- ordinary\n", MD_BAD_INPUT, 1, "a site file is a map", 0, 0},
        {"no YAML", "ordinary: { a: 1\n", MD_BAD_INPUT, 2, "", 0, 0},
        {"hostile bytes", "own_domains: [\"\\x1b[31m\"]\n\x01: 1\n", MD_BAD_INPUT, 2, "", 0, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_diags *diags = md_diags_new(*state);
        const struct md_site *site = NULL;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_site_read(*state, "site.yaml", md_str(cases[i].text), diags, &site), cases[i].want);
        md_want_int("problems", md_diags_count(diags), cases[i].line > 0);
        if (cases[i].line > 0) {
            const struct md_diag *problem = md_diags_at(diags, 0);

            md_want_cstr("file", problem->loc.file, "site.yaml");
            md_want_int("line", problem->loc.line, cases[i].line);
            md_want_true(md_str_find(md_str(problem->what), md_str(cases[i].what)) >= 0);
        }
        if (cases[i].want != MD_OK)
            continue;
        md_want_int("ordinary", site->ordinary.n, cases[i].n_ordinary);
        md_want_int("slow", site->slow_destinations.n, cases[i].n_slow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_what_a_site_says), MD_TEST(says_what_is_wrong_and_where)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
