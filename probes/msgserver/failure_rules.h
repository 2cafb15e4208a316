/*
 * probes/msgserver/failure_rules: the table of failure texts of the rule base (rules/msgserver/failures.yaml),
 * compiled.
 *
 * Compiling takes a millisecond; the table lives in the arena of the run. A broken table is our own mistake.
 */
#ifndef PROBES_MSGSERVER_FAILURE_RULES_H
#define PROBES_MSGSERVER_FAILURE_RULES_H

#include "probes/formats/msgserver/failure.h"
#include "probes/probe.h"

const struct md_failure_table *md_failure_rules_load(struct md_probe_ctx *ctx);

#endif
