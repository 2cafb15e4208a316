#include <lauxlib.h>
#include <stdlib.h>

#include "engine/load_priv.h"

#define ID_MAX 100

static const char loader_key;

/* ---- files ---- */

bool md_load_is_library(const char *path)
{
    return md_str_has_prefix(md_str(path), MD_LIT("lib/"));
}

static bool is_below(const char *path, struct md_str folder)
{
    return md_str_has_prefix(md_str(path), md_str_from(folder, 1)) || md_str_find(md_str(path), folder) >= 0;
}

bool md_load_is_check(const char *path)
{
    return is_below(path, MD_LIT("/check/"));
}

bool md_load_is_wizard(const char *path)
{
    return is_below(path, MD_LIT("/wizard/"));
}

bool md_load_is_lua(const char *path)
{
    return md_str_has_suffix(md_str(path), MD_LIT(".lua"));
}

static int rank_of(const struct md_rule_file *file)
{
    return strcmp(file->path, "lib/thresholds.lua") == 0 ? 0 : md_load_is_library(file->path) ? 1 : 2;
}

static int by_path(const void *a, const void *b)
{
    const struct md_rule_file *x = a, *y = b;

    if (rank_of(x) != rank_of(y))
        return rank_of(x) - rank_of(y);
    return strcmp(x->path, y->path);
}

struct md_rule_file *md_load_sorted(struct md_arena *arena, const struct md_rules_input *input)
{
    struct md_rule_file *files = md_arena_array(arena, input->n, sizeof *files);

    if (input->n > 0) {
        memcpy(files, input->files, input->n * sizeof *files);
        qsort(files, input->n, sizeof *files, by_path);
    }
    return files;
}

/* ---- running ---- */

void md_load_run(struct md_loader *loader, lua_CFunction function, void *argument, const char *path)
{
    struct md_loc loc;

    if (md_sandbox_run(loader->sandbox, &md_budget_load, function, argument) == MD_CALL_OK)
        return;
    loc = md_sandbox_place(loader->sandbox);
    if (loc.file == NULL)
        loc.file = md_arena_printf(loader->arena, "rules/%s", path);
    md_diags_add(loader->diags, MD_ERROR, loc, "the rest of the file is left out: %s",
                 md_sandbox_says(loader->sandbox));
}

static int set_loader(lua_State *L)
{
    /* A light userdata that is NULL would not be nil. */
    if (lua_touserdata(L, 1) == NULL)
        lua_pushnil(L);
    else
        lua_pushvalue(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &loader_key);
    return 0;
}

void md_load_open(struct md_loader *loader)
{
    md_load_run(loader, set_loader, loader, "");
}

void md_load_close(struct md_loader *loader)
{
    md_load_run(loader, set_loader, NULL, "");
}

struct running {
    struct md_loader *loader;
    const struct md_rule_file *file;
};

/* Values of `name = { value =, means =, source = }` in the table at the top take the place of their entries. */
static void unwrap_values(lua_State *L, const struct md_loader *loader)
{
    int table = lua_gettop(L);

    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        struct md_load_value value;

        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TTABLE)
            continue;
        if (lua_getfield(L, -1, "value") != LUA_TNUMBER) {
            lua_pop(L, 1);
            continue;
        }
        value.name = lua_tostring(L, -3);
        value.value = lua_tonumber(L, -1);
        value.has_means = lua_getfield(L, -2, "means") == LUA_TSTRING;
        value.has_source = lua_getfield(L, -3, "source") == LUA_TSTRING;
        if (loader->note != NULL)
            loader->note(loader->user, &value);
        lua_pop(L, 2);
        lua_pushvalue(L, -3);
        lua_insert(L, -2);
        lua_rawset(L, table); /* a key that is there: the traversal goes on */
    }
}

static const char *library_name(struct md_arena *arena, const char *path)
{
    struct md_str name = md_str(path);
    ptrdiff_t slash = md_str_rfind_char(name, '/');

    name = md_str_from(name, (size_t)(slash + 1));
    return md_arena_cstr(arena, md_str_sub(name, 0, name.n - 4));
}

static int run_file(lua_State *L)
{
    const struct running *running = lua_touserdata(L, 1);

    md_sandbox_compile(L, running->file->path, running->file->text, running->file->code);
    lua_call(L, 0, 1);
    if (!md_load_is_library(running->file->path))
        return 0;
    if (lua_type(L, -1) != LUA_TTABLE)
        return luaL_error(L, "a file of lib/ returns one table");
    unwrap_values(L, running->loader);
    md_sandbox_freeze(L);
    md_sandbox_set_global(L, library_name(running->loader->arena, running->file->path));
    return 0;
}

void md_load_file(struct md_loader *loader, const struct md_rule_file *file)
{
    struct running running = {loader, file};

    md_load_run(loader, run_file, &running, file->path);
}

/* ---- declarations ---- */

/* Dotted kebab-case. */
static bool is_id(struct md_str id)
{
    size_t i;

    if (id.n == 0 || id.n > ID_MAX)
        return false;
    for (i = 0; i < id.n; i++) {
        bool is_edge = i == 0 || i + 1 == id.n || id.p[i - 1] == '.' || id.p[i - 1] == '-';
        bool is_plain = (id.p[i] >= 'a' && id.p[i] <= 'z') || md_is_digit(id.p[i]);

        if (!is_plain && (is_edge || (id.p[i] != '.' && id.p[i] != '-')))
            return false;
    }
    return true;
}

static struct md_loader *loader_of(lua_State *L)
{
    struct md_loader *loader;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &loader_key);
    loader = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return loader;
}

struct word {
    const char *word;
    int kind;
    md_load_declare *declare;
};

/* Upvalues: the word and the id. Argument: the table. */
static int declare_body(lua_State *L)
{
    const struct word *word = lua_touserdata(L, lua_upvalueindex(1));
    struct md_loader *loader = loader_of(L);

    if (loader == NULL)
        return luaL_error(L, "declarations stand at the top of a file, not in a function that is called later");
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    word->declare(L, loader, word->kind, md_arena_cstr(loader->arena, md_str(lua_tostring(L, lua_upvalueindex(2)))),
                  md_sandbox_here(L));
    return 0;
}

/* finding "id" { ... }; upvalue: the word. */
static int begin_declaration(lua_State *L)
{
    struct md_str id;

    if (loader_of(L) == NULL)
        return luaL_error(L, "declarations stand at the top of a file, not in a function that is called later");
    id.p = luaL_checklstring(L, 1, &id.n);
    if (!is_id(id))
        return luaL_error(L, "%s is no id: dotted-and.kebab-case, at most %d characters", id.p, ID_MAX);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, declare_body, 2);
    return 1;
}

static int define_word(lua_State *L)
{
    const struct word *word = lua_touserdata(L, 1);

    lua_pushcclosure(L, begin_declaration, 1);
    md_sandbox_set_global(L, word->word);
    return 0;
}

void md_load_word(struct md_loader *loader, const char *word, int kind, md_load_declare *declare)
{
    struct word *entry = md_arena_alloc(loader->arena, sizeof *entry);

    *entry = (struct word){word, kind, declare};
    md_load_run(loader, define_word, entry, "");
}
