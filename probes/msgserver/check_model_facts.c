/*
 * What a running host or a bundle tells beside its configuration, as far as checks weigh settings against it: config.facts.
 */
#include "probes/msgserver/check_model_priv.h"
#include "probes/msgserver/world.h"

#define DESTINATIONS_MAX 100
#define DESTINATION_FILES_MIN 20 /* with fewer messages nobody speaks of a backlog */

static const struct md_loc nowhere = {0};

static const struct md_fact *known(const struct md_check_build *build, const struct md_instance *at, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(build->ctx->facts, at, name);

    return fact != NULL && fact->is_known ? fact : NULL;
}

static bool is_of_scope(const struct md_instance *at, const char *scope)
{
    return strcmp(at->scope->name, scope) == 0;
}

static void add_count(struct md_check_build *build, const char *key, const struct md_fact *fact)
{
    if (fact != NULL)
        md_check_number(build, key, (int64_t)fact->value.u.count, nowhere);
}

/* facts[key] = { channel = count } */
static void add_counts_of_channels(struct md_check_build *build, const char *key, const char *fact_name)
{
    const struct md_facts *facts = build->ctx->facts;

    md_check_map(build, key, nowhere);
    for (size_t i = 0; i < md_facts_instance_count(facts); i++) {
        const struct md_instance *at = md_facts_instance_at(facts, i);

        if (is_of_scope(at, "channel"))
            add_count(build, md_arena_cstr(build->arena, at->name), known(build, at, fact_name));
    }
    (void)md_check_end(build);
}

static void add_destination(struct md_check_build *build, const struct md_instance *at)
{
    const struct md_fact *share = known(build, at, "destination.share"),
                         *age = known(build, at, "destination.oldest_s");
    const struct md_fact *routed = known(build, at, "destination.routed");

    md_check_map(build, NULL, nowhere);
    md_check_text(build, "name", at->name, nowhere);
    md_check_text(build, "channel", at->parent != NULL ? at->parent->name : (struct md_str){0}, nowhere);
    add_count(build, "files", known(build, at, "destination.files"));
    if (share != NULL)
        md_check_number(build, "share_pct", (int64_t)(share->value.u.number * 100), nowhere);
    if (age != NULL)
        md_check_number(build, "oldest_s", (int64_t)age->value.u.number, nowhere);
    md_check_flag(build, "is_routed", routed != NULL && routed->value.u.b, nowhere);
    (void)md_check_end(build);
}

static void add_destinations(struct md_check_build *build)
{
    const struct md_facts *facts = build->ctx->facts;
    size_t n = 0;

    md_check_list(build, "destinations", nowhere);
    for (size_t i = 0; i < md_facts_instance_count(facts) && n < DESTINATIONS_MAX; i++) {
        const struct md_instance *at = md_facts_instance_at(facts, i);
        const struct md_fact *files = is_of_scope(at, "destination") ? known(build, at, "destination.files") : NULL;

        if (files != NULL && files->value.u.count >= DESTINATION_FILES_MIN) {
            add_destination(build, at);
            n++;
        }
    }
    (void)md_check_end(build);
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

static void add_host(struct md_check_build *build)
{
    const struct md_fact *newer = known(build, md_facts_instance_at(build->ctx->facts, 0), "host.config_newer_by_s");

    add_mounts(build);
    add_own_destinations(build);
    if (newer != NULL)
        md_check_number(build, "config_newer_by", (int64_t)newer->value.u.number, nowhere);
}

static void add_load(struct md_check_build *build)
{
    const struct md_instance *host = md_facts_instance_at(build->ctx->facts, 0);
    const struct md_fact *users = known(build, host, "host.auth_users");

    add_counts_of_channels(build, "queue_files", "channel.files");
    add_counts_of_channels(build, "arrived_1h", "channel.arrived_1h");
    add_counts_of_channels(build, "over_quota_mailboxes", "channel.over_quota_mailboxes");
    add_count(build, "cpus", known(build, host, "host.cpus"));
    add_count(build, "descriptor_lines", known(build, host, "host.fd_limit_lines"));
    if (users != NULL)
        md_check_number(build, "users", (int64_t)users->value.u.counts.distinct, nowhere);
    add_destinations(build);
}

/* facts.csdb: where the calendar databases lie, as far as that is known */
static void add_csdb(struct md_check_build *build)
{
    const struct md_instance *host = md_facts_instance_at(build->ctx->facts, 0);
    const struct md_fact *type = known(build, host, "host.csdb_fs_type"),
                         *is_network = known(build, host, "host.csdb_is_network_fs"),
                         *is_same = known(build, host, "host.csdb_backup_same_disk");

    if (type == NULL && is_network == NULL && is_same == NULL)
        return;
    md_check_map(build, "csdb", nowhere);
    if (type != NULL)
        md_check_text(build, "fs_type", type->value.u.text, nowhere);
    md_check_flag(build, "is_network", is_network != NULL && is_network->value.u.b, nowhere);
    md_check_flag(build, "backup_same_disk", is_same != NULL && is_same->value.u.b, nowhere);
    (void)md_check_end(build);
}

/* Few: what a check may weigh a setting against. */
void md_check_facts(struct md_check_build *build)
{
    const struct md_facts *facts = build->ctx->facts;
    enum md_source_kind kind = md_source_kind(build->ctx->source);
    const struct md_fact *name;

    if (facts == NULL || md_facts_probe_count(facts) == 0 || kind == MD_SOURCE_DIRECTORY)
        return;
    md_check_map(build, "facts", nowhere);
    add_load(build);
    name = md_fact_by_name(facts, md_facts_instance_at(facts, 0), "host.name");
    if (name != NULL && name->is_known)
        md_check_text(build, "host", name->value.u.text, nowhere);
    md_check_text(build, "version", build->ctx->msgserver->version, nowhere);
    add_host(build);
    add_csdb(build);
    (void)md_check_end(build);
}
