/*
 * cli/rules_json: the answers of `rules list|lint|test` as JSON.
 *
 *   list  mtadoctor.rules/1  {"schema", "rules": hash, "diagnoses": [..], "findings": [..], "remedies": [..], "checks": [..]}
 *   lint  mtadoctor.lint/1   {"schema", "rules", "findings": [ {"severity", "file", "line", "message"} ],
 *                             "summary": {"error", "warning", "note"}}
 *   test  mtadoctor.cases/1  {"schema", "rules", "cases", "passed", "of_checks": {"cases", "passed"}, "failures": [ {"file", "line", "name", "what"} ],
 *                             "products": [ {"product", "cases", "passed", "first": {"of", "first", "among_three"}, "calibration": null or,
 *                             with --knock-out, {"runs", "judged", "brier", "error"}, the latter two {"value", "low", "high"}} ]}
 *
 * All give a new reference.
 */
#ifndef CLI_RULES_JSON_H
#define CLI_RULES_JSON_H

#include <jansson.h>

#include "cli/product.h"
#include "engine/base/diag.h"
#include "engine/cases.h"
#include "engine/check.h"
#include "engine/check_cases.h"
#include "engine/rules.h"

json_t *md_rules_list_json(const struct md_rules *rules, const struct md_checks *checks);
json_t *md_lint_json(const struct md_rules *rules, const struct md_diags *diags);
/* What `rules test` found. */
struct md_cases_json {
    const struct md_rules *rules; /* all of them, for the hash */
    const struct md_product *products[MD_PRODUCT_COUNT];
    struct md_cases_report reports[MD_PRODUCT_COUNT]; /* of each of `products` */
    size_t n, n_cases, n_passed;
    const struct md_check_cases_report *of_checks;
};
json_t *md_cases_json(const struct md_cases_json *all);
/* "note", "warning", "error" */
const char *md_lint_severity(enum md_severity severity);

#endif
