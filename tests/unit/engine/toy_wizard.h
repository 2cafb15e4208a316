/*
 * tests/unit/engine/toy_wizard: looks and symptoms about the dark rooms of toy_rules, for tests of the wizard's engine.
 */
#ifndef TESTS_UNIT_ENGINE_TOY_WIZARD_H
#define TESTS_UNIT_ENGINE_TOY_WIZARD_H

#include "engine/wizard_rules.h"
#include "tests/unit/engine/toy_rules.h"

/* clang-format off */
static const char toy_wizard_text[] =
    "look \"meter\" { title = \"The meter\", items = { \"meter\" }, gives = { \"meter\" }, how = { { \"Read it\", \"meter\" } },\n"
    "  safe = \"it is only read\", asks = \"What does the meter show?\", minutes = 1, cites = \"toy\" }\n"
    "look \"eyes\" { title = \"A look into the rooms\", items = { \"eye\" }, gives = { \"eye\", \"room.switched*\" },\n"
    "  how = function(s) return { { \"Open the doors of \" .. s.name, command(\"open %s\", s.name) }, \"Look\" } end, safe = \"nothing is touched\",\n"
    "  asks = function(s) return \"Which rooms of \" .. s.name .. \" are dark?\" end, minutes = 2, annoyance_minutes = 0.5, cites = \"toy\" }\n"
    "look \"fuses\" { title = \"The fuses\", items = { \"fuse\" }, gives = { \"room.fuse_broken\" }, after = { \"eyes\" }, how = { \"Take them out\" },\n"
    "  safe = \"with gloves\", asks = \"Which fuses are broken?\", minutes = 5, risk_minutes = 2, consent = true, cites = \"toy\" }\n"
    "look \"weather\" { title = \"The weather\", items = { \"sky\" }, gives = { \"weather\" }, how = {}, safe = \"one only looks up\",\n"
    "  asks = \"Is there a storm?\", minutes = 1, cites = \"toy\" }\n"
    "symptom \"dark-everywhere\" { says = \"it is dark everywhere\", leak = \"rarely\", causes = { [\"power.out\"] = \"nearly always\" }, cites = \"toy\" }\n"
    "symptom \"dark-room\" { says = \"one room is dark\", scope = \"room\", name = \"Which room?\", leak = \"rarely\",\n"
    "  causes = { [\"fuse.*\"] = \"usually\", [\"fuse.blown\"] = \"often\", [\"wiring.missing\"] = \"often\" }, cites = \"toy\" }\n";
/* clang-format on */

/* The toy rules with what only the wizard knows; `extra`: one more file of the wizard, or "". */
static inline struct md_rules *toy_wizard_with(const char *extra, struct md_diags *diags, struct md_wizard_rules **ret)
{
    const struct md_rule_file files[] = {
        {.path = "facts.yaml", .text = MD_LIT(toy_facts)},
        {.path = "toy/findings.lua", .text = MD_LIT(toy_findings)},
        {.path = "toy/causes.lua", .text = MD_LIT(toy_causes)},
        {.path = "toy/remedies.lua", .text = MD_LIT(toy_remedies)},
        {.path = "toy/wizard/all.lua", .text = MD_LIT(toy_wizard_text)},
        {.path = "toy/wizard/extra.lua", .text = md_str(extra)},
    };
    const struct md_rules_input input = {.files = files, .n = MD_ROWS(files)};
    struct md_rules *rules = NULL;

    assert_int_equal(md_rules_load(&input, diags, &rules), MD_OK);
    assert_int_equal(md_wizard_rules_load(rules, &input, diags, ret), MD_OK);
    return rules;
}

static inline bool toy_is_item(const char *name)
{
    return strcmp(name, "meter") == 0 || strcmp(name, "eye") == 0 || strcmp(name, "fuse") == 0 ||
           strcmp(name, "sky") == 0;
}

#endif
