/*
 * probes/formats/system/listing: listings of folders, whatever made them, one entry at a time.
 *
 * Forms, told from each other line by line, so that several may follow one another:
 *   TSV            path TAB size TAB mtime in seconds [TAB mode TAB owner TAB group TAB type]; \xHH in the path is
 * undone ls -l, ls -lR  Solaris and GNU, with and without "total" lines and a header "folder:" before each folder;
 * dates as "Nov 24 02:10", "Nov 12  2025", "2026-11-24 02:10", "11-24 02:10", full-iso with zone; -i, -s, -n, -o, -g,
 * +@. after the mode find -ls       inode, blocks, mode, links, owner, group, size, date, path find -printf   "%T@ %s
 * %p" (also "%s %T@ %p") paths          one a line: find without action, ls -R, ls -1 below a header Streaming: fed in
 * chunks of any size; memory is bounded, a line over MD_LISTING_LINE_MAX bytes is skipped and counted as bad. Dates
 * without a year are the latest that is not after the reference time by more than a day (ls -l shows months for the
 * recent half year); dates without a zone are local in `zone`. Lines that are neither entries, headers, totals, prompts
 * nor empty are bad: reported once per reason with the first line.
 */
#ifndef PROBES_FORMATS_SYSTEM_LISTING_H
#define PROBES_FORMATS_SYSTEM_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/bug.h"
#include "engine/base/diag.h"
#include "engine/base/status.h"
#include "engine/base/str.h"
#include "engine/base/time.h"
#include "engine/base/zone.h"

#define MD_LISTING_LINE_MAX 16384
#define MD_LISTING_PATH_MAX 8192

enum md_listing_form {
    MD_LISTING_NONE, /* no listing, or not to be told */
    MD_LISTING_TSV,
    MD_LISTING_LS, /* ls -l, ls -lR */
    MD_LISTING_FIND_LS,
    MD_LISTING_FIND_PRINTF,
    MD_LISTING_PATHS,
};

struct md_listing_entry {
    struct md_str path; /* as md_listing_options.root says; valid during the call */
    bool is_dir;
    bool has_size;
    uint64_t size;       /* 0 where it is not said */
    int64_t mtime;       /* MD_TIME_NONE where it is not said */
    bool has_mode;       /* only TSV says it */
    uint32_t mode;       /* permissions */
    struct md_str owner; /* TSV, ls -l and find -ls; empty where it is not said */
    uint32_t line;       /* where it stands */
};

/* Returns false to stop. */
typedef bool md_listing_fn(void *ctx, const struct md_listing_entry *entry);

struct md_listing_options {
    /* The folder that is listed, absolute; paths below it are given relative to it. Empty: for ls with headers, the
     * first header is the root; other absolute paths are given without their first '/'. A path outside the root is
     * given whole, without its first '/'. */
    struct md_str root;
    int64_t
        reference; /* when the listing was made, as well as is known; MD_TIME_NONE: dates without a year have no time */
    const struct md_zone *zone; /* NULL: UTC */
    const char *name;           /* of the item, for diagnostics; borrowed */
    uint32_t first_line;        /* of the first byte fed; 0 counts as 1 */
    struct md_diags *diags;     /* may be NULL */
};

struct md_listing;

/* The options are copied (root too). */
struct md_listing *md_listing_new(const struct md_listing_options *options, md_listing_fn *fn, void *ctx);
void md_listing_free(struct md_listing **listing);
/* MD_OK, or MD_INTERRUPTED after fn returned false (everything after that is ignored). */
MD_MUST_CHECK enum md_status md_listing_feed(struct md_listing *listing, const char *bytes, size_t n);
/* The last line may lack its LF. MD_OK, or MD_INTERRUPTED as above; reports the bad lines to `diags`. */
MD_MUST_CHECK enum md_status md_listing_end(struct md_listing *listing);
uint64_t md_listing_entries(const struct md_listing *listing);
uint64_t md_listing_bad_lines(const struct md_listing *listing);

/* What the first bytes of a file look like: for recognising loose files. `ret_root` (may be NULL): the folder that it
 * says it lists (header of ls, first folder of find), absolute, borrowed from `head`, else empty. MD_LISTING_NONE
 * unless most of the lines are entries. */
enum md_listing_form md_listing_recognise(struct md_str head, struct md_str *ret_root);

#endif
