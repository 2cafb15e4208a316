#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "probes/formats/msgserver/counters.h"
#include "probes/formats/msgserver/store_out.h"

static void reads_counters(void **state)
{
    static const char text[] = "Channel                Messages   Recipients Blocks\r\n"
                               "---------------------- ---------- ---------- ----------\r\n"
                               "tcp_intranet\r\n"
                               "   Received              40110      42007     810233\r\n"
                               "   Stored                  -75         80       -120\r\n"
                               "   Delivered             40035      41927     810353 (39980 first time)\r\n"
                               "   Attempted               ...\r\n"
                               "\r\n"
                               "   Queue time/count        20500/40035 = 0.51\r\n"
                               "ims-ms\r\n"
                               "   Stored                 1204       1204        999\r\n";
    struct md_counters counters;

    md_counters_parse(*state, md_str(text), &counters);
    md_want_true(counters.is_recognised);
    md_want_int("channels", counters.n, 2);
    md_want_str("channel", counters.channels[1].channel, "ims-ms");
    md_want_int("a negative gauge", counters.channels[0].messages[MD_COUNTER_STORED], -75);
    md_want_int("delivered", counters.channels[0].messages[MD_COUNTER_DELIVERED], 40035);
    md_want_true(!counters.channels[0].has[MD_COUNTER_ATTEMPTED]);
    md_want_int("line", counters.channels[1].lines[MD_COUNTER_STORED], 11);
    md_counters_parse(*state, md_str(""), &counters);
    md_want_int("nothing", counters.n, 0);
}

static void reads_use_of_quota(void **state)
{
    static const struct {
        const char *says, *text;
        size_t rows, without;
        const char *user;
        double pct;
        uint32_t line;
    } cases[] = {
        {"the user at the end",
         "-----------------------------------\n"
         "Domain: example.com (diskquota = not set msgquota = not set)\n"
         "# users = 2\n"
         "  diskquota    size(K)   %use   msgquota   msgs   %use   user\n"
         "  51200        51300     100%   no quota   700           ann\n"
         "  no quota     50418            no quota   4392          bob\n",
         1, 1, "ann", 100, 5},
        {"the user in front, old columns", "User        Quota      Size   Percent\nann   1000 1500 150\n", 1, 0, "ann",
         150, 2},
        {"a hosted user", "  10 15 150% ann@example.com\n", 1, 0, "ann@example.com", 150, 1},
        {"nothing", "", 0, 0, NULL, 0, 0},
        {"prose", "all users are fine\n", 0, 0, NULL, 0, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_quota_row *rows;
        size_t n, without;

        md_test_case(i, cases[i].says);
        n = md_quota_parse(*state, md_str(cases[i].text), &rows, &without);
        md_want_int("rows", n, cases[i].rows);
        md_want_int("without", without, cases[i].without);
        if (n == 0)
            continue;
        md_want_str("user", rows[0].user, cases[i].user);
        md_want_double("pct", rows[0].pct, cases[i].pct, 0.01);
        md_want_int("line", rows[0].line, cases[i].line);
    }
}

static void reads_sessions_and_folders(void **state)
{
    static const char sessions[] = "UID     IMAP last access      HTTP last access      POP last access\n"
                                   "=========================\n"
                                   "ed      08/Jul/2003:10:49:05  10/Jul/2003:14:55:52  ---NOT-RECORDED---\n"
                                   "IMAP\n"
                                   "UID     TIME                  VIA\n"
                                   "ed      17/Jun/2003:11:24:03  192.0.2.45:193\n"
                                   "ann     17/Jun/2003:04:28:43  192.0.2.45:183\n";
    static const char folders[] = "msgs  Kbytes last msg         partition   quotaroot mailbox\n"
                                  "  12      90 2003/01/10 11:18 primary         10240 user/ann/Sent\n"
                                  "Name: user/jdoe\n"
                                  "Version: 102\n"
                                  "Partition: second\n"
                                  "Path: /store/partition/second/=user/1a/2b/=jdoe\n";
    const struct md_session_row *open;
    const struct md_folder_row *rows;

    md_want_int("sessions, not last accesses", md_sessions_parse(*state, md_str(sessions), &open), 2);
    md_want_str("user", open[1].user, "ann");
    md_want_int("line", open[1].line, 7);
    md_want_cstr("since", md_time_rfc3339(*state, open[0].local), "2003-06-17T11:24:03Z");
    md_want_int("folders", md_folders_parse(*state, md_str(folders), &rows), 2);
    md_want_str("user", rows[0].user, "ann");
    md_want_str("partition", rows[0].partition, "primary");
    md_want_str("user of imcheck", rows[1].user, "jdoe");
    md_want_str("partition of imcheck", rows[1].partition, "second");
    md_want_int("nothing", md_folders_parse(*state, md_str(""), &rows), 0);
}

static void reads_statistics_and_states(void **state)
{
    static const char text[] =
        "Default locking region information:\n"
        "8\tLast allocated locker ID\n"
        "17\tThe number of lock requests not available due to conflicts, for which we waited\n"
        "3\tThe number of lock requests not available due to conflicts, for which we did not wait\n"
        "4\tThe number of deadlocks\n"
        "10KB 24B\tThe size of the lock region\n"
        "2123\tRequested pages found in the cache (97%)\n";
    static const struct {
        const char *says, *text;
        enum md_status want;
        uint64_t pid;
        const char *state;
    } files[] = {
        {"on one line", "2202 ready\n", MD_OK, 2202, "ready"},
        {"on the next line", "2202\r\ninit\r\n", MD_OK, 2202, "init"},
        {"a number alone", "2202", MD_OK, 2202, ""},
        {"no number", "ready\n", MD_BAD_INPUT, 0, ""},
        {"nothing", "", MD_BAD_INPUT, 0, ""},
    };
    struct md_db_stats stats;

    (void)state;
    md_want_int("status", md_db_stats_parse(md_str(text), &stats), MD_OK);
    md_want_int("deadlocks", stats.deadlocks, 4);
    md_want_int("waits", stats.lock_waits, 17);
    md_want_double("cache", stats.cache_hit_pct, 97, 0.01);
    md_want_int("line", stats.deadlocks_line, 5);
    md_want_int("nothing", md_db_stats_parse(md_str("hello\n"), &stats), MD_NOT_FOUND);
    for (size_t i = 0; i < MD_ROWS(files); i++) {
        struct md_state_file got = {0};

        md_test_case(i, files[i].says);
        md_want_int("status", md_state_file_parse(md_str(files[i].text), &got), files[i].want);
        md_want_int("pid", got.pid, files[i].pid);
        md_want_str("state", got.state, files[i].state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_counters), MD_TEST(reads_use_of_quota),
                                       MD_TEST(reads_sessions_and_folders), MD_TEST(reads_statistics_and_states)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
