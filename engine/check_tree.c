/*
 * Nodes of the tree as checks see them: read-only userdata, made when they are first met and kept for the run, so that the same node
 * is the same value. Handles and loops of an earlier run raise: their tree may be gone.
 */
#include <lauxlib.h>

#include "engine/base/num.h"
#include "engine/check_priv.h"

#define WALK_MAX 12 /* maps with more children get a hash table */

static const char metatable_key;

struct handle {
    uint32_t generation;
    const struct md_node *node;
    struct md_map *children; /* by name; NULL: not needed yet */
};

static struct md_checks *checks_of(lua_State *L)
{
    return md_sandbox_user(L);
}

/* ---- values ---- */

static void push_scalar(lua_State *L, const struct md_node *node)
{
    struct md_str text = node->text;
    int64_t whole;
    double number;

    if (!node->is_quoted && text.n > 0 && !md_is_alpha(text.p[0])) {
        if (md_num_all_i64(text, INT64_MIN, INT64_MAX, &whole) == MD_OK) {
            lua_pushinteger(L, (lua_Integer)whole);
            return;
        }
        if (md_num_all_double(text, &number) == MD_OK) {
            lua_pushnumber(L, number);
            return;
        }
    } else if (!node->is_quoted && (md_str_is(text, "true") || md_str_is(text, "false"))) {
        lua_pushboolean(L, text.n == 4);
        return;
    }
    lua_pushlstring(L, text.n > 0 ? text.p : "", text.n);
}

static void push_handle(lua_State *L, const struct md_node *node)
{
    const struct md_checks *checks = checks_of(L);
    struct handle *handle;

    lua_rawgeti(L, LUA_REGISTRYINDEX, checks->handles);
    if (lua_rawgetp(L, -1, node) != LUA_TUSERDATA) {
        lua_pop(L, 1);
        handle = lua_newuserdatauv(L, sizeof *handle, 0);
        *handle = (struct handle){checks->generation, node, NULL};
        lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
        lua_setmetatable(L, -2);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, -3, node);
    }
    lua_replace(L, -2);
}

/* At most three slots of the stack at a time, of the twenty that a C function has. */
void md_checks_push_node(lua_State *L, const struct md_node *node)
{
    if (node == NULL || node->kind == MD_NODE_NULL)
        lua_pushnil(L);
    else if (node->kind == MD_NODE_SCALAR)
        push_scalar(L, node);
    else
        push_handle(L, node);
}

/* Every userdata that checks can see is a handle. */
static struct handle *handle_at(lua_State *L, int index)
{
    struct handle *handle = lua_touserdata(L, index);
    const struct md_checks *checks = checks_of(L);

    if (checks->run == NULL || handle->generation != checks->generation)
        luaL_error(L, "a node of another tree: checks must not keep nodes");
    return handle;
}

const struct md_node *md_checks_node_or_nil(lua_State *L, int index, const char *who)
{
    if (lua_isnoneornil(L, index))
        return NULL;
    if (lua_type(L, index) != LUA_TUSERDATA)
        luaL_error(L, "%s: a node is wanted, not a %s", who, luaL_typename(L, index));
    return handle_at(L, index)->node;
}

/* ---- fields ---- */

static const struct md_node *walk(const struct md_node *map, struct md_str name)
{
    const struct md_node *child;

    for (child = map->first; child != NULL; child = child->next)
        if (md_str_eq(child->key, name))
            return child;
    return NULL;
}

static struct md_map *hash_children(struct md_arena *arena, const struct md_node *map)
{
    struct md_map *children = md_map_new(arena);
    const struct md_node *child;

    for (child = map->first; child != NULL; child = child->next)
        if (md_map_find(children, 0, child->key) == NULL) /* of equal names the first, as in a walk */
            md_map_set(children, 0, child->key, (void *)(uintptr_t)child);
    return children;
}

static const struct md_node *child_of(lua_State *L, struct handle *handle, struct md_str name)
{
    if (handle->node->kind != MD_NODE_MAP)
        return NULL;
    if (handle->node->count <= WALK_MAX)
        return walk(handle->node, name);
    if (handle->children == NULL)
        handle->children = hash_children(checks_of(L)->run->arena, handle->node);
    return md_map_find(handle->children, 0, name);
}

const struct md_node *md_checks_child(lua_State *L, int index, struct md_str name)
{
    return child_of(L, handle_at(L, index), name);
}

static int tree_index(lua_State *L)
{
    struct handle *handle = handle_at(L, 1);
    const struct md_node *child = NULL;
    struct md_str name;
    lua_Integer i;

    if (lua_type(L, 2) == LUA_TSTRING) {
        name.p = lua_tolstring(L, 2, &name.n);
        child = child_of(L, handle, name);
    } else if (lua_isinteger(L, 2) && handle->node->kind == MD_NODE_LIST) {
        i = lua_tointeger(L, 2);
        for (child = i >= 1 ? handle->node->first : NULL; child != NULL && i > 1; child = child->next)
            i--;
    }
    md_checks_push_node(L, child);
    return 1;
}

static int tree_length(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)handle_at(L, 1)->node->count);
    return 1;
}

static int tree_text(lua_State *L)
{
    lua_pushstring(L, handle_at(L, 1)->node->kind == MD_NODE_LIST ? "a list" : "a node");
    return 1;
}

static int tree_refuse_change(lua_State *L)
{
    return luaL_error(L, "the configuration is read-only");
}

/* ---- loops ---- */

/* Upvalues: the next node, its number from 1 (0: of a map), the generation. */
static int next_child(lua_State *L)
{
    const struct md_node *node = lua_touserdata(L, lua_upvalueindex(1));
    lua_Integer number = lua_tointeger(L, lua_upvalueindex(2));
    const struct md_checks *checks = checks_of(L);

    if (checks->run == NULL || lua_tointeger(L, lua_upvalueindex(3)) != (lua_Integer)checks->generation)
        return luaL_error(L, "a loop over another tree: checks must not keep loops");
    if (node == NULL)
        return 0;
    lua_pushlightuserdata(L, node->next);
    lua_replace(L, lua_upvalueindex(1));
    if (number > 0) {
        lua_pushinteger(L, number + 1);
        lua_replace(L, lua_upvalueindex(2));
        lua_pushinteger(L, number);
    } else {
        lua_pushlstring(L, node->key.n > 0 ? node->key.p : "", node->key.n);
    }
    md_checks_push_node(L, node);
    return 2;
}

/* each(list), each(map); of nil nothing comes. */
static int tree_each(lua_State *L)
{
    const struct md_node *node = md_checks_node_or_nil(L, 1, "each");

    lua_pushlightuserdata(L, node != NULL ? node->first : NULL);
    lua_pushinteger(L, node != NULL && node->kind == MD_NODE_LIST ? 1 : 0);
    lua_pushinteger(L, (lua_Integer)checks_of(L)->generation);
    lua_pushcclosure(L, next_child, 3);
    return 1;
}

/* ---- opening ---- */

void md_checks_forget_nodes(lua_State *L, struct md_checks *checks)
{
    checks->generation++;
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, checks->handles);
}

void md_checks_open_tree(lua_State *L, struct md_checks *checks)
{
    static const luaL_Reg methods[] = {
        {"__index", tree_index},   {"__len", tree_length}, {"__newindex", tree_refuse_change},
        {"__tostring", tree_text}, {"__pairs", tree_each},
    };
    size_t i;

    lua_newtable(L);
    checks->handles = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_createtable(L, 0, 8);
    for (i = 0; i < sizeof methods / sizeof *methods; i++) {
        lua_pushcfunction(L, methods[i].func);
        lua_setfield(L, -2, methods[i].name);
    }
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_pushcfunction(L, tree_each);
    md_sandbox_set_global(L, "each");
}
