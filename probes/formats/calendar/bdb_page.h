/*
 * probes/formats/calendar/bdb_page: one page of a database file of Berkeley DB, by itself.
 *
 * Says whether the page can be what the library wrote: number, type, level, neighbours, the offsets and lengths of all items (which must cover
 * its used part exactly) and the checksum where the file has them. What keys and data say is not looked at, nor their order, which the
 * product may define. What the page says of others (children, neighbours, overflow pages) is left as sums, so that a walk of the file
 * can tell in constant memory whether each page is pointed at just once (bdb_walk).
 *
 * Pure; `bytes` are page_size bytes, hostile like all input.
 */
#ifndef PROBES_FORMATS_CALENDAR_BDB_PAGE_H
#define PROBES_FORMATS_CALENDAR_BDB_PAGE_H

#include "probes/formats/calendar/bdb_meta.h"

enum md_bdb_page_type {
    MD_BDB_PAGE_FREE, /* on the list of free pages */
    MD_BDB_PAGE_DUPLICATE_OLD,
    MD_BDB_PAGE_HASH_UNSORTED,
    MD_BDB_PAGE_BTREE_INTERNAL,
    MD_BDB_PAGE_RECNO_INTERNAL,
    MD_BDB_PAGE_BTREE_LEAF,
    MD_BDB_PAGE_RECNO_LEAF,
    MD_BDB_PAGE_OVERFLOW,
    MD_BDB_PAGE_HASH_META,
    MD_BDB_PAGE_BTREE_META,
    MD_BDB_PAGE_QUEUE_META,
    MD_BDB_PAGE_QUEUE_DATA,
    MD_BDB_PAGE_DUPLICATES_LEAF,
    MD_BDB_PAGE_HASH,
    MD_BDB_PAGE_HEAP_META,
    MD_BDB_PAGE_HEAP,
    MD_BDB_PAGE_HEAP_INTERNAL,
    MD_BDB_PAGE_TYPES
};

enum md_bdb_verdict {
    MD_BDB_GOOD,
    MD_BDB_ZEROED,  /* nothing but zeros */
    MD_BDB_DAMAGED, /* no library wrote it so */
    MD_BDB_SUM_WRONG
};

struct md_bdb_page {
    enum md_bdb_verdict verdict;
    const char *fault; /* static; NULL: good */
    uint8_t type;      /* enum md_bdb_page_type where it is good */
    uint8_t level;
    struct md_bdb_lsn lsn;
    /* Sums of what the page is and what it points at; equal over a whole sound file. */
    uint64_t is_target, points;          /* as often as others must point at it; at whom it points */
    uint64_t is_leveled, points_leveled; /* the same with the level of the tree */
    uint64_t edges_on, edges_back;       /* next and previous pages in chains */
    uint64_t overflow_bytes, overflow_said;
    uint32_t furthest;       /* the page with the highest number that it points at */
    bool has_duplicate_tree; /* levels of its root are not said */
    bool is_shared;          /* an overflow item that several point at */
};

/* `last`: the last page that may be pointed at; UINT32_MAX: not known. */
void md_bdb_page_check(const struct md_bdb_meta *meta, uint32_t number, uint32_t last, const uint8_t *bytes,
                       struct md_bdb_page *ret);
/* What one that points at this page adds to `points`, for pointers that stand in no page (root, list of free pages). */
uint64_t md_bdb_pointer(uint32_t number);

const char *md_bdb_page_type_name(uint8_t type);

#endif
