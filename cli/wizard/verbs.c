/* Commands at a prompt. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/wizard/wizard.h"
#include "engine/base/display.h"
#include "engine/base/num.h"

/* ---- explaining ---- */

static void show_why(struct md_wizard *w)
{
    const struct md_screen screen = md_wizard_screen(w);
    struct md_buf text = {0};
    md_screen_why(&screen, w->inquiry, &text);
    md_wizard_say(w, &text);
}

/* An instance of the cause's scope: what the symptom is about, else where it is considered, else the first. */
static struct md_instance *place_of(const struct md_wizard *w, const struct md_cause *cause)
{
    struct md_instance *first = NULL;
    const struct md_result *result = &w->advise.result;
    for (size_t i = 0; i < result->n_diagnoses; i++) {
        if (result->diagnoses[i].cause == cause) {
            return result->diagnoses[i].at;
        }
    }
    for (size_t i = 0; i < md_facts_instance_count(w->state.facts); i++) {
        struct md_instance *at = md_facts_instance_at(w->state.facts, i);
        if (at->scope != cause->scope) {
            continue;
        }
        first = first == NULL ? at : first;
        for (size_t k = 0; k < result->n_considered; k++) {
            const struct md_considered *c = &result->considered[k];
            if (strcmp(c->id, cause->id) == 0 && c->n_scope > 0 && md_str_is(at->name, c->scope[c->n_scope - 1].name)) {
                return at;
            }
        }
    }
    return first;
}

static void show_why_not(struct md_wizard *w, struct md_str id)
{
    const struct md_cause *cause = md_rules_find_cause(w->session.rules, id);
    if (cause == NULL) {
        md_wizard_tell(w, "There is no cause %s; Tab completes their names.", md_display_max(w->turn, id, 60));
        return;
    }
    struct md_instance *at = place_of(w, cause);
    if (at == NULL) {
        md_wizard_tell(w, "%s: %s. Nothing is known yet about any %s.", cause->id, cause->title, cause->scope->name);
        return;
    }
    const struct md_screen screen = md_wizard_screen(w);
    struct md_buf text = {0};
    md_screen_why_not(&screen, cause, at, &text);
    md_wizard_say(w, &text);
}

static void explain(struct md_wizard *w, struct md_str id)
{
    const char *const arguments[] = {md_arena_cstr(w->turn, id)};
    struct md_options options = *w->options;
    options.command = MD_COMMAND_EXPLAIN;
    options.arguments = arguments;
    options.n_arguments = 1;
    options.format = MD_FORMAT_TEXT;
    options.output = NULL;
    if (w->out == stdout) {
        struct md_arena *arena = md_arena_new();
        fflush(w->out);
        (void)md_command_explain(&options, arena);
        md_arena_free(&arena);
        return;
    }
    /* the dialogue is not on standard output, where explanations go */
    const struct md_cause *cause = md_rules_find_cause(w->session.rules, id);
    const struct md_remedy *remedy = md_rules_find_remedy(w->session.rules, id);
    md_wizard_tell(w, "%s",
                   cause != NULL    ? cause->title
                   : remedy != NULL ? remedy->title
                                    : "mtadoctor explain says more.");
}

/* ---- what if ---- */

/* "fact", "fact@tcp_local", with the names of the instances joined by "/". NULL: there is none such. */
static struct md_instance *instance_named(struct md_wizard *w, const struct md_scope_def *scope, struct md_str names)
{
    if (scope->parent == NULL) {
        return md_facts_root(w->state.facts);
    }
    ptrdiff_t slash = md_str_rfind_char(names, '/');
    struct md_str last = slash < 0 ? names : md_str_from(names, (size_t)slash + 1);
    if (md_str_is_empty(names)) { /* the one that is asked about, else the first */
        if (w->inquiry != NULL && w->inquiry->at != NULL && w->inquiry->at->scope == scope &&
            w->inquiry->at->name.n > 0) {
            return w->inquiry->at;
        }
    }
    for (size_t i = 0; i < md_facts_instance_count(w->state.facts); i++) {
        struct md_instance *at = md_facts_instance_at(w->state.facts, i);
        if (at->scope == scope &&
            (md_str_is_empty(names) || md_str_is_nocase(at->name, md_arena_cstr(w->turn, last)))) {
            return at;
        }
    }
    return NULL;
}

static void what_if(struct md_wizard *w, struct md_str argument)
{
    struct md_str rest = argument, left, name;
    struct md_value value;
    if (!md_str_split(&rest, '=', &left) || rest.p == NULL) {
        md_wizard_tell(w, "what if FACT=VALUE, for instance: what if host.queue_files=5000");
        return;
    }
    struct md_str names = left;
    (void)md_str_split(&names, '@', &name);
    const struct md_fact_def *fact = md_catalogue_fact(md_rules_catalogue(w->session.rules), md_str_trim(name));
    if (fact == NULL) {
        md_wizard_tell(w, "There is no fact %s; Tab completes their names.", md_display_max(w->turn, name, 60));
        return;
    }
    struct md_instance *at = instance_named(w, fact->scope, names.p == NULL ? md_str("") : md_str_trim(names));
    int64_t now = md_facts_now(w->state.facts);
    bool is_value = md_said_choice_value(w->turn, fact, md_str_trim(rest), now, &value);
    if (at == NULL || !is_value) {
        md_wizard_tell(w, at == NULL ? "No %s of that name is known." : "That is no value of a %s.",
                       at == NULL ? fact->scope->name : fact->name);
        return;
    }
    /* an answer that counts above all, in a session that is thrown away */
    json_t *event = md_event_new(MD_EVENT_ANSWER, UINT32_MAX, 0);
    json_object_set_new(event, "inquiry", json_string("fact:"));
    json_object_set_new(event, "insists", json_true());
    json_object_set_new(event, "facts", md_session_told(&w->session, fact, at, &value));
    struct md_event extra;
    struct md_str line = md_event_write(w->turn, event);
    if (md_event_read(w->turn, "what if", 1, line, w->session.diags, &extra) != MD_OK) {
        return;
    }
    struct md_wizard other = *w;
    md_session_build(&w->session, &extra, 1, w->turn, w->session.diags, &other.state);
    md_wizard_advise(&other);
    other.n_leading =
        md_leading_find(w->turn, w->session.rules, &other.advise.result, w->leading, w->n_leading, other.leading);
    const struct md_screen screen = md_wizard_screen(&other);
    struct md_buf text = {0};
    md_screen_compare(&screen,
                      md_arena_printf(w->turn, "If %s were so (nothing is changed by asking):",
                                      md_display_max(w->turn, argument, 60)),
                      &text);
    md_wizard_say(w, &text);
    md_rules_bind(w->session.rules, w->state.facts, w->session.diags);
}

/* ---- going back ---- */

static enum md_goes undo(struct md_wizard *w, const struct md_event *step)
{
    json_t *event = md_wizard_event(w, MD_EVENT_UNDONE);
    json_object_set_new(event, "of", json_integer((json_int_t)step->n));
    (void)md_session_add(&w->session, event);
    w->could_not_look = false;
    w->wants_plan = false;
    return MD_GOES_ON;
}

static enum md_goes go_back(struct md_wizard *w)
{
    if (w->state.n_steps == 0) {
        md_wizard_tell(w, "There is no step to take back.");
        return MD_GOES_ASK_AGAIN;
    }
    const struct md_screen screen = md_wizard_screen(w);
    const struct md_event *last = w->state.steps[w->state.n_steps - 1];
    md_wizard_tell(w, "Taken back: %s", md_screen_step(&screen, last));
    return undo(w, last);
}

static enum md_goes change(struct md_wizard *w, struct md_str argument)
{
    uint64_t n;
    if (md_num_all_u64(argument, w->state.n_steps, &n) != MD_OK || n == 0) {
        md_wizard_tell(w, "There is no step %s; show lists them.", md_display_max(w->turn, argument, 20));
        return MD_GOES_ASK_AGAIN;
    }
    const struct md_event *step = w->state.steps[n - 1];
    if (step->inquiry != NULL && step->kind != MD_EVENT_TRIED) {
        w->changing = md_arena_cstr(w->kept, md_str(step->inquiry));
    }
    return undo(w, step);
}

/* ---- the case ---- */

static void save(struct md_wizard *w, struct md_str argument)
{
    const char *from = w->session.file == NULL ? NULL : md_case_file_path(w->session.file);
    if (from == NULL || argument.n == 0) {
        md_wizard_tell(w,
                       from == NULL ? "This session is kept nowhere%s."
                                    : "Everything so far is in %s; another place can be given: save FILE.",
                       from == NULL ? "" : md_display(w->turn, md_str(from)));
        return;
    }
    const char *to = md_arena_cstr(w->turn, argument);
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int error = errno;
    bool is_good = in >= 0 && out >= 0;
    char chunk[65536];
    for (ssize_t n = 1; is_good && n > 0;) {
        n = read(in, chunk, sizeof(chunk));
        is_good = n >= 0 && (n == 0 || write(out, chunk, (size_t)n) == n);
        error = errno;
    }
    if (in >= 0) {
        close(in);
    }
    is_good = (out < 0 || (fsync(out) == 0 && close(out) == 0)) && is_good;
    md_wizard_tell(w, "%s: %s", md_display(w->turn, argument), is_good ? "saved" : strerror(error));
}

static void show(struct md_wizard *w)
{
    const struct md_screen screen = md_wizard_screen(w);
    struct md_buf text = {0};
    md_screen_steps(&screen, true, &text);
    md_screen_status(&screen, &text);
    md_wizard_say(w, &text);
}

static enum md_goes skip(struct md_wizard *w)
{
    if (w->inquiry == NULL) {
        return md_wizard_tried(w, "skip");
    }
    json_t *event = md_wizard_event(w, MD_EVENT_SKIP);
    w->changing = NULL;
    (void)md_session_add(&w->session, event);
    return MD_GOES_ON;
}

static void help(struct md_wizard *w)
{
    const struct md_screen screen = md_wizard_screen(w);
    struct md_buf text = {0};
    md_screen_help(&screen, &text);
    md_wizard_say(w, &text);
}

enum md_goes md_wizard_verb(struct md_wizard *w, const struct md_said *said)
{
    switch (said->verb) {
    case MD_VERB_WHY: show_why(w); break;
    case MD_VERB_WHY_NOT: show_why_not(w, said->argument); break;
    case MD_VERB_WHAT_IF: what_if(w, said->argument); break;
    case MD_VERB_EXPLAIN: explain(w, said->argument); break;
    case MD_VERB_SAVE: save(w, said->argument); break;
    case MD_VERB_SHOW: show(w); break;
    case MD_VERB_HELP: help(w); break;
    case MD_VERB_BACK: return go_back(w);
    case MD_VERB_CHANGE: return change(w, said->argument);
    case MD_VERB_SKIP: return skip(w);
    case MD_VERB_RUN: return md_wizard_run_here(w);
    case MD_VERB_PLAN: w->wants_plan = true; return MD_GOES_ON;
    case MD_VERB_QUIT: w->end = "quit"; return MD_GOES_ENDS;
    case MD_VERB_COUNT: break;
    }
    return MD_GOES_ASK_AGAIN;
}

/* ---- completion ---- */

static const char *complete_id(const struct md_wizard *w, size_t i, bool only_causes)
{
    size_t causes = md_rules_cause_count(w->session.rules), remedies = md_rules_remedy_count(w->session.rules);
    if (i < causes) {
        return md_rules_cause(w->session.rules, i)->id;
    }
    i -= causes;
    if (only_causes) {
        return NULL;
    }
    if (i < remedies) {
        return md_rules_remedy(w->session.rules, i)->id;
    }
    i -= remedies;
    const struct md_catalogue *catalogue = md_rules_catalogue(w->session.rules);
    return i < md_catalogue_fact_count(catalogue) ? md_catalogue_fact_at(catalogue, i)->name : NULL;
}

const char *md_wizard_complete(void *ctx, struct md_str before, size_t i)
{
    const struct md_wizard *w = ctx;
    before = md_str_trim(before);
    if (md_str_is(before, "why not")) {
        return complete_id(w, i, true);
    }
    if (md_str_is(before, "explain")) {
        return complete_id(w, i, false);
    }
    if (md_str_is(before, "what if")) {
        const struct md_catalogue *catalogue = md_rules_catalogue(w->session.rules);
        return i < md_catalogue_fact_count(catalogue) ? md_catalogue_fact_at(catalogue, i)->name : NULL;
    }
    if (md_str_is(before, "why") || md_str_is(before, "what")) {
        return i > 0 ? NULL : md_str_is(before, "why") ? "not" : "if";
    }
    if (before.n > 0) {
        return NULL;
    }
    if (i < MD_VERB_COUNT) {
        return md_verb_name((enum md_verb)i);
    }
    i -= MD_VERB_COUNT;
    return w->list != NULL && i < w->list->n ? w->list->names[i] : NULL;
}
