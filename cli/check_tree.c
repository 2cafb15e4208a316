#include "cli/check_tree.h"

#include "cli/rulebase.h"

/*
 * The seam to probes/msgserver/check_model.h. When it is there this becomes a copy of `config->files` into an array of struct
 * md_check_file, and a call of md_check_model_of_files with the tables of `base` and `config->version`.
 */
const struct md_node *md_check_tree_of_case(void *ctx, struct md_arena *arena,
                                            const struct md_check_case_config *config, struct md_diags *diags)
{
    const struct md_rulebase *base = ctx;

    (void)base;
    (void)arena;
    (void)config;
    (void)diags;
    return NULL;
}
