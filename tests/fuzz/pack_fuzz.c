/* A file of any bytes as a source: archives, compressed files, bundles, text in UTF-16. libarchive reads from descriptors, so the bytes go
 * through one file that is kept for the whole run. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/bug.h"
#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "probes/bundle/pack.h"
#include "probes/source/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[256];

static void forget_file(void)
{
    (void)unlink(path);
}

/* A descriptor of the file, empty. */
static int file_of_run(void)
{
    static int fd = -1;
    const char *folder = getenv("TMPDIR");

    if (fd < 0) {
        (void)snprintf(path, sizeof path, "%s/pack-fuzz-XXXXXX", folder != NULL ? folder : "/tmp");
        fd = mkstemp(path);
        if (fd < 0 || atexit(forget_file) != 0)
            MD_BUG("no file for the bytes");
    }
    if (ftruncate(fd, 0) != 0)
        MD_BUG("the file cannot be emptied");
    return fd;
}

static bool look(void *ctx, const struct md_dir_entry *entry)
{
    (void)ctx;
    return entry->path.n < 1000000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct md_source_options options = {.at = MD_TIME_NONE, .archive_seconds = 5};
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    struct md_source *source;
    const struct md_item *const *items;

    if (pwrite(file_of_run(), data, size, 0) != (ssize_t)size)
        MD_BUG("the bytes cannot be written");
    if (md_source_open_path(path, &options, diags, &source) == MD_OK) {
        size_t n = md_source_inventory(source, &items);

        for (size_t i = 0; i < n; i++) {
            struct md_str text;

            if ((items[i]->kind == MD_ITEM_LISTING || items[i]->kind == MD_ITEM_QUEUE_TREE) &&
                md_source_walk(source, items[i], diags, look, NULL) == MD_OK)
                continue;
            if (md_source_read_all(source, items[i], arena, MD_PACK_HEAD, &text) == MD_OK && text.n > MD_PACK_HEAD)
                MD_BUG("more than was asked for");
        }
        md_source_free(&source);
    }
    md_arena_free(&arena);
    return 0;
}
