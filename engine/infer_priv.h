/*
 * engine/infer_priv: what the parts of engine/infer share. Not for others.
 *
 *   infer.c           candidates, posteriors, the causes that are no candidates
 *   infer_worlds.c    P(finding | world), all worlds with their scores
 *   infer_explain.c   a few worlds compared, finding by finding
 */
#ifndef ENGINE_INFER_PRIV_H
#define ENGINE_INFER_PRIV_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/infer.h"

#define MD_INFER_MAX_CANDIDATES 16
#define MD_INFER_MAX_FAULTS 3
#define MD_INFER_MAX_BENIGN 3
#define MD_INFER_DECIBANS 4.342944819032518 /* 10 / ln 10 */

#define MD_INFER_UNLISTED (UINT32_C(1) << MD_INFER_MAX_CANDIDATES)

struct md_infer_world {
    uint32_t members; /* a bit for each candidate, MD_INFER_UNLISTED */
    double score;     /* natural logarithm, not normalized */
};

/*
 * What the candidates do to the findings. `pass` is 1 - link: the chance that a cause does not bring the finding;
 * `never` what it leaves of P(present). Both are rows of n_findings per candidate.
 */
struct md_infer_model {
    const struct md_infer_input *in;
    size_t n;
    size_t cause[MD_INFER_MAX_CANDIDATES];
    bool is_benign[MD_INFER_MAX_CANDIDATES];
    double logit[MD_INFER_MAX_CANDIDATES];
    double *pass, *never;
    double temperature;
    double unlisted_logit, unlisted_pass;
    bool has_unlisted;

    /* Findings whose logarithm is no sum over the candidates: present ones, excluded absent ones, what may be told wrong. */
    size_t *open, n_open;
    size_t *touched[MD_INFER_MAX_CANDIDATES], n_touched[MD_INFER_MAX_CANDIDATES]; /* positions in open */
    double fixed[MD_INFER_MAX_CANDIDATES]; /* prior and the absent findings that do add up */

    /* Of the world being extended, by position in open; and what they were before each extension. */
    double *now_pass, *now_never, *now_term, *saved;

    struct md_infer_world *worlds;
    size_t n_worlds, cap;
};

/* What a world does to each finding, as in struct md_infer_model. */
struct md_infer_row {
    double *pass, *never;
};

/* What explanations write into and work with. */
struct md_infer_explainer {
    const struct md_infer_model *m;
    struct md_arena *arena;
    struct md_infer_row with, without;
    struct md_infer_output *ret;
};

/* infer_worlds.c: w_j log P(v_j | world) where the causes of the world let the finding pass with `pass` and leave
 * `never` of it. */
double md_infer_finding_log(const struct md_infer_finding *f, double pass, double never);
/* Fills open, touched, fixed and worlds (heap; the best has the score 0). */
void md_infer_enumerate(struct md_infer_model *m, struct md_arena *scratch);

/* infer_explain.c */
struct md_infer_row md_infer_new_row(const struct md_infer_model *m, struct md_arena *scratch);
double *md_infer_finding_row(const struct md_infer_explainer *e);
void md_infer_fill_world(const struct md_infer_model *m, uint32_t members, struct md_infer_row *ret);
double md_infer_compare(const struct md_infer_model *m, const struct md_infer_row *a, const struct md_infer_row *b,
                        double *ret);
void md_infer_explain_candidate(struct md_infer_explainer *e, size_t c);

#endif
