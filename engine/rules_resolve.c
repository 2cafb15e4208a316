/*
 * After all files ran: ids become indices, and what they lead to is checked. A link that leads nowhere is dropped.
 */
#include <stdlib.h>

#include "engine/rules_priv.h"

struct resolving {
    struct md_rules *rules;
    struct md_diags *diags;
};

static bool is_same_or_below(const struct md_scope_def *scope, const struct md_scope_def *above)
{
    for (; scope != NULL; scope = scope->parent)
        if (scope == above)
            return true;
    return false;
}

static const struct declaration *lookup(const struct resolving *r, const struct declaration *cause, enum declared kind,
                                        const char *id, const char *property)
{
    static const char *const names[DECLARED_COUNT] = {"finding", "cause", "remedy"};
    const struct declaration *found = md_map_find(r->rules->ids, kind, md_str(id));

    if (found == NULL)
        md_diags_add(r->diags, MD_ERROR, cause->loc, "cause %s: %s: there is no %s %s", cause->id, property,
                     names[kind], id);
    return found;
}

static int by_finding(const void *a, const void *b)
{
    const struct md_link *x = a, *y = b;

    return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static void resolve_links(const struct resolving *r, struct declaration *cause)
{
    struct md_link *links = md_arena_array(r->rules->arena, cause->links.n, sizeof *links);
    size_t n = 0, i;

    for (i = 0; i < cause->links.n; i++) {
        const struct named_strength *item = &cause->links.items[i];
        const struct declaration *found = lookup(r, cause, DECLARED_FINDING, item->id, "links");

        if (found == NULL)
            continue;
        if (!is_same_or_below(found->finding.scope, cause->cause.scope)) {
            md_diags_add(r->diags, MD_ERROR, cause->loc,
                         "cause %s of scope %s links to %s of scope %s, which is not below it", cause->id,
                         cause->cause.scope->name, item->id, found->finding.scope->name);
            continue;
        }
        links[n++] = (struct md_link){found->finding.index, item->strength, found->finding.scope != cause->cause.scope};
    }
    if (n > 1)
        qsort(links, n, sizeof *links, by_finding);
    cause->cause.links = links;
    cause->cause.n_links = n;
}

static void resolve_never(const struct resolving *r, struct declaration *cause)
{
    size_t *never = md_arena_array(r->rules->arena, cause->never.n, sizeof *never);
    size_t n = 0, i;

    for (i = 0; i < cause->never.n; i++) {
        const struct declaration *found = lookup(r, cause, DECLARED_FINDING, cause->never.items[i].id, "never");

        if (found == NULL)
            continue;
        if (found->finding.scope != cause->cause.scope)
            md_diags_add(r->diags, MD_ERROR, cause->loc, "cause %s of scope %s: never: %s is of scope %s", cause->id,
                         cause->cause.scope->name, found->id, found->finding.scope->name);
        else
            never[n++] = found->finding.index;
    }
    cause->cause.never = never;
    cause->cause.n_never = n;
}

static int by_cause(const void *a, const void *b)
{
    const struct md_bring *x = a, *y = b;

    return x->cause < y->cause ? -1 : x->cause > y->cause;
}

static void resolve_brings(const struct resolving *r, struct declaration *cause)
{
    struct md_bring *brings = md_arena_array(r->rules->arena, cause->brings.n, sizeof *brings);
    size_t n = 0, i;

    for (i = 0; i < cause->brings.n; i++) {
        const struct declaration *found = lookup(r, cause, DECLARED_CAUSE, cause->brings.items[i].id, "brings");

        if (found != NULL)
            brings[n++] = (struct md_bring){found->cause.index, cause->brings.items[i].strength};
    }
    if (n > 1)
        qsort(brings, n, sizeof *brings, by_cause);
    cause->cause.brings = brings;
    cause->cause.n_brings = n;
}

/* Likeliest first; equal ones as declared. */
static int by_fixes(const void *a, const void *b)
{
    const struct named_strength *x = a, *y = b;

    if (x->strength > y->strength || x->strength < y->strength)
        return x->strength > y->strength ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static void resolve_cures(const struct resolving *r, struct declaration *cause)
{
    struct md_cure *cures = md_arena_array(r->rules->arena, cause->cures.n, sizeof *cures);
    size_t n = 0, i;

    if (cause->cures.n > 1)
        qsort(cause->cures.items, cause->cures.n, sizeof *cause->cures.items, by_fixes);
    for (i = 0; i < cause->cures.n; i++) {
        const struct declaration *found = lookup(r, cause, DECLARED_REMEDY, cause->cures.items[i].id, "remedies");

        if (found != NULL)
            cures[n++] = (struct md_cure){found->remedy.index, cause->cures.items[i].strength};
    }
    cause->cause.cures = cures;
    cause->cause.n_cures = n;
}

enum mark { UNSEEN, OPEN, DONE };

/* Drops what leads back to a cause that is open. Depth is bounded by the number of causes; rule bases have some
 * hundreds. */
static void break_circles(const struct resolving *r, size_t index, enum mark *marks)
{
    struct declaration *cause = r->rules->declared[DECLARED_CAUSE].items[index];
    struct md_bring *brings = md_arena_array(r->rules->arena, cause->cause.n_brings, sizeof *brings);
    size_t n = 0, i;

    marks[index] = OPEN;
    for (i = 0; i < cause->cause.n_brings; i++) {
        struct md_bring bring = cause->cause.brings[i];

        if (marks[bring.cause] == OPEN) {
            md_diags_add(r->diags, MD_ERROR, cause->loc, "cause %s brings %s, which brings it in turn", cause->id,
                         r->rules->declared[DECLARED_CAUSE].items[bring.cause]->id);
            continue;
        }
        brings[n++] = bring;
        if (marks[bring.cause] == UNSEEN)
            break_circles(r, bring.cause, marks);
    }
    cause->cause.brings = brings;
    cause->cause.n_brings = n;
    marks[index] = DONE;
}

void md_rules_resolve(struct md_rules *rules, struct md_diags *diags)
{
    struct resolving r = {rules, diags};
    const struct declarations *causes = &rules->declared[DECLARED_CAUSE];
    enum mark *marks = md_arena_array(rules->arena, causes->n, sizeof *marks);
    size_t i;

    for (i = 0; i < causes->n; i++) {
        resolve_links(&r, causes->items[i]);
        resolve_never(&r, causes->items[i]);
        resolve_brings(&r, causes->items[i]);
        resolve_cures(&r, causes->items[i]);
    }
    for (i = 0; i < causes->n; i++)
        if (marks[i] == UNSEEN)
            break_circles(&r, i, marks);
}
