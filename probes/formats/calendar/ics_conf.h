/*
 * probes/formats/calendar/ics_conf: the configuration file of Calendar Server.
 *
 * name = "value", one a line; "!" at the start of a line is a comment, and parameters that are shipped switched off stand behind "!" or
 * "!!": they are kept, marked as comments. Of equal names the last one that is no comment holds. Names are compared by byte, as the
 * product does; what is written otherwise (upper case, no quotation marks, typographic ones) is read all the same and marked.
 *
 * Ownership  everything lives in the arena and borrows from `text`. Errors of form are in `faults`; a value that is only written without
 *            its quotation marks is none. Limits  MD_ICS_MAX parameters, further ones are counted.
 */
#ifndef PROBES_FORMATS_CALENDAR_ICS_CONF_H
#define PROBES_FORMATS_CALENDAR_ICS_CONF_H

#include "engine/base/map.h"
#include "probes/formats/msgserver/cnf_line.h"

#define MD_ICS_MAX 100000

enum md_ics_quotes { MD_ICS_QUOTED, MD_ICS_BARE, MD_ICS_SINGLE, MD_ICS_TYPOGRAPHIC, MD_ICS_OPEN };

struct md_ics_parameter {
    struct md_str name, value; /* the value without quotation marks of whatever kind */
    struct md_loc loc, value_loc;
    enum md_ics_quotes quotes;
    bool is_comment;                        /* a sample that is switched off */
    bool has_capitals;                      /* the name is not all in lower case */
    const struct md_ics_parameter *repeats; /* the one before it of the same name, where neither is a comment */
    bool is_repeated;                       /* a later one holds */
};

struct md_ics_conf {
    const char *name;
    struct md_ics_parameter **items; /* in input order */
    size_t n, capacity;
    size_t n_dropped;
    struct md_map *by_name; /* the ones that hold */
    struct md_cnf_faults faults;
};

struct md_ics_conf *md_ics_conf_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line);
/* The one that holds, or NULL. */
const struct md_ics_parameter *md_ics_conf_find(const struct md_ics_conf *conf, struct md_str name);

#endif
