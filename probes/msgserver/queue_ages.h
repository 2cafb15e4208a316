/*
 * probes/msgserver/queue_ages: the age of the oldest message of each channel, once the log has told when its files were submitted.
 *
 * The time of a file that was tried is that of its last attempt. After the slots of the census have their submissions, the fact
 * channel.oldest_s is set anew: exact where the log knows the submission of every tried file, else with bounds.
 */
#ifndef PROBES_MSGSERVER_QUEUE_AGES_H
#define PROBES_MSGSERVER_QUEUE_AGES_H

#include "probes/probe.h"

/* `log`: the item that tells of the submissions. */
void md_queue_set_ages_by_log(struct md_probe_ctx *ctx, const struct md_item *log);

#endif
