/*
 * probes/calendar/log_tally: what the lines of Calendar Server's logs add up to, in bounded memory.
 *
 * Fed line by line with the place of each. Messages of the database library and what befell the daemons are kept as events, like ones within
 * a second (bare panics: within a minute) as one, because an incident can only be told once all logs were read: log_incident.c. Times are
 * instants, MD_TIME_NONE where a line has none; what cannot be dated counts as in the window. Private to calendar.logs.
 */
#ifndef PROBES_CALENDAR_LOG_TALLY_H
#define PROBES_CALENDAR_LOG_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/zone.h"
#include "probes/formats/calendar/message.h"
#include "probes/source/source.h"

#define MD_CALLOG_EVENTS_MAX 100000
#define MD_CALLOG_FILES_MAX 64
#define MD_CALLOG_PROGRAMS_MAX 32
#define MD_CALLOG_ERRORS_MAX 16

enum md_callog_what {
    MD_CALLOG_MESSAGE,
    MD_CALLOG_START,
    MD_CALLOG_STOP,
    MD_CALLOG_CRASH,
    MD_CALLOG_TOOL /* a tool that works on the database wrote a line */
};

struct md_callog_event {
    int64_t at;
    uint32_t order; /* of reading */
    enum md_callog_what what;
    int16_t class_index; /* MESSAGE */
    int16_t program;     /* index, -1: not known */
    bool follows, is_quiet;
    const struct md_item *item;
    uint32_t line;
};

/* A number of lines and the first of them. */
struct md_callog_lines {
    uint64_t n;
    int64_t last; /* the latest dated one, of all times; MD_TIME_NONE: none */
    bool is_undated;
    const struct md_item *item, *last_item;
    uint32_t line, last_line;
};

struct md_callog_file {
    struct md_str name;
    struct md_callog_lines classes[MD_CALDB_CLASSES_MAX];
};

struct md_callog_program {
    struct md_str name;
    bool is_daemon;
    int64_t first, last, last_start; /* lines; MD_TIME_NONE: none that is dated */
    struct md_callog_lines lines, starts, errors, crashes;
};

struct md_callog {
    struct md_arena *arena;
    const struct md_caldb_table *table;
    const char *library;
    const struct md_zone *zone;
    struct md_zone_cache zone_cache;
    int64_t now, since;
    struct md_callog_event *events;
    size_t n_events, events_capacity;
    bool is_cut;
    struct md_callog_lines classes[MD_CALDB_CLASSES_MAX]; /* in the window */
    struct md_callog_lines signs[MD_CALDB_SIGNS];         /* in the window, .last of all times */
    struct {
        const char *name;
        struct md_callog_lines lines;
    } errors[MD_CALLOG_ERRORS_MAX];
    size_t n_errors;
    struct md_callog_file files[MD_CALLOG_FILES_MAX];
    size_t n_files;
    struct md_callog_lines unnamed[MD_CALDB_CLASSES_MAX]; /* messages that name no file */
    struct {
        uint32_t number; /* of the transaction log that the newest message about one names; 0: none */
        int64_t at;
        const struct md_item *item;
        uint32_t line;
    } named;
    struct md_callog_program programs[MD_CALLOG_PROGRAMS_MAX];
    size_t n_programs;
    uint64_t n_lines;               /* that were understood */
    const struct md_item *first_of; /* the first item with one */
    /* the event that a following line may continue */
    bool has_event;
    int64_t at;
    int program;
    enum md_nslog_level level;
    struct md_str process; /* kept */
};

struct md_callog *md_callog_new(struct md_arena *arena, const struct md_caldb_table *table, const char *library,
                                const struct md_zone *zone, int64_t now, double since_s);
/* An item begins: nothing of the one before is continued. */
void md_callog_begin(struct md_callog *log);
/* A line of a log. False: no event, and none to continue. */
bool md_callog_event(struct md_callog *log, struct md_str line, const struct md_item *item, uint32_t number);
/* A line of text without a stamp. `at`: when it was written, or MD_TIME_NONE. */
void md_callog_text(struct md_callog *log, struct md_str line, int64_t at, const struct md_item *item, uint32_t number);
/* Something that befell a program (empty: the host). */
void md_callog_note(struct md_callog *log, enum md_callog_what what, struct md_str program, int64_t at,
                    const struct md_item *item, uint32_t number);

/* ---- log_incident.c: once all was read ---- */

struct md_callog_incident {
    const struct md_callog_event *first_cause; /* NULL: only bare panics, or nothing */
    const struct md_callog_event *panic;       /* the first; NULL: none */
    const struct md_callog_event *crash;       /* the last one, of all times; NULL: none */
    const struct md_callog_event *start;       /* the last one; NULL: none */
    const struct md_callog_event *tool_run;    /* the last one while daemons were up; NULL: none */
};
/* Sorts the events. */
void md_callog_incident(struct md_callog *log, struct md_callog_incident *ret);

#endif
