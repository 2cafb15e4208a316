/*
 * probes/formats/system/df: what df prints about file systems.
 *
 * Tables by the words of their heading, wherever the mount point stands in it: `df -k`, -h, -i, -P, -T, -o i of Solaris,
 * Linux and AIX (also -g, -m, -M), `bdf` of HP-UX, `df -v` of Solaris. A long device name may stand on a line of its own.
 * Below a heading in another language, or none (grep took it away), the columns that GNU and Solaris share ("device
 * total used available share% /mount"); what plain figures count in is then known only where the heading has it.
 * Paragraphs of System V ("/var (/dev/dsk/c0t0d0s3 ): 1234 blocks 567 files"): `df`, `df -t`, `df -g` of Solaris, `df`,
 * `df -k` of HP-UX, whose figures go on over the lines that follow.
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

/* `is_inodes`: what figures count of which nothing in the text says it. */
void md_df_parse(struct md_arena *arena, struct md_str text, bool is_inodes, struct md_df *ret);

enum md_df_line { MD_DF_LINE_NONE, MD_DF_LINE_HEADING, MD_DF_LINE_PARAGRAPH, MD_DF_LINE_ROW };
/* What a line is that may be of df; a row only where it can be told without its heading. */
enum md_df_line md_df_line(struct md_str line);

/* The row whose mount point is the longest prefix of `path` (by whole components); NULL: none. */
const struct md_df_row *md_df_find(const struct md_df *df, struct md_str path);
/* True where `path` is `mount` or below it. */
bool md_df_is_below(struct md_str mount, struct md_str path);

#endif
