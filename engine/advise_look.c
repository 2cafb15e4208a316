/*
 * Outcomes of looks: what each would show if this were the problem.
 *
 * A look resolves a point where it tells all that is missing of at least half of the read sets of the finding that miss something. The pattern of a hypothesis is the set of
 * its points that are then more likely present than not; hypotheses of one pattern share an outcome, and the quiet pattern, nothing present,
 * is one.
 */
#include "engine/advise_priv.h"

#define RHO .7 /* agreement within a group, as in the diagnosis */

struct pattern {
    size_t *points;
    double *weights;
    size_t n;
    const char *name, *says;
};

struct looking {
    struct md_advising *a;
    bool *gives; /* by index of the fact */
    struct pattern *patterns;
    size_t n_patterns;
};

/* --- what becomes known ----------------------------------------------------------------------- */

static bool resolves(const struct looking *l, const struct md_point *point)
{
    size_t at = 0, covered = 0, lacking = 0;

    if (!point->is_open)
        return false;
    for (size_t s = 0; s < point->footprint->n; s++) {
        const struct md_footprint_set *set = &point->footprint->sets[s];
        bool is_covered = true, lacks = false;

        for (size_t r = 0; r < set->n; r++, at++) {
            lacks |= point->missing[at];
            is_covered &= !point->missing[at] || l->gives[set->reads[r].def->index];
        }
        lacking += lacks;
        covered += lacks && is_covered;
    }
    return covered > 0 && 2 * covered >= lacking;
}

static void resolve_all(const struct looking *l)
{
    for (size_t p = 0; p < l->a->n_points; p++)
        l->a->points[p].is_resolved = resolves(l, &l->a->points[p]);
}

/* --- patterns --------------------------------------------------------------------------------- */

static bool is_same_group(const struct md_point *x, const struct md_point *y)
{
    const char *gx = x->finding->group, *gy = y->finding->group;

    return x->place == y->place && gx != NULL && gy != NULL && strcmp(gx, gy) == 0;
}

/* Findings of one group that come out alike repeat each other. */
static double weight_in(const struct md_advising *a, const size_t *points, size_t n, size_t point)
{
    size_t members = 0;

    for (size_t i = 0; i < n; i++)
        members += points[i] == point || is_same_group(&a->points[points[i]], &a->points[point]);
    return md_infer_group_weight(members, RHO);
}

static bool is_same_pattern(const struct pattern *x, const struct pattern *y)
{
    if (x->n != y->n)
        return false;
    for (size_t i = 0; i < x->n; i++) {
        bool is_found = false;

        for (size_t k = 0; k < y->n && !is_found; k++)
            is_found = x->points[i] == y->points[k];
        if (!is_found)
            return false;
    }
    return true;
}

static void add_pattern(struct looking *l, const struct md_hypothesis *h)
{
    struct md_advising *a = l->a;
    struct pattern new = {.points = md_arena_array(a->arena, h->n_signs, sizeof(size_t)),
                          .weights = md_arena_array(a->arena, h->n_signs, sizeof(double)),
                          .name = h->cause != NULL ? h->cause->id : "",
                          .says = h->cause != NULL ? h->cause->title : "nothing out of the ordinary"};

    for (size_t k = 0; k < h->n_signs; k++)
        if (a->points[h->signs[k].point].is_resolved && h->signs[k].p >= .5)
            new.points[new.n++] = h->signs[k].point;
    for (size_t k = 0; k < new.n; k++)
        new.weights[k] = weight_in(a, new.points, new.n, new.points[k]);
    for (size_t i = 0; i < l->n_patterns; i++)
        if (is_same_pattern(&l->patterns[i], &new))
            return;
    l->patterns[l->n_patterns++] = new;
}

static void add_patterns(struct looking *l)
{
    static const struct md_hypothesis nothing = {.is_fault = false};
    size_t n = l->a->n_hypotheses;

    l->patterns = md_arena_array(l->a->arena, MD_ADVISE_OUTCOMES + 1, sizeof *l->patterns);
    add_pattern(l, &nothing);
    for (size_t h = 0; h < n && h < MD_ADVISE_OUTCOMES; h++)
        if (l->a->hypotheses[h].cause != NULL)
            add_pattern(l, &l->a->hypotheses[h]);
}

/* --- likelihoods ------------------------------------------------------------------------------ */

/* log P(pattern | the problem is elsewhere), but for what all patterns have in common. */
static double elsewhere(const struct md_advising *a, const struct pattern *pattern)
{
    double sum = 0;

    for (size_t k = 0; k < pattern->n; k++) {
        double base = a->points[pattern->points[k]].base;

        sum += pattern->weights[k] * log(base / (1 - base));
    }
    return sum;
}

static void weigh_hypothesis(const struct looking *l, size_t h, const double *other, struct md_weighing *w)
{
    struct md_advising *a = l->a;
    const struct md_hypothesis *hypothesis = &a->hypotheses[h];
    size_t *absent = md_arena_array(a->arena, hypothesis->n_signs, sizeof *absent), n_absent = 0;
    double quiet = 0, *on = a->on_point;

    for (size_t k = 0; k < hypothesis->n_signs; k++)
        if (a->points[hypothesis->signs[k].point].is_resolved)
            absent[n_absent++] = hypothesis->signs[k].point;
    for (size_t k = 0; k < hypothesis->n_signs; k++) {
        const struct md_sign *sign = &hypothesis->signs[k];
        double base = a->points[sign->point].base, weight;

        if (!a->points[sign->point].is_resolved)
            continue;
        weight = weight_in(a, absent, n_absent, sign->point);
        on[sign->point] = weight * log((1 - sign->p) / (1 - base));
        quiet += on[sign->point];
    }
    for (size_t o = 0; o < l->n_patterns; o++) {
        double *given = &w->given[o * a->n_hypotheses + h];

        *given = other[o] + quiet;
        for (size_t i = 0; i < l->patterns[o].n; i++) {
            size_t point = l->patterns[o].points[i];

            for (size_t k = 0; k < hypothesis->n_signs && on[point] != 0; k++)
                if (hypothesis->signs[k].point == point)
                    *given +=
                        l->patterns[o].weights[i] * log(hypothesis->signs[k].p / a->points[point].base) - on[point];
        }
    }
    for (size_t k = 0; k < n_absent; k++)
        on[absent[k]] = 0;
}

double md_advise_looks_save(struct md_advising *a, const struct md_look *const *looks, size_t n,
                            struct md_weighing *ret)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(a->input->facts);
    struct looking l = {.a = a, .gives = md_arena_array(a->arena, md_catalogue_fact_count(catalogue), sizeof(bool))};
    double *other, cost = 0;

    for (size_t f = 0; f < md_catalogue_fact_count(catalogue); f++)
        for (size_t i = 0; i < n && !l.gives[f]; i++)
            l.gives[f] = md_look_gives(looks[i], md_catalogue_fact_at(catalogue, f));
    resolve_all(&l);
    add_patterns(&l);
    md_weighing_begin(a, l.n_patterns, ret);
    if (l.n_patterns < 2)
        return 0;
    other = md_arena_array(a->arena, l.n_patterns, sizeof *other);
    for (size_t o = 0; o < l.n_patterns; o++)
        other[o] = elsewhere(a, &l.patterns[o]);
    for (size_t h = 0; h < a->n_hypotheses; h++)
        weigh_hypothesis(&l, h, other, ret);
    md_weighing_finish(a, ret);
    for (size_t i = 0; i < n; i++)
        cost += md_look_cost(looks[i]);
    return md_weighing_saves(a, ret, cost);
}

/* --- inquiries -------------------------------------------------------------------------------- */

/* Looks that it is worth little without and that are still to be asked for. */
static size_t add_before(const struct md_advising *a, const struct md_look *look, const struct md_look **list, size_t n,
                         size_t most)
{
    for (size_t i = 0; i < look->n_after && n < most; i++) {
        const struct md_look *before = md_wizard_find_look(a->input->wizard, md_str(look->after[i]));
        bool is_new = before != NULL && !md_advise_is_told(a, before);

        for (size_t k = 0; k < n && is_new; k++)
            is_new = list[k] != before;
        if (is_new)
            list[n++] = before;
    }
    return n;
}

static struct md_inquiry inquiry_of(struct md_advising *a, const struct md_look *look)
{
    struct md_instance *root = md_facts_root(a->input->facts);
    struct md_inquiry inquiry = {
        .kind = MD_INQUIRY_LOOK,
        .id = md_arena_printf(a->arena, "look:%s", look->id),
        .look = look,
        .at = root,
        .asks = md_look_asks(a->input->rules, a->arena, look, root),
        .safe = look->safe,
        .cost_minutes = md_look_cost(look),
        .needs_consent = look->needs_consent,
    };

    inquiry.how = md_look_steps(a->input->rules, a->arena, look, root, &inquiry.n_how);
    return inquiry;
}

/* What comes after others passes the worth of all of them on to those that are to be asked first. */
static void lift(struct md_advising *a, const struct md_look *const *looks, size_t n, double saves)
{
    double cost = 0;

    for (size_t k = 0; k < n; k++)
        cost += md_look_cost(looks[k]);
    for (size_t i = 0; i < a->n_inquiries; i++)
        for (size_t k = 1; k < n; k++)
            if (a->inquiries[i].look == looks[k] && saves - cost > a->inquiries[i].value) {
                a->inquiries[i].saves_minutes = saves - cost + a->inquiries[i].cost_minutes;
                a->inquiries[i].value = saves - cost;
            }
}

void md_advise_looks(struct md_advising *a)
{
    size_t n_looks = md_wizard_look_count(a->input->wizard);
    struct md_weighing w;

    a->on_point = md_arena_array(a->arena, a->n_points, sizeof *a->on_point);
    for (size_t i = 0; i < n_looks; i++) {
        const struct md_look *look = md_wizard_look(a->input->wizard, i);
        struct md_inquiry inquiry;

        if (md_advise_is_told(a, look))
            continue;
        inquiry = inquiry_of(a, look);
        if (inquiry.n_how == 0)
            continue;
        md_advise_add(a, &inquiry, &w, md_advise_looks_save(a, &look, 1, &w));
    }
    for (size_t i = 0; i < n_looks && a->input->policy == MD_POLICY_VALUE; i++) {
        const struct md_look *list[4] = {md_wizard_look(a->input->wizard, i)};
        size_t n = md_advise_is_told(a, list[0]) ? 0 : add_before(a, list[0], list, 1, 4);

        if (n > 1)
            lift(a, list, n, md_advise_looks_save(a, list, n, &w));
    }
}
