#include "engine/catalogue.h"

#include <string.h>

#include "engine/base/map.h"

#define SCOPES_MAX 32

static const char *const type_names[] = {
#define MD_TYPE(id, name, says) [MD_TYPE_##id] = (name),
#include "engine/type.def"
#undef MD_TYPE
};

static const char *const privacy_names[] = {"public", "name", "address", "secret"};

/* Kinds of keys of the map. Fields of scope i are KEY_FIELD + i. */
enum { KEY_SCOPE, KEY_FACT, KEY_FIELD };

struct md_catalogue {
    struct md_arena *arena;
    struct md_map *map;
    struct md_scope_def *scopes[SCOPES_MAX];
    size_t n_scopes;
    struct md_fact_def **facts;
    size_t n_facts, facts_capacity;
};

const char *md_type_name(enum md_type type)
{
    return type_names[type];
}

const struct md_scope_def *md_catalogue_scope(const struct md_catalogue *catalogue, struct md_str name)
{
    return md_map_find(catalogue->map, KEY_SCOPE, name);
}

size_t md_catalogue_scope_count(const struct md_catalogue *catalogue)
{
    return catalogue->n_scopes;
}

const struct md_scope_def *md_catalogue_scope_at(const struct md_catalogue *catalogue, size_t i)
{
    return i < catalogue->n_scopes ? catalogue->scopes[i] : NULL;
}

const struct md_fact_def *md_catalogue_fact(const struct md_catalogue *catalogue, struct md_str name)
{
    return md_map_find(catalogue->map, KEY_FACT, name);
}

const struct md_fact_def *md_catalogue_field(const struct md_catalogue *catalogue, const struct md_scope_def *scope,
                                             struct md_str field)
{
    return md_map_find(catalogue->map, KEY_FIELD + scope->index, field);
}

size_t md_catalogue_fact_count(const struct md_catalogue *catalogue)
{
    return catalogue->n_facts;
}

const struct md_fact_def *md_catalogue_fact_at(const struct md_catalogue *catalogue, size_t i)
{
    return i < catalogue->n_facts ? catalogue->facts[i] : NULL;
}

/* A name of lower-case letters, digits and underscores that begins with a letter; with dots between parts if
 * `has_dots`. */
static bool is_snake_case(struct md_str s, bool has_dots)
{
    size_t i;

    if (s.n == 0 || s.n > 100)
        return false;
    for (i = 0; i < s.n; i++) {
        bool is_first = i == 0 || s.p[i - 1] == '.';
        bool is_letter = s.p[i] >= 'a' && s.p[i] <= 'z';

        if (is_first
                ? !is_letter
                : !is_letter && !md_is_digit(s.p[i]) && s.p[i] != '_' && !(s.p[i] == '.' && has_dots && i + 1 < s.n))
            return false;
    }
    return true;
}

static void check_keys(const struct md_node *node, const char *const *allowed, size_t n, const char *of,
                       struct md_diags *diags)
{
    const struct md_node *child;
    size_t i;

    for (child = node->first; child != NULL; child = child->next) {
        for (i = 0; i < n && !md_str_is(child->key, allowed[i]); i++)
            ;
        if (i == n)
            md_diags_add(diags, MD_ERROR, child->loc, "no such property of a %s: %.*s", of, MD_STR_ARG(child->key));
    }
}

static void read_scope(struct md_catalogue *catalogue, const struct md_node *node, struct md_diags *diags)
{
    static const char *const keys[] = {"parent", "singly", "singly_by"};
    struct md_str parent = md_node_text(node, "parent"), by = md_node_text(node, "singly_by");
    const struct md_node *singly = md_node_get(node, "singly");
    struct md_scope_def *scope;
    uint64_t limit = SIZE_MAX;

    if (!is_snake_case(node->key, false)) {
        md_diags_add(diags, MD_ERROR, node->loc, "a scope's name is in snake_case: %.*s", MD_STR_ARG(node->key));
        return;
    }
    check_keys(node, keys, sizeof keys / sizeof *keys, "scope", diags);
    if (catalogue->n_scopes == SCOPES_MAX) {
        md_diags_add(diags, MD_ERROR, node->loc, "more than %d scopes", SCOPES_MAX);
        return;
    }
    if (singly != NULL && (md_node_u64(singly, &limit) < 0 || limit == 0 || limit > SIZE_MAX)) {
        md_diags_add(diags, MD_ERROR, singly->loc, "singly is a number from 1");
        limit = SIZE_MAX;
    }
    scope = md_arena_alloc(catalogue->arena, sizeof *scope);
    if (parent.n > 0) {
        scope->parent = md_catalogue_scope(catalogue, parent);
        if (scope->parent == NULL) {
            md_diags_add(diags, MD_ERROR, node->loc, "the parent %.*s of scope %.*s does not stand before it",
                         MD_STR_ARG(parent), MD_STR_ARG(node->key));
            return;
        }
        scope->depth = scope->parent->depth + 1;
    } else if (catalogue->n_scopes > 0) {
        md_diags_add(diags, MD_ERROR, node->loc, "only the first scope has no parent: %.*s", MD_STR_ARG(node->key));
        return;
    }
    scope->name = md_arena_cstr(catalogue->arena, node->key);
    scope->index = catalogue->n_scopes;
    scope->singly = (size_t)limit;
    scope->singly_by = by.n > 0 ? md_arena_cstr(catalogue->arena, by) : NULL;
    catalogue->scopes[catalogue->n_scopes++] = scope;
    md_map_set(catalogue->map, KEY_SCOPE, md_str(scope->name), scope);
}

static bool type_of(struct md_str name, enum md_type *ret)
{
    size_t i;

    for (i = 0; i < MD_TYPE_COUNT_OF; i++) {
        if (md_str_is(name, type_names[i])) {
            *ret = (enum md_type)i;
            return true;
        }
    }
    return false;
}

static const char *privacy_of(struct md_str name)
{
    size_t i;

    if (name.n == 0)
        return privacy_names[0];
    for (i = 0; i < sizeof privacy_names / sizeof *privacy_names; i++)
        if (md_str_is(name, privacy_names[i]))
            return privacy_names[i];
    return NULL;
}

static const char *why_wrong_fact(const struct md_catalogue *catalogue, const struct md_node *node,
                                  struct md_fact_def *ret)
{
    struct md_str name = md_node_text(node, "name"), probe = md_node_text(node, "probe");
    ptrdiff_t dot = md_str_find_char(name, '.');

    if (!is_snake_case(name, true) || dot <= 0)
        return "its name is not <scope>.<field> in snake_case";
    ret->scope = md_catalogue_scope(catalogue, md_str_sub(name, 0, (size_t)dot));
    if (ret->scope == NULL)
        return "its name does not begin with a scope";
    if (md_catalogue_fact(catalogue, name) != NULL)
        return "it is there twice";
    if (!type_of(md_node_text(node, "type"), &ret->type))
        return "it has no type of bool, count, number, text, time, duration, counts, texts";
    if (md_node_text(node, "means").n == 0)
        return "it does not say what it means";
    if (probe.n == 0)
        return "it does not say which probe gives it";
    ret->privacy = privacy_of(md_node_text(node, "privacy"));
    if (ret->privacy == NULL)
        return "its privacy is none of public, name, address, secret";
    ret->ask = md_node_get(node, "ask");
    if (ret->ask != NULL && md_node_text(ret->ask, "question").n == 0)
        return "its `ask` has no question";
    return NULL;
}

static void read_fact(struct md_catalogue *catalogue, const struct md_node *node, struct md_diags *diags)
{
    static const char *const keys[] = {"name", "type", "unit", "means", "probe", "privacy", "ask"};
    struct md_str name = md_node_text(node, "name");
    struct md_fact_def *fact, **entry;
    struct md_fact_def found = {0};
    const char *why;

    if (node->kind != MD_NODE_MAP) {
        md_diags_add(diags, MD_ERROR, node->loc, "a fact is a map");
        return;
    }
    check_keys(node, keys, sizeof keys / sizeof *keys, "fact", diags);
    why = why_wrong_fact(catalogue, node, &found);
    if (why != NULL) {
        md_diags_add(diags, MD_ERROR, node->loc, "fact %.*s: %s", MD_STR_ARG(name), why);
        return;
    }
    fact = md_arena_alloc(catalogue->arena, sizeof *fact);
    *fact = found;
    fact->name = md_arena_cstr(catalogue->arena, name);
    fact->field = fact->name + md_str_find_char(name, '.') + 1;
    fact->unit = md_arena_cstr(catalogue->arena, md_node_text(node, "unit"));
    fact->means = md_arena_cstr(catalogue->arena, md_node_text(node, "means"));
    fact->probe = md_arena_cstr(catalogue->arena, md_node_text(node, "probe"));
    fact->index = catalogue->n_facts;
    entry = md_arena_push(catalogue->arena, &catalogue->facts, &catalogue->n_facts, &catalogue->facts_capacity,
                          sizeof *entry);
    *entry = fact;
    md_map_set(catalogue->map, KEY_FACT, md_str(fact->name), fact);
    md_map_set(catalogue->map, KEY_FIELD + fact->scope->index, md_str(fact->field), fact);
}

static void check_ranking(const struct md_catalogue *catalogue, struct md_loc loc, struct md_diags *diags)
{
    size_t i;

    for (i = 0; i < catalogue->n_scopes; i++) {
        const struct md_scope_def *scope = catalogue->scopes[i];
        const struct md_fact_def *fact;

        if (scope->singly_by == NULL)
            continue;
        fact = md_catalogue_fact(catalogue, md_str(scope->singly_by));
        if (fact == NULL || fact->scope != scope || fact->type != MD_TYPE_COUNT)
            md_diags_add(diags, MD_ERROR, loc, "singly_by of scope %s is no count of that scope: %s", scope->name,
                         scope->singly_by);
    }
}

static enum md_status read_part(struct md_catalogue *catalogue, const char *name, struct md_str yaml, bool is_first,
                                struct md_diags *diags)
{
    const struct md_node *top, *scopes, *facts, *node;
    enum md_status st = md_yaml_read(catalogue->arena, name, yaml, diags, &top);

    if (st < 0)
        return st;
    scopes = md_node_get(top, "scopes");
    facts = md_node_get(top, "facts");
    if (facts == NULL || facts->kind != MD_NODE_LIST || (scopes != NULL) != is_first ||
        (is_first && scopes->kind != MD_NODE_MAP)) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){name, 1, 0},
                     is_first ? "a catalogue is a map `scopes` and a list `facts`"
                              : "a further part of the catalogue is a list `facts`, without `scopes`");
        return MD_BAD_INPUT;
    }
    for (node = is_first ? scopes->first : NULL; node != NULL; node = node->next)
        read_scope(catalogue, node, diags);
    if (catalogue->n_scopes == 0) {
        md_diags_add(diags, MD_ERROR, scopes->loc, "there is no scope");
        return MD_BAD_INPUT;
    }
    for (node = facts->first; node != NULL; node = node->next)
        read_fact(catalogue, node, diags);
    if (is_first)
        check_ranking(catalogue, scopes->loc, diags);
    return MD_OK;
}

static struct md_catalogue *new_catalogue(struct md_arena *arena)
{
    struct md_catalogue *catalogue = md_arena_alloc(arena, sizeof *catalogue);

    catalogue->arena = arena;
    catalogue->map = md_map_new(arena);
    return catalogue;
}

enum md_status md_catalogue_read(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                                 const struct md_catalogue **ret)
{
    struct md_catalogue *catalogue = new_catalogue(arena);
    enum md_status st = read_part(catalogue, name, yaml, true, diags);

    if (st == MD_OK)
        *ret = catalogue;
    return st;
}

static bool is_further_part(struct md_str path)
{
    return md_str_has_prefix(path, MD_LIT("facts_")) && md_str_has_suffix(path, MD_LIT(".yaml")) &&
           md_str_find_char(path, '/') < 0;
}

enum md_status md_catalogue_read_base(struct md_arena *arena, const struct md_rule_file *files, size_t n,
                                      struct md_diags *diags, const struct md_catalogue **ret)
{
    struct md_catalogue *catalogue = new_catalogue(arena);
    enum md_status st = MD_NOT_FOUND;
    size_t i;

    for (i = 0; i < n; i++)
        if (strcmp(files[i].path, "facts.yaml") == 0)
            st = read_part(catalogue, "rules/facts.yaml", files[i].text, true, diags);
    if (st == MD_NOT_FOUND)
        md_diags_add(diags, MD_ERROR, (struct md_loc){"rules/facts.yaml", 0, 0}, "there is no catalogue of facts");
    for (i = 0; i < n && st == MD_OK; i++)
        if (is_further_part(md_str(files[i].path)))
            st = read_part(catalogue, md_arena_printf(arena, "rules/%s", files[i].path), files[i].text, false, diags);
    if (st == MD_OK)
        *ret = catalogue;
    return st;
}
