/*
 * engine/check_priv: what loading (check_load), running (check_run), what checks see (check_tree) and say (check_words), their cases
 * (check_cases) and engine/check_lint share.
 */
#ifndef ENGINE_CHECK_PRIV_H
#define ENGINE_CHECK_PRIV_H

#include <lua.h>

#include "engine/base/map.h"
#include "engine/check.h"
#include "engine/load_priv.h"
#include "engine/sandbox.h"

struct check {
    struct md_check pub; /* first */
    struct md_lua_ref test;
    struct md_str product; /* the folder before "check/" */
    bool replaces;
};

struct found {
    struct md_check_found pub;
    size_t rank;     /* of its file */
    size_t sequence; /* as it was found */
    bool is_dropped;
};

/* One md_checks_run. */
struct check_run {
    struct md_arena *arena;
    const struct md_node *tree;
    struct md_diags *diags;
    struct md_budget budget; /* of one check */
    struct found *found;
    size_t n_found, found_capacity;
    /* of the present check */
    const struct check *check;
    const struct md_node *nodes; /* its collection; NULL: it is called for the tree */
    const struct md_node *at;    /* the node it is called for */
    size_t n_of_check;           /* with those beyond the limit */
};

struct md_checks {
    struct md_arena *arena;
    struct md_arena *scratch; /* of one check */
    struct md_sandbox *sandbox;
    struct check **items;
    size_t n, capacity;
    struct md_map *ids;
    struct md_rule_file *files; /* lib/ and check/, sorted; texts borrowed */
    size_t n_files;
    char hash[80];
    struct check_run *run; /* NULL: none */
    uint32_t generation;   /* of the handles that are good */
    int handles;           /* reference to the table: address of a node -> its handle */
};

/* "house" of "rules/house/check/things.lua": the folder before "check/"; empty where there is none. */
struct md_str md_check_product(struct md_str path);

/* ---- check_tree: nodes as checks see them; within a run of the sandbox ---- */

/* Makes the metatable of handles. */
void md_checks_open_tree(lua_State *L, struct md_checks *checks);
/* Forgets all handles. */
void md_checks_forget_nodes(lua_State *L, struct md_checks *checks);
/* A scalar as a plain value, a list or map as its handle, else nil. */
void md_checks_push_node(lua_State *L, const struct md_node *node);
/* The list or map at `index`; NULL for nil, else raises: `who` is the function that wants it. */
const struct md_node *md_checks_node_or_nil(lua_State *L, int index, const char *who);
/* The child of the map whose handle is at `index`, or NULL. */
const struct md_node *md_checks_child(lua_State *L, int index, struct md_str name);

/* ---- check_words: the vocabulary ---- */

void md_checks_open_words(lua_State *L, struct md_checks *checks);

/* ---- check_version: dotted numbers ---- */

bool md_checks_is_version(struct md_str text);
/* How the version of the tree compares with `version`: below, at or above 0. False: it is not known. */
bool md_checks_compare_version(const struct md_node *tree, struct md_str version, int *ret);

/* ---- check_near ---- */

/* Number of insertions, deletions, changes and swaps of neighbours between two names without case; over `max`: max + 1. */
unsigned md_checks_distance(struct md_str a, struct md_str b, unsigned max);
/* How far a name may be from a misspelt one to be suggested; 0: not at all. */
unsigned md_checks_near_enough(struct md_str word);

#endif
