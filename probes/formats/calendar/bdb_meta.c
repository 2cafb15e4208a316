#include "probes/formats/calendar/bdb_meta.h"

#include <string.h>

enum {
    AT_LSN = 0,
    AT_NUMBER = 8,
    AT_MAGIC = 12,
    AT_VERSION = 16,
    AT_PAGE_SIZE = 20,
    AT_ENCRYPTION = 24,
    AT_TYPE = 25,
    AT_META_FLAGS = 26,
    AT_FREE = 28,
    AT_LAST = 32,
    AT_FLAGS = 48,
    AT_UID = 52,
    AT_MINKEY = 76,
    AT_RECORD = 80, /* length of records of fixed length */
    AT_ROOT = 88,
    AT_CHECKSUM = 492
};

#define META_CHECKSUM 0x01U
#define META_KNOWN 0x07U /* checksum, and the two ways to part one database into files */
#define TREE_DUPLICATES 0x01U
#define TREE_RECNO 0x02U
#define TREE_RECORD_NUMBERS 0x04U
#define TREE_FIXED 0x08U
#define TREE_SEVERAL 0x20U
#define HASH_SEVERAL 0x02U

static const struct method {
    uint32_t magic;
    enum md_bdb_method method;
    const char *name;
    uint32_t oldest, old, newest; /* versions: read here; below `old` they are to be upgraded */
    uint8_t type;                 /* of the page */
} methods[] = {
    {0x053162, MD_BDB_BTREE, "btree", 6, 8, 10, 9},
    {0x061561, MD_BDB_HASH, "hash", 5, 7, 10, 8},
    {0x042253, MD_BDB_QUEUE, "queue", 1, 3, 5, 10},
    {0x074582, MD_BDB_HEAP, "heap", 1, 1, 2, 14},
};

const char *md_bdb_method_name(enum md_bdb_method method)
{
    if (method == MD_BDB_RECNO)
        return "recno";
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (methods[i].method == method)
            return methods[i].name;
    return "none";
}

static const struct method *find_method(const uint8_t *head, bool *ret_is_big)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        for (int big = 0; big < 2; big++)
            if (md_bdb_u32(head + AT_MAGIC, big) == methods[i].magic) {
                *ret_is_big = big;
                return &methods[i];
            }
    return NULL;
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void read_tree(const uint8_t *head, struct md_bdb_meta *ret)
{
    uint32_t flags = md_bdb_u32(head + AT_FLAGS, ret->is_big);

    if ((flags & TREE_RECNO) != 0)
        ret->method = MD_BDB_RECNO;
    ret->has_several = (flags & TREE_SEVERAL) != 0;
    ret->has_duplicates = (flags & TREE_DUPLICATES) != 0;
    ret->has_record_numbers = (flags & TREE_RECORD_NUMBERS) != 0;
    ret->root = md_bdb_u32(head + AT_ROOT, ret->is_big);
}

/* So many keys, with their data, must fit in a page. */
static bool keys_fit(uint32_t page_size, uint32_t keys)
{
    enum { HEADER = 26, LEAST = 10 }; /* bytes of an item and of its place in the list */

    return keys >= 2 && keys <= page_size && (page_size - HEADER) / (2 * keys) >= LEAST;
}

static const char *find_fault(const uint8_t *head, const struct method *method, const struct md_bdb_meta *meta)
{
    uint8_t flags = head[AT_META_FLAGS];
    bool is_tree = (meta->method == MD_BDB_BTREE || meta->method == MD_BDB_RECNO) && !meta->is_old;

    if (meta->version < method->oldest || meta->version > method->newest)
        return "the version of its format is none";
    if (meta->page_size == 0)
        return "its page size is impossible";
    if (meta->checksum_is_wrong)
        return "the checksum of its first page is wrong";
    if (md_bdb_u32(head + AT_NUMBER, meta->is_big) != 0)
        return "its first page has the number of another one";
    if (head[AT_TYPE] != method->type)
        return "its first page is of the wrong type";
    if (!meta->is_old && (flags & ~META_KNOWN) != 0)
        return "its first page has impossible flags";
    if (is_tree && meta->root != 1)
        return "its first page names an impossible root";
    if (is_tree && !keys_fit(meta->page_size, md_bdb_u32(head + AT_MINKEY, meta->is_big)))
        return "its first page has an impossible number of keys for a page";
    if (is_tree && md_bdb_u32(head + AT_RECORD, meta->is_big) != 0 &&
        (md_bdb_u32(head + AT_FLAGS, meta->is_big) & TREE_FIXED) == 0)
        return "its first page has a length for records of no fixed length";
    return NULL;
}

bool md_bdb_meta_read(const uint8_t *head, size_t n, struct md_bdb_meta *ret)
{
    bool is_big = false;
    const struct method *method = n >= MD_BDB_META ? find_method(head, &is_big) : NULL;
    uint32_t size;

    *ret = (struct md_bdb_meta){.is_big = is_big};
    if (n == 0) {
        ret->fault = "the file is empty";
        return false;
    }
    if (method == NULL) {
        ret->fault = n < MD_BDB_META    ? "the file ends in its first page"
                     : is_zero(head, n) ? "its first page is all zeros"
                                        : "its first page is none of a database (no magic number)";
        return false;
    }
    ret->method = method->method;
    ret->version = md_bdb_u32(head + AT_VERSION, ret->is_big);
    size = md_bdb_u32(head + AT_PAGE_SIZE, ret->is_big);
    if (size >= MD_BDB_META && size <= MD_BDB_PAGE_MAX && (size & (size - 1)) == 0)
        ret->page_size = size;
    ret->lsn = md_bdb_lsn_read(head + AT_LSN, ret->is_big);
    ret->is_old = ret->version < method->old;
    if (ret->is_old) { /* what follows stood elsewhere */
        ret->fault = find_fault(head, method, ret);
        return ret->fault == NULL;
    }
    ret->last_page = md_bdb_u32(head + AT_LAST, ret->is_big);
    ret->free_page = md_bdb_u32(head + AT_FREE, ret->is_big);
    ret->is_encrypted = head[AT_ENCRYPTION] != 0;
    ret->has_checksum = (head[AT_META_FLAGS] & META_CHECKSUM) != 0;
    memcpy(ret->uid, head + AT_UID, sizeof ret->uid);
    if (method->method == MD_BDB_BTREE)
        read_tree(head, ret);
    else if (method->method == MD_BDB_HASH)
        ret->has_several = (md_bdb_u32(head + AT_FLAGS, ret->is_big) & HASH_SEVERAL) != 0;
    ret->checksum_is_wrong =
        ret->has_checksum && !ret->is_encrypted && !md_bdb_sum_is_right(head, MD_BDB_META, AT_CHECKSUM, ret->is_big);
    ret->fault = find_fault(head, method, ret);
    return ret->fault == NULL;
}
