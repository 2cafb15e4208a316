#include <stdint.h>
#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_str bytes = md_str_n((const char *)data, size);
    struct md_arena *arena = md_arena_new();
    const struct md_zone *zone;
    int64_t local;
    int i;

    /* Short inputs serve as names and rules, too. A name may load a file of the system; that is part of the target. */
    for (i = 0; i < 2; i++) {
        struct md_zone_cache cache = {0};

        if ((i == 0 ? md_zone_parse(arena, MD_LIT("in"), bytes, &zone) : md_zone_load(arena, bytes, &zone)) < 0)
            continue;
        for (local = 0; local < 100 * 366 * MD_DAY; local += 97 * MD_DAY + MD_HOUR / 3)
            if (md_zone_to_utc(zone, local, &cache) != md_zone_to_utc(zone, local, &cache))
                abort();
        (void)md_zone_to_utc(zone, INT64_MIN + 1, &cache);
        (void)md_zone_to_utc(zone, INT64_MAX, NULL);
        (void)md_zone_offset_at(zone, INT64_MIN);
        (void)md_zone_offset_at(zone, INT64_MAX);
        (void)md_zone_name(zone);
    }
    md_arena_free(&arena);
    return 0;
}
