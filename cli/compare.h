/*
 * cli/compare: two sources of one host, or of several, beside each other.
 */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "cli/options.h"
#include "cli/rulebase.h"

/* Writes the comparison as --format says. Returns an exit status: that of the new source, by --fail-on. */
int md_compare_run(const struct md_options *options, struct md_rulebase *base, const char *before, const char *after);

#endif
