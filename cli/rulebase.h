/*
 * cli/rulebase: which rule base a run works with: the one that is compiled in, a folder (--rules), and a site's
 * additions.
 *
 * The catalogue of facts is one for all products; the rules of a product are loaded when they are first asked for. A file belongs to the
 * product whose name is the first folder of its path ("site/" not counted), and else to all of them; cases in no product's folder are
 * tried with the first one.
 */
#ifndef CLI_RULEBASE_H
#define CLI_RULEBASE_H

#include "cli/options.h"
#include "cli/product.h"
#include "engine/base/diag.h"
#include "engine/check.h"
#include "engine/rules.h"
#include "probes/probe.h"

#define MD_SITE_RULES_FOLDER "/etc/mtadoctor/rules.d"

/* One text file of the base that is no rule file (failure texts, keywords), by its path relative to the top. */
struct md_rulebase {
    struct md_arena *arena;
    const struct md_catalogue *catalogue;         /* NULL after md_rulebase_read */
    struct md_rules *rules[MD_PRODUCT_COUNT + 1]; /* of each product, and of all; NULL until md_rulebase_rules */
    const struct md_rule_file *files;
    size_t n_files;
    const struct md_probe_table *tables; /* the same files, as probes want them */
    struct md_checks *checks;            /* NULL until md_rulebase_checks */
};

/* MD_OK, or a failure that was said in `diags`. `with_site`: add MD_SITE_RULES_FOLDER where it exists. */
MD_MUST_CHECK enum md_status md_rulebase_open(const struct md_options *options, bool with_site, struct md_arena *arena,
                                              struct md_diags *diags, struct md_rulebase *ret);
/* The rules of a product, NULL: of all products together (to look things up; a diagnosis is of one). What is wrong with them goes to `diags`
 * when they are loaded; what is left out for it is not there. */
struct md_rules *md_rulebase_rules(struct md_rulebase *base, const struct md_product *product, struct md_diags *diags);
/* Whether there are rules of its own. */
bool md_rulebase_has(const struct md_rulebase *base, const struct md_product *product);
/* The files that they are loaded from; of what else belongs to a product, too. In the arena of the base. */
struct md_rules_input md_rulebase_input(const struct md_rulebase *base, const struct md_product *product);
/* The checks of configuration, which a diagnosis does not need: loaded when they are first asked for. */
struct md_checks *md_rulebase_checks(struct md_rulebase *base, struct md_diags *diags);
/* Only the files, without a catalogue: no rules can be asked for. MD_NOT_FOUND: --rules names no rule base. */
MD_MUST_CHECK enum md_status md_rulebase_read(const struct md_options *options, bool with_site, struct md_arena *arena,
                                              struct md_diags *diags, struct md_rulebase *ret);
void md_rulebase_close(struct md_rulebase *base);

#endif
