/*
 * engine/rules: the rule base, loaded: findings, causes, remedies as C sees them, and how to ask Lua about an instance.
 *
 * Loading     md_rules_load runs every rule file once in the sandbox (engine/sandbox.h), checks each declaration against a table of
 *             allowed properties, resolves ids, and keeps predicates as references into the one Lua state of the rule set.
 *             Mistakes go to `diags` with file and line; a broken declaration is left out, the others stay.
 * Evaluation  pure: the same facts give the same answers. Reading an unknown fact abandons the predicate: MD_UNKNOWN with what was
 *             missing. A predicate that raises or exceeds its budget is unknown too and a diagnostic.
 * Inexact     a predicate that read a fact with bounds is evaluated at both; where the answers differ it is unknown, "too close to call".
 * Ownership   results live in the arena given to the call; ids and texts in the rules' own.
 */
#ifndef ENGINE_RULES_H
#define ENGINE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/loc.h"
#include "engine/base/status.h"
#include "engine/catalogue.h"
#include "engine/fact.h"
#include "engine/rule_file.h"
#include "engine/urgency.h"

/* A Lua value kept for later: a function or a text with {placeholders}; ref 0: absent. */
struct md_lua_ref {
    int ref;
};

struct md_finding {
    const char *id;
    const struct md_scope_def *scope;
    const char *group; /* findings of one group read one record; discounted together */
    double leak;       /* P(present | no listed cause) */
    struct md_lua_ref where, test, says;
    const char *title; /* for explain and lint; NULL: derived from says */
    const char *cites;
    struct md_loc loc;
    size_t index;
};

struct md_link {
    size_t finding;  /* index */
    double strength; /* P(present | only this cause acts) */
    bool is_below;   /* the finding's scope is below the cause's: raises the leak there */
};

struct md_bring {
    size_t cause; /* index of the symptom's cause */
    double strength;
};

struct md_cure {
    size_t remedy; /* index */
    double fixes;  /* P(it fixes this cause) */
};

struct md_cause {
    const char *id, *title;
    struct md_lua_ref summary, where, urgency, if_nothing, merge, since, messages, mailboxes;
    const struct md_scope_def *scope;
    double prior;
    bool is_benign;
    enum md_urgency
        usual_urgency; /* used where the urgency is unknown; of a plain `urgency = "act"` the value itself */
    const struct md_link *links;
    size_t n_links;
    const size_t *never; /* findings that speak against it */
    size_t n_never;
    const struct md_bring *brings;
    size_t n_brings;
    const struct md_cure
        *cures; /* in declared order of preference (by fixes falling, then name of the table's order) */
    size_t n_cures;
    const char *const *about; /* pairs scope name, instance name added to the reported scope; NULL-terminated */
    const char *cites;
    struct md_loc loc;
    size_t index;
};

struct md_remedy {
    const char *id, *title;
    struct md_lua_ref steps, needs, undo, verify, warnings, withheld, reference;
    const char *risk;    /* low, medium, high */
    const char *restart; /* "none", or what is restarted or rebuilt */
    double minutes, risk_minutes;
    const char *cites;
    struct md_loc loc;
    size_t index;
};

struct md_rules;

struct md_rules_input {
    const struct md_rule_file
        *files; /* facts.yaml, facts_*.yaml, lib/ *.lua, <product>/ *.lua, *.cases.yaml; any order */
    size_t n;
    const struct md_catalogue
        *catalogue; /* that of facts.yaml where it was read before (it must outlive the rules), or NULL */
};

/* What lies below a folder "check" or "wizard" is not of the rules (engine/check, engine/wizard_rules) and is passed over. The texts are borrowed and must live as long
 * as the rules. MD_OK also where declarations were left out: see `diags`.
 * MD_NOT_FOUND: there is no facts.yaml; MD_BAD_INPUT: it is none. */
MD_MUST_CHECK enum md_status md_rules_load(const struct md_rules_input *input, struct md_diags *diags,
                                           struct md_rules **ret);
void md_rules_free(struct md_rules **rules);

const struct md_catalogue *md_rules_catalogue(const struct md_rules *rules);
const char *md_rules_hash(const struct md_rules *rules); /* "sha256:..." over paths and texts */
size_t md_rules_finding_count(const struct md_rules *rules);
const struct md_finding *md_rules_finding(const struct md_rules *rules, size_t i);
size_t md_rules_cause_count(const struct md_rules *rules);
const struct md_cause *md_rules_cause(const struct md_rules *rules, size_t i);
size_t md_rules_remedy_count(const struct md_rules *rules);
const struct md_remedy *md_rules_remedy(const struct md_rules *rules, size_t i);
/* By id; NULL: none. */
const struct md_finding *md_rules_find_finding(const struct md_rules *rules, struct md_str id);
const struct md_cause *md_rules_find_cause(const struct md_rules *rules, struct md_str id);
const struct md_remedy *md_rules_find_remedy(const struct md_rules *rules, struct md_str id);
/* Raw property text as the rule file has it (summary, why ...) for explain, or NULL where it is a function. */
const char *md_rules_text(const struct md_rules *rules, struct md_lua_ref ref);
/* Case files (*.cases.yaml) of the input; parsed when they are first asked for. NULL: it is no YAML. */
size_t md_rules_case_file_count(const struct md_rules *rules);
const struct md_node *md_rules_case_file(const struct md_rules *rules, size_t i);
/* What was wrong with those that were asked for. */
const struct md_diags *md_rules_case_diags(const struct md_rules *rules);

enum md_truth { MD_ABSENT, MD_PRESENT, MD_UNKNOWN };

struct md_read {
    const struct md_fact *fact; /* NULL: it was never set */
    const struct md_fact_def *def;
    const struct md_instance *at;
};

struct md_observation {
    const struct md_finding *finding;
    struct md_instance *at;
    enum md_truth truth;
    const char *why;             /* unknown: the reason in words */
    const struct md_read *reads; /* every fact that was read, once, in order */
    size_t n_reads;
    const struct md_read *missing; /* unknown: the fact that was missing, or NULL */
};

/* Binds the rules to the facts of a run; evaluations go against them. Only one store at a time. */
void md_rules_bind(struct md_rules *rules, struct md_facts *facts, struct md_diags *diags);

/* What would they say if this were known? Until it is taken back (NULL) or the rules are bound again, the fact reads as
 * given; its instance may be one that the store does not have. Borrowed. */
void md_rules_suppose(struct md_rules *rules, const struct md_fact *fact);

/* A finding whose `where` does not hold for the instance is MD_UNKNOWN with why NULL: it does not apply. */
void md_eval_finding(struct md_rules *rules, struct md_arena *arena, const struct md_finding *finding,
                     struct md_instance *at, struct md_observation *ret);
/* Unknown: the cause takes part. */
enum md_truth md_eval_where(struct md_rules *rules, const struct md_cause *cause, struct md_instance *at);
enum md_urgency md_eval_urgency(struct md_rules *rules, const struct md_cause *cause, struct md_instance *at);
/* Display text of a reference for an instance; NULL where it is absent or not known. */
const char *md_eval_text(struct md_rules *rules, struct md_arena *arena, struct md_lua_ref ref, struct md_instance *at);
/* Number of a reference (impact, since as an age in seconds); false where it is absent or unknown. */
bool md_eval_number(struct md_rules *rules, struct md_lua_ref ref, struct md_instance *at, double *ret);

struct md_step {
    const char *text;    /* display text */
    const char *command; /* or NULL; values in it are quoted or it is NULL */
};

struct md_advice {
    const struct md_remedy *remedy;
    double fixes;
    const char *needs, *undo, *verify, *reference; /* or NULL */
    const char *const *warnings;
    size_t n_warnings;
    const char *withheld; /* why it must not be done now, or NULL */
    const struct md_step *steps;
    size_t n_steps;
};
void md_eval_remedy(struct md_rules *rules, struct md_arena *arena, const struct md_cure *cure, struct md_instance *at,
                    struct md_advice *ret);

#endif
