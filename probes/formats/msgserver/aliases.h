/*
 * probes/formats/msgserver/aliases: the alias file of the MTA, "name: address, address".
 *
 * "!" in column 1 is a comment, "<" in column 1 includes a file (spliced in through the caller's function), "\" behind a
 * comma continues a line. Items of the right side are addresses, files ("</path"), and parameters ("[name] value").
 * Every node keeps file, line and column, also on continued lines. Recovery: a blank before the colon, no colon at all, a
 * "\" without a comma and a comma without "\" are read as they were meant, each with one fault.
 *
 * Ownership  the list lives in the arena and borrows from `text` and from included texts, which must live as long.
 * Errors     mistakes of form are in `faults`, with their places; never fails.
 * Limits     MD_ALIASES_MAX aliases, addresses and includes in all; three levels of includes.
 */
#ifndef PROBES_FORMATS_MSGSERVER_ALIASES_H
#define PROBES_FORMATS_MSGSERVER_ALIASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/loc.h"
#include "engine/base/str.h"
#include "probes/formats/msgserver/cnf_line.h"

#define MD_ALIASES_MAX 1000000

enum md_alias_item_kind { MD_ALIAS_ADDRESS, MD_ALIAS_FILE, MD_ALIAS_PARAMETER };

struct md_alias_item {
    enum md_alias_item_kind kind;
    struct md_str name; /* of a parameter: "capture"; else empty */
    struct md_str text; /* as written, without the ":" that hides; of a parameter its value */
    struct md_loc loc;
    bool is_hidden; /* ":" in front */
    bool is_valid;  /* an address has the form of one */
};

struct md_alias {
    struct md_str name;
    struct md_str value; /* all of the right side, joined */
    struct md_loc loc, value_loc;
    struct md_alias_item *items;
    size_t n_items, items_capacity;
};

struct md_aliases {
    const char *name;
    struct md_alias *aliases; /* in input order; names may repeat */
    size_t n_aliases;
    struct md_cnf_include *includes;
    size_t n_includes;
    struct md_cnf_faults faults;
};

/* `include` may be NULL: nothing is spliced in. */
struct md_aliases *md_aliases_parse(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line,
                                    md_cnf_include_fn *include, void *include_ctx);

#endif
