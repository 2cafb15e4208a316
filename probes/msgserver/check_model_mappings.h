/*
 * probes/msgserver/check_model_mappings: mappings, aliases and conversions in the tree of a configuration (docs/checks.md).
 *
 * Each function adds the collections of one file that was parsed, its includes and its faults; long lines come with the
 * file. The nodes borrow from what the parser made, which must live as long as the arena of the builder.
 */
#ifndef PROBES_MSGSERVER_CHECK_MODEL_MAPPINGS_H
#define PROBES_MSGSERVER_CHECK_MODEL_MAPPINGS_H

#include "probes/formats/msgserver/aliases.h"
#include "probes/formats/msgserver/conversions.h"
#include "probes/formats/msgserver/mappings.h"
#include "probes/msgserver/check_model_priv.h"

void md_check_model_add_mappings(struct md_check_build *build, const struct md_mappings *mappings);
/* The tables of a Unified Configuration: its values "mapping:NAME.rule", one for each entry. */
void md_check_model_add_mapping_values(struct md_check_build *build);
void md_check_model_add_aliases(struct md_check_build *build, const struct md_aliases *aliases);
void md_check_model_add_conversions(struct md_check_build *build, const struct md_conversions *conversions);

#endif
