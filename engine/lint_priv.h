/*
 * engine/lint_priv: the parts of engine/lint: the text of functions (lint_text), the cases (lint_cases).
 */
#ifndef ENGINE_LINT_PRIV_H
#define ENGINE_LINT_PRIV_H

#include "engine/lint.h"
#include "engine/rules_priv.h"

struct md_lint {
    struct md_rules *rules;
    struct md_arena *arena;
    struct md_diags *diags;
    bool *is_read; /* by index of a fact: some rule reads it */
};

/* Of a function: the fields that it reads of its handle, and the numbers in it if `has_numbers` is checked. */
void md_lint_function(const struct md_lint *lint, struct md_lua_ref ref, const struct md_scope_def *scope,
                      bool has_numbers);
/* Facts named anywhere in a file of rules count as read. */
void md_lint_mark_names(const struct md_lint *lint, struct md_str text);
/* Runs everything that can be asked about an instance; what fails is reported. */
void md_lint_ask_all(const struct md_lint *lint, struct md_instance *at);
void md_lint_cases(const struct md_lint *lint);

#endif
