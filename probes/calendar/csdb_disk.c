#include "probes/calendar/csdb_disk.h"

#include "probes/calendar/world.h"
#include "probes/formats/system/df.h"
#include "probes/formats/system/mount.h"
#include "probes/item_text.h"

#define TEXT_MAX (4u << 20)

static bool is_absolute(struct md_str path)
{
    return path.n > 0 && path.p[0] == '/';
}

static bool is_same_mount(const struct md_df *df, const struct md_df_row *row, struct md_str path)
{
    const struct md_df_row *other = is_absolute(path) ? md_df_find(df, path) : NULL;

    return other != NULL && md_str_eq(other->mount, row->mount);
}

static void use_df(struct md_probe_ctx *ctx, const struct md_item *item, const struct md_df *df, struct md_str folder)
{
    struct md_instance *host = md_facts_root(ctx->facts);
    const struct md_df_row *row = md_df_find(df, folder);
    const struct md_calendar_world *world = md_calendar_load(ctx);
    struct md_str hot = world->hotbackup_path, archive = world->archive_path;
    struct md_origin origin;

    if (row == NULL)
        return;
    origin = md_item_origin(item, row->line);
    if (row->has_used_pct)
        md_fact_number(ctx->facts, host, "host.csdb_disk_pct", row->used_pct, &origin);
    if (row->has_avail)
        md_fact_count(ctx->facts, host, "host.csdb_disk_avail", row->avail, &origin);
    if (is_absolute(hot) || is_absolute(archive))
        md_fact_bool(ctx->facts, host, "host.csdb_backup_same_disk",
                     is_same_mount(df, row, hot) || is_same_mount(df, row, archive), &origin);
    /* What another machine serves shows in the name of the device. */
    if (md_str_find(row->device, MD_LIT(":/")) > 0)
        md_fact_bool(ctx->facts, host, "host.csdb_is_network_fs", true, &origin);
}

static void use_mounts(struct md_probe_ctx *ctx, const struct md_item *item, const struct md_mounts *mounts,
                       struct md_str folder)
{
    struct md_instance *host = md_facts_root(ctx->facts);
    const struct md_mount_row *row = md_mounts_find(mounts, folder);
    struct md_origin origin;

    if (row == NULL || md_str_is_empty(row->type))
        return;
    origin = md_item_origin(item, row->line);
    md_fact_text(ctx->facts, host, "host.csdb_fs_type", row->type, &origin);
    md_fact_bool(ctx->facts, host, "host.csdb_is_network_fs", md_mount_is_network(row->type), &origin);
}

void md_csdb_disk_facts(struct md_probe_ctx *ctx, struct md_str folder)
{
    const struct md_item *const *items;
    struct md_str path = md_calendar_load(ctx)->csdb_path;
    size_t n;

    if (is_absolute(folder))
        path = folder;
    if (!is_absolute(path))
        return;
    n = md_source_items(ctx->source, MD_ITEM_MOUNT, &items);
    for (size_t i = 0; i < n; i++) {
        struct md_mounts mounts;
        struct md_str text;

        if (!md_item_text(ctx, items[i], TEXT_MAX, &text))
            continue;
        md_mounts_parse(ctx->arena, text, &mounts);
        use_mounts(ctx, items[i], &mounts, path);
    }
    n = md_source_items(ctx->source, MD_ITEM_DF, &items);
    for (size_t i = 0; i < n; i++) {
        struct md_df df;
        struct md_str text;

        if (!md_item_text(ctx, items[i], TEXT_MAX, &text))
            continue;
        md_df_parse(ctx->arena, text, false, &df);
        use_df(ctx, items[i], &df, path);
    }
}
