/*
 * cli/report: what a run found, as text for people and as JSON for programs. Pure functions of a result.
 *
 * Every text of a result is display text already (engine/base/display); reports add no bytes of the input themselves.
 * Output is the same on any machine, in any zone and locale. Formats are listed in formats.def.
 */
#ifndef CLI_REPORT_REPORT_H
#define CLI_REPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/diag.h"
#include "engine/base/zone.h"
#include "engine/result.h"

/* Where the facts come from, as the contract's `source`. */
struct md_report_source {
    const char *kind; /* live, directory, bundle, facts */
    const char *name;
    const char *folder;          /* inside of what is called `name`, where that holds several hosts; or NULL */
    const char *host;            /* or NULL */
    const char *product;         /* or NULL: "msgserver" */
    const char *product_title;   /* what people call it, or NULL */
    const char *version;         /* or NULL */
    const struct md_fact *roles; /* or NULL */
    int64_t observed_at;
    bool is_exact; /* facts file: the time is given with its fraction */
    const struct md_zone *zone;
};

/* What a file, or a part of one, was taken for. */
struct md_report_file {
    const char *name;
    uint32_t line;       /* where the part begins; 0: it is the whole file */
    const char *command; /* whose output it is, or NULL */
    const char *kind;    /* "mail-log" */
    const char *taken_as;
    const char *note; /* or NULL */
    size_t count;     /* files alike that stand for by this one, 1 or more */
};

struct md_report {
    struct md_report_source source;
    const struct md_result *result;
    const struct md_diags *problems;
    const struct md_report_file *files; /* of a source that somebody sent */
    size_t n_files;
    bool is_sent; /* somebody sent it, who can be asked to send more */
    /* May be NULL. By result->unknown: somebody was asked for it in vain, the same for all of one fact; text names it only if verbose. */
    const bool *is_asked;

    bool is_verbose;
    bool is_quiet;          /* text: verdict and titles only */
    bool use_colour;        /* text only */
    struct md_arena *arena; /* for texts of the report */
};

/* New reference. */
json_t *md_report_to_json(const struct md_report *report);
void md_report_json(const struct md_report *report, struct md_buf *out);
void md_report_text(const struct md_report *report, struct md_buf *out);

/* Pretty-printed with a final newline; the keys keep their order. */
void md_json_print(const json_t *value, struct md_buf *out);
/* Whether a probe belongs to what is reported: not where it is one of another product and found nothing, unless all is asked for. */
bool md_report_is_about(const struct md_report *report, const struct md_probe_note *note);
/* New references: problems (of NULL: an empty list), tool, source. */
json_t *md_report_problems_json(const struct md_diags *list, struct md_arena *arena);
json_t *md_report_tool_json(const struct md_rules *rules);
json_t *md_report_source_json(const struct md_report_source *source, struct md_arena *arena);

#define MD_TOOL_NAME "mtadoctor"
#define MD_TOOL_VERSION "0.1.0"

#endif
