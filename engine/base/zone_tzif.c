#include "engine/base/zone_tzif.h"

#include "engine/base/calendar.h"
#include "engine/base/num.h"

#define HEADER_SIZE 44
#define OFFSET_MIN_S (-89999) /* RFC 8536, 3.2 */
#define OFFSET_MAX_S 93599
#define TYPES_MAX 256
#define RULE_HOURS_MAX 167
#define HOUR_S 3600
#define AT_MAX (INT64_C(1) << 59) /* the earliest instant that a file may name; sums of it cannot overflow */

struct header {
    char version;
    size_t isutc_count, isstd_count, leap_count, time_count, type_count, char_count;
};

static uint64_t big_endian(struct md_str s, size_t at, size_t size)
{
    uint64_t n = 0;
    size_t i;

    for (i = 0; i < size; i++)
        n = n << 8 | (unsigned char)s.p[at + i];
    return n;
}

/* Two's complement, without relying on how the machine converts. */
static int64_t big_endian_i32(struct md_str s, size_t at)
{
    int64_t n = (int64_t)big_endian(s, at, 4);

    return n > INT32_MAX ? n - (INT64_C(1) << 32) : n;
}

static int64_t big_endian_i64(struct md_str s, size_t at)
{
    uint64_t n = big_endian(s, at, 8);

    return n > INT64_MAX ? -(int64_t)(UINT64_MAX - n) - 1 : (int64_t)n;
}

static enum md_status parse_header(struct md_str s, struct header *ret)
{
    if (s.n < HEADER_SIZE || !md_str_has_prefix(s, MD_LIT("TZif")))
        return MD_BAD_INPUT;
    ret->version = s.p[4];
    ret->isutc_count = big_endian(s, 20, 4);
    ret->isstd_count = big_endian(s, 24, 4);
    ret->leap_count = big_endian(s, 28, 4);
    ret->time_count = big_endian(s, 32, 4);
    ret->type_count = big_endian(s, 36, 4);
    ret->char_count = big_endian(s, 40, 4);
    /* Times of the "right" zones count leap seconds; nothing else here does. */
    if (ret->leap_count > 0 || ret->type_count == 0 || ret->type_count > TYPES_MAX || ret->isutc_count > TYPES_MAX ||
        ret->isstd_count > TYPES_MAX || ret->char_count > 4096)
        return MD_BAD_INPUT;
    return ret->time_count > MD_TZIF_MAX_TRANSITIONS ? MD_LIMIT : MD_OK;
}

static size_t block_size(const struct header *h, size_t time_size)
{
    return h->time_count * (time_size + 1) + h->type_count * 6 + h->char_count + h->isstd_count + h->isutc_count;
}

static enum md_status parse_block(struct md_arena *arena, struct md_str s, const struct header *h, size_t time_size,
                                  struct md_tzif *ret)
{
    size_t indexes = h->time_count * time_size;
    size_t types = indexes + h->time_count;
    struct md_tzif_transition *list = md_arena_array(arena, h->time_count, sizeof *list);
    int32_t offsets[TYPES_MAX] = {0};
    int64_t offset;
    size_t i, type;

    for (i = 0; i < h->type_count; i++) {
        offset = big_endian_i32(s, types + 6 * i);
        if (offset < OFFSET_MIN_S || offset > OFFSET_MAX_S)
            return MD_BAD_INPUT;
        offsets[i] = (int32_t)offset;
    }
    for (i = 0; i < h->time_count; i++) {
        list[i].at = time_size == 8 ? big_endian_i64(s, i * 8) : big_endian_i32(s, i * 4);
        type = (unsigned char)s.p[indexes + i];
        if (type >= h->type_count || list[i].at < -AT_MAX || list[i].at > AT_MAX ||
            (i > 0 && list[i].at <= list[i - 1].at))
            return MD_BAD_INPUT;
        list[i].offset_s = offsets[type];
    }
    ret->first_offset_s = offsets[0];
    ret->transitions = list;
    ret->count = h->time_count;
    return MD_OK;
}

enum md_status md_tzif_parse(struct md_arena *arena, struct md_str bytes, struct md_tzif *ret)
{
    struct md_tzif tzif = {0};
    struct md_str rest = bytes;
    struct header header;
    size_t time_size = 4;
    ptrdiff_t end;
    enum md_status st;

    if ((st = parse_header(rest, &header)) < 0)
        return st;
    rest = md_str_from(rest, HEADER_SIZE);
    if (header.version != '\0') {
        /* The first block is for readers of version 1; what counts follows it. */
        if (rest.n < block_size(&header, 4))
            return MD_BAD_INPUT;
        rest = md_str_from(rest, block_size(&header, 4));
        if ((st = parse_header(rest, &header)) < 0)
            return st;
        rest = md_str_from(rest, HEADER_SIZE);
        time_size = 8;
    }
    if (rest.n < block_size(&header, time_size))
        return MD_BAD_INPUT;
    if ((st = parse_block(arena, rest, &header, time_size, &tzif)) < 0)
        return st;
    rest = md_str_from(rest, block_size(&header, time_size));

    if (time_size == 8) {
        if (!md_str_skip_prefix(&rest, MD_LIT("\n")) || (end = md_str_find_char(rest, '\n')) < 0)
            return MD_BAD_INPUT;
        rest = md_str_sub(rest, 0, (size_t)end);
        if (rest.n > 0) {
            if ((st = md_tz_rule_parse(rest, &tzif.rule)) < 0)
                return st;
            tzif.has_rule = true;
        }
    }
    *ret = tzif;
    return MD_OK;
}

/* "EST" or "<+0330>" */
static bool take_name(struct md_str *rest)
{
    ptrdiff_t end;
    size_t n = 0;

    if (md_str_skip_prefix(rest, MD_LIT("<"))) {
        end = md_str_find_char(*rest, '>');
        if (end < 1)
            return false;
        *rest = md_str_from(*rest, (size_t)end + 1);
        return true;
    }
    while (n < rest->n && md_is_alpha(rest->p[n]))
        n++;
    if (n < 3)
        return false;
    *rest = md_str_from(*rest, n);
    return true;
}

/* "5", "-3:30", "+02:00:00" */
static bool take_hms(struct md_str *rest, uint64_t hours_max, int32_t *ret_s)
{
    bool is_negative = md_str_skip_prefix(rest, MD_LIT("-"));
    uint64_t hours, minutes = 0, seconds = 0;

    if (!is_negative)
        (void)md_str_skip_prefix(rest, MD_LIT("+"));
    if (md_num_u64(rest, hours_max, &hours) < 0)
        return false;
    if (md_str_skip_prefix(rest, MD_LIT(":"))) {
        if (md_num_u64(rest, 59, &minutes) < 0)
            return false;
        if (md_str_skip_prefix(rest, MD_LIT(":")) && md_num_u64(rest, 59, &seconds) < 0)
            return false;
    }
    *ret_s = (int32_t)(hours * HOUR_S + minutes * 60 + seconds) * (is_negative ? -1 : 1);
    return true;
}

static bool take_int(struct md_str *rest, uint64_t min, uint64_t max, int *ret)
{
    uint64_t n;

    if (md_num_u64(rest, max, &n) < 0 || n < min)
        return false;
    *ret = (int)n;
    return true;
}

/* "M3.2.0/2", "J60", "59" */
static bool take_date(struct md_str *rest, struct md_tz_date *ret)
{
    struct md_tz_date date = {.time_s = 2 * HOUR_S};

    if (md_str_skip_prefix(rest, MD_LIT("M"))) {
        date.kind = MD_TZ_MONTH;
        if (!take_int(rest, 1, 12, &date.month) || !md_str_skip_prefix(rest, MD_LIT(".")) ||
            !take_int(rest, 1, 5, &date.week) || !md_str_skip_prefix(rest, MD_LIT(".")) ||
            !take_int(rest, 0, 6, &date.day))
            return false;
    } else if (md_str_skip_prefix(rest, MD_LIT("J"))) {
        date.kind = MD_TZ_JULIAN_NO_LEAP;
        if (!take_int(rest, 1, 365, &date.day))
            return false;
    } else {
        date.kind = MD_TZ_JULIAN;
        if (!take_int(rest, 0, 365, &date.day))
            return false;
    }
    if (md_str_skip_prefix(rest, MD_LIT("/")) && !take_hms(rest, RULE_HOURS_MAX, &date.time_s))
        return false;
    *ret = date;
    return true;
}

enum md_status md_tz_rule_parse(struct md_str s, struct md_tz_rule *ret)
{
    struct md_tz_rule rule = {0};
    struct md_str dates = MD_LIT(",M3.2.0,M11.1.0");

    if (!take_name(&s) || !take_hms(&s, 24, &rule.standard_s))
        return MD_BAD_INPUT;
    rule.standard_s = -rule.standard_s; /* POSIX counts west of Greenwich */
    if (s.n > 0) {
        rule.has_summer = true;
        rule.summer_s = rule.standard_s + HOUR_S;
        if (!take_name(&s))
            return MD_BAD_INPUT;
        if (s.n > 0 && s.p[0] != ',') {
            if (!take_hms(&s, 24, &rule.summer_s))
                return MD_BAD_INPUT;
            rule.summer_s = -rule.summer_s;
        }
        if (s.n > 0)
            dates = s;
        if (!md_str_skip_prefix(&dates, MD_LIT(",")) || !take_date(&dates, &rule.begin) ||
            !md_str_skip_prefix(&dates, MD_LIT(",")) || !take_date(&dates, &rule.end) || dates.n > 0)
            return MD_BAD_INPUT;
    }
    *ret = rule;
    return MD_OK;
}

/* Seconds of local time, as if it were UTC. */
static int64_t date_in(const struct md_tz_date *date, int64_t year)
{
    int64_t day = md_days_to_month(year, 1);

    switch (date->kind) {
    case MD_TZ_JULIAN_NO_LEAP: day += date->day - 1 + (date->day > 59 && md_is_leap_year(year) ? 1 : 0); break;
    case MD_TZ_JULIAN: day += date->day; break;
    case MD_TZ_MONTH:
        day = md_days_to_month(year, date->month);
        /* 1970-01-01 was a Thursday, weekday 4. */
        day += ((date->day - (day + 4)) % 7 + 7) % 7;
        day += 7 * (int64_t)(date->week - 1);
        if (day >= md_days_to_next_month(year, date->month))
            day -= 7;
        break;
    }
    return day * MD_DAY_S + date->time_s;
}

void md_tz_rule_year(const struct md_tz_rule *rule, int64_t year, int64_t *ret_begin, int64_t *ret_end)
{
    *ret_begin = date_in(&rule->begin, year) - rule->standard_s;
    *ret_end = date_in(&rule->end, year) - rule->summer_s;
}
