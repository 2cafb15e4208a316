/*
 * The last incident: which message came first, and what went before it.
 *
 * Messages more than a day apart, and such with a clean start between them, are of different incidents. A start is clean where ten minutes
 * go by without a message: a daemon that is started into a panicked environment only repeats it. The cause of an incident with a panic is the
 * earliest message within a minute before the panic, whoever logged it, else the earliest of the incident; a program that only says that
 * there was a panic is a victim. Of an incident without a panic it is the earliest message that is not normal.
 */
#include <stdlib.h>

#include "engine/base/time.h"
#include "probes/calendar/log_tally.h"

#define QUIET_AFTER_START (10 * MD_MINUTE)
#define SAME_MOMENT MD_SECOND
#define SHORTLY MD_MINUTE

static int by_time(const void *a, const void *b)
{
    const struct md_callog_event *x = a, *y = b;

    if (x->at != y->at) { /* undated ones last: they are of no incident that is dated */
        if (x->at == MD_TIME_NONE || y->at == MD_TIME_NONE)
            return x->at == MD_TIME_NONE ? 1 : -1;
        return x->at < y->at ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool is_trouble(const struct md_callog_event *event)
{
    return event->what == MD_CALLOG_MESSAGE && !event->is_quiet;
}

static bool is_panic(const struct md_callog *log, const struct md_callog_event *event)
{
    const char *name;

    if (event->what != MD_CALLOG_MESSAGE)
        return false;
    name = md_caldb_class_name(log->table, (size_t)event->class_index);
    return strcmp(name, "panic_generic") == 0 || strcmp(name, "panic_cause") == 0;
}

static bool is_cause(const struct md_callog_event *event)
{
    return event->what == MD_CALLOG_MESSAGE && !event->follows;
}

/* The events of the last incident: from *ret_from on, to the last message. False: there is no trouble. */
static bool find_last(const struct md_callog *log, size_t *ret_from, size_t *ret_until)
{
    int64_t last = MD_TIME_NONE, start = MD_TIME_NONE;
    bool is_any = false;

    for (size_t i = 0; i < log->n_events; i++) {
        const struct md_callog_event *event = &log->events[i];

        if (event->what == MD_CALLOG_START)
            start = event->at;
        if (!is_trouble(event))
            continue;
        if (event->at == MD_TIME_NONE && is_any && last != MD_TIME_NONE)
            break; /* undated ones add to no incident that is dated */
        if (!is_any || (last != MD_TIME_NONE && event->at - last > MD_DAY) ||
            (start != MD_TIME_NONE && last != MD_TIME_NONE && start > last && event->at - start > QUIET_AFTER_START)) {
            *ret_from = i;
            is_any = true;
        }
        last = event->at;
        *ret_until = i + 1;
    }
    return is_any;
}

static bool is_bare_cause(const struct md_callog *log, const struct md_callog_event *event)
{
    return strcmp(md_caldb_class_name(log->table, (size_t)event->class_index), "panic_cause") == 0;
}

/* "PANIC: Invalid argument" says less than what another line of the same second says. */
static const struct md_callog_event *better_of_moment(const struct md_callog *log, size_t from, size_t until,
                                                      const struct md_callog_event *cause)
{
    if (!is_bare_cause(log, cause) || cause->at == MD_TIME_NONE)
        return cause;
    for (size_t i = from; i < until; i++) {
        const struct md_callog_event *event = &log->events[i];

        if (is_cause(event) && !event->is_quiet && !is_bare_cause(log, event) && event->at != MD_TIME_NONE &&
            event->at >= cause->at - SAME_MOMENT && event->at <= cause->at + SAME_MOMENT)
            return event;
    }
    return cause;
}

static const struct md_callog_event *earliest_cause(const struct md_callog *log, size_t from, size_t until,
                                                    const struct md_callog_event *panic)
{
    const struct md_callog_event *first = NULL, *quiet = NULL;

    for (size_t i = from; i < until; i++) {
        const struct md_callog_event *event = &log->events[i];

        if (!is_cause(event))
            continue;
        if (event->is_quiet) {
            quiet = quiet == NULL ? event : quiet;
            continue;
        }
        first = first == NULL ? event : first;
        if (panic != NULL && panic->at != MD_TIME_NONE && event->at != MD_TIME_NONE && event->at <= panic->at &&
            panic->at - event->at <= SHORTLY)
            return better_of_moment(log, from, until, event);
    }
    return first != NULL ? better_of_moment(log, from, until, first) : quiet;
}

/* Whether a daemon was up: its last start or stop before, or lines before and behind. */
static bool were_daemons_up(const struct md_callog *log, const struct md_callog_event *tool)
{
    for (size_t p = 0; p < log->n_programs; p++) {
        const struct md_callog_program *program = &log->programs[p];
        enum md_callog_what last = MD_CALLOG_MESSAGE;

        if (!program->is_daemon || program->first == MD_TIME_NONE || program->first >= tool->at)
            continue;
        for (size_t i = 0; i < log->n_events && log->events[i].at != MD_TIME_NONE && log->events[i].at <= tool->at; i++)
            if (log->events[i].program == (int16_t)p &&
                (log->events[i].what == MD_CALLOG_START || log->events[i].what == MD_CALLOG_STOP ||
                 log->events[i].what == MD_CALLOG_CRASH))
                last = log->events[i].what;
        if (last == MD_CALLOG_START || (last == MD_CALLOG_MESSAGE && program->last > tool->at))
            return true;
    }
    return false;
}

void md_callog_incident(struct md_callog *log, struct md_callog_incident *ret)
{
    size_t from = 0, until = 0;

    *ret = (struct md_callog_incident){.first_cause = NULL};
    if (log->n_events > 1)
        qsort(log->events, log->n_events, sizeof *log->events, by_time);
    for (size_t i = 0; i < log->n_events; i++) {
        const struct md_callog_event *event = &log->events[i];

        if (event->what == MD_CALLOG_CRASH && (event->at != MD_TIME_NONE || ret->crash == NULL))
            ret->crash = event;
        else if (event->what == MD_CALLOG_START && event->at != MD_TIME_NONE)
            ret->start = event;
        else if (event->what == MD_CALLOG_TOOL && event->at != MD_TIME_NONE && were_daemons_up(log, event))
            ret->tool_run = event;
    }
    if (!find_last(log, &from, &until))
        return;
    for (size_t i = from; i < until && ret->panic == NULL; i++)
        if (is_panic(log, &log->events[i]))
            ret->panic = &log->events[i];
    ret->first_cause = earliest_cause(log, from, until, ret->panic);
    /* What was copied without its stamps says what the dated lines do not. */
    if (ret->first_cause == NULL)
        ret->first_cause = earliest_cause(log, until, log->n_events, NULL);
}
