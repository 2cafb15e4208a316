/*
 * engine/rules_priv: what loading (rules_load, rules_prop, rules_resolve), asking (eval, eval_text) and checking (lint)
 * share.
 */
#ifndef ENGINE_RULES_PRIV_H
#define ENGINE_RULES_PRIV_H

#include "engine/base/map.h"
#include "engine/base/node.h"
#include "engine/handle.h"
#include "engine/rules.h"
#include "engine/sandbox.h"

/* What is declared; also the kinds of keys in md_rules.ids. */
enum declared { DECLARED_FINDING, DECLARED_CAUSE, DECLARED_REMEDY, DECLARED_COUNT };

/* A name with a number, as links, brings and remedies have; resolved when all files are loaded. */
struct named_strength {
    const char *id;
    double strength;
    size_t rank; /* as declared */
};

struct named_list {
    struct named_strength *items;
    size_t n, capacity;
};

struct declaration {
    enum declared kind;
    const char *id;
    struct md_loc loc;
    bool replaces;
    /* One of them, by kind. */
    struct md_finding finding;
    struct md_cause cause;
    struct md_remedy remedy;
    struct named_list links, never, brings, cures; /* of a cause */
    bool has_usual_urgency;
};

/* An entry of rules/lib/thresholds.lua. */
struct threshold {
    const char *name;
    double value;
    bool has_means, has_source;
};

struct case_file {
    const char *path;
    struct md_str text;
    bool is_read;
    const struct md_node *node;
};

/* What is filled in when it is asked for, though the rules are constant. */
struct lazy {
    const struct md_rule_file *files; /* all, sorted */
    size_t n_files;
    char hash[80];
    struct case_file *cases;
    size_t n_cases, cases_capacity;
    struct md_diags *diags; /* of the cases */
};

struct declarations {
    struct declaration **items;
    size_t n, capacity;
};

struct md_rules {
    struct md_arena *arena;
    const struct md_catalogue *catalogue;
    struct md_sandbox *sandbox;
    struct md_reader *reader;
    struct md_map *ids;
    struct declarations
        declared[DECLARED_COUNT]; /* in the order of files and lines; index = that of the public structure */
    struct threshold *thresholds;
    size_t n_thresholds, thresholds_capacity;
    struct md_rule_file *files; /* Lua files, sorted; texts borrowed */
    size_t n_files, files_capacity;
    struct lazy *lazy;
    /* of the present binding */
    struct md_facts *facts;
    struct md_diags *diags;
    /* while loading */
    struct md_diags *load_diags;
};

/* engine/rules_prop: reads the table at index 1 of the stack into a declaration; mistakes go to diags. False: it is
 * left out. */
bool md_rules_read_declaration(lua_State *L, struct md_rules *rules, struct declaration *declaration);
/* The number for a word of frequency; false: no such word. */
bool md_rules_frequency(struct md_str word, double *ret);

/* Values of properties that others declare as well; the reading's user is the rules. Targets: struct named_list (a table
 * of id = word of frequency), double (such a word or a number), const struct md_scope_def *, double (a number of minutes). */
struct md_prop_reading;
bool md_rules_read_strengths(const struct md_prop_reading *r);
bool md_rules_read_frequency(const struct md_prop_reading *r);
bool md_rules_read_scope(const struct md_prop_reading *r);
bool md_rules_read_minutes(const struct md_prop_reading *r);

/* engine/rules_resolve: turns ids into indices and checks what they lead to. */
void md_rules_resolve(struct md_rules *rules, struct md_diags *diags);

#endif
