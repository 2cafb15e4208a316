#include "tests/unit/probes/fact_shown.h"

#include "probes/system/dns_book.h"

extern const struct md_probe md_probe_system_dns;

#define NOW (INT64_C(1795507920) * MD_SECOND)

/* A destination of tcp_local with queued files or deliveries. */
static void destination(struct md_probe_test *t, const char *name, uint64_t files, uint64_t delivered)
{
    struct md_instance *channel = md_facts_instance(t->facts, "channel", MD_LIT("tcp_local"), md_facts_root(t->facts));
    struct md_instance *at = md_facts_instance(t->facts, "destination", md_str(name), channel);

    md_fact_text(t->facts, channel, "channel.kind", MD_LIT("smtp"), NULL);
    md_fact_count(t->facts, at, "destination.files", files, NULL);
    md_fact_count(t->facts, at, "destination.delivered", delivered, NULL);
}

#define D(name) "tcp_local/destination/" name

static void says_what_dns_says_of_a_destination(void **state)
{
    static const struct md_shown_row rows[] = {
        {D("good.example"), "destination.mx", "ok"},
        {D("good.example"), "destination.mx_hosts", "2"},
        {D("good.example"), "destination.mx_is_self", "false"},
        {D("good.example"), "destination.best_mx_dead", "?"},
        {D("gone.example"), "destination.mx", "nxdomain"},
        {D("null.example"), "destination.mx", "null-mx"},
        {D("bare.example"), "destination.mx", "implicit"},
        {D("empty.example"), "destination.mx", "nodata"},
        {D("silent.example"), "destination.mx", "failed"},
        {D("dead.example"), "destination.mx", "unusable"},
        {D("ours.example"), "destination.mx_is_self", "true"},
        {D("loop.example"), "destination.mx_is_private", "true"},
        {D("address.example"), "destination.mx_bad_form", "true"},
        {D("alias.example"), "destination.mx_bad_form", "true"},
        {D("unasked.example"), "destination.mx", "?"},
        {NULL, "host.dns_controls", "ok=1 failed=0 nonexistent=0"},
        {NULL, "host.dns_controls_failed_share", "0"},
        {NULL, "host.dns_resolvers", "1"},
        {NULL, "host.dns_resolvers_dead", "0"},
        {NULL, "host.dns_search_trap", "false"},
        {"channel/hold", "channel.held_domain_is_ours", "true"},
    };
    static const char *const names[] = {"good.example",  "gone.example",    "null.example",  "bare.example",
                                        "empty.example", "silent.example",  "dead.example",  "ours.example",
                                        "loop.example",  "address.example", "alias.example", "unasked.example"};
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_instance *hold;

    t.world->host = MD_LIT("mail1.example.com");
    for (size_t i = 0; i < MD_ROWS(names); i++)
        destination(&t, names[i], 10, 0);
    destination(&t, "took.example", 0, 50);
    hold = md_facts_instance(t.facts, "channel", MD_LIT("hold"), md_facts_root(t.facts));
    md_fact_text(t.facts, hold, "channel.held_domain_top", MD_LIT("ours.example"), NULL);
    md_fake_add(t.source, MD_ITEM_RESOLV_CONF, "etc/resolv.conf", "nameserver 192.0.2.53\n");
#define ANSWER(name, type, status, data)                                                                               \
    md_fake_add_answer(t.source, name, MD_DNS_##type, MD_DNS_##status, data, "192.0.2.53")
    ANSWER("took.example", MX, NOERROR, "mx.took.example");
    ANSWER("good.example", MX, NOERROR, "mx1.good.example mx2.good.example");
    ANSWER("mx1.good.example", A, NOERROR, "198.51.100.1");
    ANSWER("mx2.good.example", A, NOERROR, "198.51.100.2");
    ANSWER("gone.example", MX, NXDOMAIN, "");
    ANSWER("null.example", MX, NOERROR, ".");
    ANSWER("bare.example", MX, NOERROR, "");
    ANSWER("bare.example", A, NOERROR, "198.51.100.3");
    ANSWER("empty.example", MX, NOERROR, "");
    ANSWER("empty.example", A, NOERROR, "");
    ANSWER("silent.example", MX, SERVFAIL, "");
    ANSWER("dead.example", MX, NOERROR, "mx.dead.example");
    ANSWER("mx.dead.example", A, NXDOMAIN, "");
    ANSWER("ours.example", MX, NOERROR, "Mail1.Example.COM.");
    ANSWER("loop.example", MX, NOERROR, "mx.loop.example");
    ANSWER("mx.loop.example", A, NOERROR, "127.0.0.1");
    ANSWER("address.example", MX, NOERROR, "192.0.2.7");
    ANSWER("alias.example", MX, NOERROR, "mx.alias.example");
    ANSWER("mx.alias.example", CNAME, NOERROR, "other.example");
#undef ANSWER
    md_want_int("status", md_probe_test_run(&t, &md_probe_system_dns), MD_OK);
    md_want_shown(&t, rows);
    md_want_cstr("origin", md_shown_origin(&t, D("gone.example"), "destination.mx"), "gone.example MX:0");
    md_probe_test_end(&t);
}

static void tells_their_dns_from_our_resolver(void **state)
{
    static const struct {
        const char *says;
        enum md_dns_status first_stuck, first_control, second; /* second: what the other resolver says of both */
        struct md_shown_row rows[5];
    } cases[] = {
        {"theirs",
         MD_DNS_SERVFAIL,
         MD_DNS_NOERROR,
         MD_DNS_NOT_ASKED,
         {{NULL, "host.dns_controls_failed_share", "0"},
          {NULL, "host.dns_stuck_failed_share", "1"},
          {NULL, "host.dns_resolvers_dead", "0"},
          {NULL, "host.dns_first_dead", "false"},
          {D("stuck.example"), "destination.resolves_on_some_only", "false"}}},
        {"ours, all of them",
         MD_DNS_TIMEOUT,
         MD_DNS_TIMEOUT,
         MD_DNS_TIMEOUT,
         {{NULL, "host.dns_controls_failed_share", "1"},
          {NULL, "host.dns_stuck_failed_share", "1"},
          {NULL, "host.dns_resolvers_dead", "2"},
          {NULL, "host.dns_first_dead", "false"},
          {D("stuck.example"), "destination.mx", "failed"}}},
        {"ours, the first one",
         MD_DNS_TIMEOUT,
         MD_DNS_TIMEOUT,
         MD_DNS_NOERROR,
         {{NULL, "host.dns_controls_failed_share", "0"},
          {NULL, "host.dns_stuck_failed_share", "0"},
          {NULL, "host.dns_resolvers_dead", "1"},
          {NULL, "host.dns_first_dead", "true"},
          {D("stuck.example"), "destination.resolves_on_some_only", "true"}}},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        static const char *const names[] = {"stuck.example", "took.example"};

        md_test_case(i, cases[i].says);
        destination(&t, "stuck.example", 10, 0);
        destination(&t, "took.example", 0, 50);
        md_fake_add(t.source, MD_ITEM_RESOLV_CONF, "etc/resolv.conf", "nameserver 192.0.2.53\nnameserver 192.0.2.54\n");
        for (size_t n = 0; n < 2; n++) {
            enum md_dns_status first = n == 0 ? cases[i].first_stuck : cases[i].first_control;

            md_fake_add_answer(t.source, names[n], MD_DNS_MX, first, first == MD_DNS_NOERROR ? "mx.example" : "",
                               "192.0.2.53");
            if (cases[i].second != MD_DNS_NOT_ASKED)
                md_fake_add_answer(t.source, names[n], MD_DNS_MX, cases[i].second,
                                   cases[i].second == MD_DNS_NOERROR ? "mx.example" : "", "192.0.2.54");
        }
        md_want_int("status", md_probe_test_run(&t, &md_probe_system_dns), MD_OK);
        for (size_t r = 0; r < MD_ROWS(cases[i].rows); r++)
            md_want_cstr(cases[i].rows[r].name, md_shown(&t, cases[i].rows[r].path, cases[i].rows[r].name),
                         cases[i].rows[r].want);
        md_probe_test_end(&t);
    }
}

static void finds_the_trap_of_the_search_list(void **state)
{
    static const struct {
        const char *says, *resolv, *wild;
        const char *want;
    } cases[] = {
        {"a wildcard in the search domain", "nameserver 192.0.2.53\nsearch wild.example\n", "gone.example.wild.example",
         "true"},
        {"no wildcard", "nameserver 192.0.2.53\nsearch wild.example\n", NULL, "false"},
        {"no search list", "nameserver 192.0.2.53\n", NULL, "false"},
        {"nobody asked", "search wild.example\n", "", "?"},
        {"no resolv.conf", NULL, NULL, "?"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, cases[i].says);
        destination(&t, "gone.example", 10, 0);
        if (cases[i].resolv != NULL)
            md_fake_add(t.source, MD_ITEM_RESOLV_CONF, "etc/resolv.conf", cases[i].resolv);
        md_fake_add_answer(t.source, "gone.example", MD_DNS_MX, MD_DNS_NXDOMAIN, "", "192.0.2.53");
        if (cases[i].wild == NULL)
            md_fake_add_answer(t.source, "gone.example.wild.example", MD_DNS_MX, MD_DNS_NXDOMAIN, "", "192.0.2.53");
        else if (cases[i].wild[0] != '\0')
            md_fake_add_answer(t.source, cases[i].wild, MD_DNS_MX, MD_DNS_NOERROR, "mail.wild.example", "192.0.2.53");
        if (md_probe_test_run(&t, &md_probe_system_dns) == MD_OK)
            md_want_cstr("trap", md_shown(&t, NULL, "host.dns_search_trap"), cases[i].want);
        md_probe_test_end(&t);
    }
}

static void takes_pasted_answers(void **state)
{
    static const struct md_shown_row rows[] = {
        {D("gone.example"), "destination.mx", "nxdomain"},
        {NULL, "host.dns_asked", "1"},
        {NULL, "host.dns_slow_ms", "12"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    destination(&t, "gone.example", 10, 0);
    md_fake_add_command(
        t.source, MD_ITEM_DIG, "dig gone.example mx",
        ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n;gone.example. IN MX\n;; Query time: 12 msec\n"
        ";; SERVER: 192.0.2.53#53(192.0.2.53)\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_system_dns), MD_OK);
    md_want_shown(&t, rows);
    md_probe_test_end(&t);
}

static void knows_addresses(void **state)
{
    static const struct {
        const char *text;
        bool is_address, is_private, is_domain;
    } cases[] = {
        {"192.0.2.1", true, false, false},
        {"10.1.5.33", true, true, false},
        {"172.16.0.1", true, true, false},
        {"172.32.0.1", true, false, false},
        {"127.0.0.1", true, true, false},
        {"0.0.0.0", true, true, false},
        {"100.64.0.1", true, true, false},
        {"203.0.113.9", true, false, false},
        {"::1", true, true, false},
        {"2001:db8::25", true, false, false},
        {"fd00::1", true, true, false},
        {"fe80::1", true, true, false},
        {"mx.example", false, false, true},
        {"localhost", false, false, false},
        {"a..b", false, false, false},
        {"", false, false, false},
        {"b\xc3\xbc.example", false, false, false},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].text);
        md_want_int("address", md_dns_is_address(md_str(cases[i].text)), cases[i].is_address);
        md_want_int("private", md_dns_is_address(md_str(cases[i].text)) && md_dns_is_private(md_str(cases[i].text)),
                    cases[i].is_private);
        md_want_int("domain", md_dns_is_domain(md_str(cases[i].text)), cases[i].is_domain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(says_what_dns_says_of_a_destination), MD_TEST(tells_their_dns_from_our_resolver),
        MD_TEST(finds_the_trap_of_the_search_list), MD_TEST(takes_pasted_answers), MD_TEST(knows_addresses)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
