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
    double temperature;
    double unlisted_logit, unlisted_pass;
    bool has_unlisted;

    /* Findings whose logarithm is no sum over the candidates: present ones and excluded absent ones. */
    size_t *open, n_open;
    size_t *touched[MAX_CANDIDATES], n_touched[MAX_CANDIDATES]; /* positions in open */
    double fixed[MAX_CANDIDATES];                               /* prior and the absent findings that do add up */

    /* Of the world being extended, by position in open; and what they were before each extension. */
    double *now_pass, *now_never, *now_term, *saved;

    struct world *worlds;
    size_t n_worlds, cap;
};

/* What a world does to each finding, as in struct model. */
struct row {
    double *pass, *never;
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

/* Into a row of ones. */
static void add_links(const struct md_infer_input *in, const struct md_infer_cause *c, double *pass, double *never)
{
    for (size_t k = 0; k < c->n_links; k++)
        if (c->links[k].finding < in->n_findings)
            pass[c->links[k].finding] *= 1 - within(c->links[k].strength, LEAST, MOST);
    for (size_t k = 0; k < c->n_never; k++)
        if (c->never[k] < in->n_findings)
            never[c->never[k]] = NEVER;
}

static void clear_row(const struct md_infer_input *in, const struct md_infer_cause *c, double *pass, double *never)
{
    for (size_t k = 0; k < c->n_links; k++)
        if (c->links[k].finding < in->n_findings)
            pass[c->links[k].finding] = 1;
    for (size_t k = 0; k < c->n_never; k++)
        if (c->never[k] < in->n_findings)
            never[c->never[k]] = 1;
}

static void fill_row(const struct md_infer_input *in, const struct md_infer_cause *c, double *pass, double *never)
{
    for (size_t j = 0; j < in->n_findings; j++)
        pass[j] = never[j] = 1;
    add_links(in, c, pass, never);
}

static bool is_candidate(const struct md_infer_input *in, const struct md_infer_cause *c)
{
    for (size_t k = 0; k < c->n_links; k++)
        if (c->links[k].finding < in->n_findings && in->findings[c->links[k].finding].truth == MD_PRESENT)
            return true;
    return false;
}

static double added_one(const struct md_infer_input *in, size_t j, double pass, double never, const struct row *base)
{
    double bp = base != NULL ? base->pass[j] : 1, bn = base != NULL ? base->never[j] : 1;

    return finding_log(&in->findings[j], bp * pass, bn * never) - finding_log(&in->findings[j], bp, bn);
}

/* Logit of a cause, whose row is given, added to a world (NULL: the empty one). */
static double added_logit(const struct md_infer_input *in, const struct md_infer_cause *c, const double *pass,
                          const double *never, const struct row *base)
{
    double sum = logit(c->prior);

    for (size_t k = 0; k < c->n_links; k++) {
        size_t j = c->links[k].finding;
        bool is_again = false;

        for (size_t l = 0; l < k; l++)
            is_again |= c->links[l].finding == j;
        if (j < in->n_findings && !is_again)
            sum += added_one(in, j, pass[j], never[j], base);
    }
    for (size_t k = 0; k < c->n_never; k++)
        if (c->never[k] < in->n_findings && !(pass[c->never[k]] < 1))
            sum += added_one(in, c->never[k], 1, never[c->never[k]], base);
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

/* Adds a candidate to the world being extended; gives what it does to the score. */
static double put(struct model *m, size_t c, double *saved)
{
    double change = m->fixed[c];

    for (size_t t = 0; t < m->n_touched[c]; t++) {
        size_t o = m->touched[c][t], at = c * m->in->n_findings + m->open[o];

        saved[3 * t] = m->now_pass[o];
        saved[3 * t + 1] = m->now_never[o];
        saved[3 * t + 2] = m->now_term[o];
        m->now_pass[o] *= m->pass[at];
        m->now_never[o] *= m->never[at];
        m->now_term[o] = finding_log(&m->in->findings[m->open[o]], m->now_pass[o], m->now_never[o]);
        change += m->now_term[o] - saved[3 * t + 2];
    }
    return change;
}

static void take_back(struct model *m, size_t c, const double *saved)
{
    for (size_t t = 0; t < m->n_touched[c]; t++) {
        size_t o = m->touched[c][t];

        m->now_pass[o] = saved[3 * t];
        m->now_never[o] = saved[3 * t + 1];
        m->now_term[o] = saved[3 * t + 2];
    }
}

/* All worlds that extend `members` by candidates from `from` on. */
static void extend(struct model *m, size_t from, uint32_t members, size_t faults, size_t benign, double score)
{
    double *saved = m->saved + 3 * m->n_open * (faults + benign);

    add_world(m, members, score);
    for (size_t c = from; c < m->n; c++) {
        if (m->is_benign[c] ? benign == MAX_BENIGN : faults == MAX_FAULTS)
            continue;
        extend(m, c + 1, members | UINT32_C(1) << c, faults + !m->is_benign[c], benign + m->is_benign[c],
               score + put(m, c, saved));
        take_back(m, c, saved);
    }
}

static void enumerate(struct model *m, struct md_arena *scratch)
{
    const struct md_infer_input *in = m->in;

    m->now_pass = md_arena_array(scratch, m->n_open, sizeof(double));
    m->now_never = md_arena_array(scratch, m->n_open, sizeof(double));
    m->now_term = md_arena_array(scratch, m->n_open, sizeof(double));
    m->saved = md_arena_array(scratch, 3 * m->n_open * (MAX_FAULTS + MAX_BENIGN + 1), sizeof(double));
    for (int unlisted = 0; unlisted <= (m->has_unlisted ? 1 : 0); unlisted++) {
        double pass = unlisted ? m->unlisted_pass : 1, score = unlisted ? m->unlisted_logit : 0;

        for (size_t j = 0; j < in->n_findings; j++)
            score += finding_log(&in->findings[j], pass, 1);
        for (size_t o = 0; o < m->n_open; o++) {
            m->now_pass[o] = pass;
            m->now_never[o] = 1;
            m->now_term[o] = finding_log(&in->findings[m->open[o]], pass, 1);
        }
        extend(m, 0, unlisted ? UNLISTED : 0, 0, 0, score);
    }
    /* Relative to the best; with the temperature. */
    if (m->n_worlds > 0) {
        double best = m->worlds[0].score;

        for (size_t w = 1; w < m->n_worlds; w++)
            best = fmax(best, m->worlds[w].score);
        for (size_t w = 0; w < m->n_worlds; w++)
            m->worlds[w].score = (m->worlds[w].score - best) / m->temperature;
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
        double p = m->worlds[w].score > -45 ? exp(m->worlds[w].score) : 0;

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

/* --- explanations: a few worlds, finding by finding --------------------------------------------------------------- */

static struct row new_row(const struct model *m, struct md_arena *scratch)
{
    return (struct row){md_arena_array(scratch, m->in->n_findings, sizeof(double)),
                        md_arena_array(scratch, m->in->n_findings, sizeof(double))};
}

/* What a world lets pass. */
static void fill_world(const struct model *m, uint32_t members, struct row *ret)
{
    size_t n = m->in->n_findings;

    for (size_t j = 0; j < n; j++) {
        ret->pass[j] = (members & UNLISTED) != 0 ? m->unlisted_pass : 1;
        ret->never[j] = 1;
    }
    for (size_t c = 0; c < m->n; c++)
        for (size_t j = 0; (members >> c & 1) != 0 && j < n; j++) {
            ret->pass[j] *= m->pass[c * n + j];
            ret->never[j] *= m->never[c * n + j];
        }
}

/* 10 log10 P(v_j | a) / P(v_j | b), weighted, for each finding; gives the sum. */
static double compare(const struct model *m, const struct row *a, const struct row *b, double *ret)
{
    double sum = 0;

    for (size_t j = 0; j < m->in->n_findings; j++) {
        const struct md_infer_finding *f = &m->in->findings[j];

        if (a->pass[j] != b->pass[j] || a->never[j] != b->never[j])
            ret[j] = DECIBANS / m->temperature *
                     (finding_log(f, a->pass[j], a->never[j]) - finding_log(f, b->pass[j], b->never[j]));
        sum += ret[j];
    }
    return sum;
}

/* What explanations write into and work with. */
struct explainer {
    const struct model *m;
    struct md_arena *arena;
    struct row with, without;
    struct md_infer_output *ret;
};

static double *finding_row(const struct explainer *e)
{
    return md_arena_array(e->arena, e->m->in->n_findings, sizeof(double));
}

/*
 * The rival of candidate c: in the best world without c that has a cause which `best` (the best world with c) has not,
 * that cause; where it has several, the most probable one. The unlisted cause is in both or in neither, so it blurs no
 * comparison.
 */
static void compare_rival(struct explainer *e, size_t c, const struct world *best)
{
    const struct model *m = e->m;
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
            if (rival == SIZE_MAX || e->ret->posterior[m->cause[r]] > e->ret->posterior[rival])
                rival = m->cause[r];
    e->ret->rival[i] = rival;
    e->ret->rival_db[i] = DECIBANS * (best->score - other->score);
    e->ret->rival_decibans[i] = finding_row(e);
    fill_world(m, best->members, &e->with);
    fill_world(m, other->members, &e->without);
    compare(m, &e->with, &e->without, e->ret->rival_decibans[i]);
}

static void explain_candidate(struct explainer *e, size_t c)
{
    const struct model *m = e->m;
    const struct world *with = NULL, *without = NULL;
    size_t i = m->cause[c];
    uint32_t bit = UINT32_C(1) << c;

    if (e->ret->posterior[i] < m->in->explain_from)
        return;
    for (size_t w = 0; w < m->n_worlds; w++) {
        const struct world **best = (m->worlds[w].members & bit) != 0 ? &with : &without;

        if (*best == NULL || m->worlds[w].score > (*best)->score)
            *best = &m->worlds[w];
    }
    if (with == NULL || without == NULL)
        return;
    e->ret->runner_up_db[i] = DECIBANS * (with->score - without->score);
    e->ret->decibans[i] = finding_row(e);
    fill_world(m, with->members, &e->with);
    fill_world(m, with->members & ~bit, &e->without);
    e->ret->total_db[i] = e->ret->prior_db[i] + compare(m, &e->with, &e->without, e->ret->decibans[i]);
    compare_rival(e, c, with);
}

/* Causes that are no candidates: independent of the worlds where no present finding is linked to them; else seen from
 * the best world. */
static void fill_others(struct explainer *e, struct md_arena *scratch, const double *single)
{
    const struct model *m = e->m;
    const struct md_infer_input *in = m->in;
    const struct world *best = &m->worlds[0];
    struct row own = new_row(m, scratch), base = new_row(m, scratch);
    bool *is_done = md_arena_array(scratch, in->n_causes, sizeof *is_done);

    for (size_t c = 0; c < m->n; c++)
        is_done[m->cause[c]] = true;
    for (size_t w = 1; w < m->n_worlds; w++)
        if (m->worlds[w].score > best->score)
            best = &m->worlds[w];
    fill_world(m, best->members, &base);
    for (size_t i = 0; i < in->n_causes; i++) {
        double odds = single[i];

        if (is_done[i])
            continue;
        if (is_candidate(in, &in->causes[i])) {
            fill_row(in, &in->causes[i], own.pass, own.never);
            odds = added_logit(in, &in->causes[i], own.pass, own.never, &base);
        }
        e->ret->posterior[i] = from_logit(odds / m->temperature);
        if (!in->causes[i].is_benign)
            e->ret->no_fault *= 1 - e->ret->posterior[i];
        if (e->ret->posterior[i] < in->explain_from)
            continue;
        fill_row(in, &in->causes[i], e->with.pass, e->with.never);
        for (size_t j = 0; j < in->n_findings; j++) {
            e->with.pass[j] *= base.pass[j];
            e->with.never[j] *= base.never[j];
        }
        e->ret->decibans[i] = finding_row(e);
        e->ret->total_db[i] = e->ret->prior_db[i] + compare(m, &e->with, &base, e->ret->decibans[i]);
        e->ret->runner_up_db[i] = e->ret->total_db[i];
    }
}

void md_infer(const struct md_infer_input *input, struct md_arena *arena, struct md_infer_output *ret)
{
    struct md_arena *scratch = md_arena_new();
    struct model m = {.in = input, .temperature = input->temperature > 0 ? input->temperature : 1};
    struct explainer explainer = {.m = &m, .arena = arena, .ret = ret};
    size_t n = input->n_findings, causes = input->n_causes;
    double *single = md_arena_array(scratch, causes, sizeof *single);

    *ret = (struct md_infer_output){
        .posterior = md_arena_array(arena, causes, sizeof(double)),
        .prior_db = md_arena_array(arena, causes, sizeof(double)),
        .runner_up_db = md_arena_array(arena, causes, sizeof(double)),
        .decibans = md_arena_array(arena, causes, sizeof(double *)),
        .total_db = md_arena_array(arena, causes, sizeof(double)),
        .rival = md_arena_array(arena, causes, sizeof(size_t)),
        .rival_db = md_arena_array(arena, causes, sizeof(double)),
        .rival_decibans = md_arena_array(arena, causes, sizeof(double *)),
    };
    m.has_unlisted = input->unlisted_prior > 0;
    m.unlisted_logit = logit(input->unlisted_prior);
    m.unlisted_pass = 1 - within(input->unlisted_link, 0, MOST);
    explainer.with = new_row(&m, scratch);
    explainer.without = new_row(&m, scratch);

    for (size_t j = 0; j < n; j++)
        explainer.with.pass[j] = explainer.with.never[j] = 1;
    for (size_t i = 0; i < causes; i++) {
        const struct md_infer_cause *cause = &input->causes[i];

        add_links(input, cause, explainer.with.pass, explainer.with.never);
        single[i] = added_logit(input, cause, explainer.with.pass, explainer.with.never, NULL);
        clear_row(input, cause, explainer.with.pass, explainer.with.never);
        ret->prior_db[i] = DECIBANS / m.temperature * logit(cause->prior);
        ret->rival[i] = SIZE_MAX;
    }
    choose_candidates(&m, single);
    m.pass = md_arena_array(scratch, n * m.n, sizeof(double));
    m.never = md_arena_array(scratch, n * m.n, sizeof(double));
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
        explain_candidate(&explainer, c);
    fill_others(&explainer, scratch, single);

    free(m.worlds);
    md_arena_free(&scratch);
}
