/*
 * engine/handle: what rules see of the facts: handles of instances and of collections, read-only userdata of Lua.
 *
 * A handle's field is a plain Lua value (a time is its age in seconds), a collection, an enclosing instance by the name
 * of its scope, or a method. Reading a fact that is not known abandons the run (engine/sandbox). Every read is logged.
 * A fact with bounds is given as its value, its low or its high end as md_reader says; see "bounds" below.
 *
 * A handle is good for one store: after md_reader_bind those of before raise.
 * Ownership   a reader borrows store and sandbox. Lists of reads belong to it until md_reader_begin.
 */
#ifndef ENGINE_HANDLE_H
#define ENGINE_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lua.h>

#include "engine/base/arena.h"
#include "engine/fact.h"
#include "engine/rules.h"
#include "engine/sandbox.h"

struct md_reader;

struct md_reader *md_reader_new(const struct md_catalogue *catalogue);
void md_reader_free(struct md_reader **reader);
/* Makes the metatables for the scopes of the catalogue; within a run. The sandbox's user pointer must be the reader. */
void md_reader_open(lua_State *L, struct md_reader *reader);
struct md_reader *md_reader_of(lua_State *L);

/* From now on handles are of this store. NULL: of none, and no handle may be made. */
void md_reader_bind(struct md_reader *reader, struct md_sandbox *sandbox, struct md_facts *facts);
struct md_facts *md_reader_facts(const struct md_reader *reader);
/* Memory of one evaluation: forgotten at md_reader_begin. */
struct md_arena *md_reader_scratch(const struct md_reader *reader);

/* From now on reads as if it were what is known of its instance, without a change of the store; the instance may be one
 * that does not exist. NULL: no more. Borrowed; binding ends it. */
void md_reader_suppose(struct md_reader *reader, const struct md_fact *fact);

/* ---- one evaluation ---- */

/* Forgets the reads of the evaluation before. */
void md_reader_begin(struct md_reader *reader);
/* Every fact that was read since, once, in order. */
const struct md_read *md_reader_reads(const struct md_reader *reader, size_t *ret_n);
/* It went over the instances of a scope and read no fact: there were none, or none of which anything is known. */
bool md_reader_saw_nothing(const struct md_reader *reader);
/* The fact whose absence abandoned the run, or NULL. */
const struct md_read *md_reader_missing(const struct md_reader *reader);
void md_reader_set_missing(struct md_reader *reader, const struct md_read *missing);

/*
 * Bounds. The first pass of an evaluation sees values. If it read facts with bounds, md_reader_passes says how many
 * further passes there are: each combination of low and high of up to MD_READER_BOUNDS facts (further ones share those
 * choices).
 */
#define MD_READER_BOUNDS 4
unsigned md_reader_passes(const struct md_reader *reader);
/* pass 0: the values. */
void md_reader_set_pass(struct md_reader *reader, unsigned pass);

/* ---- within a run; they may raise ---- */

void md_handle_push(lua_State *L, struct md_instance *at);
/* The instance of the handle at `index`, else raises. */
struct md_instance *md_handle_check(lua_State *L, int index);
/* Whether the field (a name at `index`) of an instance is known; raises where there is no such fact. */
bool md_handle_is_known(lua_State *L, struct md_instance *at, int index);

#endif
