/*
 * engine/base/scan: finds a byte in short words.
 *
 * For what is looked for several times in every line of a large log: words of ten to forty bytes are too short for the
 * call of memchr to pay. 16 bytes at a time where the processor has SSE2, else 8, else one.
 */
#ifndef ENGINE_BASE_SCAN_H
#define ENGINE_BASE_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__) || defined(__clang__)
#ifdef __SSE2__
#include <emmintrin.h>
#define MD_SCAN_16 1
#endif
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MD_SCAN_8 1
#endif
#endif

#ifdef MD_SCAN_16
/* A bit for each of 16 bytes that are c, the first one lowest. */
static inline unsigned md_scan_same_16(const char *p, char c)
{
    __m128i bytes;

    memcpy(&bytes, p, sizeof bytes);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}
#endif

#ifdef MD_SCAN_8
/* The high bit of each of 8 bytes that are c. */
static inline uint64_t md_scan_same_8(const char *p, char c)
{
    const uint64_t lows = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t word;

    memcpy(&word, p, sizeof word);
    word ^= UINT64_C(0x0101010101010101) * (unsigned char)c;
    return ~(((word & lows) + lows) | word | lows);
}
#endif

/* Where the first c of n bytes is, or n. */
static inline size_t md_scan_char(const char *p, size_t n, char c)
{
    size_t i = 0;

#ifdef MD_SCAN_16
    if (n >= 16) {
        unsigned same;

        for (; i + 16 <= n; i += 16)
            if ((same = md_scan_same_16(p + i, c)) != 0)
                return i + (size_t)__builtin_ctz(same);
        /* The last ones once more with what was seen before them, where no c is. */
        same = md_scan_same_16(p + n - 16, c);
        return same != 0 ? n - 16 + (size_t)__builtin_ctz(same) : n;
    }
#endif
#ifdef MD_SCAN_8
    for (; i + 8 <= n; i += 8) {
        const uint64_t same = md_scan_same_8(p + i, c);

        if (same != 0)
            return i + (size_t)__builtin_ctzll(same) / 8;
    }
#endif
    while (i < n && p[i] != c)
        i++;
    return i;
}

/* Where the last c of n bytes is, or n. */
static inline size_t md_scan_last_char(const char *p, size_t n, char c)
{
    size_t i = n;

#ifdef MD_SCAN_16
    for (; i >= 16; i -= 16) {
        const unsigned same = md_scan_same_16(p + i - 16, c);

        if (same != 0)
            return i - 16 + (size_t)(31 - __builtin_clz(same));
    }
#endif
#ifdef MD_SCAN_8
    for (; i >= 8; i -= 8) {
        const uint64_t same = md_scan_same_8(p + i - 8, c);

        if (same != 0)
            return i - 1 - (size_t)__builtin_clzll(same) / 8;
    }
#endif
    while (i > 0)
        if (p[--i] == c)
            return i;
    return n;
}

#endif
