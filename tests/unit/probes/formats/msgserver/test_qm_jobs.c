#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/qm_jobs.h"

static const char two_channels[] = "channel tcp_local\r\n"
                                   "        job 5177\r\n"
                                   "          host mx.example.net\r\n"
                                   "          host mx.example.org\r\n"
                                   "           2 HOST BEING PROCESSED BY JOB 5177\r\n"
                                   "          message 002/ZZf0a1b2Cde34.00\r\n"
                                   "          message 003/ZZf0a1b2Cde35.00\r\n"
                                   "          processed messages: 118\r\n"
                                   "          failed processing attempts: 6\r\n"
                                   "          2 MESSAGES BEING PROCESSES BY JOB 5177\r\n"
                                   "        job 5180\r\n"
                                   "          processed messages: 1\r\n"
                                   "          failed processing attempts: 0\r\n"
                                   "          0 MESSAGES BEING PROCESSED BY JOB 5180\r\n"
                                   "         2 JOBS ACTIVE FOR CHANNEL tcp_local\r\n"
                                   "channel ims-ms\r\n"
                                   "         0 JOBS ACTIVE FOR CHANNEL ims-ms\r\n"
                                   "       1 ACTIVE CHANNELS\r\n";

static void reads_jobs(void **state)
{
    struct md_qm_jobs jobs;

    md_test_case(0, "two jobs of one channel, none of another");
    md_qm_jobs_parse(*state, md_str(two_channels), &jobs);
    md_want_true(jobs.is_recognised);
    md_want_int("jobs", jobs.n, 2);
    md_want_int("channels", jobs.n_channels, 2);
    md_want_int("other lines", jobs.other_lines, 0);
    md_want_int("active channels", jobs.active_channels, 1);
    md_want_str("channel", jobs.jobs[0].channel, "tcp_local");
    md_want_int("pid", jobs.jobs[0].pid, 5177);
    md_want_int("hosts", jobs.jobs[0].n_hosts, 2);
    md_want_str("host", jobs.jobs[0].hosts[1], "mx.example.org");
    md_want_int("messages", jobs.jobs[0].messages, 2);
    md_want_int("processed", jobs.jobs[0].processed, 118);
    md_want_int("failed", jobs.jobs[0].failed, 6);
    md_want_int("line", jobs.jobs[1].line, 11);
    md_want_int("hosts of the second", jobs.jobs[1].n_hosts, 0);
    md_want_int("messages of the second", jobs.jobs[1].messages, 0);
}

static void survives_what_is_no_list_of_jobs(void **state)
{
    static const struct {
        const char *says, *text;
        size_t jobs;
        bool is_recognised;
        uint32_t other;
    } cases[] = {
        {"nothing", "", 0, false, 0},
        {"no job runs", "       0 ACTIVE CHANNELS\n", 0, true, 0},
        {"cut off in the middle", "channel tcp_local\n  job 12\n    host a.exam", 1, true, 0},
        {"an error of the tool", "%QM-E-NOCONTACT, cannot reach the job controller\n", 0, false, 1},
        {"a job without a number", "channel tcp_local\n  job abc\n", 0, false, 1},
        {"lines of another job before any job", "host a\nmessage b\nprocessed messages: 4\n", 0, false, 3},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_qm_jobs jobs;

        md_test_case(i, cases[i].says);
        md_qm_jobs_parse(*state, md_str(cases[i].text), &jobs);
        md_want_int("jobs", jobs.n, cases[i].jobs);
        md_want_int("recognised", jobs.is_recognised, cases[i].is_recognised);
        md_want_int("other lines", jobs.other_lines, cases[i].other);
    }
}

static void reads_messages_by_host(void **state)
{
    static const char text[] = "# imsimta qm messages tcp_local\n"
                               "host                             active messages  delayed messages\n"
                               "example.com                      18               61\n"
                               "mail.example.net                 0                5\n"
                               "# imsimta qm messages ims-ms\n"
                               "host                             active messages  delayed messages\n"
                               "                                 4                1200\n";
    struct md_qm_messages first, second, third;
    struct md_str rest;

    md_qm_messages_parse(*state, md_str(text), &first, &rest);
    md_want_str("channel", first.channel, "tcp_local");
    md_want_int("hosts", first.n, 2);
    md_want_int("active", first.active, 18);
    md_want_int("delayed", first.delayed, 66);
    md_want_int("line", first.hosts[1].line, 4);
    md_qm_messages_parse(*state, rest, &second, &rest);
    md_want_str("second channel", second.channel, "ims-ms");
    md_want_int("one row without a host", second.n, 1);
    md_want_int("its host", second.hosts[0].host.n, 0);
    md_want_int("second delayed", second.delayed, 1200);
    md_qm_messages_parse(*state, rest, &third, &rest);
    md_want_true(!third.is_recognised);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_jobs), MD_TEST(survives_what_is_no_list_of_jobs),
                                       MD_TEST(reads_messages_by_host)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
