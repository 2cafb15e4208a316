#include "engine/sandbox.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/base/arena.h"
#include "engine/base/num.h"
#include "engine/base/pool.h"
#include "engine/sandbox_priv.h"

#define HOOK_INTERVAL 1000
#define SAYS_MAX 600
#define BLOCKED_MAX 200
#define COLLECT_AT ((size_t)48 * 1024 * 1024)

const struct md_budget md_budget_load = {32 * 1024 * 1024, 20 * 1000 * 1000, 5 * 1000 * 1000};
const struct md_budget md_budget_call = {8 * 1024 * 1024, 2 * 1000 * 1000, 2 * 1000 * 1000};
const struct md_budget md_budget_check = {16 * 1024 * 1024, 10 * 1000 * 1000, 5 * 1000 * 1000};

/* Its address is the error value that abandons a run. Rules cannot make light userdata, so they cannot raise it
 * themselves. */
static const char abandoned_key;
const char md_sandbox_globals_key;

struct chunk {
    struct chunk *next;
    const char *name;
};

struct md_sandbox {
    lua_State *L;
    struct md_pool *pool;   /* all memory of the state */
    struct md_arena *arena; /* names of chunks: places must outlive the Lua strings */
    void *user;
    struct chunk *chunks;
    size_t in_use, limit, collect_at;
    uint64_t fail_allocation;
    bool is_running, was_refused;
    /* of the present run */
    uint64_t ticks, ticks_max;
    int64_t began_us, time_us;
    enum md_call cause;
    struct md_loc place;
    char says[SAYS_MAX];
    char blocked[BLOCKED_MAX];
};

static void *allocate(void *ud, void *old, size_t old_size, size_t new_size)
{
    struct md_sandbox *sandbox = ud;

    if (old == NULL)
        old_size = 0; /* then it is a kind of object */
    if (new_size == 0) {
        sandbox->in_use -= old_size;
        md_pool_release(sandbox->pool, old, old_size);
        return NULL;
    }
    if (new_size > old_size && sandbox->is_running) {
        /* An injected failure stays until the run ends: Lua tries again after a collection. */
        bool is_injected = sandbox->fail_allocation > 0 && --sandbox->fail_allocation == 0;

        if (is_injected)
            sandbox->fail_allocation = 1;
        if (is_injected || new_size - old_size > sandbox->limit - sandbox->in_use) {
            sandbox->was_refused = true;
            return NULL;
        }
    }
    sandbox->in_use += new_size - old_size;
    return md_pool_resize(sandbox->pool, old, old_size, new_size);
}

static int64_t now_us(void)
{
    struct timespec ts;

    if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
        return 0;
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

struct md_sandbox *md_sandbox_of(lua_State *L)
{
    return *(struct md_sandbox **)lua_getextraspace(L);
}

void md_sandbox_check_time(lua_State *L)
{
    struct md_sandbox *sandbox = md_sandbox_of(L);
    int64_t now;

    if (!sandbox->is_running)
        return;
    now = now_us();
    /* The clock starts when it is first asked, which spares the many short runs from asking at all. */
    if (sandbox->began_us == 0) {
        sandbox->began_us = now;
    } else if (now - sandbox->began_us > sandbox->time_us) {
        sandbox->cause = MD_CALL_TIME;
        luaL_error(L, "it took longer than %d s", (int)(sandbox->time_us / 1000000));
    }
}

static void on_count(lua_State *L, lua_Debug *ar)
{
    struct md_sandbox *sandbox = md_sandbox_of(L);

    (void)ar;
    if (!sandbox->is_running)
        return;
    if (++sandbox->ticks > sandbox->ticks_max) {
        sandbox->cause = MD_CALL_INSTRUCTIONS;
        luaL_error(L, "it does not end: more than %d thousand steps", (int)sandbox->ticks_max);
    }
    md_sandbox_check_time(L);
}

static int on_panic(lua_State *L)
{
    MD_BUG("an error outside a protected call: %s", lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "no text");
}

static int open_state(lua_State *L)
{
    md_sandbox_open_library(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &md_sandbox_globals_key);
    return 0;
}

struct md_sandbox *md_sandbox_new(void)
{
    static const struct md_budget opening = {4 * 1024 * 1024, 1000 * 1000, 10 * 1000 * 1000};
    struct md_sandbox *sandbox = md_xcalloc(1, sizeof *sandbox);

    sandbox->arena = md_arena_new();
    sandbox->pool = md_pool_new();
    sandbox->limit = SIZE_MAX;
    sandbox->collect_at = COLLECT_AT;
#if LUA_VERSION_NUM >= 505
    sandbox->L = lua_newstate(allocate, sandbox, 0);
#else
    sandbox->L = lua_newstate(allocate, sandbox);
#endif
    if (sandbox->L == NULL)
        md_oom(sizeof *sandbox);
    lua_atpanic(sandbox->L, on_panic);
    *(struct md_sandbox **)lua_getextraspace(sandbox->L) = sandbox;
    /* Runs are short and bounded; what they leave is collected between them. An allocation over the limit still
     * collects. */
    lua_gc(sandbox->L, LUA_GCSTOP);
    if (md_sandbox_run(sandbox, &opening, open_state, NULL) != MD_CALL_OK)
        MD_BUG("the library of rules does not open: %s", sandbox->says);
    lua_sethook(sandbox->L, on_count, LUA_MASKCOUNT, HOOK_INTERVAL);
    return sandbox;
}

void md_sandbox_free(struct md_sandbox **sandbox)
{
    if (*sandbox == NULL)
        return;
#ifndef NDEBUG
    /* Nothing in the state needs to be closed: its memory goes with the pool. */
    lua_close((*sandbox)->L);
    if ((*sandbox)->in_use != 0)
        MD_BUG("a Lua state leaves %zu bytes", (*sandbox)->in_use);
#endif
    md_pool_free(&(*sandbox)->pool);
    md_arena_free(&(*sandbox)->arena);
    free(*sandbox);
    *sandbox = NULL;
}

lua_State *md_sandbox_lua(const struct md_sandbox *sandbox)
{
    return sandbox->L;
}

void md_sandbox_set_user(struct md_sandbox *sandbox, void *user)
{
    sandbox->user = user;
}

void *md_sandbox_user(lua_State *L)
{
    return md_sandbox_of(L)->user;
}

/* The chunk's own name where it is known: Lua shortens long ones and frees them. */
static const char *lasting_name(const struct md_sandbox *sandbox, struct md_str name)
{
    const struct chunk *chunk;

    for (chunk = sandbox->chunks; chunk != NULL; chunk = chunk->next)
        if (md_str_is(name, chunk->name))
            return chunk->name;
    return NULL;
}

struct md_loc md_sandbox_here(lua_State *L)
{
    const struct md_sandbox *sandbox = md_sandbox_of(L);
    lua_Debug ar;
    int level;

    for (level = 1; lua_getstack(L, level, &ar) != 0; level++) {
        if (lua_getinfo(L, "Sl", &ar) == 0 || ar.currentline <= 0 || ar.source[0] != '@')
            continue;
        return (struct md_loc){lasting_name(sandbox, md_str(ar.source + 1)), (uint32_t)ar.currentline, 0};
    }
    return (struct md_loc){0};
}

/* Takes "rules/x.lua:12: " off the front of a message. False: there is no such front. */
static bool split_place(const struct md_sandbox *sandbox, struct md_str *message, struct md_loc *ret)
{
    const struct chunk *chunk;
    uint64_t line;

    for (chunk = sandbox->chunks; chunk != NULL; chunk = chunk->next) {
        struct md_str rest = *message;

        if (md_str_skip_prefix(&rest, md_str(chunk->name)) && md_str_skip_prefix(&rest, MD_LIT(":")) &&
            md_num_u64(&rest, UINT32_MAX, &line) == MD_OK && md_str_skip_prefix(&rest, MD_LIT(": "))) {
            *message = rest;
            *ret = (struct md_loc){chunk->name, (uint32_t)line, 0};
            return true;
        }
    }
    return false;
}

/* Runs where the error was raised, so the stack still tells the place. */
static int on_error(lua_State *L)
{
    struct md_sandbox *sandbox = md_sandbox_of(L);
    struct md_str message;

    if (lua_touserdata(L, 1) == &abandoned_key || sandbox->says[0] != '\0')
        return 1;
    if (lua_type(L, 1) == LUA_TSTRING)
        message.p = lua_tolstring(L, 1, &message.n);
    else
        message = md_str(lua_isnil(L, 1) ? "it raised nothing" : "it raised something that is no text");
    if (!split_place(sandbox, &message, &sandbox->place))
        sandbox->place = md_sandbox_here(L);
    snprintf(sandbox->says, sizeof sandbox->says, "%.*s", (int)(message.n < SAYS_MAX ? message.n : SAYS_MAX),
             message.p);
    return 1;
}

static enum md_call classify(struct md_sandbox *sandbox, int status)
{
    if (status == LUA_OK)
        return MD_CALL_OK;
    if (lua_touserdata(sandbox->L, -1) == &abandoned_key)
        return MD_CALL_ABANDONED;
    if (sandbox->cause != MD_CALL_OK)
        return sandbox->cause;
    if (status == LUA_ERRMEM || sandbox->was_refused) {
        /* Lua's own text is bare, and the handler is not called. */
        snprintf(sandbox->says, sizeof sandbox->says, "it needs more memory than a rule may use");
        return MD_CALL_MEMORY;
    }
    if (sandbox->says[0] == '\0')
        snprintf(sandbox->says, sizeof sandbox->says, "it failed without a message");
    return MD_CALL_RULE_ERROR;
}

enum md_call md_sandbox_run(struct md_sandbox *sandbox, const struct md_budget *budget, lua_CFunction function,
                            void *argument)
{
    lua_State *L = sandbox->L;
    int base = lua_gettop(L), status;
    enum md_call call;

    if (sandbox->is_running)
        MD_BUG("a run within a run");
    if (!lua_checkstack(L, 20))
        md_oom(0);
    lua_pushcfunction(L, on_error);
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    sandbox->ticks = 0;
    sandbox->ticks_max = (budget->instructions + HOOK_INTERVAL - 1) / HOOK_INTERVAL;
    sandbox->began_us = 0;
    sandbox->time_us = budget->microseconds;
    sandbox->limit = sandbox->in_use > SIZE_MAX - budget->bytes ? SIZE_MAX : sandbox->in_use + budget->bytes;
    sandbox->cause = MD_CALL_OK;
    sandbox->was_refused = false;
    sandbox->says[0] = '\0';
    sandbox->place = (struct md_loc){0};
    sandbox->is_running = true;
    status = lua_pcall(L, 1, 0, base + 1);
    sandbox->is_running = false;
    sandbox->limit = SIZE_MAX;
    call = classify(sandbox, status);
    lua_settop(L, base);
    if (sandbox->in_use > sandbox->collect_at) {
        lua_gc(L, LUA_GCCOLLECT);
        sandbox->collect_at = sandbox->in_use > COLLECT_AT / 2 ? 2 * sandbox->in_use : COLLECT_AT;
    }
    return call;
}

const char *md_sandbox_says(const struct md_sandbox *sandbox)
{
    return sandbox->says;
}

struct md_loc md_sandbox_place(const struct md_sandbox *sandbox)
{
    return sandbox->place;
}

static int refuse_assignment(lua_State *L)
{
    return luaL_error(L, "%s is assigned but was not declared `local`",
                      lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "a global name");
}

void md_sandbox_compile(lua_State *L, const char *path, struct md_str text, struct md_str code)
{
    struct md_sandbox *sandbox = md_sandbox_of(L);
    const char *source = lua_pushfstring(L, "@rules/%s", path);
    struct chunk *chunk;

    if (lasting_name(sandbox, md_str(source + 1)) == NULL) {
        chunk = md_arena_alloc(sandbox->arena, sizeof *chunk);
        chunk->name = md_arena_cstr(sandbox->arena, md_str(source + 1));
        chunk->next = sandbox->chunks;
        sandbox->chunks = chunk;
    }
    /* Code that another Lua made is refused by its header; then the text serves. */
    if (code.n > 0 && luaL_loadbufferx(L, code.p, code.n, source, "b") != LUA_OK) {
        lua_pop(L, 1);
        code.n = 0;
    }
    if (code.n == 0 && luaL_loadbufferx(L, text.p, text.n, source, "t") != LUA_OK)
        lua_error(L);
    lua_remove(L, -2);
    /* Its own environment, empty, over the names that all rules share; what is not there cannot be made. */
    lua_newtable(L);
    lua_createtable(L, 0, 3);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &md_sandbox_globals_key);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_assignment);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    if (lua_setupvalue(L, -2, 1) == NULL)
        MD_BUG("a chunk without an environment");
}

void md_sandbox_set_global(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &md_sandbox_globals_key);
    lua_pushstring(L, name);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 2);
}

_Noreturn static void raise(lua_State *L)
{
    lua_error(L);
    MD_BUG("an error that was raised came back");
}

void md_sandbox_abandon(lua_State *L)
{
    lua_pushlightuserdata(L, (void *)(uintptr_t)&abandoned_key);
    raise(L);
}

bool md_sandbox_try(lua_State *L, int arguments, int results)
{
    struct md_sandbox *sandbox = md_sandbox_of(L);
    int handler = lua_gettop(L) - arguments, status;

    luaL_checkstack(L, 5, "too deep");
    lua_pushcfunction(L, on_error);
    lua_insert(L, handler);
    status = lua_pcall(L, arguments, results, handler);
    lua_remove(L, handler);
    if (status == LUA_OK)
        return true;
    if (lua_touserdata(L, -1) == &abandoned_key) {
        lua_pop(L, 1);
        return false;
    }
    if (status == LUA_ERRMEM && sandbox->cause == MD_CALL_OK)
        sandbox->cause = MD_CALL_MEMORY;
    raise(L);
}

void md_sandbox_blocked(lua_State *L, const char *name)
{
    struct md_sandbox *sandbox = md_sandbox_of(L);
    size_t n = strlen(sandbox->blocked);

    if (md_str_find(md_str(sandbox->blocked), md_str(name)) < 0)
        snprintf(sandbox->blocked + n, sizeof sandbox->blocked - n, "%s%s", n > 0 ? " " : "", name);
    sandbox->cause = MD_CALL_BLOCKED;
    luaL_error(L, "%s is not available to rules", name);
    MD_BUG("an error that was raised came back");
}

void md_sandbox_fail_allocation(struct md_sandbox *sandbox, uint64_t n)
{
    sandbox->fail_allocation = n;
}

size_t md_sandbox_bytes(const struct md_sandbox *sandbox)
{
    return sandbox->in_use;
}

const char *md_sandbox_blocked_names(const struct md_sandbox *sandbox)
{
    return sandbox->blocked;
}
