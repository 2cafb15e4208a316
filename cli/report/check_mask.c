#include "cli/report/check_mask.h"

#include "engine/base/buf.h"

#define VALUE_LEAST 4 /* a shorter one is part of half the words there are */

static const char *const words[] = {"secret",     "bindcred",   "password",  "passwd",
                                    "passphrase", "credential", "privatekey"};

/* Behind the secret word of the line, SIZE_MAX: it has none. */
static size_t behind_name(struct md_str line)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        ptrdiff_t at = md_str_find_nocase(line, md_str(words[i]));
        if (at >= 0 && (size_t)at + strlen(words[i]) < first) {
            first = (size_t)at + strlen(words[i]);
        }
    }
    return first;
}

static bool is_name_char(char c)
{
    return md_is_alnum(c) || c == '_' || c == '.' || c == '-' || c == ':' || c == '*';
}

/* The value behind a name that ends at `at` or later: after "=", after ">" of a tag, else after blanks. */
static size_t value_behind(struct md_str line, size_t at)
{
    while (at < line.n && is_name_char(line.p[at])) {
        at++;
    }
    struct md_str rest = md_str_from(line, at);
    ptrdiff_t equals = md_str_find_char(rest, '='), closes = md_str_find_char(rest, '>');
    if (equals >= 0 && (closes < 0 || equals < closes)) {
        at += (size_t)equals + 1;
    } else if (closes >= 0) {
        at += (size_t)closes + 1;
    }
    while (at < line.n && (md_is_space(line.p[at]) || line.p[at] == '"' || line.p[at] == '\'')) {
        at++;
    }
    return at < line.n ? at : SIZE_MAX;
}

static bool is_secret_file(const char *file)
{
    return md_str_has_suffix(md_str(file), MD_LIT("xpass.xml"));
}

size_t md_check_secret_at(const char *file, struct md_str line)
{
    if (is_secret_file(file)) {
        ptrdiff_t closes = md_str_find_char(line, '>');
        size_t at = closes >= 0 ? (size_t)closes + 1 : 0;
        return at < line.n ? at : line.n > 0 ? 0 : SIZE_MAX;
    }
    size_t at = behind_name(line);
    return at == SIZE_MAX ? SIZE_MAX : value_behind(line, at);
}

struct md_str md_check_mask_line(struct md_arena *arena, struct md_str line, size_t at)
{
    struct md_buf b = {0};
    md_buf_add(&b, md_str_sub(line, 0, at));
    md_buf_puts(&b, MD_CHECK_MASK);
    struct md_str out = md_arena_str(arena, md_str_n(b.p, b.n));
    md_buf_free(&b);
    return out;
}

const char *md_check_mask_text(struct md_arena *arena, const char *text, struct md_str value)
{
    value = md_str_trim(value);
    while (value.n > 0 &&
           (value.p[value.n - 1] == '"' || value.p[value.n - 1] == '\'' || value.p[value.n - 1] == '\\')) {
        value.n--;
    }
    struct md_str rest = md_str(text);
    if (text == NULL || value.n < VALUE_LEAST || md_str_find(rest, value) < 0) {
        return text;
    }
    struct md_buf b = {0};
    for (ptrdiff_t at = md_str_find(rest, value); at >= 0; at = md_str_find(rest, value)) {
        md_buf_add(&b, md_str_sub(rest, 0, (size_t)at));
        md_buf_puts(&b, MD_CHECK_MASK);
        rest = md_str_from(rest, (size_t)at + value.n);
    }
    md_buf_add(&b, rest);
    const char *out = md_arena_cstr(arena, md_str_n(b.p, b.n));
    md_buf_free(&b);
    return out;
}
