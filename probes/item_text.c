#include "probes/item_text.h"

#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/formats/common/clock.h"

#include <string.h>

#define BUFFER_SIZE (4 * MD_LINE_MAX)

struct md_lines {
    struct md_probe_ctx *ctx;
    const struct md_item *item;
    struct md_stream *stream;
    uint32_t number;
    size_t from, until; /* unread bytes of the buffer */
    bool is_at_end, is_skipping, said_long;
    char buffer[BUFFER_SIZE];
};

static uint32_t line_of_file(const struct md_item *item, uint32_t line)
{
    return line > 0 && item->first_line > 1 ? line + item->first_line - 1 : line;
}

struct md_loc md_item_loc(const struct md_item *item, uint32_t line)
{
    return (struct md_loc){.file = item->name, .line = line_of_file(item, line)};
}

struct md_origin md_item_origin(const struct md_item *item, uint32_t line)
{
    return md_origin_item(item, line_of_file(item, line));
}

void md_item_say_unread(struct md_probe_ctx *ctx, const struct md_item *item, const char *what, enum md_status status)
{
    struct md_loc loc = md_item_loc(item, 0);

    if (status == MD_NO_ACCESS && md_source_kind(ctx->source) == MD_SOURCE_LIVE)
        return;
    md_diags_add(ctx->diags, MD_WARNING, loc, "%s: %s", what, md_status_says(status));
}

static void say(struct md_probe_ctx *ctx, const struct md_item *item, enum md_status status)
{
    md_item_say_unread(ctx, item, "cannot be read", status);
}

bool md_item_text(struct md_probe_ctx *ctx, const struct md_item *item, size_t max, struct md_str *ret)
{
    enum md_status status = item->status;
    struct md_str text = {NULL, 0};

    if (status == MD_OK)
        status = md_source_read_all(ctx->source, item, ctx->arena, max, &text);
    if (status == MD_LIMIT && text.n > 0) {
        struct md_loc loc = md_item_loc(item, 0);

        md_diags_add(ctx->diags, MD_WARNING, loc, "only the first %zu bytes were read", text.n);
        status = MD_OK;
    }
    if (status != MD_OK) {
        /* A command that was not run for its cost is no problem of the input. */
        if (status != MD_UNSUPPORTED)
            say(ctx, item, status);
        return false;
    }
    *ret = text;
    return true;
}

struct md_lines *md_lines_open(struct md_probe_ctx *ctx, const struct md_item *item)
{
    struct md_stream *stream = NULL;
    enum md_status status = item->status;
    struct md_lines *lines;

    if (status == MD_OK)
        status = md_source_open(ctx->source, item, &stream);
    if (status != MD_OK) {
        if (status != MD_UNSUPPORTED)
            say(ctx, item, status);
        return NULL;
    }
    lines = md_xcalloc(1, sizeof *lines);
    lines->ctx = ctx;
    lines->item = item;
    lines->stream = stream;
    return lines;
}

/* More bytes behind the unread ones; false where there are none. */
static bool fill(struct md_lines *lines)
{
    ptrdiff_t got;

    if (lines->is_at_end)
        return false;
    if (lines->ctx->interrupted != NULL && *lines->ctx->interrupted) {
        lines->is_at_end = true;
        return false;
    }
    if (lines->from > 0) {
        memmove(lines->buffer, lines->buffer + lines->from, lines->until - lines->from);
        lines->until -= lines->from;
        lines->from = 0;
    }
    if (lines->until == BUFFER_SIZE)
        return false;
    got = md_stream_read(lines->stream, lines->buffer + lines->until, BUFFER_SIZE - lines->until);
    if (got <= 0) {
        if (got < 0 && got != MD_INTERRUPTED)
            say(lines->ctx, lines->item, (enum md_status)got);
        lines->is_at_end = true;
        return false;
    }
    lines->until += (size_t)got;
    return true;
}

static void say_long(struct md_lines *lines)
{
    struct md_loc loc = md_item_loc(lines->item, lines->number);

    if (!lines->said_long)
        md_diags_add(lines->ctx->diags, MD_WARNING, loc, "a line is longer than %d bytes; the rest of it was not read",
                     MD_LINE_MAX);
    lines->said_long = true;
}

bool md_lines_next(struct md_lines *lines, struct md_str *ret_line, uint32_t *ret_number)
{
    for (;;) {
        const char *begin = lines->buffer + lines->from;
        size_t n = lines->until - lines->from;
        const char *end = n > 0 ? memchr(begin, '\n', n) : NULL;
        size_t length, taken;

        if (end != NULL) {
            length = (size_t)(end - begin);
            taken = length + 1;
        } else if (n >= MD_LINE_MAX) {
            length = taken = n;
        } else if (fill(lines)) {
            continue;
        } else if (n > 0) {
            length = taken = n;
        } else {
            return false;
        }
        lines->from += taken;
        if (lines->is_skipping) {
            lines->is_skipping = end == NULL;
            continue;
        }
        lines->number++;
        if (length > MD_LINE_MAX) {
            say_long(lines);
            length = MD_LINE_MAX;
        }
        lines->is_skipping = end == NULL;
        if (length > 0 && end != NULL && begin[length - 1] == '\r')
            length--;
        *ret_line = md_str_n(begin, length);
        *ret_number = lines->number;
        return true;
    }
}

void md_lines_close(struct md_lines **lines)
{
    if (*lines == NULL)
        return;
    md_stream_close(&(*lines)->stream);
    free(*lines);
    *lines = NULL;
}

int64_t md_syslog_time(const struct md_probe_ctx *ctx, struct md_str line)
{
    struct md_str word = md_str_next_word(&line);
    struct md_civil civil = {0}, now;
    uint64_t day;
    int64_t local;

    civil.month = word.n == 3 ? md_month_from_name(word) : 0;
    word = md_str_next_word(&line);
    if (ctx->now == MD_TIME_NONE || civil.month == 0 || md_num_all_u64(word, 31, &day) != MD_OK)
        return MD_TIME_NONE;
    civil.day = (int)day;
    word = md_str_next_word(&line);
    if (md_clock_read_time(&word, &civil) != MD_OK)
        return MD_TIME_NONE;
    md_time_to_civil(ctx->now + md_zone_offset_at(ctx->zone, ctx->now) * MD_SECOND, &now);
    civil.year = now.year;
    if (civil.month > now.month || (civil.month == now.month && civil.day > now.day + 1))
        civil.year--;
    if (md_time_from_civil(&civil, &local) != MD_OK)
        return MD_TIME_NONE;
    return md_zone_to_utc(ctx->zone, local, NULL);
}
