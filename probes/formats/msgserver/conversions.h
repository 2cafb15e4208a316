/*
 * probes/formats/msgserver/conversions: the conversions file, entries of "name=value;" clauses.
 *
 * An entry is one line or several: all but the last end with ";". It ends at a line without one, or at a blank line.
 * "!" in column 1 is a comment, "\" continues a line, values may be in quotation marks. Every node keeps file, line and
 * column, also on continued lines. Recovery: where a semicolon is missing and what follows can only belong to the same
 * entry (it is indented, or begins with what is to be done: out-type, command ...) the entry goes on, with one fault.
 *
 * Ownership  the list lives in the arena and borrows from `text`, which must live as long.
 * Errors     mistakes of form are in `faults`, with their places; never fails.
 * Limits     MD_CONVERSIONS_MAX clauses and entries in all.
 */
#ifndef PROBES_FORMATS_MSGSERVER_CONVERSIONS_H
#define PROBES_FORMATS_MSGSERVER_CONVERSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/loc.h"
#include "engine/base/str.h"
#include "probes/formats/msgserver/cnf_line.h"

#define MD_CONVERSIONS_MAX 200000

struct md_conversion_clause {
    struct md_str name, value; /* the value without enclosing quotation marks */
    struct md_loc loc, value_loc;
};

struct md_conversion {
    struct md_loc loc;
    size_t first, n; /* its clauses */
    bool is_ended;   /* by a line without ";", not only by what follows */
};

struct md_conversions {
    const char *name;
    struct md_conversion *entries;
    size_t n_entries;
    struct md_conversion_clause *clauses;
    size_t n_clauses;
    struct md_cnf_faults faults;
};

struct md_conversions *md_conversions_parse(struct md_arena *arena, const char *name, struct md_str text,
                                            uint32_t first_line);
/* The first clause of this name, without case; NULL: none. */
const struct md_conversion_clause *md_conversion_find(const struct md_conversions *conversions,
                                                      const struct md_conversion *entry, const char *name);

#endif
