#include "probes/calendar/processes.h"

#include "engine/base/time.h"
#include "probes/calendar/world.h"
#include "probes/formats/calendar/tool_out.h"
#include "probes/item_text.h"

#define TABLE_MAX (64u << 20)
#define PICKED_MIN 3      /* daemons of the product in a table that was picked for it */
#define LEFT_OVER_S 600.0 /* older than its like by this much: of an earlier start */

static const char *const daemons[] = {
#define MD_DAEMON(name, parameter, is_on, since) name,
#include "probes/calendar/daemon.def"
#undef MD_DAEMON
};

#define DAEMONS (sizeof daemons / sizeof *daemons)

static bool has(struct md_str text, const char *what)
{
    return md_str_find_nocase(text, md_str(what)) >= 0;
}

/* A search whose words all daemons of the product have in common ('cs', 'SUNWics5'), or that names most of them; one for a single daemon says
 * nothing about the others. */
static bool picks_product(struct md_str text)
{
    static const char *const words[] = {"cs", "ics", "icsuser", "ics5", "SUNWics5", "calendar", "cal"};
    size_t named = 0, from = 0;

    for (size_t i = 0; i < DAEMONS; i++)
        named += md_str_find(text, md_str(daemons[i])) >= 0;
    if (named >= 3)
        return true;
    for (size_t i = 0; i <= text.n; i++) {
        struct md_str word = md_str_sub(text, from, i - from);

        if (i < text.n && md_is_alnum(text.p[i]))
            continue;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (md_str_is_nocase(word, words[k]))
                return true;
        from = i + 1;
    }
    return false;
}

static bool is_picked(const struct md_item *item, const struct md_ps *ps)
{
    ptrdiff_t grep = md_str_find(md_str(item->command), MD_LIT("grep "));

    if (grep >= 0)
        return picks_product(md_str_from(md_str(item->command), (size_t)grep));
    for (size_t i = 0; i < ps->n; i++)
        if ((md_str_is(ps->rows[i].program, "grep") || md_str_is(ps->rows[i].program, "egrep")) &&
            picks_product(ps->rows[i].command))
            return true;
    return false;
}

static bool is_better(const struct md_calendar_table *a, const struct md_calendar_table *b)
{
    if (a->knows_all != b->knows_all)
        return a->knows_all;
    return a->taken_at != b->taken_at ? a->taken_at > b->taken_at : a->ps.n > b->ps.n;
}

bool md_calendar_process_table(struct md_probe_ctx *ctx, struct md_calendar_table *ret)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_PS, &items);
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        struct md_calendar_table table = {.item = items[i]};
        struct md_str text;

        if (items[i]->status != MD_OK || !md_item_text(ctx, items[i], TABLE_MAX, &text))
            continue;
        md_ps_parse(ctx->arena, text, &table.ps);
        table.taken_at = items[i]->taken_at != MD_TIME_NONE ? items[i]->taken_at : ctx->now;
        table.knows_all = (table.ps.is_complete && table.ps.bad_lines == 0) || is_picked(items[i], &table.ps);
        if (table.ps.n == 0 && !table.knows_all)
            continue;
        if (!is_any || is_better(&table, ret))
            *ret = table;
        is_any = true;
    }
    return is_any;
}

struct tally {
    uint64_t count, orphans;
    uint64_t pid;
    uint32_t line;
    double cpu_s, oldest, newest; /* ages: the middle of what the table allows */
    double low[16];               /* ages of processes whose parent is init */
    bool has_cpu, has_age;
};

/* Whether a row is of a daemon of this product; -1: no. */
static int daemon_of(struct md_probe_ctx *ctx, const struct md_ps_row *row)
{
    const struct md_fact *product = md_fact_by_name(ctx->facts, md_facts_root(ctx->facts), "host.product");
    struct md_str command = row->command, path = md_str_next_word(&command);
    bool is_ours = has(path, "ics5") || has(path, "calendar") || has(path, "/cal/");
    bool is_alone = product != NULL && product->is_known && md_str_is(product->value.u.text, "calendar");

    for (size_t i = 0; i < DAEMONS; i++) {
        bool is_common = strcmp(daemons[i], "watcher") == 0 || strcmp(daemons[i], "enpd") == 0;

        if (md_str_is(row->program, daemons[i]))
            return is_common && !is_ours && !is_alone ? -1 : (int)i;
    }
    /* "perl /opt/SUNWics5/cal/sbin/csstored.pl": a script before 6.3 */
    return md_str_find(row->command, MD_LIT("/csstored")) >= 0 && !md_str_is(row->program, "grep") &&
                   !md_str_is(row->program, "vi") && !md_str_is(row->program, "tail")
               ? 2
               : -1;
}

static void add_row(struct md_probe_ctx *ctx, const struct md_calendar_table *table, const struct md_ps_row *row,
                    struct tally *tally)
{
    int64_t from, to;
    double age;

    if (tally->count++ == 0) {
        tally->line = row->line;
        tally->pid = row->pid;
    }
    if (row->has_cpu) {
        tally->cpu_s += row->cpu_s;
        tally->has_cpu = true;
    }
    if (!md_ps_start_range(&row->start, table->taken_at, ctx->zone, &from, &to) || ctx->now == MD_TIME_NONE)
        return;
    age = ((double)(ctx->now - to) + (double)(ctx->now - from)) / 2 / (double)MD_SECOND;
    age = age > 0 ? age : 0;
    if (!tally->has_age || age > tally->oldest) {
        tally->oldest = age;
        tally->pid = row->pid;
    }
    if (!tally->has_age || age < tally->newest)
        tally->newest = age;
    tally->has_age = true;
    if (row->has_ppid && row->ppid == 1 && tally->orphans < sizeof tally->low / sizeof *tally->low)
        tally->low[tally->orphans++] = age;
}

/* Processes that init has taken over and that are older than a like one: of an earlier start. Or all that is left where the daemons that are
 * started first are gone. */
static uint64_t count_leftover(const struct tally *tallies, bool knows_all)
{
    uint64_t n = 0, running = 0;
    bool has_first = false;

    for (size_t i = 0; i < DAEMONS; i++) {
        double newest = -1;

        for (size_t k = 0; k < tallies[i].orphans; k++)
            if (newest < 0 || tallies[i].low[k] < newest)
                newest = tallies[i].low[k];
        for (size_t k = 0; k < tallies[i].orphans; k++)
            n += tallies[i].low[k] > newest + LEFT_OVER_S;
        running += tallies[i].count;
        has_first |=
            tallies[i].count > 0 && (strcmp(daemons[i], "enpd") == 0 || strcmp(daemons[i], "csadmind") == 0 ||
                                     strcmp(daemons[i], "watcher") == 0 || strcmp(daemons[i], "csstored") == 0);
    }
    return n == 0 && knows_all && !has_first ? running : n;
}

static void set_daemon(struct md_probe_ctx *ctx, const char *name, const struct md_calendar_table *table,
                       const struct tally *tally)
{
    struct md_instance *at = md_facts_instance(ctx->facts, "process", md_str(name), md_facts_root(ctx->facts));
    struct md_origin origin = md_item_origin(table->item, tally->line);

    md_fact_count(ctx->facts, at, "process.count", tally->count, &origin);
    if (tally->count == 0)
        return;
    if (tally->pid > 0)
        md_fact_count(ctx->facts, at, "process.pid", tally->pid, &origin);
    if (tally->has_age) {
        md_fact_duration(ctx->facts, at, "process.oldest_s", tally->oldest, &origin);
        md_fact_duration(ctx->facts, at, "process.newest_s", tally->newest, &origin);
    }
    if (tally->has_cpu)
        md_fact_duration(ctx->facts, at, "process.cpu_s", tally->cpu_s, &origin);
}

static bool is_expected(struct md_probe_ctx *ctx, const char *name)
{
    const struct md_fact *expected = md_fact_by_name(ctx->facts, md_facts_root(ctx->facts), "host.cal_expected");

    for (size_t i = 0; expected != NULL && expected->is_known && i < expected->value.u.texts.n; i++)
        if (md_str_is(expected->value.u.texts.items[i], name))
            return true;
    return false;
}

/* Which of the two writes checkpoints depends on the version, so both are looked for where it is not known. */
static bool is_needed(const char *name)
{
    return strcmp(name, "csadmind") == 0 || strcmp(name, "csstored") == 0;
}

static void set_absent(struct md_probe_ctx *ctx, const struct md_calendar_table *table, const struct tally *tallies)
{
    const struct md_fact *expected = md_fact_by_name(ctx->facts, md_facts_root(ctx->facts), "host.cal_expected");
    struct md_str names[DAEMONS];
    struct md_origin origin = md_item_origin(table->item, 0);
    size_t n = 0;

    if (expected == NULL || !expected->is_known) {
        md_fact_unknown(ctx->facts, md_facts_root(ctx->facts), "host.cal_absent",
                        "which daemons must run is not known without version and ics.conf");
        return;
    }
    for (size_t i = 0; i < DAEMONS; i++)
        if (tallies[i].count == 0 && is_expected(ctx, daemons[i]))
            names[n++] = md_str(daemons[i]);
    md_fact_texts(ctx->facts, md_facts_root(ctx->facts), "host.cal_absent", names, n, &origin);
}

/* The summary of cscapture, where no table of processes says more. */
static bool set_from_capture(struct md_probe_ctx *ctx, const struct md_calendar_world *world)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_CSCAPTURE, &items);

    for (size_t i = 0; i < n; i++) {
        struct md_tool_reader *reader = md_tool_reader_new(ctx->arena, world->messages);
        const struct md_tool_out *out = md_tool_result(reader);
        struct md_lines *lines = items[i]->status == MD_OK ? md_lines_open(ctx, items[i]) : NULL;
        struct md_origin origin = md_item_origin(items[i], 0);
        struct md_str line;
        uint32_t number;

        (void)md_tool_begin(reader, MD_TOOL_CAPTURE, md_str(""), md_str(""), -1);
        while (lines != NULL && md_lines_next(lines, &line, &number))
            md_tool_line(reader, line, number);
        md_tool_end(reader);
        md_lines_close(&lines);
        if (out->n_not_running == 0 && out->n_running == 0)
            continue;
        for (size_t k = 0; k < out->n_not_running; k++)
            md_fact_count(ctx->facts,
                          md_facts_instance(ctx->facts, "process", out->not_running[k], md_facts_root(ctx->facts)),
                          "process.count", 0, &origin);
        md_fact_texts(ctx->facts, md_facts_root(ctx->facts), "host.cal_absent", out->not_running, out->n_not_running,
                      &origin);
        md_fact_count(ctx->facts, md_facts_root(ctx->facts), "host.cal_running", out->n_running, &origin);
        return true;
    }
    return false;
}

static void set_unknown(struct md_probe_ctx *ctx, const char *why)
{
    static const char *const names[] = {"host.cal_running", "host.cal_absent", "host.cal_leftover"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        md_fact_unknown(ctx->facts, md_facts_root(ctx->facts), names[i], why);
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct md_calendar_world *world = md_calendar_load(ctx);
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_calendar_table table;
    struct tally tallies[DAEMONS] = {{0}};
    struct md_origin origin;
    uint64_t running = 0;

    if (!world->is_there)
        return MD_NOT_FOUND;
    if (!md_calendar_process_table(ctx, &table)) {
        if (set_from_capture(ctx, world))
            return MD_OK;
        set_unknown(ctx, "no process table of this host was found");
        return MD_NOT_FOUND;
    }
    for (size_t i = 0; i < table.ps.n; i++) {
        int index = daemon_of(ctx, &table.ps.rows[i]);

        if (index >= 0)
            add_row(ctx, &table, &table.ps.rows[i], &tallies[index]);
    }
    for (size_t i = 0; i < DAEMONS; i++) {
        running += tallies[i].count > 0;
    }
    /* Rows of several daemons were picked for the product, whatever the search was. */
    table.knows_all |= running >= PICKED_MIN;
    for (size_t i = 0; i < DAEMONS; i++) {
        if (tallies[i].count > 0 || (table.knows_all && (is_expected(ctx, daemons[i]) || is_needed(daemons[i]))))
            set_daemon(ctx, daemons[i], &table, &tallies[i]);
    }
    origin = md_item_origin(table.item, 0);
    if (!table.knows_all) {
        set_unknown(ctx, "the process table is not complete");
        return MD_OK;
    }
    md_fact_count(ctx->facts, root, "host.cal_running", running, &origin);
    md_fact_count(ctx->facts, root, "host.cal_leftover", count_leftover(tallies, table.knows_all), &origin);
    set_absent(ctx, &table, tallies);
    return MD_OK;
}

static const enum md_item_kind reads[] = {MD_ITEM_PS, MD_ITEM_CSCAPTURE, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_calendar_processes = {
    .name = "calendar.processes",
    .says = "counts the daemons of Calendar Server that run, and names those that must and do not",
    .cost = MD_COST_FREE,
    .reads = reads,
    .joins = true,
    .run = run,
};
