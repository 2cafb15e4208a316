/*
 * probes/msgserver/log_pipe: streams a log through both stages of reading it.
 *
 * The caller's thread reads blocks and hands them, in the order of the log, to the second stage; further threads, and
 * the caller's while it would wait, parse. So the result does not depend on how many threads there are. On a machine
 * with one processor there is one thread.
 *
 * Ownership  freed whole. Limits: a line longer than a block is cut there; memory is that of MD_LOG_PIPE_BLOCKS blocks.
 */
#ifndef PROBES_MSGSERVER_LOG_PIPE_H
#define PROBES_MSGSERVER_LOG_PIPE_H

#include "engine/base/status.h"
#include "probes/msgserver/log_line.h"

#define MD_LOG_PIPE_BLOCKS 8
#define MD_LOG_PIPE_THREADS 3

struct md_log_pipe;

/* `threads`: besides the caller's; -1: as many as the machine has processors for. */
struct md_log_pipe *md_log_pipe_new(const struct md_log_options *options, int threads);
void md_log_pipe_free(struct md_log_pipe **pipe);

/* Bytes read, 0 at the end, a negative md_status. */
typedef ptrdiff_t md_log_read_fn(void *ctx, void *buffer, size_t size);
/* False: stop. */
typedef bool md_log_block_fn(void *ctx, const struct md_log_block *block);

struct md_log_pipe_result {
    uint64_t bytes;
    uint64_t lines;      /* ends of lines */
    uint64_t long_lines; /* cut at the size of a block */
    uint64_t first_long; /* line, from 1 */
    bool is_unended;     /* the last line has no end */
};

/* MD_OK, MD_INTERRUPTED where `each` stopped it, or what reading gave. */
MD_MUST_CHECK enum md_status md_log_pipe_run(struct md_log_pipe *pipe, md_log_read_fn *read, md_log_block_fn *each,
                                             void *ctx, struct md_log_pipe_result *ret);

#endif
