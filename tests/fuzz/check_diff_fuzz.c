/* A unified diff, from any bytes. */
#include <stdint.h>

#include "cli/check_diff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_check_diff *diff = md_check_diff_parse(arena, md_str_n((const char *)data, size), (struct md_str){0});
    if (md_check_diff_has(diff, md_str("x"), 3) && !md_check_diff_has(diff, md_str("x"), 0)) {
        MD_BUG("a line of a file that did not change");
    }
    md_arena_free(&arena);
    return 0;
}
