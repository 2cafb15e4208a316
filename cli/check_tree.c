#include "cli/check_tree.h"

#include <string.h>

#include "cli/rulebase.h"
#include "probes/msgserver/check_model.h"

const struct md_node *md_check_tree_of_case(void *ctx, struct md_arena *arena,
                                            const struct md_check_case_config *config, struct md_diags *diags)
{
    const struct md_rulebase *base = ctx;
    struct md_check_file *files = md_arena_array(arena, config->n + 1, sizeof(*files));
    struct md_probe_table *tables = md_arena_array(arena, base->n_files + 1, sizeof(*tables));
    if (strcmp(config->product, "msgserver") != 0) {
        return NULL;
    }
    const struct md_node *facts = NULL;
    size_t n = 0;
    for (size_t i = 0; i < config->n; i++) {
        /* No file of a configuration: what a running host would tell. */
        if (strcmp(config->files[i].path, "facts.yaml") == 0) {
            if (md_yaml_read(arena, "facts.yaml", config->files[i].text, diags, &facts) != MD_OK) {
                return NULL;
            }
            continue;
        }
        files[n++] = (struct md_check_file){.path = config->files[i].path, .text = config->files[i].text};
    }
    for (size_t i = 0; i < base->n_files; i++) {
        tables[i] = (struct md_probe_table){.path = base->files[i].path, .text = base->files[i].text};
    }
    const struct md_check_tables with = {
        .tables = tables, .n_tables = base->n_files, .version = config->version, .facts = facts};
    return md_check_model_of_files(arena, files, n, &with, diags);
}
