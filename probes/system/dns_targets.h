/*
 * probes/system/dns_targets: which names the probe of names is to ask about.
 *
 * Stuck    the destinations with queued mail or failures, the most important ones first, each domain once
 * Controls names that must resolve: the site's own domains and this host, and domains that took mail
 * Private to that probe and to the script that asks in its place (cli/collect_script).
 */
#ifndef PROBES_SYSTEM_DNS_TARGETS_H
#define PROBES_SYSTEM_DNS_TARGETS_H

#include "probes/probe.h"

#define MD_DNS_STUCK_MAX 24
#define MD_DNS_CONTROLS_MAX 12
#define MD_DNS_OWN_MAX 16
#define MD_DNS_NEVER_MADE "mtadoctor-no-such-name" /* a name that nobody has made */

/* Domains that are asked for on a host besides those of the site: unrelated, long-lived and meant to be asked for. Ends with NULL. */
extern const char *const md_dns_public_names[];

struct md_dns_targets {
    struct md_str stuck[MD_DNS_STUCK_MAX];
    size_t n_stuck;
    struct md_str controls[MD_DNS_CONTROLS_MAX];
    size_t n_controls;
    struct md_str own_hosts[MD_DNS_OWN_MAX]; /* names of this host */
    size_t n_own_hosts;
    struct md_str held[MD_DNS_OWN_MAX]; /* main domains of held mail */
    size_t n_held;
};

void md_dns_targets_find(struct md_probe_ctx *ctx, struct md_dns_targets *ret);
/* Whether a name is one of this host's. */
bool md_dns_targets_is_own(const struct md_dns_targets *targets, struct md_str name);
/* Whether the mail of a channel finds its way by DNS; false where all goes to one host or no host at all. */
bool md_dns_uses_names(struct md_probe_ctx *ctx, const struct md_instance *channel);
#endif
