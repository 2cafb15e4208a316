#include "probes/source/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "probes/source/lookup.h"

#define NAME_LONGEST 1024
#define PATH_LONGEST 8192
#define PROGRESS_EVERY 8192

struct walk {
    const struct md_walk_options *options;
    struct md_diags *diags;
    md_dir_fn *fn;
    void *ctx;
    uint64_t done, reported;
    struct md_lookup *lookup;
    struct md_lookup_batch *batches[MD_WALK_DEPTH_MAX][2]; /* one is given while the next is looked up */
    size_t path_n;
    char path[PATH_LONGEST];
};

static enum md_status status_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR: return MD_NOT_FOUND;
    case EACCES:
    case EPERM: return MD_NO_ACCESS;
    default: return MD_IO;
    }
}

static void complain(struct walk *w, struct md_str path, int error, const char *says)
{
    const struct md_loc loc = {.file = w->options->root};

    if (w->diags != NULL)
        md_diags_add(w->diags, MD_WARNING, loc, "%s %.*s: %s", says, (int)path.n, path.p,
                     md_status_says(status_of(error)));
}

static bool is_stopped(const struct walk *w)
{
    return w->options->interrupted != NULL && *w->options->interrupted != 0;
}

static int by_inode(const void *a, const void *b)
{
    const struct md_lookup_entry *x = a, *y = b;

    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* Fills the batch with names; false: the folder is read to its end. */
static bool read_names(struct walk *w, DIR *dir, struct md_lookup_batch *batch)
{
    const struct dirent *d;

    batch->n = batch->names_n = 0;
    while (batch->n < MD_LOOKUP_BATCH && batch->names_n + NAME_LONGEST <= MD_LOOKUP_NAMES) {
        struct md_lookup_entry *e = &batch->entries[batch->n];
        size_t n;

        errno = 0;
        d = readdir(dir);
        if (d == NULL) {
            if (errno != 0)
                complain(w, md_str_n(w->path, w->path_n), errno, "the rest of the folder cannot be read:");
            return false;
        }
        n = strlen(d->d_name);
        if (n >= NAME_LONGEST || (d->d_name[0] == '.' && (n == 1 || (n == 2 && d->d_name[1] == '.'))))
            continue;
        e->inode = d->d_ino;
        e->name = (uint32_t)batch->names_n;
        e->name_n = (uint32_t)n;
        memcpy(batch->names + batch->names_n, d->d_name, n + 1);
        batch->names_n += n + 1;
        batch->n++;
    }
    return true;
}

static enum md_status walk_folder(struct walk *w, int fd, unsigned depth);

static enum md_status enter(struct walk *w, int fd, const char *name, unsigned depth)
{
    struct md_str path = md_str_n(w->path, w->path_n);
    int inner;

    if (depth + 1 >= MD_WALK_DEPTH_MAX) {
        complain(w, path, ELOOP, "a folder lies too deep and was not entered:");
        return MD_OK;
    }
    inner = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner < 0) {
        if (errno != ENOENT)
            complain(w, path, errno, "a folder cannot be read:");
        return MD_OK;
    }
    /* The batch of this level that is being looked up comes first: there is only one at a time. */
    md_lookup_finish(w->lookup);
    return walk_folder(w, inner, depth + 1);
}

static enum md_status give(struct walk *w, int fd, const struct md_lookup_batch *batch, const struct md_lookup_entry *e,
                           unsigned depth)
{
    size_t path_n = w->path_n, slash = path_n > 0 ? 1 : 0;
    struct md_dir_entry entry = {.is_dir = e->is_dir,
                                 .size = e->size,
                                 .mtime = e->mtime,
                                 .has_stat = true,
                                 .mode = e->mode,
                                 .uid = e->uid,
                                 .gid = e->gid};
    enum md_status st = MD_OK;

    if (path_n + slash + e->name_n > PATH_LONGEST)
        return MD_OK;
    if (slash > 0)
        w->path[path_n] = '/';
    memcpy(w->path + path_n + slash, batch->names + e->name, e->name_n);
    w->path_n = path_n + slash + e->name_n;
    entry.path = md_str_n(w->path, w->path_n);
    if (e->error != 0) {
        if (e->error != ENOENT)
            complain(w, entry.path, e->error, "cannot be looked at:");
    } else {
        w->done++;
        if (!w->fn(w->ctx, &entry))
            st = MD_INTERRUPTED;
        else if (e->is_dir)
            st = enter(w, fd, batch->names + e->name, depth);
    }
    w->path_n = path_n;
    return st;
}

static void progress(struct walk *w)
{
    if (w->options->progress == NULL || w->done < w->reported + PROGRESS_EVERY)
        return;
    w->reported = w->done;
    w->options->progress(w->options->progress_ctx, w->options->what != NULL ? w->options->what : "entries", w->done, 0);
}

/* Reads the next batch of names, in the order of their inodes; false: there is none. */
static bool read_next(struct walk *w, DIR *dir, struct md_lookup_batch *batch, bool *has_more)
{
    if (!*has_more)
        return false;
    *has_more = read_names(w, dir, batch);
    qsort(batch->entries, batch->n, sizeof *batch->entries, by_inode);
    return true;
}

/* Takes over the descriptor. */
static enum md_status walk_folder(struct walk *w, int fd, unsigned depth)
{
    DIR *dir = fdopendir(fd);
    struct md_lookup_batch **batches = w->batches[depth];
    enum md_status st = MD_OK;
    bool has_more = true, has_next;
    unsigned current = 0;

    if (dir == NULL) {
        st = status_of(errno);
        (void)close(fd);
        return depth == 0 ? st : MD_OK;
    }
    for (size_t i = 0; i < 2; i++)
        if (batches[i] == NULL)
            batches[i] = md_xcalloc(1, sizeof *batches[i]);
    has_next = read_next(w, dir, batches[current], &has_more);
    if (has_next)
        md_lookup_post(w->lookup, fd, batches[current]);
    /* The other thread looks up all the while: the next names are read before this batch is finished, and this batch is given when the
     * next one is posted. */
    while (has_next && st == MD_OK) {
        const struct md_lookup_batch *batch = batches[current];

        current = 1 - current;
        has_next = read_next(w, dir, batches[current], &has_more);
        md_lookup_finish(w->lookup);
        if (has_next)
            md_lookup_post(w->lookup, fd, batches[current]);
        for (size_t i = 0; i < batch->n && st == MD_OK; i++)
            st = give(w, fd, batch, &batch->entries[i], depth);
        progress(w);
        if (st == MD_OK && is_stopped(w))
            st = MD_INTERRUPTED;
    }
    md_lookup_finish(w->lookup);
    (void)closedir(dir);
    return st;
}

enum md_status md_walk(const struct md_walk_options *options, struct md_diags *diags, md_dir_fn *fn, void *ctx)
{
    struct walk *w = md_xcalloc(1, sizeof *w);
    enum md_status st;
    int fd;

    w->options = options;
    w->diags = diags;
    w->fn = fn;
    w->ctx = ctx;
    /* The root may be a link: many products put one at the place of the queue. */
    fd = open(options->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    st = fd < 0 ? status_of(errno) : MD_OK;
    if (st == MD_OK) {
        w->lookup = md_lookup_new();
        st = walk_folder(w, fd, 0);
        md_lookup_free(&w->lookup);
    }
    for (size_t i = 0; i < MD_WALK_DEPTH_MAX; i++) {
        free(w->batches[i][0]);
        free(w->batches[i][1]);
    }
    free(w);
    return st;
}
