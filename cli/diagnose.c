/*
 * cli/diagnose: the commands `diagnose` and `analyze`.
 */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/run.h"

/* One source's result. */
struct outcome {
    enum md_status status;
    enum md_urgency verdict;
    json_t *json; /* new, or NULL */
};

static struct outcome run_one(const struct md_options *options, struct md_rulebase *base, const char *path,
                              struct md_buf *text)
{
    struct outcome o = {.status = MD_NOT_FOUND};
    struct md_run run;
    o.status = md_run_open(&run, options, base, path);
    if (o.status == MD_OK) {
        o.status = md_run_gather(&run);
    }
    if (o.status == MD_OK) {
        md_run_diagnose(&run);
        struct md_report report;
        md_run_report(&run, md_tty_use_colour(options->colour, options->output != NULL), &report);
        if (options->format == MD_FORMAT_JSON) {
            o.json = md_report_to_json(&report);
        } else {
            md_report_text(&report, text);
        }
        o.verdict = run.result.verdict;
    } else {
        md_progress_clear(&run.progress);
        md_problems_print(run.diags, MD_NOTE);
        fprintf(stderr, "mtadoctor: %s: %s\n", path == NULL ? "this host" : path,
                o.status == MD_NOT_FOUND ? "nothing of a known mail product was found" : md_status_says(o.status));
    }
    md_run_close(&run);
    return o;
}

static int diagnose(const struct md_options *options, struct md_arena *arena, const char *const *paths, size_t n)
{
    struct md_diags *diags = md_diags_new(arena);
    struct md_rulebase base;
    if (md_rulebase_open(options, paths[0] == NULL, arena, diags, &base) != MD_OK) {
        md_problems_print(diags, MD_NOTE);
        fprintf(stderr, "mtadoctor: the rule base does not load\n");
        return MD_EXIT_FAILED;
    }
    md_problems_print(diags, MD_NOTE);
    struct md_buf text = {0};
    json_t *results = json_array();
    size_t n_good = 0;
    enum md_urgency worst = MD_URGENCY_NORMAL;
    for (size_t i = 0; i < n; i++) {
        if (n > 1 && options->format == MD_FORMAT_TEXT) {
            md_buf_printf(&text, "%s== %s\n\n", i == 0 ? "" : "\n", paths[i]);
        }
        struct outcome o = run_one(options, &base, paths[i], &text);
        if (o.status == MD_OK) {
            n_good++;
            worst = o.verdict > worst ? o.verdict : worst;
        }
        if (o.json != NULL) {
            json_array_append_new(results, o.json);
        }
    }
    int exit_status = n_good == 0 ? MD_EXIT_FAILED : MD_EXIT_OK;
    if (n_good > 0 && options->format == MD_FORMAT_JSON) {
        if (n == 1) {
            md_json_print(json_array_get(results, 0), &text);
        } else {
            json_t *all = json_pack("{s:s, s:O}", "schema", "mtadoctor.diagnoses/1", "results", results);
            md_json_print(all, &text);
            json_decref(all);
        }
    }
    if (n_good > 0) {
        exit_status = md_output_write(options, &text);
    }
    if (exit_status == MD_EXIT_OK && !options->is_fail_never && worst >= options->fail_on) {
        exit_status = MD_EXIT_FOUND;
    }
    json_decref(results);
    md_buf_free(&text);
    md_rulebase_close(&base);
    return exit_status;
}

int md_command_diagnose(const struct md_options *options, struct md_arena *arena)
{
    const char *const here[] = {NULL};
    return diagnose(options, arena, here, 1);
}

int md_command_analyze(const struct md_options *options, struct md_arena *arena)
{
    return diagnose(options, arena, options->arguments, options->n_arguments);
}
