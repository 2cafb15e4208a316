#include "engine/handle.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>

#include "engine/base/map.h"
#include "engine/handle_priv.h"

const char md_handle_cache_key, md_handle_metatables_key;

/* Codes in a scope's table of fields: facts have their index, other fields are negative. */
enum { FIELD_NAME = -1, FIELD_SCOPE = -2 /* and below: the enclosing scope FIELD_SCOPE - code */ };

/* A read was logged in this evaluation where `generation` is the present one. */
struct seen {
    const struct md_instance *at;
    const struct md_fact_def *def;
    uint32_t evaluation;
};

struct md_reader {
    const struct md_catalogue *catalogue;
    struct md_facts *facts;
    const struct md_fact *supposed; /* instead of what the store says, or NULL */
    uint32_t generation;            /* of the store */
    uint32_t evaluation;
    struct md_arena *scratch;
    struct md_map *phantoms; /* instances that were asked for by name but do not exist */
    struct md_read *reads;
    size_t n_reads, reads_capacity;
    struct seen *seen;
    size_t seen_size; /* a power of two, over twice the number of reads */
    struct md_read missing;
    bool is_missing;
    bool has_walked; /* over the instances of a scope */
    const struct md_fact *inexact[MD_READER_BOUNDS];
    size_t n_inexact;
    unsigned pass;
};

struct md_reader *md_reader_new(const struct md_catalogue *catalogue)
{
    struct md_reader *reader = md_xcalloc(1, sizeof *reader);

    reader->catalogue = catalogue;
    reader->scratch = md_arena_new();
    reader->seen_size = 256;
    reader->seen = md_xcalloc(reader->seen_size, sizeof *reader->seen);
    return reader;
}

void md_reader_free(struct md_reader **reader)
{
    if (*reader == NULL)
        return;
    md_arena_free(&(*reader)->scratch);
    free((*reader)->reads);
    free((*reader)->seen);
    free(*reader);
    *reader = NULL;
}

struct md_reader *md_reader_of(lua_State *L)
{
    return md_sandbox_user(L);
}

static int forget_handles(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &md_handle_cache_key);
    return 0;
}

void md_reader_bind(struct md_reader *reader, struct md_sandbox *sandbox, struct md_facts *facts)
{
    if (md_sandbox_run(sandbox, &md_budget_call, forget_handles, NULL) != MD_CALL_OK)
        MD_BUG("a table of handles: %s", md_sandbox_says(sandbox));
    reader->facts = facts;
    reader->supposed = NULL;
    reader->generation++;
    reader->phantoms = facts != NULL ? md_map_new(md_facts_arena(facts)) : NULL;
    md_reader_begin(reader);
}

struct md_facts *md_reader_facts(const struct md_reader *reader)
{
    return reader->facts;
}

struct md_arena *md_reader_scratch(const struct md_reader *reader)
{
    return reader->scratch;
}

void md_reader_begin(struct md_reader *reader)
{
    reader->evaluation++;
    reader->n_reads = 0;
    reader->is_missing = false;
    reader->has_walked = false;
    reader->n_inexact = 0;
    reader->pass = 0;
    if (md_arena_used(reader->scratch) > 0)
        md_arena_clear(reader->scratch);
}

const struct md_read *md_reader_reads(const struct md_reader *reader, size_t *ret_n)
{
    *ret_n = reader->n_reads;
    return reader->reads;
}

const struct md_read *md_reader_missing(const struct md_reader *reader)
{
    return reader->is_missing ? &reader->missing : NULL;
}

void md_reader_set_missing(struct md_reader *reader, const struct md_read *missing)
{
    reader->is_missing = missing != NULL;
    if (missing != NULL)
        reader->missing = *missing;
}

/* The place of a read in the table of those that were seen. */
static struct seen *seen_slot(struct seen *table, size_t size, uint32_t evaluation, const struct md_instance *at,
                              const struct md_fact_def *def)
{
    uint64_t hash =
        ((uint64_t)(uintptr_t)at >> 4) * UINT64_C(0x9e3779b97f4a7c15) + def->index * UINT64_C(0xff51afd7ed558ccd);
    size_t i;

    for (i = (size_t)(hash >> 32) & (size - 1);; i = (i + 1) & (size - 1))
        if (table[i].evaluation != evaluation || (table[i].at == at && table[i].def == def))
            return &table[i];
}

static void grow_seen(struct md_reader *reader)
{
    size_t size = reader->seen_size * 2, i;
    struct seen *table = md_xcalloc(size, sizeof *table);

    for (i = 0; i < reader->seen_size; i++) {
        const struct seen *old = &reader->seen[i];

        if (old->evaluation == reader->evaluation)
            *seen_slot(table, size, reader->evaluation, old->at, old->def) = *old;
    }
    free(reader->seen);
    reader->seen = table;
    reader->seen_size = size;
}

static void log_read(struct md_reader *reader, const struct md_fact *fact, const struct md_fact_def *def,
                     const struct md_instance *at)
{
    struct seen *slot = seen_slot(reader->seen, reader->seen_size, reader->evaluation, at, def);

    if (slot->evaluation == reader->evaluation)
        return;
    *slot = (struct seen){at, def, reader->evaluation};
    if (reader->n_reads == reader->reads_capacity) {
        reader->reads_capacity = reader->reads_capacity > 0 ? 2 * reader->reads_capacity : 64;
        reader->reads = md_xrealloc(reader->reads, reader->reads_capacity * sizeof *reader->reads);
    }
    reader->reads[reader->n_reads++] = (struct md_read){fact, def, at};
    if (2 * reader->n_reads >= reader->seen_size)
        grow_seen(reader);
}

bool md_reader_saw_nothing(const struct md_reader *reader)
{
    return reader->has_walked && reader->n_reads == 0;
}

unsigned md_reader_passes(const struct md_reader *reader)
{
    return reader->n_inexact > 0 ? 1u << reader->n_inexact : 0;
}

void md_reader_set_pass(struct md_reader *reader, unsigned pass)
{
    reader->pass = pass;
}

enum bound md_reader_bound(struct md_reader *reader, const struct md_fact *fact)
{
    size_t i;

    for (i = 0; i < reader->n_inexact && reader->inexact[i] != fact; i++)
        ;
    if (i == reader->n_inexact && i < MD_READER_BOUNDS && reader->pass == 0)
        reader->inexact[reader->n_inexact++] = fact;
    if (reader->pass == 0 || reader->n_inexact == 0)
        return BOUND_VALUE;
    if (i == reader->n_inexact)
        i = fact->def->index % reader->n_inexact; /* more than there are choices for */
    return ((reader->pass - 1) >> i & 1) != 0 ? BOUND_HIGH : BOUND_LOW;
}

void md_reader_abandon(lua_State *L, const struct md_fact *fact, const struct md_fact_def *def,
                       const struct md_instance *at)
{
    md_reader_set_missing(md_reader_of(L), &(struct md_read){fact, def, at});
    md_sandbox_abandon(L);
}

/* ---- handles ---- */

struct handle *md_handle_new(lua_State *L, lua_Integer metatable)
{
    struct handle *handle = lua_newuserdatauv(L, sizeof *handle, 0);

    *handle = (struct handle){.generation = md_reader_of(L)->generation};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &md_handle_metatables_key);
    lua_rawgeti(L, -1, metatable);
    lua_setmetatable(L, -3);
    lua_pop(L, 1);
    return handle;
}

struct handle *md_handle_payload(lua_State *L, int index, enum handle_kind kind)
{
    static const char *const says[] = {"an instance of a scope", "a collection of counts", "a set of texts"};
    struct handle *handle = lua_type(L, index) == LUA_TUSERDATA ? lua_touserdata(L, index) : NULL;

    if (handle == NULL || handle->kind != kind)
        luaL_error(L, "%s is wanted, not a %s (a method is called with a colon)", says[kind - HANDLE_INSTANCE],
                   luaL_typename(L, index));
    else if (handle->generation != md_reader_of(L)->generation)
        luaL_error(L, "a handle of other facts: rules must not keep handles");
    return handle;
}

struct md_instance *md_handle_check(lua_State *L, int index)
{
    return md_handle_payload(L, index, HANDLE_INSTANCE)->at;
}

static bool is_phantom(const struct md_instance *at)
{
    return at->index == SIZE_MAX;
}

void md_handle_push(lua_State *L, struct md_instance *at)
{
    struct handle *handle;

    luaL_checkstack(L, 8, "handles");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &md_handle_cache_key);
    if (lua_rawgetp(L, -1, at) == LUA_TUSERDATA) {
        lua_remove(L, -2);
        return;
    }
    lua_pop(L, 1);
    handle = md_handle_new(L, (lua_Integer)at->scope->index + 1);
    handle->kind = HANDLE_INSTANCE;
    handle->at = at;
    lua_pushvalue(L, -1);
    lua_rawsetp(L, -3, at);
    lua_remove(L, -2);
}

int md_handle_refuse_change(lua_State *L)
{
    return luaL_error(L, "facts are read-only");
}

void md_push_number(lua_State *L, double x)
{
    if (x == floor(x) && fabs(x) < 9e15)
        lua_pushinteger(L, (lua_Integer)x);
    else
        lua_pushnumber(L, x);
}

static double at_bound(struct md_reader *reader, const struct md_fact *fact, double value)
{
    if (!fact->has_bounds)
        return value;
    switch (md_reader_bound(reader, fact)) {
    case BOUND_LOW: return fact->low;
    case BOUND_HIGH: return fact->high;
    case BOUND_VALUE: break;
    }
    return value;
}

static void push_value(lua_State *L, struct md_reader *reader, const struct md_fact *fact)
{
    const struct md_value *value = &fact->value;

    switch (value->type) {
    case MD_TYPE_BOOL: lua_pushboolean(L, value->u.b); return;
    case MD_TYPE_COUNT: md_push_number(L, at_bound(reader, fact, (double)value->u.count)); return;
    case MD_TYPE_NUMBER:
    case MD_TYPE_DURATION: md_push_number(L, at_bound(reader, fact, value->u.number)); return;
    case MD_TYPE_TIME: md_push_number(L, ((double)md_facts_now(reader->facts) - (double)value->u.time) / 1e6); return;
    case MD_TYPE_TEXT: lua_pushlstring(L, value->u.text.p != NULL ? value->u.text.p : "", value->u.text.n); return;
    case MD_TYPE_COUNTS:
    case MD_TYPE_TEXTS: md_collection_push(L, fact); return;
    case MD_TYPE_COUNT_OF: break;
    }
    MD_BUG("fact %s of no type", fact->def->name);
}

/* Of two stores, or one of them in none. */
static bool is_same_place(const struct md_instance *a, const struct md_instance *b)
{
    for (; a != b && a != NULL && b != NULL; a = a->parent, b = b->parent)
        if (a->scope != b->scope || !md_str_eq(a->name, b->name))
            return false;
    return a == b;
}

void md_reader_suppose(struct md_reader *reader, const struct md_fact *fact)
{
    reader->supposed = fact;
}

static const struct md_fact *fact_of(const struct md_reader *reader, const struct md_instance *at,
                                     const struct md_fact_def *def)
{
    if (reader->supposed != NULL && reader->supposed->def == def && is_same_place(reader->supposed->at, at))
        return reader->supposed;
    return is_phantom(at) ? NULL : md_fact_get(reader->facts, at, def);
}

static bool is_named_root(const struct md_instance *at, const struct md_fact_def *def)
{
    return at->parent == NULL && at->name.n > 0 && strcmp(def->field, "name") == 0;
}

static int read_fact(lua_State *L, struct md_instance *at, const struct md_fact_def *def)
{
    struct md_reader *reader = md_reader_of(L);
    const struct md_fact *fact = fact_of(reader, at, def);

    log_read(reader, fact, def, at);
    if (fact == NULL || !fact->is_known) {
        if (!is_named_root(at, def))
            md_reader_abandon(L, fact, def, at);
        lua_pushlstring(L, at->name.p, at->name.n);
        return 1;
    }
    push_value(L, reader, fact);
    return 1;
}

/* Upvalue: the scope's table of fields, name -> code or method. */
static int handle_index(lua_State *L)
{
    struct md_instance *at = md_handle_check(L, 1);
    lua_Integer code;
    int type;

    lua_pushvalue(L, 2);
    type = lua_rawget(L, lua_upvalueindex(1));
    if (type == LUA_TFUNCTION)
        return 1;
    if (type != LUA_TNUMBER)
        return luaL_error(L, "a %s has no %s", at->scope->name,
                          lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "such field");
    code = lua_tointeger(L, -1);
    if (code >= 0)
        return read_fact(L, at, md_catalogue_fact_at(md_reader_of(L)->catalogue, (size_t)code));
    if (code == FIELD_NAME) {
        lua_pushlstring(L, at->name.n > 0 ? at->name.p : "", at->name.n);
        return 1;
    }
    while (at->scope->index != (size_t)(FIELD_SCOPE - code))
        at = at->parent;
    md_handle_push(L, at);
    return 1;
}

static int handle_text(lua_State *L)
{
    struct md_instance *at = md_handle_check(L, 1);

    lua_pushlstring(L, at->name.n > 0 ? at->name.p : "", at->name.n);
    return 1;
}

bool md_handle_is_known(lua_State *L, struct md_instance *at, int index)
{
    struct md_reader *reader = md_reader_of(L);
    struct md_str name;
    const struct md_fact_def *def;
    const struct md_fact *fact;

    name.p = luaL_checklstring(L, index, &name.n);
    def = md_catalogue_field(reader->catalogue, at->scope, name);
    if (def == NULL) {
        if (md_str_is(name, "name"))
            return true;
        luaL_error(L, "a %s has no fact %s", at->scope->name, name.p);
        return false;
    }
    fact = fact_of(reader, at, def);
    return (fact != NULL && fact->is_known) || is_named_root(at, def);
}

/* The next instance below `top` in the order of the tree, or NULL. */
static struct md_instance *next_below(struct md_instance *at, const struct md_instance *top, size_t depth)
{
    if (at->first_child != NULL && at->scope->depth < depth)
        return at->first_child;
    for (; at != top; at = at->parent)
        if (at->next_sibling != NULL)
            return at->next_sibling;
    return NULL;
}

/* Upvalues: the handle of the top, the scope, the instance before. */
static int next_instance(lua_State *L)
{
    struct md_instance *top = md_handle_check(L, lua_upvalueindex(1));
    const struct md_scope_def *scope = lua_touserdata(L, lua_upvalueindex(2));
    struct md_instance *at = lua_touserdata(L, lua_upvalueindex(3));

    if (at == NULL)
        return 0;
    do
        at = next_below(at, top, scope->depth);
    while (at != NULL && at->scope != scope);
    lua_pushlightuserdata(L, at);
    lua_replace(L, lua_upvalueindex(3));
    if (at == NULL)
        return 0;
    md_handle_push(L, at);
    return 1;
}

static bool is_below(const struct md_scope_def *scope, const struct md_scope_def *above)
{
    for (; scope != NULL; scope = scope->parent)
        if (scope->parent == above)
            return true;
    return false;
}

/* x:each("scope") */
static int handle_each(lua_State *L)
{
    struct md_instance *top = md_handle_check(L, 1);
    struct md_str name;
    const struct md_scope_def *scope;

    name.p = luaL_checklstring(L, 2, &name.n);
    scope = md_catalogue_scope(md_reader_of(L)->catalogue, name);
    if (scope == NULL || !is_below(scope, top->scope))
        return luaL_error(L, "there is no scope %s below a %s", name.p, top->scope->name);
    md_reader_of(L)->has_walked = true;
    lua_pushvalue(L, 1);
    lua_pushlightuserdata(L, (void *)(uintptr_t)scope);
    lua_pushlightuserdata(L, top);
    lua_pushcclosure(L, next_instance, 3);
    return 1;
}

/* An instance that does not exist, below nameless ones of the scopes between it and `top`. */
static struct md_instance *phantom(struct md_reader *reader, const struct md_scope_def *scope, struct md_str name,
                                   struct md_instance *top)
{
    struct md_instance *parent = scope->parent == top->scope ? top : phantom(reader, scope->parent, MD_LIT(""), top);
    struct md_arena *arena = md_facts_arena(reader->facts);
    uint64_t kind = (uint64_t)(uintptr_t)parent * 64 + scope->index;
    struct md_instance *at = md_map_find(reader->phantoms, kind, name);

    if (at != NULL)
        return at;
    at = md_arena_alloc(arena, sizeof *at);
    at->scope = scope;
    at->name = md_arena_str(arena, name);
    at->parent = parent;
    at->index = SIZE_MAX;
    md_map_set(reader->phantoms, kind, at->name, at);
    return at;
}

/* x:scope("name"): the instance below, or one of which nothing is known. Upvalue: the scope. */
static int handle_below(lua_State *L)
{
    struct md_instance *top = md_handle_check(L, 1), *at;
    const struct md_scope_def *scope = lua_touserdata(L, lua_upvalueindex(1));
    struct md_reader *reader = md_reader_of(L);
    struct md_str name;

    name.p = luaL_checklstring(L, 2, &name.n);
    if (scope->parent == top->scope && !is_phantom(top)) {
        at = md_facts_find_instance(reader->facts, scope, name, top);
    } else {
        for (at = next_below(top, top, scope->depth); at != NULL; at = next_below(at, top, scope->depth))
            if (at->scope == scope && md_str_eq(at->name, name))
                break;
    }
    md_handle_push(L, at != NULL ? at : phantom(reader, scope, name, top));
    return 1;
}

/* Pushes the table of fields of a scope. */
static void push_fields(lua_State *L, const struct md_catalogue *catalogue, const struct md_scope_def *scope)
{
    size_t n = md_catalogue_fact_count(catalogue), i;
    const struct md_scope_def *other;

    lua_createtable(L, 0, 64);
    lua_pushcfunction(L, handle_each);
    lua_setfield(L, -2, "each");
    lua_pushinteger(L, FIELD_NAME);
    lua_setfield(L, -2, "name");
    for (i = 0; i < md_catalogue_scope_count(catalogue); i++) {
        other = md_catalogue_scope_at(catalogue, i);
        if (is_below(other, scope)) {
            lua_pushlightuserdata(L, (void *)(uintptr_t)other);
            lua_pushcclosure(L, handle_below, 1);
            lua_setfield(L, -2, other->name);
        } else if (other == scope || is_below(scope, other)) {
            lua_pushinteger(L, FIELD_SCOPE - (lua_Integer)other->index);
            lua_setfield(L, -2, other->name);
        }
    }
    for (i = 0; i < n; i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(catalogue, i);

        if (def->scope != scope)
            continue;
        lua_pushinteger(L, (lua_Integer)i);
        lua_setfield(L, -2, def->field);
    }
}

void md_reader_open(lua_State *L, struct md_reader *reader)
{
    size_t i;

    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &md_handle_metatables_key);
    for (i = 0; i < md_catalogue_scope_count(reader->catalogue); i++) {
        lua_createtable(L, 0, 4);
        push_fields(L, reader->catalogue, md_catalogue_scope_at(reader->catalogue, i));
        lua_pushcclosure(L, handle_index, 1);
        lua_setfield(L, -2, "__index");
        lua_pushcfunction(L, md_handle_refuse_change);
        lua_setfield(L, -2, "__newindex");
        lua_pushcfunction(L, handle_text);
        lua_setfield(L, -2, "__tostring");
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pop(L, 1);
    md_collection_open(L);
}
