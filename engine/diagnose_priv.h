/*
 * engine/diagnose_priv: what the parts of engine/diagnose share, and what engine/advise goes on with. Not for others.
 *
 *   instances.c   which instances take part, their observations and inference        -> views
 *   absorb.c      beliefs of .02 or more; which of them another one brings           -> beliefs
 *   order.c       beliefs held become entries: merged, limited, ordered              -> entries
 *   fallback.c    what is said where no cause is held; P(no fault) of the run
 *   evidence.c    lines of evidence, their sentences and origins
 *   explain.c     an entry becomes a diagnosis
 *   gaps.c        what is unknown and would change the answer
 * All memory is of the arena of the run.
 */
#ifndef ENGINE_DIAGNOSE_PRIV_H
#define ENGINE_DIAGNOSE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/time.h"
#include "engine/diagnose.h"
#include "engine/infer.h"

#define MD_HELD .5            /* a cause of this probability is a diagnosis */
#define MD_ROOT .7            /* and of this one absorbs what it brings; `act` below it is reported as `watch` */
#define MD_CONSIDERED .02     /* a cause of less is not mentioned */
#define MD_LEAST_DECIBANS .05 /* lines of less are left out */
#define MD_PERSON_ERROR .1    /* a person's answer is wrong as often */
#define MD_ALIKE_SINGLY 3     /* diagnoses of one cause below one instance that are listed singly */

/* Findings and causes of one kind of scope. */
struct md_scope_rules {
    const struct md_finding **findings;
    size_t n_findings;
    const struct md_cause **causes;
    size_t n_causes;
};

/* An instance that takes part on its own. Arrays "by position" go along scope->findings. */
struct md_view {
    struct md_instance *at;
    struct md_view *parent; /* NULL: the root */
    size_t index;
    const struct md_scope_rules *scope;
    struct md_observation *observations; /* by position */
    struct md_infer_finding *findings;   /* by position */
    const struct md_cause **causes;      /* that take part */
    size_t n_causes;
    struct md_infer_output out; /* by position in causes, and of findings by position */
    double prior_no_fault;
};

/* A cause in an instance, of probability MD_CONSIDERED or more. */
struct md_belief {
    struct md_view *view;
    const struct md_cause *cause;
    size_t row; /* in view->causes */
    double probability;
    struct md_belief *brought_by; /* the root that absorbs it, or NULL */
    /* Of those that are held: */
    bool is_held;
    enum md_urgency urgency;
    bool has_messages, has_mailboxes;
    double messages, mailboxes;
    int64_t since;
};

/* A diagnosis to be. */
struct md_entry {
    const struct md_cause *cause; /* NULL: a fallback that the rule base does not declare */
    const char *fallback_id;      /* NULL: an ordinary diagnosis */
    struct md_view *view;         /* of the best member */
    struct md_belief **members;   /* the best first; none of a fallback */
    size_t n_members;
    const char *merged; /* text that two or more members share, or NULL */
    bool is_rest;       /* those beyond MD_ALIKE_SINGLY */
    bool is_fault;
    double probability;
    enum md_urgency urgency;
    bool has_messages, has_mailboxes;
    double messages, mailboxes;
    int64_t since;
};

struct md_study {
    struct md_rules *rules;
    struct md_facts *facts;
    const struct md_diagnose_options *options;
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_scope_rules *scopes; /* by index of the scope */
    size_t *position;              /* of a finding among those of its scope, by index */
    struct md_view **views;        /* parents before children */
    size_t n_views;
    struct md_belief **beliefs; /* in the order of views and causes */
    size_t n_beliefs;
    struct md_entry **entries;
    size_t n_entries;
};

/* diagnose.c: all of it; what the parts made stays in the study. The first five members of it are given. */
void md_study_run(struct md_study *study, struct md_result *ret);

/* instances.c */
void md_study_views(struct md_study *study);
bool md_study_is_fallback(const struct md_study *study, const struct md_cause *cause);
/* Chance that what it rests on was told wrong: MD_PERSON_ERROR where a person told one of its facts, else 0. */
double md_person_error(const struct md_observation *o);
/* True where `above` is `below` or encloses it. */
bool md_view_encloses(const struct md_view *above, const struct md_view *below);

/* absorb.c */
void md_study_beliefs(struct md_study *study);
struct md_belief *md_belief_root(struct md_belief *belief);
struct md_considered *md_study_considered(struct md_study *study, size_t *ret_n);

/* order.c */
void md_study_entries(struct md_study *study);
void md_study_add_entry(struct md_study *study, const struct md_entry *entry);
void md_study_order(struct md_study *study);

/* fallback.c */
double md_study_no_fault(const struct md_study *study);
void md_study_fallback(struct md_study *study);
void md_fallback_evidence(struct md_study *study, const struct md_entry *entry, struct md_diagnosis *ret);

/* evidence.c */
struct md_lines {
    struct md_evidence *list;
    size_t n, cap;
};
/* Adds the line of an observation; leaves it out below MD_LEAST_DECIBANS unless it is unknown. */
void md_evidence_lines_add(struct md_study *study, struct md_lines *lines, const struct md_observation *o,
                           double decibans);
/* Sorts, adds the prior's line and gives the sum of what is shown. */
double md_evidence_lines_close(struct md_study *study, struct md_lines *lines, double prior_db);
/* What an observation says, in a sentence. */
const char *md_observation_says(struct md_study *study, const struct md_observation *o);

/* explain.c */
void md_study_explain(struct md_study *study, const struct md_entry *entry, struct md_diagnosis *ret);
const struct md_scope_pair *md_scope_pairs(struct md_study *study, const struct md_instance *at,
                                           const struct md_cause *cause, const char *name, size_t *ret_n);
const char *md_study_summary(struct md_study *study, const struct md_diagnosis *list, size_t n);

/* gaps.c */
struct md_unknown *md_study_gaps(struct md_study *study, size_t *ret_n);

/* Rounded as they are compared and shown; never -0. */
double md_round3(double probability);
double md_round1(double decibans);
double md_decibans(double probability);

#endif
