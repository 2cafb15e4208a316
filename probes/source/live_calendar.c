/* The files of Calendar Server on this host. The database is only read: nothing is opened for writing, no library is attached to it. */
#include "probes/source/live.h"

#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "engine/base/display.h"
#include "probes/source/item_name.h"

#define ENTRIES_MAX 20000
#define BACKUP_DEPTH 3 /* folder of backups, a snapshot, its files */

struct listing {
    struct md_arena *arena;
    const char **lines;
    size_t n, capacity, size;
    bool is_cut;
};

static const char *user(struct md_arena *arena, uid_t uid)
{
    char buffer[4096];
    struct passwd entry, *found = NULL;

    if (getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
        return md_arena_printf(arena, "%lu", (unsigned long)uid);
    return md_display(arena, md_str(found->pw_name));
}

static const char *group(struct md_arena *arena, gid_t gid)
{
    char buffer[4096];
    struct group entry, *found = NULL;

    if (getgrgid_r(gid, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
        return md_arena_printf(arena, "%lu", (unsigned long)gid);
    return md_display(arena, md_str(found->gr_name));
}

/* A line of a listing as bundles have it, with mode and owner. */
static void add_line(struct listing *listing, const char *name, const struct stat *st)
{
    const char *line = md_arena_printf(
        listing->arena, "%s\t%llu\t%lld\t%o\t%s\t%s\t%s\n", md_display(listing->arena, md_str(name)),
        (unsigned long long)st->st_size, (long long)st->st_mtime, (unsigned)(st->st_mode & 07777),
        user(listing->arena, st->st_uid), group(listing->arena, st->st_gid), S_ISDIR(st->st_mode) ? "d" : "f");

    *(const char **)md_arena_push(listing->arena, &listing->lines, &listing->n, &listing->capacity, sizeof line) = line;
    listing->size += strlen(line);
}

static void walk(struct listing *listing, const char *path, const char *below, unsigned depth)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        const char *whole = md_arena_printf(listing->arena, "%s/%s", path, entry->d_name);
        const char *name = md_arena_printf(listing->arena, "%s%s", below, entry->d_name);
        struct stat st;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || lstat(whole, &st) != 0 ||
            !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
            continue;
        if (listing->n == ENTRIES_MAX) {
            listing->is_cut = true;
            break;
        }
        add_line(listing, name, &st);
        if (S_ISDIR(st.st_mode) && depth > 1)
            walk(listing, whole, md_arena_printf(listing->arena, "%s/", name), depth - 1);
    }
    if (folder != NULL)
        closedir(folder);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_listing(struct md_live *live, const char *path, unsigned depth)
{
    struct listing listing = {.arena = live->source->arena};
    struct md_item item;
    size_t at = 0;
    char *text;

    if (path == NULL)
        return;
    walk(&listing, path, "", depth);
    if (listing.n > 1)
        qsort(listing.lines, listing.n, sizeof *listing.lines, by_text);
    text = md_arena_alloc(listing.arena, listing.size + 1);
    for (size_t i = 0; i < listing.n; i++) {
        memcpy(text + at, listing.lines[i], strlen(listing.lines[i]));
        at += strlen(listing.lines[i]);
    }
    item = md_item_blank(MD_ITEM_LISTING, md_display(listing.arena, md_str(path)));
    item.path = item.root = md_arena_cstr(listing.arena, md_str_from(md_str(path), strlen(live->calendar.prefix)));
    item.taken_at = md_live_clock();
    item.is_complete = !listing.is_cut;
    item.size = listing.size;
    (void)md_live_add_text(live, &item, md_str_n(text, listing.size));
}

void md_live_list_calendar(struct md_live *live)
{
    if (live->calendar.conf == NULL)
        return;
    add_listing(live, live->calendar.csdb, 1);
    add_listing(live, live->calendar.hot, BACKUP_DEPTH);
    add_listing(live, live->calendar.archive, BACKUP_DEPTH);
}

/* Files of the database, and the log that the tools write beside them. */
static void add_database(struct md_live *live, const char *path)
{
    struct md_arena *arena = live->source->arena;
    DIR *folder = opendir(path);
    struct dirent *entry;
    const char **names = NULL;
    size_t n = 0, capacity = 0;

    while (folder != NULL && n < ENTRIES_MAX && (entry = readdir(folder)) != NULL)
        *(const char **)md_arena_push(arena, &names, &n, &capacity, sizeof *names) =
            md_arena_cstr(arena, md_str(entry->d_name));
    if (folder != NULL)
        closedir(folder);
    if (n > 1)
        qsort(names, n, sizeof *names, by_text);
    for (size_t i = 0; i < n; i++) {
        struct md_item_name name;

        md_item_name_read(md_str(names[i]), &name);
        if (name.is_old_copy)
            continue;
        if (name.kind == MD_ITEM_CSDB_FILE || name.kind == MD_ITEM_CSDB_LOG || name.kind == MD_ITEM_CSDB_REGION ||
            name.kind == MD_ITEM_CALDB_CONF || name.kind == MD_ITEM_CALENDAR_LOG)
            (void)md_live_add_path(live, name.kind, live->calendar.prefix,
                                   md_arena_printf(arena, "%s/%s", path, names[i]));
    }
}

static void note_own(struct md_live *live, const char *path)
{
    if (path != NULL)
        md_source_note_own_folder(live->source, md_str_from(md_str(path), strlen(live->calendar.prefix)));
}

void md_live_add_calendar(struct md_live *live)
{
    const struct md_calendar_layout *layout = &live->calendar;

    if (layout->conf == NULL)
        return;
    (void)md_live_add_path(live, MD_ITEM_ICS_CONF, layout->prefix, layout->conf);
    if (layout->logs != NULL)
        md_live_add_folder(live, layout->prefix, layout->logs, true);
    if (layout->csdb != NULL)
        add_database(live, layout->csdb);
    note_own(live, layout->csdb);
    note_own(live, layout->logs);
    note_own(live, layout->hot);
    note_own(live, layout->archive);
}
