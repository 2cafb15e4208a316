/*
 * probes/system/network: retransmissions of TCP, from `netstat -s`.
 */
#ifndef PROBES_SYSTEM_NETWORK_H
#define PROBES_SYSTEM_NETWORK_H

#include "engine/base/status.h"
#include "probes/probe.h"

MD_MUST_CHECK enum md_status md_network_probe(struct md_probe_ctx *ctx);

#endif
