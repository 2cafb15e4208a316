/*
 * probes/msgserver/channel_kind: what a channel is for, by its configuration or its name.
 *
 * store (ims-ms), lmtp, smtp, process (the MTA's own intermediate channels), hold, local (UNIX mailboxes, programs),
 * other.
 */
#ifndef PROBES_MSGSERVER_CHANNEL_KIND_H
#define PROBES_MSGSERVER_CHANNEL_KIND_H

#include "engine/base/str.h"

struct md_mta_config;

/* Static text. `config` may be NULL. */
const char *md_channel_kind(const struct md_mta_config *config, struct md_str channel);

#endif
