/*
 * Questions to a person: which are worth thinking of, and what each answer would make known.
 */
#include "engine/advise_priv.h"

#include "engine/ask.h"
#include "engine/choice.h"

#define ANNOYANCE_MINUTES .5 /* of being asked something */
#define MOST_OUTCOMES 16
#define MOST_ALIKE 2    /* instances of which the same is asked */
#define MOST_READERS 40 /* points that one answer may tell */

struct candidate {
    const struct md_fact_def *def;
    struct md_instance *at;
    double weight;
    size_t seq;
};

struct candidates {
    struct candidate *list;
    size_t n, capacity;
};

static bool is_same_instance(const struct md_instance *x, const struct md_instance *y)
{
    for (; x != y && x != NULL && y != NULL; x = x->parent, y = y->parent)
        if (x->scope != y->scope || !md_str_eq(x->name, y->name))
            return false;
    return x == y;
}

static void note(const struct md_advising *a, struct candidates *c, const struct md_fact_def *def,
                 struct md_instance *at, double weight)
{
    struct candidate *new;

    if (md_choice_count(def) < 2)
        return;
    for (size_t i = 0; i < c->n; i++)
        if (c->list[i].def == def && is_same_instance(c->list[i].at, at)) {
            c->list[i].weight += weight;
            return;
        }
    new = md_arena_push(a->arena, &c->list, &c->n, &c->capacity, sizeof *new);
    *new = (struct candidate){def, at, weight, c->n - 1};
}

/* The instance that a read is about as seen from a place; NULL: one of many, or one that is not told yet. */
static struct md_instance *instance_of(const struct md_place *place, const struct md_footprint_read *read)
{
    struct md_instance *at = place->at;

    if (read->name != NULL)
        return NULL;
    while (at != NULL && at->scope != read->def->scope)
        at = at->parent;
    return at;
}

static void note_point(const struct md_advising *a, struct candidates *c, const struct md_point *point, double weight)
{
    const struct md_place *place = point->place;
    size_t i = 0;

    if (place->view != NULL) {
        const struct md_observation *o = &place->view->observations[a->study.position[point->finding->index]];

        if (o->missing != NULL && o->missing->def != NULL && o->missing->at != NULL)
            note(a, c, o->missing->def, (struct md_instance *)(uintptr_t)o->missing->at, weight);
    }
    for (size_t s = 0; s < point->footprint->n; s++)
        for (size_t r = 0; r < point->footprint->sets[s].n; r++, i++) {
            const struct md_footprint_read *read = &point->footprint->sets[s].reads[r];
            struct md_instance *at = point->missing[i] ? instance_of(place, read) : NULL;

            if (at != NULL)
                note(a, c, read->def, at, weight * .5);
        }
}

static int by_weight(const void *pa, const void *pb)
{
    const struct candidate *x = pa, *y = pb;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static const char *path_of(const struct md_advising *a, const struct md_instance *at)
{
    const char *above;

    if (at->parent == NULL)
        return "";
    above = path_of(a, at->parent);
    return md_arena_printf(a->arena, "%s%s%.*s", above, *above != '\0' ? "/" : "", MD_STR_ARG(at->name));
}

static const char *id_of(const struct md_advising *a, const struct candidate *c)
{
    const char *path = path_of(a, c->at);

    return md_arena_printf(a->arena, "fact:%s%s%s", c->def->name, c->at->parent != NULL ? "@" : "", path);
}

/* --- outcomes --------------------------------------------------------------------------------- */

struct answers {
    size_t points[MOST_READERS];
    size_t n_points;
    struct md_outcome outcomes[MOST_OUTCOMES];
    size_t n_outcomes;
    enum md_truth truth[MOST_OUTCOMES][MOST_READERS];
    double error[MOST_READERS];
    bool tells; /* something becomes known */
};

static bool encloses(const struct md_instance *above, const struct md_instance *below)
{
    while (below != NULL && !is_same_instance(above, below))
        below = below->parent;
    return below != NULL;
}

static void find_readers(const struct md_advising *a, const struct candidate *c, struct answers *ret)
{
    for (size_t p = 0; p < a->n_points && ret->n_points < MOST_READERS; p++) {
        const struct md_point *point = &a->points[p];

        if (point->is_open && md_footprint_reads(point->footprint, c->def) &&
            (encloses(point->place->at, c->at) || encloses(c->at, point->place->at)))
            ret->points[ret->n_points++] = p;
    }
}

static void try_outcomes(struct md_advising *a, const struct candidate *c, struct answers *ret)
{
    int64_t now = md_facts_now(a->input->facts);
    size_t n = md_choice_count(c->def);

    for (size_t i = 0; i < n && ret->n_outcomes < MOST_OUTCOMES; i++) {
        struct md_outcome *outcome = &ret->outcomes[ret->n_outcomes];
        struct md_fact *fact;

        *outcome =
            (struct md_outcome){.name = md_arena_cstr(a->arena, md_choice_name(c->def, i)),
                                .says = md_ask_text(a->arena, md_str(md_choice_says(a->arena, c->def, i)), c->at)};
        if (!md_choice_value(a->arena, c->def, i, now, &outcome->value))
            continue;
        fact = md_choice_fact(a->arena, c->def, c->at, &outcome->value);
        md_rules_suppose(a->input->rules, fact);
        for (size_t k = 0; k < ret->n_points; k++) {
            const struct md_point *point = &a->points[ret->points[k]];
            struct md_observation o;

            md_eval_finding(a->input->rules, a->arena, point->finding, point->place->at, &o);
            ret->truth[ret->n_outcomes][k] = o.truth;
            ret->tells |= o.truth != MD_UNKNOWN;
            if (o.truth != MD_UNKNOWN)
                ret->error[k] = md_person_error(&o);
        }
        ret->n_outcomes++;
    }
    md_rules_suppose(a->input->rules, NULL);
}

static void weigh(const struct md_advising *a, const struct answers *answers, struct md_weighing *ret)
{
    double *on = a->on_point;

    md_weighing_begin(a, answers->n_outcomes, ret);
    for (size_t h = 0; h < a->n_hypotheses; h++) {
        const struct md_hypothesis *hypothesis = &a->hypotheses[h];

        for (size_t k = 0; k < hypothesis->n_signs; k++)
            on[hypothesis->signs[k].point] = hypothesis->signs[k].p;
        for (size_t k = 0; k < answers->n_points; k++) {
            size_t point = answers->points[k];
            double p = md_infer_told(on[point] > 0 ? on[point] : a->points[point].base, answers->error[k]);

            for (size_t o = 0; o < answers->n_outcomes; o++)
                if (answers->truth[o][k] != MD_UNKNOWN)
                    ret->given[o * a->n_hypotheses + h] += log(answers->truth[o][k] == MD_PRESENT ? p : 1 - p);
        }
        for (size_t k = 0; k < hypothesis->n_signs; k++)
            on[hypothesis->signs[k].point] = 0;
    }
    md_weighing_finish(a, ret);
}

/* --- inquiries -------------------------------------------------------------------------------- */

static void add_inquiry(struct md_advising *a, const struct candidate *c, const char *id)
{
    struct answers *answers = md_arena_alloc(a->arena, sizeof *answers);
    struct md_step *how = md_arena_alloc(a->arena, sizeof *how);
    struct md_inquiry inquiry = {.kind = MD_INQUIRY_FACT, .id = id, .fact = c->def, .at = c->at};
    struct md_str how_to = md_node_text(c->def->ask, "how");
    struct md_weighing w;
    double minutes = 0, saves;

    find_readers(a, c, answers);
    if (answers->n_points == 0)
        return;
    try_outcomes(a, c, answers);
    if (!answers->tells || answers->n_outcomes < 2)
        return;
    weigh(a, answers, &w);
    if (md_node_double(md_node_get(c->def->ask, "minutes"), &minutes) != MD_OK)
        minutes = 0;
    inquiry.asks = md_ask_text(a->arena, md_node_text(c->def->ask, "question"), c->at);
    inquiry.cost_minutes = minutes + ANNOYANCE_MINUTES;
    inquiry.outcomes = answers->outcomes;
    inquiry.n_outcomes = answers->n_outcomes;
    if (how_to.n > 0) {
        how->text = md_ask_text(a->arena, how_to, c->at);
        inquiry.how = how;
        inquiry.n_how = 1;
    }
    saves = md_weighing_saves(a, &w, inquiry.cost_minutes);
    if (a->is_in_vain[c->def->index])
        saves *= (1 - MD_ADVISE_IN_VAIN) / (1 - MD_ADVISE_DONT_KNOW);
    md_advise_add(a, &inquiry, &w, saves);
}

/* Who did not know it of two will not know it of the others, and who knew has said what is to be learned from it. */
static bool is_asked_enough(const struct md_advising *a, const struct md_fact_def *def)
{
    const char *begins = md_arena_printf(a->arena, "fact:%s@", def->name);
    size_t asked = 0;

    for (size_t i = 0; i < a->input->n_closed; i++)
        asked += strncmp(a->input->closed[i], begins, strlen(begins)) == 0;
    return asked >= MOST_ALIKE;
}

void md_advise_facts(struct md_advising *a)
{
    struct candidates c = {.n = 0};

    for (size_t h = 0; h < a->n_hypotheses; h++)
        for (size_t k = 0; k < a->hypotheses[h].n_signs; k++)
            note_point(a, &c, &a->points[a->hypotheses[h].signs[k].point], a->now[h]);
    if (c.n > 1)
        qsort(c.list, c.n, sizeof *c.list, by_weight);
    for (size_t i = 0, asked = 0; i < c.n && asked < MD_ADVISE_FACTS; i++) {
        const char *id = id_of(a, &c.list[i]);

        if (md_advise_is_closed(a, id) || is_asked_enough(a, c.list[i].def))
            continue;
        asked++;
        add_inquiry(a, &c.list[i], id);
    }
}
