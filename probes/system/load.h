/*
 * probes/system/load: load averages and start of the system, from `uptime`.
 */
#ifndef PROBES_SYSTEM_LOAD_H
#define PROBES_SYSTEM_LOAD_H

#include "engine/base/status.h"
#include "probes/probe.h"

MD_MUST_CHECK enum md_status md_load_probe(struct md_probe_ctx *ctx);

#endif
