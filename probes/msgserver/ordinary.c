#include "probes/msgserver/ordinary.h"

#include "engine/base/display.h"
#include "probes/site.h"

#define FRESH_S 1800.0
#define HOUR_S 3600.0

enum answer { NO, YES, NOT_KNOWN };

static const struct md_fact *known(const struct md_probe_ctx *ctx, const struct md_instance *at, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(ctx->facts, at, name);

    return fact != NULL && fact->is_known ? fact : NULL;
}

/* A count or a number with its bounds. */
struct range {
    double low, high;
};

static struct range range_of(const struct md_fact *fact)
{
    double value = fact->def->type == MD_TYPE_COUNT ? (double)fact->value.u.count : fact->value.u.number;

    return fact->has_bounds ? (struct range){fact->low, fact->high} : (struct range){value, value};
}

static enum answer is_over(struct range range, double limit)
{
    if (range.low > limit)
        return YES;
    return range.high > limit ? NOT_KNOWN : NO;
}

/* Messages per hour that usually arrive: as the log tells them, else the average of what it covers. */
static const struct md_fact *usual_arrivals(const struct md_probe_ctx *ctx, const struct md_instance *channel,
                                            double *ret)
{
    const struct md_fact *usual = known(ctx, channel, "channel.arrivals_usual_1h");
    const struct md_fact *arrived = known(ctx, channel, "channel.arrived");
    const struct md_fact *span = known(ctx, md_facts_root(ctx->facts), "host.log_span_s");
    double seconds = span != NULL && span->value.u.number < ctx->since_s ? span->value.u.number : ctx->since_s;

    if (usual != NULL) {
        *ret = usual->value.u.number;
        return usual;
    }
    if (arrived == NULL || span == NULL || seconds < HOUR_S)
        return NULL;
    *ret = (double)arrived->value.u.count * HOUR_S / seconds;
    return arrived;
}

static struct md_origin origin_of_site(struct md_loc loc)
{
    return (struct md_origin){.kind = MD_ORIGIN_FILE, .name = loc.file, .line = loc.line};
}

/* What is ordinary; NULL: nobody can tell. */
static const struct md_fact *set_ordinary(struct md_probe_ctx *ctx, struct md_instance *channel, bool *ret_by_site)
{
    const struct md_site_entry *entry = ctx->site != NULL ? md_site_find(&ctx->site->ordinary, channel->name) : NULL;
    const struct md_fact *arrivals;
    struct md_fact *fact;
    double usual = 0;

    *ret_by_site = entry != NULL;
    if (entry != NULL) {
        struct md_origin origin = origin_of_site(entry->loc);

        return md_fact_count(ctx->facts, channel, "channel.ordinary", entry->count, &origin);
    }
    arrivals = usual_arrivals(ctx, channel, &usual);
    if (arrivals == NULL) {
        md_fact_unknown(ctx->facts, channel, "channel.ordinary",
                        "the site file does not say it, and no log says how much arrives");
        return NULL;
    }
    fact = md_fact_count(ctx->facts, channel, "channel.ordinary", (uint64_t)(usual > 0 ? usual : 0), NULL);
    for (size_t i = 0; i < arrivals->n_origins; i++)
        md_fact_origin(ctx->facts, fact, &arrivals->origins[i]);
    return fact;
}

/* Whether more is queued than is ordinary. */
static enum answer by_size(const struct md_fact *files, const struct md_fact *held, const struct md_fact *ordinary)
{
    struct range queued;

    if (files == NULL || held == NULL)
        return NOT_KNOWN;
    queued = range_of(files);
    queued.low -= range_of(held).high;
    queued.high -= range_of(held).low;
    if (ordinary == NULL)
        return is_over(queued, 0) == NO ? NO : NOT_KNOWN;
    return is_over(queued, (double)ordinary->value.u.count);
}

/* Whether an untried file lies there longer than it takes on its way. */
static enum answer by_age(const struct md_fact *untried, const struct md_fact *oldest)
{
    if (untried != NULL && is_over(range_of(untried), 0) == NO)
        return NO;
    return oldest != NULL ? is_over(range_of(oldest), FRESH_S) : NOT_KNOWN;
}

void md_ordinary_set(struct md_probe_ctx *ctx, struct md_instance *channel)
{
    const struct md_fact *files = known(ctx, channel, "channel.files");
    const struct md_fact *oldest = known(ctx, channel, "channel.oldest_untried_s");
    bool by_site;
    const struct md_fact *ordinary = set_ordinary(ctx, channel, &by_site);
    enum answer size = by_size(files, known(ctx, channel, "channel.held"), ordinary);
    enum answer age = by_site ? NO : by_age(known(ctx, channel, "channel.untried"), oldest);
    const struct md_fact *says = size == YES || oldest == NULL ? files : oldest;
    struct md_fact *fact;

    if (size != YES && age != YES && (size == NOT_KNOWN || age == NOT_KNOWN)) {
        md_fact_unknown(ctx->facts, channel, "channel.beyond_ordinary",
                        files == NULL ? "how many files are queued is not known"
                                      : "it is not known what is ordinary, or the numbers are too close to call");
        return;
    }
    fact = md_fact_bool(ctx->facts, channel, "channel.beyond_ordinary", size == YES || age == YES, NULL);
    for (size_t i = 0; says != NULL && i < says->n_origins; i++)
        md_fact_origin(ctx->facts, fact, &says->origins[i]);
    for (size_t i = 0; ordinary != NULL && i < ordinary->n_origins; i++)
        md_fact_origin(ctx->facts, fact, &ordinary->origins[i]);
}

void md_ordinary_check_names(struct md_probe_ctx *ctx)
{
    const struct md_scope_def *scope = md_catalogue_scope(md_facts_catalogue(ctx->facts), MD_LIT("channel"));

    for (size_t i = 0; ctx->site != NULL && i < ctx->site->ordinary.n; i++) {
        const struct md_site_entry *entry = &ctx->site->ordinary.items[i];
        bool is_there = false;

        for (size_t k = 0; k < md_facts_instance_count(ctx->facts) && !is_there; k++) {
            const struct md_instance *at = md_facts_instance_at(ctx->facts, k);

            is_there = at->scope == scope && md_str_eq_nocase(at->name, entry->name);
        }
        if (!is_there)
            md_diags_add(ctx->diags, MD_NOTE, entry->loc, "ordinary: there is no channel %s here",
                         md_display_max(ctx->arena, entry->name, 80));
    }
}
