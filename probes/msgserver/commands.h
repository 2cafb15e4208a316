/*
 * probes/msgserver/commands: what the outputs of the product's own commands say.
 *
 * commands.c        the job controller: qm jobs, messages, summarize, directory -database, start and stop; counters
 * commands_store.c  the store: quota, sessions, partitions of mailboxes, database, state of stored
 * commands_top.c    qm top: destinations, recipients and senders of what is queued
 * commands_door.c   the SMTP server: how it greets a client
 * Private to the probe; all read what is there and leave unknown what nobody ran.
 */
#ifndef PROBES_MSGSERVER_COMMANDS_H
#define PROBES_MSGSERVER_COMMANDS_H

#include "probes/probe.h"

#define MD_COMMAND_TEXT_MAX (64u << 20)
#define MD_JOB_CONTROLLER_PORT 27442 /* where nothing is set */

/* True where something was read. */
bool md_commands_store(struct md_probe_ctx *ctx);
bool md_commands_greeting(struct md_probe_ctx *ctx);
bool md_commands_top(struct md_probe_ctx *ctx);

#endif
