/*
 * probes/calendar/csdb_set: which files are the live database of Calendar Server, among all that a source holds.
 *
 * A host has several folders with such files: the database itself, hot backups, archives, copies that somebody made. The one that ics.conf
 * names is it; where nothing names it, the one called csdb, that has regions, that no word of its path calls a copy. Its files are those whose
 * bytes are there and those that a listing of it names; of a file in both, times and owner are those of the listing where the bytes are a
 * copy's.
 *
 * Ownership: everything lives in the arena of the run.
 */
#ifndef PROBES_CALENDAR_CSDB_SET_H
#define PROBES_CALENDAR_CSDB_SET_H

#include "probes/probe.h"

#define MD_CSDB_ENTRIES_MAX 4000 /* of all folders; further files are not looked at */
#define MD_CSDB_FOLDERS_MAX 256

enum md_csdb_kind { MD_CSDB_DATABASE, MD_CSDB_LOG, MD_CSDB_REGION, MD_CSDB_VERSION_FILE };

struct md_csdb_entry {
    enum md_csdb_kind kind;
    struct md_str name; /* without folder */
    uint32_t number;    /* of a log or region */
    bool has_size;
    uint64_t size;
    int64_t mtime;               /* MD_TIME_NONE: not known */
    struct md_str owner;         /* empty: not known */
    const struct md_item *bytes; /* NULL: it is only listed */
    const struct md_item *from;  /* where it was seen: the listing, or the file itself */
};

struct md_csdb_set {
    struct md_str folder;          /* as far as known: absolute, or in the source */
    struct md_csdb_entry *entries; /* databases by name, logs and regions by number */
    size_t n;
    bool has_all_databases;     /* what is not here is not there */
    bool has_all_logs;          /* the same for logs and regions */
    const struct md_item *from; /* of what is said of the folder as a whole */
};

/* False: there is none. */
bool md_csdb_find(struct md_probe_ctx *ctx, struct md_csdb_set *ret);

/* How much of its folder a listing shows, by the command that made it: of one without a command, all. */
enum md_csdb_part { MD_CSDB_SOME, MD_CSDB_ALL_DATABASES, MD_CSDB_ALL };
enum md_csdb_part md_csdb_listed(struct md_str command);

/* Whether a file belongs to such a folder, by its name. */
bool md_csdb_name(struct md_str name, enum md_csdb_kind *ret_kind, uint32_t *ret_number);

#endif
