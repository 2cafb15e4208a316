/*
 * engine/prop_priv: what the table of a declaration may say: one row a property, whatever is declared (rules_prop, check_load).
 *
 * A name that no row has, a needed one that is missing and a value of the wrong type are diagnostics at the place of the declaration.
 */
#ifndef ENGINE_PROP_PRIV_H
#define ENGINE_PROP_PRIV_H

#include <lua.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/rules.h"

enum md_prop_kind {
    MD_PROP_TEXT,     /* a string: const char * */
    MD_PROP_FUNCTION, /* struct md_lua_ref */
    MD_PROP_FLAG,     /* true or false: bool */
    MD_PROP_OWN,      /* from here on: the reader's own */
};

struct md_prop {
    const char *name;
    int kind;
    size_t offset; /* in what is declared */
    bool is_needed;
};

struct md_prop_reading;

struct md_prop_reader {
    const char *word; /* "finding" */
    const struct md_prop *list;
    size_t n;
    /* Reads the value on top of the stack into `target`; kinds from MD_PROP_OWN on. False: it complained. */
    bool (*read)(const struct md_prop_reading *r);
};

struct md_prop_reading {
    lua_State *L;
    struct md_arena *arena;
    struct md_diags *diags;
    const struct md_prop_reader *reader;
    const char *id;
    struct md_loc loc;
    void *of, *user; /* what is declared; what the reader needs */
    /* the present one */
    const struct md_prop *prop;
    void *target;
};

/* The table is at index 1 of the stack. False: something was wrong. */
bool md_prop_read_all(struct md_prop_reading *r);
/* "<word> <id>: <property> <what>"; returns false. */
bool md_prop_complain(const struct md_prop_reading *r, const char *what);
/* The string at `index`; empty where there is none. */
struct md_str md_prop_string(lua_State *L, int index);
/* A list of names, of at least one. */
struct md_prop_names {
    const char *const *list;
    size_t n;
};
/* Reads such a list on top of the stack into the struct md_prop_names that `target` is. */
bool md_prop_read_names(const struct md_prop_reading *r);
/* Keeps the value on top of the stack as the md_lua_ref that `target` is. */
void md_prop_keep(const struct md_prop_reading *r);

#endif
