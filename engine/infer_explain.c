#include "engine/infer_priv.h"

struct md_infer_row md_infer_new_row(const struct md_infer_model *m, struct md_arena *scratch)
{
    return (struct md_infer_row){md_arena_array(scratch, m->in->n_findings, sizeof(double)),
                                 md_arena_array(scratch, m->in->n_findings, sizeof(double))};
}

/* What a world lets pass. */
void md_infer_fill_world(const struct md_infer_model *m, uint32_t members, struct md_infer_row *ret)
{
    size_t n = m->in->n_findings;

    for (size_t j = 0; j < n; j++) {
        ret->pass[j] = (members & MD_INFER_UNLISTED) != 0 ? m->unlisted_pass : 1;
        ret->never[j] = 1;
    }
    for (size_t c = 0; c < m->n; c++)
        for (size_t j = 0; (members >> c & 1) != 0 && j < n; j++) {
            ret->pass[j] *= m->pass[c * n + j];
            ret->never[j] *= m->never[c * n + j];
        }
}

/* 10 log10 P(v_j | a) / P(v_j | b), weighted, for each finding; gives the sum. */
double md_infer_compare(const struct md_infer_model *m, const struct md_infer_row *a, const struct md_infer_row *b,
                        double *ret)
{
    double sum = 0;

    for (size_t j = 0; j < m->in->n_findings; j++) {
        const struct md_infer_finding *f = &m->in->findings[j];

        if (a->pass[j] != b->pass[j] || a->never[j] != b->never[j])
            ret[j] =
                MD_INFER_DECIBANS / m->temperature *
                (md_infer_finding_log(f, a->pass[j], a->never[j]) - md_infer_finding_log(f, b->pass[j], b->never[j]));
        sum += ret[j];
    }
    return sum;
}

double *md_infer_finding_row(const struct md_infer_explainer *e)
{
    return md_arena_array(e->arena, e->m->in->n_findings, sizeof(double));
}

/*
 * The rival of candidate c: in the best world without c that has a cause which `best` (the best world with c) has not,
 * that cause; where it has several, the most probable one. The unlisted cause is in both or in neither, so it blurs no
 * comparison.
 */
static void compare_rival(struct md_infer_explainer *e, size_t c, const struct md_infer_world *best)
{
    const struct md_infer_model *m = e->m;
    const struct md_infer_world *other = NULL;
    size_t i = m->cause[c], rival = SIZE_MAX;

    for (size_t w = 0; w < m->n_worlds; w++) {
        uint32_t members = m->worlds[w].members;

        if ((members >> c & 1) == 0 && (members & ~best->members) != 0 &&
            ((members ^ best->members) & MD_INFER_UNLISTED) == 0 &&
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
    e->ret->rival_db[i] = MD_INFER_DECIBANS * (best->score - other->score);
    e->ret->rival_decibans[i] = md_infer_finding_row(e);
    md_infer_fill_world(m, best->members, &e->with);
    md_infer_fill_world(m, other->members, &e->without);
    md_infer_compare(m, &e->with, &e->without, e->ret->rival_decibans[i]);
}

void md_infer_explain_candidate(struct md_infer_explainer *e, size_t c)
{
    const struct md_infer_model *m = e->m;
    const struct md_infer_world *with = NULL, *without = NULL;
    size_t i = m->cause[c];
    uint32_t bit = UINT32_C(1) << c;

    if (e->ret->posterior[i] < m->in->explain_from)
        return;
    for (size_t w = 0; w < m->n_worlds; w++) {
        const struct md_infer_world **best = (m->worlds[w].members & bit) != 0 ? &with : &without;

        if (*best == NULL || m->worlds[w].score > (*best)->score)
            *best = &m->worlds[w];
    }
    if (with == NULL || without == NULL)
        return;
    e->ret->runner_up_db[i] = MD_INFER_DECIBANS * (with->score - without->score);
    e->ret->decibans[i] = md_infer_finding_row(e);
    md_infer_fill_world(m, with->members, &e->with);
    md_infer_fill_world(m, with->members & ~bit, &e->without);
    e->ret->total_db[i] = e->ret->prior_db[i] + md_infer_compare(m, &e->with, &e->without, e->ret->decibans[i]);
    compare_rival(e, c, with);
}
