#include "tests/unit/probes/probe_fixture.h"

#include "probes/msgserver/config.h"
#include "probes/site.h"

extern const struct md_probe md_probe_msgserver_config, md_probe_msgserver_context;

#define NOW (INT64_C(1790000000) * MD_SECOND)

static const char imta[] = "mail.example.org $U%$D@mail.example.org\n"
                           "example.org $U%$D@mail.example.org\n"
                           ".example.org $U%$H$D@tcp_intranet-daemon\n"
                           "partner.example $U%$D@tcp_partner-daemon\n"
                           ". $U%$H@tcp_dsn-daemon$Mprocess_dsn\n"
                           ". $U%$H@tcp-daemon\n"
                           "\n"
                           "defaults logging notices 1 2 4 7 maxjobs 7\n"
                           "\n"
                           "l pool LOCAL_POOL\n"
                           "mail.example.org\n"
                           "\n"
                           "tcp_local smtp mx loopcheck pool SMTP_POOL\n"
                           "tcp-daemon\n"
                           "\n"
                           "tcp_partner smtp daemon relay.partner.example nomx pool MISSING nologging \\\n"
                           " backoff PT5M PT10M holdlimit 100\n"
                           "tcp_partner-daemon\n"
                           "\n"
                           "tcp_dsn smtp mx pool SMTP_POOL\n"
                           "tcp_dsn-daemon\n"
                           "\n"
                           "tcp_intranet smtp mx pool SMTP_POOL\n"
                           "tcp_intranet-daemon\n";

static const char jc[] = "max_messages=150000\n"
                         "[POOL=LOCAL_POOL]\njob_limit=10\n"
                         "[POOL=SMTP_POOL]\njob_limit=4\n"
                         "[CHANNEL=tcp_*]\nmaster_command=IMTA_BIN:tcp_smtp_client\nmax_life_age=7200\n";

static const char values[] = "local.autorestart = yes\n"
                             "local.schedule.purge = 0 0,4 * * * bin/imsimta purge\n"
                             "local.schedule.snapshot = 0 2,14 * * * lib/snapshot\n"
                             "store.quotaenforcement = off\n"
                             "store.quotagraceperiod = 24\n"
                             "store.dbcachesize = 16M\n"
                             "local.ugldaphost = ldap1.example.org ldap2.example.org\n";

static void add_all(struct md_probe_test *t)
{
    md_fake_add(t->source, MD_ITEM_IMTA_CNF, "config/imta.cnf", imta);
    md_fake_add(t->source, MD_ITEM_JOB_CONTROLLER_CNF, "config/job_controller.cnf", jc);
    md_fake_add(t->source, MD_ITEM_OPTION_DAT, "config/option.dat",
                "! options\nLOG_FILENAME=1\nMAX_RECEIVED_LINES=80\n");
    md_fake_add(t->source, MD_ITEM_IMTA_TAILOR, "config/imta_tailor", "IMTA_QUEUE=/var/spool/imta/queue/\n");
    md_fake_add_command(t->source, MD_ITEM_CONFIGUTIL, "configutil", values);
}

static void facts_of_the_host(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    const struct md_fact *fact;

    add_all(&t);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_config), MD_OK);
    md_want_fact_bool(&t, NULL, "host.config_seen", true);
    md_want_fact_count(&t, NULL, "host.jc_max_messages", 150000);
    fact = MD_KNOWN(&t, NULL, "host.jc_max_messages");
    md_want_cstr("file", fact->origins[0].name, "config/job_controller.cnf");
    md_want_int("line", fact->origins[0].line, 1);
    md_want_fact_number(&t, NULL, "host.jc_max_life_s", 7200);
    md_want_fact_count(&t, NULL, "host.max_received_lines", 80);
    md_want_fact_count(&t, NULL, "host.max_local_received_lines", 10);
    md_want_fact_bool(&t, NULL, "host.log_filenames", true);
    md_want_fact_bool(&t, NULL, "host.autorestart", true);
    md_want_fact_bool(&t, NULL, "host.quota_enforced", false);
    md_want_fact_number(&t, NULL, "host.quota_grace_s", 86400);
    md_want_fact_bool(&t, NULL, "host.overquota_status", false);
    md_want_fact_count(&t, NULL, "host.dbcache_bytes", 16777216);
    md_want_fact_count(&t, NULL, "host.ldap_hosts", 2);
    md_want_fact_bool(&t, NULL, "host.ldap_connect_timeout_set", false);
    md_want_fact_bool(&t, NULL, "host.return_job_scheduled", false);
    md_want_cstr("a value's origin is its command", MD_KNOWN(&t, NULL, "host.autorestart")->origins[0].name,
                 "configutil");
    md_want_int("pools", MD_KNOWN(&t, NULL, "host.pools")->value.u.counts.n, 2);
    fact = MD_KNOWN(&t, NULL, "host.snapshot_minutes");
    md_want_int("snapshots", fact->value.u.texts.n, 2);
    md_want_str("the second", fact->value.u.texts.items[1], "14:00");
    md_want_fact_count(&t, NULL, "host.snapshot_clashes", 0);
    fact = MD_KNOWN(&t, NULL, "host.own_domains");
    md_want_int("domains", fact->value.u.texts.n, 2);
    md_want_str("the site", fact->value.u.texts.items[1], "example.org");
    md_want_str("queue", t.world->queue_root, "/var/spool/imta/queue");
    md_want_fact_unknown(&t, NULL, "host.config_newer_by_s");
    md_want_int("nothing to complain about", md_diags_count(t.diags), 0);
    md_probe_test_end(&t);
}

static void facts_of_channels(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    const struct md_fact *fact;

    add_all(&t);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_config), MD_OK);
    md_want_fact_bool(&t, "tcp_local", "channel.configured", true);
    md_want_fact_bool(&t, "tcp_local", "channel.reaches_outside", true);
    md_want_fact_bool(&t, "tcp_intranet", "channel.reaches_outside", false);
    md_want_fact_text(&t, "tcp_local", "channel.pool", "SMTP_POOL");
    md_want_fact_bool(&t, "tcp_local", "channel.pool_defined", true);
    md_want_fact_count(&t, "tcp_local", "channel.pool_limit", 4);
    md_want_fact_count(&t, "tcp_local", "channel.jobs_max", 4);
    md_want_int("siblings", MD_KNOWN(&t, "tcp_local", "channel.pool_shared_with")->value.u.texts.n, 2);
    md_want_fact_number(&t, "tcp_local", "channel.last_notice_s", 7 * 86400.0);
    md_want_fact_number(&t, "tcp_local", "channel.first_retry_s", 3600);
    md_want_fact_text(&t, "tcp_local", "channel.master_program", "tcp_smtp_client");
    md_want_fact_bool(&t, "tcp_local", "channel.separate_notifications", true);
    md_want_fact_unknown(&t, "tcp_local", "channel.smarthost");
    md_want_fact_unknown(&t, "tcp_local", "channel.holdlimit");

    md_want_fact_bool(&t, "tcp_partner", "channel.pool_defined", false);
    fact = MD_KNOWN(&t, "tcp_partner", "channel.pool_defined");
    md_want_cstr("where the pool is named", fact->origins[0].name, "config/imta.cnf");
    md_want_int("line", fact->origins[0].line, 16);
    md_want_cstr("and where it is not defined", fact->origins[1].name, "config/job_controller.cnf");
    md_want_fact_text(&t, "tcp_partner", "channel.smarthost", "relay.partner.example");
    md_want_fact_text(&t, "tcp_partner", "channel.mx_keyword", "nomx");
    md_want_fact_bool(&t, "tcp_partner", "channel.logging", false);
    md_want_fact_count(&t, "tcp_partner", "channel.holdlimit", 100);
    md_want_fact_number(&t, "tcp_partner", "channel.last_retry_s", 600);
    md_want_int("a continued line has its own number",
                MD_KNOWN(&t, "tcp_partner", "channel.last_retry_s")->origins[0].line, 17);
    md_want_fact_bool(&t, "l", "channel.master_defined", false);
    md_probe_test_end(&t);
}

/* Nothing may be written where the configuration has queue, logs and store. */
static void folders_of_its_own(void **state)
{
    static const char *const want[] = {"/var/spool/imta/queue", "/var/log/imta", "/part1", "/var/log/imap",
                                       "/backup/store",         "/tmp/mboxlist", "/part2", "/log2"};
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    const char *const *folders;

    md_fake_add(t.source, MD_ITEM_IMTA_TAILOR, "config/imta_tailor",
                "IMTA_QUEUE=/var/spool/imta/queue/\nIMTA_LOG=/var/log/imta/\nIMTA_TMP=/tmp/\n");
    md_fake_add_command(t.source, MD_ITEM_CONFIGUTIL, "configutil",
                        "store.partition.primary.path = /part1\nlogfile.imap.logdir = /var/log/imap/\n"
                        "local.store.snapshotpath = /backup/store\nstore.dbtmpdir = /tmp/mboxlist\n"
                        "local.tmpdir = /tmp\nlogfile.pop.logdir = .\nlogfile.x.logdir = /\n"
                        "store.partition.primary.messagepath = /elsewhere\n");
    md_fake_add_command(t.source, MD_ITEM_MSCONFIG, "msconfig show",
                        "role.partition:second.path = /part2\nrole.http.logdir = /log2\n");
    (void)md_probe_test_run(&t, &md_probe_msgserver_config);
    md_want_int("folders", md_source_own_folders(t.source, &folders), MD_ROWS(want));
    for (size_t i = 0; i < MD_ROWS(want); i++)
        md_want_cstr("folder", folders[i], want[i]);
    md_probe_test_end(&t);
}

static void what_others_found(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_instance *local, *orphan, *destination;

    add_all(&t);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_config), MD_OK);
    local = md_facts_instance(t.facts, "channel", MD_LIT("tcp_local"), md_facts_root(t.facts));
    orphan = md_facts_instance(t.facts, "channel", MD_LIT("tcp_old"), md_facts_root(t.facts));
    destination = md_facts_instance(t.facts, "destination", MD_LIT("partner.example"), local);
    md_facts_instance(t.facts, "destination", MD_LIT("elsewhere.example"), local);
    md_fact_duration(t.facts, local, "channel.oldest_s", 3 * 86400.0, NULL);
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_context), MD_OK);
    md_want_fact_number(&t, "tcp_local", "channel.until_warning_s", 86400);
    md_want_fact_number(&t, "tcp_local", "channel.until_bounce_s", 4 * 86400.0);
    md_want_fact_bool(&t, "tcp_old", "channel.configured", false);
    md_want_true(md_fact_by_name(t.facts, destination, "destination.routed")->value.u.b);
    destination = md_facts_instance(t.facts, "destination", MD_LIT("elsewhere.example"), local);
    md_want_true(!md_fact_by_name(t.facts, destination, "destination.routed")->value.u.b);
    md_want_true(orphan != NULL);
    md_probe_test_end(&t);
}

static void a_missing_configuration_is_unknown(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_want_int("nothing to read", md_probe_test_run(&t, &md_probe_msgserver_config), MD_NOT_FOUND);
    md_want_fact_unknown(&t, NULL, "host.config_seen");
    md_want_fact_unknown(&t, NULL, "host.jc_max_messages");
    md_want_fact_unknown(&t, NULL, "host.max_received_lines");
    md_want_cstr("why", md_probe_test_fact(&t, NULL, "host.config_seen")->why, "no configuration in the source");
    md_facts_instance(t.facts, "channel", MD_LIT("tcp_local"), md_facts_root(t.facts));
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_context), MD_OK);
    md_want_fact_unknown(&t, "tcp_local", "channel.configured");
    md_want_fact_bool(&t, "tcp_local", "channel.reaches_outside", true);
    md_probe_test_end(&t);
}

static void what_the_site_adds(void **state)
{
    static const struct {
        const char *says;
        bool has_config;
        int n;
        const char *first, *last;
    } cases[] = {
        {"beside the rewrite rules", true, 3, "other.example", "example.org"},
        {"alone", false, 2, "other.example", "example.org"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        const struct md_fact *fact;
        struct md_instance *local, *slow, *quick;

        md_test_case(i, cases[i].says);
        assert_int_equal(md_site_read(*state, "site.yaml",
                                      MD_LIT("own_domains: [other.example, Example.ORG]\n"
                                             "slow_destinations:\n- slow.example\n"),
                                      t.diags, &t.ctx.site),
                         MD_OK);
        if (cases[i].has_config)
            add_all(&t);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_config),
                    cases[i].has_config ? MD_OK : MD_NOT_FOUND);
        fact = MD_KNOWN(&t, NULL, "host.own_domains");
        md_want_int("domains", fact->value.u.texts.n, cases[i].n);
        md_want_str("the site's first", fact->value.u.texts.items[0], cases[i].first);
        md_want_true(md_str_eq_nocase(fact->value.u.texts.items[1], md_str(cases[i].last)));
        md_want_cstr("where", fact->origins[0].name, "site.yaml");
        local = md_facts_instance(t.facts, "channel", MD_LIT("tcp_local"), md_facts_root(t.facts));
        slow = md_facts_instance(t.facts, "destination", MD_LIT("slow.example"), local);
        quick = md_facts_instance(t.facts, "destination", MD_LIT("quick.example"), local);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_context), MD_OK);
        md_want_true(md_fact_by_name(t.facts, slow, "destination.is_known_slow")->value.u.b);
        md_want_int("its line", md_fact_by_name(t.facts, slow, "destination.is_known_slow")->origins[0].line, 3);
        md_want_true(!md_fact_by_name(t.facts, quick, "destination.is_known_slow")->value.u.b);
        md_probe_test_end(&t);
    }
}

static void programs_of_channels(void **state)
{
    static const struct {
        const char *says, *tailor, *command, *there; /* there NULL: nothing is known about programs */
        bool is_runnable;
        const char *want; /* NULL: not known */
    } cases[] = {
        {"there", "", "/opt/x/lib/prog -v", "/opt/x/lib/prog", true, "false"},
        {"not there", "", "/opt/x/lib/prog", "/opt/x/lib/other", true, "true"},
        {"may not be run", "", "/opt/x/lib/prog", "/opt/x/lib/prog", false, "true"},
        {"below the folder of imta_tailor", "IMTA_BIN=/opt/y/lib/\n", "IMTA_BIN:prog", "/opt/y/lib/prog", true,
         "false"},
        {"in a folder that is not given", "", "IMTA_BIN:prog", "prog", true, "false"},
        {"nothing is known", "", "/opt/x/lib/prog", NULL, true, NULL},
        {"it has none", "", "NULL", "/opt/x/lib/prog", true, NULL},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        const struct md_fact *fact;

        md_test_case(i, cases[i].says);
        md_fake_add(t.source, MD_ITEM_IMTA_CNF, "imta.cnf", imta);
        md_fake_add(t.source, MD_ITEM_IMTA_TAILOR, "imta_tailor", cases[i].tailor);
        md_fake_add(t.source, MD_ITEM_JOB_CONTROLLER_CNF, "job_controller.cnf",
                    md_arena_printf(*state, "[POOL=SMTP_POOL]\njob_limit=4\n[CHANNEL=tcp_*]\nmaster_command=%s\n",
                                    cases[i].command));
        if (cases[i].there != NULL)
            md_fake_add_program(t.source, cases[i].there, cases[i].is_runnable);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_config), MD_OK);
        fact = md_probe_test_fact(&t, "tcp_local", "channel.master_missing");
        if (cases[i].want == NULL)
            md_want_true(fact == NULL || !fact->is_known);
        else
            md_want_fact_bool(&t, "tcp_local", "channel.master_missing", strcmp(cases[i].want, "true") == 0);
        md_probe_test_end(&t);
    }
}

static void snapshots_that_fall_together(void **state)
{
    static const struct {
        const char *says, *values;
        int clashes; /* -1: not known */
    } cases[] = {
        {"one alone", "local.schedule.snapshot = 0 2 * * * x\n", 0},
        {"often, but one", "local.schedule.snapshot = 0,10,20 * * * * x\n", 0},
        {"two at ten minutes", "local.schedule.snapshot = 0 2 * * * x\nlocal.schedule.backup = 10 2 * * * x\n", 1},
        {"two around midnight", "local.schedule.snapshot = 50 23 * * * x\nlocal.schedule.backup = 5 0 * * * x\n", 1},
        {"two at half an hour", "local.schedule.snapshot = 0 2 * * * x\nlocal.schedule.backup = 30 2 * * * x\n", 0},
        {"on different days", "local.schedule.snapshot = 0 2 * * 1-5 x\nlocal.schedule.backup = 0 2 * * 6 x\n", 0},
        {"every day and on one", "local.schedule.snapshot = 0 2 * * * x\nlocal.schedule.backup = 0 2 * * 6 x\n", 1},
        {"to verify is no snapshot",
         "local.schedule.snapshot = 0 2 * * * x\nlocal.schedule.snapshotverify = 0 2 * * * x\n", 0},
        {"three at once",
         "local.schedule.snapshot = 0 2 * * * x\nlocal.schedule.backup = 0 2 * * * x\n"
         "local.schedule.backup2 = 0 2 * * * x\n",
         3},
        {"none", "local.schedule.purge = 0 2 * * * x\n", -1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);

        md_test_case(i, cases[i].says);
        md_fake_add_command(t.source, MD_ITEM_CONFIGUTIL, "configutil", cases[i].values);
        md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_config), MD_OK);
        if (cases[i].clashes < 0)
            md_want_fact_unknown(&t, NULL, "host.snapshot_clashes");
        else
            md_want_fact_count(&t, NULL, "host.snapshot_clashes", cases[i].clashes);
        md_probe_test_end(&t);
    }
}

static void times_of_the_compiled_image(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_item *item;

    item = md_fake_add(t.source, MD_ITEM_IMTA_CNF, "config/imta.cnf", imta);
    item->mtime = NOW - 2 * MD_HOUR;
    item = md_fake_add(t.source, MD_ITEM_LISTING, "config-files.tsv",
                       "config/imta.cnf\t900\t1789992800\nlib/config_data\t90000\t1789900000\n");
    item->root = "/opt/SUNWmsgsr";
    item->size = 80;
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_config), MD_OK);
    md_want_fact_number(&t, NULL, "host.config_newer_by_s", 92800);
    md_want_int("change", MD_KNOWN(&t, NULL, "host.config_changed")->value.u.time, NOW - 2 * MD_HOUR);
    md_probe_test_end(&t);
}

static void damage_is_said_and_the_rest_read(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    struct md_item *item;

    md_fake_add(t.source, MD_ITEM_IMTA_CNF, "imta.cnf", "a.example $U@d\n\nb.example $U@d\n\nl logging\nd\n");
    md_fake_add(t.source, MD_ITEM_OPTION_DAT, "option.dat", "LOG_FILENAME=1\ngarbage\n");
    item = md_fake_add(t.source, MD_ITEM_JOB_CONTROLLER_CNF, "job_controller.cnf", "");
    item->status = MD_NO_ACCESS;
    md_want_int("status", md_probe_test_run(&t, &md_probe_msgserver_config), MD_OK);
    md_want_fact_bool(&t, "l", "channel.logging", true);
    md_want_fact_bool(&t, NULL, "host.log_filenames", true);
    md_want_fact_unknown(&t, NULL, "host.pools");
    md_want_int("problems", md_diags_count_at_least(t.diags, MD_WARNING), 3);
    md_probe_test_end(&t);
}

static void crontab_lines(void **state)
{
    static const struct {
        const char *says, *line;
        size_t n;
        int first;
    } cases[] = {
        {"one time", "30 0 * * * lib/return_job", 1, 30}, {"several hours", "0 2,14 * * * x", 2, 120},
        {"a range", "15 8-10 * * * x", 3, 495},           {"steps", "0 */6 * * * x", 4, 0},
        {"every minute is cut", "* * * * * x", 8, 0},     {"no crontab", "daily", 0, 0},
        {"out of range", "99 1 * * * x", 0, 0},           {"nothing", "", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        int minutes[8] = {0};

        md_test_case(i, cases[i].says);
        md_want_int("times", md_crontab_minutes(md_str(cases[i].line), minutes, 8), cases[i].n);
        md_want_int("first", minutes[0], cases[i].first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(facts_of_the_host),
        MD_TEST(facts_of_channels),
        MD_TEST(what_others_found),
        MD_TEST(a_missing_configuration_is_unknown),
        MD_TEST(folders_of_its_own),
        MD_TEST(what_the_site_adds),
        MD_TEST(programs_of_channels),
        MD_TEST(snapshots_that_fall_together),
        MD_TEST(times_of_the_compiled_image),
        MD_TEST(damage_is_said_and_the_rest_read),
        MD_TEST(crontab_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
