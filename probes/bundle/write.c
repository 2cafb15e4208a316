#include "probes/bundle/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "engine/base/time.h"
#include "probes/source/archive_lib.h"

#define DEPTH_MAX 200                  /* of folders above it */
#define LOOK_EVERY (UINT64_C(4) << 20) /* bytes written between two looks at the file system */

enum packing { PACK_NONE, PACK_ZSTD, PACK_GZIP, PACK_XZ, PACK_BZIP2, PACK_ZIP };

struct md_bundle {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_bundle_options options;
    const char *shown, *folder, *temporary;
    int fd;
    struct archive *archive;
    struct archive_entry *entry;
    uint64_t limit, written, looked;
    enum packing packing;
    enum md_status status; /* why writing failed */
};

static bool packing_of(struct md_str name, enum packing *ret)
{
    static const struct {
        const char *suffix;
        enum packing packing;
    } known[] = {{".tar.zst", PACK_ZSTD}, {".tzst", PACK_ZSTD},     {".tar.gz", PACK_GZIP}, {".tgz", PACK_GZIP},
                 {".tar.xz", PACK_XZ},    {".tar.bz2", PACK_BZIP2}, {".tar", PACK_NONE},    {".zip", PACK_ZIP}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (md_str_has_suffix(name, md_str(known[i].suffix))) {
            *ret = known[i].packing;
            return true;
        }
    return false;
}

static enum md_status fail(struct md_bundle *self, enum md_status status, const char *what)
{
    if (self->status == MD_OK)
        md_diags_add(self->diags, MD_ERROR, (struct md_loc){self->shown, 0, 0}, "%s", what);
    self->status = status;
    return status;
}

bool md_bundle_has_room(int fd, uint64_t bytes)
{
    struct statvfs vfs;
    uint64_t unit, free_bytes;

    if (fstatvfs(fd, &vfs) != 0)
        return true;
    unit = vfs.f_frsize > 0 ? vfs.f_frsize : vfs.f_bsize;
    free_bytes = unit > 0 && vfs.f_bavail > UINT64_MAX / unit ? UINT64_MAX : (uint64_t)vfs.f_bavail * unit;
    return free_bytes >= MD_BUNDLE_RESERVE && free_bytes - MD_BUNDLE_RESERVE >= bytes;
}

/* ---- where it may lie ---- */

/* The forbidden folder that is this one, or NULL. */
static const char *forbidden_at(const struct md_bundle *self, const struct stat *here)
{
    struct stat st;

    for (size_t i = 0; i < self->options.n_forbidden; i++)
        if (self->options.forbidden[i] != NULL && stat(self->options.forbidden[i], &st) == 0 &&
            st.st_dev == here->st_dev && st.st_ino == here->st_ino)
            return self->options.forbidden[i];
    return NULL;
}

/* Goes up from the folder to the root, whatever links led to it: the forbidden folder that is met, or NULL. */
static const char *forbidden_above(const struct md_bundle *self, const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat here, before = {0};
    const char *found = NULL;

    for (int depth = 0; fd >= 0 && depth < DEPTH_MAX && fstat(fd, &here) == 0; depth++) {
        int up;

        found = forbidden_at(self, &here);
        if (found != NULL || (depth > 0 && here.st_dev == before.st_dev && here.st_ino == before.st_ino))
            break;
        before = here;
        up = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        (void)close(fd);
        fd = up;
    }
    if (fd >= 0)
        (void)close(fd);
    return found;
}

static enum md_status check_place(struct md_bundle *self)
{
    const char *forbidden = forbidden_above(self, self->folder);

    if (forbidden == NULL)
        return MD_OK;
    return fail(self, MD_BAD_INPUT,
                md_arena_printf(self->arena,
                                "a bundle does not belong into %s, which is the mail system's; write it "
                                "elsewhere, as with -o /var/tmp/NAME.tar.gz",
                                md_display(self->arena, md_str(forbidden))));
}

enum md_status md_bundle_forbid(struct md_bundle *bundle, const char *const *folders, size_t n)
{
    bundle->options.forbidden = folders;
    bundle->options.n_forbidden = n;
    return check_place(bundle);
}

static enum md_status find_folder(struct md_bundle *self)
{
    struct md_str path = md_str(self->options.path);
    ptrdiff_t slash = md_str_rfind_char(path, '/');
    struct md_str given = slash < 0 ? md_str(".") : slash == 0 ? md_str("/") : md_str_sub(path, 0, (size_t)slash);
    struct stat st;

    self->folder = md_arena_cstr(self->arena, given);
    if (stat(self->folder, &st) != 0 || !S_ISDIR(st.st_mode))
        return fail(self, MD_NOT_FOUND, "the folder of the bundle is not there, or closed to this user");
    if (check_place(self) != MD_OK)
        return self->status;
    if (stat(self->options.path, &st) == 0 && !S_ISREG(st.st_mode))
        return fail(self, MD_BAD_INPUT, "is there and no plain file; it is left alone");
    return MD_OK;
}

enum md_status md_bundle_write_all(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;

    while (n > 0) {
        ssize_t done = write(fd, p, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return errno == ENOSPC ? MD_LIMIT : MD_IO;
        p += done;
        n -= (size_t)done;
    }
    return MD_OK;
}

/* ---- the archive ---- */

static la_ssize_t take(struct archive *archive, void *ctx, const void *bytes, size_t n)
{
    struct md_bundle *self = ctx;

    if (n > self->limit - self->written) {
        fail(self, MD_LIMIT, "the bundle grows over its limit (--limit); nothing is left of it");
    } else if (self->written + n >= self->looked + LOOK_EVERY) {
        self->looked = self->written;
        if (!md_bundle_has_room(self->fd, n))
            fail(self, MD_LIMIT, "the file system is nearly full; nothing is left of the bundle");
    }
    if (self->status == MD_OK && md_bundle_write_all(self->fd, bytes, n) != MD_OK)
        fail(self, MD_IO, md_arena_printf(self->arena, "cannot be written: %s", strerror(errno)));
    if (self->status < 0) {
        md_archive_lib()->set_error(archive, EIO, "%s", md_status_says(self->status));
        return -1;
    }
    self->written += n;
    return (la_ssize_t)n;
}

static bool set_form(const struct md_archive_lib *lib, struct archive *archive, enum packing packing)
{
    int result = packing == PACK_ZIP ? lib->write_set_format_zip(archive) : lib->write_set_format_gnutar(archive);

    if (result < ARCHIVE_WARN)
        return false;
    switch (packing) {
    case PACK_NONE:
    case PACK_ZIP: return lib->write_add_filter_none(archive) >= ARCHIVE_WARN;
    case PACK_ZSTD: return lib->write_add_filter_zstd(archive) >= ARCHIVE_WARN;
    case PACK_GZIP: return lib->write_add_filter_gzip(archive) >= ARCHIVE_WARN;
    case PACK_XZ: return lib->write_add_filter_xz(archive) >= ARCHIVE_WARN;
    case PACK_BZIP2: return lib->write_add_filter_bzip2(archive) >= ARCHIVE_WARN;
    }
    return false;
}

static enum md_status begin_archive(struct md_bundle *self)
{
    const struct md_archive_lib *lib = md_archive_lib();

    self->archive = lib->write_new();
    self->entry = lib->entry_new();
    if (self->archive == NULL || self->entry == NULL)
        md_oom(0);
    if (!set_form(lib, self->archive, self->packing) ||
        lib->write_set_bytes_in_last_block(self->archive, 1) < ARCHIVE_WARN ||
        lib->write_open(self->archive, self, NULL, take, NULL) < ARCHIVE_WARN)
        return fail(self, MD_UNSUPPORTED, "this libarchive cannot write such an archive; try a name with .tar.gz");
    return MD_OK;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* That there will be a file, and room for it, is said before anything is done; the file is made when there is something to write, since
 * where none may be is known only later (md_bundle_forbid). */
static enum md_status check_folder(struct md_bundle *self)
{
    int fd = -1;
    bool has_room;

    if (md_archive_lib() == NULL)
        return fail(self, MD_UNSUPPORTED, "libarchive is not installed, so no archive can be written");
    if (*base_of(self->options.path) == '\0')
        return fail(self, MD_BAD_INPUT, "is the name of a folder");
    if (access(self->folder, W_OK | X_OK) != 0)
        return fail(self, MD_IO,
                    md_arena_printf(self->arena, "no file can be made in its folder: %s", strerror(errno)));
    fd = open(self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    has_room = fd < 0 || md_bundle_has_room(fd, self->limit / 8);
    if (fd >= 0)
        (void)close(fd);
    return has_room ? MD_OK : fail(self, MD_LIMIT, "there is not enough room in its file system; write it elsewhere");
}

/* The file and the archive in it, the first time. */
static enum md_status open_archive(struct md_bundle *self)
{
    char *name;

    if (self->status < 0 || self->fd >= 0)
        return self->status;
    name = md_arena_printf(self->arena, "%s/.%s.XXXXXX", self->folder, base_of(self->options.path));
    self->fd = mkstemp(name); /* for this user only */
    if (self->fd < 0)
        return fail(self, MD_IO,
                    md_arena_printf(self->arena, "no file can be made in its folder: %s", strerror(errno)));
    (void)fcntl(self->fd, F_SETFD, FD_CLOEXEC);
    self->temporary = name;
    return begin_archive(self);
}

enum md_status md_bundle_create(struct md_arena *arena, const struct md_bundle_options *options, struct md_diags *diags,
                                struct md_bundle **ret)
{
    struct md_bundle *self = md_arena_alloc(arena, sizeof *self);
    enum md_status status;

    self->arena = arena;
    self->diags = diags;
    self->options = *options;
    self->limit = options->limit > 0 ? options->limit : MD_BUNDLE_LIMIT;
    self->shown = md_display(arena, md_str(options->path));
    self->fd = -1;
    if (!packing_of(md_str(options->path), &self->packing))
        return fail(self, MD_BAD_INPUT, "the name of a bundle ends with .tar.zst, .tar.gz, .tar.xz, .tar.bz2 or .zip");
    status = find_folder(self);
    if (status == MD_OK)
        status = check_folder(self);
    if (status < 0) {
        md_bundle_discard(&self);
        return status;
    }
    *ret = self;
    return MD_OK;
}

/* What libarchive says, where it was not we who made it fail. */
static enum md_status check(struct md_bundle *self, bool is_good)
{
    const char *why = is_good ? NULL : md_archive_lib()->error_string(self->archive);

    if (self->options.interrupted != NULL && *self->options.interrupted != 0)
        return fail(self, MD_INTERRUPTED, "interrupted; nothing is left of the bundle");
    if (is_good || self->status < 0)
        return self->status;
    return fail(self, MD_IO,
                md_arena_printf(self->arena, "cannot be written: %s",
                                why != NULL ? md_display_max(self->arena, md_str(why), 200) : "libarchive fails"));
}

enum md_status md_bundle_begin(struct md_bundle *bundle, struct md_str name, uint64_t size, int64_t mtime)
{
    const struct md_archive_lib *lib = md_archive_lib();

    if (open_archive(bundle) != MD_OK)
        return bundle->status;
    lib->entry_set_pathname(bundle->entry, md_arena_cstr(bundle->arena, name));
    lib->entry_set_filetype(bundle->entry, AE_IFREG);
    lib->entry_set_perm(bundle->entry, 0600);
    /* 0: not known */
    lib->entry_set_mtime(bundle->entry, mtime == MD_TIME_NONE ? 0 : (time_t)(mtime / MD_SECOND), 0);
    lib->entry_set_size(bundle->entry, (la_int64_t)size);
    return check(bundle, lib->write_header(bundle->archive, bundle->entry) >= ARCHIVE_WARN);
}

enum md_status md_bundle_add(struct md_bundle *bundle, struct md_str bytes)
{
    la_ssize_t done = 0;

    if (bundle->status < 0 || bytes.n == 0)
        return bundle->status;
    done = md_archive_lib()->write_data(bundle->archive, bytes.p, bytes.n);
    return check(bundle, done == (la_ssize_t)bytes.n);
}

enum md_status md_bundle_end(struct md_bundle *bundle)
{
    if (bundle->status < 0)
        return bundle->status;
    return check(bundle, md_archive_lib()->write_finish_entry(bundle->archive) >= ARCHIVE_WARN);
}

uint64_t md_bundle_written(const struct md_bundle *bundle)
{
    return bundle->written;
}

uint64_t md_bundle_left(const struct md_bundle *bundle)
{
    return bundle->limit - bundle->written;
}

const char *md_bundle_folder(const struct md_bundle *bundle)
{
    return bundle->folder;
}

static void free_archive(struct md_bundle *self)
{
    if (self->archive != NULL)
        md_archive_lib()->write_free(self->archive);
    if (self->entry != NULL)
        md_archive_lib()->entry_free(self->entry);
    self->archive = NULL;
    self->entry = NULL;
}

enum md_status md_bundle_close(struct md_bundle *bundle, const char **ret_temporary)
{
    enum md_status status = open_archive(bundle);

    if (status == MD_OK)
        status = check(bundle, md_archive_lib()->write_close(bundle->archive) >= ARCHIVE_WARN);
    if (status == MD_OK && fsync(bundle->fd) != 0 && errno != EINVAL && errno != EROFS)
        status = fail(bundle, MD_IO, md_arena_printf(bundle->arena, "cannot be written: %s", strerror(errno)));
    free_archive(bundle);
    if (status == MD_OK)
        *ret_temporary = bundle->temporary;
    return status;
}

enum md_status md_bundle_restart(struct md_bundle *bundle)
{
    if (bundle->status < 0)
        return bundle->status;
    if (ftruncate(bundle->fd, 0) != 0 || lseek(bundle->fd, 0, SEEK_SET) != 0)
        return fail(bundle, MD_IO, md_arena_printf(bundle->arena, "cannot be written: %s", strerror(errno)));
    bundle->written = bundle->looked = 0;
    return begin_archive(bundle);
}

enum md_status md_bundle_publish(struct md_bundle **bundle)
{
    struct md_bundle *self = *bundle;

    if (rename(self->temporary, self->options.path) != 0) {
        enum md_status status =
            fail(self, MD_IO, md_arena_printf(self->arena, "cannot get its name: %s", strerror(errno)));

        md_bundle_discard(bundle);
        return status;
    }
    (void)close(self->fd);
    *bundle = NULL;
    return MD_OK;
}

void md_bundle_discard(struct md_bundle **bundle)
{
    struct md_bundle *self = *bundle;

    if (self == NULL)
        return;
    if (self->status == MD_OK)
        self->status = MD_END; /* what libarchive still wants to write goes nowhere */
    free_archive(self);
    if (self->temporary != NULL)
        (void)unlink(self->temporary);
    if (self->fd >= 0)
        (void)close(self->fd);
    *bundle = NULL;
}
