/* What directories and archives share, and directories. */
#include "probes/bundle/pack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "engine/base/time.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/source/stream.h"

#ifndef O_NOFOLLOW
#define O_NOFOLLOW 0
#endif

#define PASSED_LEAST (UINT64_C(4) << 30)
#define PASSED_TIMES 6 /* the bytes of the archive */

struct md_member *md_pack_add(struct md_pack *pack, struct md_str name)
{
    struct md_member *member = md_arena_push(pack->arena, &pack->members, &pack->n, &pack->capacity, sizeof *member);

    member->name = md_arena_str(pack->arena, name);
    member->size = UINT64_MAX;
    member->mtime = MD_TIME_NONE;
    return member;
}

static int by_name(const void *a, const void *b)
{
    const struct md_member *x = a, *y = b;
    int order = md_str_cmp(x->name, y->name);

    return order != 0 ? order : (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

void md_pack_sort(struct md_pack *pack)
{
    if (pack->n > 1)
        qsort(pack->members, pack->n, sizeof *pack->members, by_name);
}

const struct md_member *md_pack_find(const struct md_pack *pack, struct md_str name)
{
    size_t from = 0, to = pack->n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = md_str_cmp(pack->members[middle].name, name);

        if (order == 0)
            return &pack->members[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

void md_pack_close(struct md_pack *pack)
{
    if (pack == NULL)
        return;
    if (pack->fd >= 0)
        close(pack->fd);
    pack->fd = -1;
    md_pack_archive_close(pack);
}

uint64_t md_pack_pass_over_most(const struct md_pack *pack)
{
    return PASSED_LEAST + PASSED_TIMES * pack->unpacked;
}

enum md_status md_pack_pass_over(struct md_pack *pack, uint64_t bytes)
{
    uint64_t most = md_pack_pass_over_most(pack);

    if (bytes > most || pack->passed > most - bytes)
        return MD_LIMIT;
    pack->passed += bytes;
    return MD_OK;
}

static enum md_status status_of_errno(int error)
{
    if (error == ENOENT || error == ENOTDIR)
        return MD_NOT_FOUND;
    if (error == EACCES || error == EPERM)
        return MD_NO_ACCESS;
    return error == ELOOP ? MD_UNSUPPORTED : MD_IO;
}

enum md_status md_pack_open_member(const struct md_pack *pack, const struct md_member *member, int *ret)
{
    int fd = openat(pack->fd, member->name.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat st;

    if (fd < 0)
        return status_of_errno(errno);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) { /* changed under our hands */
        close(fd);
        return MD_UNSUPPORTED;
    }
    *ret = fd;
    return MD_OK;
}

enum md_status md_pack_stream_stored(struct md_pack *pack, const struct md_member *member, struct md_stream **ret)
{
    int fd;

    if (member->status < 0)
        return member->status;
    if (md_pack_is_archived(pack, member)) {
        if (!member->is_held)
            return md_pack_archive_stream(pack, member, ret);
        *ret = md_stream_memory(member->head);
        return MD_OK;
    }
    enum md_status status = md_pack_open_member(pack, member, &fd);
    if (status == MD_OK)
        *ret = md_stream_fd(fd);
    return status;
}

enum md_status md_pack_stream(struct md_pack *pack, const struct md_member *member, struct md_stream **ret)
{
    enum md_status status = member->status;
    struct md_stream *raw;
    int fd;

    if (status < 0)
        return status;
    if (!md_pack_is_archived(pack, member)) {
        status = md_pack_open_member(pack, member, &fd);
        return status < 0 ? status : md_stream_file(fd, ret);
    }
    status = md_pack_stream_stored(pack, member, &raw);
    if (status < 0)
        return status;
    if (md_stream_is_compressed(member->head))
        return md_stream_decompress(raw, ret);
    *ret = raw;
    return MD_OK;
}

ptrdiff_t md_pack_head(struct md_pack *pack, const struct md_member *member, char *buffer, size_t max,
                       bool *ret_is_whole)
{
    bool is_cut = md_pack_is_archived(pack, member) && !member->is_held;
    struct md_stream *stream;
    enum md_status status = member->status;
    ptrdiff_t got;

    if (status == MD_OK && !is_cut)
        status = md_pack_stream(pack, member, &stream);
    else if (status == MD_OK && md_stream_is_compressed(member->head))
        status = md_stream_decompress(md_stream_memory(member->head), &stream);
    else if (status == MD_OK)
        stream = md_stream_memory(member->head);
    if (status != MD_OK)
        return status;
    got = md_stream_fill(stream, buffer, max);
    md_stream_close(&stream);
    *ret_is_whole = !is_cut && got >= 0 && (size_t)got < max;
    return got;
}

bool md_pack_is_compressed(const struct md_pack *pack, const struct md_member *member)
{
    char head[MD_STREAM_HEAD];
    ssize_t got;
    int fd;

    if (md_pack_is_archived(pack, member))
        return md_stream_is_compressed(member->head);
    if (md_pack_open_member(pack, member, &fd) < 0)
        return false;
    got = read(fd, head, sizeof head);
    close(fd);
    return got > 0 && md_stream_is_compressed(md_str_n(head, (size_t)got));
}

/* ---- directories ---- */

struct scan {
    struct md_pack *pack;
    const struct md_source_options *options;
    struct md_diags *diags;
    char name[MD_PACK_NAME_MAX]; /* of the folder being read, with a final '/' */
    bool is_full;
};

static void complain(struct scan *scan, enum md_severity severity, size_t name_n, const char *what)
{
    const char *name = md_display(scan->pack->arena, md_str_n(scan->name, name_n));

    md_diags_add(scan->diags, severity, (struct md_loc){*name != '\0' ? name : scan->pack->path, 0, 0}, "%s", what);
}

static enum md_status scan_folder(struct scan *scan, int fd, size_t name_n, int depth);

/* An entry whose name stands in scan->name[0..n). */
static enum md_status scan_entry(struct scan *scan, int folder, const char *last, size_t n, int depth)
{
    struct md_member *member;
    struct stat st;
    int fd;

    if (fstatat(folder, last, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        complain(scan, MD_WARNING, n, md_status_says(status_of_errno(errno)));
        return MD_OK;
    }
    if (S_ISLNK(st.st_mode)) {
        complain(scan, MD_NOTE, n, "a symbolic link is not followed");
        return MD_OK;
    }
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
        complain(scan, MD_NOTE, n,
                 S_ISFIFO(st.st_mode)   ? "a pipe is not read"
                 : S_ISSOCK(st.st_mode) ? "a socket is not read"
                                        : "a device is not read");
        return MD_OK;
    }
    member = md_pack_add(scan->pack, md_str_n(scan->name, n));
    member->is_dir = S_ISDIR(st.st_mode);
    member->size = S_ISREG(st.st_mode) && st.st_size >= 0 ? (uint64_t)st.st_size : UINT64_MAX;
    if (!S_ISDIR(st.st_mode))
        return MD_OK;
    if (depth >= MD_PACK_DEPTH_MAX || n + 2 >= sizeof scan->name) {
        complain(scan, MD_WARNING, n, "folders too deep inside each other are not read");
        return MD_OK;
    }
    fd = openat(folder, last, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        complain(scan, MD_WARNING, n, md_status_says(status_of_errno(errno)));
        return MD_OK;
    }
    scan->name[n] = '/';
    return scan_folder(scan, fd, n + 1, depth + 1);
}

/* Steals fd. */
static enum md_status scan_folder(struct scan *scan, int fd, size_t name_n, int depth)
{
    DIR *folder = fdopendir(fd);
    struct dirent *entry;
    enum md_status status = MD_OK;
    size_t queue_files = 0;

    if (folder == NULL) {
        close(fd);
        complain(scan, MD_WARNING, name_n, "the folder cannot be read");
        return MD_OK;
    }
    while (status == MD_OK && (errno = 0, entry = readdir(folder)) != NULL) {
        size_t n = strlen(entry->d_name);
        struct md_queue_name parsed;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        /* what a checkout holds for git and for us is nobody's configuration */
        if (strcmp(entry->d_name, ".git") == 0 || strcmp(entry->d_name, ".mtadoctor.yaml") == 0)
            continue;
        if (scan->options->interrupted != NULL && *scan->options->interrupted != 0) {
            status = MD_INTERRUPTED;
            break;
        }
        if (md_queue_name_parse(md_str_n(entry->d_name, n), &parsed) && ++queue_files > MD_PACK_QUEUE_FILES)
            continue;
        if (scan->pack->n >= MD_PACK_MEMBERS_MAX) {
            if (!scan->is_full)
                complain(scan, MD_WARNING, name_n, "too many files; the rest is not looked at");
            scan->is_full = true;
            break;
        }
        if (name_n + n + 1 >= sizeof scan->name) {
            complain(scan, MD_WARNING, name_n, "a file with too long a name is not read");
            continue;
        }
        memcpy(scan->name + name_n, entry->d_name, n);
        status = scan_entry(scan, dirfd(folder), entry->d_name, name_n + n, depth);
        if (scan->options->progress != NULL && scan->pack->n % 1024 == 0)
            scan->options->progress(scan->options->progress_ctx, "looking for files", scan->pack->n, 0);
    }
    if (status == MD_OK && entry == NULL && errno != 0)
        complain(scan, MD_WARNING, name_n, "the folder could not be read to its end");
    closedir(folder);
    return status;
}

static struct md_pack *new_pack(struct md_arena *arena, const char *path)
{
    struct md_pack *pack = md_arena_alloc(arena, sizeof *pack);

    pack->arena = arena;
    pack->path = md_arena_cstr(arena, md_str(path));
    pack->fd = -1;
    return pack;
}

enum md_status md_pack_open_directory(struct md_arena *arena, const char *path, const struct md_source_options *options,
                                      struct md_diags *diags, struct md_pack **ret)
{
    struct md_pack *pack = new_pack(arena, path);
    struct scan *scan;
    enum md_status status;
    int fd;

    pack->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (pack->fd < 0)
        return status_of_errno(errno);
    fd = openat(pack->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        status = status_of_errno(errno);
        md_pack_close(pack);
        return status;
    }
    scan = md_xcalloc(1, sizeof *scan);
    scan->pack = pack;
    scan->options = options;
    scan->diags = diags;
    status = scan_folder(scan, fd, 0, 0);
    free(scan);
    /* After Ctrl-C what was found so far is still worth a report. */
    if (status == MD_INTERRUPTED)
        status = MD_OK;
    md_pack_sort(pack);
    *ret = pack;
    return status;
}

enum md_status md_pack_view(struct md_arena *arena, const struct md_pack *pack, const size_t *members, size_t n,
                            struct md_pack **ret)
{
    struct md_pack *view = md_arena_alloc(arena, sizeof *view);

    *view = *pack;
    view->arena = arena;
    view->idle = NULL;
    view->passed = 0;
    view->members = md_arena_array(arena, n + 1, sizeof *view->members);
    view->n = view->capacity = n;
    for (size_t i = 0; i < n; i++)
        view->members[i] = pack->members[members[i]];
    if (pack->fd >= 0) {
        view->fd = fcntl(pack->fd, F_DUPFD_CLOEXEC, 3);
        if (view->fd < 0)
            return MD_IO;
    }
    *ret = view;
    return MD_OK;
}

enum md_status md_pack_open_file(struct md_arena *arena, const char *path, struct md_pack **ret)
{
    struct md_pack *pack = new_pack(arena, path);
    const char *slash = strrchr(path, '/');
    struct md_str folder = slash == NULL ? md_str(".") : md_str_n(path, slash == path ? 1 : (size_t)(slash - path));
    const char *base = slash == NULL ? path : slash + 1;
    struct md_member *member;
    struct stat st;

    pack->fd = open(md_arena_cstr(arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (pack->fd < 0)
        return status_of_errno(errno);
    member = md_pack_add(pack, md_str(base));
    if (fstatat(pack->fd, base, &st, 0) == 0 && st.st_size >= 0)
        member->size = (uint64_t)st.st_size;
    *ret = pack;
    return MD_OK;
}

/* ---- texts ---- */

void md_pack_join_texts(struct md_pack *pack, const struct md_source_text *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct md_member *member = (struct md_member *)md_pack_find(pack, md_str(texts[i].name));

        if (member == NULL)
            member = md_pack_add(pack, md_str(texts[i].name));
        *member = (struct md_member){.name = member->name,
                                     .size = texts[i].text.n,
                                     .mtime = MD_TIME_NONE,
                                     .head = md_arena_str(pack->arena, texts[i].text),
                                     .is_held = true};
        md_pack_sort(pack);
    }
}

struct md_pack *md_pack_new_texts(struct md_arena *arena, const char *path, const struct md_source_text *texts,
                                  size_t n)
{
    struct md_pack *pack = new_pack(arena, path);

    md_pack_join_texts(pack, texts, n);
    return pack;
}
