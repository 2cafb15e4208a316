/*
 * probes/msgserver/config: what the configuration says, as facts (msgserver.config), and what it says about what other
 * probes found (msgserver.context, which runs after them).
 */
#include "probes/msgserver/config.h"

#include "probes/msgserver/mta_config_load.h"
#include "probes/msgserver/ordinary.h"
#include "probes/msgserver/world.h"
#include "probes/site.h"

#define OWN_DOMAINS_MAX 1000
#define ORIGINS_MAX 8

static const enum md_item_kind reads[] = {
    MD_ITEM_IMTA_CNF,   MD_ITEM_OPTION_DAT,     MD_ITEM_JOB_CONTROLLER_CNF, MD_ITEM_DISPATCHER_CNF, MD_ITEM_IMTA_TAILOR,
    MD_ITEM_MAPPINGS,   MD_ITEM_CHANNEL_OPTION, MD_ITEM_CONFIGUTIL,         MD_ITEM_MSG_CONF,       MD_ITEM_MSCONFIG,
    MD_ITEM_CONFIG_XML, MD_ITEM_MTA_RULES,      MD_ITEM_CONFIG_IMAGE,       MD_ITEM_KIND_COUNT,
};

static const enum md_item_kind context_reads[] = {MD_ITEM_KIND_COUNT};

/* ---- domains of this site ---- */

/* A domain whose mail stays: the rule leads to the local channel, the store or the site's own hosts. */
static bool stays_here(const struct md_mta_config *config, const struct md_imta_rule *rule)
{
    const struct md_mta_channel *channel = md_mta_config_tag(config, rule->tag);

    return channel != NULL &&
           (md_str_is(channel->name, "l") || md_str_is(channel->name, "tcp_intranet") ||
            md_str_has_prefix(channel->name, MD_LIT("ims-ms")) || md_str_has_prefix(channel->name, MD_LIT("tcp_lmtp")));
}

static bool is_plain_domain(struct md_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!md_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '-' && s.p[i] != '_')
            return false;
    return md_str_find_char(s, '.') > 0;
}

static void add_domain(struct md_str *names, size_t *n, struct md_str domain)
{
    if (*n >= OWN_DOMAINS_MAX || !is_plain_domain(domain))
        return;
    for (size_t i = 0; i < *n; i++)
        if (md_str_eq_nocase(names[i], domain))
            return;
    names[(*n)++] = domain;
}

/* Domains that the site file adds. */
static void add_domains_of_site(struct md_probe_ctx *ctx, struct md_str *names, size_t *n, struct md_origin *origins,
                                size_t *n_origins)
{
    for (size_t i = 0; ctx->site != NULL && i < ctx->site->own_domains.n; i++) {
        const struct md_site_entry *entry = &ctx->site->own_domains.items[i];
        size_t before = *n;

        add_domain(names, n, entry->name);
        if (*n > before && *n_origins < ORIGINS_MAX)
            origins[(*n_origins)++] =
                (struct md_origin){.kind = MD_ORIGIN_FILE, .name = entry->loc.file, .line = entry->loc.line};
    }
}

static void set_own_domains(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_str *names = md_arena_array(ctx->arena, OWN_DOMAINS_MAX, sizeof *names);
    struct md_origin origins[ORIGINS_MAX];
    size_t n = 0, n_origins = 0;
    struct md_mta_setting setting;
    struct md_fact *fact;

    add_domains_of_site(ctx, names, &n, origins, &n_origins);
    if (config->rewrite == NULL && n == 0) {
        md_fact_unknown(ctx->facts, root, "host.own_domains", "no rewrite rules in the source");
        return;
    }
    for (size_t i = 0; config->rewrite != NULL && i < config->rewrite->n_rules; i++) {
        const struct md_imta_rule *rule = &config->rewrite->rules[i];
        struct md_str domain = rule->pattern;
        size_t before = n;

        if (domain.n > 0 && domain.p[0] == '.')
            domain = md_str_from(domain, 1);
        if (!stays_here(config, rule) || md_str_has_suffix(domain, MD_LIT("-daemon")))
            continue;
        add_domain(names, &n, domain);
        if (n > before && n_origins < ORIGINS_MAX)
            origins[n_origins++] = md_mta_config_origin(ctx, rule->loc);
    }
    if (md_mta_config_value(config, "service.defaultdomain", &setting))
        add_domain(names, &n, setting.value);
    fact = md_fact_texts(ctx->facts, root, "host.own_domains", names, n, n_origins > 0 ? &origins[0] : NULL);
    for (size_t i = 1; i < n_origins; i++)
        md_fact_origin(ctx->facts, fact, &origins[i]);
}

/* ---- msgserver.config ---- */

static void set_queue_root(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    struct md_mta_setting setting;

    if (md_mta_config_path(config, "IMTA_QUEUE", &setting))
        ctx->msgserver->queue_root = setting.value;
}

static enum md_status config_run(struct md_probe_ctx *ctx)
{
    const struct md_mta_config *config = md_mta_config_load(ctx);
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_origin origin;

    md_config_set_times(ctx);
    md_config_set_host(ctx, config);
    md_config_note_folders(ctx, config);
    if (!config->has_channels) {
        md_fact_unknown(ctx->facts, root, "host.config_seen", "no configuration in the source");
        set_own_domains(ctx, config);
        set_queue_root(ctx, config);
        return config->has_options || config->has_pools || md_mta_config_has_values(config) ||
                       config->files.tailor != NULL
                   ? MD_OK
                   : MD_NOT_FOUND;
    }
    origin = md_mta_config_origin(ctx, (struct md_loc){config->channels[0].loc.file, 0, 0});
    md_fact_bool(ctx->facts, root, "host.config_seen", true, &origin);
    md_config_set_channels(ctx, config);
    set_own_domains(ctx, config);
    set_queue_root(ctx, config);
    return MD_OK;
}

const struct md_probe md_probe_msgserver_config = {
    .name = "msgserver.config",
    .says = "reads channels, pools, options and schedules from the configuration",
    .cost = MD_COST_FREE,
    .reads = reads,
    .run = config_run,
};

/* ---- msgserver.context ---- */

/* Time to the first of the warnings and to the return of the oldest message. */
static void set_deadlines(struct md_probe_ctx *ctx, const struct md_mta_channel *channel, struct md_instance *at)
{
    const struct md_fact *oldest = md_fact_by_name(ctx->facts, at, "channel.oldest_s");
    const struct md_mta_steps *steps = &channel->notices[MD_MTA_NORMAL];
    struct md_origin origin = md_mta_config_origin(ctx, steps->loc.file != NULL ? steps->loc : channel->loc);
    struct md_fact *fact;
    double age, last;

    if (steps->n == 0)
        return;
    if (oldest == NULL || !oldest->is_known) {
        md_fact_unknown(ctx->facts, at, "channel.until_warning_s", "the age of the oldest message is not known");
        md_fact_unknown(ctx->facts, at, "channel.until_bounce_s", "the age of the oldest message is not known");
        return;
    }
    age = oldest->value.u.number;
    last = steps->seconds[steps->n - 1];
    fact = md_fact_duration(ctx->facts, at, "channel.until_bounce_s", last > age ? last - age : 0, &origin);
    for (size_t i = 0; i < oldest->n_origins; i++)
        md_fact_origin(ctx->facts, fact, &oldest->origins[i]);
    if (oldest->has_bounds)
        md_fact_bounds(fact, last > oldest->high ? last - oldest->high : 0,
                       last > oldest->low ? last - oldest->low : 0);
    for (size_t i = 0; i + 1 < steps->n; i++) {
        if (steps->seconds[i] > age) {
            md_fact_duration(ctx->facts, at, "channel.until_warning_s", steps->seconds[i] - age, &origin);
            return;
        }
    }
    md_fact_unknown(ctx->facts, at, "channel.until_warning_s", "the oldest message is past all warnings");
}

static void set_routed(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_instance *at,
                       const char *fact, struct md_str domain)
{
    const struct md_imta_rule *rule = NULL;
    struct md_origin origin;
    bool is_routed;

    if (config->rewrite == NULL) {
        md_fact_unknown(ctx->facts, at, fact, "no rewrite rules in the source");
        return;
    }
    is_routed = md_config_routes(config, domain, &rule);
    origin = md_mta_config_origin(ctx, rule != NULL ? rule->loc : (struct md_loc){config->rewrite->name, 0, 0});
    md_fact_bool(ctx->facts, at, fact, is_routed, &origin);
}

static void set_destination(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_instance *at)
{
    const struct md_mta_channel *channel = md_mta_config_channel(config, at->parent->name);
    struct md_origin origin;

    set_routed(ctx, config, at, "destination.routed", at->name);
    if (channel != NULL) {
        origin = md_mta_config_origin(ctx, channel->loc);
        md_fact_bool(ctx->facts, at, "destination.is_own_store",
                     channel->is_lmtp || md_str_has_prefix(channel->name, MD_LIT("tcp_lmtp")), &origin);
    }
    if (ctx->site != NULL) {
        const struct md_site_list *slow = &ctx->site->slow_destinations;
        const struct md_site_entry *entry = md_site_find(slow, at->name);
        struct md_loc loc = entry != NULL ? entry->loc : slow->loc;

        origin = (struct md_origin){.kind = MD_ORIGIN_FILE, .name = loc.file, .line = loc.line};
        md_fact_bool(ctx->facts, at, "destination.is_known_slow", entry != NULL, &origin);
    } else {
        md_fact_unknown(ctx->facts, at, "destination.is_known_slow", "no site file was given");
    }
}

static void set_channel_context(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_instance *at)
{
    const struct md_mta_channel *channel = md_mta_config_channel(config, at->name);
    const struct md_fact *top = md_fact_by_name(ctx->facts, at, "channel.held_domain_top");
    struct md_origin origin = {0};

    if (channel != NULL) {
        set_deadlines(ctx, channel, at);
    } else if (config->has_channels) {
        origin = md_mta_config_origin(ctx, (struct md_loc){config->channels[0].loc.file, 0, 0});
        md_fact_bool(ctx->facts, at, "channel.configured", false, &origin);
        md_fact_bool(ctx->facts, at, "channel.reaches_outside", md_config_reaches_outside(config, at->name), &origin);
    } else {
        md_fact_unknown(ctx->facts, at, "channel.configured", "no configuration in the source");
        md_fact_bool(ctx->facts, at, "channel.reaches_outside", md_config_reaches_outside(config, at->name), NULL);
    }
    if (top != NULL && top->is_known)
        set_routed(ctx, config, at, "channel.held_domain_routed", top->value.u.text);
    md_ordinary_set(ctx, at);
}

static enum md_status context_run(struct md_probe_ctx *ctx)
{
    const struct md_mta_config *config = md_mta_config_load(ctx);
    size_t n = md_facts_instance_count(ctx->facts);

    for (size_t i = 0; i < n; i++) {
        struct md_instance *at = md_facts_instance_at(ctx->facts, i);

        if (md_str_is(md_str(at->scope->name), "channel"))
            set_channel_context(ctx, config, at);
        else if (md_str_is(md_str(at->scope->name), "destination"))
            set_destination(ctx, config, at);
    }
    md_ordinary_check_names(ctx);
    return MD_OK;
}

const struct md_probe md_probe_msgserver_context = {
    .name = "msgserver.context",
    .says = "sets what was found against the configuration and the site file: time to warnings and returns, routes, "
            "what is ordinary",
    .cost = MD_COST_FREE,
    .reads = context_reads,
    .joins = true,
    .run = context_run,
};
