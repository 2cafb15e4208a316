/*
 * probes/formats/msgserver/store_out: what the store's commands print: imquotacheck, imsconnutil, mboxutil -l, imcheck,
 * stored's state file.
 *
 * The columns of imquotacheck and mboxutil are not published for all versions: rows are taken by what their words look
 * like. Output in `arena`; texts borrow from the input. Limits: MD_STORE_ROWS_MAX rows each.
 */
#ifndef PROBES_FORMATS_MSGSERVER_STORE_OUT_H
#define PROBES_FORMATS_MSGSERVER_STORE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#define MD_STORE_ROWS_MAX 1000000

struct md_quota_row {
    uint32_t line;
    struct md_str user;
    double pct; /* use of the disk quota, per cent */
};
/* Users whose use of a quota is printed; users without a quota are left out and counted. */
size_t md_quota_parse(struct md_arena *arena, struct md_str text, const struct md_quota_row **ret, size_t *ret_without);

struct md_session_row {
    uint32_t line;
    struct md_str user, from;
    int64_t local; /* since when, counted as if UTC; MD_TIME_NONE */
};
/* Open sessions (imsconnutil -c); rows of last accesses (-a) are none. */
size_t md_sessions_parse(struct md_arena *arena, struct md_str text, const struct md_session_row **ret);

/* Folders of mboxutil -l, and the mailboxes of imcheck -m. */
struct md_folder_row {
    uint32_t line;
    struct md_str user, mailbox, partition; /* "jdoe", "user/jdoe/Sent", "primary" */
};
size_t md_folders_parse(struct md_arena *arena, struct md_str text, const struct md_folder_row **ret);

/* Database statistics of imcheck -s. */
struct md_db_stats {
    bool has_deadlocks, has_lock_waits, has_cache_hit, has_log_files;
    uint64_t deadlocks, lock_waits, log_files;
    double cache_hit_pct;
    uint32_t deadlocks_line, lock_waits_line, cache_hit_line, log_files_line;
};
/* MD_NOT_FOUND: none of them is in the text. */
MD_MUST_CHECK enum md_status md_db_stats_parse(struct md_str text, struct md_db_stats *ret);

/* "2202 ready", the word on the same or the next line. */
struct md_state_file {
    uint64_t pid;
    struct md_str state; /* may be empty */
};
MD_MUST_CHECK enum md_status md_state_file_parse(struct md_str text, struct md_state_file *ret);

#endif
