/*
 * probes/calendar/backups: hot backups and archives: how many, how old, whether the newest is whole.
 *
 * From listings of their folders and from files that were copied out of them. A copy is a folder that holds database files itself; the names
 * of the folders are the site's, so age is by the newest database file. Which folder is which is told by ics.conf, else by the words in its path.
 */
#include "engine/base/time.h"
#include "probes/calendar/csdb_set.h"
#include "probes/calendar/world.h"
#include "probes/formats/system/df.h"
#include "probes/item_text.h"
#include "probes/probe.h"

#define COPIES_MAX 1024
#define DF_MAX ((size_t)4 << 20)

enum sort { HOT, ARCHIVE, OTHER_BACKUP, SORTS };

/* The set without ics50journals.db, which nobody uses. */
static const char *const set_of_files[] = {"ics50alarms.db", "ics50calprops.db",  "ics50deletelog.db", "ics50events.db",
                                           "ics50gse.db",    "ics50recurring.db", "ics50todos.db"};

#define ALL_FILES ((1U << (sizeof set_of_files / sizeof *set_of_files)) - 1)

struct copy {
    struct md_str path;
    enum sort sort;
    unsigned files; /* of the set, by bit */
    uint64_t logs;
    int64_t newest;     /* MD_TIME_NONE: not known */
    bool is_unverified; /* its name says that it did not pass */
    bool is_folder;     /* it is only seen as a folder among the backups: what is in it is not known */
    bool is_whole;      /* no file of it is left out */
    const struct md_item *item;
};

struct work {
    struct md_probe_ctx *ctx;
    const struct md_calendar_world *world;
    struct copy *copies;
    size_t n, capacity;
    bool is_cut, seen[SORTS];      /* a folder of this sort was listed */
    const struct md_item *listing; /* being walked */
    bool shows_all;                /* of a folder, it does */
    const struct md_item *seen_in[SORTS];
};

static bool is_below(struct md_str path, struct md_str folder)
{
    return folder.n > 0 && md_str_has_prefix(path, folder) && (path.n == folder.n || path.p[folder.n] == '/');
}

static bool has(struct md_str text, const char *what)
{
    return md_str_find_nocase(text, md_str(what)) >= 0;
}

/* The live database is none; SORTS: no backup. A csdb.SAVE beside it is one, of neither sort. */
static enum sort sort_of(const struct md_calendar_world *world, struct md_str path)
{
    if (is_below(path, world->hotbackup_path))
        return HOT;
    if (is_below(path, world->archive_path))
        return ARCHIVE;
    if (is_below(path, world->csdb_path))
        return SORTS;
    if (has(path, "hotback") || has(path, "hot_back") || has(path, "hot-back") || has(path, "/hot/") ||
        md_str_has_suffix(path, MD_LIT("/hot")))
        return HOT;
    if (has(path, "archive"))
        return ARCHIVE;
    return has(path, "backup") || has(path, "csbackup") ? OTHER_BACKUP : SORTS;
}

static struct copy *copy_of(struct work *w, struct md_str folder, enum sort sort)
{
    struct copy *copy;

    for (size_t i = w->n; i-- > 0;)
        if (md_str_eq(w->copies[i].path, folder))
            return &w->copies[i];
    if (w->n == COPIES_MAX) {
        w->is_cut = true;
        return NULL;
    }
    copy = md_arena_push(w->ctx->arena, &w->copies, &w->n, &w->capacity, sizeof *copy);
    copy->path = md_arena_str(w->ctx->arena, folder);
    copy->sort = sort;
    copy->newest = MD_TIME_NONE;
    copy->item = w->listing;
    copy->is_unverified = has(folder, "not-verified") || has(folder, "notverified") || has(folder, "unverified") ||
                          has(folder, "not_verified");
    return copy;
}

static bool is_log(struct md_str base)
{
    if (!md_str_skip_prefix(&base, MD_LIT("log.")) || base.n != 10)
        return false;
    for (size_t i = 0; i < base.n; i++)
        if (!md_is_digit(base.p[i]))
            return false;
    return true;
}

/* A folder among those of the backups, of which only the name and time were listed: it is a copy until it is seen to be none. */
static void add_folder(struct work *w, struct md_str path, int64_t mtime)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');
    struct md_str base = md_str_from(path, (size_t)(slash + 1)),
                  parent = md_str_sub(path, 0, slash > 0 ? (size_t)slash : 0);
    enum sort sort = sort_of(w->world, path);
    struct copy *copy;

    if (base.n == 0 || *base.p == '.' || (sort != HOT && sort != ARCHIVE) || sort_of(w->world, parent) != sort)
        return;
    /* cld_cache and its like lie in a copy */
    for (size_t i = 0; i < w->n; i++)
        if (md_str_eq(w->copies[i].path, parent))
            return;
    copy = copy_of(w, path, sort);
    if (copy == NULL || copy->files != 0 || copy->logs != 0)
        return;
    copy->is_folder = true;
    copy->newest = mtime;
}

/* A file by its absolute path. */
static void add_file(struct work *w, struct md_str path, int64_t mtime)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');
    struct md_str base = md_str_from(path, (size_t)(slash + 1)),
                  folder = md_str_sub(path, 0, slash > 0 ? (size_t)slash : 0);
    bool is_file = md_str_has_prefix(base, MD_LIT("ics50")) && md_str_has_suffix(base, MD_LIT(".db"));
    enum sort sort = is_file || is_log(base) ? sort_of(w->world, folder) : SORTS;
    struct copy *copy;

    if (sort == SORTS || (copy = copy_of(w, folder, sort)) == NULL)
        return;
    if (copy->is_folder) /* its own time says less than those of its files */
        copy->newest = MD_TIME_NONE;
    copy->is_folder = false;
    copy->logs += is_log(base);
    copy->is_whole |= w->shows_all;
    if (!is_file)
        return;
    for (size_t i = 0; i < sizeof set_of_files / sizeof *set_of_files; i++)
        copy->files |= md_str_is(base, set_of_files[i]) ? 1U << i : 0;
    if (mtime != MD_TIME_NONE && (copy->newest == MD_TIME_NONE || mtime > copy->newest))
        copy->newest = mtime;
}

static bool see_entry(void *ctx, const struct md_dir_entry *entry)
{
    struct work *w = ctx;
    const char *root = w->listing->root != NULL ? w->listing->root : "";
    struct md_str path =
        md_str(md_arena_printf(w->ctx->arena, "%s/%.*s", strcmp(root, "/") == 0 ? "" : root, MD_STR_ARG(entry->path)));

    if (!entry->is_dir)
        add_file(w, path, entry->mtime);
    else if (md_source_kind(w->ctx->source) != MD_SOURCE_LIVE && md_source_kind(w->ctx->source) != MD_SOURCE_BUNDLE)
        add_folder(w, path, entry->mtime);
    return true;
}

static void note_folder(struct work *w, struct md_str root, const struct md_item *item)
{
    enum sort sort = sort_of(w->world, root);

    if (sort == SORTS)
        return;
    w->seen[sort] = true;
    w->seen_in[sort] = item;
}

/* Listings of the queue of another product are long and hold none of it. */
static void read_listings(struct work *w)
{
    const struct md_item *const *items;
    size_t n = md_source_items(w->ctx->source, MD_ITEM_LISTING, &items);

    for (size_t i = 0; i < n; i++) {
        struct md_str root = md_str(items[i]->root);
        enum md_status status;

        if (items[i]->status != MD_OK || has(root, "queue"))
            continue;
        w->listing = items[i];
        w->shows_all = md_csdb_listed(md_str(items[i]->command)) == MD_CSDB_ALL;
        note_folder(w, root, items[i]);
        status = md_source_walk(w->ctx->source, items[i], NULL, see_entry, w);
        if (status < 0 && status != MD_INTERRUPTED)
            md_item_say_unread(w->ctx, items[i], "cannot be read", status);
    }
    w->shows_all = true;
    for (int k = 0; k < 2; k++) {
        n = md_source_items(w->ctx->source, k == 0 ? MD_ITEM_CSDB_FILE : MD_ITEM_CSDB_LOG, &items);
        for (size_t i = 0; i < n; i++) {
            const char *path = items[i]->path != NULL ? items[i]->path : items[i]->name;

            w->listing = items[i];
            add_file(w, md_str(path), items[i]->mtime);
        }
    }
    for (size_t i = 0; i < w->n; i++) {
        w->seen[w->copies[i].sort] = true;
        if (w->seen_in[w->copies[i].sort] == NULL)
            w->seen_in[w->copies[i].sort] = w->copies[i].item;
    }
}

static bool is_copy(const struct copy *copy)
{
    return copy->files != 0 || copy->is_folder;
}

static const struct copy *newest_of(const struct work *w, enum sort sort)
{
    const struct copy *best = NULL;

    for (size_t i = 0; i < w->n; i++)
        if (is_copy(&w->copies[i]) && (sort == SORTS || w->copies[i].sort == sort) &&
            (best == NULL || w->copies[i].newest > best->newest))
            best = &w->copies[i];
    return best;
}

static void set_sort(const struct work *w, enum sort sort, const char *newest_name, const char *copies_name)
{
    static const char not_listed[] = "no listing of the folder of these backups was found";
    struct md_instance *root = md_facts_root(w->ctx->facts);
    const struct copy *newest = newest_of(w, sort);
    struct md_origin origin;
    uint64_t n = 0;

    for (size_t i = 0; i < w->n; i++)
        n += w->copies[i].sort == sort && is_copy(&w->copies[i]);
    if (!w->seen[sort]) {
        md_fact_unknown(w->ctx->facts, root, newest_name, not_listed);
        md_fact_unknown(w->ctx->facts, root, copies_name, not_listed);
        return;
    }
    origin = md_item_origin(newest != NULL ? newest->item : w->seen_in[sort], 0);
    md_fact_count(w->ctx->facts, root, copies_name, n, &origin);
    if (newest != NULL && newest->newest != MD_TIME_NONE)
        md_fact_time(w->ctx->facts, root, newest_name, newest->newest, &origin);
    else
        md_fact_unknown(w->ctx->facts, root, newest_name,
                        newest == NULL ? "there is none in the folder" : "the time of its files is not known");
}

/* By its name, else by what csstored last said of a snapshot. */
static void set_verified(const struct work *w, const struct copy *hot)
{
    struct md_instance *root = md_facts_root(w->ctx->facts);
    const struct md_fact *failed = md_fact_by_name(w->ctx->facts, root, "host.cal_snapshot_failed");
    const struct md_fact *passed = md_fact_by_name(w->ctx->facts, root, "host.cal_snapshot_ok");
    struct md_origin origin;

    if (hot != NULL && hot->is_unverified) {
        origin = md_item_origin(hot->item, 0);
        md_fact_text(w->ctx->facts, root, "host.cal_hot_verified", MD_LIT("no"), &origin);
    } else if (failed != NULL && failed->is_known &&
               (passed == NULL || !passed->is_known || failed->value.u.time >= passed->value.u.time)) {
        md_fact_text(w->ctx->facts, root, "host.cal_hot_verified", MD_LIT("no"),
                     failed->n_origins > 0 ? &failed->origins[0] : NULL);
    } else if (passed != NULL && passed->is_known) {
        md_fact_text(w->ctx->facts, root, "host.cal_hot_verified", MD_LIT("yes"),
                     passed->n_origins > 0 ? &passed->origins[0] : NULL);
    } else {
        md_fact_unknown(w->ctx->facts, root, "host.cal_hot_verified", "nothing says whether a snapshot was verified");
    }
}

/* The fullest of the file systems that the backup folders lie on. */
static bool set_disk(const struct work *w)
{
    const struct md_item *const *items;
    size_t n = md_source_items(w->ctx->source, MD_ITEM_DF, &items);
    const struct md_str paths[] = {w->world->hotbackup_path, w->world->archive_path};
    double most = -1;
    struct md_origin origin = {0};

    for (size_t i = 0; i < n; i++) {
        struct md_str text;
        struct md_df df;

        if (items[i]->status != MD_OK || !md_item_text(w->ctx, items[i], DF_MAX, &text))
            continue;
        md_df_parse(w->ctx->arena, text, false, &df);
        for (size_t k = 0; k < sizeof paths / sizeof *paths; k++) {
            const struct md_df_row *row = paths[k].n > 0 ? md_df_find(&df, paths[k]) : NULL;

            if (row == NULL || !row->has_used_pct || row->used_pct <= most)
                continue;
            most = row->used_pct;
            origin = md_item_origin(items[i], row->line);
        }
    }
    if (most >= 0)
        md_fact_number(w->ctx->facts, md_facts_root(w->ctx->facts), "host.cal_backup_disk_pct", most, &origin);
    else
        md_fact_unknown(w->ctx->facts, md_facts_root(w->ctx->facts), "host.cal_backup_disk_pct",
                        n == 0 ? "no output of df was found" : "where backups are kept is not known");
    return most >= 0;
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct work w = {.ctx = ctx, .world = md_calendar_load(ctx)};
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct copy *hot, *any;
    struct md_origin origin;
    bool has_disk;

    if (!w.world->is_there)
        return MD_NOT_FOUND;
    read_listings(&w);
    set_sort(&w, HOT, "host.cal_hot_newest", "host.cal_hot_copies");
    set_sort(&w, ARCHIVE, "host.cal_archive_newest", "host.cal_archive_copies");
    hot = newest_of(&w, HOT);
    if (hot != NULL && hot->files != ALL_FILES && !hot->is_whole) {
        md_fact_unknown(ctx->facts, root, "host.cal_hot_complete", "its folder was not listed, or only in part");
    } else if (hot != NULL) {
        origin = md_item_origin(hot->item, 0);
        md_fact_bool(ctx->facts, root, "host.cal_hot_complete", hot->files == ALL_FILES && hot->logs > 0, &origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.cal_hot_complete", "no hot backup is listed");
    }
    set_verified(&w, hot);
    any = newest_of(&w, SORTS);
    if (any != NULL && any->newest != MD_TIME_NONE) {
        origin = md_item_origin(any->item, 0);
        md_fact_time(ctx->facts, root, "host.cal_backup_newest", any->newest, &origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.cal_backup_newest", "no backup is listed");
    }
    if (w.is_cut)
        md_diags_add(ctx->diags, MD_NOTE, (struct md_loc){0},
                     "more than %d copies of the database; further ones are left out", COPIES_MAX);
    has_disk = set_disk(&w);
    return w.n > 0 || has_disk || w.seen[HOT] || w.seen[ARCHIVE] ? MD_OK : MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {MD_ITEM_LISTING, MD_ITEM_CSDB_FILE, MD_ITEM_CSDB_LOG, MD_ITEM_DF,
                                          MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_calendar_backups = {
    .name = "calendar.backups",
    .says = "reads which hot backups and archives there are, how old and how complete, and how full their disk is",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .joins = true,
    .run = run,
};
