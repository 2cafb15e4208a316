#include "tests/unit/probes/fact_shown.h"

extern const struct md_probe md_probe_msgserver_logs;

#define NOW (INT64_C(1795507920) * MD_SECOND) /* 2026-11-24T08:12:00Z */
#define MS "Sun Java(tm) System Messaging Server ims_master 6.3-6.03 (built Mar 14 2008; 32bit) "

static const char imta[] =
    "[22/Nov/2026:03:00:00 -0500] mail1 ims_master[100]: Store Error: Mailbox corrupted, missing fixed headers: "
    "user/old\n"
    "[24/Nov/2026:02:00:00 -0500] mail1 ims_master[101]: General Notice: " MS "starting up\n"
    "[24/Nov/2026:02:30:00 -0500] mail1 ims_master[101]: General Notice: " MS "shutting down\n"
    "[24/Nov/2026:02:40:00 -0500] mail1 ims_master[102]: General Notice: " MS "starting up\n"
    "[24/Nov/2026:02:41:00 -0500] mail1 ims_master[102]: Store Error: Mailbox corrupted, missing fixed headers: "
    "user/ann\n"
    "[24/Nov/2026:02:50:00 -0500] mail1 ims_master[103]: General Notice: " MS "starting up\n"
    "[24/Nov/2026:02:51:00 -0500] mail1 ims_master[103]: Store Error: Unable to append cache for "
    "/store/partition/primary/=user/1a/2b/=bob/store.idx: Input/output error\n"
    "  and a second line of it\n"
    "[24/Nov/2026:02:52:00 -0500] mail1 ims_master[103]: Account Information: login of user/eve: error\n";

static const char default_log[] =
    "[24/Nov/2026:02:00:00 -0500] mail1 stored[9]: Store Critical: DB_RUNRECOVERY: Fatal error, run database recovery\n"
    "[24/Nov/2026:03:00:00 -0500] mail1 imapd[8]: LDAP Error: Can't contact LDAP server\n"
    "[24/Nov/2026:03:03:00 -0500] mail1 imapd[8]: LDAP Error: search timed out\n"
    "[24/Nov/2026:03:06:00 -0500] mail1 imapd[8]: LDAP Error: search timed out\n"
    "[24/Nov/2026:03:09:00 -0500] mail1 imapd[8]: LDAP Error: search timed out\n";

static void adds_up_the_server_logs(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.server_log_seen", "true"},
        {NULL, "host.db_panic_lines", "1"},
        {NULL, "host.ldap_errors", "4"},
        {NULL, "host.ldap_unreachable", "1"},
        {NULL, "host.ldap_timeouts", "3"},
        {NULL, "host.ldap_pause_s", "180"},
        {NULL, "host.fd_limit_lines", "0"},
        {NULL, "host.disk_error_lines", "1"},
        {NULL, "host.jc_log_errors", "?"},
        {NULL, "host.watcher_exits", "?"},
        {"process/ims_master", "process.starts", "3"},
        {"process/ims_master", "process.starts_1h", "2"},
        {"process/ims_master", "process.orderly_ends", "1"},
        {"process/ims_master", "process.unended_starts", "1"},
        {"process/ims_master", "process.errors", "2"},
        {"process/ims_master", "process.last_start", "2026-11-24T07:50:00Z"},
        {"process/ims_master", "process.log_last", "2026-11-24T07:52:00Z"},
        {"process/stored", "process.errors", "1"},
        {"process/stored", "process.starts", "0"},
        {"process/popd", "process.errors", "-"},
        {"database/mboxlist", "database.panic_lines", "1"},
        {"database/mboxlist", "database.lock_lines", "0"},
        {"ims-ms/mailbox/ann@ims-ms-daemon", "mailbox.store_errors", "mailbox-format=1"},
        {"ims-ms/mailbox/bob", "mailbox.store_errors", "store-io=1"},
        {"ims-ms/mailbox/old", "mailbox.store_errors", "-"},
        {"partition//store", "partition.store_io_lines", "1"},
        {"partition//store", "partition.store_io_mailboxes", "1"},
        {"partition//", "partition.store_io_lines", "0"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_instance *root = md_facts_root(t.facts);
    struct md_instance *channel = md_facts_instance(t.facts, "channel", MD_LIT("ims-ms"), root);

    md_facts_instance(t.facts, "mailbox", MD_LIT("ann@ims-ms-daemon"), channel);
    md_facts_instance(t.facts, "partition", MD_LIT("/"), root);
    md_facts_instance(t.facts, "partition", MD_LIT("/store"), root);
    md_fake_add(t.source, MD_ITEM_NSLOG, "log/imta", imta);
    md_fake_add(t.source, MD_ITEM_NSLOG, "log/default", default_log)->base = "default";
    md_fake_add(t.source, MD_ITEM_PS, "ps",
                "UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 Oct 14 ? 0:00 init\nm 103 1 0 08:00:00 ? 0:00 "
                "/opt/SUNWmsgsr/lib/ims_master\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_logs), MD_OK);
    md_want_shown(&t, rows);
    md_want_cstr("origin", md_shown_origin(&t, NULL, "host.db_panic_lines"), "log/default:1");
    md_want_int("no complaint", md_diags_count(t.diags), 0);
    md_probe_test_end(&t);
}

static void claims_nothing_about_daemons_from_the_delivery_log(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.server_log_seen", "true"},    {NULL, "host.db_panic_lines", "?"},
        {NULL, "host.ldap_errors", "?"},           {NULL, "host.permission_lines", "0"},
        {NULL, "host.stress_notices", "0"},        {"database/mboxlist", "database.panic_lines", "?"},
        {"process/stored", "process.errors", "-"}, {"process/ims_master", "process.starts", "0"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_NSLOG, "imta",
                "[24/Nov/2026:02:00:00 -0500] mail1 ims_master[1]: General Notice: Log created (1795507920)\n")
        ->base = "imta";
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_logs), MD_OK);
    md_want_shown(&t, rows);
    md_probe_test_end(&t);
}

static void reads_the_other_logs(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.server_log_seen", "false"},
        {NULL, "host.watcher_exits", "job_controller=1 stored=1"},
        {"process/job_controller", "process.crashes", "1"},
        {"process/job_controller", "process.last_exit", "?"},
        {"process/stored", "process.crashes", "1"},
        {"process/stored", "process.last_exit", "2026-11-24T07:00:00Z"},
        {"process/imapd", "process.crashes", "0"},
        {NULL, "host.jc_log_errors", "2"},
        {NULL, "host.jc_start_failures", "ims_master=1"},
        {NULL, "host.disk_error_lines", "1"},
        {NULL, "host.killed_lines", "2"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_WATCHER_LOG, "log/watcher",
                "watcher process 1 started at Tue Nov 24 00:00:11 2026\n"
                "Watched 'job_controller' process 5 exited abnormally\n"
                "Starting job_controller server .... 6\n"
                "Watched 'stored' process 7 exited abnormally\n")
        ->mtime = INT64_C(1795503600) * MD_SECOND;
    md_fake_add(t.source, MD_ITEM_JOB_CONTROLLER_LOG, "log/job_controller.log-1",
                "job controller begins\nunable to exec /opt/SUNWmsgsr/lib/ims_master: Permission denied\nbind: Address "
                "already in use\n");
    md_fake_add(t.source, MD_ITEM_SYSTEM_LOG, "messages",
                "Nov 24 01:00:00 mail1 scsi: [ID 107833 kern.warning] Error for Command: write Error Level: Fatal\n"
                "Nov 24 01:10:00 mail1 kernel: Out of memory: Killed process 99 (imapd)\n"
                "Nov  2 01:00:00 mail1 kernel: Buffer I/O error on device sdb1\n"
                "Nov 24 02:00:00 mail1 kernel: Out of memory: Killed process 98 (java)\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_logs), MD_OK);
    md_want_shown(&t, rows);
    md_probe_test_end(&t);
}

static void takes_the_year_of_a_line_without_one_from_now(void **state)
{
    static const struct {
        const char *says, *now, *line, *want;
    } cases[] = {
        {"just before the new year", "2027-01-01T00:10:00Z", "Dec 31 23:50:00", "1"},
        {"just after it", "2027-01-01T00:10:00Z", "Jan  1 00:05:00", "1"},
        {"a clock that is ahead, on New Year's Eve", "2026-12-31T23:55:00Z", "Jan  1 00:02:00", "1"},
        {"a clock that is ahead, at the end of a month", "2026-11-30T23:55:00Z", "Dec  1 00:02:00", "1"},
        {"a year ago", "2026-12-31T23:55:00Z", "Jan  2 00:02:00", "?"},
        {"almost a year ago", "2026-11-24T08:12:00Z", "Nov 27 08:00:00", "?"},
        {"the day that only leap years have", "2026-11-24T08:12:00Z", "Feb 29 08:00:00", "?"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t;
        int64_t now;

        md_test_case(i, cases[i].says);
        md_want_int("now", md_time_parse_rfc3339(md_str(cases[i].now), &now, NULL), MD_OK);
        t = md_probe_test_new(*state, now);
        md_fake_add(
            t.source, MD_ITEM_SYSTEM_LOG, "messages",
            md_arena_printf(*state, "%s mail1 kernel: Out of memory: Killed process 99 (imapd)\n", cases[i].line));
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_logs), MD_OK);
        md_want_cstr("killed", md_shown(&t, NULL, "host.killed_lines"), cases[i].want);
        md_probe_test_end(&t);
    }
}

#define START(day, program, version)                                                                                   \
    "[" day "/Nov/2026:01:00:00 +0000] mail1 " program                                                                 \
    "[7]: General Notice: Sun Java(tm) System Messaging Server " program " " version                                   \
    " (built Jun 13 2006) starting up\n"

static void tells_when_the_product_was_upgraded(void **state)
{
    static const struct {
        const char *says, *old, *new, *want;
    } cases[] = {
        {"one version", START("20", "ims_master", "6.2-7.02"), START("21", "ims_master", "6.2-7.02"), "?"},
        {"a new one", START("20", "ims_master", "6.2-7.02"),
         START("21", "ims_master", "6.3-6.03") START("22", "ims_master", "6.3-6.03"), "2026-11-21T01:00:00Z"},
        {"read in the wrong order", START("21", "ims_master", "6.3-6.03"), START("20", "ims_master", "6.2-7.02"),
         "2026-11-21T01:00:00Z"},
        {"programs that differ", START("20", "ims_master", "6.2-7.02"), START("21", "imapd", "6.2-7.05"), "?"},
        {"the last of two changes", START("20", "imapd", "6.1") START("21", "imapd", "6.2-7.02"),
         START("22", "imapd", "6.3-6.03"), "2026-11-22T01:00:00Z"},
        {"no version", "[20/Nov/2026:01:00:00 +0000] mail1 imapd[7]: General Notice: starting up\n", "", "?"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, cases[i].says);
        md_fake_add(t.source, MD_ITEM_NSLOG, "log/imta.1", cases[i].old);
        md_fake_add(t.source, MD_ITEM_NSLOG, "log/imta.2", cases[i].new);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_logs), MD_OK);
        md_want_cstr("upgraded", md_shown(&t, NULL, "host.upgraded"), cases[i].want);
        md_probe_test_end(&t);
    }
}

static void survives_logs_that_are_none(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add_bytes(t.source, MD_ITEM_NSLOG, "log/imap", MD_LIT("\0\xff\n[[\n[24/Nov/2026:99:00:00 -0500] x\n"));
    md_fake_add(t.source, MD_ITEM_WATCHER_LOG, "log/watcher", "");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_logs), MD_OK);
    md_want_int("one complaint", md_diags_count(t.diags), 1);
    md_want_int("its line", md_diags_at(t.diags, 0)->loc.line, 1);
    md_want_cstr("seen", md_shown(&t, NULL, "host.server_log_seen"), "false");
    md_want_cstr("errors", md_shown(&t, NULL, "host.server_errors"), "?");
    md_probe_test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(adds_up_the_server_logs),
                                       MD_TEST(claims_nothing_about_daemons_from_the_delivery_log),
                                       MD_TEST(reads_the_other_logs),
                                       MD_TEST(takes_the_year_of_a_line_without_one_from_now),
                                       MD_TEST(tells_when_the_product_was_upgraded),
                                       MD_TEST(survives_logs_that_are_none)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
