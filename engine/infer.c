#include "engine/infer_priv.h"

static double logit(double p)
{
    p = md_infer_within(p, 1e-9, 1 - 1e-9);
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

/* Into a row of ones. */
static void add_links(const struct md_infer_input *in, const struct md_infer_cause *c, double *pass, double *never)
{
    for (size_t k = 0; k < c->n_links; k++)
        if (c->links[k].finding < in->n_findings)
            pass[c->links[k].finding] *= 1 - md_infer_within(c->links[k].strength, MD_INFER_LEAST, MD_INFER_MOST);
    for (size_t k = 0; k < c->n_never; k++)
        if (c->never[k] < in->n_findings)
            never[c->never[k]] = MD_INFER_NEVER;
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

static double added_one(const struct md_infer_input *in, size_t j, double pass, double never,
                        const struct md_infer_row *base)
{
    double bp = base != NULL ? base->pass[j] : 1, bn = base != NULL ? base->never[j] : 1;

    return md_infer_finding_log(&in->findings[j], bp * pass, bn * never) -
           md_infer_finding_log(&in->findings[j], bp, bn);
}

/* Logit of a cause, whose row is given, added to a world (NULL: the empty one). */
static double added_logit(const struct md_infer_input *in, const struct md_infer_cause *c, const double *pass,
                          const double *never, const struct md_infer_row *base)
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

/* Chooses the candidates: the best MD_INFER_MAX_CANDIDATES by their posterior as single cause, ties in the order of
 * input. */
static void choose_candidates(struct md_infer_model *m, const double *single)
{
    const struct md_infer_input *in = m->in;

    for (size_t i = 0; i < in->n_causes; i++) {
        size_t at = m->n;

        if (!is_candidate(in, &in->causes[i]))
            continue;
        while (at > 0 && single[m->cause[at - 1]] < single[i])
            at--;
        if (at == MD_INFER_MAX_CANDIDATES)
            continue;
        if (m->n < MD_INFER_MAX_CANDIDATES)
            m->n++;
        memmove(&m->cause[at + 1], &m->cause[at], (m->n - at - 1) * sizeof m->cause[0]);
        m->cause[at] = i;
    }
}

static void sum_posteriors(const struct md_infer_model *m, struct md_infer_output *ret)
{
    double sum = 0, none = 0, unlisted = 0, of[MD_INFER_MAX_CANDIDATES] = {0};
    uint32_t faults = MD_INFER_UNLISTED;

    for (size_t c = 0; c < m->n; c++)
        if (!m->is_benign[c])
            faults |= UINT32_C(1) << c;
    for (size_t w = 0; w < m->n_worlds; w++) {
        uint32_t members = m->worlds[w].members;
        double p = m->worlds[w].score > -45 ? exp(m->worlds[w].score) : 0;

        sum += p;
        if ((members & faults) == 0)
            none += p;
        if ((members & MD_INFER_UNLISTED) != 0)
            unlisted += p;
        for (size_t c = 0; c < m->n; c++)
            of[c] += (members >> c & 1) != 0 ? p : 0;
    }
    for (size_t c = 0; c < m->n; c++)
        ret->posterior[m->cause[c]] = of[c] / sum;
    ret->unlisted = unlisted / sum;
    ret->no_fault = none / sum;
}

/* Causes that are no candidates: independent of the worlds where no present finding is linked to them; else seen from
 * the best world. */
static void fill_others(struct md_infer_explainer *e, struct md_arena *scratch, const double *single)
{
    const struct md_infer_model *m = e->m;
    const struct md_infer_input *in = m->in;
    const struct md_infer_world *best = &m->worlds[0];
    struct md_infer_row own = md_infer_new_row(m, scratch), base = md_infer_new_row(m, scratch);
    bool *is_done = md_arena_array(scratch, in->n_causes, sizeof *is_done);

    for (size_t c = 0; c < m->n; c++)
        is_done[m->cause[c]] = true;
    for (size_t w = 1; w < m->n_worlds; w++)
        if (m->worlds[w].score > best->score)
            best = &m->worlds[w];
    md_infer_fill_world(m, best->members, &base);
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
        e->ret->decibans[i] = md_infer_finding_row(e);
        e->ret->total_db[i] = e->ret->prior_db[i] + md_infer_compare(m, &e->with, &base, e->ret->decibans[i]);
        e->ret->runner_up_db[i] = e->ret->total_db[i];
    }
}

void md_infer(const struct md_infer_input *input, struct md_arena *arena, struct md_infer_output *ret)
{
    struct md_arena *scratch = md_arena_new();
    struct md_infer_model m = {.in = input, .temperature = input->temperature > 0 ? input->temperature : 1};
    struct md_infer_explainer explainer = {.m = &m, .arena = arena, .ret = ret};
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
    m.unlisted_pass = 1 - md_infer_within(input->unlisted_link, 0, MD_INFER_MOST);
    explainer.with = md_infer_new_row(&m, scratch);
    explainer.without = md_infer_new_row(&m, scratch);

    for (size_t j = 0; j < n; j++)
        explainer.with.pass[j] = explainer.with.never[j] = 1;
    for (size_t i = 0; i < causes; i++) {
        const struct md_infer_cause *cause = &input->causes[i];

        add_links(input, cause, explainer.with.pass, explainer.with.never);
        single[i] = added_logit(input, cause, explainer.with.pass, explainer.with.never, NULL);
        clear_row(input, cause, explainer.with.pass, explainer.with.never);
        ret->prior_db[i] = MD_INFER_DECIBANS / m.temperature * logit(cause->prior);
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
    md_infer_enumerate(&m, scratch);
    sum_posteriors(&m, ret);
    for (size_t c = 0; c < m.n; c++)
        md_infer_explain_candidate(&explainer, c);
    fill_others(&explainer, scratch, single);

    free(m.worlds);
    md_arena_free(&scratch);
}
