/*
 * probes/formats/common/clock: the dates and times that programs print, piece by piece.
 *
 * Each function reads one form at the front of *rest and advances *rest behind it; on failure nothing is consumed and
 * nothing set. The results are civil times without a zone unless said; which zone they are in is the caller's
 * knowledge. Names of days are skipped and not checked against the date. Years 1970 to 9999.
 */
#ifndef PROBES_FORMATS_COMMON_CLOCK_H
#define PROBES_FORMATS_COMMON_CLOCK_H

#include <stdint.h>

#include "engine/base/status.h"
#include "engine/base/str.h"
#include "engine/base/time.h"

/* "3:12", "03:12:00", "03:12:00.25": sets hour, minute, second and microsecond of *civil and leaves the date alone. */
MD_MUST_CHECK enum md_status md_clock_read_time(struct md_str *rest, struct md_civil *civil);
/* "04-Sep-2007", "4/Sep/2007", "4 Sep 2007": any one of the separators, the same twice; sets year, month and day. */
MD_MUST_CHECK enum md_status md_clock_read_day_month_year(struct md_str *rest, struct md_civil *civil);
/* "04-Sep-2007 10:15:02[.25]" with one blank, colon, or comma and blank between date and time. */
MD_MUST_CHECK enum md_status md_clock_read_stamp(struct md_str *rest, struct md_civil *civil);
/* "+0200", "-05:00", "+05", "Z"; "+051800" is 5 hours and 1800 seconds, as some builds print zones off the hour. */
MD_MUST_CHECK enum md_status md_clock_read_offset(struct md_str *rest, int32_t *ret_seconds);
/* "Tue, 04 Sep 2007 10:15:02 +0200 (CEST)", the name of the day and the comment optional: an instant. GMT, UT, UTC and
 * the American names of RFC 822 count as zones. */
MD_MUST_CHECK enum md_status md_clock_read_rfc822(struct md_str *rest, int64_t *ret);
/* "Tue Sep  4 06:00:11 2007", "Tue Sep  4 06:00:11 EDT 2007"; *ret_zone (may be NULL): the zone's name or empty. */
MD_MUST_CHECK enum md_status md_clock_read_ctime(struct md_str *rest, struct md_civil *civil, struct md_str *ret_zone);

#endif
