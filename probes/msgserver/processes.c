#include "probes/msgserver/processes.h"

#include <math.h>

#include "engine/base/time.h"
#include "probes/formats/system/ps.h"
#include "probes/item_text.h"
#include "probes/msgserver/instances.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/program.h"
#include "probes/msgserver/world.h"

#define TABLE_MAX (64u << 20)
#define BUSY_PCT 80.0
#define BUSY_AGE_MIN_S 60.0

/* One table and what it can say. */
struct table {
    const struct md_item *item;
    struct md_ps ps;
    int64_t taken_at;
    bool knows_all; /* every process of the product */
    bool knows_mta; /* every process of the MTA */
};

/* What a table says about one program. */
struct tally {
    uint64_t count, over_life;
    double cpu_s, oldest_cpu_s;
    bool has_cpu, has_age;
    double oldest_low, oldest_high, newest_low, newest_high; /* ages in seconds */
    uint32_t line;                                           /* of the first */
    uint64_t pid;                                            /* of the oldest, else of the first */
    bool lacks_age;                                          /* of one of them it is not known */
};

/* Whether a text that was searched for is one that all processes of the product have in common. */
static bool names_product(struct md_str text)
{
    static const char *const words[] = {"SUNWmsgsr", "messaging", "mailsrv", "msgsr", "inetuser", "iplanet", "msg-"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (md_str_find_nocase(text, md_str(words[i])) >= 0)
            return true;
    }
    return false;
}

/* Rows picked by `grep` for the product are all of the product, not of the host: its command line tells, or the row of grep itself. */
static bool is_picked_for_product(const struct md_item *item, const struct md_ps *ps)
{
    struct md_str command = md_str(item->command);
    ptrdiff_t grep = md_str_find(command, MD_LIT("grep "));

    if (grep >= 0 && ps->n > 0)
        return names_product(md_str_from(command, (size_t)grep));
    for (size_t i = 0; i < ps->n; i++) {
        struct md_str program = ps->rows[i].program;

        if ((md_str_is(program, "grep") || md_str_is(program, "egrep")) && names_product(ps->rows[i].command))
            return true;
    }
    return false;
}

/* Of a kind of item the table that says most: the most complete, then the newest, then the longest. */
static bool is_better(const struct table *a, const struct table *b)
{
    if (a->knows_all != b->knows_all)
        return a->knows_all;
    if (a->taken_at != b->taken_at)
        return a->taken_at > b->taken_at;
    return a->ps.n > b->ps.n;
}

static bool find_table(struct md_probe_ctx *ctx, enum md_item_kind kind, struct table *ret)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, kind, &items);
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        struct table table = {.item = items[i]};
        struct md_str text;

        if (!md_item_text(ctx, items[i], TABLE_MAX, &text))
            continue;
        md_ps_parse(ctx->arena, text, &table.ps);
        table.taken_at = items[i]->taken_at != MD_TIME_NONE ? items[i]->taken_at : ctx->now;
        if (table.ps.bad_lines > 0) {
            struct md_loc loc = md_item_loc(items[i], table.ps.first_bad);

            md_diags_add(ctx->diags, MD_WARNING, loc, "%u lines are no rows of the process table",
                         (unsigned)table.ps.bad_lines);
        }
        if (kind == MD_ITEM_IMSIMTA_PROCESS) {
            /* A recorded command that printed nothing says that nothing runs; a pasted text must at least show its
             * heading. Of rows that mostly were not understood, each may be the process that is missed; a line behind the
             * table may be anything. */
            table.knows_mta =
                table.ps.bad_lines <= table.ps.n + 1 &&
                (table.ps.has_heading || table.ps.n > 0 || (items[i]->command != NULL && items[i]->exit_code == 0));
            table.knows_all = table.ps.is_complete;
        } else {
            table.knows_all =
                (table.ps.is_complete && table.ps.bad_lines == 0) || is_picked_for_product(items[i], &table.ps);
            table.knows_mta = table.knows_all;
        }
        if (table.ps.n == 0 && !table.knows_mta)
            continue;
        if (!is_any || is_better(&table, ret))
            *ret = table;
        is_any = true;
    }
    return is_any;
}

/* Share of one processor that a process uses, in per cent, NAN where the table does not say. */
static double busy_pct(const struct md_ps_row *row, double age_low, double age_high)
{
    if (row->has_pcpu)
        return row->pcpu;
    if (row->has_cpu && age_low >= BUSY_AGE_MIN_S)
        return 100.0 * row->cpu_s / age_high;
    return (double)NAN;
}

static void add_row(struct md_probe_ctx *ctx, const struct table *table, const struct md_ps_row *row, double life_s,
                    struct tally *tally, bool *ret_busy, bool *ret_busy_known)
{
    int64_t from, to;
    double low = 0, high = 0, busy;
    bool has_age = md_ps_start_range(&row->start, table->taken_at, ctx->zone, &from, &to);

    if (has_age) {
        low = to < ctx->now ? (double)(ctx->now - to) / (double)MD_SECOND : 0;
        high = from < ctx->now ? (double)(ctx->now - from) / (double)MD_SECOND : 0;
    }
    if (tally->count++ == 0) {
        tally->line = row->line;
        tally->pid = row->pid;
    }
    if (row->has_cpu) {
        tally->cpu_s += row->cpu_s;
        tally->has_cpu = true;
    }
    busy = busy_pct(row, low, high > 0 ? high : 1);
    *ret_busy_known = *ret_busy_known || !isnan(busy);
    *ret_busy = !isnan(busy) && busy >= BUSY_PCT;
    if (!has_age) {
        tally->lacks_age = true;
        return;
    }
    if (!tally->has_age || high > tally->oldest_high) {
        tally->oldest_low = low;
        tally->oldest_high = high;
        tally->pid = row->pid;
        tally->oldest_cpu_s = row->has_cpu ? row->cpu_s : (double)NAN;
    }
    if (!tally->has_age || low < tally->newest_low) {
        tally->newest_low = low;
        tally->newest_high = high;
    }
    tally->has_age = true;
    if (life_s > 0 && low > 3 * life_s + 3600)
        tally->over_life++;
}

/* Counts the rows of a table per program; `tallies` has md_program_count() elements. */
static uint64_t tally_rows(struct md_probe_ctx *ctx, const struct table *table, double life_s, struct tally *tallies,
                           bool *ret_busy_known)
{
    uint64_t busy = 0;

    *ret_busy_known = false;
    for (size_t i = 0; i < table->ps.n; i++) {
        const struct md_ps_row *row = &table->ps.rows[i];
        const struct md_program *program = md_program_of_process(row->program, row->command);
        bool is_busy = false;

        if (program == NULL)
            continue;
        add_row(ctx, table, row, program->role == MD_PROGRAM_WORKER ? life_s : 0, &tallies[md_program_index(program)],
                &is_busy, ret_busy_known);
        busy += is_busy;
    }
    return busy;
}

/* An age between two bounds: the middle, and the bounds where they differ. */
static void set_age(struct md_facts *facts, struct md_instance *at, const char *name, double low, double high,
                    const struct md_origin *origin)
{
    struct md_fact *fact = md_fact_duration(facts, at, name, (low + high) / 2, origin);

    if (high - low > 1)
        md_fact_bounds(fact, low, high);
}

static void set_details(struct md_probe_ctx *ctx, struct md_instance *at, const struct md_program *program,
                        const struct tally *tally, double life_s, const struct md_origin *origin)
{
    static const char no_start[] = "the process table does not say when it started";
    static const char no_pid[] = "the process table has no process numbers";
    static const char no_cpu[] = "the process table does not say how much processor time it used";
    struct md_facts *facts = ctx->facts;

    if (tally->has_age && !tally->lacks_age) {
        set_age(facts, at, "process.oldest_s", tally->oldest_low, tally->oldest_high, origin);
        set_age(facts, at, "process.newest_s", tally->newest_low, tally->newest_high, origin);
        if (isnan(tally->oldest_cpu_s))
            md_fact_unknown(facts, at, "process.oldest_cpu_s", no_cpu);
        else
            md_fact_duration(facts, at, "process.oldest_cpu_s", tally->oldest_cpu_s, origin);
    } else {
        md_fact_unknown(facts, at, "process.oldest_s", no_start);
        md_fact_unknown(facts, at, "process.newest_s", no_start);
        md_fact_unknown(facts, at, "process.oldest_cpu_s", no_start);
    }
    if (tally->pid > 0 && (tally->count == 1 || (tally->has_age && !tally->lacks_age)))
        md_fact_count(facts, at, "process.pid", tally->pid, origin);
    else
        md_fact_unknown(facts, at, "process.pid", tally->pid > 0 ? no_start : no_pid);
    if (tally->has_cpu)
        md_fact_duration(facts, at, "process.cpu_s", tally->cpu_s, origin);
    else
        md_fact_unknown(facts, at, "process.cpu_s", no_cpu);
    if (program->role != MD_PROGRAM_WORKER)
        return;
    if (life_s <= 0)
        md_fact_unknown(facts, at, "process.over_life", "MAX_LIFE_AGE is not known");
    else if (tally->lacks_age)
        md_fact_unknown(facts, at, "process.over_life", no_start);
    else
        md_fact_count(facts, at, "process.over_life", tally->over_life, origin);
}

struct view {
    struct table table;
    struct tally *tallies;
    bool is_there;
};

/* One program as two tables see it: `ps` first, `imsimta process` for what it lacks and as a second count. */
static void set_program(struct md_probe_ctx *ctx, const struct md_program *program, const struct view *ps,
                        const struct view *mta, double life_s)
{
    static const char none[] = "no process table of this host was found";
    static const char partial[] = "the process table is not complete";
    size_t index = md_program_index(program);
    struct md_instance *root = md_facts_root(ctx->facts);
    bool ps_says = ps->is_there && (ps->table.knows_all || ps->tallies[index].count > 0);
    bool mta_says = mta->is_there && program->is_mta && (mta->table.knows_mta || mta->tallies[index].count > 0);
    const struct view *view = ps_says ? ps : mta;
    const struct tally *tally;
    struct md_instance *at;
    struct md_origin origin;
    struct md_fact *fact;

    if (!ps_says && !mta_says) {
        if (!program->is_always)
            return;
        at = md_facts_instance(ctx->facts, "process", md_str(program->name), root);
        md_fact_unknown(ctx->facts, at, "process.count", ps->is_there || mta->is_there ? partial : none);
        return;
    }
    tally = &view->tallies[index];
    if (tally->count == 0 && !program->is_always)
        return;
    at = md_facts_instance(ctx->facts, "process", md_str(program->name), root);
    origin = md_item_origin(view->table.item, tally->line);
    fact = md_fact_count(ctx->facts, at, "process.count", tally->count, &origin);
    if (tally->count > 0)
        set_details(ctx, at, program, tally, life_s, &origin);
    if (ps_says && mta_says) {
        uint64_t other = mta->tallies[index].count;
        struct md_origin second = md_item_origin(mta->table.item, mta->tallies[index].line);

        md_fact_origin(ctx->facts, fact, &second);
        if (other != tally->count)
            md_fact_bounds(fact, (double)(other < tally->count ? other : tally->count),
                           (double)(other < tally->count ? tally->count : other));
    }
}

/* The program that works on a channel: as configured ("IMTA_BIN:ims_master", "/opt/.../lib/ims_master"), else the usual one. */
static const struct md_program *program_of_channel(struct md_probe_ctx *ctx, const struct md_instance *channel)
{
    const struct md_mta_config *config = ctx->msgserver != NULL ? ctx->msgserver->config : NULL;
    const struct md_mta_class *class = config != NULL ? md_mta_config_class_for(config, channel->name) : NULL;
    const struct md_program *program = NULL;

    if (class != NULL && class->master.value.n > 0) {
        struct md_str name = md_ps_program(class->master.value);
        ptrdiff_t colon = md_str_rfind_char(name, ':');

        program = md_program_find(md_str_from(name, (size_t)(colon + 1)));
    }
    return program != NULL ? program : md_program_of_channel(channel->name);
}

static void set_channels(struct md_probe_ctx *ctx, const struct view *ps, const struct view *mta)
{
    const struct view *whole = ps->is_there && ps->table.knows_all     ? ps
                               : mta->is_there && mta->table.knows_mta ? mta
                                                                       : NULL;
    const struct md_scope_def *scope = md_catalogue_scope(md_facts_catalogue(ctx->facts), MD_LIT("process"));
    struct md_instance *root = md_facts_root(ctx->facts);

    for (struct md_instance *at = NULL; (at = md_instances_next(root, "channel", at)) != NULL;) {
        const struct md_program *program;
        const struct md_instance *process = NULL;
        const struct md_fact *count = NULL;

        program = program_of_channel(ctx, at);
        if (program != NULL)
            process = md_facts_find_instance(ctx->facts, scope, md_str(program->name), root);
        if (process != NULL)
            count = md_fact_by_name(ctx->facts, process, "process.count");
        if (program == NULL) {
            md_fact_unknown(ctx->facts, at, "channel.workers", "the program of this channel is not known");
        } else if (count == NULL && whole != NULL && (whole == ps || program->is_mta)) {
            struct md_origin origin = md_item_origin(whole->table.item, 0);

            md_fact_count(ctx->facts, at, "channel.workers", 0, &origin);
        } else if (count == NULL || !count->is_known) {
            md_fact_unknown(ctx->facts, at, "channel.workers",
                            count != NULL && count->why != NULL ? count->why
                                                                : "its program is not in the process table");
        } else {
            md_fact_count(ctx->facts, at, "channel.workers", count->value.u.count,
                          count->n_origins > 0 ? &count->origins[0] : NULL);
        }
    }
}

static double max_life_s(const struct md_probe_ctx *ctx)
{
    const struct md_fact *fact = md_fact_by_name(ctx->facts, md_facts_root(ctx->facts), "host.jc_max_life_s");

    return fact != NULL && fact->is_known ? fact->value.u.number : 0;
}

void md_processes_numbers(struct md_probe_ctx *ctx, struct md_process_numbers *ret)
{
    static const enum md_item_kind kinds[] = {MD_ITEM_PS, MD_ITEM_IMSIMTA_PROCESS};
    struct md_process_numbers numbers = {.n = 0};

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && !numbers.is_complete; k++) {
        struct table table;
        uint64_t *pids;

        if (!find_table(ctx, kinds[k], &table))
            continue;
        pids = md_arena_array(ctx->arena, table.ps.n + 1, sizeof *pids);
        for (size_t i = 0; i < table.ps.n; i++)
            pids[i] = table.ps.rows[i].pid;
        numbers = (struct md_process_numbers){pids, table.ps.n, table.knows_all || table.knows_mta};
    }
    *ret = numbers;
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct view ps = {.is_there = false};
    struct view mta = {.is_there = false};
    struct md_instance *root = md_facts_root(ctx->facts);
    double life_s = max_life_s(ctx);
    bool busy_known = false, mta_busy_known = false;
    uint64_t busy = 0, mta_busy = 0;

    ps.tallies = md_arena_array(ctx->arena, md_program_count(), sizeof *ps.tallies);
    mta.tallies = md_arena_array(ctx->arena, md_program_count(), sizeof *mta.tallies);
    ps.is_there = find_table(ctx, MD_ITEM_PS, &ps.table);
    mta.is_there = find_table(ctx, MD_ITEM_IMSIMTA_PROCESS, &mta.table);
    if (ps.is_there)
        busy = tally_rows(ctx, &ps.table, life_s, ps.tallies, &busy_known);
    if (mta.is_there)
        mta_busy = tally_rows(ctx, &mta.table, life_s, mta.tallies, &mta_busy_known);

    for (size_t i = 0; i < md_program_count(); i++)
        set_program(ctx, md_program_at(i), &ps, &mta, life_s);
    set_channels(ctx, &ps, &mta);

    if (ps.is_there && ps.table.knows_all) {
        struct md_origin origin = md_item_origin(ps.table.item, 0);

        md_fact_bool(ctx->facts, root, "host.processes_seen", true, &origin);
    } else {
        struct md_origin origin = {0};

        if (ps.is_there || mta.is_there) {
            origin = md_item_origin(ps.is_there ? ps.table.item : mta.table.item, 0);
            md_fact_bool(ctx->facts, root, "host.processes_seen", false, &origin);
        } else {
            md_fact_bool(ctx->facts, root, "host.processes_seen", false, NULL);
        }
    }
    if (busy_known || mta_busy_known) {
        struct md_origin origin = md_item_origin(busy_known ? ps.table.item : mta.table.item, 0);

        md_fact_count(ctx->facts, root, "host.busy_processes", busy_known ? busy : mta_busy, &origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.busy_processes",
                        "no process table says how much processor time the product uses");
    }
    return ps.is_there || mta.is_there ? MD_OK : MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {MD_ITEM_PS, MD_ITEM_IMSIMTA_PROCESS, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_msgserver_processes = {
    .name = "msgserver.processes",
    .says = "counts the programs of the product that run, with age and processor time",
    .cost = MD_COST_FREE,
    .reads = reads,
    .run = run,
};
