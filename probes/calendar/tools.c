/*
 * probes/calendar/tools: what the tools of the database and of the product said, wherever their output was kept.
 *
 * Nothing is run here: on a live environment these tools are not harmless. Outputs are read in the order of the source, so what was verified
 * or listed behind a recovery in the same text counts as done after it.
 */
#include <stdlib.h>

#include "engine/base/time.h"
#include "probes/calendar/history.h"
#include "probes/calendar/processes.h"
#include "probes/calendar/world.h"
#include "probes/formats/calendar/tool_out.h"
#include "probes/item_text.h"
#include "probes/probe.h"

static const struct {
    enum md_item_kind kind;
    enum md_tool tool;
} kinds[] = {
    {MD_ITEM_CSDB_VERSION, MD_TOOL_VERSION}, {MD_ITEM_CSDB_CHECK, MD_TOOL_CHECK},
    {MD_ITEM_CSDB_REBUILD, MD_TOOL_REBUILD}, {MD_ITEM_CSDB_LIST, MD_TOOL_LIST},
    {MD_ITEM_CSDB_RECOVER, MD_TOOL_RECOVER}, {MD_ITEM_DB_VERIFY, MD_TOOL_VERIFY},
    {MD_ITEM_DB_STAT, MD_TOOL_STAT},         {MD_ITEM_DB_RECOVER, MD_TOOL_RECOVER},
    {MD_ITEM_DB_ARCHIVE, MD_TOOL_ARCHIVE},   {MD_ITEM_DB_DUMP, MD_TOOL_DUMP},
    {MD_ITEM_CSTOOL, MD_TOOL_PING},          {MD_ITEM_CSSCHEDULE, MD_TOOL_SCHEDULE},
    {MD_ITEM_DBRIG, MD_TOOL_ALARMS},         {MD_ITEM_CSCAPTURE, MD_TOOL_CAPTURE},
    {MD_ITEM_PSTACK, MD_TOOL_STACK},
};

/* One output and the item that it is. */
struct outputs {
    const struct md_item **items;
    size_t n, capacity;
};

struct work {
    struct md_probe_ctx *ctx;
    struct md_calendar_world *world;
    struct md_instance *root;
    struct md_tool_reader *reader;
    const struct md_tool_out *out;
    struct outputs outputs; /* by number, from 1 */
    /* in the order of the source: the last recovery, and what came behind it */
    bool is_recovered, is_verified, is_listed, is_bad;
    int64_t recovered_at;
    const struct md_item *recovery;
};

static struct md_origin origin_at(const struct work *w, struct md_tool_place place, uint64_t count)
{
    struct md_origin origin = {0};

    if (place.output > 0 && place.output <= w->outputs.n)
        origin = md_item_origin(w->outputs.items[place.output - 1], place.line);
    origin.count = count;
    return origin;
}

/* ---- reading ---- */

static uint64_t verdicts(const struct md_tool_out *out, enum md_tool_verdict verdict)
{
    uint64_t n = 0;

    for (size_t i = 0; i < out->n_files; i++)
        n += out->files[i].verdict == verdict;
    return n;
}

static void read_item(struct work *w, const struct md_item *item, enum md_tool tool)
{
    struct md_lines *lines = md_lines_open(w->ctx, item);
    uint64_t recovered = w->out->recover.n;
    struct md_str line;
    uint32_t number;

    if (lines == NULL)
        return;
    *(const struct md_item **)md_arena_push(w->ctx->arena, &w->outputs.items, &w->outputs.n, &w->outputs.capacity,
                                            sizeof *w->outputs.items) = item;
    (void)md_tool_begin(w->reader, tool, md_str(item->command), md_str(item->base), item->exit_code);
    while (md_lines_next(lines, &line, &number))
        md_tool_line(w->reader, line, number);
    md_tool_end(w->reader);
    md_lines_close(&lines);
    if (w->out->recover.n > recovered && tool != MD_TOOL_VERIFY) {
        w->is_recovered = true;
        w->is_verified = w->is_listed = w->is_bad = false;
        w->recovery = item;
    }
    if (w->is_recovered && tool == MD_TOOL_VERIFY)
        w->is_verified = true;
    w->is_listed |= w->is_recovered && tool == MD_TOOL_LIST;
}

/* In the order of the source: by name, then by place in the file. */
static int by_place(const void *a, const void *b)
{
    const struct md_item *x = *(const struct md_item *const *)a, *y = *(const struct md_item *const *)b;
    int order;

    if (x->taken_at != y->taken_at && x->taken_at != MD_TIME_NONE && y->taken_at != MD_TIME_NONE)
        return x->taken_at < y->taken_at ? -1 : 1;
    order = strcmp(x->name, y->name);
    return order != 0 ? order : x->offset < y->offset ? -1 : x->offset > y->offset;
}

static enum md_tool tool_of(enum md_item_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            return kinds[i].tool;
    return MD_TOOL_OTHER;
}

static size_t read_all(struct work *w)
{
    const struct md_item **all = NULL;
    size_t n = 0, capacity = 0;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct md_item *const *items;
        size_t count = md_source_items(w->ctx->source, kinds[k].kind, &items);

        for (size_t i = 0; i < count; i++)
            if (items[i]->status == MD_OK)
                *(const struct md_item **)md_arena_push(w->ctx->arena, &all, &n, &capacity, sizeof *all) = items[i];
    }
    if (n > 1)
        qsort(all, n, sizeof *all, by_place);
    for (size_t i = 0; i < n; i++)
        read_item(w, all[i], tool_of(all[i]->kind));
    return n;
}

/* ---- facts ---- */

static int64_t instant(const struct work *w, int64_t local)
{
    return local == MD_TIME_NONE ? MD_TIME_NONE : md_zone_to_utc(w->ctx->zone, local, NULL);
}

static void set_complaints(const struct work *w, struct md_instance *at, const struct md_tool_file *file)
{
    struct md_count_item items[MD_CALDB_CLASSES_MAX];
    struct md_origin origin = origin_at(w, file->place, file->n_complaints);
    size_t n = 0;

    for (size_t i = 0; i < md_caldb_class_count(w->world->messages); i++)
        if (file->complaints[i] > 0)
            items[n++] = (struct md_count_item){.name = md_str(md_caldb_class_name(w->world->messages, i)),
                                                .count = file->complaints[i],
                                                .origin = origin};
    md_fact_counts(w->ctx->facts, at, "database.verify_classes", items, n, 0, true, &origin);
}

static void set_file(const struct work *w, const struct md_tool_file *file)
{
    struct md_instance *at;
    struct md_origin origin;

    if (file->name.n == 0 && file->n_complaints == 0)
        return;
    /* complaints without a name are about a file of csdb that nobody knows yet */
    at = md_facts_instance(w->ctx->facts, "database", file->name.n > 0 ? file->name : MD_LIT("csdb"), w->root);
    if (file->verdict != MD_TOOL_UNKNOWN) {
        origin = origin_at(w, file->place, 0);
        md_fact_text(w->ctx->facts, at, "database.verify", md_str(file->verdict == MD_TOOL_GOOD ? "ok" : "failed"),
                     &origin);
    }
    if (file->verdict != MD_TOOL_UNKNOWN || file->n_complaints > 0)
        set_complaints(w, at, file);
    if (file->has_keys) {
        origin = origin_at(w, file->keys_place, 0);
        md_fact_number(w->ctx->facts, at, "database.keys", (double)file->keys, &origin);
    }
    if (file->has_pairs) {
        origin = origin_at(w, file->pairs_place, 0);
        md_fact_number(w->ctx->facts, at, "database.dump_pairs", (double)file->pairs, &origin);
    }
}

static bool is_alive(const struct md_calendar_table *table, uint64_t pid)
{
    for (size_t i = 0; i < table->ps.n; i++)
        if (table->ps.rows[i].pid == pid)
            return true;
    return false;
}

/* Who holds a lock and is gone: told only where the lockers' processes were printed and a table shows all processes. */
static void set_locks(const struct work *w)
{
    struct md_calendar_table table;
    bool has_table = md_calendar_process_table(w->ctx, &table) && table.knows_all;
    bool has_pids = false, lacks_pids = false;
    uint64_t dead = 0, waits = 0;
    struct md_origin origin = origin_at(w, w->out->locks_place, 0);

    for (size_t i = 0; i < w->out->n_lockers; i++) {
        const struct md_tool_locker *locker = &w->out->lockers[i];

        waits += locker->waits;
        if (locker->held == 0)
            continue;
        has_pids |= locker->pid > 0;
        lacks_pids |= locker->pid == 0;
        if (has_table && locker->pid > 0 && !is_alive(&table, locker->pid)) {
            dead += locker->held;
            origin = origin_at(w, locker->place, 0);
        }
    }
    if (!w->out->has_locks) {
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_lock_waits", "no list of locks (db_stat -CA, -Co) was found");
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_locks_dead", "no list of locks (db_stat -CA, -Co) was found");
        return;
    }
    md_fact_count(w->ctx->facts, w->root, "host.cal_lock_waits", waits, &origin);
    if (has_table && (dead > 0 || !lacks_pids))
        md_fact_count(w->ctx->facts, w->root, "host.cal_locks_dead", dead, &origin);
    else
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_locks_dead",
                        has_pids ? "no table of all processes says who is alive"
                                 : "the list does not name the processes");
}

static void set_environment(const struct work *w)
{
    const struct md_tool_out *out = w->out;
    struct md_origin origin;

    if (out->has_panic) {
        origin = origin_at(w, out->panic_place, 0);
        md_fact_bool(w->ctx->facts, w->root, "host.cal_stat_panic", out->is_panic, &origin);
    } else {
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_stat_panic", "no output of db_stat -e was found");
    }
    if (out->has_checkpoint && out->checkpoint != MD_TIME_NONE) {
        origin = origin_at(w, out->checkpoint_place, 0);
        md_fact_time(w->ctx->facts, w->root, "host.cal_last_checkpoint", instant(w, out->checkpoint), &origin);
    }
    if (out->has_active) {
        origin = origin_at(w, out->active_place, 0);
        md_fact_count(w->ctx->facts, w->root, "host.cal_active_txn", out->active, &origin);
    }
    if (out->has_deadlocks) {
        origin = origin_at(w, out->deadlocks_place, 0);
        md_fact_count(w->ctx->facts, w->root, "host.cal_deadlocks", out->deadlocks, &origin);
    }
    if (out->library[0] != '\0') {
        origin = origin_at(w, out->library_place, 0);
        md_fact_text(w->ctx->facts, w->root, "host.csdb_bdb_version", md_str(out->library), &origin);
    }
    set_locks(w);
}

static void set_counts(const struct work *w, const char *name, const bool *has, const uint64_t *counts,
                       struct md_tool_place place)
{
    struct md_count_item items[MD_TOOL_COUNTS];
    struct md_origin origin = origin_at(w, place, 0);
    size_t n = 0;

    for (size_t i = 0; i < MD_TOOL_COUNTS; i++)
        if (has[i])
            items[n++] = (struct md_count_item){
                .name = md_str(md_tool_count_name((enum md_tool_count)i)), .count = counts[i], .origin = origin};
    if (n > 0)
        md_fact_counts(w->ctx->facts, w->root, name, items, n, 0, true, &origin);
}

static void set_csdb(const struct work *w)
{
    const struct md_tool_out *out = w->out;
    struct md_origin origin;

    if (out->check.n > 0) {
        origin = origin_at(w, out->check_lines.n > 0 ? out->check_lines.place : out->check.place, out->check_lines.n);
        md_fact_count(w->ctx->facts, w->root, "host.cal_check_lines", out->check_lines.n, &origin);
    } else {
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_check_lines", "no output of csdb check was found");
    }
    if (out->rebuild.n > 0) {
        origin = origin_at(w, out->rebuild.place, 0);
        md_fact_bool(w->ctx->facts, w->root, "host.cal_rebuild_done", out->rebuild_is_last, &origin);
        md_fact_count(w->ctx->facts, w->root, "host.cal_rebuild_copies", out->rebuild.n, &origin);
        set_counts(w, "host.cal_rebuild_counts", out->has_count, out->count, out->rebuild.place);
    } else {
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_rebuild_done", "no output of csdb rebuild was found");
    }
    set_counts(w, "host.cal_snapshot_counts", out->has_listed, out->listed, out->list.place);
}

/* Whether the server was started again after the recovery, by whatever shows it: then what was not done before was left out. */
static bool was_started_after(const struct work *w)
{
    const struct md_fact *start = md_fact_by_name(w->ctx->facts, w->root, "host.cal_last_start");
    const struct md_fact *running = md_fact_by_name(w->ctx->facts, w->root, "host.cal_running");
    const struct md_item *const *items;
    size_t n = md_source_items(w->ctx->source, MD_ITEM_CALENDAR_START, &items);

    for (size_t i = 0; i < n; i++)
        if (strcmp(items[i]->name, w->recovery->name) == 0 && items[i]->offset > w->recovery->offset)
            return true;
    if (w->recovered_at != MD_TIME_NONE && start != NULL && start->is_known && start->value.u.time > w->recovered_at)
        return true;
    return running != NULL && running->is_known && running->value.u.count > 0 && w->recovered_at != MD_TIME_NONE;
}

static void set_recovery(struct work *w)
{
    const struct md_tool_out *out = w->out;
    struct md_origin origin;

    if (out->recover.n == 0) {
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_recovered", "no output of a recovery was found");
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_recover_failed", "no output of a recovery was found");
        md_fact_unknown(w->ctx->facts, w->root, "host.cal_recover_rc", "no output of a recovery was found");
        return;
    }
    origin = origin_at(w, out->recover_failed.n > 0 ? out->recover_failed.place : out->recover.place, 0);
    md_fact_bool(w->ctx->facts, w->root, "host.cal_recover_failed", out->recover_failed.n > 0, &origin);
    if (out->recover_rc >= 0)
        md_fact_number(w->ctx->facts, w->root, "host.cal_recover_rc", out->recover_rc, &origin);
    w->recovered_at = instant(w, out->recover_local);
    if (w->recovered_at == MD_TIME_NONE && w->recovery != NULL)
        w->recovered_at = w->recovery->taken_at;
    if (w->recovered_at == MD_TIME_NONE && out->recover_done.n + (out->recover_rc == 0) > 0)
        w->recovered_at = w->ctx->now; /* at the latest */
    if (w->recovered_at != MD_TIME_NONE && out->recover_failed.n == 0)
        md_fact_time(w->ctx->facts, w->root, "host.cal_recovered", w->recovered_at, &origin);
    if (w->recovery == NULL)
        return;
    if (w->is_verified)
        md_fact_bool(w->ctx->facts, w->root, "host.cal_verified_after_recover", verdicts(out, MD_TOOL_BAD) == 0,
                     &origin);
    else if (was_started_after(w))
        md_fact_bool(w->ctx->facts, w->root, "host.cal_verified_after_recover", false, &origin);
    if (w->is_listed)
        md_fact_bool(w->ctx->facts, w->root, "host.cal_listed_after_recover", true, &origin);
    else if (was_started_after(w))
        md_fact_bool(w->ctx->facts, w->root, "host.cal_listed_after_recover", false, &origin);
}

static void set_product(const struct work *w)
{
    const struct md_tool_out *out = w->out;
    struct md_count_item frames[MD_TOOL_FRAMES];
    struct md_origin origin;
    size_t n = 0;

    if (out->schedule.n > 0) {
        origin = origin_at(w, out->schedule.place, 0);
        md_fact_count(w->ctx->facts, w->root, "host.cal_gse_entries", out->schedule_entries, &origin);
    }
    if (out->ping.n > 0) {
        origin = origin_at(w, out->ping.place, 0);
        md_fact_texts(w->ctx->facts, w->root, "host.cal_ping_failed", out->ping_failed, out->n_ping_failed, &origin);
    }
    if (out->alarms.n > 0) {
        origin = origin_at(w, out->alarms_stop.n > 0 ? out->alarms_stop.place : out->alarms.place, 0);
        md_fact_bool(w->ctx->facts, w->root, "host.cal_alarm_queue_stops", out->alarms_stop.n > 0, &origin);
    }
    for (size_t i = 0; i < MD_TOOL_FRAMES; i++)
        if (out->frames[i].n > 0)
            frames[n++] = (struct md_count_item){.name = md_str(md_tool_frame_name((enum md_tool_frame)i)),
                                                 .count = out->frames[i].n,
                                                 .origin = origin_at(w, out->frames[i].place, out->frames[i].n)};
    if (n > 0)
        md_fact_counts(w->ctx->facts, w->root, "host.cal_stack", frames, n, 0, true, &frames[0].origin);
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct work w = {
        .ctx = ctx, .world = md_calendar_load(ctx), .root = md_facts_root(ctx->facts), .recovered_at = MD_TIME_NONE};
    size_t n;

    if (!w.world->is_there)
        return MD_NOT_FOUND;
    w.reader = md_tool_reader_new(ctx->arena, w.world->messages);
    w.out = md_tool_result(w.reader);
    n = read_all(&w);
    for (size_t i = 0; i < w.out->n_files; i++)
        set_file(&w, &w.out->files[i]);
    if (w.out->is_cut)
        md_diags_add(ctx->diags, MD_NOTE, (struct md_loc){0},
                     "the outputs name more files or lockers than are told apart");
    set_environment(&w);
    set_csdb(&w);
    set_recovery(&w);
    set_product(&w);
    md_calendar_history(ctx);
    return n > 0 ? MD_OK : MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {
    MD_ITEM_SHELL_HISTORY, MD_ITEM_CSDB_VERSION,   MD_ITEM_CSDB_CHECK, MD_ITEM_CSDB_REBUILD, MD_ITEM_CSDB_LIST,
    MD_ITEM_CSDB_RECOVER,  MD_ITEM_DB_VERIFY,      MD_ITEM_DB_STAT,    MD_ITEM_DB_RECOVER,   MD_ITEM_DB_ARCHIVE,
    MD_ITEM_DB_DUMP,       MD_ITEM_CSTOOL,         MD_ITEM_CSSCHEDULE, MD_ITEM_DBRIG,        MD_ITEM_CSCAPTURE,
    MD_ITEM_PSTACK,        MD_ITEM_CALENDAR_START, MD_ITEM_PS,         MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_calendar_tools = {
    .name = "calendar.tools",
    .says = "reads what db_verify, db_stat, db_recover, csdb and other tools printed; runs none of them",
    .cost = MD_COST_FREE,
    .reads = reads,
    .joins = true,
    .run = run,
};
