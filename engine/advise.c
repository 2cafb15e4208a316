/*
 * STUB: the bodies follow.
 */
#include "engine/advise.h"

void md_advise(const struct md_advise_input *input, struct md_arena *arena, struct md_diags *diags,
               struct md_advise *ret)
{
    *ret = (struct md_advise){.n_inquiries = 0};
    md_diagnose(input->rules, input->facts, input->diagnose, arena, diags, &ret->result);
}

struct md_instance *md_advise_instance(struct md_facts *facts, const struct md_instance *at)
{
    struct md_instance *parent;

    if (at->parent == NULL)
        return md_facts_root(facts);
    parent = at->name.n > 0 ? md_advise_instance(facts, at->parent) : NULL;
    return parent != NULL ? md_facts_instance(facts, at->scope->name, at->name, parent) : NULL;
}
