#include "engine/advise.h"

#include "engine/advise_priv.h"
#include "engine/wizard_priv.h"

#define SYMPTOM_MINUTES .5
#define ENOUGH .8     /* as of what is called conclusive */
#define MOST_PAIRED 6 /* looks that are tried two by two where none is worth its cost alone */
#define MOST_NAMED 32 /* instances that bear the name that the symptom is about */

/* --- odds of causes --------------------------------------------------------------------------- */

struct odds {
    const struct md_advise_input *input;
    const struct md_instance *named[MOST_NAMED]; /* what the symptom is about */
    size_t n_named;
    double *alike; /* instances of each scope */
};

static bool is_above(const struct md_instance *above, const struct md_instance *below)
{
    while (below != NULL && below != above)
        below = below->parent;
    return below != NULL;
}

static bool is_scope_above(const struct md_scope_def *above, const struct md_scope_def *below)
{
    while (below != NULL && below != above)
        below = below->parent;
    return below != NULL;
}

/* The instance is what the symptom is about, encloses it or lies in it; 0: another one of that branch, -1: aside. */
static int is_about(const struct odds *o, const struct md_instance *at)
{
    const struct md_scope_def *scope = o->input->symptom_at->scope;

    for (size_t i = 0; i < o->n_named; i++)
        if (is_above(o->named[i], at) || is_above(at, o->named[i]))
            return 1;
    return is_scope_above(scope, at->scope) || is_scope_above(at->scope, scope) ? 0 : -1;
}

/* A symptom says that one of the instances has it. A person errs about what is seen as about all else, and then chooses one of the others. */
static double symptom_odds(const struct odds *o, const struct md_cause *cause, const struct md_instance *at)
{
    const struct md_symptom *symptom = o->input->symptom;
    double factor, alike = o->alike[at->scope->index];
    size_t n = md_wizard_symptom_count(o->input->wizard);
    int about;

    if (symptom == NULL)
        return 1;
    factor = md_infer_chosen(md_symptom_strength(symptom, cause), MD_PERSON_ERROR, n) /
             md_infer_chosen(symptom->leak, MD_PERSON_ERROR, n);
    if (factor <= 1)
        return factor;
    about = o->input->symptom_at != NULL ? is_about(o, at) : -1;
    return about > 0 ? factor : about == 0 ? 1 : 1 + (factor - 1) / fmax(alike, 1);
}

static double tried_odds(const struct odds *o, const struct md_cause *cause, const struct md_instance *at)
{
    double odds = 1;

    for (size_t t = 0; t < o->input->n_tried; t++)
        for (size_t k = 0; k < cause->n_cures; k++)
            if (md_rules_remedy(o->input->rules, cause->cures[k].remedy) == o->input->tried[t].remedy &&
                (o->input->tried[t].at == NULL || o->input->tried[t].at == at))
                odds *= 1 - cause->cures[k].fixes;
    return odds;
}

static double odds_of(void *ctx, const struct md_cause *cause, const struct md_instance *at)
{
    const struct odds *o = ctx;

    return symptom_odds(o, cause, at) * tried_odds(o, cause, at);
}

static bool is_anything_known(const struct md_facts *facts, const struct md_instance *at)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(facts);
    bool is_known = false;

    for (size_t f = 0; f < md_catalogue_fact_count(catalogue) && !is_known; f++) {
        const struct md_fact_def *def = md_catalogue_fact_at(catalogue, f);
        const struct md_fact *fact = def->scope == at->scope ? md_fact_get(facts, at, def) : NULL;

        is_known = fact != NULL && fact->is_known;
    }
    return is_known;
}

static void prepare_odds(struct odds *o, struct md_arena *arena)
{
    const struct md_facts *facts = o->input->facts;
    const struct md_instance *about = o->input->symptom_at;

    o->alike = md_arena_array(arena, md_catalogue_scope_count(md_facts_catalogue(facts)), sizeof *o->alike);
    for (size_t i = 0; i < md_facts_instance_count(facts); i++) {
        const struct md_instance *at = md_facts_instance_at(facts, i);

        o->alike[at->scope->index]++;
        if (about != NULL && at != about && at->scope == about->scope && md_str_eq(at->name, about->name) &&
            o->n_named + 1 < MOST_NAMED)
            o->named[o->n_named++] = at;
    }
    /* What was made for the name alone stands back as soon as the name is seen elsewhere. */
    if (about != NULL && (o->n_named == 0 || is_anything_known(facts, about)))
        o->named[o->n_named++] = about;
}

/* --- the symptom ------------------------------------------------------------------------------ */

static void add_symptom(struct md_advising *a)
{
    size_t n = md_wizard_symptom_count(a->input->wizard);
    struct md_outcome *outcomes = md_arena_array(a->arena, n, sizeof *outcomes);
    struct md_inquiry inquiry = {.kind = MD_INQUIRY_SYMPTOM,
                                 .id = "symptom",
                                 .at = md_facts_root(a->input->facts),
                                 .asks = "What do you see?",
                                 .outcomes = outcomes,
                                 .n_outcomes = n,
                                 .cost_minutes = SYMPTOM_MINUTES};
    struct md_weighing w;

    if (a->input->symptom != NULL || n == 0 || md_advise_is_closed(a, "symptom"))
        return;
    md_weighing_begin(a, n, &w);
    for (size_t s = 0; s < n; s++) {
        const struct md_symptom *symptom = md_wizard_symptom(a->input->wizard, s);

        outcomes[s] = (struct md_outcome){.name = symptom->id, .says = symptom->says};
        for (size_t h = 0; h < a->n_hypotheses; h++) {
            const struct md_cause *cause = a->hypotheses[h].cause;

            w.given[s * a->n_hypotheses + h] = log(cause != NULL ? md_symptom_strength(symptom, cause) : symptom->leak);
        }
    }
    md_weighing_finish(a, &w);
    md_advise_add(a, &inquiry, &w, md_weighing_saves(a, &w, inquiry.cost_minutes));
}

/* --- what it may be --------------------------------------------------------------------------- */

/* Hypotheses come by probability falling: the first of a cause is its likeliest. */
static void fill_leading(const struct md_advising *a, struct md_advise *ret)
{
    struct md_leading *list = md_arena_array(a->arena, a->n_hypotheses, sizeof *list);
    size_t n = 0, to;

    for (size_t h = 0; h < a->n_hypotheses; h++) {
        const struct md_hypothesis *hypothesis = &a->hypotheses[h];
        size_t at = 0;

        ret->no_fault += hypothesis->is_fault ? 0 : hypothesis->p;
        while (at < n && list[at].cause != hypothesis->cause)
            at++;
        if (hypothesis->cause == NULL)
            continue;
        if (at == n)
            list[n++] = (struct md_leading){hypothesis->cause,
                                            hypothesis->place->view != NULL ? hypothesis->place->at : NULL, 0};
        list[at].probability += hypothesis->p;
    }
    for (size_t i = 1; i < n; i++) {
        struct md_leading moved = list[i];

        for (to = i; to > 0 && list[to - 1].probability < moved.probability; to--)
            list[to] = list[to - 1];
        list[to] = moved;
    }
    while (ret->n_leading < n && ret->n_leading < MD_ADVISE_LEADING && list[ret->n_leading].probability >= .01) {
        list[ret->n_leading].probability = md_round3(list[ret->n_leading].probability);
        ret->n_leading++;
    }
    ret->leading = list;
    ret->no_fault = md_round3(ret->no_fault);
}

/* --- order ------------------------------------------------------------------------------------ */

/* As a playbook has them: the symptom, looks, questions; each as they come. */
static size_t rank_in_playbook(const struct md_inquiry *inquiry)
{
    return inquiry->kind == MD_INQUIRY_SYMPTOM ? 0
           : inquiry->kind == MD_INQUIRY_LOOK  ? 1 + inquiry->look->index
                                               : 10000 + inquiry->fact->index;
}

static int by_playbook(const void *pa, const void *pb)
{
    const struct md_inquiry *x = pa, *y = pb;
    size_t rx = rank_in_playbook(x), ry = rank_in_playbook(y);

    if (rx != ry)
        return rx < ry ? -1 : 1;
    return strcmp(x->id, y->id);
}

/* The symptom first whatever it is worth, for all else is seen in its light. */
static int by_value(const void *pa, const void *pb)
{
    const struct md_inquiry *x = pa, *y = pb;

    if ((x->kind == MD_INQUIRY_SYMPTOM) != (y->kind == MD_INQUIRY_SYMPTOM))
        return x->kind == MD_INQUIRY_SYMPTOM ? -1 : 1;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    if (x->cost_minutes != y->cost_minutes)
        return x->cost_minutes < y->cost_minutes ? -1 : 1;
    return strcmp(x->id, y->id);
}

/* P(the cause is the problem), wherever. */
static double is_problem(const struct md_advising *a, const struct md_cause *cause)
{
    double sum = 0;

    for (size_t h = 0; h < a->n_hypotheses; h++)
        sum += a->hypotheses[h].cause == cause ? a->now[h] : 0;
    return sum;
}

/* A normal state stands beside faults: it settles nothing while a fault is to be feared. Nor does a fault that is there for sure, but is
 * not what is complained of. */
static bool is_settled(const struct md_advising *a, const struct md_result *result)
{
    const struct md_diagnosis *first = result->n_diagnoses > 0 ? &result->diagnoses[0] : NULL;
    bool is_normal = first != NULL && first->urgency == MD_URGENCY_NORMAL;

    if (first == NULL || first->certainty != MD_CERTAINTY_CONCLUSIVE)
        return false;
    if (is_normal)
        return md_plan_no_fault(a) >= ENOUGH;
    return a->input->policy != MD_POLICY_VALUE || is_problem(a, first->cause) >= ENOUGH;
}

static size_t count_worth(const struct md_advising *a, const struct md_result *result)
{
    size_t n = 0;

    if (is_settled(a, result))
        return 0;
    if (a->input->policy != MD_POLICY_VALUE)
        return a->n_inquiries;
    while (n < a->n_inquiries && (a->inquiries[n].kind == MD_INQUIRY_SYMPTOM || a->inquiries[n].value > 0))
        n++;
    return n;
}

/* None is worth its cost alone and nothing is settled: perhaps two together are. The better one of the best pair is then first. */
static void try_pairs(struct md_advising *a)
{
    const struct md_inquiry *looks[MOST_PAIRED];
    size_t n = 0, first = SIZE_MAX;
    double best = 0;

    for (size_t i = 0; i < a->n_inquiries && n < MOST_PAIRED; i++)
        if (a->inquiries[i].look != NULL)
            looks[n++] = &a->inquiries[i];
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++) {
            const struct md_look *pair[] = {looks[i]->look, looks[k]->look};
            struct md_weighing w;
            double value = md_advise_looks_save(a, pair, 2, &w) - looks[i]->cost_minutes - looks[k]->cost_minutes;

            if (value > best) {
                best = value;
                first = (size_t)(looks[i] - a->inquiries);
            }
        }
    if (first == SIZE_MAX)
        return;
    a->inquiries[first].value = best;
    a->inquiries[first].saves_minutes = best + a->inquiries[first].cost_minutes;
    qsort(a->inquiries, a->n_inquiries, sizeof *a->inquiries, by_value);
}

static void put_in_order(struct md_advising *a, struct md_advise *ret)
{
    if (a->n_inquiries > 1)
        qsort(a->inquiries, a->n_inquiries, sizeof *a->inquiries,
              a->input->policy == MD_POLICY_PLAYBOOK ? by_playbook : by_value);
    ret->n_worth = count_worth(a, &ret->result);
    if (ret->n_worth == 0 && a->input->policy == MD_POLICY_VALUE && !is_settled(a, &ret->result)) {
        try_pairs(a);
        ret->n_worth = count_worth(a, &ret->result);
    }
    for (size_t i = 0; i < a->n_inquiries; i++)
        a->inquiries[i].why = md_advise_why(a, &a->inquiries[i]);
    ret->inquiries = a->inquiries;
    ret->n_inquiries = a->n_inquiries;
}

void md_advise(const struct md_advise_input *input, struct md_arena *arena, struct md_diags *diags,
               struct md_advise *ret)
{
    struct odds odds = {.input = input};
    struct md_diagnose_options options = *input->diagnose;
    struct md_advising a = {.input = input, .arena = arena, .diags = diags};

    *ret = (struct md_advise){.n_inquiries = 0};
    a.footprints = md_wizard_footprints(input->wizard, input->rules);
    prepare_odds(&odds, arena);
    options.odds = odds_of;
    options.odds_ctx = &odds;
    a.study = (struct md_study){
        .rules = input->rules, .facts = input->facts, .options = &options, .arena = arena, .diags = diags};
    md_study_run(&a.study, &ret->result);
    md_advise_worlds(&a);
    md_plan_options(&a);
    a.ecr = md_plan_ecr(&a, a.now);
    md_plan_first(&a);
    add_symptom(&a);
    md_advise_looks(&a);
    md_advise_facts(&a);
    put_in_order(&a, ret);
    md_plan_fill(&a, ret);
    fill_leading(&a, ret);
}

struct md_instance *md_advise_instance(struct md_facts *facts, const struct md_instance *at)
{
    struct md_instance *parent;

    if (at->parent == NULL)
        return md_facts_root(facts);
    parent = at->name.n > 0 ? md_advise_instance(facts, at->parent) : NULL;
    return parent != NULL ? md_facts_instance(facts, at->scope->name, at->name, parent) : NULL;
}
