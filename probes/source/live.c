#include "probes/source/live.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "probes/source/host_places.h"
#include "probes/source/item_name.h"
#include "probes/source/resolve.h"
#include "probes/source/stream.h"
#include "probes/source/walk.h"

static struct md_item *add(struct md_live *live, const struct md_item *item, const struct md_live_entry *bytes)
{
    struct md_live_entry *entry =
        md_arena_push(live->source->arena, &live->entries, &live->n_entries, &live->entries_capacity, sizeof *entry);
    struct md_item *own;

    *entry = *bytes;
    own = md_source_add(live->source, item);
    if (own == NULL)
        live->n_entries--;
    else
        own->handle = live->n_entries - 1;
    return own;
}

struct md_item *md_live_add_file(struct md_live *live, const struct md_item *item, const char *path)
{
    return add(live, item, &(struct md_live_entry){.path = path, .text = {"", 0}});
}

struct md_item *md_live_add_text(struct md_live *live, const struct md_item *item, struct md_str text)
{
    return add(live, item, &(struct md_live_entry){.path = NULL, .text = text});
}

/* NULL: no such user. */
static const char *user_name(struct md_arena *arena, uid_t uid)
{
    char buffer[4096];
    struct passwd entry, *found = NULL;

    if (getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
        return NULL;
    return md_display(arena, md_str(found->pw_name));
}

bool md_live_add_path(struct md_live *live, enum md_item_kind kind, const char *prefix, const char *path)
{
    struct md_item item = md_item_blank(kind, md_display(live->source->arena, md_str(path)));
    struct stat st;

    if (stat(path, &st) != 0) {
        if (errno != EACCES)
            return false;
        item.status = MD_NO_ACCESS;
    } else if (!S_ISREG(st.st_mode)) {
        return false;
    } else {
        item.mtime = (int64_t)st.st_mtime * MD_SECOND;
        item.has_owner = true;
        item.mode = (uint32_t)(st.st_mode & 07777);
        item.owner = user_name(live->source->arena, st.st_uid);
        if (item.owner == NULL)
            item.owner = md_arena_printf(live->source->arena, "%lu", (unsigned long)st.st_uid);
        if (access(path, R_OK) != 0)
            item.status = MD_NO_ACCESS;
    }
    /* The path on the host that it stands for. */
    item.path = md_arena_cstr(live->source->arena, md_str_from(md_str(path), strlen(prefix)));
    return md_live_add_file(live, &item, path) != NULL;
}

static bool add_path(struct md_live *live, enum md_item_kind kind, const char *path)
{
    return md_live_add_path(live, kind, live->layout.prefix, path);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void md_live_add_folder(struct md_live *live, const char *prefix, const char *path, bool is_log)
{
    struct md_arena *arena = live->source->arena;
    DIR *folder = opendir(path);
    struct dirent *entry;
    const char **names = NULL;
    size_t n = 0, capacity = 0;

    if (folder == NULL)
        return; /* said once, with all others */
    while (n < MD_HOST_FOLDER_FILES_MAX && (entry = readdir(folder)) != NULL) {
        struct md_item_name name;

        md_item_name_read(md_str(md_arena_printf(arena, "%s/%s", path, entry->d_name)), &name);
        if (entry->d_name[0] == '.' || name.kind == MD_ITEM_OTHER || name.is_old_copy)
            continue;
        /* A program's log may have the name of a configuration file elsewhere, but not here. */
        if (is_log == name.is_sure && name.kind != MD_ITEM_PID_FILE)
            continue;
        *(const char **)md_arena_push(arena, &names, &n, &capacity, sizeof *names) =
            md_arena_cstr(arena, md_str(entry->d_name));
    }
    closedir(folder);
    if (n > 1)
        qsort(names, n, sizeof *names, by_text);
    for (size_t i = 0; i < n; i++) {
        const char *whole = md_arena_printf(arena, "%s/%s", path, names[i]);
        struct md_item_name name;

        md_item_name_read(md_str(whole), &name);
        (void)md_live_add_path(live, name.kind, prefix, whole);
    }
}

static void add_folder(struct md_live *live, const char *path, bool is_log)
{
    md_live_add_folder(live, live->layout.prefix, path, is_log);
}

/* Logs oldest first: the cumulative one, then by time, the current one last. */
static int rank_of_log(const struct md_item *item)
{
    struct md_str base = md_str(item->base);

    if (md_str_has_suffix(base, MD_LIT("_current")))
        return 3;
    if (md_str_has_suffix(base, MD_LIT("_yesterday")))
        return 2;
    return md_str_is(base, "mail.log") || md_str_is(base, "connection.log") ? 1 : 0;
}

static int by_age(const void *a, const void *b)
{
    const struct md_item *x = *(const struct md_item *const *)a, *y = *(const struct md_item *const *)b;
    int order = rank_of_log(x) - rank_of_log(y);

    if (order != 0)
        return order;
    if (x->mtime != y->mtime)
        return x->mtime < y->mtime ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void sort_logs(struct md_source *source)
{
    static const enum md_item_kind kinds[] = {MD_ITEM_MAIL_LOG,      MD_ITEM_CONNECTION_LOG,     MD_ITEM_NSLOG,
                                              MD_ITEM_MTA_DEBUG_LOG, MD_ITEM_JOB_CONTROLLER_LOG, MD_ITEM_DISPATCHER_LOG,
                                              MD_ITEM_CALENDAR_LOG};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (source->by_kind[kinds[i]].n > 1)
            qsort(source->by_kind[kinds[i]].list, source->by_kind[kinds[i]].n, sizeof(struct md_item *), by_age);
}

/* `path`: with what stands for "/". */
static void note_own(struct md_live *live, const char *path)
{
    md_source_note_own_folder(live->source, md_str_from(md_str(path), strlen(live->layout.prefix)));
}

/* Below the base as a rule, but each may be a link to another place. */
static void note_own_folders(struct md_live *live)
{
    static const char *const below[] = {"data", "data/store", "data/config", "store", "config"};
    const struct md_msgserver_layout *layout = &live->layout;
    const struct md_layout_folders *const lists[] = {&layout->config, &layout->log, &layout->proc, &layout->commands};

    note_own(live, layout->base);
    if (layout->queue != NULL)
        note_own(live, layout->queue);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t k = 0; k < lists[i]->n; k++)
            note_own(live, lists[i]->at[k]);
    for (size_t i = 0; i < sizeof below / sizeof *below; i++)
        note_own(live, md_arena_printf(live->source->arena, "%s/%s", layout->base, below[i]));
}

static void add_product(struct md_live *live)
{
    const struct md_msgserver_layout *layout = &live->layout;
    const char *const *images = md_host_places.images;
    struct md_item item;

    for (size_t i = 0; i < layout->config.n; i++)
        add_folder(live, layout->config.at[i], false);
    for (size_t i = 0; images[i] != NULL && layout->base != NULL; i++)
        (void)add_path(live, MD_ITEM_CONFIG_IMAGE,
                       md_arena_printf(live->source->arena, "%s/%s", layout->base, images[i]));
    for (size_t i = 0; i < layout->log.n; i++)
        add_folder(live, layout->log.at[i], true);
    for (size_t i = 0; i < layout->proc.n; i++)
        add_folder(live, layout->proc.at[i], false);
    for (size_t i = 0; i < layout->commands.n; i++)
        (void)add_path(live, MD_ITEM_CONFIG_IMAGE,
                       md_arena_printf(live->source->arena, "%s/config_data", layout->commands.at[i]));
    if (layout->queue != NULL) {
        item = md_item_blank(MD_ITEM_QUEUE_TREE, md_display(live->source->arena, md_str(layout->queue)));
        item.path = item.root =
            md_arena_cstr(live->source->arena, md_str_from(md_str(layout->queue), strlen(layout->prefix)));
        item.is_complete = true;
        (void)md_live_add_file(live, &item, layout->queue);
    }
}

static void add_system(struct md_live *live)
{
    for (const struct md_host_file *file = md_host_files; file->path != NULL; file++)
        (void)add_path(live, file->kind, md_arena_printf(live->source->arena, "%s%s", live->etc, file->path));
}

/* ---- what this user may not read ---- */

static const char *owner_name(struct md_arena *arena, const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.st_uid != 0 ? user_name(arena, st.st_uid) : NULL;
}

/* The first thing that is closed to this user, and how many there are. */
struct closed {
    const char *first;
    size_t n;
};

static void note_closed(struct closed *closed, const char *path)
{
    if (closed->n++ == 0)
        closed->first = path;
}

static void note_closed_folders(struct closed *closed, const struct md_layout_folders *folders)
{
    for (size_t i = 0; i < folders->n; i++)
        if (access(folders->at[i], R_OK | X_OK) != 0)
            note_closed(closed, folders->at[i]);
}

/* Probes say nothing more of it. */
void md_live_complain_of_access(struct md_live *live)
{
    struct md_arena *arena = live->source->arena;
    const struct md_msgserver_layout *layout = &live->layout;
    const struct md_item_list *all = &live->source->all;
    struct closed closed = {NULL, 0};
    const char *owner, *others = "";

    if (geteuid() == 0 || live->has_complained)
        return;
    if (layout->closed != NULL)
        note_closed(&closed, layout->closed);
    if (layout->queue != NULL && access(layout->queue, R_OK | X_OK) != 0)
        note_closed(&closed, layout->queue);
    note_closed_folders(&closed, &layout->log);
    note_closed_folders(&closed, &layout->config);
    for (size_t i = 0; i < all->n; i++)
        if (all->list[i]->status == MD_NO_ACCESS && all->list[i]->kind != MD_ITEM_SYSTEM_LOG)
            note_closed(&closed, all->list[i]->name);
    if (closed.n == 0)
        return;
    live->has_complained = true;
    owner = owner_name(arena, layout->queue != NULL ? layout->queue : closed.first);
    if (closed.n > 1)
        others = md_arena_printf(arena, ", nor %zu other file%s or folder%s of the product", closed.n - 1,
                                 closed.n > 2 ? "s" : "", closed.n > 2 ? "s" : "");
    md_diags_add(live->source->diags, MD_WARNING, (struct md_loc){closed.first, 0, 0},
                 "this user may not read it%s; run mtadoctor as root%s%s to see everything", others,
                 owner != NULL ? " or as " : "", owner != NULL ? owner : "");
}

/* Where a host has no mail product, or has it in a place of its own. */
static void complain_of_absence(struct md_live *live)
{
    struct md_arena *arena = live->source->arena;
    const char *root = live->source->options.root;

    if (root == NULL)
        md_diags_add(
            live->source->diags, MD_WARNING, (struct md_loc){0},
            "no Messaging Server was found in %s, nor the ics.conf of a Calendar Server in %s; --root DIR says "
            "where it is installed",
            md_msgserver_layout_places(arena), md_calendar_layout_places(arena));
    else
        md_diags_add(live->source->diags, MD_WARNING, (struct md_loc){md_display(arena, md_str(root)), 0, 0},
                     "no Messaging Server was found in this folder (config, data, sbin ...), nor below it in %s",
                     md_msgserver_layout_places(arena));
}

/* ---- the source ---- */

static enum md_status live_open(struct md_source *source, const struct md_item *item, struct md_stream **ret)
{
    struct md_live *live = source->self;
    const struct md_live_entry *entry = &live->entries[item->handle];
    struct stat st;
    int fd;

    if (entry->path == NULL) {
        *ret = md_stream_memory(entry->text);
        return MD_OK;
    }
    fd = open(entry->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? MD_NOT_FOUND : errno == EACCES || errno == EPERM ? MD_NO_ACCESS : MD_IO;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return MD_UNSUPPORTED;
    }
    return md_stream_file(fd, ret);
}

static enum md_status live_walk(struct md_source *source, const struct md_item *item, struct md_diags *diags,
                                md_dir_fn *fn, void *ctx)
{
    struct md_live *live = source->self;
    const struct md_walk_options options = {.root = live->entries[item->handle].path,
                                            .interrupted = source->options.interrupted,
                                            .progress = source->options.progress,
                                            .progress_ctx = source->options.progress_ctx,
                                            .what = "queue files"};

    return md_walk(&options, diags, fn, ctx);
}

static void live_prepare(struct md_source *source, enum md_item_kind kind)
{
    struct md_live *live = source->self;

    if (live->has_run[kind])
        return;
    live->has_run[kind] = true;
    if (kind == MD_ITEM_QUEUE_FILE)
        md_live_sample_queue(live);
    else if (kind == MD_ITEM_LISTING) {
        md_live_list_store(live);
        md_live_list_calendar(live);
    } else
        md_live_run_kind(live, kind);
}

static void live_join(struct md_source *source, const struct md_item *item, struct md_str text)
{
    struct md_live *live = source->self;

    live->has_run[item->kind] |= md_item_kind_command(item->kind) != NULL;
    (void)md_live_add_text(live, item, text);
}

static const struct md_source_ops live_ops = {.prepare = live_prepare,
                                              .join = live_join,
                                              .open = live_open,
                                              .walk_tree = live_walk,
                                              .command = md_live_command,
                                              .resolve = md_resolve_now,
                                              .connect_local = md_live_connect,
                                              .greeting = md_live_greeting,
                                              .program = md_live_program};

enum md_status md_source_open_live(const struct md_source_options *options, struct md_diags *diags,
                                   struct md_source **ret)
{
    struct md_source *source = md_source_new(MD_SOURCE_LIVE, "this host", options, &live_ops, diags);
    struct md_live *live = md_arena_alloc(source->arena, sizeof *live);
    struct stat st;

    source->self = live;
    source->is_first_hand = true;
    live->source = source;
    if (options->root != NULL && stat(options->root, &st) != 0) {
        enum md_status status = errno == EACCES ? MD_NO_ACCESS : MD_NOT_FOUND;

        md_diags_add(diags, MD_ERROR, (struct md_loc){md_display(source->arena, md_str(options->root)), 0, 0}, "%s",
                     md_status_says(status));
        md_source_free(&source);
        return status;
    }
    md_msgserver_layout_find(source->arena, source->options.root, &live->layout);
    md_calendar_layout_find(source->arena, source->options.root, &live->calendar);
    if (live->layout.base == NULL && live->calendar.conf != NULL)
        live->layout.prefix = live->calendar.prefix; /* of the system's files and commands */
    source->own_prefix = live->layout.prefix;
    live->etc =
        stat(md_arena_printf(source->arena, "%s/etc", live->layout.prefix), &st) == 0 ? live->layout.prefix : "";
    if (live->layout.base != NULL) {
        add_product(live);
        note_own_folders(live);
    } else if (live->calendar.conf == NULL) {
        complain_of_absence(live);
    }
    md_live_add_calendar(live);
    add_system(live);
    sort_logs(source);
    md_live_complain_of_access(live);
    if (source->now == MD_TIME_NONE)
        source->now = md_live_clock();
    source->host = md_live_host_name(source->arena);
    source->zone_name = md_live_zone(source->arena, live->etc);
    *ret = source;
    return MD_OK;
}
