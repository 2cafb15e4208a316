/*
 * engine/cases_priv: what engine/cases and engine/calibration share. Not for others.
 */
#ifndef ENGINE_CASES_PRIV_H
#define ENGINE_CASES_PRIV_H

#include "engine/base/node.h"
#include "engine/cases.h"
#include "engine/diagnose.h"

struct md_case {
    const struct md_node *node, *defaults;
    struct md_str name;
    const struct md_node *expect;
};

/* A store with the facts of the case over the defaults of its file, in the arena. */
struct md_facts *md_case_facts(const struct md_rules *rules, const struct md_case *c, struct md_arena *arena,
                               struct md_diags *diags);
/* True where the id is among what `key` of the expectations names (a scalar or a list). */
bool md_case_expects(const struct md_case *c, const char *key, const char *id);
/* Rank from 1 of the expected first diagnosis; 0: it is not there. */
size_t md_case_rank(const struct md_case *c, const struct md_result *result);

/* engine/calibration.c: fills the second half of the report. */
void md_calibrate(struct md_rules *rules, const struct md_cases_options *options, const struct md_case *cases, size_t n,
                  struct md_cases_report *ret);

#endif
