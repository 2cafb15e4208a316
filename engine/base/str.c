#include "engine/base/str.h"

#include "engine/base/scan.h"

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static bool equal_nocase(const char *a, const char *b, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (a[i] != b[i] && md_lower(a[i]) != md_lower(b[i]))
            return false;
    return true;
}

bool md_str_eq_nocase(struct md_str a, struct md_str b)
{
    return a.n == b.n && equal_nocase(a.p, b.p, a.n);
}

bool md_str_is_nocase(struct md_str a, const char *cstr)
{
    return md_str_eq_nocase(a, md_str(cstr));
}

int md_str_cmp(struct md_str a, struct md_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

    return order != 0 ? sign(order) : (a.n > b.n) - (a.n < b.n);
}

bool md_str_has_suffix(struct md_str s, struct md_str suffix)
{
    return s.n >= suffix.n && md_str_eq(md_str_from(s, s.n - suffix.n), suffix);
}

bool md_str_has_suffix_nocase(struct md_str s, struct md_str suffix)
{
    return s.n >= suffix.n && md_str_eq_nocase(md_str_from(s, s.n - suffix.n), suffix);
}

bool md_str_has_prefix_nocase(struct md_str s, struct md_str prefix)
{
    return s.n >= prefix.n && equal_nocase(s.p, prefix.p, prefix.n);
}

ptrdiff_t md_str_find_char(struct md_str s, char c)
{
    const char *found = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

    return found != NULL ? found - s.p : -1;
}

ptrdiff_t md_str_rfind_char(struct md_str s, char c)
{
    const size_t at = md_scan_last_char(s.p, s.n, c);

    return at < s.n ? (ptrdiff_t)at : -1;
}

ptrdiff_t md_str_find(struct md_str s, struct md_str what)
{
    struct md_str rest = s;
    ptrdiff_t at;

    if (what.n == 0)
        return 0;
    /* memchr is fast on what is common, and the first byte of what we look for is rarely common. */
    while (rest.n >= what.n) {
        at = md_str_find_char(md_str_sub(rest, 0, rest.n - what.n + 1), what.p[0]);
        if (at < 0)
            return -1;
        rest = md_str_from(rest, (size_t)at);
        if (memcmp(rest.p, what.p, what.n) == 0)
            return rest.p - s.p;
        rest = md_str_from(rest, 1);
    }
    return -1;
}

ptrdiff_t md_str_find_nocase(struct md_str s, struct md_str what)
{
    size_t i;
    char low;

    if (what.n == 0)
        return 0;
    low = md_lower(what.p[0]);
    for (i = 0; i + what.n <= s.n; i++)
        if (md_lower(s.p[i]) == low && equal_nocase(s.p + i, what.p, what.n))
            return (ptrdiff_t)i;
    return -1;
}

struct md_str md_str_trim_right(struct md_str s)
{
    while (s.n > 0 && md_is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct md_str md_str_trim(struct md_str s)
{
    while (s.n > 0 && md_is_space(s.p[0]))
        s = md_str_from(s, 1);
    return md_str_trim_right(s);
}

bool md_str_next_line(struct md_str *rest, struct md_str *ret_line)
{
    ptrdiff_t end;

    if (rest->n == 0)
        return false;
    end = md_str_find_char(*rest, '\n');
    if (end < 0) {
        *ret_line = *rest;
        *rest = md_str_from(*rest, rest->n);
    } else {
        *ret_line = md_str_sub(*rest, 0, (size_t)end);
        *rest = md_str_from(*rest, (size_t)end + 1);
    }
    if (ret_line->n > 0 && ret_line->p[ret_line->n - 1] == '\r')
        ret_line->n--;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct md_str md_str_next_word(struct md_str *rest)
{
    struct md_str word;
    size_t n = 0;

    while (rest->n > 0 && is_blank(rest->p[0]))
        *rest = md_str_from(*rest, 1);
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    word = md_str_sub(*rest, 0, n);
    *rest = md_str_from(*rest, n);
    return word;
}

/* Whether a part remains is told apart from "the last part was empty" by the pointer: NULL only after the last part. */
bool md_str_split(struct md_str *rest, char sep, struct md_str *ret_part)
{
    ptrdiff_t at;

    if (rest->p == NULL)
        return false;
    at = md_str_find_char(*rest, sep);
    if (at < 0) {
        *ret_part = *rest;
        *rest = (struct md_str){NULL, 0};
    } else {
        *ret_part = md_str_sub(*rest, 0, (size_t)at);
        *rest = md_str_from(*rest, (size_t)at + 1);
    }
    return true;
}

bool md_str_skip_prefix(struct md_str *rest, struct md_str prefix)
{
    if (!md_str_has_prefix(*rest, prefix))
        return false;
    *rest = md_str_from(*rest, prefix.n);
    return true;
}

static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    h ^= h >> 32;
    return h;
}

/* Eight bytes at a time; the value depends on the byte order of the machine, so it must never show in a result. */
uint64_t md_str_hash(struct md_str s)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ s.n;
    uint64_t word;
    size_t i;

    for (i = 0; i + 8 <= s.n; i += 8) {
        memcpy(&word, s.p + i, 8);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 29;
    }
    if (i < s.n) {
        word = 0;
        memcpy(&word, s.p + i, s.n - i);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
    }
    return mix(h);
}
