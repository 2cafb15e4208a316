/*
 * tests/unit/probes/formats/calendar/bdb_made: small database files, logs and regions of Berkeley DB made in memory, of either byte order and of versions
 * whose libraries are not at hand.
 */
#ifndef TESTS_UNIT_PROBES_FORMATS_CALENDAR_BDB_MADE_H
#define TESTS_UNIT_PROBES_FORMATS_CALENDAR_BDB_MADE_H

#include "tests/unit/md_test.h"

#include "probes/formats/calendar/bdb.h"

static inline void bdb_put16(uint8_t *p, uint16_t value, bool is_big)
{
    p[is_big ? 0 : 1] = (uint8_t)(value >> 8);
    p[is_big ? 1 : 0] = (uint8_t)value;
}

static inline void bdb_put32(uint8_t *p, uint32_t value, bool is_big)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (is_big ? 24 - 8 * i : 8 * i));
}

struct bdb_made {
    uint8_t *bytes;
    size_t page, n_pages;
    bool is_big;
};

static inline uint8_t *bdb_page(const struct bdb_made *made, size_t number)
{
    return made->bytes + number * made->page;
}

/* The head of a page. */
static inline uint8_t *bdb_head(const struct bdb_made *made, uint32_t number, uint8_t type, uint8_t level, uint32_t lsn)
{
    uint8_t *p = bdb_page(made, number);

    bdb_put32(p, lsn > 0 ? 3 : 0, made->is_big);
    bdb_put32(p + 4, lsn, made->is_big);
    bdb_put32(p + 8, number, made->is_big);
    bdb_put16(p + 22, (uint16_t)made->page, made->is_big);
    p[24] = level;
    p[25] = type;
    return p;
}

/* One more item, of so many bytes, at the end of the free space of a page; returns where it is to be filled in. */
static inline uint8_t *bdb_item(const struct bdb_made *made, uint8_t *page, uint16_t size)
{
    uint16_t n = md_bdb_u16(page + 20, made->is_big), from = md_bdb_u16(page + 22, made->is_big);

    from = (uint16_t)(from - size);
    bdb_put16(page + 26 + 2 * n, from, made->is_big);
    bdb_put16(page + 20, (uint16_t)(n + 1), made->is_big);
    bdb_put16(page + 22, from, made->is_big);
    return page + from;
}

static inline void bdb_pair(const struct bdb_made *made, uint8_t *page, const char *key, const char *data)
{
    const char *texts[] = {key, data};

    for (int i = 0; i < 2; i++) {
        uint16_t n = (uint16_t)strlen(texts[i]);
        uint8_t *item = bdb_item(made, page, (uint16_t)((3 + n + 3) & ~3));

        bdb_put16(item, n, made->is_big);
        item[2] = 1;
        memcpy(item + 3, texts[i], n);
    }
}

/* A root with `n_leaves` leaves that are chained, pages 2 and on. Each page was changed at log 3, offset 100 * its number. */
static inline struct bdb_made bdb_tree(struct md_arena *arena, size_t page, uint32_t n_leaves, uint32_t version,
                                       bool is_big)
{
    struct bdb_made made = {.page = page, .n_pages = n_leaves + 2, .is_big = is_big};
    uint8_t *p;

    made.bytes = md_arena_alloc(arena, page * made.n_pages);
    memset(made.bytes, 0, page * made.n_pages);
    p = bdb_head(&made, 0, 9, 0, 50);
    bdb_put16(p + 22, 0, is_big);
    bdb_put32(p + 12, 0x053162, is_big);
    bdb_put32(p + 16, version, is_big);
    bdb_put32(p + 20, (uint32_t)page, is_big);
    p[24] = 0;
    bdb_put32(p + 32, n_leaves + 1, is_big);
    bdb_put32(p + 76, 2, is_big);
    bdb_put32(p + 88, 1, is_big);
    p = bdb_head(&made, 1, 3, 2, 100);
    for (uint32_t i = 0; i < n_leaves; i++) {
        uint8_t *item = bdb_item(&made, p, 16);

        bdb_put16(item, 4, is_big);
        item[2] = 1;
        bdb_put32(item + 4, i + 2, is_big);
        memcpy(item + 12, "key ", 4);
    }
    for (uint32_t i = 0; i < n_leaves; i++) {
        p = bdb_head(&made, i + 2, 5, 1, 100 * (i + 2));
        bdb_put32(p + 12, i > 0 ? i + 1 : 0, is_big);
        bdb_put32(p + 16, i + 1 < n_leaves ? i + 3 : 0, is_big);
        bdb_pair(&made, p, "key", "some data");
        bdb_pair(&made, p, "longer key", "BEGIN:VEVENT");
    }
    return made;
}

/* A log with its head and `n` records; the last one is a checkpoint where `has_checkpoint`. Returns its size. */
static inline size_t bdb_log(uint8_t *to, uint32_t version, uint32_t before, unsigned n, bool has_checkpoint,
                             bool is_big)
{
    size_t at = 0;
    uint32_t last = before;

    for (unsigned i = 0; i <= n; i++) {
        uint32_t length = i == 0 ? 28 : 60;
        uint8_t *p = to + at;
        uint32_t sum;

        memset(p, 0, length);
        bdb_put32(p, last, is_big);
        bdb_put32(p + 4, length, is_big);
        if (i == 0) {
            bdb_put32(p + 12, 0x040988, is_big);
            bdb_put32(p + 16, version, is_big);
            bdb_put32(p + 20, 10U << 20, is_big);
            bdb_put32(p + 24, 0640, is_big);
        } else {
            bdb_put32(p + 12, i == n && has_checkpoint ? 11 : 41, is_big);
            bdb_put32(p + 28, 3, is_big); /* of the checkpoint */
            bdb_put32(p + 32, 500, is_big);
            bdb_put32(p + 44, 1180000000, is_big);
        }
        sum = md_bdb_sum(0, p + 12, length - 12);
        if (version >= 12)
            sum ^= last ^ length;
        bdb_put32(p + 8, sum, is_big);
        last = (uint32_t)at;
        at += length;
    }
    return at;
}

#endif
