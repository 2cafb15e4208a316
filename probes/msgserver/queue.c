/*
 * probes/msgserver/queue: the probe msgserver.queue.
 *
 * Sets the facts of the queue from its census and leaves the census in the blackboard. Counts of a queue that was not
 * seen whole are lower bounds. A configured channel without a folder in a whole listing has no files.
 */
#include <math.h>

#include "probes/msgserver/census.h"
#include "probes/msgserver/channel_kind.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/queue_read.h"
#include "probes/msgserver/world.h"
#include "probes/probe.h"

static const char no_file[] = "there is no such file";
static const char no_times[] = "the listing has no times";
static const char not_configured[] = "the ages of notices of this channel are not known";

/* Where the facts of one instance go. */
struct target {
    struct md_facts *facts;
    struct md_instance *at;
    struct md_origin origin;
    bool is_complete;
    int64_t now;
};

static void set_count(const struct target *t, const char *name, uint64_t value)
{
    struct md_fact *fact = md_fact_count(t->facts, t->at, name, value, &t->origin);

    if (!t->is_complete)
        md_fact_bounds(fact, (double)value, HUGE_VAL);
}

static double age_s(const struct target *t, int64_t at)
{
    double age = (double)(t->now - at) / (double)MD_SECOND;

    return age > 0 ? age : 0;
}

/* An age of the oldest (`is_least`: the true one may be greater) or newest of what was seen. */
static void set_age(const struct target *t, const char *name, int64_t at, uint64_t files, bool is_least)
{
    struct md_fact *fact;

    if (at == MD_TIME_NONE) {
        md_fact_unknown(t->facts, t->at, name, files > 0 ? no_times : no_file);
        return;
    }
    fact = md_fact_duration(t->facts, t->at, name, age_s(t, at), &t->origin);
    if (!t->is_complete)
        md_fact_bounds(fact, is_least ? age_s(t, at) : 0, is_least ? HUGE_VAL : age_s(t, at));
}

/* Of a tried file we see the last attempt; the submission is guessed from the number of attempts, and known only from
 * the log. */
static void set_oldest(const struct target *t, const struct md_census_channel *c)
{
    int64_t seen = c->oldest_untried;
    struct md_fact *fact;
    double least, guess;

    if (c->oldest_tried != MD_TIME_NONE && (seen == MD_TIME_NONE || c->oldest_tried < seen))
        seen = c->oldest_tried;
    if (c->tried == 0 || seen == MD_TIME_NONE) {
        set_age(t, "channel.oldest_s", seen, c->untried + c->tried, true);
        return;
    }
    least = age_s(t, seen);
    guess = age_s(t, c->oldest_guess);
    fact = md_fact_duration(t->facts, t->at, "channel.oldest_s", guess, &t->origin);
    md_fact_bounds(fact, least, t->is_complete ? least + 2 * (guess - least) : HUGE_VAL);
}

static void set_generations(const struct target *t, struct md_arena *arena, const struct md_census_channel *c)
{
    struct md_count_item items[MD_CENSUS_GENERATIONS];
    size_t n = 0;

    for (size_t i = 0; i < MD_CENSUS_GENERATIONS; i++)
        if (c->generations[i] > 0)
            items[n++] =
                (struct md_count_item){.name = md_str(md_arena_printf(arena, "%zu", i)), .count = c->generations[i]};
    md_fact_counts(t->facts, t->at, "channel.generations", items, n, 0, t->is_complete, &t->origin);
}

static void set_channel(const struct target *t, struct md_arena *arena, const struct md_census_channel *c,
                        uint64_t hand_released)
{
    bool has_times = c->files == 0 || c->undated < c->files;

    set_count(t, "channel.files", c->files);
    set_count(t, "channel.untried", c->untried);
    set_count(t, "channel.retried", c->tried);
    set_count(t, "channel.held", c->held);
    set_count(t, "channel.bytes", c->bytes);
    set_count(t, "channel.hand_released", hand_released);
    set_generations(t, arena, c);
    set_count(t, "channel.attempts_max", c->attempts_max);
    if (c->tried > 0)
        md_fact_number(t->facts, t->at, "channel.attempts_mean", (double)c->attempts_total / (double)c->tried,
                       &t->origin);
    else
        md_fact_unknown(t->facts, t->at, "channel.attempts_mean", no_file);

    set_oldest(t, c);
    set_age(t, "channel.oldest_untried_s", c->oldest_untried, c->untried, true);
    set_age(t, "channel.newest_s", c->newest, c->files, false);
    set_age(t, "channel.newest_retry_s", c->newest_tried, c->tried, false);
    set_age(t, "channel.held_oldest_s", c->oldest_held, c->held, true);
    if (!has_times) {
        static const char *const aged[] = {"channel.untried_over_30min", "channel.untried_over_4h", "channel.waiting",
                                           "channel.overdue", "channel.files_over_last_notice"};

        for (size_t i = 0; i < sizeof aged / sizeof *aged; i++)
            md_fact_unknown(t->facts, t->at, aged[i], no_times);
        return;
    }
    set_count(t, "channel.untried_over_30min", md_census_older(c->untried_ages, 30));
    set_count(t, "channel.untried_over_4h", md_census_older(c->untried_ages, 240));
    set_count(t, "channel.waiting", c->in_backoff);
    set_count(t, "channel.overdue", c->overdue);
    if (c->files == c->held || c->schedule.age_limit_s > 0)
        set_count(t, "channel.files_over_last_notice", c->over_age);
    else
        md_fact_unknown(t->facts, t->at, "channel.files_over_last_notice", not_configured);
}

static void set_kind(const struct target *t, const struct md_mta_config *config)
{
    md_fact_text(t->facts, t->at, "channel.kind", md_str(md_channel_kind(config, t->at->name)), &t->origin);
}

static void set_channels(struct md_probe_ctx *ctx, const struct md_queue_reading *reading)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_census *census = reading->census;
    const uint64_t *hand_released = md_census_hand_released(census, ctx->arena);

    for (size_t i = 0; i < md_census_channel_count(census); i++) {
        const struct md_census_channel *c = md_census_channel_at(census, i);
        struct target t = {ctx->facts, md_facts_instance(ctx->facts, "channel", c->name, root),
                           md_origin_item(reading->item_of[i], 0), reading->is_exact, ctx->now};

        set_kind(&t, ctx->msgserver->config);
        set_channel(&t, ctx->arena, c, hand_released[i]);
    }
}

/* Not one that only facts recorded in a bundle name, which are there before the probes: on the host its log was read later. */
static bool is_configured(const struct md_probe_ctx *ctx, const struct md_instance *at)
{
    return at->scope == md_catalogue_scope(md_facts_catalogue(ctx->facts), MD_LIT("channel")) &&
           ctx->msgserver->config != NULL && md_mta_config_channel(ctx->msgserver->config, at->name) != NULL;
}

/* Channels that are configured but have no folder: nothing was ever queued there, or the listing has only files. */
static void set_channels_without_folder(struct md_probe_ctx *ctx, const struct md_queue_reading *reading)
{
    struct md_census_channel none = {0};

    none.oldest = none.newest = none.oldest_untried = none.newest_untried = MD_TIME_NONE;
    none.oldest_tried = none.newest_tried = none.oldest_held = none.newest_held = none.oldest_guess = MD_TIME_NONE;
    for (size_t i = 0; i < md_facts_instance_count(ctx->facts); i++) {
        struct md_instance *at = md_facts_instance_at(ctx->facts, i);
        struct target t = {ctx->facts, at, md_origin_item(reading->items[0], 0), true, ctx->now};

        if (!is_configured(ctx, at) || md_census_channel(reading->census, at->name) != NULL)
            continue;
        set_kind(&t, ctx->msgserver->config);
        set_channel(&t, ctx->arena, &none, 0);
    }
}

static void set_host(struct md_probe_ctx *ctx, const struct md_queue_reading *reading)
{
    struct md_census_channel total = md_census_total(reading->census);
    bool is_complete = reading->is_exact && reading->is_whole_queue;
    struct target t = {ctx->facts, md_facts_root(ctx->facts), md_origin_item(reading->items[0], 0), is_complete,
                       ctx->now};
    uint64_t held = total.held;

    for (size_t i = 0; i < md_census_channel_count(reading->census); i++) {
        const struct md_census_channel *c = md_census_channel_at(reading->census, i);

        if (md_str_is(md_str(md_channel_kind(ctx->msgserver->config, c->name)), "hold"))
            held -= c->held;
    }
    set_count(&t, "host.queue_files", total.files);
    set_count(&t, "host.queue_untried", total.untried);
    set_count(&t, "host.queue_held", held);
    set_count(&t, "host.queue_bytes", total.bytes);
    set_count(&t, "host.queue_foreign", total.foreign + md_census_root_foreign(reading->census));
    set_count(&t, "host.spool_leftovers", total.leftovers);
    set_count(&t, "host.spool_leftover_bytes", total.leftover_bytes);
    md_fact_bool(ctx->facts, t.at, "host.queue_is_complete", is_complete, &t.origin);
}

/* Kinds follow from names, so they are known even where the queue is not. */
static void set_kinds_alone(struct md_probe_ctx *ctx)
{
    const struct md_scope_def *scope = md_catalogue_scope(md_facts_catalogue(ctx->facts), MD_LIT("channel"));

    for (size_t i = 0; i < md_facts_instance_count(ctx->facts); i++) {
        struct target t = {.facts = ctx->facts, .at = md_facts_instance_at(ctx->facts, i)};

        if (t.at->scope == scope)
            md_fact_text(t.facts, t.at, "channel.kind", md_str(md_channel_kind(ctx->msgserver->config, t.at->name)),
                         NULL);
    }
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct md_queue_reading reading;

    md_queue_read(ctx, &reading);
    if (reading.census == NULL) {
        set_kinds_alone(ctx);
        return reading.status != MD_OK ? reading.status : MD_NOT_FOUND;
    }
    ctx->msgserver->census = reading.census;
    set_channels(ctx, &reading);
    if (reading.is_exact && reading.is_whole_queue)
        set_channels_without_folder(ctx, &reading);
    set_host(ctx, &reading);
    return reading.status;
}

static const enum md_item_kind reads[] = {MD_ITEM_QUEUE_TREE, MD_ITEM_LISTING, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_msgserver_queue = {
    .name = "msgserver.queue",
    .says = "counts queue files by channel, attempts and age, from their names, sizes and times alone",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .run = run,
};
