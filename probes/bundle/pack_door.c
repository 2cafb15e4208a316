/* How libarchive gets to the bytes of an archive. */
#include "probes/bundle/pack_door.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define READ_SIZE 65536

static la_ssize_t more_of_stream(struct archive *archive, void *ctx, const void **ret)
{
    struct md_pack_door *door = ctx;
    ptrdiff_t got = md_stream_read(door->stored, door->chunk, READ_SIZE);

    if (got < 0) {
        md_archive_lib()->set_error(archive, EIO, "the archive around it cannot be read");
        return ARCHIVE_FATAL;
    }
    *ret = door->chunk;
    return (la_ssize_t)got;
}

void md_pack_door_close(struct md_pack_door *door)
{
    if (door->archive != NULL)
        md_archive_lib()->read_free(door->archive);
    if (door->fd >= 0)
        close(door->fd);
    md_stream_close(&door->stored);
    free(door->chunk);
    *door = (struct md_pack_door){.fd = -1};
}

/* `inside`: the member that is the archive; NULL: the pack itself. */
static enum md_status choose_way(struct md_pack *pack, const struct md_member *inside, struct md_pack_door *door,
                                 int *ret)
{
    const struct md_archive_lib *lib = md_archive_lib();
    enum md_status status = MD_OK;

    if (inside != NULL && inside->is_held) {
        *ret = lib->read_open_memory(door->archive, inside->head.p, inside->head.n);
        return MD_OK;
    }
    if (inside != NULL && md_pack_is_archived(pack, inside)) {
        status = md_pack_stream_stored(pack, inside, &door->stored);
        if (status < 0)
            return status;
        door->chunk = md_xcalloc(READ_SIZE, 1);
        *ret = lib->read_open(door->archive, door, NULL, more_of_stream, NULL);
        return MD_OK;
    }
    if (inside != NULL) {
        status = md_pack_open_member(pack, inside, &door->fd);
    } else {
        door->fd = open(pack->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (door->fd < 0)
            status = errno == ENOENT ? MD_NOT_FOUND : errno == EACCES ? MD_NO_ACCESS : MD_IO;
    }
    if (status == MD_OK)
        *ret = lib->read_open_fd(door->archive, door->fd, READ_SIZE);
    return status;
}

enum md_status md_pack_door_open(struct md_pack *pack, const struct md_member *inside, struct md_pack_door *ret)
{
    const struct md_archive_lib *lib = md_archive_lib();
    struct archive *archive;
    enum md_status status;
    int result = ARCHIVE_FATAL;

    *ret = (struct md_pack_door){.fd = -1};
    if (lib == NULL)
        return MD_UNSUPPORTED;
    archive = ret->archive = lib->read_new();
    if (archive == NULL)
        md_oom(0);
    /* By name, not "all": some filters run programs, and some formats take any text for an archive. */
    lib->read_support_filter_gzip(archive);
    lib->read_support_filter_compress(archive);
    lib->read_support_filter_bzip2(archive);
    lib->read_support_filter_xz(archive);
    lib->read_support_filter_lzma(archive);
    lib->read_support_filter_lzip(archive);
    lib->read_support_filter_zstd(archive);
    lib->read_support_filter_lz4(archive);
    lib->read_support_format_tar(archive);
    lib->read_support_format_cpio(archive);
    lib->read_support_format_zip(archive);
    lib->read_support_format_7zip(archive);
    md_archive_names_are_bytes(archive);
    (void)lib->read_set_option(archive, "tar", "read_concatenated_archives", "1"); /* by cat, or of a tape */
    status = choose_way(pack, inside, ret, &result);
    if (status == MD_OK && result != ARCHIVE_OK)
        status = MD_BAD_INPUT;
    if (status < 0)
        md_pack_door_close(ret);
    return status;
}

/* ---- the directory at the end of a zip ---- */

#define END_RECORD 22
#define END_MOST ((size_t)65535 + END_RECORD) /* with the comment behind it */

static size_t two_bytes(const char *p)
{
    return (size_t)(unsigned char)p[0] | (size_t)(unsigned char)p[1] << 8;
}

/* Entries that the directory lists; 0: it is no zip, or a large one, whose record says only that there are many. */
static size_t entries_listed(struct md_str end)
{
    for (size_t at = end.n < END_RECORD ? 0 : end.n - END_RECORD + 1; at-- > 0;) {
        const char *p = end.p + at;

        if (memcmp(p, "PK\005\006", 4) != 0 || at + END_RECORD + two_bytes(p + 20) != end.n)
            continue;
        return two_bytes(p + 10) == 0xffff ? 0 : two_bytes(p + 10);
    }
    return 0;
}

void md_pack_zip_compare(const struct md_pack_door *door, struct md_str held, size_t entries, const char *path,
                         struct md_diags *diags)
{
    char *buffer = NULL;
    size_t listed = 0;

    if (door->fd >= 0) {
        off_t size = lseek(door->fd, 0, SEEK_END);
        off_t from = size > (off_t)END_MOST ? size - (off_t)END_MOST : 0;
        ssize_t got;

        buffer = md_xcalloc(END_MOST, 1);
        got = pread(door->fd, buffer, END_MOST, from);
        held = md_str_n(buffer, got > 0 ? (size_t)got : 0);
    }
    held = md_str_from(held, held.n > END_MOST ? held.n - END_MOST : 0);
    listed = entries_listed(held);
    if (listed > entries)
        md_diags_add(diags, MD_WARNING, (struct md_loc){path, 0, 0},
                     "the directory of the archive lists %zu entries, of which %zu could be read: others lie where "
                     "these are, or are "
                     "damaged",
                     listed, entries);
    free(buffer);
}
