/*
 * engine/base/str: slices of bytes.
 *
 * A slice is pointer and length, passed by value, never assumed to be NUL-terminated or valid UTF-8. Slices borrow;
 * whoever keeps one longer than its buffer lives copies it into an arena (md_arena_str). All comparisons are by byte
 * and independent of the locale; "nocase" folds ASCII letters only.
 */
#ifndef ENGINE_BASE_STR_H
#define ENGINE_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct md_str {
    const char *p;
    size_t n;
};

/* For printf: printf("%.*s", MD_STR_ARG(s)). Only for text that is known to be clean; else md_display. */
#define MD_STR_ARG(s) (int)(s).n, (s).p
/* A slice of a string literal. */
#define MD_LIT(lit) ((struct md_str){(lit), sizeof(lit) - 1})
/* The same as an initializer of a static table, where C allows no compound literal. */
#define MD_LIT_INIT(lit)                                                                                               \
    {                                                                                                                  \
        (lit), sizeof(lit) - 1                                                                                         \
    }

/* NULL gives the empty slice. */
static inline struct md_str md_str(const char *cstr)
{
    return (struct md_str){cstr, cstr != NULL ? strlen(cstr) : 0};
}

static inline struct md_str md_str_n(const char *p, size_t n)
{
    return (struct md_str){p, n};
}

/* Clipped to s. */
static inline struct md_str md_str_from(struct md_str s, size_t from)
{
    if (from > s.n)
        from = s.n;
    return from > 0 ? (struct md_str){s.p + from, s.n - from} : s;
}

/* Clipped to s. */
static inline struct md_str md_str_sub(struct md_str s, size_t from, size_t n)
{
    s = md_str_from(s, from);
    if (s.n > n)
        s.n = n;
    return s;
}

static inline bool md_str_is_empty(struct md_str s)
{
    return s.n == 0;
}

static inline bool md_str_eq(struct md_str a, struct md_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool md_str_is(struct md_str a, const char *cstr)
{
    return md_str_eq(a, md_str(cstr));
}

bool md_str_eq_nocase(struct md_str a, struct md_str b);
bool md_str_is_nocase(struct md_str a, const char *cstr);
int md_str_cmp(struct md_str a, struct md_str b); /* order by bytes, then length */
static inline bool md_str_has_prefix(struct md_str s, struct md_str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool md_str_has_suffix(struct md_str s, struct md_str suffix);
bool md_str_has_suffix_nocase(struct md_str s, struct md_str suffix); /* of ASCII letters */
bool md_str_has_prefix_nocase(struct md_str s, struct md_str prefix);

/* Position or -1. */
ptrdiff_t md_str_find(struct md_str s, struct md_str what);
ptrdiff_t md_str_find_nocase(struct md_str s, struct md_str what);
ptrdiff_t md_str_find_char(struct md_str s, char c);
ptrdiff_t md_str_rfind_char(struct md_str s, char c);

struct md_str md_str_trim(struct md_str s); /* what md_is_space says, on both sides */
struct md_str md_str_trim_right(struct md_str s);

/* Cursors: take from the front of *rest and advance it. */
bool md_str_next_line(struct md_str *rest, struct md_str *ret_line); /* without LF or CR LF; false at the end */
struct md_str md_str_next_word(struct md_str *rest); /* runs of blanks and tabs separate; empty at the end */
/* n separators give n + 1 parts; then false. Behind the last part rest->p is NULL. */
bool md_str_split(struct md_str *rest, char sep, struct md_str *ret_part);
bool md_str_skip_prefix(struct md_str *rest, struct md_str prefix);

uint64_t md_str_hash(struct md_str s); /* 64 bit, not for hostile key sets without a bound on their size */

static inline bool md_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool md_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool md_is_alnum(char c)
{
    return md_is_alpha(c) || md_is_digit(c);
}

/* Blank, tab, LF, VT, FF, CR. */
static inline bool md_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char md_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
