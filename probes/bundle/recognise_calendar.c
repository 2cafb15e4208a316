/* What is Calendar Server's, or its database library's. */
#include "probes/bundle/recognise.h"

#include "probes/formats/msgserver/nslog.h"

#define MAGIC_LOOK 256

static bool has(struct md_str line, const char *what)
{
    return md_str_find(line, md_str(what)) >= 0;
}

static bool begins(struct md_str line, const char *what)
{
    return md_str_has_prefix(line, md_str(what));
}

static bool has_any(struct md_str line, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has(line, texts[i]))
            return true;
    return false;
}

#define HAS_ANY(line, list) has_any((line), (list), sizeof(list) / sizeof *(list))

/* ---- files of the database ---- */

static uint32_t word_at(struct md_str head, size_t at, bool is_big)
{
    const unsigned char *p = (const unsigned char *)head.p + at;

    return is_big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
                  : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

enum md_item_kind md_recognise_database(struct md_str head)
{
    static const uint32_t files[] = {0x00053162, 0x00061561,
                                     0x00042253}; /* btree, hash, queue: behind LSN and number */

    if (head.n < 64 || md_str_find_char(head, '\0') < 0)
        return MD_ITEM_OTHER;
    for (int big = 0; big < 2; big++) {
        uint32_t word = word_at(head, 12, big != 0);

        for (size_t i = 0; i < sizeof files / sizeof *files; i++)
            if (word == files[i])
                return MD_ITEM_CSDB_FILE;
        for (size_t at = 0; at + 4 <= 64; at += 4)
            if (word_at(head, at, big != 0) == 0x00040988)
                return MD_ITEM_CSDB_LOG;
        for (size_t at = 0; at + 4 <= head.n && at < MAGIC_LOOK; at += 4)
            if (word_at(head, at, big != 0) == 0x00120897)
                return MD_ITEM_CSDB_REGION;
    }
    return MD_ITEM_OTHER;
}

/* ---- logs ---- */

static const char *const daemons[] = {"cshttpd", "csadmind", "csstored", "csnotifyd", "csdwpd"};
static const char *const tools[] = {"csdb",     "csbackup", "csrestore", "cscal",    "cscomponents", "csschedule",
                                    "csuser",   "csdomain", "csexport",  "csimport", "csresource",   "cstool",
                                    "csrename", "csstats",  "dbrig",     "csmonitor"};

bool md_recognise_is_calendar_log(struct md_str line)
{
    struct md_nslog_line event;
    ptrdiff_t at = md_str_find_char(line, '[');

    /* "admin.log:[31/May/2007..." of grep */
    if (at > 0 && line.p[at - 1] == ':')
        line = md_str_from(line, (size_t)at);
    /* start.log has the stamp, and no process that wrote it */
    if (md_nslog_parse(line, &event) != MD_OK)
        return HAS_ANY(line, daemons) || has(line, "start-cal") || has(line, "stop-cal");
    for (size_t i = 0; i < sizeof daemons / sizeof *daemons; i++)
        if (begins(event.process, daemons[i]))
            return true;
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++)
        if (md_str_is(event.process, tools[i]))
            return true;
    return has(event.text, "ics50") || has(event.text, "caldb") || has(event.text, "Calendar Server");
}

/* ---- other lines ---- */

/* "BDB0060 PANIC: ...", from library 5.2 on */
static bool has_message_number(struct md_str line)
{
    ptrdiff_t at;

    while ((at = md_str_find(line, MD_LIT("BDB"))) >= 0) {
        struct md_str rest = md_str_from(line, (size_t)at + 3);
        size_t n = 0;

        while (n < rest.n && md_is_digit(rest.p[n]))
            n++;
        if (n == 4 && n < rest.n && rest.p[n] == ' ' && (at == 0 || !md_is_alnum(line.p[at - 1])))
            return true;
        line = rest;
    }
    return false;
}

/* Words that only the database library says. */
static bool is_library_message(struct md_str line)
{
    static const char *const texts[] = {"fatal region error detected",
                                        "DB_RUNRECOVERY",
                                        "DB_VERIFY_BAD",
                                        "DB_LOCK_DEADLOCK",
                                        "DB_OLD_VERSION",
                                        "DB_VERSION_MISMATCH",
                                        "DB_PAGE_NOTFOUND",
                                        "DB_SECONDARY_BAD",
                                        "illegal page type or format",
                                        "pgin failed for page",
                                        "past end of log",
                                        "end-of-log",
                                        "Log sequence error",
                                        "Log file corrupt at LSN",
                                        "unexpected file type or format",
                                        "catastrophic recovery",
                                        "Lock table is out of available",
                                        "doesn't match environment version",
                                        "remaining in the cache after error",
                                        "unable to read region info",
                                        "requires a version upgrade",
                                        "file size not a multiple of the pagesize",
                                        "Incomplete metadata page",
                                        "last_pgno is not correct",
                                        "totally zeroed page",
                                        "Locker killed to resolve a deadlock",
                                        "Invalid log file: ",
                                        "Ignoring log file: "};

    return has_message_number(line) || HAS_ANY(line, texts) || begins(line, "PANIC: ") || has(line, ": PANIC: ");
}

static enum md_item_kind library_tool(struct md_str line)
{
    static const char *const stat[] = {"Log magic number",
                                       "Btree magic number",
                                       "Hash magic number",
                                       "Panic value",
                                       "Environment version",
                                       "Checkpoint timestamp",
                                       "last checkpoint LSN",
                                       "Locks grouped by ",
                                       "Last allocated locker ID",
                                       "Number of unique keys in the tree",
                                       "Number of keys in the database",
                                       "Total cache size",
                                       "Number of transactions begun",
                                       "Number of lock modes"};
    static const char *const recover[] = {"Finding last valid log LSN", "Recovery starting from [",
                                          "Recovery complete at ",      "Maximum transaction ID",
                                          "No log files found",         "Recovery function for LSN"};

    if (has(line, "_verify: ") || (has(line, "Verification of ") && (has(line, " succeeded") || has(line, " failed"))))
        return MD_ITEM_DB_VERIFY;
    if (HAS_ANY(line, stat))
        return MD_ITEM_DB_STAT;
    if (has(line, "db_recover: ") || has(line, "_recover: ") || HAS_ANY(line, recover))
        return MD_ITEM_DB_RECOVER;
    if (begins(line, "format=bytevalue") || begins(line, "format=print") || begins(line, "HEADER=END"))
        return MD_ITEM_DB_DUMP;
    return MD_ITEM_OTHER;
}

static enum md_item_kind product_tool(struct md_str line, bool *ret_is_header)
{
    static const char *const rebuild[] = {"Building calprops based on component",
                                          "Building components based on calprops",
                                          "Calendar database has been rebuilt",
                                          "Successful components db scan",
                                          "Successful calprops db scan",
                                          "Scanning calprops database",
                                          "Scanning events database",
                                          "Scanning todos database",
                                          "Scanning deletelog database",
                                          "Scanning gse database",
                                          "Scanning recurring database",
                                          " events scanned",
                                          " todos scanned",
                                          " calendars scanned",
                                          " recurring entries scanned"};
    static const char *const capture[] = {
        "Version Detected:", "Capture started at:", "Installed Calendar Patches:", "Machine Last Reboot:"};

    if (HAS_ANY(line, rebuild))
        return MD_ITEM_CSDB_REBUILD;
    if (HAS_ANY(line, capture))
        return MD_ITEM_CSCAPTURE;
    if (begins(line, "CS") && (has(line, "D running ") || has(line, "D process not running")))
        return MD_ITEM_CSCAPTURE;
    if (begins(line, "Subject:") && (has(line, "alendar") || has(line, "csstored") || has(line, "csmonitor"))) {
        *ret_is_header = true;
        return MD_ITEM_CALENDAR_NOTICE;
    }
    return MD_ITEM_OTHER;
}

static bool is_number(struct md_str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!md_is_digit(word.p[i]))
            return false;
    return word.n > 0;
}

/* "4711:\t/opt/SUNWics5/cal/lib/csadmind", "core 'core' of 4711:\t/opt/...", "-----------------  lwp# 1 / thread# 1", "#0  0xff1a2b3c in poll () from ..." */
static bool stack_line(struct md_str line, bool *ret_is_header)
{
    ptrdiff_t colon = md_str_find_char(line, ':'), of = md_str_find(line, MD_LIT(" of "));
    size_t from = begins(line, "core ") && of > 0 && of < colon ? (size_t)of + 4 : 0;

    if (colon > 0 && is_number(md_str_sub(line, from, (size_t)colon - from)) && HAS_ANY(line, daemons)) {
        *ret_is_header = true;
        return true;
    }
    if (has(line, "lwp# ") && begins(line, "---"))
        return true;
    return line.n > 3 && line.p[0] == '#' && md_is_digit(line.p[1]) && has(line, " in ") && has(line, " (");
}

static bool mount_line(struct md_str line)
{
    struct md_str rest = line, first = md_str_next_word(&rest), word = md_str_next_word(&rest);
    struct md_str third = md_str_next_word(&rest), fourth = md_str_next_word(&rest);

    if (!md_str_is(word, "on") || third.n == 0 || third.p[0] != '/')
        return false;
    /* "/dev/sda1 on /var type ext4 (rw)", "server:/export on /var type nfs (rw)", "/var on /dev/dsk/c0t0d0s3 read/write/..." */
    return md_str_is(fourth, "type") || (first.n > 0 && first.p[0] == '/' && begins(fourth, "read/"));
}

/* Parameters that only ics.conf has. */
static bool parameter_line(struct md_str line)
{
    static const char *const roots[] = {"caldb.",       "calstore.",       "service.admin.",
                                        "service.dwp.", "service.wcap.",   "service.store.",
                                        "service.ens.", "service.notify.", "service.calendarsearch.",
                                        "local.caldb.", "local.ics",       "logfile.store.logname",
                                        "gse.",         "csapi.",          "ine.",
                                        "ics.",         "!caldb.",         "!!caldb."};
    ptrdiff_t equals = md_str_find_char(line, '=');

    if (equals <= 0 || md_str_find_char(md_str_trim_right(md_str_sub(line, 0, (size_t)equals)), ' ') >= 0)
        return false;
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (begins(line, roots[i]))
            return true;
    return false;
}

/* "csadmind is started", "Stopping cshttpd 4713 ... failed": of start-cal, stop-cal and start.log. */
static bool start_line(struct md_str line)
{
    static const char *const verbs[] = {"start",           "Start", "STAR", "stop", "Stop",      "not running",
                                        "already running", "fail",  "Fail", "FAIL", "is running"};

    if (has(line, "Calendar Server") && (has(line, "tarting") || has(line, "topping") || has(line, "started")))
        return line.n < 200;
    return line.n < 200 && (HAS_ANY(line, daemons) || has(line, "enpd")) && HAS_ANY(line, verbs);
}

static bool is_process_row(struct md_str line)
{
    struct md_str first = md_str_next_word(&line), second = md_str_next_word(&line);

    return is_number(second) || is_number(first);
}

enum md_item_kind md_recognise_calendar_line(struct md_str line, bool *ret_is_header)
{
    struct md_str text = md_str_trim(line);
    enum md_item_kind kind;

    *ret_is_header = false;
    if (parameter_line(text))
        return MD_ITEM_ICS_CONF;
    if ((kind = library_tool(text)) != MD_ITEM_OTHER || (kind = product_tool(text, ret_is_header)) != MD_ITEM_OTHER) {
        *ret_is_header |= kind == MD_ITEM_DB_DUMP; /* what follows are rows of digits */
        return kind;
    }
    if (is_library_message(text))
        return MD_ITEM_CALENDAR_TEXT;
    if (stack_line(text, ret_is_header))
        return MD_ITEM_PSTACK;
    if (mount_line(text))
        return MD_ITEM_MOUNT;
    return !is_process_row(text) && start_line(text) ? MD_ITEM_CALENDAR_START : MD_ITEM_OTHER;
}
