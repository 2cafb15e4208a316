#include "tests/unit/probes/fact_shown.h"

#include "probes/msgserver/ordinary.h"
#include "probes/site.h"

#define NOW (INT64_C(1795507920) * MD_SECOND) /* 2026-11-24T08:12:00Z */
#define NONE (-1.0)

static void count(struct md_probe_test *t, struct md_instance *at, const char *name, double value)
{
    if (value >= 0)
        md_fact_count(t->facts, at, name, (uint64_t)value, NULL);
}

static void tells_what_is_ordinary(void **state)
{
    static const struct {
        const char *says;
        const char *site; /* the channel's number, or NULL */
        double files, held, untried, oldest_untried_s, usual, arrived, span_s;
        const char *ordinary, *beyond;
    } cases[] = {
        {"as much as the site says", "300", 300, 0, 200, 60, 10, 100, 86400, "300", "false"},
        {"more than the site says", "300", 301, 0, 200, 60, 1000, 100, 86400, "300", "true"},
        {"the site's word counts for old files, too", "300", 250, 0, 200, 90000, 10, 100, 86400, "300", "false"},
        {"held files are apart", "300", 400, 150, 200, 60, 10, 100, 86400, "300", "false"},
        {"the site says that nothing is", "0", 1, 0, 0, NONE, 10, 100, 86400, "0", "true"},
        {"an hour of arrivals, all fresh", NULL, 900, 0, 900, 1200, 900, NONE, NONE, "900", "false"},
        {"more than an hour of arrivals", NULL, 901, 0, 900, 1200, 900, NONE, NONE, "900", "true"},
        {"few, but one lies there for long", NULL, 10, 0, 10, 1801, 900, NONE, NONE, "900", "true"},
        {"none untried", NULL, 10, 0, 0, NONE, 900, NONE, NONE, "900", "false"},
        {"the average where nobody knows the usual", NULL, 99, 0, 5, 60, NONE, 2400, 86400, "100", "false"},
        {"the average of a short log", NULL, 121, 0, 5, 60, NONE, 240, 7200, "120", "true"},
        {"too short a log", NULL, 99, 0, 5, 60, NONE, 2400, 1800, "?", "?"},
        {"nothing is known of arrivals, but old files are there", NULL, 99, 0, 5, 7200, NONE, NONE, NONE, "?", "true"},
        {"nothing is known of arrivals, but nothing is queued", NULL, 3, 3, 0, NONE, NONE, NONE, NONE, "?", "false"},
        {"ages are not known", NULL, 10, 0, 10, NONE, 900, NONE, NONE, "900", "?"},
        {"the files are not known", NULL, NONE, NONE, NONE, NONE, 900, NONE, NONE, "900", "?"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        struct md_instance *root = md_facts_root(t.facts);
        struct md_instance *at = md_facts_instance(t.facts, "channel", MD_LIT("tcp_local"), root);
        char yaml[100];

        md_test_case(i, cases[i].says);
        snprintf(yaml, sizeof yaml, "# ours\nordinary: { tcp_local: %s }\n",
                 cases[i].site != NULL ? cases[i].site : "9");
        if (cases[i].site != NULL)
            assert_int_equal(md_site_read(*state, "site.yaml", md_str(yaml), t.diags, &t.ctx.site), MD_OK);
        count(&t, at, "channel.files", cases[i].files);
        count(&t, at, "channel.held", cases[i].held);
        count(&t, at, "channel.untried", cases[i].untried);
        count(&t, at, "channel.arrived", cases[i].arrived);
        if (cases[i].oldest_untried_s >= 0)
            md_fact_duration(t.facts, at, "channel.oldest_untried_s", cases[i].oldest_untried_s, NULL);
        if (cases[i].usual >= 0)
            md_fact_number(t.facts, at, "channel.arrivals_usual_1h", cases[i].usual, NULL);
        if (cases[i].span_s >= 0)
            md_fact_duration(t.facts, root, "host.log_span_s", cases[i].span_s, NULL);
        md_ordinary_set(&t.ctx, at);
        md_want_cstr("ordinary", md_shown(&t, "channel/tcp_local", "channel.ordinary"), cases[i].ordinary);
        md_want_cstr("beyond", md_shown(&t, "channel/tcp_local", "channel.beyond_ordinary"), cases[i].beyond);
        if (cases[i].site != NULL)
            md_want_cstr("where", md_shown_origin(&t, "channel/tcp_local", "channel.ordinary"), "site.yaml:2");
        md_probe_test_end(&t);
    }
}

static void numbers_that_are_not_exact(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_instance *at = md_facts_instance(t.facts, "channel", MD_LIT("tcp_local"), md_facts_root(t.facts));

    md_fact_bounds(md_fact_count(t.facts, at, "channel.files", 900, NULL), 800, 1200);
    count(&t, at, "channel.held", 0);
    count(&t, at, "channel.untried", 0);
    md_fact_number(t.facts, at, "channel.arrivals_usual_1h", 1000, NULL);
    md_ordinary_set(&t.ctx, at);
    md_want_cstr("too close to call", md_shown(&t, "channel/tcp_local", "channel.beyond_ordinary"), "?");
    md_probe_test_end(&t);
}

static void names_that_are_no_channels(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_facts_instance(t.facts, "channel", MD_LIT("tcp_local"), md_facts_root(t.facts));
    assert_int_equal(
        md_site_read(*state, "site.yaml", MD_LIT("ordinary:\n  TCP_LOCAL: 5\n  tcp_lokal: 5\n"), t.diags, &t.ctx.site),
        MD_OK);
    md_ordinary_check_names(&t.ctx);
    md_want_int("one", md_diags_count(t.diags), 1);
    md_want_int("its line", md_diags_at(t.diags, 0)->loc.line, 3);
    md_probe_test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(tells_what_is_ordinary), MD_TEST(numbers_that_are_not_exact),
                                       MD_TEST(names_that_are_no_channels)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
