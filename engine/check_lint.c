#include "engine/check_lint.h"

#include "engine/base/display.h"
#include "engine/check_cases_priv.h"

struct lint {
    const struct md_checks *checks;
    struct md_arena *arena;
    struct md_diags *diags;
};

static void complain(const struct lint *lint, const struct md_check *check, enum md_severity severity, const char *what)
{
    md_diags_add(lint->diags, severity, check->loc, "check %s %s", check->id, what);
}

/* ---- what a check says ---- */

static void check_texts(const struct lint *lint, const struct md_check *check)
{
    const struct {
        const char *text, *missing;
    } texts[] = {
        {check->why, "does not say why"},     {check->fix, "does not say how to fix it"},
        {check->cites, "cites no source"},    {check->bad, "has no bad example"},
        {check->good, "has no good example"},
    };
    size_t i;

    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text == NULL || texts[i].text[0] == '\0')
            complain(lint, check, MD_ERROR, texts[i].missing);
    if (check->severity == MD_CHECK_ERROR && check->cites != NULL &&
        md_str_find(md_str(check->cites), MD_LIT("[doc")) < 0)
        complain(lint, check, MD_WARNING, "is an error, which rests on a documented fact, but cites no [doc ...]");
}

static void check_hides(const struct lint *lint, const struct md_check *check)
{
    size_t i, j;

    for (i = 0; i < check->n_hides; i++) {
        const struct md_check *other = md_checks_find(lint->checks, md_str(check->hides[i]));

        if (other == NULL)
            md_diags_add(lint->diags, MD_ERROR, check->loc, "check %s hides %s, which does not exist", check->id,
                         check->hides[i]);
        else if (other == check)
            complain(lint, check, MD_ERROR, "hides itself");
        for (j = 0; other != NULL && other != check && j < other->n_hides; j++)
            if (strcmp(other->hides[j], check->id) == 0)
                md_diags_add(lint->diags, MD_ERROR, check->loc, "check %s and %s hide each other", check->id,
                             other->id);
    }
}

/* ---- what it looks at ---- */

static bool holds(const struct md_node *list, const char *name)
{
    const struct md_node *child;

    for (child = list != NULL ? list->first : NULL; child != NULL; child = child->next)
        if (md_str_is(child->text, name))
            return true;
    return false;
}

/* <product>/check/tree.yaml, or NULL. */
static const struct md_node *tree_of(const struct lint *lint, struct md_str product)
{
    const char *path = md_arena_printf(lint->arena, "%.*s/check/tree.yaml", MD_STR_ARG(product));
    size_t i;

    for (i = 0; i < lint->checks->n_files; i++)
        if (strcmp(lint->checks->files[i].path, path) == 0)
            return md_check_yaml(&lint->checks->files[i], lint->arena, lint->diags);
    return NULL;
}

static void check_tree(const struct lint *lint, const struct check *check, const struct md_node *tree)
{
    const struct md_check *pub = &check->pub;
    size_t i;

    if (tree == NULL) {
        md_diags_add(lint->diags, MD_ERROR, pub->loc,
                     "there is no %s/check/tree.yaml that says what checks can look at",
                     md_display(lint->arena, check->product));
        return;
    }
    if (strcmp(pub->over, "config") != 0 && !holds(md_node_get(tree, "collections"), pub->over))
        md_diags_add(lint->diags, MD_ERROR, pub->loc, "check %s goes over %s, which no tree has", pub->id,
                     md_display(lint->arena, md_str(pub->over)));
    for (i = 0; i < pub->n_needs; i++)
        if (!holds(md_node_get(tree, "inputs"), pub->needs[i]))
            md_diags_add(lint->diags, MD_ERROR, pub->loc, "check %s needs %s, which is no input", pub->id,
                         md_display(lint->arena, md_str(pub->needs[i])));
}

/* Every product's tree is read once. */
static void check_trees(const struct lint *lint)
{
    const struct md_node *tree = NULL;
    struct md_str product = {NULL, 0};
    size_t i;

    for (i = 0; i < lint->checks->n; i++) {
        const struct check *check = lint->checks->items[i];

        if (product.p == NULL || !md_str_eq(product, check->product)) { /* they come by path */
            product = check->product;
            tree = tree_of(lint, product);
        }
        check_tree(lint, check, tree);
    }
}

/* ---- cases ---- */

static void check_cases(const struct lint *lint)
{
    bool *fires = md_arena_array(lint->arena, lint->checks->n, sizeof *fires);
    bool *is_silent = md_arena_array(lint->arena, lint->checks->n, sizeof *is_silent);
    struct check_cases all;
    size_t i;

    md_check_cases_read(lint->checks, lint->arena, lint->diags, &all);
    for (i = 0; i < all.n; i++) {
        const struct md_check *check = md_checks_find(lint->checks, all.cases[i].id);

        if (check == NULL)
            continue;
        fires[check->index] |= all.cases[i].fires != NULL && all.cases[i].fires->count > 0;
        is_silent[check->index] |= all.cases[i].silent != NULL && all.cases[i].silent->count > 0;
    }
    for (i = 0; i < lint->checks->n; i++) {
        if (!fires[i])
            complain(lint, &lint->checks->items[i]->pub, MD_ERROR, "has no case where it fires");
        if (!is_silent[i])
            complain(lint, &lint->checks->items[i]->pub, MD_ERROR, "has no case where it must not fire");
    }
}

void md_checks_lint(const struct md_checks *checks, struct md_arena *arena, struct md_diags *diags)
{
    const struct lint lint = {checks, arena, diags};
    size_t i;

    for (i = 0; i < checks->n; i++) {
        check_texts(&lint, &checks->items[i]->pub);
        check_hides(&lint, &checks->items[i]->pub);
    }
    check_trees(&lint);
    check_cases(&lint);
}
