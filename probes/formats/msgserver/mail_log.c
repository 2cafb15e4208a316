#include "probes/formats/msgserver/mail_log.h"

#include <string.h>

#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/formats/msgserver/mail_log_priv.h"

/* A prefix of syslog or grep may be so long before we give up looking for a date. */
#define PREFIX_MAX 160
#define SCRATCH_SIZE (64u * 1024)

void md_mail_log_parser_init(struct md_mail_log_parser *parser, const struct md_mail_log_layout *layout,
                             struct md_arena *arena)
{
    struct md_mail_log_options none;

    memset(parser, 0, sizeof *parser);
    md_mail_log_options_init(&none);
    parser->layout = layout != NULL ? *layout : md_mail_log_layout(&none, false);
    parser->scratch = md_arena_alloc(arena, SCRATCH_SIZE);
    parser->scratch_size = SCRATCH_SIZE;
}

char *md_mail_log_scratch(struct md_mail_log_parser *parser, size_t n)
{
    char *at = parser->scratch + parser->scratch_used;

    if (n > parser->scratch_size - parser->scratch_used)
        return NULL;
    parser->scratch_used += n;
    return at;
}

size_t md_mail_log_put_utf8(uint64_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | (code >> 6));
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | (code >> 12));
        out[1] = (char)(0x80 | ((code >> 6) & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | (code >> 18));
    out[1] = (char)(0x80 | ((code >> 12) & 0x3f));
    out[2] = (char)(0x80 | ((code >> 6) & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

bool md_mail_log_is_number(struct md_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!md_is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

bool md_mail_log_starts_reply(struct md_str s)
{
    return s.n >= 4 && s.p[0] >= '2' && s.p[0] <= '5' && md_is_digit(s.p[1]) && md_is_digit(s.p[2]) &&
           (s.p[3] == ' ' || s.p[3] == '-');
}

void md_mail_log_final_number(struct md_str *rest, int64_t *ret)
{
    size_t i = rest->n;
    uint64_t number;

    while (i > 0 && md_is_digit(rest->p[i - 1]))
        i--;
    if (i == rest->n || (i > 0 && rest->p[i - 1] != ' ') ||
        md_num_all_u64(md_str_from(*rest, i), INT32_MAX, &number) != MD_OK)
        return;
    *ret = (int64_t)number;
    *rest = md_str_trim_right(md_str_sub(*rest, 0, i));
}

void md_mail_log_decode(struct md_mail_log_record *record)
{
    const struct md_str code = record->code;

    record->action = code.n > 0 && code.p[0] >= 'A' && code.p[0] <= 'Z' ? code.p[0] : '?';
    record->modifiers = 0;
    for (size_t i = 1; i < code.n; i++) {
        const char c = code.p[i];

        record->modifiers |= c >= 'A' && c <= 'Z' ? MD_MAIL_LOG_MODIFIER(c) : UINT32_C(1) << 26;
    }
}

struct md_str md_mail_log_bare_address(struct md_str address)
{
    size_t i = 0;

    if (address.n >= 7 && memcmp(address.p, "rfc822;", 7) == 0)
        address = md_str_n(address.p + 7, address.n - 7);
    else if (md_scan_char(address.p, address.n < 16 ? address.n : 16, ';') < (address.n < 16 ? address.n : 16)) {
        while (i < address.n && i < 16 && (md_is_alnum(address.p[i]) || address.p[i] == '-'))
            i++;
        if (i > 0 && i < address.n && address.p[i] == ';')
            address = md_str_from(address, i + 1);
    }
    return address.n == 2 && address.p[0] == '<' && address.p[1] == '>' ? md_str_n(address.p, 0) : address;
}

/* ---- date and time ---- */

static bool is_stamp(const char *p)
{
    return p[2] == '-' && p[6] == '-' && p[11] == ' ' && p[14] == ':' && p[17] == ':' &&
           (md_is_digit(p[0]) || p[0] == ' ') && md_is_digit(p[1]) && md_is_alpha(p[3]) && md_is_digit(p[7]) &&
           md_is_digit(p[12]) && md_is_digit(p[19]);
}

/* Two digits, or -1. */
static int two(const char *p)
{
    return md_is_digit(p[0]) && md_is_digit(p[1]) ? (p[0] - '0') * 10 + (p[1] - '0') : -1;
}

/* The date at the front of `text`, from the cache where it is the one of the line before. */
static bool read_day(struct md_mail_log_parser *parser, const char *p, int64_t *ret)
{
    struct md_civil civil = {0};
    char day[11];
    int year[2];

    if (memcmp(parser->day, p, sizeof day) == 0) {
        *ret = parser->day_at;
        return true;
    }
    memcpy(day, p, sizeof day);
    if (day[0] == ' ')
        day[0] = '0';
    civil.day = two(day);
    civil.month = md_month_from_name(md_str_n(day + 3, 3));
    year[0] = two(day + 7);
    year[1] = two(day + 9);
    if (civil.day < 0 || year[0] < 0 || year[1] < 0)
        return false;
    civil.year = year[0] * 100 + year[1];
    if (md_time_from_civil(&civil, ret) != MD_OK)
        return false;
    memcpy(parser->day, p, sizeof day);
    parser->day_at = *ret;
    return true;
}

/* Whether both begin alike up to the minute; in three words that overlap, as memcmp of 18 bytes is a call. */
static inline bool is_same_minute(const char *a, const char *b)
{
    uint64_t x[3], y[3];

    memcpy(x, a, 16);
    memcpy(y, b, 16);
    memcpy(&x[2], a + 10, 8);
    memcpy(&y[2], b + 10, 8);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2])) == 0;
}

/* Date, hour and minute, from the cache where they are those of the line before: nearly always in a busy log. */
static bool read_minute(struct md_mail_log_parser *parser, const char *p, int64_t *ret)
{
    int hour, minute;

    if (is_same_minute(parser->minute, p)) {
        *ret = parser->minute_at;
        return true;
    }
    if (!is_stamp(p) || !read_day(parser, p, ret))
        return false;
    hour = two(p + 12);
    minute = two(p + 15);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    *ret += ((int64_t)hour * 60 + minute) * MD_MINUTE;
    memcpy(parser->minute, p, sizeof parser->minute);
    parser->minute_at = *ret;
    return true;
}

/* Date, time and fraction at the front of *rest. */
static bool read_stamp(struct md_mail_log_parser *parser, struct md_str *rest, int64_t *ret)
{
    const char *p = rest->p;
    int64_t at;
    int second, fraction;
    size_t used = 20;

    if (rest->n < 20 || !read_minute(parser, p, &at) || (second = two(p + 18)) < 0 || second > 60)
        return false;
    at += second * MD_SECOND;
    if (rest->n > 21 && p[20] == '.') {
        int64_t unit = MD_SECOND / 10;

        if (rest->n > 23 && p[23] == ' ' && (fraction = two(p + 21)) >= 0) {
            /* Hundredths, as the MTA writes them. */
            *rest = md_str_n(p + 23, rest->n - 23);
            *ret = at + fraction * (MD_SECOND / 100);
            return true;
        }
        for (used = 21; used < rest->n && md_is_digit(p[used]); used++, unit /= 10)
            at += (p[used] - '0') * unit;
    }
    if (used < rest->n && p[used] != ' ')
        return false;
    *rest = md_str_n(p + used, rest->n - used);
    *ret = at;
    return true;
}

/* Moves *rest to the first stamp in it. */
static bool find_stamp(struct md_mail_log_parser *parser, struct md_str *rest, int64_t *ret)
{
    for (size_t i = 0; i + 20 <= rest->n && i <= PREFIX_MAX; i++) {
        struct md_str at = md_str_from(*rest, i);

        if (at.p[2] == '-' && is_stamp(at.p) && read_stamp(parser, &at, ret)) {
            *rest = at;
            return true;
        }
    }
    return false;
}

enum md_status md_mail_log_iso_time(struct md_mail_log_parser *parser, struct md_str text, int64_t *ret)
{
    struct md_civil civil = {0};
    int part[7];
    static const unsigned char at[7] = {0, 2, 5, 8, 11, 14, 17};

    if (text.n < 19 || text.p[4] != '-' || text.p[7] != '-' || (text.p[10] != 'T' && text.p[10] != ' ')) {
        /* Some builds write the older forms here too. */
        return read_stamp(parser, &text, ret) ? MD_OK : MD_BAD_INPUT;
    }
    for (size_t i = 0; i < sizeof at; i++)
        if ((part[i] = two(text.p + at[i])) < 0)
            return MD_BAD_INPUT;
    civil = (struct md_civil){.year = part[0] * 100 + part[1],
                              .month = part[2],
                              .day = part[3],
                              .hour = part[4],
                              .minute = part[5],
                              .second = part[6]};
    if (text.n > 20 && text.p[19] == '.') {
        int unit = 100000;

        for (size_t i = 20; i < text.n && md_is_digit(text.p[i]); i++, unit /= 10)
            civil.microsecond += (text.p[i] - '0') * unit;
    }
    return md_time_from_civil(&civil, ret);
}

/* ---- records that are filled by names ---- */

void md_mail_log_set(struct md_mail_log_record *record, struct md_str name, struct md_str value)
{
    struct md_str digits = value;
    uint64_t number;

    if (name.n != 2)
        return;
#define MD_MAIL_LOG_FIELD(id, two_letters, member)                                                                     \
    if (name.p[0] == (two_letters)[0] && name.p[1] == (two_letters)[1])                                                \
        record->member = value;
#include "probes/formats/msgserver/mail_log.def"
#undef MD_MAIL_LOG_FIELD
    if (md_str_is(name, "dr") && value.n == 1 && (value.p[0] == '+' || value.p[0] == '-'))
        record->direction = value.p[0];
    else if (md_str_is(name, "va"))
        record->header = value;
    else if (md_num_u64(&digits, UINT64_MAX / 2, &number) == MD_OK) {
        if (md_str_is(name, "sz")) {
            record->size = number;
            record->has_size = true;
        } else if (md_str_is(name, "qt") || md_str_is(name, "ct"))
            record->queue_time_s = number < INT32_MAX ? (int64_t)number : -1;
        else if (md_str_is(name, "rf"))
            record->notary = number < INT32_MAX ? (int32_t)number : -1;
        else if (md_str_is(name, "se"))
            record->sensitivity = number < INT32_MAX ? (int32_t)number : -1;
    }
}

enum md_status md_mail_log_finish(struct md_mail_log_record *record, bool is_connection, bool is_header, bool has_time)
{
    if (!has_time)
        return MD_BAD_INPUT;
    if (is_header || (record->code.n == 0 && record->header.n > 0)) {
        record->kind = MD_MAIL_LOG_HEADER;
        return MD_OK;
    }
    if (record->code.n == 0)
        return MD_BAD_INPUT;
    record->kind = is_connection || record->direction != 0 ? MD_MAIL_LOG_CONNECTION : MD_MAIL_LOG_MESSAGE;
    record->original_to = md_mail_log_bare_address(record->original_to);
    record->to = md_mail_log_bare_address(record->to);
    record->from = md_mail_log_bare_address(record->from);
    md_mail_log_decode(record);
    return MD_OK;
}

/* ---- the door ---- */

/* A line without a stamp at its front: an element, an object, or one of them or an entry behind a prefix. */
static enum md_status parse_other(struct md_mail_log_parser *parser, struct md_str line,
                                  struct md_mail_log_record *record)
{
    static const char *const elements[] = {"<en ", "<co ", "<he "};
    const struct md_str start = md_str_sub(line, 0, PREFIX_MAX);
    struct md_str rest = line;
    size_t blanks = 0;

    while (blanks < line.n && md_is_space(line.p[blanks]))
        blanks++;
    if (blanks < line.n && line.p[blanks] == '<')
        return md_mail_log_xml(parser, md_str_from(line, blanks), record);
    if (blanks < line.n && line.p[blanks] == '{')
        return md_mail_log_json(parser, md_str_from(line, blanks), record);
    if (find_stamp(parser, &rest, &record->local_at))
        return md_mail_log_text(parser, rest, record);
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        const ptrdiff_t found = md_str_find(start, md_str(elements[i]));

        if (found >= 0)
            return md_mail_log_xml(parser, md_str_from(line, (size_t)found), record);
    }
    return MD_NOT_FOUND;
}

enum md_status md_mail_log_parse(struct md_mail_log_parser *parser, struct md_str line, struct md_mail_log_record *ret)
{
    struct md_str rest;

    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    rest = line;
    memset(ret, 0, sizeof *ret);
    ret->queue_time_s = -1;
    ret->notary = -1;
    ret->sensitivity = -1;
    parser->scratch_used = 0;
    return read_stamp(parser, &rest, &ret->local_at) ? md_mail_log_text(parser, rest, ret)
                                                     : parse_other(parser, line, ret);
}

/* ---- parts of fields ---- */

struct md_str md_mail_log_domain(struct md_str address)
{
    ptrdiff_t at;

    if (address.n > 0 && address.p[0] == '@') {
        size_t i = 1;

        while (i < address.n && address.p[i] != ':' && address.p[i] != ',')
            i++;
        return md_str_sub(address, 1, i - 1);
    }
    at = md_str_rfind_char(address, '@');
    if (at < 0)
        return md_str_n(address.p, 0);
    address = md_str_from(address, (size_t)at + 1);
    while (address.n > 0 && (address.p[address.n - 1] == '>' || address.p[address.n - 1] == '.'))
        address.n--;
    return address;
}

struct md_str md_mail_log_transport(struct md_str transport, unsigned part)
{
    struct md_str word = {0}, none = {0};

    for (unsigned i = 0; i <= part; i++)
        if (!md_str_split(&transport, '|', &word))
            return none;
    return word;
}

/* The word behind "dns;" at the front of `text`. */
static struct md_str host_after_dns(struct md_str text)
{
    size_t i = 4;

    if (text.n <= 4 || memcmp(text.p, "dns;", 4) != 0)
        return (struct md_str){0};
    while (i < text.n && text.p[i] != ' ' && text.p[i] != '(' && text.p[i] != ')' && text.p[i] != ';' &&
           text.p[i] != ',')
        i++;
    return md_str_sub(text, 4, i - 4);
}

struct md_str md_mail_log_remote_host(const struct md_mail_log_record *record)
{
    struct md_str host = host_after_dns(record->diagnostic);
    ptrdiff_t at;

    if (host.n > 0)
        return host;
    at = md_str_find(record->diagnostic, MD_LIT(" dns;"));
    if (at >= 0)
        host = host_after_dns(md_str_from(record->diagnostic, (size_t)at + 1));
    if (host.n == 0 && record->remote_mta.n > 0) {
        host = host_after_dns(record->remote_mta);
        if (host.n == 0 && md_str_find_char(record->remote_mta, ' ') < 0)
            host = record->remote_mta;
    }
    if (host.n == 0 && record->application.n > 0) {
        at = md_str_rfind_char(record->application, '/');
        if (at >= 0)
            host = md_str_from(record->application, (size_t)at + 1);
    }
    return host;
}
