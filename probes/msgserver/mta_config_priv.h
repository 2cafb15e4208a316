/*
 * probes/msgserver/mta_config_priv: the steps of md_mta_config_new.
 */
#ifndef PROBES_MSGSERVER_MTA_CONFIG_PRIV_H
#define PROBES_MSGSERVER_MTA_CONFIG_PRIV_H

#include "probes/msgserver/mta_config.h"

/* Channels, pools, classes and rules from the text files. */
void md_mta_config_read_legacy(struct md_arena *arena, struct md_mta_config *config);
/* The same from msconfig's output; sets is_unified where it speaks of channels. */
void md_mta_config_read_unified(struct md_arena *arena, struct md_mta_config *config);
/* What the keywords of each channel mean, with the product's defaults. */
void md_mta_config_settle_channels(struct md_mta_config *config);

#endif
