/*
 * What the outcomes of an inquiry are worth: Bayes over the hypotheses, then the plan's expected cost before and after.
 */
#include "engine/advise_priv.h"

#define MOST_COMPARED 8 /* hypotheses among which the two are sought that an inquiry separates */
#define LEAST_SEEN .005 /* outcomes of less do not count one by one */

void md_weighing_begin(const struct md_advising *a, size_t n_outcomes, struct md_weighing *ret)
{
    *ret = (struct md_weighing){
        .n_outcomes = n_outcomes,
        .p = md_arena_array(a->arena, n_outcomes, sizeof(double)),
        .posterior = md_arena_array(a->arena, n_outcomes * a->n_hypotheses, sizeof(double)),
        .given = md_arena_array(a->arena, n_outcomes * a->n_hypotheses, sizeof(double)),
    };
}

/* Each hypothesis shows one of the outcomes: its likelihoods are made to add up to 1. */
static void normalize(const struct md_advising *a, struct md_weighing *w)
{
    size_t n = a->n_hypotheses;

    for (size_t h = 0; h < n; h++) {
        double best = -HUGE_VAL, sum = 0;

        for (size_t o = 0; o < w->n_outcomes; o++)
            best = fmax(best, w->given[o * n + h]);
        for (size_t o = 0; o < w->n_outcomes; o++) {
            double x = w->given[o * n + h] - best;

            w->given[o * n + h] = x > -40 ? exp(x) : 0;
            sum += w->given[o * n + h];
        }
        for (size_t o = 0; o < w->n_outcomes; o++)
            w->given[o * n + h] /= sum;
    }
}

void md_weighing_finish(const struct md_advising *a, struct md_weighing *w)
{
    size_t n = a->n_hypotheses;

    normalize(a, w);
    for (size_t o = 0; o < w->n_outcomes; o++) {
        for (size_t h = 0; h < n; h++) {
            w->posterior[o * n + h] = a->now[h] * w->given[o * n + h];
            w->p[o] += w->posterior[o * n + h];
        }
        for (size_t h = 0; h < n && w->p[o] > 0; h++)
            w->posterior[o * n + h] /= w->p[o];
    }
}

double md_weighing_saves(struct md_advising *a, const struct md_weighing *w, double cost)
{
    double after = 0, deferred = 0, seen = 0, mistaken = 0, saves;

    for (size_t o = 0; o < w->n_outcomes; o++) {
        const double *posterior = w->posterior + o * a->n_hypotheses;

        if (w->p[o] < LEAST_SEEN)
            continue;
        after += w->p[o] * md_plan_ecr(a, posterior);
        if (a->first != SIZE_MAX)
            deferred += w->p[o] * md_plan_ecr_after_first(a, posterior);
        mistaken += w->p[o] * md_plan_mistaken(a, posterior);
        seen += w->p[o];
    }
    saves = a->ecr * seen - after;
    if (a->first != SIZE_MAX) /* asked now for `cost`, or later for what is then left of it */
        saves = fmin(saves, deferred - after + cost * (1 - a->first_helps));
    saves = fmax(saves, 0) + MD_ADVISE_MISTAKEN * fmax(md_plan_mistaken(a, a->now) * seen - mistaken, 0);
    return (1 - MD_ADVISE_DONT_KNOW) * saves;
}

double md_weighing_bits(const struct md_advising *a, const struct md_weighing *w)
{
    double bits = 0;

    for (size_t o = 0; o < w->n_outcomes; o++)
        for (size_t h = 0; h < a->n_hypotheses; h++) {
            double given = w->given[o * a->n_hypotheses + h];

            if (given > 0 && w->p[o] > 0)
                bits += a->now[h] * given * log2(given / w->p[o]);
        }
    return fmax(bits, 0);
}

/* How differently two hypotheses answer: 0 alike, 1 never the same outcome. */
static double apart(const struct md_advising *a, const struct md_weighing *w, size_t x, size_t y)
{
    double sum = 0;

    for (size_t o = 0; o < w->n_outcomes; o++)
        sum += fabs(w->given[o * a->n_hypotheses + x] - w->given[o * a->n_hypotheses + y]) / 2;
    return sum;
}

static void find_pair(const struct md_advising *a, const struct md_weighing *w, struct md_inquiry *ret)
{
    double best = .05;
    size_t seen = 0;

    for (size_t x = 0; x < a->n_hypotheses && seen < MOST_COMPARED; x++) {
        if (a->hypotheses[x].cause == NULL)
            continue;
        seen++;
        for (size_t y = x + 1; y < a->n_hypotheses; y++) {
            double sum = a->now[x] * a->now[y];
            double moves = sqrt(sum) * apart(a, w, x, y);

            if (a->hypotheses[y].cause == NULL || a->hypotheses[y].cause == a->hypotheses[x].cause ||
                moves <= best / 100)
                continue;
            if (ret->separates[0] != NULL && moves <= best)
                continue;
            best = moves;
            ret->separates[0] = a->hypotheses[x].cause->id;
            ret->separates[1] = a->hypotheses[y].cause->id;
            ret->p_separates[0] = md_round3(a->now[x]);
            ret->p_separates[1] = md_round3(a->now[y]);
        }
    }
}

static void fill_outcomes(const struct md_advising *a, const struct md_weighing *w, const struct md_inquiry *inquiry,
                          struct md_outcome *list)
{
    for (size_t o = 0; o < inquiry->n_outcomes; o++) {
        const double *posterior = w->posterior + o * a->n_hypotheses;
        size_t best = 0;

        list[o] = inquiry->outcomes[o];
        list[o].probability = md_round3(w->p[o]);
        for (size_t h = 1; h < a->n_hypotheses; h++)
            if (posterior[h] > posterior[best])
                best = h;
        list[o].leads_to = a->hypotheses[best].cause != NULL ? a->hypotheses[best].cause->id
                           : a->hypotheses[best].is_fault    ? a->input->diagnose->fallback_unknown
                                                             : a->input->diagnose->fallback_normal;
    }
}

void md_advise_add(struct md_advising *a, const struct md_inquiry *inquiry, const struct md_weighing *w, double saves)
{
    struct md_inquiry *new =
        md_arena_push(a->arena, &a->inquiries, &a->n_inquiries, &a->inquiries_capacity, sizeof *new);
    struct md_outcome *outcomes = md_arena_array(a->arena, inquiry->n_outcomes, sizeof *outcomes);

    *new = *inquiry;
    new->saves_minutes = saves;
    new->value = saves - new->cost_minutes;
    if (w->n_outcomes >= inquiry->n_outcomes)
        fill_outcomes(a, w, inquiry, outcomes);
    new->outcomes = outcomes;
    find_pair(a, w, new);
    if (a->input->policy == MD_POLICY_INFORMATION)
        new->value = md_weighing_bits(a, w);
}
