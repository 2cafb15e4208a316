/*
 * probes/formats/system/listing_line: one line of a listing, by its form alone.
 *
 * The second half of probes/formats/system/listing, which knows headers, roots and what came before. Pure and bounded;
 * slices are borrowed from the line.
 */
#ifndef PROBES_FORMATS_SYSTEM_LISTING_LINE_H
#define PROBES_FORMATS_SYSTEM_LISTING_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "probes/formats/system/listing.h"
#include "probes/formats/system/listing_date.h"

enum md_listing_escape { MD_LISTING_PLAIN, MD_LISTING_HEX, MD_LISTING_C };

struct md_listing_line {
    enum md_listing_form form; /* MD_LISTING_NONE: none of the forms with sizes or modes */
    struct md_str path;        /* as it stands, still escaped */
    enum md_listing_escape escape;
    bool is_dir;
    bool has_size;
    uint64_t size;
    int64_t mtime;       /* MD_TIME_NONE: none, or not understood */
    bool has_mode;       /* TSV: the column is there */
    uint32_t mode;       /* with the bits of the type, where they are given */
    struct md_str owner; /* of TSV, ls -l and find -ls; empty: not said */
};

/* `line` without its end. A line of bare words (paths, headers, noise) gives MD_LISTING_NONE. */
void md_listing_line_parse(struct md_listing_clock *clock, struct md_str line, struct md_listing_line *ret);

/* "total 12", "total 1.2M", "insgesamt 12" */
bool md_listing_is_total(struct md_str line);
/* "/q/tcp_local:" before the entries of a folder: the folder, else empty. A name with blanks only where it begins with
 * '/' or '.', or `is_start`: after an empty line or at the beginning. */
struct md_str md_listing_header(struct md_str line, bool is_start);
/* "mail1# ls -lR /q": a command that was typed. `ret_folder`: its last word where that is an absolute path, else
 * empty. */
bool md_listing_is_command(struct md_str line, struct md_str *ret_folder);
/* "ls: cannot open directory '/q': Permission denied" and the like: something that could not be read. */
bool md_listing_is_error(struct md_str line);

/* Undoes \xHH (HEX) or the escapes of find -ls (C) into `buffer`; what is no escape stays. At most `max` bytes. */
struct md_str md_listing_unescape(enum md_listing_escape escape, struct md_str path, char *buffer, size_t max);

#endif
