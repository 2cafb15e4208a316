/*
 * engine/diagnose: from facts and rules to a result.
 *
 * Evaluates the findings of every instance, infers per instance along the scope tree (engine/infer.h), absorbs, orders,
 * explains and collects remedies. Pure: no clock, no input beyond its arguments. The formulae are those of
 * docs/architecture.md ("Inference").
 *
 * P(no fault)  of a run: the least P(no fault) over the root, the instances where a fault is held, and those where the
 *              evidence moved the odds of a fault by 3 dB or more (the prior alone makes no instance suspicious).
 * Fallbacks    where no fault is held: `unknown` if a suspicious instance has P(no fault) below .5, or if no normal
 *              state is held and the evidence bears on less than a quarter of the faults' prior mass (root and the
 *              instances directly below); else `normal` if no normal state is held. Their evidence: the prior, and what
 *              the findings moved in all, shared out by how much each of them bears on the faults.
 * Groups       A finding is discounted by the known findings of its group and instance that came out as it did.
 * Decibans     of a diagnosis are the sum of its lines as shown, each rounded to one decimal; lines under .05 dB are
 *              left out.
 * Merging      Diagnoses of one cause and one parent whose `merge` texts are equal become one; of one cause and one
 *              parent the first three stay single, the others become one with members and the scope of the parent.
 */
#ifndef ENGINE_DIAGNOSE_H
#define ENGINE_DIAGNOSE_H

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/result.h"
#include "engine/rules.h"

struct md_diagnose_options {
    bool is_routine; /* nobody reported a problem: prior odds of faults that nothing speaks for are divided by 10 */
    const char *fallback_normal;  /* id of the diagnosis when nothing is wrong, from the rule base's product */
    const char *fallback_unknown; /* id when a fault is likely but none reaches .5 ("unknown.cause") */
    double temperature;           /* 1: as computed */
    /* Knock-out tests: truth values given instead of evaluated, or NULL. Called for every observation. */
    void (*override)(void *ctx, struct md_observation *observation);
    void *override_ctx;
    /* What else is known of a cause: its prior odds are multiplied by the answer (a symptom that was told, a remedy that
     * was tried in vain). NULL: by 1. Called once for every cause that takes part in an instance. */
    double (*odds)(void *ctx, const struct md_cause *cause, const struct md_instance *at);
    void *odds_ctx;
};

void md_diagnose(struct md_rules *rules, struct md_facts *facts, const struct md_diagnose_options *options,
                 struct md_arena *arena, struct md_diags *diags, struct md_result *ret);

#endif
