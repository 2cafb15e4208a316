#include "engine/dummy.h"

struct md_facts *md_dummy_facts(struct md_arena *arena, const struct md_catalogue *catalogue, struct md_instance **ret)
{
    struct md_facts *facts = md_facts_new(arena, catalogue);

    md_facts_set_now(facts, MD_DUMMY_NOW);
    ret[0] = md_facts_root(facts);
    for (size_t i = 1; i < md_catalogue_scope_count(catalogue); i++) {
        const struct md_scope_def *scope = md_catalogue_scope_at(catalogue, i);

        ret[i] = md_facts_instance(facts, scope->name, MD_LIT(MD_DUMMY_NAME), ret[scope->parent->index]);
    }
    return facts;
}

void md_dummy_set(struct md_facts *facts, struct md_instance *at, const struct md_fact_def *def,
                  enum md_dummy_level level, const char *text)
{
    static const double amounts[] = {[MD_DUMMY_NOTHING] = 0, [MD_DUMMY_SOME] = 3, [MD_DUMMY_MUCH] = 1e6};
    double x = amounts[level];
    struct md_count_item items[] = {{.name = {"one", 3}, .count = (uint64_t)x}, {.name = {"two", 3}, .count = 1}};
    struct md_str texts[] = {{"one", 3}, {"two", 3}};
    size_t n = level == MD_DUMMY_NOTHING ? 0 : 2;

    switch (def->type) {
    case MD_TYPE_BOOL: md_fact_bool(facts, at, def->name, level != MD_DUMMY_NOTHING, NULL); return;
    case MD_TYPE_COUNT: md_fact_count(facts, at, def->name, (uint64_t)x, NULL); return;
    case MD_TYPE_NUMBER: md_fact_number(facts, at, def->name, x / 10, NULL); return;
    case MD_TYPE_TEXT: md_fact_text(facts, at, def->name, md_str(text != NULL ? text : MD_DUMMY_NAME), NULL); return;
    case MD_TYPE_TIME: md_fact_time(facts, at, def->name, MD_DUMMY_NOW - (int64_t)x * MD_SECOND, NULL); return;
    case MD_TYPE_DURATION: md_fact_duration(facts, at, def->name, x, NULL); return;
    case MD_TYPE_COUNTS: md_fact_counts(facts, at, def->name, items, n, 0, true, NULL); return;
    case MD_TYPE_TEXTS: md_fact_texts(facts, at, def->name, texts, n, NULL); return;
    case MD_TYPE_COUNT_OF: break;
    }
    MD_BUG("fact %s of no type", def->name);
}
