/*
 * probes/calendar/logs: what the logs of Calendar Server say: messages of the database library and the first of the last incident, starts,
 * crashes, backups, connections to back ends.
 *
 * Reads the logs of the daemons and the tools (there are two admin.log: one of the folder of logs, one of csdb), start.log, notices to the
 * administrator, text with messages of the library, the watcher's log and the system's. Counts are of the window of the run, what cannot be
 * dated included; the incident is the last one, of whatever age.
 */
#include "engine/base/time.h"
#include "probes/calendar/log_tally.h"
#include "probes/calendar/world.h"
#include "probes/formats/common/clock.h"
#include "probes/item_text.h"
#include "probes/probe.h"

#define CLEAN_STOP_WITHIN (15 * MD_MINUTE)

typedef void read_log_fn(struct md_probe_ctx *ctx, struct md_callog *log, const struct md_item *item, bool is_newest);

static bool has(struct md_str text, const char *what)
{
    return md_str_find_nocase(text, md_str(what)) >= 0;
}

static void read_server_log(struct md_probe_ctx *ctx, struct md_callog *log, const struct md_item *item, bool is_newest)
{
    struct md_lines *lines = md_lines_open(ctx, item);
    uint32_t number, bad = 0, first_bad = 0;
    struct md_str line;

    (void)is_newest;
    if (lines == NULL)
        return;
    if (log->first_of == NULL)
        log->first_of = item; /* an empty log says that there is nothing, too */
    while (md_lines_next(lines, &line, &number))
        if (!md_callog_event(log, line, item, number) && bad++ == 0)
            first_bad = number;
    if (bad > 0)
        md_diags_add(ctx->diags, MD_WARNING, md_item_loc(item, first_bad), "%u lines are no lines of a server log",
                     (unsigned)bad);
    md_lines_close(&lines);
}

/* A notice has its date in its heading, other text has none; what lies in a file of known age is not younger than that. */
static void read_text(struct md_probe_ctx *ctx, struct md_callog *log, const struct md_item *item, bool is_newest)
{
    struct md_lines *lines = md_lines_open(ctx, item);
    int64_t at = MD_TIME_NONE;
    struct md_str line;
    uint32_t number;

    (void)is_newest;
    if (lines == NULL)
        return;
    while (md_lines_next(lines, &line, &number)) {
        struct md_str rest = line;

        if (md_str_skip_prefix(&rest, MD_LIT("Date:"))) {
            rest = md_str_trim(rest);
            if (md_clock_read_rfc822(&rest, &at) != MD_OK)
                at = MD_TIME_NONE;
        } else {
            md_callog_text(log, line, at, item, number);
        }
    }
    md_lines_close(&lines);
}

static bool has_complaint(const struct md_callog *log)
{
    for (size_t i = 0; i < log->n_events; i++)
        if (log->events[i].what == MD_CALLOG_MESSAGE && !log->events[i].is_quiet)
            return true;
    return false;
}

/* What a recovery complained of is a message of the library; where it complained of nothing, that says nothing of the daemons. */
static void read_recovery(struct md_probe_ctx *ctx, struct md_callog *log, const struct md_item *item, bool is_newest)
{
    const struct md_item *first = log->first_of;

    read_text(ctx, log, item, is_newest);
    if (first == NULL && !has_complaint(log))
        log->first_of = NULL;
}

/* Most lines of the watcher have no time; those behind the last one that has are at least as late. */
static void read_watcher(struct md_probe_ctx *ctx, struct md_callog *log, const struct md_item *item, bool is_newest)
{
    struct md_lines *lines = md_lines_open(ctx, item);
    int64_t at = MD_TIME_NONE;
    struct md_str line;
    uint32_t number;

    if (lines == NULL)
        return;
    while (md_lines_next(lines, &line, &number)) {
        struct md_watcher_line event;

        md_watcher_parse(line, &event);
        if (event.has_time)
            at = event.has_offset ? event.local - event.offset_s * MD_SECOND
                                  : md_zone_to_utc(ctx->zone, event.local, NULL);
        if (event.kind == MD_WATCHER_EXIT || event.kind == MD_WATCHER_GIVE_UP)
            md_callog_note(log, MD_CALLOG_CRASH, event.program, at != MD_TIME_NONE || !is_newest ? at : item->mtime,
                           item, number);
        else if (event.kind == MD_WATCHER_BEGIN)
            md_callog_note(log, MD_CALLOG_START, event.program, at, item, number);
        else /* in the layout of the other logs, with their words */
            (void)md_callog_event(log, line, item, number);
    }
    md_lines_close(&lines);
}

static bool names_daemon(struct md_str line)
{
    static const char *const names[] = {"cshttpd", "csadmind", "csstored", "csnotifyd", "csdwpd", "enpd"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_find(line, md_str(names[i])) >= 0)
            return true;
    return false;
}

/* A host that boots without having been shut down lost power or crashed. */
static void read_system_log(struct md_probe_ctx *ctx, struct md_callog *log, const struct md_item *item, bool is_newest)
{
    static const char *const boots[] = {"SunOS Release ", "kernel: Linux version "};
    static const char *const stops[] = {
        "going down on signal 15", "exiting on signal 15", "shutdown", "rebooted by", "halted by",
        "syncing file systems",    "Stopped target"};
    static const char *const kills[] = {"Killed process", "exited on signal", "core dumped", "segfault at"};
    struct md_lines *lines = md_lines_open(ctx, item);
    int64_t stop = MD_TIME_NONE;
    bool seen_before = false;
    struct md_str line;
    uint32_t number;

    (void)is_newest;
    if (lines == NULL)
        return;
    while (md_lines_next(lines, &line, &number)) {
        int64_t at = md_syslog_time(ctx, line);
        bool is_boot = false, is_kill = false;

        for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
            if (has(line, stops[i]))
                stop = at;
        for (size_t i = 0; i < sizeof boots / sizeof *boots; i++)
            is_boot |= md_str_find(line, md_str(boots[i])) >= 0;
        for (size_t i = 0; i < sizeof kills / sizeof *kills; i++)
            is_kill |= has(line, kills[i]);
        if ((is_boot && seen_before && (stop == MD_TIME_NONE || at == MD_TIME_NONE || at - stop > CLEAN_STOP_WITHIN)) ||
            has(line, "reboot after panic"))
            md_callog_note(log, MD_CALLOG_CRASH, md_str(""), at, item, number);
        else if (is_kill && names_daemon(line))
            md_callog_note(log, MD_CALLOG_CRASH, md_str(""), at, item, number);
        seen_before = true;
    }
    md_lines_close(&lines);
}

/* ---- start.log ---- */

struct start {
    uint32_t up, down; /* sets of daemons, by bit */
    uint32_t last;     /* the daemon of the last line */
    const struct md_item *item;
    uint32_t line;
};

static bool says_failure(struct md_str line)
{
    static const char *const words[] = {"fail",          "unable", "cannot",    "could not",   "error",  "not started",
                                        "did not start", "died",   "timed out", "not running", "exited", "aborted"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (has(line, words[i]))
            return true;
    return false;
}

static void read_start_line(struct start *start, struct md_str line, const struct md_item *item, uint32_t number)
{
    static const char *const names[] = {
#define MD_DAEMON(name, parameter, is_on, since) name,
#include "probes/calendar/daemon.def"
#undef MD_DAEMON
    };
    bool is_failure = says_failure(line);
    bool is_start =
        has(line, "start") || has(line, "running") || has(line, " up") || has(line, "ok") || has(line, "pid");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        uint32_t bit = UINT32_C(1) << i;

        if (!has(line, names[i]) || has(line, "stop") || (!is_failure && !is_start))
            continue;
        /* The next start begins with a daemon that was named before: what the start before said is over. */
        if (((start->up | start->down) & bit) != 0 && start->last != bit)
            *start = (struct start){.item = NULL};
        start->last = bit;
        if (is_failure) {
            start->down |= bit;
            start->up &= ~bit;
        } else {
            start->up |= bit;
            start->down &= ~bit;
        }
        if (is_failure || start->item == NULL) {
            start->item = item;
            start->line = number;
        }
    }
}

/* What start-cal said, without what stop-cal did; in the layout of the other logs, a start.log is told from them by its name. */
static bool is_start_text(const struct md_item *item)
{
    if (item->kind == MD_ITEM_CALENDAR_LOG)
        return md_str_has_prefix(md_str(item->base), MD_LIT("start"));
    return md_str_find(md_str(item->base), MD_LIT("stop")) < 0 &&
           md_str_find(md_str(item->command), MD_LIT("stop-cal")) < 0;
}

static bool read_start_items(struct md_probe_ctx *ctx, enum md_item_kind kind, struct md_callog *log,
                             struct start *start)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, kind, &items);
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        struct md_lines *lines;
        struct md_str line;
        uint32_t number;

        if (!is_start_text(items[i]) || (lines = md_lines_open(ctx, items[i])) == NULL)
            continue;
        md_callog_begin(log);
        while (md_lines_next(lines, &line, &number)) {
            read_start_line(start, line, items[i], number);
            if (kind == MD_ITEM_CALENDAR_START)
                (void)md_callog_event(log, line, items[i], number);
        }
        is_any |= start->up != 0 || start->down != 0;
        if (kind == MD_ITEM_CALENDAR_START && i + 1 == n && (start->up != 0 || start->down != 0))
            md_callog_note(log, MD_CALLOG_START, md_str(""),
                           items[i]->taken_at != MD_TIME_NONE ? items[i]->taken_at : items[i]->mtime, items[i], 0);
        md_lines_close(&lines);
    }
    return is_any;
}

static bool read_starts(struct md_probe_ctx *ctx, struct md_callog *log, struct start *start)
{
    bool is_log = read_start_items(ctx, MD_ITEM_CALENDAR_LOG, log, start); /* rolled files come before the last one */

    return read_start_items(ctx, MD_ITEM_CALENDAR_START, log, start) || is_log;
}

/* ---- facts ---- */

static struct md_origin origin_of(const struct md_callog_lines *lines)
{
    struct md_origin origin = md_item_origin(lines->item, lines->line);

    origin.count = lines->n;
    return origin;
}

static const char no_log[] = "no log of Calendar Server was found";

struct setter {
    struct md_probe_ctx *ctx;
    const struct md_callog *log;
    struct md_instance *root;
};

static void set_lines(const struct setter *s, struct md_instance *at, const char *name,
                      const struct md_callog_lines *lines)
{
    struct md_origin origin;

    if (lines->n == 0 && s->log->first_of == NULL) {
        md_fact_unknown(s->ctx->facts, at, name, no_log);
        return;
    }
    origin = lines->n > 0 ? origin_of(lines) : md_item_origin(s->log->first_of, 0);
    md_fact_count(s->ctx->facts, at, name, lines->n, &origin);
}

static void set_last(const struct setter *s, const char *name, const struct md_callog_lines *lines)
{
    struct md_origin origin;

    if (lines->last_item != NULL) {
        origin = md_item_origin(lines->last_item, lines->last_line);
        md_fact_time(s->ctx->facts, s->root, name, lines->last, &origin);
    } else if (lines->is_undated && lines->item != NULL && s->ctx->now != MD_TIME_NONE) {
        /* A notice without a date: somebody sent it because it concerns now. */
        origin = origin_of(lines);
        md_fact_time(s->ctx->facts, s->root, name, s->ctx->now, &origin);
    } else {
        md_fact_unknown(s->ctx->facts, s->root, name,
                        s->log->first_of != NULL ? "nothing in the logs says so" : no_log);
    }
}

static void set_classes(const struct setter *s, struct md_instance *at, const char *name,
                        const struct md_callog_lines *classes)
{
    struct md_count_item items[MD_CALDB_CLASSES_MAX];
    struct md_origin origin = s->log->first_of != NULL ? md_item_origin(s->log->first_of, 0) : (struct md_origin){0};
    size_t n = 0;

    for (size_t i = 0; i < md_caldb_class_count(s->log->table); i++) {
        if (classes[i].n == 0)
            continue;
        items[n] = (struct md_count_item){.name = md_str(md_caldb_class_name(s->log->table, i)),
                                          .count = classes[i].n,
                                          .origin = origin_of(&classes[i])};
        if (n == 0 || classes[i].n > origin.count)
            origin = items[n].origin;
        n++;
    }
    md_fact_counts(s->ctx->facts, at, name, items, n, 0, true, s->log->first_of != NULL || n > 0 ? &origin : NULL);
}

static void set_errors(const struct setter *s)
{
    struct md_count_item items[MD_CALLOG_ERRORS_MAX];
    size_t n = 0;

    for (size_t i = 0; i < s->log->n_errors; i++)
        if (s->log->errors[i].lines.n > 0)
            items[n++] = (struct md_count_item){.name = md_str(s->log->errors[i].name),
                                                .count = s->log->errors[i].lines.n,
                                                .origin = origin_of(&s->log->errors[i].lines)};
    md_fact_counts(s->ctx->facts, s->root, "host.cal_errnos", items, n, 0, true, n > 0 ? &items[0].origin : NULL);
}

static void set_time(const struct setter *s, const char *name, const struct md_callog_event *event, const char *why)
{
    struct md_origin origin;

    if (event == NULL || event->at == MD_TIME_NONE) {
        md_fact_unknown(s->ctx->facts, s->root, name, event != NULL ? "the line that says it has no time" : why);
        return;
    }
    origin = md_item_origin(event->item, event->line);
    md_fact_time(s->ctx->facts, s->root, name, event->at, &origin);
}

static void set_incident(const struct setter *s, const struct md_callog_incident *incident)
{
    static const char no_message[] = "the logs hold no message of the database library";
    const struct md_callog_event *cause = incident->first_cause;

    set_time(s, "host.cal_panic", incident->panic, "the logs show no panic");
    set_time(s, "host.cal_first_cause_at", cause, no_message);
    set_time(s, "host.cal_crash", incident->crash, "nothing shows a crash");
    set_time(s, "host.cal_last_start", incident->start, "the logs show no start");
    set_time(s, "host.cal_tool_run", incident->tool_run, "nothing shows that a tool ran while daemons were up");
    if (cause != NULL) {
        struct md_origin origin = md_item_origin(cause->item, cause->line);

        md_fact_text(s->ctx->facts, s->root, "host.cal_first_cause",
                     md_str(md_caldb_class_name(s->log->table, (size_t)cause->class_index)), &origin);
        if (cause->program >= 0)
            md_fact_text(s->ctx->facts, s->root, "host.cal_first_process", s->log->programs[cause->program].name,
                         &origin);
        return;
    }
    md_fact_unknown(s->ctx->facts, s->root, "host.cal_first_cause",
                    incident->panic != NULL ? "only the panic itself was logged" : no_message);
    md_fact_unknown(s->ctx->facts, s->root, "host.cal_first_process", no_message);
}

/* Classes that speak of the inside of one file, whether they name it or not. */
static bool is_of_a_file(const char *class)
{
    static const char *const names[] = {"page_damage", "page_zeroed", "meta_damage",
                                        "truncated",   "tree_logic",  "old_format"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(class, names[i]) == 0)
            return true;
    return false;
}

static bool has_any(const struct setter *s, const struct md_callog_lines *classes)
{
    for (size_t i = 0; i < md_caldb_class_count(s->log->table); i++)
        if (classes[i].n > 0 && is_of_a_file(md_caldb_class_name(s->log->table, i)))
            return true;
    return false;
}

/* Where no file is named at all, what is damaged is a file of csdb that nobody knows yet. */
static void set_unnamed(const struct setter *s)
{
    struct md_callog_lines classes[MD_CALDB_CLASSES_MAX] = {0};

    for (size_t i = 0; i < md_caldb_class_count(s->log->table); i++)
        if (is_of_a_file(md_caldb_class_name(s->log->table, i)))
            classes[i] = s->log->unnamed[i];
    if (has_any(s, classes))
        set_classes(s, md_facts_instance(s->ctx->facts, "database", MD_LIT("csdb"), s->root), "database.messages",
                    classes);
}

/* The logs were read: a file that no message names is one of which the library did not complain. */
static void set_silent(const struct setter *s)
{
    static const struct md_callog_lines none[MD_CALDB_CLASSES_MAX];

    for (size_t i = 0; i < md_facts_instance_count(s->ctx->facts); i++) {
        struct md_instance *at = md_facts_instance_at(s->ctx->facts, i);
        const struct md_fact *messages;

        if (strcmp(at->scope->name, "database") != 0)
            continue;
        messages = md_fact_by_name(s->ctx->facts, at, "database.messages");
        if (messages == NULL || !messages->is_known)
            set_classes(s, at, "database.messages", none);
    }
}

static void set_files(const struct setter *s)
{
    bool is_named = false;

    for (size_t i = 0; i < s->log->n_files; i++) {
        const struct md_callog_file *file = &s->log->files[i];

        if (!md_str_has_prefix(file->name, MD_LIT("ics50")))
            continue;
        is_named |= has_any(s, file->classes);
        set_classes(s, md_facts_instance(s->ctx->facts, "database", file->name, s->root), "database.messages",
                    file->classes);
    }
    if (!is_named)
        set_unnamed(s);
    if (s->log->n_programs > 0)
        set_silent(s);
}

static void set_named_log(const struct setter *s)
{
    struct md_origin origin;

    if (s->log->named.number == 0)
        return;
    origin = md_item_origin(s->log->named.item, s->log->named.line);
    md_fact_number(s->ctx->facts, s->root, "host.cal_log_named", s->log->named.number, &origin);
}

static void set_programs(const struct setter *s)
{
    for (size_t i = 0; i < s->log->n_programs; i++) {
        const struct md_callog_program *program = &s->log->programs[i];
        struct md_instance *at;
        struct md_origin origin;

        if (!program->is_daemon || program->lines.item == NULL)
            continue;
        at = md_facts_instance(s->ctx->facts, "process", program->name, s->root);
        if (program->last != MD_TIME_NONE) {
            origin = md_item_origin(program->lines.last_item, program->lines.last_line);
            md_fact_time(s->ctx->facts, at, "process.log_last", program->last, &origin);
        }
        if (program->last_start != MD_TIME_NONE)
            md_fact_time(s->ctx->facts, at, "process.last_start", program->last_start, NULL);
        set_lines(s, at, "process.starts", &program->starts);
        set_lines(s, at, "process.errors", &program->errors);
        if (program->crashes.n > 0)
            set_lines(s, at, "process.crashes", &program->crashes);
    }
}

static void set_facts(const struct setter *s, const struct md_callog_incident *incident)
{
    static const struct {
        const char *name;
        enum md_caldb_sign sign;
    } counts[] = {
        {"host.cal_dwp_errors", MD_CALDB_SIGN_DWP_ERROR},
        {"host.cal_readonly_refusals", MD_CALDB_SIGN_READONLY_REFUSAL},
        {"host.cal_session_errors", MD_CALDB_SIGN_SESSION_ERROR},
        {"host.cal_backup_errors", MD_CALDB_SIGN_BACKUP_ERROR},
        {"host.cal_backup_notices", MD_CALDB_SIGN_BACKUP_NOTICE},
        {"host.cal_gse_errors", MD_CALDB_SIGN_GSE_ERROR},
        {"host.cal_alarm_errors", MD_CALDB_SIGN_ALARM_ERROR},
        {"host.cal_checkpoint_warnings", MD_CALDB_SIGN_CHECKPOINT_WARNING},
    };
    static const struct md_callog_lines none = {.n = 0};
    const struct md_callog_lines *denied = &none;

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        set_lines(s, s->root, counts[i].name, &s->log->signs[counts[i].sign]);
    for (size_t i = 0; i < s->log->n_errors; i++)
        if (strcmp(s->log->errors[i].name, "EACCES") == 0)
            denied = &s->log->errors[i].lines;
    set_lines(s, s->root, "host.cal_permission_lines", denied);
    set_last(s, "host.cal_snapshot_failed", &s->log->signs[MD_CALDB_SIGN_SNAPSHOT_FAILED]);
    set_last(s, "host.cal_snapshot_ok", &s->log->signs[MD_CALDB_SIGN_SNAPSHOT_OK]);
    set_incident(s, incident);
    set_files(s);
    set_named_log(s);
    set_programs(s);
    if (s->log->first_of == NULL) {
        md_fact_unknown(s->ctx->facts, s->root, "host.cal_messages", no_log);
        md_fact_unknown(s->ctx->facts, s->root, "host.cal_errnos", no_log);
        return;
    }
    set_classes(s, s->root, "host.cal_messages", s->log->classes);
    set_errors(s);
}

static void set_partial(const struct setter *s, const struct start *start, bool is_known)
{
    struct md_origin origin;

    if (!is_known) {
        md_fact_unknown(s->ctx->facts, s->root, "host.cal_start_partial", "no start.log was found");
        return;
    }
    origin = md_item_origin(start->item, start->line);
    md_fact_bool(s->ctx->facts, s->root, "host.cal_start_partial", start->up != 0 && start->down != 0, &origin);
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    static const struct {
        enum md_item_kind kind;
        read_log_fn *read;
    } kinds[] = {
        {MD_ITEM_CALENDAR_LOG, read_server_log}, {MD_ITEM_CALENDAR_NOTICE, read_text},
        {MD_ITEM_CALENDAR_TEXT, read_text},      {MD_ITEM_WATCHER_LOG, read_watcher},
        {MD_ITEM_SYSTEM_LOG, read_system_log},   {MD_ITEM_DB_RECOVER, read_recovery},
        {MD_ITEM_CSDB_RECOVER, read_recovery},
    };
    struct md_calendar_world *world = md_calendar_load(ctx);
    struct md_callog_incident incident;
    struct md_callog *log;
    struct setter s;
    struct start start = {.item = NULL};
    bool has_starts;
    size_t n = 0;

    if (!world->is_there)
        return MD_NOT_FOUND;
    log = md_callog_new(ctx->arena, world->messages, world->library, ctx->zone, ctx->now, ctx->since_s);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct md_item *const *items;
        size_t count = md_source_items(ctx->source, kinds[k].kind, &items);

        for (size_t i = 0; i < count; i++) {
            if (items[i]->status != MD_OK)
                continue;
            md_callog_begin(log);
            kinds[k].read(ctx, log, items[i], i + 1 == count);
            n++;
        }
    }
    has_starts = read_starts(ctx, log, &start);
    if (log->is_cut)
        md_diags_add(ctx->diags, MD_WARNING, (struct md_loc){0},
                     "the logs hold more than %d different messages of the database; later ones are only counted",
                     MD_CALLOG_EVENTS_MAX);
    md_callog_incident(log, &incident);
    s = (struct setter){ctx, log, md_facts_root(ctx->facts)};
    set_facts(&s, &incident);
    set_partial(&s, &start, has_starts);
    return n > 0 || has_starts ? MD_OK : MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {MD_ITEM_CALENDAR_LOG,   MD_ITEM_CALENDAR_NOTICE, MD_ITEM_CALENDAR_TEXT,
                                          MD_ITEM_CALENDAR_START, MD_ITEM_WATCHER_LOG,     MD_ITEM_SYSTEM_LOG,
                                          MD_ITEM_DB_RECOVER,     MD_ITEM_CSDB_RECOVER,    MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_calendar_logs = {
    .name = "calendar.logs",
    .says =
        "reads the calendar's logs: messages of the database and which came first, starts, crashes, backups, back ends",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .run = run,
};
