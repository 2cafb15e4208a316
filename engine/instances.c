#include "engine/diagnose_priv.h"

#include <math.h>
#include <stdlib.h>

/* Agreement of findings that read one record. */
#define GROUP_RHO .7
/* The cause that is not in the list. */
#define UNLISTED_LINK .25
/* Divides the odds of the faults that nothing speaks for where nobody reported a problem. */
#define ROUTINE 10
#define UNSEEN_ODDS .8 /* at most, of a cause without a sign, for what is known of it otherwise: below what is held */

bool md_study_is_fallback(const struct md_study *study, const struct md_cause *cause)
{
    const char *normal = study->options->fallback_normal, *unknown = study->options->fallback_unknown;

    return (normal != NULL && strcmp(cause->id, normal) == 0) || (unknown != NULL && strcmp(cause->id, unknown) == 0);
}

bool md_view_encloses(const struct md_view *above, const struct md_view *below)
{
    while (below != NULL && below != above)
        below = below->parent;
    return below != NULL;
}

static void sort_by_scope(struct md_study *study)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(study->facts);
    size_t n = md_catalogue_scope_count(catalogue), findings = md_rules_finding_count(study->rules),
           causes = md_rules_cause_count(study->rules);

    study->scopes = md_arena_array(study->arena, n, sizeof *study->scopes);
    study->position = md_arena_array(study->arena, findings, sizeof *study->position);
    for (size_t s = 0; s < n; s++) {
        struct md_scope_rules *scope = &study->scopes[s];

        scope->findings = md_arena_array(study->arena, findings, sizeof(const struct md_finding *));
        scope->causes = md_arena_array(study->arena, causes, sizeof(const struct md_cause *));
    }
    for (size_t i = 0; i < findings; i++) {
        const struct md_finding *finding = md_rules_finding(study->rules, i);
        struct md_scope_rules *scope = &study->scopes[finding->scope->index];

        study->position[i] = scope->n_findings;
        scope->findings[scope->n_findings++] = finding;
    }
    for (size_t i = 0; i < causes; i++) {
        const struct md_cause *cause = md_rules_cause(study->rules, i);
        struct md_scope_rules *scope = &study->scopes[cause->scope->index];

        if (!md_study_is_fallback(study, cause))
            scope->causes[scope->n_causes++] = cause;
    }
}

/* --- which instances -------------------------------------------------------------------------- */

struct ranked {
    struct md_instance *at;
    double weight;
    size_t seq;
};

static int by_weight(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static double weight_of(const struct md_study *study, const struct md_instance *at)
{
    const struct md_fact *fact = NULL;

    if (at->scope->singly_by != NULL)
        fact = md_fact_by_name(study->facts, at, at->scope->singly_by);
    if (fact == NULL || !fact->is_known)
        return 0;
    if (fact->value.type == MD_TYPE_COUNT)
        return (double)fact->value.u.count;
    return fact->value.type == MD_TYPE_NUMBER || fact->value.type == MD_TYPE_DURATION ? fact->value.u.number : 0;
}

/* Marks the children of one parent that take part on their own, scope by scope. */
static void choose_children(struct md_study *study, const struct md_instance *parent, bool *takes_part)
{
    size_t n = 0, n_scopes = md_catalogue_scope_count(md_facts_catalogue(study->facts));
    struct ranked *list;

    for (const struct md_instance *c = parent->first_child; c != NULL; c = c->next_sibling)
        n++;
    if (n == 0)
        return;
    list = md_xcalloc(n, sizeof *list);
    for (size_t s = 0; s < n_scopes; s++) {
        size_t of_scope = 0, singly = 0;

        for (struct md_instance *c = parent->first_child; c != NULL; c = c->next_sibling)
            if (c->scope->index == s) {
                singly = c->scope->singly;
                list[of_scope] = (struct ranked){c, weight_of(study, c), of_scope};
                of_scope++;
            }
        if (singly > 0 && of_scope > singly)
            qsort(list, of_scope, sizeof *list, by_weight);
        for (size_t i = 0; i < of_scope; i++)
            takes_part[list[i].at->index] = singly == 0 || i < singly;
    }
    free(list);
}

/* --- one instance ----------------------------------------------------------------------------- */

double md_person_error(const struct md_observation *o)
{
    for (size_t i = 0; i < o->n_reads; i++)
        if (o->reads[i].fact != NULL && o->reads[i].fact->n_origins > 0 &&
            o->reads[i].fact->origins[0].kind == MD_ORIGIN_PERSON)
            return MD_PERSON_ERROR;
    return 0;
}

static void observe(struct md_study *study, struct md_view *view)
{
    size_t n = view->scope->n_findings;

    view->observations = md_arena_array(study->arena, n, sizeof *view->observations);
    view->findings = md_arena_array(study->arena, n, sizeof *view->findings);
    for (size_t j = 0; j < n; j++) {
        struct md_observation *o = &view->observations[j];

        md_eval_finding(study->rules, study->arena, view->scope->findings[j], view->at, o);
        if (study->options->override != NULL)
            study->options->override(study->options->override_ctx, o);
        view->findings[j] = (struct md_infer_finding){o->truth, o->finding->leak, 1, md_person_error(o)};
    }
}

static bool is_same_group(const struct md_finding *a, const struct md_finding *b)
{
    return a == b || (a->group != NULL && b->group != NULL && strcmp(a->group, b->group) == 0);
}

/*
 * Members of a group repeat one another as far as they came out alike: a present one and an absent one are no copies,
 * and the many that are absent because one record says something else must not drown the one that is present. An
 * unknown one is weighed as if it came out like all the others.
 */
static bool is_alike(const struct md_infer_finding *a, const struct md_infer_finding *b)
{
    return a == b || (b->truth != MD_UNKNOWN && (a->truth == MD_UNKNOWN || a->truth == b->truth));
}

static void weigh_groups(struct md_view *view)
{
    for (size_t j = 0; j < view->scope->n_findings; j++) {
        size_t members = 0;

        for (size_t k = 0; k < view->scope->n_findings; k++)
            if (is_alike(&view->findings[j], &view->findings[k]) &&
                is_same_group(view->scope->findings[j], view->scope->findings[k]))
                members++;
        view->findings[j].weight = md_infer_group_weight(members, GROUP_RHO);
    }
}

/* What the causes of enclosing instances bring down here. */
static void raise_leaks(const struct md_study *study, struct md_view *view)
{
    for (const struct md_view *above = view->parent; above != NULL; above = above->parent)
        for (size_t i = 0; i < above->n_causes; i++)
            for (size_t k = 0; k < above->causes[i]->n_links; k++) {
                const struct md_link *link = &above->causes[i]->links[k];
                const struct md_finding *finding;
                double *leak;

                if (!link->is_below)
                    continue;
                finding = md_rules_finding(study->rules, link->finding);
                if (finding->scope != view->at->scope)
                    continue;
                leak = &view->findings[study->position[link->finding]].leak;
                *leak = 1 - (1 - *leak) * (1 - above->out.posterior[i] * link->strength);
            }
}

/*
 * The prior of the rules is that of a fault where somebody reported its symptom. In a routine run nobody did, so a fault
 * without a sign is less likely; but whoever sees its sign has the report in hand, and the same facts must not say
 * something else because of where they were read.
 */
static double prior_of(const struct md_study *study, double prior, bool has_sign)
{
    double odds;

    if (!study->options->is_routine || has_sign || prior >= 1)
        return prior;
    odds = prior / (1 - prior) / ROUTINE;
    return odds / (1 + odds);
}

/* The prior of a cause in an instance, with what else is known of it there. What nothing is seen of is not held for what somebody says. */
static double prior_here(const struct md_study *study, const struct md_cause *cause, const struct md_instance *at,
                         bool has_sign)
{
    double prior = prior_of(study, cause->prior, has_sign || cause->is_benign), odds;

    if (study->options->odds == NULL || prior >= 1)
        return prior;
    odds = prior / (1 - prior) * study->options->odds(study->options->odds_ctx, cause, at);
    if (!has_sign && odds > UNSEEN_ODDS)
        odds = fmax(UNSEEN_ODDS, prior / (1 - prior));
    return odds > 0 ? odds / (1 + odds) : 0;
}

/* Is a finding present here that the cause brings? */
static bool has_sign(const struct md_study *study, const struct md_view *view, const struct md_cause *cause)
{
    for (size_t k = 0; k < cause->n_links; k++)
        if (!cause->links[k].is_below && view->findings[study->position[cause->links[k].finding]].truth == MD_PRESENT)
            return true;
    return false;
}

static void infer(struct md_study *study, struct md_view *view)
{
    struct md_infer_cause *causes = md_arena_array(study->arena, view->scope->n_causes, sizeof *causes);
    struct md_infer_input in = {
        .findings = view->findings,
        .n_findings = view->scope->n_findings,
        .causes = causes,
        .unlisted_link = UNLISTED_LINK,
        .temperature = study->options->temperature,
        .explain_from = MD_HELD - .001, /* what rounding may lift */
    };
    bool has_any_sign = false;

    view->causes = md_arena_array(study->arena, view->scope->n_causes, sizeof(const struct md_cause *));
    view->prior_no_fault = 1;
    for (size_t i = 0; i < view->scope->n_causes; i++) {
        const struct md_cause *cause = view->scope->causes[i];
        struct md_infer_cause *c = &causes[in.n_causes];
        struct md_infer_link *links;
        size_t *never;
        bool is_seen;

        if (md_eval_where(study->rules, cause, view->at) == MD_ABSENT)
            continue;
        links = md_arena_array(study->arena, cause->n_links, sizeof *links);
        never = md_arena_array(study->arena, cause->n_never, sizeof *never);
        is_seen = has_sign(study, view, cause);
        has_any_sign |= is_seen && !cause->is_benign;
        *c = (struct md_infer_cause){prior_here(study, cause, view->at, is_seen), cause->is_benign, links, 0, never, 0};
        for (size_t k = 0; k < cause->n_links; k++)
            if (!cause->links[k].is_below)
                links[c->n_links++] =
                    (struct md_infer_link){study->position[cause->links[k].finding], cause->links[k].strength};
        for (size_t k = 0; k < cause->n_never; k++)
            if (md_rules_finding(study->rules, cause->never[k])->scope == view->at->scope)
                never[c->n_never++] = study->position[cause->never[k]];
        if (!cause->is_benign)
            view->prior_no_fault *= 1 - c->prior;
        view->causes[in.n_causes++] = cause;
    }
    view->n_causes = in.n_causes;
    in.unlisted_prior = prior_of(study, MD_UNLISTED_PRIOR, has_any_sign);
    view->prior_no_fault *= 1 - in.unlisted_prior;
    md_infer(&in, study->arena, &view->out);
}

void md_study_views(struct md_study *study)
{
    size_t n = md_facts_instance_count(study->facts);
    bool *takes_part = md_arena_array(study->arena, n, sizeof *takes_part);
    struct md_view **by_instance = md_arena_array(study->arena, n, sizeof(struct md_view *));

    sort_by_scope(study);
    study->views = md_arena_array(study->arena, n, sizeof(struct md_view *));
    takes_part[md_facts_root(study->facts)->index] = true;
    for (size_t i = 0; i < n; i++) {
        struct md_instance *at = md_facts_instance_at(study->facts, i);
        struct md_view *view;

        if (!takes_part[i])
            continue;
        choose_children(study, at, takes_part);
        view = md_arena_alloc(study->arena, sizeof *view);
        view->at = at;
        view->parent = at->parent != NULL ? by_instance[at->parent->index] : NULL;
        view->index = study->n_views;
        view->scope = &study->scopes[at->scope->index];
        by_instance[i] = view;
        study->views[study->n_views++] = view;
        observe(study, view);
        weigh_groups(view);
        raise_leaks(study, view);
        infer(study, view);
    }
}
