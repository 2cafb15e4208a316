/* A rule file of any text: it is loaded, everything it declares is asked, and the sandbox must hold. */
#include <stdint.h>

#include "engine/base/time.h"
#include "engine/rules.h"

static const char catalogue_text[] = "scopes: { house: {}, shelf: { parent: house } }\n"
                                     "facts:\n"
                                     "- { name: house.people, type: count, means: people, probe: p }\n"
                                     "- { name: shelf.load, type: number, means: load, probe: p }\n"
                                     "- { name: shelf.kind, type: text, means: kind, probe: p }\n"
                                     "- { name: shelf.colours, type: counts, means: colours, probe: p }\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask_all(struct md_rules *rules, struct md_arena *arena, struct md_instance *at)
{
    struct md_observation observation;
    struct md_advice advice;
    size_t i, j;

    for (i = 0; i < md_rules_finding_count(rules); i++) {
        const struct md_finding *finding = md_rules_finding(rules, i);

        if (finding->scope != at->scope)
            continue;
        md_eval_finding(rules, arena, finding, at, &observation);
        md_eval_text(rules, arena, finding->says, at);
    }
    for (i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *cause = md_rules_cause(rules, i);

        if (cause->scope != at->scope)
            continue;
        md_eval_urgency(rules, cause, at);
        for (j = 0; j < cause->n_cures; j++)
            md_eval_remedy(rules, arena, &cause->cures[j], at, &advice);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_rule_file files[] = {
        {.path = "facts.yaml", .text = md_str(catalogue_text)},
        {.path = "house/things.lua", .text = md_str_n((const char *)data, size)},
    };
    struct md_rules_input input = {.files = files, .n = 2};
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    struct md_rules *rules;
    struct md_facts *facts;
    struct md_instance *shelf;
    struct md_count_item items[] = {{.name = {"red", 3}, .count = 7, .error = 2}};

    if (md_rules_load(&input, diags, &rules) < 0)
        MD_BUG("the catalogue of the fuzz target");
    facts = md_facts_new(arena, md_rules_catalogue(rules));
    md_facts_set_now(facts, INT64_C(1000000) * MD_SECOND);
    shelf = md_facts_instance(facts, "shelf", MD_LIT("a"), md_facts_root(facts));
    md_fact_text(facts, shelf, "shelf.kind", MD_LIT("wood"), NULL);
    md_fact_counts(facts, shelf, "shelf.colours", items, 1, 20, false, NULL);
    md_rules_bind(rules, facts, diags);
    ask_all(rules, arena, md_facts_root(facts));
    ask_all(rules, arena, shelf);
    md_rules_free(&rules);
    md_arena_free(&arena);
    return 0;
}
