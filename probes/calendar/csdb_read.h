/*
 * probes/calendar/csdb_read: what the bytes of the files of a database folder say, read once and for nothing but reading.
 *
 * Logs first, because their last checkpoint says what must be in the databases; then the databases; then, where a page is later than the end
 * of the logs was, the newest log again. On a host itself pages are written while they are read: a page that looks damaged is read again,
 * MD_CSDB_AGAIN times at most, after everything else, and so is a first page.
 *
 * Limits    MD_CSDB_LOG_BYTES of logs are followed record by record, the newest ones; of the others only the header is read.
 * Ownership everything lives in the arena of the run.
 */
#ifndef PROBES_CALENDAR_CSDB_READ_H
#define PROBES_CALENDAR_CSDB_READ_H

#include "probes/calendar/csdb_set.h"
#include "probes/formats/calendar/bdb_log.h"
#include "probes/formats/calendar/bdb_region.h"
#include "probes/formats/calendar/bdb_walk.h"

#define MD_CSDB_AGAIN 3
#define MD_CSDB_LOG_BYTES (UINT64_C(1) << 30)

struct md_csdb_log {
    const struct md_csdb_entry *entry;
    bool is_read; /* else nothing of `log` is known */
    bool is_head; /* only its header */
    struct md_bdb_log log;
};

struct md_csdb_database {
    const struct md_csdb_entry *entry;
    bool is_read;
    struct md_bdb_file file;
};

struct md_csdb_reading {
    struct md_csdb_database *databases;
    struct md_csdb_log *logs; /* by number */
    size_t n_databases, n_logs, n_regions;
    bool has_region; /* the first region was read */
    struct md_bdb_region region;
    struct md_bdb_lsn checkpoint; /* the last one of the logs; file 0: none was seen */
    int64_t checkpoint_at;
    struct md_bdb_lsn end; /* of the logs; file 0: not known. offset UINT32_MAX: somewhere in the file */
    bool has_later_logs;   /* of a host: the newest log was full, or gone, so others were begun while we read */
    enum md_status status; /* MD_INTERRUPTED, or MD_OK */
};

void md_csdb_read(struct md_probe_ctx *ctx, const struct md_csdb_set *set, struct md_csdb_reading *ret);

#endif
