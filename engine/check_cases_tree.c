/*
 * What a case says of the tree that no file of it could: facts of a running host, modes of files.
 */
#include "engine/base/node_build.h"
#include "engine/check_cases_priv.h"

static struct md_node *copy(struct md_arena *arena, const struct md_node *node)
{
    struct md_node *new = md_arena_alloc(arena, sizeof *new);

    *new = *node;
    new->next = NULL;
    return new;
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
            md_node_append(new, &last, copy(arena, child));
    for (child = more->first; child != NULL; child = child->next)
        md_node_append(new, &last, copy(arena, child));
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
        md_node_append(new, &last, fields != NULL ? with(arena, child, fields) : copy(arena, child));
    }
    return new;
}

static const struct md_node *said_of(const struct md_node *tree, const struct md_node *facts, struct md_str key)
{
    const struct md_node *said = tree != NULL && tree->kind == MD_NODE_MAP ? child_named(tree, key) : NULL;

    return said == NULL && md_str_is(key, "facts") ? facts : said;
}

static void append_said(struct md_arena *arena, struct md_node *parent, struct md_node **last, struct md_str key,
                        const struct md_node *said)
{
    struct md_node *child = copy(arena, said);

    child->key = key;
    md_node_append(parent, last, child);
}

const struct md_node *md_check_cases_tree(struct md_arena *arena, const struct md_node *tree,
                                          const struct md_node *edit)
{
    const struct md_node *more = md_node_get(edit, "tree"), *facts = md_node_get(edit, "facts"), *child, *said;
    struct md_node *new, *last = NULL;

    if (tree == NULL || (more == NULL && facts == NULL))
        return tree;
    new = copy(arena, tree);
    new->first = NULL;
    new->count = 0;
    for (child = tree->first; child != NULL; child = child->next) {
        said = said_of(more, facts, child->key);
        if (said == NULL)
            md_node_append(new, &last, copy(arena, child));
        else if (child->kind == MD_NODE_LIST && said->kind == MD_NODE_MAP)
            md_node_append(new, &last, with_fields(arena, child, said));
        else
            append_said(arena, new, &last, child->key, said);
    }
    for (said = more != NULL ? more->first : NULL; said != NULL; said = said->next)
        if (child_named(tree, said->key) == NULL)
            append_said(arena, new, &last, said->key, said);
    if (facts != NULL && child_named(new, md_str("facts")) == NULL)
        append_said(arena, new, &last, md_str("facts"), facts);
    return new;
}
