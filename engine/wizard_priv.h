/*
 * engine/wizard_priv: looks and symptoms as engine/wizard_rules loads them and engine/wizard_lint checks them.
 */
#ifndef ENGINE_WIZARD_PRIV_H
#define ENGINE_WIZARD_PRIV_H

#include "engine/footprint.h"
#include "engine/wizard_rules.h"

struct md_wizard_rules {
    struct md_look **looks;
    size_t n_looks, looks_capacity;
    struct md_symptom **symptoms;
    size_t n_symptoms, symptoms_capacity;
    struct md_footprints *footprints; /* NULL: not asked for yet */
};

/* Learned when they are first asked for; then the rules are bound to nothing. */
const struct md_footprints *md_wizard_footprints(struct md_wizard_rules *wizard, struct md_rules *rules);

/* Is it the cause's id, or a pattern for it? */
bool md_symptom_cause_fits(const struct md_symptom_cause *pattern, const char *id);

#endif
