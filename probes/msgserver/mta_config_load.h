/*
 * probes/msgserver/mta_config_load: reads the configuration of the source into the model, once a run.
 *
 * Takes imta.cnf with what it includes, option.dat, job_controller.cnf, dispatcher.cnf, imta_tailor and channel option
 * files, the output of configutil and msconfig, and msg.conf. Of several files of a kind the one that imta_tailor names
 * counts, else the one with the usual name, else the first; that others were left aside is said. Faults of form go to
 * the diagnostics.
 */
#ifndef PROBES_MSGSERVER_MTA_CONFIG_LOAD_H
#define PROBES_MSGSERVER_MTA_CONFIG_LOAD_H

#include "probes/msgserver/mta_config.h"
#include "probes/probe.h"

/* Never NULL; what is not in the source is missing in it. The same object on every call of a run. */
const struct md_mta_config *md_mta_config_load(struct md_probe_ctx *ctx);

/* The channel keywords of the rule base in use, read once a run. */
const struct md_keywords *md_mta_config_keywords(struct md_probe_ctx *ctx);
/* Where a fact was read: the item that a place of the configuration belongs to. */
struct md_origin md_mta_config_origin(struct md_probe_ctx *ctx, struct md_loc loc);
/* The item of a kind that was read, or NULL. */
const struct md_item *md_mta_config_item(struct md_probe_ctx *ctx, enum md_item_kind kind);
/* The item of a kind that is in force, as above; not read yet. NULL: there is none. */
const struct md_item *md_mta_config_pick(struct md_probe_ctx *ctx, enum md_item_kind kind);
/* What "<path" in one of the files includes: an item of the source with that path, else with its last component. A
 * md_cnf_include_fn whose context is the struct md_probe_ctx. */
bool md_mta_config_include(void *ctx_ptr, struct md_str path, const char **ret_name, struct md_str *ret_text);

#endif
