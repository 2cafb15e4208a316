#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "probes/formats/msgserver/nslog.h"

static void reads_the_beginning_of_an_event(void **state)
{
    static const struct {
        const char *says, *line;
        enum md_status want;
        const char *local;
        int32_t offset_s; /* -1: none */
        const char *process, *category, *text;
        uint64_t pid;
        enum md_nslog_level level;
    } cases[] = {
        {"a notice", "[30/Aug/2006:17:05:05 -0400] mail1 ims_master[19736]: General Notice: up and away", MD_OK,
         "2006-08-30T17:05:05Z", -14400, "ims_master", "General", "up and away", 19736, MD_NSLOG_NOTICE},
        {"hours and seconds as the zone",
         "[18/Oct/2005:03:05:21 +051800] m.example.in imapd[7]: General Critical: Not enough file descriptors", MD_OK,
         "2005-10-18T03:05:21Z", 19800, "imapd", "General", "Not enough file descriptors", 7, MD_NSLOG_CRITICAL},
        {"no brackets, as before 6.x",
         "02/May/1998:17:37:32 -0700 mail1 cgi_store[18753]: General Error: "
         "function=getserverhello|port=2500|error=failed",
         MD_OK, "1998-05-02T17:37:32Z", -25200, "cgi_store", "General",
         "function=getserverhello|port=2500|error=failed", 18753, MD_NSLOG_ERROR},
        {"no blank behind the level",
         "[31/Aug/2004:16:33:14 -0700] mail1 ims_master[13822]: Store "
         "Information:append:amy:user/amy:659:<m1@example.com>",
         MD_OK, "2004-08-31T16:33:14Z", -25200, "ims_master", "Store", "append:amy:user/amy:659:<m1@example.com>",
         13822, MD_NSLOG_INFORMATION},
        {"a category of newer versions",
         "[31/Aug/2024:16:33:14 +0000] mail1.example.com stored[12]: Replication Warning: x: y", MD_OK,
         "2024-08-31T16:33:14Z", 0, "stored", "Replication", "x: y", 12, MD_NSLOG_WARNING},
        {"no category and level", "[31/Aug/2024:16:33:14 +0000] mail1 job_controller[12]: cannot exec: No such file",
         MD_OK, "2024-08-31T16:33:14Z", 0, "job_controller", "", "cannot exec: No such file", 12, MD_NSLOG_OTHER},
        {"no zone", "[31/Aug/2004:16:33:14] mail1 imapd[1]: Store Error: x", MD_OK, "2004-08-31T16:33:14Z", -1, "imapd",
         "Store", "x", 1, MD_NSLOG_ERROR},
        {"a line that goes on", "  and more of the text", MD_BAD_INPUT, NULL, 0, NULL, NULL, NULL, 0, MD_NSLOG_OTHER},
        {"no process number", "[31/Aug/2004:16:33:14 -0700] mail1 imapd: Store Error: x", MD_BAD_INPUT, NULL, 0, NULL,
         NULL, NULL, 0, MD_NSLOG_OTHER},
        {"a bracket left open", "[31/Aug/2004:16:33:14 -0700 mail1 imapd[1]: Store Error: x", MD_BAD_INPUT, NULL, 0,
         NULL, NULL, NULL, 0, MD_NSLOG_OTHER},
        {"cut off", "[31/Aug/2004:16:33:14 -0700] mail1 imapd[12", MD_BAD_INPUT, NULL, 0, NULL, NULL, NULL, 0,
         MD_NSLOG_OTHER},
        {"a day that is none", "[31/Feb/2004:16:33:14 -0700] mail1 imapd[12]: Store Error: x", MD_BAD_INPUT, NULL, 0,
         NULL, NULL, NULL, 0, MD_NSLOG_OTHER},
        {"nothing", "", MD_BAD_INPUT, NULL, 0, NULL, NULL, NULL, 0, MD_NSLOG_OTHER},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_nslog_line event = {0};

        md_test_case(i, cases[i].says);
        md_want_int("status", md_nslog_parse(md_str(cases[i].line), &event), cases[i].want);
        if (cases[i].want != MD_OK)
            continue;
        md_want_cstr("local", md_time_rfc3339(*state, event.local), cases[i].local);
        md_want_int("offset", event.has_offset ? event.offset_s : -1, cases[i].offset_s);
        md_want_str("process", event.process, cases[i].process);
        md_want_str("category", event.category, cases[i].category);
        md_want_str("text", event.text, cases[i].text);
        md_want_int("pid", event.pid, cases[i].pid);
        md_want_int("level", event.level, cases[i].level);
    }
}

static void finds_users_partitions_and_lives_in_texts(void **state)
{
    static const struct {
        const char *says, *text, *user, *partition;
        enum md_nslog_life life;
    } cases[] = {
        {"a mailbox at the end", "Mailbox corrupted, missing fixed headers: user/broken1", "broken1", "",
         MD_NSLOG_LIFE_NONE},
        {"a folder of a hosted user",
         "Invalid cache data for msg 4 in mailbox user/ann@example.com/Sent. Needs reconstruct", "ann@example.com", "",
         MD_NSLOG_LIFE_NONE},
        {"a full stop behind the name", "Unable to open mailbox user/bob.", "bob", "", MD_NSLOG_LIFE_NONE},
        {"a path of the store",
         "Unable to append cache for /store/partition/primary/=user/1a/2b/=jdoe/store.idx: File too large", "jdoe",
         "primary", MD_NSLOG_LIFE_NONE},
        {"a partition by name", "partition 'second' is over the threshold, locked", "", "second", MD_NSLOG_LIFE_NONE},
        {"no user: another word ends so", "superuser/x", "", "", MD_NSLOG_LIFE_NONE},
        {"a start", "Sun Java(tm) System Messaging Server ims_master 6.2-7.02 (built Jun 13 2006) starting up", "", "",
         MD_NSLOG_LIFE_START},
        {"an orderly end", "Oracle Communications Messaging Server ims_master 8.0 64bit (built x) shutting down", "",
         "", MD_NSLOG_LIFE_END},
        {"a new log", "Log created (1795422060)", "", "", MD_NSLOG_LIFE_LOG_CREATED},
        {"nothing", "", "", "", MD_NSLOG_LIFE_NONE},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str text = md_str(cases[i].text);

        md_test_case(i, cases[i].says);
        md_want_str("user", md_nslog_user(text), cases[i].user);
        md_want_str("partition", md_nslog_partition(text), cases[i].partition);
        md_want_int("life", md_nslog_life(text), cases[i].life);
    }
}

static void reads_the_log_of_the_watcher(void **state)
{
    static const struct {
        const char *says, *line;
        enum md_watcher_kind kind;
        const char *program;
        uint64_t pid;
        const char *local; /* NULL: not dated */
    } cases[] = {
        {"its own start", "watcher process 2201 started at Tue Sep  4 06:00:11 2007", MD_WATCHER_BEGIN, "watcher", 2201,
         "2007-09-04T06:00:11Z"},
        {"a crash", "Watched 'imapd' process 2204 exited abnormally", MD_WATCHER_EXIT, "imapd", 2204, NULL},
        {"a crash in typographic quotes", "Watched \xe2\x80\x98stored\xe2\x80\x99 process 99 exited abnormally\r",
         MD_WATCHER_EXIT, "stored", 99, NULL},
        {"a crash that is dated", "[04/Sep/2007:06:10:00 +0200] Watched 'job_controller' process 5 exited abnormally",
         MD_WATCHER_EXIT, "job_controller", 5, "2007-09-04T06:10:00Z"},
        {"a start", "Starting store server .... 2301", MD_WATCHER_START, "store", 2301, NULL},
        {"a stop", "Stopping http server 2210 .... done", MD_WATCHER_STOP, "http", 2210, NULL},
        {"a request", "Received request to restart: store imap pop http", MD_WATCHER_REQUEST, "store imap pop http", 0,
         NULL},
        {"a service that is down", "imap server is not running", MD_WATCHER_DOWN, "imap", 0, NULL},
        {"anything else", "Connecting to watcher ...", MD_WATCHER_OTHER, "", 0, NULL},
        {"nothing", "", MD_WATCHER_OTHER, "", 0, NULL},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_watcher_line got;

        md_test_case(i, cases[i].says);
        md_watcher_parse(md_str(cases[i].line), &got);
        md_want_int("kind", got.kind, cases[i].kind);
        md_want_str("program", got.program, cases[i].program);
        md_want_int("pid", got.pid, cases[i].pid);
        md_want_int("dated", got.has_time, cases[i].local != NULL);
        if (cases[i].local != NULL)
            md_want_cstr("local", md_time_rfc3339(*state, got.local), cases[i].local);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_the_beginning_of_an_event),
                                       MD_TEST(finds_users_partitions_and_lives_in_texts),
                                       MD_TEST(reads_the_log_of_the_watcher)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
