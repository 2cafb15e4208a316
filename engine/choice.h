/*
 * engine/choice: the outcomes that a question about a fact may have (`ask` of the catalogue), as values of the fact.
 *
 *     outcomes: { none: "0", few: "1..99", many: "100.." }        bounds are within; also "..5"
 *     outcomes: { "yes": "true", "no": "false" }
 *     outcomes: { active: active, other: "*" }                    of a text; "*": any other
 *     outcomes: { full: "disk-full=100", none: "" }               counts, "name=number,..."; "": empty. "other" stands for every other name
 *     outcomes: { lately: "0..604800" }                           of a time: its age in seconds
 *
 * The first outcome that holds for a value is the one it falls in. What is malformed has no value and holds for none; lint says so.
 */
#ifndef ENGINE_CHOICE_H
#define ENGINE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/fact.h"

/* Outcomes of the fact's question; 0: it cannot be asked. */
size_t md_choice_count(const struct md_fact_def *def);
/* Name of the i-th as declared, and in words: what `says` of the question has for it, else the name ("longer-ago": "longer ago"). */
struct md_str md_choice_name(const struct md_fact_def *def, size_t i);
const char *md_choice_says(struct md_arena *arena, const struct md_fact_def *def, size_t i);
/* A value that falls into the i-th outcome and is typical of it. `now`: for times. False: it has none. Texts of the arena. */
bool md_choice_value(struct md_arena *arena, const struct md_fact_def *def, size_t i, int64_t now,
                     struct md_value *ret);
/* The outcome that a value of the fact falls in; SIZE_MAX: none. */
size_t md_choice_of(const struct md_fact_def *def, const struct md_value *value, int64_t now);
/* A fact of that value that is in no store, told by a person. */
struct md_fact *md_choice_fact(struct md_arena *arena, const struct md_fact_def *def, struct md_instance *at,
                               const struct md_value *value);
/* NULL: every value of the type falls in an outcome; else what is missing or malformed, in words. */
const char *md_choice_gap(struct md_arena *arena, const struct md_fact_def *def);

#endif
