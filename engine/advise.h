/*
 * engine/advise: the next question of the wizard, and the plan of repair.
 *
 * Given facts, what was answered and what was tried, md_advise diagnoses, orders what could be done by probability over cost (the plan),
 * and gives every inquiry that may still be made its value:
 *
 *     ECR      sum over the plan of minutes(k) * P(none of the actions before k helped)
 *     value    ECR(now) - sum over outcomes of P(outcome) ECR(after it) - cost, "don't know" included, where to ECR belongs what a
 *              wrong explanation costs beside wrong steps
 *
 * Symptom     asked once, before everything else. It and remedies that were tried in vain act on the odds of causes; no cause is held for it alone.
 * Fact        a question to a person: for each of its outcomes a representative value is set hypothetically and the findings that read
 *             it are evaluated.
 * Look        its outcomes are what it would show if this were the cause: one for each leading cause and one for no fault.
 * Ghosts      of a scope without an instance one nameless instance takes part, so that its causes count and can be asked about. It is never
 *             in `result`. An inquiry or action may be about a ghost or about an instance that no fact was set for: its index is SIZE_MAX;
 *             md_advise_instance makes it real.
 * Plan        actions are remedies at instances, waiting ("it is normal: look again"), and escalation, which always helps and comes last. An
 *             action of high risk stands in it only where its cause is likely (.5), and one that must not be done now not at all.
 *
 * Deterministic; binds the rules to `facts`. Everything returned lives in `arena`, as long as rules, facts and wizard live.
 */
#ifndef ENGINE_ADVISE_H
#define ENGINE_ADVISE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/diagnose.h"
#include "engine/result.h"
#include "engine/wizard_rules.h"

#define MD_ADVISE_LEADING 12

/* How inquiries are ordered; the others than MD_POLICY_VALUE are there to be compared with. */
enum md_policy {
    MD_POLICY_VALUE,
    MD_POLICY_PLAYBOOK, /* every look as declared, then every question of the catalogue, until a diagnosis is conclusive */
    MD_POLICY_INFORMATION, /* most bits first whatever it costs, until a diagnosis is conclusive */
};

enum md_inquiry_kind { MD_INQUIRY_SYMPTOM, MD_INQUIRY_LOOK, MD_INQUIRY_FACT };

struct md_outcome {
    const char *
        name; /* as in the catalogue; a symptom's id; of a look the id of the cause that would show this, "" for no fault */
    const char *says;      /* what a person may choose, in words */
    struct md_value value; /* of a fact: one that falls into the outcome */
    double probability;    /* without "don't know" they add up to 1 */
    const char *leads_to;  /* id of the diagnosis that then leads, or NULL: not computed */
};

struct md_inquiry {
    enum md_inquiry_kind kind;
    /* Stable, for case files: "symptom", "look:meter", "fact:site.power", "fact:room.dark@kitchen" (names of the
     * instances from the outermost, joined by "/"). */
    const char *id;
    const struct md_look *look;     /* of a look */
    const struct md_fact_def *fact; /* of a fact */
    struct md_instance *at;         /* of a fact; the root for the others */
    const char *asks;               /* one sentence or question */
    const char *safe;               /* or NULL */
    const struct md_step *how;
    size_t n_how;
    const struct md_outcome *outcomes; /* without "don't know", which is always possible */
    size_t n_outcomes;
    double cost_minutes;  /* with load, risk and annoyance */
    double saves_minutes; /* expected, before its cost */
    double value;         /* saves - cost; of another policy: what that orders by */
    bool needs_consent;
    const char *separates[2]; /* ids of the two causes whose odds it moves most against each other; NULL: none */
    double p_separates[2];    /* what they hold now */
    const char *why;          /* "it separates A (now 46 %) from B (31 %); it is expected to save 18 min for 2 min" */
};

struct md_action {
    const char *id;                 /* of the remedy, or "wait", or "escalate" */
    const char *title;              /* in words */
    const struct md_remedy *remedy; /* NULL: wait, or escalate */
    const struct md_cause *cause;   /* the one it is most likely to mend; NULL: none */
    struct md_instance *at;
    double p;                       /* that it helps, as things stand */
    double minutes;                 /* with risk */
    const struct md_advice *advice; /* NULL: wait, or escalate */
};

/* A remedy that did not help. */
struct md_tried {
    const struct md_remedy *remedy;
    const struct md_instance *at; /* NULL: wherever */
};

struct md_advise_input {
    struct md_rules *rules;
    struct md_wizard_rules *wizard;
    struct md_facts *facts;
    const struct md_diagnose_options *diagnose; /* its odds are not looked at */
    const struct md_symptom *symptom;           /* NULL: not said yet */
    struct md_instance *symptom_at;             /* or NULL */
    const char *const *closed;                  /* ids of inquiries that were answered, skipped, not known */
    size_t n_closed;
    const struct md_tried *tried;
    size_t n_tried;
    enum md_policy policy;
};

/* What it may be, as the advice believes it: ghosts' causes are among them, and together they hold at most 1. */
struct md_leading {
    const struct md_cause *cause;
    struct md_instance *at; /* the likeliest one; NULL: of a ghost */
    double probability;     /* that this cause is the problem, wherever */
};

struct md_advise {
    struct md_result result;
    const struct md_leading *leading; /* the best first, at most MD_ADVISE_LEADING, of .01 or more */
    size_t n_leading;
    double no_fault;                    /* the same for "nothing is wrong", with the normal states in `leading` */
    const struct md_inquiry *inquiries; /* the best first; all that may be made */
    size_t n_inquiries;
    size_t n_worth; /* the first so many are worth their cost */
    const struct md_action *plan;
    size_t n_plan;
    double expected_minutes; /* of the plan: ECR */
};

void md_advise(const struct md_advise_input *input, struct md_arena *arena, struct md_diags *diags,
               struct md_advise *ret);

/* The instance of the store that stands for this one (of the same scopes and names); makes it where there is none. NULL: it or one that
 * encloses it has no name. */
struct md_instance *md_advise_instance(struct md_facts *facts, const struct md_instance *at);

#endif
