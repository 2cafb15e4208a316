#include "probes/calendar/log_tally.h"

#include "engine/base/time.h"
#include "probes/formats/calendar/bdb_log.h"

#define PANICS_PER MD_MINUTE
#define MESSAGES_PER MD_SECOND
#define LOOK_BACK 64 /* events that a new one is compared with */

struct md_callog *md_callog_new(struct md_arena *arena, const struct md_caldb_table *table, const char *library,
                                const struct md_zone *zone, int64_t now, double since_s)
{
    struct md_callog *log = md_arena_alloc(arena, sizeof *log);

    log->arena = arena;
    log->table = table;
    log->library = library;
    log->zone = zone;
    log->now = now;
    log->since = md_time_ago(now, (int64_t)(since_s * (double)MD_SECOND));
    for (size_t i = 0; i < MD_CALDB_SIGNS; i++)
        log->signs[i].last = MD_TIME_NONE;
    return log;
}

void md_callog_begin(struct md_callog *log)
{
    log->has_event = false;
    log->program = -1;
    log->at = MD_TIME_NONE;
    log->level = MD_NSLOG_OTHER;
    log->process = md_str("");
}

struct spot {
    const struct md_item *item;
    uint32_t line;
    int64_t at;
    bool in_window;
};

static struct spot spot_of(const struct md_callog *log, const struct md_item *item, uint32_t line, int64_t at)
{
    bool in_window = at == MD_TIME_NONE || log->now == MD_TIME_NONE || (at >= log->since && at <= log->now + MD_HOUR);

    return (struct spot){item, line, at, in_window};
}

static void add(struct md_callog_lines *lines, const struct spot *spot)
{
    if (spot->at == MD_TIME_NONE) {
        lines->is_undated = true;
    } else if (lines->last_item == NULL || spot->at >= lines->last) {
        lines->last = spot->at;
        lines->last_item = spot->item;
        lines->last_line = spot->line;
    }
    if (!spot->in_window)
        return;
    if (lines->n++ == 0) {
        lines->item = spot->item;
        lines->line = spot->line;
    }
}

static bool is_daemon(struct md_str name)
{
    static const char *const names[] = {
#define MD_DAEMON(name, parameter, is_on, since) name,
#include "probes/calendar/daemon.def"
#undef MD_DAEMON
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is(name, names[i]))
            return true;
    return false;
}

/* Tools that open the database for more than a look through the server. */
static bool is_database_tool(struct md_str name)
{
    return md_str_is(name, "csdb") || md_str_is(name, "csrestore") || md_str_has_prefix(name, MD_LIT("db_"));
}

static int program_index(struct md_callog *log, struct md_str name)
{
    if (name.n == 0)
        return -1;
    for (size_t i = 0; i < log->n_programs; i++)
        if (md_str_eq(log->programs[i].name, name))
            return (int)i;
    if (log->n_programs == MD_CALLOG_PROGRAMS_MAX)
        return -1;
    log->programs[log->n_programs] = (struct md_callog_program){.name = md_arena_str(log->arena, name),
                                                                .is_daemon = is_daemon(name),
                                                                .first = MD_TIME_NONE,
                                                                .last = MD_TIME_NONE,
                                                                .last_start = MD_TIME_NONE};
    return (int)log->n_programs++;
}

/* Whether an event says the same as one a moment ago; then it is not kept. */
static bool is_repeated(const struct md_callog *log, const struct md_callog_event *event)
{
    int64_t within = event->follows ? PANICS_PER : MESSAGES_PER;
    size_t looked = 0;

    for (size_t i = log->n_events; i-- > 0 && looked < LOOK_BACK; looked++) {
        const struct md_callog_event *before = &log->events[i];

        if (before->what == MD_CALLOG_START || before->what == MD_CALLOG_STOP)
            return false;
        if (before->what == event->what && before->program == event->program &&
            before->class_index == event->class_index && before->item == event->item)
            return before->at == event->at || (before->at != MD_TIME_NONE && event->at != MD_TIME_NONE &&
                                               event->at >= before->at && event->at - before->at < within);
    }
    return false;
}

static void keep(struct md_callog *log, struct md_callog_event event)
{
    event.order = (uint32_t)log->n_events;
    if (is_repeated(log, &event))
        return;
    if (log->n_events == MD_CALLOG_EVENTS_MAX) {
        log->is_cut = true;
        return;
    }
    *(struct md_callog_event *)md_arena_push(log->arena, &log->events, &log->n_events, &log->events_capacity,
                                             sizeof event) = event;
}

void md_callog_note(struct md_callog *log, enum md_callog_what what, struct md_str program, int64_t at,
                    const struct md_item *item, uint32_t number)
{
    int index = program_index(log, program);
    struct spot spot = spot_of(log, item, number, at);

    if (index >= 0 && what == MD_CALLOG_START) {
        add(&log->programs[index].starts, &spot);
        if (at != MD_TIME_NONE &&
            (log->programs[index].last_start == MD_TIME_NONE || at > log->programs[index].last_start))
            log->programs[index].last_start = at;
    }
    if (index >= 0 && what == MD_CALLOG_CRASH)
        add(&log->programs[index].crashes, &spot);
    keep(log, (struct md_callog_event){
                  .at = at, .what = what, .class_index = -1, .program = (int16_t)index, .item = item, .line = number});
}

static void add_to_file(struct md_callog *log, struct md_str name, int class_index, const struct spot *spot)
{
    size_t i = 0;

    while (i < log->n_files && !md_str_eq(log->files[i].name, name))
        i++;
    if (i == MD_CALLOG_FILES_MAX)
        return;
    if (i == log->n_files)
        log->files[log->n_files++].name = md_arena_str(log->arena, name);
    add(&log->files[i].classes[class_index], spot);
}

static void add_error(struct md_callog *log, const char *name, const struct spot *spot)
{
    size_t i = 0;

    while (i < log->n_errors && strcmp(log->errors[i].name, name) != 0)
        i++;
    if (i == MD_CALLOG_ERRORS_MAX)
        return;
    if (i == log->n_errors)
        log->errors[log->n_errors++].name = name;
    add(&log->errors[i].lines, spot);
}

static bool has(struct md_str text, const char *what)
{
    return md_str_find_nocase(text, md_str(what)) >= 0;
}

/* An error of the system counts where the line is about the database. */
static bool is_about_database(struct md_str text, const struct md_caldb_message *message)
{
    return message->class_index >= 0 || message->file.n > 0 || has(text, "caldb") || has(text, "csdb") ||
           has(text, "log.0") || has(text, "__db.");
}

/* "Invalid log file: log.0000000414: ..." */
static void note_named_log(struct md_callog *log, struct md_str text, const struct spot *spot)
{
    ptrdiff_t at = md_str_find(text, MD_LIT("log.0"));
    struct md_str name = md_str_from(text, at > 0 ? (size_t)at : 0);
    uint32_t number;
    size_t n = 4;

    while (n < name.n && name.p[n] >= '0' && name.p[n] <= '9')
        n++;
    if (at < 0 || !md_bdb_log_number(md_str_sub(name, 0, n), &number) ||
        (log->named.number != 0 && spot->at != MD_TIME_NONE && spot->at < log->named.at))
        return;
    log->named.number = number;
    log->named.at = spot->at;
    log->named.item = spot->item;
    log->named.line = spot->line;
}

/* What csstored says of its own folders is no matter of the live database. */
static bool is_of_backup(const struct md_callog *log, struct md_str text, uint32_t signs)
{
    return (signs & MD_CALDB_BIT(MD_CALDB_SIGN_BACKUP_ERROR)) != 0 && md_str_is(log->process, "csstored") &&
           (has(text, "backup") || has(text, "archive") || has(text, "snapshot") || has(text, "/hot"));
}

/* Sessions and counters have databases of their own, which anybody may throw away: what befalls them is no matter of the calendars. */
static void add_message(struct md_callog *log, struct md_str text, const struct spot *spot)
{
    struct md_caldb_query query = {.text = text, .process = log->process, .level = log->level, .library = log->library};
    struct md_caldb_message message;
    bool is_of_others;

    md_caldb_message_read(log->table, &query, &message);
    /* what the library says to csdwpd is no matter of the connection */
    if (message.class_index >= 0)
        message.signs &= ~MD_CALDB_BIT(MD_CALDB_SIGN_DWP_ERROR);
    is_of_others =
        (message.signs & MD_CALDB_BIT(MD_CALDB_SIGN_SESSION_ERROR)) != 0 || is_of_backup(log, text, message.signs);
    for (size_t i = 0; i < MD_CALDB_SIGNS; i++)
        if ((message.signs & MD_CALDB_BIT(i)) != 0)
            add(&log->signs[i], spot);
    if ((message.signs & MD_CALDB_BIT(MD_CALDB_SIGN_CRASH)) != 0)
        md_callog_note(log, MD_CALLOG_CRASH, log->process, spot->at, spot->item, spot->line);
    if (message.error != NULL && !is_of_others && is_about_database(text, &message))
        add_error(log, message.error, spot);
    if (message.class_index < 0 || is_of_others)
        return;
    add(&log->classes[message.class_index], spot);
    note_named_log(log, text, spot);
    if (message.file.n > 0)
        add_to_file(log, message.file, message.class_index, spot);
    else
        add(&log->unnamed[message.class_index], spot);
    keep(log, (struct md_callog_event){.at = spot->at,
                                       .what = MD_CALLOG_MESSAGE,
                                       .class_index = (int16_t)message.class_index,
                                       .program = (int16_t)log->program,
                                       .follows = message.follows,
                                       .is_quiet = message.is_quiet,
                                       .item = spot->item,
                                       .line = spot->line});
}

static void add_life(struct md_callog *log, struct md_str text, const struct spot *spot)
{
    enum md_nslog_life life = md_nslog_life(text);
    bool is_product = has(text, "calendar server") || has(text, log->process.n > 0 ? "service" : "calendar server");

    if (life == MD_NSLOG_LIFE_NONE && is_product) {
        if (has(text, "starting up") || has(text, " started") || has(text, "startup complete"))
            life = MD_NSLOG_LIFE_START;
        else if (has(text, "shutting down") || has(text, "shutdown complete") || has(text, " stopped") ||
                 has(text, "stopping"))
            life = MD_NSLOG_LIFE_END;
    }
    if (life == MD_NSLOG_LIFE_START)
        md_callog_note(log, MD_CALLOG_START, log->process, spot->at, spot->item, spot->line);
    else if (life == MD_NSLOG_LIFE_END)
        md_callog_note(log, MD_CALLOG_STOP, log->process, spot->at, spot->item, spot->line);
}

static void add_to_program(struct md_callog *log, const struct spot *spot)
{
    struct md_callog_program *program;

    if (log->program < 0)
        return;
    program = &log->programs[log->program];
    add(&program->lines, spot);
    if (log->level >= MD_NSLOG_ERROR)
        add(&program->errors, spot);
    if (spot->at == MD_TIME_NONE)
        return;
    if (program->first == MD_TIME_NONE || spot->at < program->first)
        program->first = spot->at;
    if (program->last == MD_TIME_NONE || spot->at > program->last)
        program->last = spot->at;
}

bool md_callog_event(struct md_callog *log, struct md_str line, const struct md_item *item, uint32_t number)
{
    struct md_nslog_line event;
    struct spot spot;
    ptrdiff_t open = md_str_find_char(md_str_sub(line, 0, 256), '[');

    /* "admin.log:[31/May/2007..." of grep */
    if (open > 0 && line.p[open - 1] == ':')
        line = md_str_from(line, (size_t)open);
    if (md_nslog_parse(line, &event) != MD_OK) {
        if (md_str_is_empty(md_str_trim(line)))
            return true;
        spot = spot_of(log, item, number, log->at);
        add_message(log, md_str_trim(line), &spot);
        return log->has_event;
    }
    log->has_event = true;
    log->at = event.has_offset ? event.local - event.offset_s * MD_SECOND
                               : md_zone_to_utc(log->zone, event.local, &log->zone_cache);
    log->program = program_index(log, event.process);
    log->process = log->program >= 0 ? log->programs[log->program].name : md_str("");
    log->level = event.level;
    log->n_lines++;
    if (log->first_of == NULL)
        log->first_of = item;
    spot = spot_of(log, item, number, log->at);
    add_to_program(log, &spot);
    add_life(log, event.text, &spot);
    add_message(log, event.text, &spot);
    if (is_database_tool(event.process))
        md_callog_note(log, MD_CALLOG_TOOL, event.process, log->at, item, number);
    return true;
}

void md_callog_text(struct md_callog *log, struct md_str line, int64_t at, const struct md_item *item, uint32_t number)
{
    struct spot spot = spot_of(log, item, number, at);

    log->at = at;
    log->level = MD_NSLOG_ERROR; /* nobody sends a notice of what goes well, but for what says so */
    log->n_lines++;
    if (log->first_of == NULL)
        log->first_of = item;
    add_message(log, md_str_trim(line), &spot);
}
