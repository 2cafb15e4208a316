#include "cli/check_tree.h"

#include <string.h>

const struct md_node *md_check_tree_of_case(void *ctx, struct md_arena *arena,
                                            const struct md_check_case_config *config, struct md_diags *diags)
{
    struct md_check_trees *trees = ctx;
    /* one model reads the files of both */
    if (strcmp(config->product, "msgserver") != 0 && strcmp(config->product, "calendar") != 0) {
        return NULL;
    }
    struct md_check_file *files = md_arena_array(arena, config->n + 1, sizeof(*files));
    for (size_t i = 0; i < config->n; i++) {
        files[i] = (struct md_check_file){.path = config->files[i].path, .text = config->files[i].text};
    }
    if (trees->tables.tables == NULL) {
        trees->tables.tables = trees->base->tables;
        trees->tables.n_tables = trees->base->n_files;
        md_check_tables_read(trees->arena, &trees->tables, diags);
    }
    struct md_check_tables with = trees->tables;
    with.version = config->version;
    return md_check_model_of_files(arena, files, config->n, &with, diags);
}
