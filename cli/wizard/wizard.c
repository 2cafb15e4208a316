/*
 * The command `wizard`: guided troubleshooting, at a terminal or by a file of answers; and what is done with its case files.
 */
#include "cli/wizard/wizard.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/run.h"
#include "cli/wizard/gather.h"
#include "engine/base/display.h"
#include "engine/base/time.h"
#include "probes/source/stream.h"

#define ANSWERS_MAX ((size_t)64 << 20)

/* ---- where the case is kept ---- */

/* Not among the mail system's own files, and where this user may write. */
static bool is_fit(const char *folder)
{
    char here[4096], *absolute = strcmp(folder, ".") == 0 ? getcwd(here, sizeof(here)) : NULL;
    struct md_diags *diags;
    struct md_source *source = NULL;
    const char *const *own;
    bool is = access(folder, W_OK | X_OK) == 0;
    if (absolute == NULL || !is) {
        return is;
    }
    struct md_arena *arena = md_arena_new();
    diags = md_diags_new(arena);
    const struct md_source_options options = {.at = MD_TIME_NONE};
    if (md_source_open_live(&options, diags, &source) == MD_OK) {
        size_t n = md_source_own_folders(source, &own);
        for (size_t i = 0; i < n; i++) {
            struct md_str rest = md_str(absolute);
            is &= !(md_str_skip_prefix(&rest, md_str(own[i])) && (rest.n == 0 || rest.p[0] == '/'));
        }
        md_source_free(&source);
    }
    md_arena_free(&arena);
    return is;
}

static const char *usual_case_name(struct md_arena *arena)
{
    struct md_civil c;
    const char *temporary = getenv("TMPDIR");
    md_time_to_civil(md_wizard_clock(), &c);
    const char *folder = is_fit(".") ? "." : temporary != NULL && temporary[0] == '/' ? temporary : "/tmp";
    return md_arena_printf(arena, "%s%smtadoctor-%04d%02d%02d-%02d%02d%02d.case.jsonl", folder[0] == '.' ? "" : folder,
                           folder[0] == '.' ? "" : "/", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

/* ---- beginning ---- */

/* Those that say how the base is looked at: a case that is gone on with looks at it in the same way. */
static json_t *options_json(const struct md_options *o, struct md_arena *arena)
{
    json_t *options = json_object();
    if (o->at != MD_TIME_NONE) {
        json_object_set_new(options, "at", json_string(md_time_rfc3339_exact(arena, o->at)));
        json_object_set_new(options, "at_offset_s", json_integer(o->at_offset_s));
    }
    if (o->timezone != NULL) {
        json_object_set_new(options, "timezone", json_string(o->timezone));
    }
    if (o->root != NULL) {
        json_object_set_new(options, "root", json_string(md_wizard_absolute(arena, o->root)));
    }
    if (o->product != NULL) {
        json_object_set_new(options, "product", json_string(o->product));
    }
    json_object_set_new(options, "since_s", json_real(o->since_s));
    return options;
}

static const char *option_of(const struct md_session *session, const struct md_node *options, const char *key)
{
    const struct md_node *node = md_node_get(options, key);
    return node == NULL || !node->is_quoted ? NULL : md_arena_cstr(session->arena, node->text);
}

/* What the command line does not say is as the case began. */
static void recall_options(const struct md_session *session, struct md_options *o)
{
    const struct md_node *options = md_node_get(session->events.list[0].node, "options");
    double offset;
    if (o->at == MD_TIME_NONE && md_time_parse_rfc3339(md_node_text(options, "at"), &o->at, NULL) != MD_OK) {
        o->at = MD_TIME_NONE;
    } else if (md_node_double(md_node_get(options, "at_offset_s"), &offset) == MD_OK && fabs(offset) < 86400) {
        o->at_offset_s = (int32_t)offset;
    }
    o->timezone = o->timezone != NULL ? o->timezone : option_of(session, options, "timezone");
    o->root = o->root != NULL ? o->root : option_of(session, options, "root");
    o->product = o->product != NULL ? o->product : option_of(session, options, "product");
    if (md_node_double(md_node_get(options, "since_s"), &o->since_s) != MD_OK || !(o->since_s > 0)) {
        o->since_s = 86400;
    }
}

static void add_start(struct md_wizard *w)
{
    const struct md_options *o = w->options;
    const char *path = o->n_arguments > 0 ? o->arguments[0] : NULL;
    bool is_none = o->from_nothing || (path != NULL && strcmp(path, "-") == 0);
    json_t *event = md_wizard_event(w, MD_EVENT_START);
    json_object_set_new(event, "schema", json_string(MD_CASE_SCHEMA));
    json_object_set_new(event, "tool", md_report_tool_json(w->session.rules));
    json_object_set_new(event, "base", json_string(is_none ? "none" : path == NULL ? "live" : "path"));
    if (!is_none && path != NULL) {
        struct md_str text = md_event_text(w->session.arena, md_str(md_wizard_absolute(w->session.arena, path)));
        json_object_set_new(event, "path", json_stringn(text.p, text.n));
    }
    struct md_arena *arena = md_arena_new();
    json_object_set_new(event, "options", options_json(o, arena));
    json_object_set_new(event, "now",
                        json_string(md_time_rfc3339_exact(arena, o->at != MD_TIME_NONE ? o->at : md_wizard_clock())));
    md_arena_free(&arena);
    (void)md_session_add(&w->session, event);
}

/* What the bars move from: the last ranking of a case that is gone on with. */
static void recall_leading(struct md_wizard *w)
{
    const struct md_node *causes = NULL;
    for (size_t i = 0; i < w->session.events.n; i++) {
        const struct md_event *event = &w->session.events.list[i];
        causes = event->kind == MD_EVENT_RANKING ? md_node_get(event->node, "causes") : causes;
        w->n_asked += event->kind == MD_EVENT_ASKED;
    }
    for (const struct md_node *one = causes == NULL ? NULL : causes->first; one != NULL && w->n_before < MD_LEADING_MAX;
         one = one->next) {
        double p;
        if (md_node_double(md_node_get(one, "p"), &p) == MD_OK) {
            w->before[w->n_before++] = (struct md_standing){.id = md_arena_cstr(w->kept, md_node_text(one, "id")),
                                                            .where = md_arena_cstr(w->kept, md_node_text(one, "where")),
                                                            .p = p};
        }
    }
}

static enum md_status open_case(struct md_wizard *w)
{
    const struct md_options *o = w->options;
    struct md_session *session = &w->session;
    if (o->replay != NULL) {
        return md_case_file_read(o->replay, session->arena, session->diags, &session->events);
    }
    if (o->resume != NULL) {
        enum md_status status =
            md_case_file_open(o->resume, session->arena, session->diags, &session->file, &session->events);
        if (status == MD_OK) {
            recall_leading(w);
            recall_options(session, &w->own_options);
        }
        return status;
    }
    enum md_status status = MD_OK;
    if (o->case_file != NULL || o->answers == NULL) {
        status = md_case_file_create(o->case_file != NULL ? o->case_file : usual_case_name(session->arena),
                                     session->arena, session->diags, &session->file);
    }
    if (status == MD_OK) {
        add_start(w);
    }
    return status;
}

/* A base that cannot be looked at is an error; this host without a mail product is none: then nothing is known yet. */
static bool look_first(struct md_wizard *w)
{
    md_wizard_turn(w);
    if (w->could_not_look) {
        return false;
    }
    bool is_live = strcmp(md_session_base(&w->session), "live") == 0;
    if (is_live && md_product_first(w->state.facts) == NULL) {
        md_wizard_tell(w,
                       "No mail product was found on this host. If another host is in question, leave and begin with "
                       "`mtadoctor wizard --from-nothing`, or with what was collected there.");
    }
    return true;
}

/* ---- the parts ---- */

static enum md_status read_answers(struct md_arena *arena, const char *path, struct md_diags *diags,
                                   struct md_answers *ret)
{
    struct md_str text;
    struct md_stream *stream;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){.file = path}, "cannot be opened: %s", strerror(errno));
        return MD_NOT_FOUND;
    }
    enum md_status status = md_stream_file(fd, &stream);
    if (status == MD_OK) {
        status = md_stream_read_all(stream, arena, ANSWERS_MAX, &text);
        md_stream_close(&stream);
    }
    return status == MD_OK ? md_answers_read(arena, path, text, diags, ret) : status;
}

/* A symptom that is misspelt must not be taken for one that is not known. */
static bool knows_symptom(struct md_wizard *w, const struct md_answers *answers)
{
    const struct md_product *product = w->product;
    if (answers->symptom.n == 0 || md_str_is(answers->symptom, "?") ||
        md_wizard_find_symptom(w->rules, answers->symptom) != NULL) {
        return true;
    }
    /* one of another product says which it is about */
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        md_wizard_use(w, md_product_at(i));
        if (md_wizard_find_symptom(w->rules, answers->symptom) != NULL) {
            (void)md_session_add(&w->session, md_wizard_product_event(w, w->product->name));
            return true;
        }
    }
    md_wizard_use(w, product);
    md_diags_add(w->session.diags, MD_ERROR, md_node_get(answers->root, "symptom")->loc, "there is no symptom %s",
                 md_display_max(w->session.arena, answers->symptom, 60));
    return false;
}

static int finish(struct md_wizard *w, bool prints_report)
{
    struct md_buf out = {0};
    int exit_status = MD_EXIT_OK;
    md_wizard_turn(w);
    if (prints_report) {
        md_wizard_report(w, &out);
        exit_status = md_output_write(w->options, &out);
        md_buf_free(&out);
    }
    bool is_found =
        !w->options->is_fail_never && w->state.worked == NULL && w->advise.result.verdict >= w->options->fail_on;
    return exit_status != MD_EXIT_OK ? exit_status : is_found ? MD_EXIT_FOUND : MD_EXIT_OK;
}

static void say_goodbye(const struct md_wizard *w)
{
    if (strcmp(w->end, "solved") == 0) {
        md_wizard_tell(w, "Good. The case is closed.");
    }
    if (w->session.file != NULL) {
        struct md_buf text = {0};
        const struct md_layout layout = {.out = &text};
        md_layout_line(&layout, strcmp(w->end, "solved") == 0 ? "The report, at any time:" : "To go on from here:");
        md_layout_command(&layout, "  ",
                          md_arena_printf(w->turn, "mtadoctor wizard --%s %s",
                                          strcmp(w->end, "solved") == 0 ? "replay" : "resume",
                                          md_display(w->turn, md_str(md_case_file_path(w->session.file)))));
        md_wizard_say(w, &text);
    }
}

static int talk(struct md_wizard *w)
{
    const struct md_options *o = w->options;
    struct md_answers answers;
    const struct md_prompt_hooks hooks = {.ctx = w, .judge = md_wizard_judge, .complete = md_wizard_complete};
    bool json_to_stdout = o->format == MD_FORMAT_JSON && o->output == NULL;
    w->out = o->is_quiet && o->answers != NULL ? NULL : json_to_stdout ? stderr : stdout;
    if (o->answers != NULL) {
        if (read_answers(w->session.arena, o->answers, w->session.diags, &answers) != MD_OK ||
            !knows_symptom(w, &answers)) {
            md_problems_print(w->session.diags, MD_NOTE);
            return MD_EXIT_FAILED;
        }
        w->answers = &answers;
    }
    if (!look_first(w)) {
        md_problems_print(w->session.diags, MD_ERROR);
        return MD_EXIT_FAILED;
    }
    if (w->answers == NULL) {
        w->prompt = md_prompt_open(stdin, w->out, o->is_plain, &hooks);
    }
    bool prints_report =
        o->format == MD_FORMAT_JSON || o->output != NULL || w->prompt == NULL || !md_prompt_is_tty(w->prompt);
    md_wizard_talk(w);
    md_prompt_close(&w->prompt);
    say_goodbye(w);
    return finish(w, prints_report);
}

static int run(struct md_wizard *w)
{
    if (open_case(w) != MD_OK) {
        md_problems_print(w->session.diags, MD_NOTE);
        return MD_EXIT_FAILED;
    }
    md_problems_print(w->session.diags, MD_NOTE);
    return w->options->replay != NULL ? finish(w, true) : talk(w);
}

int md_command_wizard(const struct md_options *options, struct md_arena *arena)
{
    struct md_diags *diags = md_diags_new(arena);
    struct md_rulebase base;
    bool is_live = options->n_arguments == 0 && !options->from_nothing && options->replay == NULL;
    if (md_rulebase_open(options, is_live, arena, diags, &base) != MD_OK) {
        md_problems_print(diags, MD_NOTE);
        fprintf(stderr, "mtadoctor: the rule base does not load\n");
        return MD_EXIT_FAILED;
    }
    md_problems_print(diags, MD_NOTE);
    struct md_wizard *w = md_arena_alloc(arena, sizeof(*w));
    *w = (struct md_wizard){
        .options = &w->own_options,
        .own_options = *options,
        .base = &base,
        .session = {.arena = md_arena_new_large()},
        .kept = arena,
        /* a case that is only read must not look at anything */
        .could_not_look = options->replay != NULL,
    };
    w->session.diags = md_diags_new(w->session.arena);
    const struct md_product *wanted = options->product == NULL ? NULL : md_product_find(md_str(options->product));
    md_wizard_use(w, wanted != NULL ? wanted : md_product_at(0));
    int exit_status = run(w);
    md_case_file_close(&w->session.file);
    md_arena_free(&w->turn);
    md_arena_free(&w->session.arena);
    md_rulebase_close(&base);
    return exit_status;
}
