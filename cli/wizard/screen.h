/*
 * cli/wizard/screen: what the wizard shows, as pure functions of the session as it stands and of the advice. No terminal.
 *
 * Everything is text for 80 columns that is printed from the top to the bottom and never drawn over; one question fits 24 lines where its
 * instructions do. Plain (--plain) is for a screen reader or a serial line: no bars, no columns, whole sentences.
 */
#ifndef CLI_WIZARD_SCREEN_H
#define CLI_WIZARD_SCREEN_H

#include "cli/wizard/session.h"
#include "engine/base/buf.h"

#define MD_LEADING_MAX 5

/* A cause that may be it. */
struct md_standing {
    const char *id, *title;
    const char *where; /* "channel tcp_local", or "" */
    double p;
    double before; /* after the step before; negative: it was not among them, or there was none */
};

struct md_screen {
    struct md_arena *arena; /* for texts */
    const struct md_session *session;
    const struct md_state *state;
    const struct md_advise *advise;
    const struct md_standing *leading;
    size_t n_leading;
    size_t number; /* of the question */
    bool is_plain, use_colour;
    bool can_run; /* the host is here: "!" */
};

/* The causes that lead in a result, the most probable first; `before`: those of the step before, may be NULL. */
size_t md_leading_find(struct md_arena *arena, const struct md_rules *rules, const struct md_result *result,
                       const struct md_standing *before, size_t n_before, struct md_standing *ret);

void md_screen_welcome(const struct md_screen *screen, const char *case_path, struct md_buf *out);
/* The leading causes and what was answered. */
void md_screen_status(const struct md_screen *screen, struct md_buf *out);
void md_screen_inquiry(const struct md_screen *screen, const struct md_inquiry *inquiry, struct md_buf *out);
/* The plan; the action at `first` spelled out. `is_usable`: by action, whether it may still be proposed. */
void md_screen_plan(const struct md_screen *screen, const bool *is_usable, size_t first, struct md_buf *out);
void md_screen_why(const struct md_screen *screen, const struct md_inquiry *inquiry, struct md_buf *out);
/* `observations` are of the findings of the cause's links. */
void md_screen_why_not(const struct md_screen *screen, const struct md_cause *cause, struct md_instance *at,
                       struct md_buf *out);
void md_screen_steps(const struct md_screen *screen, bool with_facts, struct md_buf *out);
/* How the causes stand against how they stood. */
void md_screen_compare(const struct md_screen *screen, const char *heading, struct md_buf *out);
void md_screen_help(const struct md_screen *screen, struct md_buf *out);
void md_screen_contradictions(const struct md_screen *screen, struct md_buf *out);

/* "channel tcp_local, destination example.net"; "" for the host. */
const char *md_screen_where(struct md_arena *arena, const struct md_instance *at);
/* "2 listing of the queue folders: pasted, 40 lines" without its number. */
const char *md_screen_step(const struct md_screen *screen, const struct md_event *step);

#endif
