/*
 * probes/formats/calendar/bdb_walk: all pages of a database file of Berkeley DB, once, in constant memory.
 *
 * Fed the bytes of the file from its beginning in chunks of any size. Beside the pages themselves (bdb_page) it says whether the file ends
 * where its first page says, and whether all pages of a tree hang together: each is pointed at just once, chains lead back as they lead on,
 * levels fit. That is found by comparing sums, so it is known that a link is wrong, but not which.
 *
 * An environment that is in use, or was not recovered after a crash, keeps changes in its cache and its logs. Up to the last checkpoint all is
 * in the files (`settled`); pages that were made after it may still be zeros or missing at the end of the file, and that is no damage.
 *
 * Not seen: the order of keys, wrong contents, and queue and heap records. Of a hash database and of several databases in one file
 * only the pages by themselves.
 */
#ifndef PROBES_FORMATS_CALENDAR_BDB_WALK_H
#define PROBES_FORMATS_CALENDAR_BDB_WALK_H

#include "engine/base/bug.h"
#include "probes/formats/calendar/bdb_page.h"

#define MD_BDB_FAULTS_MAX 64 /* pages that are kept by number */

struct md_bdb_walk_options {
    uint64_t size; /* of the file where it is known, else UINT64_MAX */
    bool is_open;  /* changes may still be in cache and logs */
    struct md_bdb_lsn
        settled; /* is_open: before it all is written; file 0: not known, then nothing is damage that may be unwritten */
};

struct md_bdb_fault {
    uint32_t page;
    enum md_bdb_verdict verdict;
    const char *says; /* static */
};

enum md_bdb_tri { MD_BDB_UNKNOWN, MD_BDB_YES, MD_BDB_NO };

struct md_bdb_file {
    struct md_bdb_meta meta;
    uint64_t bytes;
    uint64_t pages; /* whole ones; 0 where the page size is not known */
    uint64_t types[MD_BDB_PAGE_TYPES];
    uint64_t damaged, zeroed, sum_wrong; /* pages; zeroed: that must not be */
    uint64_t unwritten;                  /* zeros that the cache or the logs will fill */
    bool is_multiple;                    /* of the page size */
    enum md_bdb_tri ends_where_said;     /* NO: pages are missing at the end */
    uint64_t beyond;                     /* pages after the one that is said to be the last */
    enum md_bdb_tri hangs_together; /* UNKNOWN: of no tree, of a file that is in use, or of one with damaged pages */
    struct md_bdb_lsn lsn;          /* the latest of all pages */
    uint32_t lsn_page;
    struct md_bdb_fault faults[MD_BDB_FAULTS_MAX];
    size_t n_faults;
};

struct md_bdb_walk;

struct md_bdb_walk *md_bdb_walk_new(const struct md_bdb_walk_options *options);
void md_bdb_walk_free(struct md_bdb_walk **walk);
void md_bdb_walk_feed(struct md_bdb_walk *walk, const void *bytes, size_t n);
/* After the last byte; borrowed from the walk. */
const struct md_bdb_file *md_bdb_walk_end(struct md_bdb_walk *walk);

#endif
