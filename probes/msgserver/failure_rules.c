#include "probes/msgserver/failure_rules.h"

#define TABLE "msgserver/failures.yaml"

static enum md_status read_table(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                                 const void **ret)
{
    const struct md_failure_table *table;
    const struct md_node *root;
    enum md_status status = md_yaml_read(arena, name, yaml, diags, &root);

    if (status == MD_OK)
        status = md_failure_compile(arena, root, diags, &table);
    if (status == MD_OK)
        *ret = table;
    return status;
}

const struct md_failure_table *md_failure_rules_load(struct md_probe_ctx *ctx)
{
    return md_probe_table(ctx, TABLE, read_table);
}
