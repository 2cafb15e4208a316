#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "probes/msgserver/option_table.h"

static struct md_str read_file(struct md_arena *arena, const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t size = (size_t)1 << 20;
    char *text = md_arena_alloc(arena, size);

    assert_non_null(f);
    size = fread(text, 1, size, f);
    (void)fclose(f);
    return md_str_n(text, size);
}

static const struct md_option_table *read_table(void **state, const char *path)
{
    struct md_diags *diags = md_diags_new(*state);
    const struct md_option_table *table = NULL;

    if (md_option_table_read(*state, path, read_file(*state, path), diags, &table) != MD_OK)
        fail_msg("%s:%u: %s", path, md_diags_at(diags, 0)->loc.line, md_diags_at(diags, 0)->what);
    return table;
}

static const struct md_option_table *shipped(void **state)
{
    return read_table(state, MD_TEST_ROOT "/rules/msgserver/options.yaml");
}

static void options_are_found_by_file_and_name(void **state)
{
    static const struct {
        const char *file, *name, *found; /* NULL: none */
    } cases[] = {
        {"option.dat", "max_local_received_lines", "MAX_LOCAL_RECEIVED_LINES"},
        {"option.dat", "MAX_LOCAL_RECIEVED_LINES", NULL},
        {"option.dat", "LDAP_UID", "LDAP_*"},
        {"option.dat", "LDAP_", NULL},
        {"option.dat", "SPAMFILTER1_CONFIG_FILE", "SPAMFILTER*_*"},
        {"option.dat", "SPAMFILTERS", NULL},
        {"option.dat", "MAX_CLIENT_THREADS", NULL},
        {"channel_option", "MAX_CLIENT_THREADS", "MAX_CLIENT_THREADS"},
        {"job_controller.cnf", "job_limit", "JOB_LIMIT"},
        {"dispatcher.cnf", "Max_Procs", "MAX_PROCS"},
        {"imta_tailor", "IMTA_QUEUE", "IMTA_QUEUE"},
        {"configutil", "local.store.overquotastatus", "local.store.overquotastatus"},
        {"configutil", "store.overquotstatus", NULL},
        {"configutil", "store.quotaexceededmsg;lang-de", "store.quotaexceededmsg"},
        {"configutil", "local.schedule.site_job", "local.schedule.*"},
        {"configutil", "store.partition.second.path", "store.partition.*"},
        {"configutil", "service.imap.port", "service.imap.port"},
        {"imta.cnf", "MAX_PROCS", NULL},
        {"option.dat", "", NULL},
    };
    const struct md_option_table *table = shipped(state);

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_option_def *def = md_option_table_find(table, md_str(cases[i].file), md_str(cases[i].name));

        md_test_case(i, cases[i].name);
        md_want_str("found", def != NULL ? def->name : md_str("-"), cases[i].found != NULL ? cases[i].found : "-");
    }
}

static void options_are_found_by_their_path(void **state)
{
    static const struct {
        const char *path, *file, *found;
        bool is_covered;
    } cases[] = {
        {"mta.max_local_received_lines", "option.dat", "MAX_LOCAL_RECEIVED_LINES", true},
        {"mta.ldap_uid", "option.dat", "LDAP_*", true},
        {"mta.enable", "configutil", "local.imta.enable", true},
        {"mta.max_local_recieved_lines", "-", "-", true},
        {"job_controller.max_cache_messages", "job_controller.cnf", "MAX_MESSAGES", true},
        {"job_controller.max_messages", "job_controller.cnf", "MAX_MESSAGES", true},
        {"job_controller.job_pool:SMTP_POOL.job_limit", "job_controller.cnf", "JOB_LIMIT", true},
        {"job_controller.channel_class:tcp_*.master_command", "job_controller.cnf", "MASTER_COMMAND", true},
        {"dispatcher.service:SMTP.tcp_ports", "dispatcher.cnf", "PORT", true},
        {"channel:tcp_local.options.MAX_CLIENT_THREADS", "channel_option", "MAX_CLIENT_THREADS", true},
        {"channel:tcp_local.options.MAX_CLIENT_THREAD", "-", "-", true},
        {"store.overquotastatus", "configutil", "local.store.overquotastatus", false},
        {"schedule.task:return_job.crontab", "configutil", "local.schedule.return_job", false},
        {"base.ugldapbindcred", "configutil", "local.ugldapbindcred", false},
        {"imap.maxsessions", "configutil", "service.imap.maxsessions", false},
        {"imta.logfile.loglevel", "configutil", "logfile.imta.loglevel", false},
        {"job_controller.logfile.loglevel", "job_controller.cnf", "LOGFILE.*", true},
        {"nothing.like.it", "-", "-", false},
    };
    const struct md_option_table *table = shipped(state);

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_option_def *def = md_option_table_find_path(table, md_str(cases[i].path));

        md_test_case(i, cases[i].path);
        md_want_str("file", def != NULL ? def->file : md_str("-"), cases[i].file);
        md_want_str("found", def != NULL ? def->name : md_str("-"), cases[i].found);
        md_want_int("covered", md_option_table_covers_path(table, md_str(cases[i].path)), cases[i].is_covered);
    }
}

static void definitions_say_what_is_allowed(void **state)
{
    const struct md_option_table *table = shipped(state);
    const struct md_option_def *def = md_option_table_find(table, MD_LIT("option.dat"), MD_LIT("LOG_REASON"));

    md_want_int("type", def->type, MD_OPTION_TYPE_INT);
    md_want_true(def->has_low && def->has_high);
    md_want_int("high", def->high, 3);
    md_want_int("too new for 6.2", md_option_def_gate(def, 6, 2), -1);
    md_want_int("there in 6.3", md_option_def_gate(def, 6, 3), 0);
    md_want_int("there in 8.1", md_option_def_gate(def, 8, 1), 0);
    md_want_int("not known", md_option_def_gate(def, 0, 0), 0);
    md_want_str("default", md_option_def_default(def, 6, 3), "0");
    def = md_option_table_find(table, MD_LIT("job_controller.cnf"), MD_LIT("UDP_PORT"));
    md_want_int("gone in 6.2", md_option_def_gate(def, 6, 2), 1);
    def = md_option_table_find(table, MD_LIT("job_controller.cnf"), MD_LIT("MAX_MESSAGES"));
    md_want_true(md_option_def_in_section(def, MD_LIT("")));
    md_want_true(!md_option_def_in_section(def, MD_LIT("POOL")));
    def = md_option_table_find(table, MD_LIT("job_controller.cnf"), MD_LIT("JOB_LIMIT"));
    md_want_true(md_option_def_in_section(def, MD_LIT("pool")));
    md_want_true(!md_option_def_in_section(def, MD_LIT("CHANNEL")));
    def = md_option_table_find(table, MD_LIT("configutil"), MD_LIT("service.imap.allowanonymouslogin"));
    md_want_true(!def->has_type && def->node == NULL);
    md_want_str("nothing is known of it", md_option_def_default(def, 6, 3), "");
}

static void names_that_changed(void **state)
{
    const struct md_option_table *table = shipped(state);
    const struct md_option_rename *rename;

    rename = md_option_table_rename(table, MD_LIT("configutil"), MD_LIT("Local.store.quotaoverdraft"));
    md_want_str("new name", rename->new_name, "store.quotaoverdraft");
    md_want_true(rename->since.n == 0 && !rename->has_own_check);
    rename = md_option_table_rename(table, MD_LIT("configutil"), MD_LIT("local.store.overquotastatus"));
    md_want_true(rename->has_own_check);
    rename = md_option_table_rename(table, MD_LIT("job_controller.cnf"), MD_LIT("QUEUE"));
    md_want_true(rename->is_section);
    md_want_str("a section", rename->new_name, "POOL");
    md_want_str("a keyword", md_option_table_rename(table, MD_LIT("imta.cnf"), MD_LIT("queue"))->new_name, "pool");
    md_want_true(md_option_table_rename(table, MD_LIT("option.dat"), MD_LIT("queue")) == NULL);
    md_want_str("a misprint of the guides",
                md_option_table_misprint(table, MD_LIT("channel_option"), MD_LIT("522_PERMANENT_ERROR_STRING")),
                "552_PERMANENT_ERROR_STRING");
}

static void parameters_of_calendar_server(void **state)
{
    const struct md_option_table *table = read_table(state, MD_TEST_ROOT "/rules/calendar/ics_keys.yaml");
    const struct md_str file = MD_LIT("ics.conf");

    md_want_str("default", md_option_def_default(md_option_table_find(table, file, MD_LIT("logfile.loglevel")), 6, 3),
                "NOTICE");
    md_want_str("a host", md_option_table_find(table, file, MD_LIT("caldb.dwp.server.cal1.example.com.ip"))->name,
                "caldb.dwp.server.*.ip");
    md_want_true(md_option_table_find(table, file, MD_LIT("local.site.flag")) == NULL);
    md_want_str("a misprint", md_option_table_misprint(table, file, MD_LIT("caldb.berkeley.circularlogging")),
                "caldb.berkeleydb.circularlogging");
    md_want_true(md_option_table_misprint(table, file, MD_LIT("caldb.calmaster")).n == 0);
    md_want_true(md_option_table_count(table) > 300);
    for (size_t i = 0; i < md_option_table_count(table); i++)
        for (size_t k = 0; k < md_option_table_at(table, i)->name.n; k++)
            md_want_true(md_lower(md_option_table_at(table, i)->name.p[k]) == md_option_table_at(table, i)->name.p[k]);
}

static void a_malformed_table_is_refused(void **state)
{
    static const struct {
        const char *says, *yaml;
    } cases[] = {
        {"empty", "files: {}"},
        {"no such type", "files: { a: { options: { B: { type: number } } } }"},
        {"a range of words", "files: { a: { options: { B: { type: int, low: one } } } }"},
        {"twice", "files: { a: { options: { B: { type: int } }, plain: [b] } }"},
        {"a misprint of nothing", "files: { a: { plain: [b], misprints: { c: d } } }"},
        {"half a rename", "files: { a: { plain: [b] } }\nrenames: [ { file: a, old: b } ]"},
        {"no map", "files: { a: [b] }"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_diags *diags = md_diags_new(*state);
        const struct md_option_table *table;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_option_table_read(*state, "t", md_str(cases[i].yaml), diags, &table), MD_BAD_INPUT);
        md_want_true(md_diags_count(diags) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(options_are_found_by_file_and_name), MD_TEST(options_are_found_by_their_path),
        MD_TEST(definitions_say_what_is_allowed),    MD_TEST(names_that_changed),
        MD_TEST(parameters_of_calendar_server),      MD_TEST(a_malformed_table_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
