/*
 * engine/advise_priv: what the parts of engine/advise share. Not for others.
 *
 *   advise.c          the run: diagnosis, hypotheses, plan, inquiries by value
 *   advise_worlds.c   places (instances and ghosts), hypotheses ("this is the problem"), points (findings not known yet)
 *   advise_look.c     outcomes of looks
 *   advise_fact.c     questions to a person, and their outcomes
 *   advise_value.c    what the outcomes of an inquiry are worth
 *   advise_text.c     sentences
 *   plan.c            actions and the expected cost of repair
 *
 * The wizard's world is one of a single problem: exactly one hypothesis is true. Its prior is what the diagnosis holds now, so
 * explaining away and discounts are in it; what is still unknown is weighed by the same links and leaks.
 * All memory is of the arena of the call.
 */
#ifndef ENGINE_ADVISE_PRIV_H
#define ENGINE_ADVISE_PRIV_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/advise.h"
#include "engine/diagnose_priv.h"
#include "engine/footprint.h"

#define MD_ADVISE_DONT_KNOW .1 /* of the answers are "don't know", or of no use */
#define MD_ADVISE_IN_VAIN .7   /* the same of a fact that a look did not show */
#define MD_ADVISE_MISTAKEN 60. /* minutes that a wrong explanation costs beside the steps that it makes one take */
#define MD_ADVISE_HYPOTHESES 240
#define MD_ADVISE_OUTCOMES 48 /* hypotheses that an outcome of a look is thought of for */
#define MD_ADVISE_FACTS 60    /* questions that are weighed */

/* Where something may be wrong: an instance that takes part, or a ghost. */
struct md_place {
    struct md_instance *at;
    struct md_place *parent; /* NULL: the root */
    size_t index;
    const struct md_view *view; /* NULL: a ghost */
    const struct md_scope_rules *scope;
    double alike;   /* instances of its scope, among which the prior is shared */
    size_t *points; /* by position of the finding: index of the point + 1, 0: not thought of yet */
};

/* A finding at a place. */
struct md_point {
    struct md_place *place;
    const struct md_finding *finding;
    bool is_open; /* not known, and it may become known */
    double base;  /* P(present) where the problem is elsewhere */
    const struct md_footprint *footprint;
    bool *missing;    /* by read of the sets of the footprint, one after the other: it is not known now */
    bool is_resolved; /* of the look that is being weighed: it makes it known */
};

/* What a hypothesis does to a point. */
struct md_sign {
    size_t point;
    double p; /* present */
};

/* "This is the problem." */
struct md_hypothesis {
    const struct md_cause *cause; /* NULL: none that is known */
    struct md_place *place;       /* NULL: none */
    bool is_fault;
    size_t alike; /* the first hypothesis of the same cause */
    double p;
    struct md_sign *signs;
    size_t n_signs;
};

struct md_action_part {
    size_t hypothesis;
    double fixes;
};

/* A remedy at an instance. */
struct md_option {
    const struct md_remedy *remedy;
    struct md_place *place;
    const struct md_advice *advice; /* NULL: not asked for */
    bool is_withheld, is_risky;
    double minutes;
    struct md_action_part *parts;
    size_t n_parts, parts_capacity;
};

/* An inquiry that is being weighed: outcomes and what they make of the hypotheses. */
struct md_weighing {
    size_t n_outcomes;
    double *p;         /* by outcome */
    double *posterior; /* rows of hypotheses */
    double *given;     /* P(outcome | hypothesis), rows of hypotheses */
};

struct md_advising {
    const struct md_advise_input *input;
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_study study;
    const struct md_footprints *footprints;
    struct md_place **places;
    size_t n_places, places_capacity;
    bool *is_scope_there; /* by index of the scope: there are instances of it */
    bool *is_known;       /* by index of the fact: known at some instance */
    bool *is_in_vain;     /* by index of the fact: it was not shown when a look that gives it was asked for */
    struct md_point *points;
    size_t n_points, points_capacity;
    struct md_hypothesis *hypotheses;
    size_t n_hypotheses;
    double *now; /* their probabilities */
    struct md_option *options;
    size_t n_options, options_capacity;
    double ecr;   /* as things stand */
    size_t first; /* the step of the plan that stands whatever is asked, or SIZE_MAX */
    double first_helps;
    struct md_inquiry *inquiries;
    size_t n_inquiries, inquiries_capacity;
    /* Scratch of a weighing. */
    double *on_point; /* by point */
    double *by_cause; /* by hypothesis */
    double *helps;    /* by option */
    size_t *order;    /* of options */
};

/* advise_worlds.c */
void md_advise_worlds(struct md_advising *a);
/* The point of a finding at a place; makes it. */
struct md_point *md_advise_point(struct md_advising *a, struct md_place *place, const struct md_finding *finding);
bool md_advise_is_closed(const struct md_advising *a, const char *id);
/* The look was asked for already. */
bool md_advise_is_told(const struct md_advising *a, const struct md_look *look);

/* plan.c */
void md_plan_options(struct md_advising *a);
/* Expected minutes until it is mended, if the hypotheses have these probabilities. */
double md_plan_ecr(struct md_advising *a, const double *p);
/* The same where a->first is done before all else. */
double md_plan_ecr_after_first(struct md_advising *a, const double *p);
/* P(no fault) as things stand. */
double md_plan_no_fault(const struct md_advising *a);
/* P(the likeliest cause is not the problem), if the hypotheses have these probabilities. */
double md_plan_mistaken(const struct md_advising *a, const double *p);
/* Fills a->first. */
void md_plan_first(struct md_advising *a);
void md_plan_fill(struct md_advising *a, struct md_advise *ret);

/* advise_look.c: every look that may be asked for. */
void md_advise_looks(struct md_advising *a);
/* What n looks together save. */
double md_advise_looks_save(struct md_advising *a, const struct md_look *const *looks, size_t n,
                            struct md_weighing *ret);

/* advise_fact.c */
void md_advise_facts(struct md_advising *a);

/* advise_value.c */
/* Room for outcomes; all zero. */
void md_weighing_begin(const struct md_advising *a, size_t n_outcomes, struct md_weighing *ret);
/* `given` holds likelihoods (natural logarithms), each row to be made one over the outcomes: fills the rest. */
void md_weighing_finish(const struct md_advising *a, struct md_weighing *w);
/* Minutes that the answer saves, "don't know" included: of repair, against never asking, and, where a step stands first, against asking
 * after it (which costs `cost` only if it did not help); and of going by a wrong explanation. Bits that it tells. */
double md_weighing_saves(struct md_advising *a, const struct md_weighing *w, double cost);
double md_weighing_bits(const struct md_advising *a, const struct md_weighing *w);
/* Adds the inquiry with its value, its two causes, and why. */
void md_advise_add(struct md_advising *a, const struct md_inquiry *inquiry, const struct md_weighing *w, double saves);

/* advise_text.c */
const char *md_advise_why(struct md_advising *a, const struct md_inquiry *inquiry);
const char *md_advise_title(const struct md_advising *a, const char *id);

#endif
