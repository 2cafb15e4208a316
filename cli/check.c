/*
 * cli/check: the command `check`: reads the configuration of each path (or of this host) into a tree, runs the checks over it, leaves out
 * what is suppressed or unchanged, and reports all as one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/check_changed.h"
#include "cli/check_input.h"
#include "cli/check_suppress.h"
#include "cli/options.h"
#include "cli/report/check_mask.h"
#include "cli/report/check_report.h"
#include "cli/run.h"
#include "engine/base/display.h"
#include "engine/base/time.h"

/* What all paths have in common, and what they add to the one report. */
struct session {
    const struct md_options *options;
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_check_inputs inputs;
    struct md_checks *checks;
    struct md_check_texts *texts;
    struct md_check_found *findings;
    size_t n_findings, findings_capacity;
    struct md_check_silenced *silenced;
    size_t n_silenced, silenced_capacity;
    const struct md_check **skipped;
    size_t n_skipped, skipped_capacity;
    const char **files;
    size_t n_files, files_capacity;
    const char *version;
    bool is_calendar; /* so are all paths */
};

static int64_t today(const struct md_options *options)
{
    struct timespec now;
    if (options->at != MD_TIME_NONE) {
        return options->at;
    }
    return clock_gettime(CLOCK_REALTIME, &now) == 0 ? (int64_t)now.tv_sec * MD_SECOND : MD_TIME_NONE;
}

/* The value of a secret stands in no message, either. */
static void hide_secrets(struct session *s, struct md_check_found *found)
{
    struct md_str line;
    if (found->loc.file == NULL || !md_check_texts_line(s->texts, found->loc.file, found->loc.line, &line)) {
        return;
    }
    size_t at = md_check_secret_at(found->loc.file, line);
    if (at < line.n) {
        struct md_str value = md_str_from(line, at);
        found->message = md_check_mask_text(s->arena, found->message, value);
        found->fix = md_check_mask_text(s->arena, found->fix, value);
    }
}

static void add_skipped(struct session *s, const struct md_check *check)
{
    for (size_t i = 0; i < s->n_skipped; i++) {
        if (s->skipped[i] == check) {
            return;
        }
    }
    const struct md_check **slot =
        md_arena_push(s->arena, &s->skipped, &s->n_skipped, &s->skipped_capacity, sizeof(*s->skipped));
    *slot = check;
}

static bool is_changed(const struct md_check_diff *diff, const struct md_check_input *input, const struct md_loc *loc)
{
    if (diff == NULL || loc->file == NULL) {
        return true;
    }
    struct md_str name = md_str(loc->file);
    (void)md_str_skip_prefix(&name, md_str(input->prefix));
    return md_check_diff_has(diff, name, loc->line);
}

/* NULL in *ret: everything counts. */
static enum md_status find_changes(struct session *s, const struct md_check_input *input, struct md_check_diff **ret)
{
    *ret = NULL;
    if (s->options->changed_since == NULL) {
        return MD_OK;
    }
    if (input->folder == NULL) {
        md_diags_add(s->diags, MD_ERROR, (struct md_loc){.file = input->shown},
                     "--changed-since: this is no work tree of git, but an archive or a host");
        return MD_NOT_FOUND;
    }
    struct md_str *names = md_arena_array(s->arena, input->n_names + 1, sizeof(*names));
    for (size_t i = 0; i < input->n_names; i++) {
        names[i] = md_str(input->names[i]);
        (void)md_str_skip_prefix(&names[i], md_str(input->prefix));
    }
    names[input->n_names] = MD_LIT(MD_CHECK_SUPPRESS_FILE);
    return md_check_changed(s->arena, input->folder, s->options->changed_since, names, input->n_names + 1,
                            md_tty_catch_interrupt(), s->diags, ret);
}

static void keep(struct session *s, const struct md_check_input *input, const struct md_check_suppressed *kept,
                 const struct md_check_diff *diff)
{
    for (size_t i = 0; i < kept->n_findings; i++) {
        if (is_changed(diff, input, &kept->findings[i].loc)) {
            struct md_check_found *found =
                md_arena_push(s->arena, &s->findings, &s->n_findings, &s->findings_capacity, sizeof(*s->findings));
            *found = kept->findings[i];
            hide_secrets(s, found);
        }
    }
    for (size_t i = 0; i < kept->n_silenced; i++) {
        if (is_changed(diff, input, &kept->silenced[i].found.loc)) {
            struct md_check_silenced *silenced =
                md_arena_push(s->arena, &s->silenced, &s->n_silenced, &s->silenced_capacity, sizeof(*s->silenced));
            *silenced = kept->silenced[i];
            hide_secrets(s, &silenced->found);
        }
    }
}

/* Problems of the input, with files named as in findings. */
static void take_problems(struct session *s, const struct md_check_input *input, const struct md_diags *problems)
{
    for (size_t i = 0; i < md_diags_count(problems); i++) {
        const struct md_diag *d = md_diags_at(problems, i);
        bool is_its_own = input != NULL && md_check_input_has(input, d->loc.file);
        md_diags_take(s->diags, d, is_its_own ? md_check_input_shown(&s->inputs, input, d->loc.file) : d->loc.file);
    }
}

static enum md_status check_one(struct session *s, const char *path)
{
    struct md_check_input *input = NULL;
    struct md_diags *problems = md_diags_new(s->arena);
    enum md_status status = md_check_input_open(&s->inputs, path, s->texts, problems, &input);
    take_problems(s, input, problems);
    if (status != MD_OK) {
        return status;
    }
    struct md_check_diff *diff = NULL;
    status = find_changes(s, input, &diff);
    if (status != MD_OK) {
        return status;
    }
    struct md_check_result result = {0};
    md_checks_run(s->checks, s->arena, input->tree, s->options->product, s->diags, &result);
    struct md_check_found *found = md_arena_array(s->arena, result.n + 1, sizeof(*found));
    for (size_t i = 0; i < result.n; i++) {
        found[i] = result.found[i];
        found[i].loc.file = md_check_input_shown(&s->inputs, input, found[i].loc.file);
    }
    for (size_t i = 0; i < result.n_skipped; i++) {
        add_skipped(s, result.skipped[i]);
    }
    const struct md_check_suppress suppress = {
        .arena = s->arena,
        .findings = found,
        .n_findings = result.n,
        .file = input->suppressions,
        .file_problems = input->suppression_problems,
        .root = md_str(input->suppressions_root),
        .is_whole = input->is_whole,
        .texts = s->texts,
        .names = input->names,
        .n_names = input->n_names,
        .checks = s->checks,
        .skipped = result.skipped,
        .n_skipped = result.n_skipped,
        .today = today(s->options),
    };
    struct md_check_suppressed kept;
    md_check_suppress(&suppress, &kept);
    keep(s, input, &kept, diff);
    for (size_t i = 0; i < input->n_names; i++) {
        const char **slot = md_arena_push(s->arena, &s->files, &s->n_files, &s->files_capacity, sizeof(*s->files));
        *slot = input->names[i];
    }
    if (s->version == NULL) {
        s->version = input->version;
    }
    s->is_calendar = s->is_calendar && input->is_calendar;
    return MD_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once, though a path be given twice. */
static void tidy(struct session *s)
{
    if (s->n_files > 1) {
        qsort(s->files, s->n_files, sizeof(*s->files), by_name);
    }
    size_t n = 0;
    for (size_t i = 0; i < s->n_files; i++) {
        if (n == 0 || strcmp(s->files[n - 1], s->files[i]) != 0) {
            s->files[n++] = s->files[i];
        }
    }
    s->n_files = n;
    md_check_found_sort(s->findings, s->n_findings);
    md_check_silenced_sort(s->silenced, s->n_silenced);
    for (size_t i = n = 0; i < s->n_findings; i++) {
        if (n == 0 || md_check_found_compare(&s->findings[n - 1], &s->findings[i]) != 0) {
            s->findings[n++] = s->findings[i];
        }
    }
    s->n_findings = n;
    for (size_t i = n = 0; i < s->n_silenced; i++) {
        if (n == 0 || md_check_found_compare(&s->silenced[n - 1].found, &s->silenced[i].found) != 0) {
            s->silenced[n++] = s->silenced[i];
        }
    }
    s->n_silenced = n;
}

static int report(struct session *s)
{
    char base[4096];
    tidy(s);
    const size_t n_checks = md_checks_count(s->checks);
    const struct md_check **checks = md_arena_array(s->arena, n_checks + 1, sizeof(const struct md_check *));
    for (size_t i = 0; i < n_checks; i++) {
        checks[i] = md_checks_at(s->checks, i);
    }
    /* It takes a quarter of a run, and only these show it. */
    const bool has_hash = s->options->format == MD_FORMAT_JSON || s->options->format == MD_FORMAT_SARIF;
    const struct md_check_report report = {
        .findings = s->findings,
        .n_findings = s->n_findings,
        .suppressed = s->silenced,
        .n_suppressed = s->n_silenced,
        .checks = checks,
        .n_checks = n_checks,
        .skipped = s->skipped,
        .n_skipped = s->n_skipped,
        .files = s->files,
        .n_files = s->n_files,
        .problems = s->diags,
        .product = s->is_calendar ? "calendar" : "msgserver",
        .version = s->version,
        .rules_hash = has_hash ? md_checks_hash(s->checks) : NULL,
        .base = getcwd(base, sizeof(base)),
        .line = md_check_texts_line,
        .line_ctx = s->texts,
        .is_quiet = s->options->is_quiet,
        .is_verbose = s->options->is_verbose,
        .use_colour = md_tty_use_colour(s->options->colour, s->options->output != NULL),
        .arena = s->arena,
    };
    struct md_buf out = {0};
    switch (s->options->format) {
    case MD_FORMAT_JSON: md_check_report_json(&report, &out); break;
    case MD_FORMAT_SARIF: md_check_report_sarif(&report, &out); break;
    case MD_FORMAT_JUNIT: md_check_report_junit(&report, &out); break;
    case MD_FORMAT_GITHUB: md_check_report_github(&report, &out); break;
    case MD_FORMAT_TEXT:
    case MD_FORMAT_HTML: /* those that are reserved never get here */
    case MD_FORMAT_MARKDOWN:
    case MD_FORMAT_PROMETHEUS:
    case MD_FORMAT_NAGIOS:
    case MD_FORMAT_COUNT: md_check_report_text(&report, &out); break;
    }
    int exit_status = md_output_write(s->options, &out);
    md_buf_free(&out);
    bool is_found = false;
    for (size_t i = 0; i < s->n_findings; i++) {
        is_found = is_found || s->findings[i].severity >= s->options->fail_on_severity;
    }
    return exit_status == MD_EXIT_OK && is_found && !s->options->is_fail_never ? MD_EXIT_FOUND : exit_status;
}

static bool load(struct session *s, struct md_rulebase *base)
{
    if (md_rulebase_read(s->options, s->options->n_arguments == 0, s->arena, s->diags, base) != MD_OK) {
        return false;
    }
    s->checks = md_rulebase_checks(base, s->diags);
    if (md_checks_count(s->checks) == 0) { /* a clean result would mean nothing */
        md_diags_add(s->diags, MD_ERROR, (struct md_loc){.file = s->options->rules}, "the rule base holds no checks");
        return false;
    }
    return md_check_inputs_init(&s->inputs, s->options, base, s->arena, s->diags) == MD_OK;
}

int md_command_check(const struct md_options *options, struct md_arena *arena)
{
    const char *const here[] = {NULL};
    const char *const *paths = options->n_arguments > 0 ? options->arguments : here;
    size_t n = options->n_arguments > 0 ? options->n_arguments : 1, n_good = 0;
    struct session s = {.options = options, .arena = arena, .diags = md_diags_new(arena), .is_calendar = true};
    struct md_rulebase base = {0};
    s.texts = md_check_texts_new(arena);
    if (!load(&s, &base)) {
        md_problems_print(s.diags, MD_NOTE);
        fprintf(stderr, "mtadoctor: the rule base does not load\n");
        md_rulebase_close(&base);
        return MD_EXIT_FAILED;
    }
    bool is_broken = false; /* git has no answer: less than was asked for would look like a clean result */
    for (size_t i = 0; i < n && !is_broken; i++) {
        enum md_status status = check_one(&s, paths[i]);
        n_good += status == MD_OK;
        if (status != MD_OK) {
            is_broken = s.options->changed_since != NULL;
            fprintf(stderr, "mtadoctor: %s: %s\n", paths[i] == NULL ? "this host" : md_display(arena, md_str(paths[i])),
                    status == MD_BAD_INPUT ? "no configuration of a known mail product was found"
                                           : "it could not be checked");
        }
    }
    int exit_status = MD_EXIT_FAILED;
    if (n_good > 0 && !is_broken) {
        exit_status = report(&s);
    } else {
        md_problems_print(s.diags, is_broken ? MD_ERROR : MD_NOTE);
    }
    md_check_inputs_close(&s.inputs);
    md_rulebase_close(&base);
    return exit_status;
}
