/*
 * probes/msgserver/server_logs: what the server logs say: starts and ends of programs, errors by failure class,
 * mailboxes, the directory, the database, disks.
 *
 * Reads the logs of store and daemons (nslog), of the watcher, the job controller and the dispatcher, and the system's
 * log, all as streams. Texts get their failure class from the table of failures and their other meaning from
 * log_sign.def. Counts are of the window of the run; what is said once at a start (descriptors, versions,
 * initialization) counts in everything read.
 */
#ifndef PROBES_MSGSERVER_SERVER_LOGS_H
#define PROBES_MSGSERVER_SERVER_LOGS_H

#include "probes/probe.h"

struct md_log_tally;

/* The facts of a tally (server_log_facts.c). */
void md_server_log_facts(struct md_probe_ctx *ctx, const struct md_log_tally *tally);

#endif
