#include "probes/calendar/csdb_read.h"

#include <stdlib.h>
#include <string.h>

#include "probes/item_text.h"
#include "probes/source/stream.h"

#define CHUNK ((size_t)128 << 10)

struct reader {
    struct md_probe_ctx *ctx;
    const struct md_csdb_set *set;
    struct md_csdb_reading *ret;
    uint8_t *chunk;
    bool is_live;
};

typedef void feed_fn(void *to, const void *bytes, size_t n);

/* Feeds at most `max` bytes of an item from `from` on. */
static enum md_status feed(struct reader *r, const struct md_item *item, uint64_t from, uint64_t max, feed_fn *fn,
                           void *to)
{
    struct md_stream *stream = NULL;
    enum md_status status = item->status != MD_OK ? item->status : md_source_open(r->ctx->source, item, &stream);
    ptrdiff_t got = 0;

    if (status == MD_OK && from > 0)
        status = md_stream_part(stream, from, max, &stream); /* owns it */
    while (status == MD_OK && max > 0) {
        got = md_stream_read(stream, r->chunk, max < CHUNK ? (size_t)max : CHUNK);
        if (got <= 0)
            break;
        fn(to, r->chunk, (size_t)got);
        max -= (uint64_t)got;
    }
    if (status == MD_OK || from == 0)
        md_stream_close(&stream);
    if (status == MD_OK && got < 0)
        status = (enum md_status)got;
    if (status == MD_INTERRUPTED)
        r->ret->status = status;
    return status;
}

/* ---- logs ---- */

static void feed_log(void *to, const void *bytes, size_t n)
{
    md_bdb_log_feed(to, bytes, n);
}

static bool read_log(struct reader *r, const struct md_csdb_entry *entry, uint64_t max, struct md_bdb_log *ret)
{
    struct md_bdb_log_reader *log = md_bdb_log_new();
    enum md_status status = feed(r, entry->bytes, 0, max, feed_log, log);

    *ret = *md_bdb_log_end(log);
    md_bdb_log_free(&log);
    if (status == MD_OK)
        return true;
    /* Logs that were applied are removed at any time. */
    if (status != MD_INTERRUPTED && !(r->is_live && status == MD_NOT_FOUND))
        md_item_say_unread(r->ctx, entry->bytes, "the transaction log cannot be read", status);
    return false;
}

static void note_end(struct md_csdb_reading *ret, const struct md_csdb_log *log)
{
    ret->end.file = log->entry->number;
    ret->end.offset = log->is_read && log->log.is_followed && !log->is_head ? log->log.end : UINT32_MAX;
}

static void read_logs(struct reader *r)
{
    struct md_csdb_reading *ret = r->ret;
    uint64_t left = MD_CSDB_LOG_BYTES;

    for (size_t i = ret->n_logs; i-- > 0 && ret->status == MD_OK;) {
        struct md_csdb_log *log = &ret->logs[i];
        const struct md_csdb_entry *entry = log->entry;

        if (entry->bytes == NULL)
            continue;
        log->is_head = left == 0 || (entry->has_size && entry->size > left);
        log->is_read = read_log(r, entry, log->is_head ? MD_BDB_LOG_HEAD : left, &log->log);
        left -= log->log.bytes < left ? log->log.bytes : left;
        if (log->is_read && !log->is_head && ret->checkpoint.file == 0 && log->log.checkpoint.file > 0) {
            ret->checkpoint = log->log.checkpoint;
            ret->checkpoint_at = log->log.checkpoint_at;
        }
    }
    if (ret->n_logs > 0)
        note_end(ret, &ret->logs[ret->n_logs - 1]);
}

/* ---- databases ---- */

static void feed_walk(void *to, const void *bytes, size_t n)
{
    md_bdb_walk_feed(to, bytes, n);
}

static struct md_bdb_walk_options options_of(const struct reader *r, const struct md_csdb_entry *entry)
{
    /* Regions are there as long as somebody uses the database, and after a crash until it is recovered; with logs we know what was written. */
    return (struct md_bdb_walk_options){.size = entry->bytes->size,
                                        .is_open = r->ret->n_regions > 0 || r->ret->checkpoint.file > 0 || r->is_live,
                                        .settled = r->ret->checkpoint};
}

static void read_database(struct reader *r, struct md_csdb_database *database)
{
    struct md_bdb_walk_options options = options_of(r, database->entry);
    enum md_status status;

    for (int i = 0; i < MD_CSDB_AGAIN; i++) {
        struct md_bdb_walk *walk = md_bdb_walk_new(&options);

        status = feed(r, database->entry->bytes, 0, UINT64_MAX, feed_walk, walk);
        database->file = *md_bdb_walk_end(walk);
        md_bdb_walk_free(&walk);
        if (status != MD_OK || !r->is_live || (database->file.meta.fault == NULL && database->file.is_multiple))
            break;
    }
    database->is_read = status == MD_OK;
    if (status != MD_OK && status != MD_INTERRUPTED)
        md_item_say_unread(r->ctx, database->entry->bytes, "the database file cannot be read", status);
}

/* ---- again ---- */

struct page {
    uint8_t bytes[MD_BDB_PAGE_MAX];
    size_t n;
};

static void feed_page(void *to, const void *bytes, size_t n)
{
    struct page *page = to;

    memcpy(page->bytes + page->n, bytes, n); /* no more than a page is asked for */
    page->n += n;
}

/* Whether a page that looked wrong is sound now. */
static bool is_sound_now(struct reader *r, const struct md_csdb_database *database, uint32_t number, struct page *page)
{
    const struct md_bdb_meta *meta = &database->file.meta;
    struct md_bdb_page found;

    page->n = 0;
    if (feed(r, database->entry->bytes, (uint64_t)number * meta->page_size, meta->page_size, feed_page, page) !=
            MD_OK ||
        page->n < meta->page_size)
        return false;
    md_bdb_page_check(meta, number, UINT32_MAX, page->bytes, &found);
    return found.verdict == MD_BDB_GOOD;
}

static uint64_t *count_of(struct md_bdb_file *file, enum md_bdb_verdict verdict)
{
    return verdict == MD_BDB_ZEROED ? &file->zeroed : verdict == MD_BDB_DAMAGED ? &file->damaged : &file->sum_wrong;
}

static bool read_again(struct reader *r, struct md_csdb_database *database, struct page *page)
{
    struct md_bdb_file *file = &database->file;
    size_t kept = 0;

    /* So many are not caught in the act of being written. */
    if (file->damaged + file->zeroed + file->sum_wrong > file->n_faults)
        return false;
    for (size_t i = 0; i < file->n_faults; i++) {
        if (is_sound_now(r, database, file->faults[i].page, page))
            --*count_of(file, file->faults[i].verdict);
        else
            file->faults[kept++] = file->faults[i];
    }
    file->n_faults = kept;
    return kept > 0;
}

static void read_doubtful_again(struct reader *r)
{
    struct page *page = md_xcalloc(1, sizeof *page);

    for (int round = 0; round < MD_CSDB_AGAIN && r->ret->status == MD_OK; round++) {
        bool is_any = false;

        for (size_t i = 0; i < r->ret->n_databases; i++)
            if (r->ret->databases[i].is_read && r->ret->databases[i].file.n_faults > 0)
                is_any |= read_again(r, &r->ret->databases[i], page);
        if (!is_any)
            break;
    }
    free(page);
}

/* A log that has no room for the next record, whose size we do not know, is followed by another one. */
static bool is_full(const struct md_bdb_log *log)
{
    const uint64_t room = log->full_size / 8 > 65536 ? log->full_size / 8 : 65536;

    return log->is_followed && log->end + room > log->full_size;
}

/* The end of the logs as it was before the pages were read is too early for what was written meanwhile. */
static void read_end_again(struct reader *r)
{
    struct md_csdb_reading *ret = r->ret;
    struct md_csdb_log *newest = ret->n_logs > 0 ? &ret->logs[ret->n_logs - 1] : NULL;
    struct md_bdb_log again;
    bool is_ahead = false;

    if (newest == NULL)
        return;
    for (size_t i = 0; i < ret->n_databases; i++)
        is_ahead |= ret->databases[i].is_read && md_bdb_lsn_is_later(ret->databases[i].file.lsn, ret->end);
    if (!is_ahead)
        return;
    if (newest->entry->bytes == NULL) { /* listed after the files were found */
        ret->has_later_logs = r->is_live;
        return;
    }
    if (!read_log(r, newest->entry, MD_CSDB_LOG_BYTES, &again)) {
        ret->has_later_logs = r->is_live;
        return;
    }
    if (again.is_followed)
        ret->end.offset = again.end;
    ret->has_later_logs = r->is_live && is_full(&again);
}

/* ---- regions ---- */

static void read_region(struct reader *r, const struct md_csdb_entry *entry)
{
    struct page *head = md_xcalloc(1, sizeof *head);
    enum md_status status = feed(r, entry->bytes, 0, MD_BDB_REGION_HEAD, feed_page, head);

    if (status == MD_OK)
        r->ret->has_region = md_bdb_region_read(head->bytes, head->n, &r->ret->region);
    else if (status != MD_INTERRUPTED && status != MD_NOT_FOUND)
        md_item_say_unread(r->ctx, entry->bytes, "the region cannot be read", status);
    free(head);
}

static void sort_out(struct reader *r)
{
    const struct md_csdb_set *set = r->set;
    struct md_csdb_reading *ret = r->ret;

    ret->databases = md_arena_array(r->ctx->arena, set->n + 1, sizeof *ret->databases);
    ret->logs = md_arena_array(r->ctx->arena, set->n + 1, sizeof *ret->logs);
    for (size_t i = 0; i < set->n; i++) {
        const struct md_csdb_entry *entry = &set->entries[i];

        if (entry->kind == MD_CSDB_DATABASE)
            ret->databases[ret->n_databases++].entry = entry;
        else if (entry->kind == MD_CSDB_LOG)
            ret->logs[ret->n_logs++].entry = entry;
        else if (entry->kind == MD_CSDB_REGION)
            ret->n_regions++;
    }
}

void md_csdb_read(struct md_probe_ctx *ctx, const struct md_csdb_set *set, struct md_csdb_reading *ret)
{
    struct reader r = {.ctx = ctx, .set = set, .ret = ret, .chunk = md_xcalloc(CHUNK, 1)};

    *ret = (struct md_csdb_reading){.status = MD_OK, .checkpoint_at = MD_TIME_NONE};
    r.is_live = md_source_kind(ctx->source) == MD_SOURCE_LIVE;
    sort_out(&r);
    for (size_t i = 0; i < set->n && ret->status == MD_OK; i++)
        if (set->entries[i].kind == MD_CSDB_REGION && set->entries[i].number == 1 && set->entries[i].bytes != NULL)
            read_region(&r, &set->entries[i]);
    read_logs(&r);
    for (size_t i = 0; i < ret->n_databases && ret->status == MD_OK; i++)
        if (ret->databases[i].entry->bytes != NULL)
            read_database(&r, &ret->databases[i]);
    if (r.is_live)
        read_doubtful_again(&r);
    if (ret->status == MD_OK)
        read_end_again(&r);
    free(r.chunk);
}
