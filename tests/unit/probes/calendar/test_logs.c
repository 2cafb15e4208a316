#include "tests/unit/probes/calendar/calendar_fixture.h"

#define START(clock, process)                                                                                          \
    STAMP(clock)                                                                                                       \
    process "[9]: General Notice: Sun Java System Calendar Server 6.3-7.01 (built Jul 11 2007) starting up\n"
#define VICTIM(clock, process)                                                                                         \
    STAMP(clock) process "[9]: Store Critical: caldb: PANIC: fatal region error detected; run recovery\n"
#define LINE(clock, process, text) STAMP(clock) process "[9]: General Error: " text "\n"

/* Which message of the last incident came first; who only repeats the panic is a victim. */
static void finds_the_first_cause(void **state)
{
    static const struct {
        const char *says, *admin, *http, *cause, *process, *panic;
    } rows[] = {
        {"a page before the panic",
         LINE("04:12:08", "csadmind", "ics50events.db: illegal page type or format")
             LINE("04:12:08", "csadmind", "PANIC: Invalid argument") VICTIM("04:12:09", "csadmind"),
         VICTIM("04:12:08", "cshttpd"), "page_damage", "csadmind", "2007-05-31T04:12:08Z"},
        {"the culprit is in the other log", VICTIM("04:12:10", "csadmind"),
         LINE("04:12:09", "cshttpd", "DB_ENV->log_flush: LSN of 5/9 past current end-of-log of 1/28")
             VICTIM("04:12:09", "cshttpd"),
         "lsn_ahead", "cshttpd", "2007-05-31T04:12:09Z"},
        {"nothing but the panic", VICTIM("04:12:10", "csadmind"), VICTIM("04:12:11", "cshttpd"), "?", "?",
         "2007-05-31T04:12:10Z"},
        {"an error of the system behind the panic's own words says more than they do",
         LINE("04:12:08", "csadmind", "PANIC: No space left on device")
             LINE("04:12:08", "csadmind", "write: 0xfe01, 8192: No space left on device"),
         "", "io_error", "csadmind", "2007-05-31T04:12:08Z"},
        {"a deadlock now and then is normal and no cause",
         LINE("03:00:00", "csadmind", "DB_LOCK_DEADLOCK: Locker killed to resolve a deadlock")
             LINE("04:12:08", "csadmind", "Log sequence error: page LSN 3 4; previous LSN 1 2"),
         "", "lsn_mismatch", "csadmind", "?"},
        {"an incident that a clean start ended is over",
         LINE("01:00:00", "csadmind", "ics50events.db: illegal page type or format") START("02:00:00", "csadmind")
             LINE("04:12:08", "csadmind", "Lock table is out of available locks"),
         VICTIM("01:00:01", "cshttpd"), "lock_limits", "csadmind", "?"},
        {"a start into the same panic is not",
         LINE("04:00:00", "csadmind", "ics50events.db: illegal page type or format") VICTIM("04:00:01", "csadmind")
             START("04:05:00", "csadmind") VICTIM("04:05:01", "csadmind"),
         "", "page_damage", "csadmind", "2007-05-31T04:00:01Z"},
        {"a full disk of the backups is no matter of the database",
         LINE("04:00:00", "csstored", "backup: write: 0xfe, 8192: /backup/hot/x: No space left on device"), "", "?",
         "?", "?"},
        {"sessions are another database",
         LINE("04:00:00", "cshttpd", "/opt/SUNWics5/cal/lib/http/session/x.db: DB_RUNRECOVERY: Fatal error"), "", "?",
         "?", "?"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, rows[i].says);
        md_fake_add(t.source, MD_ITEM_CALENDAR_LOG, "logs/admin.log", rows[i].admin);
        md_fake_add(t.source, MD_ITEM_CALENDAR_LOG, "logs/http.log", rows[i].http);
        run_calendar(&t);
        md_want_cstr("cause", md_shown(&t, NULL, "host.cal_first_cause"), rows[i].cause);
        md_want_cstr("process", md_shown(&t, NULL, "host.cal_first_process"), rows[i].process);
        md_want_cstr("panic", md_shown(&t, NULL, "host.cal_panic"), rows[i].panic);
        md_probe_test_end(&t);
    }
}

static void counts_what_logs_say(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.cal_version", "6.3"},
        {NULL, "host.cal_messages", "checkpoint_failed=1 io_error=1"},
        {NULL, "host.cal_errnos", "ENOSPC=2"},
        {NULL, "host.cal_dwp_errors", "1"},
        {NULL, "host.cal_gse_errors", "1"},
        {NULL, "host.cal_alarm_errors", "0"},
        {NULL, "host.cal_session_errors", "1"},
        {NULL, "host.cal_backup_notices", "1"},
        {NULL, "host.cal_snapshot_ok", "2007-05-30T02:00:00Z"},
        {NULL, "host.cal_snapshot_failed", "2007-05-31T02:00:00Z"},
        {NULL, "host.cal_hot_verified", "no"},
        {NULL, "host.cal_last_start", "2007-05-31T01:00:00Z"},
        {NULL, "host.cal_crash", "2007-05-31T05:00:00Z"},
        {NULL, "host.cal_tool_run", "2007-05-31T06:00:00Z"},
        {NULL, "host.cal_start_partial", "?"},
        {"database/ics50todos.db", "database.messages", "checkpoint_failed=1"},
        {"process/csadmind", "process.log_last", "2007-05-31T07:00:00Z"},
        {"process/csadmind", "process.starts", "1"},
        {"process/csstored", "process.errors", "1"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(
        t.source, MD_ITEM_CALENDAR_LOG, "logs/admin.log",
        START("01:00:00", "csadmind") LINE("03:00:00", "csadmind", "GSE: entry 7 cannot be processed")
            LINE("03:00:01", "csadmind", "write: 0xfe, 8192: No space left on device")
                LINE("03:00:01", "csadmind", "ics50todos.db: unwritable page 4 remaining in the cache after error 28")
                    STAMP("05:00:00") "watcher[2]: General Error: csnotifyd exited abnormally\n" STAMP(
                        "07:00:00") "csadmind[9]: General Notice: nothing\n");
    md_fake_add(t.source, MD_ITEM_CALENDAR_LOG, "csdb/admin.log", LINE("06:00:00", "csdb", "checking"));
    md_fake_add(t.source, MD_ITEM_CALENDAR_LOG, "logs/store.log",
                "[30/May/2007:02:00:00 +0000] cal1 csstored[8]: General Notice: Backup verified and completed\n" STAMP(
                    "02:00:00") "csstored[8]: General Error: Verification of the snapshot failed\n");
    md_fake_add(t.source, MD_ITEM_CALENDAR_LOG, "logs/http.log",
                LINE("03:00:00", "cshttpd", "DWP: cannot connect to cal2.example.com") LINE(
                    "03:00:00", "cshttpd", "/opt/x/session/s.db: DB_RUNRECOVERY: Fatal error, run database recovery"));
    md_fake_add(
        t.source, MD_ITEM_CALENDAR_NOTICE, "mail.txt",
        "Date: Thu, 31 May 2007 02:00:00 +0000\nSubject: Calendar Server\n\nAutomatic backups are not enabled.\n");
    run_calendar(&t);
    md_want_shown(&t, rows);
    md_probe_test_end(&t);
}

/* Lines that somebody copied without their stamps still say what happened. */
static void undated_text_counts(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.product", "calendar"},
        {NULL, "host.cal_messages", "page_damage=1 panic_generic=1"},
        {NULL, "host.cal_first_cause", "page_damage"},
        {NULL, "host.cal_first_cause_at", "?"},
        {"database/ics50events.db", "database.messages", "page_damage=1"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_CALENDAR_TEXT, "mail.txt",
                "ics50events.db: illegal page type or format\nDB_RUNRECOVERY: Fatal error, run database recovery\n");
    run_calendar(&t);
    md_want_shown(&t, rows);
    md_probe_test_end(&t);
}

static void a_clean_log_says_that_there_is_nothing(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.cal_messages", ""},
        {NULL, "host.cal_first_cause", "?"},
        {NULL, "host.cal_panic", "?"},
        {NULL, "host.cal_crash", "?"},
        {NULL, "host.cal_readonly_refusals", "0"},
        {NULL, "host.cal_tool_run", "?"},
        {NULL, "host.cal_last_start", "2007-05-31T01:00:00Z"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_CALENDAR_LOG, "logs/admin.log", START("01:00:00", "csadmind"));
    run_calendar(&t);
    md_want_shown(&t, rows);
    md_want_int("complaints", md_diags_count(t.diags), 0);
    md_probe_test_end(&t);
}

static void tells_a_partial_start(void **state)
{
    static const struct {
        const char *says, *text, *want;
    } rows[] = {
        {"all up", "Starting enpd ... started\nStarting csadmind ... started\n", "false"},
        {"one down", "enpd started\ncsnotifyd started\ncshttpd failed to start\n", "true"},
        {"none up", "enpd failed\ncsadmind failed\n", "false"},
        {"down, then a whole start", "enpd started\ncshttpd failed to start\nenpd started\ncshttpd started\n", "false"},
        {"what stop-cal says is none", "Stopping enpd ... done\n", "?"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, rows[i].says);
        md_fake_add(t.source, MD_ITEM_CALENDAR_START, "logs/start.log", rows[i].text);
        run_calendar(&t);
        md_want_cstr("partial", md_shown(&t, NULL, "host.cal_start_partial"), rows[i].want);
        md_probe_test_end(&t);
    }
}

static void a_boot_without_a_shutdown_is_a_crash(void **state)
{
    static const struct {
        const char *says, *text, *want;
    } rows[] = {
        {"power lost",
         "May 31 02:00:00 cal1 sshd[1]: x\nMay 31 03:00:00 cal1 genunix: [ID 1 kern.notice] SunOS Release 5.9\n",
         "2007-05-31T03:00:00Z"},
        {"shut down",
         "May 31 02:58:00 cal1 syslogd: going down on signal 15\nMay 31 03:00:00 cal1 genunix: [ID 1 kern.notice] "
         "SunOS "
         "Release 5.9\n",
         "?"},
        {"a daemon killed for want of memory", "May 31 03:00:00 cal1 kernel: Killed process 4711 (csadmind)\n",
         "2007-05-31T03:00:00Z"},
        {"somebody else killed", "May 31 03:00:00 cal1 kernel: Killed process 4711 (java)\n", "?"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, rows[i].says);
        md_fake_add(t.source, MD_ITEM_CALENDAR_LOG, "logs/admin.log", START("01:00:00", "csadmind"));
        md_fake_add(t.source, MD_ITEM_SYSTEM_LOG, "messages", rows[i].text);
        run_calendar(&t);
        md_want_cstr("crash", md_shown(&t, NULL, "host.cal_crash"), rows[i].want);
        md_probe_test_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(finds_the_first_cause), MD_TEST(counts_what_logs_say),
                                       MD_TEST(undated_text_counts),   MD_TEST(a_clean_log_says_that_there_is_nothing),
                                       MD_TEST(tells_a_partial_start), MD_TEST(a_boot_without_a_shutdown_is_a_crash)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
