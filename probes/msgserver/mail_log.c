/*
 * probes/msgserver/mail_log: the probe msgserver.mail_log.
 *
 * Streams all transaction and connection logs, oldest first, leaves the traffic in the blackboard and sets its facts. A log that
 * begins before the end of the one before it (mail.log holds what mail.log_yesterday held) is taken from that end on.
 */
#include <stdlib.h>
#include <string.h>

#include "probes/item_text.h"
#include "probes/msgserver/census.h"
#include "probes/msgserver/failure_rules.h"
#include "probes/msgserver/log_pipe.h"
#include "probes/msgserver/mail_log_facts.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/queue_ages.h"
#include "probes/msgserver/traffic.h"
#include "probes/msgserver/world.h"
#include "probes/probe.h"

/* Entries that are announced so many lines ahead: the tables are larger than the nearer caches, and to wait for them was a sixth of
 * the work. */
#define AHEAD 8
#define PEEK_SIZE ((size_t)64 * 1024)

static const char probe_name[] = "msgserver.mail_log";

/* ---- the layout ---- */

static struct md_mail_log_layout read_layout(const struct md_mta_config *config, bool *ret_names)
{
    static const char *const names[] = {
#define MD_MAIL_LOG_OPTION(id, name) name,
#include "probes/formats/msgserver/mail_log.def"
#undef MD_MAIL_LOG_OPTION
    };
    struct md_mail_log_options options;
    struct md_mail_log_layout layout;
    const bool is_known = config != NULL && config->has_options;

    md_mail_log_options_init(&options);
    for (size_t i = 0; is_known && i < MD_MAIL_LOG_OPTIONS; i++) {
        const int64_t value = md_mta_config_option_int(config, names[i], MD_MAIL_LOG_NOT_KNOWN);

        if (value >= 0 && value <= INT32_MAX)
            options.value[i] = (int32_t)value;
    }
    layout = md_mail_log_layout(&options, is_known);
    *ret_names = layout.file == 1 || options.value[MD_MAIL_LOG_OPTION_FORMAT] >= 4;
    /* Options change over the life of a log: what has a shape of its own is looked for even where it is off now. */
    if (layout.file == 0)
        layout.file = -1;
    if (layout.message_id == 0)
        layout.message_id = -1;
    if (layout.process == 0)
        layout.process = -1;
    if (layout.system == 0)
        layout.system = -1;
    if (layout.filter == 0)
        layout.filter = -1;
    return layout;
}

/* ---- the logs, oldest first ---- */

/* The first entry of an item, by its first bytes. False: there is none. */
static bool peek(struct md_probe_ctx *ctx, const struct md_mail_log_layout *layout, struct md_log_item *log)
{
    char *buffer = md_xcalloc(PEEK_SIZE, 1);
    struct md_stream *stream = NULL;
    struct md_mail_log_parser parser;
    struct md_mail_log_record record;
    struct md_zone_cache cache = {0};
    struct md_str rest, line;
    enum md_status status = log->item->status;
    size_t have = 0;
    ptrdiff_t n = 1;
    bool has_entry = false;

    if (status == MD_OK)
        status = md_source_open(ctx->source, log->item, &stream);
    while (status == MD_OK && have < PEEK_SIZE && (n = md_stream_read(stream, buffer + have, PEEK_SIZE - have)) > 0)
        have += (size_t)n;
    if (n < 0)
        status = (enum md_status)n;
    if (status != MD_OK)
        md_item_say_unread(ctx, log->item, "cannot be read", status);
    md_stream_close(&stream);
    md_mail_log_parser_init(&parser, layout, ctx->arena);
    rest = md_str_n(buffer, have);
    while (!has_entry && md_str_next_line(&rest, &line))
        has_entry = md_mail_log_parse(&parser, line, &record) == MD_OK && record.kind != MD_MAIL_LOG_HEADER;
    if (has_entry) {
        log->first_local = record.local_at;
        log->first = md_zone_to_utc(ctx->zone, record.local_at, &cache);
    }
    free(buffer);
    /* One without an entry at its front is still read: the entries may come later. */
    return status == MD_OK && (has_entry || have > 0);
}

static int by_first(const void *a, const void *b)
{
    const struct md_log_item *x = a, *y = b;

    if (x->first_local != y->first_local)
        return x->first_local < y->first_local ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static struct md_log_item *find_logs(struct md_probe_ctx *ctx, const struct md_mail_log_layout *layout, size_t *ret_n)
{
    static const enum md_item_kind kinds[] = {MD_ITEM_MAIL_LOG, MD_ITEM_CONNECTION_LOG};
    struct md_log_item *logs = NULL;
    size_t n = 0, room = 0;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct md_item *const *items = NULL;
        const size_t count = md_source_items(ctx->source, kinds[k], &items);

        for (size_t i = 0; i < count && n < UINT16_MAX; i++) {
            struct md_log_item log = {.item = items[i],
                                      .first = MD_TIME_NONE,
                                      .last = MD_TIME_NONE,
                                      .first_local = MD_TIME_NONE,
                                      .last_local = MD_TIME_NONE};

            if (peek(ctx, layout, &log))
                *(struct md_log_item *)md_arena_push(ctx->arena, &logs, &n, &room, sizeof *logs) = log;
        }
    }
    if (n > 0)
        qsort(logs, n, sizeof *logs, by_first);
    *ret_n = n;
    return logs;
}

/* ---- reading ---- */

struct problem {
    uint64_t count, first; /* line */
};

struct reading {
    struct md_probe_ctx *ctx;
    struct md_traffic *traffic;
    struct md_log_item *log;
    struct md_stream *stream;
    uint16_t number;
    uint64_t lines;     /* before the present block */
    int64_t skip_until; /* local time up to which the log before has all; MD_TIME_NONE: nothing to skip */
    uint64_t skipped;
    struct problem bad, undated, with_nul, cut;
};

static ptrdiff_t read_more(void *ctx, void *buffer, size_t size)
{
    struct reading *r = ctx;

    if (r->ctx->interrupted != NULL && *r->ctx->interrupted)
        return MD_INTERRUPTED;
    return md_stream_read(r->stream, buffer, size);
}

static void add_problem(const struct reading *r, struct problem *to, const struct md_log_count *from)
{
    if (from->count > 0 && to->count == 0)
        to->first = r->lines + from->first + 1;
    to->count += from->count;
}

static bool add_block(void *ctx, const struct md_log_block *block)
{
    struct reading *r = ctx;
    const uint32_t base = r->log->item->first_line > 0 ? r->log->item->first_line : 1;

    for (size_t i = 0; i < block->count; i++) {
        const struct md_log_line *line = &block->lines[i];
        struct md_traffic_spot spot;

        if (i + AHEAD < block->count)
            md_traffic_prefetch(r->traffic, &block->lines[i + AHEAD]);
        if (line->local_at <= r->skip_until && r->skip_until != MD_TIME_NONE) {
            r->skipped++;
            continue;
        }
        spot = (struct md_traffic_spot){(uint32_t)(base + r->lines + line->number), r->number};
        if (r->log->first == MD_TIME_NONE) {
            r->log->first = line->at;
            r->log->first_local = line->local_at;
        }
        if (line->local_at > r->log->last_local) {
            r->log->last_local = line->local_at;
            r->log->last = line->at;
        }
        md_traffic_add(r->traffic, block, line, spot);
    }
    add_problem(r, &r->bad, &block->bad);
    add_problem(r, &r->undated, &block->undated);
    add_problem(r, &r->with_nul, &block->with_nul);
    add_problem(r, &r->cut, &block->cut);
    r->lines += block->newlines;
    return r->ctx->interrupted == NULL || !*r->ctx->interrupted;
}

static void say(const struct reading *r, enum md_severity severity, const struct problem *problem, const char *one,
                const char *many)
{
    const uint64_t base = r->log->item->first_line > 0 ? r->log->item->first_line : 1;
    const struct md_loc loc = {.file = r->log->item->name, .line = (uint32_t)(base + problem->first - 1)};

    if (problem->count == 1)
        md_diags_add(r->ctx->diags, severity, loc, "%s", one);
    else if (problem->count > 1)
        md_diags_add(r->ctx->diags, severity, loc, "%llu %s", (unsigned long long)problem->count, many);
}

static void say_problems(const struct reading *r, const struct md_log_pipe_result *result)
{
    const struct problem too_long = {result->long_lines, result->first_long};
    const struct problem end = {1, result->lines + 1};

    say(r, MD_WARNING, &r->bad, "a line that is dated but no entry of the transaction log",
        "lines that are dated but no entries of the transaction log, this is the first");
    say(r, MD_WARNING, &r->undated, "a line that does not begin with a date",
        "lines that do not begin with a date, this is the first");
    say(r, MD_WARNING, &r->with_nul, "a line with NUL bytes", "lines with NUL bytes, this is the first");
    say(r, MD_WARNING, &r->cut, "an entry that is cut off", "entries that are cut off, this is the first");
    say(r, MD_WARNING, &too_long, "a line longer than 64 KiB, of which only the beginning was read",
        "lines longer than 64 KiB, of which only the beginnings were read, this is the first");
    if (result->is_unended)
        say(r, MD_NOTE, &end, "the last line has no end; it may be cut off", "");
}

static enum md_status read_log(struct md_log_pipe *pipe, struct reading *r)
{
    struct md_log_pipe_result result;
    enum md_status status = md_source_open(r->ctx->source, r->log->item, &r->stream);

    if (status == MD_OK) {
        status = md_log_pipe_run(pipe, read_more, add_block, r, &result);
        md_stream_close(&r->stream);
        r->log->bytes = result.bytes;
        say_problems(r, &result);
    }
    if (status != MD_OK)
        md_diags_add(r->ctx->diags, MD_WARNING, (struct md_loc){.file = r->log->item->name},
                     "was not read to its end: %s", md_status_says(status));
    return status;
}

/* Local time up to which the logs before hold everything: only where this one begins before their end. Entries are written by many
 * processes, so a few seconds out of order are no sign of it. */
static int64_t overlap(const struct md_log_item *logs, size_t i)
{
    int64_t last = MD_TIME_NONE;

    for (size_t k = 0; k < i; k++)
        if (logs[k].item->kind == logs[i].item->kind && logs[k].last_local > last)
            last = logs[k].last_local;
    return last != MD_TIME_NONE && logs[i].first_local != MD_TIME_NONE && logs[i].first_local < last - MD_MINUTE
               ? last
               : MD_TIME_NONE;
}

static enum md_status read_logs(struct md_probe_ctx *ctx, const struct md_mail_log_layout *layout,
                                struct md_traffic *traffic, struct md_log_item *logs, size_t n)
{
    const struct md_log_options options = {layout, ctx->zone, md_failure_rules_load(ctx), ctx->msgserver->config};
    struct md_log_pipe *pipe = md_log_pipe_new(&options, -1);
    enum md_status status = MD_OK;

    for (size_t i = 0; i < n && status != MD_INTERRUPTED; i++) {
        struct reading r = {
            .ctx = ctx, .traffic = traffic, .log = &logs[i], .number = (uint16_t)i, .skip_until = overlap(logs, i)};
        const enum md_status one = read_log(pipe, &r);

        if (one != MD_OK)
            status = one;
    }
    md_log_pipe_free(&pipe);
    return status;
}

/* ---- log and queue ---- */

/* Whether the log should know files of the queue: some were queued while it was written. */
static bool should_be_joined(struct md_census *census, const struct md_traffic_host *host)
{
    const struct md_stuck *stuck;
    size_t cursor = 0;

    while ((stuck = md_census_next(census, &cursor)) != NULL)
        if (stuck->attempts == 0 && !stuck->is_held && stuck->mtime != MD_TIME_NONE &&
            stuck->mtime > host->first + MD_MINUTE && stuck->mtime < host->newest - MD_MINUTE)
            return true;
    return false;
}

static void judge_join(struct md_log_report *report)
{
    const struct md_traffic_host *host = md_traffic_host(report->traffic);
    struct md_census *census = report->ctx->msgserver->census;

    report->joined = MD_LOG_JOIN_NOT_KNOWN;
    report->why_not = "the log shows none of the queued messages";
    if (host->joined > 0) {
        report->joined = MD_LOG_JOINED;
        report->knows_queued = true;
    } else if (host->named == 0) {
        report->why_not = "names of queue files are not logged";
        report->knows_queued = true; /* by what arrived and has not left */
    } else if (census == NULL)
        report->why_not = "the queue was not seen";
    else if (md_census_stuck_count(census) == 0)
        report->knows_queued = true; /* that is: nothing */
    else if (should_be_joined(census, host)) {
        report->joined = MD_LOG_NOT_JOINED;
        report->why_not = "log and queue do not belong together";
        md_diags_add(report->ctx->diags, MD_WARNING,
                     (struct md_loc){.file = report->items[host->newest_spot.item].item->name},
                     "log and queue do not belong together: no name of a queue file is found in the log, which is used "
                     "for rates only");
    }
}

/* ---- the probe ---- */

/* Says of every fact of this probe that is not set why. */
static void say_unknown(struct md_probe_ctx *ctx, const char *why)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(ctx->facts);

    for (size_t i = 0; i < md_catalogue_fact_count(catalogue); i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(catalogue, i);

        if (!md_str_is(md_str(def->probe), probe_name))
            continue;
        for (size_t k = 0; k < md_facts_instance_count(ctx->facts); k++) {
            struct md_instance *at = md_facts_instance_at(ctx->facts, k);

            if (at->scope == def->scope && md_fact_get(ctx->facts, at, def) == NULL)
                md_fact_unknown(ctx->facts, at, def->name, why);
        }
    }
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct md_msgserver_world *world = ctx->msgserver;
    bool has_names = false;
    const struct md_mail_log_layout layout = read_layout(world->config, &has_names);
    struct md_traffic_options options = {.now = ctx->now,
                                         .since_s = ctx->since_s,
                                         .config = world->config,
                                         .census = world->census,
                                         .names_expected = has_names};
    struct md_log_report report = {.ctx = ctx, .now = ctx->now};
    struct md_log_item *logs;
    enum md_status status;
    size_t n = 0;

    logs = find_logs(ctx, &layout, &n);
    if (n == 0) {
        md_fact_bool(ctx->facts, md_facts_root(ctx->facts), "host.log_seen", false, NULL);
        say_unknown(ctx, "no transaction log was found");
        return MD_NOT_FOUND;
    }
    report.traffic = md_traffic_new(&options);
    status = read_logs(ctx, &layout, report.traffic, logs, n);
    if (md_traffic_host(report.traffic)->entries == 0) {
        md_traffic_free(&report.traffic);
        md_fact_bool(ctx->facts, md_facts_root(ctx->facts), "host.log_seen", false, NULL);
        say_unknown(ctx, "the transaction log has no entries");
        return status != MD_OK ? status : MD_NOT_FOUND;
    }
    world->traffic = report.traffic;
    report.items = logs;
    report.n_items = n;
    judge_join(&report);
    md_traffic_join(report.traffic);
    md_queue_set_ages_by_log(ctx, logs[n - 1].item);
    md_mail_log_set_facts(&report);
    say_unknown(ctx, "the transaction log does not tell");
    return status;
}

static const enum md_item_kind reads[] = {MD_ITEM_MAIL_LOG, MD_ITEM_CONNECTION_LOG, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_msgserver_mail_log = {
    .name = probe_name,
    .says = "counts arrivals, deliveries and failures by channel, destination and mailbox in the transaction log",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .run = run,
};
