#include "tests/unit/probes/fact_shown.h"

#include "engine/base/buf.h"
#include "probes/msgserver/instances.h"

extern const struct md_probe md_probe_msgserver_commands;

#define NOW (INT64_C(1795507920) * MD_SECOND) /* 2026-11-24T08:12:00Z */

static const char jobs[] = "channel tcp_local\n"
                           "        job 5177\n"
                           "          host mx.example.net\n"
                           "          message 002/ZZf0a1b2Cde34.00\n"
                           "          processed messages: 118\n"
                           "          failed processing attempts: 6\n"
                           "        job 5178\n"
                           "          host mx.example.net\n"
                           "          processed messages: 2\n"
                           "          failed processing attempts: 0\n"
                           "         2 JOBS ACTIVE FOR CHANNEL tcp_local\n"
                           "       1 ACTIVE CHANNELS\n";

static void reads_the_job_controllers_answers(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.jobs_running", "2"},
        {NULL, "host.jc_answers", "true"},
        {NULL, "host.jc_known", "2125"},
        {"channel/tcp_local", "channel.jobs", "2"},
        {"channel/tcp_local", "channel.job_processed", "120"},
        {"channel/tcp_local", "channel.job_failed", "6"},
        {"channel/tcp_local", "channel.job_busy_messages", "1"},
        {"channel/tcp_local", "channel.job_hosts", "mx.example.net=2"},
        {"channel/tcp_local", "channel.known", "2113"},
        {"channel/ims-ms", "channel.jobs", "0"},
        {"channel/ims-ms", "channel.job_processed", "-"},
        {"channel/ims-ms", "channel.known", "12"},
        {"channel/ims-ms", "channel.stopped", "true"},
        {"channel/ims-ms", "channel.counter_stored", "-3"},
        {"channel/reprocess", "channel.known", "0"},
        {"channel/tcp_local", "channel.stopped", "?"},
        {"channel/tcp_auth", "channel.counter_stored", "-"},
        {NULL, "host.dispatcher_banner", "?"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_instance *root = md_facts_root(t.facts);

    md_facts_instance(t.facts, "channel", MD_LIT("ims-ms"), root);
    md_facts_instance(t.facts, "channel", MD_LIT("reprocess"), root);
    md_fake_add_command(t.source, MD_ITEM_QM_JOBS, "imsimta qm jobs", jobs);
    md_fake_add_command(t.source, MD_ITEM_QM_SUMMARIZE, "imsimta qm summarize -database -noheading",
                        "ims-ms 12 0.31\ntcp_local 2113 14.90\n");
    md_fake_add_command(t.source, MD_ITEM_QM_STATUS, "imsimta qm stop ims-ms",
                        "%QM-I-STOPPED, channel ims-ms is stopped\n");
    md_fake_add(t.source, MD_ITEM_COUNTERS, "counters",
                "Channel  Messages Recipients Blocks\nims-ms\n   Stored  -3  4  5\ntcp_auth\n   Stored 1 1 1\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_commands), MD_OK);
    md_want_shown(&t, rows);
    md_want_cstr("origin", md_shown_origin(&t, "channel/ims-ms", "channel.counter_stored"), "counters:3");
    md_want_int("no complaint", md_diags_count(t.diags), 0);
    md_probe_test_end(&t);
}

static void tells_whether_the_job_controller_answers(void **state)
{
    static const struct {
        const char *says;
        enum md_item_kind kind;
        const char *command, *text;
        uint16_t port;
        const char *answers, *known;
    } cases[] = {
        {"messages of 6.2", MD_ITEM_QM_MESSAGES, "imsimta qm messages tcp_local",
         "host active messages delayed messages\na.example 3 4\n", 0, "true", "7"},
        {"an error of the tool", MD_ITEM_QM_JOBS, "imsimta qm jobs",
         "%QM-E-NOCONNECT, unable to connect to the job controller\n", 0, "false", "?"},
        {"an error of another kind", MD_ITEM_QM_JOBS, "imsimta qm jobs", "%QM-E-BADCMD, no such command\n", 0, "?",
         "?"},
        {"a summary of the folders is none of it", MD_ITEM_QM_SUMMARIZE, "imsimta qm summarize", "tcp_local 5 0.1\n", 0,
         "?", "?"},
        {"its port is open", MD_ITEM_OTHER, "x", "", 27442, "true", "?"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, cases[i].says);
        if (cases[i].port != 0)
            md_fake_open_port(t.source, cases[i].port);
        else
            md_fake_add_command(t.source, cases[i].kind, cases[i].command, cases[i].text);
        if (md_probe_test_run(&t, &md_probe_msgserver_commands) != MD_OK)
            md_want_cstr("nothing to read", cases[i].answers, "?");
        /* A fake host refuses connections to ports that were not opened; a refusal is an answer, too. */
        if (strcmp(cases[i].answers, "?") != 0)
            md_want_cstr("answers", md_shown(&t, NULL, "host.jc_answers"), cases[i].answers);
        md_want_cstr("known", md_shown(&t, NULL, "host.jc_known"), cases[i].known);
        md_probe_test_end(&t);
    }
}

static void knows_how_the_smtp_server_greets(void **state)
{
    static const struct {
        const char *says, *command, *text; /* text NULL: asked now */
        const char *greeting;              /* NULL: nothing comes; "": closed */
        bool is_open;
        const char *want, *delay;
    } cases[] = {
        {"asked now", NULL, NULL, "220 mail1 ESMTP", true, "220", "0.5"},
        {"too busy", NULL, NULL, "421 4.3.2 too many connections", true, "421", "0.5"},
        {"closed without a word", NULL, NULL, "", true, "none", "0.5"},
        {"accepted and then nothing", NULL, NULL, NULL, true, "none", "5 [5..50]"},
        {"nobody listens", NULL, NULL, NULL, false, "refused", "-"},
        {"pasted", "telnet localhost 25", "Trying 127.0.0.1...\nConnected to localhost.\n220 mail1 ESMTP\n", "421",
         true, "220", "-"},
        {"pasted, by the name of the host", "telnet MAIL1 smtp", "Connected to mail1.\nConnection closed.\n", NULL,
         false, "none", "-"},
        {"pasted without its command", NULL, "Trying 127.0.0.1...\n421 busy\n", NULL, false, "421", "-"},
        {"somebody else's, so it is asked", "telnet mx.example.net 25", "Trying 192.0.2.7...\n421 busy\n",
         "220 mail1 ESMTP", true, "220", "0.5"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        struct md_origin origin = {.kind = MD_ORIGIN_FILE, .name = "imta.cnf"};
        struct md_item *item;

        md_test_case(i, cases[i].says);
        md_fact_text(t.facts, md_facts_root(t.facts), "host.product", MD_LIT("Messaging Server"), &origin);
        t.world->host = MD_LIT("mail1.example.com");
        if (cases[i].is_open)
            md_fake_open_port_greeting(t.source, 25, cases[i].greeting, 0.5);
        if (cases[i].text != NULL) {
            item = md_fake_add_command(t.source, MD_ITEM_GREETING, "x", cases[i].text);
            item->command = cases[i].command;
        }
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_commands), MD_OK);
        md_want_cstr("greeting", md_shown(&t, NULL, "host.dispatcher_banner"), cases[i].want);
        md_want_cstr("delay", md_shown(&t, NULL, "host.banner_delay_s"), cases[i].delay);
        md_probe_test_end(&t);
    }
}

static void reads_messages_by_host(void **state)
{
    static const struct md_shown_row rows[] = {
        {"channel/tcp_local", "channel.active", "3"},
        {"channel/tcp_local", "channel.delayed", "904"},
        {"tcp_local/destination/mx.example.net", "destination.active", "1"},
        {"tcp_local/destination/mx.example.net", "destination.delayed", "500"},
        {"tcp_local/destination/mail.example.org", "destination.weight", "406"},
        {"tcp_slow/destination/slow.example", "destination.delayed", "7"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_QM_MESSAGES, "paste.txt",
                "# imsimta qm messages tcp_local\nhost active messages delayed messages\nMX.example.net. 1 500\n"
                "mail.example.org 2 404\n# imsimta qm messages tcp_slow\nhost active messages delayed messages\n"
                "slow.example 0 7\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_commands), MD_OK);
    md_want_shown(&t, rows);
    md_want_cstr("line of the first table",
                 md_shown_origin(&t, "tcp_local/destination/mail.example.org", "destination.delayed"), "paste.txt:4");
    md_want_cstr("line of the second table",
                 md_shown_origin(&t, "tcp_slow/destination/slow.example", "destination.delayed"), "paste.txt:7");
    md_probe_test_end(&t);
}

static void takes_the_state_of_stored_from_its_exit_code(void **state)
{
    static const struct {
        const char *says;
        int exit_code;
        const char *want;
    } cases[] = {{"healthy", 0, "ready"}, {"not healthy", 1, NULL}, {"not known", -1, NULL}};

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        struct md_item *item = md_fake_add_command(t.source, MD_ITEM_STORED_STATUS, "stored -t -v", "all is well\n");

        md_test_case(i, cases[i].says);
        item->exit_code = cases[i].exit_code;
        (void)!md_probe_test_run(&t, &md_probe_msgserver_commands);
        if (cases[i].want != NULL)
            md_want_cstr("state", md_shown(&t, "database/mboxlist", "database.state"), cases[i].want);
        else
            md_want_true(md_shown_instance(&t, "database/mboxlist") == NULL);
        md_probe_test_end(&t);
    }
}

static void reads_what_is_queued_most(void **state)
{
    static const struct md_shown_row rows[] = {
        {"channel/tcp_local", "channel.stuck_destinations", "example.net=312 example.org=44"},
        {"channel/tcp_local", "channel.stuck_senders", "a@example.com=9"},
        {"channel/tcp_local", "channel.stuck_recipients", "-"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add_command(t.source, MD_ITEM_QM_TOP, "imsimta qm top -domain_to tcp_local",
                        "  44 example.org\n 312 example.net\n");
    md_fake_add_command(t.source, MD_ITEM_QM_TOP, "imsimta qtop -from tcp_local", "9 a@example.com\n");
    md_fake_add_command(t.source, MD_ITEM_QM_TOP, "imsimta qm top tcp_local", "9 offer\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_commands), MD_OK);
    md_want_shown(&t, rows);
    md_want_int("subjects are not read, which is said", md_diags_count(t.diags), 1);
    md_probe_test_end(&t);
}

static void reads_the_stores_commands(void **state)
{
    static const struct md_shown_row rows[] = {
        {NULL, "host.over_quota_users", "2"},
        {"ims-ms/mailbox/ann@ims-ms-daemon", "mailbox.quota_pct", "150"},
        {"ims-ms/mailbox/bob", "mailbox.quota_pct", "-"},
        {"ims-ms/mailbox/ann@ims-ms-daemon", "mailbox.sessions", "1"},
        {"ims-ms/mailbox/bob", "mailbox.sessions", "0"},
        {"ims-ms/mailbox/bob", "mailbox.partition", "second"},
        {"database/mboxlist", "database.deadlocks", "4"},
        {"database/mboxlist", "database.lock_waits", "17"},
        {"database/mboxlist", "database.cache_hit_pct", "97"},
        {"database/mboxlist", "database.state", "init"},
        {"database/mboxlist", "database.state_since", "2026-11-24T07:00:00Z"},
        {"database/mboxlist", "database.log_files", "2"},
        {"database/mboxlist", "database.checkpoint", "2026-11-24T06:00:00Z"},
    };
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_instance *channel = md_facts_instance(t.facts, "channel", MD_LIT("ims-ms"), md_facts_root(t.facts));
    struct md_item *item;

    md_facts_instance(t.facts, "mailbox", MD_LIT("ann@ims-ms-daemon"), channel);
    md_facts_instance(t.facts, "mailbox", MD_LIT("bob"), channel);
    md_fake_add_command(t.source, MD_ITEM_IMQUOTACHECK, "imquotacheck",
                        "  10 15 150% no quota 3 ann\n  10 10 100% 3 eve\n no quota 5 bob\n");
    md_fake_add_command(t.source, MD_ITEM_IMSCONNUTIL, "imsconnutil -c",
                        "UID TIME VIA\nann 24/Nov/2026:01:24:03 192.0.2.45:193\n");
    md_fake_add_command(t.source, MD_ITEM_IMCHECK, "imcheck -m user/bob",
                        "Name: user/bob\nVersion: 102\nPartition: second\n");
    md_fake_add_command(t.source, MD_ITEM_IMCHECK, "imcheck -s",
                        "17\tThe number of lock requests not available due to conflicts, for which we waited\n4\tThe "
                        "number of deadlocks\n"
                        "2123\tRequested pages found in the cache (97%)\n");
    item = md_fake_add(t.source, MD_ITEM_PID_FILE, "config/pidfile.store", "2202 init\n");
    item->base = "pidfile.store";
    item->mtime = INT64_C(1795503600) * MD_SECOND;
    item = md_fake_add(t.source, MD_ITEM_LISTING, "listings/store.tsv",
                       "mboxlist/log.0000000001\t10\t1795503600\nmboxlist/log.0000000002\t10\t1795503600\nmboxlist/"
                       "folder.db\t10\t1795503600\n"
                       "config/stored.ckp\t0\t1795500000\n");
    item->root = "/var/opt/SUNWmsgsr";
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_commands), MD_OK);
    md_want_shown(&t, rows);
    md_probe_test_end(&t);
}

static void bounds_the_channels_that_are_named(void **state)
{
    static const struct {
        const char *says;
        size_t named, made;
        bool is_said;
    } cases[] = {
        {"as many as are looked at", MD_INSTANCES_EACH, MD_INSTANCES_EACH, false},
        {"one more", MD_INSTANCES_EACH + 1, MD_INSTANCES_EACH, true},
        {"many more", 4 * MD_INSTANCES_EACH, MD_INSTANCES_EACH, true},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        struct md_buf text = {0};

        md_test_case(i, cases[i].says);
        for (size_t c = 0; c < cases[i].named; c++)
            md_buf_printf(&text, "tcp_%zu 1 0.1\n", c);
        md_fake_add_command(t.source, MD_ITEM_QM_SUMMARIZE, "imsimta qm summarize -database -noheading", text.p);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_commands), MD_OK);
        md_want_int("channels", md_facts_root(t.facts)->n_children, cases[i].made);
        md_want_int("complaints", md_diags_count(t.diags), cases[i].is_said);
        md_buf_free(&text);
        md_probe_test_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_the_job_controllers_answers),
                                       MD_TEST(bounds_the_channels_that_are_named),
                                       MD_TEST(tells_whether_the_job_controller_answers),
                                       MD_TEST(knows_how_the_smtp_server_greets),
                                       MD_TEST(reads_messages_by_host),
                                       MD_TEST(takes_the_state_of_stored_from_its_exit_code),
                                       MD_TEST(reads_what_is_queued_most),
                                       MD_TEST(reads_the_stores_commands)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
