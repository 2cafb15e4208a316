/*
 * engine/diagnose: from facts and rules to a result.
 *
 * Evaluates the findings of every instance, infers per instance along the scope tree (engine/infer.h), absorbs, orders, explains and
 * collects remedies. Pure: no clock, no input beyond its arguments. The formulae are those of docs/architecture.md ("Inference").
 */
#ifndef ENGINE_DIAGNOSE_H
#define ENGINE_DIAGNOSE_H

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/result.h"
#include "engine/rules.h"

struct md_diagnose_options {
    bool is_routine;              /* nobody reported a problem: prior odds of faults are divided by 10 */
    const char *fallback_normal;  /* id of the diagnosis when nothing is wrong ("queue.healthy"), from the rule base's product */
    const char *fallback_unknown; /* id when a fault is likely but none reaches .5 ("unknown.cause") */
    double temperature;           /* 1: as computed */
    /* Knock-out tests: truth values given instead of evaluated, or NULL. Called for every observation. */
    void (*override)(void *ctx, struct md_observation *observation);
    void *override_ctx;
};

void md_diagnose(struct md_rules *rules, struct md_facts *facts, const struct md_diagnose_options *options, struct md_arena *arena,
                 struct md_diags *diags, struct md_result *ret);

#endif
