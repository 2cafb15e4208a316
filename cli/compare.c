/*
 * cli/compare: `analyze --compare OLD NEW`: what changed between two looks at one host.
 */
#include "cli/compare.h"

#include <stdio.h>

#include "cli/report/compare.h"
#include "cli/run.h"
#include "engine/base/display.h"

/* One of the two, open until the comparison is made. */
struct side {
    struct md_source_set *set;
    struct md_run run;
    struct md_report report;
};

static enum md_status open_side(struct side *side, const struct md_options *options, struct md_rulebase *base,
                                const char *path)
{
    const struct md_run_place place = {path, ""};
    enum md_status status = md_run_open_set(&side->run, options, base, path, &side->set);
    if (status == MD_OK && md_source_set_count(side->set) != 1) {
        fprintf(stderr, "mtadoctor: %s holds several hosts; give one (its folder, or its facts file)\n",
                md_display(side->run.arena, md_str(path)));
        return MD_UNSUPPORTED;
    }
    if (status == MD_OK) {
        md_run_close(&side->run);
        status = md_run_open_one(&side->run, options, base, side->set, 0);
    }
    if (status == MD_OK) {
        status = md_run_gather(&side->run);
    }
    if (status != MD_OK) {
        md_run_complain(&side->run, &place, status);
        return status;
    }
    md_run_diagnose(&side->run);
    md_run_report(&side->run, md_tty_use_colour(options->colour, options->output != NULL), &side->report);
    return MD_OK;
}

static void close_side(struct side *side)
{
    if (side->run.arena != NULL) {
        md_run_close(&side->run);
    }
    md_source_set_free(&side->set);
}

int md_compare_run(const struct md_options *options, struct md_rulebase *base, const char *before, const char *after)
{
    struct side sides[2] = {0};
    struct md_buf out = {0};
    int exit_status = MD_EXIT_FAILED;
    enum md_status status = open_side(&sides[0], options, base, before);
    if (status == MD_OK) {
        status = open_side(&sides[1], options, base, after);
    }
    if (status == MD_OK) {
        const struct md_run *new = &sides[1].run;
        if (options->format == MD_FORMAT_JSON) {
            json_t *all = md_compare_json(&sides[0].report, &sides[1].report);
            md_json_print(all, &out);
            json_decref(all);
        } else {
            md_compare_text(&sides[0].report, &sides[1].report, &out);
        }
        exit_status = md_output_write(options, &out);
        if (exit_status == MD_EXIT_OK && !options->is_fail_never && new->result.verdict >= options->fail_on) {
            exit_status = MD_EXIT_FOUND;
        } else if (exit_status == MD_EXIT_OK && (sides[0].run.is_interrupted || new->is_interrupted)) {
            exit_status = MD_EXIT_FAILED;
        }
    }
    close_side(&sides[0]);
    close_side(&sides[1]);
    md_buf_free(&out);
    return exit_status;
}
