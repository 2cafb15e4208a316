#include <lauxlib.h>
#include <stdlib.h>

#include "engine/prop_priv.h"

#define UNKNOWN_MAX 8
#define NAMES_MAX 64

bool md_prop_complain(const struct md_prop_reading *r, const char *what)
{
    md_diags_add(r->diags, MD_ERROR, r->loc, "%s %s: %s %s", r->reader->word, r->id, r->prop->name, what);
    return false;
}

struct md_str md_prop_string(lua_State *L, int index)
{
    struct md_str text = {"", 0};

    if (lua_type(L, index) == LUA_TSTRING)
        text.p = lua_tolstring(L, index, &text.n);
    return text;
}

void md_prop_keep(const struct md_prop_reading *r)
{
    lua_pushvalue(r->L, -1);
    ((struct md_lua_ref *)r->target)->ref = luaL_ref(r->L, LUA_REGISTRYINDEX);
}

bool md_prop_read_names(const struct md_prop_reading *r)
{
    struct md_prop_names *names = r->target;
    lua_State *L = r->L;
    lua_Integer n, i;
    const char **list;

    if (lua_type(L, -1) != LUA_TTABLE)
        return md_prop_complain(r, "is a list of names");
    n = luaL_len(L, -1);
    if (n < 1 || n > NAMES_MAX)
        return md_prop_complain(r, "is a list of names, at least one");
    list = md_arena_array(r->arena, (size_t)n, sizeof *list);
    for (i = 0; i < n; i++) {
        if (lua_geti(L, -1, i + 1) != LUA_TSTRING)
            return md_prop_complain(r, "is a list of names");
        list[i] = md_arena_cstr(r->arena, md_prop_string(L, -1));
        lua_pop(L, 1);
    }
    *names = (struct md_prop_names){list, (size_t)n};
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names that no row has, in a fixed order. */
static bool check_names(const struct md_prop_reading *r)
{
    const struct md_prop_reader *reader = r->reader;
    const char *unknown[UNKNOWN_MAX];
    lua_State *L = r->L;
    size_t n = 0, i;

    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
        struct md_str name = md_prop_string(L, -2);

        for (i = 0; i < reader->n && !md_str_is(name, reader->list[i].name); i++)
            ;
        if (i == reader->n && n < UNKNOWN_MAX)
            unknown[n++] = name.n > 0 ? md_arena_cstr(r->arena, name) : "(a value without a name)";
    }
    qsort(unknown, n, sizeof *unknown, by_text);
    for (i = 0; i < n; i++)
        md_diags_add(r->diags, MD_ERROR, r->loc, "%s %s has no property %s", reader->word, r->id, unknown[i]);
    return n == 0;
}

static bool read_value(const struct md_prop_reading *r)
{
    lua_State *L = r->L;

    switch (r->prop->kind) {
    case MD_PROP_TEXT:
        if (lua_type(L, -1) != LUA_TSTRING)
            return md_prop_complain(r, "is a string");
        *(const char **)r->target = md_arena_cstr(r->arena, md_prop_string(L, -1));
        return true;
    case MD_PROP_FUNCTION:
        if (lua_type(L, -1) != LUA_TFUNCTION)
            return md_prop_complain(r, "is a function");
        md_prop_keep(r);
        return true;
    case MD_PROP_FLAG:
        if (lua_type(L, -1) != LUA_TBOOLEAN)
            return md_prop_complain(r, "is true or false");
        *(bool *)r->target = lua_toboolean(L, -1) != 0;
        return true;
    default: return r->reader->read(r);
    }
}

bool md_prop_read_all(struct md_prop_reading *r)
{
    bool is_right = check_names(r);
    size_t i;

    for (i = 0; i < r->reader->n; i++) {
        r->prop = &r->reader->list[i];
        r->target = (char *)r->of + r->prop->offset;
        lua_settop(r->L, 1);
        if (lua_getfield(r->L, 1, r->prop->name) == LUA_TNIL) {
            if (r->prop->is_needed)
                is_right = md_prop_complain(r, "is missing");
        } else if (!read_value(r)) {
            is_right = false;
        }
    }
    lua_settop(r->L, 1);
    return is_right;
}
