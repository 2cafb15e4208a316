#include "engine/base/time.h"
#include "probes/formats/msgserver/store_out.h"
#include "probes/item_text.h"
#include "probes/msgserver/commands.h"
#include "probes/msgserver/instances.h"

#define FULL_PCT 100.0
#define SMALL_LISTING_MAX ((uint64_t)4 << 20) /* bytes: of a folder that is not known */

static bool read_quota(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_IMQUOTACHECK, &items);
    struct md_instance *channel = md_instances_store_channel(ctx->facts);
    struct md_origin origin = {0};
    uint64_t over = 0;
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        const struct md_quota_row *rows;
        struct md_str text;
        size_t n_rows, without;

        if (!md_item_text(ctx, items[i], MD_COMMAND_TEXT_MAX, &text))
            continue;
        n_rows = md_quota_parse(ctx->arena, text, &rows, &without);
        if (n_rows == 0 && without == 0)
            continue;
        if (!is_any)
            origin = md_item_origin(items[i], 0);
        is_any = true;
        for (size_t r = 0; r < n_rows; r++) {
            over += rows[r].pct >= FULL_PCT;
            for (struct md_instance *at = NULL;
                 channel != NULL && (at = md_instances_next(channel, "mailbox", at)) != NULL;) {
                struct md_origin line = md_item_origin(items[i], rows[r].line);

                if (md_instances_is_mailbox_of(at, rows[r].user))
                    md_fact_number(ctx->facts, at, "mailbox.quota_pct", rows[r].pct, &line);
            }
        }
    }
    if (is_any)
        md_fact_count(ctx->facts, md_facts_root(ctx->facts), "host.over_quota_users", over, &origin);
    else
        md_fact_unknown(ctx->facts, md_facts_root(ctx->facts), "host.over_quota_users",
                        "no output of imquotacheck was found");
    return is_any;
}

static bool read_sessions(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_IMSCONNUTIL, &items);
    struct md_instance *channel = md_instances_store_channel(ctx->facts);
    const struct md_fact *listed = md_fact_by_name(ctx->facts, md_facts_root(ctx->facts), "host.userlist_enabled");
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        const struct md_session_row *rows;
        struct md_origin origin = md_item_origin(items[i], 0);
        struct md_str text;
        size_t n_rows;

        if (!md_item_text(ctx, items[i], MD_COMMAND_TEXT_MAX, &text))
            continue;
        n_rows = md_sessions_parse(ctx->arena, text, &rows);
        /* Sessions are listed only where that is switched on: an empty list of another host says nothing. */
        if (n_rows == 0 && !(listed != NULL && listed->is_known && listed->value.u.b))
            continue;
        is_any = true;
        for (struct md_instance *at = NULL;
             channel != NULL && (at = md_instances_next(channel, "mailbox", at)) != NULL;) {
            uint64_t sessions = 0;

            for (size_t r = 0; r < n_rows; r++) {
                if (!md_instances_is_mailbox_of(at, rows[r].user))
                    continue;
                if (sessions++ == 0)
                    origin = md_item_origin(items[i], rows[r].line);
            }
            md_fact_count(ctx->facts, at, "mailbox.sessions", sessions, &origin);
        }
    }
    return is_any;
}

static bool read_folders(struct md_probe_ctx *ctx)
{
    static const enum md_item_kind kinds[] = {MD_ITEM_MBOXUTIL, MD_ITEM_IMCHECK};
    struct md_instance *channel = md_instances_store_channel(ctx->facts);
    bool is_any = false;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct md_item *const *items;
        size_t n = md_source_items(ctx->source, kinds[k], &items);

        for (size_t i = 0; i < n; i++) {
            const struct md_folder_row *rows;
            struct md_str text;
            size_t n_rows;

            if (!md_item_text(ctx, items[i], MD_COMMAND_TEXT_MAX, &text))
                continue;
            n_rows = md_folders_parse(ctx->arena, text, &rows);
            is_any = is_any || n_rows > 0;
            for (size_t r = 0; r < n_rows; r++) {
                for (struct md_instance *at = NULL;
                     channel != NULL && (at = md_instances_next(channel, "mailbox", at)) != NULL;) {
                    struct md_origin line = md_item_origin(items[i], rows[r].line);

                    if (md_instances_is_mailbox_of(at, rows[r].user))
                        md_fact_text(ctx->facts, at, "mailbox.partition", rows[r].partition, &line);
                }
            }
        }
    }
    return is_any;
}

static struct md_instance *database(struct md_probe_ctx *ctx)
{
    return md_facts_instance(ctx->facts, "database", MD_LIT("mboxlist"), md_facts_root(ctx->facts));
}

static bool read_statistics(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_IMCHECK, &items);

    for (size_t i = n; i > 0; i--) {
        const struct md_item *item = items[i - 1];
        struct md_db_stats stats;
        struct md_str text;
        struct md_instance *at;
        struct md_origin origin;

        if (!md_item_text(ctx, item, MD_COMMAND_TEXT_MAX, &text) || md_db_stats_parse(text, &stats) != MD_OK)
            continue;
        at = database(ctx);
        origin = md_item_origin(item, stats.deadlocks_line);
        if (stats.has_deadlocks)
            md_fact_count(ctx->facts, at, "database.deadlocks", stats.deadlocks, &origin);
        origin = md_item_origin(item, stats.lock_waits_line);
        if (stats.has_lock_waits)
            md_fact_count(ctx->facts, at, "database.lock_waits", stats.lock_waits, &origin);
        origin = md_item_origin(item, stats.cache_hit_line);
        if (stats.has_cache_hit)
            md_fact_number(ctx->facts, at, "database.cache_hit_pct", stats.cache_hit_pct, &origin);
        origin = md_item_origin(item, stats.log_files_line);
        if (stats.has_log_files)
            md_fact_count(ctx->facts, at, "database.log_files", stats.log_files, &origin);
        return true;
    }
    return false;
}

/* "config/pidfile.store" or "data/proc/store". */
static bool is_state_of_stored(const struct md_item *item)
{
    struct md_str base = md_str(item->base);

    return md_str_is(base, "store") || md_str_is(base, "pidfile.store") || md_str_is(base, "stored");
}

static bool read_state(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_PID_FILE, &items);
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        struct md_state_file file;
        struct md_str text;
        struct md_origin origin = md_item_origin(items[i], 1);

        if (!is_state_of_stored(items[i]) || !md_item_text(ctx, items[i], 4096, &text) ||
            md_state_file_parse(text, &file) != MD_OK || file.state.n == 0)
            continue;
        md_fact_text(ctx->facts, database(ctx), "database.state", file.state, &origin);
        if (items[i]->mtime != MD_TIME_NONE)
            md_fact_time(ctx->facts, database(ctx), "database.state_since", items[i]->mtime, &origin);
        is_any = true;
    }
    /* The words of `stored -t -v` are published nowhere, its exit code is: 0 is a store that works. */
    n = md_source_items(ctx->source, MD_ITEM_STORED_STATUS, &items);
    for (size_t i = 0; i < n; i++) {
        struct md_origin origin = md_item_origin(items[i], 0);

        if (items[i]->status != MD_OK || items[i]->exit_code != 0)
            continue;
        md_fact_text(ctx->facts, database(ctx), "database.state", MD_LIT("ready"), &origin);
        is_any = true;
    }
    return is_any;
}

/* What names of files alone say: the stamp of the checkpoint, the transaction logs of the database. */
struct names {
    struct md_probe_ctx *ctx;
    const struct md_item *listing;
    int64_t checkpoint;
    uint64_t logs;
    bool saw_database;
};

static bool is_database_log(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');
    struct md_str base = md_str_from(path, slash >= 0 ? (size_t)slash + 1 : 0);

    if (base.n != 14 || !md_str_has_prefix(base, MD_LIT("log.")))
        return false;
    for (size_t i = 4; i < base.n; i++) {
        if (!md_is_digit(base.p[i]))
            return false;
    }
    return true;
}

static bool see_name(void *ctx, const struct md_dir_entry *entry)
{
    struct names *names = ctx;
    struct md_str root = md_str(names->listing->root);
    bool is_below = md_str_find(entry->path, MD_LIT("mboxlist/")) >= 0 || md_str_has_suffix(root, MD_LIT("/mboxlist"));

    if (entry->is_dir)
        return true;
    if (md_str_has_suffix(entry->path, MD_LIT("stored.ckp")) && entry->mtime != MD_TIME_NONE &&
        entry->mtime > names->checkpoint)
        names->checkpoint = entry->mtime;
    if (!is_below)
        return true;
    names->saw_database = true;
    names->logs += is_database_log(entry->path);
    return true;
}

/* Listings of the queue are long and hold none of it. */
static bool is_of_the_queue(const struct md_item *item)
{
    return item->root == NULL ? item->size > SMALL_LISTING_MAX : md_str_find(md_str(item->root), MD_LIT("queue")) >= 0;
}

static bool read_names(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_LISTING, &items);
    struct md_origin origin = {0};
    int64_t checkpoint = MD_TIME_NONE;
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        struct names names = {.ctx = ctx, .listing = items[i], .checkpoint = MD_TIME_NONE};

        if (is_of_the_queue(items[i]) || md_source_walk(ctx->source, items[i], NULL, see_name, &names) != MD_OK)
            continue;
        origin = md_item_origin(items[i], 0);
        if (names.saw_database) {
            md_fact_count(ctx->facts, database(ctx), "database.log_files", names.logs, &origin);
            is_any = true;
        }
        if (names.checkpoint > checkpoint)
            checkpoint = names.checkpoint;
    }
    n = md_source_inventory(ctx->source, &items);
    for (size_t i = 0; i < n; i++) {
        if (!md_str_is(md_str(items[i]->base), "stored.ckp") || items[i]->mtime == MD_TIME_NONE ||
            items[i]->mtime <= checkpoint)
            continue;
        checkpoint = items[i]->mtime;
        origin = md_item_origin(items[i], 0);
    }
    if (checkpoint == MD_TIME_NONE)
        return is_any;
    md_fact_time(ctx->facts, database(ctx), "database.checkpoint", checkpoint, &origin);
    return true;
}

bool md_commands_store(struct md_probe_ctx *ctx)
{
    bool is_any = read_quota(ctx);

    is_any |= read_sessions(ctx);
    is_any |= read_folders(ctx);
    is_any |= read_statistics(ctx);
    is_any |= read_state(ctx);
    is_any |= read_names(ctx);
    return is_any;
}
