#include "probes/item_text.h"
#include "probes/calendar/csdb_set.h"

#include <stdlib.h>

#include "probes/calendar/world.h"
#include "probes/formats/calendar/bdb_log.h"
#include "probes/source/item_name.h"

/* A folder with such files. */
struct folder {
    struct md_str path; /* empty: a listing that does not say of what */
    struct md_csdb_entry *entries;
    size_t n, capacity;
    size_t counts[4];          /* by kind */
    bool has_bytes, is_listed; /* of one of its files; a listing of it */
    bool is_listed_whole;      /* none of its databases is left out */
    bool is_cut;               /* nor of its logs and regions, unless this is set */
    bool is_asked_for;         /* the command that made the listing is known */
    bool has_others;           /* the listing names files that are no databases */
    const struct md_item *from;
    int score;
};

#define FOREIGN_MAX 20000 /* files of a listing without one of ours: then it is of something else, such as a queue */

struct finder {
    struct md_probe_ctx *ctx;
    struct folder *folders;
    size_t n, capacity;
    size_t n_entries;
    struct md_str csdb; /* as configured, else as installed; or empty */
    const struct md_item *listing;
    enum md_csdb_part part; /* of a folder that the listing shows */
    size_t n_foreign;
    bool is_ours;   /* the listing has files of ours */
    bool has_holes; /* of its lines some are none of a listing, such as "..." for what was left out */
};

bool md_csdb_name(struct md_str name, enum md_csdb_kind *ret_kind, uint32_t *ret_number)
{
    *ret_number = 0;
    if (md_bdb_log_number(name, ret_number)) {
        *ret_kind = MD_CSDB_LOG;
        return true;
    }
    if (md_str_has_prefix(name, MD_LIT("__db.")) && name.n == 8 && md_is_digit(name.p[5]) && md_is_digit(name.p[6]) &&
        md_is_digit(name.p[7])) {
        *ret_kind = MD_CSDB_REGION;
        *ret_number = (uint32_t)((name.p[5] - '0') * 100 + (name.p[6] - '0') * 10 + (name.p[7] - '0'));
        return true;
    }
    if (md_str_is(name, "ics50caldb.conf") || md_str_is(name, "caldb.conf")) {
        *ret_kind = MD_CSDB_VERSION_FILE;
        return true;
    }
    *ret_kind = MD_CSDB_DATABASE;
    return md_str_has_prefix(name, MD_LIT("ics50")) && md_str_has_suffix(name, MD_LIT(".db"));
}

/* ---- what a listing leaves out ---- */

/* `ls -l | head`, `ls -l | grep log`: anything but a pager takes lines away. */
static bool takes_lines_away(struct md_str pipe)
{
    static const char *const keepers[] = {"more", "less", "cat", "sort", "tee", "pg", "nl"};
    struct md_str program = md_item_name_base(md_str_next_word(&pipe));

    for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++)
        if (md_str_is(program, keepers[i]))
            return false;
    return true;
}

enum md_csdb_part md_csdb_listed(struct md_str command)
{
    enum md_csdb_part part = MD_CSDB_ALL;
    struct md_str pipe, rest = command, word;
    ptrdiff_t bar = md_str_find_char(command, '|');

    if (bar >= 0) {
        rest = md_str_from(command, (size_t)bar + 1);
        while (md_str_split(&rest, '|', &pipe))
            if (!md_str_is_empty(pipe) && takes_lines_away(pipe))
                return MD_CSDB_SOME;
        rest = md_str_sub(command, 0, (size_t)bar);
    }
    while (!md_str_is_empty(word = md_str_next_word(&rest))) {
        enum md_csdb_kind kind;
        uint32_t number;

        word = md_item_name_base(word);
        if (md_str_is(word, "*") || md_str_has_prefix(word, MD_LIT("-")))
            continue;
        if (md_str_is(word, "*.db") || md_str_is(word, "*db") || md_str_is(word, "ics50*") || md_str_is(word, "ics*") ||
            md_str_is(word, "ics50*.db") || md_str_is(word, "ics*.db"))
            part = MD_CSDB_ALL_DATABASES;
        else if (md_str_find_char(word, '*') >= 0 || md_str_find_char(word, '?') >= 0 ||
                 md_str_find_char(word, '[') >= 0 || md_csdb_name(word, &kind, &number))
            return MD_CSDB_SOME;
    }
    return part;
}

/* ---- folders ---- */

static struct md_str parent_of(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');

    return slash <= 0 ? md_str("") : md_str_sub(path, 0, (size_t)slash);
}

static struct folder *folder_at(struct finder *f, struct md_str path)
{
    struct folder *folder;

    for (size_t i = 0; i < f->n; i++)
        if (md_str_eq(f->folders[i].path, path))
            return &f->folders[i];
    if (f->n == MD_CSDB_FOLDERS_MAX)
        return NULL;
    folder = md_arena_push(f->ctx->arena, &f->folders, &f->n, &f->capacity, sizeof *folder);
    *folder = (struct folder){.path = md_arena_str(f->ctx->arena, path)};
    return folder;
}

static struct md_csdb_entry *entry_of(struct finder *f, struct folder *folder, struct md_str name)
{
    struct md_csdb_entry *entry;
    enum md_csdb_kind kind;
    uint32_t number;

    for (size_t i = 0; i < folder->n; i++)
        if (md_str_eq(folder->entries[i].name, name))
            return &folder->entries[i];
    if (!md_csdb_name(name, &kind, &number) || f->n_entries == MD_CSDB_ENTRIES_MAX)
        return NULL;
    f->n_entries++;
    folder->counts[kind]++;
    entry = md_arena_push(f->ctx->arena, &folder->entries, &folder->n, &folder->capacity, sizeof *entry);
    *entry = (struct md_csdb_entry){
        .kind = kind, .name = md_arena_str(f->ctx->arena, name), .number = number, .mtime = MD_TIME_NONE};
    return entry;
}

static void add_items(struct finder *f, enum md_item_kind kind)
{
    const struct md_item *const *items;
    size_t n = md_source_items(f->ctx->source, kind, &items);

    for (size_t i = 0; i < n; i++) {
        const struct md_item *item = items[i];
        struct md_str path = md_str(item->path != NULL ? item->path : item->name);
        struct folder *folder = folder_at(f, parent_of(path));
        struct md_csdb_entry *entry = folder != NULL ? entry_of(f, folder, md_item_name_base(path)) : NULL;

        if (entry == NULL)
            continue;
        entry->bytes = entry->from = item;
        if (item->mtime != MD_TIME_NONE)
            entry->mtime = item->mtime;
        if (item->has_owner && item->owner != NULL)
            entry->owner = md_str(item->owner);
        if (item->size != UINT64_MAX) {
            entry->has_size = true;
            entry->size = item->size;
        }
        folder->has_bytes = true;
        if (folder->from == NULL)
            folder->from = item;
    }
}

static struct md_str whole_path(struct finder *f, struct md_str path)
{
    struct md_str root = md_str(f->listing->root);

    while (root.n > 0 && root.p[root.n - 1] == '/')
        root.n--;
    if (root.n == 0 || md_str_has_prefix(path, MD_LIT("/")))
        return path;
    return md_str(md_arena_printf(f->ctx->arena, "%.*s/%.*s", MD_STR_ARG(root), MD_STR_ARG(path)));
}

static bool take_listed(void *ctx, const struct md_dir_entry *listed)
{
    struct finder *f = ctx;
    struct md_str base = md_item_name_base(listed->path), path;
    enum md_csdb_kind kind;
    uint32_t number;
    bool belongs = md_csdb_name(base, &kind, &number);
    struct folder *folder;
    struct md_csdb_entry *entry;

    if (listed->is_dir)
        return true;
    path = whole_path(f, listed->path);
    /* Other files matter only in a folder that has some of ours. */
    if (!belongs) {
        struct md_str folder_path = parent_of(path);

        for (size_t i = 0; i < f->n; i++)
            if (md_str_eq(f->folders[i].path, folder_path))
                f->folders[i].has_others = true;
        return f->is_ours || ++f->n_foreign < FOREIGN_MAX;
    }
    f->is_ours = true;
    folder = folder_at(f, parent_of(path));
    entry = folder != NULL ? entry_of(f, folder, base) : NULL;
    if (entry == NULL)
        return true;
    folder->is_listed = true;
    if (f->listing->is_complete ||
        (md_source_kind(f->ctx->source) != MD_SOURCE_BUNDLE && f->part != MD_CSDB_SOME && !f->has_holes)) {
        folder->is_asked_for |= f->listing->is_complete || f->listing->command != NULL;
        folder->is_cut = (!folder->is_listed_whole || folder->is_cut) && f->part != MD_CSDB_ALL;
        folder->is_listed_whole = true;
    }
    folder->has_others |= kind != MD_CSDB_DATABASE;
    if (folder->from == NULL || folder->from->kind != MD_ITEM_LISTING)
        folder->from = f->listing;
    entry->has_size = true;
    entry->size = listed->size;
    if (entry->from == NULL)
        entry->from = f->listing;
    if (listed->mtime != MD_TIME_NONE)
        entry->mtime = listed->mtime;
    if (!md_str_is_empty(listed->owner))
        entry->owner = md_arena_str(f->ctx->arena, listed->owner);
    return true;
}

static bool is_ours(void *ctx, const struct md_dir_entry *listed)
{
    struct finder *f = ctx;
    enum md_csdb_kind kind;
    uint32_t number;

    f->is_ours |= md_csdb_name(md_item_name_base(listed->path), &kind, &number);
    return f->is_ours || ++f->n_foreign < FOREIGN_MAX;
}

/* Where somebody shortened a pasted listing by hand, what is left out is not missing. */
static bool has_holes(struct finder *f, const struct md_item *listing)
{
    struct md_diags *diags = md_diags_new(f->ctx->arena);
    struct finder look = {.ctx = f->ctx, .listing = listing};
    enum md_status status;

    if (listing->is_complete || md_source_kind(f->ctx->source) == MD_SOURCE_BUNDLE)
        return false;
    status = md_source_walk(f->ctx->source, listing, diags, is_ours, &look);
    if (status < 0 && status != MD_INTERRUPTED) {
        md_item_say_unread(f->ctx, listing, "cannot be read", status);
        return true;
    }
    return status >= 0 && look.is_ours && md_diags_count_at_least(diags, MD_WARNING) > 0;
}

static void add_listings(struct finder *f)
{
    const struct md_item *const *items;
    size_t n = md_source_items(f->ctx->source, MD_ITEM_LISTING, &items);
    enum md_status status;

    for (size_t i = 0; i < n; i++) {
        f->listing = items[i];
        f->part = md_csdb_listed(md_str(items[i]->command));
        f->n_foreign = 0;
        f->is_ours = false;
        f->has_holes = has_holes(f, items[i]);
        /* Whoever reports bad lines is the probe of queues, which walks all listings; ended early is no failure. */
        status = md_source_walk(f->ctx->source, items[i], NULL, take_listed, f);
        if (status < 0 && status != MD_INTERRUPTED)
            md_item_say_unread(f->ctx, items[i], "cannot be read", status);
    }
}

/* ---- choosing ---- */

static bool is_same_end(struct md_str whole, struct md_str end)
{
    return end.n > 0 && md_str_has_suffix(whole, end) &&
           (whole.n == end.n || whole.p[whole.n - end.n - 1] == '/' || end.p[0] == '/');
}

static bool is_called_a_copy(struct md_str path)
{
    static const char *const words[] = {"backup",  "archive", "save", ".bad", "copy",    "verify",  "rebuild",
                                        "recover", "old",     "bak",  "snap", "restore", "salvage", "test"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (md_str_find_nocase(path, md_str(words[i])) >= 0)
            return true;
    return false;
}

static int score_of(const struct finder *f, const struct folder *folder)
{
    struct md_str base = md_item_name_base(folder->path);
    int score = 0;

    if (folder->counts[MD_CSDB_DATABASE] == 0 && !md_str_is(base, "csdb"))
        return -1; /* another program's */
    if (f->csdb.n > 0 && (md_str_eq(folder->path, f->csdb) || is_same_end(f->csdb, folder->path)))
        score += 32;
    if (md_str_is(base, "csdb"))
        score += 8;
    if (folder->counts[MD_CSDB_REGION] > 0)
        score += 4;
    if (!is_called_a_copy(folder->path))
        score += 16;
    return score + (folder->has_bytes ? 2 : 0) + (folder->counts[MD_CSDB_DATABASE] > 2 ? 1 : 0);
}

static const struct folder *best(struct finder *f, bool with_bytes)
{
    const struct folder *found = NULL;

    for (size_t i = 0; i < f->n; i++) {
        struct folder *folder = &f->folders[i];

        folder->score = score_of(f, folder);
        if (folder->score < 0 || folder->has_bytes != with_bytes)
            continue;
        if (found == NULL || folder->score > found->score)
            found = folder;
    }
    return found;
}

/* A listing that is of the same folder as the files that are there under another path. */
static bool is_same_folder(const struct folder *files, const struct folder *listed)
{
    return md_str_is_empty(listed->path) || md_str_is_empty(files->path) || is_same_end(listed->path, files->path) ||
           is_same_end(files->path, listed->path) ||
           (md_str_eq(md_item_name_base(files->path), md_item_name_base(listed->path)) &&
            !is_called_a_copy(files->path) && !is_called_a_copy(listed->path));
}

static void join(struct finder *f, struct folder *files, const struct folder *listed)
{
    for (size_t i = 0; i < listed->n; i++) {
        const struct md_csdb_entry *from = &listed->entries[i];
        struct md_csdb_entry *entry = entry_of(f, files, from->name);

        if (entry == NULL)
            continue;
        if (entry->bytes == NULL) {
            entry->has_size = from->has_size;
            entry->size = from->size;
            entry->from = from->from;
        }
        if (from->mtime != MD_TIME_NONE)
            entry->mtime = from->mtime;
        if (!md_str_is_empty(from->owner))
            entry->owner = from->owner;
    }
    files->is_listed = true;
    files->is_listed_whole |= listed->is_listed_whole;
    files->is_cut |= listed->is_cut;
    files->is_asked_for |= listed->is_asked_for;
    files->has_others |= listed->has_others;
    files->from = listed->from;
    if (files->path.n < listed->path.n)
        files->path = listed->path;
}

static int by_kind_and_number(const void *a, const void *b)
{
    const struct md_csdb_entry *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return md_str_cmp(x->name, y->name);
}

static void settle(struct folder *folder, struct md_csdb_set *ret)
{
    /* Of files that somebody sent we know that they are all only where most are there. */
    bool is_most = folder->has_bytes && folder->counts[MD_CSDB_DATABASE] >= 4;

    if (folder->n > 1)
        qsort(folder->entries, folder->n, sizeof *folder->entries, by_kind_and_number);
    *ret = (struct md_csdb_set){.folder = folder->path,
                                .entries = folder->entries,
                                .n = folder->n,
                                .from = folder->from,
                                .has_all_databases = is_most};
    /* Of a single line without a command nobody knows what it was taken from. */
    if (folder->is_listed_whole && folder->counts[MD_CSDB_DATABASE] > (folder->is_asked_for ? 0 : 1))
        ret->has_all_databases = true;
    /* `ls *.db` lists no logs. */
    ret->has_all_logs =
        (folder->is_listed_whole && !folder->is_cut && folder->has_others) ||
        (is_most &&
         folder->counts[MD_CSDB_LOG] + folder->counts[MD_CSDB_REGION] + folder->counts[MD_CSDB_VERSION_FILE] > 0);
}

bool md_csdb_find(struct md_probe_ctx *ctx, struct md_csdb_set *ret)
{
    struct finder f = {.ctx = ctx};
    const struct md_calendar_world *world = md_calendar_load(ctx);
    const struct folder *files, *listed;
    struct folder *chosen;

    f.csdb = world->csdb_path;
    add_items(&f, MD_ITEM_CSDB_FILE);
    add_items(&f, MD_ITEM_CSDB_LOG);
    add_items(&f, MD_ITEM_CSDB_REGION);
    add_items(&f, MD_ITEM_CALDB_CONF);
    add_listings(&f);
    files = best(&f, true);
    listed = best(&f, false);
    if (files == NULL && listed == NULL)
        return false;
    /* Files of a backup beside a listing of the database itself: the listing is what it is about. */
    if (files == NULL || (listed != NULL && listed->score >= files->score + 14))
        chosen = &f.folders[listed - f.folders];
    else
        chosen = &f.folders[files - f.folders];
    if (listed != NULL && chosen != listed && is_same_folder(chosen, listed)) {
        struct folder copy = *listed; /* entries may move */

        join(&f, chosen, &copy);
    }
    settle(chosen, ret);
    return true;
}
