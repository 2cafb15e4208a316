/*
 * cli/rulebase: which rule base a run works with: the one that is compiled in, a folder (--rules), and a site's
 * additions.
 */
#ifndef CLI_RULEBASE_H
#define CLI_RULEBASE_H

#include "cli/options.h"
#include "engine/base/diag.h"
#include "engine/check.h"
#include "engine/rules.h"
#include "probes/probe.h"

#define MD_SITE_RULES_FOLDER "/etc/mtadoctor/rules.d"

/* One text file of the base that is no rule file (failure texts, keywords), by its path relative to the top. */
struct md_rulebase {
    struct md_rules *rules;
    const struct md_rule_file *files;
    size_t n_files;
    const struct md_probe_table *tables; /* the same files, as probes want them */
    struct md_checks *checks;            /* NULL until md_rulebase_checks */
};

/* MD_OK, or a failure that was said in `diags`. `with_site`: add MD_SITE_RULES_FOLDER where it exists. */
MD_MUST_CHECK enum md_status md_rulebase_open(const struct md_options *options, bool with_site, struct md_arena *arena,
                                              struct md_diags *diags, struct md_rulebase *ret);
/* The checks of configuration, which a diagnosis does not need: loaded when they are first asked for. */
struct md_checks *md_rulebase_checks(struct md_rulebase *base, struct md_diags *diags);
/* Only the files: `rules` stays NULL. MD_NOT_FOUND: --rules names no rule base. */
MD_MUST_CHECK enum md_status md_rulebase_read(const struct md_options *options, bool with_site, struct md_arena *arena,
                                              struct md_diags *diags, struct md_rulebase *ret);
void md_rulebase_close(struct md_rulebase *base);

#endif
