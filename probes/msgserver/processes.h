/*
 * probes/msgserver/processes: which programs of the product run, since when, and what they use.
 *
 * Reads `ps` and `imsimta process`. That a program does not run is a fact only where a table shows every process of the
 * host, or of the product (rows picked by grep), or, for the MTA, where `imsimta process` was seen. Two tables that
 * differ give bounds. A start that is known to the day only gives an age with bounds.
 */
#ifndef PROBES_MSGSERVER_PROCESSES_H
#define PROBES_MSGSERVER_PROCESSES_H

#include "probes/probe.h"

/* The process numbers of the best table, for telling the living from the dead in a log. */
struct md_process_numbers {
    const uint64_t *pids;
    size_t n;
    bool is_complete; /* it shows every process of the product */
};
void md_processes_numbers(struct md_probe_ctx *ctx, struct md_process_numbers *ret);

#endif
