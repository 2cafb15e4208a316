/*
 * probes/calendar/world: what one Calendar Server probe leaves for the next (one per run, zeroed at the start).
 *
 * Order of the probes (probes/probes.def): calendar.identity, calendar.config, calendar.database, calendar.logs, then the others. Whoever
 * needs configuration or the table of messages first loads it: md_calendar_load. Everything lives in the arena of the run.
 */
#ifndef PROBES_CALENDAR_WORLD_H
#define PROBES_CALENDAR_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "probes/formats/calendar/message.h"

struct md_ics_conf; /* probes/formats/calendar/ics_conf.h */
struct md_item;
struct md_probe_ctx;

struct md_calendar_world {
    bool is_loaded;
    const struct md_caldb_table *messages;
    /* The ics.conf that holds (the first that can be read), or NULL. */
    const struct md_ics_conf *conf;
    const struct md_item *conf_item;
    /* Folders, absolute, without a final '/': as configured, else (the database only) as installed; empty: not known. */
    struct md_str csdb_path, hotbackup_path, archive_path, logs_path;
    bool is_csdb_configured;
    const struct md_item
        *csdb_named_in; /* not configured, but a command or path that was sent names the folder; or NULL */
    /* calendar.identity */
    bool is_there;                    /* the source is about Calendar Server */
    int version_major, version_minor; /* 6, 3; 0, 0: not known */
    /* Version of the database library as far as is known ("4.2"), for its return codes; NULL: not known */
    const char *library;
};

/* Reads ics.conf and the table of messages, once. Never NULL. */
struct md_calendar_world *md_calendar_load(struct md_probe_ctx *ctx);

/* Whether the text of ics.conf would have shown a parameter if it were set: what `grep` or `head` took out of the file is not all of it. */
bool md_calendar_conf_shows(const struct md_item *conf_item, const char *name);
/* The same of the file that holds; a parameter that is set is shown. False: there is no file. */
bool md_calendar_knows(const struct md_calendar_world *world, const char *name);

/* The value of a parameter that holds; NULL-terminated nowhere. False: it is not set. */
bool md_calendar_value(const struct md_calendar_world *world, const char *name, struct md_str *ret);
/* "yes", "y", "true", "on", "1"; `otherwise` where it is not set. */
bool md_calendar_flag(const struct md_calendar_world *world, const char *name, bool otherwise);

#endif
