/*
 * probes/msgserver/world: what one Messaging Server probe leaves for the next (one per run, zeroed at the start).
 *
 * Written once, by the probe named beside each member, read by later ones; NULL or empty where that probe found nothing. Order of the
 * probes (probes/probes.def): msgserver.identity, msgserver.config, msgserver.queue, msgserver.mail_log, msgserver.envelopes, then
 * the others. Everything lives in the arena of the run but
 * census and traffic, which md_probes_end frees.
 */
#ifndef PROBES_MSGSERVER_WORLD_H
#define PROBES_MSGSERVER_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/str.h"

struct md_mta_config; /* probes/msgserver/mta_config.h: channels, pools, options as configured */
struct md_keywords;   /* probes/formats/msgserver/keywords.h */
struct md_census;     /* probes/msgserver/census.h: the queue files, by name */
struct md_traffic;    /* probes/msgserver/traffic.h: the transaction log, aggregated */

struct md_option_table;

struct md_msgserver_world {
    /* msgserver.identity */
    int version_major, version_minor; /* 6, 3; 0, 0: not known */
    struct md_str version;            /* "6.3", as the contract prints it */
    struct md_str host;               /* name of the host */
    /* before the probes, by whoever makes the run */
    const struct md_keywords *keywords;               /* read before, or NULL: msgserver.config reads them */
    const struct md_option_table *options, *ics_keys; /* NULL: not read yet */
    bool is_check; /* mistakes of form are findings of checks and no problems of the run */
    /* msgserver.config, or whoever needs it first (md_mta_config_load); never NULL after that */
    const struct md_mta_config *config;
    struct md_str queue_root; /* absolute, without a final '/' */
    /* msgserver.queue */
    struct md_census *census;
    /* msgserver.mail_log */
    struct md_traffic *traffic;
};

#endif
