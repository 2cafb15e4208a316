#include "engine/diagnose_priv.h"

#include <math.h>
#include <stdlib.h>

#include "engine/ask.h"
#include "engine/base/map.h"

#define LEAST_MOVE 1. /* decibans by which the finding could move a cause */
#define MOST_GAPS 30
#define MOST_CAUSES 8

/* A fact of an instance that is not known. */
struct gap {
    const struct md_fact_def *def;
    const struct md_instance *at;
    const char *why;
    double moves; /* most that a probability could change */
    size_t seq;
    const struct md_cause *causes[MOST_CAUSES]; /* by how much they could change, falling */
    double by[MOST_CAUSES];
    size_t n_causes;
};

/* Decibans that the finding would give the cause if it came out present, and if absent. */
static void outcomes(const struct md_view *view, const struct md_cause *cause, size_t position, double *ret_present,
                     double *ret_absent)
{
    const struct md_finding *finding = view->scope->findings[position];
    double leak = md_infer_within(view->findings[position].leak, MD_INFER_LEAST, MD_INFER_MOST), absent = 1 - leak,
           never = 1, with;

    for (size_t k = 0; k < cause->n_links; k++)
        if (cause->links[k].finding == finding->index)
            absent *= 1 - md_infer_within(cause->links[k].strength, MD_INFER_LEAST, MD_INFER_MOST);
    for (size_t k = 0; k < cause->n_never; k++)
        if (cause->never[k] == finding->index)
            never = MD_INFER_NEVER;
    with = (1 - absent) * never;
    /* The weight of a finding that is unknown is already that of its group with it. */
    *ret_present = view->findings[position].weight * 10 * log10(with / leak);
    *ret_absent = view->findings[position].weight * 10 * log10((1 - with) / (1 - leak));
}

static double shifted(double p, double decibans)
{
    return 1 / (1 + pow(10, -(md_decibans(p) + decibans) / 10));
}

static void note_cause(struct gap *gap, const struct md_cause *cause, double by)
{
    size_t at = 0;

    gap->moves = fmax(gap->moves, by);
    while (at < gap->n_causes && gap->causes[at] != cause)
        at++;
    if (at < gap->n_causes && gap->by[at] >= by)
        return;
    if (at == gap->n_causes && gap->n_causes < MOST_CAUSES)
        gap->n_causes++;
    else if (at == gap->n_causes && gap->by[--at] >= by)
        return;
    for (; at > 0 && gap->by[at - 1] < by; at--) {
        gap->causes[at] = gap->causes[at - 1];
        gap->by[at] = gap->by[at - 1];
    }
    gap->causes[at] = cause;
    gap->by[at] = by;
}

struct gaps {
    struct gap **list;
    size_t n, cap;
    struct md_map *by_fact;
};

static struct gap *find_gap(struct md_study *study, struct gaps *gaps, const struct md_read *missing)
{
    struct md_str key = md_str_n((const char *)&missing->at->index, sizeof missing->at->index);
    struct gap *gap = md_map_find(gaps->by_fact, missing->def->index, key);

    if (gap == NULL) {
        gap = md_arena_alloc(study->arena, sizeof *gap);
        gap->def = missing->def;
        gap->at = missing->at;
        gap->why = missing->fact != NULL && missing->fact->why != NULL ? missing->fact->why : "not observed";
        gap->seq = gaps->n;
        md_map_set(gaps->by_fact, missing->def->index, key, gap);
        *(struct gap **)md_arena_push(study->arena, &gaps->list, &gaps->n, &gaps->cap, sizeof(struct gap *)) = gap;
    }
    return gap;
}

/* The finding at that position could move the cause, whose probability is p. */
static void consider(struct md_study *study, struct gaps *gaps, const struct md_view *view, size_t row, size_t finding)
{
    const struct md_observation *o;
    double present, absent, p = view->out.posterior[row];
    size_t position = study->position[finding];

    if (md_rules_finding(study->rules, finding)->scope != view->at->scope)
        return;
    o = &view->observations[position];
    if (o->truth != MD_UNKNOWN || o->missing == NULL || o->missing->def == NULL || o->missing->at == NULL)
        return;
    outcomes(view, view->causes[row], position, &present, &absent);
    if (fmax(fabs(present), fabs(absent)) >= LEAST_MOVE)
        note_cause(find_gap(study, gaps, o->missing), view->causes[row],
                   fmax(fabs(shifted(p, present) - p), fabs(shifted(p, absent) - p)));
}

static void collect(struct md_study *study, struct gaps *gaps, const struct md_view *view, double least)
{
    for (size_t i = 0; i < view->n_causes; i++) {
        const struct md_cause *cause = view->causes[i];

        if (md_round3(view->out.posterior[i]) < least)
            continue;
        for (size_t k = 0; k < cause->n_links; k++)
            consider(study, gaps, view, i, cause->links[k].finding);
        for (size_t k = 0; k < cause->n_never; k++)
            consider(study, gaps, view, i, cause->never[k]);
    }
}

static int by_moves(const void *pa, const void *pb)
{
    const struct gap *a = *(struct gap *const *)pa, *b = *(struct gap *const *)pb;
    double ma = md_round3(a->moves), mb = md_round3(b->moves);

    if (ma != mb)
        return ma > mb ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static void fill(struct md_study *study, const struct gap *gap, struct md_unknown *ret)
{
    const char **ids = md_arena_array(study->arena, gap->n_causes, sizeof(const char *));

    for (size_t i = 0; i < gap->n_causes; i++)
        ids[i] = gap->causes[i]->id;
    ret->fact = gap->def->name;
    ret->at = gap->at;
    ret->scope = md_scope_pairs(study, gap->at, NULL, NULL, &ret->n_scope);
    ret->why = gap->why;
    ret->ask = md_ask(study->arena, gap->def, gap->at);
    ret->would_change = ids;
    ret->n_would_change = gap->n_causes;
}

struct md_unknown *md_study_gaps(struct md_study *study, size_t *ret_n)
{
    struct gaps gaps = {.by_fact = md_map_new(study->arena)};
    struct md_unknown *list = md_arena_array(study->arena, MOST_GAPS, sizeof *list);
    size_t *alike =
        md_arena_array(study->arena, md_catalogue_fact_count(md_facts_catalogue(study->facts)), sizeof *alike);

    *ret_n = 0;
    for (size_t v = 0; v < study->n_views; v++)
        collect(study, &gaps, study->views[v], MD_CONSIDERED);
    if (gaps.n == 0) /* nothing is considered: then what could bring it up */
        collect(study, &gaps, study->views[0], 0);
    if (gaps.n > 1)
        qsort(gaps.list, gaps.n, sizeof(struct gap *), by_moves);
    for (size_t i = 0; i < gaps.n && *ret_n < MOST_GAPS; i++)
        if (alike[gaps.list[i]->def->index]++ < MD_ALIKE_SINGLY)
            fill(study, gaps.list[i], &list[(*ret_n)++]);
    return list;
}
