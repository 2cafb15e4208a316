/*
 * probes/msgserver/queue_read: the census of the queue, from whatever of it is in the source.
 *
 * A source may hold the queue folder itself, one listing of it, several of the same folder, or one for each channel;
 * and listings of other things. Each is counted on its own and taken if it shows a queue; of those that show the same
 * channel the best one counts: the live folder, then whole listings, then the newest one, and last a copied folder (its
 * times are those of copying).
 */
#ifndef PROBES_MSGSERVER_QUEUE_READ_H
#define PROBES_MSGSERVER_QUEUE_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "probes/msgserver/census.h"
#include "probes/probe.h"

struct md_queue_reading {
    struct md_census *census;           /* NULL: nothing of a queue is there */
    bool is_exact;                      /* all that is listed was seen and understood; else counts are lower bounds */
    bool is_whole_queue;                /* a listing of the queue root, not of single channels */
    const struct md_item *const *items; /* that it was read from, the first is the main one */
    size_t n_items;
    const struct md_item *const *item_of; /* by index of the channel in the census */
    enum md_status status;                /* MD_INTERRUPTED: cut short */
};

/* The census belongs to the caller (md_census_free), all else to the arena of the run. */
void md_queue_read(struct md_probe_ctx *ctx, struct md_queue_reading *ret);

#endif
