/*
 * engine/check_cases: the cases of checks, run (`rules test`): docs/checks.md, "Cases".
 *
 * A case begins with a sound configuration (<product>/check/base/<name>.yaml), changes something, and says what comes of it. The tree
 * is made by a function of whoever knows the product. Each base is itself a case: nothing may be wrong with it.
 *
 * Ownership  checks are borrowed; failures live in the arena.
 * Errors     none: a case that cannot be run is one that failed.
 * Limits     those of YAML trees, and CHECK_CASE_EDITS edits of one case.
 */
#ifndef ENGINE_CHECK_CASES_H
#define ENGINE_CHECK_CASES_H

#include "engine/cases.h"
#include "engine/check.h"

#define CHECK_CASE_EDITS 16

struct md_check_case_file {
    const char *path; /* "a.cnf" */
    struct md_str text;
};

/* A configuration in memory. */
struct md_check_case_config {
    const char *product; /* the folder before "check/" */
    const char *version; /* "6.3", or NULL: not known */
    const struct md_check_case_file *files;
    size_t n;
};

/* The tree in the arena, or NULL. What it says of the input in `diags` is passed over: mistakes are what checks find. */
typedef const struct md_node *md_check_case_build(void *ctx, struct md_arena *arena,
                                                  const struct md_check_case_config *config, struct md_diags *diags);

struct md_check_cases_options {
    md_check_case_build *build;
    void *ctx;
    const char *const *only; /* parts of a case file's path or of a check's id: a case that has one of them runs */
    size_t n_only;           /* 0: all run */
};

struct md_check_cases_report {
    size_t n_cases, n_passed; /* each edit is one, each base that was used is one */
    const struct md_case_failure *failures;
    size_t n_failures;
};

void md_check_cases_run(struct md_checks *checks, const struct md_check_cases_options *options, struct md_arena *arena,
                        struct md_check_cases_report *ret);

#endif
