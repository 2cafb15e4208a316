/*
 * What the cases show: which causes and findings they try both ways, and how sick a host is of which nothing is known.
 */
#include "engine/cases_priv.h"
#include "engine/infer.h"
#include "engine/lint_priv.h"

#define MASS_LOW .4
#define MASS_HIGH .7
#define ENOUGH_CAUSES 3 /* fewer of a scope need not reach the upper end */

struct coverage {
    bool *finding_holds, *finding_fails, *cause_holds, *cause_fails;
};

struct case_lint {
    const struct md_lint *lint;
    struct coverage seen;
    struct {
        double lowest, highest;
        size_t n;
    } * masses; /* by scope */
};

/* ---- ids ---- */

static void check_id(const struct md_lint *lint, const struct md_node *node, bool is_remedy)
{
    if (node->kind != MD_NODE_SCALAR)
        return;
    if (is_remedy ? md_rules_find_remedy(lint->rules, node->text) == NULL
                  : md_rules_find_cause(lint->rules, node->text) == NULL)
        md_diags_add(lint->diags, MD_ERROR, node->loc, "a case expects %.*s, which does not exist",
                     MD_STR_ARG(node->text));
}

static void check_expected(const struct md_lint *lint, const struct md_node *expect)
{
    static const struct {
        const char *key;
        bool is_remedy;
    } keys[] = {{"first", false},  {"present", false}, {"absent", false},
                {"listed", false}, {"remedies", true}, {"withheld", true}};
    size_t i;

    for (i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct md_node *node = md_node_get(expect, keys[i].key), *child;

        if (node == NULL)
            continue;
        check_id(lint, node, keys[i].is_remedy);
        for (child = node->first; child != NULL; child = child->next)
            check_id(lint, child, keys[i].is_remedy);
    }
}

/* ---- one case ---- */

static bool is_expected(const struct md_case *c, const char *id)
{
    return md_case_expects(c, "first", id) || md_case_expects(c, "present", id) || md_case_expects(c, "listed", id);
}

/* P(no fault) of an instance with nothing observed; what cannot be told apart takes part. */
static void weigh(const struct case_lint *l, struct md_instance *at)
{
    struct md_rules *rules = l->lint->rules;
    double mass = 1 - MD_UNLISTED_PRIOR;
    bool is_told = true;
    size_t i;

    for (i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *cause = md_rules_cause(rules, i);
        enum md_truth where;

        if (cause->scope != at->scope || cause->is_benign)
            continue;
        where = md_eval_where(rules, cause, at);
        is_told = is_told && where != MD_UNKNOWN;
        if (where != MD_ABSENT)
            mass *= 1 - cause->prior;
    }
    if (!is_told)
        return;
    if (l->masses[at->scope->index].n == 0 || mass < l->masses[at->scope->index].lowest)
        l->masses[at->scope->index].lowest = mass;
    if (l->masses[at->scope->index].n == 0 || mass > l->masses[at->scope->index].highest)
        l->masses[at->scope->index].highest = mass;
    l->masses[at->scope->index].n++;
}

static void observe(const struct case_lint *l, struct md_instance *at, bool *is_present)
{
    struct md_rules *rules = l->lint->rules;
    struct md_arena *arena = md_arena_new();
    struct md_observation o;
    size_t i;

    for (i = 0; i < md_rules_finding_count(rules); i++) {
        const struct md_finding *finding = md_rules_finding(rules, i);

        if (finding->scope != at->scope)
            continue;
        md_eval_finding(rules, arena, finding, at, &o);
        if (o.truth == MD_PRESENT)
            l->seen.finding_holds[i] = is_present[i] = true;
        else if (o.truth == MD_ABSENT)
            l->seen.finding_fails[i] = true;
    }
    weigh(l, at);
    md_arena_free(&arena);
}

/* A cause fails where it is expected to be absent, or where something that it brings is there and it is not expected. */
static void judge(const struct case_lint *l, const struct md_case *c, const bool *is_present)
{
    struct md_rules *rules = l->lint->rules;
    size_t i, j;

    for (i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *cause = md_rules_cause(rules, i);

        if (is_expected(c, cause->id)) {
            l->seen.cause_holds[i] = true;
            continue;
        }
        if (md_case_expects(c, "absent", cause->id))
            l->seen.cause_fails[i] = true;
        for (j = 0; j < cause->n_links; j++)
            if (is_present[cause->links[j].finding])
                l->seen.cause_fails[i] = true;
    }
}

static void take_case(const struct case_lint *l, const struct md_case *c)
{
    const struct md_lint *lint = l->lint;
    struct md_arena *arena = md_arena_new();
    struct md_diags *ignored = md_diags_new(arena);
    struct md_facts *facts = md_case_facts(lint->rules, c, arena, ignored);
    bool *is_present = md_arena_array(arena, md_rules_finding_count(lint->rules), sizeof *is_present);
    size_t i;

    check_expected(lint, c->expect);
    for (i = 0; i < md_diags_count(ignored); i++) {
        const struct md_diag *d = md_diags_at(ignored, i);

        md_diags_add(lint->diags, d->severity, d->loc, "%s", d->what);
    }
    md_rules_bind(lint->rules, facts, lint->diags);
    for (i = 0; i < md_facts_instance_count(facts); i++)
        observe(l, md_facts_instance_at(facts, i), is_present);
    judge(l, c, is_present);
    md_rules_bind(lint->rules, NULL, NULL);
    md_arena_free(&arena);
}

/* ---- all cases ---- */

static void take_file(const struct case_lint *l, const struct md_node *file)
{
    const struct md_node *defaults = NULL, *node;

    for (node = file->first; node != NULL; node = node->next) {
        struct md_case c = {.node = node, .name = md_node_text(node, "name"), .expect = md_node_get(node, "expect")};

        if (md_node_get(node, "defaults") != NULL) {
            defaults = md_node_get(node, "defaults");
            continue;
        }
        c.defaults = defaults;
        take_case(l, &c);
    }
}

static void tell_coverage(const struct case_lint *l)
{
    const struct md_lint *lint = l->lint;
    size_t i;

    for (i = 0; i < md_rules_cause_count(lint->rules); i++) {
        const struct md_cause *cause = md_rules_cause(lint->rules, i);

        if (!l->seen.cause_holds[i])
            md_diags_add(lint->diags, MD_ERROR, cause->loc, "cause %s has no case in which it is expected", cause->id);
        if (!l->seen.cause_fails[i])
            md_diags_add(lint->diags, MD_ERROR, cause->loc, "cause %s has no case of a look-alike (absent)", cause->id);
    }
    for (i = 0; i < md_rules_finding_count(lint->rules); i++) {
        const struct md_finding *finding = md_rules_finding(lint->rules, i);

        if (!l->seen.finding_holds[i])
            md_diags_add(lint->diags, MD_ERROR, finding->loc, "finding %s holds in no case", finding->id);
        if (!l->seen.finding_fails[i])
            md_diags_add(lint->diags, MD_ERROR, finding->loc, "finding %s is false in no case", finding->id);
    }
}

/* Where no case tells all conditions: as if every cause took part. */
static double whole_mass(const struct md_rules *rules, const struct md_scope_def *scope, size_t *ret_causes)
{
    double mass = 1 - MD_UNLISTED_PRIOR;
    size_t i;

    *ret_causes = 0;
    for (i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *cause = md_rules_cause(rules, i);

        if (cause->scope != scope || cause->is_benign)
            continue;
        mass *= 1 - cause->prior;
        ++*ret_causes;
    }
    return mass;
}

static void tell_masses(const struct case_lint *l)
{
    const struct md_catalogue *catalogue = l->lint->rules->catalogue;
    struct md_loc loc = {"rules/facts.yaml", 0, 0};
    size_t i, causes;

    for (i = 0; i < md_catalogue_scope_count(catalogue); i++) {
        const struct md_scope_def *scope = md_catalogue_scope_at(catalogue, i);
        double lowest = whole_mass(l->lint->rules, scope, &causes), highest = lowest;

        if (causes == 0)
            continue;
        if (l->masses[i].n > 0) {
            lowest = l->masses[i].lowest;
            highest = l->masses[i].highest;
        }
        md_diags_add(l->lint->diags, MD_NOTE, loc, "scope %s: P(no fault | no evidence) is %.3f to %.3f, %zu causes",
                     scope->name, lowest, highest, causes);
        if (lowest < MASS_LOW)
            md_diags_add(l->lint->diags, MD_ERROR, loc,
                         "scope %s: P(no fault | no evidence) falls to %.3f, below %.1f: lower some priors or "
                         "narrow `where`",
                         scope->name, lowest, MASS_LOW);
        else if (highest > MASS_HIGH && lowest > MASS_HIGH && causes >= ENOUGH_CAUSES)
            md_diags_add(l->lint->diags, MD_WARNING, loc,
                         "scope %s: P(no fault | no evidence) is %.3f or more, above %.1f: the priors are low",
                         scope->name, lowest, MASS_HIGH);
    }
}

void md_lint_cases(const struct md_lint *lint)
{
    size_t findings = md_rules_finding_count(lint->rules), causes = md_rules_cause_count(lint->rules), i;
    struct case_lint l = {.lint = lint};
    const struct md_diags *wrong;

    l.seen.finding_holds = md_arena_array(lint->arena, findings, sizeof(bool));
    l.seen.finding_fails = md_arena_array(lint->arena, findings, sizeof(bool));
    l.seen.cause_holds = md_arena_array(lint->arena, causes, sizeof(bool));
    l.seen.cause_fails = md_arena_array(lint->arena, causes, sizeof(bool));
    l.masses = md_arena_array(lint->arena, md_catalogue_scope_count(lint->rules->catalogue), sizeof *l.masses);
    for (i = 0; i < md_rules_case_file_count(lint->rules); i++)
        if (md_rules_case_file(lint->rules, i) != NULL)
            take_file(&l, md_rules_case_file(lint->rules, i));
    wrong = md_rules_case_diags(lint->rules);
    for (i = 0; i < md_diags_count(wrong); i++)
        md_diags_add(lint->diags, MD_ERROR, md_diags_at(wrong, i)->loc, "%s", md_diags_at(wrong, i)->what);
    tell_masses(&l);
    tell_coverage(&l);
}
