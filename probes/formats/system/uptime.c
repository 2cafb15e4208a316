#include "probes/formats/system/uptime.h"

#include <stddef.h>

#include "engine/base/num.h"

/* "41 day(s),  2:10," / "12 min(s)" / "2:10" / "1 hr(s)" behind "up"; the sum of its parts. */
static bool read_up(struct md_str s, double *ret_s)
{
    double seconds = 0;
    bool is_any = false;

    for (;;) {
        struct md_str word = md_str_next_word(&s);
        struct md_str unit;
        uint64_t value, minutes;

        while (word.n > 0 && word.p[word.n - 1] == ',')
            word.n--;
        if (md_num_u64(&word, 1000000, &value) != MD_OK)
            break;
        if (word.n > 1 && word.p[0] == ':') {
            word = md_str_from(word, 1);
            if (md_num_all_u64(word, 59, &minutes) != MD_OK)
                break;
            seconds += (double)value * 3600 + (double)minutes * 60;
            is_any = true;
            continue;
        }
        if (word.n != 0)
            break;
        unit = md_str_next_word(&s);
        if (md_str_has_prefix(unit, MD_LIT("day")))
            seconds += (double)value * 86400;
        else if (md_str_has_prefix(unit, MD_LIT("h")))
            seconds += (double)value * 3600;
        else if (md_str_has_prefix(unit, MD_LIT("min")))
            seconds += (double)value * 60;
        else if (md_str_has_prefix(unit, MD_LIT("sec")))
            seconds += (double)value;
        else
            break; /* the number of users */
        is_any = true;
    }
    *ret_s = seconds;
    return is_any;
}

/* "0.31, 0.28, 0.30" or "0,31, 0,28, 0,30" or blanks between. */
static bool read_loads(struct md_str s, double ret[3])
{
    for (size_t i = 0; i < 3; i++) {
        struct md_str word = md_str_next_word(&s);
        uint64_t whole, digits;
        size_t before;
        double unit = 1;

        if (md_num_u64(&word, 100000, &whole) != MD_OK)
            return false;
        ret[i] = (double)whole;
        if (word.n < 2 || (word.p[0] != '.' && word.p[0] != ','))
            continue;
        word = md_str_from(word, 1);
        before = word.n;
        if (md_num_u64(&word, 1000000, &digits) != MD_OK)
            continue;
        for (size_t n = before - word.n; n > 0; n--)
            unit *= 10;
        ret[i] += (double)digits / unit;
    }
    return true;
}

enum md_status md_uptime_parse(struct md_str text, struct md_uptime *ret)
{
    struct md_str line;
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        struct md_uptime up = {0};
        ptrdiff_t at = md_str_find(line, MD_LIT("load average"));
        ptrdiff_t colon, word;
        struct md_str tail;

        number++;
        if (at < 0)
            continue;
        tail = md_str_from(line, (size_t)at);
        colon = md_str_find_char(tail, ':');
        if (colon < 0 || !read_loads(md_str_from(tail, (size_t)colon + 1), up.load))
            continue;
        word = md_str_find(line, MD_LIT(" up "));
        if (word < 0 && md_str_has_prefix(line, MD_LIT("up ")))
            up.has_up = read_up(md_str_from(line, 3), &up.up_s);
        else if (word >= 0 && word < at)
            up.has_up = read_up(md_str_sub(line, (size_t)word + 4, (size_t)(at - word) - 4), &up.up_s);
        up.line = number;
        *ret = up;
        return MD_OK;
    }
    return MD_NOT_FOUND;
}

/* "name = 123" or "name=123" anywhere in the line. */
static bool read_named(struct md_str line, struct md_str name, uint64_t *ret)
{
    ptrdiff_t at = md_str_find(line, name);
    struct md_str rest;

    if (at < 0)
        return false;
    rest = md_str_trim(md_str_from(line, (size_t)at + name.n));
    if (rest.n == 0 || rest.p[0] != '=')
        return false;
    rest = md_str_trim(md_str_from(rest, 1));
    return md_num_u64(&rest, UINT64_MAX / 2, ret) == MD_OK;
}

enum md_status md_netstat_parse(struct md_str text, struct md_netstat_tcp *ret)
{
    struct md_netstat_tcp tcp = {0};
    bool has_sent = false;
    bool has_resent = false;
    uint32_t number = 0;
    struct md_str line;

    while (md_str_next_line(&text, &line)) {
        struct md_str rest = md_str_trim(line);
        uint64_t value;

        number++;
        if (!has_sent && read_named(line, MD_LIT("tcpOutDataSegs"), &tcp.sent))
            has_sent = true;
        if (!has_resent && read_named(line, MD_LIT("tcpRetransSegs"), &tcp.resent)) {
            has_resent = true;
            tcp.line = number;
        }
        if (md_num_u64(&rest, UINT64_MAX / 2, &value) != MD_OK)
            continue;
        rest = md_str_trim(rest);
        if (!has_sent && (md_str_has_prefix(rest, MD_LIT("segments sent out")) ||
                          md_str_has_prefix(rest, MD_LIT("segments send out")))) {
            tcp.sent = value;
            has_sent = true;
        } else if (!has_resent && md_str_has_prefix(rest, MD_LIT("segments retransmit"))) {
            tcp.resent = value;
            tcp.line = number;
            has_resent = true;
        }
    }
    if (!has_sent || !has_resent)
        return MD_NOT_FOUND;
    *ret = tcp;
    return MD_OK;
}
