/*
 * probes/system/network: retransmissions of TCP, from `netstat -s`.
 */
#include "probes/formats/system/uptime.h"
#include "probes/item_text.h"

#define TEXT_MAX (4u << 20)

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_NETSTAT, &items);

    for (size_t i = n; i > 0; i--) {
        struct md_netstat_tcp tcp;
        struct md_str text;
        struct md_origin origin;

        if (!md_item_text(ctx, items[i - 1], TEXT_MAX, &text) || md_netstat_parse(text, &tcp) != MD_OK || tcp.sent == 0)
            continue;
        origin = md_item_origin(items[i - 1], tcp.line);
        md_fact_number(ctx->facts, root, "host.retransmit_pct", 100.0 * (double)tcp.resent / (double)tcp.sent, &origin);
        return MD_OK;
    }
    md_fact_unknown(ctx->facts, root, "host.retransmit_pct",
                    n == 0 ? "no output of netstat -s was found"
                           : "the output of netstat has no counters of TCP segments");
    return MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {MD_ITEM_NETSTAT, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_system_network = {
    .name = "system.network",
    .says = "reads how many TCP segments are sent again",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .run = run,
};
