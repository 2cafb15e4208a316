/*
 * engine/sandbox: the only place that creates Lua states and calls into them.
 *
 * Rules are text of others. They run with a short list of allowed functions, and each call has a budget of bytes,
 * instructions and time that holds: nothing a rule can say catches the error that ends it (there is no pcall), and what
 * works inside one C call (patterns, string.rep) is capped before it starts. A blocked name raises and is remembered.
 *
 *     status = md_sandbox_run(sandbox, &MD_SANDBOX_LOADING, md_sandbox_chunk, &chunk);
 *     if (status != MD_CALL_OK)
 *         md_diags_add(diags, MD_ERROR, md_sandbox_place(sandbox), "%s", md_sandbox_says(sandbox));
 *
 * Deterministic: no random numbers, no clock, no addresses in texts, `pairs` goes through keys in a fixed order.
 * Ownership   the sandbox owns its state; texts it returns are valid until the next run. User pointers are borrowed.
 * Errors      of rules: as status, never by exit. Running out of memory outside a run ends the process (md_oom).
 * Not here    what rules can say (engine/vocabulary) and see (engine/handle).
 */
#ifndef ENGINE_SANDBOX_H
#define ENGINE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lua.h>

#include "engine/base/bug.h"
#include "engine/base/loc.h"
#include "engine/base/str.h"

/* How a run ended. */
enum md_call {
    MD_CALL_OK,
    MD_CALL_ABANDONED,    /* md_sandbox_abandon was called: an unknown fact was read */
    MD_CALL_RULE_ERROR,   /* the rule is wrong: syntax, a raised error, a result of the wrong type */
    MD_CALL_BLOCKED,      /* it used a name that rules may not use */
    MD_CALL_INSTRUCTIONS, /* over budget ... */
    MD_CALL_MEMORY,
    MD_CALL_TIME,
};

struct md_budget {
    size_t bytes;          /* more than are in use when the run begins */
    uint64_t instructions; /* rounded up to the next thousand */
    int64_t microseconds;
};

extern const struct md_budget md_budget_load;  /* one rule file */
extern const struct md_budget md_budget_call;  /* one predicate or text */
extern const struct md_budget md_budget_check; /* one check over its nodes, without what the tree adds (engine/check) */

struct md_sandbox;

struct md_sandbox *md_sandbox_new(void);
void md_sandbox_free(struct md_sandbox **sandbox);

lua_State *md_sandbox_lua(const struct md_sandbox *sandbox);
struct md_sandbox *md_sandbox_of(lua_State *L);
/* One pointer for the functions that are called from Lua. */
void md_sandbox_set_user(struct md_sandbox *sandbox, void *user);
void *md_sandbox_user(lua_State *L);

/*
 * Runs `function` in protected mode within a budget. `function` gets `argument` as a light userdata at index 1 and may
 * raise; it must hold no resource across a call that may raise. Values that it returns are dropped. The stack is left
 * as it was.
 */
enum md_call md_sandbox_run(struct md_sandbox *sandbox, const struct md_budget *budget, lua_CFunction function,
                            void *argument);
/* Of the last run that failed: one sentence, and the line of the rule file (file NULL where there is none). Both are of
 * the sandbox; the file's name stays as long as it. */
const char *md_sandbox_says(const struct md_sandbox *sandbox);
struct md_loc md_sandbox_place(const struct md_sandbox *sandbox);
/* The place in a rule file of the running Lua function that called the running C function. */
struct md_loc md_sandbox_here(lua_State *L);

/* ---- within a run, from C functions; they may raise ---- */

/* Compiles `text` under the name @rules/<path> in the environment of rules and leaves the chunk on the stack, else
 * raises. `code`: what this program's own build made of the same text (engine/embedded), or empty; never from outside,
 * because bytecode of others can crash the interpreter. */
void md_sandbox_compile(lua_State *L, const char *path, struct md_str text, struct md_str code);
/* Gives a global name of rules the value on top of the stack and pops it. */
void md_sandbox_set_global(lua_State *L, const char *name);
/* Replaces the table on top of the stack by a read-only view of it, tables within as well. The original must not be
 * used any more. */
void md_sandbox_freeze(lua_State *L);
/* Ends the run as MD_CALL_ABANDONED; no rule can catch it. */
_Noreturn void md_sandbox_abandon(lua_State *L);
/* Calls the function below `arguments` values. False: it was abandoned (the results are dropped, nothing is left on the
 * stack). Every other error goes on to the end of the run. */
bool md_sandbox_try(lua_State *L, int arguments, int results);
/* Raises where the time of the run is used up. For C functions that may take long. */
void md_sandbox_check_time(lua_State *L);
/* Raises as MD_CALL_BLOCKED. */
_Noreturn void md_sandbox_blocked(lua_State *L, const char *name);

/* For tests: the n-th allocation from now on within runs fails (n from 1), 0: none. */
void md_sandbox_fail_allocation(struct md_sandbox *sandbox, uint64_t n);
/* Bytes in use by the state. */
size_t md_sandbox_bytes(const struct md_sandbox *sandbox);
/* Names that were blocked since the sandbox was made, joined by blanks (at most 200 bytes). */
const char *md_sandbox_blocked_names(const struct md_sandbox *sandbox);

#endif
