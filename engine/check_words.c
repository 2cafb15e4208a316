/*
 * What checks say beside the library of the sandbox (docs/checks.md): found, count, index, near, same_name, at_least, before; text, num,
 * dur and pct are those of the rules.
 */
#include <lauxlib.h>

#include "engine/base/display.h"
#include "engine/check_priv.h"
#include "engine/vocabulary.h"

#define MESSAGE_MAX 600
#define TEXT_MAX 60 /* of text() */
#define CANDIDATES_MAX 5000

static struct md_checks *checks_of(lua_State *L)
{
    return md_sandbox_user(L);
}

static struct check_run *run_of(lua_State *L)
{
    struct check_run *run = checks_of(L)->run;

    if (run == NULL)
        luaL_error(L, "this is only there while a test runs");
    return run;
}

/* ---- found ---- */

/* The map of scopes that a node carries, or NULL. */
static const struct md_node *scope_of(const struct md_node *node)
{
    const struct md_node *scope = md_node_get(node, "scope");

    return scope != NULL && scope->kind == MD_NODE_MAP ? scope : NULL;
}

/* { severity =, fix =, scope = } at `index`. */
static void read_options(lua_State *L, int index, struct md_arena *arena, struct md_check_found *found)
{
    struct md_str text;

    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "a number";

        text = md_str(lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "");
        if (strcmp(key, "severity") == 0) {
            if (!md_check_severity_parse(text, &found->severity))
                luaL_error(L, "found: severity is none of error, warning, info");
        } else if (strcmp(key, "fix") == 0) {
            if (text.n == 0)
                luaL_error(L, "found: fix is a string");
            found->fix = md_display_max(arena, text, MESSAGE_MAX);
        } else if (strcmp(key, "scope") == 0) {
            found->scope = scope_of(md_checks_node_or_nil(L, lua_gettop(L), "found: scope"));
        } else {
            luaL_error(L, "found: there is no option %s (severity, fix, scope)", key);
        }
    }
}

/* found(node, message, options) */
static int word_found(lua_State *L)
{
    struct check_run *run = run_of(L);
    const struct md_node *node = md_checks_node_or_nil(L, 1, "found");
    struct found *entry, new = {.sequence = run->n_found};
    struct md_str message;

    if (node == NULL)
        return luaL_error(L, "found: a node is wanted, not nil");
    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "found: the message is a string, not a %s", luaL_typename(L, 2));
    message.p = lua_tolstring(L, 2, &message.n);
    if (message.n == 0)
        return luaL_error(L, "found: the message is empty");
    if (run->n_of_check++ >= MD_CHECK_FINDINGS_MAX)
        return 0;
    new.pub = (struct md_check_found){.check = &run->check->pub,
                                      .severity = run->check->pub.severity,
                                      .loc = node->loc,
                                      .fix = run->check->pub.fix,
                                      .scope = scope_of(run->at)};
    if (!lua_isnoneornil(L, 3)) {
        lua_settop(L, 3);
        read_options(L, 3, run->arena, &new.pub);
    }
    new.pub.message = md_display_max(run->arena, message, MESSAGE_MAX);
    entry = md_arena_push(run->arena, &run->found, &run->n_found, &run->found_capacity, sizeof *entry);
    *entry = new;
    return 0;
}

/* ---- collections ---- */

static int word_count(lua_State *L)
{
    const struct md_node *node;

    if (lua_type(L, 1) == LUA_TTABLE) {
        lua_pushinteger(L, luaL_len(L, 1));
        return 1;
    }
    node = md_checks_node_or_nil(L, 1, "count");
    lua_pushinteger(L, node != NULL ? (lua_Integer)node->count : 0);
    return 1;
}

static int word_index(lua_State *L)
{
    struct md_str name;

    if (md_checks_node_or_nil(L, 1, "index") == NULL || lua_isnoneornil(L, 2)) {
        lua_pushnil(L);
        return 1;
    }
    name.p = luaL_tolstring(L, 2, &name.n);
    md_checks_push_node(L, md_checks_child(L, 1, name));
    return 1;
}

/* ---- names ---- */

/* The best of what was looked at. */
struct nearest {
    struct md_str word, best;
    unsigned distance; /* of the best, else one more than is near enough */
    bool is_there;     /* the word itself: nothing is misspelt */
};

static void look_at(struct nearest *nearest, struct md_str name)
{
    unsigned distance;

    if (nearest->distance == 0 || nearest->is_there)
        return;
    if (md_str_eq(nearest->word, name)) {
        nearest->is_there = true;
        return;
    }
    distance = md_checks_distance(nearest->word, name, nearest->distance - 1);
    if (distance < nearest->distance) {
        nearest->best = name;
        nearest->distance = distance;
    }
}

/* Keys of a map; of a list its texts, or the names of its nodes. */
static void look_at_nodes(struct nearest *nearest, const struct md_node *node)
{
    const struct md_node *child;

    for (child = node->first; child != NULL; child = child->next) {
        if (node->kind == MD_NODE_MAP)
            look_at(nearest, child->key);
        else if (child->kind == MD_NODE_SCALAR)
            look_at(nearest, child->text);
        else if (md_node_get(child, "name") != NULL)
            look_at(nearest, md_node_text(child, "name"));
    }
}

static void look_at_table(lua_State *L, int index, struct nearest *nearest)
{
    lua_Integer i, n = luaL_len(L, index);

    for (i = 1; i <= n && i <= CANDIDATES_MAX; i++) {
        struct md_str name;

        if (lua_geti(L, index, i) == LUA_TSTRING) {
            name.p = lua_tolstring(L, -1, &name.n);
            look_at(nearest, name);
        }
        lua_pop(L, 1);
    }
}

/* near(word, names): "; did you mean X?" or "" */
static int word_near(lua_State *L)
{
    struct nearest nearest = {0};
    const struct md_node *node;

    lua_settop(L, 2);
    if (lua_isnil(L, 1)) {
        lua_pushliteral(L, "");
        return 1;
    }
    nearest.word.p = luaL_tolstring(L, 1, &nearest.word.n);
    nearest.distance = md_checks_near_enough(nearest.word) + 1;
    if (lua_type(L, 2) == LUA_TTABLE) {
        look_at_table(L, 2, &nearest);
    } else {
        node = md_checks_node_or_nil(L, 2, "near");
        if (node != NULL)
            look_at_nodes(&nearest, node);
    }
    md_sandbox_check_time(L);
    if (nearest.is_there || nearest.best.n == 0)
        lua_pushliteral(L, "");
    else
        lua_pushfstring(L, "; did you mean %s?", md_display_max(checks_of(L)->scratch, nearest.best, TEXT_MAX));
    return 1;
}

static int word_same_name(lua_State *L)
{
    struct md_str a, b;

    lua_settop(L, 2);
    if (lua_isnil(L, 1) || lua_isnil(L, 2)) {
        lua_pushboolean(L, 0);
        return 1;
    }
    a.p = luaL_tolstring(L, 1, &a.n);
    b.p = luaL_tolstring(L, 2, &b.n);
    lua_pushboolean(L, md_str_eq_nocase(a, b));
    return 1;
}

/* ---- version ---- */

/* Pushes nil and returns false where the version is not known. */
static bool compare(lua_State *L, int *ret)
{
    const struct md_node *tree = md_checks_node_or_nil(L, 1, "version");
    const char *version = luaL_checkstring(L, 2);

    if (!md_checks_is_version(md_str(version)))
        luaL_error(L, "%s is no version (\"6.3\")", version);
    if (md_checks_compare_version(tree, md_str(version), ret))
        return true;
    lua_pushnil(L);
    return false;
}

static int word_at_least(lua_State *L)
{
    int order;

    if (compare(L, &order))
        lua_pushboolean(L, order >= 0);
    return 1;
}

static int word_before(lua_State *L)
{
    int order;

    if (compare(L, &order))
        lua_pushboolean(L, order < 0);
    return 1;
}

void md_checks_open_words(lua_State *L, struct md_checks *checks)
{
    static const luaL_Reg functions[] = {
        {"found", word_found},         {"count", word_count},       {"index", word_index},   {"near", word_near},
        {"same_name", word_same_name}, {"at_least", word_at_least}, {"before", word_before},
    };
    size_t i;

    for (i = 0; i < sizeof functions / sizeof *functions; i++) {
        lua_pushcfunction(L, functions[i].func);
        md_sandbox_set_global(L, functions[i].name);
    }
    md_vocabulary_open_texts(L, checks->scratch, TEXT_MAX);
}
