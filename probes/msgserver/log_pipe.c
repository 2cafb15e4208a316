#include "probes/msgserver/log_pipe.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/arena.h"

enum state { EMPTY, FULL, TAKEN, PARSED };

struct md_log_pipe {
    struct md_arena *arena;
    struct md_log_block blocks[MD_LOG_PIPE_BLOCKS];
    enum state states[MD_LOG_PIPE_BLOCKS]; /* under the lock, as all below */
    bool is_stopping;
    pthread_mutex_t lock;
    pthread_cond_t has_full, has_parsed;
    struct md_log_parser *parsers[1 + MD_LOG_PIPE_THREADS]; /* the first is the caller's */
    pthread_t threads[MD_LOG_PIPE_THREADS];
    size_t n_threads;
    size_t head, tail; /* blocks head..tail-1 (modulo) are in use; the caller's alone */
};

struct worker {
    struct md_log_pipe *pipe;
    struct md_log_parser *parser;
};

/* The full block that comes first in the log, now taken; NULL: none. Called under the lock. */
static struct md_log_block *take_full(struct md_log_pipe *pipe, size_t *ret_index)
{
    for (size_t i = 0; i < MD_LOG_PIPE_BLOCKS; i++) {
        const size_t at = (pipe->head + i) % MD_LOG_PIPE_BLOCKS;

        if (pipe->states[at] == FULL) {
            pipe->states[at] = TAKEN;
            *ret_index = at;
            return &pipe->blocks[at];
        }
    }
    return NULL;
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct md_log_pipe *pipe = worker->pipe;
    struct md_log_block *block;
    size_t at = 0;

    pthread_mutex_lock(&pipe->lock);
    for (;;) {
        while ((block = take_full(pipe, &at)) == NULL && !pipe->is_stopping)
            pthread_cond_wait(&pipe->has_full, &pipe->lock);
        if (block == NULL)
            break;
        pthread_mutex_unlock(&pipe->lock);
        md_log_block_parse(worker->parser, block);
        pthread_mutex_lock(&pipe->lock);
        pipe->states[at] = PARSED;
        pthread_mutex_unlock(&pipe->lock);
        pthread_cond_signal(&pipe->has_parsed);
        pthread_mutex_lock(&pipe->lock);
    }
    pthread_mutex_unlock(&pipe->lock);
    return NULL;
}

static size_t spare_processors(void)
{
#ifdef _SC_NPROCESSORS_ONLN
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    if (n > 1)
        return n - 1 < MD_LOG_PIPE_THREADS ? (size_t)(n - 1) : MD_LOG_PIPE_THREADS;
#endif
    return 0;
}

struct md_log_pipe *md_log_pipe_new(const struct md_log_options *options, int threads)
{
    struct md_arena *arena = md_arena_new();
    struct md_log_pipe *pipe = md_arena_alloc(arena, sizeof *pipe);
    const size_t wanted = threads < 0 ? spare_processors() : (size_t)threads;

    pipe->arena = arena;
    for (size_t i = 0; i < MD_LOG_PIPE_BLOCKS; i++) {
        pipe->blocks[i].text = md_arena_alloc(arena, 2 * MD_LOG_BLOCK);
        pipe->blocks[i].lines =
            md_arena_array(arena, MD_LOG_BLOCK / MD_LOG_LINE_MIN + 1, sizeof *pipe->blocks[i].lines);
    }
    pthread_mutex_init(&pipe->lock, NULL);
    pthread_cond_init(&pipe->has_full, NULL);
    pthread_cond_init(&pipe->has_parsed, NULL);
    pipe->parsers[0] = md_log_parser_new(arena, options);
    for (size_t i = 0; i < wanted && i < MD_LOG_PIPE_THREADS; i++) {
        struct worker *worker = md_arena_alloc(arena, sizeof *worker);

        pipe->parsers[1 + i] = md_log_parser_new(arena, options);
        *worker = (struct worker){pipe, pipe->parsers[1 + i]};
        /* Without a thread we are slower and no worse. */
        if (pthread_create(&pipe->threads[pipe->n_threads], NULL, work, worker) != 0)
            break;
        pipe->n_threads++;
    }
    return pipe;
}

void md_log_pipe_free(struct md_log_pipe **pipe)
{
    struct md_log_pipe *p = *pipe;
    struct md_arena *arena;

    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    p->is_stopping = true;
    pthread_cond_broadcast(&p->has_full);
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; i < p->n_threads; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->has_full);
    pthread_cond_destroy(&p->has_parsed);
    pthread_mutex_destroy(&p->lock);
    arena = p->arena;
    md_arena_free(&arena);
    *pipe = NULL;
}

/* ---- reading ---- */

struct reader {
    md_log_read_fn *read;
    void *ctx;
    char rest[MD_LOG_BLOCK]; /* begin of a line whose end is in the next block */
    size_t n_rest;
    bool is_at_end, is_skipping; /* the rest of a line that was too long */
    enum md_status status;
    struct md_log_pipe_result *result;
};

/* Reads on behind the `have` bytes of a block. */
static size_t read_more(struct reader *reader, char *text, size_t have)
{
    while (have < MD_LOG_BLOCK && !reader->is_at_end) {
        const ptrdiff_t n = reader->read(reader->ctx, text + have, MD_LOG_BLOCK - have);

        if (n <= 0) {
            reader->is_at_end = true;
            if (n < 0)
                reader->status = (enum md_status)n;
            break;
        }
        have += (size_t)n;
        reader->result->bytes += (uint64_t)n;
    }
    return have;
}

/* Drops what is left of a line that was too long; the newline stays, as the end of what was kept of the line. */
static size_t drop_long_rest(struct reader *reader, char *text, size_t have)
{
    const char *newline = have > 0 ? memchr(text, '\n', have) : NULL;

    if (newline == NULL)
        return 0;
    reader->is_skipping = false;
    memmove(text, newline, have - (size_t)(newline - text));
    return have - (size_t)(newline - text);
}

/* Fills a block with whole lines; false: there is nothing more. */
static bool fill(struct reader *reader, struct md_log_block *block)
{
    size_t have = reader->n_rest, keep;

    if (have > 0)
        memcpy(block->text, reader->rest, have);
    reader->n_rest = 0;
    have = read_more(reader, block->text, have);
    while (reader->is_skipping && have > 0) {
        have = drop_long_rest(reader, block->text, have);
        have = read_more(reader, block->text, have);
    }
    block->is_end = reader->is_at_end;
    block->is_long = false;
    keep = have;
    if (!reader->is_at_end) {
        while (keep > 0 && block->text[keep - 1] != '\n')
            keep--;
        if (keep == 0) {
            /* One line fills the whole block. */
            block->is_long = true;
            reader->is_skipping = true;
            keep = have;
        } else {
            reader->n_rest = have - keep;
            memcpy(reader->rest, block->text + keep, reader->n_rest);
        }
    } else if (have > 0)
        reader->result->is_unended = block->text[have - 1] != '\n';
    block->size = keep;
    return keep > 0;
}

/* ---- the circle of blocks ---- */

/* Parses a block on the caller's thread if one is to be parsed. */
static bool help(struct md_log_pipe *pipe)
{
    struct md_log_block *block;
    size_t at = 0;

    pthread_mutex_lock(&pipe->lock);
    block = take_full(pipe, &at);
    pthread_mutex_unlock(&pipe->lock);
    if (block == NULL)
        return false;
    md_log_block_parse(pipe->parsers[0], block);
    pthread_mutex_lock(&pipe->lock);
    pipe->states[at] = PARSED;
    pthread_mutex_unlock(&pipe->lock);
    return true;
}

static void wait_for_head(struct md_log_pipe *pipe)
{
    pthread_mutex_lock(&pipe->lock);
    while (pipe->states[pipe->head] != PARSED) {
        if (pipe->states[pipe->head] == FULL || pipe->n_threads == 0) {
            pthread_mutex_unlock(&pipe->lock);
            (void)help(pipe);
            pthread_mutex_lock(&pipe->lock);
            continue;
        }
        /* Another thread has it: do the next one meanwhile, or wait. */
        pthread_mutex_unlock(&pipe->lock);
        if (help(pipe)) {
            pthread_mutex_lock(&pipe->lock);
            continue;
        }
        pthread_mutex_lock(&pipe->lock);
        if (pipe->states[pipe->head] != PARSED)
            pthread_cond_wait(&pipe->has_parsed, &pipe->lock);
    }
    pthread_mutex_unlock(&pipe->lock);
}

static void drain(struct md_log_pipe *pipe, size_t used)
{
    for (; used > 0; used--) {
        wait_for_head(pipe);
        pthread_mutex_lock(&pipe->lock);
        pipe->states[pipe->head] = EMPTY;
        pipe->head = (pipe->head + 1) % MD_LOG_PIPE_BLOCKS;
        pthread_mutex_unlock(&pipe->lock);
    }
}

enum md_status md_log_pipe_run(struct md_log_pipe *pipe, md_log_read_fn *read, md_log_block_fn *each, void *ctx,
                               struct md_log_pipe_result *ret)
{
    struct reader *reader = md_xcalloc(1, sizeof *reader);
    enum md_status status = MD_OK;
    bool has_more = true, goes_on;
    size_t used = 0;

    *ret = (struct md_log_pipe_result){0};
    reader->read = read;
    reader->ctx = ctx;
    reader->status = MD_OK;
    reader->result = ret;
    for (;;) {
        while (has_more && used < MD_LOG_PIPE_BLOCKS) {
            has_more = fill(reader, &pipe->blocks[pipe->tail]);
            if (!has_more)
                break;
            pthread_mutex_lock(&pipe->lock);
            pipe->states[pipe->tail] = FULL;
            pthread_mutex_unlock(&pipe->lock);
            pthread_cond_signal(&pipe->has_full); /* not under the lock, which the one that wakes takes at once */
            pipe->tail = (pipe->tail + 1) % MD_LOG_PIPE_BLOCKS;
            used++;
        }
        if (used == 0)
            break;
        wait_for_head(pipe);
        ret->lines += pipe->blocks[pipe->head].newlines;
        if (pipe->blocks[pipe->head].is_long && ret->long_lines++ == 0)
            ret->first_long = ret->lines + 1;
        goes_on = each(ctx, &pipe->blocks[pipe->head]);
        pthread_mutex_lock(&pipe->lock);
        pipe->states[pipe->head] = EMPTY;
        pipe->head = (pipe->head + 1) % MD_LOG_PIPE_BLOCKS;
        pthread_mutex_unlock(&pipe->lock);
        used--;
        if (!goes_on) {
            status = MD_INTERRUPTED;
            break;
        }
    }
    drain(pipe, used);
    if (status == MD_OK)
        status = reader->status;
    free(reader);
    return status;
}
