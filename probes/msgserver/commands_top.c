/* What most of the queued messages of a channel have in common, as `qm top` counts it. */
#include "probes/formats/msgserver/qm_top.h"
#include "probes/item_text.h"
#include "probes/msgserver/instances.h"
#include "probes/msgserver/commands.h"

/* Of the field that the command counts; NULL: none of ours. */
static const char *fact_of(enum md_qm_top_field field)
{
    switch (field) {
    case MD_QM_TOP_DOMAIN_TO: return "channel.stuck_destinations";
    case MD_QM_TOP_TO: return "channel.stuck_recipients";
    case MD_QM_TOP_FROM: return "channel.stuck_senders";
    case MD_QM_TOP_NONE: break;
    }
    return NULL;
}

static bool read_top(struct md_probe_ctx *ctx, const struct md_item *item)
{
    const struct md_qm_top_row *rows;
    struct md_count_item *items;
    struct md_str channel, text;
    const char *fact = fact_of(md_qm_top_command(md_str(item->command), &channel));
    struct md_origin origin;
    struct md_instance *at;
    size_t n;

    if (fact == NULL || channel.n == 0) {
        md_diags_add(ctx->diags, MD_NOTE, md_item_loc(item, 0),
                     "is read only with its command, for one channel and one of -domain_to, -to, -from");
        return false;
    }
    if (!md_item_text(ctx, item, MD_COMMAND_TEXT_MAX, &text))
        return false;
    n = md_qm_top_parse(ctx->arena, text, &rows);
    if (n == 0)
        return false;
    items = md_arena_array(ctx->arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct md_count_item){
            .name = rows[i].text, .count = rows[i].count, .origin = md_item_origin(item, rows[i].line)};
    origin = md_item_origin(item, rows[0].line);
    at = md_instances_get(ctx, "channel", channel, md_facts_root(ctx->facts), item);
    if (at == NULL)
        return false;
    /* Only the most frequent ones are listed. */
    md_fact_counts(ctx->facts, at, fact, items, n, 0, false, &origin);
    return true;
}

bool md_commands_top(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_QM_TOP, &items);
    bool is_any = false;

    for (size_t i = n; i > 0; i--)
        is_any |= read_top(ctx, items[i - 1]);
    return is_any;
}
