/*
 * cli/check_tree: trees for the cases of checks: joins engine/check_cases, which knows no product, and the products' models.
 */
#ifndef CLI_CHECK_TREE_H
#define CLI_CHECK_TREE_H

#include "cli/rulebase.h"
#include "engine/check_cases.h"
#include "probes/msgserver/check_model.h"

/* What the trees of one rule base are made with: set `base` and `arena`, the rest is read with the first tree. */
struct md_check_trees {
    const struct md_rulebase *base;
    struct md_arena *arena; /* outlives the trees */
    struct md_check_tables tables;
};

/* `ctx`: a struct md_check_trees. NULL: the product has no model. */
md_check_case_build md_check_tree_of_case;

#endif
