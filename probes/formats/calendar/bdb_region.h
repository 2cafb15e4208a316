/*
 * probes/formats/calendar/bdb_region: the first region of a Berkeley DB environment (__db.001), which says whether it panicked.
 *
 * Pure, from the first bytes of the file; nothing is attached to. Up to 4.2 a mutex, whose size depends on the machine, stands before the
 * magic number, so it is looked for in the first MD_BDB_REGION_HEAD bytes. An environment in system memory leaves no magic number in the
 * file.
 */
#ifndef PROBES_FORMATS_CALENDAR_BDB_REGION_H
#define PROBES_FORMATS_CALENDAR_BDB_REGION_H

#include "probes/formats/calendar/bdb.h"

#define MD_BDB_REGION_HEAD 320

struct md_bdb_region {
    bool has_panic;               /* somebody found it broken: every call of the library fails until recovery */
    uint32_t major, minor, patch; /* of the library that made it */
    int64_t made;                 /* microseconds UTC; MD_TIME_NONE: it does not say */
};

/* False: there is no magic number. */
bool md_bdb_region_read(const uint8_t *head, size_t n, struct md_bdb_region *ret);

#endif
