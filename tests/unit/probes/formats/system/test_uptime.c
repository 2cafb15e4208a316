#include "tests/unit/md_test.h"

#include "probes/formats/system/uptime.h"

static void reads_load_and_time_since_boot(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_status want;
        double up_s, load1, load15; /* up -1: not known */
    } cases[] = {
        {"Solaris, days and hours", "  3:12am  up 41 day(s),  2:10,  1 user,  load average: 0.31, 0.28, 0.30\n", MD_OK,
         41 * 86400 + 7800, 0.31, 0.30},
        {"Linux, hours", " 03:12:01 up  2:10,  1 user,  load average: 98.05, 0.28, 12.5\n", MD_OK, 7800, 98.05, 12.5},
        {"minutes", " 03:12:01 up 12 min,  0 users,  load average: 1.00, 0.28, 0.30\n", MD_OK, 720, 1, 0.30},
        {"one hour in words", "3:12am up 1 hr(s), 1 user, load average: 0.00, 0.01, 0.05\n", MD_OK, 3600, 0, 0.05},
        {"days and minutes", "3:12pm up 3 days, 5 min(s), 9 users, load average: 0.1, 0.2, 0.3\n", MD_OK,
         3 * 86400 + 300, 0.1, 0.3},
        {"commas, CR LF, plural", "3:12 up 1 day, 2 users, load averages: 1,50 2,50 3,50\r\n", MD_OK, 86400, 1.5, 3.5},
        {"behind a prompt and a blank line",
         "mail1# uptime\n\n 3:12am up 1 day(s), 1 user, load average: 0.1, 0.2, 0.3\n", MD_OK, 86400, 0.1, 0.3},
        {"the load alone", "load average: 0.1, 0.2, 0.3", MD_OK, -1, 0.1, 0.3},
        {"cut off", "3:12am up 1 day(s), load average: 0.1, 0.2", MD_NOT_FOUND, 0, 0, 0},
        {"nothing", "", MD_NOT_FOUND, 0, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_uptime up = {0};

        md_test_case(i, cases[i].says);
        md_want_int("status", md_uptime_parse(md_str(cases[i].in), &up), cases[i].want);
        if (cases[i].want != MD_OK)
            continue;
        md_want_double("up", up.has_up ? up.up_s : -1, cases[i].up_s, 0.5);
        md_want_double("load1", up.load[0], cases[i].load1, 0.0001);
        md_want_double("load15", up.load[2], cases[i].load15, 0.0001);
    }
}

static void reads_counters_of_retransmission(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_status want;
        uint64_t sent, resent;
    } cases[] = {
        {"Solaris, two columns",
         "TCP     tcpRtoAlgorithm     =     4     tcpRtoMin           =   400\n"
         "        tcpOutSegs          =1000000    tcpOutDataSegs      =800000\n"
         "        tcpRetransSegs      =  4000     tcpRetransBytes     =5000000\n",
         MD_OK, 800000, 4000},
        {"Linux, new spelling",
         "Tcp:\n    1000 segments received\n    9000 segments sent out\n    90 segments retransmitted\n", MD_OK, 9000,
         90},
        {"Linux, old spelling", "Tcp:\n    9000 segments send out\n    91 segments retransmited\n", MD_OK, 9000, 91},
        {"half of it", "    9000 segments sent out\n", MD_NOT_FOUND, 0, 0},
        {"nothing", "", MD_NOT_FOUND, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_netstat_tcp tcp = {0};

        md_test_case(i, cases[i].says);
        md_want_int("status", md_netstat_parse(md_str(cases[i].in), &tcp), cases[i].want);
        md_want_int("sent", tcp.sent, cases[i].sent);
        md_want_int("resent", tcp.resent, cases[i].resent);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_load_and_time_since_boot),
                                       MD_TEST(reads_counters_of_retransmission)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
