/*
 * engine/load_priv: how rule files are run, for rules (rules_load) and for checks (check_load): libraries first, each file within a
 * budget of its own, what it declares by words such as `finding "id" { ... }`, mistakes by file and line.
 *
 *     md_load_open(&loader), md_load_word(...) for each word, md_load_file(...) for each file in order, md_load_close(&loader)
 *
 * The sandbox, arena and diagnostics are borrowed. Declarations are taken between open and close only.
 */
#ifndef ENGINE_LOAD_PRIV_H
#define ENGINE_LOAD_PRIV_H

#include "engine/rules.h"
#include "engine/sandbox.h"

/* What stands in a library as `name = { value =, means =, source = }`. */
struct md_load_value {
    const char *name; /* of Lua: copy it */
    double value;
    bool has_means, has_source;
};

struct md_loader {
    struct md_sandbox *sandbox;
    struct md_arena *arena;
    struct md_diags *diags;
    void *user;                                                  /* for the functions of declarations */
    void (*note)(void *user, const struct md_load_value *value); /* each value of a library; NULL: not wanted */
};

/* A declaration: its kind as given with the word, its id and place; the table is at index 1 of the stack. May raise. */
typedef void md_load_declare(lua_State *L, struct md_loader *loader, int kind, const char *id, struct md_loc loc);

/* lib/ *.lua */
bool md_load_is_library(const char *path);
/* Anything below a folder named "check". */
bool md_load_is_check(const char *path);
/* Anything below a folder named "wizard". */
bool md_load_is_wizard(const char *path);
bool md_load_is_lua(const char *path);
/* A copy in the order of loading: lib/thresholds.lua, the others of lib/, then by path. */
struct md_rule_file *md_load_sorted(struct md_arena *arena, const struct md_rules_input *input);

void md_load_open(struct md_loader *loader);
/* Gives rules the global `word`. The loader must be open. */
void md_load_word(struct md_loader *loader, const char *word, int kind, md_load_declare *declare);
/* Runs one Lua file; the table of a library becomes a read-only global of its name. */
void md_load_file(struct md_loader *loader, const struct md_rule_file *file);
/* Runs a function of ours in the budget of a file; what it raises is a diagnostic at `path`. */
void md_load_run(struct md_loader *loader, lua_CFunction function, void *argument, const char *path);
void md_load_close(struct md_loader *loader);

#endif
