/* config.xml of the Unified Configuration. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/msgserver/config_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_config_xml *xml = md_config_xml_read(arena, "fuzz", md_str_n((const char *)data, size), 1);

    for (size_t i = 0; i < xml->values.n; i++) {
        const struct md_named_value *value = &xml->values.items[i];

        if (value->loc.line < 1 || value->loc.column < 1 || value->value_loc.line < 1 || value->name.n == 0 ||
            value->name.n > MD_VALUE_NAME_MAX || md_values_find(&xml->values, value->name) == NULL)
            abort();
    }
    for (size_t i = 0; i < xml->faults.n; i++)
        if (xml->faults.items[i].loc.line < 1)
            abort();
    md_arena_free(&arena);
    return 0;
}
