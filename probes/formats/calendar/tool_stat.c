/* db_stat: "VALUE TAB LABEL" lines, and the tables of locks. */
#include <stdio.h>

#include "engine/base/num.h"
#include "probes/formats/calendar/tool_out_priv.h"
#include "probes/formats/common/clock.h"

/* "4.2.52", "5.3.28" or "Berkeley DB 4.2.52: (December 3, 2003)": the first two numbers. */
static void read_library(struct md_tool_reader *reader, struct md_str text)
{
    struct md_tool_out *out = reader->out;
    uint64_t major, minor;

    text = md_str_trim(text);
    if (out->library[0] != '\0' || md_num_u64(&text, 99, &major) != MD_OK || !md_str_skip_prefix(&text, MD_LIT(".")) ||
        md_num_u64(&text, 99, &minor) != MD_OK)
        return;
    (void)snprintf(out->library, sizeof out->library, "%u.%u", (unsigned)major, (unsigned)minor);
    out->library_place = md_tool_here(reader);
}

static void read_checkpoint(struct md_tool_reader *reader, struct md_str value)
{
    struct md_tool_out *out = reader->out;
    struct md_civil civil = {0};

    value = md_str_trim(value);
    if (md_clock_read_ctime(&value, &civil, NULL) != MD_OK || md_time_from_civil(&civil, &out->checkpoint) != MD_OK)
        return;
    out->has_checkpoint = true;
    out->checkpoint_place = md_tool_here(reader);
}

static bool labelled(struct md_tool_reader *reader, struct md_str value, struct md_str label)
{
    struct md_tool_out *out = reader->out;
    struct md_tool_file *file;
    uint64_t number = 0;
    bool has_number = md_tool_number(value, &number);

    if (md_tool_has(label, "Panic value")) {
        if (!has_number && !md_str_has_prefix(md_str_trim(value), MD_LIT("0x")))
            return true;
        out->has_panic = true;
        out->is_panic |= !has_number || number != 0;
        out->panic_place = md_tool_here(reader);
    } else if (md_tool_has(label, "Environment version")) {
        read_library(reader, value);
    } else if (md_tool_has(label, "Checkpoint timestamp")) {
        read_checkpoint(reader, value);
    } else if (has_number && (md_str_has_prefix_nocase(label, MD_LIT("Active transactions")) ||
                              md_str_has_prefix_nocase(label, MD_LIT("Number of active transactions")) ||
                              md_str_has_prefix_nocase(label, MD_LIT("Number of transactions currently active")))) {
        out->has_active = true;
        out->active = number;
        out->active_place = md_tool_here(reader);
    } else if (has_number && (md_str_has_prefix_nocase(label, MD_LIT("Number of deadlocks")) ||
                              md_str_has_prefix_nocase(label, MD_LIT("The number of deadlocks")))) {
        out->has_deadlocks = true;
        out->deadlocks = number;
        out->deadlocks_place = md_tool_here(reader);
    } else if (has_number && (md_tool_has(label, "Number of unique keys in the tree") ||
                              md_tool_has(label, "Number of keys in the database"))) {
        if (md_tool_subject(reader).n == 0 || (file = md_tool_file(reader, md_tool_subject(reader))) == NULL)
            return true;
        file->has_keys = true;
        file->keys = number;
        file->keys_place = md_tool_here(reader);
    }
    return true;
}

static struct md_tool_locker *locker_of(struct md_tool_reader *reader, struct md_str id)
{
    struct md_tool_out *out = reader->out;
    struct md_tool_locker *locker;

    for (size_t i = out->n_lockers; i-- > 0;)
        if (md_str_eq(out->lockers[i].id, id))
            return &out->lockers[i];
    if (out->n_lockers == MD_TOOL_LOCKERS_MAX) {
        out->is_cut = true;
        return NULL;
    }
    locker = md_arena_push(reader->arena, &out->lockers, &out->n_lockers, &out->lockers_capacity, sizeof *locker);
    locker->id = md_arena_str(reader->arena, id);
    locker->place = md_tool_here(reader);
    return locker;
}

static bool is_hex(struct md_str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!md_is_digit(word.p[i]) && !(md_lower(word.p[i]) >= 'a' && md_lower(word.p[i]) <= 'f'))
            return false;
    return word.n > 0 && word.n <= 16;
}

/* "80000005 dd= 0 locks held 1 write locks 1 pid/thread 23003/140212021356352 ..." */
static bool locker_line(struct md_tool_reader *reader, struct md_str id, struct md_str rest)
{
    struct md_tool_locker *locker;
    ptrdiff_t at = md_str_find(rest, MD_LIT("pid/thread "));
    struct md_str pid;

    if (!md_str_has_prefix(md_str_trim(rest), MD_LIT("dd=")))
        return false;
    locker = locker_of(reader, id);
    pid = md_str_from(rest, at >= 0 ? (size_t)at + 11 : rest.n);
    if (locker != NULL && at >= 0 && md_num_u64(&pid, UINT32_MAX, &locker->pid) != MD_OK)
        locker->pid = 0;
    return true;
}

/* "80000005 WRITE         1 HELD    ics50todos.db             page         12" */
static bool lock_line(struct md_tool_reader *reader, struct md_str id, struct md_str rest)
{
    static const char *const modes[] = {"READ",      "WRITE",      "IWRITE", "IREAD", "IWR",    "READ_UNCOMMITTED",
                                        "WAS_WRITE", "DIRTY_READ", "WAIT",   "NG",    "UNKNOWN"};
    struct md_str mode = md_str_next_word(&rest), count = md_str_next_word(&rest), status = md_str_next_word(&rest);
    struct md_tool_locker *locker;
    bool is_mode = false, is_wait;
    uint64_t number;

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        is_mode |= md_str_is(mode, modes[i]);
    is_wait = md_str_is(status, "WAIT") || md_str_is(status, "WAITING");
    if (!is_mode || !(is_wait || md_str_is(status, "HELD")) || md_num_all_u64(count, UINT32_MAX, &number) != MD_OK)
        return false;
    /* A list by objects repeats the one by lockers. */
    if (reader->by_objects && reader->has_locker_table)
        return true;
    reader->out->has_locks = true;
    reader->out->locks_place = md_tool_here(reader);
    locker = locker_of(reader, id);
    if (locker != NULL) {
        locker->held += !is_wait;
        locker->waits += is_wait;
    }
    return true;
}

bool md_tool_stat_line(struct md_tool_reader *reader, struct md_str line)
{
    ptrdiff_t tab = md_str_find_char(line, '\t');
    struct md_str rest = line, first;

    if (md_tool_has(line, "Locks grouped by lockers") || md_tool_has(line, "Locks grouped by object")) {
        reader->by_objects = md_tool_has(line, "by object");
        reader->has_locker_table |= !reader->by_objects;
        reader->out->has_locks = true;
        reader->out->locks_place = md_tool_here(reader);
        return true;
    }
    if (tab > 0 && md_str_find_char(md_str_from(line, (size_t)tab + 1), '\t') < 0)
        (void)labelled(reader, md_str_sub(line, 0, (size_t)tab), md_str_trim(md_str_from(line, (size_t)tab + 1)));
    else if (md_tool_has(line, "Panic value") || md_tool_has(line, "Checkpoint timestamp") ||
             md_tool_has(line, "Environment version")) {
        /* Tabs that became blanks: the label is behind the value. */
        static const char *const labels[] = {"Panic value", "Checkpoint timestamp", "Environment version"};

        for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
            ptrdiff_t at = md_str_find_nocase(line, md_str(labels[i]));

            if (at > 0)
                (void)labelled(reader, md_str_sub(line, 0, (size_t)at), md_str_from(line, (size_t)at));
        }
    }
    {
        ptrdiff_t at = md_str_find_nocase(line, MD_LIT("berkeley db "));

        if (at >= 0 && !md_tool_has(line, "library"))
            read_library(reader, md_str_from(line, (size_t)at + 12));
    }
    first = md_str_next_word(&rest);
    if (!is_hex(first))
        return false;
    return locker_line(reader, first, rest) || lock_line(reader, first, rest);
}
