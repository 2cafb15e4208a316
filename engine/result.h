/*
 * engine/result: the outcome of a run as reports read it (plain data, display-safe texts, one arena).
 *
 * Numbers are already rounded as they are compared and shown: probabilities to 3 decimals, decibans to 1.
 */
#ifndef ENGINE_RESULT_H
#define ENGINE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/diag.h"
#include "engine/fact.h"
#include "engine/rules.h"
#include "engine/urgency.h"

enum md_certainty {
#define MD_CERTAINTY(id, name) MD_CERTAINTY_##id,
#include "engine/certainty.def"
#undef MD_CERTAINTY
};
const char *md_certainty_name(enum md_certainty certainty);

enum md_evidence_kind { MD_EVIDENCE_SUPPORTS, MD_EVIDENCE_CONTRADICTS, MD_EVIDENCE_UNKNOWN, MD_EVIDENCE_PRIOR };
const char *md_evidence_kind_name(enum md_evidence_kind kind);

struct md_evidence {
    const char *id; /* of the finding; "prior" for the prior line */
    enum md_evidence_kind kind;
    double decibans;
    const char *because;         /* a sentence */
    const struct md_read *reads; /* the facts behind it */
    size_t n_reads;
    const struct md_origin *origins; /* where they were read, at most 8, without repetition */
    size_t n_origins;
};

/* Scope of a diagnosis as reported: pairs scope name, instance name, outermost first. */
struct md_scope_pair {
    const char *scope, *name;
};

struct md_rival {
    const char *id; /* NULL: no rival */
    double decibans;
    const char *const *because;
    size_t n_because;
};

struct md_diagnosis {
    const struct md_cause *cause;
    struct md_instance *at;
    size_t rank; /* from 1 */
    const char *id, *title, *summary;
    const struct md_scope_pair *scope;
    size_t n_scope;
    const char *const *members;
    size_t n_members;
    double probability, decibans;
    enum md_certainty certainty;
    enum md_urgency urgency;
    int64_t since; /* MD_TIME_NONE: not known */
    int growing;   /* 1, 0, -1: not known */
    bool has_messages, has_mailboxes, has_oldest;
    uint64_t messages, mailboxes;
    double oldest_s;
    const char *if_nothing;             /* or NULL */
    const struct md_evidence *evidence; /* by weight falling; the prior last; unknown ones after the known */
    size_t n_evidence;
    struct md_rival rather_than;
    const char *const *explains; /* ids of findings that are present and that it explains */
    size_t n_explains;
    const char *const *absorbs; /* ids of diagnoses that it brings */
    size_t n_absorbs;
    const struct md_advice *remedies; /* by fixes over cost; withheld ones last */
    size_t n_remedies;
};

struct md_considered {
    const char *id;
    const struct md_scope_pair *scope;
    size_t n_scope;
    double probability;
    const char *explained_by; /* id or NULL */
};

struct md_unknown {
    const char *fact;
    const struct md_instance *at;
    const struct md_scope_pair *scope;
    size_t n_scope;
    const char *why;
    const char *ask;                 /* command or question, or NULL */
    const char *const *would_change; /* ids of causes */
    size_t n_would_change;
};

struct md_result {
    enum md_urgency verdict;
    const char *summary; /* one sentence */
    double no_fault;
    const struct md_diagnosis *diagnoses;
    size_t n_diagnoses;
    const struct md_considered *considered;
    size_t n_considered;
    const struct md_unknown *unknown;
    size_t n_unknown;
    struct md_facts *facts; /* what it rests on */
    const struct md_rules *rules;
};

#endif
