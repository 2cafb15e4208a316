/*
 * probes/formats/calendar/tool_out: what the tools of Calendar Server and of its database library print.
 *
 * The words of csdb, cstool and csschedule are published in parts only, those of the library's tools differ a little from version to
 * version, and people paste them one behind the other, with and without prompts and "rc=1". So the lines of all are read by one reader,
 * line by line, which takes what it knows and passes over the rest; which tool printed them matters only for lines that any tool may print.
 *
 * Use        new, then for each output begin, line ..., end; the sums are in *out.
 * Ownership  everything lives in the arena; nothing borrows from the lines.
 * Units      times are as printed, counted as if UTC. Places are the number given with a line, 0: none.
 * Limits     MD_TOOL_FILES_MAX files, MD_TOOL_LOCKERS_MAX lockers; further ones are left out (is_cut).
 */
#ifndef PROBES_FORMATS_CALENDAR_TOOL_OUT_H
#define PROBES_FORMATS_CALENDAR_TOOL_OUT_H

#include "engine/base/time.h"
#include "probes/formats/calendar/message.h"

#define MD_TOOL_FILES_MAX 64
#define MD_TOOL_LOCKERS_MAX 4096
#define MD_TOOL_NAMES_MAX 16

enum md_tool {
    MD_TOOL_VERSION,
    MD_TOOL_CHECK,
    MD_TOOL_REBUILD,
    MD_TOOL_LIST,
    MD_TOOL_VERIFY,
    MD_TOOL_STAT,
    MD_TOOL_RECOVER, /* db_recover and csdb recover */
    MD_TOOL_ARCHIVE,
    MD_TOOL_DUMP,
    MD_TOOL_PING,
    MD_TOOL_SCHEDULE,
    MD_TOOL_ALARMS, /* dbrig */
    MD_TOOL_CAPTURE,
    MD_TOOL_STACK,
    MD_TOOL_OTHER
};

/* Where something was read: an output, by the number that its beginning was given, and a line of it. */
struct md_tool_place {
    size_t output;
    uint32_t line;
};

enum md_tool_verdict { MD_TOOL_UNKNOWN, MD_TOOL_GOOD, MD_TOOL_BAD };

struct md_tool_file {
    struct md_str name; /* "ics50events.db"; empty: not named */
    enum md_tool_verdict verdict;
    struct md_tool_place place;                /* of the verdict, or of the first complaint */
    uint64_t complaints[MD_CALDB_CLASSES_MAX]; /* by class */
    uint64_t n_complaints;
    bool has_keys, has_pairs;
    uint64_t keys, pairs;
    struct md_tool_place keys_place, pairs_place;
};

struct md_tool_locker {
    struct md_str id;
    uint64_t pid; /* 0: not printed */
    uint64_t held, waits;
    struct md_tool_place place;
};

/* What was seen of one kind: how often, and where first. */
struct md_tool_seen {
    uint64_t n;
    struct md_tool_place place;
};

enum md_tool_count {
    MD_TOOL_EVENTS,
    MD_TOOL_TODOS,
    MD_TOOL_RECURRING,
    MD_TOOL_DELETELOG,
    MD_TOOL_GSE,
    MD_TOOL_CALENDARS,
    MD_TOOL_COUNTS
};

enum md_tool_frame {
    MD_TOOL_FRAME_GSE,
    MD_TOOL_FRAME_ALARM,
    MD_TOOL_FRAME_LOCK,
    MD_TOOL_FRAME_IO,
    MD_TOOL_FRAME_LDAP,
    MD_TOOL_FRAME_IDLE,
    MD_TOOL_FRAMES
};

struct md_tool_out {
    struct md_tool_file files[MD_TOOL_FILES_MAX];
    size_t n_files;
    bool is_cut;

    /* db_stat */
    bool has_panic, is_panic;
    struct md_tool_place panic_place;
    char library[8]; /* "4.2", empty: not printed */
    struct md_tool_place library_place;
    bool has_checkpoint;
    int64_t checkpoint; /* MD_TIME_NONE: none was ever made */
    struct md_tool_place checkpoint_place;
    bool has_active, has_deadlocks, has_locks;
    uint64_t active, deadlocks;
    struct md_tool_place active_place, deadlocks_place, locks_place;
    struct md_tool_locker *lockers;
    size_t n_lockers, lockers_capacity;

    /* recovery */
    struct md_tool_seen recover, recover_done, recover_failed;
    int recover_rc;        /* of the last one; -1: not known */
    int64_t recover_local; /* "Recovery complete at", of the last one; MD_TIME_NONE: not printed */

    /* csdb */
    struct md_tool_seen check, check_lines, list, rebuild, rebuild_done, rebuild_broken;
    bool rebuild_is_last; /* of the last rebuild: its last line says that it is done */
    bool has_count[MD_TOOL_COUNTS], has_listed[MD_TOOL_COUNTS];
    uint64_t count[MD_TOOL_COUNTS]; /* that the last rebuild scanned */
    uint64_t listed[MD_TOOL_COUNTS];
    uint64_t logs; /* that db_archive names */
    struct md_tool_seen archive;

    /* the product */
    struct md_tool_seen schedule, alarms, alarms_stop;
    uint64_t schedule_entries;
    struct md_str ping_failed[MD_TOOL_NAMES_MAX], not_running[MD_TOOL_NAMES_MAX], running[MD_TOOL_NAMES_MAX];
    size_t n_ping_failed, n_not_running, n_running;
    struct md_tool_seen ping, capture;
    int64_t reboot_local; /* "Machine Last Reboot:"; MD_TIME_NONE: not printed */
    struct md_tool_seen frames[MD_TOOL_FRAMES];

    /* messages of the library in any of them */
    struct md_tool_seen classes[MD_CALDB_CLASSES_MAX];
};

struct md_tool_reader;

struct md_tool_reader *md_tool_reader_new(struct md_arena *arena, const struct md_caldb_table *table);
/* `command`: the command line, or empty; `exit_code`: -1 where it is not known. Returns the number of the output. */
size_t md_tool_begin(struct md_tool_reader *reader, enum md_tool tool, struct md_str command, struct md_str name,
                     int exit_code);
void md_tool_line(struct md_tool_reader *reader, struct md_str line, uint32_t number);
void md_tool_end(struct md_tool_reader *reader);
const struct md_tool_out *md_tool_result(const struct md_tool_reader *reader);

const char *md_tool_count_name(enum md_tool_count count);
const char *md_tool_frame_name(enum md_tool_frame frame);

#endif
