/* A facts file, and the facts of a rule case, from any bytes. The first byte says which. */
#include <stdint.h>

#include "engine/base/time.h"
#include "engine/facts_json.h"

static const char catalogue_text[] = "scopes: { house: {}, shelf: { parent: house }, box: { parent: shelf } }\n"
                                     "facts:\n"
                                     "- { name: house.people, type: count, means: people, probe: p }\n"
                                     "- { name: house.is_open, type: bool, means: open, probe: p }\n"
                                     "- { name: shelf.load, type: number, means: load, probe: p }\n"
                                     "- { name: shelf.kind, type: text, means: kind, probe: p }\n"
                                     "- { name: shelf.last_visit, type: time, means: last visit, probe: p }\n"
                                     "- { name: shelf.oldest_s, type: duration, means: age, probe: p }\n"
                                     "- { name: shelf.colours, type: counts, means: colours, probe: p }\n"
                                     "- { name: box.labels, type: texts, means: labels, probe: p }\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_str text = md_str_n((const char *)data, size);
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    const struct md_catalogue *catalogue;
    const struct md_node *node;
    struct md_facts *facts;

    if (md_catalogue_read(arena, "facts.yaml", md_str(catalogue_text), diags, &catalogue) < 0)
        MD_BUG("the catalogue of the fuzz target");
    facts = md_facts_new(arena, catalogue);
    md_facts_set_now(facts, INT64_C(1000000) * MD_SECOND);
    if (size > 0 && data[0] == '[') {
        if (md_json_read(arena, "facts.json", text, diags, &node) == MD_OK &&
            md_facts_from_list(facts, node, diags) == MD_OK)
            json_decref(md_facts_to_json(facts));
    } else if (md_yaml_read(arena, "x.cases.yaml", text, diags, &node) == MD_OK &&
               md_facts_from_case(facts, node, diags) == MD_OK) {
        json_decref(md_facts_to_json(facts));
    }
    md_arena_free(&arena);
    return 0;
}
