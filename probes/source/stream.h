/*
 * probes/source/stream: the streams that sources hand out, stacked from small ones.
 *
 * A stream gives bytes from the front, in chunks, in constant memory. Constructors that take an inner stream or a
 * descriptor own it from then on, also where they fail. Compressed files (gzip, bzip2, xz, zstd, lzip, compress) are
 * recognised by their first bytes and given decompressed; one that breaks off gives what was readable and then a
 * status. So is text in UTF-16 with its mark in front, which is given as UTF-8.
 */
#ifndef PROBES_SOURCE_STREAM_H
#define PROBES_SOURCE_STREAM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

/* What gives more than this and more than so many times of what it took is a bomb. Logs of one message that is tried again and again, packed
 * as well as can be, stay below a hundred times. (MD_BOMB says the number.) */
#define MD_STREAM_BOMB_BYTES (UINT64_C(256) << 20)
#define MD_STREAM_BOMB_RATIO 250

struct md_stream {
    ptrdiff_t (*read)(struct md_stream *stream, void *buffer, size_t size); /* as md_stream_read; size > 0 */
    /* Skips bytes; NULL: by reading. Returns a status; skipping beyond the end is no error. */
    enum md_status (*skip)(struct md_stream *stream, uint64_t n);
    void (*close)(struct md_stream *stream);  /* frees it */
    const volatile sig_atomic_t *interrupted; /* may be NULL */
    /* Told now and then how far reading has come; NULL: nobody listens. `what` is static text, `total` 0 where it is not known. */
    void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total);
    void *progress_ctx;
    const char *what;
    uint64_t done, told, total;
};

/* The bytes are borrowed. */
struct md_stream *md_stream_memory(struct md_str bytes);
/* A regular file or a pipe as it is. */
struct md_stream *md_stream_fd(int fd);
/* A file from its start, decompressed where it is compressed. */
MD_MUST_CHECK enum md_status md_stream_file(int fd, struct md_stream **ret);
/* Decompresses bytes that a stream gives; `inner` is stolen. */
MD_MUST_CHECK enum md_status md_stream_decompress(struct md_stream *inner, struct md_stream **ret);
#define MD_STREAM_HEAD 64 /* bytes of which what a file is compressed with can be told */
/* Whether these first bytes are those of a compressed file that md_stream_decompress knows. */
bool md_stream_is_compressed(struct md_str head);
/* A part: `size` bytes (UINT64_MAX: all) from `offset` on. */
MD_MUST_CHECK enum md_status md_stream_part(struct md_stream *inner, uint64_t offset, uint64_t size,
                                            struct md_stream **ret);

/* What pasted text needs before it is what the command printed. Line by line, so lines keep their numbers. */
enum md_clean {
    MD_CLEAN_QUOTES = 1, /* "> ", ">" or "| " before each line, several times */
    MD_CLEAN_CONTROLS =
        2, /* terminal sequences, backspaces, bells and returns of a recorded terminal; a mark of UTF-8 in front */
    MD_CLEAN_TYPOGRAPHY = 8, /* blanks, dashes and quotes of printed text, which mailers and word processors put in */
    MD_CLEAN_PADDING = 16,   /* blanks up to the width of a screen, and second returns, at the end of each line */
    MD_CLEAN_NUMBERS = 4,    /* numbers of lines, as `cat -n`, `nl` or a viewer puts them in front */
};
/* Length of the number of a line in front ("  12\t", "12: ", "12) ", "12  "), with what parts it from the line; 0: there is none. */
size_t md_clean_number(struct md_str line, uint64_t *ret);
/* Cleans one line in place (no LF in it); returns the new length. Pure. */
size_t md_clean_line(char *line, size_t n, unsigned how);
struct md_stream *md_stream_cleaned(struct md_stream *inner, unsigned how);

/* Reads up to `max` bytes, over short reads; a negative status where nothing could be read. */
ptrdiff_t md_stream_fill(struct md_stream *stream, void *buffer, size_t max);
/* Reads to the end, in memory of the arena that grows with what is there; MD_LIMIT: there is more than `max` bytes, *ret has those.
 * A stream that breaks off gives what was readable. */
MD_MUST_CHECK enum md_status md_stream_read_all(struct md_stream *stream, struct md_arena *arena, size_t max,
                                                struct md_str *ret);

#endif
