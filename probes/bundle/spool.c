#include "probes/bundle/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "probes/bundle/write.h"
#include "probes/source/archive_lib.h"
#include "probes/source/stream.h"

#define LOOK_EVERY (UINT64_C(4) << 20)

struct md_spool {
    const char *folder;
    uint64_t most, size, packed, looked;
    struct md_buf memory;
    int fd;
    struct archive *archive; /* NULL: in memory */
    bool is_ended;
    enum md_status status;
};

struct md_spool *md_spool_new(const char *folder, uint64_t most)
{
    struct md_spool *self = md_xcalloc(1, sizeof *self);

    self->folder = folder;
    self->most = most;
    self->fd = -1;
    return self;
}

static la_ssize_t take(struct archive *archive, void *ctx, const void *bytes, size_t n)
{
    struct md_spool *self = ctx;

    if (n > self->most || self->packed > self->most - n) {
        self->status = MD_LIMIT;
    } else if (self->packed + n >= self->looked + LOOK_EVERY) {
        self->looked = self->packed;
        if (!md_bundle_has_room(self->fd, n))
            self->status = MD_LIMIT;
    }
    if (self->status == MD_OK)
        self->status = md_bundle_write_all(self->fd, bytes, n);
    if (self->status < 0) {
        md_archive_lib()->set_error(archive, EIO, "%s", md_status_says(self->status));
        return -1;
    }
    self->packed += n;
    return (la_ssize_t)n;
}

static enum md_status open_file(struct md_spool *self)
{
    const struct md_archive_lib *lib = md_archive_lib();
    struct archive_entry *entry;
    char name[4096];
    int n = snprintf(name, sizeof name, "%s/.mtadoctor.XXXXXX", self->folder);

    if (lib == NULL || n < 0 || (size_t)n >= sizeof name)
        return MD_UNSUPPORTED;
    self->fd = mkstemp(name);
    if (self->fd < 0)
        return MD_IO;
    (void)unlink(name);
    (void)fcntl(self->fd, F_SETFD, FD_CLOEXEC);
    self->archive = lib->write_new();
    entry = lib->entry_new();
    if (self->archive == NULL || entry == NULL)
        md_oom(0);
    lib->entry_set_filetype(entry, AE_IFREG);
    lib->entry_set_pathname(entry, "data");
    if (lib->write_set_format_raw(self->archive) < ARCHIVE_WARN ||
        (lib->write_add_filter_zstd(self->archive) < ARCHIVE_WARN &&
         lib->write_add_filter_gzip(self->archive) < ARCHIVE_WARN) ||
        lib->write_set_filter_option(self->archive, NULL, "compression-level", "1") < ARCHIVE_FAILED ||
        lib->write_set_bytes_in_last_block(self->archive, 1) < ARCHIVE_WARN || /* nothing behind the data */
        lib->write_open(self->archive, self, NULL, take, NULL) < ARCHIVE_WARN ||
        lib->write_header(self->archive, entry) < ARCHIVE_WARN)
        self->status = MD_UNSUPPORTED;
    lib->entry_free(entry);
    return self->status;
}

static enum md_status pack(struct md_spool *self, struct md_str bytes)
{
    if (bytes.n > 0 && self->status == MD_OK &&
        md_archive_lib()->write_data(self->archive, bytes.p, bytes.n) != (la_ssize_t)bytes.n && self->status == MD_OK)
        self->status = MD_IO;
    return self->status;
}

enum md_status md_spool_add(struct md_spool *spool, struct md_str bytes)
{
    if (spool->status < 0)
        return spool->status;
    spool->size += bytes.n;
    /* What does not fit as it is may fit when it is packed. */
    if (spool->archive == NULL && spool->memory.n + bytes.n <= MD_SPOOL_MEMORY &&
        spool->memory.n + bytes.n <= spool->most) {
        md_buf_add(&spool->memory, bytes);
        return MD_OK;
    }
    if (spool->archive == NULL) {
        spool->status = open_file(spool);
        if (spool->status == MD_OK)
            spool->status = pack(spool, md_str_n(spool->memory.p, spool->memory.n));
        md_buf_free(&spool->memory);
    }
    return spool->status == MD_OK ? pack(spool, bytes) : spool->status;
}

uint64_t md_spool_size(const struct md_spool *spool)
{
    return spool->size;
}

uint64_t md_spool_packed(const struct md_spool *spool)
{
    return spool->archive != NULL || spool->is_ended ? spool->packed : spool->size;
}

enum md_status md_spool_end(struct md_spool *spool)
{
    if (spool->status == MD_OK && spool->archive != NULL) {
        int result = md_archive_lib()->write_close(spool->archive);

        (void)md_archive_lib()->write_free(spool->archive);
        spool->archive = NULL;
        spool->is_ended = true;
        if (result < ARCHIVE_WARN && spool->status == MD_OK)
            spool->status = MD_IO;
    }
    return spool->status;
}

enum md_status md_spool_open(struct md_spool *spool, struct md_stream **ret)
{
    int fd;

    if (md_spool_end(spool) < 0)
        return spool->status;
    if (!spool->is_ended) {
        *ret = md_stream_memory(md_str_n(spool->memory.p != NULL ? spool->memory.p : "", spool->memory.n));
        return MD_OK;
    }
    fd = dup(spool->fd);
    if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0) {
        if (fd >= 0)
            (void)close(fd);
        return MD_IO;
    }
    return md_stream_file(fd, ret);
}

void md_spool_free(struct md_spool **spool)
{
    struct md_spool *self = *spool;

    if (self == NULL)
        return;
    if (self->archive != NULL) {
        if (self->status == MD_OK)
            self->status = MD_END;
        (void)md_archive_lib()->write_free(self->archive);
    }
    if (self->fd >= 0)
        (void)close(self->fd);
    md_buf_free(&self->memory);
    free(self);
    *spool = NULL;
}
