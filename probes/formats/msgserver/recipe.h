/*
 * probes/formats/msgserver/recipe: scripts of msconfig commands, recipes, and what is typed at the prompts of a session.
 *
 * Two ways to say the same are read, also mixed:
 *   set channel:tcp_local.notices "1 2 4 7"          commands, one a line ("\" at the end of a line joins the next one)
 *   set_option("channel:tcp_local.notices", "1 2 4 7");   functions of the recipe language, over several lines if need be
 * A command may stand behind a prompt or "msconfig" with a path and "$ " before it, as in shell scripts and pasted sessions. Conditions,
 * loops and expressions are passed over; functions in them that set nothing are no statements. Comments: "!", "#", "//" and ";" at the
 * start of a line, "#" behind a statement of the recipe language.
 *
 * Ownership  everything lives in the arena and borrows from `text`. Errors of form are in `faults`.
 * Limits     MD_RECIPE_MAX statements, MD_RECIPE_ARGS_MAX arguments; further ones are counted.
 */
#ifndef PROBES_FORMATS_MSGSERVER_RECIPE_H
#define PROBES_FORMATS_MSGSERVER_RECIPE_H

#include "probes/formats/msgserver/cnf_line.h"

#define MD_RECIPE_MAX 100000
#define MD_RECIPE_ARGS_MAX 64

enum md_recipe_verb {
#define MD_RECIPE_VERB(id, command, function) MD_RECIPE_##id,
#include "probes/formats/msgserver/recipe_verb.def"
#undef MD_RECIPE_VERB
    MD_RECIPE_VERBS
};

struct md_recipe_arg {
    struct md_str text; /* without quotation marks */
    struct md_loc loc;  /* of the quotation mark, where there is one */
    bool is_quoted;
};

struct md_recipe_statement {
    enum md_recipe_verb verb;
    struct md_str word; /* as written: "set", "set_option" */
    struct md_loc loc;
    struct md_str path; /* without "role." and "instance."; empty where it takes none */
    struct md_loc path_loc;
    bool is_instance;
    bool is_function;
    struct md_recipe_arg *args; /* what follows the path */
    size_t n_args, n_dropped;
};

struct md_recipe {
    struct md_recipe_statement *items;
    size_t n, capacity;
    size_t n_dropped;
    struct md_cnf_faults faults;
};

/* `only_prompts`: a pasted session, where only what stands behind a prompt is a command. */
struct md_recipe *md_recipe_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line,
                                 bool only_prompts);
const char *md_recipe_verb_name(enum md_recipe_verb verb); /* "set" ... */
/* A command whose value is several words without quotation marks: only the first of them is taken. */
bool md_recipe_is_split_value(const struct md_recipe_statement *statement);

#endif
