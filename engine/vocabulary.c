#include "engine/vocabulary.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>

#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/handle.h"
#include "engine/sandbox.h"

#define TEXT_MAX 500
#define COMMAND_MAX 1000
#define ALTERNATIVES_MAX 50

/* ---- facts that may be unknown ---- */

static int vocabulary_known(lua_State *L)
{
    struct md_instance *at = md_handle_check(L, 1);
    int i, n = lua_gettop(L);
    bool is_known = true;

    if (n < 2)
        return luaL_error(L, "known: of which fact?");
    for (i = 2; i <= n; i++)
        is_known = md_handle_is_known(L, at, i) && is_known;
    lua_pushboolean(L, is_known);
    return 1;
}

static int vocabulary_value(lua_State *L)
{
    struct md_instance *at = md_handle_check(L, 1);

    luaL_checkany(L, 3);
    lua_settop(L, 3);
    if (!md_handle_is_known(L, at, 2))
        return 1;
    lua_pushvalue(L, 2);
    lua_gettable(L, 1);
    return 1;
}

/* The functions of a list until one gives `decisive`; else unknown if one is unknown, else the opposite. */
static int decide(lua_State *L, bool decisive)
{
    struct md_reader *reader = md_reader_of(L);
    struct md_read missing = {0};
    bool is_unknown = false;
    lua_Integer i, n;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    n = luaL_len(L, 1);
    if (n < 1 || n > ALTERNATIVES_MAX)
        return luaL_error(L, "a list of 1 to %d functions is wanted", ALTERNATIVES_MAX);
    for (i = 1; i <= n; i++) {
        if (lua_geti(L, 1, i) != LUA_TFUNCTION)
            return luaL_error(L, "item %d of the list is no function: write function() return ... end", (int)i);
        if (!md_sandbox_try(L, 0, 1)) {
            if (!is_unknown && md_reader_missing(reader) != NULL)
                missing = *md_reader_missing(reader);
            is_unknown = true;
            continue;
        }
        if (!lua_isboolean(L, -1))
            return luaL_error(L, "item %d of the list gives a %s, not true or false", (int)i, luaL_typename(L, -1));
        if ((lua_toboolean(L, -1) != 0) == decisive)
            return 1;
        lua_pop(L, 1);
    }
    if (is_unknown) {
        md_reader_set_missing(reader, missing.def != NULL ? &missing : NULL);
        md_sandbox_abandon(L);
    }
    lua_pushboolean(L, !decisive);
    return 1;
}

static int vocabulary_any(lua_State *L)
{
    return decide(L, true);
}

static int vocabulary_all(lua_State *L)
{
    return decide(L, false);
}

static int vocabulary_failed(lua_State *L)
{
    const struct md_facts *facts = md_reader_facts(md_reader_of(L));
    const char *name = luaL_checkstring(L, 1);
    struct md_str why = md_str(luaL_optstring(L, 2, ""));
    bool has_failed = false;
    size_t i;

    for (i = 0; facts != NULL && i < md_facts_probe_count(facts); i++) {
        const struct md_probe_note *note = md_facts_probe_at(facts, i);

        if (strcmp(note->name, name) == 0 && note->status != MD_PROBE_OK &&
            md_str_find_nocase(md_str(note->why), why) >= 0)
            has_failed = true;
    }
    lua_pushboolean(L, has_failed);
    return 1;
}

/* ---- texts ---- */

const char *md_vocabulary_pct(struct md_arena *arena, double share)
{
    double percent = share * 100, rounded = round(percent);

    /* Not "0 %" of what is there, nor "100 %" where some are missing. */
    if ((rounded <= 0 && percent > 0) || (rounded >= 100 && percent < 100))
        return percent < 0.1    ? "under 0.1 %"
               : percent > 99.9 ? "over 99.9 %"
                                : md_arena_printf(arena, "%.1f %%", percent);
    return md_arena_printf(arena, "%.0f %%", rounded);
}

const char *md_vocabulary_num(struct md_arena *arena, double x)
{
    char digits[64], *out, *p;
    size_t n, i, whole;

    if (!isfinite(x) || fabs(x) > 1e18)
        return "very many";
    if (x == floor(x))
        snprintf(digits, sizeof digits, "%.0f", fabs(x));
    else
        snprintf(digits, sizeof digits, fabs(x) < 1 ? "%.2f" : "%.1f", fabs(x));
    n = strlen(digits);
    whole = strcspn(digits, ".");
    p = out = md_arena_alloc(arena, 2 * n + 2);
    if (x < 0)
        *p++ = '-';
    for (i = 0; i < n; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            *p++ = ',';
        *p++ = digits[i];
    }
    return out;
}

const char *md_vocabulary_dur(struct md_arena *arena, double seconds)
{
    if (!isfinite(seconds) || seconds > 1e12)
        return "very long";
    return md_duration_text(arena, seconds > 0 ? seconds : 0);
}

/* The upvalue of the functions of texts: the arena of what one evaluation needs. */
static struct md_arena *scratch_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static int vocabulary_pct(lua_State *L)
{
    lua_pushstring(L, md_vocabulary_pct(scratch_of(L), luaL_checknumber(L, 1)));
    return 1;
}

static int vocabulary_num(lua_State *L)
{
    lua_pushstring(L, md_vocabulary_num(scratch_of(L), luaL_checknumber(L, 1)));
    return 1;
}

static int vocabulary_dur(lua_State *L)
{
    lua_pushstring(L, md_vocabulary_dur(scratch_of(L), luaL_checknumber(L, 1)));
    return 1;
}

/* Second upvalue: the most bytes of it. */
static int vocabulary_text(lua_State *L)
{
    struct md_str bytes;

    luaL_checkany(L, 1);
    bytes.p = luaL_tolstring(L, 1, &bytes.n);
    lua_pushstring(L, md_display_max(scratch_of(L), bytes, (size_t)lua_tointeger(L, lua_upvalueindex(2))));
    return 1;
}

/* The word for argument `index`, or NULL where it is nothing to type. */
static const char *command_word(lua_State *L, struct md_arena *arena, int index, int last, bool is_number)
{
    struct md_str value;

    if (index > last)
        luaL_error(L, "command: more %%s and %%d than values");
    if (lua_type(L, index) == LUA_TNUMBER && !lua_isinteger(L, index) &&
        lua_tonumber(L, index) == floor(lua_tonumber(L, index)))
        return md_arena_printf(arena, "%.0f", lua_tonumber(L, index));
    if (lua_isinteger(L, index)) /* a whole number may be negative, which is no option here */
        return md_arena_printf(arena, "%lld", (long long)lua_tointeger(L, index));
    if (lua_type(L, index) != LUA_TSTRING || is_number)
        return NULL;
    value.p = lua_tolstring(L, index, &value.n);
    return md_shell_word(arena, value);
}

static int vocabulary_command(lua_State *L)
{
    struct md_arena *arena = md_reader_scratch(md_reader_of(L));
    int last = lua_gettop(L), next = 2;
    char line[COMMAND_MAX + 1];
    struct md_str format;
    size_t i, n = 0;

    format.p = luaL_checklstring(L, 1, &format.n);
    for (i = 0; i < format.n; i++) {
        const char *word = NULL;
        size_t length = 1;

        if (format.p[i] == '%' && i + 1 < format.n && (format.p[i + 1] == 's' || format.p[i + 1] == 'd')) {
            word = command_word(L, arena, next++, last, format.p[i + 1] == 'd');
            if (word == NULL) {
                lua_pushnil(L);
                return 1;
            }
            length = strlen(word);
            i++;
        } else if (format.p[i] == '%' && i + 1 < format.n && format.p[i + 1] == '%') {
            i++;
        }
        if (n + length > COMMAND_MAX)
            return luaL_error(L, "command: more than %d bytes", COMMAND_MAX);
        memcpy(line + n, word != NULL ? word : format.p + i, length);
        n += length;
    }
    if (next <= last)
        return luaL_error(L, "command: more values than %%s and %%d");
    lua_pushlstring(L, line, n);
    return 1;
}

static int vocabulary_scope_name(lua_State *L)
{
    lua_pushstring(L, md_handle_check(L, 1)->scope->name);
    return 1;
}

void md_vocabulary_open_texts(lua_State *L, struct md_arena *scratch, size_t text_max)
{
    static const luaL_Reg functions[] = {
        {"pct", vocabulary_pct},
        {"num", vocabulary_num},
        {"dur", vocabulary_dur},
        {"text", vocabulary_text},
    };
    size_t i;

    for (i = 0; i < sizeof functions / sizeof *functions; i++) {
        lua_pushlightuserdata(L, scratch);
        lua_pushinteger(L, (lua_Integer)text_max);
        lua_pushcclosure(L, functions[i].func, 2);
        md_sandbox_set_global(L, functions[i].name);
    }
}

void md_vocabulary_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"known", vocabulary_known},
        {"value", vocabulary_value},
        {"any", vocabulary_any},
        {"all", vocabulary_all},
        {"failed", vocabulary_failed},
        {"command", vocabulary_command},
        {"scope_name", vocabulary_scope_name},
    };
    size_t i;

    for (i = 0; i < sizeof functions / sizeof *functions; i++) {
        lua_pushcfunction(L, functions[i].func);
        md_sandbox_set_global(L, functions[i].name);
    }
    md_vocabulary_open_texts(L, md_reader_scratch(md_reader_of(L)), TEXT_MAX);
}
