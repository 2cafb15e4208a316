#include "probes/formats/calendar/bdb_region.h"

#include "engine/base/time.h"

#define MAGIC UINT32_C(0x120897)
#define SEARCHED 256
#define VERSIONS_MAX 99
#define SECONDS_FROM INT64_C(946684800) /* 2000 */
#define SECONDS_TO INT64_C(4102444800)  /* 2100 */

enum { AT_PANIC = 4, AT_MAJOR = 8, AT_MINOR = 12, AT_PATCH = 16, AT_TIME = 28, SIZE = 20, SIZE_WITH_TIME = 40 };

static uint64_t u64(const uint8_t *p, bool is_big)
{
    uint64_t a = md_bdb_u32(p, is_big), b = md_bdb_u32(p + 4, is_big);

    return is_big ? a << 32 | b : b << 32 | a;
}

/* Since 4.8: a number of the environment and a signature, then the time, in 32 bits or (on a boundary of eight bytes) in 64. */
static int64_t read_time(const uint8_t *p, bool is_big)
{
    int64_t seconds = md_bdb_u32(p + AT_TIME, is_big);

    if (seconds == 0)
        seconds = (int64_t)(u64(p + AT_TIME + 4, is_big) & INT64_MAX);
    return seconds >= SECONDS_FROM && seconds < SECONDS_TO ? seconds * MD_SECOND : MD_TIME_NONE;
}

bool md_bdb_region_read(const uint8_t *head, size_t n, struct md_bdb_region *ret)
{
    for (size_t at = 0; at < SEARCHED && at + SIZE <= n; at += 4)
        for (int big = 0; big < 2; big++) {
            const uint8_t *p = head + at;

            if (md_bdb_u32(p, big) != MAGIC)
                continue;
            *ret = (struct md_bdb_region){.has_panic = md_bdb_u32(p + AT_PANIC, big) != 0,
                                          .major = md_bdb_u32(p + AT_MAJOR, big),
                                          .minor = md_bdb_u32(p + AT_MINOR, big),
                                          .patch = md_bdb_u32(p + AT_PATCH, big),
                                          .made = MD_TIME_NONE};
            if (ret->major > VERSIONS_MAX || ret->minor > VERSIONS_MAX)
                continue;
            if (at == 0 && n >= SIZE_WITH_TIME && (ret->major > 4 || (ret->major == 4 && ret->minor >= 8)))
                ret->made = read_time(p, big);
            return true;
        }
    return false;
}
