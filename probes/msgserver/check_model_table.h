/*
 * probes/msgserver/check_model_table: the tables of options as the parts of the tree use them.
 */
#ifndef PROBES_MSGSERVER_CHECK_MODEL_TABLE_H
#define PROBES_MSGSERVER_CHECK_MODEL_TABLE_H

#include "probes/msgserver/check_model_priv.h"
#include "probes/msgserver/option_table.h"

/* Of Messaging Server, and of ics.conf. */
const struct md_option_table *md_check_option_table(struct md_check_build *build);
const struct md_option_table *md_check_ics_table(struct md_check_build *build);

/* A node { name file unified type unit low high since until default tag values is_family is_elsewhere }: is_elsewhere where it may not
 * stand in a section of this type. NULL for NULL. */
const struct md_node *md_check_definition(struct md_check_build *build, const struct md_option_def *def,
                                          struct md_str section_type);

/* option_names[file kind][name] = name, as it is written in this configuration. NULL: nothing. */
void md_check_option_names(struct md_check_build *build, const struct md_option_table *table);

#endif
