#include "engine/base/node_build.h"

void md_node_append(struct md_node *parent, struct md_node **last, struct md_node *child)
{
    if (*last == NULL)
        parent->first = child;
    else
        (*last)->next = child;
    *last = child;
    parent->count++;
}

enum md_status md_node_build_add(struct md_node_build *build, enum md_node_kind kind, struct md_str key,
                                 struct md_loc loc, struct md_node **ret)
{
    struct md_node *node;

    if (build->count == MD_NODE_MAX)
        return MD_LIMIT;
    build->count++;
    node = md_arena_alloc(build->arena, sizeof *node);
    node->kind = kind;
    node->key = key;
    node->loc = loc;

    if (build->depth == 0) {
        if (build->root != NULL)
            MD_BUG("a second root");
        build->root = node;
    } else {
        md_node_append(build->open[build->depth - 1].node, &build->open[build->depth - 1].last, node);
    }
    *ret = node;
    return MD_OK;
}

enum md_status md_node_build_open(struct md_node_build *build, enum md_node_kind kind, struct md_str key,
                                  struct md_loc loc)
{
    struct md_node *node;
    enum md_status st;

    if (build->depth == MD_NODE_MAX_DEPTH)
        return MD_LIMIT;
    if ((st = md_node_build_add(build, kind, key, loc, &node)) < 0)
        return st;
    build->open[build->depth].node = node;
    build->open[build->depth].last = NULL;
    build->depth++;
    return MD_OK;
}

struct md_node *md_node_build_close(struct md_node_build *build)
{
    if (build->depth == 0)
        MD_BUG("nothing is open");
    return build->open[--build->depth].node;
}
