#include "probes/source/item_name.h"

#include <stdio.h>

static const char *const compression_suffixes[] = {".gz", ".bz2", ".xz", ".zst", ".Z", ".lz", ".lz4"};

struct md_str md_item_name_base(struct md_str path)
{
    while (path.n > 0 && path.p[path.n - 1] == '/')
        path.n--;
    return md_str_from(path, (size_t)(md_str_rfind_char(path, '/') + 1));
}

struct md_str md_item_name_unpacked(struct md_str name)
{
    for (size_t i = 0; i < sizeof compression_suffixes / sizeof *compression_suffixes; i++) {
        struct md_str suffix = md_str(compression_suffixes[i]);

        if (name.n > suffix.n && md_str_has_suffix(name, suffix))
            return md_str_sub(name, 0, name.n - suffix.n);
    }
    return name;
}

/* Exact names of files that are read by name; sure: no content could make it something else. */
static const struct {
    const char *name;
    enum md_item_kind kind;
    bool is_sure;
} exact[] = {
    {"imta.cnf", MD_ITEM_IMTA_CNF, true},
    {"option.dat", MD_ITEM_OPTION_DAT, true},
    {"job_controller.cnf", MD_ITEM_JOB_CONTROLLER_CNF, true},
    {"dispatcher.cnf", MD_ITEM_DISPATCHER_CNF, true},
    {"imta_tailor", MD_ITEM_IMTA_TAILOR, true},
    {"mappings", MD_ITEM_MAPPINGS, true},
    {"aliases", MD_ITEM_ALIASES, true},
    {"conversions", MD_ITEM_CONVERSIONS, true},
    {"config.xml", MD_ITEM_CONFIG_XML, true},
    {"internet.rules", MD_ITEM_MTA_RULES, true},
    {"config_data", MD_ITEM_CONFIG_IMAGE, true},
    {"ics.conf", MD_ITEM_ICS_CONF, true},
    {"ics50caldb.conf", MD_ITEM_CALDB_CONF, true},
    {"caldb.conf", MD_ITEM_CALDB_CONF, true},
    {"mnttab", MD_ITEM_MOUNT, false},
    {"vfstab", MD_ITEM_MOUNT, false},
    {".sh_history", MD_ITEM_SHELL_HISTORY, true},
    {".bash_history", MD_ITEM_SHELL_HISTORY, true},
    {"sh_history", MD_ITEM_SHELL_HISTORY, true},
    {"bash_history", MD_ITEM_SHELL_HISTORY, true},
    {"start.log", MD_ITEM_CALENDAR_START, false},
    {"stop.log", MD_ITEM_CALENDAR_START, false},
    {"msg.conf", MD_ITEM_MSG_CONF, true},
    {"local.conf", MD_ITEM_MSG_CONF, true},
    {"configdb", MD_ITEM_MSG_CONF, false},
    {"resolv.conf", MD_ITEM_RESOLV_CONF, true},
    {"nsswitch.conf", MD_ITEM_NSSWITCH_CONF, true},
    {"hosts", MD_ITEM_HOSTS_FILE, true},
    {"cpuinfo", MD_ITEM_CPUS, true},
    {"manifest.json", MD_ITEM_MANIFEST, false},
    {"dns.json", MD_ITEM_DNS_ANSWERS, false},
    {"facts.json", MD_ITEM_FACTS, false},
    {"stored.ckp", MD_ITEM_PID_FILE, true},
    {"stored.lcu", MD_ITEM_PID_FILE, true},
    {"stored.per", MD_ITEM_PID_FILE, true},
    {"watcher", MD_ITEM_WATCHER_LOG, false},
    {"processes.txt", MD_ITEM_PS, false},
    {"messages", MD_ITEM_SYSTEM_LOG, false},
    {"syslog", MD_ITEM_SYSTEM_LOG, false},
    {"maillog", MD_ITEM_SYSTEM_LOG, false},
};

/* Logs: what the name begins with, rotated or not. */
static const struct {
    const char *prefix;
    enum md_item_kind kind;
} logs[] = {
    {"mail.log", MD_ITEM_MAIL_LOG},
    {"connection.log", MD_ITEM_CONNECTION_LOG},
    {"job_controller.log", MD_ITEM_JOB_CONTROLLER_LOG},
    {"dispatcher.log", MD_ITEM_DISPATCHER_LOG},
    {"return.log-", MD_ITEM_MTA_DEBUG_LOG},
    {"tcp_smtp_server.log", MD_ITEM_MTA_DEBUG_LOG},
    {"tcp_submit_server.log", MD_ITEM_MTA_DEBUG_LOG},
    {"tcp_lmtp_server.log", MD_ITEM_MTA_DEBUG_LOG},
    {"watcher.", MD_ITEM_WATCHER_LOG},
    {"messages.", MD_ITEM_SYSTEM_LOG},
    {"syslog.", MD_ITEM_SYSTEM_LOG},
    {"maillog.", MD_ITEM_SYSTEM_LOG},
};

/* Server logs; rolled ones are called service.N.seconds. */
static const char *const server_logs[] = {
    "imta",      "imap",     "pop",         "http", "default", "admin", "msgtrace", "tcp_lmtp_server",
    "imapproxy", "popproxy", "submitproxy", "mmp",  "ens",     "sched", "purge",    "metermaid",
};

/* Logs of Calendar Server; rolled ones are called admin.log.N.seconds. */
static const char *const calendar_logs[] = {
    "admin.log", "http.log",     "store.log", "defaultstore.log", "notify.log",
    "dwp.log",   "csstored.log", "alarm.log", "am_sso.log",       "ens.log",
};

static bool is_digits(struct md_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!md_is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

/* "", ".3", ".12.1795422060" */
static bool is_roll_suffix(struct md_str s)
{
    while (s.n > 0) {
        size_t end = 1;

        if (s.p[0] != '.')
            return false;
        while (end < s.n && md_is_digit(s.p[end]))
            end++;
        if (end == 1)
            return false;
        s = md_str_from(s, end);
    }
    return true;
}

static bool is_rolled(struct md_str name, const char *const *logs_of, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (md_str_has_prefix(name, md_str(logs_of[i])) && is_roll_suffix(md_str_from(name, strlen(logs_of[i]))))
            return true;
    return false;
}

static bool is_server_log(struct md_str name)
{
    return is_rolled(name, server_logs, sizeof server_logs / sizeof *server_logs);
}

static bool is_calendar_log(struct md_str name)
{
    return is_rolled(name, calendar_logs, sizeof calendar_logs / sizeof *calendar_logs);
}

/* Files of a Berkeley DB environment. Another database library's user has the same logs and regions, so only the database files say
 * whose they are. */
static enum md_item_kind database_file(struct md_str name)
{
    struct md_str rest = name;

    if (md_str_skip_prefix(&rest, MD_LIT("log.")))
        return rest.n == 10 && is_digits(rest) ? MD_ITEM_CSDB_LOG : MD_ITEM_OTHER;
    if (md_str_skip_prefix(&rest, MD_LIT("__db.")))
        return is_digits(rest) ? MD_ITEM_CSDB_REGION : MD_ITEM_OTHER;
    return md_str_has_prefix(name, MD_LIT("ics50")) && md_str_has_suffix(name, MD_LIT(".db")) ? MD_ITEM_CSDB_FILE
                                                                                              : MD_ITEM_OTHER;
}

/* What people append when they save a copy, so that it is not what the server reads. */
static bool is_copy_suffix(struct md_str s)
{
    static const char *const suffixes[] = {".bak",     ".old",    ".orig",   ".save",    ".sav",    ".prev",
                                           ".rpmsave", ".rpmnew", ".dist",   ".default", ".sample", ".tmpl",
                                           "~",        ".copy",   ".backup", ".swp"};

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (md_str_has_prefix_nocase(s, md_str(suffixes[i])))
            return true;
    /* a date or a number: imta.cnf.20260101, imta.cnf-1 */
    return s.n > 1 && strchr(".-_", s.p[0]) != NULL && is_digits(md_str_from(s, 1));
}

static bool match_exact(struct md_str name, struct md_item_name *ret)
{
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        struct md_str want = md_str(exact[i].name);
        struct md_str rest;

        if (md_str_eq_nocase(name, want)) {
            *ret = (struct md_item_name){exact[i].kind, exact[i].is_sure, false};
            return true;
        }
        if (!exact[i].is_sure)
            continue;
        if (md_str_has_prefix_nocase(name, want)) {
            rest = md_str_from(name, want.n);
            if (md_str_is_nocase(rest, ".txt") || md_str_is_nocase(rest, ".out")) {
                *ret = (struct md_item_name){exact[i].kind, true, false};
                return true;
            }
            if (is_copy_suffix(rest)) {
                *ret = (struct md_item_name){exact[i].kind, true, true};
                return true;
            }
        }
        /* mail1-imta.cnf, mail1.imta.cnf.txt: only names that nobody uses for anything else */
        if (want.n > 7 && name.n > want.n + 1) {
            ptrdiff_t at = md_str_find_nocase(name, want);

            if (at > 0 && strchr("-_.", name.p[at - 1]) != NULL) {
                rest = md_str_from(name, (size_t)at + want.n);
                if (md_str_is_empty(rest) || md_str_is_nocase(rest, ".txt")) {
                    *ret = (struct md_item_name){exact[i].kind, true, false};
                    return true;
                }
            }
        }
    }
    return false;
}

/* The last folder of the path. */
static struct md_str folder_of(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');

    return slash < 0 ? md_str("") : md_item_name_base(md_str_sub(path, 0, (size_t)slash));
}

static const char pid_file_prefix[] = "pidfile.", option_suffix[] = "_option", recipe_suffix[] = ".rcp";
static const char *const program_logs[] = {"_master.log", "_slave.log"};

void md_item_name_read(struct md_str path, struct md_item_name *ret)
{
    struct md_str name = md_item_name_unpacked(md_item_name_base(path));

    *ret = (struct md_item_name){.kind = database_file(name), .is_sure = true};
    if (ret->kind != MD_ITEM_OTHER)
        return;
    *ret = (struct md_item_name){.kind = MD_ITEM_OTHER};
    if (match_exact(name, ret))
        return;
    if (is_calendar_log(name)) {
        ret->kind = MD_ITEM_CALENDAR_LOG;
        return;
    }
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        if (md_str_has_prefix(name, md_str(logs[i].prefix))) {
            ret->kind = logs[i].kind;
            return;
        }
    if (is_server_log(name)) {
        ret->kind = md_str_is(folder_of(path), "proc") ? MD_ITEM_PID_FILE : MD_ITEM_NSLOG;
        return;
    }
    if (md_str_has_prefix(name, md_str(pid_file_prefix)) || (md_str_is(folder_of(path), "proc") && name.n < 32)) {
        ret->kind = MD_ITEM_PID_FILE;
        return;
    }
    for (size_t i = 0; i < sizeof program_logs / sizeof *program_logs; i++)
        if (md_str_find(name, md_str(program_logs[i])) > 0) {
            ret->kind = MD_ITEM_MTA_DEBUG_LOG;
            return;
        }
    if (name.n > 7 && md_str_has_suffix(name, md_str(option_suffix))) {
        *ret = (struct md_item_name){MD_ITEM_CHANNEL_OPTION, true, false};
        return;
    }
    if (name.n > 4 && md_str_has_suffix(name, md_str(recipe_suffix))) {
        *ret = (struct md_item_name){MD_ITEM_RECIPE, true, false};
        return;
    }
}

static void give(md_item_name_fn *fn, void *ctx, const char *before, const char *name, const char *after)
{
    char pattern[128];
    int n = snprintf(pattern, sizeof pattern, "%s%s%s", before, name, after);

    if (n > 0 && (size_t)n < sizeof pattern)
        fn(ctx, pattern);
}

void md_item_name_patterns(bool is_log, md_item_name_fn *fn, void *ctx)
{
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (is_log
                ? exact[i].kind == MD_ITEM_WATCHER_LOG || exact[i].kind == MD_ITEM_SYSTEM_LOG ||
                      exact[i].kind == MD_ITEM_CALENDAR_START
                : exact[i].is_sure && exact[i].kind != MD_ITEM_CONFIG_IMAGE && exact[i].kind != MD_ITEM_SHELL_HISTORY)
            give(fn, ctx, "", exact[i].name, "");
    if (!is_log) {
        give(fn, ctx, "", pid_file_prefix, "*");
        give(fn, ctx, "?*", option_suffix, "");
        give(fn, ctx, "?*", recipe_suffix, "");
        return;
    }
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        give(fn, ctx, "", logs[i].prefix, "*");
    for (size_t i = 0; i < sizeof calendar_logs / sizeof *calendar_logs; i++) {
        give(fn, ctx, "", calendar_logs[i], "");
        give(fn, ctx, "", calendar_logs[i], ".[0-9]*");
    }
    for (size_t i = 0; i < sizeof server_logs / sizeof *server_logs; i++) {
        give(fn, ctx, "", server_logs[i], "");
        give(fn, ctx, "", server_logs[i], ".[0-9]*"); /* rolled ones */
    }
    for (size_t i = 0; i < sizeof program_logs / sizeof *program_logs; i++)
        give(fn, ctx, "?*", program_logs[i], "*");
}
