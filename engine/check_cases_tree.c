/*
 * What a case says of the tree that no file of it could: facts of a running host, modes of files.
 */
#include "engine/check_cases_priv.h"

static struct md_node *copy(struct md_arena *arena, const struct md_node *node)
{
    struct md_node *new = md_arena_alloc(arena, sizeof *new);

    *new = *node;
    new->next = NULL;
    return new;
}

static void append(struct md_node *parent, struct md_node **last, struct md_node *child)
{
    if (*last == NULL)
        parent->first = child;
    else
        (*last)->next = child;
    *last = child;
    parent->count++;
}

static const struct md_node *child_named(const struct md_node *map, struct md_str key)
{
    const struct md_node *child;

    for (child = map->first; child != NULL && !md_str_eq(child->key, key); child = child->next)
        ;
    return child;
}

/* The children of `node` without those that `more` has, too, and then these. Places remain those of `node`. */
static struct md_node *with(struct md_arena *arena, const struct md_node *node, const struct md_node *more)
{
    struct md_node *new = copy(arena, node), *last = NULL;
    const struct md_node *child;

    new->first = NULL;
    new->count = 0;
    for (child = node->first; child != NULL; child = child->next)
        if (child_named(more, child->key) == NULL)
            append(new, &last, copy(arena, child));
    for (child = more->first; child != NULL; child = child->next)
        append(new, &last, copy(arena, child));
    return new;
}

/* Each key is the `name` of a node of the list. */
static struct md_node *with_fields(struct md_arena *arena, const struct md_node *list, const struct md_node *more)
{
    struct md_node *new = copy(arena, list), *last = NULL;
    const struct md_node *child, *fields;

    new->first = NULL;
    new->count = 0;
    for (child = list->first; child != NULL; child = child->next) {
        fields = child_named(more, md_node_text(child, "name"));
        append(new, &last, fields != NULL ? with(arena, child, fields) : copy(arena, child));
    }
    return new;
}

const struct md_node *md_check_cases_tree(struct md_arena *arena, const struct md_node *tree,
                                          const struct md_node *more)
{
    struct md_node *new = copy(arena, tree), *last = NULL;
    const struct md_node *child, *said;

    if (more == NULL || more->kind != MD_NODE_MAP)
        return tree;
    new->first = NULL;
    new->count = 0;
    for (child = tree->first; child != NULL; child = child->next) {
        said = child_named(more, child->key);
        if (said == NULL)
            append(new, &last, copy(arena, child));
        else if (child->kind == MD_NODE_LIST && said->kind == MD_NODE_MAP)
            append(new, &last, with_fields(arena, child, said));
        else
            append(new, &last, copy(arena, said));
    }
    for (said = more->first; said != NULL; said = said->next)
        if (child_named(tree, said->key) == NULL)
            append(new, &last, copy(arena, said));
    return new;
}
