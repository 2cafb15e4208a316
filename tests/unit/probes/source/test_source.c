/* The fake source, and what all sources do alike. */
#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "engine/base/zone.h"
#include "probes/source/fake.h"
#include "probes/source/source.h"

struct seen {
    struct md_arena *arena;
    const char *text;
    size_t stop_after, n;
};

static bool see(void *ctx, const struct md_dir_entry *entry)
{
    struct seen *seen = ctx;

    seen->text = md_arena_printf(seen->arena, "%s%.*s%s;", seen->text, MD_STR_ARG(entry->path),
                                 entry->mtime == MD_TIME_NONE
                                     ? ""
                                     : md_arena_printf(seen->arena, " %s", md_time_rfc3339(seen->arena, entry->mtime)));
    return ++seen->n != seen->stop_after;
}

static void items_are_given_by_kind(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_source *source = md_fake_new(diags, 5 * MD_SECOND);
    const struct md_item *const *items;
    struct md_str text;

    (void)md_fake_add(source, MD_ITEM_IMTA_CNF, "config/imta.cnf", "! x\n");
    (void)md_fake_add_command(source, MD_ITEM_UPTIME, "uptime", "up\n");
    md_want_int("kind", md_source_kind(source), MD_SOURCE_FAKE);
    md_want_int("now", md_source_now(source, NULL), 5 * MD_SECOND);
    md_want_int("one", md_source_items(source, MD_ITEM_IMTA_CNF, &items), 1);
    md_want_cstr("base", items[0]->base, "imta.cnf");
    md_want_int("read", md_source_read_all(source, items[0], *state, 100, &text), MD_OK);
    md_want_str("text", text, "! x\n");
    md_want_int("cut", md_source_read_all(source, items[0], *state, 2, &text), MD_LIMIT);
    md_want_str("what fits", text, "! ");
    md_want_int("exactly", md_source_read_all(source, items[0], *state, 4, &text), MD_OK);
    md_want_int("none", md_source_items(source, MD_ITEM_MAPPINGS, &items), 0);
    md_want_int("all", md_source_inventory(source, &items), 2);
    md_source_free(&source);
    md_want_true(source == NULL);
}

static void walks_trees_and_listings(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_source *source = md_fake_new(diags, MD_TIME_NONE);
    const struct md_item *const *items;
    struct md_item *listing =
        md_fake_add(source, MD_ITEM_LISTING, "ls.txt",
                    "/q/queue:\ntotal 1\n\n/q/queue/l:\n-rw-rw----   1 m m  6210 Nov 24 02:10 ZZf0a1b2Cde34.00\n");
    struct seen seen = {.arena = *state, .text = ""};
    const struct md_zone *zone;

    md_fake_add_folder(source, "l");
    md_fake_add_entry(source, "l/ZZf0a1b2Cde34.00", 12, MD_SECOND);
    md_want_int("one tree", md_source_items(source, MD_ITEM_QUEUE_TREE, &items), 1);
    md_want_int("walk", md_source_walk(source, items[0], diags, see, &seen), MD_OK);
    md_want_cstr("entries", seen.text, "l;l/ZZf0a1b2Cde34.00 1970-01-01T00:00:01Z;");
    seen = (struct seen){.arena = *state, .text = "", .stop_after = 1};
    md_want_int("stopped", md_source_walk(source, items[0], diags, see, &seen), MD_INTERRUPTED);
    md_want_int("after one", seen.n, 1);

    /* Times of a listing are local, in the zone of the run; the year comes from when it was made. */
    listing->root = "/q/queue";
    assert_int_equal(md_time_parse_rfc3339(MD_LIT("2026-11-24T08:12:00Z"), &listing->taken_at, NULL), MD_OK);
    assert_int_equal(md_zone_load(*state, MD_LIT("-05:00"), &zone), MD_OK);
    md_source_set_zone(source, zone);
    seen = (struct seen){.arena = *state, .text = ""};
    md_want_int("walk", md_source_walk(source, listing, diags, see, &seen), MD_OK);
    md_want_true(strstr(seen.text, "l/ZZf0a1b2Cde34.00 2026-11-24T07:10:00Z;") != NULL);
    md_source_free(&source);
}

static void answers_from_what_is_recorded(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_source *source = md_fake_new(diags, MD_TIME_NONE);
    const struct md_dns_query queries[] = {
        {MD_LIT("example.net."), MD_DNS_MX}, {MD_LIT("mx2.example.net"), MD_DNS_A}, {MD_LIT("other"), MD_DNS_MX}};
    const struct md_dns_answer *answers;
    const struct md_str *resolvers;

    md_fake_add_answer(source, "example.net", MD_DNS_MX, MD_DNS_NOERROR, "mx1.example.net. mx2.example.net",
                       "192.0.2.53");
    md_fake_add_answer(source, "MX2.example.net", MD_DNS_A, MD_DNS_NXDOMAIN, "", "192.0.2.53");
    (void)md_fake_add(source, MD_ITEM_RESOLV_CONF, "resolv.conf",
                      "# x\nsearch y\nnameserver 192.0.2.53\nnameserver  fe80::1%eth0 # z\nnameserver nonsense\n");
    md_want_int("two of three", md_source_resolve(source, *state, queries, 3, &answers), 2);
    md_want_int("records", answers[0].n_records, 2);
    md_want_str("in order", answers[0].records[0].data, "mx1.example.net");
    md_want_int("preference", answers[0].records[1].preference, 20);
    md_want_int("status", answers[1].status, MD_DNS_NXDOMAIN);
    md_want_int("resolvers", md_source_resolvers(source, &resolvers), 2);
    md_want_str("the second", resolvers[1], "fe80::1%eth0");
    md_source_free(&source);
}

static void answers_from_pasted_output(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_source *source = md_fake_new(diags, MD_TIME_NONE);
    const struct md_dns_query query = {MD_LIT("example.net"), MD_DNS_MX};
    const struct md_dns_answer *answers;

    (void)md_fake_add(source, MD_ITEM_DIG, "host.txt", "example.net mail is handled by 10 mx.example.net.\n");
    md_want_int("one", md_source_resolve(source, *state, &query, 1, &answers), 1);
    md_want_str("exchange", answers[0].records[0].data, "mx.example.net");
    md_want_cstr("where it stands", answers[0].from, "host.txt");
    md_source_free(&source);
}

static void bad_answers_are_reported(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_source *source = md_fake_new(diags, MD_TIME_NONE);
    const struct md_dns_query query = {MD_LIT("a"), MD_DNS_MX};
    const struct md_dns_answer *answers;

    (void)md_fake_add(
        source, MD_ITEM_DNS_ANSWERS, "1.json",
        "{\"answers\": [ {\"name\": \"a\"}, 3, {\"name\": \"a\", \"type\": \"MX\", \"status\": \"NOTIMP\"} ]}");
    (void)md_fake_add(source, MD_ITEM_DNS_ANSWERS, "2.json", "{\"answers\": 3}");
    (void)md_fake_add(source, MD_ITEM_DNS_ANSWERS, "3.json", "{");
    md_want_int("one", md_source_resolve(source, *state, &query, 1, &answers), 1);
    md_want_int("another status is a failure of the server", answers[0].status, MD_DNS_SERVFAIL);
    md_want_true(md_diags_count(diags) >= 3);
    md_source_free(&source);
}

static void the_nth_call_can_fail(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_source *source = md_fake_new(diags, MD_TIME_NONE);
    struct md_item *item = md_fake_add(source, MD_ITEM_MAIL_LOG, "x", "y\n");
    struct md_str text;

    md_fake_fail(source, 2, MD_IO);
    md_want_int("first", md_source_read_all(source, item, *state, 10, &text), MD_OK);
    md_want_int("second", md_source_read_all(source, item, *state, 10, &text), MD_IO);
    md_want_int("third", md_source_read_all(source, item, *state, 10, &text), MD_OK);
    md_want_int("calls", md_fake_calls(source), 3);
    item->status = MD_NO_ACCESS;
    md_want_int("an item that cannot be read", md_source_read_all(source, item, *state, 10, &text), MD_NO_ACCESS);
    md_fake_open_port(source, 25);
    md_want_int("open", md_source_connect_local(source, 25), MD_OK);
    md_want_int("closed", md_source_connect_local(source, 26), MD_NOT_FOUND);
    md_source_free(&source);
}

static void every_kind_has_its_texts(void **state)
{
    (void)state;
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++) {
        md_want_true(md_item_kind_name((enum md_item_kind)kind)[0] != '\0');
        md_want_true(md_item_kind_says((enum md_item_kind)kind)[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(items_are_given_by_kind),       MD_TEST(walks_trees_and_listings),
                                       MD_TEST(answers_from_what_is_recorded), MD_TEST(answers_from_pasted_output),
                                       MD_TEST(bad_answers_are_reported),      MD_TEST(the_nth_call_can_fail),
                                       MD_TEST(every_kind_has_its_texts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
