#include "probes/formats/common/transfer.h"

#define LINE_MAX_CODED 78 /* 76 of the standard, and what programs got wrong by one or two */

static int value_of_base64(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (md_is_digit(c))
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

struct md_str md_transfer_base64(struct md_arena *arena, struct md_str text)
{
    char *out = md_arena_alloc(arena, text.n + 1);
    size_t n = 0;
    unsigned bits = 0, have = 0;

    for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
        int value = value_of_base64(text.p[i]);

        if (value < 0)
            continue;
        bits = (bits << 6 | (unsigned)value) & 0xffffU;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[n++] = (char)(bits >> have & 0xffU);
        }
    }
    return md_str_n(out, n);
}

static int value_of_hex(char c)
{
    if (md_is_digit(c))
        return c - '0';
    c = md_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "=XY" at the front stands for, or -1. */
static int coded_byte(struct md_str text)
{
    int high, low;

    if (text.n < 3 || text.p[0] != '=')
        return -1;
    high = value_of_hex(text.p[1]);
    low = value_of_hex(text.p[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Length of "=" with the end of its line; 0: the line goes on. */
static size_t fold_length(struct md_str text)
{
    size_t n = 1;

    if (text.n == 0 || *text.p != '=')
        return 0;
    while (n < text.n && (text.p[n] == ' ' || text.p[n] == '\t' || text.p[n] == '\r'))
        n++;
    if (n == text.n)
        return n;
    return text.p[n] == '\n' ? n + 1 : 0;
}

struct md_str md_transfer_quoted_printable(struct md_arena *arena, struct md_str text)
{
    char *out = md_arena_alloc(arena, text.n + 1);
    size_t n = 0;

    while (text.n > 0) {
        size_t fold = fold_length(text), taken = 1;
        int byte = fold > 0 ? -1 : coded_byte(text);

        if (byte >= 0) {
            out[n++] = (char)byte;
            taken = 3;
        } else if (fold > 0) {
            taken = fold;
        } else {
            out[n++] = *text.p;
        }
        text = md_str_from(text, taken);
    }
    return md_str_n(out, n);
}

bool md_transfer_is_quoted_printable(struct md_str head)
{
    struct md_str line;
    const bool is_cut = head.n > 0 && head.p[head.n - 1] != '\n';
    size_t signs = 0;

    while (md_str_next_line(&head, &line)) {
        const bool is_last = is_cut && md_str_is_empty(head);

        if (line.n > LINE_MAX_CODED)
            return false;
        for (size_t i = 0; i < line.n; i++) {
            const struct md_str rest = md_str_from(line, i);
            int byte;

            if (line.p[i] != '=')
                continue;
            if (fold_length(rest) > 0) {
                signs += i > 0;
                break;
            }
            byte = coded_byte(rest);
            if (byte < 0 && is_last && rest.n < 3)
                break;
            /* A dot or a letter is coded only at the beginning of a line, and blanks only at the end. */
            if (byte < 0 || (byte > ' ' && byte < 0x7f && byte != '=' && i > 0))
                return false;
            signs += byte == '=';
            i += 2;
        }
    }
    return signs > 0;
}

static size_t depth_of_quotes(struct md_str line)
{
    size_t depth = 0;

    while (depth < line.n && line.p[depth] == '>')
        depth++;
    return depth;
}

struct md_str md_transfer_flowed(struct md_arena *arena, struct md_str text, bool deletes_blank)
{
    char *out = md_arena_alloc(arena, text.n + 1);
    struct md_str line;
    size_t n = 0, depth_before = 0;
    bool goes_on = false;

    while (md_str_next_line(&text, &line)) {
        const size_t depth = depth_of_quotes(line);
        struct md_str body = md_str_from(line, depth);
        bool is_signature;

        if (body.n > 0 && *body.p == ' ')
            body = md_str_from(body, 1); /* stuffed */
        is_signature = md_str_is(body, "-- ");
        if (goes_on && depth == depth_before && !is_signature) {
            n--; /* the end of the line before */
        } else if (depth > 0) {
            memcpy(out + n, line.p, depth);
            n += depth;
            if (line.n > depth && line.p[depth] == ' ')
                out[n++] = ' ';
        }
        goes_on = body.n > 0 && body.p[body.n - 1] == ' ' && !is_signature;
        depth_before = depth;
        if (goes_on && deletes_blank)
            body.n--;
        if (body.n > 0)
            memcpy(out + n, body.p, body.n);
        n += body.n;
        out[n++] = '\n';
    }
    return md_str_n(out, n);
}
