/*
 * cli/wizard/answer: what a person typed, as a command or as an answer to what was asked. Pure.
 *
 *   commands    why | why not CAUSE | back | change N | skip | show | run | explain ID | what if FACT=VALUE | plan | save [FILE]
 *               | quit | help
 *   choices     the letter or the name of an outcome (as much of it as is needed), yes and no; a number where the fact is none itself
 *   numbers     "1200", "1,200", "12k", "97 %", "1200 files"; durations "90 s", "5 min", "2 hours", "3 days"; times RFC 3339 or "2h ago"
 *   don't know  "?", "don't know"
 *   a file      /path, ./path, ../path, ~/path, or "file PATH"
 *   run here    "!"
 */
#ifndef CLI_WIZARD_ANSWER_H
#define CLI_WIZARD_ANSWER_H

#include "engine/advise.h"

enum md_verb {
#define MD_VERB(id, name, argument, says) MD_VERB_##id,
#include "cli/wizard/verb.def"
#undef MD_VERB
    MD_VERB_COUNT
};

enum md_said_kind {
    MD_SAID_NOTHING,
    MD_SAID_COMMAND, /* verb, argument */
    MD_SAID_CHOICE,  /* choice */
    MD_SAID_VALUE,   /* value, and choice where it falls in one (else SIZE_MAX) */
    MD_SAID_UNKNOWN,
    MD_SAID_FILE, /* argument: the path */
    MD_SAID_RUN,
    MD_SAID_OTHER, /* none of these */
};

struct md_said {
    enum md_said_kind kind;
    enum md_verb verb;
    struct md_str argument;
    size_t choice; /* index of the outcome */
    struct md_value value;
};

/* One of the things that can be chosen: of an inquiry its outcomes; of other questions ("did it work?") what they allow. */
struct md_choice_list {
    const char *const *names; /* as files have them */
    const char *const *says;  /* as people read them */
    size_t n;
    const struct md_fact_def *fact; /* whose values may be given instead, or NULL */
    int64_t now;
    bool takes_text; /* what is nothing else begins a text: the output of a command */
};

void md_said_read(struct md_arena *arena, struct md_str line, const struct md_choice_list *list, struct md_said *ret);
/* A value of the fact from a text. False: it is none. */
bool md_said_value(struct md_arena *arena, const struct md_fact_def *fact, struct md_str text, int64_t now,
                   struct md_value *ret);
/* The same, or that of an outcome by its name. */
bool md_said_choice_value(struct md_arena *arena, const struct md_fact_def *fact, struct md_str text, int64_t now,
                          struct md_value *ret);
/* Numbers are answers themselves where the fact is one; then choices go by letter only. */
bool md_said_is_number(const struct md_fact_def *fact);

const char *md_verb_name(enum md_verb verb);
const char *md_verb_argument(enum md_verb verb); /* as help shows it, or "" */
const char *md_verb_says(enum md_verb verb);

#endif
