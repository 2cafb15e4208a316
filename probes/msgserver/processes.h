/*
 * probes/msgserver/processes: which programs of the product run, since when, and what they use.
 *
 * Reads `ps` and `imsimta process`. That a program does not run is a fact only where a table shows every process of the
 * host, or of the product (rows picked by grep), or, for the MTA, where `imsimta process` was seen. Two tables that
 * differ give bounds. A start that is known to the day only gives an age with bounds.
 */
#ifndef PROBES_MSGSERVER_PROCESSES_H
#define PROBES_MSGSERVER_PROCESSES_H

#include "engine/base/status.h"
#include "probes/probe.h"

MD_MUST_CHECK enum md_status md_processes_probe(struct md_probe_ctx *ctx);

#endif
