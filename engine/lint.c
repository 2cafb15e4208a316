#include "engine/lint.h"

#include "engine/dummy.h"
#include "engine/lint_priv.h"

/* ---- declarations ---- */

static void complain(const struct md_lint *lint, const struct declaration *d, enum md_severity severity,
                     const char *what)
{
    md_diags_add(lint->diags, severity, d->loc, "%s %s", d->id, what);
}

static void check_finding(const struct md_lint *lint, const struct declaration *d)
{
    if (d->finding.cites == NULL)
        complain(lint, d, MD_ERROR, "cites no source");
    md_lint_function(lint, d->finding.where, d->finding.scope, true);
    md_lint_function(lint, d->finding.test, d->finding.scope, true);
    md_lint_function(lint, d->finding.says, d->finding.scope, false);
}

static void check_cause(const struct md_lint *lint, const struct declaration *d)
{
    const struct md_cause *c = &d->cause;
    const struct md_lua_ref texts[] = {c->summary, c->if_nothing, c->merge, c->since, c->messages, c->mailboxes};
    size_t i;

    if (c->cites == NULL)
        complain(lint, d, MD_ERROR, "cites no source");
    if (c->n_links == 0)
        complain(lint, d, MD_NOTE, "links to no finding: it cannot be found by evidence");
    if (!d->has_usual_urgency)
        complain(lint, d, MD_ERROR, "has an urgency that is a function but no usual_urgency");
    if (!c->is_benign && c->n_cures == 0)
        complain(lint, d, MD_WARNING, "has no remedy");
    if (!c->is_benign && c->if_nothing.ref == 0)
        complain(lint, d, MD_NOTE, "does not say what happens if nothing is done");
    md_lint_function(lint, c->where, c->scope, true);
    md_lint_function(lint, c->urgency, c->scope, true);
    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        md_lint_function(lint, texts[i], c->scope, false);
}

static void check_remedy(const struct md_lint *lint, const struct declaration *d)
{
    const struct md_remedy *r = &d->remedy;

    if (r->cites == NULL)
        complain(lint, d, MD_ERROR, "cites no source");
    if (r->minutes <= 0)
        complain(lint, d, MD_ERROR, "does not say how many minutes it takes");
    if (r->undo.ref == 0)
        complain(lint, d, MD_ERROR, "does not say how to undo it");
    if (r->verify.ref == 0)
        complain(lint, d, MD_ERROR, "does not say how to check that it worked");
    if (r->needs.ref == 0)
        complain(lint, d, MD_WARNING, "does not say what it needs");
}

static void check_declarations(const struct md_lint *lint)
{
    void (*const check[DECLARED_COUNT])(const struct md_lint *, const struct declaration *) = {
        [DECLARED_FINDING] = check_finding,
        [DECLARED_CAUSE] = check_cause,
        [DECLARED_REMEDY] = check_remedy,
    };
    size_t kind, i;

    for (kind = 0; kind < DECLARED_COUNT; kind++)
        for (i = 0; i < lint->rules->declared[kind].n; i++)
            check[kind](lint, lint->rules->declared[kind].items[i]);
}

/* A finding that no cause links to adds nothing; a remedy that no cause names is never shown. */
static void check_use(const struct md_lint *lint)
{
    const struct md_rules *rules = lint->rules;
    bool *is_linked = md_arena_array(lint->arena, md_rules_finding_count(rules), sizeof *is_linked);
    bool *is_named = md_arena_array(lint->arena, md_rules_remedy_count(rules), sizeof *is_named);
    size_t i, j;

    for (i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *cause = md_rules_cause(rules, i);

        for (j = 0; j < cause->n_links; j++)
            is_linked[cause->links[j].finding] = true;
        for (j = 0; j < cause->n_never; j++)
            is_linked[cause->never[j]] = true;
        for (j = 0; j < cause->n_cures; j++)
            is_named[cause->cures[j].remedy] = true;
    }
    for (i = 0; i < md_rules_finding_count(rules); i++)
        if (!is_linked[i])
            complain(lint, rules->declared[DECLARED_FINDING].items[i], MD_WARNING, "is linked to by no cause");
    for (i = 0; i < md_rules_remedy_count(rules); i++)
        if (!is_named[i])
            complain(lint, rules->declared[DECLARED_REMEDY].items[i], MD_WARNING, "is named by no cause");
}

static void check_thresholds(const struct md_lint *lint)
{
    size_t i;

    for (i = 0; i < lint->rules->n_thresholds; i++) {
        const struct threshold *t = &lint->rules->thresholds[i];

        if (!t->has_means || !t->has_source)
            md_diags_add(lint->diags, MD_ERROR, (struct md_loc){"rules/lib/thresholds.lua", 0, 0},
                         "threshold %s has no %s", t->name, t->has_means ? "source" : "meaning");
    }
}

static void check_questions(const struct md_lint *lint)
{
    static const char *const keys[] = {"how", "minutes", "outcomes"};
    size_t i, j;

    for (i = 0; i < md_catalogue_fact_count(lint->rules->catalogue); i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(lint->rules->catalogue, i);

        for (j = 0; def->ask != NULL && j < sizeof keys / sizeof *keys; j++)
            if (md_node_get(def->ask, keys[j]) == NULL)
                md_diags_add(lint->diags, MD_ERROR, def->ask->loc, "the question about %s has no `%s`", def->name,
                             keys[j]);
    }
}

/* ---- asking ---- */

static void ask_causes(const struct md_lint *lint, struct md_arena *arena, struct md_instance *at)
{
    struct md_rules *rules = lint->rules;
    struct md_advice advice;
    size_t i, j;
    double x;

    for (i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *c = md_rules_cause(rules, i);

        if (c->scope != at->scope || md_eval_where(rules, c, at) == MD_ABSENT)
            continue;
        md_eval_urgency(rules, c, at);
        md_eval_text(rules, arena, c->summary, at);
        md_eval_text(rules, arena, c->if_nothing, at);
        md_eval_text(rules, arena, c->merge, at);
        md_eval_number(rules, c->since, at, &x);
        md_eval_number(rules, c->messages, at, &x);
        md_eval_number(rules, c->mailboxes, at, &x);
        for (j = 0; j < c->n_cures; j++) {
            md_eval_remedy(rules, arena, &c->cures[j], at, &advice);
            if (advice.n_steps == 0)
                md_diags_add(lint->diags, MD_ERROR, advice.remedy->loc,
                             "%s has no steps for a %s of which little is known: read facts with value() or known()",
                             advice.remedy->id, at->scope->name);
        }
    }
}

void md_lint_ask_all(const struct md_lint *lint, struct md_instance *at)
{
    struct md_rules *rules = lint->rules;
    struct md_arena *arena = md_arena_new();
    struct md_observation o;
    size_t i, j;

    for (i = 0; i < md_rules_finding_count(rules); i++) {
        const struct md_finding *finding = md_rules_finding(rules, i);

        if (finding->scope != at->scope)
            continue;
        md_eval_finding(rules, arena, finding, at, &o);
        for (j = 0; j < o.n_reads; j++)
            lint->is_read[o.reads[j].def->index] = true;
        if (o.truth == MD_PRESENT && md_eval_text(rules, arena, finding->says, at) == NULL)
            md_diags_add(lint->diags, MD_WARNING, finding->loc,
                         "finding %s says nothing where it holds: `says` needs facts that its test does "
                         "not",
                         finding->id);
    }
    ask_causes(lint, arena, at);
    md_arena_free(&arena);
}

/* One instance of each scope; its facts are unknown at level 0, then typical. */
static void ask_made_up(const struct md_lint *lint, unsigned level)
{
    const struct md_catalogue *catalogue = lint->rules->catalogue;
    struct md_arena *arena = md_arena_new();
    struct md_instance **of_scope = md_arena_array(arena, md_catalogue_scope_count(catalogue), sizeof *of_scope);
    struct md_facts *facts = md_dummy_facts(arena, catalogue, of_scope);
    size_t i, j;

    for (i = 0; level > 0 && i < md_catalogue_scope_count(catalogue); i++)
        for (j = 0; j < md_catalogue_fact_count(catalogue); j++)
            if (md_catalogue_fact_at(catalogue, j)->scope->index == i)
                md_dummy_set(facts, of_scope[i], md_catalogue_fact_at(catalogue, j), (enum md_dummy_level)(level - 1),
                             NULL);
    md_rules_bind(lint->rules, facts, lint->diags);
    for (i = 0; i < md_catalogue_scope_count(catalogue); i++)
        md_lint_ask_all(lint, of_scope[i]);
    md_rules_bind(lint->rules, NULL, NULL);
    md_arena_free(&arena);
}

static bool ranks_instances(const struct md_fact_def *def)
{
    return def->scope->singly_by != NULL && strcmp(def->scope->singly_by, def->name) == 0;
}

static void tell_unread(const struct md_lint *lint)
{
    size_t i;

    for (i = 0; i < md_catalogue_fact_count(lint->rules->catalogue); i++)
        if (!lint->is_read[i] && !ranks_instances(md_catalogue_fact_at(lint->rules->catalogue, i)))
            md_diags_add(lint->diags, MD_NOTE, (struct md_loc){"rules/facts.yaml", 0, 0}, "no rule reads %s",
                         md_catalogue_fact_at(lint->rules->catalogue, i)->name);
}

void md_rules_lint(struct md_rules *rules, struct md_arena *arena, struct md_diags *diags)
{
    struct md_lint lint = {.rules = rules, .arena = arena, .diags = diags};
    unsigned level;
    size_t i;

    lint.is_read = md_arena_array(arena, md_catalogue_fact_count(rules->catalogue), sizeof *lint.is_read);
    check_declarations(&lint);
    check_use(&lint);
    check_thresholds(&lint);
    check_questions(&lint);
    for (level = 0; level <= 3; level++)
        ask_made_up(&lint, level);
    for (i = 0; i < rules->n_files; i++)
        md_lint_mark_names(&lint, rules->files[i].text);
    tell_unread(&lint);
    md_lint_cases(&lint); /* last: while a base grows, most of what is missing is here */
}
