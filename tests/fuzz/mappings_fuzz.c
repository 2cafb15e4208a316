/* mappings with includes: every part of an entry must lie in it, and every place in the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/msgserver/mappings.h"

struct include {
    const uint8_t *data;
    size_t size;
};

static bool include_the_same(void *ctx, struct md_str path, const char **ret_name, struct md_str *ret_text)
{
    const struct include *include = ctx;

    (void)path;
    *ret_name = "included";
    *ret_text = md_str_n((const char *)include->data, include->size);
    return include->size < 4096;
}

static void want_inside(const struct md_mapping_part *parts, size_t n, struct md_str whole)
{
    if (n > MD_MAPPING_REFS_MAX)
        abort();
    for (size_t i = 0; i < n; i++)
        if (parts[i].loc.line < 1 || parts[i].loc.column < 1 || parts[i].text.p < whole.p ||
            parts[i].text.p + parts[i].text.n > whole.p + whole.n)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct include include = {data, size};
    struct md_mappings *mappings;
    uint32_t lines = 1;
    size_t n = 0;

    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    mappings = md_mappings_parse(arena, "fuzz", md_str_n((const char *)data, size), 1, include_the_same, &include);
    for (size_t i = 0; i < mappings->n_tables; i++)
        n += mappings->tables[i].n;
    if (n != mappings->n_entries)
        abort();
    for (size_t i = 0; i < mappings->n_entries; i++) {
        const struct md_mapping_entry *entry = &mappings->entries[i];

        if (entry->pattern.n == 0 || entry->loc.line < 1 || entry->loc.line > lines || entry->loc.column < 1)
            abort();
        want_inside(entry->fields, entry->n_fields, entry->pattern);
        want_inside(entry->nested, entry->n_nested, entry->template);
        for (size_t k = 0; k < entry->n_unknown; k++)
            if (entry->unknown[k].text.n == 0)
                abort();
    }
    for (size_t i = 0; i < mappings->faults.n; i++)
        if (mappings->faults.items[i].loc.line < 1 || mappings->faults.items[i].loc.line > lines)
            abort();
    md_arena_free(&arena);
    return 0;
}
