/*
 * tests/unit/cli/wizard/wizard_fixture: a rule base of a few lines with a look and a symptom, and sessions made of lines.
 */
#ifndef TESTS_UNIT_CLI_WIZARD_WIZARD_FIXTURE_H
#define TESTS_UNIT_CLI_WIZARD_WIZARD_FIXTURE_H

#include "cli/wizard/session.h"
#include "engine/rules.h"
#include "tests/unit/md_test.h"

/* clang-format off */
static const char fixture_facts[] =
    "scopes: { host: {}, channel: { parent: host } }\n"
    "facts:\n"
    "- { name: host.files, type: count, unit: files, means: \"files\", probe: p.queue, ask: { question: \"How many?\", minutes: 1, outcomes: { few: \"0..99\", many: \"100..\" } } }\n"
    "- { name: host.age_s, type: duration, unit: seconds, means: \"age\", probe: p.queue, ask: { question: \"How old?\", minutes: 1, outcomes: { young: \"0..3599\", old: \"3600..\" } } }\n"
    "- { name: host.last, type: time, means: \"last\", probe: p.log, ask: { question: \"When?\", minutes: 1, outcomes: { lately: \"0..3600\", long-ago: \"3600..\" } } }\n"
    "- { name: host.kind, type: text, means: \"kind\", probe: p.log, ask: { question: \"Which kind?\", minutes: 1, outcomes: { red: red, other: \"*\" } } }\n"
    "- { name: channel.stopped, type: bool, means: \"stopped\", probe: person, ask: { question: \"Stopped?\", minutes: 1, outcomes: { \"yes\": \"true\", \"no\": \"false\" } } }\n";

static const char fixture_rules[] =
    "finding \"host.full\" { scope = \"host\", group = \"files\", leak = 0.05, test = function(h) return h.files > 50 end, says = \"it is full\", cites = \"toy\" }\n"
    "finding \"channel.is-stopped\" { scope = \"channel\", group = \"doings\", leak = 0.01, test = function(c) return c.stopped end, says = \"it is stopped\", cites = \"toy\" }\n"
    "cause \"toy.flood\" { title = \"Too much of it\", summary = \"more than goes out\", scope = \"host\", prior = \"plausible\", links = { [\"host.full\"] = \"nearly always\" },\n"
    "  urgency = \"act\", remedies = { [\"toy.empty\"] = \"usually\" }, cites = \"toy\" }\n"
    "cause \"toy.stopped\" { title = \"Somebody stopped it\", summary = \"stopped by hand\", scope = \"channel\", prior = \"plausible\", links = { [\"channel.is-stopped\"] = \"nearly always\" },\n"
    "  urgency = \"act\", remedies = { [\"toy.start\"] = \"usually\" }, cites = \"toy\" }\n"
    "remedy \"toy.empty\" { title = \"Empty it\", steps = { { \"Empty it\", \"empty now\" } }, minutes = 5, risk = \"low\", restart = \"none\", undo = \"fill it\", verify = \"it is empty\", cites = \"toy\" }\n"
    "remedy \"toy.start\" { title = \"Start it\", steps = { { \"Start it\", \"start now\" } }, minutes = 2, risk = \"low\", restart = \"none\", undo = \"stop it\", verify = \"it runs\", cites = \"toy\" }\n";

static const char fixture_wizard[] =
    "look \"queue\" { title = \"A list of what waits\", items = { \"listing\" }, gives = { \"p.queue\" }, how = function(h) return { { \"List it\", \"ls -lR queue\" } } end,\n"
    "  safe = \"it only lists\", asks = function(h) return \"Please list what waits.\" end, minutes = 3, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 1, cites = \"toy\" }\n"
    "symptom \"grows\" { says = \"it grows\", leak = \"rarely\", causes = { [\"toy.*\"] = \"often\" }, cites = \"toy\" }\n"
    "symptom \"one-stands\" { says = \"one channel stands\", scope = \"channel\", name = \"Which channel?\", leak = \"rarely\", causes = { [\"toy.stopped\"] = \"often\" }, cites = \"toy\" }\n";
/* clang-format on */

struct wizard_fixture {
    struct md_arena *arena;
    struct md_rules *rules;
    struct md_wizard_rules *wizard;
    struct md_session session;
};

static inline void fixture_open(struct wizard_fixture *f, struct md_arena *arena)
{
    static const struct md_rule_file files[] = {
        {.path = "facts.yaml", .text = MD_LIT_INIT(fixture_facts)},
        {.path = "toy/rules.lua", .text = MD_LIT_INIT(fixture_rules)},
        {.path = "toy/wizard/looks.lua", .text = MD_LIT_INIT(fixture_wizard)},
    };
    static const struct md_rules_input input = {.files = files, .n = MD_ROWS(files)};
    struct md_diags *diags = md_diags_new(arena);
    *f = (struct wizard_fixture){.arena = arena};
    md_want_int("rules", md_rules_load(&input, diags, &f->rules), MD_OK);
    md_want_int("wizard", md_wizard_rules_load(f->rules, &input, diags, &f->wizard), MD_OK);
    for (size_t i = 0; i < md_diags_count(diags); i++) {
        print_error("%s:%u: %s\n", md_diags_at(diags, i)->loc.file, md_diags_at(diags, i)->loc.line,
                    md_diags_at(diags, i)->what);
    }
    md_want_int("problems", md_diags_count(diags), 0);
    f->session =
        (struct md_session){.arena = arena, .rules = f->rules, .wizard = f->wizard, .diags = md_diags_new(arena)};
}

static inline void fixture_close(struct wizard_fixture *f)
{
    md_rules_free(&f->rules);
}

/* An event from its JSON without number and time. */
static inline const struct md_event *fixture_add(struct wizard_fixture *f, enum md_event_kind kind, const char *json)
{
    json_t *event = md_event_new(kind, 0, INT64_C(1700000000000000));
    json_t *more = json_loads(json, 0, NULL);
    md_want_true(more != NULL);
    json_object_update(event, more);
    json_decref(more);
    return md_session_add(&f->session, event);
}

static inline void fixture_start(struct wizard_fixture *f)
{
    (void)fixture_add(f, MD_EVENT_START,
                      "{\"schema\": \"mtadoctor.case/1\", \"base\": \"none\", \"now\": \"2026-11-25T12:00:00Z\"}");
}

/* An answer to the question about host.files. */
static inline const struct md_event *fixture_files(struct wizard_fixture *f, uint64_t files, bool insists)
{
    const struct md_fact_def *def = md_catalogue_fact(md_rules_catalogue(f->rules), md_str("host.files"));
    const struct md_value value = {.type = MD_TYPE_COUNT, .u.count = files};
    struct md_facts *facts = md_facts_new(f->arena, md_rules_catalogue(f->rules));
    json_t *event = md_event_new(MD_EVENT_ANSWER, 0, INT64_C(1700000000000000));
    json_object_set_new(event, "inquiry", json_string("fact:host.files"));
    json_object_set_new(event, "facts", md_session_told(&f->session, def, md_facts_root(facts), &value));
    if (insists) {
        json_object_set_new(event, "insists", json_true());
    }
    return md_session_add(&f->session, event);
}

/* What was measured of these inputs. */
static inline void fixture_measured(struct wizard_fixture *f, const char *of, unsigned files)
{
    const char *json = md_arena_printf(
        f->arena,
        "{\"of\": %s, \"source\": {\"observed_at\": \"2026-11-25T12:30:00Z\"}, \"facts\": [{\"name\": \"host.files\", "
        "\"value\": %u, \"scope\": {}, \"state\": \"known\", \"sources\": [{\"listing\": \"given-002/pasted.txt\"}]}], "
        "\"probes\": [{\"name\": \"p.queue\", \"status\": \"ok\", \"cost\": \"cheap\", \"why\": null, \"ms\": 1}]}",
        of, files);
    (void)fixture_add(f, MD_EVENT_FACTS, json);
}

static inline const struct md_fact *fixture_fact(const struct md_state *state, const char *name)
{
    return md_fact_by_name(state->facts, md_facts_root(state->facts), name);
}

#endif
