/*
 * engine/base/node: the generic located tree that YAML and JSON are read into.
 *
 * A node is a scalar, a list or a map; children of a map have keys. Every node keeps its place for life. All memory is
 * of the arena that the reader was given. Trees are bounded: MD_NODE_MAX_DEPTH levels, MD_NODE_MAX nodes, else
 * MD_LIMIT.
 */
#ifndef ENGINE_BASE_NODE_H
#define ENGINE_BASE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/loc.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#define MD_NODE_MAX_DEPTH 64
#define MD_NODE_MAX 2000000

enum md_node_kind { MD_NODE_NULL, MD_NODE_SCALAR, MD_NODE_LIST, MD_NODE_MAP };

struct md_node {
    enum md_node_kind kind;
    bool is_quoted;     /* YAML: quoted scalar; JSON: string. Plain scalars may be numbers or booleans */
    struct md_str key;  /* of a map's child, else empty */
    struct md_str text; /* of a scalar */
    struct md_loc loc;
    struct md_node *first; /* children in input order */
    struct md_node *next;
    size_t count; /* of children */
};

/* Child of a map by key; NULL where there is none or node is no map or NULL. */
const struct md_node *md_node_get(const struct md_node *node, const char *key);
/* Path of keys separated by '/'. */
const struct md_node *md_node_path(const struct md_node *node, const char *path);
/* Scalar text of a child; empty where there is none. */
struct md_str md_node_text(const struct md_node *node, const char *key);
/* MD_NOT_FOUND where node is NULL, MD_BAD_INPUT where it is no plain scalar of that form. */
MD_MUST_CHECK enum md_status md_node_bool(const struct md_node *node, bool *ret); /* true/false/yes/no, plain only */
MD_MUST_CHECK enum md_status md_node_double(const struct md_node *node, double *ret);
MD_MUST_CHECK enum md_status md_node_u64(const struct md_node *node, uint64_t *ret);

/* engine/base/yaml.c: one document, libyaml's event interface; duplicate keys, aliases and unknown tags are errors. The
 * place of a map's child is that of its key. Goes on behind mistakes that are not of syntax, so one reading reports
 * many. */
MD_MUST_CHECK enum md_status md_yaml_read(struct md_arena *arena, const char *name, struct md_str text,
                                          struct md_diags *diags, const struct md_node **ret);
/* engine/base/json.c: one value, jansson; line numbers are of the value where known, else 0. */
MD_MUST_CHECK enum md_status md_json_read(struct md_arena *arena, const char *name, struct md_str text,
                                          struct md_diags *diags, const struct md_node **ret);

#endif
