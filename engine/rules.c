#include "engine/rules.h"

#include <lauxlib.h>

#include "engine/base/sha256.h"
#include "engine/rules_priv.h"

const struct md_catalogue *md_rules_catalogue(const struct md_rules *rules)
{
    return rules->catalogue;
}

/* Cases change no result, so they are not part of it. */
const char *md_rules_hash(const struct md_rules *rules)
{
    static const char prefix[] = "sha256:";
    struct lazy *lazy = rules->lazy;
    struct md_sha256 sum;
    size_t i;

    if (lazy->hash[0] != '\0')
        return lazy->hash;
    md_sha256_init(&sum);
    for (i = 0; i < lazy->n_files; i++) {
        const struct md_rule_file *file = &lazy->files[i];

        if (md_str_has_suffix(md_str(file->path), MD_LIT(".cases.yaml")))
            continue;
        md_sha256_add(&sum, md_str_n(file->path, strlen(file->path) + 1));
        md_sha256_add(&sum, file->text);
        md_sha256_add(&sum, md_str_n("", 1));
    }
    memcpy(lazy->hash, prefix, sizeof prefix - 1);
    md_sha256_hex(&sum, lazy->hash + sizeof prefix - 1);
    return lazy->hash;
}

size_t md_rules_finding_count(const struct md_rules *rules)
{
    return rules->declared[DECLARED_FINDING].n;
}

const struct md_finding *md_rules_finding(const struct md_rules *rules, size_t i)
{
    const struct declarations *all = &rules->declared[DECLARED_FINDING];

    return i < all->n ? &all->items[i]->finding : NULL;
}

size_t md_rules_cause_count(const struct md_rules *rules)
{
    return rules->declared[DECLARED_CAUSE].n;
}

const struct md_cause *md_rules_cause(const struct md_rules *rules, size_t i)
{
    const struct declarations *all = &rules->declared[DECLARED_CAUSE];

    return i < all->n ? &all->items[i]->cause : NULL;
}

size_t md_rules_remedy_count(const struct md_rules *rules)
{
    return rules->declared[DECLARED_REMEDY].n;
}

const struct md_remedy *md_rules_remedy(const struct md_rules *rules, size_t i)
{
    const struct declarations *all = &rules->declared[DECLARED_REMEDY];

    return i < all->n ? &all->items[i]->remedy : NULL;
}

static const struct declaration *find(const struct md_rules *rules, enum declared kind, struct md_str id)
{
    return md_map_find(rules->ids, kind, id);
}

const struct md_finding *md_rules_find_finding(const struct md_rules *rules, struct md_str id)
{
    const struct declaration *found = find(rules, DECLARED_FINDING, id);

    return found != NULL ? &found->finding : NULL;
}

const struct md_cause *md_rules_find_cause(const struct md_rules *rules, struct md_str id)
{
    const struct declaration *found = find(rules, DECLARED_CAUSE, id);

    return found != NULL ? &found->cause : NULL;
}

const struct md_remedy *md_rules_find_remedy(const struct md_rules *rules, struct md_str id)
{
    const struct declaration *found = find(rules, DECLARED_REMEDY, id);

    return found != NULL ? &found->remedy : NULL;
}

const char *md_rules_text(const struct md_rules *rules, struct md_lua_ref ref)
{
    lua_State *L = md_sandbox_lua(rules->sandbox);
    const char *text = NULL;

    if (ref.ref == 0)
        return NULL;
    /* The registry keeps the string alive and Lua does not move it. */
    if (lua_rawgeti(L, LUA_REGISTRYINDEX, ref.ref) == LUA_TSTRING)
        text = lua_tostring(L, -1);
    lua_pop(L, 1);
    return text;
}

size_t md_rules_case_file_count(const struct md_rules *rules)
{
    return rules->lazy->n_cases;
}

const struct md_node *md_rules_case_file(const struct md_rules *rules, size_t i)
{
    struct case_file *file;

    if (i >= rules->lazy->n_cases)
        return NULL;
    file = &rules->lazy->cases[i];
    if (!file->is_read) {
        file->is_read = true;
        if (md_yaml_read(rules->arena, file->path, file->text, rules->lazy->diags, &file->node) < 0)
            file->node = NULL;
    }
    return file->node;
}

const struct md_diags *md_rules_case_diags(const struct md_rules *rules)
{
    return rules->lazy->diags;
}

void md_rules_bind(struct md_rules *rules, struct md_facts *facts, struct md_diags *diags)
{
    if (facts != NULL && md_facts_catalogue(facts) != rules->catalogue)
        MD_BUG("facts of another catalogue");
    rules->facts = facts;
    rules->diags = diags;
    md_reader_bind(rules->reader, rules->sandbox, facts);
}

void md_rules_suppose(struct md_rules *rules, const struct md_fact *fact)
{
    md_reader_suppose(rules->reader, fact);
}

void md_rules_free(struct md_rules **rules)
{
    struct md_arena *arena;

    if (*rules == NULL)
        return;
    md_sandbox_free(&(*rules)->sandbox);
    md_reader_free(&(*rules)->reader);
    arena = (*rules)->arena;
    md_arena_free(&arena);
    *rules = NULL;
}
