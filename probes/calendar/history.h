/*
 * probes/calendar/history: what people typed, from shell histories and pasted prompts: whether files of the database were removed by hand.
 *
 * Sets host.cal_regions_removed and host.cal_logs_removed where a command shows it, and leaves them unknown else: what is in no history may
 * have been typed all the same. Regions that are removed behind a recovery are left-overs, and no loss.
 */
#ifndef PROBES_CALENDAR_HISTORY_H
#define PROBES_CALENDAR_HISTORY_H

#include "probes/probe.h"

void md_calendar_history(struct md_probe_ctx *ctx);

#endif
