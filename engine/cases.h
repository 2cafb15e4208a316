/*
 * engine/cases: the cases of the rule base, run (`rules test`).
 *
 * Input        the case files of a rule set (docs/rules.md "Cases"). Each case is a set of facts and what must
 *              come out: `verdict`, `first` (one or a list), `present`, `absent` (among the diagnoses), `listed`
 *              (also among the considered), `remedies` (offered), `withheld` (listed, but not to be done now).
 * Output       what failed; how often the expected first diagnosis is first, or among the first three; with
 *              knock-out how well probabilities are calibrated: every case MD_KNOCK_OUT_RUNS times with random
 *              facts made unknown and 5 % of the findings flipped. Seeds are fixed: the same rule base gives the
 *              same figures.
 * Calibration  of each diagnosis and each considered cause that nothing absorbs: true if it is the expected
 *              first or in `present`, false if it is in `absent` or, where a first is expected, something else.
 *              A normal state beside an expected fault is judged only where the case names it, because both may
 *              hold. The fallback for an unknown cause makes no claim and is left out.
 * Memory       results live in the arena given.
 */
#ifndef ENGINE_CASES_H
#define ENGINE_CASES_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/loc.h"
#include "engine/rules.h"

#define MD_KNOCK_OUT_RUNS 50
#define MD_RELIABILITY_BINS 10

struct md_cases_options {
    const char *fallback_normal, *fallback_unknown; /* as in md_diagnose_options */
    const char *const *only; /* parts of a case file's path or of a case's name: a case that has one of them runs */
    size_t n_only;           /* 0: all run */
    bool has_knock_out;
};

struct md_case_failure {
    struct md_loc loc;
    const char *name; /* of the case; display text */
    const char *what; /* a sentence */
};

struct md_reliability_bin {
    size_t n;
    double said; /* mean probability */
    double held; /* share that was true */
};

/* 95 % by bootstrap over the cases. */
struct md_interval {
    double value, low, high;
};

struct md_cases_report {
    size_t n_cases, n_passed;
    const struct md_case_failure *failures;
    size_t n_failures;
    size_t n_first, n_top1, n_top3; /* cases that expect a first diagnosis; where it is first; among the first three */

    bool has_knock_out;
    size_t n_runs, n_said;                      /* runs; probabilities judged */
    size_t n_run_first, n_run_top1, n_run_top3; /* as above, of the runs */
    struct md_reliability_bin bins[MD_RELIABILITY_BINS];
    struct md_interval brier, calibration_error;
};

void md_cases_run(struct md_rules *rules, const struct md_cases_options *options, struct md_arena *arena,
                  struct md_cases_report *ret);

#endif
