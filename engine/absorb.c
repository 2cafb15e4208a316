#include "engine/diagnose_priv.h"

#include <math.h>
#include <stdlib.h>

#define MOST_CONSIDERED 20

double md_round3(double probability)
{
    return floor(probability * 1e3 + .5) / 1e3;
}

double md_round1(double decibans)
{
    double r = floor(fabs(decibans) * 10 + .5) / 10;

    return decibans < 0 && r > 0 ? -r : r;
}

double md_decibans(double probability)
{
    double p = fmin(fmax(probability, 1e-9), 1 - 1e-9);

    return 10 * log10(p / (1 - p));
}

static void fill_held(struct md_study *study, struct md_belief *b)
{
    struct md_instance *at = b->view->at;
    int64_t now = md_facts_now(study->facts);
    double age;

    b->is_held = true;
    b->urgency = md_eval_urgency(study->rules, b->cause, at);
    if (b->urgency == MD_URGENCY_ACT && b->probability < MD_ROOT)
        b->urgency = MD_URGENCY_WATCH;
    b->has_messages = md_eval_number(study->rules, b->cause->messages, at, &b->messages);
    b->has_mailboxes = md_eval_number(study->rules, b->cause->mailboxes, at, &b->mailboxes);
    if (now != MD_TIME_NONE && md_eval_number(study->rules, b->cause->since, at, &age) && fabs(age) < 1e10)
        b->since = now - (int64_t)(age * (double)MD_SECOND);
}

static void list_beliefs(struct md_study *study)
{
    size_t cap = 0;

    for (size_t v = 0; v < study->n_views; v++) {
        struct md_view *view = study->views[v];

        for (size_t i = 0; i < view->n_causes; i++) {
            double p = md_round3(view->out.posterior[i]);
            struct md_belief *b, **slot;

            if (p < MD_CONSIDERED)
                continue;
            b = md_arena_alloc(study->arena, sizeof *b);
            *b = (struct md_belief){
                .view = view, .cause = view->causes[i], .row = i, .probability = p, .since = MD_TIME_NONE};
            if (p >= MD_HELD)
                fill_held(study, b);
            slot = md_arena_push(study->arena, &study->beliefs, &study->n_beliefs, &cap, sizeof(struct md_belief *));
            *slot = b;
        }
    }
}

static bool is_scope_above(const struct md_scope_def *above, const struct md_scope_def *below)
{
    while (below != NULL && below != above)
        below = below->parent;
    return below != NULL;
}

/* Same instance, or one encloses the other; of scopes beside each other, both in the same instance of what encloses
 * both. */
static bool is_related(const struct md_view *a, const struct md_view *b)
{
    while (a->parent != NULL && !is_scope_above(a->at->scope, b->at->scope)) {
        if (is_scope_above(b->at->scope, a->at->scope))
            return md_view_encloses(b, a);
        a = a->parent;
    }
    return md_view_encloses(a, b);
}

static bool brings(const struct md_cause *root, const struct md_cause *symptom)
{
    for (size_t k = 0; k < root->n_brings; k++)
        if (root->brings[k].cause == symptom->index)
            return true;
    return false;
}

struct md_belief *md_belief_root(struct md_belief *belief)
{
    /* Bringing has no cycles in a sound rule base; in another one the walk still ends. */
    for (int steps = 0; belief->brought_by != NULL && steps < 32; steps++)
        belief = belief->brought_by;
    return belief;
}

static void pass_to_root(struct md_study *study)
{
    for (size_t i = 0; i < study->n_beliefs; i++) {
        struct md_belief *b = study->beliefs[i], *root = md_belief_root(b);

        if (root == b || !b->is_held || !root->is_held)
            continue;
        if (b->urgency > root->urgency)
            root->urgency = b->urgency;
        if (b->since != MD_TIME_NONE && (root->since == MD_TIME_NONE || b->since < root->since))
            root->since = b->since;
    }
    /* Symptoms of several instances add up; those of one instance are the same messages seen several times. */
    for (size_t i = 0; i < study->n_beliefs; i++) {
        struct md_belief *root = study->beliefs[i];
        double messages = 0, mailboxes = 0;
        bool has_messages = false, has_mailboxes = false;

        if (root->brought_by != NULL || !root->is_held || root->cause->n_brings == 0)
            continue;
        for (size_t v = 0; v < study->n_views; v++) {
            double most = 0, most_mailboxes = 0;

            for (size_t k = 0; k < study->n_beliefs; k++) {
                const struct md_belief *b = study->beliefs[k];

                if (b->view != study->views[v] || b == root || !b->is_held || md_belief_root(study->beliefs[k]) != root)
                    continue;
                most = b->has_messages ? fmax(most, b->messages) : most;
                most_mailboxes = b->has_mailboxes ? fmax(most_mailboxes, b->mailboxes) : most_mailboxes;
                has_messages |= b->has_messages;
                has_mailboxes |= b->has_mailboxes;
            }
            messages += most;
            mailboxes += most_mailboxes;
        }
        if (has_messages && (!root->has_messages || messages > root->messages))
            root->messages = messages;
        if (has_mailboxes && (!root->has_mailboxes || mailboxes > root->mailboxes))
            root->mailboxes = mailboxes;
        root->has_messages |= has_messages;
        root->has_mailboxes |= has_mailboxes;
    }
}

void md_study_beliefs(struct md_study *study)
{
    list_beliefs(study);
    for (size_t r = 0; r < study->n_beliefs; r++) {
        struct md_belief *root = study->beliefs[r];

        if (root->probability < MD_ROOT || root->cause->n_brings == 0)
            continue;
        for (size_t i = 0; i < study->n_beliefs; i++) {
            struct md_belief *b = study->beliefs[i];

            if (b == root || !brings(root->cause, b->cause) || !is_related(root->view, b->view) ||
                md_belief_root(root) == b)
                continue;
            if (b->brought_by == NULL || root->probability > b->brought_by->probability)
                b->brought_by = root;
        }
    }
    pass_to_root(study);
}

static int by_probability(const void *a, const void *b)
{
    const struct md_belief *x = *(struct md_belief *const *)a, *y = *(struct md_belief *const *)b;

    if (x->probability != y->probability)
        return x->probability > y->probability ? -1 : 1;
    if (x->view != y->view)
        return x->view->index < y->view->index ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

struct md_considered *md_study_considered(struct md_study *study, size_t *ret_n)
{
    struct md_considered *list = md_arena_array(study->arena, MOST_CONSIDERED, sizeof *list);
    struct md_belief **others = md_arena_array(study->arena, study->n_beliefs, sizeof(struct md_belief *));
    size_t *alike = md_arena_array(study->arena, md_rules_cause_count(study->rules), sizeof *alike);
    size_t n = 0;

    *ret_n = 0;
    for (size_t i = 0; i < study->n_beliefs; i++)
        if (!study->beliefs[i]->is_held || study->beliefs[i]->brought_by != NULL)
            others[n++] = study->beliefs[i];
    if (n > 1)
        qsort(others, n, sizeof(struct md_belief *), by_probability);
    for (size_t i = 0; i < n && *ret_n < MOST_CONSIDERED; i++) {
        struct md_belief *b = others[i];
        struct md_considered *c = &list[*ret_n];

        if (alike[b->cause->index]++ >= MD_ALIKE_SINGLY)
            continue;
        c->id = b->cause->id;
        c->scope = md_scope_pairs(study, b->view->at, b->cause, NULL, &c->n_scope);
        c->probability = b->probability;
        c->explained_by = b->brought_by != NULL ? md_belief_root(b)->cause->id : NULL;
        *ret_n += 1;
    }
    return list;
}
