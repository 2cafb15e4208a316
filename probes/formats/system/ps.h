/*
 * probes/formats/system/ps: process tables in text.
 *
 * Understands `ps -ef` of Solaris, Linux and AIX, `ps aux`, `ps -eo ...` by the words of the heading, and `imsimta
 * process` with or without its heading. The start may be two words ("Oct 14"); a row of a process that has ended
 * (<defunct>) counts as none. Columns of /usr/ucb/ps that run together are told apart as far as it matters, and a row
 * that a terminal or a mailer has broken is put together again.
 *
 * Input    the text of one table; other lines before the heading (a prompt) are passed over
 * Output   rows in `arena`; texts borrow from the input, or are in `arena` where a row was broken
 * Limits   MD_PS_ROWS_MAX rows; more set is_cut
 */
#ifndef PROBES_FORMATS_SYSTEM_PS_H
#define PROBES_FORMATS_SYSTEM_PS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/base/zone.h"

#define MD_PS_ROWS_MAX 100000
#define MD_PS_LINE_MAX 8192 /* of a row put together again */

/* When a process started, as far as a table says. */
enum md_ps_start_kind {
    MD_PS_START_NONE,
    MD_PS_START_CLOCK,   /* hour, minute, second: within the last day */
    MD_PS_START_DAY,     /* month and day: within the last year */
    MD_PS_START_YEAR,    /* a year alone */
    MD_PS_START_EXACT,   /* date and time */
    MD_PS_START_ELAPSED, /* seconds before the table was made */
};

struct md_ps_start {
    enum md_ps_start_kind kind;
    int year, month, day, hour, minute, second;
    double elapsed_s;
};

struct md_ps_row {
    uint32_t line; /* from 1 */
    uint64_t pid;
    bool has_ppid, has_cpu, has_pcpu;
    uint64_t ppid;
    struct md_str user;
    struct md_str command; /* the whole command line */
    struct md_str program; /* last component of its first word, without <> and a final colon */
    double cpu_s;          /* processor time used so far */
    double pcpu;           /* share of one processor in per cent */
    struct md_ps_start start;
};

enum md_ps_form { MD_PS_UNKNOWN, MD_PS_FULL, MD_PS_IMSIMTA };

struct md_ps {
    const struct md_ps_row *rows;
    size_t n;
    enum md_ps_form form;
    bool has_heading;
    bool is_complete; /* every process of the host: a heading and process 0 or 1 among the rows */
    bool is_cut;
    uint32_t bad_lines; /* lines behind the heading that are no row */
    uint32_t first_bad; /* the first of them, 0: none */
};

void md_ps_parse(struct md_arena *arena, struct md_str text, struct md_ps *ret);

/* The earliest and latest instant at which it can have started, given when the table was made; false where that is not
 * known. */
bool md_ps_start_range(const struct md_ps_start *start, int64_t taken_at, const struct md_zone *zone, int64_t *ret_from,
                       int64_t *ret_to);

/* "[[dd-]hh:]mm:ss", "m:ss.cc" or "m:ss" as a duration; the whole slice. False where it is none. */
bool md_ps_read_duration(struct md_str s, double *ret_seconds);

/* The last component of the first word of a command line, "<SMTP>" and "dispatcher:" without their marks. */
struct md_str md_ps_program(struct md_str command);

#endif
