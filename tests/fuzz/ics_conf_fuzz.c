/* ics.conf of Calendar Server. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/calendar/ics_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_ics_conf *conf = md_ics_conf_read(arena, "fuzz", md_str_n((const char *)data, size), 1);

    for (size_t i = 0; i < conf->n; i++) {
        const struct md_ics_parameter *parameter = conf->items[i];

        if (parameter->loc.line < 1 || parameter->loc.column < 1 || parameter->name.n == 0)
            abort();
        if (!parameter->is_comment && md_ics_conf_find(conf, parameter->name) == NULL)
            abort();
    }
    md_arena_free(&arena);
    return 0;
}
