/*
 * engine/base/zone_tzif: what stands in a time zone file, and in a POSIX zone rule (internal to engine/base/zone).
 *
 * All times are whole seconds since 1970 UTC, offsets seconds east of UTC. Bounded: MD_TZIF_MAX_TRANSITIONS.
 */
#ifndef ENGINE_BASE_ZONE_TZIF_H
#define ENGINE_BASE_ZONE_TZIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#define MD_TZIF_MAX_TRANSITIONS 5000

/* From `at` on the offset holds. */
struct md_tzif_transition {
    int64_t at;
    int32_t offset_s;
};

enum md_tz_day_kind {
    MD_TZ_JULIAN_NO_LEAP, /* Jn: 1..365, the 29th of February is never counted */
    MD_TZ_JULIAN,         /* n: 0..365 */
    MD_TZ_MONTH,          /* Mm.w.d: weekday d (0 is Sunday) of week w (5 is the last) of month m */
};

struct md_tz_date {
    enum md_tz_day_kind kind;
    int day, week, month;
    int32_t time_s; /* of local time, may be negative or beyond a day */
};

/* "EST5EDT,M3.2.0,M11.1.0" */
struct md_tz_rule {
    int32_t standard_s;
    bool has_summer;
    int32_t summer_s;
    struct md_tz_date begin, end;
};

struct md_tzif {
    int32_t first_offset_s; /* before the first transition */
    const struct md_tzif_transition *transitions;
    size_t count;
    bool has_rule; /* holds from the last transition on */
    struct md_tz_rule rule;
};

MD_MUST_CHECK enum md_status md_tzif_parse(struct md_arena *arena, struct md_str bytes, struct md_tzif *ret);
/* The whole slice. Summer time without dates begins and ends as in the United States. */
MD_MUST_CHECK enum md_status md_tz_rule_parse(struct md_str s, struct md_tz_rule *ret);
/* The instants of a year at which summer time begins and ends. */
void md_tz_rule_year(const struct md_tz_rule *rule, int64_t year, int64_t *ret_begin, int64_t *ret_end);

#endif
