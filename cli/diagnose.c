/*
 * cli/diagnose: the commands `diagnose` and `analyze`.
 */
#include <stdio.h>
#include <string.h>

#include "cli/compare.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/report/hosts.h"
#include "cli/run.h"
#include "engine/base/display.h"

/* What the runs of one call have given so far. */
struct outcome {
    const struct md_options *options;
    struct md_arena *arena;
    json_t *results, *failed;
    size_t n_good, n_all;
    struct md_host_list hosts[MD_PRODUCT_COUNT]; /* for comparing them: like with like */
    enum md_urgency worst;
    bool is_interrupted;
};

static const char *label_of(struct md_arena *arena, const struct md_run_place *place)
{
    if (place->path == NULL) {
        return "this host";
    }
    return md_arena_printf(arena, "%s%s%s", md_display(arena, md_str(place->path)),
                           place->folder[0] == '\0' ? "" : ": ", place->folder);
}

static void report_product(struct outcome *o, struct md_run *run, const struct md_run_place *place,
                           const struct md_product *product)
{
    o->n_all++;
    o->n_good++;
    md_run_diagnose(run, product);
    struct md_report report;
    struct md_buf text = {0};
    md_run_report(run, md_tty_use_colour(o->options->colour, o->options->output != NULL), &report);
    report.source.folder = place->folder[0] == '\0' ? NULL : place->folder;
    if (o->options->format == MD_FORMAT_JSON) {
        json_array_append_new(o->results, md_report_to_json(&report));
    } else {
        md_report_text(&report, &text);
    }
    md_host_list_add(&o->hosts[product->id], &report, label_of(o->arena, place))->text =
        md_arena_str(o->arena, md_str_n(text.p, text.n));
    md_buf_free(&text);
    o->worst = run->result.verdict > o->worst ? run->result.verdict : o->worst;
}

static void report_one(void *ctx, struct md_run *run, const struct md_run_place *place, enum md_status status)
{
    struct outcome *o = ctx;
    o->is_interrupted |= run->is_interrupted;
    if (status != MD_OK) {
        o->n_all++;
        md_run_complain(run, place, status);
        json_array_append_new(
            o->failed, json_pack("{s:s, s:s}", "source", label_of(o->arena, place), "why", md_run_why(run, status)));
        return;
    }
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        if (md_run_has(run, md_product_at(i))) {
            report_product(o, run, place, md_product_at(i));
        }
    }
}

/* Each result under a heading, and those of a product beside each other. */
static void text_of_several(struct outcome *o, bool use_colour, struct md_buf *out)
{
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        md_host_list_text(&o->hosts[i], use_colour, o->options->is_quiet, out);
    }
}

/* One comparison, or for more products than one a list of them. */
static json_t *comparisons(const struct outcome *o)
{
    json_t *all = json_array(), *one = NULL;
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        if (o->hosts[i].n > 0) {
            one = md_host_list_json(&o->hosts[i]);
            json_object_set_new(one, "product", json_string(md_product_at(i)->name));
            json_array_append_new(all, one);
        }
    }
    if (json_array_size(all) == 1) {
        json_incref(one);
        json_decref(all);
        return one;
    }
    return all;
}

/* The text or JSON of all of it. */
static void put_together(struct outcome *o, struct md_buf *out)
{
    bool use_colour = md_tty_use_colour(o->options->colour, o->options->output != NULL);
    if (o->options->format == MD_FORMAT_TEXT && o->n_all == 1) {
        for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
            if (o->hosts[i].n > 0) {
                md_buf_add(out, o->hosts[i].hosts[0].text);
            }
        }
    } else if (o->options->format == MD_FORMAT_TEXT) {
        text_of_several(o, use_colour, out);
    } else if (o->n_all == 1) {
        md_json_print(json_array_get(o->results, 0), out);
    } else {
        json_t *all = json_object();
        json_object_set_new(all, "schema", json_string("mtadoctor.diagnoses/1"));
        json_object_set(all, "results", o->results);
        json_object_set_new(all, "comparison", comparisons(o));
        json_object_set(all, "failed", o->failed);
        md_json_print(all, out);
        json_decref(all);
    }
}

/* 1 where something was found, whatever was not looked at; an answer that something was left out of is never 0. */
static int exit_status_of(const struct outcome *o)
{
    if (!o->options->is_fail_never && o->worst >= o->options->fail_on) {
        return MD_EXIT_FOUND;
    }
    return o->is_interrupted ? MD_EXIT_FAILED : MD_EXIT_OK;
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
    if (options->compares && n == 2) {
        int status = md_compare_run(options, &base, paths[0], paths[1]);
        md_rulebase_close(&base);
        return status;
    }
    struct outcome o = {.options = options,
                        .arena = arena,
                        .results = json_array(),
                        .failed = json_array(),
                        .worst = MD_URGENCY_NORMAL};
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        o.hosts[i].arena = arena;
    }
    struct md_buf out = {0};
    int exit_status = MD_EXIT_FAILED;
    md_run_each(options, &base, paths, n, report_one, &o);
    if (o.n_good > 0) {
        put_together(&o, &out);
        exit_status = md_output_write(options, &out);
        exit_status = exit_status == MD_EXIT_OK ? exit_status_of(&o) : exit_status;
    }
    if (o.is_interrupted) {
        fprintf(stderr, "mtadoctor: interrupted: not everything was read\n");
    }
    json_decref(o.results);
    json_decref(o.failed);
    md_buf_free(&out);
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
