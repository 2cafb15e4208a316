/*
 * What configuration says about each channel.
 */
#include "engine/base/time.h"
#include "probes/msgserver/config.h"
#include "probes/msgserver/mta_config_load.h"
#include "probes/msgserver/world.h"

#define SHARED_MAX 256 /* channels of one pool that are named */
#define NOTIFICATION_RULES_MAX 16

static const char no_jc[] = "job_controller.cnf is not in the source";

/* Names of stock channels that serve this site only. */
static bool is_inside(struct md_str name)
{
    static const char *const inside[] = {"tcp_intranet", "tcp_submit", "tcp_auth", "tcp_tas"};

    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        if (md_str_is(name, inside[i]))
            return true;
    return md_str_has_prefix(name, MD_LIT("tcp_lmtp"));
}

bool md_config_reaches_outside(const struct md_mta_config *config, struct md_str name)
{
    const struct md_mta_channel *channel = md_mta_config_channel(config, name);

    if (!md_str_has_prefix(name, MD_LIT("tcp_")) || is_inside(name))
        return false;
    return channel == NULL || (!channel->is_lmtp && channel->runs_master);
}

/* "." and rules for a whole top-level domain are the way to all others. */
static bool is_default_pattern(struct md_str pattern)
{
    return pattern.n > 0 && pattern.p[0] == '.' && md_str_find_char(md_str_from(pattern, 1), '.') < 0;
}

bool md_config_routes(const struct md_mta_config *config, struct md_str domain, const struct md_imta_rule **ret_rule)
{
    const struct md_imta_rule *rule = md_mta_config_rule_for(config, domain, true);

    if (ret_rule != NULL)
        *ret_rule = rule;
    return rule != NULL && !is_default_pattern(rule->pattern);
}

static struct md_origin origin_of(struct md_probe_ctx *ctx, const struct md_mta_channel *channel, struct md_loc loc)
{
    return md_mta_config_origin(ctx, loc.file != NULL ? loc : channel->loc);
}

static void set_count(struct md_probe_ctx *ctx, struct md_instance *at, const struct md_mta_channel *channel,
                      const char *fact, struct md_mta_count count, const char *why)
{
    struct md_origin origin = origin_of(ctx, channel, count.loc);

    if (count.is_known)
        md_fact_count(ctx->facts, at, fact, count.value, &origin);
    else
        md_fact_unknown(ctx->facts, at, fact, why);
}

/* ---- pool and program ---- */

static void set_shared(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_instance *at,
                       const struct md_mta_channel *channel)
{
    struct md_str names[SHARED_MAX];
    struct md_origin origin = origin_of(ctx, channel, channel->pool_loc);
    size_t n = 0;

    for (size_t i = 0; i < config->n_channels && n < SHARED_MAX; i++) {
        const struct md_mta_channel *other = &config->channels[i];

        if (other != channel && md_str_eq_nocase(other->pool, channel->pool))
            names[n++] = other->name;
    }
    md_fact_texts(ctx->facts, at, "channel.pool_shared_with", names, n, &origin);
}

static void set_pool(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_instance *at,
                     const struct md_mta_channel *channel)
{
    const struct md_mta_pool *pool = md_mta_config_pool(config, channel->pool);
    struct md_origin origin = origin_of(ctx, channel, channel->pool_loc);
    struct md_fact *fact;

    if (channel->pool.n == 0) {
        md_fact_unknown(ctx->facts, at, "channel.pool", no_jc);
        md_fact_unknown(ctx->facts, at, "channel.pool_defined", no_jc);
        md_fact_unknown(ctx->facts, at, "channel.pool_limit", no_jc);
        md_fact_unknown(ctx->facts, at, "channel.pool_shared_with", no_jc);
        md_fact_unknown(ctx->facts, at, "channel.jobs_max", no_jc);
        return;
    }
    md_fact_text(ctx->facts, at, "channel.pool", channel->pool, &origin);
    set_shared(ctx, config, at, channel);
    if (!config->has_pools) {
        md_fact_unknown(ctx->facts, at, "channel.pool_defined", no_jc);
        md_fact_unknown(ctx->facts, at, "channel.pool_limit", no_jc);
        md_fact_unknown(ctx->facts, at, "channel.jobs_max", no_jc);
        return;
    }
    fact = md_fact_bool(ctx->facts, at, "channel.pool_defined", pool != NULL, &origin);
    if (pool == NULL) {
        origin = md_mta_config_origin(ctx, (struct md_loc){config->pools[0].loc.file, 0, 0});
        md_fact_origin(ctx->facts, fact, &origin);
        md_fact_unknown(ctx->facts, at, "channel.pool_limit", "its pool is not defined");
        md_fact_unknown(ctx->facts, at, "channel.jobs_max", "its pool is not defined");
        return;
    }
    origin = md_mta_config_origin(ctx, pool->loc);
    md_fact_origin(ctx->facts, fact, &origin);
    origin = md_mta_config_origin(ctx, pool->job_limit.is_default ? pool->loc : pool->job_limit.loc);
    md_fact_count(ctx->facts, at, "channel.pool_limit", pool->job_limit.value, &origin);
    set_count(ctx, at, channel, "channel.jobs_max", md_mta_config_jobs_max(config, channel), no_jc);
}

/* Last component of "IMTA_BIN:tcp_smtp_client" or "/opt/.../lib/ims_master -x". */
static struct md_str program_of(struct md_str command)
{
    struct md_str word = md_str_next_word(&command);
    ptrdiff_t slash = md_str_rfind_char(word, '/'), colon = md_str_rfind_char(word, ':');

    return md_str_from(word, (size_t)((slash > colon ? slash : colon) + 1));
}

/* Minute of the day by the clock of the host. */
static int local_minute(const struct md_probe_ctx *ctx)
{
    int64_t local = ctx->now + (int64_t)md_zone_offset_at(ctx->zone, ctx->now) * MD_SECOND;

    return (int)(local % MD_DAY / MD_MINUTE);
}

/* "IMTA_BIN:ims_master" below the folder that imta_tailor gives, or without one where it gives none; a path as it is. */
static struct md_str whole_path(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_str command)
{
    struct md_str word = md_str_next_word(&command);
    ptrdiff_t colon = md_str_find_char(word, ':');
    struct md_mta_setting folder;
    struct md_str name;

    if (colon <= 0)
        return word;
    name = md_str_from(word, (size_t)colon + 1);
    if (!md_mta_config_path(config, md_arena_cstr(ctx->arena, md_str_sub(word, 0, (size_t)colon)), &folder))
        return name;
    return md_str(md_arena_printf(ctx->arena, "%.*s/%.*s", MD_STR_ARG(folder.value), MD_STR_ARG(name)));
}

static void set_missing(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_instance *at,
                        const struct md_mta_class *class)
{
    struct md_origin origin = md_mta_config_origin(ctx, class->master.loc);
    enum md_status status = md_source_program(ctx->source, whole_path(ctx, config, class->master.value));

    if (status == MD_OK || status == MD_NOT_FOUND || status == MD_BAD_INPUT) {
        md_fact_bool(ctx->facts, at, "channel.master_missing", status != MD_OK, &origin);
        return;
    }
    md_fact_unknown(ctx->facts, at, "channel.master_missing", "whether the program is there cannot be told");
    if (status != MD_UNSUPPORTED)
        md_diags_add(ctx->diags, MD_WARNING, class->master.loc, "whether the program is there cannot be told: %s",
                     md_status_says(status));
}

static void set_program(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_instance *at,
                        const struct md_mta_channel *channel)
{
    const struct md_mta_class *class = md_mta_config_class_for(config, channel->name);
    struct md_str program = class != NULL ? program_of(class->master.value) : (struct md_str){0};
    struct md_origin origin;
    bool is_closed = false;

    if (config->n_classes == 0) {
        md_fact_unknown(ctx->facts, at, "channel.master_defined", no_jc);
        md_fact_unknown(ctx->facts, at, "channel.master_program", no_jc);
        md_fact_unknown(ctx->facts, at, "channel.window_closed", no_jc);
        return;
    }
    if (program.n == 0 || md_str_is_nocase(program, "NULL")) {
        origin = class != NULL ? md_mta_config_origin(ctx, class->loc)
                               : md_mta_config_origin(ctx, (struct md_loc){config->classes[0].loc.file, 0, 0});
        md_fact_bool(ctx->facts, at, "channel.master_defined", false, &origin);
        md_fact_unknown(ctx->facts, at, "channel.master_program", "no program is set for it");
    } else {
        origin = md_mta_config_origin(ctx, class->master.loc);
        md_fact_bool(ctx->facts, at, "channel.master_defined", true, &origin);
        md_fact_text(ctx->facts, at, "channel.master_program", program, &origin);
        set_missing(ctx, config, at, class);
    }
    if (ctx->now == MD_TIME_NONE) {
        md_fact_unknown(ctx->facts, at, "channel.window_closed", "nothing says what time it was");
        return;
    }
    for (size_t p = 0; class != NULL && p < MD_MTA_PRIORITIES; p++) {
        if (!md_mta_window_is_open(class->windows[p].value, local_minute(ctx))) {
            is_closed = true;
            origin = md_mta_config_origin(ctx, class->windows[p].loc);
        }
    }
    md_fact_bool(ctx->facts, at, "channel.window_closed", is_closed, &origin);
}

/* ---- retry ---- */

static void set_steps(struct md_probe_ctx *ctx, struct md_instance *at, const struct md_mta_channel *channel,
                      const char *first, const char *last, const struct md_mta_steps *steps)
{
    struct md_origin origin = origin_of(ctx, channel, steps->loc);

    if (steps->n == 0)
        return;
    md_fact_duration(ctx->facts, at, first, steps->seconds[0], &origin);
    md_fact_duration(ctx->facts, at, last, steps->seconds[steps->n - 1], &origin);
}

/* ---- routing ---- */

/* Default rules for mail from a process channel: they send notifications another way than other mail. */
struct notification_rules {
    const struct md_imta_rule *items[NOTIFICATION_RULES_MAX];
    size_t n;
};

static void find_notification_rules(const struct md_mta_config *config, struct notification_rules *ret)
{
    ret->n = 0;
    for (size_t i = 0; config->rewrite != NULL && i < config->rewrite->n_rules; i++) {
        const struct md_imta_rule *rule = &config->rewrite->rules[i];

        for (size_t k = 0; k < rule->n_controls && ret->n < NOTIFICATION_RULES_MAX; k++) {
            if (rule->controls[k].letter == 'M' && is_default_pattern(rule->pattern) &&
                md_str_has_prefix(rule->controls[k].arg, MD_LIT("process"))) {
                ret->items[ret->n++] = rule;
                break;
            }
        }
    }
}

/* Notifications leave by another channel: the keyword says so, or a rule does. */
static void set_notifications(struct md_probe_ctx *ctx, const struct md_mta_config *config,
                              const struct notification_rules *rules, struct md_instance *at,
                              const struct md_mta_channel *channel)
{
    const struct md_imta_keyword *keyword = md_mta_channel_keyword(channel, "notificationchannel");
    struct md_origin origin = origin_of(ctx, channel, keyword != NULL ? keyword->loc : channel->loc);
    bool is_separate = keyword != NULL && keyword->n_args > 0 && !md_str_is_nocase(keyword->args[0].text, "process");

    for (size_t i = 0; i < rules->n && !is_separate; i++) {
        if (md_mta_config_tag(config, rules->items[i]->tag) == channel)
            continue;
        is_separate = true;
        origin = md_mta_config_origin(ctx, rules->items[i]->loc);
    }
    md_fact_bool(ctx->facts, at, "channel.separate_notifications", is_separate, &origin);
}

static void set_names(struct md_probe_ctx *ctx, struct md_instance *at, const struct md_mta_channel *channel)
{
    static const char *const keywords[] = {"nameservers", "lastresort"};
    struct md_str names[32];
    struct md_origin origin = md_mta_config_origin(ctx, channel->loc);
    size_t n = 0;

    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        const struct md_imta_keyword *keyword = md_mta_channel_keyword(channel, keywords[i]);

        for (size_t k = 0; keyword != NULL && k < keyword->n_args && n < sizeof names / sizeof *names; k++) {
            names[n++] = keyword->args[k].text;
            origin = md_mta_config_origin(ctx, keyword->loc);
        }
    }
    md_fact_texts(ctx->facts, at, "channel.own_names", names, n, &origin);
}

static void set_routing(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_instance *at,
                        const struct md_mta_channel *channel)
{
    struct md_origin origin = md_mta_config_origin(ctx, channel->loc);
    struct md_loc loc;
    struct md_str host;

    md_fact_bool(ctx->facts, at, "channel.reaches_outside", md_config_reaches_outside(config, channel->name), &origin);
    if (md_str_has_prefix(channel->name, MD_LIT("tcp_"))) {
        struct md_str mx = md_mta_channel_mx(channel, &loc);

        origin = md_mta_config_origin(ctx, loc);
        md_fact_text(ctx->facts, at, "channel.mx_keyword", mx, &origin);
    }
    host = md_mta_channel_smarthost(channel, &loc);
    origin = md_mta_config_origin(ctx, loc);
    if (host.n > 0)
        md_fact_text(ctx->facts, at, "channel.smarthost", host, &origin);
    else
        md_fact_unknown(ctx->facts, at, "channel.smarthost", "no host is set for all its mail");
    set_names(ctx, at, channel);
}

static void set_channel(struct md_probe_ctx *ctx, const struct md_mta_config *config,
                        const struct notification_rules *rules, const struct md_mta_channel *channel)
{
    struct md_instance *at = md_facts_instance(ctx->facts, "channel", channel->name, md_facts_root(ctx->facts));
    const struct md_imta_keyword *keyword;
    struct md_origin origin = md_mta_config_origin(ctx, channel->loc);

    md_fact_bool(ctx->facts, at, "channel.configured", true, &origin);
    set_pool(ctx, config, at, channel);
    set_program(ctx, config, at, channel);
    set_count(ctx, at, channel, "channel.threads_max", channel->threads, "not known");
    set_count(ctx, at, channel, "channel.threaddepth", channel->threaddepth, "not known");
    set_count(ctx, at, channel, "channel.holdlimit", channel->holdlimit, "it is not set");
    set_steps(ctx, at, channel, "channel.first_notice_s", "channel.last_notice_s", &channel->notices[MD_MTA_NORMAL]);
    set_steps(ctx, at, channel, "channel.first_retry_s", "channel.last_retry_s", &channel->backoff[MD_MTA_NORMAL]);
    keyword = md_mta_channel_keyword(channel, channel->logging ? "logging" : "nologging");
    origin = origin_of(ctx, channel, keyword != NULL ? keyword->loc : channel->loc);
    md_fact_bool(ctx->facts, at, "channel.logging", channel->logging, &origin);
    keyword = md_mta_channel_keyword(channel, channel->loopcheck ? "loopcheck" : "noloopcheck");
    origin = origin_of(ctx, channel, keyword != NULL ? keyword->loc : channel->loc);
    md_fact_bool(ctx->facts, at, "channel.loopcheck", channel->loopcheck, &origin);
    set_routing(ctx, config, at, channel);
    set_notifications(ctx, config, rules, at, channel);
}

void md_config_set_channels(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    struct notification_rules rules;

    find_notification_rules(config, &rules);
    for (size_t i = 0; i < config->n_channels; i++)
        set_channel(ctx, config, &rules, &config->channels[i]);
}
