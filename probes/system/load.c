/*
 * probes/system/load: load averages and start of the system, from `uptime`; processors, from whatever says how many.
 */
#include "engine/base/time.h"
#include "probes/formats/system/cpus.h"
#include "probes/formats/system/uptime.h"
#include "probes/item_text.h"

#define TEXT_MAX (1u << 20)
#define CPUS_TEXT_MAX (16u << 20) /* /proc/cpuinfo of a big machine */

static bool set_cpus(struct md_probe_ctx *ctx)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_CPUS, &items);

    for (size_t i = n; i > 0; i--) {
        struct md_cpus cpus;
        struct md_str text;
        struct md_origin origin;

        if (items[i - 1]->status == MD_NOT_FOUND || !md_item_text(ctx, items[i - 1], CPUS_TEXT_MAX, &text) ||
            md_cpus_parse(text, &cpus) != MD_OK)
            continue;
        origin = md_item_origin(items[i - 1], cpus.line);
        md_fact_count(ctx->facts, root, "host.cpus", cpus.count, &origin);
        return true;
    }
    md_fact_unknown(ctx->facts, root, "host.cpus", "nothing in the source says how many processors there are");
    return false;
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    static const char none[] = "no output of uptime was found";
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_UPTIME, &items);
    const struct md_item *newest = NULL;
    struct md_uptime up = {0};
    bool has_cpus;

    for (size_t i = 0; i < n; i++) {
        struct md_uptime one;
        struct md_str text;

        if (!md_item_text(ctx, items[i], TEXT_MAX, &text))
            continue;
        if (md_uptime_parse(text, &one) != MD_OK) {
            struct md_loc loc = md_item_loc(items[i], 0);

            md_diags_add(ctx->diags, MD_WARNING, loc, "has no load averages");
            continue;
        }
        if (newest == NULL || items[i]->taken_at >= newest->taken_at) {
            newest = items[i];
            up = one;
        }
    }
    has_cpus = set_cpus(ctx);
    if (newest == NULL) {
        md_fact_unknown(ctx->facts, root, "host.load1", none);
        md_fact_unknown(ctx->facts, root, "host.load15", none);
        md_fact_unknown(ctx->facts, root, "host.boot", none);
        return has_cpus ? MD_OK : MD_NOT_FOUND;
    }
    struct md_origin origin = md_item_origin(newest, up.line);

    md_fact_number(ctx->facts, root, "host.load1", up.load[0], &origin);
    md_fact_number(ctx->facts, root, "host.load15", up.load[2], &origin);
    const int64_t at = newest->taken_at != MD_TIME_NONE ? newest->taken_at : ctx->now;

    if (!up.has_up)
        md_fact_unknown(ctx->facts, root, "host.boot", "uptime does not say since when the system runs");
    else if (at == MD_TIME_NONE)
        md_fact_unknown(ctx->facts, root, "host.boot", "nothing says when uptime ran");
    else
        md_fact_time(ctx->facts, root, "host.boot", at - (int64_t)(up.up_s * (double)MD_SECOND), &origin);
    return MD_OK;
}

static const enum md_item_kind reads[] = {MD_ITEM_UPTIME, MD_ITEM_CPUS, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_system_load = {
    .name = "system.load",
    .says = "reads the load averages, since when the system runs and how many processors it has",
    .cost = MD_COST_FREE,
    .reads = reads,
    .run = run,
};
