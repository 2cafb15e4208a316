/*
 * probes/formats/msgserver/mappings: the mappings file, tables of patterns and templates.
 *
 * A table is a name in column 1, a blank line and indented entries of two columns; a blank line ends it. "!" in column 1
 * is a comment, "<" includes a file (spliced in through the caller's function), "\" continues a line, "$ " is a blank
 * inside a column. Every node keeps file, line and column, also on continued lines. Recovery: entries without
 * indentation or behind a stray blank line belong to the table that they were meant for, and a column with bare blanks is
 * read whole, each with one fault.
 *
 * What the sequences of patterns and templates say is read as far as it can be seen without the caller of the table:
 * letters that are no control are flags for that caller.
 *
 * Ownership  the tree lives in the arena and borrows from `text` and from included texts, which must live as long.
 * Errors     mistakes of form are in `faults`, with their places; never fails.
 * Limits     MD_MAPPINGS_MAX tables, entries and includes in all; MD_MAPPING_REFS_MAX references and fields of one entry;
 *            three levels of includes.
 */
#ifndef PROBES_FORMATS_MSGSERVER_MAPPINGS_H
#define PROBES_FORMATS_MSGSERVER_MAPPINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/loc.h"
#include "engine/base/str.h"
#include "probes/formats/msgserver/cnf_line.h"

#define MD_MAPPINGS_MAX 500000
#define MD_MAPPING_REFS_MAX 32

/* A part of a pattern between "|", of "NAME=value;" clauses the value; or a table that a template names. */
struct md_mapping_part {
    struct md_str name; /* of a clause, else empty */
    struct md_str text;
    struct md_loc loc;
    bool is_literal; /* without wildcards and substitutions */
};

/* "$(192.0.2.0/24)": how much of an address counts. */
struct md_mapping_prefix {
    struct md_loc loc;
    uint32_t address;
    unsigned bits;
    bool is_valid; /* four numbers up to 255, at most 32 bits */
};

struct md_mapping_entry {
    struct md_str pattern, template; /* template: all behind the pattern where there are more columns */
    struct md_loc loc, template_loc;
    size_t n_columns;
    uint32_t position; /* in its table, from 0 */

    bool is_catch_all;              /* the pattern matches whatever is probed */
    unsigned n_bars;                /* "|" in the pattern */
    struct md_mapping_part *fields; /* the pattern at its "|"; or its clauses: IN-CHAN=x;OUT-CHAN=y;CONVERT */
    size_t n_fields;
    struct md_mapping_prefix *prefix; /* the first one; NULL: none */

    uint32_t flags; /* letters that the caller gets, a bit each: MD_MAPPING_FLAG('Y') */
    bool continues; /* $C, $L or $R: later entries are looked at, too */
    bool ends;      /* $E */
    bool may_fail; /* it asks another table, a directory, a database, a routine, a flag or chance, and goes on if not */
    struct md_mapping_part *nested; /* "$|TABLE;argument|" */
    size_t n_nested;
    struct md_mapping_part *unknown; /* sequences that nobody knows, with their "$" */
    size_t n_unknown;
};

#define MD_MAPPING_FLAG(letter) ((uint32_t)1 << ((letter) - 'A'))

struct md_mapping_table {
    struct md_str name;
    struct md_loc loc;
    bool has_blank_after_name; /* or nothing follows it */
    size_t first, n;           /* its entries */
};

struct md_mappings {
    const char *name;
    struct md_mapping_table *tables; /* in input order; names may repeat */
    size_t n_tables;
    struct md_mapping_entry *entries;
    size_t n_entries;
    struct md_cnf_include *includes;
    size_t n_includes;
    struct md_cnf_faults faults;
};

/* `include` may be NULL: nothing is spliced in. */
struct md_mappings *md_mappings_parse(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line,
                                      md_cnf_include_fn *include, void *include_ctx);
/* The first table of this name, without case; NULL: none. */
const struct md_mapping_table *md_mappings_find(const struct md_mappings *mappings, const char *name);

/* Fills in what pattern and template say; both are parts of line->text. Used by the parser and for Unified
 * Configuration. */
void md_mapping_entry_read(struct md_arena *arena, const struct md_cnf_line *line, struct md_mapping_entry *entry);
/* One whole entry: pattern and template of line->text, and what they say. `entry` is zeroed before, but for `position`. */
void md_mapping_entry_parse(struct md_arena *arena, const struct md_cnf_line *line, struct md_cnf_faults *faults,
                            struct md_mapping_entry *entry);

#endif
