#include "cli/wizard/case_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/display.h"

struct md_case_file {
    int fd;
    const char *path;
    struct md_diags *diags;
    bool has_failed;
};

static enum md_status fail(struct md_diags *diags, const char *path, const char *what, int error)
{
    md_diags_add(diags, MD_ERROR, (struct md_loc){.file = path}, "%s: %s", what, strerror(error));
    return error == ENOENT ? MD_NOT_FOUND : error == EACCES || error == EPERM ? MD_NO_ACCESS : MD_IO;
}

/* So that two sessions do not write into one case. */
static bool lock(int fd)
{
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_SETLK, &all) == 0;
}

/* The folder's entry of a new file must survive, too. */
static void sync_folder(struct md_arena *arena, const char *path)
{
    ptrdiff_t slash = md_str_rfind_char(md_str(path), '/');
    const char *folder = slash < 0 ? "." : slash == 0 ? "/" : md_arena_cstr(arena, md_str_n(path, (size_t)slash));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

static struct md_case_file *take(struct md_arena *arena, int fd, const char *path, struct md_diags *diags)
{
    struct md_case_file *file = md_arena_alloc(arena, sizeof(*file));
    *file = (struct md_case_file){.fd = fd, .path = md_arena_cstr(arena, md_str(path)), .diags = diags};
    return file;
}

enum md_status md_case_file_create(const char *path, struct md_arena *arena, struct md_diags *diags,
                                   struct md_case_file **ret)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail(diags, path, "the case file cannot be made", errno);
    }
    (void)lock(fd);
    sync_folder(arena, path);
    *ret = take(arena, fd, path, diags);
    return MD_OK;
}

/* Closes fd where it fails. */
static enum md_status read_fd(int fd, const char *path, struct md_arena *arena, struct md_diags *diags,
                              struct md_case_events *ret_events, struct md_str *ret_text, size_t *ret_good)
{
    struct stat st;
    enum md_status status = MD_OK;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size > MD_CASE_FILE_MAX) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){.file = path}, "is no case file, or too large for one");
        status = MD_BAD_INPUT;
    } else {
        size_t size = (size_t)st.st_size, n = 0;
        char *text = md_arena_alloc(arena, size + 1);
        ssize_t got = 1;
        while (n < size && got > 0) {
            got = read(fd, text + n, size - n);
            n += got > 0 ? (size_t)got : 0;
        }
        *ret_text = md_str_n(text, n);
        status = md_case_parse(arena, path, *ret_text, diags, ret_events, ret_good);
    }
    if (status != MD_OK) {
        close(fd);
    }
    return status;
}

enum md_status md_case_file_open(const char *path, struct md_arena *arena, struct md_diags *diags,
                                 struct md_case_file **ret, struct md_case_events *ret_events)
{
    struct md_str text;
    size_t good;
    int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
    if (fd < 0) {
        return fail(diags, path, "the case file cannot be opened", errno);
    }
    if (!lock(fd)) {
        close(fd);
        md_diags_add(diags, MD_ERROR, (struct md_loc){.file = path}, "another wizard is at work with this case");
        return MD_NO_ACCESS;
    }
    enum md_status status = read_fd(fd, path, arena, diags, ret_events, &text, &good);
    if (status != MD_OK) {
        return status;
    }
    if (good < text.n && ftruncate(fd, (off_t)good) != 0) {
        int error = errno;
        close(fd);
        return fail(diags, path, "its last line is cut off and cannot be taken away", error);
    }
    *ret = take(arena, fd, path, diags);
    /* the last line is whole, but for its end */
    if (good > 0 && text.p[good - 1] != '\n' && write(fd, "\n", 1) != 1) {
        int error = errno;
        md_case_file_close(ret);
        return fail(diags, path, "the case file cannot be written", error);
    }
    return MD_OK;
}

enum md_status md_case_file_read(const char *path, struct md_arena *arena, struct md_diags *diags,
                                 struct md_case_events *ret_events)
{
    struct md_str text;
    size_t good;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return fail(diags, path, "the case file cannot be opened", errno);
    }
    enum md_status status = read_fd(fd, path, arena, diags, ret_events, &text, &good);
    if (status == MD_OK) {
        close(fd);
    }
    return status;
}

static enum md_status check_start(const char *name, struct md_diags *diags, const struct md_case_events *events)
{
    const struct md_loc loc = {.file = name, .line = 1};
    if (events->n == 0 || events->list[0].kind != MD_EVENT_START) {
        md_diags_add(diags, MD_ERROR, loc, "does not begin as a case file does");
        return MD_BAD_INPUT;
    }
    struct md_arena *arena = md_arena_new();
    const char *schema = md_display(arena, md_node_text(events->list[0].node, "schema"));
    bool is_known = strcmp(schema, MD_CASE_SCHEMA) == 0;
    if (!is_known) {
        md_diags_add(diags, MD_ERROR, loc, "is a case of another version: %s; this one reads %s", schema,
                     MD_CASE_SCHEMA);
    }
    md_arena_free(&arena);
    return is_known ? MD_OK : MD_UNSUPPORTED;
}

enum md_status md_case_parse(struct md_arena *arena, const char *name, struct md_str text, struct md_diags *diags,
                             struct md_case_events *ret_events, size_t *ret_good)
{
    struct md_str rest = text, line;
    uint32_t number = 0;
    uint64_t last = 0;
    *ret_events = (struct md_case_events){.n = 0};
    *ret_good = 0;
    while (md_str_next_line(&rest, &line)) {
        bool is_last = rest.n == 0;
        bool is_torn = is_last && text.p[text.n - 1] != '\n';
        struct md_event event;
        number++;
        struct md_diags *own = is_torn ? md_diags_new(arena) : diags;
        if (md_event_read(arena, name, number, line, own, &event) != MD_OK) {
            if (!is_torn) {
                return MD_BAD_INPUT;
            }
            md_diags_add(diags, MD_NOTE, (struct md_loc){.file = name, .line = number},
                         "the last line was cut off while it was written; it is left out");
            break;
        }
        if (event.n <= last || ret_events->n >= MD_CASE_EVENTS_MAX) {
            md_diags_add(diags, MD_ERROR, (struct md_loc){.file = name, .line = number},
                         "the events are not in order, or too many");
            return MD_BAD_INPUT;
        }
        last = event.n;
        *(struct md_event *)md_arena_push(arena, &ret_events->list, &ret_events->n, &ret_events->capacity,
                                          sizeof(event)) = event;
        *ret_good = text.n - rest.n;
    }
    return check_start(name, diags, ret_events);
}

enum md_status md_case_file_append(struct md_case_file *file, struct md_str line)
{
    struct md_arena *arena = md_arena_new();
    char *whole = md_arena_alloc(arena, line.n + 1);
    memcpy(whole, line.p, line.n);
    whole[line.n] = '\n';
    size_t done = 0;
    off_t end = lseek(file->fd, 0, SEEK_END);
    while (done < line.n + 1) {
        ssize_t n = write(file->fd, whole + done, line.n + 1 - done);
        if (n < 0 && errno != EINTR) {
            break;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    md_arena_free(&arena);
    if (done == line.n + 1 && fsync(file->fd) == 0) {
        return MD_OK;
    }
    int error = errno;
    if (end >= 0 && ftruncate(file->fd, end) != 0) {
        error = errno; /* half a line stays; it is cut off when the case is opened again, if nothing follows */
    }
    if (!file->has_failed) {
        (void)fail(file->diags, file->path,
                   "the case file cannot be written: what is answered from here on may be lost", error);
    }
    file->has_failed = true;
    return MD_IO;
}

const char *md_case_file_path(const struct md_case_file *file)
{
    return file->path;
}

void md_case_file_close(struct md_case_file **file)
{
    if (*file != NULL) {
        close((*file)->fd);
        *file = NULL;
    }
}
