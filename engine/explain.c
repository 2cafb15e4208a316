#include "engine/diagnose_priv.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/display.h"

/* Certainty: conclusive needs all three. */
#define CONCLUSIVE .8
#define LIKELY .5
#define POSSIBLE .15
#define GROUPS_NEEDED 2
#define GROUP_SUPPORT 1. /* decibans below which a line is no support to speak of */
#define RUNNER_UP_DECIBANS 6

#define MOST_REASONS 4
/* A remedy that takes no time is still weighed. */
#define LEAST_MINUTES 1

/* --- scope ------------------------------------------------------------------------------------ */

const struct md_scope_pair *md_scope_pairs(struct md_study *study, const struct md_instance *at,
                                           const struct md_cause *cause, const char *name, size_t *ret_n)
{
    size_t n = 0, about = 0, i;
    struct md_scope_pair *pairs;

    for (const struct md_instance *a = at; a != NULL; a = a->parent)
        n++;
    while (cause != NULL && cause->about != NULL && cause->about[2 * about] != NULL)
        about++;
    pairs = md_arena_array(study->arena, n + about, sizeof *pairs);
    i = n;
    for (const struct md_instance *a = at; a != NULL; a = a->parent) {
        /* The root is said where it is what the diagnosis is about. */
        if (a->parent == NULL && (a != at || a->name.n == 0))
            break;
        pairs[--i] =
            (struct md_scope_pair){a->scope->name, a == at && name != NULL ? name : md_display(study->arena, a->name)};
    }
    for (size_t k = i; k < n; k++)
        pairs[k - i] = pairs[k];
    n -= i;
    for (size_t k = 0; k < about; k++)
        pairs[n++] = (struct md_scope_pair){cause->about[2 * k], cause->about[2 * k + 1]};
    *ret_n = n;
    return pairs;
}

/* --- evidence --------------------------------------------------------------------------------- */

static bool is_linked(const struct md_cause *cause, const struct md_finding *finding)
{
    for (size_t k = 0; k < cause->n_links; k++)
        if (cause->links[k].finding == finding->index)
            return true;
    for (size_t k = 0; k < cause->n_never; k++)
        if (cause->never[k] == finding->index)
            return true;
    return false;
}

static void fill_evidence(struct md_study *study, const struct md_belief *b, struct md_diagnosis *ret)
{
    const struct md_view *view = b->view;
    size_t n = view->scope->n_findings;
    struct md_lines lines = {.n = 0};

    for (size_t j = 0; j < n; j++) {
        const struct md_observation *o = &view->observations[j];

        if (o->truth != MD_UNKNOWN)
            md_evidence_lines_add(study, &lines, o, view->out.decibans[b->row][j]);
        else if (o->why != NULL && is_linked(b->cause, o->finding))
            md_evidence_lines_add(study, &lines, o, 0);
    }
    ret->decibans = md_evidence_lines_close(study, &lines, view->out.prior_db[b->row]);
    ret->evidence = lines.list;
    ret->n_evidence = lines.n;
}

static size_t supporting_groups(const struct md_belief *b)
{
    const struct md_view *view = b->view;
    const double *row = view->out.decibans[b->row];
    size_t groups = 0;

    for (size_t j = 0; j < view->scope->n_findings; j++) {
        const char *group = view->scope->findings[j]->group;
        bool is_new = true;

        if (row[j] < GROUP_SUPPORT)
            continue;
        for (size_t k = 0; k < j && is_new && group != NULL; k++)
            if (row[k] >= GROUP_SUPPORT && view->scope->findings[k]->group != NULL &&
                strcmp(view->scope->findings[k]->group, group) == 0)
                is_new = false;
        groups += is_new;
    }
    return groups;
}

static enum md_certainty certainty(const struct md_belief *b)
{
    double p = b->probability;

    if (p >= CONCLUSIVE && supporting_groups(b) >= GROUPS_NEEDED &&
        md_round1(b->view->out.runner_up_db[b->row]) >= RUNNER_UP_DECIBANS)
        return MD_CERTAINTY_CONCLUSIVE;
    return p >= LIKELY ? MD_CERTAINTY_LIKELY : p >= POSSIBLE ? MD_CERTAINTY_POSSIBLE : MD_CERTAINTY_UNRESOLVED;
}

/* The findings that part it from its rival, the strongest first. */
static void fill_rival(struct md_study *study, const struct md_belief *b, struct md_rival *ret)
{
    const struct md_view *view = b->view;
    size_t n = view->scope->n_findings, rival = view->out.rival[b->row], count = 0;
    const double *row = view->out.rival_decibans[b->row];
    const char **reasons;
    bool *is_used;

    if (rival == SIZE_MAX)
        return;
    reasons = md_arena_array(study->arena, MOST_REASONS + 1, sizeof(const char *));
    is_used = md_arena_array(study->arena, n, sizeof *is_used);
    while (count < MOST_REASONS) {
        size_t best = SIZE_MAX;

        for (size_t j = 0; j < n; j++)
            if (!is_used[j] && md_round1(row[j]) > 0 && (best == SIZE_MAX || row[j] > row[best]))
                best = j;
        if (best == SIZE_MAX)
            break;
        is_used[best] = true;
        reasons[count++] = md_observation_says(study, &view->observations[best]);
    }
    if (count < MOST_REASONS && view->out.prior_db[b->row] - view->out.prior_db[rival] >= 1)
        reasons[count++] = "it is more common";
    *ret = (struct md_rival){view->causes[rival]->id, md_round1(view->out.rival_db[b->row]), reasons, count};
}

/* Present findings that the cause is linked to, here and below. */
static void fill_explains(struct md_study *study, const struct md_belief *b, struct md_diagnosis *ret)
{
    const char **ids = md_arena_array(study->arena, b->cause->n_links, sizeof(const char *));

    for (size_t k = 0; k < b->cause->n_links; k++) {
        const struct md_link *link = &b->cause->links[k];
        const struct md_finding *finding = md_rules_finding(study->rules, link->finding);
        bool is_present = false;

        for (size_t v = b->view->index; v < study->n_views && !is_present; v++)
            is_present = study->views[v]->at->scope == finding->scope && md_view_encloses(b->view, study->views[v]) &&
                         study->views[v]->observations[study->position[finding->index]].truth == MD_PRESENT;
        if (is_present)
            ids[ret->n_explains++] = finding->id;
    }
    ret->explains = ids;
}

static void fill_absorbs(struct md_study *study, const struct md_entry *entry, struct md_diagnosis *ret)
{
    const char **ids = NULL;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < study->n_beliefs; i++) {
        struct md_belief *b = study->beliefs[i], *root = md_belief_root(b);
        bool is_ours = false, is_new = true;

        if (root == b || !b->is_held)
            continue;
        for (size_t m = 0; m < entry->n_members; m++)
            is_ours |= entry->members[m] == root;
        for (size_t k = 0; k < n; k++)
            is_new &= strcmp(ids[k], b->cause->id) != 0;
        if (is_ours && is_new) {
            const char **slot = md_arena_push(study->arena, &ids, &n, &cap, sizeof(const char *));
            *slot = b->cause->id;
        }
    }
    ret->absorbs = ids;
    ret->n_absorbs = n;
}

/* --- remedies --------------------------------------------------------------------------------- */

/* What cures so seldom is a caution, or is to be done afterwards: it follows what cures. */
#define ACCOMPANIES .1

static double worth(const struct md_advice *a)
{
    return a->fixes / fmax(a->remedy->minutes + a->remedy->risk_minutes, LEAST_MINUTES);
}

static bool goes_before(const struct md_advice *a, const struct md_advice *b)
{
    if ((a->withheld == NULL) != (b->withheld == NULL))
        return a->withheld == NULL;
    if ((a->fixes > ACCOMPANIES) != (b->fixes > ACCOMPANIES))
        return a->fixes > ACCOMPANIES;
    return worth(a) >= worth(b);
}

static void fill_remedies(struct md_study *study, const struct md_cause *cause, struct md_instance *at,
                          struct md_diagnosis *ret)
{
    struct md_advice *list = md_arena_array(study->arena, cause->n_cures, sizeof *list);

    for (size_t i = 0; i < cause->n_cures; i++) {
        struct md_advice advice;
        size_t to = i;

        md_eval_remedy(study->rules, study->arena, &cause->cures[i], at, &advice);
        for (; to > 0 && !goes_before(&list[to - 1], &advice); to--)
            list[to] = list[to - 1];
        list[to] = advice;
    }
    ret->remedies = list;
    ret->n_remedies = cause->n_cures;
}

/* --- the rest --------------------------------------------------------------------------------- */

static const struct md_fact *field(const struct md_study *study, const struct md_instance *at, const char *name)
{
    const struct md_fact_def *def = md_catalogue_field(md_facts_catalogue(study->facts), at->scope, md_str(name));
    const struct md_fact *fact = def != NULL ? md_fact_get(study->facts, at, def) : NULL;

    return fact != NULL && fact->is_known ? fact : NULL;
}

static void fill_impact(const struct md_study *study, const struct md_instance *at, struct md_diagnosis *ret)
{
    const struct md_fact *growing = field(study, at, "growing"), *oldest = field(study, at, "oldest_s");

    if (growing != NULL && growing->value.type == MD_TYPE_BOOL && ret->growing != 1)
        ret->growing = growing->value.u.b ? 1 : 0;
    /* a guess is no age: it is left out where only its bounds are known */
    if (oldest != NULL && !oldest->has_bounds &&
        (oldest->value.type == MD_TYPE_DURATION || oldest->value.type == MD_TYPE_NUMBER)) {
        ret->oldest_s = fmax(ret->oldest_s, oldest->value.u.number);
        ret->has_oldest = true;
    }
}

static uint64_t whole(double x)
{
    return x > 0 && x < 1e18 ? (uint64_t)(x + .5) : 0;
}

static void fill_members(struct md_study *study, const struct md_entry *entry, struct md_diagnosis *ret)
{
    const char **names;

    if (entry->merged == NULL && !entry->is_rest)
        return;
    names = md_arena_array(study->arena, entry->n_members, sizeof(const char *));
    for (size_t i = 0; i < entry->n_members; i++)
        names[i] = md_display(study->arena, entry->members[i]->view->at->name);
    ret->members = names;
    ret->n_members = entry->n_members;
}

static void fill_texts(struct md_study *study, const struct md_entry *entry, struct md_diagnosis *ret)
{
    const struct md_cause *cause = entry->cause;

    if (cause == NULL) {
        ret->id = entry->fallback_id;
        ret->title = entry->is_fault ? "Something is wrong that no known cause explains" : "Nothing is wrong";
        ret->summary = ret->title;
        return;
    }
    ret->id = cause->id;
    ret->title = cause->title != NULL ? cause->title : cause->id;
    ret->summary = md_eval_text(study->rules, study->arena, cause->summary, ret->at);
    if (ret->summary == NULL)
        ret->summary = ret->title;
    ret->if_nothing = md_eval_text(study->rules, study->arena, cause->if_nothing, ret->at);
    fill_remedies(study, cause, ret->at, ret);
}

void md_study_explain(struct md_study *study, const struct md_entry *entry, struct md_diagnosis *ret)
{
    /* What lies beyond the ones listed singly has no name of its own: the scope is that of what encloses them. */
    struct md_instance *shown =
        entry->is_rest && entry->view->at->parent != NULL ? entry->view->at->parent : entry->view->at;

    ret->cause = entry->cause;
    ret->at = entry->view->at;
    ret->probability = entry->probability;
    ret->urgency = entry->urgency;
    ret->since = entry->since;
    ret->growing = -1;
    ret->has_messages = entry->has_messages;
    ret->messages = whole(entry->messages);
    ret->has_mailboxes = entry->has_mailboxes;
    ret->mailboxes = whole(entry->mailboxes);
    ret->scope = md_scope_pairs(study, shown, entry->cause, entry->merged, &ret->n_scope);
    if (entry->is_rest && shown->parent == NULL && ret->n_scope > 0 &&
        strcmp(ret->scope[0].scope, shown->scope->name) == 0) { /* not the root either: it is not about it as a whole */
        ret->scope++;
        ret->n_scope--;
    }
    fill_texts(study, entry, ret);
    fill_members(study, entry, ret);
    if (entry->n_members == 0) {
        fill_impact(study, entry->view->at, ret);
        md_fallback_evidence(study, entry, ret);
        return;
    }
    for (size_t i = 0; i < entry->n_members; i++)
        fill_impact(study, entry->members[i]->view->at, ret);
    fill_evidence(study, entry->members[0], ret);
    ret->certainty = certainty(entry->members[0]);
    fill_rival(study, entry->members[0], &ret->rather_than);
    fill_explains(study, entry->members[0], ret);
    fill_absorbs(study, entry, ret);
}

/* "<title> (<where>, N messages); 2 further diagnoses" */
const char *md_study_summary(struct md_study *study, const struct md_diagnosis *list, size_t n)
{
    struct md_arena *a = study->arena;
    const struct md_diagnosis *first = &list[0];
    const char *where = "", *comma = "", *count = "", *more = "", *sure = "";
    bool is_about_root;

    if (n == 0)
        return "Nothing can be said";
    is_about_root = first->n_scope == 1 && first->at->parent == NULL;
    if (first->n_scope > 0 && !is_about_root)
        where =
            md_arena_printf(a, "%s %s", first->scope[first->n_scope - 1].scope, first->scope[first->n_scope - 1].name);
    if (first->has_messages && first->messages > 0)
        count =
            md_arena_printf(a, "%llu message%s", (unsigned long long)first->messages, first->messages == 1 ? "" : "s");
    if (*where != '\0' && *count != '\0')
        comma = ", ";
    if (n > 1)
        more = md_arena_printf(a, "; %zu further diagnos%s", n - 1, n == 2 ? "is" : "es");
    if (first->urgency != MD_URGENCY_NORMAL && first->certainty == MD_CERTAINTY_LIKELY)
        sure = "Probably: ";
    if (*where == '\0' && *count == '\0')
        return md_arena_printf(a, "%s%s%s", sure, first->title, more);
    return md_arena_printf(a, "%s%s (%s%s%s)%s", sure, first->title, where, comma, count, more);
}
