/* The probes of disk, load and network: each is thin, and so is its test. */
#include "tests/unit/probes/fact_shown.h"

extern const struct md_probe md_probe_system_disk;
extern const struct md_probe md_probe_system_load;
extern const struct md_probe md_probe_system_network;

#define NOW (INT64_C(1795507920) * MD_SECOND) /* 2026-11-24T08:12:00Z */

static const char df[] = "Filesystem kbytes used avail capacity Mounted on\n"
                         "/dev/a 1000 310 690 31% /\n"
                         "proc 0 0 0 0% /proc\n"
                         "/dev/b 1000 370 630 37% /var/opt/SUNWmsgsr\n"
                         "/dev/c 1000 1000 0 100% /mtaq\n"
                         "/dev/d 1000 520 480 52% /var/opt/SUNWmsgsr/store/partition/second\n";

static void finds_what_is_on_which_file_system(void **state)
{
    static const struct {
        const char *says, *queue, *log;
        struct md_shown_row rows[8];
    } cases[] = {
        {"a queue of its own",
         "/mtaq/queue",
         "/var/opt/SUNWmsgsr/log/mail.log_current",
         {{NULL, "host.queue_fs_used_pct", "100"},
          {NULL, "host.queue_fs_avail", "0"},
          {NULL, "host.queue_fs_inodes_pct", "97"},
          {NULL, "host.log_fs_used_pct", "37"},
          {"partition//mtaq", "partition.holds_queue", "true"},
          {"partition//", "partition.holds_queue", "false"},
          {"partition//proc", "partition.used_pct", "-"},
          {"partition//mtaq", "partition.inodes_pct", "97"}}},
        {"the installed links",
         "/opt/SUNWmsgsr/data/queue/",
         "/opt/SUNWmsgsr/log/imta",
         {{NULL, "host.queue_fs_used_pct", "37"},
          {NULL, "host.log_fs_used_pct", "37"},
          {"partition//var/opt/SUNWmsgsr", "partition.holds_queue", "true"},
          {"partition//var/opt/SUNWmsgsr", "partition.holds_logs", "true"},
          {"partition//", "partition.holds_logs", "false"},
          {"partition//var/opt/SUNWmsgsr", "partition.holds_store", "true"},
          {"partition//", "partition.avail", "706560"},
          {"partition//mtaq", "partition.holds_queue", "false"}}},
        {"side by side under /var, a store partition mounted below",
         "/var/opt/SUNWmsgsr/queue",
         NULL,
         {{NULL, "host.queue_fs_used_pct", "37"},
          {NULL, "host.queue_fs_inodes_pct", "?"},
          {NULL, "host.log_fs_used_pct", "37"},
          {"partition//var/opt/SUNWmsgsr", "partition.holds_store", "true"},
          {"partition//var/opt/SUNWmsgsr/store/partition/second", "partition.holds_store", "true"},
          {"partition//var/opt/SUNWmsgsr/store/partition/second", "partition.holds_queue", "false"},
          {"partition//", "partition.holds_store", "false"},
          {"partition//", "partition.inodes_pct", "-"}}},
        {"nobody says where anything is",
         NULL,
         NULL,
         {{NULL, "host.queue_fs_used_pct", "?"},
          {NULL, "host.queue_fs_avail", "?"},
          {NULL, "host.log_fs_used_pct", "?"},
          {"partition//mtaq", "partition.used_pct", "100"},
          {"partition//mtaq", "partition.holds_queue", "?"},
          {"partition//mtaq", "partition.holds_logs", "?"},
          {"partition//mtaq", "partition.holds_store", "?"},
          {"partition//mtaq", "partition.avail", "0"}}},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, cases[i].says);
        t.world->queue_root = md_str(cases[i].queue);
        md_fake_add_command(t.source, MD_ITEM_DF, "df -k", df);
        md_fake_add_command(t.source, MD_ITEM_DF_INODES, "df -o i",
                            "Filesystem iused ifree %iused Mounted on\n/dev/c 970 30 97% /mtaq\n");
        if (cases[i].log != NULL)
            md_fake_add(t.source, MD_ITEM_NSLOG, "log", "")->path = cases[i].log;
        md_want_int("status", md_probe_test_run(&t, &md_probe_system_disk), MD_OK);
        for (size_t r = 0; r < MD_ROWS(cases[i].rows); r++)
            md_want_cstr(cases[i].rows[r].name, md_shown(&t, cases[i].rows[r].path, cases[i].rows[r].name),
                         cases[i].rows[r].want);
        md_probe_test_end(&t);
    }
}

static void reads_load_and_retransmissions(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.load1", "0.31"}, {NULL, "host.load15", "0.3"},       {NULL, "host.boot", "2026-11-23T08:12:00Z"},
        {NULL, "host.cpus", "2"},     {NULL, "host.retransmit_pct", "1"},
    };
    static const struct md_shown_row nothing[] = {
        {NULL, "host.load1", "?"},
        {NULL, "host.cpus", "?"},
        {NULL, "host.boot", "?"},
        {NULL, "host.retransmit_pct", "?"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_probe_test empty = md_probe_test_new(*state, NOW);

    md_fake_add_command(t.source, MD_ITEM_UPTIME, "uptime",
                        " 3:12am up 1 day(s), 1 user, load average: 0.31, 0.28, 0.30\n");
    md_fake_add_command(t.source, MD_ITEM_CPUS, "psrinfo",
                        "0\ton-line   since 11/20/2006 03:12:00\n1\ton-line   since 11/20/2006 03:12:00\n");
    md_fake_add_command(t.source, MD_ITEM_NETSTAT, "netstat -s",
                        "    9000 segments sent out\n    90 segments retransmitted\n");
    md_want_int("load", md_probe_test_run(&t, &md_probe_system_load), MD_OK);
    md_want_int("network", md_probe_test_run(&t, &md_probe_system_network), MD_OK);
    md_want_shown(&t, rows);
    md_want_int("no load", md_probe_test_run(&empty, &md_probe_system_load), MD_NOT_FOUND);
    md_want_int("no network", md_probe_test_run(&empty, &md_probe_system_network), MD_NOT_FOUND);
    md_want_shown(&empty, nothing);
    md_probe_test_end(&t);
    md_probe_test_end(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(finds_what_is_on_which_file_system),
                                       MD_TEST(reads_load_and_retransmissions)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
