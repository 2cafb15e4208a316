/*
 * engine/base/calendar: arithmetic of the Gregorian calendar (internal to engine/base).
 *
 * Years of any sign, counted astronomically; no checks. Division rounds down.
 */
#ifndef ENGINE_BASE_CALENDAR_H
#define ENGINE_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define MD_DAY_S INT64_C(86400)

/* b is positive. */
static inline int64_t md_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

static inline bool md_is_leap_year(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since 1970-01-01 of the first day of a month, 1..12. */
static inline int64_t md_days_to_month(int64_t year, int month)
{
    static const int16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t y = year - 1;
    int64_t new_year = 365 * y + md_floor_div(y, 4) - md_floor_div(y, 100) + md_floor_div(y, 400) - 719162;

    return new_year + before[month - 1] + (month > 2 && md_is_leap_year(year) ? 1 : 0);
}

static inline int64_t md_days_to_next_month(int64_t year, int month)
{
    return month < 12 ? md_days_to_month(year, month + 1) : md_days_to_month(year + 1, 1);
}

#endif
