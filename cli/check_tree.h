/*
 * cli/check_tree: trees for the cases of checks: joins engine/check_cases, which knows no product, and the products' models.
 */
#ifndef CLI_CHECK_TREE_H
#define CLI_CHECK_TREE_H

#include "engine/check_cases.h"

/* `ctx`: the struct md_rulebase whose tables are used. NULL: the product has no model. */
md_check_case_build md_check_tree_of_case;

#endif
