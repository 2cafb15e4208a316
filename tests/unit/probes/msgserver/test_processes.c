#include "tests/unit/probes/fact_shown.h"

extern const struct md_probe md_probe_msgserver_processes;

#define NOW (INT64_C(1795507920) * MD_SECOND) /* 2026-11-24T08:12:00Z */

static const char whole[] =
    "     UID   PID  PPID   C    STIME TTY         TIME CMD\n"
    "    root     0     0   0   Oct 14 ?            0:00 sched\n"
    "    root     1     0   0   Oct 14 ?            0:07 /sbin/init\n"
    "    root   300     1   0   Oct 14 ?            0:07 /usr/lib/cyrus/imapd\n"
    " mailsrv  4101     1   0   Nov 24 ?          126:47 /opt/SUNWmsgsr/lib/stored -d\n"
    " mailsrv  4102     1   0 07:12:00 ?           59:00 /opt/SUNWmsgsr/lib/ims_master\n"
    " mailsrv  4103     1   0 08:11:00 ?            0:01 /opt/SUNWmsgsr/lib/ims_master\n"
    " mailsrv  4104     1   0 08:00:00 ?            0:01 /opt/sun/comms/messaging64/lib/smtp_client\n"
    "    root  5000     1   0 08:00:00 ?            0:01 grep job_controller\n";

static void counts_a_whole_table(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.processes_seen", "true"},
        {"process/job_controller", "process.count", "0"},
        {"process/job_controller", "process.oldest_s", "-"},
        {"process/imapd", "process.count", "0"},
        {"process/stored", "process.count", "1"},
        {"process/stored", "process.cpu_s", "7607"},
        {"process/stored", "process.oldest_s", "14760 [0..29520]"},
        {"process/ims_master", "process.count", "2"},
        {"process/ims_master", "process.oldest_s", "3600"},
        {"process/ims_master", "process.newest_s", "60"},
        {"process/ims_master", "process.pid", "4102"},
        {"process/stored", "process.pid", "4101"},
        {"process/job_controller", "process.pid", "-"},
        {"process/ims_master", "process.oldest_cpu_s", "3540"},
        {"process/ims_master", "process.over_life", "?"},
        {"process/tcp_smtp_client", "process.count", "1"},
        {"process/imsbackup", "process.count", "-"},
        {NULL, "host.busy_processes", "1"},
        {"channel/ims-ms", "channel.workers", "2"},
        {"channel/tcp_local", "channel.workers", "1"},
        {"channel/defragment", "channel.workers", "0"},
        {"channel/odd", "channel.workers", "?"},
    };
    static const char *const channels[] = {"ims-ms", "tcp_local", "defragment", "odd"};
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    for (size_t i = 0; i < MD_ROWS(channels); i++)
        md_facts_instance(t.facts, "channel", md_str(channels[i]), md_facts_root(t.facts));
    md_fake_add(t.source, MD_ITEM_PS, "ps", whole);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_processes), MD_OK);
    md_want_shown(&t, rows);
    md_want_cstr("origin", md_shown_origin(&t, "process/stored", "process.count"), "ps:5");
    md_want_int("no complaint", md_diags_count(t.diags), 0);
    md_probe_test_end(&t);
}

static void says_only_what_a_partial_table_shows(void **state)
{
    static const struct {
        const char *says, *ps, *imsimta;
        struct md_shown_row rows[4];
    } cases[] = {
        {"rows without a heading",
         " mailsrv  4101     1   0   Nov 12 ?            6:47 /opt/SUNWmsgsr/lib/stored -d\n",
         NULL,
         {{NULL, "host.processes_seen", "false"},
          {"process/stored", "process.count", "1"},
          {"process/job_controller", "process.count", "?"},
          {"process/imsched", "process.count", "?"}}},
        {"rows that grep picked for the product",
         " mailsrv  4101     1   0   Nov 12 ?            6:47 /opt/SUNWmsgsr/lib/stored -d\n"
         " root  4109     1   0   08:00:00 ?            0:00 grep SUNWmsgsr\n",
         NULL,
         {{NULL, "host.processes_seen", "true"},
          {"process/stored", "process.count", "1"},
          {"process/job_controller", "process.count", "0"},
          {"process/imsched", "process.count", "0"}}},
        {"rows that grep picked for one program",
         " mailsrv  4101     1   0   Nov 12 ?            6:47 /opt/SUNWmsgsr/lib/stored -d\n"
         " root  4109     1   0   08:00:00 ?            0:00 grep stored\n",
         NULL,
         {{NULL, "host.processes_seen", "false"},
          {"process/stored", "process.count", "1"},
          {"process/job_controller", "process.count", "?"},
          {"process/imsched", "process.count", "?"}}},
        {"imsimta process alone knows the MTA only",
         NULL,
         "USER      PID S VSZ    RSS   STIME    TIME     COMMAND\nmailsrv 1 S 1 1 08:00:00 0:00 x/lib/dispatcher\n",
         {{NULL, "host.processes_seen", "false"},
          {"process/dispatcher", "process.count", "1"},
          {"process/job_controller", "process.count", "0"},
          {"process/stored", "process.count", "?"}}},
        {"two tables that differ give bounds",
         whole,
         "USER      PID S VSZ    RSS   STIME    TIME     COMMAND\nmailsrv 77 S 1 1 08:00:00 0:00 "
         "/opt/SUNWmsgsr/lib/ims_master\n",
         {{NULL, "host.processes_seen", "true"},
          {"process/ims_master", "process.count", "2 [1..2]"},
          {"process/tcp_smtp_client", "process.count", "1 [0..1]"},
          {"process/job_controller", "process.count", "0"}}},
        {"no table at all",
         NULL,
         NULL,
         {{NULL, "host.processes_seen", "false"},
          {NULL, "host.busy_processes", "?"},
          {"process/stored", "process.count", "?"},
          {"process/job_controller", "process.count", "?"}}},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        bool is_any = cases[i].ps != NULL || cases[i].imsimta != NULL;

        if (cases[i].ps != NULL)
            md_fake_add(t.source, MD_ITEM_PS, "ps", cases[i].ps);
        if (cases[i].imsimta != NULL)
            md_fake_add_command(t.source, MD_ITEM_IMSIMTA_PROCESS, "imsimta process", cases[i].imsimta);
        md_test_case(i, cases[i].says);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_processes), is_any ? MD_OK : MD_NOT_FOUND);
        for (size_t r = 0; r < 4; r++)
            md_want_cstr(cases[i].rows[r].name, md_shown(&t, cases[i].rows[r].path, cases[i].rows[r].name),
                         cases[i].rows[r].want);
        md_probe_test_end(&t);
    }
}

static void complains_about_rows_that_are_none(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_item *item =
        md_fake_add(t.source, MD_ITEM_PS, "paste.txt",
                    "UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 Oct 14 ? 0:00 init\nsomething else\n");

    item->first_line = 11;
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_processes), MD_OK);
    md_want_int("complaints", md_diags_count(t.diags), 1);
    md_want_int("line of the file", md_diags_at(t.diags, 0)->loc.line, 13);
    md_want_cstr("a table with holes is not whole", md_shown(&t, NULL, "host.processes_seen"), "false");
    md_probe_test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(counts_a_whole_table), MD_TEST(says_only_what_a_partial_table_shows),
                                       MD_TEST(complains_about_rows_that_are_none)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
