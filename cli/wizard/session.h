/*
 * cli/wizard/session: a case as it stands, from its events alone. No terminal, no source, no clock.
 *
 * Steps       symptom, inputs, answers, "don't know", skips and remedies that were tried: what a person did. One that was undone
 *             does not count; so taking back, changing, resuming and replaying are one operation: building anew.
 * Measured    what the source showed stands in `facts` events, each of a set of inputs. The newest one whose inputs are those that
 *             count is used; where there is none, somebody must look again (wants_facts).
 * Told        what a person answered fills what is not known; where something was read and says otherwise, that counts and
 *             the contradiction is said. An answer that was given in place of an earlier one (`change`) counts all the same.
 * Stale       after a remedy was tried, what spoke for its cause is not known any more until it is looked at or told
 *             again; the inquiries that give it are open again.
 *
 * Ownership   md_session_build makes everything in the arena that it is given; events stay the session's.
 */
#ifndef CLI_WIZARD_SESSION_H
#define CLI_WIZARD_SESSION_H

#include "cli/product.h"
#include "cli/wizard/case_file.h"
#include "engine/advise.h"

#define MD_SESSION_NOT_NAMED "(not named)"

struct md_session {
    struct md_arena *arena;
    struct md_rules *rules;
    const struct md_wizard_rules *wizard;
    struct md_diags *diags;
    struct md_case_events events;
    struct md_case_file *file; /* NULL: it is kept in memory only */
};

struct md_contradiction {
    const struct md_event *step;
    const struct md_fact *read; /* what counts */
    const char *told;           /* displayable */
};

struct md_state {
    struct md_arena *arena;
    struct md_facts *facts;
    const struct md_symptom *symptom; /* NULL: not said yet */
    struct md_instance *symptom_at;   /* or NULL */
    const char *const *closed;        /* ids of inquiries */
    size_t n_closed;
    const struct md_tried *tried; /* in vain */
    size_t n_tried;
    const struct md_event *const *steps; /* that count, in order */
    size_t n_steps;
    const struct md_event *seen; /* the `facts` event in use, or NULL */
    const uint64_t *inputs;      /* numbers of the inputs that count: what `facts` must be of */
    size_t n_inputs;
    bool wants_facts;              /* there is something to look at that no `facts` event is of */
    const struct md_event *worked; /* the remedy that helped, or NULL */
    const struct md_event *end;    /* the last event, where that is an end; else NULL */
    const struct md_contradiction *contradictions;
    size_t n_contradictions;
};

/* The event gets a number, is written to the file, and becomes the session's; takes the reference (from md_event_new). MD_OK also
 * where the file could not be written, which is said in the session's diags. */
const struct md_event *md_session_add(struct md_session *session, json_t *event);
uint64_t md_session_next(const struct md_session *session);
/* `extra`: events that count at the end as if they had been added (for "what if"); may be NULL. */
void md_session_build(const struct md_session *session, const struct md_event *extra, size_t n_extra,
                      struct md_arena *arena, struct md_diags *diags, struct md_state *ret);
/* What the start says of the base: live, path, none. */
const char *md_session_base(const struct md_session *session);
/* The product that it is about: as it was asked for or said, else what was last seen; NULL: nothing says. */
const struct md_product *md_session_product(const struct md_session *session);
struct md_str md_session_base_path(const struct md_session *session);

/* New reference: the entries of a facts file that say this value of an instance, as told by a person. */
json_t *md_session_told(struct md_session *session, const struct md_fact_def *def, const struct md_instance *at,
                        const struct md_value *value);
/* The instance that a scope of a facts file names ({"channel": "tcp_local"}); made where it is not there. NULL: the scope says too little. */
struct md_instance *md_session_instance(struct md_facts *facts, const struct md_scope_def *scope,
                                        const struct md_node *names);

#endif
