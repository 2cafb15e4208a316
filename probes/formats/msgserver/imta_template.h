/*
 * probes/formats/msgserver/imta_template: the template of a rewrite rule. Used by the parser of imta.cnf.
 *
 * Fills tag, controls and conditions of a rule whose pattern and template are set; the template is a part of
 * line->text. Bounded to 64 controls, never fails.
 */
#ifndef PROBES_FORMATS_MSGSERVER_IMTA_TEMPLATE_H
#define PROBES_FORMATS_MSGSERVER_IMTA_TEMPLATE_H

#include "probes/formats/msgserver/imta_cnf.h"

void md_imta_template_read(struct md_arena *arena, const struct md_cnf_line *line, struct md_imta_rule *rule);

#endif
