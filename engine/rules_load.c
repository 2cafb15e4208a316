#include "engine/rules.h"

#include <lauxlib.h>
#include <stdlib.h>

#include "engine/rules_priv.h"
#include "engine/vocabulary.h"

#define ID_MAX 100

static const char loader_key;

static struct md_rules *rules_of(lua_State *L)
{
    struct md_rules *rules;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &loader_key);
    rules = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return rules;
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

/* Puts it into the list, or in the place of the one that it replaces. */
static void add_declaration(struct md_rules *rules, struct declaration *new)
{
    struct declarations *all = &rules->declared[new->kind];
    struct declaration *old = md_map_find(rules->ids, new->kind, md_str(new->id)), **entry;
    size_t index = all->n;

    if (old != NULL) {
        index = new->kind == DECLARED_FINDING ? old->finding.index
                : new->kind == DECLARED_CAUSE ? old->cause.index
                                              : old->remedy.index;
        if (old->replaces == new->replaces)
            md_diags_add(rules->load_diags, MD_ERROR, new->loc, "%s is already declared in %s, line %u", new->id,
                         old->loc.file != NULL ? old->loc.file : "?", (unsigned)old->loc.line);
        if (!new->replaces || old->replaces)
            return;
        all->items[index] = new;
    } else {
        entry = md_arena_push(rules->arena, &all->items, &all->n, &all->capacity, sizeof *entry);
        *entry = new;
    }
    new->finding.index = new->cause.index = new->remedy.index = index;
    md_map_set(rules->ids, new->kind, md_str(new->id), new);
}

/* Upvalues: kind and id. Argument: the table. */
static int declare_body(lua_State *L)
{
    struct md_rules *rules = rules_of(L);
    struct declaration *new;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    new = md_arena_alloc(rules->arena, sizeof *new);
    new->kind = (enum declared)lua_tointeger(L, lua_upvalueindex(1));
    new->id = md_arena_cstr(rules->arena, md_str(lua_tostring(L, lua_upvalueindex(2))));
    new->loc = md_sandbox_here(L);
    if (!md_rules_read_declaration(L, rules, new))
        return 0;
    new->finding.id = new->cause.id = new->remedy.id = new->id;
    new->finding.loc = new->cause.loc = new->remedy.loc = new->loc;
    if (new->remedy.restart == NULL)
        new->remedy.restart = "none";
    if (!new->has_usual_urgency)
        new->cause.usual_urgency = MD_URGENCY_WATCH;
    add_declaration(rules, new);
    return 0;
}

/* finding "id" { ... }; upvalue: the kind. */
static int declare(lua_State *L)
{
    struct md_str id;

    if (rules_of(L) == NULL)
        return luaL_error(L, "declarations stand at the top of a file, not in a function that is called later");
    id.p = luaL_checklstring(L, 1, &id.n);
    if (!is_id(id))
        return luaL_error(L, "%s is no id: dotted-and.kebab-case, at most %d characters", id.p, ID_MAX);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, declare_body, 2);
    return 1;
}

/* ---- running files ---- */

struct loading {
    struct md_rules *rules;
    const struct md_rule_file *file;
    const char *library; /* its name, or NULL: a file with rules */
};

/* Values of `name = { value =, means =, source = }` in the table at the top take the place of their entries. */
static void unwrap_values(lua_State *L, struct md_rules *rules)
{
    int table = lua_gettop(L);

    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        struct threshold *threshold;

        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TTABLE)
            continue;
        if (lua_getfield(L, -1, "value") != LUA_TNUMBER) {
            lua_pop(L, 1);
            continue;
        }
        threshold = md_arena_push(rules->arena, &rules->thresholds, &rules->n_thresholds, &rules->thresholds_capacity,
                                  sizeof *threshold);
        threshold->name = md_arena_cstr(rules->arena, md_str(lua_tostring(L, -3)));
        threshold->value = lua_tonumber(L, -1);
        threshold->has_means = lua_getfield(L, -2, "means") == LUA_TSTRING;
        threshold->has_source = lua_getfield(L, -3, "source") == LUA_TSTRING;
        lua_pop(L, 2);
        lua_pushvalue(L, -3);
        lua_insert(L, -2);
        lua_rawset(L, table); /* a key that is there: the traversal goes on */
    }
}

static int run_file(lua_State *L)
{
    struct loading *loading = lua_touserdata(L, 1);

    md_sandbox_compile(L, loading->file->path, loading->file->text);
    lua_call(L, 0, 1);
    if (loading->library == NULL)
        return 0;
    if (lua_type(L, -1) != LUA_TTABLE)
        return luaL_error(L, "a file of lib/ returns one table");
    unwrap_values(L, loading->rules);
    md_sandbox_freeze(L);
    md_sandbox_set_global(L, loading->library);
    return 0;
}

static int open_rules(lua_State *L)
{
    static const char *const names[DECLARED_COUNT] = {"finding", "cause", "remedy"};
    struct md_rules *rules = lua_touserdata(L, 1);
    int i;

    lua_pushlightuserdata(L, rules);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &loader_key);
    md_reader_open(L, rules->reader);
    md_vocabulary_open(L);
    for (i = 0; i < DECLARED_COUNT; i++) {
        lua_pushinteger(L, i);
        lua_pushcclosure(L, declare, 1);
        md_sandbox_set_global(L, names[i]);
    }
    return 0;
}

static int close_declarations(lua_State *L)
{
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &loader_key);
    return 0;
}

static void run_or_complain(struct md_rules *rules, lua_CFunction function, void *argument, const char *path)
{
    struct md_loc loc;

    if (md_sandbox_run(rules->sandbox, &md_budget_load, function, argument) == MD_CALL_OK)
        return;
    loc = md_sandbox_place(rules->sandbox);
    if (loc.file == NULL)
        loc.file = md_arena_printf(rules->arena, "rules/%s", path);
    md_diags_add(rules->load_diags, MD_ERROR, loc, "the rest of the file is left out: %s",
                 md_sandbox_says(rules->sandbox));
}

/* ---- files ---- */

static bool has_suffix(const char *path, const char *suffix)
{
    return md_str_has_suffix(md_str(path), md_str(suffix));
}

static bool is_library(const char *path)
{
    return md_str_has_prefix(md_str(path), MD_LIT("lib/"));
}

/* lib/thresholds.lua before the others of lib/, these before all others; else by path. */
static int rank_of(const struct md_rule_file *file)
{
    return strcmp(file->path, "lib/thresholds.lua") == 0 ? 0 : is_library(file->path) ? 1 : 2;
}

static int by_path(const void *a, const void *b)
{
    const struct md_rule_file *x = a, *y = b;

    if (rank_of(x) != rank_of(y))
        return rank_of(x) - rank_of(y);
    return strcmp(x->path, y->path);
}

static const char *library_name(struct md_arena *arena, const char *path)
{
    struct md_str name = md_str(path);
    ptrdiff_t slash = md_str_rfind_char(name, '/');

    name = md_str_from(name, (size_t)(slash + 1));
    return md_arena_cstr(arena, md_str_sub(name, 0, name.n - 4));
}

static void run_files(struct md_rules *rules, const struct md_rule_file *files, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        struct loading loading = {rules, &files[i], NULL};
        struct md_rule_file *entry;

        if (!has_suffix(files[i].path, ".lua"))
            continue;
        if (is_library(files[i].path))
            loading.library = library_name(rules->arena, files[i].path);
        entry = md_arena_push(rules->arena, &rules->files, &rules->n_files, &rules->files_capacity, sizeof *entry);
        *entry = (struct md_rule_file){md_arena_printf(rules->arena, "rules/%s", files[i].path), files[i].text};
        run_or_complain(rules, run_file, &loading, files[i].path);
    }
}

static void note_cases(struct md_rules *rules, const struct md_rule_file *files, size_t n)
{
    size_t i;

    rules->lazy->diags = md_diags_new(rules->arena);
    for (i = 0; i < n; i++) {
        struct case_file *entry;

        if (!has_suffix(files[i].path, ".cases.yaml"))
            continue;
        entry = md_arena_push(rules->arena, &rules->lazy->cases, &rules->lazy->n_cases, &rules->lazy->cases_capacity,
                              sizeof *entry);
        entry->path = md_arena_printf(rules->arena, "rules/%s", files[i].path);
        entry->text = files[i].text;
    }
}

static enum md_status read_catalogue(struct md_rules *rules, const struct md_rule_file *files, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strcmp(files[i].path, "facts.yaml") == 0)
            return md_catalogue_read(rules->arena, "rules/facts.yaml", files[i].text, rules->load_diags,
                                     &rules->catalogue);
    md_diags_add(rules->load_diags, MD_ERROR, (struct md_loc){"rules/facts.yaml", 0, 0},
                 "there is no catalogue of facts");
    return MD_NOT_FOUND;
}

enum md_status md_rules_load(const struct md_rules_input *input, struct md_diags *diags, struct md_rules **ret)
{
    struct md_arena *arena = md_arena_new_large();
    struct md_rules *rules = md_arena_alloc(arena, sizeof *rules);
    struct md_rule_file *files = md_arena_array(arena, input->n, sizeof *files);
    enum md_status st;

    rules->arena = arena;
    rules->load_diags = diags;
    rules->ids = md_map_new(arena);
    if (input->n > 0)
        memcpy(files, input->files, input->n * sizeof *files);
    qsort(files, input->n, sizeof *files, by_path);
    st = read_catalogue(rules, files, input->n);
    if (st < 0) {
        md_rules_free(&rules);
        return st;
    }
    rules->lazy = md_arena_alloc(arena, sizeof *rules->lazy);
    rules->lazy->files = files;
    rules->lazy->n_files = input->n;
    note_cases(rules, files, input->n);
    rules->sandbox = md_sandbox_new();
    rules->reader = md_reader_new(rules->catalogue);
    md_sandbox_set_user(rules->sandbox, rules->reader);
    run_or_complain(rules, open_rules, rules, "");
    md_reader_bind(rules->reader, rules->sandbox, NULL);
    run_files(rules, files, input->n);
    run_or_complain(rules, close_declarations, NULL, "");
    md_rules_resolve(rules, diags);
    rules->load_diags = NULL;
    *ret = rules;
    return MD_OK;
}
