/*
 * probes/formats/calendar/bdb: what the files of a Berkeley DB environment have in common.
 *
 * Numbers are in the byte order of the machine that made the file (SPARC: big), which its magic number shows. A log sequence number (LSN) is
 * the number of a log file and an offset in it; a page carries that of its last change, so a page is never newer than the end of the logs.
 * Pure; nothing is allocated. All of it holds for the libraries 3.0 to 5.3.
 */
#ifndef PROBES_FORMATS_CALENDAR_BDB_H
#define PROBES_FORMATS_CALENDAR_BDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct md_bdb_lsn {
    uint32_t file, offset; /* file 0: the change was not logged, or there was none */
};

static inline uint16_t md_bdb_u16(const uint8_t *p, bool is_big)
{
    return (uint16_t)(is_big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static inline uint32_t md_bdb_u32(const uint8_t *p, bool is_big)
{
    return is_big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
                  : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline struct md_bdb_lsn md_bdb_lsn_read(const uint8_t *p, bool is_big)
{
    return (struct md_bdb_lsn){md_bdb_u32(p, is_big), md_bdb_u32(p + 4, is_big)};
}

/* a is later than b */
static inline bool md_bdb_lsn_is_later(struct md_bdb_lsn a, struct md_bdb_lsn b)
{
    return a.file > b.file || (a.file == b.file && a.offset > b.offset);
}

/* The checksum that the library puts on pages and log records that are not encrypted; begin with 0. */
uint32_t md_bdb_sum(uint32_t sum, const uint8_t *bytes, size_t n);

/* Whether the checksum of `n` bytes, taken with zeros in its own place, stands at `at`: in the order of the file, or of a machine of the other
 * order that wrote it. */
bool md_bdb_sum_is_right(const uint8_t *bytes, size_t n, size_t at, bool is_big);

/* "4.2": the library whose logs have this version number, or NULL. Several libraries of one number are called by the first. */
const char *md_bdb_library_of_log(uint32_t version);

#endif
