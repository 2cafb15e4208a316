/*
 * probes/product: which products a source holds, as the probes that know one say.
 */
#ifndef PROBES_PRODUCT_H
#define PROBES_PRODUCT_H

#include "probes/probe.h"

/* Adds a product ("msgserver") to the facts host.products and, as the first one, host.product. `origin`: what shows it, or NULL. */
void md_product_found(struct md_probe_ctx *ctx, const char *name, const struct md_origin *origin);

#endif
