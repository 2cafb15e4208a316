/*
 * probes/msgserver/option_table: what options there are (rules/msgserver/options.yaml, rules/calendar/ics_keys.yaml).
 *
 * An option is found by the kind of its file ("option.dat", "job_controller.cnf", "dispatcher.cnf", "imta_tailor", "channel_option",
 * "configutil", "ics.conf") and its name, in any letter case, or by its path in the Unified Configuration. Open families ("LDAP_*") stand
 * for all names of a form. A language behind a name ("store.quotaexceededmsg;lang-de") does not count.
 *
 * Ownership  all of it lives in the arena and borrows from the YAML text.
 * Errors     a malformed table: MD_BAD_INPUT, with the place in `diags`.
 */
#ifndef PROBES_MSGSERVER_OPTION_TABLE_H
#define PROBES_MSGSERVER_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#define MD_OPTION_NAME_MAX 512 /* bytes of a name that is looked for; longer ones are not known */

enum md_option_type {
#define MD_OPTION_TYPE(id, name) MD_OPTION_TYPE_##id,
#include "probes/msgserver/option_type.def"
#undef MD_OPTION_TYPE
    MD_OPTION_TYPES
};

struct md_option_def {
    struct md_str name; /* as documented; of a family its pattern */
    struct md_str file; /* kind of file */
    struct md_str
        path; /* in the Unified Configuration: of a configutil parameter the whole path, else the last component */
    enum md_option_type type;
    bool has_type; /* false: only the name is known */
    bool has_low, has_high;
    int64_t low, high;
    bool is_family;
    const struct md_node *node; /* its map (default, defaults, values, since, until, in, tag, unit), or NULL */
};

/* Two names of one thing. */
struct md_option_rename {
    struct md_str file; /* where the old name stands, "imta.cnf" for keywords */
    struct md_str old_name, new_name;
    struct md_str since; /* version from which the new name holds; empty: it is the name of the Unified Configuration */
    bool is_section;     /* a type of section, not an option */
    bool has_own_check;  /* more is said about it than that it was renamed */
};

struct md_option_table;

MD_MUST_CHECK enum md_status md_option_table_read(struct md_arena *arena, const char *name, struct md_str yaml,
                                                  struct md_diags *diags, const struct md_option_table **ret);

/* NULL: there is no such option. */
const struct md_option_def *md_option_table_find(const struct md_option_table *table, struct md_str file,
                                                 struct md_str name);
/* By a path without "role." or "instance."; keywords of channels are not in this table. */
const struct md_option_def *md_option_table_find_path(const struct md_option_table *table, struct md_str path);
/* Whether a path is one whose names this table lists, so that one that is not found is unknown. */
bool md_option_table_covers_path(const struct md_option_table *table, struct md_str path);

/* All of one kind of file, without families; with `file` empty the whole table. In the order of the table. */
size_t md_option_table_count(const struct md_option_table *table);
const struct md_option_def *md_option_table_at(const struct md_option_table *table, size_t i);

/* The other name of something; NULL: it has none, or the table does not say so. */
const struct md_option_rename *md_option_table_rename(const struct md_option_table *table, struct md_str file,
                                                      struct md_str old_name);
/* What somebody meant who wrote a name that the guides misprint; empty: no such misprint. */
struct md_str md_option_table_misprint(const struct md_option_table *table, struct md_str file, struct md_str name);

/* Whether it may stand in a section of this type (empty: the global part). */
bool md_option_def_in_section(const struct md_option_def *def, struct md_str section_type);
/* The default in a version (0, 0: the newest); empty where none is known. */
struct md_str md_option_def_default(const struct md_option_def *def, int major, int minor);
/* -1: the version has it not yet, 1: no longer, 0: it has it, or that is not known. */
int md_option_def_gate(const struct md_option_def *def, int major, int minor);
const char *md_option_type_name(enum md_option_type type);

#endif
