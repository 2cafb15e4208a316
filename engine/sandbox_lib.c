/*
 * The library that rules may use: an allow-list of Lua's own functions, some of them behind a cap.
 *
 * Methods of strings go through the table of the string metatable, so that very table is changed. Everything that rules
 * see is a read-only view.
 */
#include "engine/sandbox_priv.h"

#include <lauxlib.h>
#include <lualib.h>

#define SUBJECT_MAX 4096
#define PATTERN_MAX 256
#define UNBOUNDED_MAX 2 /* items that match without bound, and a missing ^ */
#define OPTIONAL_MAX 3
#define REP_MAX ((size_t)64 * 1024)
#define FORMAT_MAX 1024
#define FREEZE_DEPTH 16

static const char *const blocked_globals[] = {
    "pcall",        "xpcall",       "coroutine", "load",    "loadstring", "loadfile", "dofile",
    "debug",        "io",           "os",        "package", "require",    "module",   "collectgarbage",
    "setmetatable", "getmetatable", "rawset",    "rawget",  "rawequal",   "rawlen",   "next",
    "print",        "warn",         "_G",        "getfenv", "setfenv",    "newproxy", "unpack",
};

/* ---- patterns ---- */

/* What a pattern costs at most: items that match without bound, and items that may be left out. */
static void measure(struct md_str pattern, bool may_anchor, unsigned *ret_unbounded, unsigned *ret_optional)
{
    size_t i = 0;

    *ret_unbounded = 0;
    *ret_optional = 0;
    if (may_anchor && pattern.n > 0 && pattern.p[0] == '^')
        i = 1;
    else
        *ret_unbounded = 1;
    while (i < pattern.n) {
        char c = pattern.p[i++];

        if (c == '%' && i < pattern.n) {
            if (pattern.p[i++] == 'b')
                ++*ret_unbounded;
        } else if (c == '[') {
            /* To the bracket that closes it; the first character belongs to the set. */
            if (i < pattern.n && pattern.p[i] == '^')
                i++;
            do {
                if (i < pattern.n && pattern.p[i++] == '%')
                    i++;
            } while (i < pattern.n && pattern.p[i] != ']');
            i++;
        }
        if (i < pattern.n && (pattern.p[i] == '*' || pattern.p[i] == '+' || pattern.p[i] == '-')) {
            ++*ret_unbounded;
            i++;
        } else if (i < pattern.n && pattern.p[i] == '?') {
            ++*ret_optional;
            i++;
        }
    }
}

static void check_pattern(lua_State *L, bool may_anchor)
{
    unsigned unbounded, optional;
    struct md_str pattern;
    size_t n;

    luaL_checklstring(L, 1, &n);
    pattern.p = luaL_checklstring(L, 2, &pattern.n);
    if (n > SUBJECT_MAX)
        luaL_error(L, "patterns are for texts of at most %d bytes, this one has %d", SUBJECT_MAX, (int)n);
    if (pattern.n > PATTERN_MAX)
        luaL_error(L, "a pattern of more than %d bytes", PATTERN_MAX);
    measure(pattern, may_anchor, &unbounded, &optional);
    if (unbounded > UNBOUNDED_MAX || optional > OPTIONAL_MAX)
        luaL_error(L, "the pattern may take too long: at most %d of `*`, `+`, `-`, a missing `^`, and at most %d `?`",
                   UNBOUNDED_MAX, OPTIONAL_MAX);
    md_sandbox_check_time(L);
}

/* The original function is the first upvalue of each of these. */
static int call_original(lua_State *L, int results)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, results);
    return lua_gettop(L);
}

static int lib_find(lua_State *L)
{
    if (lua_toboolean(L, 4)) { /* no pattern */
        luaL_checkstring(L, 1);
        md_sandbox_check_time(L);
    } else {
        check_pattern(L, true);
    }
    return call_original(L, LUA_MULTRET);
}

static int lib_match(lua_State *L)
{
    check_pattern(L, true);
    return call_original(L, LUA_MULTRET);
}

static int next_match(lua_State *L)
{
    md_sandbox_check_time(L);
    return call_original(L, LUA_MULTRET);
}

static int lib_gmatch(lua_State *L)
{
    check_pattern(L, false);
    call_original(L, 1);
    lua_pushcclosure(L, next_match, 1);
    return 1;
}

/* ---- strings ---- */

static int lib_rep(lua_State *L)
{
    size_t n, separator;
    lua_Integer times = luaL_checkinteger(L, 2);

    luaL_checklstring(L, 1, &n);
    luaL_optlstring(L, 3, "", &separator);
    if (times > 0 && (n + separator > REP_MAX || (size_t)times > REP_MAX / (n + separator > 0 ? n + separator : 1)))
        return luaL_error(L, "string.rep makes at most %d bytes", (int)REP_MAX);
    return call_original(L, 1);
}

static int lib_format(lua_State *L)
{
    struct md_str format;
    int i, n = lua_gettop(L);

    format.p = luaL_checklstring(L, 1, &format.n);
    if (format.n > FORMAT_MAX)
        return luaL_error(L, "a format of more than %d bytes", FORMAT_MAX);
    /* No addresses: they differ from run to run. */
    for (i = 2; i <= n; i++)
        if (!lua_isnoneornil(L, i) && !lua_isboolean(L, i) && !lua_isnumber(L, i) && !lua_isstring(L, i))
            return luaL_argerror(L, i, "only texts, numbers and booleans can be formatted");
    if (md_str_find(format, MD_LIT("%p")) >= 0)
        return luaL_error(L, "%%p is not available to rules");
    return call_original(L, 1);
}

static int lib_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    switch (lua_type(L, 1)) {
    case LUA_TTABLE:
    case LUA_TFUNCTION: lua_pushstring(L, luaL_typename(L, 1)); break;
    default: luaL_tolstring(L, 1, NULL); break;
    }
    return 1;
}

/* ---- tables ---- */

/* Work in proportion to the size of a table, within one instruction. */
static int lib_timed(lua_State *L)
{
    md_sandbox_check_time(L);
    return call_original(L, LUA_MULTRET);
}

/* Numbers before texts before booleans, each in their order. */
static int key_less(lua_State *L)
{
    int a = lua_type(L, 1), b = lua_type(L, 2);
    int rank_a = a == LUA_TNUMBER ? 0 : a == LUA_TSTRING ? 1 : 2;
    int rank_b = b == LUA_TNUMBER ? 0 : b == LUA_TSTRING ? 1 : 2;

    if (rank_a != rank_b)
        lua_pushboolean(L, rank_a < rank_b);
    else if (rank_a == 2)
        lua_pushboolean(L, !lua_toboolean(L, 1) && lua_toboolean(L, 2));
    else
        lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPLT));
    return 1;
}

/* Upvalues: the table, the list of its keys, how many were given. */
static int next_pair(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));

    for (;;) {
        lua_settop(L, 0);
        if (lua_rawgeti(L, lua_upvalueindex(2), ++i) == LUA_TNIL)
            return 1;
        lua_pushvalue(L, 1);
        if (lua_gettable(L, lua_upvalueindex(1)) != LUA_TNIL)
            break; /* else it was removed on the way */
    }
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(3));
    return 2;
}

/* Lua's own order of keys changes from run to run. First upvalue: the original table.sort. */
static int lib_pairs(lua_State *L)
{
    lua_Integer n = 0;
    int type;

    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_insert(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, 1) != 0;) {
        lua_pop(L, 1);
        type = lua_type(L, -1);
        if (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TBOOLEAN)
            return luaL_error(L, "pairs: a key that is no text, number or boolean has no order");
        lua_pushvalue(L, -1);
        lua_rawseti(L, 2, ++n);
    }
    md_sandbox_check_time(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 2);
    lua_pushcfunction(L, key_less);
    lua_call(L, 2, 0);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_pair, 3);
    return 1;
}

/* ---- read-only views ---- */

static int refuse_change(lua_State *L)
{
    return luaL_error(L, "this table is read-only");
}

static int view_len(lua_State *L)
{
    luaL_getmetafield(L, 1, "__index");
    lua_pushinteger(L, luaL_len(L, -1));
    return 1;
}

static int view_pairs(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &md_sandbox_globals_key);
    lua_pushliteral(L, "pairs");
    lua_rawget(L, -2);
    luaL_getmetafield(L, 1, "__index");
    lua_call(L, 1, 3);
    return 3;
}

static void freeze(lua_State *L, int depth)
{
    int table = lua_gettop(L);

    luaL_checkstack(L, 10, "tables within tables");
    if (depth > FREEZE_DEPTH)
        luaL_error(L, "tables within tables, more than %d deep", FREEZE_DEPTH);
    for (lua_pushnil(L); lua_next(L, table) != 0;) {
        if (lua_type(L, -1) == LUA_TTABLE) {
            freeze(L, depth + 1);
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, table); /* to a key that is there: the traversal goes on */
        } else {
            lua_pop(L, 1);
        }
    }
    lua_newtable(L);
    lua_createtable(L, 0, 5);
    lua_pushvalue(L, table);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_change);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, view_len);
    lua_setfield(L, -2, "__len");
    lua_pushcfunction(L, view_pairs);
    lua_setfield(L, -2, "__pairs");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_remove(L, table);
}

void md_sandbox_freeze(lua_State *L)
{
    freeze(L, 0);
}

/* ---- opening ---- */

static int missing_global(lua_State *L)
{
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    size_t i;

    for (i = 0; i < sizeof blocked_globals / sizeof *blocked_globals; i++)
        if (md_str_is(md_str(name), blocked_globals[i]))
            md_sandbox_blocked(L, blocked_globals[i]);
    return luaL_error(L, "there is no name %s", name);
}

static int blocked_function(lua_State *L)
{
    md_sandbox_blocked(L, lua_tostring(L, lua_upvalueindex(1)));
}

struct allowed {
    const char *name;
    lua_CFunction instead; /* gets the original as upvalue; NULL: the original itself */
};

/* From the table at `from` to the one at the top. */
static void copy_allowed(lua_State *L, int from, const struct allowed *list, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        lua_getfield(L, from, list[i].name);
        if (list[i].instead != NULL)
            lua_pushcclosure(L, list[i].instead, 1);
        lua_setfield(L, -2, list[i].name);
    }
}

/* A new table with the allowed functions of the library at the top, which it replaces. */
static void filter(lua_State *L, const struct allowed *list, size_t n)
{
    lua_createtable(L, 0, (int)n);
    copy_allowed(L, lua_absindex(L, -2), list, n);
    lua_remove(L, -2);
}

/* The table that methods of strings are looked up in, changed in place: what is not allowed raises. */
static void open_string(lua_State *L)
{
    static const struct allowed allowed[] = {
        {"byte", NULL},      {"char", NULL}, {"find", lib_find}, {"format", lib_format}, {"gmatch", lib_gmatch},
        {"gsub", lib_match}, {"len", NULL},  {"lower", NULL},    {"match", lib_match},   {"rep", lib_rep},
        {"reverse", NULL},   {"sub", NULL},  {"upper", NULL},
    };
    int table, keys;
    lua_Integer i, n = 0;

    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 0);
    table = lua_gettop(L);
    lua_newtable(L);
    keys = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, table) != 0;) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, keys, ++n);
    }
    lua_newtable(L);
    copy_allowed(L, table, allowed, sizeof allowed / sizeof *allowed);
    for (i = 1; i <= n; i++) {
        lua_rawgeti(L, keys, i);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, keys + 1) == LUA_TNIL) {
            lua_pop(L, 1);
            lua_pushfstring(L, "string.%s", lua_tostring(L, -1));
            lua_pushcclosure(L, blocked_function, 1);
        }
        lua_rawset(L, table);
    }
    lua_settop(L, table);
}

void md_sandbox_open_library(lua_State *L)
{
    static const struct allowed base[] = {
        {"assert", NULL},   {"error", NULL}, {"ipairs", NULL},           {"select", NULL},
        {"tonumber", NULL}, {"type", NULL},  {"tostring", lib_tostring},
    };
    static const struct allowed table[] = {
        {"concat", lib_timed}, {"insert", lib_timed}, {"pack", NULL},
        {"remove", lib_timed}, {"sort", lib_timed},   {"unpack", lib_timed},
    };
    static const struct allowed math[] = {
        {"abs", NULL},  {"ceil", NULL},       {"exp", NULL},        {"floor", NULL},     {"fmod", NULL},
        {"huge", NULL}, {"log", NULL},        {"max", NULL},        {"min", NULL},       {"modf", NULL},
        {"sqrt", NULL}, {"maxinteger", NULL}, {"mininteger", NULL}, {"tointeger", NULL}, {"type", NULL},
    };
    static const struct allowed utf8[] = {{"char", NULL}, {"codepoint", NULL}, {"len", NULL}};
    int globals;

    luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
    filter(L, base, sizeof base / sizeof *base);
    globals = lua_gettop(L);

    luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 0);
    lua_getfield(L, -1, "sort");
    lua_pushcclosure(L, lib_pairs, 1);
    lua_setfield(L, globals, "pairs");
    filter(L, table, sizeof table / sizeof *table);
    freeze(L, 0);
    lua_setfield(L, globals, LUA_TABLIBNAME);

    luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 0);
    filter(L, math, sizeof math / sizeof *math);
    freeze(L, 0);
    lua_setfield(L, globals, LUA_MATHLIBNAME);

    luaL_requiref(L, LUA_UTF8LIBNAME, luaopen_utf8, 0);
    filter(L, utf8, sizeof utf8 / sizeof *utf8);
    freeze(L, 0);
    lua_setfield(L, globals, LUA_UTF8LIBNAME);

    open_string(L);
    freeze(L, 0);
    lua_setfield(L, globals, LUA_STRLIBNAME);

    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, missing_global);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, globals);
    lua_settop(L, globals);
}
