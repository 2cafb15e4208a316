#include "tests/unit/probes/probe_fixture.h"

#define NOW (INT64_C(1790000000) * MD_SECOND)
#define FAILURES_MAX 60

static void the_list_is_sound(void **state)
{
    (void)state;
    md_want_true(md_probe_count() > 0);
    for (size_t i = 0; i < md_probe_count(); i++) {
        const struct md_probe *probe = md_probe_at(i);
        size_t n = 0;

        md_test_case(i, probe->name);
        md_want_true(md_str_find_char(md_str(probe->name), '.') > 0);
        md_want_true(probe->says != NULL && strlen(probe->says) > 10 && probe->says[strlen(probe->says) - 1] != '.');
        md_want_true(probe->run != NULL);
        while (n <= MD_ITEM_KIND_COUNT && probe->reads[n] != MD_ITEM_KIND_COUNT)
            n++;
        md_want_true(n <= MD_ITEM_KIND_COUNT);
        for (size_t k = 0; k < i; k++)
            md_want_true(strcmp(md_probe_at(k)->name, probe->name) != 0);
    }
}

static void an_empty_source_is_survived(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_want_int("status", md_probes_run(&t.ctx, MD_COST_EXPENSIVE), MD_OK);
    md_want_int("each is noted", md_facts_probe_count(t.facts), md_probe_count());
    for (size_t i = 0; i < md_probe_count(); i++) {
        const struct md_probe_note *note = md_facts_probe_at(t.facts, i);

        md_test_case(i, note->name);
        md_want_true(note->status == MD_PROBE_OK || note->status == MD_PROBE_SKIPPED);
        md_want_true(note->status == MD_PROBE_OK || note->why != NULL);
    }
    md_want_int("a second call runs nothing again", md_probes_run(&t.ctx, MD_COST_EXPENSIVE), MD_OK);
    md_want_int("notes", md_facts_probe_count(t.facts), md_probe_count());
    md_probe_test_end(&t);
}

static void costly_probes_wait_for_leave(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    size_t free_ones = 0;

    for (size_t i = 0; i < md_probe_count(); i++)
        free_ones += md_probe_at(i)->cost == MD_COST_FREE;
    md_want_int("status", md_probes_run(&t.ctx, MD_COST_FREE), MD_OK);
    md_want_int("only the free ones", md_facts_probe_count(t.facts), free_ones);
    md_probe_test_end(&t);
}

static void an_interrupt_skips_the_rest(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    const volatile sig_atomic_t interrupted = 1;

    t.ctx.interrupted = &interrupted;
    md_want_int("status", md_probes_run(&t.ctx, MD_COST_CHEAP), MD_INTERRUPTED);
    for (size_t i = 0; i < md_facts_probe_count(t.facts); i++)
        md_want_int("skipped", md_facts_probe_at(t.facts, i)->status, MD_PROBE_SKIPPED);
    md_probe_test_end(&t);
}

static void fill(struct md_source *source)
{
    struct md_item *item;

    md_fake_add(source, MD_ITEM_IMTA_CNF, "imta.cnf",
                "example.org $U%$D@mail.example.org\n. $U%$H@tcp-daemon\n\ndefaults logging\n\nl\nmail.example.org\n\n"
                "ims-ms pool IMS_POOL\nims-ms-daemon\n\ntcp_local smtp mx\ntcp-daemon\n");
    md_fake_add(source, MD_ITEM_JOB_CONTROLLER_CNF, "job_controller.cnf",
                "[POOL=DEFAULT]\njob_limit=10\n[CHANNEL=tcp_*]\nmaster_command=IMTA_BIN:tcp_smtp_client\n");
    md_fake_add(source, MD_ITEM_OPTION_DAT, "option.dat", "LOG_FILENAME=1\n");
    md_fake_add_command(source, MD_ITEM_CONFIGUTIL, "configutil",
                        "local.autorestart = yes\nlocal.hostname = mail.example.org\n");
    md_fake_add_command(source, MD_ITEM_IMSIMTA_VERSION, "imsimta version",
                        "Sun Java(tm) System Messaging Server 6.3-6.03 (built Mar 14 2008; 32bit)\n");
    md_fake_add_command(
        source, MD_ITEM_IMSIMTA_PROCESS, "imsimta process",
        "USER PID S VSZ RSS STIME TIME COMMAND\nmail 7 S 1 1 00:01:00 0:00 /opt/SUNWmsgsr/lib/job_controller\n");
    md_fake_add_command(source, MD_ITEM_DF, "df -k",
                        "Filesystem kbytes used avail capacity Mounted on\n/dev/a 100 50 50 50% /\n");
    md_fake_add_command(source, MD_ITEM_UPTIME, "uptime",
                        " 3:12am  up 41 day(s),  2:10,  1 user,  load average: 0.31, 0.28, 0.30\n");
    md_fake_add(source, MD_ITEM_NSLOG, "imta",
                "[04/Sep/2007:09:05:05 +0200] mail1 ims_master[5101]: General Notice: Sun Java(tm) System Messaging "
                "Server ims_master "
                "6.2-7.02 (built Jun 13 2006) starting up\n");
    md_fake_add(
        source, MD_ITEM_MAIL_LOG, "mail.log_current",
        "21-Sep-2026 12:00:00.00 tcp_local    ims-ms       E 3 a@example.net rfc822;b@example.org b@ims-ms-daemon\n"
        "21-Sep-2026 12:00:01.00 ims-ms                    Q 3 a@example.net rfc822;b@example.org b@ims-ms-daemon Over "
        "quota\n");
    item = md_fake_add(
        source, MD_ITEM_LISTING, "queue.tsv",
        "tcp_local/001/ZZg0JQ00A1B2C3D4.00\t100\t1789990000\nims-ms/ZXg0JQ00A1B2C3D5.00\t100\t1789990000\n");
    item->root = "/var/queue";
}

/* Whatever call of the source fails, in whatever way: the probes end, and what failed is said. */
static void any_call_of_the_source_may_fail(void **state)
{
    static const enum md_status failures[] = {MD_IO, MD_NO_ACCESS, MD_INTERRUPTED, MD_TIMEOUT};

    uint64_t silent = 0;

    for (uint64_t nth = 1; nth <= FAILURES_MAX; nth++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        enum md_status failure = failures[nth % (sizeof failures / sizeof *failures)];
        uint64_t before;

        md_test_case(nth, md_status_says(failure));
        fill(t.source);
        before = md_fake_calls(t.source);
        md_fake_fail(t.source, nth, failure);
        (void)!md_probes_run(&t.ctx, MD_COST_CHEAP);
        md_want_true(md_facts_probe_count(t.facts) > 0);
        if (md_fake_calls(t.source) - before < nth) { /* the failure was never reached: all have been tried */
            md_probe_test_end(&t);
            break;
        }
        silent += md_diags_count(t.diags) == 0 && failure != MD_INTERRUPTED;
        md_probe_test_end(&t);
    }
    /* Looking names up has no status; without answers its facts are unknown. That a port does not answer in time is an answer. */
    md_test_case(0, NULL);
    md_want_true(silent <= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(the_list_is_sound),
        MD_TEST(an_empty_source_is_survived),
        MD_TEST(costly_probes_wait_for_leave),
        MD_TEST(an_interrupt_skips_the_rest),
        MD_TEST(any_call_of_the_source_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
