/*
 * engine/wizard_rules: what the wizard knows beyond the rules of diagnosis: looks and symptoms.
 *
 * They stand in rules/<product>/wizard/ *.lua and are loaded where they are wanted, into the sandbox of the rules, so their functions see
 * the same handles and vocabulary. A diagnosis loads none of it.
 *
 * Look        something to look at that gives many facts at once: the output of a command, a file, a folder. `gives` names probes, facts,
 *             or the beginning of facts and "*": a look may tell every fact with such a probe or name.
 * Symptom     what a person sees. Its causes multiply their odds by P(symptom | cause) / leak; a pattern ends with "*", the longest
 *             name that fits a cause wins, and a cause that none fits has the leak.
 * Ownership   everything lives as long as the rules; there is nothing to free.
 * Errors      a broken declaration is a diagnostic with file and line and is left out.
 */
#ifndef ENGINE_WIZARD_RULES_H
#define ENGINE_WIZARD_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/loc.h"
#include "engine/base/status.h"
#include "engine/catalogue.h"
#include "engine/rules.h"

struct md_look {
    const char *id, *title;
    const char *const *items; /* names of the kinds of raw material that answer it */
    size_t n_items;
    const char *const *gives; /* probes, facts, beginnings of facts */
    size_t n_gives;
    const char *const *after; /* ids of looks without which it is worth little */
    size_t n_after;
    struct md_lua_ref how, asks; /* see md_look_steps, md_look_asks */
    const char *safe;            /* why it does no harm */
    double minutes, load_minutes, risk_minutes, annoyance_minutes;
    bool needs_consent; /* costly: it is offered with its cost */
    const char *cites;
    struct md_loc loc;
    size_t index;
};

struct md_symptom_cause {
    const char *name; /* as declared: an id, or the beginning of ids and "*" */
    double strength;  /* P(symptom | cause) */
};

struct md_symptom {
    const char *id, *says;
    const struct md_scope_def *scope; /* of the instance that it is about; NULL: of none */
    const char *name;                 /* the question for that instance ("Which domain?"), or NULL */
    double leak;                      /* P(symptom | none of the causes) */
    const struct md_symptom_cause *causes;
    size_t n_causes;
    const char *product; /* of another product: whose symptoms are meant, no symptom by itself; or NULL */
    const char *cites;
    struct md_loc loc;
    size_t index;
};

struct md_wizard_rules;

/* Loads the files of the input that lie below a folder named "wizard". `input` is what the rules were loaded from; its texts are
 * borrowed. Replaces nothing of the rules; may be called once for each rule set. MD_OK also where declarations were left out, or where
 * there are none. */
MD_MUST_CHECK enum md_status md_wizard_rules_load(struct md_rules *rules, const struct md_rules_input *input,
                                                  struct md_diags *diags, struct md_wizard_rules **ret);

size_t md_wizard_look_count(const struct md_wizard_rules *wizard);
const struct md_look *md_wizard_look(const struct md_wizard_rules *wizard,
                                     size_t i); /* in the order of files and lines */
const struct md_look *md_wizard_find_look(const struct md_wizard_rules *wizard, struct md_str id); /* NULL: none */
size_t md_wizard_symptom_count(const struct md_wizard_rules *wizard);
const struct md_symptom *md_wizard_symptom(const struct md_wizard_rules *wizard, size_t i);
const struct md_symptom *md_wizard_find_symptom(const struct md_wizard_rules *wizard, struct md_str id);

/* minutes + load + risk + annoyance */
double md_look_cost(const struct md_look *look);
/* True where it may tell the fact. */
bool md_look_gives(const struct md_look *look, const struct md_fact_def *def);
/* P(symptom | cause) */
double md_symptom_strength(const struct md_symptom *symptom, const struct md_cause *cause);

/* How to get it on this host, and the sentence that asks for it. The rules must be bound (md_rules_bind). `asks` is never NULL. */
const struct md_step *md_look_steps(struct md_rules *rules, struct md_arena *arena, const struct md_look *look,
                                    struct md_instance *host, size_t *ret_n);
const char *md_look_asks(struct md_rules *rules, struct md_arena *arena, const struct md_look *look,
                         struct md_instance *host);

/*
 * `rules lint` for it: looks and symptoms name only looks, causes, probes and kinds that exist, have cites, costs and a way to do them;
 * questions (`ask` in the catalogue) have minutes and outcomes that cover their type; every fault can be reached by some inquiry.
 * `is_item` tells whether there is a kind of raw material of that name. Binds the rules to stores of its own: bind again afterwards.
 */
void md_wizard_lint(struct md_rules *rules, struct md_wizard_rules *wizard, bool (*is_item)(const char *name),
                    struct md_arena *arena, struct md_diags *diags);

#endif
