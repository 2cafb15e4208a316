/* A file of answers of any bytes, and its lines as if they were typed. */
#include <stdint.h>

#include "cli/wizard/answer.h"
#include "cli/wizard/answers.h"

static const char catalogue_text[] = "scopes: { host: {} }\n"
                                     "facts:\n"
                                     "- { name: host.files, type: count, means: m, probe: p, ask: { question: q, "
                                     "minutes: 1, outcomes: { few: \"0..9\", many: \"10..\" } } }\n"
                                     "- { name: host.load, type: number, means: m, probe: p }\n"
                                     "- { name: host.age_s, type: duration, means: m, probe: p }\n"
                                     "- { name: host.last, type: time, means: m, probe: p }\n"
                                     "- { name: host.is_open, type: bool, means: m, probe: p }\n"
                                     "- { name: host.kind, type: text, means: m, probe: p }\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"few", "many"};
    struct md_str text = md_str_n((const char *)data, size), rest = text, line;
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    const struct md_catalogue *catalogue;
    struct md_answers answers;
    struct md_answer answer;
    if (md_catalogue_read(arena, "facts.yaml", md_str(catalogue_text), diags, &catalogue) < 0) {
        MD_BUG("the catalogue of the fuzz target");
    }
    if (md_answers_read(arena, "a/answers.yaml", text, diags, &answers) == MD_OK) {
        md_answers_find(arena, &answers, "look:queue", &answer);
        (void)md_answers_remedy(&answers, "toy.empty");
    }
    for (size_t i = 0; md_str_next_line(&rest, &line) && i < 100; i++) {
        struct md_said said;
        const struct md_choice_list list = {.names = names,
                                            .says = names,
                                            .n = 2,
                                            .fact =
                                                md_catalogue_fact_at(catalogue, i % md_catalogue_fact_count(catalogue)),
                                            .now = INT64_C(1700000000000000)};
        md_said_read(arena, line, &list, &said);
        if (said.kind == MD_SAID_CHOICE && said.choice >= list.n) {
            MD_BUG("a choice that there is not");
        }
        (void)md_answers_fits(line, md_str("fact:host.files"));
    }
    md_arena_free(&arena);
    return 0;
}
