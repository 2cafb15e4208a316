#include "probes/formats/calendar/bdb.h"

#define BASE UINT32_C(33)

/*
 * sum = sum * 33 + byte. Eight bytes at a time: the products do not wait for each other, which takes a third of the time.
 */
uint32_t md_bdb_sum(uint32_t sum, const uint8_t *bytes, size_t n)
{
    const uint32_t p2 = BASE * BASE, p3 = p2 * BASE, p4 = p2 * p2;
    const uint32_t p5 = p4 * BASE, p6 = p4 * p2, p7 = p4 * p3, p8 = p4 * p4;

    for (; n >= 8; n -= 8, bytes += 8)
        sum = sum * p8 + (bytes[0] * p7 + bytes[1] * p6 + bytes[2] * p5 + bytes[3] * p4) +
              (bytes[4] * p3 + bytes[5] * p2 + bytes[6] * BASE + bytes[7]);
    for (; n > 0; n--, bytes++)
        sum = sum * BASE + *bytes;
    return sum;
}

bool md_bdb_sum_is_right(const uint8_t *bytes, size_t n, size_t at, bool is_big)
{
    static const uint8_t zero[4];
    uint32_t sum = md_bdb_sum(md_bdb_sum(0, bytes, at), zero, sizeof zero);

    sum = md_bdb_sum(sum, bytes + at + sizeof zero, n - at - sizeof zero);
    return sum == md_bdb_u32(bytes + at, is_big) || sum == md_bdb_u32(bytes + at, !is_big);
}

const char *md_bdb_library_of_log(uint32_t version)
{
    static const struct {
        uint32_t version;
        const char *library;
    } known[] = {{3, "3.0"},  {4, "3.2"},  {5, "4.0"},  {7, "4.1"},  {8, "4.2"},  {10, "4.3"}, {11, "4.4"},
                 {12, "4.5"}, {13, "4.6"}, {14, "4.7"}, {15, "4.8"}, {16, "4.8"}, {17, "5.0"}, {18, "5.2"},
                 {19, "5.3"}, {20, "6.0"}, {21, "6.0"}, {22, "6.1"}, {23, "6.2"}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].version == version)
            return known[i].library;
    return NULL;
}
