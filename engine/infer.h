/*
 * engine/infer: noisy-OR worlds of one instance.
 *
 * Input       causes with prior odds, findings with truth, leak and weight, links, excluding findings. Plain
 *             numbers, no names.
 * Worlds      all sets of at most three faults and at most three benign causes, each with and without the
 *             unlisted cause U.
 * Candidates  causes with a link to a present finding, at most 16, the best by single posterior. For the others
 *             absent findings factorize, so their posterior and their share of "no fault" are exact without
 *             enumeration. Two approximations: a candidate beyond the 16 is weighed against the best world, and
 *             an absent finding that a cause of the rest excludes counts as if that cause were alone.
 * Caps        leaks and links are kept within .01 and .97.
 * Output      posteriors, P(no fault), best worlds for explanations. Memory of the arena. No errors: any input
 *             gives an answer.
 */
#ifndef ENGINE_INFER_H
#define ENGINE_INFER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/rules.h"

/* Bounds of leaks and links: no single fact is ever final. */
#define MD_INFER_LEAST .01
#define MD_INFER_MOST .97
/* What an excluding cause leaves of P(present). */
#define MD_INFER_NEVER .03

static inline double md_infer_within(double p, double low, double high)
{
    return !(p >= low) ? low : p > high ? high : p;
}

/* P(it is told to be so | it is so with chance p), by somebody who is wrong with chance `error`. */
static inline double md_infer_told(double p, double error)
{
    return error + (1 - 2 * error) * p;
}

/* P(it is chosen of n | it would be with chance p), by somebody who chooses another one with chance `error`. */
static inline double md_infer_chosen(double p, double error, size_t n)
{
    return (1 - error) * p + (n > 1 ? error * (1 - p) / (double)(n - 1) : 0);
}

/* Prior of the cause that is in no list. */
#define MD_UNLISTED_PRIOR .08

struct md_infer_finding {
    enum md_truth truth;
    double leak;   /* already raised by ancestors' causes */
    double weight; /* discount of its group, 0..1 */
    double error;  /* chance that it was told wrong, 0 to .5: P' = error + (1 - 2 error) P */
};
struct md_infer_link {
    size_t finding;
    double strength;
};
struct md_infer_cause {
    double prior; /* probability */
    bool is_benign;
    const struct md_infer_link *links;
    size_t n_links;
    const size_t *never;
    size_t n_never;
};
struct md_infer_input {
    const struct md_infer_finding *findings;
    size_t n_findings;
    const struct md_infer_cause *causes;
    size_t n_causes;
    double unlisted_prior; /* of U; 0: it does not take part */
    double unlisted_link;  /* of U to every finding */
    double temperature;
    double explain_from; /* causes of a lower posterior are not explained; 0: all are */
};
/* Rows are of n_findings; NULL, and the numbers beside them 0, for a cause that is not explained. */
struct md_infer_output {
    double *posterior; /* per cause */
    double unlisted;   /* posterior of U */
    double no_fault;
    double *prior_db;     /* per cause: the prior's line */
    double *runner_up_db; /* per cause: best world with it against best world without it, decibans */
    /* Row of cause i: w_j * 10 log10 P(v_j|S)/P(v_j|S without i), S the best world with i. */
    double **decibans;
    double *total_db; /* per cause: odds of S against S without it */
    /* Pairwise comparison for "rather than": S against R, the best world without the cause that has a listed cause
     * which S has not; the unlisted cause is in both or in neither. */
    size_t *rival;           /* per cause: index of that cause of R (the most probable one), SIZE_MAX: none */
    double *rival_db;        /* per cause: S against R; what the findings leave of it is the prior's part */
    double **rival_decibans; /* row of the finding's share in rival_db; NULL where there is no rival */
};

void md_infer(const struct md_infer_input *input, struct md_arena *arena, struct md_infer_output *ret);

/* weight of each of n observed members of a group with agreement rho: (1 + (n - 1)(1 - rho)) / n */
double md_infer_group_weight(size_t n, double rho);

#endif
