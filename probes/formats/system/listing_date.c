#include "probes/formats/system/listing_date.h"

#include "engine/base/num.h"

#define YEARS_BACK 9 /* of 29 February: over a century's end */

static struct md_str without_dot(struct md_str word)
{
    if (word.n > 1 && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == ','))
        word.n--;
    return word;
}

/* Exactly `digits` digits, or 1 to -digits of them. */
static bool take_number(struct md_str *rest, int digits, int *ret)
{
    size_t max = (size_t)(digits < 0 ? -digits : digits), n = 0;
    int value = 0;

    while (n < rest->n && n < max && md_is_digit(rest->p[n]))
        value = value * 10 + (rest->p[n++] - '0');
    if (n == 0 || (digits > 0 && n != max))
        return false;
    *rest = md_str_from(*rest, n);
    *ret = value;
    return true;
}

static bool take_char(struct md_str *rest, char c)
{
    if (rest->n == 0 || rest->p[0] != c)
        return false;
    *rest = md_str_from(*rest, 1);
    return true;
}

/* HH:MM[:SS[.fraction]], the whole word. */
static bool parse_clock(struct md_str word, struct md_civil *civil)
{
    int scale = 100000;

    civil->second = civil->microsecond = 0;
    if (!take_number(&word, -2, &civil->hour) || !take_char(&word, ':') || !take_number(&word, 2, &civil->minute))
        return false;
    if (word.n == 0)
        return true;
    if (!take_char(&word, ':') || !take_number(&word, 2, &civil->second))
        return false;
    if (word.n == 0)
        return true;
    if (!take_char(&word, '.') && !take_char(&word, ','))
        return false;
    for (; word.n > 0 && md_is_digit(word.p[0]); word = md_str_from(word, 1), scale /= 10)
        civil->microsecond += (word.p[0] - '0') * scale;
    return word.n == 0;
}

static bool parse_year(struct md_str word, int *ret)
{
    return word.n == 4 && take_number(&word, 4, ret) && *ret >= 1970;
}

/* YYYY-MM-DD, the whole word. */
static bool parse_iso_day(struct md_str word, struct md_civil *civil)
{
    return take_number(&word, 4, &civil->year) && take_char(&word, '-') && take_number(&word, 2, &civil->month) &&
           take_char(&word, '-') && take_number(&word, 2, &civil->day) && word.n == 0;
}

/* MM-DD, the whole word. */
static bool parse_month_day(struct md_str word, struct md_civil *civil)
{
    return take_number(&word, 2, &civil->month) && take_char(&word, '-') && take_number(&word, 2, &civil->day) &&
           word.n == 0;
}

/* +HHMM or +HH:MM, the whole word. */
static bool parse_offset(struct md_str word, int32_t *ret_s)
{
    int hours, minutes;
    int32_t sign;

    if (word.n < 5 || (word.p[0] != '+' && word.p[0] != '-'))
        return false;
    sign = word.p[0] == '-' ? -1 : 1;
    word = md_str_from(word, 1);
    if (!take_number(&word, 2, &hours))
        return false;
    (void)take_char(&word, ':');
    if (!take_number(&word, 2, &minutes) || word.n != 0 || hours > 26 || minutes > 59)
        return false;
    *ret_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool parse_named_day(struct md_str first, struct md_str second, struct md_civil *civil)
{
    struct md_str day;

    first = without_dot(first);
    second = without_dot(second);
    civil->month = md_month_from_any_name(first);
    day = second;
    if (civil->month == 0) {
        civil->month = md_month_from_any_name(second);
        day = first;
    }
    return civil->month != 0 && take_number(&day, -2, &civil->day) && day.n == 0;
}

static enum md_status to_utc(struct md_listing_clock *clock, const struct md_civil *civil, int64_t *ret)
{
    int64_t local;
    enum md_status st = md_time_from_civil(civil, &local);

    if (st < 0)
        return MD_BAD_INPUT;
    *ret = md_zone_to_utc(clock->zone, local, &clock->cache);
    return MD_OK;
}

/* The latest year in which the date exists and is not more than a day ahead of the reference. */
static enum md_status without_year(struct md_listing_clock *clock, struct md_civil *civil, int64_t *ret)
{
    struct md_civil today;
    int newest;

    if (clock->reference == MD_TIME_NONE) {
        civil->year = 2000; /* a leap year: is it a date at all? */
        if (to_utc(clock, civil, ret) < 0)
            return MD_BAD_INPUT;
        *ret = MD_TIME_NONE;
        return MD_OK;
    }
    md_time_to_civil(clock->reference + md_zone_offset_at(clock->zone, clock->reference) * MD_SECOND, &today);
    newest = today.year + 1; /* on New Year's Eve a file may be of "tomorrow" where clocks differ */
    for (civil->year = newest; civil->year > newest - YEARS_BACK && civil->year >= 1970; civil->year--)
        if (to_utc(clock, civil, ret) == MD_OK && *ret <= clock->reference + MD_DAY)
            return MD_OK;
    return MD_BAD_INPUT;
}

/* "2026-11-24 02:10:05.5 -0500" and its shorter forms; the first word is read. */
static enum md_status iso_date(struct md_listing_clock *clock, struct md_str *rest, struct md_civil *civil,
                               int64_t *ret)
{
    struct md_str after = *rest, word;
    int32_t offset_s;

    word = md_str_next_word(&after);
    if (!parse_clock(word, civil)) {
        civil->hour = civil->minute = civil->second = civil->microsecond = 0;
        return to_utc(clock, civil, ret);
    }
    *rest = after;
    word = md_str_next_word(&after);
    if (!parse_offset(word, &offset_s))
        return to_utc(clock, civil, ret);
    if (md_time_from_civil(civil, ret) < 0)
        return MD_BAD_INPUT;
    *ret -= offset_s * MD_SECOND;
    *rest = after;
    return MD_OK;
}

/* "Nov 24 02:10", "Nov 12  2025", "Nov 24 02:10:05 2026", "Nov 24 2026 02:10"; the day is read. */
static enum md_status named_date(struct md_listing_clock *clock, struct md_str *rest, struct md_civil *civil,
                                 int64_t *ret)
{
    struct md_str after = *rest, word = md_str_next_word(&after), next_rest = after, next;

    next = md_str_next_word(&next_rest);
    if (parse_clock(word, civil)) {
        *rest = after;
        /* Only with seconds: in the short form a name of four digits may follow. */
        if (word.n < 7 || !parse_year(next, &civil->year))
            return without_year(clock, civil, ret);
        *rest = next_rest;
        return to_utc(clock, civil, ret);
    }
    if (!parse_year(word, &civil->year))
        return MD_BAD_INPUT;
    *rest = after;
    if (parse_clock(next, civil))
        *rest = next_rest;
    else
        civil->hour = civil->minute = civil->second = civil->microsecond = 0;
    return to_utc(clock, civil, ret);
}

enum md_status md_listing_date(struct md_listing_clock *clock, struct md_str *rest, int64_t *ret)
{
    struct md_str after = *rest, first = md_str_next_word(&after), word;
    struct md_civil civil = {0};
    enum md_status st;
    int64_t at;

    if (first.n == 0)
        return MD_BAD_INPUT;
    if (parse_iso_day(first, &civil)) {
        st = iso_date(clock, &after, &civil, &at);
    } else if (parse_month_day(first, &civil)) {
        word = md_str_next_word(&after);
        st = parse_clock(word, &civil) ? without_year(clock, &civil, &at) : MD_BAD_INPUT;
    } else if (first.n >= 20 && first.p[10] == 'T') {
        st = md_time_parse_rfc3339(first, &at, NULL);
    } else {
        word = md_str_next_word(&after);
        st = parse_named_day(first, word, &civil) ? named_date(clock, &after, &civil, &at) : MD_BAD_INPUT;
    }
    if (st < 0)
        return MD_BAD_INPUT;
    *rest = after;
    *ret = at;
    return MD_OK;
}
