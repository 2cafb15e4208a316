/*
 * cli/check_suppress: findings that a site accepts, with a reason.
 *
 *   .mtadoctor.yaml at the root of the checked tree:
 *       suppress:
 *         - id: channel.pool-undefined
 *           file: config/imta.cnf        # a glob of fnmatch(3) on the path below the root, or on its last part; left out: every file
 *           because: the pool is added at start
 *           until: 2026-12-31            # optional; the day itself still counts
 *   and in the files, in the line above a statement, a comment of the file's kind:
 *       ! mtadoctor: ignore channel.pool-undefined because the pool is added at start
 *   Several ids stand with blanks or commas between them. A statement is all of its continued lines; a comment between them counts for
 *   the line below.
 *
 * An entry or comment without `because`, past its `until`, of a wrong form or that matches nothing has no effect (so what it was for shows
 * up) and is itself a finding "suppression.*" of severity warning. That it matches nothing is said only where that is known: not of an id
 * whose check was skipped, and not of files that were not looked at.
 */
#ifndef CLI_CHECK_SUPPRESS_H
#define CLI_CHECK_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/check_texts.h"
#include "cli/report/check_report.h"
#include "engine/base/node.h"

#define MD_CHECK_SUPPRESS_FILE ".mtadoctor.yaml"

struct md_check_suppress {
    struct md_arena *arena;
    const struct md_check_found *findings; /* in any order */
    size_t n_findings;
    const struct md_node *file;           /* of MD_CHECK_SUPPRESS_FILE, or NULL; its places carry its name */
    const struct md_diags *file_problems; /* what kept it from being read as it is meant, or NULL */
    struct md_str root; /* what names of files begin with that is not below the root ("conf/"), or empty */
    bool is_whole;      /* the whole tree was looked at: an entry of a file that is not there matches nothing */
    struct md_check_texts *texts;
    const char *const *names; /* of the files that were read */
    size_t n_names;
    const struct md_checks *checks; /* to know ids; NULL: every id is known */
    const struct md_check *const *skipped;
    size_t n_skipped;
    int64_t today; /* MD_TIME_NONE: nothing is ever over */
};

struct md_check_suppressed {
    struct md_check_found *findings; /* the rest, and suppression.*; sorted */
    size_t n_findings;
    struct md_check_silenced *silenced; /* sorted */
    size_t n_silenced;
};

void md_check_suppress(const struct md_check_suppress *in, struct md_check_suppressed *ret);

/* The checks suppression.*, for explain and for SARIF. */
size_t md_check_suppress_rules(const struct md_check **ret);

#endif
