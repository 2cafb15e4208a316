/*
 * Actions and the expected cost of repair (ECR): remedies by P(it helps) over minutes, waiting where all is normal, and escalation.
 */
#include "engine/advise_priv.h"

#define LEAST_MINUTES 1.      /* of a remedy that takes no time */
#define WAIT_MINUTES 20.      /* "it is normal": look again then */
#define ESCALATE_MINUTES 240. /* a support call with the case file, until it is mended */
#define LEAST_HELP .003       /* an action that helps so seldom is no plan */
#define ACCOMPANIES .1        /* what fixes so seldom is a caution and no cure */
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

double md_plan_ecr(struct md_advising *a, const double *p)
{
    size_t n = put_in_order(a, p);
    double left = 1, sum = 0, normal = no_fault(a, p);
    bool has_waited = normal < LEAST_HELP || normal / WAIT_MINUTES < 1 / ESCALATE_MINUTES;

    for (size_t i = 0; i <= n && left > 0; i++) {
        const struct md_option *o = i < n ? &a->options[a->order[i]] : NULL;

        if (!has_waited && (o == NULL || normal / WAIT_MINUTES > a->helps[a->order[i]] / o->minutes)) {
            sum += left * WAIT_MINUTES;
            left = fmax(left - normal, 0);
            has_waited = true;
        }
        if (o == NULL)
            break;
        sum += left * o->minutes;
        left = fmax(left - a->helps[a->order[i]], 0);
    }
    return sum + left * ESCALATE_MINUTES;
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

void md_plan_fill(struct md_advising *a, struct md_advise *ret)
{
    struct md_action *plan = md_arena_array(a->arena, MOST_ACTIONS + 2, sizeof *plan);
    size_t n = put_in_order(a, a->now), count = 0;
    struct md_instance *root = md_facts_root(a->input->facts);
    double normal = no_fault(a, a->now);
    struct md_action wait = {.id = "wait",
                             .title = "It is normal: wait, and look again",
                             .at = root,
                             .p = md_round3(normal),
                             .minutes = WAIT_MINUTES};
    bool has_waited = normal / WAIT_MINUTES < 1 / ESCALATE_MINUTES;

    for (size_t i = 0; i < n && count < MOST_ACTIONS; i++) {
        struct md_option *o = &a->options[a->order[i]];

        if (!has_waited && normal / WAIT_MINUTES > a->helps[a->order[i]] / o->minutes) {
            plan[count++] = wait;
            has_waited = true;
        }
        if (o->advice == NULL)
            continue;
        plan[count++] = (struct md_action){.id = o->remedy->id,
                                           .title = o->remedy->title,
                                           .remedy = o->remedy,
                                           .cause = main_cause(a, o),
                                           .at = o->place->at,
                                           .p = md_round3(a->helps[a->order[i]]),
                                           .minutes = o->minutes,
                                           .advice = o->advice};
    }
    if (!has_waited && count < MOST_ACTIONS)
        plan[count++] = wait;
    plan[count++] = (struct md_action){.id = "escalate",
                                       .title = "Escalate: collect a bundle and give the case to who knows more",
                                       .at = root,
                                       .p = 1,
                                       .minutes = ESCALATE_MINUTES};
    ret->plan = plan;
    ret->n_plan = count;
    ret->expected_minutes = a->ecr;
}
