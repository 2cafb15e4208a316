/*
 * IP addresses, bit by bit: whether a bit is turned depends on the key and on the bits before it, so two addresses with
 * n common first bits have n common first bits afterwards. Where a range of special meaning lies below a bit, that bit
 * stays: what was private stays private and what was public stays public.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "probes/bundle/redact_priv.h"

struct range {
    unsigned char first[2];
    unsigned bits; /* at most 16, so that two bytes say all; others by hand below */
    bool stays;    /* also what is inside */
};

static const struct range ranges4[] = {
    {{0, 0}, 8, true},       {{10, 0}, 8, false},    {{100, 64}, 10, false},  {{127, 0}, 8, true},
    {{169, 254}, 16, false}, {{172, 16}, 12, false}, {{192, 168}, 16, false}, {{224, 0}, 3, true},
};
/* ::/16 holds ::1 and the mapped addresses; below it all bits of the path of zeros stay (see turn) */
static const struct range ranges6[] = {
    {{0x00, 0x00}, 16, false}, {{0xfc, 0}, 8, false}, {{0xfd, 0}, 8, false},
    {{0xfe, 0x80}, 10, false}, {{0xff, 0}, 8, true},
};

static unsigned bit_of(const unsigned char *bytes, unsigned i)
{
    return (unsigned)bytes[i / 8] >> (7 - i % 8) & 1U;
}

static bool has_common(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        if (bit_of(a, i) != bit_of(b, i))
            return false;
    return true;
}

/* Must bit `at` stay, given those before it? */
static bool is_fixed(const struct range *ranges, size_t n, const unsigned char *address, unsigned at)
{
    for (size_t i = 0; i < n; i++) {
        if (at < ranges[i].bits ? has_common(address, ranges[i].first, at)
                                : ranges[i].stays && has_common(address, ranges[i].first, ranges[i].bits))
            return true;
    }
    return false;
}

/* `n_bytes` of an address or of the front of one; `is_6`: version 6. */
static void turn(const struct md_redactor *self, bool is_6, const unsigned char *from, size_t n_bytes,
                 unsigned char *to)
{
    const struct range *ranges = is_6 ? ranges6 : ranges4;
    const size_t n_ranges = is_6 ? sizeof ranges6 / sizeof *ranges6 : sizeof ranges4 / sizeof *ranges4;
    bool is_zero = is_6;

    for (size_t i = 0; i < n_bytes; i++) {
        unsigned char digest[MD_SHA256_BYTES];
        unsigned node = 1;

        /* 256 bits of the HMAC of the bytes before: one for each of the 255 beginnings of a byte */
        md_redact_hmac(self, is_6 ? '6' : '4', md_str_n((const char *)from, i), digest);
        to[i] = 0;
        for (unsigned bit = 0; bit < 8; bit++) {
            unsigned at = (unsigned)i * 8 + bit, is = bit_of(from, at);
            bool stays = is_fixed(ranges, n_ranges, from, at) || (is_zero && at >= 16);

            const unsigned flip = stays ? 0U : (unsigned)digest[node / 8] >> node % 8 & 1U;

            to[i] = (unsigned char)((unsigned)to[i] << 1 | (is ^ flip));
            node = node << 1 | is;
            is_zero = is_zero && is == 0;
        }
    }
}

bool md_redact_ipv4_parse(struct md_str text, unsigned char ret[4])
{
    size_t i = 0;

    for (size_t octet = 0; octet < 4; octet++) {
        unsigned value = 0;
        size_t digits = 0;

        if (octet > 0 && (i >= text.n || text.p[i++] != '.'))
            return false;
        for (; i < text.n && md_is_digit(text.p[i]) && digits < 4; i++, digits++)
            value = value * 10 + (unsigned)(text.p[i] - '0');
        if (digits == 0 || value > 255 || (digits > 1 && text.p[i - digits] == '0'))
            return false;
        ret[octet] = (unsigned char)value;
    }
    return i == text.n;
}

static void clear_behind(unsigned char *to, const unsigned char *from, unsigned bits, unsigned all)
{
    /* the address of a network stays one */
    for (unsigned i = bits; i < all; i++)
        if (bit_of(from, i) != 0)
            return;
    for (unsigned i = bits; i < all; i++)
        to[i / 8] = (unsigned char)(to[i / 8] & ~(1U << (7 - i % 8)));
}

static struct md_str format4(const unsigned char *octets, size_t n, char buffer[20])
{
    int length = 0;

    for (size_t i = 0; i < n; i++)
        length += snprintf(buffer + length, 20 - (size_t)length, i == 0 ? "%u" : ".%u", octets[i]);
    return md_str_n(buffer, (size_t)length);
}

static void put(struct md_redactor *self, struct md_buf *out, struct md_str original, struct md_str made)
{
    if (!md_str_eq(original, made))
        (void)md_redact_remember(self, MD_REDACT_IP, original, made);
    md_buf_add(out, made);
}

void md_redact_put_ipv4(struct md_redactor *self, struct md_buf *out, const unsigned char address[4], unsigned bits)
{
    unsigned char to[4];
    char buffer[20], made[20];
    struct md_str original = format4(address, 4, buffer), known;

    if (md_redact_knows(self, MD_REDACT_KEPT, original)) {
        md_buf_add(out, original);
        return;
    }
    if (bits >= 32) {
        known = md_redact_recall(self, MD_REDACT_IP, original);
        if (known.n > 0) {
            md_buf_add(out, known);
            return;
        }
    }
    turn(self, false, address, 4, to);
    clear_behind(to, address, bits, 32);
    if (bits >= 32)
        put(self, out, original, format4(to, 4, made));
    else { /* a network is no address: not remembered as one */
        self->counts[MD_REDACT_IP]++;
        md_buf_add(out, format4(to, 4, made));
    }
}

void md_redact_put_ipv4_reversed(struct md_redactor *self, struct md_buf *out, const unsigned char address[4])
{
    const unsigned char turned[4] = {address[3], address[2], address[1], address[0]};
    unsigned char to[4];
    char buffer[20];

    turn(self, false, turned, 4, to);
    self->counts[MD_REDACT_IP]++;
    md_buf_add(out, format4((const unsigned char[4]){to[3], to[2], to[1], to[0]}, 4, buffer));
}

void md_redact_put_ipv4_front(struct md_redactor *self, struct md_buf *out, const unsigned char *octets, size_t n)
{
    unsigned char to[4];
    char buffer[20];

    if (n > 4)
        n = 4;
    turn(self, false, octets, n, to);
    self->counts[MD_REDACT_IP]++;
    md_buf_add(out, format4(to, n, buffer));
}

static bool parse6(struct md_str text, unsigned char ret[16])
{
    char buffer[INET6_ADDRSTRLEN];

    if (text.n >= sizeof buffer || memchr(text.p, '\0', text.n) != NULL)
        return false;
    memcpy(buffer, text.p, text.n);
    buffer[text.n] = '\0';
    return inet_pton(AF_INET6, buffer, ret) == 1;
}

size_t md_redact_ipv6_at(struct md_str text)
{
    unsigned char address[16];
    size_t n = 0, colons = 0;

    while (n < text.n && n < INET6_ADDRSTRLEN &&
           (md_is_digit(text.p[n]) || (md_lower(text.p[n]) >= 'a' && md_lower(text.p[n]) <= 'f') || text.p[n] == ':' ||
            text.p[n] == '.'))
        colons += text.p[n++] == ':';
    if (colons < 2 || (n < text.n && (md_is_alnum(text.p[n]) || text.p[n] == '_')))
        return 0;
    while (n > 2 && (text.p[n - 1] == '.' || (text.p[n - 1] == ':' && text.p[n - 2] != ':')))
        n--;
    return n > 2 && parse6(md_str_sub(text, 0, n), address) ? n : 0;
}

void md_redact_put_ipv6(struct md_redactor *self, struct md_buf *out, struct md_str text, unsigned bits)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    unsigned char from[16], to[16];
    char made[INET6_ADDRSTRLEN], buffer[MD_REDACT_NAME_MAX];
    struct md_str low;

    if (!parse6(text, from) || !md_redact_lower(text, buffer, &low) || md_redact_knows(self, MD_REDACT_KEPT, low)) {
        md_buf_add(out, text);
        return;
    }
    if (memcmp(from, mapped, sizeof mapped) == 0) {
        memcpy(to, from, 12);
        turn(self, false, from + 12, 4, to + 12);
    } else
        turn(self, true, from, 16, to);
    clear_behind(to, from, bits, 128);
    if (inet_ntop(AF_INET6, to, made, sizeof made) == NULL)
        return;
    if (bits >= 128)
        put(self, out, low, md_str(made));
    else {
        self->counts[MD_REDACT_IP]++;
        md_buf_add(out, md_str(made));
    }
}

/* "192.0.2.1-192.0.2.9", "mail.log_192.0.2.1": where the part that begins at `from` ends. */
size_t md_redact_part_end(struct md_str word, size_t from)
{
    while (from < word.n && word.p[from] != '-' && word.p[from] != '_')
        from++;
    return from;
}

bool md_redact_has_ipv4_part(struct md_str word)
{
    unsigned char octets[4];

    for (size_t from = 0, end; from < word.n; from = end + 1) {
        end = md_redact_part_end(word, from);
        if (md_redact_ipv4_parse(md_str_sub(word, from, end - from), octets))
            return true;
    }
    return false;
}
