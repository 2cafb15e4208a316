/*
 * cli/wizard/case_rule: a rule case out of a case file (`rules case-from FILE`): the facts of the session as it stands, and what
 * the rules make of them, in the YAML of *.cases.yaml. It passes `rules test` with the rules that wrote it; a person then says what
 * should have come out, and adds it to the rule base.
 */
#ifndef CLI_WIZARD_CASE_RULE_H
#define CLI_WIZARD_CASE_RULE_H

#include "cli/rulebase.h"

/* Prints it as the options say. Returns an exit status; what is wrong was said on standard error. */
int md_case_rule(const struct md_options *options, struct md_rulebase *base, const char *path, struct md_arena *arena);

#endif
