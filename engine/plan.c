/*
 * Actions and the expected cost of repair (ECR): remedies by P(it helps) over minutes, waiting where all is normal, and escalation.
 */
#include "engine/advise_priv.h"

#define LEAST_MINUTES 1.      /* of a remedy that takes no time */
#define WAIT_MINUTES 20.      /* "it is normal": look again then */
#define ESCALATE_MINUTES 240. /* a support call with the case file, until it is mended */
#define LEAST_HELP .003       /* an action that helps so seldom is no plan */
#define ACCOMPANIES .1        /* what fixes so seldom is a caution and no cure */
#define STANDS .8             /* as of what is called conclusive */
#define MOST_ACTIONS 12
#define MOST_ADVICE 80 /* remedies that are asked whether they may be done now */

static struct md_option *option_of(struct md_advising *a, const struct md_remedy *remedy, struct md_place *place)
{
    struct md_option *o;

    for (size_t i = 0; i < a->n_options; i++)
        if (a->options[i].remedy == remedy && a->options[i].place == place)
            return &a->options[i];
    o = md_arena_push(a->arena, &a->options, &a->n_options, &a->options_capacity, sizeof *o);
    o->remedy = remedy;
    o->place = place;
    o->minutes = fmax(remedy->minutes + remedy->risk_minutes, LEAST_MINUTES);
    o->is_risky = strcmp(remedy->risk, "high") == 0;
    return o;
}

/* Hypotheses come by probability falling, so the likeliest are asked first. */
static void ask_advice(struct md_advising *a, struct md_option *o, const struct md_cure *cure)
{
    struct md_advice *advice = md_arena_alloc(a->arena, sizeof *advice);

    md_eval_remedy(a->input->rules, a->arena, cure, o->place->at, advice);
    o->advice = advice;
    o->is_withheld = advice->withheld != NULL;
}

void md_plan_options(struct md_advising *a)
{
    size_t asked = 0;

    for (size_t h = 0; h < a->n_hypotheses; h++) {
        const struct md_hypothesis *hypothesis = &a->hypotheses[h];

        if (hypothesis->cause == NULL || !hypothesis->is_fault)
            continue;
        for (size_t k = 0; k < hypothesis->cause->n_cures; k++) {
            const struct md_cure *cure = &hypothesis->cause->cures[k];
            struct md_option *o;
            struct md_action_part *part;

            if (cure->fixes <= ACCOMPANIES)
                continue;
            o = option_of(a, md_rules_remedy(a->input->rules, cure->remedy), hypothesis->place);
            if (o->advice == NULL && asked < MOST_ADVICE && ++asked > 0)
                ask_advice(a, o, cure);
            part = md_arena_push(a->arena, &o->parts, &o->n_parts, &o->parts_capacity, sizeof *part);
            *part = (struct md_action_part){h, cure->fixes};
        }
    }
    a->helps = md_arena_array(a->arena, a->n_options, sizeof *a->helps);
    a->order = md_arena_array(a->arena, a->n_options, sizeof *a->order);
}

static double no_fault(const struct md_advising *a, const double *p)
{
    double sum = 0;

    for (size_t h = 0; h < a->n_hypotheses; h++)
        if (!a->hypotheses[h].is_fault)
            sum += p[h];
    return sum;
}

double md_plan_no_fault(const struct md_advising *a)
{
    return no_fault(a, a->now);
}

double md_plan_mistaken(const struct md_advising *a, const double *p)
{
    double most = 0;

    for (size_t h = 0; h < a->n_hypotheses; h++)
        a->by_cause[h] = 0;
    for (size_t h = 0; h < a->n_hypotheses; h++)
        a->by_cause[a->hypotheses[h].alike] += p[h];
    for (size_t h = 0; h < a->n_hypotheses; h++) /* that it is another one that is not listed is no explanation */
        if (a->hypotheses[h].cause != NULL || !a->hypotheses[h].is_fault)
            most = fmax(most, a->by_cause[h]);
    return fmax(1 - most, 0);
}

/* What an option helps, 0 where it must not be done: an irreversible step is never taken below "likely". */
static double help_of(const struct md_option *o, const double *p)
{
    double sum = 0, likely = 0;

    if (o->is_withheld)
        return 0;
    for (size_t k = 0; k < o->n_parts; k++) {
        sum += p[o->parts[k].hypothesis] * o->parts[k].fixes;
        likely += p[o->parts[k].hypothesis];
    }
    return o->is_risky && likely < MD_HELD ? 0 : sum;
}

/* The options worth doing before escalation, the best first; their number. */
static size_t put_in_order(struct md_advising *a, const double *p)
{
    size_t n = 0;

    for (size_t i = 0; i < a->n_options; i++) {
        double help = help_of(&a->options[i], p), rate = help / a->options[i].minutes;
        size_t at;

        if (help < LEAST_HELP || rate < 1 / ESCALATE_MINUTES)
            continue;
        a->helps[i] = help;
        for (at = n++; at > 0 && a->helps[a->order[at - 1]] / a->options[a->order[at - 1]].minutes < rate; at--)
            a->order[at] = a->order[at - 1];
        a->order[at] = i;
    }
    return n;
}

/* What is done next in a walk along the plan: an option, or one of these. */
#define STEP_WAIT (SIZE_MAX - 1)
#define STEP_ESCALATE SIZE_MAX

struct walk {
    size_t n, next;
    double normal;
    bool has_waited;
};

static struct walk begin_walk(struct md_advising *a, const double *p)
{
    struct walk w = {.n = put_in_order(a, p), .normal = no_fault(a, p)};

    w.has_waited = w.normal < LEAST_HELP || w.normal / WAIT_MINUTES < 1 / ESCALATE_MINUTES;
    return w;
}

static size_t next_step(const struct md_advising *a, struct walk *w)
{
    size_t o = w->next < w->n ? a->order[w->next] : STEP_ESCALATE;

    if (!w->has_waited && (o == STEP_ESCALATE || w->normal / WAIT_MINUTES > a->helps[o] / a->options[o].minutes)) {
        w->has_waited = true;
        return STEP_WAIT;
    }
    w->next++;
    return o;
}

static double minutes_of(const struct md_advising *a, size_t step)
{
    return step == STEP_ESCALATE ? ESCALATE_MINUTES : step == STEP_WAIT ? WAIT_MINUTES : a->options[step].minutes;
}

static double chance_of(const struct md_advising *a, size_t step, const double *p)
{
    return step == STEP_ESCALATE ? 1 : step == STEP_WAIT ? no_fault(a, p) : help_of(&a->options[step], p);
}

/* `first`: the step that is taken before all others; STEP_ESCALATE: none is. */
static double expected(struct md_advising *a, const double *p, size_t first)
{
    struct walk w = begin_walk(a, p);
    double left = 1, sum = 0;
    size_t step;

    if (first != STEP_ESCALATE) {
        sum = minutes_of(a, first);
        left -= chance_of(a, first, p);
    }
    do {
        step = next_step(a, &w);
        if (step == first && step != STEP_ESCALATE)
            continue;
        sum += left * minutes_of(a, step);
        left = fmax(left - chance_of(a, step, p), 0);
    } while (step != STEP_ESCALATE && left > 0);
    return sum;
}

double md_plan_ecr(struct md_advising *a, const double *p)
{
    return expected(a, p, STEP_ESCALATE);
}

double md_plan_ecr_after_first(struct md_advising *a, const double *p)
{
    return expected(a, p, a->first);
}

/* A step stands where it helps in so many cases: then it is taken before questions that can be asked after it as well. */
void md_plan_first(struct md_advising *a)
{
    struct walk w = begin_walk(a, a->now);

    a->first = next_step(a, &w);
    a->first_helps = a->first != STEP_ESCALATE ? chance_of(a, a->first, a->now) : 0;
    if (a->first_helps < STANDS) {
        a->first = STEP_ESCALATE;
        a->first_helps = 0;
    }
}

/* The cause that an option most likely mends. */
static const struct md_cause *main_cause(const struct md_advising *a, const struct md_option *o)
{
    const struct md_cause *best = NULL;
    double most = 0;

    for (size_t k = 0; k < o->n_parts; k++) {
        double p = a->now[o->parts[k].hypothesis] * o->parts[k].fixes;

        if (best == NULL || p > most) {
            best = a->hypotheses[o->parts[k].hypothesis].cause;
            most = p;
        }
    }
    return best;
}

static struct md_action action_of(const struct md_advising *a, size_t step)
{
    struct md_action action = {.at = md_facts_root(a->input->facts),
                               .p = md_round3(chance_of(a, step, a->now)),
                               .minutes = minutes_of(a, step)};

    if (step == STEP_ESCALATE) {
        action.id = "escalate";
        action.title = "Escalate: collect a bundle and give the case to who knows more";
    } else if (step == STEP_WAIT) {
        action.id = "wait";
        action.title = "It is normal: wait, and look again";
    } else {
        const struct md_option *o = &a->options[step];

        action.id = o->remedy->id;
        action.title = o->remedy->title;
        action.remedy = o->remedy;
        action.cause = main_cause(a, o);
        action.at = o->place->at;
        action.advice = o->advice;
    }
    return action;
}

void md_plan_fill(struct md_advising *a, struct md_advise *ret)
{
    struct md_action *plan = md_arena_array(a->arena, MOST_ACTIONS + 1, sizeof *plan);
    struct walk w = begin_walk(a, a->now);
    size_t count = 0, step;

    do {
        step = next_step(a, &w);
        if (step == STEP_ESCALATE || (count < MOST_ACTIONS && (step == STEP_WAIT || a->options[step].advice != NULL)))
            plan[count++] = action_of(a, step);
    } while (step != STEP_ESCALATE);
    ret->plan = plan;
    ret->n_plan = count;
    ret->expected_minutes = a->ecr;
}
