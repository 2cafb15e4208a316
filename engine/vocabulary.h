/*
 * engine/vocabulary: the functions that rules use beside the library of the sandbox.
 *
 *     known(x, "files", "rate")       true if all of them are known
 *     value(x, "files", 0)            the fact, or the default where it is not known
 *     any { f1, f2 }   all { f1, f2 }   of functions, with "not known" as third value
 *     failed("things.commands", "no answer")   true if that probe ended badly, for a reason with these words
 *     pct(0.97) num(12345) dur(90) text(s)     display text: 97 %, 12,345, 1 min 30 s
 *     command("tool show %s -n %d", name, 3)   a command line, nil where a value is not plain enough to type, or no whole number
 *     scope_name(x)                   the scope of x
 *
 * Declarations (finding, cause, remedy) are not here: engine/rules_load; nor what only checks have: engine/check_words.
 */
#ifndef ENGINE_VOCABULARY_H
#define ENGINE_VOCABULARY_H

#include <lua.h>

#include "engine/base/arena.h"

/* Defines the names above; within a run. The sandbox's user pointer must be a reader (engine/handle). */
void md_vocabulary_open(lua_State *L);

/* Only pct, num, dur and text, which need no reader. `scratch` holds what one evaluation makes, is cleared by whoever gave it and
 * must live as long as the state; text() gives at most `text_max` bytes. */
void md_vocabulary_open_texts(lua_State *L, struct md_arena *scratch, size_t text_max);

/* Display texts, as pct, num and dur make them. */
const char *md_vocabulary_pct(struct md_arena *arena, double share);
const char *md_vocabulary_num(struct md_arena *arena, double x);
const char *md_vocabulary_dur(struct md_arena *arena, double seconds);

#endif
