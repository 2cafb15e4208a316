/*
 * cli/wizard/answers: the file of --answers, which answers in place of a person.
 *
 *   symptom: domain-does-not-leave            # or { id: domain-does-not-leave, name: example.net }
 *   answers:                                  # inquiries, or patterns with * in place of any text; the first that fits counts
 *     fact:host.queue_files: many             # as it would be typed: an outcome, a value, yes, "?"
 *     look:queue.listing: { file: ls.txt }    # a file, seen from the folder of the answers
 *     look:processes: { text: "..." }         # what would be pasted
 *     look:configuration: { run: true }       # "!"
 *   remedies:                                 # did it work? worked, failed, unsure; what is not here is not done
 *     quota.shorten-grace: worked
 *
 * What is asked and not in it is "don't know". Errors have their place in the file. Everything lives in the arena.
 */
#ifndef CLI_WIZARD_ANSWERS_H
#define CLI_WIZARD_ANSWERS_H

#include <stdbool.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/status.h"

enum md_answer_kind { MD_ANSWER_NONE, MD_ANSWER_LINE, MD_ANSWER_TEXT, MD_ANSWER_FILE, MD_ANSWER_RUN };

struct md_answer {
    enum md_answer_kind kind;
    struct md_str text; /* the line, the text, or the path */
};

struct md_answers {
    const struct md_node *root;
    struct md_str symptom, symptom_name; /* empty: not said */
    const char *folder;                  /* that files are seen from */
};

/* `name`: of the file, as it was given. */
MD_MUST_CHECK enum md_status md_answers_read(struct md_arena *arena, const char *name, struct md_str yaml,
                                             struct md_diags *diags, struct md_answers *ret);
void md_answers_find(struct md_arena *arena, const struct md_answers *answers, const char *inquiry,
                     struct md_answer *ret);
/* "worked", "failed", "unsure", or NULL. */
const char *md_answers_remedy(const struct md_answers *answers, const char *remedy);
/* `text` with any text for each * of the pattern. */
bool md_answers_fits(struct md_str pattern, struct md_str text);

#endif
