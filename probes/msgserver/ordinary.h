/*
 * probes/msgserver/ordinary: what may ordinarily be queued in a channel, and whether more is there (channel.ordinary,
 * channel.beyond_ordinary).
 *
 * Ordinary is what the site file says; without it, at most one hour of the channel's usual arrivals with the oldest
 * untried file under 30 minutes. Held files do not count: they wait for a person. What cannot be told stays unknown.
 * Uses the facts that the probes of the queue and the transaction log have set. Private to msgserver.context.
 */
#ifndef PROBES_MSGSERVER_ORDINARY_H
#define PROBES_MSGSERVER_ORDINARY_H

#include "probes/probe.h"

void md_ordinary_set(struct md_probe_ctx *ctx, struct md_instance *channel);
/* Names under `ordinary` that are no channel here are noted as problems. */
void md_ordinary_check_names(struct md_probe_ctx *ctx);

#endif
