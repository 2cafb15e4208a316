/* Reading an entry: to learn from it, and to write it redacted. */
#include "probes/bundle/collect_priv.h"

#include "engine/base/display.h"
#include "probes/formats/msgserver/queue_file.h"
#include "probes/source/ends.h"
#include "probes/source/stream.h"

enum md_status md_collect_open(struct md_collect *self, const struct md_collect_entry *entry, struct md_stream **ret)
{
    enum md_status status = MD_OK;

    if (entry->item != NULL)
        return md_source_open(self->source, entry->item, ret);
    if (entry->spool != NULL)
        status = md_spool_open(entry->spool, ret);
    else if (entry->member != NULL)
        status = md_pack_stream(md_recorded_of(self->source)->pack, entry->member, ret);
    else
        *ret = md_stream_memory(entry->text);
    if (status == MD_OK)
        (*ret)->interrupted = self->source->options.interrupted;
    return status;
}

/* As md_stream_read, within what may be read in all. */
static ptrdiff_t read_some(struct md_collect *self, struct md_stream *stream, char *buffer, size_t size)
{
    ptrdiff_t got = md_stream_read(stream, buffer, size);

    if (got > 0 && (uint64_t)got > self->raw_left)
        return MD_LIMIT;
    self->raw_left -= got > 0 ? (uint64_t)got : 0;
    return got;
}

/* ---- what of a queue file may be kept ---- */

static enum md_status without_message(struct md_collect *self, const struct md_collect_entry *entry, struct md_buf *out)
{
    struct md_stream *stream;
    enum md_status status = md_collect_open(self, entry, &stream);

    if (status < 0)
        return status;
    if (self->ends == NULL) {
        self->ends = md_arena_alloc(self->arena, sizeof *self->ends);
        self->ends->head = md_arena_alloc(self->arena, MD_ENDS_HEAD);
        self->ends->tail = md_arena_alloc(self->arena, MD_ENDS_TAIL);
    }
    status = md_ends_read(stream, self->ends);
    md_stream_close(&stream);
    if (status == MD_OK)
        status = md_queue_file_without_message(md_str_n(self->ends->head, self->ends->head_n),
                                               md_str_n(self->ends->tail, self->ends->tail_n), out);
    return status == MD_BAD_INPUT ? MD_END : status;
}

/* ---- parts ---- */

/* Tells which part the bytes at a place are of. */
struct place {
    const struct md_collect_entry *entry;
    size_t part;
    uint64_t at;
};

static enum md_item_kind kind_at(const struct place *place)
{
    return place->entry->n_parts > 0 ? place->entry->parts[place->part].kind : place->entry->kind;
}

/* How many of the next n bytes are of this part. */
static size_t within_part(const struct place *place, size_t n)
{
    uint64_t end = place->part + 1 < place->entry->n_parts ? place->entry->parts[place->part + 1].offset : UINT64_MAX;

    return end - place->at < n ? (size_t)(end - place->at) : n;
}

static bool ends_part(const struct place *place)
{
    return place->part + 1 < place->entry->n_parts && place->at >= place->entry->parts[place->part + 1].offset;
}

/* ---- learning ---- */

static void learn_bytes(struct md_collect *self, struct place *place, struct md_str bytes)
{
    while (bytes.n > 0) {
        size_t n = within_part(place, bytes.n);

        md_redactor_learn(self->options->redactor, kind_at(place), place->entry->name, md_str_sub(bytes, 0, n));
        bytes = md_str_from(bytes, n);
        place->at += n;
        while (ends_part(place))
            place->part++;
    }
}

enum md_status md_collect_learn(struct md_collect *self, const struct md_collect_entry *entry)
{
    struct place place = {.entry = entry};
    struct md_stream *stream;
    size_t kept = 0;
    ptrdiff_t got;
    enum md_status status;

    if (entry->kind == MD_ITEM_QUEUE_FILE) {
        struct md_buf text = {0};

        status = without_message(self, entry, &text);
        if (status == MD_OK)
            learn_bytes(self, &place, md_str_n(text.p, text.n));
        md_buf_free(&text);
        return status;
    }
    status = md_collect_open(self, entry, &stream);
    if (status < 0)
        return status;
    while ((got = read_some(self, stream, self->chunk + kept, MD_COLLECT_CHUNK - kept)) > 0) {
        size_t n = kept + (size_t)got, whole = n;

        while (whole > 0 && self->chunk[whole - 1] != '\n')
            whole--;
        if (whole == 0 && n == MD_COLLECT_CHUNK)
            whole = n; /* a line without end */
        learn_bytes(self, &place, md_str_n(self->chunk, whole));
        kept = n - whole;
        memmove(self->chunk, self->chunk + whole, kept);
    }
    learn_bytes(self, &place, md_str_n(self->chunk, kept));
    md_stream_close(&stream);
    return got < 0 ? (enum md_status)got : MD_OK;
}

/* ---- writing ---- */

struct writing {
    struct md_collect *self;
    struct place place;
    struct md_redaction *redaction;
    struct md_buf out;
    struct md_spool *spool;
};

static enum md_status flush(struct writing *w, size_t least)
{
    enum md_status status = MD_OK;

    if (w->out.n > least) {
        status = md_spool_add(w->spool, md_str_n(w->out.p, w->out.n));
        w->out.n = 0;
    }
    return status;
}

static enum md_status end_part(struct writing *w)
{
    if (w->redaction != NULL)
        md_redaction_end(&w->redaction, &w->out);
    return flush(w, 0);
}

static enum md_status write_bytes(struct writing *w, struct md_str bytes)
{
    enum md_status status = MD_OK;

    while (bytes.n > 0 && status == MD_OK) {
        size_t n = within_part(&w->place, bytes.n);

        if (w->redaction == NULL)
            w->redaction = md_redaction_new(w->self->options->redactor, kind_at(&w->place), w->place.entry->name);
        md_redaction_feed(w->redaction, md_str_sub(bytes, 0, n), &w->out);
        bytes = md_str_from(bytes, n);
        w->place.at += n;
        status = flush(w, MD_COLLECT_CHUNK);
        if (ends_part(&w->place)) {
            if (status == MD_OK)
                status = end_part(w);
            while (ends_part(&w->place))
                w->place.part++;
        }
    }
    return status;
}

/* Leaves out `from` bytes and the rest of the line that they end in. */
static ptrdiff_t skip_to_line(struct md_collect *self, struct md_stream *stream, uint64_t from, struct md_str *ret_rest)
{
    ptrdiff_t got = 0;

    *ret_rest = md_str("");
    while ((got = md_stream_read(stream, self->chunk, MD_COLLECT_CHUNK)) > 0) {
        struct md_str rest = md_str_n(self->chunk, (size_t)got);
        ptrdiff_t end;

        if (from >= (uint64_t)got) {
            from -= (uint64_t)got;
            continue;
        }
        rest = md_str_from(rest, (size_t)from);
        from = 0;
        end = md_str_find_char(rest, '\n');
        if (end >= 0) {
            *ret_rest = md_str_from(rest, (size_t)end + 1);
            return 1;
        }
    }
    return got;
}

static enum md_status write_stream(struct writing *w, struct md_stream *stream, uint64_t from)
{
    struct md_collect *self = w->self;
    enum md_status status = MD_OK;
    struct md_str rest;
    ptrdiff_t got = 1;

    if (from > 0) {
        got = skip_to_line(self, stream, from, &rest);
        status = write_bytes(w, rest);
    }
    while (got > 0 && status == MD_OK && (got = read_some(self, stream, self->chunk, MD_COLLECT_CHUNK)) > 0)
        status = write_bytes(w, md_str_n(self->chunk, (size_t)got));
    return status == MD_OK && got < 0 ? (enum md_status)got : status;
}

enum md_status md_collect_redact(struct md_collect *self, const struct md_collect_entry *entry, uint64_t from,
                                 uint64_t most, struct md_spool **ret, uint64_t *ret_raw)
{
    struct writing w = {.self = self, .place = {.entry = entry}, .spool = md_spool_new(self->folder, most)};
    const uint64_t hidden = md_redactor_hidden_lines(self->options->redactor);
    struct md_buf text = {0};
    struct md_stream *stream;
    enum md_status status;

    *ret = w.spool;
    if (entry->kind == MD_ITEM_QUEUE_FILE) {
        status = without_message(self, entry, &text);
        if (status == MD_OK)
            status = write_bytes(&w, md_str_n(text.p, text.n));
        md_buf_free(&text);
    } else {
        status = md_collect_open(self, entry, &stream);
        if (status == MD_OK) {
            status = write_stream(&w, stream, from);
            md_stream_close(&stream);
            /* A file that breaks off is good for what was readable. */
            if (status < 0 && status != MD_LIMIT && status != MD_INTERRUPTED && w.place.at > 0) {
                md_collect_leave_out(self, md_display(self->arena, entry->name), md_status_says(status));
                status = MD_OK;
            }
        }
    }
    if (status == MD_OK)
        status = end_part(&w);
    if (status == MD_OK)
        status = md_spool_end(w.spool);
    if (w.redaction != NULL)
        md_redaction_end(&w.redaction, &w.out);
    md_buf_free(&w.out);
    self->hidden_lines = md_redactor_hidden_lines(self->options->redactor) - hidden;
    if (ret_raw != NULL)
        *ret_raw = w.place.at;
    return status;
}

enum md_status md_collect_find_since(struct md_collect *self, const struct md_collect_entry *entry, uint64_t *ret_from,
                                     uint64_t *ret_size)
{
    uint64_t at = 0, before = 0;
    struct md_stream *stream;
    struct md_instant one;
    ptrdiff_t got;
    enum md_status status = md_collect_open(self, entry, &stream);

    *ret_from = UINT64_MAX;
    if (status < 0)
        return status;
    while ((got = md_stream_read(stream, self->chunk, MD_COLLECT_CHUNK)) > 0) {
        if (*ret_from == UINT64_MAX && self->options->since != MD_TIME_NONE) {
            md_instant_find(entry->kind, md_str_n(self->chunk, (size_t)got), true, &one);
            if (one.at != MD_TIME_NONE && one.is_local)
                one.at = md_zone_to_utc(self->options->zone, one.at, NULL);
            if (one.at != MD_TIME_NONE && one.at >= self->options->since)
                *ret_from = before; /* what is asked for begins in the chunk before */
        }
        before = at;
        at += (uint64_t)got;
    }
    md_stream_close(&stream);
    *ret_size = at;
    return got < 0 ? (enum md_status)got : MD_OK;
}
