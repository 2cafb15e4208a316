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

/* facts.mounts = { mount point = true } */
static void add_mounts(struct md_check_build *build)
{
    const struct md_facts *facts = build->ctx->facts;

    md_check_map(build, "mounts", nowhere);
    for (size_t i = 0; i < md_facts_instance_count(facts); i++) {
        const struct md_instance *at = md_facts_instance_at(facts, i);

        if (strcmp(at->scope->name, "partition") == 0)
            md_check_flag(build, md_arena_cstr(build->arena, at->name), true, nowhere);
    }
    (void)md_check_end(build);
}

/* facts.mx_is_here = { destination = the channel in which it waits } */
static void add_own_destinations(struct md_check_build *build)
{
    const struct md_facts *facts = build->ctx->facts;

    md_check_map(build, "mx_is_here", nowhere);
    for (size_t i = 0; i < md_facts_instance_count(facts); i++) {
        const struct md_instance *at = md_facts_instance_at(facts, i);
        const struct md_fact *is_self =
            strcmp(at->scope->name, "destination") == 0 ? known(build, at, "destination.mx_is_self") : NULL;

        if (is_self != NULL && is_self->value.u.b && at->parent != NULL)
            md_check_text(build, md_arena_cstr(build->arena, at->name), at->parent->name, nowhere);
    }
    (void)md_check_end(build);
}

void md_check_facts_of_host(struct md_check_build *build)
{
    const struct md_fact *newer = known(build, md_facts_instance_at(build->ctx->facts, 0), "host.config_newer_by_s");

    add_mounts(build);
    add_own_destinations(build);
    if (newer != NULL)
        md_check_number(build, "config_newer_by", (int64_t)newer->value.u.number, nowhere);
}
