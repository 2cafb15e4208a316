/*
 * cli/product: the products that can be diagnosed, and which of them the facts of a run are about.
 *
 * Products of one host share its facts and have a rule base each (rules/<name>/ with rules/lib/ and rules/system/) and so a result each.
 */
#ifndef CLI_PRODUCT_H
#define CLI_PRODUCT_H

#include <stdbool.h>

#include "engine/diagnose.h"
#include "engine/fact.h"

enum md_product_id {
#define MD_PRODUCT(id, name, title, normal, version, roles) MD_PRODUCT_##id,
#include "cli/product.def"
#undef MD_PRODUCT
    MD_PRODUCT_COUNT
};

struct md_product {
    enum md_product_id id;
    const char *name, *title;
    const char *fallback_normal;
    const char *version_fact, *roles_fact;
};

const struct md_product *md_product_at(size_t i);
/* NULL: there is none of that name. */
const struct md_product *md_product_find(struct md_str name);
/* "msgserver, calendar" */
const char *md_product_names(struct md_arena *arena);
bool md_product_is_there(const struct md_facts *facts, const struct md_product *product);
/* The first that is there, or NULL. */
const struct md_product *md_product_first(const struct md_facts *facts);
/* How its facts are diagnosed; a routine run: see engine/diagnose.h. */
struct md_diagnose_options md_product_diagnose_options(const struct md_product *product);

#endif
