/*
 * probes/msgserver/check_model: the configuration as the tree that checks look at (docs/checks.md, "The tree").
 *
 * Built from whatever the source of a run holds: a configuration directory, a tree with one, single files, a bundle, a live host.
 * What needs looking up (which channel a tag belongs to, which rule is in the shade of another, what a keyword replaces) is resolved
 * here, so that a check is a few lines.
 *
 * Ownership  the tree lives in the arena (of the run) and borrows from the files that were read and from the tables.
 * Errors     none: what cannot be read is missing and in the diagnostics; mistakes of form are nodes of the collection `fault`.
 * Limits     MD_NODE_MAX nodes, MD_MTA_CHANNELS_MAX channels.
 */
#ifndef PROBES_MSGSERVER_CHECK_MODEL_H
#define PROBES_MSGSERVER_CHECK_MODEL_H

#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/str.h"
#include "probes/probe.h"

struct md_keywords;
struct md_option_table;

struct md_check_file {
    const char *path; /* "imta.cnf", "config/mappings": its last component says what it is */
    struct md_str text;
};

/* What files in memory are read with; all may be missing, then the built-in tables serve. */
struct md_check_tables {
    const struct md_probe_table *tables; /* of the rule base in use, as in struct md_probe_ctx */
    size_t n_tables;
    const struct md_keywords *keywords;               /* read before, saves time where many trees are built; or NULL */
    const struct md_option_table *options, *ics_keys; /* the same of the tables of options */
    const char *version;                              /* "6.3"; NULL: not known */
};

/* Reads those tables beforehand that are the same for every tree: keywords, options and ics_keys, out of `tables`. */
void md_check_tables_read(struct md_arena *arena, struct md_check_tables *tables, struct md_diags *diags);

/* The root, a map; never NULL. Where nothing of a configuration was found `read` is empty. */
const struct md_node *md_check_model_build(struct md_probe_ctx *ctx);

/* The same from files in memory, taken as one configuration directory. `tables` may be NULL. */
const struct md_node *md_check_model_of_files(struct md_arena *arena, const struct md_check_file *files, size_t n,
                                              const struct md_check_tables *tables, struct md_diags *diags);

#endif
