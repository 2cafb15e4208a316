/*
 * engine/eval_priv: one question to a rule, as engine/eval and engine/eval_text ask it.
 */
#ifndef ENGINE_EVAL_PRIV_H
#define ENGINE_EVAL_PRIV_H

#include "engine/rules_priv.h"

enum answer { ANSWER_NOTHING, ANSWER_TRUTH, ANSWER_NUMBER, ANSWER_TEXT };

struct question {
    int ref; /* a function, which is called with the handle of `at`, or a plain value */
    struct md_instance *at;
    const char *id; /* for a diagnostic, with the place where there is no better one */
    struct md_loc loc;
    unsigned wanted; /* 1 << each answer that is right */
    enum answer kind;
    bool truth;
    double number;
    struct md_str text; /* of the reader's scratch */
};

/* Forgets what was read before and asks. What fails is reported; unknown is not. */
enum md_call md_eval_ask(struct md_rules *rules, struct question *q);
/* Runs a function with `q` as argument; reports like md_eval_ask. */
enum md_call md_eval_run(struct md_rules *rules, struct question *q, lua_CFunction function);

/* The steps, or other list of texts, that `ref` gives for an instance; none where it fails. `id` and `loc` are for diagnostics. */
const struct md_step *md_eval_list(struct md_rules *rules, struct md_arena *arena, const char *id, struct md_loc loc,
                                   struct md_lua_ref ref, struct md_instance *at, size_t *ret_n);

#endif
