#include "probes/source/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "probes/source/archive_lib.h"
#include "probes/source/source.h"
#include "probes/source/typography.h"
#include "probes/source/utf16.h"

#define CHUNK ((size_t)65536)
#define QUOTES_MAX 6

/* Progress is told each time so many bytes more were read. */
#define PROGRESS_BYTES ((uint64_t)8 << 20)

ptrdiff_t md_stream_read(struct md_stream *stream, void *buffer, size_t size)
{
    if (size == 0)
        return 0;
    if (stream->interrupted != NULL && *stream->interrupted != 0)
        return MD_INTERRUPTED;
    ptrdiff_t got = stream->read(stream, buffer, size);
    if (got > 0 && stream->progress != NULL) {
        stream->done += (uint64_t)got;
        if (stream->done - stream->told >= PROGRESS_BYTES) {
            stream->told = stream->done;
            stream->progress(stream->progress_ctx, stream->what, stream->done, stream->total);
        }
    }
    return got;
}

void md_stream_close(struct md_stream **stream)
{
    if (*stream != NULL)
        (*stream)->close(*stream);
    *stream = NULL;
}

ptrdiff_t md_stream_fill(struct md_stream *stream, void *buffer, size_t max)
{
    size_t size = 0;
    ptrdiff_t got = 0;

    while (size < max && (got = md_stream_read(stream, (char *)buffer + size, max - size)) > 0)
        size += (size_t)got;
    return size == 0 && got < 0 ? got : (ptrdiff_t)size;
}

enum md_status md_stream_read_all(struct md_stream *stream, struct md_arena *arena, size_t max, struct md_str *ret)
{
    size_t size = 0, capacity = max < 16384 ? max + 1 : 16384;
    char *bytes;
    ptrdiff_t got = 0;
    enum md_status status = MD_OK;

    /* Of known size: in its place at once. One byte more than that shows that it grew, or is decompressed. */
    if (stream->total > 0 && stream->total < max) {
        const size_t n = (size_t)stream->total + 1;
        char *whole = md_arena_alloc(arena, n);

        got = md_stream_fill(stream, whole, n);
        if (got < 0)
            return (enum md_status)got;
        size = (size_t)got;
        if (size < n) {
            *ret = md_str_n(whole, size);
            return MD_OK;
        }
        capacity = n > max / 2 ? max + 1 : 2 * n;
        bytes = md_xcalloc(capacity, 1);
        memcpy(bytes, whole, n);
    } else {
        bytes = md_xcalloc(capacity, 1);
    }
    while (size <= max && (got = md_stream_read(stream, bytes + size, capacity - size)) > 0) {
        size += (size_t)got;
        if (size == capacity && size <= max) {
            capacity =
                capacity > max / 2 ? max + 1 : 2 * capacity; /* one more byte than allowed shows that there is more */
            bytes = md_xrealloc(bytes, capacity);
        }
    }
    if (got < 0 && size == 0)
        status = (enum md_status)got;
    else if (size > max)
        status = MD_LIMIT;
    if (status == MD_OK || status == MD_LIMIT)
        *ret = md_arena_str(arena, md_str_n(bytes, size > max ? max : size));
    free(bytes);
    return status;
}

/* ---- memory ---- */

struct memory {
    struct md_stream base;
    struct md_str rest;
};

static ptrdiff_t memory_read(struct md_stream *stream, void *buffer, size_t size)
{
    struct memory *self = (struct memory *)stream;
    size_t n = size < self->rest.n ? size : self->rest.n;

    if (n > 0)
        memcpy(buffer, self->rest.p, n);
    self->rest = md_str_from(self->rest, n);
    return (ptrdiff_t)n;
}

static enum md_status memory_skip(struct md_stream *stream, uint64_t n)
{
    struct memory *self = (struct memory *)stream;

    self->rest = md_str_from(self->rest, n < self->rest.n ? (size_t)n : self->rest.n);
    return MD_OK;
}

static void free_stream(struct md_stream *stream)
{
    free(stream);
}

struct md_stream *md_stream_memory(struct md_str bytes)
{
    struct memory *self = md_xcalloc(1, sizeof *self);

    self->base = (struct md_stream){.read = memory_read, .skip = memory_skip, .close = free_stream};
    self->rest = bytes;
    return &self->base;
}

/* ---- descriptor ---- */

struct descriptor {
    struct md_stream base;
    int fd;
};

static ptrdiff_t descriptor_read(struct md_stream *stream, void *buffer, size_t size)
{
    ssize_t got;

    do
        got = read(((struct descriptor *)stream)->fd, buffer, size);
    while (got < 0 && errno == EINTR);
    return got < 0 ? MD_IO : got;
}

static enum md_status read_over(struct md_stream *stream, uint64_t n)
{
    char chunk[4096];
    ptrdiff_t got;

    while (n > 0) {
        got = md_stream_read(stream, chunk, n < sizeof chunk ? (size_t)n : sizeof chunk);
        if (got <= 0)
            return (enum md_status)got;
        n -= (uint64_t)got;
    }
    return MD_OK;
}

static enum md_status descriptor_skip(struct md_stream *stream, uint64_t n)
{
    if (n <= INT64_MAX && lseek(((struct descriptor *)stream)->fd, (off_t)n, SEEK_CUR) >= 0)
        return MD_OK;
    return read_over(stream, n);
}

static void descriptor_close(struct md_stream *stream)
{
    close(((struct descriptor *)stream)->fd);
    free(stream);
}

struct md_stream *md_stream_fd(int fd)
{
    struct descriptor *self = md_xcalloc(1, sizeof *self);

    self->base = (struct md_stream){.read = descriptor_read, .skip = descriptor_skip, .close = descriptor_close};
    self->fd = fd;
    return &self->base;
}

/* ---- decompression ---- */

bool md_stream_is_compressed(struct md_str head)
{
    static const struct {
        const char *magic;
        size_t n;
    } magics[] = {{"\x1f\x8b", 2}, {"\x1f\x9d", 2},        {"BZh", 3}, {"\xfd\x37zXZ", 5}, {"\x28\xb5\x2f\xfd", 4},
                  {"LZIP", 4},     {"\x04\x22\x4d\x18", 4}};

    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (md_str_has_prefix(head, md_str_n(magics[i].magic, magics[i].n)))
            return true;
    return md_utf16_is(head);
}

struct unpack {
    struct md_stream base;
    struct md_stream *inner;
    const struct md_archive_lib *lib;
    struct archive *archive;
    char *chunk;
    size_t peeked; /* bytes in the chunk that were read to see what it is */
    uint64_t taken, given;
    enum md_status inner_status;
};

static la_ssize_t unpack_more(struct archive *archive, void *ctx, const void **ret)
{
    struct unpack *self = ctx;
    ptrdiff_t got = self->peeked > 0 ? (ptrdiff_t)self->peeked : md_stream_read(self->inner, self->chunk, CHUNK);

    self->peeked = 0;
    if (got < 0) {
        self->inner_status = (enum md_status)got;
        self->lib->set_error(archive, EIO, "the file cannot be read");
        return ARCHIVE_FATAL;
    }
    self->taken += (uint64_t)got;
    *ret = self->chunk;
    return (la_ssize_t)got;
}

static ptrdiff_t unpack_read(struct md_stream *stream, void *buffer, size_t size)
{
    struct unpack *self = (struct unpack *)stream;
    la_ssize_t got;

    self->inner->interrupted = stream->interrupted;
    if (self->given > MD_STREAM_BOMB_BYTES && self->given / MD_STREAM_BOMB_RATIO > self->taken)
        return MD_BOMB;
    got = self->lib->read_data(self->archive, buffer, size);
    if (got < 0)
        return self->inner_status < 0 ? self->inner_status : MD_BAD_INPUT;
    self->given += (uint64_t)got;
    return got;
}

static void unpack_close(struct md_stream *stream)
{
    struct unpack *self = (struct unpack *)stream;

    if (self->archive != NULL)
        self->lib->read_free(self->archive);
    md_stream_close(&self->inner);
    free(self->chunk);
    free(self);
}

enum md_status md_stream_decompress(struct md_stream *inner, struct md_stream **ret)
{
    const struct md_archive_lib *lib;
    struct unpack *self;
    struct archive_entry *entry;
    char head[MD_STREAM_HEAD];
    ptrdiff_t got = md_stream_fill(inner, head, sizeof head);

    if (got > 0 && md_utf16_is(md_str_n(head, (size_t)got))) {
        *ret = md_utf16_stream(inner, md_str_n(head, (size_t)got));
        return MD_OK;
    }
    lib = md_archive_lib();
    if (got < 0 || lib == NULL) {
        md_stream_close(&inner);
        return got < 0 ? (enum md_status)got : MD_UNSUPPORTED;
    }
    self = md_xcalloc(1, sizeof *self);
    self->peeked = (size_t)got;
    self->base = (struct md_stream){.read = unpack_read, .close = unpack_close};
    self->inner = inner;
    self->lib = lib;
    self->chunk = md_xcalloc(CHUNK, 1);
    memcpy(self->chunk, head, self->peeked);
    self->archive = lib->read_new();
    if (self->archive == NULL)
        md_oom(0);
    /* By name, not "all": some filters of libarchive run programs. */
    lib->read_support_filter_gzip(self->archive);
    lib->read_support_filter_compress(self->archive);
    lib->read_support_filter_bzip2(self->archive);
    lib->read_support_filter_xz(self->archive);
    lib->read_support_filter_lzip(self->archive);
    lib->read_support_filter_zstd(self->archive);
    lib->read_support_filter_lz4(self->archive);
    lib->read_support_format_raw(self->archive);
    lib->read_support_format_empty(self->archive);
    if (lib->read_open(self->archive, self, NULL, unpack_more, NULL) == ARCHIVE_OK) {
        int result = lib->read_next_header(self->archive, &entry);

        if (result == ARCHIVE_OK || result == ARCHIVE_EOF) {
            *ret = &self->base;
            return MD_OK;
        }
    }
    unpack_close(&self->base);
    return MD_PACKED;
}

enum md_status md_stream_file(int fd, struct md_stream **ret)
{
    char head[MD_STREAM_HEAD];
    ssize_t got = pread(fd, head, sizeof head, 0);
    struct md_stream *plain = md_stream_fd(fd);

    /* Where it cannot be read or is a pipe, reading it says so. */
    if (got > 0 && md_stream_is_compressed(md_str_n(head, (size_t)got)))
        return md_stream_decompress(plain, ret);
#ifdef POSIX_FADV_SEQUENTIAL
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    *ret = plain;
    return MD_OK;
}

/* ---- part ---- */

struct part {
    struct md_stream base;
    struct md_stream *inner;
    uint64_t left;
};

static ptrdiff_t part_read(struct md_stream *stream, void *buffer, size_t size)
{
    struct part *self = (struct part *)stream;
    ptrdiff_t got;

    self->inner->interrupted = stream->interrupted;
    if (size > self->left)
        size = (size_t)self->left;
    if (size == 0)
        return 0;
    got = md_stream_read(self->inner, buffer, size);
    if (got > 0)
        self->left -= (uint64_t)got;
    return got;
}

static void part_close(struct md_stream *stream)
{
    md_stream_close(&((struct part *)stream)->inner);
    free(stream);
}

enum md_status md_stream_part(struct md_stream *inner, uint64_t offset, uint64_t size, struct md_stream **ret)
{
    enum md_status status = MD_OK;
    struct part *self;

    if (offset == 0 && size == UINT64_MAX) {
        *ret = inner;
        return MD_OK;
    }
    if (offset > 0)
        status = inner->skip != NULL ? inner->skip(inner, offset) : read_over(inner, offset);
    if (status < 0) {
        md_stream_close(&inner);
        return status;
    }
    self = md_xcalloc(1, sizeof *self);
    self->base = (struct md_stream){.read = part_read, .close = part_close};
    self->inner = inner;
    self->left = size;
    *ret = &self->base;
    return MD_OK;
}

/* ---- cleaning ---- */

/* Length of the terminal sequence at p (p[0] is ESC). */
static size_t escape_length(const char *p, size_t n)
{
    size_t i = 2;

    if (n < 2)
        return n;
    if (p[1] == '[') { /* parameters, then one letter */
        while (i < n && (unsigned char)p[i] >= 0x20 && (unsigned char)p[i] < 0x40)
            i++;
        return i < n ? i + 1 : n;
    }
    if (p[1] == ']') { /* a title, to the bell or ESC \ */
        while (i < n && p[i] != '\a' && p[i] != 0x1b)
            i++;
        if (i < n && p[i] == 0x1b && i + 1 < n)
            i++;
        return i < n ? i + 1 : n;
    }
    return p[1] == '(' || p[1] == ')' || p[1] == '#' ? (n < 3 ? n : 3) : 2;
}

/* Length of the marks of quoting. A mail that went around has several; "| " is one only with its blank. */
static size_t quotes_length(const char *line, size_t n)
{
    size_t from = 0;

    for (int depth = 0; depth < QUOTES_MAX; depth++) {
        size_t at = from;

        if (at + 1 < n && line[at] == ' ')
            at++;
        if (at >= n || (line[at] != '>' && line[at] != '|') || (line[at] == '|' && at + 1 < n && line[at + 1] != ' '))
            return from;
        from = at + (at + 1 < n && line[at + 1] == ' ' ? 2 : 1);
    }
    return from;
}

size_t md_clean_number(struct md_str line, uint64_t *ret)
{
    size_t i = 0, start;

    while (i < line.n && i < 8 && line.p[i] == ' ')
        i++;
    start = i;
    *ret = 0;
    while (i < line.n && i < start + 9 && md_is_digit(line.p[i]))
        *ret = *ret * 10 + (uint64_t)(line.p[i++] - '0');
    if (i == start || (i < line.n && md_is_digit(line.p[i])))
        return 0;
    if (i == line.n || line.p[i] == '\t')
        return i + (i < line.n);
    if (i + 1 < line.n && line.p[i + 1] == ' ' && strchr(" :).|", line.p[i]) != NULL)
        return i + 2;
    return (line.p[i] == ':' || line.p[i] == ')') && i + 1 == line.n ? line.n : 0;
}

size_t md_clean_line(char *line, size_t n, unsigned how)
{
    size_t from = 0, to = 0;
    uint64_t number;

    if ((how & MD_CLEAN_TYPOGRAPHY) != 0)
        n = md_typography_plain(line, n);
    if ((how & MD_CLEAN_PADDING) != 0)
        while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\r'))
            n--;

    if ((how & MD_CLEAN_CONTROLS) != 0) {
        while (n > 0 && line[n - 1] == '\r')
            n--;
        if (n >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0)
            from = 3;
    }
    if ((how & MD_CLEAN_QUOTES) != 0)
        from += quotes_length(line + from, n - from);
    if ((how & MD_CLEAN_NUMBERS) != 0)
        from += md_clean_number(md_str_n(line + from, n - from), &number);
    if ((how & MD_CLEAN_CONTROLS) == 0) {
        memmove(line, line + from, n - from);
        return n - from;
    }
    while (from < n) {
        unsigned char c = (unsigned char)line[from];

        if (c == 0x1b) {
            from += escape_length(line + from, n - from);
            continue;
        }
        if (c == '\b')
            to -= to > 0;
        else if (c == '\r')
            to = 0;
        else if (c == '\t' || (c >= 0x20 && c != 0x7f))
            line[to++] = (char)c;
        from++;
    }
    return to;
}

struct cleaned {
    struct md_stream base;
    struct md_stream *inner;
    unsigned how;
    bool is_inside; /* a line longer than the buffer goes on */
    char *buffer;
    size_t ready, given; /* [given, ready) is clean */
    size_t from, to;     /* [from, to) is not yet */
    enum md_status end;
};

/* Cleans whole lines of [from, to), or all of it where `is_all`. */
static void clean_ready(struct cleaned *self, bool is_all)
{
    self->ready = self->given = 0;
    while (self->from < self->to) {
        char *start = self->buffer + self->from;
        char *lf = memchr(start, '\n', self->to - self->from);
        size_t n = lf != NULL ? (size_t)(lf - start) : self->to - self->from, kept;

        if (lf == NULL && !is_all)
            return;
        kept = md_clean_line(start, n, self->is_inside ? self->how & (unsigned)MD_CLEAN_CONTROLS : self->how);
        memmove(self->buffer + self->ready, start, kept);
        self->ready += kept;
        self->is_inside = lf == NULL;
        if (lf != NULL)
            self->buffer[self->ready++] = '\n';
        self->from += n + (lf != NULL);
    }
}

static ptrdiff_t cleaned_read(struct md_stream *stream, void *buffer, size_t size)
{
    struct cleaned *self = (struct cleaned *)stream;
    size_t n;

    self->inner->interrupted = stream->interrupted;
    while (self->given == self->ready) {
        ptrdiff_t got;

        if (self->end < 0)
            return self->end == MD_END ? 0 : self->end;
        memmove(self->buffer, self->buffer + self->from, self->to - self->from);
        self->to -= self->from;
        self->from = 0;
        got = md_stream_read(self->inner, self->buffer + self->to, CHUNK - self->to);
        if (got > 0)
            self->to += (size_t)got;
        else
            self->end = got < 0 ? (enum md_status)got : MD_END;
        clean_ready(self, self->end < 0 || self->to == CHUNK);
    }
    n = self->ready - self->given < size ? self->ready - self->given : size;
    memcpy(buffer, self->buffer + self->given, n);
    self->given += n;
    return (ptrdiff_t)n;
}

static void cleaned_close(struct md_stream *stream)
{
    struct cleaned *self = (struct cleaned *)stream;

    md_stream_close(&self->inner);
    free(self->buffer);
    free(self);
}

struct md_stream *md_stream_cleaned(struct md_stream *inner, unsigned how)
{
    struct cleaned *self = md_xcalloc(1, sizeof *self);

    self->base = (struct md_stream){.read = cleaned_read, .close = cleaned_close};
    self->inner = inner;
    self->how = how;
    self->buffer = md_xcalloc(CHUNK, 1);
    return &self->base;
}
