/*
 * The half of engine/handle about collections: counts by name, and sets of texts.
 *
 *     f.total  f.distinct  f:count(name)  f:share(name, ...)  f:top(n)  f:top_share(n)  for name, n in f:each() do
 *     t.n  t:has(name)  for name in t:each() do
 *
 * Counts that are not exact have bounds: a listed name's are [count - error, count], another's [0, the least that is
 * listed].
 */
#include <lauxlib.h>

#include "engine/handle_priv.h"

void md_collection_push(lua_State *L, const struct md_fact *fact)
{
    bool is_counts = fact->def->type == MD_TYPE_COUNTS;
    struct handle *handle;

    luaL_checkstack(L, 8, "collections");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &md_handle_cache_key);
    if (lua_rawgetp(L, -1, fact) == LUA_TUSERDATA) {
        lua_remove(L, -2);
        return;
    }
    lua_pop(L, 1);
    handle = md_handle_new(L, is_counts ? METATABLE_COUNTS : METATABLE_TEXTS);
    handle->kind = is_counts ? HANDLE_COUNTS : HANDLE_TEXTS;
    handle->fact = fact;
    lua_pushvalue(L, -1);
    lua_rawsetp(L, -3, fact);
    lua_remove(L, -2);
}

/* ---- counts ---- */

static const struct md_fact *check_counts(lua_State *L)
{
    return md_handle_payload(L, 1, HANDLE_COUNTS)->fact;
}

static enum bound bound_of(lua_State *L, const struct md_fact *fact)
{
    return fact->value.u.counts.is_exact ? BOUND_VALUE : md_reader_bound(md_reader_of(L), fact);
}

static uint64_t item_count(const struct md_count_item *item, enum bound bound)
{
    return bound == BOUND_LOW ? item->count - item->error : item->count;
}

static uint64_t count_of(const struct md_counts *counts, struct md_str name, enum bound bound)
{
    size_t i;

    for (i = 0; i < counts->n; i++)
        if (md_str_eq(counts->items[i].name, name))
            return item_count(&counts->items[i], bound);
    return bound == BOUND_HIGH && counts->n > 0 ? counts->items[counts->n - 1].count : 0;
}

static void push_count(lua_State *L, uint64_t n)
{
    lua_pushinteger(L, n > LUA_MAXINTEGER ? LUA_MAXINTEGER : (lua_Integer)n);
}

static int counts_count(lua_State *L)
{
    const struct md_fact *fact = check_counts(L);
    struct md_str name;

    name.p = luaL_checklstring(L, 2, &name.n);
    push_count(L, count_of(&fact->value.u.counts, name, bound_of(L, fact)));
    return 1;
}

/* A share of an empty collection is not known. */
static int push_share(lua_State *L, const struct md_fact *fact, double sum)
{
    double total = (double)fact->value.u.counts.total;

    if (total <= 0)
        md_reader_abandon(L, fact, fact->def, fact->at);
    lua_pushnumber(L, sum < total ? sum / total : 1);
    return 1;
}

static int counts_share(lua_State *L)
{
    const struct md_fact *fact = check_counts(L);
    enum bound bound = bound_of(L, fact);
    int i, n = lua_gettop(L);
    double sum = 0;

    if (n < 2)
        return luaL_error(L, "share of which name?");
    for (i = 2; i <= n; i++) {
        struct md_str name;

        name.p = luaL_checklstring(L, i, &name.n);
        sum += (double)count_of(&fact->value.u.counts, name, bound);
    }
    return push_share(L, fact, sum);
}

static size_t check_top(lua_State *L, const struct md_counts *counts)
{
    lua_Integer n = luaL_checkinteger(L, 2);

    luaL_argcheck(L, n > 0, 2, "a number from 1");
    return (size_t)n < counts->n ? (size_t)n : counts->n;
}

static int counts_top(lua_State *L)
{
    const struct md_counts *counts = &check_counts(L)->value.u.counts;
    size_t n = check_top(L, counts), i;

    lua_createtable(L, (int)n, 0);
    for (i = 0; i < n; i++) {
        lua_createtable(L, 0, 2);
        lua_pushlstring(L, counts->items[i].name.p, counts->items[i].name.n);
        lua_setfield(L, -2, "name");
        push_count(L, counts->items[i].count);
        lua_setfield(L, -2, "count");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int counts_top_share(lua_State *L)
{
    const struct md_fact *fact = check_counts(L);
    const struct md_counts *counts = &fact->value.u.counts;
    size_t n = check_top(L, counts), i;
    enum bound bound = bound_of(L, fact);
    double sum = 0;

    for (i = 0; i < n; i++)
        sum += (double)item_count(&counts->items[i], bound);
    return push_share(L, fact, sum);
}

/* Upvalues: the handle, how many were given. */
static int next_count(lua_State *L)
{
    const struct md_counts *counts = &md_handle_payload(L, lua_upvalueindex(1), HANDLE_COUNTS)->fact->value.u.counts;
    size_t i = (size_t)lua_tointeger(L, lua_upvalueindex(2));

    if (i >= counts->n)
        return 0;
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_replace(L, lua_upvalueindex(2));
    lua_pushlstring(L, counts->items[i].name.p, counts->items[i].name.n);
    push_count(L, counts->items[i].count);
    return 2;
}

static int counts_each(lua_State *L)
{
    check_counts(L);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_count, 2);
    return 1;
}

static void push_distinct(lua_State *L, const struct md_fact *fact)
{
    const struct md_counts *counts = &fact->value.u.counts;

    push_count(L, bound_of(L, fact) == BOUND_HIGH ? counts->total : counts->distinct);
}

static int counts_len(lua_State *L)
{
    push_distinct(L, check_counts(L));
    return 1;
}

/* Upvalue: the methods. */
static int counts_index(lua_State *L)
{
    const struct md_fact *fact = check_counts(L);
    struct md_str name;

    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    name.p = luaL_checklstring(L, 2, &name.n);
    if (md_str_is(name, "total"))
        push_count(L, fact->value.u.counts.total);
    else if (md_str_is(name, "distinct"))
        push_distinct(L, fact);
    else
        return luaL_error(L, "a collection of counts has no %s", name.p);
    return 1;
}

/* ---- texts ---- */

static int texts_has(lua_State *L)
{
    const struct md_value *value = &md_handle_payload(L, 1, HANDLE_TEXTS)->fact->value;
    struct md_str name;
    size_t i;

    name.p = luaL_checklstring(L, 2, &name.n);
    for (i = 0; i < value->u.texts.n && !md_str_eq(value->u.texts.items[i], name); i++)
        ;
    lua_pushboolean(L, i < value->u.texts.n);
    return 1;
}

/* Upvalues: the handle, how many were given. */
static int next_text(lua_State *L)
{
    const struct md_value *value = &md_handle_payload(L, lua_upvalueindex(1), HANDLE_TEXTS)->fact->value;
    size_t i = (size_t)lua_tointeger(L, lua_upvalueindex(2));

    if (i >= value->u.texts.n)
        return 0;
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_replace(L, lua_upvalueindex(2));
    lua_pushlstring(L, value->u.texts.items[i].p, value->u.texts.items[i].n);
    return 1;
}

static int texts_each(lua_State *L)
{
    md_handle_payload(L, 1, HANDLE_TEXTS);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_text, 2);
    return 1;
}

static int texts_len(lua_State *L)
{
    push_count(L, md_handle_payload(L, 1, HANDLE_TEXTS)->fact->value.u.texts.n);
    return 1;
}

/* Upvalue: the methods. */
static int texts_index(lua_State *L)
{
    struct md_str name;

    md_handle_payload(L, 1, HANDLE_TEXTS);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    name.p = luaL_checklstring(L, 2, &name.n);
    if (!md_str_is(name, "n"))
        return luaL_error(L, "a set of texts has no %s", name.p);
    return texts_len(L);
}

/* ---- opening ---- */

static int collection_text(lua_State *L)
{
    lua_pushliteral(L, "a collection"); /* not its address */
    return 1;
}

/* Stores the metatable under `key` in the table of metatables at the top. */
static void make_metatable(lua_State *L, lua_Integer key, const luaL_Reg *methods, lua_CFunction index,
                           lua_CFunction each, lua_CFunction len)
{
    lua_createtable(L, 0, 7);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_pushcclosure(L, index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, md_handle_refuse_change);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, each);
    lua_setfield(L, -2, "__pairs");
    lua_pushcfunction(L, len);
    lua_setfield(L, -2, "__len");
    lua_pushcfunction(L, collection_text);
    lua_setfield(L, -2, "__tostring");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawseti(L, -2, key);
}

void md_collection_open(lua_State *L)
{
    static const luaL_Reg counts[] = {
        {"count", counts_count},         {"share", counts_share}, {"top", counts_top},
        {"top_share", counts_top_share}, {"each", counts_each},   {NULL, NULL},
    };
    static const luaL_Reg texts[] = {{"has", texts_has}, {"each", texts_each}, {NULL, NULL}};

    lua_rawgetp(L, LUA_REGISTRYINDEX, &md_handle_metatables_key);
    make_metatable(L, METATABLE_COUNTS, counts, counts_index, counts_each, counts_len);
    make_metatable(L, METATABLE_TEXTS, texts, texts_index, texts_each, texts_len);
    lua_pop(L, 1);
}
