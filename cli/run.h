/*
 * cli/run: one run over one source: open it, find time and zone, gather facts, diagnose. What the commands share.
 *
 * Ownership: everything lives in the run's arena until md_run_close. Problems collect in `diags`, nothing is printed.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/options.h"
#include "cli/report/report.h"
#include "cli/rulebase.h"
#include "cli/tty.h"
#include "engine/diagnose.h"
#include "probes/bundle/write.h"
#include "probes/probe.h"
#include "probes/source/source.h"

#define MD_SITE_FILE "/etc/mtadoctor/mtadoctor.yaml"

struct md_run {
    const struct md_options *options;
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_rulebase *base;
    struct md_source *source;
    struct md_facts *facts;
    const struct md_site *site; /* the site file, or NULL */
    const struct md_zone *zone;
    struct md_progress progress;
    struct md_result result;
    bool has_product;
    struct md_bundle *bundle; /* collect: being written, or NULL */
};

/* `path` NULL: this host. MD_OK, or a failure that was said in diags (then only md_run_close may follow). */
MD_MUST_CHECK enum md_status md_run_open(struct md_run *run, const struct md_options *options, struct md_rulebase *base,
                                         const char *path);
/* Runs the probes. MD_NOT_FOUND: nothing in the source is understood. */
MD_MUST_CHECK enum md_status md_run_gather(struct md_run *run);
void md_run_diagnose(struct md_run *run);
void md_run_report(const struct md_run *run, bool use_colour, struct md_report *ret);
void md_run_close(struct md_run *run);

/* Writes the text to --output or standard output; says on standard error what went wrong. Returns an exit status. */
int md_output_write(const struct md_options *options, const struct md_buf *text);
/* Problems from a severity on to standard error, for runs that end without a report. */
void md_problems_print(const struct md_diags *diags, enum md_severity least);

#endif
