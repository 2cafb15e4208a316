#include "probes/formats/calendar/bdb_page.h"

#include <string.h>

/* Of each page. A checksum, and with encryption more, follows; then the offsets of the items. */
enum {
    AT_LSN = 0,
    AT_NUMBER = 8,
    AT_PREVIOUS = 12,
    AT_NEXT = 16,
    AT_ENTRIES = 20,
    AT_USED_FROM = 22, /* offset of the lowest item; of an overflow page: bytes that it holds */
    AT_LEVEL = 24,
    AT_TYPE = 25,
    AT_CHECKSUM = 28,
    HEADER = 26,
    HEADER_SUMMED = 32,
    HEADER_ENCRYPTED = 64
};

enum { ITEM_DATA = 1, ITEM_DUPLICATES = 2, ITEM_OVERFLOW = 3, ITEM_DELETED = 0x80, LEAF_LEVEL = 1 };
enum { HASH_DATA = 1, HASH_DUPLICATES = 2, HASH_OVERFLOW = 3, HASH_DUPLICATE_TREE = 4 };

/* Who reads a page. */
struct reader {
    const struct md_bdb_meta *meta;
    const uint8_t *bytes;
    uint32_t number, last;
    uint32_t header, entries, used_from;
    struct md_bdb_page *page;
};

static uint64_t mixed(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

uint64_t md_bdb_pointer(uint32_t number)
{
    return mixed(number + UINT64_C(0x9e3779b97f4a7c15));
}

static uint64_t pointer_of_level(uint32_t number, unsigned level)
{
    return mixed(((uint64_t)level << 40 | number) + UINT64_C(0x9e3779b97f4a7c15));
}

static uint64_t edge(uint32_t from, uint32_t to)
{
    return mixed(((uint64_t)from << 32 | to) ^ UINT64_C(0xd1b54a32d192ed03));
}

static void note_furthest(struct reader *r, uint32_t number)
{
    if (number > r->page->furthest)
        r->page->furthest = number;
}

static const char *point_at(struct reader *r, uint32_t number)
{
    if (number == 0 || number == r->number || number > r->last)
        return "it points at a page that cannot be";
    note_furthest(r, number);
    r->page->points += md_bdb_pointer(number);
    return NULL;
}

/* ---- items of trees ---- */

static inline uint32_t rounded(uint32_t n)
{
    return (n + 3) & ~UINT32_C(3);
}

/* Page and length of something too long for its page, or of a tree of duplicates; `at`: of the item's own 12 bytes. */
static const char *read_reference(struct reader *r, uint32_t at, uint8_t kind, bool is_big)
{
    const uint8_t *p = r->bytes + at;

    if (kind == ITEM_DUPLICATES)
        r->page->has_duplicate_tree = true;
    else
        r->page->overflow_said += md_bdb_u32(p + 8, is_big);
    return point_at(r, md_bdb_u32(p + 4, is_big));
}

/* An item of a leaf: its length in the page, 0 with a fault. */
static inline uint32_t leaf_item(struct reader *r, uint32_t at, bool is_big, const char **fault)
{
    const uint8_t *p = r->bytes + at;
    uint8_t kind = p[2] & (uint8_t)~ITEM_DELETED;
    uint32_t size = kind == ITEM_DATA ? rounded(3U + md_bdb_u16(p, is_big)) : 12;

    if (kind != ITEM_DATA && kind != ITEM_DUPLICATES && kind != ITEM_OVERFLOW) {
        *fault = "an item is of no kind";
        return 0;
    }
    if (at + size > r->meta->page_size) {
        *fault = "an item ends beyond the page";
        return 0;
    }
    if (kind != ITEM_DATA)
        *fault = read_reference(r, at, kind, is_big);
    return size;
}

static inline uint32_t internal_item(struct reader *r, uint32_t at, bool is_big, const char **fault)
{
    const uint8_t *p = r->bytes + at;
    uint8_t kind = p[2] & (uint8_t)~ITEM_DELETED;
    uint32_t n = md_bdb_u16(p, is_big), child, size = rounded(12 + n);

    if (at + 12 > r->meta->page_size || at + size > r->meta->page_size) {
        *fault = "an item ends beyond the page";
        return 0;
    }
    if (kind != ITEM_DATA && kind != ITEM_DUPLICATES && !(kind == ITEM_OVERFLOW && n == 12)) {
        *fault = "an item is of no kind";
        return 0;
    }
    child = md_bdb_u32(p + 4, is_big);
    *fault = point_at(r, child);
    r->page->points_leveled += pointer_of_level(child, r->page->level - 1U);
    if (*fault == NULL && kind == ITEM_OVERFLOW)
        *fault = read_reference(r, at + 12, kind, is_big);
    return size;
}

static inline uint32_t recno_item(struct reader *r, uint32_t at, bool is_big, const char **fault)
{
    uint32_t child;

    if (at + 8 > r->meta->page_size) {
        *fault = "an item ends beyond the page";
        return 0;
    }
    child = md_bdb_u32(r->bytes + at, is_big);
    *fault = point_at(r, child);
    r->page->points_leveled += pointer_of_level(child, r->page->level - 1U);
    return 8;
}

/* The items must cover the page from the lowest one to its end, without gaps and without overlapping: so the sum of their lengths is known. */
static inline const char *check_items(struct reader *r, uint8_t type, bool is_big)
{
    const uint8_t *offsets = r->bytes + r->header;
    uint32_t covered = 0, lowest = r->meta->page_size, before = 0, last = 0;
    const char *fault = NULL;

    for (uint32_t i = 0; i < r->entries; i++) {
        uint32_t at = md_bdb_u16(offsets + 2 * (size_t)i, is_big);

        if (at < r->used_from || at + 3 > r->meta->page_size)
            return "the offset of an item is impossible";
        /* Data of one key share it. */
        if (type == MD_BDB_PAGE_BTREE_LEAF && i >= 2 && (i & 1) == 0 && at == before) {
            before = last;
            last = at;
            continue;
        }
        covered += type == MD_BDB_PAGE_BTREE_INTERNAL   ? internal_item(r, at, is_big, &fault)
                   : type == MD_BDB_PAGE_RECNO_INTERNAL ? recno_item(r, at, is_big, &fault)
                                                        : leaf_item(r, at, is_big, &fault);
        if (fault != NULL)
            return fault;
        lowest = at < lowest ? at : lowest;
        before = last;
        last = at;
    }
    if (lowest != r->used_from)
        return "the lowest item is not where its head says";
    return covered != r->meta->page_size - r->used_from ? "its items overlap or leave gaps" : NULL;
}

/* Items of a hash page stand one below the other, in the order of their offsets. */
static const char *check_hash_items(struct reader *r, bool is_big)
{
    uint32_t above = r->meta->page_size;

    if ((r->entries & 1) != 0)
        return "a key has no data";
    for (uint32_t i = 0; i < r->entries; i++) {
        uint32_t at = md_bdb_u16(r->bytes + r->header + 2 * (size_t)i, is_big);
        uint8_t kind;

        if (at >= above || at < r->used_from)
            return "the offset of an item is impossible";
        kind = r->bytes[at];
        if (kind < HASH_DATA || kind > HASH_DUPLICATE_TREE)
            return "an item is of no kind";
        if ((kind == HASH_OVERFLOW && above - at != 12) || (kind == HASH_DUPLICATE_TREE && above - at != 8))
            return "the length of an item is impossible";
        above = at;
    }
    return above != r->used_from ? "the lowest item is not where its head says" : NULL;
}

/* ---- kinds of pages ---- */

static bool is_leaf(uint8_t type)
{
    return type == MD_BDB_PAGE_BTREE_LEAF || type == MD_BDB_PAGE_RECNO_LEAF || type == MD_BDB_PAGE_DUPLICATES_LEAF;
}

static bool is_internal(uint8_t type)
{
    return type == MD_BDB_PAGE_BTREE_INTERNAL || type == MD_BDB_PAGE_RECNO_INTERNAL;
}

static bool is_meta(uint8_t type)
{
    return type == MD_BDB_PAGE_HASH_META || type == MD_BDB_PAGE_BTREE_META || type == MD_BDB_PAGE_QUEUE_META ||
           type == MD_BDB_PAGE_HEAP_META;
}

/* Which types of pages a database of a method has. */
static bool belongs(const struct md_bdb_meta *meta, uint8_t type)
{
    enum {
        OF_DUPLICATES = 1U << MD_BDB_PAGE_DUPLICATES_LEAF | 1U << MD_BDB_PAGE_BTREE_INTERNAL |
                        1U << MD_BDB_PAGE_RECNO_INTERNAL | 1U << MD_BDB_PAGE_RECNO_LEAF,
        OF_TREE = 1U << MD_BDB_PAGE_FREE | 1U << MD_BDB_PAGE_OVERFLOW | 1U << MD_BDB_PAGE_BTREE_INTERNAL |
                  1U << MD_BDB_PAGE_BTREE_LEAF,
        OF_RECNO = 1U << MD_BDB_PAGE_FREE | 1U << MD_BDB_PAGE_OVERFLOW | 1U << MD_BDB_PAGE_RECNO_INTERNAL |
                   1U << MD_BDB_PAGE_RECNO_LEAF,
        OF_HASH = 1U << MD_BDB_PAGE_FREE | 1U << MD_BDB_PAGE_OVERFLOW | 1U << MD_BDB_PAGE_HASH |
                  1U << MD_BDB_PAGE_HASH_UNSORTED | OF_DUPLICATES
    };
    uint32_t bit = type < MD_BDB_PAGE_TYPES ? UINT32_C(1) << type : 0;

    if (bit == 0 || type == MD_BDB_PAGE_DUPLICATE_OLD)
        return meta->is_old && type == MD_BDB_PAGE_DUPLICATE_OLD;
    if (meta->has_several || meta->is_old)
        return true;
    switch (meta->method) {
    case MD_BDB_BTREE: return (bit & (OF_TREE | (meta->has_duplicates ? OF_DUPLICATES : 0U))) != 0;
    case MD_BDB_RECNO: return (bit & OF_RECNO) != 0;
    case MD_BDB_HASH: return (bit & OF_HASH) != 0;
    case MD_BDB_QUEUE: return type == MD_BDB_PAGE_QUEUE_DATA || type == MD_BDB_PAGE_FREE;
    case MD_BDB_HEAP: return type == MD_BDB_PAGE_HEAP || type == MD_BDB_PAGE_HEAP_INTERNAL || type == MD_BDB_PAGE_FREE;
    case MD_BDB_NONE: break;
    }
    return false;
}

static const char *check_level(uint8_t type, uint8_t level)
{
    if (is_internal(type))
        return level < LEAF_LEVEL + 1 ? "its level is impossible" : NULL;
    if (is_leaf(type))
        return level != LEAF_LEVEL ? "its level is impossible" : NULL;
    return level != 0 && type != MD_BDB_PAGE_FREE && !is_meta(type) ? "its level is impossible" : NULL;
}

/* Pages in chains: leaves, overflow pages, hash buckets. */
static const char *check_chain(struct reader *r)
{
    bool is_big = r->meta->is_big;
    uint32_t previous = md_bdb_u32(r->bytes + AT_PREVIOUS, is_big), next = md_bdb_u32(r->bytes + AT_NEXT, is_big);

    if (previous > r->last || next > r->last || (previous != 0 && previous == r->number) ||
        (next != 0 && next == r->number))
        return "its neighbours are impossible";
    note_furthest(r, previous > next ? previous : next);
    if (next != 0)
        r->page->edges_on += edge(r->number, next);
    if (previous != 0)
        r->page->edges_back += edge(previous, r->number);
    return NULL;
}

static const char *check_free(struct reader *r)
{
    uint32_t next = md_bdb_u32(r->bytes + AT_NEXT, r->meta->is_big);

    r->page->is_target = md_bdb_pointer(r->number);
    return next != 0 ? point_at(r, next) : NULL;
}

static const char *check_overflow(struct reader *r)
{
    bool is_big = r->meta->is_big;
    uint32_t next = md_bdb_u32(r->bytes + AT_NEXT, is_big);
    bool is_first = md_bdb_u32(r->bytes + AT_PREVIOUS, is_big) == 0;
    uint32_t bytes = md_bdb_u16(r->bytes + AT_USED_FROM, is_big);

    /* Several may point at the first page of something long, but only that one at the rest of it. */
    if (r->entries == 0 || (!is_first && r->entries != 1) || bytes > r->meta->page_size - r->header)
        return "its head is impossible";
    r->page->is_shared = r->entries > 1;
    r->page->overflow_bytes = bytes;
    r->page->is_target = md_bdb_pointer(r->number) * r->entries;
    return next != 0 ? point_at(r, next) : NULL;
}

static const char *check_tree(struct reader *r)
{
    uint8_t type = r->page->type;
    const uint64_t itself = md_bdb_pointer(r->number);

    if (r->header + 2 * (uint64_t)r->entries > r->used_from || r->used_from > r->meta->page_size)
        return "its items do not fit in it";
    if (is_internal(type) && r->entries == 0)
        return "a page within the tree is empty";
    if (type == MD_BDB_PAGE_BTREE_LEAF && (r->entries & 1) != 0)
        return "a key has no data";
    if (r->number != r->meta->root) {
        r->page->is_target = itself;
        r->page->is_leveled = pointer_of_level(r->number, r->page->level);
    }
    if (r->meta->is_encrypted)
        return NULL;
    return r->meta->is_big ? check_items(r, type, true) : check_items(r, type, false);
}

static const char *check_kind(struct reader *r)
{
    const char *fault = NULL;
    uint8_t type = r->page->type;

    if (!is_internal(type) && (is_leaf(type) || type == MD_BDB_PAGE_OVERFLOW || type == MD_BDB_PAGE_HASH ||
                               type == MD_BDB_PAGE_HASH_UNSORTED))
        fault = check_chain(r);
    if (fault != NULL)
        return fault;
    if (is_leaf(type) || is_internal(type))
        return check_tree(r);
    if (type == MD_BDB_PAGE_FREE && r->meta->method != MD_BDB_QUEUE)
        return check_free(r);
    if (type == MD_BDB_PAGE_OVERFLOW)
        return check_overflow(r);
    if (type == MD_BDB_PAGE_HASH || type == MD_BDB_PAGE_HASH_UNSORTED) {
        if (r->header + 2 * (uint64_t)r->entries > r->used_from || r->used_from > r->meta->page_size)
            return "its items do not fit in it";
        return r->meta->is_encrypted ? NULL : check_hash_items(r, r->meta->is_big);
    }
    return NULL;
}

/* ---- all of a page ---- */

static bool is_zero(const uint8_t *bytes, size_t n)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, n - 1) == 0;
}

/* Pages of a hash database that were not used yet, or were freed, have no number. */
static bool may_lack_number(const struct md_bdb_meta *meta)
{
    return meta->method == MD_BDB_HASH || meta->method == MD_BDB_QUEUE || meta->has_several;
}

static const char *find_fault(struct reader *r)
{
    const struct md_bdb_meta *meta = r->meta;
    uint32_t number = md_bdb_u32(r->bytes + AT_NUMBER, meta->is_big);
    const char *fault;

    if (number != r->number && !(number == 0 && may_lack_number(meta)))
        return "it has the number of another page";
    if (!belongs(meta, r->page->type))
        return "its type is impossible";
    if (meta->is_old || number != r->number)
        return NULL;
    fault = check_level(r->page->type, r->page->level);
    return fault != NULL || is_meta(r->page->type) ? fault : check_kind(r);
}

void md_bdb_page_check(const struct md_bdb_meta *meta, uint32_t number, uint32_t last, const uint8_t *bytes,
                       struct md_bdb_page *ret)
{
    struct reader r = {.meta = meta, .bytes = bytes, .number = number, .last = last, .page = ret};
    bool has_sum = meta->has_checksum && !meta->is_encrypted && !meta->is_old;

    *ret = (struct md_bdb_page){.type = bytes[AT_TYPE], .level = bytes[AT_LEVEL]};
    if (md_bdb_u32(bytes + AT_NUMBER, false) == 0 && is_zero(bytes, meta->page_size)) {
        ret->verdict = MD_BDB_ZEROED;
        ret->fault = "it is all zeros";
        return;
    }
    r.header = meta->is_encrypted ? HEADER_ENCRYPTED : meta->has_checksum ? HEADER_SUMMED : HEADER;
    r.entries = md_bdb_u16(bytes + AT_ENTRIES, meta->is_big);
    r.used_from = md_bdb_u16(bytes + AT_USED_FROM, meta->is_big);
    if (r.used_from == 0 && meta->page_size == MD_BDB_PAGE_MAX)
        r.used_from = MD_BDB_PAGE_MAX; /* it has 16 bits */
    /* Checksums of pages within are those of their own kind. */
    if (has_sum && !is_meta(ret->type) && !md_bdb_sum_is_right(bytes, meta->page_size, AT_CHECKSUM, meta->is_big)) {
        ret->verdict = MD_BDB_SUM_WRONG;
        ret->fault = "its checksum is wrong";
        return;
    }
    ret->fault = find_fault(&r);
    if (ret->fault != NULL)
        ret->verdict = MD_BDB_DAMAGED;
    else
        ret->lsn = md_bdb_lsn_read(bytes + AT_LSN, meta->is_big);
}

const char *md_bdb_page_type_name(uint8_t type)
{
    static const char *const names[MD_BDB_PAGE_TYPES] = {"free",
                                                         "old duplicates",
                                                         "hash",
                                                         "tree",
                                                         "recno tree",
                                                         "leaf",
                                                         "recno leaf",
                                                         "overflow",
                                                         "hash metadata",
                                                         "metadata",
                                                         "queue metadata",
                                                         "queue",
                                                         "leaf of duplicates",
                                                         "hash",
                                                         "heap metadata",
                                                         "heap",
                                                         "heap regions"};

    return type < MD_BDB_PAGE_TYPES ? names[type] : "none";
}
