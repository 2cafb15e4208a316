/*
 * engine/dummy: made-up facts of every type, for learning what a rule reads and for trying what it says.
 */
#ifndef ENGINE_DUMMY_H
#define ENGINE_DUMMY_H

#include "engine/base/time.h"
#include "engine/fact.h"

/* An instant for stores that are made up: 2026-01-01T00:00:00Z. */
#define MD_DUMMY_NOW (INT64_C(1767225600) * MD_SECOND)
/* The name of instances that are made up, and the text of texts. */
#define MD_DUMMY_NAME "one"

enum md_dummy_level { MD_DUMMY_NOTHING, MD_DUMMY_SOME, MD_DUMMY_MUCH };

/* A store with one instance of each scope, MD_DUMMY_NAME, and no facts; `ret` by index of the scope. */
struct md_facts *md_dummy_facts(struct md_arena *arena, const struct md_catalogue *catalogue, struct md_instance **ret);
/* A value of the fact's type. `text`: of a text; NULL: MD_DUMMY_NAME. */
void md_dummy_set(struct md_facts *facts, struct md_instance *at, const struct md_fact_def *def,
                  enum md_dummy_level level, const char *text);

#endif
