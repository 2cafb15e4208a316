/* What was said becomes events of the session. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/tty.h"
#include "cli/wizard/term.h"
#include "cli/wizard/gather.h"
#include "cli/wizard/wizard.h"
#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/facts_json.h"
#include "probes/source/stream.h"
#include "probes/source/walk.h"

#define KEPT_MAX ((size_t)16 << 20) /* of a file in the case; of a larger one only its path is */

json_t *md_wizard_event(const struct md_wizard *w, enum md_event_kind kind)
{
    json_t *event = md_event_new(kind, md_session_next(&w->session), md_wizard_clock());
    if (w->inquiry != NULL && md_event_is_step(kind)) {
        json_object_set_new(event, "inquiry", json_string(w->inquiry->id));
    }
    return event;
}

json_t *md_wizard_product_event(const struct md_wizard *w, const char *product)
{
    json_t *event = md_event_new(MD_EVENT_PRODUCT, md_session_next(&w->session), md_wizard_clock());
    json_object_set_new(event, "id", json_string(product));
    return event;
}

const char *md_wizard_absolute(struct md_arena *arena, const char *path)
{
    char here[4096];
    return path[0] == '/' || getcwd(here, sizeof(here)) == NULL ? path : md_arena_printf(arena, "%s/%s", here, path);
}

static json_t *json_text(struct md_arena *arena, struct md_str bytes)
{
    struct md_str text = md_event_text(arena, bytes);
    return json_stringn(text.p, text.n);
}

/* The step is there: what was to be changed or planned is done. */
static enum md_goes step(struct md_wizard *w, json_t *event)
{
    if (w->session.events.n + 16 >= MD_CASE_EVENTS_MAX) {
        json_decref(event);
        md_wizard_tell(w, "The case is full; begin a new one.");
        return MD_GOES_ASK_AGAIN;
    }
    (void)md_session_add(&w->session, event);
    w->changing = NULL;
    w->wants_plan = false;
    w->could_not_look = false;
    return MD_GOES_ON;
}

/* ---- answers ---- */

/* The instance with names for what has none: asked for, or what the symptom is about. */
static struct md_instance *name_ghosts(struct md_wizard *w, const struct md_instance *at)
{
    struct md_instance *own = md_arena_alloc(w->turn, sizeof(*own));
    *own = *at;
    if (at->parent != NULL) {
        own->parent = name_ghosts(w, at->parent);
    }
    if (at->parent == NULL || at->name.n > 0) {
        return own;
    }
    for (size_t i = 0; i < w->state.n_steps; i++) {
        const struct md_event *event = w->state.steps[i];
        if (event->kind == MD_EVENT_SYMPTOM && event->name != NULL && w->state.symptom != NULL &&
            w->state.symptom->scope == at->scope) {
            own->name = md_str(event->name);
        }
    }
    if (own->name.n == 0) {
        own->name = md_event_text(
            w->turn, md_wizard_line(w, md_arena_printf(w->turn, "Which %s is it (its name)?", at->scope->name)));
    }
    return own;
}

static enum md_goes answer_fact(struct md_wizard *w, const struct md_said *said, struct md_str line)
{
    const struct md_inquiry *inquiry = w->inquiry;
    const struct md_outcome *outcome = said->choice < inquiry->n_outcomes ? &inquiry->outcomes[said->choice] : NULL;
    const struct md_value *value = said->kind == MD_SAID_VALUE ? &said->value : &outcome->value;
    json_t *event = md_wizard_event(w, MD_EVENT_ANSWER);
    if (outcome != NULL && said->kind == MD_SAID_CHOICE) {
        json_object_set_new(event, "id", json_string(outcome->name));
    }
    json_object_set_new(event, "text", json_text(w->turn, line));
    json_object_set_new(event, "facts",
                        md_session_told(&w->session, inquiry->fact, name_ghosts(w, inquiry->at), value));
    if (w->changing != NULL) {
        json_object_set_new(event, "insists", json_true());
    }
    return step(w, event);
}

static enum md_goes answer_symptom(struct md_wizard *w, const struct md_said *said)
{
    const struct md_symptom *symptom =
        md_wizard_find_symptom(w->rules, md_str(w->inquiry->outcomes[said->choice].name));
    if (symptom->product != NULL) {
        return step(w, md_wizard_product_event(w, symptom->product)); /* whose symptoms are asked for next */
    }
    json_t *event = md_wizard_event(w, MD_EVENT_SYMPTOM);
    json_object_set_new(event, "id", json_string(symptom->id));
    if (symptom->scope != NULL) {
        struct md_str name = w->answers != NULL
                                 ? w->answers->symptom_name
                                 : md_wizard_line(w, symptom->name == NULL ? "Which one?" : symptom->name);
        if (name.n > 0) {
            json_object_set_new(event, "name", json_text(w->turn, name));
        }
    }
    return step(w, event);
}

enum md_goes md_wizard_answer(struct md_wizard *w, const struct md_said *said, struct md_str line)
{
    if (said->kind == MD_SAID_UNKNOWN) {
        return step(w, md_wizard_event(w, MD_EVENT_UNKNOWN));
    }
    if (w->inquiry->kind == MD_INQUIRY_SYMPTOM && said->kind == MD_SAID_CHOICE) {
        return answer_symptom(w, said);
    }
    if (w->inquiry->kind == MD_INQUIRY_FACT && (said->kind == MD_SAID_CHOICE || said->kind == MD_SAID_VALUE)) {
        return answer_fact(w, said, line);
    }
    if (w->inquiry->kind == MD_INQUIRY_LOOK && said->kind == MD_SAID_OTHER) {
        return md_wizard_take_text(w, line, false);
    }
    md_wizard_tell(w, "\"%s\" is none of the answers; ? means don't know, help lists what may be typed.",
                   md_display_max(w->turn, line, 60));
    return MD_GOES_ASK_AGAIN;
}

/* ---- texts and files ---- */

static enum md_goes input(struct md_wizard *w, json_t *event, const char *base)
{
    const struct md_look *look = w->inquiry != NULL ? w->inquiry->look : NULL;
    json_object_set_new(event, "name",
                        json_text(w->turn, md_str(md_gather_name(w->turn, md_session_next(&w->session), base, look))));
    /* what is given in front of the plan or of the first question is given unasked */
    if (w->inquiry != NULL && w->inquiry->kind == MD_INQUIRY_SYMPTOM) {
        json_object_del(event, "inquiry");
    }
    return step(w, event);
}

enum md_goes md_wizard_take_text(struct md_wizard *w, struct md_str text, bool is_cut)
{
    json_t *event = md_wizard_event(w, MD_EVENT_INPUT);
    if (is_cut) {
        md_wizard_tell(w,
                       "That was more than is taken from a paste (%zu MiB): the rest was dropped. Give the path of a "
                       "file instead.",
                       MD_TERM_PASTE_MAX >> 20);
    }
    json_object_set_new(event, "text", json_text(w->turn, text));
    return input(w, event, NULL);
}

/* A folder is listed: names, sizes and times, as a bundle has them. */
struct list {
    struct md_arena *arena;
    struct md_buf text;
};

static bool list_entry(void *ctx, const struct md_dir_entry *entry)
{
    struct list *list = ctx;
    int64_t seconds = entry->mtime == MD_TIME_NONE ? 0 : entry->mtime / MD_SECOND;
    if (!entry->is_dir) {
        md_buf_printf(&list->text, "%s\t%llu\t%lld\n", md_display_max(list->arena, entry->path, 4000),
                      (unsigned long long)entry->size, (long long)seconds);
    }
    return list->text.n < KEPT_MAX;
}

static enum md_goes take_folder(struct md_wizard *w, const char *path)
{
    struct list list = {.arena = w->turn};
    const struct md_walk_options how = {.root = path, .interrupted = md_tty_catch_interrupt(), .what = "files"};
    enum md_status status = md_walk(&how, w->session.diags, list_entry, &list);
    md_tty_forget_interrupt();
    if (list.text.n == 0 || (status != MD_OK && status != MD_INTERRUPTED)) {
        md_buf_free(&list.text);
        md_wizard_tell(w, "%s: %s", md_display(w->turn, md_str(path)),
                       status == MD_OK ? "the folder is empty" : md_status_says(status));
        return MD_GOES_ASK_AGAIN;
    }
    json_t *event = md_wizard_event(w, MD_EVENT_INPUT);
    json_object_set_new(event, "text", json_text(w->turn, md_str_n(list.text.p, list.text.n)));
    md_buf_free(&list.text);
    return input(w, event, "listing.tsv");
}

static const char *expand_home(struct md_arena *arena, struct md_str path)
{
    const char *home = getenv("HOME");
    if (home != NULL && md_str_has_prefix(path, MD_LIT("~/"))) {
        return md_arena_printf(arena, "%s%.*s", home, MD_STR_ARG(md_str_from(path, 1)));
    }
    return md_arena_cstr(arena, path);
}

bool md_wizard_is_there(struct md_arena *arena, struct md_str path)
{
    return access(expand_home(arena, path), F_OK) == 0;
}

enum md_goes md_wizard_take_file(struct md_wizard *w, struct md_str given)
{
    const char *path = expand_home(w->turn, given);
    const char *shown = md_display(w->turn, md_str(path));
    struct stat st;
    struct md_stream *stream = NULL;
    struct md_str text = md_str("");
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int error = errno;
    if (fd < 0 || fstat(fd, &st) != 0 || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))) {
        if (fd >= 0) {
            close(fd);
            error = EINVAL;
        }
        md_wizard_tell(w, "%s: %s", shown, strerror(error));
        return MD_GOES_ASK_AGAIN;
    }
    if (S_ISDIR(st.st_mode)) {
        close(fd);
        return take_folder(w, path);
    }
    enum md_status status = md_stream_file(fd, &stream);
    if (status == MD_OK) {
        status = md_stream_read_all(stream, w->turn, KEPT_MAX, &text);
        md_stream_close(&stream);
    }
    if (status != MD_OK && status != MD_LIMIT) {
        md_wizard_tell(w, "%s: %s", shown, md_status_says(status));
        return MD_GOES_ASK_AGAIN;
    }
    json_t *event = md_wizard_event(w, MD_EVENT_INPUT);
    if (status == MD_LIMIT) {
        json_object_set_new(event, "path", json_text(w->turn, md_str(md_wizard_absolute(w->turn, path))));
        md_wizard_tell(w, "%s is too large to be kept in the case; the case points at it.", shown);
    } else {
        json_object_set_new(event, "text", json_text(w->turn, text));
    }
    const char *slash = strrchr(path, '/');
    return input(w, event, md_display(w->turn, md_str(slash == NULL ? path : slash + 1)));
}

/* ---- the host itself ---- */

/* Whether one of the look's kinds is the output of a command that may be run. */
static bool has_command(const struct md_look *look)
{
    for (size_t i = 0; i < look->n_items; i++) {
        enum md_item_kind kind = md_gather_kind(look->items[i]);
        if (kind != MD_ITEM_KIND_COUNT && md_item_kind_command(kind) != NULL) {
            return true;
        }
    }
    return false;
}

enum md_goes md_wizard_run_here(struct md_wizard *w)
{
    if (strcmp(md_session_base(&w->session), "live") != 0) {
        md_wizard_tell(w, "This is not the host in question: run the commands there and paste what they print.");
        return MD_GOES_ASK_AGAIN;
    }
    if (w->inquiry == NULL || w->inquiry->look == NULL) {
        md_wizard_tell(w, "Looking at this host again.");
        return step(w, md_wizard_event(w, MD_EVENT_AGAIN));
    }
    if (!has_command(w->inquiry->look)) {
        md_wizard_tell(w, "There is no listed command for this one; run what is shown above and paste what it prints.");
        return MD_GOES_ASK_AGAIN;
    }
    if (w->inquiry->needs_consent && w->prompt != NULL) {
        struct md_str yes = md_wizard_line(
            w, md_arena_printf(w->turn, "It counts as %.0f minutes. Run it (yes, no)?", w->inquiry->cost_minutes));
        if (!md_str_is_nocase(yes, "yes") && !md_str_is_nocase(yes, "y")) {
            return MD_GOES_ASK_AGAIN;
        }
    }
    json_t *event = md_wizard_event(w, MD_EVENT_INPUT);
    json_object_set_new(event, "runs", json_true());
    return input(w, event, "run");
}

/* ---- remedies ---- */

const char *md_wizard_action_id(struct md_arena *arena, const struct md_action *action)
{
    const char *where = action->remedy == NULL ? "" : md_screen_where(arena, action->at);
    return md_arena_printf(arena, "remedy:%s%s%s", action->id, where[0] == '\0' ? "" : "@", where);
}

/* The facts that speak for the cause that the remedy was for: done, they are not what they were. */
static json_t *stale_facts(const struct md_wizard *w)
{
    const struct md_result *result = &w->advise.result;
    json_t *list = json_array();
    for (size_t i = 0; i < result->n_diagnoses; i++) {
        const struct md_diagnosis *d = &result->diagnoses[i];
        if (d->cause != w->action->cause || d->cause == NULL) {
            continue;
        }
        for (size_t k = 0; k < d->n_evidence; k++) {
            const struct md_evidence *e = &d->evidence[k];
            for (size_t r = 0; e->kind == MD_EVIDENCE_SUPPORTS && r < e->n_reads; r++) {
                if (e->reads[r].fact != NULL && e->reads[r].fact->is_known &&
                    e->reads[r].at->scope == e->reads[r].def->scope) {
                    json_array_append_new(list, json_pack("{s:s, s:o}", "name", e->reads[r].def->name, "scope",
                                                          md_scope_to_json(e->reads[r].at)));
                }
            }
        }
    }
    return list;
}

enum md_goes md_wizard_tried(struct md_wizard *w, const char *result)
{
    const struct md_action *action = w->action;
    if (action->remedy == NULL && strcmp(result, "skip") != 0) {
        w->end = strcmp(action->id, "wait") == 0 ? "waits" : "escalated";
        return MD_GOES_ENDS;
    }
    bool is_skipped = strcmp(result, "skip") == 0;
    json_t *event = md_wizard_event(w, is_skipped ? MD_EVENT_SKIP : MD_EVENT_TRIED);
    json_object_set_new(event, "inquiry", json_string(md_wizard_action_id(w->turn, action)));
    bool wants_plan = w->wants_plan;
    if (is_skipped || action->remedy == NULL) {
        enum md_goes goes = step(w, event);
        w->wants_plan = wants_plan;
        return goes;
    }
    json_object_set_new(event, "id", json_string(action->remedy->id));
    json_object_set_new(event, "result", json_string(result));
    json_object_set_new(event, "scope", md_scope_to_json(action->at));
    json_object_set_new(event, "scope_name", json_string(action->at->scope->name));
    if (strcmp(result, "worked") != 0) {
        json_object_set_new(event, "stale", stale_facts(w));
    }
    enum md_goes goes = step(w, event);
    if (strcmp(result, "worked") != 0 && strcmp(md_session_base(&w->session), "live") == 0) {
        (void)md_session_add(&w->session, md_wizard_event(w, MD_EVENT_AGAIN));
    }
    return goes;
}
