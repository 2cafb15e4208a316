/*
 * cli/rules: the commands `rules list`, `rules lint`, `rules test`.
 */
#include <stdio.h>
#include <string.h>

#include "cli/check_tree.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/report/layout.h"
#include "cli/report/report.h"
#include "cli/rules_json.h"
#include "cli/run.h"
#include "cli/wizard/case_rule.h"
#include "engine/base/display.h"
#include "engine/cases.h"
#include "engine/check_cases.h"
#include "engine/check_lint.h"
#include "engine/lint.h"
#include "engine/wizard_rules.h"
#include "probes/source/source.h"

/* "  id      word  " in columns, then text that is broken within its column. */
static void row(const struct md_layout *layout, struct md_arena *arena, const char *id, const char *word,
                const char *says)
{
    const char *first = md_arena_printf(arena, "  %-38s%s%-*s ", id, word == NULL ? "" : " ", word == NULL ? 0 : 6,
                                        word == NULL ? "" : word);
    const char *rest = md_arena_printf(arena, "%*s", word == NULL ? 41 : 48, "");
    md_layout_paragraph(layout, first, rest, says, MD_STYLE_PLAIN);
}

static void list_text(const struct md_rules *rules, const struct md_checks *checks, struct md_arena *arena,
                      struct md_buf *out)
{
    const struct md_layout layout = {.out = out};
    md_buf_printf(out, "%zu diagnoses\n", md_rules_cause_count(rules));
    for (size_t i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *c = md_rules_cause(rules, i);
        row(&layout, arena, c->id, md_urgency_name(c->usual_urgency), c->title);
    }
    md_buf_printf(out, "\n%zu findings\n", md_rules_finding_count(rules));
    for (size_t i = 0; i < md_rules_finding_count(rules); i++) {
        const struct md_finding *f = md_rules_finding(rules, i);
        row(&layout, arena, f->id, NULL, f->group);
    }
    md_buf_printf(out, "\n%zu remedies\n", md_rules_remedy_count(rules));
    for (size_t i = 0; i < md_rules_remedy_count(rules); i++) {
        const struct md_remedy *r = md_rules_remedy(rules, i);
        row(&layout, arena, r->id, NULL, r->title);
    }
    md_buf_printf(out, "\n%zu checks of configuration\n", md_checks_count(checks));
    for (size_t i = 0; i < md_checks_count(checks); i++) {
        const struct md_check *c = md_checks_at(checks, i);
        row(&layout, arena, c->id, md_check_severity_name(c->severity), c->title);
    }
}

static int list(const struct md_options *options, struct md_rulebase *base, const struct md_rules *rules,
                struct md_arena *arena)
{
    struct md_buf out = {0};
    if (options->format == MD_FORMAT_JSON) {
        json_t *all = md_rules_list_json(rules, base->checks);
        md_json_print(all, &out);
        json_decref(all);
    } else {
        list_text(rules, base->checks, arena, &out);
    }
    int exit_status = md_output_write(options, &out);
    md_buf_free(&out);
    return exit_status;
}

static void lint_text(const struct md_options *options, const struct md_rules *rules, const struct md_checks *checks,
                      const struct md_diags *diags, struct md_arena *arena, struct md_buf *out)
{
    size_t errors = 0, warnings = 0;
    for (size_t i = 0; i < md_diags_count(diags); i++) {
        const struct md_diag *d = md_diags_at(diags, i);
        errors += d->severity == MD_ERROR;
        warnings += d->severity == MD_WARNING;
        if (d->severity == MD_NOTE && !options->is_verbose) {
            continue;
        }
        if (d->loc.file != NULL) {
            md_buf_printf(out, "%s:%u: ", md_display(arena, md_str(d->loc.file)), (unsigned)d->loc.line);
        }
        md_buf_printf(out, "%s: %s\n", md_lint_severity(d->severity), d->what);
    }
    md_buf_printf(out, "%zu diagnoses, %zu findings, %zu remedies, %zu checks: %zu errors, %zu warnings\n",
                  md_rules_cause_count(rules), md_rules_finding_count(rules), md_rules_remedy_count(rules),
                  md_checks_count(checks), errors, warnings);
}

static bool is_item(const char *name)
{
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++) {
        if (strcmp(md_item_kind_name((enum md_item_kind)kind), name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_said(const struct md_diags *diags, const struct md_diag *one)
{
    for (size_t i = 0; i < md_diags_count(diags); i++) {
        const struct md_diag *old = md_diags_at(diags, i);
        bool is_there = old->loc.file == one->loc.file ||
                        (old->loc.file != NULL && one->loc.file != NULL && strcmp(old->loc.file, one->loc.file) == 0);
        if (is_there && old->loc.line == one->loc.line && strcmp(old->what, one->what) == 0) {
            return true;
        }
    }
    return false;
}

/* What products share is looked at with each of them and said once. */
static void lint_product(struct md_rulebase *base, const struct md_product *product, struct md_diags *diags,
                         struct md_arena *arena)
{
    struct md_diags *mine = md_diags_new(arena);
    const struct md_rules_input input = md_rulebase_input(base, product);
    struct md_rules *rules = md_rulebase_rules(base, product, mine);
    struct md_wizard_rules *wizard;
    md_rules_lint(rules, arena, mine);
    if (md_wizard_rules_load(rules, &input, mine, &wizard) == MD_OK) {
        md_wizard_lint(rules, wizard, is_item, arena, mine);
    }
    for (size_t i = 0; i < md_diags_count(mine); i++) {
        const struct md_diag *d = md_diags_at(mine, i);
        if (!is_said(diags, d)) {
            md_diags_take(diags, d, d->loc.file);
        }
    }
}

/* Mistakes of loading count as much as those that lint finds. */
static int lint(const struct md_options *options, struct md_rulebase *base, const struct md_rules *all,
                struct md_diags *diags, struct md_arena *arena)
{
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        if (md_rulebase_has(base, md_product_at(i))) {
            lint_product(base, md_product_at(i), diags, arena);
        }
    }
    md_checks_lint(base->checks, arena, diags);
    struct md_buf out = {0};
    if (options->format == MD_FORMAT_JSON) {
        json_t *json = md_lint_json(all, diags);
        md_json_print(json, &out);
        json_decref(json);
    } else {
        lint_text(options, all, base->checks, diags, arena, &out);
    }
    int exit_status = md_output_write(options, &out);
    md_buf_free(&out);
    return exit_status != MD_EXIT_OK                      ? exit_status
           : md_diags_count_at_least(diags, MD_ERROR) > 0 ? MD_EXIT_FOUND
                                                          : MD_EXIT_OK;
}

static double share(size_t part, size_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

static void calibration(const struct md_cases_report *r, struct md_buf *out)
{
    md_buf_printf(out, "\nwith facts taken away (%zu runs, %zu probabilities judged)\n", r->n_runs, r->n_said);
    md_buf_printf(out, "  expected diagnosis first   %5.1f %%\n", share(r->n_run_top1, r->n_run_first) * 100);
    md_buf_printf(out, "  among the first three      %5.1f %%\n", share(r->n_run_top3, r->n_run_first) * 100);
    md_buf_puts(out, "\n  said            n     mean said   came true\n");
    for (size_t i = 0; i < MD_RELIABILITY_BINS; i++) {
        const struct md_reliability_bin *b = &r->bins[i];
        md_buf_printf(out, "  %.1f to %.1f  %6zu        %5.3f       %5.3f\n", (double)i / MD_RELIABILITY_BINS,
                      (double)(i + 1) / MD_RELIABILITY_BINS, b->n, b->said, b->held);
    }
    md_buf_printf(out, "\n  Brier score                 %.4f (%.4f to %.4f)\n", r->brier.value, r->brier.low,
                  r->brier.high);
    md_buf_printf(out, "  expected calibration error  %.4f (%.4f to %.4f)\n", r->calibration_error.value,
                  r->calibration_error.low, r->calibration_error.high);
}

static void failures(const struct md_case_failure *list, size_t n, struct md_buf *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct md_case_failure *f = &list[i];
        md_buf_printf(out, "%s:%u: %s: %s\n", f->loc.file == NULL ? "?" : f->loc.file, (unsigned)f->loc.line, f->name,
                      f->what);
    }
}

static void test_text(const struct md_cases_json *all, struct md_buf *out)
{
    const struct md_check_cases_report *of_checks = all->of_checks;
    for (size_t i = 0; i < all->n; i++) {
        failures(all->reports[i].failures, all->reports[i].n_failures, out);
    }
    failures(of_checks->failures, of_checks->n_failures, out);
    for (size_t i = 0; i < all->n; i++) {
        const struct md_cases_report *report = &all->reports[i];
        md_buf_printf(out, "%s: %zu cases: %zu passed, %zu failed\n", all->products[i]->title, report->n_cases,
                      report->n_passed, report->n_cases - report->n_passed);
        md_buf_printf(out, "expected diagnosis first: %.1f %% of %zu, among the first three: %.1f %%\n",
                      share(report->n_top1, report->n_first) * 100, report->n_first,
                      share(report->n_top3, report->n_first) * 100);
        if (report->has_knock_out) {
            calibration(report, out);
        }
    }
    md_buf_printf(out, "%zu cases of checks: %zu passed, %zu failed\n", of_checks->n_cases, of_checks->n_passed,
                  of_checks->n_cases - of_checks->n_passed);
}

/* Of each product the cases with its own rules. */
static void test_products(struct md_rulebase *base, const struct md_options *options, struct md_arena *arena,
                          struct md_cases_json *ret)
{
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        const struct md_product *product = md_product_at(i);
        const struct md_cases_options how = {.fallback_normal = product->fallback_normal,
                                             .fallback_unknown = "unknown.cause",
                                             .only = options->arguments + 1,
                                             .n_only = options->n_arguments - 1,
                                             .has_knock_out = options->has_knock_out};
        if (!md_rulebase_has(base, product)) {
            continue;
        }
        struct md_diags *said = md_diags_new(arena); /* when all were loaded */
        md_cases_run(md_rulebase_rules(base, product, said), &how, arena, &ret->reports[ret->n]);
        ret->n_cases += ret->reports[ret->n].n_cases;
        ret->n_passed += ret->reports[ret->n].n_passed;
        ret->products[ret->n++] = product;
    }
}

static int test(const struct md_options *options, struct md_rulebase *base, const struct md_rules *rules,
                struct md_arena *arena)
{
    struct md_check_cases_report of_checks;
    struct md_cases_json report = {.rules = rules, .of_checks = &of_checks};
    test_products(base, options, arena, &report);
    struct md_check_trees trees = {.base = base, .arena = arena};
    const struct md_check_cases_options check_cases = {.build = md_check_tree_of_case,
                                                       .ctx = &trees,
                                                       .only = options->arguments + 1,
                                                       .n_only = options->n_arguments - 1};
    md_check_cases_run(base->checks, &check_cases, arena, &of_checks);
    /* a name that is misspelt must not look like success */
    if (report.n_cases + of_checks.n_cases == 0 && check_cases.n_only > 0) {
        fprintf(stderr, "mtadoctor: rules test: no case has %s in its name or file\n",
                md_display(arena, md_str(check_cases.only[0])));
        return MD_EXIT_USAGE;
    }
    struct md_buf out = {0};
    if (options->format == MD_FORMAT_JSON) {
        json_t *all = md_cases_json(&report);
        md_json_print(all, &out);
        json_decref(all);
    } else {
        test_text(&report, &out);
    }
    bool failed = report.n_passed < report.n_cases || of_checks.n_failures > 0;
    int exit_status = md_output_write(options, &out);
    md_buf_free(&out);
    return exit_status != MD_EXIT_OK ? exit_status : failed ? MD_EXIT_FOUND : MD_EXIT_OK;
}

int md_command_rules(const struct md_options *options, struct md_arena *arena)
{
    struct md_str what = md_str(options->arguments[0]);
    bool is_lint = md_str_is(what, "lint"), is_from = md_str_is(what, "case-from");
    if (!is_lint && !is_from && !md_str_is(what, "list") && !md_str_is(what, "test")) {
        fprintf(stderr, "mtadoctor: rules %s: it is list, lint, test or case-from\n", md_display(arena, what));
        return MD_EXIT_USAGE;
    }
    if (is_from && options->n_arguments != 2) {
        fprintf(stderr, "mtadoctor: rules case-from: of which case file of the wizard?\n");
        return MD_EXIT_USAGE;
    }
    /* of `test` they are parts of names; of the others the folder of a rule base */
    struct md_options mine = *options;
    if (!md_str_is(what, "test") && !is_from && options->n_arguments > 1) {
        if (mine.rules != NULL || options->n_arguments > 2) {
            fprintf(stderr, "mtadoctor: rules %s: one folder of rules at most, from %s on they are too many\n",
                    options->arguments[0], md_display(arena, md_str(options->arguments[mine.rules != NULL ? 1 : 2])));
            return MD_EXIT_USAGE;
        }
        mine.rules = options->arguments[1];
    }
    struct md_diags *diags = md_diags_new(arena);
    struct md_rulebase base;
    if (md_rulebase_open(&mine, false, arena, diags, &base) != MD_OK) {
        md_problems_print(diags, MD_NOTE);
        fprintf(stderr, "mtadoctor: the rule base does not load\n");
        return MD_EXIT_FAILED;
    }
    if (is_from) {
        md_problems_print(diags, MD_NOTE);
        int status = md_case_rule(&mine, &base, options->arguments[1], arena);
        md_rulebase_close(&base);
        return status;
    }
    md_rulebase_checks(&base, diags);
    const struct md_rules *all = md_rulebase_rules(&base, NULL, diags);
    if (!is_lint) {
        md_problems_print(diags, MD_NOTE);
    }
    int exit_status = is_lint                   ? lint(&mine, &base, all, diags, arena)
                      : md_str_is(what, "test") ? test(&mine, &base, all, arena)
                                                : list(&mine, &base, all, arena);
    md_rulebase_close(&base);
    return exit_status;
}
