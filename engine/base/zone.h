/*
 * engine/base/zone: time zones by name, from the time zone database of the system, or by fixed offset.
 *
 * Reads TZif files (RFC 8536, versions 1 to 4, with the POSIX rule in the footer) under the usual folders itself,
 * because the C library knows only one zone per process, and that one from the environment. Names may not leave those
 * folders. Ambiguous local times (the repeated hour at the end of summer time) map to the earlier instant, missing ones
 * forward.
 */
#ifndef ENGINE_BASE_ZONE_H
#define ENGINE_BASE_ZONE_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

struct md_zone;

const struct md_zone *md_zone_utc(void);
const struct md_zone *md_zone_fixed(struct md_arena *arena, int32_t offset_s);
/* "America/New_York", "UTC", "Z", "+02:00", "-0500", "EST5EDT". MD_NOT_FOUND: no such zone here; MD_BAD_INPUT: no name
 * of a zone. */
MD_MUST_CHECK enum md_status md_zone_load(struct md_arena *arena, struct md_str name, const struct md_zone **ret);
/* Parses the bytes of a TZif file (for tests and fuzzing). */
MD_MUST_CHECK enum md_status md_zone_parse(struct md_arena *arena, struct md_str name, struct md_str tzif,
                                           const struct md_zone **ret);
/* The name it was loaded under, "UTC" or "+02:00". */
const char *md_zone_name(const struct md_zone *zone);

/* Seconds east of UTC at an instant. */
int32_t md_zone_offset_at(const struct md_zone *zone, int64_t at);
/* `local`: a civil time counted as if it were UTC (md_time_from_civil). Fast for times near the last one asked for:
 * pass a cache of the caller's, zeroed at first, or NULL. */
struct md_zone_cache {
    const struct md_zone *zone;
    int64_t local_from, local_until; /* the offset holds in [from, until) of local time */
    int32_t offset_s;
};
int64_t md_zone_to_utc(const struct md_zone *zone, int64_t local, struct md_zone_cache *cache);

#endif
