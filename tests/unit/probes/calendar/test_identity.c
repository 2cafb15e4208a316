#include "tests/unit/probes/calendar/calendar_fixture.h"

extern const struct md_probe md_probe_msgserver_identity;

#define MAIL_LOG                                                                                                       \
    "16-Feb-2007 14:54:13.72 tcp_local    ims-ms       EE 1 amy@example.com rfc822;bob@example.org "                   \
    "bob@ims-ms-daemon\n"

/* Both products write logs of one layout and use one database library. */
static void tells_the_products_apart(void **state)
{
    static const struct {
        const char *says;
        enum md_item_kind kind;
        const char *name, *text;
        enum md_item_kind kind2;
        const char *name2, *text2;
        const char *want;
    } rows[] = {
        {"ics.conf", MD_ITEM_ICS_CONF, "ics.conf", "caldb.cld.type = \"local\"\n", MD_ITEM_OTHER, NULL, NULL,
         "calendar"},
        {"a calendar log", MD_ITEM_CALENDAR_LOG, "admin.log", STAMP("01:00:00") "csadmind[1]: General Notice: x\n",
         MD_ITEM_OTHER, NULL, NULL, "calendar"},
        {"with the log of its notification server", MD_ITEM_CALENDAR_LOG, "admin.log",
         STAMP("01:00:00") "csadmind[1]: General Notice: x\n", MD_ITEM_NSLOG, "ens.log",
         STAMP("01:00:00") "enpd[1]: General Notice: x\n", "calendar"},
        {"and its watcher", MD_ITEM_ICS_CONF, "ics.conf", "caldb.cld.type = \"local\"\n", MD_ITEM_WATCHER_LOG,
         "watcher", "watcher process 22 started at Thu May 31 01:00:00 2007\n", "calendar"},
        {"a mail log", MD_ITEM_MAIL_LOG, "mail.log_current", MAIL_LOG, MD_ITEM_OTHER, NULL, NULL, "msgserver"},
        {"a server log of the store", MD_ITEM_NSLOG, "default",
         STAMP("01:00:00") "stored[1]: Store Critical: "
                           "DB_RUNRECOVERY: Fatal error, run database recovery\n",
         MD_ITEM_OTHER, NULL, NULL, "msgserver"},
        {"messages of the library in a mail host", MD_ITEM_MAIL_LOG, "mail.log_current", MAIL_LOG,
         MD_ITEM_CALENDAR_TEXT, "x.txt", "folder.db: illegal page type or format\n", "msgserver"},
        {"alone they are the calendar's", MD_ITEM_CALENDAR_TEXT, "x.txt", "illegal page type or format\n",
         MD_ITEM_OTHER, NULL, NULL, "calendar"},
        {"both on one host", MD_ITEM_MAIL_LOG, "mail.log_current", MAIL_LOG, MD_ITEM_ICS_CONF, "ics.conf",
         "caldb.cld.type = \"local\"\n", "msgserver calendar"},
        {"a listing of csdb", MD_ITEM_LISTING, "l.tsv", "ics50events.db\t8192\t1180000000\n", MD_ITEM_OTHER, NULL, NULL,
         "calendar"},
        {"a process table", MD_ITEM_PS, "ps",
         "UID PID PPID C STIME TTY TIME CMD\nics 9 1 0 01:00:00 ? 0:01 "
         "/opt/SUNWics5/cal/lib/cshttpd\n",
         MD_ITEM_OTHER, NULL, NULL, "calendar"},
        {"an editor is no daemon", MD_ITEM_PS, "ps",
         "UID PID PPID C STIME TTY TIME CMD\nics 9 1 0 01:00:00 ? 0:01 "
         "vi /opt/SUNWics5/cal/lib/cshttpd\n",
         MD_ITEM_OTHER, NULL, NULL, "-"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, rows[i].says);
        md_fake_add(t.source, rows[i].kind, rows[i].name, rows[i].text);
        if (rows[i].name2 != NULL)
            md_fake_add(t.source, rows[i].kind2, rows[i].name2, rows[i].text2);
        (void)md_probe_test_run(&t, &md_probe_msgserver_identity);
        run_calendar(&t);
        md_want_cstr("products", shown_texts(&t, "host.products"), rows[i].want);
        md_probe_test_end(&t);
    }
}

static void tells_the_version(void **state)
{
    static const struct {
        const char *says;
        enum md_item_kind kind;
        const char *command, *text, *version, *uses;
    } rows[] = {
        {"a start line", MD_ITEM_CALENDAR_LOG, NULL,
         STAMP("01:00:00") "csadmind[1]: General Notice: Sun Java System Calendar Server 6.3-7.01 (built Jul 11 2007) "
                           "starting "
                           "up\n",
         "6.3", "true"},
        {"a release by its year", MD_ITEM_CALENDAR_LOG, NULL,
         STAMP("01:00:00") "csadmind[1]: General Notice: Sun Java System Calendar Server 6 2005Q4 starting up\n", "6.2",
         "true"},
        {"csdb version", MD_ITEM_CSDB_VERSION, "csdb version", "csdb version 6.3.1\nBerkeley DB 4.2.52\n", "6.3",
         "true"},
        {"a version without csdb", MD_ITEM_CSDB_VERSION, "davadmin version",
         "Oracle Calendar Server version: 7.0.4.14\n", "7.0", "false"},
        {"the summary of cscapture", MD_ITEM_CSCAPTURE, NULL, "Version Detected: 6.2\n", "6.2", "true"},
        {"a comment of ics.conf", MD_ITEM_ICS_CONF, NULL, "! Calendar Server 5.1\ncaldb.cld.type = \"local\"\n", "5.1",
         "true"},
        {"none", MD_ITEM_ICS_CONF, NULL, "caldb.cld.type = \"local\"\n", "?", "true"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, rows[i].says);
        if (rows[i].command != NULL)
            md_fake_add_command(t.source, rows[i].kind, rows[i].command, rows[i].text);
        else
            md_fake_add(t.source, rows[i].kind, "x", rows[i].text);
        run_calendar(&t);
        md_want_cstr("version", md_shown(&t, NULL, "host.cal_version"), rows[i].version);
        md_want_cstr("csdb", md_shown(&t, NULL, "host.cal_uses_csdb"), rows[i].uses);
        md_probe_test_end(&t);
    }
}

static void reads_the_configuration(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.cal_readonly", "true"},
        {NULL, "host.cal_circular", "true"},
        {NULL, "host.cal_hotbackup_on", "true"},
        {NULL, "host.cal_archive_on", "true"},
        {NULL, "host.cal_backup_configured", "false"},
        {NULL, "host.cal_store_enabled", "false"},
        {NULL, "host.cal_cld_directory", "true"},
        {NULL, "host.cal_dwp_server_is_address", "true"},
        {NULL, "host.cal_dwp_port_differs", "true"},
        {NULL, "host.cal_checkpoint_interval_s", "30"},
        {NULL, "host.cal_archive_interval_s", "86400"},
        {NULL, "host.cal_csdb_path", "/data/csdb"},
        {NULL, "host.cal_hotbackup_path", "?"},
        {NULL, "host.cal_mempool_mb", "4"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_ICS_CONF, "front/ics.conf",
                "caldb.berkeleydb.readonly = \"no\"\ncaldb.berkeleydb.readonly = \"yes\"\n"
                "!caldb.berkeleydb.circularlogging = \"no\"\ncaldb.berkeleydb.hotbackup.enable = \"y\"\n"
                "caldb.berkeleydb.archive.enable = \"yes\"\ncaldb.berkeleydb.archive.path = \"\"\n"
                "local.store.enable = \"n\"\ncaldb.cld.type = \"directory\"\n"
                "caldb.dwp.server.cal2.example.com.ip = \"192.0.2.7\"\nservice.dwp.port = \"59979\"\n"
                "caldb.berkeleydb.checkpointinterval = \"30\"\ncaldb.berkeleydb.homedir.path = \"/data/csdb/\"\n");
    md_fake_add(t.source, MD_ITEM_ICS_CONF, "back/ics.conf", "service.dwp.port = \"59779\"\n");
    run_calendar(&t);
    md_want_shown(&t, rows);
    md_want_cstr("roles", shown_texts(&t, "host.cal_roles"), "frontend");
    md_probe_test_end(&t);
}

/* What grep took out of ics.conf: a parameter that the pattern would have found is not set; of another one nothing is known. */
static void an_excerpt_is_not_the_file(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.cal_dwp_server_is_address", "true"},
        {NULL, "host.cal_hotbackup_on", "?"},
        {NULL, "host.cal_backup_configured", "?"},
        {NULL, "host.cal_deadlock_autodetect", "?"},
        {NULL, "host.cal_mempool_mb", "?"},
        {NULL, "host.cal_dwp_port_differs", "?"},
        {NULL, "host.cal_readonly", "?"},
        {NULL, "host.cal_csdb_path", "/data/csdb"},
    };
    static const struct {
        const char *command, *configured;
    } searches[] = {
        {"grep -i backup /etc/opt/SUNWics5/config/ics.conf", "?"},
        {"egrep 'hotbackup|archive' ics.conf", "false"},
        {"grep hotbackup ics.conf; grep archive ics.conf", "false"},
        {"grep -v '^!' ics.conf", "false"},
        {"grep '^[a-z]' ics.conf", "false"},
        {"cat ics.conf", "false"},
        {"head -20 ics.conf", "?"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_ICS_CONF, "a",
                "caldb.dwp.server.b.ip = \"192.0.2.7\"\nservice.dwp.port = \"59779\"\n")
        ->command = "grep dwp /etc/opt/SUNWics5/config/ics.conf";
    md_fake_add(t.source, MD_ITEM_ICS_CONF, "b", "caldb.serveralarms = \"1\"\n")->command =
        "grep alarm /etc/opt/SUNWics5/config/ics.conf";
    md_fake_add(t.source, MD_ITEM_DF, "df", "")->command = "df -k /data/csdb";
    run_calendar(&t);
    md_want_shown(&t, rows);
    md_probe_test_end(&t);
    for (size_t i = 0; i < MD_ROWS(searches); i++) {
        t = md_probe_test_new(*state, NOW);
        md_fake_add(t.source, MD_ITEM_ICS_CONF, "a", "caldb.serveralarms = \"1\"\n")->command = searches[i].command;
        run_calendar(&t);
        md_test_case(i, searches[i].command);
        md_want_cstr("configured", md_shown(&t, NULL, "host.cal_backup_configured"), searches[i].configured);
        md_probe_test_end(&t);
    }
}

/* Which daemons must run depends on version and configuration; which run, on the table of processes. */
static void counts_the_daemons(void **state)
{
    static const char head[] =
        "     UID   PID  PPID   C    STIME TTY         TIME CMD\n    root     1     0   0   May 30 ?  0:07 "
        "/sbin/init\n";
    static const struct {
        const char *says, *conf, *rows, *absent, *running, *leftover;
    } rows[] = {
        {"all of 6.2 run", "! Calendar Server 6.2\n",
         " ics 11 1 0 01:00:00 ? 0:01 /opt/SUNWics5/cal/lib/enpd\n ics 12 1 0 01:00:00 ? 0:01 "
         "/opt/SUNWics5/cal/lib/csnotifyd\n"
         " ics 13 1 0 01:00:00 ? 0:01 /opt/SUNWics5/cal/lib/csadmind\n ics 14 1 0 01:00:00 ? 0:01 "
         "/opt/SUNWics5/cal/lib/cshttpd\n",
         "", "4", "0"},
        {"the same with 6.3 lacks two", "! Calendar Server 6.3\n",
         " ics 11 1 0 01:00:00 ? 0:01 /opt/SUNWics5/cal/lib/enpd\n ics 12 1 0 01:00:00 ? 0:01 "
         "/opt/SUNWics5/cal/lib/csnotifyd\n"
         " ics 13 1 0 01:00:00 ? 0:01 /opt/SUNWics5/cal/lib/csadmind\n ics 14 1 0 01:00:00 ? 0:01 "
         "/opt/SUNWics5/cal/lib/cshttpd\n",
         "watcher csstored", "4", "0"},
        {"a back end serves no users",
         "! Calendar Server 6.2\nservice.http.enable=\"no\"\nservice.dwp.enable=\"yes\"\n",
         " ics 11 1 0 01:00:00 ? 0:01 /opt/SUNWics5/cal/lib/enpd\n", "csnotifyd csadmind csdwpd", "1", "0"},
        {"one of an earlier start", "! Calendar Server 6.2\n",
         " ics 11 1 0 09:00:00 ? 0:01 /opt/SUNWics5/cal/lib/enpd\n ics 12 1 0 09:00:00 ? 0:01 "
         "/opt/SUNWics5/cal/lib/csnotifyd\n"
         " ics 13 1 0 09:00:00 ? 0:01 /opt/SUNWics5/cal/lib/csadmind\n ics 14 1 0 09:00:00 ? 0:01 "
         "/opt/SUNWics5/cal/lib/cshttpd\n ics 4 1 0 01:00:00 ? 0:01 /opt/SUNWics5/cal/lib/cshttpd\n",
         "", "4", "1"},
        {"children of a server that was stopped", "! Calendar Server 6.2\n",
         " ics 14 1 0 09:00:00 ? 0:01 /opt/SUNWics5/cal/lib/cshttpd\n", "enpd csnotifyd csadmind", "1", "1"},
        {"nothing runs", "! Calendar Server 6.2\n", "", "enpd csnotifyd csadmind cshttpd", "0", "0"},
        {"the script of before 6.3", "! Calendar Server 6.2\n",
         " ics 14 1 0 09:00:00 ? 0:01 /usr/bin/perl "
         "/opt/SUNWics5/cal/sbin/csstored.pl\n",
         "enpd csnotifyd csadmind cshttpd", "1", "0"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, rows[i].says);
        md_fake_add(t.source, MD_ITEM_ICS_CONF, "ics.conf", rows[i].conf);
        md_fake_add(t.source, MD_ITEM_PS, "ps", md_arena_printf(*state, "%s%s", head, rows[i].rows));
        run_calendar(&t);
        md_want_cstr("absent", shown_texts(&t, "host.cal_absent"), rows[i].absent);
        md_want_cstr("running", md_shown(&t, NULL, "host.cal_running"), rows[i].running);
        md_want_cstr("left over", md_shown(&t, NULL, "host.cal_leftover"), rows[i].leftover);
        md_probe_test_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(tells_the_products_apart), MD_TEST(tells_the_version),
                                       MD_TEST(reads_the_configuration), MD_TEST(an_excerpt_is_not_the_file),
                                       MD_TEST(counts_the_daemons)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
