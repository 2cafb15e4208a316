/*
 * cli/wizard/wizard: one dialogue: the session, who answers, and where it is shown. Private to cli/wizard.
 *
 *   wizard.c    the command: beginning, resuming, replaying, the end
 *   dialogue.c  turns: build, look, advise, ask, take the answer
 *   steps.c     what was said becomes events
 *   verbs.c     commands at a prompt
 *   closing.c   the report of a session as it stands
 */
#ifndef CLI_WIZARD_WIZARD_H
#define CLI_WIZARD_WIZARD_H

#include "cli/report/layout.h"
#include "cli/rulebase.h"
#include "cli/wizard/answer.h"
#include "cli/wizard/answers.h"
#include "cli/wizard/prompt.h"
#include "cli/wizard/screen.h"

#define MD_WIZARD_TURNS_MAX 1000

/* How a dialogue goes on after something was said. */
enum md_goes { MD_GOES_ASK_AGAIN, MD_GOES_ON, MD_GOES_ENDS };

struct md_wizard {
    const struct md_options *options;
    struct md_options own_options; /* those, as the case began where it is gone on with */
    struct md_rulebase *base;
    const struct md_product *product;                   /* whose rules are in use */
    const struct md_wizard_rules *rules;                /* its looks and symptoms */
    struct md_wizard_rules *rules_of[MD_PRODUCT_COUNT]; /* NULL until they are used */
    struct md_session session;
    FILE *out;                        /* of the dialogue; NULL: it is not shown */
    struct md_prompt *prompt;         /* a person, or NULL */
    const struct md_answers *answers; /* a file, or NULL */
    /* of this turn */
    struct md_arena *turn;
    struct md_state state;
    struct md_advise advise;
    struct md_standing leading[MD_LEADING_MAX];
    size_t n_leading;
    const struct md_inquiry *inquiry; /* that is asked, or NULL: the plan */
    const struct md_action *action;   /* that is proposed, or NULL */
    const struct md_choice_list *list;
    /* across turns */
    struct md_arena *kept;                     /* for texts of `before` and `changing` */
    struct md_standing before[MD_LEADING_MAX]; /* the leading causes of the step before */
    size_t n_before;
    size_t steps_ranked; /* of how many events the last ranking is */
    size_t n_asked;
    size_t n_contradictions; /* that were shown */
    const char *changing;    /* id of the inquiry that is to be asked anew, or NULL */
    bool wants_plan;         /* without further questions */
    bool could_not_look;     /* the base could not be looked at; said */
    bool is_welcome;         /* the heading was shown */
    const char *end;         /* how it ended, or NULL */
};

/* ---- dialogue.c ---- */

/* Until it ends. */
void md_wizard_talk(struct md_wizard *w);
/* Takes the rules of a product; what is wrong with them is said on standard error. */
void md_wizard_use(struct md_wizard *w, const struct md_product *product);
/* Builds the session as it stands, looks again where that is needed, and asks for advice. */
void md_wizard_turn(struct md_wizard *w);
/* Of the state, into w->advise; binds the rules to its facts. */
void md_wizard_advise(struct md_wizard *w);
void md_wizard_say(const struct md_wizard *w, struct md_buf *text); /* and frees it */
void md_wizard_tell(const struct md_wizard *w, const char *fmt, ...) MD_PRINTF(2, 3);
struct md_screen md_wizard_screen(const struct md_wizard *w);
/* A question of one line beside the inquiries ("Which channel?"); empty: no answer. */
struct md_str md_wizard_line(struct md_wizard *w, const char *question);
int64_t md_wizard_clock(void);
/* See md_prompt_hooks. */
enum md_line_is md_wizard_judge(void *ctx, struct md_str line);

/* ---- steps.c ---- */

/* What was said to the inquiry. */
enum md_goes md_wizard_answer(struct md_wizard *w, const struct md_said *said, struct md_str line);
/* What was said to the action that is proposed. `result`: worked, failed, unsure, skip. */
enum md_goes md_wizard_tried(struct md_wizard *w, const char *result);
/* A text that was given. */
enum md_goes md_wizard_take_text(struct md_wizard *w, struct md_str text, bool is_cut);
enum md_goes md_wizard_take_file(struct md_wizard *w, struct md_str given);
bool md_wizard_is_there(struct md_arena *arena, struct md_str path);
enum md_goes md_wizard_run_here(struct md_wizard *w);
/* The id under which an action is skipped; in the arena. */
const char *md_wizard_action_id(struct md_arena *arena, const struct md_action *action);
/* The path seen from the root, for whoever resumes elsewhere. */
const char *md_wizard_absolute(struct md_arena *arena, const char *path);
json_t *md_wizard_event(const struct md_wizard *w, enum md_event_kind kind);
/* That it is about this product; answers no inquiry. New reference. */
json_t *md_wizard_product_event(const struct md_wizard *w, const char *product);

/* ---- verbs.c ---- */

enum md_goes md_wizard_verb(struct md_wizard *w, const struct md_said *said);
/* Words for completion, see md_prompt_hooks. */
const char *md_wizard_complete(void *ctx, struct md_str before, size_t i);

/* ---- closing.c ---- */

/* The report of the session as it stands (after md_wizard_turn), in the format of the options. */
void md_wizard_report(struct md_wizard *w, struct md_buf *out);

#endif
