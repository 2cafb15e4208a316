/*
 * cli/facts: the command `facts`: what was gathered, as text or as a facts file (mtadoctor.facts/1).
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/report/layout.h"
#include "cli/run.h"
#include "engine/base/display.h"
#include "engine/facts_json.h"

static void text_value(struct md_buf *out, const struct md_run *run, const struct md_fact *fact)
{
    if (!fact->is_known) {
        md_buf_printf(out, "? (%s)", fact->why == NULL ? "not observed" : fact->why);
        return;
    }
    json_t *value = md_value_to_json(run->facts, &fact->value);
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    if (dump != NULL) {
        md_buf_puts(out, md_display_max(run->arena, md_str(dump), 200));
        md_buf_printf(out, "%s%s", fact->def->unit[0] == '\0' ? "" : " ", fact->def->unit);
    }
    free(dump);
    json_decref(value);
    if (fact->n_origins > 0 && fact->origins[0].name != NULL) {
        md_buf_printf(out, " [%s", md_display(run->arena, md_str(fact->origins[0].name)));
        if (fact->origins[0].line > 0) {
            md_buf_printf(out, ":%u", (unsigned)fact->origins[0].line);
        }
        md_buf_puts(out, "]");
    }
}

static void text_facts(struct md_buf *out, const struct md_run *run)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(run->facts);
    const struct md_layout layout = {.out = out};
    for (size_t i = 0; i < md_facts_instance_count(run->facts); i++) {
        const struct md_instance *at = md_facts_instance_at(run->facts, i);
        md_buf_printf(out, "%s%s", i == 0 ? "" : "\n", at->scope->name);
        for (const struct md_instance *p = at; p != NULL && p->parent != NULL; p = p->parent) {
            md_buf_printf(out, "%s%s", p == at ? " " : " of ", md_display(run->arena, p->name));
        }
        md_buf_puts(out, "\n");
        for (size_t k = 0; k < md_catalogue_fact_count(catalogue); k++) {
            const struct md_fact_def *def = md_catalogue_fact_at(catalogue, k);
            const struct md_fact *fact = def->scope == at->scope ? md_fact_get(run->facts, at, def) : NULL;
            if (fact != NULL) {
                struct md_buf value = {0};
                text_value(&value, run, fact);
                md_layout_paragraph(&layout, md_arena_printf(run->arena, "  %-28s ", def->field), "      ", value.p,
                                    MD_STYLE_PLAIN);
                md_buf_free(&value);
            }
        }
    }
}

/* What the hosts of one call have given so far. */
struct gathered {
    const struct md_options *options;
    struct md_arena *arena;
    json_t *results;
    struct md_buf text;
    size_t n_good;
    bool is_interrupted;
};

static void take_facts(void *ctx, struct md_run *run, const struct md_run_place *place, enum md_status status)
{
    struct gathered *g = ctx;
    g->is_interrupted |= run->is_interrupted;
    if (status != MD_OK) {
        md_run_complain(run, place, status);
        return;
    }
    g->n_good++;
    struct md_report report;
    md_run_report(run, false, &report);
    report.source.folder = place->folder[0] == '\0' ? NULL : place->folder;
    report.source.is_exact = true;
    if (g->options->format == MD_FORMAT_JSON) {
        json_t *one = json_object();
        json_object_set_new(one, "schema", json_string("mtadoctor.facts/1"));
        json_object_set_new(one, "source", md_report_source_json(&report.source, run->arena));
        json_object_set_new(one, "facts", md_facts_to_json(run->facts));
        json_array_append_new(g->results, one);
        return;
    }
    if (place->folder[0] != '\0') {
        md_buf_printf(&g->text, "%s== %s (%s)\n\n", g->n_good > 1 ? "\n" : "",
                      report.source.host == NULL ? place->folder : md_display(run->arena, md_str(report.source.host)),
                      place->folder);
    }
    text_facts(&g->text, run);
}

int md_command_facts(const struct md_options *options, struct md_arena *arena)
{
    struct md_diags *diags = md_diags_new(arena);
    struct md_rulebase base;
    const char *path = options->n_arguments > 0 ? options->arguments[0] : NULL;
    if (md_rulebase_open(options, path == NULL, arena, diags, &base) != MD_OK) {
        md_problems_print(diags, MD_NOTE);
        return MD_EXIT_FAILED;
    }
    md_problems_print(diags, MD_NOTE);
    struct gathered g = {.options = options, .arena = arena, .results = json_array()};
    int exit_status = MD_EXIT_FAILED;
    md_run_each(options, &base, &path, 1, take_facts, &g);
    if (g.n_good == 1 && options->format == MD_FORMAT_JSON) {
        md_json_print(json_array_get(g.results, 0), &g.text);
    } else if (g.n_good > 1 && options->format == MD_FORMAT_JSON) {
        json_t *all = json_pack("{s:s, s:O}", "schema", "mtadoctor.facts/1", "results", g.results);
        md_json_print(all, &g.text);
        json_decref(all);
    }
    if (g.n_good > 0) {
        exit_status = md_output_write(options, &g.text);
    }
    if (g.is_interrupted) {
        fprintf(stderr, "mtadoctor: interrupted: not everything was read\n");
        exit_status = MD_EXIT_FAILED;
    }
    json_decref(g.results);
    md_buf_free(&g.text);
    md_rulebase_close(&base);
    return exit_status;
}
