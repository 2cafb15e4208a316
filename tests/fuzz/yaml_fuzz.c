#include <stdint.h>
#include <stdlib.h>

#include "engine/base/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    const struct md_node *node = NULL;

    if (md_yaml_read(arena, "in", md_str_n((const char *)data, size), diags, &node) < 0 && md_diags_count(diags) == 0)
        abort(); /* a failure that says nothing */
    (void)md_node_path(node, "a/b");
    md_arena_free(&arena);
    return 0;
}
