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
    const struct md_product *product; /* that was diagnosed last, or NULL */
    bool is_interrupted;              /* before everything was read */
    struct md_bundle *bundle;         /* collect: being written, or NULL */
    struct md_source_set *set;        /* of md_run_open_given: closed with the run */
    int64_t now_else;                 /* where nothing says when it was taken */
};

/* What a run looks at, where that is more than a path. */
enum md_run_of { MD_RUN_OF_HOST, MD_RUN_OF_PATH, MD_RUN_OF_TEXTS };
struct md_run_given {
    enum md_run_of of;
    const char *path;                   /* of a path; of texts: what reports call them */
    const struct md_source_text *texts; /* that join it */
    size_t n_texts;
    const bool *allowed_kinds; /* see md_source_options */
    int64_t now;               /* where nothing in it says when it was taken; MD_TIME_NONE: that is a problem */
};
/* As md_run_open. Of a path that holds several hosts: MD_LIMIT. */
MD_MUST_CHECK enum md_status md_run_open_given(struct md_run *run, const struct md_options *options,
                                               struct md_rulebase *base, const struct md_run_given *given);
/* `path` NULL: this host. MD_OK, or a failure that was said in diags (then only md_run_close may follow). */
MD_MUST_CHECK enum md_status md_run_open(struct md_run *run, const struct md_options *options, struct md_rulebase *base,
                                         const char *path);
/* One host of a set of them; the set must outlive the run. */
MD_MUST_CHECK enum md_status md_run_open_one(struct md_run *run, const struct md_options *options,
                                             struct md_rulebase *base, struct md_source_set *set, size_t i);
/* Opens what a path holds, with a run that has nothing but its diags until md_run_open_one; on failure md_run_close may follow. */
MD_MUST_CHECK enum md_status md_run_open_set(struct md_run *run, const struct md_options *options,
                                             struct md_rulebase *base, const char *path, struct md_source_set **ret);
/* Where one run of several belongs. */
struct md_run_place {
    const char *path;   /* NULL: this host */
    const char *folder; /* inside of the path, where that holds several hosts; else "" */
};
/* Opens and gathers each host of each path in turn and calls `each`, whatever came out (`status`: of opening and gathering); an
 * interrupted run is the last one. `paths` of { NULL }: this host. */
typedef void md_run_fn(void *ctx, struct md_run *run, const struct md_run_place *place, enum md_status status);
void md_run_each(const struct md_options *options, struct md_rulebase *base, const char *const *paths, size_t n,
                 md_run_fn *each, void *ctx);
/* Runs the probes. MD_NOT_FOUND: nothing in the source is understood, or it is not of the product that is wanted. */
MD_MUST_CHECK enum md_status md_run_gather(struct md_run *run);
/* Of what was gathered: whether it is about a product, and is wanted (--product). */
bool md_run_has(const struct md_run *run, const struct md_product *product);
/* One product; what was said of another stays in the arena. */
void md_run_diagnose(struct md_run *run, const struct md_product *product);
void md_run_report(const struct md_run *run, bool use_colour, struct md_report *ret);
void md_run_close(struct md_run *run);

/* Why there is nothing to report: the first error, else what the status says. */
const char *md_run_why(const struct md_run *run, enum md_status status);
/* Says on standard error why there is nothing to report. */
void md_run_complain(const struct md_run *run, const struct md_run_place *place, enum md_status status);
/* Problems from a severity on to standard error, for runs that end without a report. */
void md_problems_print(const struct md_diags *diags, enum md_severity least);

#endif
