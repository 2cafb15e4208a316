/*
 * probes/formats/system/listing_date: the dates that ls and find print.
 *
 * "Nov 24 02:10", "24 Nov 02:10", "Nov 12  2025", "Nov 24 02:10:05 2026", "2026-11-24 02:10[:05[.5]] [-0500]",
 * "2026-11-24", "11-24 02:10", "2026-11-24T02:10:05-05:00". English month names in any letter case; a dot after day or
 * month is skipped. A date without a year is the latest that is not more than a day after the reference. Pure and
 * bounded.
 */
#ifndef PROBES_FORMATS_SYSTEM_LISTING_DATE_H
#define PROBES_FORMATS_SYSTEM_LISTING_DATE_H

#include <stdint.h>

#include "engine/base/bug.h"
#include "engine/base/status.h"
#include "engine/base/str.h"
#include "engine/base/time.h"
#include "engine/base/zone.h"

struct md_listing_clock {
    int64_t reference; /* MD_TIME_NONE: dates without a year give MD_TIME_NONE */
    const struct md_zone *zone;
    struct md_zone_cache cache; /* zeroed at first */
};

/* Reads a date at the front of *rest and advances it behind its last word; MD_BAD_INPUT, nothing consumed, where there
 * is none. */
MD_MUST_CHECK enum md_status md_listing_date(struct md_listing_clock *clock, struct md_str *rest, int64_t *ret);

#endif
