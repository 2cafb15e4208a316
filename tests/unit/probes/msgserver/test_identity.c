#include "tests/unit/probes/probe_fixture.h"

extern const struct md_probe md_probe_msgserver_identity;

#define NOW (INT64_C(1790000000) * MD_SECOND)

static const char imta[] = "mail.example.org $U%$D@mail.example.org\n. $U%$H@tcp-daemon\n\n"
                           "l\nmail.example.org\n\nims-ms\nims-ms-daemon\n\ntcp_local smtp mx\ntcp-daemon\n";

static void the_version_by_the_best_witness(void **state)
{
    static const struct {
        const char *says;
        enum md_item_kind kind;
        const char *name, *text;
        const char *want; /* NULL: not known */
        double number;
    } cases[] = {
        {"imsimta version", MD_ITEM_IMSIMTA_VERSION, "imsimta version",
         "Sun Java(tm) System Messaging Server 6.2-7.02 (built Jun 13 2006)\nlibimta.so 6.2-7.02\nSunOS mail 5.10 "
         "Generic\n",
         "6.2", 602},
        {"a start line in a server log", MD_ITEM_NSLOG, "imta",
         "[04/Sep/2007:09:05:05 +0200] mail1 ims_master[5101]: General Notice: Oracle Communications Messaging Server "
         "ims_master 8.1.0.2 "
         "64bit (built Jan  2 2019) starting up\n",
         "8.1", 801},
        {"a Received line of this host", MD_ITEM_QUEUE_FILE, "ZZx.00",
         "Received: from a (b [192.0.2.1])\n by c (iPlanet Messaging Server 5.2 HotFix 1.21 (built Sep  8 "
         "2003))\nReceived: by "
         "(Sun Java System Messaging Server 6.3)\n",
         "5.2", 502},
        {"an older hop says nothing about this host", MD_ITEM_QUEUE_FILE, "ZZx.00",
         "Received: from a by b\nReceived: by (Sun Java System Messaging Server 6.3-1 (built x))\n", NULL, 0},
        {"nothing", MD_ITEM_IMTA_CNF, "imta.cnf", imta, NULL, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, cases[i].says);
        md_fake_add(t.source, cases[i].kind, cases[i].name, cases[i].text);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_identity), MD_OK);
        md_want_fact_text(&t, NULL, "host.product", "msgserver");
        if (cases[i].want == NULL) {
            md_want_fact_unknown(&t, NULL, "host.version");
        } else {
            md_want_fact_text(&t, NULL, "host.version", cases[i].want);
            md_want_fact_number(&t, NULL, "host.version_num", cases[i].number);
            md_want_str("in the blackboard", t.world->version, cases[i].want);
            md_want_int("its origin", MD_KNOWN(&t, NULL, "host.version")->n_origins, 1);
        }
        md_probe_test_end(&t);
    }
}

static void name_and_roles(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    const struct md_fact *roles;

    md_fake_add(t.source, MD_ITEM_IMTA_CNF, "config/imta.cnf", imta);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_identity), MD_OK);
    md_want_fact_text(&t, NULL, "host.name", "mail.example.org");
    md_want_str("in the blackboard", t.world->host, "mail.example.org");
    md_want_fact_bool(&t, NULL, "host.is_unified", false);
    roles = MD_KNOWN(&t, NULL, "host.roles");
    md_want_int("roles", roles->value.u.texts.n, 2);
    md_want_str("first", roles->value.u.texts.items[0], "relay");
    md_want_str("second", roles->value.u.texts.items[1], "store");
    md_want_cstr("file of the first", roles->origins[0].name, "config/imta.cnf");
    md_want_int("line of the first", roles->origins[0].line, 10);
    md_probe_test_end(&t);
}

static void roles_need_a_configuration(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_MAIL_LOG, "mail.log_current",
                "25-Nov-2026 00:00:00.00 tcp_local ims-ms E 1 a@b rfc822;c@d c@d\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_identity), MD_OK);
    md_want_fact_text(&t, NULL, "host.product", "msgserver");
    md_want_fact_unknown(&t, NULL, "host.roles");
    md_want_fact_unknown(&t, NULL, "host.name");
    md_probe_test_end(&t);
}

static void a_listing_of_a_queue_is_enough(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_item *item =
        md_fake_add(t.source, MD_ITEM_LISTING, "queue.tsv", "tcp_local/001/ZZg0JQ00A1B2C3D4.00\t100\t1789990000\n");

    item->root = "/var/queue";
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_identity), MD_OK);
    md_want_fact_text(&t, NULL, "host.product", "msgserver");
    md_probe_test_end(&t);
    t = md_probe_test_new(*state, NOW);
    item = md_fake_add(t.source, MD_ITEM_LISTING, "home.tsv", "docs/readme.txt\t100\t1789990000\n");
    item->root = "/home";
    md_want_int("of something else not", md_probe_test_run(&t, &md_probe_msgserver_identity), MD_NOT_FOUND);
    md_want_fact_unknown(&t, NULL, "host.product");
    md_probe_test_end(&t);
}

static void a_process_table_is_enough(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_PS, "ps.txt",
                "     UID   PID  PPID   C    STIME TTY         TIME CMD\n"
                " mailsrv  6574     1   0   May 08 ?            1:58 /opt/SUNWmsgsr/lib/dispatcher\n");
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_identity), MD_OK);
    md_want_fact_text(&t, NULL, "host.product", "msgserver");
    md_probe_test_end(&t);
    t = md_probe_test_new(*state, NOW);
    md_fake_add(t.source, MD_ITEM_PS, "ps.txt",
                "     UID   PID  PPID   C    STIME TTY         TIME CMD\n"
                "    root   412     1   0   Apr 09 ?            3:04 /usr/lib/ssh/sshd\n");
    md_want_int("of another host not", md_probe_test_run(&t, &md_probe_msgserver_identity), MD_NOT_FOUND);
    md_probe_test_end(&t);
    t = md_probe_test_new(*state, NOW);
    md_fake_add(t.source, MD_ITEM_PS, "ps.txt",
                "     UID   PID  PPID   C    STIME TTY         TIME CMD\n"
                "    root   412     1   0   Apr 09 ?            0:00 vi /opt/SUNWmsgsr/lib/note.txt\n"
                "    root   413     1   0   Apr 09 ?            0:00 grep -r /job_controller .\n");
    md_want_int("named by others only, not", md_probe_test_run(&t, &md_probe_msgserver_identity), MD_NOT_FOUND);
    md_probe_test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(the_version_by_the_best_witness), MD_TEST(name_and_roles),
        MD_TEST(roles_need_a_configuration),      MD_TEST(a_process_table_is_enough),
        MD_TEST(a_listing_of_a_queue_is_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
