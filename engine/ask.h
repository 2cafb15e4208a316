/*
 * engine/ask: what to type, or what to ask a person, for a fact that is not known.
 *
 * The `how` of a fact (rules/facts.yaml) may name what it is about: {mailbox} stands for the name of the instance of that
 * scope, {user of mailbox} for what comes before the first @ or + of it. The names are written for the shell
 * (md_shell_word). A name that is not known or that cannot stand in a command is shown as <mailbox> or <user>: the
 * reader puts it in.
 */
#ifndef ENGINE_ASK_H
#define ENGINE_ASK_H

#include <stdbool.h>

#include "engine/base/arena.h"
#include "engine/fact.h"

/* Text of the arena: `how`, else `question`; NULL where the fact has neither. `at`: the instance asked about, or NULL: none. */
const char *md_ask(struct md_arena *arena, const struct md_fact_def *def, const struct md_instance *at);
/* The same of a text with such placeholders. */
const char *md_ask_text(struct md_arena *arena, struct md_str how, const struct md_instance *at);

/* Whether what is to be done is typed, or said in words: those begin with a capital. */
bool md_ask_is_command(struct md_str how);

#endif
