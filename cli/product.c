#include "cli/product.h"

#include <string.h>

static const struct md_product products[] = {
#define MD_PRODUCT(id_, name_, title_, normal_, version_, roles_)                                                      \
    {.id = MD_PRODUCT_##id_,                                                                                           \
     .name = (name_),                                                                                                  \
     .title = (title_),                                                                                                \
     .fallback_normal = (normal_),                                                                                     \
     .version_fact = (version_),                                                                                       \
     .roles_fact = (roles_)},
#include "cli/product.def"
#undef MD_PRODUCT
};

const struct md_product *md_product_at(size_t i)
{
    return &products[i];
}

const struct md_product *md_product_find(struct md_str name)
{
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        if (md_str_is(name, products[i].name)) {
            return &products[i];
        }
    }
    return NULL;
}

const char *md_product_names(struct md_arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        text = md_arena_printf(arena, "%s%s%s", text, i == 0 ? "" : ", ", products[i].name);
    }
    return text;
}

bool md_product_is_there(const struct md_facts *facts, const struct md_product *product)
{
    struct md_instance *root = md_facts_root(facts);
    const struct md_fact *all = md_fact_by_name(facts, root, "host.products");
    const struct md_fact *one = md_fact_by_name(facts, root, "host.product");
    for (size_t i = 0; all != NULL && all->is_known && i < all->value.u.texts.n; i++) {
        if (md_str_is(all->value.u.texts.items[i], product->name)) {
            return true;
        }
    }
    /* facts that were written before there were several */
    return one != NULL && one->is_known && md_str_is(one->value.u.text, product->name);
}

const struct md_product *md_product_first(const struct md_facts *facts)
{
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        if (md_product_is_there(facts, &products[i])) {
            return &products[i];
        }
    }
    return NULL;
}

struct md_diagnose_options md_product_diagnose_options(const struct md_product *product)
{
    return (struct md_diagnose_options){
        .fallback_normal = product->fallback_normal, .fallback_unknown = "unknown.cause", .temperature = 1};
}
