/*
 * tests/unit/engine/toy_rules: a small rule base about dark rooms, for tests of what stands upon the rules.
 *
 * A site has power or not; a room is dark because the power is out, its fuse is blown, its lamps were never
 * connected, or (a normal state) its switch is off; a lamp is dark because its bulb is dead, and bulbs of one
 * maker die together. What waits are the people in a room.
 */
#ifndef TESTS_UNIT_ENGINE_TOY_RULES_H
#define TESTS_UNIT_ENGINE_TOY_RULES_H

#include "engine/diagnose.h"
#include "engine/facts_json.h"
#include "engine/rules.h"
#include "tests/unit/md_test.h"

/* A line of the rule base is a line here. */
/* clang-format off */
static const char toy_facts[] =
    "scopes:\n"
    "  site: {}\n"
    "  room: { parent: site }\n"
    "  lamp: { parent: room, singly: 8, singly_by: lamp.weight }\n"
    "facts:\n"
    "- { name: site.power, type: bool, means: \"there is power\", probe: meter,\n"
    "    ask: { question: \"Is there power?\", how: \"look at the meter\", minutes: 1, outcomes: { \"yes\": \"true\" } } }\n"
    "- { name: site.stormy, type: bool, means: \"there is a storm\", probe: weather }\n"
    "- { name: room.dark, type: bool, means: \"it is dark\", probe: eye }\n"
    "- { name: room.lamps, type: count, unit: lamps, means: \"lamps in it\", probe: eye }\n"
    "- { name: room.people, type: count, unit: people, means: \"people in it\", probe: eye }\n"
    "- { name: room.fuse_broken, type: bool, means: \"its fuse is broken\", probe: fuses,\n"
    "    ask: { question: \"Is the fuse broken?\", minutes: 5, outcomes: { \"yes\": \"true\" } } }\n"
    "- { name: room.switched_on, type: bool, means: \"its switch is on\", probe: switches }\n"
    "- { name: room.humming, type: bool, means: \"something hums\", probe: ear }\n"
    "- { name: room.growing, type: bool, means: \"it gets darker\", probe: eye }\n"
    "- { name: room.oldest_s, type: duration, unit: seconds, means: \"longest wait in it\", probe: eye }\n"
    "- { name: room.since, type: time, means: \"when it became dark\", probe: eye }\n"
    "- { name: lamp.dark, type: bool, means: \"it does not burn\", probe: eye }\n"
    "- { name: lamp.weight, type: count, unit: watts, means: \"its power\", probe: eye }\n"
    "- { name: lamp.maker, type: text, means: \"who made it\", probe: label }\n";

static const char toy_findings[] =
    "finding \"site.no-power\" { scope = \"site\", group = \"meter\", leak = 0.01, test = function(s) return not s.power end,\n"
    "  says = \"there is no power\", cites = \"toy\" }\n"
    "finding \"site.stormy\" { scope = \"site\", group = \"weather\", leak = \"rarely\", test = function(s) return s.stormy end,\n"
    "  says = \"a storm is about\", cites = \"toy\" }\n"
    "finding \"room.dark\" { scope = \"room\", group = \"sight\", leak = 0.01, test = function(r) return r.dark end,\n"
    "  says = \"{lamps} lamps are dark\", cites = \"toy\" }\n"
    "finding \"room.fuse-broken\" { scope = \"room\", group = \"fuses\", leak = 0.01, test = function(r) return r.fuse_broken end,\n"
    "  says = \"the fuse is broken\", cites = \"toy\" }\n"
    "finding \"room.switch-off\" { scope = \"room\", group = \"switches\", leak = \"rarely\", test = function(r) return not r.switched_on end,\n"
    "  says = \"the switch is off\", cites = \"toy\" }\n"
    "finding \"room.humming\" { scope = \"room\", group = \"noise\", leak = \"rarely\", test = function(r) return r.humming end,\n"
    "  says = \"something hums\", cites = \"toy\" }\n"
    "finding \"lamp.dark\" { scope = \"lamp\", group = \"sight\", leak = 0.01, test = function(l) return l.dark end,\n"
    "  says = \"it does not burn\", cites = \"toy\" }\n";

static const char toy_causes[] =
    "cause \"power.out\" { title = \"The power is out\", summary = \"No power on the whole site\", scope = \"site\", prior = \"plausible\",\n"
    "  links = { [\"site.no-power\"] = \"nearly always\", [\"site.stormy\"] = \"sometimes\", [\"room.dark\"] = \"nearly always\" },\n"
    "  brings = { [\"fuse.blown\"] = \"often\" }, urgency = \"watch\", remedies = { { \"power.call\", \"usually\" } }, cites = \"toy\" }\n"
    "cause \"fuse.blown\" { title = \"A fuse is blown\", summary = function(r) return \"The fuse of \" .. r.name .. \" is blown\" end,\n"
    "  scope = \"room\", prior = \"plausible\", links = { [\"room.dark\"] = \"nearly always\", [\"room.fuse-broken\"] = \"nearly always\" },\n"
    "  never = { \"room.humming\" }, urgency = \"act\", if_nothing = \"it stays dark\",\n"
    "  messages = function(r) return r.people end, since = function(r) return r.since end,\n"
    "  remedies = { { \"room.rewire\", \"nearly always\" }, { \"fuse.replace\", \"usually\" }, { \"power.call\", \"rarely\" } }, cites = \"toy\" }\n"
    "cause \"wiring.missing\" { title = \"It was never connected\", summary = \"No wires\", scope = \"room\", prior = \"uncommon\",\n"
    "  links = { [\"room.dark\"] = \"nearly always\" }, urgency = \"watch\", remedies = { { \"room.rewire\", \"usually\" } }, cites = \"toy\" }\n"
    "cause \"switch.off\" { title = \"The light is switched off\", summary = \"Somebody switched it off\", scope = \"room\", prior = \"common\",\n"
    "  links = { [\"room.dark\"] = \"nearly always\", [\"room.switch-off\"] = \"nearly always\" }, urgency = \"normal\", benign = true,\n"
    "  messages = function(r) return r.people end, remedies = {}, cites = \"toy\" }\n"
    "cause \"bulb.dead\" { title = \"A bulb is dead\", summary = \"It does not burn\", scope = \"lamp\", prior = \"common\",\n"
    "  links = { [\"lamp.dark\"] = \"nearly always\" }, urgency = \"watch\", merge = function(l) return l.maker end,\n"
    "  messages = function(l) return l.weight end, remedies = { { \"fuse.replace\", \"rarely\" } }, cites = \"toy\" }\n"
    "cause \"all.well\" { title = \"All is well\", summary = \"Nothing is wrong\", scope = \"site\", prior = \"common\", benign = true,\n"
    "  urgency = \"normal\", links = {}, remedies = {}, cites = \"toy\" }\n"
    "cause \"unknown.cause\" { title = \"Something is wrong, but what\", summary = \"No cause explains it\", scope = \"site\",\n"
    "  prior = \"rare\", urgency = \"watch\", links = {}, remedies = { { \"power.call\", \"sometimes\" } }, cites = \"toy\" }\n";

static const char toy_remedies[] =
    "remedy \"fuse.replace\" { title = \"Replace the fuse\", steps = { { \"Take it out\", \"fuse out\" }, \"Put a new one in\" }, risk = \"low\",\n"
    "  restart = \"none\", undo = \"put the old one back\", verify = \"it is light\", minutes = 30, risk_minutes = 0, cites = \"toy\" }\n"
    "remedy \"room.rewire\" { title = \"Rewire the room\", steps = { \"Call an electrician\" }, risk = \"high\", restart = \"none\",\n"
    "  undo = \"none\", verify = \"it is light\", minutes = 1, risk_minutes = 0,\n"
    "  withheld = function(r) if r.humming == false then return \"the wires are live\" end end, cites = \"toy\" }\n"
    "remedy \"power.call\" { title = \"Call the power company\", steps = { \"Call them\" }, risk = \"low\", restart = \"none\", undo = \"none\",\n"
    "  verify = \"the meter turns\", minutes = 1, risk_minutes = 0, cites = \"toy\" }\n";

static const char toy_cases[] =
    "- defaults:\n"
    "    site: { power: true, stormy: false }\n"
    "    room: { cellar: { dark: false, fuse_broken: false, switched_on: true, humming: true } }\n"
    "- name: a broken fuse\n"
    "  facts: { room: { kitchen: { dark: true, lamps: 3, fuse_broken: true, switched_on: true, humming: false } } }\n"
    "  expect: { verdict: act, first: fuse.blown, remedies: [fuse.replace], withheld: room.rewire, absent: [power.out, switch.off] }\n"
    "- name: somebody switched it off\n"
    "  facts: { room: { kitchen: { dark: true, lamps: 3, people: 2, fuse_broken: false, switched_on: false } } }\n"
    "  expect: { verdict: normal, first: [switch.off], absent: [fuse.blown] }\n"
    "- name: all is well\n"
    "  facts: { room: { kitchen: { dark: false, lamps: 3, fuse_broken: false, switched_on: true } } }\n"
    "  expect: { verdict: normal, first: all.well }\n"
    "- name: this one is wrong\n"
    "  facts: { site: { power: ~ }, room: { kitchen: { dark: true, lamps: 3, fuse_broken: false, switched_on: true } } }\n"
    "  expect: { verdict: normal, first: switch.off, present: [fuse.blown] }\n";

/* clang-format on */

static inline struct md_rules *toy_rules(struct md_arena *arena, struct md_diags **ret_diags)
{
    const struct md_rule_file files[] = {
        {.path = "facts.yaml", .text = MD_LIT(toy_facts)},
        {.path = "toy/findings.lua", .text = MD_LIT(toy_findings)},
        {.path = "toy/causes.lua", .text = MD_LIT(toy_causes)},
        {.path = "toy/remedies.lua", .text = MD_LIT(toy_remedies)},
        {.path = "toy/lights.cases.yaml", .text = MD_LIT(toy_cases)},
    };
    const struct md_rules_input input = {.files = files, .n = MD_ROWS(files)};
    struct md_rules *rules = NULL;

    *ret_diags = md_diags_new(arena);
    assert_int_equal(md_rules_load(&input, *ret_diags, &rules), MD_OK);
    for (size_t i = 0; i < md_diags_count(*ret_diags); i++)
        print_error("%s:%u: %s\n", md_diags_at(*ret_diags, i)->loc.file, md_diags_at(*ret_diags, i)->loc.line,
                    md_diags_at(*ret_diags, i)->what);
    assert_int_equal(md_diags_count(*ret_diags), 0);
    return rules;
}

#endif
