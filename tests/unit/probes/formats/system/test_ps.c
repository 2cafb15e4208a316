#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "engine/base/zone.h"
#include "probes/formats/system/ps.h"

/* A slice for a static table. */
#define TEXT(literal)                                                                                                  \
    {                                                                                                                  \
        (literal), sizeof(literal) - 1                                                                                 \
    }

static const char solaris[] = "     UID   PID  PPID   C    STIME TTY         TIME CMD\n"
                              "    root     0     0   0   Oct 14 ?            0:00 sched\n"
                              "    root     1     0   0   Oct 14 ?            0:07 /sbin/init\n"
                              " mailsrv  4101     1   0   Nov 12 ?          126:47 /opt/SUNWmsgsr/lib/stored -d\n"
                              " mailsrv  4102     1   0 23:59:58 ?            0:01 /opt/SUNWmsgsr/lib/dispatcher\n"
                              " mailsrv  4103  4102   0                        0:00 <defunct>\n";

static const char linux_full[] =
    "UID          PID    PPID  C STIME TTY          TIME CMD\r\n"
    "root           1       0  0 Oct14 ?        00:01:02 /usr/lib/systemd/systemd --system\r\n"
    "mailsrv     2301       1  2 02:39 ?        1-02:03:04 /opt/sun/comms/messaging64/lib/job_controller\r\n"
    "mailsrv     2302       1  0  2025 ?        00:00:00 imapd: 3 sessions\r\n"
    "mailsrv     2303    2301  0 02:40 ?        00:00:00 [smtp_client] <defunct>\r\n";

static const char linux_aux[] =
    "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n"
    "root         1  0.0  0.1  19232  1500 ?        Ss   Oct14   0:07 /sbin/init\n"
    "mailsrv   2310 98.7  2.0 518420 99372 ?        Rl   02:39 612:07 /opt/sun/comms/messaging64/lib/ims_master\n";

static const char imsimta[] = "USER      PID S VSZ    RSS   STIME    TIME     COMMAND\n"
                              "mailsrv  4410 S 18420  9372  03:10:07  0:00  /opt/SUNWmsgsr/lib/tcp_smtp_server\n"
                              "mailsrv  3021 S 18120  5724  Aug_30    0:02  imta/bin/job_controller\n";

static const char imsimta_bare[] = "mail1# imsimta process\n"
                                   "mailsrv  3022 S 17852  5332  Aug_30    0:01  <DISPATCHER>\n";

static const char picked[] = " mailsrv  4101     1   0   Nov 12 ?            6:47 /opt/SUNWmsgsr/lib/stored -d\n"
                             " mailsrv  9999  9000   0 03:12:00 pts/2        0:00 grep SUNWmsgsr\n";

/* By the formats of its source: "%3u.%u%5lu%5lu", so only what is small keeps a blank before it. */
static const char ucb[] =
    "USER       PID %CPU %MEM   SZ  RSS TT       S    START  TIME COMMAND\n"
    "mailsrv   6573  0.1  0.318416 9368 ?        S   Nov 12  1:51 /opt/SUNWmsgsr/lib/job_controller\n"
    "mailsrv  21855 97.0  1.2129888102400 ?        O 03:08:37  3:03 /opt/SUNWmsgsr/lib/ims_master -v\n"
    "root       301  0.0  0.1 4800 2368 ?        S   Oct 14  5:07 /usr/sbin/nscd\n";

static const char at_the_width[] = "     UID   PID  PPID   C    STIME TTY         TIME CMD\n"
                                   " mailsrv  6573     1   0   Nov 12 ?            1:51 /opt/SUNWmsgsr/lib/job_contr\n"
                                   "oller\n"
                                   " mailsrv  6574     1   0   Nov 12 ?            1:58 /opt/SUNWmsgsr/lib/dispatche\n"
                                   "r\n"
                                   " mailsrv  6101     1   0   Nov 12 ?            1:59 /opt/SUNWmsgsr/lib/stored -d\n"
                                   " mailsrv 21855  6573   0 03:08:37 ?            0:03 /opt/SUNWmsgsr/lib/imapd -d \n"
                                   "5 -D 6\n";

static const char between_words[] = "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n"
                                    "root         1  0.0  0.1  19232  1500 ?        Ss   Oct14   0:07 /sbin/init\n"
                                    "mailsrv   2310 98.7  2.0 518420 99372 ?        Rl   02:39 612:07\n"
                                    "/opt/sun/comms/messaging64/lib/ims_master\n"
                                    "mailsrv   2311  0.7  2.0 518420 99372 ?        Sl   02:39   0:07\n"
                                    "/opt/sun/comms/messaging64/lib/stored -d\n";

static void reads_the_layouts(void **state)
{
    static const struct {
        const char *says;
        const char *text;
        size_t rows, row;
        uint64_t pid;
        const char *program;
        double cpu_s;
        enum md_ps_start_kind start;
        enum md_ps_form form;
        bool is_complete;
        uint32_t line;
    } cases[] = {
        {"Solaris, a day of two words", solaris, 4, 2, 4101, "stored", 126 * 60 + 47, MD_PS_START_DAY, MD_PS_FULL, true,
         4},
        {"Solaris, a clock, a defunct child left out", solaris, 4, 3, 4102, "dispatcher", 1, MD_PS_START_CLOCK,
         MD_PS_FULL, true, 5},
        {"columns of Solaris' ucb that run together", ucb, 3, 0, 6573, "job_controller", 111, MD_PS_START_DAY,
         MD_PS_FULL, false, 2},
        {"three columns that run together", ucb, 3, 1, 21855, "ims_master", 183, MD_PS_START_CLOCK, MD_PS_FULL, false,
         3},
        {"a row that a terminal has broken", at_the_width, 4, 0, 6573, "job_controller", 111, MD_PS_START_DAY,
         MD_PS_FULL, false, 2},
        {"the row behind it", at_the_width, 4, 1, 6574, "dispatcher", 118, MD_PS_START_DAY, MD_PS_FULL, false, 4},
        {"a row broken in its arguments", at_the_width, 4, 3, 21855, "imapd", 3, MD_PS_START_CLOCK, MD_PS_FULL, false,
         7},
        {"rows that a mailer has broken", between_words, 3, 1, 2310, "ims_master", 612 * 60 + 7, MD_PS_START_CLOCK,
         MD_PS_FULL, true, 3},
        {"the last of them", between_words, 3, 2, 2311, "stored", 7, MD_PS_START_CLOCK, MD_PS_FULL, true, 5},
        {"Linux with CR LF, days of processor time", linux_full, 3, 1, 2301, "job_controller", 93784, MD_PS_START_CLOCK,
         MD_PS_FULL, true, 3},
        {"Linux, a year, a renamed process", linux_full, 3, 2, 2302, "imapd", 0, MD_PS_START_YEAR, MD_PS_FULL, true, 4},
        {"BSD style", linux_aux, 2, 1, 2310, "ims_master", 612 * 60 + 7, MD_PS_START_CLOCK, MD_PS_FULL, true, 3},
        {"imsimta process with its heading", imsimta, 2, 1, 3021, "job_controller", 2, MD_PS_START_DAY, MD_PS_IMSIMTA,
         false, 3},
        {"imsimta process without, behind a prompt, an old name", imsimta_bare, 1, 0, 3022, "DISPATCHER", 1,
         MD_PS_START_DAY, MD_PS_IMSIMTA, false, 2},
        {"rows picked by grep are no complete table", picked, 2, 0, 4101, "stored", 407, MD_PS_START_DAY, MD_PS_FULL,
         false, 1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_ps ps;

        md_test_case(i, cases[i].says);
        md_ps_parse(*state, md_str(cases[i].text), &ps);
        md_want_int("rows", ps.n, cases[i].rows);
        md_want_int("bad lines", ps.bad_lines, 0);
        md_want_int("form", ps.form, cases[i].form);
        md_want_int("complete", ps.is_complete, cases[i].is_complete);
        md_want_int("pid", ps.rows[cases[i].row].pid, cases[i].pid);
        md_want_str("program", ps.rows[cases[i].row].program, cases[i].program);
        md_want_double("cpu", ps.rows[cases[i].row].cpu_s, cases[i].cpu_s, 0.01);
        md_want_int("start", ps.rows[cases[i].row].start.kind, cases[i].start);
        md_want_int("line", ps.rows[cases[i].row].line, cases[i].line);
    }
}

static void survives_what_is_no_table(void **state)
{
    static const struct {
        const char *says;
        struct md_str text;
        size_t rows;
        uint32_t bad;
    } cases[] = {
        {"nothing", {"", 0}, 0, 0},
        {"bytes", {"\0\xff\n\n\0\r\n\x80", 8}, 0, 0},
        {"a heading alone", TEXT("UID PID PPID C STIME TTY TIME CMD\n"), 0, 0},
        {"a row cut off", TEXT("UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 Oct"), 0, 1},
        {"a row of words", TEXT("UID PID PPID C STIME TTY TIME CMD\na b c d e f g h\n"), 0, 1},
        {"a process number too large", TEXT("UID PID PPID C STIME TTY TIME CMD\nroot 99999999999 0 0 02:39 ? 0:00 x\n"),
         0, 1},
        {"prose", TEXT("the processes are all there I think\n"), 0, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_ps ps;

        md_test_case(i, cases[i].says);
        md_ps_parse(*state, cases[i].text, &ps);
        md_want_int("rows", ps.n, cases[i].rows);
        md_want_int("bad lines", ps.bad_lines, cases[i].bad);
        md_want_true(!ps.is_complete);
    }
}

static void tells_when_a_process_started(void **state)
{
    static const struct {
        const char *says;
        struct md_ps_start start;
        const char *taken, *from, *to, *zone;
    } cases[] = {
        {"last night, and the clocks were put back since",
         {.kind = MD_PS_START_CLOCK, .hour = 22, .minute = 31},
         "2026-11-01T03:12:00-05:00",
         "2026-11-01T02:31:00Z",
         "2026-11-01T02:31:00Z",
         "America/New_York"},
        {"the day on which the clocks were put back",
         {.kind = MD_PS_START_DAY, .month = 11, .day = 1},
         "2026-11-24T03:12:00-05:00",
         "2026-11-01T04:00:00Z",
         "2026-11-02T04:59:59Z",
         "America/New_York"},
        {"this morning",
         {.kind = MD_PS_START_CLOCK, .hour = 2, .minute = 39},
         "2026-11-24T03:12:00-05:00",
         "2026-11-24T07:39:00Z",
         "2026-11-24T07:39:00Z",
         NULL},
        {"last night",
         {.kind = MD_PS_START_CLOCK, .hour = 22, .minute = 31},
         "2026-11-24T03:12:00-05:00",
         "2026-11-24T03:31:00Z",
         "2026-11-24T03:31:00Z",
         NULL},
        {"a day of this year",
         {.kind = MD_PS_START_DAY, .month = 11, .day = 12},
         "2026-11-24T03:12:00-05:00",
         "2026-11-12T05:00:00Z",
         "2026-11-13T04:59:59Z",
         NULL},
        {"a day of last year",
         {.kind = MD_PS_START_DAY, .month = 12, .day = 31},
         "2026-11-24T03:12:00-05:00",
         "2025-12-31T05:00:00Z",
         "2026-01-01T04:59:59Z",
         NULL},
        {"today, which is not over",
         {.kind = MD_PS_START_DAY, .month = 11, .day = 24},
         "2026-11-24T03:12:00-05:00",
         "2026-11-24T05:00:00Z",
         "2026-11-24T08:12:00Z",
         NULL},
        {"an age",
         {.kind = MD_PS_START_ELAPSED, .elapsed_s = 3600},
         "2026-11-24T03:12:00-05:00",
         "2026-11-24T07:12:00Z",
         "2026-11-24T07:12:00Z",
         NULL},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_zone *zone = md_zone_fixed(*state, -5 * 3600);
        int64_t taken, from, to;

        md_test_case(i, cases[i].says);
        if (cases[i].zone != NULL)
            md_want_int("zone", md_zone_load(*state, md_str(cases[i].zone), &zone), MD_OK);
        md_want_int("taken", md_time_parse_rfc3339(md_str(cases[i].taken), &taken, NULL), MD_OK);
        md_want_true(md_ps_start_range(&cases[i].start, taken, zone, &from, &to));
        md_want_cstr("from", md_time_rfc3339(*state, from), cases[i].from);
        md_want_cstr("to", md_time_rfc3339(*state, to), cases[i].to);
        if (cases[i].start.kind != MD_PS_START_EXACT)
            md_want_true(!md_ps_start_range(&cases[i].start, MD_TIME_NONE, zone, &from, &to));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_the_layouts), MD_TEST(survives_what_is_no_table),
                                       MD_TEST(tells_when_a_process_started)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
