#include "probes/msgserver/queue_ages.h"

#include <math.h>

#include "probes/msgserver/census.h"
#include "probes/msgserver/world.h"

/* Of one channel; MD_TIME_NONE: none. */
struct ages {
    int64_t guess;         /* earliest submission, as far as is known or guessed */
    int64_t least;         /* the latest that it can be */
    uint64_t tried, known; /* slots of tried files; of them with a submission in the log */
};

static void widen(int64_t at, int64_t *oldest)
{
    if (at != MD_TIME_NONE && (*oldest == MD_TIME_NONE || at < *oldest))
        *oldest = at;
}

static void add_slot(struct ages *ages, const struct md_census *census, const struct md_stuck *slot)
{
    if (slot->is_held || slot->attempts == 0)
        return;
    ages->tried++;
    if (slot->submitted != 0) {
        ages->known++;
        widen(slot->submitted, &ages->guess);
        widen(slot->submitted, &ages->least);
        return;
    }
    widen(md_census_guess_submission(census, slot), &ages->guess);
    widen(slot->mtime, &ages->least);
}

static double age_s(const struct md_probe_ctx *ctx, int64_t at)
{
    double age = (double)(ctx->now - at) / (double)MD_SECOND;

    return age > 0 ? age : 0;
}

static void set_age(struct md_probe_ctx *ctx, const struct md_census_channel *c, const struct ages *ages,
                    bool is_sample, const struct md_item *log)
{
    struct md_instance *at = md_facts_instance(ctx->facts, "channel", c->name, md_facts_root(ctx->facts));
    const struct md_fact *before = md_fact_by_name(ctx->facts, at, "channel.oldest_s");
    struct md_origin origin = md_origin_item(log, 0), queue;
    double high = (double)NAN;
    struct md_fact *fact;

    /* A second origin is a log's: a bundle's facts know it whole. */
    if (before == NULL || !before->is_known || before->n_origins != 1)
        return;
    queue = before->origins[0];
    if (is_sample || isinf(before->high))
        high = HUGE_VAL;
    else if (ages->known < ages->tried)
        high = fmax(before->has_bounds ? before->high : 0, age_s(ctx, ages->guess));
    md_fact_replace(ctx->facts, at, "channel.oldest_s");
    fact = md_fact_duration(ctx->facts, at, "channel.oldest_s", age_s(ctx, ages->guess), &queue);
    md_fact_origin(ctx->facts, fact, &origin);
    if (!isnan(high))
        md_fact_bounds(fact, age_s(ctx, ages->least), high);
}

void md_queue_set_ages_by_log(struct md_probe_ctx *ctx, const struct md_item *log)
{
    struct md_census *census = ctx->msgserver->census;
    struct ages *ages;
    struct md_stuck *slot;
    size_t n, cursor = 0;

    if (census == NULL)
        return;
    n = md_census_channel_count(census);
    ages = md_arena_array(ctx->arena, n + 1, sizeof *ages);
    for (size_t i = 0; i < n; i++)
        ages[i].guess = ages[i].least = md_census_channel_at(census, i)->oldest_untried;
    while ((slot = md_census_next(census, &cursor)) != NULL)
        add_slot(&ages[slot->channel], census, slot);
    for (size_t i = 0; i < n; i++)
        if (ages[i].known > 0)
            set_age(ctx, md_census_channel_at(census, i), &ages[i], md_census_stuck_factor(census) > 1, log);
}
