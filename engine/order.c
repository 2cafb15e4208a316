#include "engine/diagnose_priv.h"

#include <math.h>
#include <stdlib.h>

/* How much a probability weighs where something must be done, where it must be looked at again, where it can be
 * left. */
static double weight(enum md_urgency urgency)
{
    switch (urgency) {
    case MD_URGENCY_ACT: return 4;
    case MD_URGENCY_WATCH: return 2;
    case MD_URGENCY_NORMAL:
    case MD_URGENCY_COUNT: return 1;
    }
    return 1;
}

static int compare_since(int64_t a, int64_t b)
{
    if (a == b)
        return 0;
    if (a == MD_TIME_NONE || b == MD_TIME_NONE)
        return a == MD_TIME_NONE ? 1 : -1;
    return a < b ? -1 : 1;
}

/* What an entry is ordered by. The ones that are not listed singly go by the first of them, so they follow those that
 * are. */
static double messages_of(const struct md_entry *e)
{
    return e->is_rest ? e->members[0]->messages : e->messages;
}

static int64_t since_of(const struct md_entry *e)
{
    return e->is_rest ? e->members[0]->since : e->since;
}

/* Faults first, then "all is well" where it is said; probability times weight; messages; first seen; order of creation. */
static int compare_entries(const void *pa, const void *pb)
{
    const struct md_entry *a = *(struct md_entry *const *)pa, *b = *(struct md_entry *const *)pb;
    double score_a = a->probability * weight(a->urgency), score_b = b->probability * weight(b->urgency);
    int since = compare_since(since_of(a), since_of(b));

    if (a->is_fault != b->is_fault)
        return a->is_fault ? -1 : 1;
    if (!a->is_fault && (a->fallback_id != NULL) != (b->fallback_id != NULL))
        return a->fallback_id != NULL ? -1 : 1;
    if (fabs(score_a - score_b) > 1e-9)
        return score_a > score_b ? -1 : 1;
    if (messages_of(a) != messages_of(b))
        return messages_of(a) > messages_of(b) ? -1 : 1;
    if (since != 0)
        return since;
    if (a->view != b->view)
        return a->view->index < b->view->index ? -1 : 1;
    if (a->cause != NULL && b->cause != NULL && a->cause != b->cause)
        return a->cause->index < b->cause->index ? -1 : 1;
    return 0;
}

void md_study_order(struct md_study *study)
{
    if (study->n_entries > 1)
        qsort(study->entries, study->n_entries, sizeof(struct md_entry *), compare_entries);
}

static bool is_better(const struct md_belief *a, const struct md_belief *b)
{
    if (a->probability != b->probability)
        return a->probability > b->probability;
    return a->messages > b->messages; /* else the first in the order of instances */
}

/* Takes the belief into the entry; `count` is what it holds after. */
static void join(struct md_entry *entry, struct md_belief *b)
{
    size_t at = entry->n_members++;

    while (at > 0 && is_better(b, entry->members[at - 1])) {
        entry->members[at] = entry->members[at - 1];
        at--;
    }
    entry->members[at] = b;
    entry->view = entry->members[0]->view;
    entry->probability = entry->members[0]->probability;
    if (entry->n_members == 1 || b->urgency > entry->urgency)
        entry->urgency = b->urgency;
    if (compare_since(b->since, entry->since) < 0)
        entry->since = b->since;
    entry->has_messages |= b->has_messages;
    entry->has_mailboxes |= b->has_mailboxes;
    entry->messages += b->has_messages ? fmax(b->messages, 0) : 0;
    entry->mailboxes += b->has_mailboxes ? fmax(b->mailboxes, 0) : 0;
}

static struct md_entry *new_entry(struct md_study *study, const struct md_cause *cause, size_t room)
{
    struct md_entry *entry = md_arena_alloc(study->arena, sizeof *entry);

    entry->cause = cause;
    entry->is_fault = !cause->is_benign;
    entry->members = md_arena_array(study->arena, room, sizeof(struct md_belief *));
    entry->since = MD_TIME_NONE;
    return entry;
}

void md_study_add_entry(struct md_study *study, const struct md_entry *entry)
{
    struct md_entry *copy = md_arena_alloc(study->arena, sizeof *copy);
    struct md_entry **list = md_arena_array(study->arena, study->n_entries + 1, sizeof(struct md_entry *));

    *copy = *entry;
    for (size_t i = 0; i < study->n_entries; i++)
        list[i] = study->entries[i];
    list[study->n_entries++] = copy;
    study->entries = list;
    md_study_order(study);
}

static bool is_beside(const struct md_entry *entry, const struct md_belief *b)
{
    return entry->cause == b->cause && entry->view->at->parent == b->view->at->parent;
}

/* One entry for each belief held and not absorbed; those of one parent whose `merge` gives the same text share one. */
static void merge_alike(struct md_study *study)
{
    study->entries = md_arena_array(study->arena, study->n_beliefs, sizeof(struct md_entry *));
    for (size_t i = 0; i < study->n_beliefs; i++) {
        struct md_belief *b = study->beliefs[i];
        struct md_entry *entry = NULL;
        const char *text = NULL;

        if (!b->is_held || b->brought_by != NULL)
            continue;
        if (b->cause->merge.ref != 0)
            text = md_eval_text(study->rules, study->arena, b->cause->merge, b->view->at);
        if (text != NULL && *text == '\0')
            text = NULL;
        for (size_t k = 0; k < study->n_entries && text != NULL; k++)
            if (is_beside(study->entries[k], b) && study->entries[k]->merged != NULL &&
                strcmp(study->entries[k]->merged, text) == 0)
                entry = study->entries[k];
        if (entry == NULL) {
            entry = new_entry(study, b->cause, text != NULL ? study->n_beliefs - i : 1);
            entry->merged = text;
            study->entries[study->n_entries++] = entry;
        }
        join(entry, b);
    }
    for (size_t k = 0; k < study->n_entries; k++)
        if (study->entries[k]->n_members < 2)
            study->entries[k]->merged = NULL;
}

/* Of one cause below one instance the first MD_ALIKE_SINGLY stay as they are, the others become one. */
static void limit_alike(struct md_study *study)
{
    size_t kept = 0;

    md_study_order(study);
    for (size_t k = 0; k < study->n_entries; k++) {
        struct md_entry *entry = study->entries[k], *rest = NULL;
        size_t alike = 0;

        for (size_t e = 0; e < kept; e++)
            if (is_beside(study->entries[e], entry->members[0])) {
                alike++;
                rest = study->entries[e]->is_rest ? study->entries[e] : rest;
            }
        if (rest == NULL && alike < MD_ALIKE_SINGLY) {
            study->entries[kept++] = entry;
            continue;
        }
        if (rest == NULL) {
            rest = new_entry(study, entry->cause, study->n_beliefs);
            rest->is_rest = true;
            study->entries[kept++] = rest;
        }
        for (size_t i = 0; i < entry->n_members; i++)
            join(rest, entry->members[i]);
    }
    study->n_entries = kept;
}

void md_study_entries(struct md_study *study)
{
    merge_alike(study);
    limit_alike(study);
    md_study_order(study);
}
