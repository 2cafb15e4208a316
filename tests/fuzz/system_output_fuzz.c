/*
 * Fuzz target of the parsers of what the system's commands print. The first byte chooses the parser.
 */
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "probes/formats/system/cpus.h"
#include "probes/formats/system/df.h"
#include "probes/formats/system/dig.h"
#include "probes/formats/system/greeting.h"
#include "probes/formats/system/ps.h"
#include "probes/formats/system/uptime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena;
    struct md_str text;

    if (size == 0)
        return 0;
    arena = md_arena_new();
    text = md_str_n((const char *)data + 1, size - 1);
    switch (data[0]) {
    case 'p': {
        struct md_ps ps;
        int64_t from, to;

        md_ps_parse(arena, text, &ps);
        for (size_t i = 0; i < ps.n; i++)
            (void)md_ps_start_range(&ps.rows[i].start, INT64_C(1795507920000000), md_zone_utc(), &from, &to);
        break;
    }
    case 'd': {
        struct md_df df;

        md_df_parse(arena, text, size % 2 != 0, &df);
        (void)md_df_find(&df, md_str("/var/opt/x/queue"));
        break;
    }
    case 'u': {
        struct md_uptime up;
        struct md_netstat_tcp tcp;

        if (md_uptime_parse(text, &up) != MD_OK && md_netstat_parse(text, &tcp) != MD_OK)
            break;
        break;
    }
    case 'c': {
        struct md_cpus cpus;
        struct md_greeting greeting;

        if (md_cpus_parse(text, &cpus) != MD_OK && md_greeting_parse(text, &greeting) != MD_OK)
            break;
        break;
    }
    default: {
        const struct md_dig_answer *answers;
        struct md_resolv resolv;

        (void)md_dig_parse(arena, NULL, text, &answers);
        md_resolv_parse(text, &resolv);
    }
    }
    md_arena_free(&arena);
    return 0;
}
