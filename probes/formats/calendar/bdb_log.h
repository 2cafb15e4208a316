/*
 * probes/formats/calendar/bdb_log: a transaction log of Berkeley DB (log.0000000001 ...), and the sequence of them.
 *
 * Fed from its beginning in chunks of any size, in constant memory. The header is looked for in the first 64 bytes, because its place
 * depends on the library; where it is at the usual one, records are followed by their lengths and proved by their checksums up to where they
 * end. After the last record there is nothing, or zeros of a file that was made in its full size, or, after a crash, a record that breaks off.
 *
 * The head of each log says where the last record of the log before it began: so a foreign log in the sequence is found.
 */
#ifndef PROBES_FORMATS_CALENDAR_BDB_LOG_H
#define PROBES_FORMATS_CALENDAR_BDB_LOG_H

#include "engine/base/str.h"
#include "engine/base/time.h"
#include "probes/formats/calendar/bdb.h"

#define MD_BDB_LOG_HEAD 64

struct md_bdb_log {
    uint64_t bytes;
    bool has_header; /* its magic number is there */
    bool is_big;
    uint32_t version;   /* of the format; md_bdb_library_of_log */
    uint32_t full_size; /* up to which such a file grows */
    bool is_followed;   /* records were followed; else nothing below is known */
    uint32_t before;    /* where the last record of the log before this one began; 0: there was none */
    uint64_t records;
    uint32_t last, end; /* where the last record began, and where it ends */
    bool is_broken_off; /* bytes that are no record follow the last one */
    uint64_t bad;       /* records of a wrong checksum that good ones follow */
    uint32_t first_bad;
    struct md_bdb_lsn
        checkpoint;        /* of the last checkpoint in it: what is before this is written; file 0: there is none */
    int64_t checkpoint_at; /* MD_TIME_NONE */
};

struct md_bdb_log_reader;

struct md_bdb_log_reader *md_bdb_log_new(void);
void md_bdb_log_free(struct md_bdb_log_reader **reader);
void md_bdb_log_feed(struct md_bdb_log_reader *reader, const void *bytes, size_t n);
/* After the last byte; borrowed from the reader. */
const struct md_bdb_log *md_bdb_log_end(struct md_bdb_log_reader *reader);

/* "log.0000000012" -> 12; false: it is no name of a log. Of ten digits, or of five as the libraries 1 and 2 had them. */
bool md_bdb_log_number(struct md_str name, uint32_t *ret);

#endif
