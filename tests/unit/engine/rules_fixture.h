/*
 * tests/unit/engine/rules_fixture: rule bases of a few lines for the tests of the engine.
 */
#ifndef TESTS_UNIT_ENGINE_RULES_FIXTURE_H
#define TESTS_UNIT_ENGINE_RULES_FIXTURE_H

#include "tests/unit/engine/facts_fixture.h"

#include "engine/facts_json.h"
#include "engine/rules.h"

struct rules_fixture {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_rules *rules;
    struct md_facts *facts;
};

/* The catalogue of the tests with thresholds and one rule file. */
static inline void rules_fixture_load(struct rules_fixture *f, struct md_arena *arena, const char *text)
{
    static const char thresholds[] = "return { many = { value = 10, means = 'many', source = 'test' }, plain = 3 }\n";
    static const char shared[] =
        "local function twice(x) return 2 * x end\nreturn { twice = twice, list = { 1, 2 } }\n";
    struct md_rule_file files[] = {
        {.path = "house/things.lua", .text = md_str(text)},
        {.path = "facts.yaml", .text = md_str(fixture_catalogue)},
        {.path = "lib/shared.lua", .text = md_str(shared)},
        {.path = "lib/thresholds.lua", .text = md_str(thresholds)},
    };
    struct md_rules_input input = {.files = files, .n = MD_ROWS(files)};

    *f = (struct rules_fixture){.arena = arena, .diags = md_diags_new(arena)};
    md_want_int("load", md_rules_load(&input, f->diags, &f->rules), MD_OK);
}

static inline void rules_fixture_bind(struct rules_fixture *f, const char *facts_yaml)
{
    const struct md_node *node;

    f->facts = md_facts_new(f->arena, md_rules_catalogue(f->rules));
    md_facts_set_now(f->facts, FIXTURE_NOW);
    md_want_int("yaml", md_yaml_read(f->arena, "things.cases.yaml", md_str(facts_yaml), f->diags, &node), MD_OK);
    md_want_int("case", md_facts_from_case(f->facts, node, f->diags), MD_OK);
    md_rules_bind(f->rules, f->facts, f->diags);
}

#endif
