#include "engine/cases.h"

#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/cases_priv.h"
#include "engine/facts_json.h"

/* The instant of observation of every case: 2026-01-01T00:00:00Z. */
#define NOW (INT64_C(1767225600) * MD_SECOND)

struct run {
    struct md_rules *rules;
    const struct md_cases_options *options;
    struct md_arena *arena;
    struct md_case *cases;
    size_t n_cases, cases_cap;
    struct md_case_failure *failures;
    size_t n_failures, failures_cap;
};

/* --- facts: the case's over the defaults
 * --------------------------------------------------------------------------------- */

static void append(struct md_node *map, const struct md_node *child, struct md_arena *arena)
{
    struct md_node *copy = md_arena_alloc(arena, sizeof *copy), **end = &map->first;

    *copy = *child;
    copy->next = NULL;
    while (*end != NULL)
        end = &(*end)->next;
    *end = copy;
    map->count++;
}

static const struct md_node *child_of(const struct md_node *map, struct md_str key)
{
    for (const struct md_node *c = map->first; c != NULL; c = c->next)
        if (md_str_eq(c->key, key))
            return c;
    return NULL;
}

enum level { FIELDS, INSTANCES };

/* Scopes are merged down to the fields; of a field the upper one counts as a whole. */
static const struct md_node *merge(const struct md_catalogue *catalogue, const struct md_node *lower,
                                   const struct md_node *upper, enum level level, struct md_arena *arena)
{
    struct md_node *map;

    if (lower->kind != MD_NODE_MAP || upper->kind != MD_NODE_MAP)
        return upper;
    map = md_arena_alloc(arena, sizeof *map);
    *map = *upper;
    map->first = NULL;
    map->count = 0;
    for (const struct md_node *c = upper->first; c != NULL; c = c->next) {
        const struct md_node *under = child_of(lower, c->key);
        const struct md_scope_def *scope = level == FIELDS ? md_catalogue_scope(catalogue, c->key) : NULL;

        if (under != NULL && level == INSTANCES)
            append(map, merge(catalogue, under, c, FIELDS, arena), arena);
        else if (under != NULL && scope != NULL)
            append(map, merge(catalogue, under, c, scope->parent == NULL ? FIELDS : INSTANCES, arena), arena);
        else
            append(map, c, arena);
    }
    for (const struct md_node *c = lower->first; c != NULL; c = c->next)
        if (child_of(upper, c->key) == NULL)
            append(map, c, arena);
    return map;
}

struct md_facts *md_case_facts(const struct md_rules *rules, const struct md_case *c, struct md_arena *arena,
                               struct md_diags *diags)
{
    const struct md_catalogue *catalogue = md_rules_catalogue(rules);
    struct md_facts *facts = md_facts_new(arena, catalogue);
    const struct md_node *own = md_node_get(c->node, "facts"), *all = own;

    if (own == NULL)
        all = c->defaults;
    else if (c->defaults != NULL)
        all = merge(catalogue, c->defaults, own, FIELDS, arena);
    md_facts_set_now(facts, NOW);
    if (all != NULL && md_facts_from_case(facts, all, diags) < 0)
        md_diags_add(diags, MD_ERROR, c->node->loc, "the facts are of another form");
    return facts;
}

/* --- expectations
 * -------------------------------------------------------------------------------------------------------- */

/* The i-th of what `key` names; false where there are no more. */
static bool expected(const struct md_case *c, const char *key, size_t i, struct md_str *ret)
{
    const struct md_node *node = md_node_get(c->expect, key);

    if (node == NULL)
        return false;
    if (node->kind == MD_NODE_SCALAR) {
        *ret = node->text;
        return i == 0;
    }
    for (node = node->first; node != NULL && i > 0; node = node->next)
        i--;
    if (node != NULL)
        *ret = node->text;
    return node != NULL;
}

bool md_case_expects(const struct md_case *c, const char *key, const char *id)
{
    struct md_str want;

    for (size_t i = 0; expected(c, key, i, &want); i++)
        if (md_str_is(want, id))
            return true;
    return false;
}

size_t md_case_rank(const struct md_case *c, const struct md_result *result)
{
    for (size_t i = 0; i < result->n_diagnoses; i++)
        if (md_case_expects(c, "first", result->diagnoses[i].id))
            return i + 1;
    return 0;
}

static void fail(struct run *r, const struct md_case *c, struct md_loc loc, const char *what)
{
    struct md_case_failure *f = md_arena_push(r->arena, &r->failures, &r->n_failures, &r->failures_cap, sizeof *f);

    *f = (struct md_case_failure){loc, md_display(r->arena, c->name), what};
}

static bool is_diagnosis(const struct md_result *result, struct md_str id)
{
    for (size_t i = 0; i < result->n_diagnoses; i++)
        if (md_str_is(id, result->diagnoses[i].id))
            return true;
    return false;
}

static bool is_considered(const struct md_result *result, struct md_str id)
{
    for (size_t i = 0; i < result->n_considered; i++)
        if (md_str_is(id, result->considered[i].id))
            return true;
    return false;
}

static bool has_remedy(const struct md_result *result, struct md_str id, bool is_withheld)
{
    for (size_t i = 0; i < result->n_diagnoses; i++)
        for (size_t k = 0; k < result->diagnoses[i].n_remedies; k++) {
            const struct md_advice *a = &result->diagnoses[i].remedies[k];

            if (md_str_is(id, a->remedy->id) && (a->withheld != NULL) == is_withheld)
                return true;
        }
    return false;
}

/* What came out, for the message: "a .981, b .612". */
static const char *outcome(struct md_arena *arena, const struct md_result *result)
{
    const char *text = result->n_diagnoses == 0 ? "nothing" : "";

    for (size_t i = 0; i < result->n_diagnoses && i < 5; i++)
        text = md_arena_printf(arena, "%s%s%s %.3f", text, i > 0 ? ", " : "", result->diagnoses[i].id,
                               result->diagnoses[i].probability);
    for (size_t i = 0; i < result->n_considered && i < 3; i++)
        text =
            md_arena_printf(arena, "%s (%s %.3f)", text, result->considered[i].id, result->considered[i].probability);
    return text;
}

static void judge_list(struct run *r, const struct md_case *c, const struct md_result *result, const char *key)
{
    struct md_str want;

    for (size_t i = 0; expected(c, key, i, &want); i++) {
        const char *id = md_display(r->arena, want), *what = NULL;

        if (strcmp(key, "present") == 0 && !is_diagnosis(result, want))
            what = md_arena_printf(r->arena, "%s is not among the diagnoses: %s", id, outcome(r->arena, result));
        else if (strcmp(key, "absent") == 0 && is_diagnosis(result, want))
            what = md_arena_printf(r->arena, "%s is wrongly among the diagnoses: %s", id, outcome(r->arena, result));
        else if (strcmp(key, "listed") == 0 && !is_diagnosis(result, want) && !is_considered(result, want))
            what = md_arena_printf(r->arena, "%s is not even considered: %s", id, outcome(r->arena, result));
        else if (strcmp(key, "remedies") == 0 && !has_remedy(result, want, false))
            what = md_arena_printf(r->arena, "the remedy %s is not offered: %s", id, outcome(r->arena, result));
        else if (strcmp(key, "withheld") == 0 && !has_remedy(result, want, true))
            what = md_arena_printf(r->arena, "the remedy %s is not withheld: %s", id, outcome(r->arena, result));
        if (what != NULL)
            fail(r, c, c->node->loc, what);
    }
}

static void judge(struct run *r, const struct md_case *c, const struct md_result *result, struct md_cases_report *ret)
{
    static const char *const lists[] = {"present", "absent", "listed", "remedies", "withheld"};
    const char *verdict = md_urgency_name(result->verdict);
    struct md_str want;

    if (expected(c, "verdict", 0, &want) && !md_case_expects(c, "verdict", verdict))
        fail(r, c, c->node->loc,
             md_arena_printf(r->arena, "the verdict is %s, not %s: %s", verdict, md_display(r->arena, want),
                             outcome(r->arena, result)));
    if (expected(c, "first", 0, &want)) {
        size_t rank = md_case_rank(c, result);

        ret->n_first++;
        ret->n_top1 += rank == 1;
        ret->n_top3 += rank >= 1 && rank <= 3;
        if (rank != 1)
            fail(r, c, c->node->loc,
                 md_arena_printf(r->arena, "%s is not first: %s", md_display(r->arena, want),
                                 outcome(r->arena, result)));
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        judge_list(r, c, result, lists[i]);
}

/* --- all of them
 * --------------------------------------------------------------------------------------------------------- */

static void check_keys(struct run *r, const struct md_case *c, const struct md_node *map, const char *const *keys)
{
    for (const struct md_node *k = map != NULL ? map->first : NULL; k != NULL; k = k->next) {
        size_t i = 0;

        while (keys[i] != NULL && !md_str_is(k->key, keys[i]))
            i++;
        if (keys[i] == NULL)
            fail(r, c, k->loc, md_arena_printf(r->arena, "a case knows no \"%s\"", md_display(r->arena, k->key)));
    }
}

/* A file is wanted with all its cases, or single ones by their names. */
static bool is_wanted(const struct run *r, const struct md_node *file, struct md_str name)
{
    const struct md_cases_options *o = r->options;
    bool is_in = o->n_only == 0;

    for (size_t i = 0; i < o->n_only && !is_in; i++) {
        struct md_str part = md_str(o->only[i]);

        is_in = md_str_find(md_str(file->loc.file), part) >= 0 || md_str_find(name, part) >= 0;
    }
    return is_in;
}

static void collect(struct run *r, const struct md_node *file)
{
    static const char *const keys[] = {"name", "facts", "expect", "source", "because", NULL};
    static const char *const expect_keys[] = {"verdict", "first",    "present",  "absent",
                                              "listed",  "remedies", "withheld", NULL};
    const struct md_node *defaults = NULL;

    for (const struct md_node *n = file->first; n != NULL; n = n->next) {
        struct md_case c = {.node = n, .name = md_node_text(n, "name"), .expect = md_node_get(n, "expect")};

        if (md_node_get(n, "defaults") != NULL) {
            defaults = md_node_get(n, "defaults");
            continue;
        }
        if (!is_wanted(r, file, c.name))
            continue;
        c.defaults = defaults;
        if (c.name.n == 0)
            fail(r, &c, n->loc, "a case without a name");
        check_keys(r, &c, n, keys);
        check_keys(r, &c, c.expect, expect_keys);
        if (c.expect == NULL || c.expect->kind != MD_NODE_MAP)
            fail(r, &c, n->loc, "a case that expects nothing");
        *(struct md_case *)md_arena_push(r->arena, &r->cases, &r->n_cases, &r->cases_cap, sizeof c) = c;
    }
}

static void run_case(struct run *r, const struct md_case *c, struct md_cases_report *ret)
{
    struct md_diagnose_options options = {.fallback_normal = r->options->fallback_normal,
                                          .fallback_unknown = r->options->fallback_unknown,
                                          .temperature = 1};
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    struct md_facts *facts = md_case_facts(r->rules, c, arena, diags);
    size_t before = r->n_failures;
    struct md_result result;

    md_diagnose(r->rules, facts, &options, arena, diags, &result);
    judge(r, c, &result, ret);
    /* An unexpected diagnostic fails the case. */
    for (size_t i = 0; i < md_diags_count(diags); i++) {
        const struct md_diag *d = md_diags_at(diags, i);
        struct md_loc loc = d->loc;

        if (d->severity == MD_NOTE)
            continue;
        loc.file = loc.file != NULL ? md_arena_cstr(r->arena, md_str(loc.file)) : NULL;
        fail(r, c, loc, md_arena_cstr(r->arena, md_str(d->what)));
    }
    ret->n_cases++;
    ret->n_passed += r->n_failures == before;
    md_arena_free(&arena);
}

void md_cases_run(struct md_rules *rules, const struct md_cases_options *options, struct md_arena *arena,
                  struct md_cases_report *ret)
{
    struct run r = {.rules = rules, .options = options, .arena = arena};

    *ret = (struct md_cases_report){0};
    for (size_t f = 0; f < md_rules_case_file_count(rules); f++)
        if (md_rules_case_file(rules, f) != NULL)
            collect(&r, md_rules_case_file(rules, f));
    for (size_t i = 0; i < r.n_cases; i++)
        run_case(&r, &r.cases[i], ret);
    ret->failures = r.failures;
    ret->n_failures = r.n_failures;
    if (options->has_knock_out)
        md_calibrate(rules, options, r.cases, r.n_cases, ret);
}
