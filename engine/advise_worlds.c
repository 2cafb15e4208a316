/*
 * Places, hypotheses and points.
 *
 * The weight of a hypothesis is the odds that the diagnosis gives its cause. A prior is the chance that the reported problem is of
 * this kind, so among N instances of a scope it is one of them: odds are O * O / (O + (N - 1) prior odds), the N-th part without evidence and
 * all of them where the evidence is strong. Normal states stand beside faults and do not compete with them: they share what is left for "no
 * fault", whose odds are 1, and what their evidence adds where they explain what is complained of. A fault that is there for sure, but
 * explains no complaint, is a fault beside: the narrower the complaint, the less it is the problem.
 */
#include "engine/advise_priv.h"

#define LEAST_P .0004 /* a hypothesis of less is left out */
#define SURE .9995
/* Odds, at most, of a fault that does not explain what is complained of, by how often that is complained of without a cause of it. */
#define BESIDE 40.
#define BELOW 6 /* instances below one of which the signs of its causes are thought of */

/* --- places ----------------------------------------------------------------------------------- */

static struct md_place *add_place(struct md_advising *a, struct md_instance *at, struct md_place *parent,
                                  const struct md_view *view, double alike)
{
    struct md_place **slot =
        md_arena_push(a->arena, &a->places, &a->n_places, &a->places_capacity, sizeof(struct md_place *));
    struct md_place *place = md_arena_alloc(a->arena, sizeof *place);

    place->at = at;
    place->parent = parent;
    place->index = a->n_places - 1;
    place->view = view;
    place->scope = &a->study.scopes[at->scope->index];
    place->alike = alike;
    place->points = md_arena_array(a->arena, place->scope->n_findings, sizeof *place->points);
    *slot = place;
    return place;
}

bool md_advise_is_closed(const struct md_advising *a, const char *id)
{
    for (size_t i = 0; i < a->input->n_closed; i++)
        if (strcmp(a->input->closed[i], id) == 0)
            return true;
    return false;
}

bool md_advise_is_told(const struct md_advising *a, const struct md_look *look)
{
    return md_advise_is_closed(a, md_arena_printf(a->arena, "look:%s", look->id));
}

/* Could a look that may still be asked for tell something of the scope? */
static bool can_be_seen(const struct md_advising *a, const struct md_scope_def *scope)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(a->input->facts);

    for (size_t l = 0; l < md_wizard_look_count(a->input->wizard); l++) {
        const struct md_look *look = md_wizard_look(a->input->wizard, l);

        if (md_advise_is_told(a, look))
            continue;
        for (size_t f = 0; f < md_catalogue_fact_count(catalogue); f++)
            if (md_catalogue_fact_at(catalogue, f)->scope == scope &&
                md_look_gives(look, md_catalogue_fact_at(catalogue, f)))
                return true;
    }
    return false;
}

/* An instance that exists only here; of the store's arena, since the rules may remember it as long as they are bound. */
static struct md_instance *nameless(const struct md_advising *a, const struct md_scope_def *scope,
                                    struct md_instance *parent)
{
    struct md_instance *at = md_arena_alloc(md_facts_arena(a->input->facts), sizeof *at);

    at->scope = scope;
    at->parent = parent;
    at->index = SIZE_MAX;
    return at;
}

static void add_ghosts(struct md_advising *a)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(a->input->facts);
    size_t n = md_catalogue_scope_count(catalogue);
    struct md_place **ghosts = md_arena_array(a->arena, n, sizeof(struct md_place *));
    bool has_moved = true;

    ghosts[a->places[0]->at->scope->index] = a->places[0];
    while (has_moved) { /* a scope may be declared before the one that encloses it */
        has_moved = false;
        for (size_t s = 0; s < n; s++) {
            const struct md_scope_def *scope = md_catalogue_scope_at(catalogue, s);
            struct md_instance *parent;

            if (ghosts[s] != NULL || a->is_scope_there[s] || a->study.scopes[s].n_causes == 0 || !can_be_seen(a, scope))
                continue;
            if (ghosts[scope->parent->index] != NULL)
                parent = ghosts[scope->parent->index]->at;
            else if (a->is_scope_there[scope->parent->index] && scope->parent->parent != NULL &&
                     scope->parent->parent->parent == NULL)
                parent = nameless(a, scope->parent, a->places[0]->at);
            else
                continue;
            ghosts[s] =
                add_place(a, nameless(a, scope, parent),
                          ghosts[scope->parent->index] != NULL ? ghosts[scope->parent->index] : a->places[0], NULL, 1);
            has_moved = true;
        }
    }
}

static void add_places(struct md_advising *a)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(a->input->facts);
    double *alike = md_arena_array(a->arena, md_catalogue_scope_count(catalogue), sizeof *alike);

    a->is_scope_there = md_arena_array(a->arena, md_catalogue_scope_count(catalogue), sizeof *a->is_scope_there);
    for (size_t v = 0; v < a->study.n_views; v++) {
        alike[a->study.views[v]->at->scope->index]++;
        a->is_scope_there[a->study.views[v]->at->scope->index] = true;
    }
    for (size_t v = 0; v < a->study.n_views; v++) {
        const struct md_view *view = a->study.views[v];

        add_place(a, view->at, view->parent != NULL ? a->places[view->parent->index] : NULL, view,
                  alike[view->at->scope->index]);
    }
    add_ghosts(a);
}

static void note_known(struct md_advising *a)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(a->input->facts);
    size_t n = md_catalogue_fact_count(catalogue);

    a->is_known = md_arena_array(a->arena, n, sizeof *a->is_known);
    for (size_t v = 0; v < a->study.n_views; v++)
        for (size_t f = 0; f < n; f++) {
            const struct md_fact_def *def = md_catalogue_fact_at(catalogue, f);
            const struct md_fact *fact;

            if (a->is_known[f] || def->scope != a->study.views[v]->at->scope)
                continue;
            fact = md_fact_get(a->input->facts, a->study.views[v]->at, def);
            a->is_known[f] = fact != NULL && fact->is_known;
        }
}

static void note_in_vain(struct md_advising *a)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(a->input->facts);
    size_t n = md_catalogue_fact_count(catalogue);

    a->is_in_vain = md_arena_array(a->arena, n, sizeof *a->is_in_vain);
    for (size_t l = 0; l < md_wizard_look_count(a->input->wizard); l++) {
        const struct md_look *look = md_wizard_look(a->input->wizard, l);

        if (!md_advise_is_told(a, look))
            continue;
        for (size_t f = 0; f < n; f++)
            a->is_in_vain[f] |= md_look_gives(look, md_catalogue_fact_at(catalogue, f));
    }
}

/* --- points ----------------------------------------------------------------------------------- */

/* Not known as it is read from the place: its own or an enclosing instance's; of others, known of none. */
static bool is_missing(const struct md_advising *a, const struct md_place *place, const struct md_footprint_read *read)
{
    const struct md_fact *fact;

    for (const struct md_instance *at = place->at; at != NULL && read->name == NULL; at = at->parent)
        if (at->scope == read->def->scope) {
            fact = at->index != SIZE_MAX ? md_fact_get(a->input->facts, at, read->def) : NULL;
            return fact == NULL || !fact->is_known;
        }
    return !a->is_known[read->def->index];
}

/* What the normal states there bring. */
static double base_of(const struct md_place *place, size_t position)
{
    const struct md_finding *finding = place->scope->findings[position];
    double absent = 1 - (place->view != NULL ? place->view->findings[position].leak : finding->leak);
    size_t n = place->view != NULL ? place->view->n_causes : place->scope->n_causes;

    for (size_t i = 0; i < n; i++) {
        const struct md_cause *cause = place->view != NULL ? place->view->causes[i] : place->scope->causes[i];
        double p = place->view != NULL ? place->view->out.posterior[i] : cause->prior;

        for (size_t k = 0; k < cause->n_links && cause->is_benign; k++)
            if (cause->links[k].finding == finding->index)
                absent *= 1 - p * cause->links[k].strength;
    }
    return md_infer_within(1 - absent, MD_INFER_LEAST, MD_INFER_MOST);
}

struct md_point *md_advise_point(struct md_advising *a, struct md_place *place, const struct md_finding *finding)
{
    size_t position = a->study.position[finding->index], n = 0;
    const struct md_observation *o = place->view != NULL ? &place->view->observations[position] : NULL;
    struct md_point *point;

    if (place->points[position] > 0)
        return &a->points[place->points[position] - 1];
    point = md_arena_push(a->arena, &a->points, &a->n_points, &a->points_capacity, sizeof *point);
    place->points[position] = a->n_points;
    point->place = place;
    point->finding = finding;
    /* What is unknown for another reason than a fact that is missing will not be known by asking. */
    point->is_open = o == NULL || (o->truth == MD_UNKNOWN && o->missing != NULL && o->missing->def != NULL &&
                                   (o->missing->fact == NULL || !o->missing->fact->is_known));
    if (!point->is_open)
        return point;
    point->base = base_of(place, position);
    point->footprint = md_footprints_of(a->footprints, finding);
    for (size_t s = 0; s < point->footprint->n; s++)
        n += point->footprint->sets[s].n;
    point->missing = md_arena_array(a->arena, n, sizeof *point->missing);
    n = 0;
    for (size_t s = 0; s < point->footprint->n; s++)
        for (size_t r = 0; r < point->footprint->sets[s].n; r++)
            point->missing[n++] = is_missing(a, place, &point->footprint->sets[s].reads[r]);
    return point;
}

/* --- hypotheses ------------------------------------------------------------------------------- */

struct weighed {
    const struct md_cause *cause;
    struct md_place *place;
    double odds;
    size_t seq;
};

static int by_odds(const void *pa, const void *pb)
{
    const struct weighed *x = pa, *y = pb;

    if (x->odds != y->odds)
        return x->odds > y->odds ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static double odds_of(double p)
{
    p = md_infer_within(p, 0, SURE);
    return p / (1 - p);
}

static double shared(double odds, double prior_odds, double alike)
{
    return odds > 0 ? odds * odds / (odds + (alike - 1) * prior_odds) : 0;
}

static double odds_here(const struct md_advising *a, const struct md_place *place, size_t row)
{
    const struct md_diagnose_options *options = a->study.options;
    const struct md_cause *cause;

    if (place->view != NULL)
        return shared(odds_of(place->view->out.posterior[row]), pow(10, place->view->out.prior_db[row] / 10),
                      place->alike);
    cause = place->scope->causes[row];
    return odds_of(cause->prior) * (options->odds != NULL ? options->odds(options->odds_ctx, cause, place->at) : 1);
}

/* The symptom that was told speaks for it. */
static bool is_complained_of(const struct md_advising *a, const struct md_cause *cause)
{
    const struct md_symptom *symptom = a->input->symptom;

    return symptom != NULL && md_symptom_strength(symptom, cause) > symptom->leak;
}

/* What the evidence there adds to the odds. */
static double added_odds(const struct md_place *place, size_t row, double odds)
{
    return place->view != NULL ? fmax(odds - pow(10, place->view->out.prior_db[row] / 10), 0) : 0;
}

/* It is a symptom of another cause that is held. */
static bool is_brought(const struct md_advising *a, const struct md_place *place, const struct md_cause *cause)
{
    for (size_t i = 0; i < a->study.n_beliefs; i++)
        if (a->study.beliefs[i]->view == place->view && a->study.beliefs[i]->cause == cause)
            return a->study.beliefs[i]->brought_by != NULL;
    return false;
}

/* It is one cause, wherever it may be, and counts once: where it is likeliest. */
static double unlisted_odds(const struct md_advising *a)
{
    double most = 0;

    for (size_t p = 0; p < a->n_places; p++)
        if (a->places[p]->view != NULL)
            most = fmax(most, shared(odds_of(a->places[p]->view->out.unlisted), odds_of(MD_UNLISTED_PRIOR),
                                     a->places[p]->alike));
    return most;
}

static void weigh_places(struct md_advising *a)
{
    size_t n = 0, count = 0;
    struct weighed *list;
    double sum = 0, normal = 1, no_fault = 1, benign = 0, unlisted = unlisted_odds(a);

    for (size_t p = 0; p < a->n_places; p++)
        n += a->places[p]->view != NULL ? a->places[p]->view->n_causes : a->places[p]->scope->n_causes;
    list = md_arena_array(a->arena, n, sizeof *list);
    n = 0;
    for (size_t p = 0; p < a->n_places; p++) {
        struct md_place *place = a->places[p];
        size_t rows = place->view != NULL ? place->view->n_causes : place->scope->n_causes;

        for (size_t i = 0; i < rows; i++) {
            const struct md_cause *cause = place->view != NULL ? place->view->causes[i] : place->scope->causes[i];
            double odds = odds_here(a, place, i);

            if (odds <= 0 || (place->view != NULL && odds > .01 && is_brought(a, place, cause)))
                continue;
            if (is_complained_of(a, cause))
                no_fault += cause->is_benign ? added_odds(place, i, odds) : 0;
            else if (!cause->is_benign && a->input->symptom != NULL)
                odds = fmin(odds, BESIDE * a->input->symptom->leak);
            list[n] = (struct weighed){cause, place, odds, n};
            *(cause->is_benign ? &normal : &sum) += odds;
            n++;
        }
    }
    sum += unlisted + no_fault;
    for (size_t i = 0; i < n; i++)
        list[i].odds *= list[i].cause->is_benign ? no_fault / normal : 1;
    qsort(list, n, sizeof *list, by_odds);
    a->hypotheses = md_arena_array(a->arena, MD_ADVISE_HYPOTHESES + 2, sizeof *a->hypotheses);
    while (count < n && count < MD_ADVISE_HYPOTHESES && list[count].odds / sum >= LEAST_P) {
        benign += list[count].cause->is_benign ? list[count].odds : 0;
        a->hypotheses[count] = (struct md_hypothesis){.cause = list[count].cause,
                                                      .place = list[count].place,
                                                      .is_fault = !list[count].cause->is_benign,
                                                      .p = list[count].odds / sum};
        count++;
    }
    /* What is left out is of the faults that nothing known explains: only who knows more can mend it. */
    for (size_t i = count; i < n; i++)
        unlisted += list[i].cause->is_benign ? 0 : list[i].odds;
    a->hypotheses[count++] = (struct md_hypothesis){.is_fault = true, .p = unlisted / sum};
    a->hypotheses[count++] = (struct md_hypothesis){.is_fault = false, .p = (no_fault - benign) / sum};
    a->n_hypotheses = count;
}

static void note_alike(struct md_advising *a)
{
    a->by_cause = md_arena_array(a->arena, a->n_hypotheses, sizeof *a->by_cause);
    for (size_t h = 0; h < a->n_hypotheses; h++) {
        size_t first = 0;

        while (first < h && (a->hypotheses[first].cause != a->hypotheses[h].cause || a->hypotheses[h].cause == NULL))
            first++;
        a->hypotheses[h].alike = first;
    }
}

/* --- signs ------------------------------------------------------------------------------------ */

static void add_sign(struct md_advising *a, struct md_hypothesis *h, struct md_place *place,
                     const struct md_finding *finding, double strength, double never)
{
    const struct md_point *point = md_advise_point(a, place, finding);
    size_t index = a->places[place->index]->points[a->study.position[finding->index]] - 1;
    double p;

    if (!point->is_open)
        return;
    p = (1 - (1 - point->base) * (1 - md_infer_within(strength, 0, MD_INFER_MOST))) * never;
    h->signs[h->n_signs++] =
        (struct md_sign){index, md_infer_within(p, MD_INFER_LEAST * MD_INFER_NEVER, MD_INFER_MOST)};
}

static bool place_encloses(const struct md_place *above, const struct md_place *below)
{
    while (below != NULL && below != above)
        below = below->parent;
    return below != NULL;
}

static void add_signs(struct md_advising *a, struct md_hypothesis *h)
{
    h->signs = md_arena_array(a->arena, h->cause->n_links * BELOW + h->cause->n_never, sizeof *h->signs);
    for (size_t k = 0; k < h->cause->n_links; k++) {
        const struct md_link *link = &h->cause->links[k];
        const struct md_finding *finding = md_rules_finding(a->input->rules, link->finding);
        size_t found = 0;

        if (!link->is_below)
            add_sign(a, h, h->place, finding, link->strength, 1);
        for (size_t p = h->place->index + 1; link->is_below && p < a->n_places && found < BELOW; p++)
            if (a->places[p]->at->scope == finding->scope && place_encloses(h->place, a->places[p])) {
                add_sign(a, h, a->places[p], finding, link->strength, 1);
                found++;
            }
    }
    for (size_t k = 0; k < h->cause->n_never; k++) {
        const struct md_finding *finding = md_rules_finding(a->input->rules, h->cause->never[k]);

        if (finding->scope == h->place->at->scope)
            add_sign(a, h, h->place, finding, 0, MD_INFER_NEVER);
    }
}

void md_advise_worlds(struct md_advising *a)
{
    add_places(a);
    note_known(a);
    note_in_vain(a);
    weigh_places(a);
    note_alike(a);
    a->now = md_arena_array(a->arena, a->n_hypotheses, sizeof *a->now);
    for (size_t h = 0; h < a->n_hypotheses; h++) {
        a->now[h] = a->hypotheses[h].p;
        if (a->hypotheses[h].cause != NULL)
            add_signs(a, &a->hypotheses[h]);
    }
}
