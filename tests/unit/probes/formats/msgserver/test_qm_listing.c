#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "probes/formats/msgserver/qm_listing.h"

static const char directory[] = "Tue, 04 Sep 2007 10:15:02 +0200 (CEST)\r\n"
                                "Data gathered from the queue directory tree\r\n"
                                "\r\n"
                                "Channel: ims-ms                   Size Queued since\r\n"
                                "--------------------------------------------------------------\r\n"
                                "   1 ZZ0A1B200C03DEFG.00             1 04-Sep-2007 08:41:10\r\n"
                                "   2 002/ZZ0A1B200C03DEFH.00         1 04-Sep-2007 08:40:33\r\n"
                                "--------------------------------------------------------------\r\n"
                                "Total size:                          2\r\n"
                                "\r\n"
                                "Channel: tcp_local                Size Queued since\r\n"
                                "--------------------------------------------------------------\r\n"
                                "   3 013/ZXf0a1b2Cde34.HELD            04-Sep-2007 01:00:00\r\n"
                                "Grand total size:                    2\r\n";

static void reads_a_directory(void **state)
{
    struct md_qm_listing listing;

    md_qm_directory_parse(*state, md_str(directory), &listing);
    md_want_true(listing.is_recognised && !listing.is_database);
    md_want_cstr("taken", md_time_rfc3339(*state, listing.taken_at), "2007-09-04T08:15:02Z");
    md_want_int("channels", listing.n_channels, 2);
    md_want_int("messages", listing.messages, 3);
    md_want_str("channel", listing.channels[1].channel, "tcp_local");
    md_want_int("files of the first", listing.channels[0].messages, 2);
    md_want_str("file with a folder", listing.files[1].name, "002/ZZ0A1B200C03DEFH.00");
    md_want_int("line", listing.files[1].line, 7);
    md_want_int("channel of the third", listing.files[2].channel, 1);
    md_want_cstr("without a size", md_time_rfc3339(*state, listing.files[2].local), "2007-09-04T01:00:00Z");
}

static void reads_summaries_as_they_come(void **state)
{
    static const struct {
        const char *says, *text;
        size_t channels;
        uint64_t messages;
        const char *last;
        double size; /* -1: none */
    } cases[] = {
        {"bare rows", "ims-ms 12 0.31\ntcp_local 2113 14.90\n", 2, 2125, "tcp_local", 14.9},
        {"with heading, rules, dates and totals",
         "                              Messages\n"
         "Channel               Queued   Size (Mb)   Oldest\n"
         "-------------------- -------- ----------- -----------------------\n"
         "ims-ms                    12        0.31   07 Sep, 11:20:05\n"
         "-------------------- -------- ----------- -----------------------\n"
         "Totals                    12        0.31\n",
         1, 12, "ims-ms", 0.31},
        {"a count alone, behind a prompt", "qm.maint> reprocess: 7\n", 1, 7, "reprocess", -1},
        {"an error", "%QM-E-NOCONTACT, cannot reach the job controller\n", 0, 0, NULL, -1},
        {"nothing", "", 0, 0, NULL, -1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_qm_listing listing;

        md_test_case(i, cases[i].says);
        md_qm_summarize_parse(*state, md_str(cases[i].text), &listing);
        md_want_int("channels", listing.n_channels, cases[i].channels);
        md_want_int("messages", listing.messages, cases[i].messages);
        if (listing.n_channels == 0)
            continue;
        md_want_str("last", listing.channels[listing.n_channels - 1].channel, cases[i].last);
        md_want_double("size",
                       listing.channels[listing.n_channels - 1].has_size ? listing.channels[listing.n_channels - 1].size
                                                                         : -1,
                       cases[i].size, 0.001);
    }
}

static void reads_histories(void **state)
{
    static const char text[] =
        "qm.maint> history 1\n"
        "Message id: 1\n"
        "Filename: /q/tcp_local/002/ZXf0.00\n"
        "\n"
        "Fri, 21 Nov 2014 19:17:37 +0000 (GMT)\n"
        "TCP active open: Failed connect() to TCP port 25 of 192.0.2.240    Error: Connection timed out\n"
        "\n"
        "Fri, 21 Nov 2014 20:17:37 +0000 (GMT)\n"
        "Over quota\n"
        "and more of it\n"
        "Message id: 2\n"
        "Filename: /q/tcp_local/002/ZZf1.00\n";
    struct md_qm_history history;

    md_qm_history_parse(*state, md_str(text), &history);
    md_want_int("files", history.n_files, 2);
    md_want_int("attempts", history.n, 2);
    md_want_str("file", history.attempts[1].file, "/q/tcp_local/002/ZXf0.00");
    md_want_str("text", history.attempts[1].text, "Over quota");
    md_want_int("line", history.attempts[1].line, 9);
    md_want_cstr("time", md_time_rfc3339(*state, history.attempts[1].at), "2014-11-21T20:17:37Z");
}

static void reads_replies_and_stopped_channels(void **state)
{
    static const struct {
        const char *says, *command, *text, *ident;
        char severity;
        const char *channel; /* NULL: says nothing about stopping */
        bool is_stopped;
    } cases[] = {
        {"a plain reply", "", "%QM-I-DELETED, deleted the message file\n", "DELETED", 'I', NULL, false},
        {"a failure to stop", "imsimta qm stop tcp_local",
         "QM-E-NOTSTOPPED, unable to stop the channel; cannot update the hold list\n", "NOTSTOPPED", 'E', NULL, false},
        {"stopped by command", "", "# imsimta qm stop tcp_local\n%QM-S-STOPPED, the channel has been stopped\n",
         "STOPPED", 'S', "tcp_local", true},
        {"a command that said nothing", "imsimta qm stop tcp_local", "", NULL, 0, "tcp_local", true},
        {"a start that said nothing", "imsimta qm start tcp_local", "\n", NULL, 0, "tcp_local", false},
        {"stopped, the channel named", "", "%QM-I-STOPPED, channel ims-ms is stopped\n", "STOPPED", 'I', "ims-ms",
         true},
        {"not stopped", "", "%QM-I-NOTSTOPPED, channel ims-ms is not stopped\n", "NOTSTOPPED", 'I', "ims-ms", false},
        {"started at a prompt", "", "qm.maint> start tcp_local\n%QM-S-STARTED, the channel has been started\n",
         "STARTED", 'S', "tcp_local", false},
        {"no reply", "", "hello-there\n", NULL, 0, NULL, false},
        {"cut off", "", "%QM-E-", NULL, 0, NULL, false},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str rest = md_str(cases[i].text);
        const struct md_qm_stopped *stopped;
        struct md_qm_reply reply = {0};
        uint32_t line = 0;
        size_t n;

        md_test_case(i, cases[i].says);
        md_want_int("found", md_qm_reply_next(&rest, &line, &reply), cases[i].ident != NULL);
        if (cases[i].ident != NULL) {
            md_want_str("ident", reply.ident, cases[i].ident);
            md_want_int("severity", reply.severity, cases[i].severity);
        }
        n = md_qm_stopped_parse(*state, md_str(cases[i].command), md_str(cases[i].text), &stopped);
        md_want_int("says something", n, cases[i].channel != NULL);
        if (n > 0) {
            md_want_str("channel", stopped[0].channel, cases[i].channel);
            md_want_int("stopped", stopped[0].is_stopped, cases[i].is_stopped);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_a_directory), MD_TEST(reads_summaries_as_they_come),
                                       MD_TEST(reads_histories), MD_TEST(reads_replies_and_stopped_channels)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
