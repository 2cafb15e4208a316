/* csdb, cstool, csschedule, dbrig, cscapture and stacks of daemons. */
#include "engine/base/num.h"
#include "probes/formats/calendar/tool_out_priv.h"
#include "probes/formats/common/clock.h"

static bool has_any(struct md_str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (md_tool_has(text, words[i]))
            return true;
    return false;
}

#define HAS_ANY(text, list) has_any((text), (list), sizeof(list) / sizeof *(list))

/* ---- csdb ---- */

static const struct {
    enum md_tool_count count;
    const char *name, *word;
} counts[] = {
    {MD_TOOL_EVENTS, "events", "event"},
    {MD_TOOL_TODOS, "todos", "todo"},
    {MD_TOOL_RECURRING, "recurring", "recurring"},
    {MD_TOOL_DELETELOG, "deletelog", "deletelog"},
    {MD_TOOL_GSE, "gse", "gse"},
    {MD_TOOL_CALENDARS, "calendars", "calendar"},
};

const char *md_tool_count_name(enum md_tool_count count)
{
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].count == count)
            return counts[i].name;
    return "";
}

/* "1204 events scanned", "47 recurring entries scanned" */
static bool scanned_line(struct md_tool_reader *reader, struct md_str line)
{
    struct md_str rest = line, first = md_str_next_word(&rest);
    uint64_t number;

    if (!md_tool_has(line, "scanned") || md_num_all_u64(first, UINT64_MAX / 2, &number) != MD_OK)
        return false;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (!md_str_has_prefix_nocase(md_str_trim(rest), md_str(counts[i].word)))
            continue;
        reader->out->has_count[counts[i].count] = true;
        reader->out->count[counts[i].count] = number;
        return true;
    }
    return false;
}

static void rebuild_line(struct md_tool_reader *reader, struct md_str line)
{
    struct md_tool_out *out = reader->out;
    bool is_done = md_tool_has(line, "database has been rebuilt");

    if (md_tool_has(line, "Building calprops based on component")) {
        reader->is_rebuild_open = true;
        md_tool_see(reader, &out->rebuild);
    } else if (reader->tool == MD_TOOL_REBUILD && !reader->is_rebuild_open) {
        reader->is_rebuild_open = true;
        md_tool_see(reader, &out->rebuild);
    }
    if (!reader->is_rebuild_open)
        return;
    if (is_done && !reader->is_last_done)
        md_tool_see(reader, &out->rebuild_done);
    reader->is_last_done = is_done;
}

/* Lines that say what is being done, not what is wrong. */
static bool is_progress(struct md_str line)
{
    static const char *const words[] = {"checking",
                                        "scanning",
                                        "please be patient",
                                        "scanned",
                                        "no error",
                                        "no problem",
                                        "no inconsisten",
                                        "0 errors",
                                        "successful",
                                        "completed",
                                        "complete.",
                                        "done",
                                        "is ok",
                                        " ok.",
                                        "copyright",
                                        "sun java",
                                        "calendar server",
                                        "may take a while",
                                        "verification of",
                                        "verified",
                                        "total",
                                        "--------",
                                        "=====",
                                        "passed",
                                        "all calendars",
                                        "checked"};
    static const char *const but[] = {"not ", "fail", "missing", "corrupt", "bad ", "invalid", "mismatch", "orphan"};

    return HAS_ANY(line, words) && !HAS_ANY(line, but);
}

static void check_line(struct md_tool_reader *reader, struct md_str line)
{
    if (reader->tool != MD_TOOL_CHECK || is_progress(line) || line.n < 3 ||
        md_str_has_prefix(line, MD_LIT("csdb: started")))
        return;
    md_tool_see(reader, &reader->out->check_lines);
}

/* "ics50events.db 1204", "events: 1204", "1204 events" */
static void list_line(struct md_tool_reader *reader, struct md_str line)
{
    if (reader->tool != MD_TOOL_LIST)
        return;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct md_str rest = line, word;
        uint64_t number = 0, last = 0;
        size_t n = 0;

        if (!md_tool_has(line, counts[i].word) &&
            !(counts[i].count == MD_TOOL_CALENDARS && md_tool_has(line, "calprops")))
            continue;
        while ((word = md_str_next_word(&rest)).n > 0)
            if (md_num_all_u64(word, UINT64_MAX / 2, &number) == MD_OK) {
                last = number;
                n++;
            }
        if (n == 1) {
            reader->out->has_listed[counts[i].count] = true;
            reader->out->listed[counts[i].count] = last;
            return;
        }
    }
}

/* ---- the other tools ---- */

static const char *const failures[] = {
    "fail",   "refused", "timed out", "timeout",   "time out",      "not responding", "no response", "unable",
    "cannot", "can't",   "could not", "not alive", "not available", "error",          "is down",     "unreachable"};

static void ping_line(struct md_tool_reader *reader, struct md_str line)
{
    static const char *const services[] = {"http", "admin", "ens"};
    struct md_str service = {"", 0};

    if (reader->tool != MD_TOOL_PING || !HAS_ANY(line, failures))
        return;
    for (size_t i = 0; i < sizeof services / sizeof *services && service.n == 0; i++)
        if (md_tool_has(reader->command, services[i]) || md_tool_has(line, services[i]))
            service = md_str(services[i]);
    md_tool_name(reader, reader->out->ping_failed, &reader->out->n_ping_failed,
                 service.n > 0 ? service : md_str("http"));
}

static void schedule_line(struct md_tool_reader *reader, struct md_str line)
{
    struct md_str rest = line, word;
    uint64_t number;

    if (reader->tool != MD_TOOL_SCHEDULE)
        return;
    /* "6 entries", "no entries", else a line an entry */
    while ((word = md_str_next_word(&rest)).n > 0)
        if (md_num_all_u64(word, UINT32_MAX, &number) == MD_OK && md_tool_has(rest, "entr") && rest.n < 40) {
            reader->out->schedule_entries = number;
            reader->has_total = true;
            return;
        }
    if (md_tool_has(line, "no entr") || md_tool_has(line, "no schedule") || md_tool_has(line, "empty") ||
        HAS_ANY(line, failures))
        return;
    if (!reader->has_total)
        reader->out->schedule_entries++;
}

static void alarms_line(struct md_tool_reader *reader, struct md_str line)
{
    static const char *const stops[] = {"cannot read", "error",   "segmentation", "core dumped", "abort",
                                        "bus error",   "corrupt", "invalid",      "failed",      "unable"};

    if (reader->tool == MD_TOOL_ALARMS && HAS_ANY(line, stops))
        md_tool_see(reader, &reader->out->alarms_stop);
}

/* "CSHTTPD running 1 out of 2 processes!", "CSADMIND process not running!", "Machine Last Reboot: May 31 04:00" */
static void capture_line(struct md_tool_reader *reader, struct md_str line)
{
    struct md_tool_out *out = reader->out;
    struct md_str rest = line, first = md_str_next_word(&rest);
    char name[32];
    struct md_civil civil = {0};

    if (md_str_has_prefix(line, MD_LIT("Machine Last Reboot:"))) {
        rest = md_str_trim(md_str_from(line, 20));
        if (md_clock_read_ctime(&rest, &civil, NULL) != MD_OK ||
            md_time_from_civil(&civil, &out->reboot_local) != MD_OK)
            out->reboot_local = MD_TIME_NONE;
        md_tool_see(reader, &out->capture);
        return;
    }
    if (first.n == 0 || first.n >= sizeof name || first.p[first.n - 1] != 'D')
        return;
    for (size_t i = 0; i < first.n; i++)
        name[i] = md_lower(first.p[i]);
    if (md_tool_has(rest, "process not running")) {
        md_tool_name(reader, out->not_running, &out->n_not_running, md_str_n(name, first.n));
        md_tool_see(reader, &out->capture);
    } else if (md_str_has_prefix(md_str_trim(rest), MD_LIT("running "))) {
        md_tool_name(reader, out->running, &out->n_running, md_str_n(name, first.n));
        md_tool_see(reader, &out->capture);
    }
}

static const struct {
    enum md_tool_frame frame;
    const char *name;
    const char *words[10];
} frames[] = {
    {MD_TOOL_FRAME_GSE, "gse", {"gse", "groupsched", "group_sched", NULL}},
    {MD_TOOL_FRAME_ALARM, "alarm", {"alarm", "reminder", NULL}},
    {MD_TOOL_FRAME_LOCK,
     "lock",
     {"lock_get", "lock_vec", "mutex_lock", "tas_mutex", "fcntl_mutex", "pthread_mutex", "lwp_park", NULL}},
    {MD_TOOL_FRAME_IO, "io", {"pread", "pwrite", "fsync", "fdsync", NULL}},
    {MD_TOOL_FRAME_LDAP, "ldap", {"ldap", NULL}},
    {MD_TOOL_FRAME_IDLE,
     "idle",
     {"poll", "select", "accept", "cond_wait", "nanosleep", "sigwait", "cond_timedwait", NULL}},
};

const char *md_tool_frame_name(enum md_tool_frame frame)
{
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        if (frames[i].frame == frame)
            return frames[i].name;
    return "";
}

/* A frame is the name of a function before its arguments; the path of the program in the heading is none. */
static void stack_line(struct md_tool_reader *reader, struct md_str line)
{
    ptrdiff_t open = md_str_find_char(line, '(');

    if (reader->tool != MD_TOOL_STACK || open <= 0 || md_str_find(line, MD_LIT("lwp#")) >= 0)
        return;
    line = md_str_sub(line, 0, (size_t)open);
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        for (size_t k = 0; frames[i].words[k] != NULL; k++)
            if (md_tool_has(line, frames[i].words[k])) {
                md_tool_see(reader, &reader->out->frames[frames[i].frame]);
                return;
            }
}

void md_tool_product_line(struct md_tool_reader *reader, struct md_str line)
{
    rebuild_line(reader, line);
    if (scanned_line(reader, line))
        return;
    check_line(reader, line);
    list_line(reader, line);
    ping_line(reader, line);
    schedule_line(reader, line);
    alarms_line(reader, line);
    capture_line(reader, line);
    stack_line(reader, line);
}

void md_tool_product_end(struct md_tool_reader *reader)
{
    struct md_tool_out *out = reader->out;
    const char *service = md_tool_has(reader->command, "admin") ? "admin"
                          : md_tool_has(reader->command, "ens") ? "ens"
                                                                : "http";

    if (reader->is_rebuild_open) {
        out->rebuild_is_last = reader->is_last_done;
        if (!reader->is_last_done)
            md_tool_see(reader, &out->rebuild_broken);
    }
    if (reader->tool == MD_TOOL_PING) {
        md_tool_see(reader, &out->ping);
        if (reader->exit_code > 0)
            md_tool_name(reader, out->ping_failed, &out->n_ping_failed, md_str(service));
    }
    if (reader->tool == MD_TOOL_SCHEDULE)
        md_tool_see(reader, &out->schedule);
    if (reader->tool == MD_TOOL_ALARMS) {
        md_tool_see(reader, &out->alarms);
        if (reader->exit_code > 0)
            md_tool_see(reader, &out->alarms_stop);
    }
}
