/*
 * probes/msgserver/instances: finding one's way among the instances that other probes have made, and making more of them as
 * long as the input does not make too many.
 */
#ifndef PROBES_MSGSERVER_INSTANCES_H
#define PROBES_MSGSERVER_INSTANCES_H

#include <stdbool.h>

#include "engine/fact.h"
#include "probes/probe.h"

/* The children of an instance that are of a scope, in order: the first (after NULL), the next; NULL at the end. */
struct md_instance *md_instances_next(const struct md_instance *parent, const char *scope,
                                      const struct md_instance *after);
/* The instance of that name below `parent`: the one that is there, else a new one. NULL where there are too many already
 * (MD_INSTANCES_EACH below one, MD_INSTANCES_ALL); that is said in the problems with the item that names it. */
#define MD_INSTANCES_EACH 5000
#define MD_INSTANCES_ALL 50000
struct md_instance *md_instances_get(struct md_probe_ctx *ctx, const char *scope, struct md_str name,
                                     struct md_instance *parent, const struct md_item *item);
/* The channel that delivers into this host's store: one with mailboxes on record, else the first of its kind; NULL:
 * none. */
struct md_instance *md_instances_store_channel(struct md_facts *facts);
/* Whether a mailbox instance is the one of a user: "ann@ims-ms-daemon" and "ann" are of "ann"; a hosted user is named
 * with its domain. */
bool md_instances_is_mailbox_of(const struct md_instance *mailbox, struct md_str user);

#endif
