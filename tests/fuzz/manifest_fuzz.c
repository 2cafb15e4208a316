/*
 * A bundle with any manifest, any dns.json and any files.tsv: the three, separated by lines of "%%". The files of the
 * bundle are made in memory-backed storage where there is any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "probes/bundle/recorded.h"
#include "probes/source/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_file(struct md_arena *arena, const char *folder, const char *name, struct md_str bytes)
{
    FILE *out = fopen(md_arena_printf(arena, "%s/%s", folder, name), "wb");

    if (out == NULL)
        return;
    (void)fwrite(bytes.p, 1, bytes.n, out);
    (void)fclose(out);
}

static bool see(void *ctx, const struct md_dir_entry *entry)
{
    (void)ctx;
    (void)entry;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"manifest.json", "dns.json", "listings/files.tsv"};
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    struct md_source_options options = {.at = MD_TIME_NONE};
    struct md_str rest = md_str_n((const char *)data, size);
    char *folder = md_arena_printf(arena, "%s/md-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    struct md_source *source;

    if (mkdtemp(folder) == NULL)
        abort();
    (void)mkdir(md_arena_printf(arena, "%s/listings", folder), 0700);
    for (size_t i = 0; i < 3; i++) {
        ptrdiff_t at = md_str_find(rest, MD_LIT("\n%%\n"));

        write_file(arena, folder, names[i], at < 0 ? rest : md_str_sub(rest, 0, (size_t)at));
        rest = at < 0 ? md_str("") : md_str_from(rest, (size_t)at + 4);
    }
    if (md_source_open_path(folder, &options, diags, &source) == MD_OK) {
        const struct md_dns_query query = {MD_LIT("example.net"), MD_DNS_MX};
        const struct md_dns_answer *answers;
        const struct md_item *const *items;
        size_t n = md_source_items(source, MD_ITEM_LISTING, &items);

        (void)md_source_resolve(source, arena, &query, 1, &answers);
        for (size_t i = 0; i < n; i++)
            (void)!md_source_walk(source, items[i], diags, see, NULL);
        md_source_free(&source);
    }
    for (size_t i = 0; i < 3; i++)
        (void)unlink(md_arena_printf(arena, "%s/%s", folder, names[i]));
    (void)rmdir(md_arena_printf(arena, "%s/listings", folder));
    (void)rmdir(folder);
    md_arena_free(&arena);
    return 0;
}
