/* aliases with includes: what is valid is not empty, and every place lies in the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/msgserver/aliases.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct include include = {data, size};
    struct md_aliases *list;
    uint32_t lines = 1;

    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    list = md_aliases_parse(arena, "fuzz", md_str_n((const char *)data, size), 1, include_the_same, &include);
    for (size_t i = 0; i < list->n_aliases; i++) {
        const struct md_alias *alias = &list->aliases[i];

        if (alias->loc.line < 1 || alias->loc.line > lines || alias->loc.column < 1)
            abort();
        for (size_t k = 0; k < alias->n_items; k++) {
            const struct md_alias_item *item = &alias->items[k];

            if (item->loc.line < 1 || item->loc.line > lines || item->loc.column < 1)
                abort();
            if (item->kind == MD_ALIAS_ADDRESS && item->is_valid && item->text.n == 0)
                abort();
        }
    }
    md_arena_free(&arena);
    return 0;
}
