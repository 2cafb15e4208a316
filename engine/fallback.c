#include "engine/diagnose_priv.h"

#include <math.h>

/* The evidence must have moved the odds of a fault by this much before an instance counts as suspicious: the prior
 * alone never does. */
#define SUSPICIOUS_DECIBANS 3
/* Share of the faults' prior that the evidence must bear on before "nothing is wrong" may be said. */
#define LEAST_EXAMINED .25

static double evidence_db(const struct md_view *view)
{
    return md_decibans(1 - view->out.no_fault) - md_decibans(1 - view->prior_no_fault);
}

/* The instance that speaks most for a fault, or NULL. */
static const struct md_view *suspicious_view(const struct md_study *study)
{
    const struct md_view *worst = NULL;

    for (size_t v = 0; v < study->n_views; v++) {
        const struct md_view *view = study->views[v];

        if (evidence_db(view) >= SUSPICIOUS_DECIBANS && (worst == NULL || view->out.no_fault < worst->out.no_fault))
            worst = view;
    }
    return worst;
}

double md_study_no_fault(const struct md_study *study)
{
    const struct md_view *worst = suspicious_view(study);
    double p = study->views[0]->out.no_fault;

    if (worst != NULL)
        p = fmin(p, worst->out.no_fault);
    for (size_t i = 0; i < study->n_beliefs; i++)
        if (study->beliefs[i]->is_held && !study->beliefs[i]->cause->is_benign)
            p = fmin(p, study->beliefs[i]->view->out.no_fault);
    return md_round3(p);
}

/* For each fault its prior times the part of its strongest link that is known. */
static double examined_share(const struct md_view *view, const struct md_study *study, double *ret_prior)
{
    double sum = 0;

    *ret_prior = 0;
    for (size_t i = 0; i < view->n_causes; i++) {
        const struct md_cause *cause = view->causes[i];
        double known = 0, all = 0;

        if (cause->is_benign)
            continue;
        for (size_t k = 0; k < cause->n_links; k++) {
            if (cause->links[k].is_below)
                continue;
            all = fmax(all, cause->links[k].strength);
            if (view->findings[study->position[cause->links[k].finding]].truth != MD_UNKNOWN)
                known = fmax(known, cause->links[k].strength);
        }
        if (all > 0) {
            *ret_prior += cause->prior;
            sum += cause->prior * known / all;
        }
    }
    return sum;
}

/* The root and what lies directly below it. */
static bool is_little_known(const struct md_study *study)
{
    double sum = 0, prior = 0;

    for (size_t v = 0; v < study->n_views; v++) {
        double its_prior;

        if (study->views[v]->at->scope->depth > 1)
            continue;
        sum += examined_share(study->views[v], study, &its_prior);
        prior += its_prior;
    }
    return prior <= 0 || sum / prior < LEAST_EXAMINED;
}

/* The instance of the cause's scope that is or encloses the view's; else the root. */
static struct md_view *view_for(const struct md_study *study, const struct md_cause *cause, const struct md_view *view)
{
    for (; cause != NULL && view != NULL; view = view->parent)
        if (view->at->scope == cause->scope)
            return study->views[view->index];
    return study->views[0];
}

static void add_fallback(struct md_study *study, const char *id, const struct md_view *at, bool is_fault,
                         double probability)
{
    struct md_entry entry = {
        .cause = md_rules_find_cause(study->rules, md_str(id)),
        .fallback_id = id,
        .is_fault = is_fault,
        .probability = probability,
        .urgency = is_fault ? MD_URGENCY_WATCH : MD_URGENCY_NORMAL,
        .since = MD_TIME_NONE,
    };

    entry.view = view_for(study, entry.cause, at);
    if (entry.cause != NULL && entry.view->at->scope == entry.cause->scope)
        entry.urgency = md_eval_urgency(study->rules, entry.cause, entry.view->at);
    if (entry.urgency == MD_URGENCY_ACT && probability < MD_ROOT)
        entry.urgency = MD_URGENCY_WATCH;
    if (entry.cause != NULL) {
        entry.has_messages = md_eval_number(study->rules, entry.cause->messages, entry.view->at, &entry.messages);
        entry.has_mailboxes = md_eval_number(study->rules, entry.cause->mailboxes, entry.view->at, &entry.mailboxes);
    }
    md_study_add_entry(study, &entry);
}

/* A normal state that concerns what waits, or that explains what is complained of, says more than "all is well". */
static bool says_more(const struct md_study *study, const struct md_entry *e)
{
    const struct md_diagnose_options *options = study->options;

    if (e->has_messages && e->messages > 0)
        return true;
    return options->odds != NULL && e->cause != NULL && options->odds(options->odds_ctx, e->cause, e->view->at) > 1;
}

void md_study_fallback(struct md_study *study)
{
    const char *normal = study->options->fallback_normal, *unknown = study->options->fallback_unknown;
    const struct md_view *worst = suspicious_view(study);
    double no_fault = md_study_no_fault(study);
    bool has_fault = false, is_said = false, is_likely = worst != NULL && worst->out.no_fault < MD_HELD;

    for (size_t i = 0; i < study->n_entries; i++) {
        has_fault |= study->entries[i]->is_fault;
        is_said |= says_more(study, study->entries[i]);
    }
    if (has_fault)
        return;
    if (is_likely || (study->n_entries == 0 && is_little_known(study))) {
        if (unknown != NULL)
            add_fallback(study, unknown, is_likely ? worst : study->views[0], true, md_round3(1 - no_fault));
    } else if (!is_said && normal != NULL) {
        add_fallback(study, normal, study->views[0], false, no_fault);
    }
}

/* --- evidence --------------------------------------------------------------------------------- */

/* How much the faults' links make of an observation, before sharing out: of an absent one what their absence clears
 * them of, of a present one how far it exceeds its leak. */
static double share_of(const struct md_view *view, size_t position)
{
    const struct md_finding *finding = view->scope->findings[position];
    double sum = 0, leak = md_infer_within(view->findings[position].leak, MD_INFER_LEAST, MD_INFER_MOST);

    for (size_t i = 0; i < view->n_causes; i++) {
        const struct md_cause *cause = view->causes[i];

        for (size_t k = 0; k < cause->n_links && !cause->is_benign; k++)
            if (cause->links[k].finding == finding->index) {
                double l = md_infer_within(cause->links[k].strength, MD_INFER_LEAST, MD_INFER_MOST),
                       with = 1 - (1 - leak) * (1 - l);

                sum += cause->prior * (view->findings[position].truth == MD_PRESENT ? log(with / leak) : -log(1 - l));
            }
    }
    return sum * view->findings[position].weight;
}

/* Per finding: the first observation of the wanted truth, and its share summed over the instances; 0 where one says
 * otherwise. */
static void collect_shares(const struct md_study *study, const struct md_view *only, enum md_truth truth, double *share,
                           const struct md_observation **first)
{
    size_t n = md_rules_finding_count(study->rules);
    bool *is_mixed = md_arena_array(study->arena, n, sizeof *is_mixed);

    for (size_t v = 0; v < study->n_views; v++) {
        const struct md_view *view = study->views[v];

        if (only != NULL && view != only)
            continue;
        for (size_t j = 0; j < view->scope->n_findings; j++) {
            size_t f = view->scope->findings[j]->index;

            if (view->observations[j].truth == MD_UNKNOWN)
                continue;
            if (view->observations[j].truth != truth) {
                is_mixed[f] = true;
                continue;
            }
            share[f] += share_of(view, j);
            if (first[f] == NULL)
                first[f] = &view->observations[j];
        }
    }
    for (size_t f = 0; f < n; f++)
        if (is_mixed[f])
            share[f] = 0;
}

static size_t supporting_groups(const struct md_study *study, const struct md_lines *lines)
{
    size_t groups = 0;

    for (size_t i = 0; i < lines->n; i++) {
        const struct md_finding *finding = md_rules_find_finding(study->rules, md_str(lines->list[i].id));
        bool is_new = lines->list[i].kind == MD_EVIDENCE_SUPPORTS && finding != NULL;

        for (size_t k = 0; k < i && is_new && finding->group != NULL; k++) {
            const struct md_finding *other = md_rules_find_finding(study->rules, md_str(lines->list[k].id));

            is_new = other == NULL || other->group == NULL || strcmp(other->group, finding->group) != 0;
        }
        groups += is_new;
    }
    return groups;
}

/*
 * "Nothing is wrong" rests on the findings that are absent everywhere, "something is, but what" on the present ones of
 * the suspicious instance. What the evidence moved in all is shared out among them.
 */
void md_fallback_evidence(struct md_study *study, const struct md_entry *entry, struct md_diagnosis *ret)
{
    const struct md_view *worst = entry->is_fault ? suspicious_view(study) : NULL;
    const struct md_view *view = worst != NULL ? worst : study->views[0];
    size_t n = md_rules_finding_count(study->rules), groups;
    double *share = md_arena_array(study->arena, n, sizeof *share), sum = 0, moved, prior;
    const struct md_observation **first = md_arena_array(study->arena, n, sizeof *first);
    struct md_lines lines = {.n = 0};

    prior = entry->is_fault ? 1 - view->prior_no_fault : view->prior_no_fault;
    moved = md_decibans(entry->probability) - md_decibans(prior);
    collect_shares(study, worst, (moved > 0) == entry->is_fault ? MD_PRESENT : MD_ABSENT, share, first);
    for (size_t f = 0; f < n; f++)
        sum += share[f];
    for (size_t f = 0; f < n && sum > 0; f++)
        if (share[f] > 0)
            md_evidence_lines_add(study, &lines, first[f], moved * share[f] / sum);
    groups = supporting_groups(study, &lines);
    for (size_t j = 0; j < view->scope->n_findings; j++)
        if (view->observations[j].truth == MD_UNKNOWN && view->observations[j].why != NULL && share_of(view, j) > 0)
            md_evidence_lines_add(study, &lines, &view->observations[j], 0);
    ret->decibans = md_evidence_lines_close(study, &lines, md_decibans(prior));
    ret->evidence = lines.list;
    ret->n_evidence = lines.n;
    if (!entry->is_fault)
        ret->certainty = entry->probability >= .8 && groups >= 2 && ret->decibans >= 6 ? MD_CERTAINTY_CONCLUSIVE
                         : entry->probability >= MD_HELD                               ? MD_CERTAINTY_LIKELY
                                                                                       : MD_CERTAINTY_UNRESOLVED;
}
