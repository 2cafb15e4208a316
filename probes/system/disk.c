/*
 * probes/system/disk: file systems from `df`, and which of them hold the queue, the store and the logs.
 *
 * A path is on the file system whose mount point is its longest prefix. Below /opt the product's data folders are
 * symbolic links as installed; where the listing has the file system of their usual target, that one counts.
 */
#include "engine/base/time.h"
#include "probes/formats/system/df.h"
#include "probes/item_text.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/world.h"

#define TEXT_MAX (4u << 20)
#define PLACES_MAX 64
#define TABLES_MAX 64

enum use { USE_QUEUE, USE_STORE, USE_LOGS, USE_COUNT };

/* A folder of the product, and how sure it is that it is there. */
struct place {
    struct md_str path;
    enum use use;
};

struct places {
    struct place items[PLACES_MAX];
    size_t n;
    bool has_partitions; /* the configuration names those of the store */
};

struct table {
    const struct md_item *item;
    struct md_df df;
};

static bool is_absolute(struct md_str path)
{
    return path.n > 1 && path.p[0] == '/';
}

static void add_place(struct places *places, struct md_str path, enum use use)
{
    if (!is_absolute(path) || places->n == PLACES_MAX)
        return;
    for (size_t i = 0; i < places->n; i++) {
        if (places->items[i].use == use && md_str_eq(places->items[i].path, path))
            return;
    }
    places->items[places->n++] = (struct place){path, use};
}

static struct md_str folder_of(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');

    return slash > 0 ? md_str_sub(path, 0, (size_t)slash) : md_str_sub(path, 0, 0);
}

static void add_folders_of_items(struct md_probe_ctx *ctx, enum md_item_kind kind, struct places *places, enum use use)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, kind, &items);

    for (size_t i = 0; i < n; i++) {
        if (items[i]->path != NULL)
            add_place(places, folder_of(md_str(items[i]->path)), use);
    }
}

static struct md_str without_slash(struct md_str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    return path;
}

/* The folder that the queue is in: as the configuration says, else of a tree or listing that is there. */
static struct md_str queue_folder(struct md_probe_ctx *ctx)
{
    static const enum md_item_kind trees[] = {MD_ITEM_QUEUE_TREE, MD_ITEM_LISTING};

    if (ctx->msgserver != NULL && ctx->msgserver->queue_root.n > 0)
        return without_slash(ctx->msgserver->queue_root);
    for (size_t k = 0; k < sizeof trees / sizeof *trees; k++) {
        const struct md_item *const *items;
        size_t n = md_source_items(ctx->source, trees[k], &items);

        for (size_t i = 0; i < n; i++) {
            if (items[i]->root != NULL && md_str_find(md_str(items[i]->root), MD_LIT("queue")) >= 0)
                return without_slash(md_str(items[i]->root));
        }
    }
    return md_str(NULL);
}

static bool add_partition(void *ctx, const struct md_named_value *value)
{
    struct places *places = ctx;

    if (md_mta_names_partition(value->name)) {
        add_place(places, without_slash(value->value), USE_STORE);
        places->has_partitions = true;
    }
    return true;
}

static bool add_partitions(const struct md_mta_config *config, struct places *places)
{
    (void)md_mta_config_each_value(config, add_partition, places);
    return places->has_partitions;
}

/* Where nobody says where the store is, a file system that is mounted for it does: its mount point ends in "/store". */
static bool add_store_mounts(const struct table *tables, size_t n_tables, struct places *places)
{
    bool is_any = false;

    for (size_t t = 0; t < n_tables; t++) {
        for (size_t i = 0; i < tables[t].df.n; i++) {
            if (!md_str_has_suffix(tables[t].df.rows[i].mount, MD_LIT("/store")))
                continue;
            add_place(places, tables[t].df.rows[i].mount, USE_STORE);
            is_any = true;
        }
    }
    return is_any;
}

/* Where the product keeps things: as configured and as seen, else beside each other in one data folder, as installed. */
static void find_places(struct md_probe_ctx *ctx, const struct table *tables, size_t n_tables, struct places *places)
{
    const struct md_mta_config *config = ctx->msgserver != NULL ? ctx->msgserver->config : NULL;
    struct md_str queue = queue_folder(ctx);
    struct md_str data = md_str(NULL);
    struct md_mta_setting setting;

    add_place(places, queue, USE_QUEUE);
    if (config != NULL && md_mta_config_path(config, "IMTA_TABLE", &setting))
        data = folder_of(without_slash(setting.value));
    if (config != NULL && md_mta_config_path(config, "IMTA_LOG", &setting)) {
        add_place(places, without_slash(setting.value), USE_LOGS);
        data = folder_of(without_slash(setting.value));
    }
    add_folders_of_items(ctx, MD_ITEM_MAIL_LOG, places, USE_LOGS);
    add_folders_of_items(ctx, MD_ITEM_NSLOG, places, USE_LOGS);
    if (data.n == 0)
        data = folder_of(queue);
    if (!is_absolute(data))
        return;
    add_place(places, md_str(md_arena_printf(ctx->arena, "%.*s/log", MD_STR_ARG(data))), USE_LOGS);
    if ((config == NULL || !add_partitions(config, places)) && !add_store_mounts(tables, n_tables, places))
        add_place(places, md_str(md_arena_printf(ctx->arena, "%.*s/store", MD_STR_ARG(data))), USE_STORE);
}

/* "/opt/X/data/Y" is "/var/opt/X/Y" and "/opt/X/log" is "/var/opt/X/log", as installed; empty where it is no
 * such path. */
static struct md_str usual_target(struct md_arena *arena, struct md_str path)
{
    static const struct {
        const char *link;
        bool keeps; /* the name itself is part of the target */
    } links[] = {{"/data", false}, {"/log", true}, {"/config", true}};

    if (!md_str_has_prefix(path, MD_LIT("/opt/")))
        return md_str(NULL);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        struct md_str link = md_str(links[i].link);
        ptrdiff_t at = md_str_find(path, link);
        struct md_str base, rest;

        if (at <= 0 || ((size_t)at + link.n < path.n && path.p[(size_t)at + link.n] != '/'))
            continue;
        base = md_str_sub(path, 0, (size_t)at);
        rest = md_str_from(path, (size_t)at + (links[i].keeps ? 0 : link.n));
        return md_str(md_arena_printf(arena, "/var%.*s%.*s", MD_STR_ARG(base), MD_STR_ARG(rest)));
    }
    return md_str(NULL);
}

static const struct md_df_row *find_row(struct md_arena *arena, const struct md_df *df, struct md_str path)
{
    const struct md_df_row *row = md_df_find(df, path);
    struct md_str target = usual_target(arena, path);
    const struct md_df_row *linked = target.n > 0 ? md_df_find(df, target) : NULL;

    if (linked != NULL && linked->mount.n > 1 && (row == NULL || row->mount.n <= 1 || md_str_is(row->mount, "/opt")))
        return linked;
    return row;
}

/* File systems that hold no files. */
static bool is_pseudo(const struct md_df_row *row)
{
    static const char *const mounts[] = {"/proc",       "/sys",      "/dev", "/devices", "/system",
                                         "/etc/mnttab", "/platform", "/run", "/snap"};

    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        if (md_df_is_below(md_str(mounts[i]), row->mount))
            return true;
    }
    return row->has_bytes && row->total == 0;
}

static void set_partition(struct md_probe_ctx *ctx, const struct table *table, const struct md_df_row *row)
{
    struct md_instance *at = md_facts_instance(ctx->facts, "partition", row->mount, md_facts_root(ctx->facts));
    struct md_origin origin = md_item_origin(table->item, row->line);

    if (row->has_used_pct)
        md_fact_number(ctx->facts, at, "partition.used_pct", row->used_pct, &origin);
    if (row->has_avail) {
        struct md_fact *fact = md_fact_count(ctx->facts, at, "partition.avail", row->avail, &origin);

        if (row->is_rounded)
            md_fact_bounds(fact, (double)row->avail * 0.95, (double)row->avail * 1.05);
    }
    if (row->has_inodes_pct)
        md_fact_number(ctx->facts, at, "partition.inodes_pct", row->inodes_pct, &origin);
}

static void set_uses(struct md_probe_ctx *ctx, const struct table *table, const struct places *places)
{
    const struct md_df_row *rows[PLACES_MAX]; /* that the places are on, or NULL */
    static const char *const names[USE_COUNT] = {"partition.holds_queue", "partition.holds_store",
                                                 "partition.holds_logs"};
    bool is_known[USE_COUNT] = {false};

    for (size_t p = 0; p < places->n; p++) {
        is_known[places->items[p].use] = true;
        rows[p] = find_row(ctx->arena, &table->df, places->items[p].path);
    }
    for (size_t i = 0; i < table->df.n; i++) {
        const struct md_df_row *row = &table->df.rows[i];
        struct md_instance *at;
        struct md_origin origin;
        bool holds[USE_COUNT] = {false};

        if (is_pseudo(row))
            continue;
        at = md_facts_instance(ctx->facts, "partition", row->mount, md_facts_root(ctx->facts));
        origin = md_item_origin(table->item, row->line);
        for (size_t p = 0; p < places->n; p++) {
            bool is_below = md_df_is_below(places->items[p].path, row->mount);

            /* A store partition may have a file system of its own below the store's folder. */
            if ((rows[p] != NULL && md_str_eq(rows[p]->mount, row->mount)) ||
                (is_below && places->items[p].use == USE_STORE))
                holds[places->items[p].use] = true;
        }
        for (size_t use = 0; use < USE_COUNT; use++) {
            if (is_known[use])
                md_fact_bool(ctx->facts, at, names[use], holds[use], &origin);
            else
                md_fact_unknown(ctx->facts, at, names[use], "the configuration does not say where it is");
        }
    }
}

static void set_host(struct md_probe_ctx *ctx, const struct table *table, const struct places *places)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_df_row *queue = NULL;
    const struct md_df_row *logs = NULL;

    for (size_t p = 0; p < places->n; p++) {
        const struct md_df_row *row = find_row(ctx->arena, &table->df, places->items[p].path);

        if (places->items[p].use == USE_QUEUE && queue == NULL)
            queue = row;
        if (places->items[p].use == USE_LOGS && logs == NULL)
            logs = row;
    }
    if (queue != NULL) {
        struct md_origin origin = md_item_origin(table->item, queue->line);

        if (queue->has_used_pct)
            md_fact_number(ctx->facts, root, "host.queue_fs_used_pct", queue->used_pct, &origin);
        if (queue->has_avail)
            md_fact_count(ctx->facts, root, "host.queue_fs_avail", queue->avail, &origin);
        if (queue->has_inodes_pct)
            md_fact_number(ctx->facts, root, "host.queue_fs_inodes_pct", queue->inodes_pct, &origin);
    }
    if (logs != NULL && logs->has_used_pct) {
        struct md_origin origin = md_item_origin(table->item, logs->line);

        md_fact_number(ctx->facts, root, "host.log_fs_used_pct", logs->used_pct, &origin);
    }
}

/* Tables of both kinds, the newest first: the first to say something is believed. */
static size_t read_tables(struct md_probe_ctx *ctx, struct table tables[TABLES_MAX])
{
    static const enum md_item_kind kinds[] = {MD_ITEM_DF, MD_ITEM_DF_INODES};
    size_t n_tables = 0;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct md_item *const *items;
        size_t n = md_source_items(ctx->source, kinds[k], &items);

        for (size_t i = 0; i < n && n_tables < TABLES_MAX; i++) {
            struct table table = {.item = items[i]};
            struct md_str text;
            size_t to = n_tables;

            if (!md_item_text(ctx, items[i], TEXT_MAX, &text))
                continue;
            md_df_parse(ctx->arena, text, kinds[k] == MD_ITEM_DF_INODES, &table.df);
            if (table.df.bad_lines > 0) {
                struct md_loc loc = md_item_loc(items[i], table.df.first_bad);

                md_diags_add(ctx->diags, MD_WARNING, loc, "%u lines of df were not understood",
                             (unsigned)table.df.bad_lines);
            }
            if (table.df.n == 0)
                continue;
            for (; to > 0 && tables[to - 1].item->taken_at < table.item->taken_at; to--)
                tables[to] = tables[to - 1];
            tables[to] = table;
            n_tables++;
        }
    }
    return n_tables;
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    static const char *const host_names[] = {"host.queue_fs_used_pct", "host.queue_fs_avail",
                                             "host.queue_fs_inodes_pct", "host.log_fs_used_pct"};
    struct table *tables = md_arena_array(ctx->arena, TABLES_MAX, sizeof *tables);
    struct places *places = md_arena_array(ctx->arena, 1, sizeof *places);
    struct md_instance *root = md_facts_root(ctx->facts);
    size_t n;

    n = read_tables(ctx, tables);
    find_places(ctx, tables, n, places);
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < tables[t].df.n; i++) {
            if (!is_pseudo(&tables[t].df.rows[i]))
                set_partition(ctx, &tables[t], &tables[t].df.rows[i]);
        }
        set_uses(ctx, &tables[t], places);
        set_host(ctx, &tables[t], places);
    }
    for (size_t i = 0; i < sizeof host_names / sizeof *host_names; i++) {
        const struct md_fact *fact = md_fact_by_name(ctx->facts, root, host_names[i]);

        if (fact == NULL || !fact->is_known)
            md_fact_unknown(ctx->facts, root, host_names[i],
                            n == 0   ? "no output of df was found"
                            : i == 2 ? "no output of df with inodes (df -i, df -o i) was found"
                                     : "df does not show the file system that holds it");
    }
    return n > 0 ? MD_OK : MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {MD_ITEM_DF, MD_ITEM_DF_INODES, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_system_disk = {
    .name = "system.disk",
    .says = "reads which file systems are full and which of them hold queue, store and logs",
    .cost = MD_COST_FREE,
    .reads = reads,
    .run = run,
};
