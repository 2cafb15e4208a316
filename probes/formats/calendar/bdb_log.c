#include "probes/formats/calendar/bdb_log.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"

#define MAGIC UINT32_C(0x040988)
#define RECORD_MAX (UINT32_C(64) << 20) /* longer ones are none */

/* A record: where the one before it began, its length with this head, a checksum; then its type and what belongs to it. */
enum { AT_BEFORE = 0, AT_LENGTH = 4, AT_SUM = 8, HEAD = 12, USUAL_MAGIC = 12 };
enum { CHECKPOINT = 11, CHECKPOINT_LSN = 16, CHECKPOINT_AT = 32, CHECKPOINT_SIZE = 36 };

enum state { IN_HEADER, IN_HEAD, IN_DATA, AFTER_LAST, NOT_FOLLOWED };
/* How checksums are made: over the data; since 4.5 the head is in it, too. */
enum summing { NO_SUMS, DATA_ALONE, WITH_HEAD };

struct md_bdb_log_reader {
    struct md_bdb_log log;
    enum state state;
    enum summing summing;
    uint8_t header[MD_BDB_LOG_HEAD];
    size_t n_header;
    uint8_t head[HEAD];
    size_t n_head;
    uint8_t data[CHECKPOINT_SIZE];     /* the beginning of the record's data */
    uint32_t at, length, before, done; /* the record that is read */
    uint32_t sum;
    uint64_t position; /* of the next byte */
    bool is_suspect;   /* the last record's checksum was wrong; counted once a good one follows */
    uint32_t suspect_at, good_end, good_last;
};

struct md_bdb_log_reader *md_bdb_log_new(void)
{
    struct md_bdb_log_reader *reader = md_xcalloc(1, sizeof *reader);

    reader->log.checkpoint_at = MD_TIME_NONE;
    return reader;
}

void md_bdb_log_free(struct md_bdb_log_reader **reader)
{
    free(*reader);
    *reader = NULL;
}

static void end_here(struct md_bdb_log_reader *r)
{
    r->state = AFTER_LAST;
    if (r->n_head > 0)
        for (size_t i = 0; i < r->n_head; i++)
            r->log.is_broken_off |= r->head[i] != 0;
}

/* ---- records ---- */

static bool sum_is_right(struct md_bdb_log_reader *r)
{
    uint32_t want = md_bdb_u32(r->head + AT_SUM, r->log.is_big);
    uint32_t with_head = r->sum ^ r->before ^ r->length;

    if (r->log.records == 0) /* the first record, which has the header in it, shows it */
        r->summing = with_head == want ? WITH_HEAD : r->sum == want ? DATA_ALONE : NO_SUMS;
    return r->summing == NO_SUMS || want == (r->summing == WITH_HEAD ? with_head : r->sum);
}

static void note_checkpoint(struct md_bdb_log_reader *r)
{
    bool is_big = r->log.is_big;
    struct md_bdb_lsn lsn;

    if (r->done < CHECKPOINT_SIZE || md_bdb_u32(r->data, is_big) != CHECKPOINT)
        return;
    lsn = md_bdb_lsn_read(r->data + CHECKPOINT_LSN, is_big);
    if (lsn.file == 0)
        return;
    r->log.checkpoint = lsn;
    r->log.checkpoint_at = (int64_t)md_bdb_u32(r->data + CHECKPOINT_AT, is_big) * MD_SECOND;
}

static void end_record(struct md_bdb_log_reader *r)
{
    struct md_bdb_log *log = &r->log;

    if (sum_is_right(r)) {
        if (r->is_suspect) {
            if (log->bad++ == 0)
                log->first_bad = r->suspect_at;
            r->is_suspect = false;
        }
        r->good_last = r->at;
        r->good_end = r->at + r->length;
        note_checkpoint(r);
    } else {
        r->is_suspect = true;
        r->suspect_at = r->at;
    }
    if (log->records == 0)
        log->before = r->before;
    log->records++;
    log->last = r->at;
    r->state = IN_HEAD;
    r->n_head = 0;
}

static void begin_record(struct md_bdb_log_reader *r)
{
    struct md_bdb_log *log = &r->log;
    bool is_first = log->records == 0;

    r->before = md_bdb_u32(r->head + AT_BEFORE, log->is_big);
    r->length = md_bdb_u32(r->head + AT_LENGTH, log->is_big);
    r->at = (uint32_t)(r->position - HEAD);
    if (r->length <= HEAD || r->length > RECORD_MAX || r->length > UINT32_MAX - r->at ||
        (!is_first && r->before != log->last)) {
        end_here(r);
        return;
    }
    r->done = 0;
    r->sum = 0;
    r->state = IN_DATA;
}

static size_t take_head(struct md_bdb_log_reader *r, const uint8_t *p, size_t n)
{
    size_t take = HEAD - r->n_head < n ? HEAD - r->n_head : n;

    memcpy(r->head + r->n_head, p, take);
    r->n_head += take;
    r->position += take;
    if (r->n_head == HEAD)
        begin_record(r);
    return take;
}

static size_t take_data(struct md_bdb_log_reader *r, const uint8_t *p, size_t n)
{
    size_t left = r->length - HEAD - r->done, take = left < n ? left : n;

    if (r->done < sizeof r->data) {
        size_t keep = sizeof r->data - r->done < take ? sizeof r->data - r->done : take;

        memcpy(r->data + r->done, p, keep);
    }
    r->sum = md_bdb_sum(r->sum, p, take);
    r->done += (uint32_t)take;
    r->position += take;
    if (take == left)
        end_record(r);
    return take;
}

static void take_rest(struct md_bdb_log_reader *r, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n && !r->log.is_broken_off; i++)
        r->log.is_broken_off = p[i] != 0;
    r->position += n;
}

static void take_records(struct md_bdb_log_reader *r, const uint8_t *p, size_t n)
{
    while (n > 0) {
        size_t taken = n;

        if (r->state == IN_HEAD)
            taken = take_head(r, p, n);
        else if (r->state == IN_DATA)
            taken = take_data(r, p, n);
        else if (r->state == AFTER_LAST)
            take_rest(r, p, n);
        p += taken;
        n -= taken;
    }
}

/* ---- the header ---- */

static void read_header(struct md_bdb_log_reader *r)
{
    struct md_bdb_log *log = &r->log;

    r->state = NOT_FOLLOWED;
    for (size_t at = 0; at + 16 <= r->n_header && !log->has_header; at += 4)
        for (int big = 0; big < 2; big++)
            if (md_bdb_u32(r->header + at, big) == MAGIC) {
                log->has_header = true;
                log->is_big = big;
                log->version = md_bdb_u32(r->header + at + 4, big);
                log->full_size = md_bdb_u32(r->header + at + 8, big);
                log->is_followed = at == USUAL_MAGIC;
                break;
            }
    if (log->is_followed)
        r->state = IN_HEAD;
    take_records(r, r->header, r->n_header);
}

void md_bdb_log_feed(struct md_bdb_log_reader *reader, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;

    reader->log.bytes += n;
    if (reader->state == IN_HEADER) {
        size_t take = MD_BDB_LOG_HEAD - reader->n_header < n ? MD_BDB_LOG_HEAD - reader->n_header : n;

        memcpy(reader->header + reader->n_header, p, take);
        reader->n_header += take;
        p += take;
        n -= take;
        if (reader->n_header == MD_BDB_LOG_HEAD)
            read_header(reader);
    }
    if (n > 0)
        take_records(reader, p, n);
}

const struct md_bdb_log *md_bdb_log_end(struct md_bdb_log_reader *reader)
{
    struct md_bdb_log *log = &reader->log;

    if (reader->state == IN_HEADER)
        read_header(reader);
    /* The file ends within a record. */
    if (reader->state == IN_DATA || (reader->state == IN_HEAD && reader->n_head > 0))
        end_here(reader);
    log->last = reader->good_last;
    log->end = reader->good_end;
    log->is_broken_off |= reader->is_suspect;
    return log;
}

bool md_bdb_log_number(struct md_str name, uint32_t *ret)
{
    uint64_t number = 0;

    if (!md_str_has_prefix(name, MD_LIT("log.")) || (name.n != 14 && name.n != 9))
        return false;
    for (size_t i = 4; i < name.n; i++) {
        if (name.p[i] < '0' || name.p[i] > '9')
            return false;
        number = number * 10 + (uint64_t)(name.p[i] - '0');
    }
    if (number == 0 || number > UINT32_MAX)
        return false;
    *ret = (uint32_t)number;
    return true;
}
