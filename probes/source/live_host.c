/* Clock, zone, name and process table of this host. */
#include "probes/source/live.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/base/num.h"
#include "probes/source/small_file.h"

#define PROCESSES_MAX 100000
#define COMMAND_LINE_MAX ((size_t)2048)

int64_t md_live_clock(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return MD_TIME_NONE;
    return (int64_t)now.tv_sec * MD_SECOND + now.tv_nsec / 1000;
}

const char *md_live_host_name(struct md_arena *arena)
{
    struct utsname names;

    return uname(&names) >= 0 && names.nodename[0] != '\0' ? md_arena_cstr(arena, md_str(names.nodename)) : NULL;
}

static bool is_zone_name(struct md_arena *arena, struct md_str name)
{
    const struct md_zone *zone;

    return !md_str_is_empty(name) && md_zone_load(arena, name, &zone) == MD_OK;
}

static const char *zone_of_link(struct md_arena *arena, const char *etc)
{
    char target[1024];
    ssize_t n = readlink(md_arena_printf(arena, "%s/etc/localtime", etc), target, sizeof target);
    struct md_str path = md_str_n(target, n > 0 ? (size_t)n : 0);
    ptrdiff_t at = md_str_find(path, MD_LIT("zoneinfo/"));

    if (at < 0)
        return NULL;
    path = md_str_from(path, (size_t)at + 9);
    return is_zone_name(arena, path) ? md_arena_cstr(arena, path) : NULL;
}

/* A line "TZ=..." or "ZONE=..." of a file. */
static const char *zone_of_setting(struct md_arena *arena, const char *path, const char *key)
{
    struct md_str text = md_small_file_read(arena, path, 65536), line;

    while (md_str_next_line(&text, &line)) {
        line = md_str_trim(line);
        if (!md_str_skip_prefix(&line, md_str(key)) || !md_str_skip_prefix(&line, MD_LIT("=")))
            continue;
        line = md_str_trim(line);
        if (line.n >= 2 && (*line.p == '"' || *line.p == '\''))
            line = md_str_sub(line, 1, line.n - 2);
        if (is_zone_name(arena, line))
            return md_arena_cstr(arena, line);
    }
    return NULL;
}

const char *md_live_zone(struct md_arena *arena, const char *etc)
{
    static const struct {
        const char *path, *key;
    } settings[] = {{"/etc/default/init", "TZ"}, {"/etc/TIMEZONE", "TZ"}, {"/etc/sysconfig/clock", "ZONE"}};
    struct md_str name;
    const char *zone = zone_of_link(arena, etc);

    if (zone != NULL)
        return zone;
    name = md_str_trim(md_small_file_read(arena, md_arena_printf(arena, "%s/etc/timezone", etc), 256));
    if (is_zone_name(arena, name))
        return md_arena_cstr(arena, name);
    for (size_t i = 0; i < sizeof settings / sizeof *settings && zone == NULL; i++)
        zone = zone_of_setting(arena, md_arena_printf(arena, "%s%s", etc, settings[i].path), settings[i].key);
    return zone;
}

/* ---- /proc ---- */

struct process {
    uint64_t pid, parent, ticks;
    struct md_str command;
    uid_t uid;
};

static bool read_process(struct md_arena *arena, const char *pid, struct process *ret)
{
    struct md_str line = md_small_file_read(arena, md_arena_printf(arena, "/proc/%s/stat", pid), 1024), rest, word;
    char *words;
    ptrdiff_t open_at = md_str_find_char(line, '('), close_at = md_str_rfind_char(line, ')');
    struct stat st;
    uint64_t number;

    *ret = (struct process){.command = {"", 0}};
    if (open_at < 0 || close_at < open_at || md_num_all_u64(md_str(pid), UINT32_MAX, &ret->pid) < 0 ||
        stat(md_arena_printf(arena, "/proc/%s", pid), &st) != 0)
        return false;
    ret->uid = st.st_uid;
    rest = md_str_from(line, (size_t)close_at + 1);
    for (int field = 3; field <= 15; field++) { /* 4: parent; 14, 15: ticks in user and system mode */
        word = md_str_next_word(&rest);
        if (field == 4 && md_num_all_u64(word, UINT32_MAX, &number) == MD_OK)
            ret->parent = number;
        if (field >= 14 && md_num_all_u64(word, UINT64_MAX / 4, &number) == MD_OK)
            ret->ticks += number;
    }
    ret->command = md_small_file_read(arena, md_arena_printf(arena, "/proc/%s/cmdline", pid), COMMAND_LINE_MAX);
    if (md_str_is_empty(ret->command)) { /* of the kernel */
        word = md_str_sub(line, (size_t)open_at + 1, (size_t)(close_at - open_at) - 1);
        ret->command = md_str(md_arena_printf(arena, "[%.*s]", MD_STR_ARG(word)));
        return true;
    }
    words = md_arena_cstr(arena, ret->command);
    for (size_t i = 0; i < ret->command.n; i++)
        if (words[i] == '\0' || words[i] == '\n' || words[i] == '\r')
            words[i] = ' ';
    ret->command = md_str_trim(md_str_n(words, ret->command.n));
    return true;
}

static const char *user_name(struct md_arena *arena, uid_t uid)
{
    char buffer[4096];
    struct passwd entry, *found = NULL;

    if (getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) == 0 && found != NULL)
        return md_arena_cstr(arena, md_str(found->pw_name));
    return md_arena_printf(arena, "%lu", (unsigned long)uid);
}

static int by_pid(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static size_t list_pids(uint64_t *pids)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    size_t n = 0;

    if (folder == NULL)
        return 0;
    while (n < PROCESSES_MAX && (entry = readdir(folder)) != NULL)
        if (md_num_all_u64(md_str(entry->d_name), UINT32_MAX, &pids[n]) == MD_OK)
            n++;
    closedir(folder);
    if (n > 1)
        qsort(pids, n, sizeof *pids, by_pid);
    return n;
}

/* The start is left out ("-"): what reads the table takes it as not known. */
struct md_str md_live_proc_table(struct md_arena *arena)
{
    uint64_t *pids = md_xcalloc(PROCESSES_MAX, sizeof *pids);
    size_t n = list_pids(pids), size = 0, capacity = 0;
    struct md_arena *scratch = md_arena_new();
    long hertz = sysconf(_SC_CLK_TCK);
    char *text = NULL;
    struct md_str table;

    for (size_t i = 0; i <= n; i++) {
        struct process process;
        struct md_str line = MD_LIT("UID PID PPID TIME CMD\n");

        if (i > 0) {
            uint64_t seconds;

            md_arena_clear(scratch);
            if (!read_process(scratch, md_arena_printf(scratch, "%llu", (unsigned long long)pids[i - 1]), &process))
                continue;
            seconds = process.ticks / (uint64_t)(hertz > 0 ? hertz : 100);
            line = md_str(md_arena_printf(scratch, "%s %llu %llu %02llu:%02llu:%02llu %.*s\n",
                                          user_name(scratch, process.uid), (unsigned long long)process.pid,
                                          (unsigned long long)process.parent, (unsigned long long)(seconds / 3600),
                                          (unsigned long long)(seconds / 60 % 60), (unsigned long long)(seconds % 60),
                                          MD_STR_ARG(process.command)));
        }
        if (size + line.n > capacity) {
            capacity = 2 * capacity + line.n + 4096;
            text = md_xrealloc(text, capacity);
        }
        memcpy(text + size, line.p, line.n);
        size += line.n;
    }
    table = n > 0 ? md_arena_str(arena, md_str_n(text, size)) : md_str("");
    md_arena_free(&scratch);
    free(text);
    free(pids);
    return table;
}
