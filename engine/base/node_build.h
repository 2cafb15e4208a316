/*
 * engine/base/node_build: how the readers of YAML and JSON put a tree together (internal to engine/base).
 *
 * A builder holds the path of open collections. Limits of depth and number are kept here; a caller that gets MD_LIMIT
 * stops.
 */
#ifndef ENGINE_BASE_NODE_BUILD_H
#define ENGINE_BASE_NODE_BUILD_H

#include "engine/base/node.h"

/* Makes `child` the last one of `parent`; *last: the one before, NULL where there is none yet. The child must have no `next`. */
void md_node_append(struct md_node *parent, struct md_node **last, struct md_node *child);

struct md_node_build {
    struct md_arena *arena;
    struct md_node *root;
    size_t count; /* of nodes so far */
    size_t depth; /* of open collections */
    struct {
        struct md_node *node, *last;
    } open[MD_NODE_MAX_DEPTH];
};

/* A child of the innermost open collection, or the root. The key is borrowed and must be of the arena. */
MD_MUST_CHECK enum md_status md_node_build_add(struct md_node_build *build, enum md_node_kind kind, struct md_str key,
                                               struct md_loc loc, struct md_node **ret);
/* Adds a list or map and opens it. */
MD_MUST_CHECK enum md_status md_node_build_open(struct md_node_build *build, enum md_node_kind kind, struct md_str key,
                                                struct md_loc loc);
/* Closes and returns the innermost one. */
struct md_node *md_node_build_close(struct md_node_build *build);

#endif
