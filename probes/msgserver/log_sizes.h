/*
 * probes/msgserver/log_sizes: how much room the transaction logs take, by listings of their folder.
 *
 * A source seldom holds the cumulative mail.log itself; a listing of the log folder still shows its size. Listings of the
 * queue are not read.
 */
#ifndef PROBES_MSGSERVER_LOG_SIZES_H
#define PROBES_MSGSERVER_LOG_SIZES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/fact.h"
#include "probes/probe.h"

/* Bytes of mail.log, mail.log_yesterday and mail.log_current in the listing that shows most of them; false: none shows any. */
bool md_log_sizes(struct md_probe_ctx *ctx, uint64_t *ret_bytes, struct md_origin *ret_origin);

#endif
