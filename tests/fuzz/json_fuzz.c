#include <stdint.h>
#include <stdlib.h>

#include "engine/base/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A number, true, false or null must be found in the text where its place says it is. */
static void check_places(struct md_str text, const struct md_node *node)
{
    struct md_str line = {NULL, 0};
    uint32_t n;

    for (; node != NULL; node = node->next) {
        check_places(text, node->first);
        if (node->kind != MD_NODE_SCALAR || node->is_quoted)
            continue;
        struct md_str rest = text;
        for (n = 0; n < node->loc.line; n++)
            if (!md_str_split(&rest, '\n', &line))
                abort();
        if (!md_str_has_prefix(md_str_from(line, node->loc.column - 1), node->text))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_str text = md_str_n((const char *)data, size);
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    const struct md_node *node = NULL;

    if (md_json_read(arena, "in", text, diags, &node) == MD_OK)
        check_places(text, node);
    else if (md_diags_count(diags) == 0)
        abort();
    md_arena_free(&arena);
    return 0;
}
