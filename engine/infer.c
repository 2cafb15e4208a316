#include "engine/infer.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CANDIDATES 16
#define MAX_FAULTS 3
#define MAX_BENIGN 3
/* No single fact is ever final. */
#define LEAST .01
#define MOST .97
/* What an excluding finding leaves of P(present). */
#define NEVER .03
#define DECIBANS 4.342944819032518 /* 10 / ln 10 */

#define UNLISTED (UINT32_C(1) << MAX_CANDIDATES)

struct world {
    uint32_t members; /* a bit for each candidate, UNLISTED */
    double score;     /* natural logarithm, not normalized */
};

/*
 * What the candidates do to the findings. `pass` is 1 - link: the chance that a cause does not bring the finding;
 * `never` what it leaves of P(present). Both are rows of n_findings per candidate.
 */
struct model {
    const struct md_infer_input *in;
    size_t n;
    size_t cause[MAX_CANDIDATES];
    bool is_benign[MAX_CANDIDATES];
    double logit[MAX_CANDIDATES];
    double *pass, *never;
    double unlisted_logit, unlisted_pass;
    bool has_unlisted;

    /* Findings whose logarithm is no sum over the candidates: present ones and excluded absent ones. */
    size_t *open, n_open;
    size_t *touched[MAX_CANDIDATES], n_touched[MAX_CANDIDATES]; /* positions in open */
    double fixed[MAX_CANDIDATES];                               /* prior and the absent findings that do add up */

    struct world *worlds;
    size_t n_worlds, cap;
};

struct state {
    double *pass, *never, *term; /* by position in open */
};

static double within(double p, double low, double high)
{
    return !(p >= low) ? low : p > high ? high : p;
}

static double logit(double p)
{
    p = within(p, 1e-9, 1 - 1e-9);
    return log(p / (1 - p));
}

static double from_logit(double x)
{
    return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

double md_infer_group_weight(size_t n, double rho)
{
    return n <= 1 ? 1 : (1 + (double)(n - 1) * (1 - rho)) / (double)n;
}

/* w_j log P(v_j | world) where the causes of the world let the finding pass with `pass` and leave `never` of it. */
static double finding_log(const struct md_infer_finding *f, double pass, double never)
{
    double absent = (1 - within(f->leak, LEAST, MOST)) * pass;
    double present = (1 - absent) * never;

    if (f->truth == MD_UNKNOWN || f->weight <= 0)
        return 0;
    if (f->truth == MD_PRESENT)
        return f->weight * log(present);
    return f->weight * log(never < 1 ? 1 - present : absent);
}

static void fill_row(const struct md_infer_input *in, const struct md_infer_cause *c, double *pass, double *never)
{
    for (size_t j = 0; j < in->n_findings; j++)
        pass[j] = never[j] = 1;
    for (size_t k = 0; k < c->n_links; k++)
        if (c->links[k].finding < in->n_findings)
            pass[c->links[k].finding] *= 1 - within(c->links[k].strength, LEAST, MOST);
    for (size_t k = 0; k < c->n_never; k++)
        if (c->never[k] < in->n_findings)
            never[c->never[k]] = NEVER;
}

static bool is_candidate(const struct md_infer_input *in, const struct md_infer_cause *c)
{
    for (size_t k = 0; k < c->n_links; k++)
        if (c->links[k].finding < in->n_findings && in->findings[c->links[k].finding].truth == MD_PRESENT)
            return true;
    return false;
}

/* Logit of a cause added to a world that lets each finding pass with base_pass and base_never (NULL: the empty world).
 */
static double added_logit(const struct md_infer_input *in, const struct md_infer_cause *c, const double *pass,
                          const double *never, const double *base_pass, const double *base_never)
{
    double sum = logit(c->prior);

    for (size_t j = 0; j < in->n_findings; j++) {
        double bp = base_pass != NULL ? base_pass[j] : 1, bn = base_never != NULL ? base_never[j] : 1;

        if (pass[j] < 1 || never[j] < 1)
            sum += finding_log(&in->findings[j], bp * pass[j], bn * never[j]) - finding_log(&in->findings[j], bp, bn);
    }
    return sum;
}

/* Chooses the candidates: the best MAX_CANDIDATES by their posterior as single cause, ties in the order of input. */
static void choose_candidates(struct model *m, const double *single)
{
    const struct md_infer_input *in = m->in;

    for (size_t i = 0; i < in->n_causes; i++) {
        size_t at = m->n;

        if (!is_candidate(in, &in->causes[i]))
            continue;
        while (at > 0 && single[m->cause[at - 1]] < single[i])
            at--;
        if (at == MAX_CANDIDATES)
            continue;
        if (m->n < MAX_CANDIDATES)
            m->n++;
        memmove(&m->cause[at + 1], &m->cause[at], (m->n - at - 1) * sizeof m->cause[0]);
        m->cause[at] = i;
    }
}

static void find_open(struct model *m, struct md_arena *scratch)
{
    const struct md_infer_input *in = m->in;

    m->open = md_arena_array(scratch, in->n_findings, sizeof *m->open);
    for (size_t j = 0; j < in->n_findings; j++) {
        bool is_open = false;

        for (size_t c = 0; c < m->n && in->findings[j].truth != MD_UNKNOWN; c++) {
            bool is_excluded = m->never[c * in->n_findings + j] < 1;

            is_open |= is_excluded || (in->findings[j].truth == MD_PRESENT && m->pass[c * in->n_findings + j] < 1);
        }
        if (is_open)
            m->open[m->n_open++] = j;
    }
    for (size_t c = 0; c < m->n; c++) {
        const double *pass = m->pass + c * in->n_findings, *never = m->never + c * in->n_findings;
        size_t at = 0;

        m->touched[c] = md_arena_array(scratch, m->n_open, sizeof *m->touched[c]);
        m->fixed[c] = m->logit[c];
        for (size_t j = 0; j < in->n_findings; j++) {
            bool is_open = at < m->n_open && m->open[at] == j;

            if (is_open && (pass[j] < 1 || never[j] < 1))
                m->touched[c][m->n_touched[c]++] = at;
            if (!is_open && in->findings[j].truth == MD_ABSENT && pass[j] < 1)
                m->fixed[c] += in->findings[j].weight * log(pass[j]);
            at += is_open;
        }
    }
}

static void add_world(struct model *m, uint32_t members, double score)
{
    if (m->n_worlds == m->cap) {
        m->cap = m->cap > 0 ? 2 * m->cap : 256;
        m->worlds = md_xrealloc(m->worlds, m->cap * sizeof *m->worlds);
    }
    m->worlds[m->n_worlds++] = (struct world){members, score};
}

/* All worlds that extend the one of states[0] by candidates from `from` on. */
static void extend(struct model *m, struct state *states, size_t from, uint32_t members, int faults, int benign,
                   double score)
{
    const struct md_infer_finding *findings = m->in->findings;
    size_t bytes = m->n_open * sizeof(double);

    add_world(m, members, score);
    for (size_t c = from; c < m->n; c++) {
        double next = score + m->fixed[c];

        if (m->is_benign[c] ? benign == MAX_BENIGN : faults == MAX_FAULTS)
            continue;
        if (bytes > 0) {
            memcpy(states[1].pass, states[0].pass, bytes);
            memcpy(states[1].never, states[0].never, bytes);
            memcpy(states[1].term, states[0].term, bytes);
        }
        for (size_t t = 0; t < m->n_touched[c]; t++) {
            size_t o = m->touched[c][t], j = m->open[o];

            states[1].pass[o] *= m->pass[c * m->in->n_findings + j];
            states[1].never[o] *= m->never[c * m->in->n_findings + j];
            states[1].term[o] = finding_log(&findings[j], states[1].pass[o], states[1].never[o]);
            next += states[1].term[o] - states[0].term[o];
        }
        extend(m, states + 1, c + 1, members | UINT32_C(1) << c, faults + !m->is_benign[c], benign + m->is_benign[c],
               next);
    }
}

static void enumerate(struct model *m, struct md_arena *scratch)
{
    const struct md_infer_input *in = m->in;
    struct state states[MAX_FAULTS + MAX_BENIGN + 1];

    for (size_t d = 0; d < sizeof states / sizeof *states; d++) {
        states[d].pass = md_arena_array(scratch, m->n_open, sizeof(double));
        states[d].never = md_arena_array(scratch, m->n_open, sizeof(double));
        states[d].term = md_arena_array(scratch, m->n_open, sizeof(double));
    }
    for (int unlisted = 0; unlisted <= (m->has_unlisted ? 1 : 0); unlisted++) {
        double pass = unlisted ? m->unlisted_pass : 1, score = unlisted ? m->unlisted_logit : 0;

        for (size_t j = 0; j < in->n_findings; j++)
            score += finding_log(&in->findings[j], pass, 1);
        for (size_t o = 0; o < m->n_open; o++) {
            states[0].pass[o] = pass;
            states[0].never[o] = 1;
            states[0].term[o] = finding_log(&in->findings[m->open[o]], pass, 1);
        }
        extend(m, states, 0, unlisted ? UNLISTED : 0, 0, 0, score);
    }
    /* Relative to the best; with the temperature. */
    if (m->n_worlds > 0) {
        double best = m->worlds[0].score, t = in->temperature > 0 ? in->temperature : 1;

        for (size_t w = 1; w < m->n_worlds; w++)
            best = fmax(best, m->worlds[w].score);
        for (size_t w = 0; w < m->n_worlds; w++)
            m->worlds[w].score = (m->worlds[w].score - best) / t;
    }
}

static void sum_posteriors(const struct model *m, struct md_infer_output *ret)
{
    double sum = 0, none = 0, unlisted = 0, of[MAX_CANDIDATES] = {0};
    uint32_t faults = UNLISTED;

    for (size_t c = 0; c < m->n; c++)
        if (!m->is_benign[c])
            faults |= UINT32_C(1) << c;
    for (size_t w = 0; w < m->n_worlds; w++) {
        uint32_t members = m->worlds[w].members;
        double p = exp(m->worlds[w].score);

        sum += p;
        if ((members & faults) == 0)
            none += p;
        if ((members & UNLISTED) != 0)
            unlisted += p;
        for (size_t c = 0; c < m->n; c++)
            of[c] += (members >> c & 1) != 0 ? p : 0;
    }
    for (size_t c = 0; c < m->n; c++)
        ret->posterior[m->cause[c]] = of[c] / sum;
    ret->unlisted = unlisted / sum;
    ret->no_fault = none / sum;
}

/* pass and never of a whole world, for one finding. */
static void world_factors(const struct model *m, uint32_t members, size_t j, double *pass, double *never)
{
    *pass = (members & UNLISTED) != 0 ? m->unlisted_pass : 1;
    *never = 1;
    for (size_t c = 0; c < m->n; c++)
        if ((members >> c & 1) != 0) {
            *pass *= m->pass[c * m->in->n_findings + j];
            *never *= m->never[c * m->in->n_findings + j];
        }
}

/* 10 log10 P(v_j | a) / P(v_j | b), weighted. */
static double part(const struct model *m, uint32_t a, uint32_t b, size_t j)
{
    double pa, na, pb, nb, t = m->in->temperature > 0 ? m->in->temperature : 1;

    world_factors(m, a, j, &pa, &na);
    world_factors(m, b, j, &pb, &nb);
    if (pa == pb && na == nb)
        return 0;
    return DECIBANS / t * (finding_log(&m->in->findings[j], pa, na) - finding_log(&m->in->findings[j], pb, nb));
}

/*
 * The rival of candidate c: in the best world without c that has a cause which `best` (the best world with c) has not,
 * that cause; where it has several, the most probable one.
 */
static void compare_rival(const struct model *m, size_t c, const struct world *best, struct md_infer_output *ret)
{
    const struct world *other = NULL;
    size_t i = m->cause[c], rival = SIZE_MAX;

    for (size_t w = 0; w < m->n_worlds; w++) {
        uint32_t members = m->worlds[w].members;

        if ((members >> c & 1) == 0 && (members & ~best->members) != 0 && ((members ^ best->members) & UNLISTED) == 0 &&
            (other == NULL || m->worlds[w].score > other->score))
            other = &m->worlds[w];
    }
    if (other == NULL)
        return;
    for (size_t r = 0; r < m->n; r++)
        if ((other->members & ~best->members) >> r & 1)
            if (rival == SIZE_MAX || ret->posterior[m->cause[r]] > ret->posterior[rival])
                rival = m->cause[r];
    ret->rival[i] = rival;
    ret->rival_db[i] = DECIBANS * (best->score - other->score);
    for (size_t j = 0; j < m->in->n_findings; j++)
        ret->rival_decibans[i * m->in->n_findings + j] = part(m, best->members, other->members, j);
}

static void explain_candidate(const struct model *m, size_t c, struct md_infer_output *ret)
{
    const struct world *with = NULL, *without = NULL;
    size_t i = m->cause[c], n = m->in->n_findings;
    double t = m->in->temperature > 0 ? m->in->temperature : 1;
    uint32_t bit = UINT32_C(1) << c;

    for (size_t w = 0; w < m->n_worlds; w++) {
        const struct world **best = (m->worlds[w].members & bit) != 0 ? &with : &without;

        if (*best == NULL || m->worlds[w].score > (*best)->score)
            *best = &m->worlds[w];
    }
    if (with == NULL || without == NULL)
        return;
    ret->runner_up_db[i] = DECIBANS * (with->score - without->score);
    ret->prior_db[i] = ret->total_db[i] = DECIBANS / t * m->logit[c];
    for (size_t j = 0; j < n; j++) {
        ret->decibans[i * n + j] = part(m, with->members, with->members & ~bit, j);
        ret->total_db[i] += ret->decibans[i * n + j];
    }
    compare_rival(m, c, with, ret);
}

/* Causes that are no candidates: independent of the worlds where no present finding is linked to them; else seen from
 * the best world. */
static void fill_others(const struct model *m, struct md_arena *scratch, const double *single,
                        struct md_infer_output *ret)
{
    const struct md_infer_input *in = m->in;
    const struct world *best = &m->worlds[0];
    size_t n = in->n_findings;
    double *pass = md_arena_array(scratch, n, sizeof(double)), *never = md_arena_array(scratch, n, sizeof(double));
    double *base_pass = md_arena_array(scratch, n, sizeof(double)),
           *base_never = md_arena_array(scratch, n, sizeof(double));
    bool *is_done = md_arena_array(scratch, in->n_causes, sizeof *is_done);
    double t = in->temperature > 0 ? in->temperature : 1;

    for (size_t c = 0; c < m->n; c++)
        is_done[m->cause[c]] = true;
    for (size_t w = 1; w < m->n_worlds; w++)
        if (m->worlds[w].score > best->score)
            best = &m->worlds[w];
    for (size_t j = 0; j < n; j++)
        world_factors(m, best->members, j, &base_pass[j], &base_never[j]);
    for (size_t i = 0; i < in->n_causes; i++) {
        double odds = single[i];

        if (is_done[i])
            continue;
        fill_row(in, &in->causes[i], pass, never);
        if (is_candidate(in, &in->causes[i]))
            odds = added_logit(in, &in->causes[i], pass, never, base_pass, base_never);
        ret->posterior[i] = from_logit(odds / t);
        ret->prior_db[i] = ret->total_db[i] = DECIBANS / t * logit(in->causes[i].prior);
        for (size_t j = 0; j < n; j++) {
            double line = 0;

            if (pass[j] < 1 || never[j] < 1)
                line = DECIBANS / t *
                       (finding_log(&in->findings[j], base_pass[j] * pass[j], base_never[j] * never[j]) -
                        finding_log(&in->findings[j], base_pass[j], base_never[j]));
            ret->decibans[i * n + j] = line;
            ret->total_db[i] += line;
        }
        ret->runner_up_db[i] = ret->total_db[i];
        if (!in->causes[i].is_benign)
            ret->no_fault *= 1 - ret->posterior[i];
    }
}

void md_infer(const struct md_infer_input *input, struct md_arena *arena, struct md_infer_output *ret)
{
    struct md_arena *scratch = md_arena_new();
    struct model m = {.in = input};
    size_t n = input->n_findings, causes = input->n_causes;
    double *single = md_arena_array(scratch, causes, sizeof *single);

    *ret = (struct md_infer_output){
        .posterior = md_arena_array(arena, causes, sizeof(double)),
        .runner_up_db = md_arena_array(arena, causes, sizeof(double)),
        .decibans = md_arena_array(arena, causes * n, sizeof(double)),
        .prior_db = md_arena_array(arena, causes, sizeof(double)),
        .total_db = md_arena_array(arena, causes, sizeof(double)),
        .rival = md_arena_array(arena, causes, sizeof(size_t)),
        .rival_db = md_arena_array(arena, causes, sizeof(double)),
        .rival_decibans = md_arena_array(arena, causes * n, sizeof(double)),
    };
    m.has_unlisted = input->unlisted_prior > 0;
    m.unlisted_logit = logit(input->unlisted_prior);
    m.unlisted_pass = 1 - within(input->unlisted_link, 0, MOST);
    m.pass = md_arena_array(scratch, n * (MAX_CANDIDATES + 1), sizeof(double));
    m.never = md_arena_array(scratch, n * (MAX_CANDIDATES + 1), sizeof(double));

    for (size_t i = 0; i < causes; i++) {
        fill_row(input, &input->causes[i], m.pass, m.never);
        single[i] = added_logit(input, &input->causes[i], m.pass, m.never, NULL, NULL);
        ret->rival[i] = SIZE_MAX;
    }
    choose_candidates(&m, single);
    for (size_t c = 0; c < m.n; c++) {
        const struct md_infer_cause *cause = &input->causes[m.cause[c]];

        fill_row(input, cause, m.pass + c * n, m.never + c * n);
        m.is_benign[c] = cause->is_benign;
        m.logit[c] = logit(cause->prior);
    }
    find_open(&m, scratch);
    enumerate(&m, scratch);
    sum_posteriors(&m, ret);
    for (size_t c = 0; c < m.n; c++)
        explain_candidate(&m, c, ret);
    fill_others(&m, scratch, single, ret);

    free(m.worlds);
    md_arena_free(&scratch);
}
