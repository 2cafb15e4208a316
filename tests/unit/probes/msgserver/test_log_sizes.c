#include "tests/unit/probes/probe_fixture.h"

#include "probes/msgserver/log_sizes.h"

#define NOW (INT64_C(1795521600) * MD_SECOND)

static void listing(struct md_probe_test *t, const char *root, const char *text)
{
    struct md_item *item = md_fake_add(t->source, MD_ITEM_LISTING, "log.tsv", text);

    item->root = root;
}

static void a_listing_of_the_log_folder_shows_the_cumulative_log(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_origin origin;
    uint64_t bytes = 0;

    listing(&t, "/var/opt/x/log",
            "mail.log\t5000000000\t1789990000\nmail.log_current\t100\t1789990000\nimta\t7\t1789990000\n");
    md_want_true(md_log_sizes(&t.ctx, &bytes, &origin));
    md_want_int("bytes", bytes, 5000000100);
    md_probe_test_end(&t);
}

static void other_listings_show_none(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_origin origin;
    uint64_t bytes = 0;

    listing(&t, "/var/opt/x/config", "imta.cnf\t500\t1789990000\n");
    listing(&t, "/var/opt/x/queue", "mail.log\t500\t1789990000\n");
    md_want_true(!md_log_sizes(&t.ctx, &bytes, &origin));
    md_probe_test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(a_listing_of_the_log_folder_shows_the_cumulative_log),
        MD_TEST(other_listings_show_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
