/*
 * probes/bundle/collect: a support bundle of what a source holds, redacted.
 *
 *   of this host     the files, outputs and answers that the probes asked for: begin with md_collect_new before they run,
 *                    so that it is told what they ask (md_source_record); a diagnosis of the bundle then says the same
 *   of what was sent (md_source_open_path) all that is understood or is text, under the same names
 *
 * What goes in is planned first (md_collect_plan), and may be shown; md_collect_write then reads everything twice: to
 * learn what must be hidden, and to write. Of queue files goes in what md_queue_file_without_message leaves. Logs come
 * last, newest first; one that does not fit is taken from `since` on, or its newest part, and is named in the manifest
 * as `partial`: then the facts that it gave go into facts.json. The finished archive is scanned for leaks before it gets
 * its name.
 * Ownership  everything lives in the arena; the source and `diags` must outlive it. md_collect_free frees what is not there.
 */
#ifndef PROBES_BUNDLE_COLLECT_H
#define PROBES_BUNDLE_COLLECT_H

#include "engine/base/buf.h"
#include "engine/base/zone.h"
#include "probes/bundle/redact.h"
#include "probes/bundle/write.h"
#include "probes/source/source.h"

struct md_collect;

enum md_collect_sort {
    MD_COLLECT_FILE,
    MD_COLLECT_OUTPUT,
    MD_COLLECT_SAMPLE, /* a queue file without its message */
    MD_COLLECT_LISTING,
    MD_COLLECT_LOG,
    MD_COLLECT_SORTS
};

struct md_collect_sum {
    size_t n;
    uint64_t bytes; /* as far as known before they are read */
};

/* Begins to record. `folder`: where bytes may be kept meanwhile, in files without names. */
struct md_collect *md_collect_new(struct md_arena *arena, struct md_source *source, struct md_diags *diags,
                                  const char *folder);
void md_collect_free(struct md_collect **collect);

/* After the probes have run. */
void md_collect_plan(struct md_collect *collect);
struct md_collect_sum md_collect_sum(const struct md_collect *collect, enum md_collect_sort sort);
const char *md_collect_sort_says(enum md_collect_sort sort);

struct md_collect_product {
    const char *name, *version; /* version: or NULL */
};

struct md_collect_options {
    struct md_redactor *redactor;
    const char *policy;                        /* its name, for the manifest */
    int64_t now;                               /* of the source; MD_TIME_NONE: not known */
    int64_t since;                             /* of a log that is too large, what is older is left out first */
    const struct md_zone *zone;                /* of the source */
    const char *host;                          /* or NULL */
    const struct md_collect_product *products; /* that it is about */
    size_t n_products;
    const char *tool_version;
    bool is_leak_checked;
    /* Facts that are to go into facts.json, as a facts file: is_partial[kind]: a log of this kind is not in the bundle whole. */
    void (*facts)(void *ctx, const bool *is_partial, struct md_buf *out);
    void *facts_ctx;
    void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL */
    void *progress_ctx;
};

/* Writes all of it and gives the archive its name; in any failure nothing is left. MD_BAD_INPUT: the leak scan found something. */
MD_MUST_CHECK enum md_status md_collect_write(struct md_collect *collect, const struct md_collect_options *options,
                                              struct md_bundle **bundle);

/* Files and outputs that are not in the bundle or not whole, with the reason. */
struct md_collect_left_out {
    const char *name, *why;
};
size_t md_collect_left_out(const struct md_collect *collect, const struct md_collect_left_out **ret);

#endif
