/* What a host tells beside its configuration, in the tree that checks look at. */
#include "tests/unit/probes/probe_fixture.h"

#include "probes/msgserver/check_model.h"

static const struct md_origin origin = {.kind = MD_ORIGIN_LISTING, .name = "a listing"};

static void note_a_probe(struct md_probe_test *t)
{
    md_facts_note_probe(t->facts, &(struct md_probe_note){.name = "msgserver.queue", .cost = "free"});
}

static void facts_of_a_run_are_told(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, 0);
    struct md_instance *host = md_facts_root(t.facts);
    struct md_instance *channel = md_facts_instance(t.facts, "channel", MD_LIT("tcp_local"), host);
    struct md_instance *slow = md_facts_instance(t.facts, "destination", MD_LIT("slow.example"), channel);
    struct md_instance *quick = md_facts_instance(t.facts, "destination", MD_LIT("quick.example"), channel);
    const struct md_count_item users[] = {{.name = MD_LIT("a"), .count = 2}, {.name = MD_LIT("b"), .count = 1}};
    const struct md_node *facts, *destinations;

    md_fact_count(t.facts, host, "host.cpus", 8, &origin);
    md_fact_counts(t.facts, host, "host.auth_users", users, 2, 0, true, &origin);
    md_fact_unknown(t.facts, host, "host.fd_limit_lines", "no log was read");
    md_fact_count(t.facts, channel, "channel.files", 900, &origin);
    md_fact_count(t.facts, channel, "channel.arrived_1h", 40, &origin);
    md_fact_count(t.facts, slow, "destination.files", 720, &origin);
    md_fact_number(t.facts, slow, "destination.share", 0.8, &origin);
    md_fact_duration(t.facts, slow, "destination.oldest_s", 90000.5, &origin);
    md_fact_bool(t.facts, slow, "destination.routed", true, &origin);
    md_fact_count(t.facts, quick, "destination.files", 3, &origin);
    md_fake_add(t.source, MD_ITEM_OPTION_DAT, "option.dat", "HELD_SNDOPR=1\n");
    note_a_probe(&t);
    facts = md_node_get(md_check_model_build(&t.ctx), "facts");
    md_want_str("processors", md_node_text(facts, "cpus"), "8");
    md_want_str("users", md_node_text(facts, "users"), "2");
    md_want_true(md_node_get(facts, "descriptor_lines") == NULL); /* what is not known is not there */
    md_want_str("files", md_node_path(facts, "queue_files/tcp_local")->text, "900");
    md_want_str("arrivals", md_node_path(facts, "arrived_1h/tcp_local")->text, "40");
    destinations = md_node_get(facts, "destinations");
    md_want_int("those with a backlog", destinations->count, 1);
    md_want_str("name", md_node_text(destinations->first, "name"), "slow.example");
    md_want_str("channel", md_node_text(destinations->first, "channel"), "tcp_local");
    md_want_str("share", md_node_text(destinations->first, "share_pct"), "80");
    md_want_str("age", md_node_text(destinations->first, "oldest_s"), "90000");
    md_want_str("routed", md_node_text(destinations->first, "is_routed"), "true");
    md_probe_test_end(&t);
}

static void without_probes_there_are_no_facts(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, 0);

    md_fake_add(t.source, MD_ITEM_OPTION_DAT, "option.dat", "HELD_SNDOPR=1\n");
    md_want_true(md_node_get(md_check_model_build(&t.ctx), "facts") == NULL);
    md_probe_test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(facts_of_a_run_are_told),
        MD_TEST(without_probes_there_are_no_facts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
