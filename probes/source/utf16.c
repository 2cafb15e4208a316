#include "probes/source/utf16.h"

#include "engine/base/arena.h"
#include "probes/source/source.h"

/* The end of a file that was cut has no mark in front; then there must be plain letters only. */
static bool is_unmarked(struct md_str head)
{
    size_t n = head.n < MD_STREAM_HEAD ? head.n : MD_STREAM_HEAD;

    if (n < 16)
        return false;
    for (size_t i = 0; i + 1 < n; i += 2)
        if (head.p[i + 1] != '\0' || (!md_is_space(head.p[i]) && (head.p[i] < ' ' || head.p[i] > '~')))
            return false;
    return true;
}

static bool is_marked(struct md_str head)
{
    /* Not UTF-32, of which nobody sends anything. */
    if (head.n < 4 || (head.p[2] == '\0' && head.p[3] == '\0'))
        return false;
    return md_str_has_prefix(head, MD_LIT("\xff\xfe")) || md_str_has_prefix(head, MD_LIT("\xfe\xff"));
}

bool md_utf16_is(struct md_str head)
{
    return is_marked(head) || is_unmarked(head);
}

struct utf16 {
    struct md_stream base;
    struct md_stream *inner;
    bool is_big;
    uint32_t high;           /* first half of a pair, or 0 */
    unsigned char raw[1024]; /* [from, to) is not decoded yet */
    size_t from, to;
    char ready[4]; /* what did not fit into the buffer of the caller */
    size_t ready_n, ready_at;
};

static size_t utf8_of(uint32_t c, char *p)
{
    if (c < 0x80) {
        p[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (char)(0xc0 | c >> 6);
        p[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (char)(0xe0 | c >> 12);
        p[1] = (char)(0x80 | (c >> 6 & 0x3f));
        p[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    p[0] = (char)(0xf0 | c >> 18);
    p[1] = (char)(0x80 | (c >> 12 & 0x3f));
    p[2] = (char)(0x80 | (c >> 6 & 0x3f));
    p[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Takes a unit; what it makes goes to `ready`. A half of a pair without the other one becomes U+FFFD. */
static void utf16_take(struct utf16 *self, uint32_t unit)
{
    self->ready_at = self->ready_n = 0;
    if (unit >= 0xd800 && unit < 0xdc00) {
        if (self->high != 0)
            self->ready_n = utf8_of(0xfffd, self->ready);
        self->high = unit;
        return;
    }
    if (unit >= 0xdc00 && unit < 0xe000)
        unit = self->high != 0 ? 0x10000 + ((self->high - 0xd800) << 10) + (unit - 0xdc00) : 0xfffd;
    self->high = 0;
    self->ready_n = utf8_of(unit, self->ready);
}

static ptrdiff_t utf16_read(struct md_stream *stream, void *buffer, size_t size)
{
    struct utf16 *self = (struct utf16 *)stream;
    char *out = buffer;
    size_t n = 0;

    self->inner->interrupted = stream->interrupted;
    while (n < size) {
        if (self->ready_at < self->ready_n) {
            out[n++] = self->ready[self->ready_at++];
            continue;
        }
        if (self->to - self->from < 2) {
            ptrdiff_t got;

            if (n > 0)
                break;
            memmove(self->raw, self->raw + self->from, self->to - self->from);
            self->to -= self->from;
            self->from = 0;
            got = md_stream_read(self->inner, self->raw + self->to, sizeof self->raw - self->to);
            if (got <= 0)
                return got; /* half of a unit at the end is nothing */
            self->to += (size_t)got;
            continue;
        }
        const unsigned char *p = self->raw + self->from;

        self->from += 2;
        utf16_take(self, self->is_big ? p[1] | (uint32_t)p[0] << 8 : p[0] | (uint32_t)p[1] << 8);
    }
    return (ptrdiff_t)n;
}

static void utf16_close(struct md_stream *stream)
{
    md_stream_close(&((struct utf16 *)stream)->inner);
    free(stream);
}

struct md_stream *md_utf16_stream(struct md_stream *inner, struct md_str head)
{
    struct utf16 *self = md_xcalloc(1, sizeof *self);

    self->base = (struct md_stream){.read = utf16_read, .close = utf16_close};
    self->inner = inner;
    self->is_big = *head.p == '\xfe';
    self->to = head.n < sizeof self->raw ? head.n : sizeof self->raw;
    memcpy(self->raw, head.p, self->to);
    self->from = is_marked(head) ? 2 : 0;
    return &self->base;
}
