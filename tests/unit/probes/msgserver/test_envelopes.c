#include "tests/unit/probes/probe_fixture.h"

#include "probes/msgserver/envelope_tally.h"

extern const struct md_probe md_probe_msgserver_envelopes;

#define NOW (INT64_C(1795507920) * MD_SECOND)
#define B "Boundary_(ID_aBcDeFgHiJkLmNoPqRsTuV)\n"
#define PING "Received: from b.example.com by mail1.example.com; Tue\n"
#define PONG "Received: from mail1.example.com by b.example.com; Tue\n"

static const char over_quota[] =
    "m;a@example.com\nf;bob@example.org\nbob@ims-ms-daemon\n" B "Received: from x by y\n\nbody\n" B
    "Fri, 07 Sep 2007 13:30:27 +0200 (CEST)\nims-ms\nOver quota\n\n"
    "Fri, 07 Sep 2007 14:30:27 +0200 (CEST)\nims-ms\nOver quota\n";
static const char bounce[] = "m;\nf;ann@example.org\nann@ims-ms-daemon\n" B "\n" B;
static const char looping[] =
    "m;a@example.com\nbob@Loop.Example\n" B PING PONG PING PONG PING PONG PING PONG "\nbody\n" B;

static struct md_item *add(struct md_probe_test *t, const char *path, const char *text)
{
    struct md_item *item = md_fake_add(t->source, MD_ITEM_QUEUE_FILE, path + 1, text);

    item->path = path;
    return item;
}

static void counts_a_sample(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    const struct md_fact *fact;

    t.world->host = MD_LIT("mail1");
    add(&t, "/opt/SUNWmsgsr/data/queue/ims-ms/001/ZXf0aaaaaaaaa.00", over_quota);
    add(&t, "/opt/SUNWmsgsr/data/queue/ims-ms/002/ZZf0bbbbbbbbb.00", bounce);
    add(&t, "/opt/SUNWmsgsr/data/queue/tcp_local/ZZf0ccccccccc.HELD", looping);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_envelopes), MD_OK);

    md_want_fact_count(&t, "ims-ms", "channel.sampled", 2);
    md_want_fact_number(&t, "ims-ms", "channel.sample_empty_sender_share", 0.5);
    fact = MD_KNOWN(&t, "ims-ms", "channel.sample_empty_sender_share");
    md_want_true(fact->has_bounds && fact->low > 0 && fact->high < 1);
    fact = MD_KNOWN(&t, "ims-ms", "channel.sample_domains");
    md_want_str("domain", fact->value.u.counts.items[0].name, "example.org");
    md_want_int("twice", fact->value.u.counts.items[0].count, 2);
    fact = MD_KNOWN(&t, "ims-ms", "channel.history");
    md_want_str("class", fact->value.u.counts.items[0].name, "over-quota");
    md_want_int("attempts", fact->value.u.counts.total, 2);
    md_want_fact_count(&t, "ims-ms", "channel.held_sampled", 0);
    md_want_fact_unknown(&t, "ims-ms", "channel.held_received");

    md_want_fact_count(&t, "tcp_local", "channel.held_sampled", 1);
    md_want_fact_number(&t, "tcp_local", "channel.held_received", 8);
    md_want_fact_number(&t, "tcp_local", "channel.held_received_own", 4);
    md_want_fact_bool(&t, "tcp_local", "channel.held_hosts_alternate", true);
    md_want_fact_text(&t, "tcp_local", "channel.held_domain_top", "loop.example");
    md_want_fact_count(&t, "tcp_local", "channel.held_recipients_max", 1);
    md_want_int("no complaint", md_diags_count(t.diags), 0);
    md_probe_test_end(&t);
}

static void says_what_it_cannot_use(void **state)
{
    static const struct {
        const char *says, *path, *text;
        const char *what; /* how the problem begins */
    } cases[] = {
        {"a file that breaks off", "/q/queue/l/ZZf0aaaaaaaaa.00", "m;a@example.com\nb\n" B "Subject: x\n\nbo",
         "has no end"},
        {"a file that is none", "/q/queue/l/ZZf0aaaaaaaaa.00", "Subject: x\n\nbody\n", "is no queue file"},
        {"a file that nobody can place", "/tmp/ZZf0aaaaaaaaa.00", bounce, "1 queue files do not say"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, cases[i].says);
        add(&t, cases[i].path, cases[i].text);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_envelopes), MD_OK);
        md_want_int("problems", md_diags_count(t.diags), 1);
        md_want_true(md_str_has_prefix(md_str(md_diags_at(t.diags, 0)->what), md_str(cases[i].what)));
        md_probe_test_end(&t);
    }
}

static void skips_the_middle_of_a_large_file(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    size_t n = 700000;
    char *text = md_arena_alloc(*state, n + 1000), *end = strstr(over_quota, "body\n");
    size_t head = (size_t)(end - over_quota);

    memcpy(text, over_quota, head);
    for (size_t i = head; i < n; i++)
        text[i] = i % 70 == 0 ? '\n' : 'x';
    text[n - 1] = '\n';
    memcpy(text + n, end, strlen(end) + 1);
    add(&t, "/q/queue/ims-ms/ZXf0aaaaaaaaa.00", text);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_envelopes), MD_OK);
    md_want_int("attempts", MD_KNOWN(&t, "ims-ms", "channel.history")->value.u.counts.total, 2);
    md_want_int("no complaint", md_diags_count(t.diags), 0);
    md_probe_test_end(&t);
}

static void tells_hosts_apart(void **state)
{
    (void)state;
    md_want_true(md_envelope_is_same_host(MD_LIT("mail1"), MD_LIT("MAIL1.example.com")));
    md_want_true(md_envelope_is_same_host(MD_LIT("a.example.com"), MD_LIT("A.example.com")));
    md_want_true(!md_envelope_is_same_host(MD_LIT("a.example.com"), MD_LIT("a.example.org")));
    md_want_true(!md_envelope_is_same_host(MD_LIT(""), MD_LIT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(counts_a_sample), MD_TEST(says_what_it_cannot_use),
                                       MD_TEST(skips_the_middle_of_a_large_file), MD_TEST(tells_hosts_apart)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
