/*
 * What the host tells of itself, as far as files and routes are weighed against it: parts of config.facts.
 */
#include "probes/msgserver/check_model_priv.h"

static const struct md_loc nowhere = {0};

static const struct md_fact *known(const struct md_check_build *build, const struct md_instance *at, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(build->ctx->facts, at, name);

    return fact != NULL && fact->is_known ? fact : NULL;
}

/* facts[key] = { name = true }: the instances of a scope, all or those of which a fact is true. */
static void add_instances(struct md_check_build *build, const char *key, const char *scope, const char *fact_name)
{
    const struct md_facts *facts = build->ctx->facts;

    md_check_map(build, key, nowhere);
    for (size_t i = 0; i < md_facts_instance_count(facts); i++) {
        const struct md_instance *at = md_facts_instance_at(facts, i);
        const struct md_fact *fact = NULL;

        if (strcmp(at->scope->name, scope) != 0)
            continue;
        if (fact_name != NULL && ((fact = known(build, at, fact_name)) == NULL || !fact->value.u.b))
            continue;
        md_check_flag(build, md_arena_cstr(build->arena, at->name), true, nowhere);
    }
    (void)md_check_end(build);
}

void md_check_facts_of_host(struct md_check_build *build)
{
    const struct md_fact *newer = known(build, md_facts_instance_at(build->ctx->facts, 0), "host.config_newer_by_s");

    add_instances(build, "mounts", "partition", NULL);
    add_instances(build, "mx_is_here", "destination", "destination.mx_is_self");
    if (newer != NULL)
        md_check_number(build, "config_newer_by", (int64_t)newer->value.u.number, nowhere);
}
