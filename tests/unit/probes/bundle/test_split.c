#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "probes/bundle/recognise.h"
#include "probes/bundle/split.h"
#include "probes/source/stream.h"

#define VERSION                                                                                                        \
    "Sun Java(tm) System Messaging Server 6.2-7.02 (built Jun 13 2006)\nlibimta.so 6.2-7.02\nSunOS mail1 5.10\n"
#define PROCESS                                                                                                        \
    "USER      PID S VSZ    RSS   STIME    TIME     COMMAND\nmailsrv  4410 S 18420  9372  03:10:07  0:00  "            \
    "/l/dispatcher\n"
#define PS                                                                                                             \
    "     UID   PID  PPID   C    STIME TTY         TIME CMD\n    root     1     0   0   Oct 14 ?  0:07 /sbin/init\n"
#define DF "Filesystem            kbytes    used   avail capacity  Mounted on\n/dev/a 1 1 0 50% /\n"
#define UPTIME "  3:12am  up 41 day(s),  2:10,  1 user,  load average: 0.31, 0.28, 0.30\n"
#define SETTINGS "local.hostname = mail1\nstore.quotaenforcement = on\nservice.imap.enable = yes\n"
#define LISTING "/q/queue/l:\ntotal 2\n-rw-rw----   1 mailsrv  mail  6210 Nov 24 02:10 ZZf0a1b2Cde34.00\n"
#define LOG "24-Nov-2026 00:30:06.94 tcp_local                 D 47 a@b.c rfc822;d@e.f d@e.f\n"

/* Parts as "kind@line[command]" with blanks between; those that are only words are left out. */
static const struct {
    const char *says, *text, *want;
} cases[] = {
    {"prompts", "mail1# date\nTue Nov 24 03:12:00 EST 2026\nmail1# imsimta version\n" VERSION "mail1# ps -ef\n" PS,
     "date@2[date] imsimta-version@4[imsimta version] ps@8[ps -ef]"},
    {"different prompts", "$ df -k\n" DF "root@mail1:/# uptime\n" UPTIME "[root@mail1 ~]# imsimta process\n" PROCESS,
     "df@2[df -k] uptime@5[uptime] imsimta-process@7[imsimta process]"},
    {"no prompts at all", VERSION PROCESS SETTINGS PS UPTIME DF,
     "imsimta-version@1[] imsimta-process@4[] configutil@6[] ps@9[] uptime@11[] df@12[]"},
    {"headings", "==== imsimta version ====\n" VERSION "\n==== df -k ====\n" DF,
     "imsimta-version@2[imsimta version] df@7[df -k]"},
    {"files under headings of head and tail",
     "==> option.dat <==\nLOG_FORMAT=1\n\n==> queue.txt <==\n" LISTING "\n==> mail.log_current <==\n" LOG,
     "option-dat@2[option.dat] listing@5[queue.txt] mail-log@10[mail.log_current]"},
    {"files under headings of more",
     "::::::::::::::\noption.dat\n::::::::::::::\nLOG_FORMAT=1\n::::::::::::::\nq.txt\n::::::::::::::\n" LISTING,
     "option-dat@4[option.dat] listing@8[q.txt]"},
    {"files of a ticket in fences",
     "Hello\n\n### option.dat\n```\nLOG_FORMAT=1\n```\n\n## log/mail.log_current\n```text\n" LOG
     "```\nh3. queue\n{noformat}\n" LISTING "{noformat}\n**imta_tailor**\nIMTA_QUEUE=/q\n",
     "option-dat@5[option.dat] mail-log@10[log/mail.log_current] listing@14[] imta-tailor@19[imta_tailor]"},
    {"dates in other languages",
     "$ date\nMo 4. Mai 03:37:00 CEST 2026\n$ date\nmardi  5 mai 2026, 03:37:00 (UTC+0200)\n$ date\nmar 3 mar 2026 "
     "03:37:00 CET\n",
     "date@2[date] date@4[date] date@6[date]"},
    {"what is no heading of a file",
     LISTING "./aliases:\ntotal 2\n-rw-rw----   1 mailsrv  mail  6210 Nov 24 02:10 ZZf0a1b2Cde34.00\n", "listing@1[]"},
    {"the queue manager's own prompt",
     "qm.maint> messages tcp_local\nhost  active messages  delayed messages\nexample.com  1  2\nqm.maint> dir ims-ms\n"
     "Tue, 04 Sep 2007 10:15:02 +0200 (CEST)\nData gathered from the queue directory tree\nqm.maint> quit\n",
     "qm-messages@2[imsimta qm messages tcp_local] qm-directory@5[imsimta qm dir ims-ms]"},
    {"the configuration tool", "msconfig> show *\nrole.base.hostname = m\nrole.mta.x = 1\nmsconfig# exit\n",
     "msconfig@2[msconfig show *]"},
    {"CR LF", "mail1# uptime\r\n" UPTIME "mail1# df -k\r\nFilesystem kbytes used avail capacity Mounted on\r\n",
     "uptime@2[uptime] df@4[df -k]"},
    {"words around outputs", "Hi,\nthis is what we see:\n\n" DF "\nRegards\n", "df@4[]"},
    {"a prompt without an output", "mail1# imsimta qm jobs\nmail1# \n", "qm-jobs@2[imsimta qm jobs]"},
    {"a command that is not there", "mail1# imsimta qm jobs\nimsimta: command not found\nmail1# uptime\n" UPTIME,
     "other@2[imsimta qm jobs] uptime@4[uptime]"},
    {"a name that is not there is an answer",
     "$ host -t mx nowhere.invalid\nHost nowhere.invalid not found: 3(NXDOMAIN)\n$ dig x.invalid\n-bash: dig: command "
     "not found\n",
     "dig@2[host -t mx nowhere.invalid] other@4[dig x.invalid]"},
    {"an unknown command is not understood", "mail1# uptime\n" UPTIME "mail1# frobnicate\nhello\n",
     "uptime@2[uptime] other@4[frobnicate]"},
    {"shown files",
     "mail1# cat /etc/resolv.conf\nnameserver 192.0.2.53\nmail1# cat /c/option.dat\nLOG_FORMAT=1\nmail1# tail "
     "/l/mail.log_current\n" LOG LOG,
     "resolv-conf@2[cat /etc/resolv.conf] option-dat@4[cat /c/option.dat] mail-log@6[tail /l/mail.log_current]"},
    {"a log straight after the output of a command that has none", "mail1# df -k\n" DF LOG LOG,
     "df@2[df -k] mail-log@4[]"},
    {"a listing after an output", UPTIME LISTING, "uptime@1[] listing@2[]"},
    {"a log after a listing", LISTING "\n" LOG LOG, "listing@1[] mail-log@5[]"},
    {"an output whose own command fits is one",
     "# imsimta qm jobs\nchannel tcp_local\n  job 5177\n  1 JOBS ACTIVE FOR CHANNEL tcp_local\n  channel l\n",
     "qm-jobs@2[imsimta qm jobs]"},
    {"inodes on a system that prints both",
     "$ df -i\nFilesystem 512-blocks Free %Used Iused %Iused Mounted on\n/dev/hd4 1 1 1% 1 1% /\n",
     "df-inodes@2[df -i]"},
    {"nothing", "", ""},
    {"only blanks", "\n \n\t\n", ""},
    {"a last line without an end", "$ uptime\n  3:12am  up 1 day,  1 user,  load average: 0.31, 0.28, 0.30",
     "uptime@2[uptime]"},
};

static const char *summary(struct md_arena *arena, const struct md_part *parts, size_t n)
{
    const char *text = "";

    for (size_t i = 0; i < n; i++)
        if (!parts[i].is_text)
            text = md_arena_printf(arena, "%s%s%s@%u[%.*s]", text, *text != '\0' ? " " : "",
                                   md_item_kind_name(parts[i].kind), (unsigned)parts[i].first_line,
                                   MD_STR_ARG(parts[i].command));
    return text;
}

static size_t split(struct md_arena *arena, struct md_str text, unsigned clean, size_t chunk,
                    const struct md_part **ret)
{
    struct md_splitter *splitter = md_splitter_new(arena, clean);

    for (size_t at = 0; at < text.n; at += chunk) {
        struct md_str piece = md_str_sub(text, at, chunk);

        md_splitter_feed(splitter, piece.p, piece.n);
    }
    return md_splitter_end(&splitter, ret);
}

static void takes_files_apart(void **state)
{
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_part *parts;
        size_t n;

        md_test_case(i, cases[i].says);
        for (size_t chunk = 1; chunk <= 4096; chunk *= 16) {
            n = split(*state, md_str(cases[i].text), 0, chunk, &parts);
            md_want_cstr("parts", summary(*state, parts, n), cases[i].want);
        }
    }
}

static void parts_are_where_they_say(void **state)
{
    static const char text[] = "mail1# uptime\n" UPTIME "mail1# df -k\n" DF "mail1# exit\n";
    const struct md_part *parts;
    size_t n = split(*state, md_str(text), 0, 7, &parts);

    assert_true(n >= 2);
    md_want_str_n("uptime", md_str_sub(md_str(text), parts[0].offset, parts[0].size), md_str(UPTIME));
    md_want_str_n("df", md_str_sub(md_str(text), parts[1].offset, parts[1].size), md_str(DF));
}

static void listings_know_their_folder(void **state)
{
    static const struct {
        const char *says, *text, *root;
    } rows[] = {
        {"from the command",
         "$ ls -l /q/queue/tcp_local\ntotal 2\n-rw-rw----   1 m m  6210 Nov 24 02:10 ZZf0a1b2Cde34.00\n",
         "/q/queue/tcp_local"},
        {"from cd",
         "$ cd /q/queue\n$ ls -lR\n.:\ntotal 2\n\n./l:\n-rw-rw----   1 m m  6210 Nov 24 02:10 ZZf0a1b2Cde34.00\n",
         "/q/queue"},
        {"relative to cd", "$ cd /q\n$ ls -l queue/l/\n-rw-rw----   1 m m  6210 Nov 24 02:10 ZZf0a1b2Cde34.00\n",
         "/q/queue/l"},
        {"from the headers", LISTING, "/q/queue/l"},
        {"not known", "$ ls -l\n-rw-rw----   1 m m  6210 Nov 24 02:10 ZZf0a1b2Cde34.00\n", ""},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        const struct md_part *parts;
        size_t n = split(*state, md_str(rows[i].text), 0, 4096, &parts);

        md_test_case(i, rows[i].says);
        assert_true(n > 0);
        md_want_cstr("kind", md_item_kind_name(parts[n - 1].kind), "listing");
        md_want_str("root", parts[n - 1].root, rows[i].root);
    }
}

static void sees_through_quotes_and_terminals(void **state)
{
    static const char quoted[] =
        "> mail1# uptime\n> " UPTIME "> mail1# df -k\n> Filesystem kbytes used avail capacity Mounted on\n";
    static const char script[] =
        "Script started on Tue Nov 24 03:12:00 2026\n\033]0;root@mail1\a\033[1mmail1#\033[0m uptimX\be\r\n" UPTIME
        "mail1# \033[Kdf -k\r\nFilesystem kbytes used avail capacity Mounted on\r\nmail1# exit\r\n";
    const struct md_part *parts;
    size_t n;

    md_want_int("quotes are seen", md_recognise_cleaning(md_str(quoted)), MD_CLEAN_QUOTES);
    n = split(*state, md_str(quoted), MD_CLEAN_QUOTES, 5, &parts);
    md_want_cstr("quoted", summary(*state, parts, n), "uptime@2[uptime] df@4[df -k]");
    md_want_int("a terminal is seen", md_recognise_cleaning(md_str(script)), MD_CLEAN_CONTROLS);
    n = split(*state, md_str(script), MD_CLEAN_CONTROLS, 5, &parts);
    md_want_cstr("script", summary(*state, parts, n), "uptime@3[uptime] df@5[df -k]");
}

static void sees_what_was_put_into_lines(void **state)
{
    struct md_arena *arena = *state;
    const char *late = "", *padded = "", *mistake = "";

    for (int i = 0; i < 100; i++) {
        late = md_arena_printf(arena, "%sa line %d\n", late, i);
        padded = md_arena_printf(arena, "%s%-40d\n", padded, i);
        mistake = md_arena_printf(arena, "%sline %d%s\n", mistake, i * i, i % 2 == 0 ? " " : "");
    }
    md_want_int("nothing", md_recognise_cleaning(md_str(late)), 0);
    late = md_arena_printf(arena, "%s USER \xc2\xa0 PID\n", late);
    md_want_int("blanks of a mailer far below", md_recognise_cleaning(md_str(late)), MD_CLEAN_TYPOGRAPHY);
    md_want_int("padded to the width of a screen", md_recognise_cleaning(md_str(padded)), MD_CLEAN_PADDING);
    md_want_int("blanks at the end of some lines", md_recognise_cleaning(md_str(mistake)), 0);
    md_want_int("two returns", md_recognise_cleaning(MD_LIT("a\r\r\nb\r\r\nc\r\r\nd\r\r\ne\r\r\n")), MD_CLEAN_PADDING);
}

static void dates_tell_when(void **state)
{
    const struct md_part *parts;
    size_t n = split(*state, MD_LIT("$ date\nTue Nov 24 03:12:00 EST 2026\n"), 0, 4096, &parts);

    md_want_int("parts", n, 1);
    md_want_cstr("instant", md_time_rfc3339(*state, parts[0].at), "2026-11-24T08:12:00Z");
    md_want_int("zone is known", parts[0].is_local, false);
}

static void long_lines_and_garbage_are_bounded(void **state)
{
    size_t n = 3000000;
    char *text = md_arena_alloc(*state, n);
    const struct md_part *parts;

    memset(text, 'x', n);
    n = split(*state, md_str_n(text, n), 0, 65536, &parts);
    md_want_int("one part", n, 1);
    md_want_cstr("kind", md_item_kind_name(parts[0].kind), "other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(takes_files_apart),
                                       MD_TEST(parts_are_where_they_say),
                                       MD_TEST(listings_know_their_folder),
                                       MD_TEST(sees_through_quotes_and_terminals),
                                       MD_TEST(sees_what_was_put_into_lines),
                                       MD_TEST(dates_tell_when),
                                       MD_TEST(long_lines_and_garbage_are_bounded)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
