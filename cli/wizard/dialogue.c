#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/tty.h"
#include "cli/wizard/gather.h"
#include "cli/wizard/wizard.h"
#include "engine/base/display.h"
#include "engine/base/time.h"

#define NAMES_MAX 64

int64_t md_wizard_clock(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return 0;
    }
    return (int64_t)now.tv_sec * MD_SECOND + now.tv_nsec / 1000;
}

void md_wizard_say(const struct md_wizard *w, struct md_buf *text)
{
    if (w->out != NULL && text->n > 0) {
        (void)fwrite(text->p, 1, text->n, w->out);
        fflush(w->out);
    }
    md_buf_free(text);
}

void md_wizard_tell(const struct md_wizard *w, const char *fmt, ...)
{
    va_list args;
    struct md_buf text = {0};
    const struct md_layout layout = {.out = &text};
    va_start(args, fmt);
    md_layout_paragraph(&layout, "", "  ", md_arena_vprintf(w->turn, fmt, args), MD_STYLE_PLAIN);
    va_end(args);
    md_wizard_say(w, &text);
}

struct md_screen md_wizard_screen(const struct md_wizard *w)
{
    return (struct md_screen){.arena = w->turn,
                              .session = &w->session,
                              .state = &w->state,
                              .advise = &w->advise,
                              .leading = w->leading,
                              .n_leading = w->n_leading,
                              .number = w->n_asked,
                              .is_plain = w->options->is_plain,
                              .use_colour = w->prompt != NULL && !w->options->is_plain &&
                                            md_tty_use_colour(w->options->colour, false),
                              .can_run = strcmp(md_session_base(&w->session), "live") == 0};
}

/* ---- a turn ---- */

/* What became of the last input, in a word for each thing in it. */
static void say_recognised(struct md_wizard *w)
{
    const struct md_event *last = NULL;
    for (size_t i = 0; i < w->state.n_steps; i++) {
        last = w->state.steps[i];
    }
    const struct md_node *files = w->state.seen == NULL ? NULL : md_node_get(w->state.seen->node, "files");
    if (last == NULL || last->kind != MD_EVENT_INPUT || last->runs || files == NULL) {
        return;
    }
    const char *kinds = "";
    size_t n = 0;
    for (const struct md_node *file = files->first; file != NULL && n < 8; file = file->next) {
        if (md_str_is(md_node_text(file, "name"), md_display(w->turn, md_str(last->name))) &&
            !md_str_is(md_node_text(file, "kind"), "other")) {
            kinds = md_arena_printf(w->turn, "%s%s%s", kinds, n++ > 0 ? ", " : "",
                                    md_display(w->turn, md_node_text(file, "kind")));
        }
    }
    if (n > 0) {
        md_wizard_tell(w, "Understood: %s.", kinds);
    } else if (strcmp(md_session_base(&w->session), "live") != 0) {
        md_wizard_tell(
            w, "This was not understood as the output of a command or a file that is known here; it is kept in the "
               "case, but nothing follows from it. `back` takes it away.");
    }
}

void md_wizard_use(struct md_wizard *w, const struct md_product *product)
{
    struct md_diags *diags = md_diags_new(w->kept);
    struct md_wizard_rules **slot = &w->rules_of[product->id];
    w->session.rules = md_rulebase_rules(w->base, product, diags);
    if (*slot == NULL) {
        const struct md_rules_input input = md_rulebase_input(w->base, product);
        if (md_wizard_rules_load(w->session.rules, &input, diags, slot) != MD_OK) {
            MD_BUG("looks and symptoms that do not load");
        }
    }
    md_problems_print(diags, MD_NOTE);
    w->product = product;
    w->rules = w->session.wizard = *slot;
}

static void build(struct md_wizard *w)
{
    const struct md_product *product = md_session_product(&w->session);
    if (product != NULL && product != w->product) {
        md_wizard_use(w, product);
    }
    md_session_build(&w->session, NULL, 0, w->turn, w->session.diags, &w->state);
}

static void look(struct md_wizard *w)
{
    json_t *event = NULL;
    bool has_product = false;
    size_t known = md_diags_count(w->session.diags);
    enum md_status status = md_gather(&w->session, &w->state, w->options, w->base, md_wizard_clock(), w->session.diags,
                                      &event, &has_product);
    md_tty_forget_interrupt();
    if (status != MD_OK) {
        for (size_t i = known; i < md_diags_count(w->session.diags); i++) {
            const struct md_diag *d = md_diags_at(w->session.diags, i);
            md_wizard_tell(w, "%s%s%s", d->loc.file == NULL ? "" : md_display(w->turn, md_str(d->loc.file)),
                           d->loc.file == NULL ? "" : ": ", d->what);
        }
        w->could_not_look = true;
        return;
    }
    (void)md_session_add(&w->session, event);
    build(w);
    say_recognised(w);
}

void md_wizard_advise(struct md_wizard *w)
{
    const struct md_diagnose_options how = md_product_diagnose_options(w->product);
    const struct md_advise_input input = {.rules = w->session.rules,
                                          .wizard = (struct md_wizard_rules *)w->rules,
                                          .facts = w->state.facts,
                                          .diagnose = &how,
                                          .symptom = w->state.symptom,
                                          .symptom_at = w->state.symptom_at,
                                          .closed = w->state.closed,
                                          .n_closed = w->state.n_closed,
                                          .tried = w->state.tried,
                                          .n_tried = w->state.n_tried};
    md_advise(&input, w->turn, w->session.diags, &w->advise);
}

/* For colleagues and for the next turn: how the causes stand after each step. */
static void note_ranking(struct md_wizard *w)
{
    if (w->state.n_steps == 0 || w->steps_ranked == w->session.events.n) {
        return;
    }
    json_t *event = md_wizard_event(w, MD_EVENT_RANKING);
    json_t *causes = json_array();
    for (size_t i = 0; i < w->n_leading; i++) {
        json_array_append_new(causes, json_pack("{s:s, s:s, s:f}", "id", w->leading[i].id, "where", w->leading[i].where,
                                                "p", w->leading[i].p));
    }
    json_object_set_new(event, "causes", causes);
    json_object_set_new(event, "no_fault", json_real(w->advise.result.no_fault));
    (void)md_session_add(&w->session, event);
    w->steps_ranked = w->session.events.n;
}

/* Those of the last ranking but the one of this turn: what the bars have moved from. */
static void remember_leading(struct md_wizard *w)
{
    w->n_before = w->n_leading;
    for (size_t i = 0; i < w->n_leading; i++) {
        w->before[i] = (struct md_standing){.id = md_arena_cstr(w->kept, md_str(w->leading[i].id)),
                                            .where = md_arena_cstr(w->kept, md_str(w->leading[i].where)),
                                            .p = w->leading[i].p};
    }
}

void md_wizard_turn(struct md_wizard *w)
{
    if (w->turn != NULL) {
        remember_leading(w);
        md_arena_free(&w->turn);
    }
    w->turn = md_arena_new_large();
    build(w);
    if (w->state.wants_facts && !w->could_not_look) {
        look(w);
    }
    md_wizard_advise(w);
    w->n_leading = md_leading_find(w->turn, w->session.rules, &w->advise.result, w->before, w->n_before, w->leading);
}

/* ---- what to ask ---- */

static const struct md_inquiry *find_inquiry(const struct md_wizard *w, const char *id)
{
    for (size_t i = 0; i < w->advise.n_inquiries; i++) {
        if (strcmp(w->advise.inquiries[i].id, id) == 0) {
            return &w->advise.inquiries[i];
        }
    }
    return NULL;
}

static void choose_inquiry(struct md_wizard *w)
{
    w->inquiry = NULL;
    if (w->changing != NULL) {
        w->inquiry = find_inquiry(w, w->changing);
        if (w->inquiry == NULL) {
            md_wizard_tell(w, "%s cannot be asked any more; the step was taken back.",
                           md_display(w->turn, md_str(w->changing)));
            w->changing = NULL;
        }
    }
    if (w->inquiry == NULL && !w->wants_plan && w->advise.n_worth > 0) {
        w->inquiry = &w->advise.inquiries[0];
    }
}

static bool is_closed(const struct md_wizard *w, const char *id)
{
    for (size_t i = 0; i < w->state.n_closed; i++) {
        if (strcmp(w->state.closed[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* SIZE_MAX: nothing is left to do. */
static size_t choose_action(const struct md_wizard *w, bool *is_usable)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < w->advise.n_plan; i++) {
        is_usable[i] = !is_closed(w, md_wizard_action_id(w->turn, &w->advise.plan[i]));
        bool is_now = is_usable[i] && (w->advise.plan[i].advice == NULL || w->advise.plan[i].advice->withheld == NULL);
        if (is_now && first == SIZE_MAX) {
            first = i;
        }
    }
    return first;
}

/* ---- asking ---- */

enum md_line_is md_wizard_judge(void *ctx, struct md_str line)
{
    const struct md_wizard *w = ctx;
    struct md_said said;
    struct md_arena *arena = md_arena_new();
    md_said_read(arena, line, w->list, &said);
    bool is_path = said.kind == MD_SAID_FILE;
    bool is_there = is_path && md_wizard_is_there(arena, said.argument);
    md_arena_free(&arena);
    if (is_path && !is_there) {
        /* "/var/queue:", as a listing begins; or a path that is misspelt */
        return w->list->takes_text && md_str_has_suffix(md_str_trim(line), MD_LIT(":")) ? MD_LINE_BEGINS_TEXT
                                                                                        : MD_LINE_WRONG;
    }
    return said.kind != MD_SAID_OTHER ? MD_LINE_WHOLE : w->list->takes_text ? MD_LINE_BEGINS_TEXT : MD_LINE_WRONG;
}

struct md_str md_wizard_line(struct md_wizard *w, const char *question)
{
    const struct md_choice_list none = {.n = 0};
    const struct md_choice_list *before = w->list;
    struct md_str line = md_str("");
    bool is_cut;
    if (w->prompt == NULL) {
        return line;
    }
    w->list = &none;
    if (md_prompt_read(w->prompt, md_arena_printf(w->turn, "%s ", question), w->turn, &line, &is_cut) !=
        MD_PROMPT_LINE) {
        line = md_str("");
    }
    w->list = before;
    line = md_str_trim(line);
    return md_str_is(line, "?") || line.n > 255 ? md_str("") : line;
}

static enum md_goes end(struct md_wizard *w, const char *how)
{
    w->end = how;
    return MD_GOES_ENDS;
}

static enum md_goes take_said(struct md_wizard *w, struct md_str line)
{
    struct md_said said;
    md_said_read(w->turn, line, w->list, &said);
    if (said.kind == MD_SAID_NOTHING) {
        return MD_GOES_ASK_AGAIN;
    }
    if (said.kind == MD_SAID_COMMAND) {
        return md_wizard_verb(w, &said);
    }
    if (said.kind == MD_SAID_FILE) {
        return md_wizard_take_file(w, said.argument);
    }
    if (said.kind == MD_SAID_RUN) {
        return md_wizard_run_here(w);
    }
    if (w->inquiry != NULL) {
        return md_wizard_answer(w, &said, line);
    }
    if (said.kind == MD_SAID_CHOICE) {
        return md_wizard_tried(w, w->list->names[said.choice]);
    }
    md_wizard_tell(w, said.kind == MD_SAID_UNKNOWN ? "Then look again later; `quit` keeps the case."
                                                   : "This is none of the answers; help lists what may be typed.");
    return MD_GOES_ASK_AGAIN;
}

/* One reply of a person. */
static enum md_goes ask_person(struct md_wizard *w)
{
    struct md_str text;
    bool is_cut;
    const char *label = w->inquiry != NULL ? md_arena_printf(w->turn, "[%zu]> ", w->n_asked) : "[plan]> ";
    switch (md_prompt_read(w->prompt, label, w->turn, &text, &is_cut)) {
    case MD_PROMPT_LINE: return take_said(w, text);
    case MD_PROMPT_TEXT: return md_wizard_take_text(w, text, is_cut);
    case MD_PROMPT_LEFT: md_wizard_tell(w, "(once more to leave; everything is kept)"); return MD_GOES_ASK_AGAIN;
    case MD_PROMPT_END:
    case MD_PROMPT_STOP: break;
    }
    return end(w, "quit");
}

/* What the file of answers says to the inquiry. */
static enum md_goes ask_file_inquiry(struct md_wizard *w)
{
    struct md_answer answer;
    const struct md_said unknown = {.kind = MD_SAID_UNKNOWN};
    enum md_goes goes = MD_GOES_ASK_AGAIN;
    md_answers_find(w->turn, w->answers, w->inquiry->id, &answer);
    if (w->inquiry->kind == MD_INQUIRY_SYMPTOM && w->answers->symptom.n > 0) {
        answer = (struct md_answer){MD_ANSWER_LINE, w->answers->symptom};
    }
    switch (answer.kind) {
    case MD_ANSWER_LINE: goes = take_said(w, answer.text); break;
    case MD_ANSWER_TEXT: goes = md_wizard_take_text(w, answer.text, false); break;
    case MD_ANSWER_FILE: goes = md_wizard_take_file(w, answer.text); break;
    case MD_ANSWER_RUN: goes = md_wizard_run_here(w); break;
    case MD_ANSWER_NONE: break;
    }
    return goes == MD_GOES_ASK_AGAIN ? md_wizard_answer(w, &unknown, md_str("?")) : goes;
}

static enum md_goes ask_file(struct md_wizard *w)
{
    if (w->inquiry != NULL) {
        return ask_file_inquiry(w);
    }
    const char *result = w->action->remedy == NULL ? NULL : md_answers_remedy(w->answers, w->action->remedy->id);
    if (result != NULL) {
        return md_wizard_tried(w, result);
    }
    return end(w, w->action->remedy != NULL ? "left" : strcmp(w->action->id, "wait") == 0 ? "waits" : "escalated");
}

static void ask(struct md_wizard *w)
{
    enum md_goes goes;
    do {
        goes = w->prompt != NULL ? ask_person(w) : ask_file(w);
    } while (goes == MD_GOES_ASK_AGAIN && w->end == NULL);
}

static void note_asked(struct md_wizard *w)
{
    json_t *event = md_wizard_event(w, MD_EVENT_ASKED);
    json_object_set_new(event, "inquiry", json_string(w->inquiry->id));
    json_object_set_new(event, "asks", json_string(w->inquiry->asks));
    json_object_set_new(event, "saves_minutes", json_real(w->inquiry->saves_minutes));
    json_object_set_new(event, "cost_minutes", json_real(w->inquiry->cost_minutes));
    (void)md_session_add(&w->session, event);
    w->steps_ranked = w->session.events.n;
}

static void ask_inquiry(struct md_wizard *w)
{
    const struct md_inquiry *inquiry = w->inquiry;
    const char *names[NAMES_MAX], *says[NAMES_MAX];
    struct md_choice_list list = {.names = names,
                                  .says = says,
                                  .fact = inquiry->fact,
                                  .now = md_facts_now(w->state.facts),
                                  .takes_text = inquiry->kind == MD_INQUIRY_LOOK};
    struct md_buf text = {0};
    for (size_t i = 0; inquiry->kind != MD_INQUIRY_LOOK && i < inquiry->n_outcomes && i < NAMES_MAX; i++) {
        names[i] = inquiry->outcomes[i].name;
        says[i] = inquiry->outcomes[i].says;
        list.n++;
    }
    w->list = &list;
    w->action = NULL;
    w->n_asked++;
    const struct md_screen screen = md_wizard_screen(w);
    if (inquiry->kind != MD_INQUIRY_SYMPTOM) {
        md_screen_status(&screen, &text);
    }
    md_screen_inquiry(&screen, inquiry, &text);
    md_wizard_say(w, &text);
    note_asked(w);
    ask(w);
}

static void ask_plan(struct md_wizard *w)
{
    static const char *const remedy_names[] = {"worked", "failed", "unsure", "skip"};
    static const char *const remedy_says[] = {"done, and it helped", "done, and it did not help",
                                              "done; it cannot be told yet", "not this one"};
    static const char *const wait_names[] = {"wait", "skip"}, *const wait_says[] = {"I wait", "no, something is wrong"};
    static const char *const end_names[] = {"escalate", "skip"}, *const end_says[] = {"I do that", "not that either"};
    bool *is_usable = md_arena_array(w->turn, w->advise.n_plan + 1, sizeof(*is_usable));
    size_t first = choose_action(w, is_usable);
    struct md_buf text = {0};
    if (first == SIZE_MAX) {
        md_wizard_tell(w, "Nothing is left that could be proposed.");
        (void)end(w, "left");
        return;
    }
    w->action = &w->advise.plan[first];
    bool is_remedy = w->action->remedy != NULL, is_wait = !is_remedy && strcmp(w->action->id, "wait") == 0;
    const struct md_choice_list list = {.names = is_remedy ? remedy_names
                                                 : is_wait ? wait_names
                                                           : end_names,
                                        .says = is_remedy ? remedy_says
                                                : is_wait ? wait_says
                                                          : end_says,
                                        .n = is_remedy ? 4 : 2};
    w->list = &list;
    const struct md_screen screen = md_wizard_screen(w);
    md_screen_status(&screen, &text);
    md_screen_plan(&screen, is_usable, first, &text);
    md_buf_puts(&text, is_remedy ? "Did it work?\n" : "What now?\n");
    for (size_t i = 0; i < list.n; i++) {
        md_buf_printf(&text, "  %zu) %s\n", i + 1, list.says[i]);
    }
    md_wizard_say(w, &text);
    ask(w);
}

void md_wizard_talk(struct md_wizard *w)
{
    for (size_t i = 0; w->end == NULL; i++) {
        struct md_buf text = {0};
        md_wizard_turn(w);
        note_ranking(w);
        const struct md_screen screen = md_wizard_screen(w);
        if (!w->is_welcome) {
            w->is_welcome = true;
            md_screen_welcome(&screen, w->session.file == NULL ? NULL : md_case_file_path(w->session.file), &text);
        }
        if (w->state.n_contradictions > w->n_contradictions) {
            md_screen_contradictions(&screen, &text);
        }
        w->n_contradictions = w->state.n_contradictions;
        md_wizard_say(w, &text);
        if (w->state.worked != NULL) {
            w->end = "solved";
        } else if (i >= MD_WIZARD_TURNS_MAX) {
            w->end = "left";
        } else {
            choose_inquiry(w);
            if (w->inquiry != NULL) {
                ask_inquiry(w);
            } else {
                ask_plan(w);
            }
        }
    }
    json_t *event = md_wizard_event(w, MD_EVENT_END);
    json_object_set_new(event, "id", json_string(w->end));
    (void)md_session_add(&w->session, event);
}
