/* Output of configutil and msconfig, and version lines. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/msgserver/value_out.h"
#include "probes/formats/msgserver/version.h"

static void check(const struct md_values *values)
{
    for (size_t i = 0; i < values->n; i++)
        if (values->items[i].loc.line < 1 || values->items[i].loc.column < 1 || values->items[i].name.n == 0)
            abort();
    /* A name that is longer than any is listed and not found again. */
    if (values->n > 0 && values->items[values->n - 1].name.n <= MD_VALUE_NAME_MAX &&
        md_values_find(values, values->items[values->n - 1].name) == NULL)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_str text = md_str_n((const char *)data, size);
    struct md_version version;

    check(md_configutil_read(arena, "fuzz", text, 1));
    check(md_msconfig_read(arena, "fuzz", text, 1));
    if (md_version_find(text, &version) && (version.build.n == 0 || version.major < 3))
        abort();
    md_arena_free(&arena);
    return 0;
}
