/*
 * probes/msgserver/roles: what a host does in the mail system, from its configuration and from what runs on it.
 *
 * Configuration decides; processes, logs and listings only tell a store from a relay whose stock configuration also
 * holds the store's channel. Nothing is said (is_known false) where no configuration was read: a role that was not seen
 * is not absent.
 */
#ifndef PROBES_MSGSERVER_ROLES_H
#define PROBES_MSGSERVER_ROLES_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/loc.h"
#include "probes/msgserver/mta_config.h"

enum md_role {
#define MD_ROLE(id, name, says) MD_ROLE_##id,
#include "probes/msgserver/roles.def"
#undef MD_ROLE
    MD_ROLE_COUNT
};

/* What was seen besides the configuration. */
struct md_role_signs {
    bool store_runs; /* a store process, its logs or its state */
    bool lmtp_server_runs;
    bool proxy_runs;
};

struct md_roles {
    bool is_known;
    bool has[MD_ROLE_COUNT];
    struct md_loc loc[MD_ROLE_COUNT]; /* what says so in the configuration; no file: what runs */
};

void md_roles_find(const struct md_mta_config *config, const struct md_role_signs *signs, struct md_roles *ret);
const char *md_role_name(enum md_role role);

#endif
