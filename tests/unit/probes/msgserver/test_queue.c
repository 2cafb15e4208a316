#include "tests/unit/probes/probe_fixture.h"

#include "probes/msgserver/census.h"
#include "probes/msgserver/channel_kind.h"
#include "probes/msgserver/queue_ages.h"

extern const struct md_probe md_probe_msgserver_queue;

#define AT INT64_C(1795507920)
#define NOW (AT * MD_SECOND)

static const char tsv[] = "tcp_local/001/ZZf0aaaaaaaaa.00\t100\t1795507860\n"
                          "tcp_local/001/ZZf0bbbbbbbbb.00\t100\t1795500000\n"
                          "tcp_local/002/ZXf0ccccccccc.00\t100\t1795500000\n"
                          "hold/ZZf0ddddddddd.HELD\t700\t1795400000\n"
                          "ims-ms/spool/ZZf0eeeeeeeee.data-failed\t9000\t1795400000\n";

static struct md_item *add_listing(struct md_probe_test *t, const char *name, const char *root, const char *text)
{
    struct md_item *item = md_fake_add(t->source, MD_ITEM_LISTING, name, text);

    item->root = root;
    item->is_complete = true;
    return item;
}

static void done(struct md_probe_test *t)
{
    md_census_free(&t->world->census);
    md_probe_test_end(t);
}

static void sets_the_facts_of_a_listing(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    const struct md_fact *fact;

    add_listing(&t, "listings/queue.tsv", "/opt/SUNWmsgsr/data/queue", tsv);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_queue), MD_OK);
    md_want_fact_count(&t, NULL, "host.queue_files", 4);
    md_want_fact_count(&t, NULL, "host.queue_untried", 2);
    md_want_fact_count(&t, NULL, "host.queue_held", 0);
    md_want_fact_count(&t, NULL, "host.spool_leftovers", 1);
    md_want_fact_count(&t, NULL, "host.spool_leftover_bytes", 9000);
    md_want_fact_bool(&t, NULL, "host.queue_is_complete", true);
    md_want_fact_text(&t, "tcp_local", "channel.kind", "smtp");
    md_want_fact_count(&t, "tcp_local", "channel.files", 3);
    md_want_fact_count(&t, "tcp_local", "channel.untried_over_30min", 1);
    md_want_fact_count(&t, "tcp_local", "channel.untried_over_4h", 0);
    md_want_fact_number(&t, "tcp_local", "channel.oldest_untried_s", 7920);
    md_want_fact_number(&t, "tcp_local", "channel.newest_s", 60);
    md_want_fact_number(&t, "tcp_local", "channel.attempts_mean", 2);
    md_want_fact_count(&t, "tcp_local", "channel.overdue", 0);
    md_want_fact_unknown(&t, "tcp_local", "channel.files_over_last_notice");
    md_want_fact_count(&t, "hold", "channel.held", 1);
    md_want_fact_unknown(&t, "hold", "channel.oldest_s");
    md_want_fact_count(&t, "ims-ms", "channel.files", 0);
    fact = MD_KNOWN(&t, "tcp_local", "channel.files");
    md_want_int("origin", fact->origins[0].kind, MD_ORIGIN_LISTING);
    md_want_cstr("named", fact->origins[0].name, "listings/queue.tsv");
    md_want_true(!fact->has_bounds);

    md_test_case(0, "of a tried file only the last attempt is seen, so the oldest age has bounds");
    fact = MD_KNOWN(&t, "tcp_local", "channel.oldest_s");
    md_want_double("guess", fact->value.u.number, 7920 + 3600, 1);
    md_want_double("at least", fact->low, 7920, 1);
    md_want_true(fact->has_bounds && fact->high > fact->value.u.number);
    done(&t);
}

static void gives_lower_bounds_of_an_incomplete_walk(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    const struct md_fact *fact;

    add_listing(&t, "ls.txt", "/q/queue", "tcp_local/001/ZZf0aaaaaaaaa.00\t100\t1795507860\nnonsense here\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_queue), MD_OK);
    md_want_fact_bool(&t, NULL, "host.queue_is_complete", false);
    fact = MD_KNOWN(&t, NULL, "host.queue_files");
    md_want_true(fact->has_bounds);
    md_want_double("low", fact->low, 1, 0);
    done(&t);
}

static const char ls[] = "/var/opt/SUNWmsgsr/queue:\ntotal 2\ndrwxrwx--- 2 m m 512 Nov 12 00:12 reprocess\ndrwxrwx--- "
                         "2 m m 512 Nov 12 00:12 l\n\n"
                         "/var/opt/SUNWmsgsr/queue/l:\ntotal 2\n-rw-rw---- 1 m m 77 Nov 12 00:12 ZZf0fffffffff.00\n";

/* Which listings of a source count. */
static const struct {
    const char *says;
    struct {
        const char *name, *root, *text;
    } listings[3];
    uint64_t files;
    bool is_complete;
    const char *channel; /* one that must be there, or NULL */
    uint64_t channel_files;
} choices[] = {
    {"two listings of one root count once", {{"a", "/q/queue", tsv}, {"b", "/q/queue", tsv}}, 4, true, "tcp_local", 3},
    {"the same queue under another path counts once",
     {{"a", "/opt/x/data/queue", tsv}, {"b", "/var/opt/x/queue", ls}},
     4,
     true,
     "hold",
     1},
    {"a listing of another thing is no queue",
     {{"a", "/opt/x/log", "mail.log\t1\t2\n"}, {"b", "/q/queue", ls}},
     1,
     true,
     "l",
     1},
    {"an empty channel is there", {{"a", NULL, ls}}, 1, true, "reprocess", 0},
    {"a folder above the queue",
     {{"a", "/opt/x", "log/imta\t1\t2\nqueue/l/ZZf0fffffffff.00\t1\t1795507860\n"}},
     1,
     true,
     "l",
     1},
    {"a root of another name is known by its names",
     {{"a", "/mail/spool", "tcp_local/001/ZZf0aaaaaaaaa.00\t1\t1795507860\ncore\t1\t1795507860\n"}},
     1,
     true,
     "tcp_local",
     1},
    {"a listing for each channel, all counted",
     {{"a", "/q/queue/tcp_local", "001/ZZf0aaaaaaaaa.00\t1\t1795507860\n"},
      {"b", "/q/queue/ims-ms", "ZZf0bbbbbbbbb.00\t1\t1795507860\n"}},
     2,
     false,
     "ims-ms",
     1},
    {"a root that is too deep, because the first files were of one channel",
     {{"a", "/q/queue/tcp_local",
       "1795507860.0 10 /q/queue/tcp_local/001/ZZf0aaaaaaaaa.00\n1795507860.0 10 /q/queue/ims-ms/ZZf0bbbbbbbbb.00\n"}},
     2,
     true,
     "ims-ms",
     1},
    {"one numbered folder of a channel",
     {{"a", "/q/queue/tcp_local/003", "ZZf0aaaaaaaaa.00\t1\t1795507860\n"}},
     1,
     false,
     "tcp_local",
     1},
    {"bare names of a channel that the item is called after",
     {{"ls-tcp_local.txt", NULL, "ZZf0aaaaaaaaa.00\t1\t1795507860\n"}},
     1,
     false,
     "tcp_local",
     1},
    {"a channel already seen whole is not counted again",
     {{"a", "/q/queue", tsv}, {"b", "/q/queue/tcp_local", "001/ZZf0aaaaaaaaa.00\t1\t1795507860\n"}},
     4,
     true,
     "tcp_local",
     3},
    {"what a bundle lists of its own files is no queue",
     {{"listings/files.tsv", "/", "q/queue/l/ZZf0fffffffff.00\t1\t2\n"}, {"b", "/q/queue", tsv}},
     4,
     true,
     "tcp_local",
     3},
};

static void chooses_among_listings(void **state)
{
    for (size_t i = 0; i < MD_ROWS(choices); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, choices[i].says);
        for (size_t k = 0; k < MD_ROWS(choices[i].listings) && choices[i].listings[k].name != NULL; k++) {
            struct md_item *item =
                add_listing(&t, choices[i].listings[k].name, choices[i].listings[k].root, choices[i].listings[k].text);

            if (md_str_find_char(md_str(item->name), '/') > 0)
                item->base = "files.tsv";
        }
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_queue), MD_OK);
        md_want_fact_count(&t, NULL, "host.queue_files", choices[i].files);
        md_want_fact_bool(&t, NULL, "host.queue_is_complete", choices[i].is_complete);
        md_want_fact_count(&t, choices[i].channel, "channel.files", choices[i].channel_files);
        done(&t);
    }
}

static void learns_submissions_from_the_log(void **state)
{
    static const struct {
        const char *says;
        int64_t submitted; /* of the tried file, seconds before now; 0: the log does not know it */
        double want;
        bool has_bounds;
    } cases[] = {
        {"a submission in the log is exact", 40000, 40000, false},
        {"even if it is younger than was guessed", 9000, 9000, false},
        {"without it the guess stays", 0, 7920 + 3600, true},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        const struct md_item *log = md_fake_add(t.source, MD_ITEM_MAIL_LOG, "mail.log_current", "");
        const struct md_fact *fact;

        md_test_case(i, cases[i].says);
        add_listing(&t, "queue.tsv", "/q/queue", tsv);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_queue), MD_OK);
        if (cases[i].submitted != 0)
            md_census_find(t.world->census, MD_LIT("tcp_local"), MD_LIT("f0ccccccccc"))->submitted =
                NOW - cases[i].submitted * MD_SECOND;
        md_queue_set_ages_by_log(&t.ctx, log);
        fact = MD_KNOWN(&t, "tcp_local", "channel.oldest_s");
        md_want_double("oldest", fact->value.u.number, cases[i].want, 1);
        md_want_int("bounds", fact->has_bounds, cases[i].has_bounds);
        done(&t);
    }
}

static void walks_a_tree(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add_folder(t.source, "tcp_local");
    md_fake_add_folder(t.source, "tcp_local/001");
    md_fake_add_entry(t.source, "tcp_local/001/ZZf0aaaaaaaaa.00", 10, NOW - MD_HOUR);
    md_fake_add_entry(t.source, "tcp_local/001/junk", 10, NOW - MD_HOUR);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_queue), MD_OK);
    md_want_fact_count(&t, "tcp_local", "channel.files", 1);
    md_want_fact_count(&t, NULL, "host.queue_foreign", 1);
    done(&t);
}

static void knows_nothing_without_a_queue(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_facts_instance(t.facts, "channel", MD_LIT("tcp_x"), md_facts_root(t.facts));
    add_listing(&t, "log.txt", "/opt/x/log", "mail.log\t1\t2\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_queue), MD_NOT_FOUND);
    md_want_fact_unknown(&t, NULL, "host.queue_files");
    md_want_fact_text(&t, "tcp_x", "channel.kind", "smtp");
    done(&t);
}

static void names_without_times_have_no_ages(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    add_listing(&t, "find.txt", "/q/queue", "/q/queue\n/q/queue/l\n/q/queue/l/ZZf0fffffffff.00\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_queue), MD_OK);
    md_want_fact_count(&t, "l", "channel.untried", 1);
    md_want_fact_unknown(&t, "l", "channel.untried_over_30min");
    md_want_fact_unknown(&t, "l", "channel.oldest_untried_s");
    done(&t);
}

static void names_kinds(void **state)
{
    static const struct {
        const char *channel, *kind;
    } cases[] = {{"ims-ms", "store"},       {"ims-ms2", "store"},   {"tcp_local", "smtp"},
                 {"tcp_lmtpcs", "lmtp"},    {"process", "process"}, {"reprocess_x", "process"},
                 {"conversion", "process"}, {"hold", "hold"},       {"l", "local"},
                 {"sms", "other"}};
    (void)state;

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].channel);
        md_want_cstr("kind", md_channel_kind(NULL, md_str(cases[i].channel)), cases[i].kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(sets_the_facts_of_a_listing),      MD_TEST(gives_lower_bounds_of_an_incomplete_walk),
        MD_TEST(chooses_among_listings),           MD_TEST(walks_a_tree),
        MD_TEST(learns_submissions_from_the_log),  MD_TEST(knows_nothing_without_a_queue),
        MD_TEST(names_without_times_have_no_ages), MD_TEST(names_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
