#include "probes/formats/common/clock.h"

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/num.h"

/* At most `digits` digits at the front; fails where more follow. */
static enum md_status read_digits(struct md_str *rest, size_t digits, uint64_t max, int *ret)
{
    struct md_str s = *rest;
    uint64_t value;
    size_t n = 0;

    while (n < s.n && md_is_digit(s.p[n]))
        n++;
    if (n == 0 || n > digits)
        return MD_BAD_INPUT;
    if (md_num_u64(&s, max, &value) != MD_OK)
        return MD_BAD_INPUT;
    *ret = (int)value;
    *rest = s;
    return MD_OK;
}

static void skip_blanks(struct md_str *rest)
{
    while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t'))
        *rest = md_str_from(*rest, 1);
}

static bool skip_char(struct md_str *rest, char c)
{
    if (rest->n == 0 || rest->p[0] != c)
        return false;
    *rest = md_str_from(*rest, 1);
    return true;
}

static bool is_valid_date(const struct md_civil *civil)
{
    int64_t at;

    return md_time_from_civil(civil, &at) == MD_OK;
}

enum md_status md_clock_read_time(struct md_str *rest, struct md_civil *civil)
{
    struct md_str s = *rest;
    struct md_civil c = *civil;

    c.second = 0;
    c.microsecond = 0;
    if (read_digits(&s, 2, 23, &c.hour) != MD_OK || !skip_char(&s, ':') || read_digits(&s, 2, 59, &c.minute) != MD_OK)
        return MD_BAD_INPUT;
    if (skip_char(&s, ':')) {
        if (read_digits(&s, 2, 60, &c.second) != MD_OK)
            return MD_BAD_INPUT;
        if (s.n >= 2 && s.p[0] == '.' && md_is_digit(s.p[1])) {
            int unit = 100000;

            for (s = md_str_from(s, 1); s.n > 0 && md_is_digit(s.p[0]); s = md_str_from(s, 1)) {
                c.microsecond += (s.p[0] - '0') * unit;
                unit /= 10;
            }
        }
    }
    *civil = c;
    *rest = s;
    return MD_OK;
}

static enum md_status read_month(struct md_str *rest, int *ret)
{
    int month = rest->n >= 3 ? md_month_from_name(md_str_sub(*rest, 0, 3)) : 0;

    if (month == 0)
        return MD_BAD_INPUT;
    *ret = month;
    *rest = md_str_from(*rest, 3);
    return MD_OK;
}

enum md_status md_clock_read_day_month_year(struct md_str *rest, struct md_civil *civil)
{
    struct md_str s = *rest;
    struct md_civil c = *civil;
    struct md_civil date = {0};
    char sep;

    if (read_digits(&s, 2, 31, &c.day) != MD_OK || s.n == 0)
        return MD_BAD_INPUT;
    sep = s.p[0];
    if ((sep != '-' && sep != '/' && sep != ' ') || !skip_char(&s, sep) || read_month(&s, &c.month) != MD_OK ||
        !skip_char(&s, sep) || read_digits(&s, 4, 9999, &c.year) != MD_OK)
        return MD_BAD_INPUT;
    date.year = c.year;
    date.month = c.month;
    date.day = c.day;
    if (!is_valid_date(&date))
        return MD_BAD_INPUT;
    *civil = c;
    *rest = s;
    return MD_OK;
}

enum md_status md_clock_read_stamp(struct md_str *rest, struct md_civil *civil)
{
    struct md_str s = *rest;
    struct md_civil c = {0};

    if (md_clock_read_day_month_year(&s, &c) != MD_OK)
        return MD_BAD_INPUT;
    if (!skip_char(&s, ':')) {
        skip_char(&s, ',');
        if (!skip_char(&s, ' '))
            return MD_BAD_INPUT;
        skip_blanks(&s);
    }
    if (md_clock_read_time(&s, &c) != MD_OK)
        return MD_BAD_INPUT;
    *civil = c;
    *rest = s;
    return MD_OK;
}

enum md_status md_clock_read_offset(struct md_str *rest, int32_t *ret_seconds)
{
    struct md_str s = *rest;
    int32_t sign, hours, seconds;
    int value[6];
    size_t n = 0;

    if (skip_char(&s, 'Z')) {
        *ret_seconds = 0;
        *rest = s;
        return MD_OK;
    }
    if (s.n < 3 || (s.p[0] != '+' && s.p[0] != '-'))
        return MD_BAD_INPUT;
    sign = s.p[0] == '-' ? -1 : 1;
    s = md_str_from(s, 1);
    while (n < 6 && s.n > 0 && (md_is_digit(s.p[0]) || (n == 2 && s.p[0] == ':' && s.n > 1 && md_is_digit(s.p[1])))) {
        if (md_is_digit(s.p[0]))
            value[n++] = s.p[0] - '0';
        s = md_str_from(s, 1);
    }
    if (n < 2 || n % 2 != 0 || (s.n > 0 && md_is_digit(s.p[0])))
        return MD_BAD_INPUT;
    hours = value[0] * 10 + value[1];
    seconds = 0;
    if (n == 4)
        seconds = (value[2] * 10 + value[3]) * 60;
    else if (n == 6)
        seconds = value[2] * 1000 + value[3] * 100 + value[4] * 10 + value[5];
    if (hours > 15 || seconds >= 3600)
        return MD_BAD_INPUT;
    *ret_seconds = sign * (hours * 3600 + seconds);
    *rest = s;
    return MD_OK;
}

/* The zones that RFC 822 knows by name; other names say nothing certain. */
static enum md_status read_zone_name(struct md_str *rest, int32_t *ret_seconds)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"GMT", 0},  {"UTC", 0},  {"UT", 0},   {"EST", -5}, {"EDT", -4}, {"CST", -6},
                 {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
    struct md_str s = *rest;
    struct md_str word;

    if (md_clock_read_offset(rest, ret_seconds) == MD_OK)
        return MD_OK;
    for (word = md_str_sub(s, 0, 0); word.n < s.n && md_is_alpha(s.p[word.n]); word.n++)
        continue;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (md_str_is(word, zones[i].name)) {
            *ret_seconds = zones[i].hours * 3600;
            *rest = md_str_from(s, word.n);
            return MD_OK;
        }
    }
    return MD_BAD_INPUT;
}

/* A name of a day at the front, with a comma or not. */
static void skip_day_name(struct md_str *rest)
{
    static const char names[] = "MonTueWedThuFriSatSun";
    struct md_str s = *rest;

    for (size_t i = 0; i < sizeof names - 1; i += 3) {
        if (!md_str_has_prefix_nocase(s, md_str_n(names + i, 3)))
            continue;
        while (s.n > 0 && md_is_alpha(s.p[0]))
            s = md_str_from(s, 1);
        skip_char(&s, ',');
        skip_blanks(&s);
        *rest = s;
        return;
    }
}

enum md_status md_clock_read_rfc822(struct md_str *rest, int64_t *ret)
{
    struct md_str s = *rest;
    struct md_civil c = {0};
    int32_t offset;
    int64_t at;

    skip_day_name(&s);
    if (read_digits(&s, 2, 31, &c.day) != MD_OK)
        return MD_BAD_INPUT;
    skip_blanks(&s);
    if (read_month(&s, &c.month) != MD_OK)
        return MD_BAD_INPUT;
    skip_blanks(&s);
    if (read_digits(&s, 4, 9999, &c.year) != MD_OK)
        return MD_BAD_INPUT;
    skip_blanks(&s);
    if (md_clock_read_time(&s, &c) != MD_OK)
        return MD_BAD_INPUT;
    skip_blanks(&s);
    if (read_zone_name(&s, &offset) != MD_OK || md_time_from_civil(&c, &at) != MD_OK)
        return MD_BAD_INPUT;
    *ret = at - offset * MD_SECOND;
    *rest = s;
    return MD_OK;
}

enum md_status md_clock_read_ctime(struct md_str *rest, struct md_civil *civil, struct md_str *ret_zone)
{
    struct md_str s = *rest;
    struct md_str zone = {s.p, 0};
    struct md_civil c = {0};

    skip_day_name(&s);
    if (read_month(&s, &c.month) != MD_OK)
        return MD_BAD_INPUT;
    skip_blanks(&s);
    if (read_digits(&s, 2, 31, &c.day) != MD_OK)
        return MD_BAD_INPUT;
    skip_blanks(&s);
    if (md_clock_read_time(&s, &c) != MD_OK)
        return MD_BAD_INPUT;
    skip_blanks(&s);
    if (s.n > 0 && !md_is_digit(s.p[0]))
        zone = md_str_next_word(&s);
    skip_blanks(&s);
    if (read_digits(&s, 4, 9999, &c.year) != MD_OK || !is_valid_date(&c))
        return MD_BAD_INPUT;
    *civil = c;
    *rest = s;
    if (ret_zone != NULL)
        *ret_zone = zone;
    return MD_OK;
}
