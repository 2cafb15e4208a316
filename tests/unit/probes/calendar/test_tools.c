#include "tests/unit/probes/calendar/calendar_fixture.h"

static void reads_what_tools_said(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.product", "calendar"},
        {"database/ics50events.db", "database.verify", "failed"},
        {"database/ics50events.db", "database.verify_classes", "page_zeroed=1 page_damage=1"},
        {"database/ics50todos.db", "database.verify", "ok"},
        {"database/ics50todos.db", "database.verify_classes", ""},
        {"database/ics50todos.db", "database.keys", "2983"},
        {NULL, "host.cal_stat_panic", "true"},
        {NULL, "host.csdb_bdb_version", "4.2"},
        {NULL, "host.cal_last_checkpoint", "2007-05-31T03:02:09Z"},
        {NULL, "host.cal_locks_dead", "1"},
        {NULL, "host.cal_lock_waits", "1"},
        {NULL, "host.cal_check_lines", "1"},
        {NULL, "host.cal_gse_entries", "2"},
        {NULL, "host.cal_alarm_queue_stops", "true"},
        {NULL, "host.cal_stack", "gse=1 idle=1"},
        {NULL, "host.cal_rebuild_done", "?"},
        {NULL, "host.cal_recovered", "?"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add_command(t.source, MD_ITEM_DB_VERIFY, "db_verify -h /c ics50events.db",
                        "db_verify: Page 5: bad page number 99\ndb_verify: Page 9: totally zeroed page\n"
                        "db_verify: ics50events.db: DB_VERIFY_BAD: Database verification failed\n")
        ->exit_code = 1;
    md_fake_add_command(t.source, MD_ITEM_DB_VERIFY, "db_verify -h /c ics50todos.db", "");
    md_fake_add_command(t.source, MD_ITEM_DB_STAT, "db_stat -d ics50todos.db",
                        "2983\tNumber of unique keys in the tree\n");
    md_fake_add(
        t.source, MD_ITEM_DB_STAT, "stat.txt",
        "1\tPanic value\n4.2.52\tEnvironment version\nThu May 31 03:02:09 2007\tCheckpoint timestamp\n"
        "Locks grouped by lockers:\n 80000005 dd= 0 locks held 1 write locks 1 pid/thread 4711/2 flags 0\n"
        " 80000005 WRITE 1 HELD ics50todos.db page 12\n 9 dd= 0 locks held 0 write locks 0 pid/thread 12/1 flags 0\n"
        " 9 READ 1 WAIT ics50todos.db page 12\n");
    md_fake_add(t.source, MD_ITEM_PS, "ps",
                "UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 01:00:00 ? 0:00 init\nics 12 1 0 01:00:00 ? 0:01 "
                "/opt/SUNWics5/cal/lib/cshttpd\n");
    md_fake_add_command(t.source, MD_ITEM_CSDB_CHECK, "csdb check /c",
                        "Checking calprops\ncalid amy has no properties\n");
    md_fake_add_command(t.source, MD_ITEM_CSSCHEDULE, "csschedule list", "one\ntwo\n");
    md_fake_add_command(t.source, MD_ITEM_DBRIG, "dbrig", "alarm 3: error\n");
    md_fake_add_command(t.source, MD_ITEM_PSTACK, "pstack 4711", " ff1 gse_next (0) + 1\n ff2 poll (0) + 1\n");
    run_calendar(&t);
    md_want_shown(&t, rows);
    md_want_cstr("origin", md_shown_origin(&t, "database/ics50events.db", "database.verify"),
                 "db_verify -h /c ics50events.db:3");
    md_probe_test_end(&t);
}

/* What was done behind a recovery is told by its place; what was left out, only where the server was started again. */
static void follows_a_recovery(void **state)
{
    static const struct {
        const char *says;
        bool has_verify, has_list, has_start;
        const char *recovery, *failed, *verified, *listed;
    } rows[] = {
        {"nothing more is known", false, false, false, "Recovery complete at Thu May 31 11:00:00 2007\n", "false", "-",
         "-"},
        {"verified and listed", true, true, false, "Recovery complete at Thu May 31 11:00:00 2007\n", "false", "true",
         "true"},
        {"started without a look", false, false, true, "Recovery complete at Thu May 31 11:00:00 2007\n", "false",
         "false", "false"},
        {"verified only", true, false, true, "Recovery complete at Thu May 31 11:00:00 2007\n", "false", "true",
         "false"},
        {"it failed", false, false, false, "db_recover: Recovery function for LSN 3 4 failed on forward pass\n", "true",
         "-", "-"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        struct md_item *item;

        md_test_case(i, rows[i].says);
        item = md_fake_add(t.source, MD_ITEM_DB_RECOVER, "session.txt", rows[i].recovery);
        item->command = "db_recover -v -h /c";
        item->offset = 10;
        if (rows[i].has_verify) {
            item = md_fake_add(t.source, MD_ITEM_DB_VERIFY, "session.txt", "ics50events.db rc=0\nics50todos.db rc=0\n");
            item->offset = 200;
        }
        if (rows[i].has_list) {
            item = md_fake_add(t.source, MD_ITEM_CSDB_LIST, "session.txt", "1204 events\n");
            item->offset = 300;
        }
        if (rows[i].has_start) {
            item = md_fake_add(t.source, MD_ITEM_CALENDAR_START, "session.txt", "csadmind started\n");
            item->offset = 400;
        }
        run_calendar(&t);
        md_want_cstr("failed", md_shown(&t, NULL, "host.cal_recover_failed"), rows[i].failed);
        md_want_cstr("verified", md_shown(&t, NULL, "host.cal_verified_after_recover"), rows[i].verified);
        md_want_cstr("listed", md_shown(&t, NULL, "host.cal_listed_after_recover"), rows[i].listed);
        md_probe_test_end(&t);
    }
}

static void reads_the_backups(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.cal_hot_copies", "2"},       {NULL, "host.cal_hot_newest", "2007-05-30T00:00:00Z"},
        {NULL, "host.cal_hot_complete", "false"}, {NULL, "host.cal_archive_copies", "0"},
        {NULL, "host.cal_archive_newest", "?"},   {NULL, "host.cal_backup_newest", "2007-05-30T00:00:00Z"},
        {NULL, "host.cal_backup_disk_pct", "91"}, {NULL, "host.cal_hot_verified", "?"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_item *item;

    md_fake_add(
        t.source, MD_ITEM_ICS_CONF, "ics.conf",
        "caldb.berkeleydb.hotbackup.path = \"/backup/hot\"\ncaldb.berkeleydb.archive.path = \"/backup/arch\"\n");
    item = md_fake_add(t.source, MD_ITEM_LISTING, "hot.tsv",
                       "a/ics50events.db\t8192\t1180396800\na/log.0000000001\t8192\t1180396800\n"
                       "b/ics50events.db\t8192\t1180483200\nb/ics50todos.db\t8192\t1180483000\n"
                       "b/log.0000000002\t8192\t1180483200\n");
    item->root = "/backup/hot";
    item = md_fake_add(t.source, MD_ITEM_LISTING, "arch.tsv", "readme\t12\t1180396800\n");
    item->root = "/backup/arch";
    item = md_fake_add(t.source, MD_ITEM_LISTING, "csdb.tsv", "ics50events.db\t8192\t1180612000\n");
    item->root = "/var/opt/SUNWics5/csdb";
    md_fake_add_command(
        t.source, MD_ITEM_DF, "df -k",
        "Filesystem kbytes used avail capacity Mounted on\n/dev/a 100 50 50 50% /\n/dev/b 100 91 9 91% /backup\n");
    run_calendar(&t);
    md_want_shown(&t, rows);
    md_probe_test_end(&t);
}

/* Regions that are left over behind a recovery may go. */
static void reads_what_was_typed(void **state)
{
    static const struct {
        const char *says, *text, *regions, *logs;
    } rows[] = {
        {"regions", "cd /var/opt/SUNWics5/csdb\nrm -f __db.*\n", "true", "-"},
        {"in one line, from a numbered history", "  41  cd /var/opt/SUNWics5/csdb && sudo rm __db.001\n", "true", "-"},
        {"logs", "rm /var/opt/SUNWics5/csdb/log.0000000041\n", "-", "true"},
        {"logs moved away", "mv log.* /tmp/old\n", "-", "true"},
        {"a log given its name", "mv found log.0000000042\n", "-", "-"},
        {"behind a recovery", "db_recover -h .\nrm __db.*\n", "-", "-"},
        {"behind one that was long ago", "db_recover -h .\n./start-cal\nrm __db.*\n", "true", "-"},
        {"something else", "rm admin.log.3 http.log.1 log.txt\nform log.1\n", "-", "-"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, rows[i].says);
        md_fake_add(t.source, MD_ITEM_ICS_CONF, "ics.conf", "caldb.cld.type = \"local\"\n");
        md_fake_add(t.source, MD_ITEM_SHELL_HISTORY, ".sh_history", rows[i].text);
        run_calendar(&t);
        md_want_cstr("regions", md_shown(&t, NULL, "host.cal_regions_removed"), rows[i].regions);
        md_want_cstr("logs", md_shown(&t, NULL, "host.cal_logs_removed"), rows[i].logs);
        md_probe_test_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_what_tools_said), MD_TEST(follows_a_recovery),
                                       MD_TEST(reads_the_backups), MD_TEST(reads_what_was_typed)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
