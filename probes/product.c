#include "probes/product.h"

#define PRODUCTS_MAX 8

void md_product_found(struct md_probe_ctx *ctx, const char *name, const struct md_origin *origin)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_fact *before = md_fact_by_name(ctx->facts, root, "host.products");
    struct md_str all[PRODUCTS_MAX];
    size_t n = 0;

    for (; before != NULL && before->is_known && n < before->value.u.texts.n && n + 1 < PRODUCTS_MAX; n++)
        all[n] = before->value.u.texts.items[n];
    if (n == 0)
        md_fact_text(ctx->facts, root, "host.product", md_str(name), origin);
    all[n++] = md_str(name);
    md_fact_replace(ctx->facts, root, "host.products");
    md_fact_texts(ctx->facts, root, "host.products", all, n, origin);
}
