/*
 * probes/formats/system/df: what df prints about file systems.
 *
 * Understands by the words of the heading `df -k` and `df -h` of Solaris, Linux and AIX, `df -i`, Solaris `df -o i`,
 * and without one the plain `df` of Solaris ("/var (/dev/dsk/c0t0d0s3 ): 1234 blocks 567 files"). A long device name
 * may stand on a line of its own.
 *
 * Output   rows in `arena` in the order of the input; texts borrow from the input
 * Units    bytes, whatever the heading counts in; `df -h` rounds, then is_rounded is set
 * Limits   MD_DF_ROWS_MAX rows; further ones are left out
 */
#ifndef PROBES_FORMATS_SYSTEM_DF_H
#define PROBES_FORMATS_SYSTEM_DF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_DF_ROWS_MAX 10000

struct md_df_row {
    uint32_t line; /* of the figures */
    struct md_str device, mount;
    bool has_bytes;
    uint64_t total, used, avail;
    bool has_used_pct, has_avail;
    double used_pct; /* as printed, else used / (used + avail) */
    bool is_rounded;
    bool has_inodes_pct, has_inodes;
    uint64_t inodes_used, inodes_free;
    double inodes_pct;
};

struct md_df {
    const struct md_df_row *rows;
    size_t n;
    uint32_t bad_lines, first_bad;
};

void md_df_parse(struct md_arena *arena, struct md_str text, struct md_df *ret);

/* The row whose mount point is the longest prefix of `path` (by whole components); NULL: none. */
const struct md_df_row *md_df_find(const struct md_df *df, struct md_str path);
/* True where `path` is `mount` or below it. */
bool md_df_is_below(struct md_str mount, struct md_str path);

#endif
