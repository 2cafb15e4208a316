/*
 * probes/msgserver/config: steps of the probe msgserver.config, and what msgserver.context shares with it.
 */
#ifndef PROBES_MSGSERVER_CONFIG_H
#define PROBES_MSGSERVER_CONFIG_H

#include "probes/msgserver/mta_config.h"
#include "probes/probe.h"

/* Facts of the host: options, values, schedule, times of files. */
void md_config_set_host(struct md_probe_ctx *ctx, const struct md_mta_config *config);
/* host.config_changed and host.config_newer_by_s. */
void md_config_set_times(struct md_probe_ctx *ctx);
/* host.snapshot_minutes and host.snapshot_clashes. */
void md_config_set_snapshots(struct md_probe_ctx *ctx, const struct md_mta_config *config);
/* Tells the source which folders are the mail system's own: queue, logs, store, as configured. */
void md_config_note_folders(struct md_probe_ctx *ctx, const struct md_mta_config *config);
/* Makes an instance of every configured channel and sets its facts. */
void md_config_set_channels(struct md_probe_ctx *ctx, const struct md_mta_config *config);

/* Whether a channel of this name hands mail to hosts of others. */
bool md_config_reaches_outside(const struct md_mta_config *config, struct md_str channel);
/* Whether a rewrite rule other than the default ones (".", ".com") covers a domain; `ret_rule` may be NULL. */
bool md_config_routes(const struct md_mta_config *config, struct md_str domain, const struct md_imta_rule **ret_rule);

/* Times of day "HH:MM" of a crontab line, at most `max`; minutes of the day into `ret`. */
size_t md_crontab_minutes(struct md_str line, int *ret, size_t max);

#endif
