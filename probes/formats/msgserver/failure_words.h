/*
 * probes/formats/msgserver/failure_words: finds all words of a set in a text in one pass (Aho and Corasick), ASCII case
 * folded.
 *
 * Words are added, then the automaton is built, then it is only read. Ids count from 0 in the order of adding; a word
 * added twice has one id. Limits: MD_FAILURE_WORDS_MAX words, 65534 states.
 */
#ifndef PROBES_FORMATS_MSGSERVER_FAILURE_WORDS_H
#define PROBES_FORMATS_MSGSERVER_FAILURE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_FAILURE_WORDS_MAX 512

struct md_failure_words;

struct md_failure_words *md_failure_words_new(struct md_arena *arena);
/* Id, or -1 where there is no room or the word is empty. */
int md_failure_words_add(struct md_failure_words *words, struct md_str word);
void md_failure_words_build(struct md_failure_words *words);
struct md_str md_failure_words_at(const struct md_failure_words *words, size_t id);

/* Called for each occurrence: the word and where it begins and ends. */
typedef void md_failure_words_fn(void *ctx, size_t id, size_t from, size_t until);
void md_failure_words_scan(const struct md_failure_words *words, struct md_str text, md_failure_words_fn *fn,
                           void *ctx);

#endif
