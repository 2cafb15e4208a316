#include "engine/check_cases.h"

#include "engine/base/display.h"
#include "engine/check_cases_priv.h"

struct run {
    struct md_checks *checks;
    const struct md_check_cases_options *options;
    struct md_arena *arena;
    struct md_check_cases_report *report;
    struct md_case_failure *failures;
    size_t n_failures, failures_cap;
    const char *name; /* of the present case */
};

static void fail(struct run *r, struct md_loc loc, const char *what)
{
    struct md_case_failure *f = md_arena_push(r->arena, &r->failures, &r->n_failures, &r->failures_cap, sizeof *f);

    *f = (struct md_case_failure){loc, r->name, md_arena_cstr(r->arena, md_str(what))};
}

/* ---- one configuration ---- */

/* The tree with facts of a running system, which files cannot say. */
static const struct md_node *with_facts(struct md_arena *arena, const struct md_node *tree, const struct md_node *facts)
{
    struct md_node *root, *child;

    if (facts == NULL || tree == NULL || tree->kind != MD_NODE_MAP)
        return tree;
    root = md_arena_alloc(arena, sizeof *root);
    child = md_arena_alloc(arena, sizeof *child);
    *child = *facts;
    child->key = MD_LIT("facts");
    child->next = tree->first;
    *root = *tree;
    root->first = child;
    root->count++;
    return root;
}

/* `facts` may be NULL. False: there is no tree of it. */
static bool try_config(struct run *r, struct md_arena *arena, const struct md_check_case_config *config,
                       const struct md_node *facts, struct md_loc loc, struct md_check_result *ret)
{
    struct md_diags *ignored = md_diags_new(arena), *diags = md_diags_new(arena);
    const struct md_node *tree = with_facts(arena, r->options->build(r->options->ctx, arena, config, ignored), facts);
    size_t i;

    if (tree == NULL) {
        fail(r, loc, "there is no tree of this configuration");
        return false;
    }
    md_checks_run(r->checks, arena, tree, config->product, diags, ret);
    for (i = 0; i < md_diags_count(diags); i++) {
        const struct md_diag *d = md_diags_at(diags, i);
        struct md_loc at = d->loc;

        at.file = at.file != NULL ? md_arena_cstr(r->arena, md_str(at.file)) : NULL;
        fail(r, at, d->what);
    }
    return true;
}

static const char *in_words(struct md_arena *arena, const struct md_check_found *f)
{
    return md_arena_printf(arena, "%s at %s:%u: %s", f->check->id, f->loc.file != NULL ? f->loc.file : "?",
                           (unsigned)f->loc.line, f->message);
}

static void try_base(struct run *r, struct check_base *base)
{
    struct md_arena *arena = md_arena_new();
    size_t before = r->n_failures, i;
    struct md_check_result result;

    base->was_tried = true;
    r->name = md_arena_printf(r->arena, "base %s", md_display(r->arena, base->name));
    if (try_config(r, arena, &base->config, NULL, base->loc, &result))
        for (i = 0; i < result.n; i++)
            if (result.found[i].severity >= MD_CHECK_WARNING)
                fail(r, base->loc, md_arena_printf(arena, "it is not sound: %s", in_words(arena, &result.found[i])));
    base->is_sound = r->n_failures == before;
    r->report->n_cases++;
    r->report->n_passed += base->is_sound;
    md_arena_free(&arena);
}

/* ---- what came out ---- */

static bool is_also(const struct md_node *edit, const char *id)
{
    const struct md_node *also = md_node_get(edit, "also"), *one;

    if (also != NULL && also->kind == MD_NODE_SCALAR)
        return md_str_is(also->text, id);
    for (one = also != NULL ? also->first : NULL; one != NULL; one = one->next)
        if (md_str_is(one->text, id))
            return true;
    return false;
}

/* "config/a.cnf" is the file "a.cnf" of the case. */
static bool is_file(const char *found, const char *wanted)
{
    struct md_str a = md_str(found), b = md_str(wanted);

    return md_str_has_suffix(a, b) && (a.n == b.n || a.p[a.n - b.n - 1] == '/');
}

static bool is_expected_at(const struct check_edited *edited, struct md_loc loc)
{
    size_t i;

    for (i = 0; i < edited->n_places; i++) {
        const struct check_place *place = &edited->places[i];

        if (place->file == NULL)
            return true;
        if (loc.file != NULL && is_file(loc.file, place->file) &&
            (place->first == 0 || (loc.line >= place->first && loc.line <= place->last)))
            return true;
    }
    return false;
}

static const char *expected_where(struct md_arena *arena, const struct check_edited *edited)
{
    const struct check_place *place = &edited->places[0];

    if (edited->n_places == 0 || place->file == NULL)
        return "anywhere";
    if (place->first == 0)
        return md_arena_printf(arena, "in %s", place->file);
    return md_arena_printf(arena, "in %s, line %u", place->file, (unsigned)place->first);
}

static bool was_skipped(const struct md_check_result *result, struct md_str id)
{
    size_t i;

    for (i = 0; i < result->n_skipped; i++)
        if (md_str_is(id, result->skipped[i]->id))
            return true;
    return false;
}

struct outcome {
    const struct check_case *c;
    const struct check_base *base;
    const struct md_node *edit;
    const struct check_edited *edited;
    const struct md_check_result *result;
    bool must_fire;
};

static void judge(struct run *r, struct md_arena *arena, const struct outcome *o)
{
    const struct md_check_result *result = o->result;
    size_t hits = 0, i;

    for (i = 0; i < result->n; i++) {
        const struct md_check_found *f = &result->found[i];
        bool is_it = md_str_is(o->c->id, f->check->id);

        if (is_it && o->must_fire && is_expected_at(o->edited, f->loc)) {
            hits++;
            continue;
        }
        if (is_also(o->edit, f->check->id))
            continue;
        if (is_it)
            fail(r, o->edit->loc,
                 md_arena_printf(arena, o->must_fire ? "found in another place, too: %s" : "wrongly found: %s",
                                 in_words(arena, f)));
        else if (f->severity >= MD_CHECK_WARNING && o->base->is_sound)
            fail(r, o->edit->loc, md_arena_printf(arena, "another check speaks: %s", in_words(arena, f)));
    }
    if (!o->must_fire)
        return;
    if (hits == 0)
        fail(r, o->edit->loc,
             md_arena_printf(arena, "not found %s%s", expected_where(arena, o->edited),
                             was_skipped(result, o->c->id) ? ": it was skipped for want of an input" : ""));
    else if (hits > 1 && !is_also(o->edit, md_arena_cstr(arena, o->c->id)))
        fail(r, o->edit->loc, md_arena_printf(arena, "one mistake, but %zu findings", hits));
}

static void try_edit(struct run *r, const struct check_case *c, const struct check_base *base,
                     const struct md_node *edit, bool must_fire)
{
    struct md_arena *arena = md_arena_new();
    struct md_check_case_config config = base->config;
    size_t before = r->n_failures;
    struct md_check_result result;
    struct check_edited edited;
    const char *why;

    if (!md_check_cases_edit(base, edit, arena, &edited, &why)) {
        fail(r, edit->loc, why);
    } else {
        config.files = edited.files;
        config.n = edited.n;
        if (try_config(r, arena, &config, md_node_get(edit, "facts"), edit->loc, &result))
            judge(r, arena, &(struct outcome){c, base, edit, &edited, &result, must_fire});
    }
    r->report->n_cases++;
    r->report->n_passed += r->n_failures == before;
    md_arena_free(&arena);
}

/* ---- all of them ---- */

static void try_list(struct run *r, const struct check_case *c, const struct check_base *base,
                     const struct md_node *list, bool must_fire)
{
    const struct md_node *edit;
    size_t n = 0;

    for (edit = list != NULL ? list->first : NULL; edit != NULL; edit = edit->next) {
        r->name =
            md_arena_printf(r->arena, "%s %s %zu", md_display(r->arena, c->id), must_fire ? "fires" : "silent", ++n);
        try_edit(r, c, base, edit, must_fire);
    }
}

static bool is_wanted(const struct run *r, const struct check_case *c)
{
    struct md_str only = md_str(r->options->only);

    return only.n == 0 || md_str_find(md_str(c->path), only) >= 0 || md_str_find(c->id, only) >= 0;
}

void md_check_cases_run(struct md_checks *checks, const struct md_check_cases_options *options, struct md_arena *arena,
                        struct md_check_cases_report *ret)
{
    struct run r = {.checks = checks, .options = options, .arena = arena, .report = ret};
    struct md_diags *diags = md_diags_new(arena);
    struct check_cases all;
    struct check_base *base;
    size_t i;

    *ret = (struct md_check_cases_report){0};
    md_check_cases_read(checks, arena, diags, &all);
    r.name = "cases of checks";
    for (i = 0; i < md_diags_count(diags); i++)
        fail(&r, md_diags_at(diags, i)->loc, md_diags_at(diags, i)->what);
    for (i = 0; i < all.n; i++) {
        const struct check_case *c = &all.cases[i];

        base = md_check_cases_base(&all, c);
        if (!is_wanted(&r, c) || base->node == NULL)
            continue;
        if (!base->was_tried)
            try_base(&r, base);
        try_list(&r, c, base, c->fires, true);
        try_list(&r, c, base, c->silent, false);
    }
    ret->failures = r.failures;
    ret->n_failures = r.n_failures;
}
