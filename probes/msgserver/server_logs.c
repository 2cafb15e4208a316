#include "probes/msgserver/server_logs.h"

#include "engine/base/time.h"
#include "probes/item_text.h"
#include "probes/msgserver/failure_rules.h"
#include "probes/msgserver/server_log_tally.h"

/* How one kind of log is read. */
typedef void read_log_fn(struct md_probe_ctx *ctx, struct md_log_tally *tally, const struct md_item *item,
                         bool is_newest);

static size_t read_kind(struct md_probe_ctx *ctx, struct md_log_tally *tally, enum md_item_kind kind, read_log_fn *read)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, kind, &items);

    for (size_t i = 0; i < n; i++) {
        md_log_tally_begin(tally);
        read(ctx, tally, items[i], i + 1 == n);
    }
    return n;
}

static void read_server_log(struct md_probe_ctx *ctx, struct md_log_tally *tally, const struct md_item *item,
                            bool is_newest)
{
    struct md_lines *lines = md_lines_open(ctx, item);
    struct md_str line;
    uint32_t number = 0, first_bad = 0, bad = 0;

    (void)is_newest;
    if (lines == NULL)
        return;
    while (md_lines_next(lines, &line, &number)) {
        if (!md_log_tally_event(tally, line, item, number)) {
            bad++;
            if (first_bad == 0)
                first_bad = number;
        }
    }
    if (bad > 0) {
        struct md_loc loc = md_item_loc(item, first_bad);

        md_diags_add(ctx->diags, MD_WARNING, loc, "%u lines are no lines of a server log", (unsigned)bad);
    }
    /* An empty log, or one whose bytes could not be had, was not seen. */
    if (number > 0) {
        if (md_str_has_prefix(md_str(item->base), MD_LIT("imta")))
            tally->saw_delivery_log = true;
        else
            tally->saw_daemon_log = true;
    }
    md_lines_close(&lines);
}

static bool is_recent(const struct md_probe_ctx *ctx, const struct md_item *item)
{
    return item->mtime == MD_TIME_NONE ||
           item->mtime >= md_time_ago(ctx->now, (int64_t)(ctx->since_s * (double)MD_SECOND));
}

static void read_plain_log(struct md_probe_ctx *ctx, struct md_log_tally *tally, const struct md_item *item,
                           const char *program, bool is_newest)
{
    struct md_lines *lines = md_lines_open(ctx, item);
    struct md_str line;
    uint32_t number;

    if (lines == NULL)
        return;
    while (md_lines_next(lines, &line, &number))
        md_log_tally_plain(tally, line, md_program_find(md_str(program)), is_newest && is_recent(ctx, item), item,
                           number);
    md_lines_close(&lines);
}

static void read_job_controller_log(struct md_probe_ctx *ctx, struct md_log_tally *tally, const struct md_item *item,
                                    bool is_newest)
{
    read_plain_log(ctx, tally, item, "job_controller", is_newest);
}

static void read_dispatcher_log(struct md_probe_ctx *ctx, struct md_log_tally *tally, const struct md_item *item,
                                bool is_newest)
{
    read_plain_log(ctx, tally, item, "dispatcher", is_newest);
}

/* Most lines of the watcher have no time. Those behind the last one that has are at least as late; the last line is as
 * old as the file. */
static void read_watcher_log(struct md_probe_ctx *ctx, struct md_log_tally *tally, const struct md_item *item,
                             bool is_newest)
{
    struct md_lines *lines = md_lines_open(ctx, item);
    struct md_watcher_line held = {.kind = MD_WATCHER_OTHER};
    uint32_t held_number = 0, number;
    struct md_str line;

    if (lines == NULL)
        return;
    while (md_lines_next(lines, &line, &number)) {
        struct md_watcher_line event;

        if (md_str_is_empty(md_str_trim(line)))
            continue;
        md_watcher_parse(line, &event);
        /* One exit is held back until it is known whether it is the last line; its program's name must outlive the
         * line. */
        if (held_number != 0)
            md_log_tally_watcher(tally, &held, MD_TIME_NONE, item, held_number);
        held_number = 0;
        if (event.kind != MD_WATCHER_EXIT)
            continue;
        event.program = md_arena_str(ctx->arena, event.program);
        if (event.has_time) {
            int64_t at = event.has_offset ? event.local - event.offset_s * MD_SECOND
                                          : md_zone_to_utc(ctx->zone, event.local, NULL);

            md_log_tally_watcher(tally, &event, at, item, number);
            continue;
        }
        held = event;
        held_number = number;
    }
    if (held_number != 0)
        md_log_tally_watcher(tally, &held, is_newest ? item->mtime : MD_TIME_NONE, item, held_number);
    md_lines_close(&lines);
}

static void read_system_log(struct md_probe_ctx *ctx, struct md_log_tally *tally, const struct md_item *item,
                            bool is_newest)
{
    struct md_lines *lines = md_lines_open(ctx, item);
    struct md_str line;
    uint32_t number;

    (void)is_newest;
    if (lines == NULL)
        return;
    while (md_lines_next(lines, &line, &number))
        md_log_tally_system(tally, line, md_syslog_time(ctx, line), item, number);
    md_lines_close(&lines);
}

/* The class of a text of a server log. What is no failure has none. */
struct classifier {
    const struct md_failure_table *table;
    struct md_failure_cache *cache;
};

static struct md_str classify(void *ctx, struct md_str text)
{
    const struct classifier *classifier = ctx;
    struct md_failure_query query = {.source = MD_FAILURE_LOG, .text = text};
    struct md_failure failure = md_failure_classify_cached(classifier->table, classifier->cache, &query);

    if (failure.class == MD_FAILURE_CLASSES || failure.class == MD_FAILURE_NOT_A_FAILURE)
        return md_str(NULL);
    return md_str(md_failure_name(failure.class));
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    static const struct {
        enum md_item_kind kind;
        read_log_fn *read;
    } kinds[] = {
        {MD_ITEM_NSLOG, read_server_log},
        {MD_ITEM_WATCHER_LOG, read_watcher_log},
        {MD_ITEM_JOB_CONTROLLER_LOG, read_job_controller_log},
        {MD_ITEM_DISPATCHER_LOG, read_dispatcher_log},
        {MD_ITEM_SYSTEM_LOG, read_system_log},
    };
    struct classifier classifier = {md_failure_rules_load(ctx), md_failure_cache_new(ctx->arena)};
    struct md_log_tally *tally = md_log_tally_new(ctx->arena, classify, &classifier, ctx->zone, ctx->now, ctx->since_s);
    size_t n = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        n += read_kind(ctx, tally, kinds[i].kind, kinds[i].read);
    if (tally->dropped_mailboxes > 0)
        md_diags_add(ctx->diags, MD_NOTE, (struct md_loc){.file = NULL},
                     "the server logs name more than %d mailboxes with errors; further ones are not listed singly",
                     MD_LOG_MAILBOXES_MAX);
    md_server_log_facts(ctx, tally);
    md_log_tally_end(tally);
    return n > 0 ? MD_OK : MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {MD_ITEM_NSLOG,          MD_ITEM_WATCHER_LOG, MD_ITEM_JOB_CONTROLLER_LOG,
                                          MD_ITEM_DISPATCHER_LOG, MD_ITEM_SYSTEM_LOG,  MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_msgserver_logs = {
    .name = "msgserver.logs",
    .says = "reads the server logs: starts, ends and errors of programs, mailboxes, directory, database, disks",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .run = run,
};
