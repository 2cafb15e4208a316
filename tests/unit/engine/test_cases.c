#include "tests/unit/md_test.h"

#include "engine/cases.h"
#include "tests/unit/engine/toy_rules.h"

static struct md_cases_options options(void)
{
    return (struct md_cases_options){.fallback_normal = "all.well", .fallback_unknown = "unknown.cause"};
}

static void runs_the_cases_over_their_defaults(void **state)
{
    struct md_cases_options o = options();
    struct md_cases_report report;
    struct md_diags *diags;
    struct md_rules *rules = toy_rules(*state, &diags);

    md_cases_run(rules, &o, *state, &report);
    for (size_t i = 0; i < report.n_failures; i++)
        print_message("%s:%u %s: %s\n", report.failures[i].loc.file, report.failures[i].loc.line,
                      report.failures[i].name, report.failures[i].what);
    md_want_int("cases", report.n_cases, 4);
    md_want_int("passed", report.n_passed, 3);
    md_want_int("expect a first", report.n_first, 4);
    md_want_int("top 1", report.n_top1, 3);
    md_want_true(report.n_failures >= 1 && report.n_failures <= 3);
    md_want_cstr("which", report.failures[0].name, "this one is wrong");
    md_want_true(report.failures[0].loc.line > 10 && report.failures[0].loc.file != NULL);
    md_want_true(!report.has_knock_out);
    md_rules_free(&rules);
}

static void runs_one_case_by_name(void **state)
{
    struct md_cases_options o = options();
    struct md_cases_report report;
    struct md_diags *diags;
    struct md_rules *rules = toy_rules(*state, &diags);

    o.only = (const char *const[]){"broken fuse"};
    o.n_only = 1;
    md_cases_run(rules, &o, *state, &report);
    md_want_int("cases", report.n_cases, 1);
    md_want_int("passed", report.n_passed, 1);
    md_rules_free(&rules);
}

static void knock_out_judges_the_probabilities(void **state)
{
    struct md_cases_options o = options();
    struct md_cases_report report, again;
    struct md_diags *diags;
    struct md_rules *rules = toy_rules(*state, &diags);
    size_t said = 0;

    o.has_knock_out = true;
    md_cases_run(rules, &o, *state, &report);
    md_cases_run(rules, &o, *state, &again);
    md_want_int("runs", report.n_runs, 4 * MD_KNOCK_OUT_RUNS);
    for (size_t b = 0; b < MD_RELIABILITY_BINS; b++) {
        const struct md_reliability_bin *bin = &report.bins[b];

        said += bin->n;
        md_want_true(bin->n == 0 || (bin->said >= (double)b / 10 - 1e-9 && bin->said <= (double)(b + 1) / 10 + 1e-9));
        md_want_true(bin->held >= 0 && bin->held <= 1);
    }
    md_want_int("judged", report.n_said, said);
    md_want_true(said > 100);
    md_want_true(report.brier.low <= report.brier.value && report.brier.value <= report.brier.high);
    md_want_true(report.calibration_error.value > 0 && report.calibration_error.value < 1);
    md_want_true(report.n_run_top1 > report.n_run_first / 3);
    md_want_double("the same again", again.brier.value, report.brier.value, 0);
    md_want_double("the same again", again.calibration_error.high, report.calibration_error.high, 0);
    md_rules_free(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(runs_the_cases_over_their_defaults),
        MD_TEST(runs_one_case_by_name),
        MD_TEST(knock_out_judges_the_probabilities),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
