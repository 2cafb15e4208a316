/*
 * probes/formats/msgserver/nslog: lines of the server logs (imta, imap, default, ...) and the watcher's log.
 *
 *   [30/Aug/2006:17:05:05 -0400] mail1 ims_master[19736]: General Notice: text
 *
 * Also without brackets around the date (before 6.x), without a blank behind the level's colon, and with zones printed
 * as hours and seconds
 * ("+051800"). A line that does not begin so continues the event before it.
 * All slices borrow from the line.
 */
#ifndef PROBES_FORMATS_MSGSERVER_NSLOG_H
#define PROBES_FORMATS_MSGSERVER_NSLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/status.h"
#include "engine/base/str.h"

enum md_nslog_level {
    MD_NSLOG_OTHER,
    MD_NSLOG_DEBUG,
    MD_NSLOG_INFORMATION,
    MD_NSLOG_NOTICE,
    MD_NSLOG_WARNING,
    MD_NSLOG_ERROR,
    MD_NSLOG_CRITICAL,
};

struct md_nslog_line {
    int64_t local; /* the date as printed, counted as if UTC */
    bool has_offset;
    int32_t offset_s; /* of the zone printed */
    struct md_str host, process, category, text;
    uint64_t pid;
    enum md_nslog_level level; /* Emergency and Alert are CRITICAL, Nolog is OTHER */
};

/* MD_BAD_INPUT: no beginning of an event. */
MD_MUST_CHECK enum md_status md_nslog_parse(struct md_str line, struct md_nslog_line *ret);

/* What the text of a General Notice says about the program itself. */
enum md_nslog_life { MD_NSLOG_LIFE_NONE, MD_NSLOG_LIFE_START, MD_NSLOG_LIFE_END, MD_NSLOG_LIFE_LOG_CREATED };
enum md_nslog_life md_nslog_life(struct md_str text);

/* "user/jdoe/Folder", "user/jdoe" or "user/jdoe@example.com/..." in a text: the user; empty where there is none. */
struct md_str md_nslog_user(struct md_str text);
/* "partition/primary/..." or "partition primary" in a text: the name of the store's partition; empty where there is
 * none. */
struct md_str md_nslog_partition(struct md_str text);

/* Lines of log/watcher. */
enum md_watcher_kind {
    MD_WATCHER_OTHER,
    MD_WATCHER_BEGIN,   /* "watcher process 2201 started at DATE" */
    MD_WATCHER_EXIT,    /* "Watched 'imapd' process 2204 exited abnormally" */
    MD_WATCHER_START,   /* "Starting store server .... 2301" */
    MD_WATCHER_STOP,    /* "Stopping http server 2210 .... done" */
    MD_WATCHER_REQUEST, /* "Received request to restart: store imap" */
    MD_WATCHER_DOWN,    /* "imap server is not running" */
    MD_WATCHER_GIVE_UP, /* no more restarts */
};

struct md_watcher_line {
    enum md_watcher_kind kind;
    struct md_str program; /* as printed, without quotes; empty where there is none */
    uint64_t pid;          /* 0: none */
    bool has_time;
    int64_t local; /* of BEGIN, or of a line that begins with a date */
    bool has_offset;
    int32_t offset_s;
};

void md_watcher_parse(struct md_str line, struct md_watcher_line *ret);

#endif
