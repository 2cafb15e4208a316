#include "engine/base/display.h"

#include <string.h>

#include "engine/base/utf8.h"

struct range {
    uint32_t first, last;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t c)
{
    size_t i;

    for (i = 0; i < count && c >= ranges[i].first; i++)
        if (c <= ranges[i].last)
            return true;
    return false;
}

static bool is_shown(uint32_t c)
{
    static const struct range hidden[] = {
        {0x00, 0x1f},
        {0x7f, 0x9f},
        {0x2028, 0x202e},
        {0x2066, 0x2069}, /* controls, separators, bidirectional controls */
    };

    return !is_in(hidden, sizeof hidden / sizeof *hidden, c);
}

/* What the front of `s` becomes: *ret_taken bytes of it are copied, or escaped and four times as many come out. */
static size_t unit(struct md_str s, bool *ret_copied, size_t *ret_taken)
{
    uint32_t c = 0;
    size_t n = md_utf8_character(s, &c);

    *ret_copied = n > 0 && is_shown(c);
    *ret_taken = n > 0 ? n : 1;
    return *ret_copied ? n : 4 * *ret_taken;
}

static char *escape(char *out, struct md_str bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t i;

    for (i = 0; i < bytes.n; i++) {
        *out++ = '\\';
        *out++ = 'x';
        *out++ = digits[(unsigned char)bytes.p[i] >> 4];
        *out++ = digits[(unsigned char)bytes.p[i] & 15];
    }
    return out;
}

static size_t plain_length(struct md_str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] >= ' ' && s.p[n] <= '~')
        n++;
    return n;
}

char *md_display(struct md_arena *arena, struct md_str bytes)
{
    return md_display_max(arena, bytes, SIZE_MAX);
}

char *md_display_max(struct md_arena *arena, struct md_str bytes, size_t max)
{
    struct md_str rest = bytes;
    size_t size = 0, size_cut = 0; /* of all; of the longest front that leaves room for the dots */
    size_t dots = max < 3 ? max : 3;
    size_t taken, n, end;
    bool copied;
    char *text, *out;

    if (bytes.n <= max && plain_length(bytes) == bytes.n)
        return md_arena_cstr(arena, bytes);
    while (rest.n > 0 && size <= max) {
        n = unit(rest, &copied, &taken);
        size += n;
        if (size <= max - dots)
            size_cut = size;
        rest = md_str_from(rest, taken);
    }
    end = size <= max ? size : size_cut;

    text = out = md_arena_alloc(arena, end + dots + 1);
    rest = bytes;
    while (out < text + end) {
        unit(rest, &copied, &taken);
        if (copied) {
            memcpy(out, rest.p, taken);
            out += taken;
        } else {
            out = escape(out, md_str_sub(rest, 0, taken));
        }
        rest = md_str_from(rest, taken);
    }
    if (size > max)
        memcpy(out, "...", dots);
    return text;
}

/* Good enough for tables in a report; the ranges are those of Unicode's East Asian Width and of its combining marks
 * that the input is likely to have, joined where only unassigned characters lie between. */
size_t md_display_width(struct md_str text)
{
    static const struct range none[] = {
        {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},   {0x1ab0, 0x1aff},
        {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
    };
    static const struct range twice[] = {
        {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
    };
    size_t width = 0, n;
    uint32_t c = 0;

    for (; text.n > 0; text = md_str_from(text, n > 0 ? n : 1)) {
        n = md_utf8_character(text, &c);
        if (n == 0 || c < 0x300)
            width++;
        else if (is_in(twice, sizeof twice / sizeof *twice, c))
            width += 2;
        else if (!is_in(none, sizeof none / sizeof *none, c))
            width++;
    }
    return width;
}

char *md_shell_word(struct md_arena *arena, struct md_str value)
{
    bool needs_quotes = false;
    size_t i;
    char c;

    if (value.n == 0 || value.n > 255 || value.p[0] == '-')
        return NULL;
    for (i = 0; i < value.n; i++) {
        c = value.p[i];
        if (c == '*' || c == '[' || c == ']')
            needs_quotes = true;
        else if (!md_is_alnum(c) && (c == '\0' || strchr("._@:/+=,%-", c) == NULL))
            return NULL;
    }
    if (!needs_quotes)
        return md_arena_cstr(arena, value);
    return md_arena_printf(arena, "'%.*s'", MD_STR_ARG(value));
}
