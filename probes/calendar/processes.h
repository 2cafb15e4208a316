/*
 * probes/calendar/processes: which daemons of Calendar Server run.
 *
 * That a daemon does not run is a fact only where a table shows every process of the host, or rows picked by a search for this product; or
 * where the summary of cscapture says so. A watcher and a notification server may be Messaging Server's: their path tells, and where it does
 * not, they are this product's where nothing of the other is there.
 */
#ifndef PROBES_CALENDAR_PROCESSES_H
#define PROBES_CALENDAR_PROCESSES_H

#include "probes/formats/system/ps.h"
#include "probes/probe.h"

struct md_calendar_table {
    const struct md_item *item;
    struct md_ps ps;
    int64_t taken_at;
    bool knows_all; /* every process of the product */
};

/* The table that says most. False: there is none. */
bool md_calendar_process_table(struct md_probe_ctx *ctx, struct md_calendar_table *ret);

#endif
