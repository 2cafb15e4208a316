#include "probes/bundle/instants.h"

#include "engine/base/num.h"
#include "probes/formats/common/clock.h"

#define LINE_LOOK 512 /* a stamp stands in the first bytes of a line */
#define DATE_WORDS_MAX 12
#define PREFIX_MAX 80 /* "mail.log_current:" of grep */

/* Zones by the names that `date` prints, where one name is one offset in practice. */
static const struct {
    const char *name;
    int16_t minutes;
} zone_names[] = {
    {"UTC", 0},    {"GMT", 0},    {"UT", 0},     {"Z", 0},       {"WET", 0},     {"BST", 60},   {"WEST", 60},
    {"CET", 60},   {"MET", 60},   {"CEST", 120}, {"MEST", 120},  {"EET", 120},   {"SAST", 120}, {"EEST", 180},
    {"MEZ", 60},   {"MESZ", 120}, {"MSK", 180},  {"IST", 330},   {"SGT", 480},   {"HKT", 480},  {"AWST", 480},
    {"JST", 540},  {"KST", 540},  {"AEST", 600}, {"AEDT", 660},  {"NZST", 720},  {"NZDT", 780}, {"NST", -210},
    {"AST", -240}, {"ADT", -180}, {"EST", -300}, {"EDT", -240},  {"CST", -360},  {"CDT", -300}, {"MST", -420},
    {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600},
};

static bool zone_by_name(struct md_str name, int32_t *ret)
{
    for (size_t i = 0; i < sizeof zone_names / sizeof *zone_names; i++)
        if (md_str_is(name, zone_names[i].name)) {
            *ret = zone_names[i].minutes * 60;
            return true;
        }
    return false;
}

static bool set_local(const struct md_civil *civil, struct md_instant *ret)
{
    *ret = (struct md_instant){.is_local = true};
    return md_time_from_civil(civil, &ret->at) == MD_OK;
}

static void set_offset(struct md_instant *ret, int32_t offset_s)
{
    ret->at -= (int64_t)offset_s * MD_SECOND;
    ret->is_local = false;
    ret->has_offset = true;
    ret->offset_s = offset_s;
}

/* "24-Nov-2026 00:30:06.94 ..." or ts="2026-11-24T00:30:06.94" of the XML and JSON forms. */
static bool of_transaction(struct md_str line, struct md_instant *ret)
{
    struct md_civil civil = {0};
    struct md_str rest = md_str_sub(line, 0, LINE_LOOK), date;
    ptrdiff_t at;

    for (int i = 0; i < 2; i++) {
        while (rest.n > 0 && *rest.p == ' ')
            rest = md_str_from(rest, 1);
        if (md_clock_read_stamp(&rest, &civil) == MD_OK)
            return set_local(&civil, ret);
        at = md_str_find_char(md_str_sub(rest, 0, PREFIX_MAX), ':');
        if (at < 0)
            break;
        rest = md_str_from(rest, (size_t)at + 1);
    }
    rest = md_str_sub(line, 0, LINE_LOOK);
    at = md_str_find(rest, MD_LIT("ts\""));
    if (at < 0)
        at = md_str_find(rest, MD_LIT("ts="));
    if (at < 0)
        return false;
    rest = md_str_from(rest, (size_t)at + 3);
    while (rest.n > 0 && strchr(": \"=", *rest.p) != NULL && *rest.p != '\0')
        rest = md_str_from(rest, 1);
    date = md_str_sub(rest, 0, 19);
    if (date.n < 19)
        return false;
    {
        char text[21];

        memcpy(text, date.p, 19);
        text[19] = 'Z';
        text[20] = '\0';
        *ret = (struct md_instant){.is_local = true};
        return md_time_parse_rfc3339(md_str_n(text, 20), &ret->at, NULL) == MD_OK;
    }
}

/* "[24/Nov/2026:02:01:50 -0500] mail1 ims_master[14146]: ..." */
static bool of_server_log(struct md_str line, struct md_instant *ret)
{
    struct md_civil civil = {0};
    struct md_str rest = md_str_sub(line, 0, LINE_LOOK);
    ptrdiff_t at = md_str_find_char(md_str_sub(rest, 0, PREFIX_MAX), '[');
    int32_t offset_s;

    if (rest.n > 0 && !md_is_digit(*rest.p))
        rest = md_str_from(rest, (size_t)(at + 1));
    if (md_clock_read_stamp(&rest, &civil) != MD_OK || !set_local(&civil, ret))
        return false;
    rest = md_str_trim(rest);
    if (md_clock_read_offset(&rest, &offset_s) == MD_OK)
        set_offset(ret, offset_s);
    if (rest.n > 0 && *rest.p == ']')
        rest = md_str_from(rest, 1);
    ret->host = md_str_next_word(&rest);
    return true;
}

static bool of_rfc822(struct md_str line, struct md_instant *ret)
{
    struct md_str rest = md_str_trim(line), zone;
    int32_t offset_s;
    ptrdiff_t at;

    *ret = (struct md_instant){.at = MD_TIME_NONE};
    if (md_clock_read_rfc822(&rest, &ret->at) != MD_OK)
        return false;
    at = md_str_rfind_char(md_str_sub(line, 0, PREFIX_MAX), ':');
    if (at > 0) { /* the zone stands behind the seconds */
        zone = md_str_from(line, (size_t)at + 3);
        zone = md_str_trim(zone);
        if (md_clock_read_offset(&zone, &offset_s) == MD_OK) {
            ret->has_offset = true;
            ret->offset_s = offset_s;
        }
    }
    return true;
}

struct date_parts {
    struct md_civil civil;
    bool has_time, has_day, has_year, is_pm, is_am;
    bool may_be_day; /* what was taken for the month */
    struct md_str zone;
};

/* In the languages that md_month_from_any_name knows. */
static bool is_day_name(struct md_str word)
{
    static const char *const days[] = {"Mon", "Tue", "Wed",        "Thu",    "Fri", "Sat",        "Sun",
                                       "Die", "Mit", "Don",        "Fre",    "Sam", "Son",        "Lun",
                                       "Mar", "Mer", "Jeu",        "Ven",    "Dim", "Mi\303\251", "Mi\351",
                                       "Jue", "Vie", "S\303\241b", "S\341b", "Dom", "Gio",        "Sab"};
    static const char *const short_days[] = {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So", "Ma", "Wo", "Vr", "Za", "Zo"};

    for (size_t i = 0; i < sizeof short_days / sizeof *short_days; i++)
        if (md_str_is_nocase(word, short_days[i]))
            return true;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (word.n >= 3 && word.n <= 11 && md_str_has_prefix_nocase(word, md_str(days[i])))
            return true;
    return false;
}

static bool take_date_word(struct md_str word, bool is_first, struct date_parts *parts)
{
    struct md_str rest = word;
    uint64_t number;

    if (md_str_find_char(word, ':') > 0 && !parts->has_time) {
        parts->has_time = md_clock_read_time(&rest, &parts->civil) == MD_OK && md_str_is_empty(rest);
        return parts->has_time;
    }
    if (md_num_all_u64(word, 9999, &number) == MD_OK) {
        if (number >= 1970 && !parts->has_year) {
            parts->has_year = true;
            parts->civil.year = (int)number;
            return true;
        }
        if (number >= 1 && number <= 31 && !parts->has_day) {
            parts->has_day = true;
            parts->civil.day = (int)number;
            return true;
        }
        return false;
    }
    if (md_str_is_nocase(word, "AM") || md_str_is_nocase(word, "PM")) {
        parts->is_pm = md_lower(word.p[0]) == 'p';
        parts->is_am = !parts->is_pm;
        return true;
    }
    if (md_str_is(word, "at") || md_str_is(word, "Uhr") || md_str_is(word, "de"))
        return true;
    number = (uint64_t)md_month_from_any_name(word);
    /* "mar" is a day, and behind it comes a month, or March. */
    if (number != 0 && parts->civil.month == 3 && parts->may_be_day)
        parts->civil.month = 0;
    if (number != 0 && parts->civil.month == 0) {
        parts->civil.month = (int)number;
        parts->may_be_day = is_first && md_str_is_nocase(word, "mar");
        return true;
    }
    if (is_day_name(word))
        return true;
    if (word.n > 2 && *word.p == '(' && word.p[word.n - 1] == ')') /* (UTC+0200) */
        word = md_str_sub(word, 1, word.n - 2);
    if (word.n > 4 && md_str_has_prefix(word, MD_LIT("UTC")))
        word = md_str_from(word, 3);
    if (md_str_is_empty(parts->zone) && parts->has_time && word.n <= 6) {
        parts->zone = word;
        return true;
    }
    return false;
}

bool md_instant_of_date(struct md_str line, struct md_instant *ret)
{
    struct date_parts parts = {.has_time = false};
    struct md_str rest = md_str_trim(line), word;
    int32_t offset_s;

    if (rest.n < 16 || rest.n > 64)
        return false;
    *ret = (struct md_instant){.at = MD_TIME_NONE};
    if (md_time_parse_rfc3339(rest, &ret->at, &offset_s) == MD_OK) {
        ret->has_offset = true;
        ret->offset_s = offset_s;
        return true;
    }
    for (int i = 0; rest.n > 0; i++) {
        word = md_str_next_word(&rest);
        while (word.n > 0 && (word.p[word.n - 1] == ',' || word.p[word.n - 1] == '.'))
            word.n--;
        if (word.n == 0)
            continue;
        if (i >= DATE_WORDS_MAX || !take_date_word(word, i == 0, &parts))
            return false;
    }
    if (!parts.has_time || !parts.has_day || !parts.has_year || parts.civil.month == 0)
        return false;
    if (parts.is_pm && parts.civil.hour < 12)
        parts.civil.hour += 12;
    if (parts.is_am && parts.civil.hour == 12)
        parts.civil.hour = 0;
    if (!set_local(&parts.civil, ret))
        return false;
    word = parts.zone;
    if (zone_by_name(parts.zone, &offset_s) ||
        (!md_str_is_empty(word) && md_clock_read_offset(&word, &offset_s) == MD_OK))
        set_offset(ret, offset_s);
    return true;
}

static bool of_line(enum md_item_kind kind, struct md_str line, struct md_instant *ret)
{
    if (kind == MD_ITEM_MAIL_LOG || kind == MD_ITEM_CONNECTION_LOG)
        return of_transaction(line, ret);
    if (kind == MD_ITEM_DATE)
        return md_instant_of_date(line, ret);
    if (kind == MD_ITEM_QM_DIRECTORY)
        return of_rfc822(line, ret);
    return of_server_log(line, ret);
}

void md_instant_find(enum md_item_kind kind, struct md_str text, bool is_first, struct md_instant *ret)
{
    struct md_str line;
    struct md_instant one;

    *ret = (struct md_instant){.at = MD_TIME_NONE};
    switch ((int)kind) {
    case MD_ITEM_MAIL_LOG:
    case MD_ITEM_CONNECTION_LOG:
    case MD_ITEM_NSLOG:
    case MD_ITEM_CALENDAR_LOG:
    case MD_ITEM_JOB_CONTROLLER_LOG:
    case MD_ITEM_DISPATCHER_LOG:
    case MD_ITEM_DATE:
    case MD_ITEM_QM_DIRECTORY: break;
    default: return; /* no stamps that could be relied on */
    }
    while (md_str_next_line(&text, &line)) {
        if (!of_line(kind, line, &one) || one.at == MD_TIME_NONE)
            continue;
        *ret = one;
        if (is_first)
            return;
    }
}
