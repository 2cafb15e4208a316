/*
 * probes/formats/msgserver/qm_jobs: what the job controller says: `imsimta qm jobs` (6.3 and later), `imsimta qm
 * messages` (6.0 to 6.2).
 *
 * Nesting is by the first word of a line, not by its indent; letter case, plurals and the vendor's spellings (PROCESSES
 * for PROCESSED) do not matter. Lines that are neither are counted. Output in `arena`; texts borrow from the input.
 * Limits: MD_QM_ROWS_MAX jobs, hosts or rows; further ones are left out.
 */
#ifndef PROBES_FORMATS_MSGSERVER_QM_JOBS_H
#define PROBES_FORMATS_MSGSERVER_QM_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_QM_ROWS_MAX 100000

struct md_qm_job {
    uint32_t line;
    struct md_str channel;
    uint64_t pid;
    const struct md_str *hosts;
    size_t n_hosts;
    uint64_t messages; /* being processed: listed, or as the total line says */
    bool has_processed, has_failed;
    uint64_t processed, failed;
};

struct md_qm_jobs {
    const struct md_qm_job *jobs;
    size_t n;
    const struct md_str *channels; /* that are listed, with or without jobs */
    size_t n_channels;
    bool has_total;
    uint64_t active_channels; /* as the last line says */
    bool is_recognised;
    uint32_t other_lines;
};
void md_qm_jobs_parse(struct md_arena *arena, struct md_str text, struct md_qm_jobs *ret);

struct md_qm_host {
    uint32_t line;
    struct md_str host; /* may be empty */
    uint64_t active, delayed;
};

struct md_qm_messages {
    struct md_str channel; /* of the prompt's command line where it is there, else empty */
    const struct md_qm_host *hosts;
    size_t n;
    uint64_t active, delayed; /* sums */
    bool is_recognised;       /* the heading is there */
};
/* One table; where a text holds several, the first. *rest (may be NULL): what follows it. */
void md_qm_messages_parse(struct md_arena *arena, struct md_str text, struct md_qm_messages *ret,
                          struct md_str *ret_rest);

#endif
