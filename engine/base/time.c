#include "engine/base/time.h"

#include <math.h>
#include <stdbool.h>

#include "engine/base/calendar.h"
#include "engine/base/num.h"

#define LAST_DAY INT64_C(2932896) /* 9999-12-31 */
#define DURATION_MAX_S 1e12

static int days_in(int year, int month)
{
    return (int)(md_days_to_next_month(year, month) - md_days_to_month(year, month));
}

static bool is_between(int n, int least, int most)
{
    return n >= least && n <= most;
}

enum md_status md_time_from_civil(const struct md_civil *civil, int64_t *ret)
{
    int64_t seconds;

    if (!is_between(civil->year, 1970, 9999) || !is_between(civil->month, 1, 12) ||
        !is_between(civil->day, 1, days_in(civil->year, civil->month)) || !is_between(civil->hour, 0, 23) ||
        !is_between(civil->minute, 0, 59) || !is_between(civil->second, 0, 60) ||
        !is_between(civil->microsecond, 0, 999999))
        return MD_BAD_INPUT;
    seconds = (md_days_to_month(civil->year, civil->month) + civil->day - 1) * MD_DAY_S + civil->hour * 3600 +
              civil->minute * 60 + civil->second;
    *ret = seconds * MD_SECOND + civil->microsecond;
    return MD_OK;
}

/* Years are counted from March here, so the leap day is a year's last. */
int64_t md_time_ago(int64_t at, int64_t duration)
{
    if (at == MD_TIME_NONE || (duration > 0 && at < INT64_MIN + duration))
        return MD_TIME_NONE;
    return at - duration;
}

void md_time_to_civil(int64_t at, struct md_civil *ret)
{
    int64_t days, z, era, day_of_era, year_of_era, day_of_year, month_from_march, rest;

    if (at < 0)
        at = 0;
    if (at >= (LAST_DAY + 1) * MD_DAY)
        at = (LAST_DAY + 1) * MD_DAY - 1;
    days = at / MD_DAY;
    rest = at % MD_DAY;

    z = days + 719468;
    era = z / 146097;
    day_of_era = z - era * 146097;
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    month_from_march = (5 * day_of_year + 2) / 153;
    ret->day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    ret->month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    ret->year = (int)(year_of_era + era * 400) + (ret->month <= 2 ? 1 : 0);

    ret->hour = (int)(rest / MD_HOUR);
    ret->minute = (int)(rest / MD_MINUTE % 60);
    ret->second = (int)(rest / MD_SECOND % 60);
    ret->microsecond = (int)(rest % MD_SECOND);
}

int md_month_from_name(struct md_str three_letters)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    int i;

    if (three_letters.n != 3)
        return 0;
    for (i = 0; i < 12; i++)
        if (md_str_eq_nocase(three_letters, md_str_n(names + 3 * i, 3)))
            return i + 1;
    return 0;
}

/* Lower case without accents. 0: too long, or a letter that no such name has. */
static size_t plain_letters(struct md_str word, char *ret, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.p[i];

        if (c == 0xc3 && i + 1 < word.n) /* of UTF-8; Latin-1 has the letter's own byte */
            c = (unsigned char)((unsigned char)word.p[++i] | 0x40);
        if (n + 1 >= size)
            return 0;
        if (md_is_alpha((char)c))
            ret[n++] = md_lower((char)c);
        else if ((c | 0x20) >= 0xe0 && (c | 0x20) <= 0xe5)
            ret[n++] = 'a';
        else if ((c | 0x20) >= 0xe7 && (c | 0x20) <= 0xeb)
            ret[n++] = (c | 0x20) == 0xe7 ? 'c' : 'e';
        else if ((c | 0x20) >= 0xf9 && (c | 0x20) <= 0xfc)
            ret[n++] = 'u';
        else
            return 0;
    }
    ret[n] = '\0';
    return n;
}

int md_month_from_any_name(struct md_str word)
{
    /* of each month; German, French, Italian, Spanish, Portuguese and Dutch beside English */
    static const char *const names[12] = {
        " jan january januar jaen jaenner janner janv janvier gen gennaio ene enero janeiro januari ",
        " feb february februar fev fevr fevrier febbraio febrero fevereiro februari ",
        " mar march maerz marz mrz mars marzo marco mrt maart ",
        " apr april avr avril aprile abr abril ",
        " may mai mag maggio mayo maio mei ",
        " jun june juni juin giu giugno junio junho ",
        " jul july juli juil juillet lug luglio julio julho ",
        " aug august aou aout ago agosto augustus ",
        " sep sept september septembre set settembre septiembre setembro ",
        " oct october okt oktober octobre ott ottobre octubre out outubro ",
        " nov november novembre noviembre novembro ",
        " dec december dez dezember decembre dic dicembre diciembre dezembro ",
    };
    char text[16] = " ";
    size_t n;

    if (md_str_has_suffix(word, MD_LIT("月"))) {
        int month = 0;

        word.n -= sizeof "月" - 1;
        for (size_t i = 0; i < word.n; i++)
            month = md_is_digit(word.p[i]) && i < 2 ? 10 * month + (word.p[i] - '0') : 99;
        return month <= 12 ? month : 0;
    }
    if (word.n > 3 && word.p[word.n - 1] == '.')
        word.n--;
    n = plain_letters(word, text + 1, sizeof text - 2);
    if (n < 3)
        return 0;
    text[n + 1] = ' ';
    text[n + 2] = '\0';
    for (int i = 0; i < 12; i++)
        if (strstr(names[i], text) != NULL)
            return i + 1;
    return 0;
}

/* Exactly `digits` digits. */
static bool take_digits(struct md_str *rest, size_t digits, int *ret)
{
    int n = 0;
    size_t i;

    if (rest->n < digits)
        return false;
    for (i = 0; i < digits; i++) {
        if (!md_is_digit(rest->p[i]))
            return false;
        n = 10 * n + (rest->p[i] - '0');
    }
    *rest = md_str_from(*rest, digits);
    *ret = n;
    return true;
}

static bool take_char(struct md_str *rest, char c)
{
    if (rest->n == 0 || md_lower(rest->p[0]) != c)
        return false;
    *rest = md_str_from(*rest, 1);
    return true;
}

/* ".123456789": further digits than six are cut off. */
static bool take_fraction(struct md_str *rest, int *ret_microsecond)
{
    int n = 0, digits = 0;

    if (!take_char(rest, '.')) {
        *ret_microsecond = 0;
        return true;
    }
    for (; rest->n > 0 && md_is_digit(rest->p[0]); *rest = md_str_from(*rest, 1))
        if (digits++ < 6)
            n = 10 * n + (rest->p[0] - '0');
    if (digits == 0)
        return false;
    for (; digits < 6; digits++)
        n *= 10;
    *ret_microsecond = n;
    return true;
}

/* "Z" or "+02:00" */
static bool take_offset(struct md_str *rest, int32_t *ret_s)
{
    bool is_west;
    int hours, minutes;

    if (take_char(rest, 'z')) {
        *ret_s = 0;
        return true;
    }
    is_west = take_char(rest, '-');
    if (!is_west && !take_char(rest, '+'))
        return false;
    if (!take_digits(rest, 2, &hours) || !take_char(rest, ':') || !take_digits(rest, 2, &minutes) || hours > 23 ||
        minutes > 59)
        return false;
    *ret_s = (is_west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

enum md_status md_time_parse_rfc3339(struct md_str s, int64_t *ret, int32_t *ret_offset)
{
    struct md_civil civil;
    int32_t offset_s;
    int64_t at;
    enum md_status st;

    if (!take_digits(&s, 4, &civil.year) || !take_char(&s, '-') || !take_digits(&s, 2, &civil.month) ||
        !take_char(&s, '-') || !take_digits(&s, 2, &civil.day) || (!take_char(&s, 't') && !take_char(&s, ' ')) ||
        !take_digits(&s, 2, &civil.hour) || !take_char(&s, ':') || !take_digits(&s, 2, &civil.minute) ||
        !take_char(&s, ':') || !take_digits(&s, 2, &civil.second) || !take_fraction(&s, &civil.microsecond) ||
        !take_offset(&s, &offset_s) || s.n > 0)
        return MD_BAD_INPUT;
    if ((st = md_time_from_civil(&civil, &at)) < 0)
        return st;
    at -= offset_s * MD_SECOND;
    if (at < 0 || at >= (LAST_DAY + 1) * MD_DAY)
        return MD_BAD_INPUT;
    *ret = at;
    if (ret_offset != NULL)
        *ret_offset = offset_s;
    return MD_OK;
}

char *md_time_rfc3339(struct md_arena *arena, int64_t at)
{
    struct md_civil c;

    if (at == MD_TIME_NONE)
        return md_arena_cstr(arena, MD_LIT("unknown"));
    md_time_to_civil(at, &c);
    return md_arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

char *md_time_rfc3339_exact(struct md_arena *arena, int64_t at)
{
    char *text = md_time_rfc3339(arena, at);
    struct md_civil c;

    if (at == MD_TIME_NONE)
        return text;
    md_time_to_civil(at, &c);
    return c.microsecond == 0 ? text : md_arena_printf(arena, "%.19s.%06dZ", text, c.microsecond);
}

/* A number, perhaps with a fraction, and its unit, one of `units`; the unit's seconds from `seconds`. */
static enum md_status take_component(struct md_str *rest, const char *units, const double *seconds, double *sum,
                                     size_t *ret_unit)
{
    struct md_str s = *rest;
    uint64_t whole;
    int microsecond;
    const char *unit;
    enum md_status st;

    if ((st = md_num_u64(&s, UINT64_C(1000000000000), &whole)) < 0)
        return st;
    if (!take_fraction(&s, &microsecond) || s.n == 0 || s.p[0] == '\0')
        return MD_BAD_INPUT;
    unit = strchr(units, md_lower(s.p[0]));
    if (unit == NULL)
        return MD_BAD_INPUT;
    *sum += ((double)whole + microsecond / 1e6) * seconds[unit - units];
    *ret_unit = (size_t)(unit - units);
    *rest = md_str_from(s, 1);
    return MD_OK;
}

/* Units must come from large to small, each once, as ISO 8601 has it. */
static enum md_status take_ordered(struct md_str *rest, const char *units, const double *seconds, double *sum,
                                   bool *any)
{
    size_t unit, next = 0;
    enum md_status st;

    while (rest->n > 0 && md_is_digit(rest->p[0])) {
        if ((st = take_component(rest, units, seconds, sum, &unit)) < 0)
            return st;
        if (unit < next)
            return MD_BAD_INPUT;
        next = unit + 1;
        *any = true;
    }
    return MD_OK;
}

/* Behind the "P". A year counts 365 days and a month 30. */
static enum md_status parse_iso(struct md_str s, double *ret)
{
    static const double date_s[] = {365 * 86400.0, 30 * 86400.0, 7 * 86400.0, 86400.0};
    static const double time_s[] = {3600.0, 60.0, 1.0};
    double sum = 0;
    bool any = false, any_time = false;
    enum md_status st;

    if ((st = take_ordered(&s, "ymwd", date_s, &sum, &any)) < 0)
        return st;
    if (take_char(&s, 't')) {
        if ((st = take_ordered(&s, "hms", time_s, &sum, &any_time)) < 0)
            return st;
        if (!any_time)
            return MD_BAD_INPUT;
    }
    if (s.n > 0 || !(any || any_time))
        return MD_BAD_INPUT;
    *ret = sum;
    return MD_OK;
}

enum md_status md_duration_parse(struct md_str s, double *ret_seconds)
{
    static const double unit_s[] = {7 * 86400.0, 86400.0, 3600.0, 60.0, 1.0};
    double sum = 0;
    bool any = false;
    size_t unit;
    enum md_status st = MD_OK;

    if (take_char(&s, 'p')) {
        if ((st = parse_iso(s, &sum)) < 0)
            return st;
    } else {
        for (; s.n > 0; any = true)
            if ((st = take_component(&s, "wdhms", unit_s, &sum, &unit)) < 0)
                return st;
        if (!any)
            return MD_BAD_INPUT;
    }
    if (sum > DURATION_MAX_S)
        return MD_LIMIT;
    *ret_seconds = sum;
    return MD_OK;
}

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

static char *two_units(struct md_arena *arena, const char *sign, int64_t large, const char *large_name, int64_t small,
                       const char *small_name)
{
    if (small == 0)
        return md_arena_printf(arena, "%s%lld %s", sign, (long long)large, large_name);
    return md_arena_printf(arena, "%s%lld %s %lld %s", sign, (long long)large, large_name, (long long)small,
                           small_name);
}

/* Each branch rounds to the least unit that it shows, so that it never shows "59 min 60 s". */
char *md_duration_text(struct md_arena *arena, double seconds)
{
    const char *sign = seconds < 0 ? "-" : "";
    double s = fabs(seconds);
    int64_t n;

    if (!isfinite(seconds) || s > DURATION_MAX_S)
        return md_arena_cstr(arena, MD_LIT("unknown"));
    if (s < 0.95 && s >= 0.05)
        return md_arena_printf(arena, "%s%.1f s", sign, s);
    n = llround(s);
    if (n < 60)
        return md_arena_printf(arena, "%s%lld s", n > 0 ? sign : "", (long long)n);
    if (n < 600)
        return two_units(arena, sign, n / 60, "min", n % 60, "s");
    n = llround(s / 60);
    if (n < 60)
        return md_arena_printf(arena, "%s%lld min", sign, (long long)n);
    if (n < 24 * 60)
        return two_units(arena, sign, n / 60, "h", n % 60, "min");
    n = llround(s / 3600);
    if (n < 7 * 24)
        return two_units(arena, sign, n / 24, n / 24 == 1 ? "day" : "days", n % 24, "h");
    n = llround(s / 86400);
    if (n < 28)
        return md_arena_printf(arena, "%s%lld day%s", sign, (long long)n, plural(n));
    if (n < 730)
        return md_arena_printf(arena, "%s%lld weeks", sign, (long long)((n + 3) / 7));
    return md_arena_printf(arena, "%s%lld years", sign, (long long)(n / 365));
}
