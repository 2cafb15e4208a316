/* conversions: clauses belong to entries one after the other, and every place lies in the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/msgserver/conversions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_conversions *list = md_conversions_parse(arena, "fuzz", md_str_n((const char *)data, size), 1);
    uint32_t lines = 1;
    size_t n = 0;

    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    for (size_t i = 0; i < list->n_entries; i++) {
        if (list->entries[i].first != n || list->entries[i].loc.line < 1 || list->entries[i].loc.line > lines)
            abort();
        n += list->entries[i].n;
    }
    if (n != list->n_clauses)
        abort();
    for (size_t i = 0; i < list->n_clauses; i++) {
        const struct md_conversion_clause *clause = &list->clauses[i];

        if (clause->name.n == 0 || clause->loc.line < 1 || clause->loc.line > lines || clause->value_loc.column < 1)
            abort();
    }
    md_arena_free(&arena);
    return 0;
}
