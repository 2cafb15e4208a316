/*
 * engine/base/time: instants and durations.
 *
 * An instant is an int64_t of microseconds since 1970-01-01T00:00:00Z; MD_TIME_NONE is "not known". A duration is a
 * double of seconds. Conversion never uses the zone or the locale of this process; zones are in engine/base/zone. Years
 * 1970 to 9999 are accepted, anything else is MD_BAD_INPUT.
 */
#ifndef ENGINE_BASE_TIME_H
#define ENGINE_BASE_TIME_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#define MD_TIME_NONE INT64_MIN
#define MD_SECOND INT64_C(1000000)
#define MD_MINUTE (60 * MD_SECOND)
#define MD_HOUR (60 * MD_MINUTE)
#define MD_DAY (24 * MD_HOUR)

struct md_civil {
    int year;        /* 1970..9999 */
    int month;       /* 1..12 */
    int day;         /* 1..31, checked against the month */
    int hour;        /* 0..23 */
    int minute;      /* 0..59 */
    int second;      /* 0..60 */
    int microsecond; /* 0..999999 */
};

/* Takes the civil time as UTC. */
MD_MUST_CHECK enum md_status md_time_from_civil(const struct md_civil *civil, int64_t *ret);
void md_time_to_civil(int64_t at, struct md_civil *ret);
/* `duration` before `at`; MD_TIME_NONE of what is not known. */
int64_t md_time_ago(int64_t at, int64_t duration);

/* "Jan".."Dec" in any letter case -> 1..12, else 0. */
int md_month_from_name(struct md_str three_letters);
/* The month of a whole word as programs print it in the locales of Western Europe and of Japan, abbreviated or not, with or without a dot,
 * in UTF-8 or Latin-1 ("Mai", "Okt", "févr.", "ago", "5月"), else 0. */
int md_month_from_any_name(struct md_str word);

/* RFC 3339 with zone, the whole slice ("2026-11-24T03:12:00-05:00"). *ret_offset (may be NULL): the zone in seconds. */
MD_MUST_CHECK enum md_status md_time_parse_rfc3339(struct md_str s, int64_t *ret, int32_t *ret_offset);
/* "2026-11-24T08:12:00Z", whole seconds. */
char *md_time_rfc3339(struct md_arena *arena, int64_t at);
/* With the fraction of the second, where there is one: for what is read again. */
char *md_time_rfc3339_exact(struct md_arena *arena, int64_t at);

/* "24h", "90m", "2d", "1w", "30s", or a sum of them ("1d12h"), or ISO 8601 ("pt30m", "P1DT2H", any letter case):
 * seconds. */
MD_MUST_CHECK enum md_status md_duration_parse(struct md_str s, double *ret_seconds);
/* For people, two units at most: "45 s", "12 min", "3 h 20 min", "2 days", "5 weeks". */
char *md_duration_text(struct md_arena *arena, double seconds);

#endif
