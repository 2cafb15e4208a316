/*
 * probes/msgserver/server_log_tally: what the lines of the server logs add up to, in constant memory.
 *
 * Fed line by line with the place of each; the probe turns the sums into facts. Times are instants. "In the window" is
 * at or after `since`. Lines that cannot be dated count as if they were in the window only where their file changed in
 * it (the caller says so). Private to the probe of the server logs.
 */
#ifndef PROBES_MSGSERVER_SERVER_LOG_TALLY_H
#define PROBES_MSGSERVER_SERVER_LOG_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/topk.h"
#include "engine/base/zone.h"
#include "probes/formats/msgserver/log_sign.h"
#include "probes/formats/msgserver/nslog.h"
#include "probes/msgserver/program.h"
#include "probes/source/source.h"

#define MD_LOG_CLASSES_MAX 64
#define MD_LOG_OPEN_STARTS_MAX 256
#define MD_LOG_VERSIONS_MAX 8 /* of one program; later ones are left out */
#define MD_LOG_MAILBOXES_MAX 256
#define MD_LOG_PARTITIONS_MAX 32
#define MD_LOG_PAUSES_MAX 512

/* The failure class of a text; empty: none. The name lives as long as the run. */
typedef struct md_str md_log_classify_fn(void *ctx, struct md_str text);

/* A number of lines and one of them. */
struct md_log_lines {
    uint64_t n;
    const struct md_item *item;
    uint32_t line;
};

/* A start that no orderly end followed yet. */
struct md_log_open_start {
    uint64_t pid;
    int64_t at;
};

/* A version that a program named at its starts. */
struct md_log_version {
    struct md_str build;
    int64_t first, last; /* first and last start */
    const struct md_item *item;
    uint32_t line; /* of the first */
};

struct md_log_program {
    uint64_t lines;
    int64_t last; /* last line; MD_TIME_NONE: none */
    const struct md_item *last_item;
    uint32_t last_line;
    struct md_log_lines starts, starts_1h, ends, errors, errors_1h, init_errors, crashes;
    int64_t last_start, last_exit; /* MD_TIME_NONE: none */
    struct md_log_lines lost;      /* starts in the window whose process number came again without an end */
    struct md_log_open_start open[MD_LOG_OPEN_STARTS_MAX];
    size_t n_open;
    struct md_log_lines classes[MD_LOG_CLASSES_MAX];
    struct md_log_version versions[MD_LOG_VERSIONS_MAX];
    size_t n_versions;
};

struct md_log_mailbox {
    struct md_str user;
    struct md_log_lines classes[MD_LOG_CLASSES_MAX];
};

struct md_log_partition {
    struct md_str name; /* of the store, or empty: none was named */
    struct md_str path; /* a path on it, or empty */
    struct md_log_lines io;
    struct md_topk *users;
};

struct md_log_tally {
    struct md_arena *arena;
    md_log_classify_fn *classify;
    void *classify_ctx;
    struct md_str class_names[MD_LOG_CLASSES_MAX];
    size_t n_classes;
    const struct md_zone *zone;
    struct md_zone_cache zone_cache;
    int64_t now, since;
    bool seen;                                /* a line of a server log was understood */
    const struct md_item *seen_in;            /* the first such log, else NULL */
    bool saw_delivery_log;                    /* the log that the deliveries to the store write to was read */
    bool saw_daemon_log;                      /* and one that the daemons write to */
    uint64_t other_lines;                     /* that are no event and continue none */
    struct md_log_lines signs[MD_SIGN_COUNT]; /* in the window */
    struct md_log_lines signs_ever[MD_SIGN_COUNT];
    struct md_log_lines ldap_slow, ldap_down;
    struct md_log_lines jc_errors;
    struct md_log_lines classes[MD_LOG_CLASSES_MAX], classes_1h[MD_LOG_CLASSES_MAX]; /* Error and Critical */
    struct md_log_program *programs;                                                 /* md_program_count() of them */
    struct md_log_mailbox *mailboxes;
    size_t n_mailboxes;
    uint64_t dropped_mailboxes; /* lines about mailboxes beyond the limit */
    struct md_log_partition *partitions;
    size_t n_partitions;
    struct md_topk *permission_users, *start_failures;
    double pauses[MD_LOG_PAUSES_MAX]; /* between lines about the directory, seconds */
    size_t n_pauses;
    int64_t last_ldap;
    /* The event that a following line may continue. */
    bool has_event;
    struct md_nslog_line event;
    int64_t event_at;
    const struct md_program *event_program;
};

struct md_log_tally *md_log_tally_new(struct md_arena *arena, md_log_classify_fn *classify, void *classify_ctx,
                                      const struct md_zone *zone, int64_t now, double since_s);
/* Frees what is not in the arena. */
void md_log_tally_end(struct md_log_tally *tally);

/* The version that a start line names, if any (server_log_versions.c). */
void md_log_versions_add(struct md_arena *arena, struct md_log_program *program, struct md_str text, int64_t at,
                         const struct md_item *item, uint32_t line);
/* The newest change of version of any program: the first start with the new one. False: none is logged; `ret_any` (may be NULL): a version
 * was named at all. */
bool md_log_versions_changed(const struct md_log_tally *tally, struct md_log_version *ret, bool *ret_any);

/* A log begins: nothing of the one before is continued. */
void md_log_tally_begin(struct md_log_tally *tally);
/* A line of a server log. False: neither an event nor the continuation of one. */
bool md_log_tally_event(struct md_log_tally *tally, struct md_str line, const struct md_item *item, uint32_t number);
/* A line of the log of the job controller or the dispatcher; `is_recent`: an undated line counts as in the window. */
void md_log_tally_plain(struct md_log_tally *tally, struct md_str line, const struct md_program *program,
                        bool is_recent, const struct md_item *item, uint32_t number);
/* A line of the watcher's log; `at`: when, or MD_TIME_NONE. */
void md_log_tally_watcher(struct md_log_tally *tally, const struct md_watcher_line *line, int64_t at,
                          const struct md_item *item, uint32_t number);
/* A line of the system's log; `at`: when, or MD_TIME_NONE. */
void md_log_tally_system(struct md_log_tally *tally, struct md_str line, int64_t at, const struct md_item *item,
                         uint32_t number);

#endif
