#include "engine/base/num.h"

#include <math.h>
#include <stdlib.h>

/* The exemption from banned.h: correct rounding is not worth writing again, the slice was checked and copied before,
 * and nothing in this program ever leaves the "C" locale. */
#undef strtod

#define DOUBLE_TEXT_MAX 400

enum md_status md_num_u64(struct md_str *rest, uint64_t max, uint64_t *ret)
{
    uint64_t n = 0, digit;
    size_t i;

    for (i = 0; i < rest->n && md_is_digit(rest->p[i]); i++) {
        digit = (uint64_t)(rest->p[i] - '0');
        if (n > max / 10 || digit > max - 10 * n)
            return MD_LIMIT;
        n = 10 * n + digit;
    }
    if (i == 0)
        return MD_BAD_INPUT;
    *rest = md_str_from(*rest, i);
    *ret = n;
    return MD_OK;
}

enum md_status md_num_i64(struct md_str *rest, int64_t min, int64_t max, int64_t *ret)
{
    struct md_str s = *rest;
    bool is_negative = s.n > 0 && s.p[0] == '-';
    uint64_t n;
    int64_t value;
    enum md_status st;

    if (is_negative || (s.n > 0 && s.p[0] == '+'))
        s = md_str_from(s, 1);
    if ((st = md_num_u64(&s, is_negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX, &n)) < 0)
        return st;
    if (!is_negative)
        value = (int64_t)n;
    else
        value = n == 0 ? 0 : -(int64_t)(n - 1) - 1;
    if (value < min || value > max)
        return MD_LIMIT;
    *rest = s;
    *ret = value;
    return MD_OK;
}

static int hex_digit(char c)
{
    if (md_is_digit(c))
        return c - '0';
    c = md_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum md_status md_num_hex(struct md_str *rest, uint64_t max, uint64_t *ret)
{
    uint64_t n = 0;
    size_t i;
    int digit;

    for (i = 0; i < rest->n && (digit = hex_digit(rest->p[i])) >= 0; i++) {
        if (n > max / 16 || (uint64_t)digit > max - 16 * n)
            return MD_LIMIT;
        n = 16 * n + (uint64_t)digit;
    }
    if (i == 0)
        return MD_BAD_INPUT;
    *rest = md_str_from(*rest, i);
    *ret = n;
    return MD_OK;
}

static size_t digits_at(struct md_str s, size_t from)
{
    size_t n = 0;

    while (from + n < s.n && md_is_digit(s.p[from + n]))
        n++;
    return n;
}

static bool is_char_at(struct md_str s, size_t at, const char *chars)
{
    return at < s.n && s.p[at] != '\0' && strchr(chars, s.p[at]) != NULL;
}

/* Length of the number at the front, 0 where there is none. A dot or an "e" without digits behind it is not part
 * of it. */
static size_t double_length(struct md_str s)
{
    size_t at = is_char_at(s, 0, "+-") ? 1 : 0;
    size_t whole = digits_at(s, at);
    size_t part = 0, mark;

    at += whole;
    if (is_char_at(s, at, ".") && (part = digits_at(s, at + 1)) > 0)
        at += 1 + part;
    if (whole + part == 0)
        return 0;
    if (is_char_at(s, at, "eE")) {
        mark = at + (is_char_at(s, at + 1, "+-") ? 2 : 1);
        if (digits_at(s, mark) > 0)
            at = mark + digits_at(s, mark);
    }
    return at;
}

enum md_status md_num_double(struct md_str *rest, double *ret)
{
    char text[DOUBLE_TEXT_MAX + 1];
    size_t n = double_length(*rest);
    double value;

    if (n == 0)
        return MD_BAD_INPUT;
    if (n > DOUBLE_TEXT_MAX)
        return MD_LIMIT;
    memcpy(text, rest->p, n);
    text[n] = '\0';
    value = strtod(text, NULL);
    if (!isfinite(value))
        return MD_LIMIT;
    *rest = md_str_from(*rest, n);
    *ret = value;
    return MD_OK;
}

enum md_status md_num_all_u64(struct md_str s, uint64_t max, uint64_t *ret)
{
    uint64_t n;
    enum md_status st = md_num_u64(&s, max, &n);

    if (st < 0)
        return st;
    if (s.n > 0)
        return MD_BAD_INPUT;
    *ret = n;
    return MD_OK;
}

enum md_status md_num_all_i64(struct md_str s, int64_t min, int64_t max, int64_t *ret)
{
    int64_t n;
    enum md_status st = md_num_i64(&s, min, max, &n);

    if (st < 0)
        return st;
    if (s.n > 0)
        return MD_BAD_INPUT;
    *ret = n;
    return MD_OK;
}

enum md_status md_num_all_double(struct md_str s, double *ret)
{
    double value;
    enum md_status st = md_num_double(&s, &value);

    if (st < 0)
        return st;
    if (s.n > 0)
        return MD_BAD_INPUT;
    *ret = value;
    return MD_OK;
}
