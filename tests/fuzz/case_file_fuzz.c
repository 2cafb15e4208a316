/* A case file of any bytes, and what follows from its events with a rule base of a few lines. */
#include <stdint.h>

#include "cli/wizard/session.h"
#include "engine/rules.h"

static const char facts_text[] = "scopes: { host: {}, channel: { parent: host } }\n"
                                 "facts:\n"
                                 "- { name: host.files, type: count, means: files, probe: p, ask: { question: q, "
                                 "minutes: 1, outcomes: { few: \"0..9\", many: \"10..\" } } }\n"
                                 "- { name: channel.stopped, type: bool, means: stopped, probe: person }\n";
static const char wizard_text[] = "look \"queue\" { title = \"t\", items = { \"listing\" }, gives = { \"p\" }, how = "
                                  "function(h) return { { \"l\", \"ls\" } } end, safe = \"s\",\n"
                                  "  asks = function(h) return \"a\" end, minutes = 3, load_minutes = 0, risk_minutes "
                                  "= 0, annoyance_minutes = 1, cites = \"c\" }\n"
                                  "symptom \"grows\" { says = \"it grows\", scope = \"channel\", leak = \"rarely\", "
                                  "causes = { [\"a.*\"] = \"often\" }, cites = \"c\" }\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct md_rule_file files[] = {{.path = "facts.yaml", .text = MD_LIT_INIT(facts_text)},
                                                {.path = "a/wizard/looks.lua", .text = MD_LIT_INIT(wizard_text)}};
    static const struct md_rules_input input = {.files = files, .n = sizeof(files) / sizeof(files[0])};
    struct md_rules *rules = NULL;
    struct md_wizard_rules *wizard = NULL;
    struct md_arena *arena = md_arena_new();
    struct md_session session = {.arena = arena, .diags = md_diags_new(arena)};
    struct md_state state;
    size_t good;
    if (md_rules_load(&input, session.diags, &rules) != MD_OK ||
        md_wizard_rules_load(rules, &input, session.diags, &wizard) != MD_OK) {
        MD_BUG("the rules of the fuzz target");
    }
    session.rules = rules;
    session.wizard = wizard;
    enum md_status status =
        md_case_parse(arena, "case", md_str_n((const char *)data, size), session.diags, &session.events, &good);
    if (good > size) {
        MD_BUG("more was read than there is");
    }
    if (status == MD_OK) {
        md_session_build(&session, NULL, 0, arena, session.diags, &state);
    }
    md_rules_free(&rules);
    md_arena_free(&arena);
    return 0;
}
