#include "cli/wizard/gather.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/facts_json.h"
#include "probes/source/stream.h"

#define GIVEN "given-"
#define FILE_MAX ((size_t)256 << 20) /* of a file that is only pointed at */

enum md_item_kind md_gather_kind(const char *name)
{
    enum md_item_kind kind = 0;
    while (kind < MD_ITEM_KIND_COUNT && strcmp(md_item_kind_name(kind), name) != 0) {
        kind++;
    }
    return kind;
}

/* What a file of this kind is called, where kinds say so: those of configuration are described by their names. */
static const char *usual_name(struct md_arena *arena, const struct md_look *look)
{
    enum md_item_kind kind = look != NULL && look->n_items == 1 ? md_gather_kind(look->items[0]) : MD_ITEM_KIND_COUNT;
    if (kind == MD_ITEM_KIND_COUNT) {
        return "pasted.txt";
    }
    const char *says = md_item_kind_says(kind);
    if (kind == MD_ITEM_MAIL_LOG) {
        return "mail.log_current";
    }
    bool is_file = md_item_kind_command(kind) == NULL && strchr(says, ' ') == NULL;
    return is_file ? says : md_arena_printf(arena, "%s.txt", md_item_kind_name(kind));
}

const char *md_gather_name(struct md_arena *arena, uint64_t n, const char *base, const struct md_look *look)
{
    return md_arena_printf(arena, GIVEN "%03llu/%s", (unsigned long long)n,
                           base != NULL ? base : usual_name(arena, look));
}

/* ---- what was given ---- */

struct given {
    struct md_source_text *texts;
    size_t n;
    bool allowed[MD_ITEM_KIND_COUNT];
    int64_t last; /* when the last one was given */
};

/* A file that was too large to be kept in the case. */
static bool read_path(struct md_arena *arena, const char *path, struct md_diags *diags, struct md_str *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct md_stream *stream = NULL;
    enum md_status status = fd < 0 ? MD_NOT_FOUND : md_stream_file(fd, &stream);
    if (status == MD_OK) {
        status = md_stream_read_all(stream, arena, FILE_MAX, ret);
        md_stream_close(&stream);
    }
    if (status != MD_OK && status != MD_LIMIT) {
        md_diags_add(diags, MD_WARNING, (struct md_loc){.file = path}, "%s", md_status_says(status));
        return false;
    }
    return true;
}

static void allow_look(const struct md_session *session, const char *inquiry, struct given *given)
{
    struct md_str rest = md_str(inquiry);
    const struct md_look *look =
        md_str_skip_prefix(&rest, MD_LIT("look:")) ? md_wizard_find_look(session->wizard, rest) : NULL;
    for (size_t i = 0; look != NULL && i < look->n_items; i++) {
        enum md_item_kind kind = md_gather_kind(look->items[i]);
        if (kind != MD_ITEM_KIND_COUNT) {
            given->allowed[kind] = true;
        }
    }
}

static void collect(const struct md_session *session, const struct md_state *state, struct md_diags *diags,
                    struct given *given)
{
    given->texts = md_arena_array(state->arena, state->n_inputs + 1, sizeof(*given->texts));
    given->last = MD_TIME_NONE;
    for (size_t i = 0; i < session->events.n; i++) {
        const struct md_event *event = &session->events.list[i];
        bool counts = false;
        for (size_t k = 0; k < state->n_inputs; k++) {
            counts |= state->inputs[k] == event->n;
        }
        if (!counts || event->kind != MD_EVENT_INPUT) {
            continue;
        }
        given->last = event->at;
        struct md_str text = event->text;
        if (event->runs) {
            allow_look(session, event->inquiry, given);
        } else if (event->path == NULL || read_path(state->arena, event->path, diags, &text)) {
            given->texts[given->n++] =
                (struct md_source_text){.name = md_display(state->arena, md_str(event->name)), .text = text};
        }
    }
}

/* ---- the event ---- */

static json_t *probes_json(const struct md_facts *facts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < md_facts_probe_count(facts); i++) {
        const struct md_probe_note *note = md_facts_probe_at(facts, i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s?, s:I}", "name", note->name, "status",
                                              md_probe_status_name(note->status), "cost", note->cost, "why", note->why,
                                              "ms", (json_int_t)note->ms));
    }
    return list;
}

static json_t *files_json(const struct md_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->n_files; i++) {
        const struct md_report_file *file = &report->files[i];
        json_array_append_new(list, json_pack("{s:s, s:I, s:s?, s:s, s:s?, s:I}", "name", file->name, "line",
                                              (json_int_t)file->line, "command", file->command, "kind", file->kind,
                                              "note", file->note, "count", (json_int_t)file->count));
    }
    return list;
}

static json_t *problems_json(const struct md_diags *diags)
{
    json_t *list = json_array();
    for (size_t i = 0; i < md_diags_count(diags); i++) {
        const struct md_diag *d = md_diags_at(diags, i);
        json_array_append_new(list, json_pack("{s:i, s:s?, s:I, s:s, s:I}", "severity", (int)d->severity, "where",
                                              d->loc.file, "line", (json_int_t)d->loc.line, "what", d->what, "count",
                                              (json_int_t)d->count));
    }
    return list;
}

/* ---- what an answer may tell ---- */

/* Whether the entry rests on nothing but what was given: its places are all of such files, or (`is_told`) there is nothing else. */
static bool is_of_given(const json_t *entry, bool is_told)
{
    const json_t *sources = json_object_get(entry, "sources");
    size_t n = json_array_size(sources), given = 0;
    for (size_t i = 0; i < n; i++) {
        const char *key;
        json_t *value;
        json_object_foreach (json_array_get(sources, i), key, value) {
            const char *text = json_string_value(value);
            given += text != NULL && strncmp(text, GIVEN, strlen(GIVEN)) == 0;
        }
    }
    return n > 0 && (is_told || given == n);
}

static bool is_wanted(const struct md_session *session, const struct md_state *state, const struct md_fact_def *def)
{
    if (md_str_has_suffix(md_str(def->probe), MD_LIT(".identity"))) {
        return true; /* which product it is of is never wrong */
    }
    for (size_t i = 0; i < state->n_steps; i++) {
        const struct md_event *step = state->steps[i];
        struct md_str rest = md_str(step->inquiry), name;
        if (step->kind != MD_EVENT_INPUT) {
            continue;
        }
        if (md_str_skip_prefix(&rest, MD_LIT("look:"))) {
            const struct md_look *look = md_wizard_find_look(session->wizard, rest);
            if (look == NULL || md_look_gives(look, def)) {
                return true;
            }
        } else if (!md_str_skip_prefix(&rest, MD_LIT("fact:")) ||
                   (md_str_split(&rest, '@', &name) && md_str_is(name, def->name))) {
            return true; /* given unasked: whatever it tells */
        }
    }
    return false;
}

/* What was given for a look tells only what that look is for: a log that was searched for one domain must not say that nothing else
 * arrives. */
static json_t *wanted_facts(const struct md_session *session, const struct md_state *state,
                            const struct md_facts *facts, bool is_told)
{
    json_t *all = md_facts_to_json(facts), *kept = json_array();
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *entry = json_array_get(all, i);
        const struct md_fact_def *def =
            md_catalogue_fact(md_facts_catalogue(facts), md_str(json_string_value(json_object_get(entry, "name"))));
        if (def == NULL || !is_of_given(entry, is_told) || is_wanted(session, state, def)) {
            json_array_append(kept, entry);
        }
    }
    json_decref(all);
    return kept;
}

static json_t *event_of(const struct md_session *session, struct md_run *run, const struct md_state *state, int64_t at,
                        bool is_told)
{
    json_t *event = md_event_new(MD_EVENT_FACTS, 0, at);
    json_t *of = json_array();
    struct md_report report;
    for (size_t i = 0; i < state->n_inputs; i++) {
        json_array_append_new(of, json_integer((json_int_t)state->inputs[i]));
    }
    md_run_report(run, false, &report);
    report.source.is_exact = true;
    if (is_told) {
        report.source.kind = "person";
    }
    json_object_set_new(event, "of", of);
    json_object_set_new(event, "source", md_report_source_json(&report.source, run->arena));
    json_object_set_new(event, "facts", wanted_facts(session, state, run->facts, is_told));
    json_object_set_new(event, "probes", probes_json(run->facts));
    json_object_set_new(event, "problems", problems_json(run->diags));
    json_object_set_new(event, "files", files_json(&report));
    return event;
}

/* What a facts file recorded fills in what is not known yet. */
static enum md_status fill_in(struct md_run *run, const struct md_options *options, struct md_rulebase *base,
                              const char *path)
{
    struct md_run recorded;
    enum md_status status = md_run_open(&recorded, options, base, path);
    if (status == MD_OK) {
        const struct md_node *facts = md_source_facts(recorded.source);
        int64_t now = md_source_now(recorded.source, NULL);
        if (md_facts_now(run->facts) == MD_TIME_NONE) {
            md_facts_set_now(run->facts, now);
        }
        status = md_facts_from_list(run->facts, md_node_get(facts, "facts"), run->diags);
    }
    md_run_close(&recorded);
    return status;
}

static bool is_facts_file(const struct md_options *options, struct md_rulebase *base, const char *path)
{
    struct md_run run;
    bool is = md_run_open(&run, options, base, path) == MD_OK && md_source_facts(run.source) != NULL;
    md_run_close(&run);
    return is;
}

enum md_status md_gather(const struct md_session *session, const struct md_state *state,
                         const struct md_options *options, struct md_rulebase *base, int64_t at, struct md_diags *diags,
                         json_t **ret, bool *ret_has_product)
{
    const char *of = md_session_base(session);
    const char *path = md_arena_cstr(state->arena, md_session_base_path(session));
    struct given given = {.n = 0};
    struct md_run run;
    collect(session, state, diags, &given);
    struct md_run_given how = {.of = strcmp(of, "live") == 0   ? MD_RUN_OF_HOST
                                     : strcmp(of, "path") == 0 ? MD_RUN_OF_PATH
                                                               : MD_RUN_OF_TEXTS,
                               .path = path,
                               .texts = given.texts,
                               .n_texts = given.n,
                               .allowed_kinds = given.allowed,
                               .now = given.last};
    bool fills_in = how.of == MD_RUN_OF_PATH && given.n > 0 && is_facts_file(options, base, path);
    bool is_told = how.of == MD_RUN_OF_TEXTS;
    if (fills_in || is_told) {
        how.of = MD_RUN_OF_TEXTS;
        how.path = fills_in ? path : "what was told";
    }
    enum md_status status = md_run_open_given(&run, options, base, &how);
    if (status == MD_OK) {
        status = md_run_gather(&run);
    }
    if (status == MD_OK || status == MD_NOT_FOUND) {
        *ret_has_product = run.has_product;
        status = run.facts == NULL ? MD_NOT_FOUND : fills_in ? fill_in(&run, options, base, path) : MD_OK;
    }
    if (status == MD_OK) {
        *ret = event_of(session, &run, state, at, is_told);
    } else {
        for (size_t i = 0; i < md_diags_count(run.diags); i++) {
            md_diags_take(diags, md_diags_at(run.diags, i), md_diags_at(run.diags, i)->loc.file);
        }
    }
    md_run_close(&run);
    return status;
}
