/*
 * tests/unit/probes/probe_fixture: a run of probes on a source in memory, with the catalogue as it stands in rules/.
 *
 *   struct md_probe_test t = md_probe_test_new(*state, now);
 *   md_fake_add(t.source, MD_ITEM_IMTA_CNF, "imta.cnf", text);
 *   md_probe_test_run(&t, &md_probe_msgserver_config);
 *   md_want_fact_bool(&t, NULL, "host.config_seen", true);
 *
 * The source and what the probes left on the heap are freed by md_probe_test_end; where a check fails before it, they
 * leak, which the failure excuses.
 */
#ifndef TESTS_UNIT_PROBES_PROBE_FIXTURE_H
#define TESTS_UNIT_PROBES_PROBE_FIXTURE_H

#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "engine/embedded.h"
#include "probes/msgserver/world.h"
#include "probes/probe.h"
#include "probes/source/fake.h"

struct md_probe_test {
    struct md_source *source;
    struct md_diags *diags;
    struct md_facts *facts;
    struct md_msgserver_world *world;
    struct md_probe_ctx ctx;
};

static inline struct md_probe_test md_probe_test_new(struct md_arena *arena, int64_t now)
{
    struct md_probe_test t = {.diags = md_diags_new(arena)};
    const struct md_catalogue *catalogue = NULL;

    struct md_rule_file *files = md_arena_array(arena, md_embedded_rules_count, sizeof *files);

    for (size_t i = 0; i < md_embedded_rules_count; i++)
        files[i] = (struct md_rule_file){.path = md_embedded_rules[i].path,
                                         .text = md_str_n(md_embedded_rules[i].text, md_embedded_rules[i].size)};
    if (md_catalogue_read_base(arena, files, md_embedded_rules_count, t.diags, &catalogue) != MD_OK)
        fail_msg("the catalogue of facts does not load");
    assert_non_null(catalogue);
    t.source = md_fake_new(t.diags, now);
    t.facts = md_facts_new(arena, catalogue);
    md_facts_set_now(t.facts, now);
    t.world = md_arena_alloc(arena, sizeof *t.world);
    t.ctx = (struct md_probe_ctx){.source = t.source,
                                  .facts = t.facts,
                                  .diags = t.diags,
                                  .arena = arena,
                                  .now = now,
                                  .zone = md_zone_utc(),
                                  .since_s = 86400,
                                  .msgserver = t.world};
    return t;
}

static inline enum md_status md_probe_test_run(struct md_probe_test *t, const struct md_probe *probe)
{
    return probe->run(&t->ctx);
}

static inline void md_probe_test_end(struct md_probe_test *t)
{
    md_probes_end(&t->ctx);
    md_source_free(&t->source);
}

/* The fact of the host, or of the channel of this name; NULL where it was never set. */
static inline const struct md_fact *md_probe_test_fact(struct md_probe_test *t, const char *channel, const char *name)
{
    struct md_instance *at = md_facts_root(t->facts);

    if (channel != NULL)
        at = md_facts_instance(t->facts, "channel", md_str(channel), at);
    return md_fact_by_name(t->facts, at, name);
}

static inline const struct md_fact *md_probe_test_known(struct md_probe_test *t, const char *channel, const char *name,
                                                        const char *file, int line)
{
    const struct md_fact *fact = md_probe_test_fact(t, channel, name);

    if (fact == NULL || !fact->is_known)
        MD_TEST_FAIL_AT(file, line, "%s of %s is not known: %s", name, channel != NULL ? channel : "the host",
                        fact == NULL ? "never set" : fact->why);
    return fact;
}

#define MD_KNOWN(t, channel, name) md_probe_test_known((t), (channel), (name), __FILE__, __LINE__)
#define md_want_fact_bool(t, channel, name, want) md_want_int(name, MD_KNOWN(t, channel, name)->value.u.b, want)
#define md_want_fact_count(t, channel, name, want) md_want_int(name, MD_KNOWN(t, channel, name)->value.u.count, want)
#define md_want_fact_number(t, channel, name, want)                                                                    \
    md_want_double(name, MD_KNOWN(t, channel, name)->value.u.number, want, 1e-6)
#define md_want_fact_text(t, channel, name, want) md_want_str(name, MD_KNOWN(t, channel, name)->value.u.text, want)
#define md_want_fact_unknown(t, channel, name)                                                                         \
    md_want_true(md_probe_test_fact(t, channel, name) == NULL || !md_probe_test_fact(t, channel, name)->is_known)

#endif
