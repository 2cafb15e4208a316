/* The finished archive, looked through for what was to be hidden. */
#include "probes/bundle/collect_priv.h"

#include "engine/base/display.h"
#include "probes/source/archive_lib.h"

#define READ_SIZE 65536

static struct archive *open_archive(const char *path)
{
    const struct md_archive_lib *lib = md_archive_lib();
    struct archive *archive = lib->read_new();
    bool is_open;

    if (archive == NULL)
        md_oom(0);
    lib->read_support_filter_gzip(archive);
    lib->read_support_filter_bzip2(archive);
    lib->read_support_filter_xz(archive);
    lib->read_support_filter_zstd(archive);
    lib->read_support_format_tar(archive);
    lib->read_support_format_zip(archive);
    is_open = lib->read_open_filename(archive, path, READ_SIZE) == ARCHIVE_OK;
    if (!is_open) {
        (void)lib->read_free(archive);
        return NULL;
    }
    return archive;
}

/* MD_IO: what was written cannot be read. */
static enum md_status scan_members(struct md_collect *self, struct archive *archive, struct md_leak_scan *scan)
{
    const struct md_archive_lib *lib = md_archive_lib();
    struct archive_entry *entry;
    char *chunk = md_xcalloc(READ_SIZE, 1);
    enum md_status status = MD_OK;
    int result = ARCHIVE_OK;

    while (status == MD_OK && (result = lib->read_next_header(archive, &entry)) == ARCHIVE_OK) {
        const char *raw = lib->entry_pathname(entry);
        struct md_str name = md_arena_str(self->arena, md_str(raw != NULL ? raw : ""));
        la_ssize_t got;

        md_leak_scan_feed(scan, MD_LIT("names of files"), name);
        md_leak_scan_feed(scan, MD_LIT("names of files"), MD_LIT("\n"));
        while ((got = lib->read_data(archive, chunk, READ_SIZE)) > 0)
            md_leak_scan_feed(scan, name, md_str_n(chunk, (size_t)got));
        if (got < 0)
            status = MD_IO;
        if (md_source_is_interrupted(self->source))
            status = MD_INTERRUPTED;
    }
    free(chunk);
    return status == MD_OK && result != ARCHIVE_EOF ? MD_IO : status;
}

enum md_status md_collect_scan(struct md_collect *self, const char *path, struct md_diags *leaks)
{
    struct md_leak_scan *scan;
    struct archive *archive = open_archive(path);
    enum md_status status = MD_IO;
    uint64_t n;

    if (archive != NULL) {
        scan = md_leak_scan_new(self->options->redactor, self->arena);
        status = scan_members(self, archive, scan);
        n = md_leak_scan_end(&scan, status == MD_OK ? leaks : NULL);
        (void)md_archive_lib()->read_free(archive);
        if (status == MD_OK && n > 0)
            status = MD_BAD_INPUT;
    }
    if (status == MD_IO)
        md_diags_add(self->diags, MD_ERROR, (struct md_loc){md_display(self->arena, md_str(path)), 0, 0},
                     "what was written cannot be read again");
    return status;
}
