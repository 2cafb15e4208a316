#include "probes/msgserver/failure_rules.h"

#include "engine/embedded.h"

#define TABLE "msgserver/failures.yaml"

const struct md_failure_table *md_failure_rules_load(struct md_probe_ctx *ctx)
{
    const struct md_failure_table *table;
    const struct md_node *root;

    for (size_t i = 0; i < md_embedded_rules_count; i++) {
        const struct md_embedded_file *file = &md_embedded_rules[i];

        if (md_str_is(md_str(file->path), TABLE) &&
            md_yaml_read(ctx->arena, file->path, md_str_n(file->text, file->size), ctx->diags, &root) == MD_OK &&
            md_failure_compile(ctx->arena, root, ctx->diags, &table) == MD_OK)
            return table;
    }
    MD_BUG("the table of failure texts is missing or broken");
}
