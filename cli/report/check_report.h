/*
 * cli/report/check_report: what a check of configuration found, in every format. Pure functions of one struct.
 *
 * Renderers read nothing but the report; the text of a line of a file comes through `line`. Every byte of the input passes
 * engine/base/display, and values of secrets (cli/report/check_mask.h) are never shown. Output is the same on any machine.
 *
 * Order      findings and suppressed ones are sorted by file, line, id (md_check_report_sort); a place without file is first.
 * Columns    of a finding count bytes of the line, from 1; SARIF counts characters.
 * Ownership  the report borrows everything; what a renderer makes lives in `arena`, the text in the caller's buffer.
 */
#ifndef CLI_REPORT_CHECK_REPORT_H
#define CLI_REPORT_CHECK_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/diag.h"
#include "engine/check.h"

/* A finding that the site accepts. */
struct md_check_silenced {
    struct md_check_found found;
    const char *because; /* displayable */
    struct md_loc by;    /* the entry or the comment that says so */
    bool is_in_source;   /* a comment; else the file of suppressions */
};

/* A line of a file by the name that findings give it, without its end. False: it is not known. */
typedef bool md_check_line_fn(void *ctx, const char *file, uint32_t line, struct md_str *ret);

struct md_check_report {
    const struct md_check_found *findings;
    size_t n_findings;
    const struct md_check_silenced *suppressed;
    size_t n_suppressed;
    const struct md_check *const *checks; /* all that were loaded: the rules of SARIF */
    size_t n_checks;
    const struct md_check *const *skipped; /* for want of an input */
    size_t n_skipped;
    const char *const *files; /* what was read and understood, sorted */
    size_t n_files;
    const struct md_diags *problems;
    const char *product, *version; /* or NULL: not known */
    const char *rules_hash;        /* "sha256:..."; NULL: nobody asks for it */
    const char *base;              /* working folder, absolute: SARIF and GitHub name files relative to it; or NULL */
    md_check_line_fn *line;
    void *line_ctx;
    bool is_quiet, is_verbose, use_colour; /* text only */
    struct md_arena *arena;
};

void md_check_report_text(const struct md_check_report *report, struct md_buf *out);
void md_check_report_json(const struct md_check_report *report, struct md_buf *out);
void md_check_report_sarif(const struct md_check_report *report, struct md_buf *out);
void md_check_report_junit(const struct md_check_report *report, struct md_buf *out);
void md_check_report_github(const struct md_check_report *report, struct md_buf *out);

/* A finding of either list; `silenced` is NULL where it counts. */
struct md_check_row {
    const struct md_check_found *found;
    const struct md_check_silenced *silenced;
};
/* Both lists as one, in their order; n_findings + n_suppressed rows. */
struct md_check_row *md_check_report_rows(const struct md_check_report *report);

/* By file, line, id, column, message: bytes count. */
int md_check_found_compare(const struct md_check_found *a, const struct md_check_found *b);
void md_check_found_sort(struct md_check_found *list, size_t n);
void md_check_silenced_sort(struct md_check_silenced *list, size_t n);

size_t md_check_report_count(const struct md_check_report *report, enum md_check_severity severity);

/* For renderers. The text of the finding's line with the value of a secret hidden; false: not known. `ret_column` (may be NULL): that of
 * the finding in this text, 0 where it has none. */
bool md_check_report_line(const struct md_check_report *report, const struct md_loc *loc, struct md_str *ret,
                          uint32_t *ret_column);
/* Display text of a check's own text, its lines joined by `newline`. */
const char *md_check_report_shown(struct md_arena *arena, const char *text, const char *newline);
/* The file as seen from `base`, as bytes; a path outside stays as it is. */
struct md_str md_check_report_relative(const struct md_check_report *report, const char *file);
/* The same, displayable. NULL of NULL. */
const char *md_check_report_path(const struct md_check_report *report, const char *file);

#endif
