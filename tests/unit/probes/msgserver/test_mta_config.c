#include "tests/unit/probes/formats/msgserver/keywords_fixture.h"

#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/roles.h"

static const char imta[] = "relay.example.org $U%$D@relay.example.org\n"
                           ".example.org $U%$H$D@tcp_intranet-daemon\n"
                           ". $U%$H@tcp-daemon\n"
                           "\n"
                           "defaults logging notices 1 2 4 7 maxjobs 7\n"
                           "\n"
                           "l subdirs 20 pool LOCAL_POOL\n"
                           "relay.example.org\n"
                           "\n"
                           "ims-ms notices 2 4 urgentnotices 1 backoff \"pt5m\" \"pt1h\" maxjobs 20 pool IMS_POOL\n"
                           "ims-ms-daemon\n"
                           "\n"
                           "tcp_local smtp mx loopcheck pool smtp_pool holdlimit 500\n"
                           "tcp-daemon\n"
                           "\n"
                           "tcp_partner smtp daemon router nomx\n"
                           "mx.partner.example\n"
                           "\n"
                           "tcp_intranet smtp mx nologging pool NOWHERE slave\n"
                           "tcp_intranet-daemon\n";

static const char jc[] = "max_messages=250000\n"
                         "max_life_age=3600\n"
                         "[POOL=DEFAULT]\n"
                         "job_limit=10\n"
                         "[POOL=IMS_POOL]\n"
                         "job_limit=2\n"
                         "[POOL=SMTP_POOL]\n"
                         "[CHANNEL=tcp_*]\n"
                         "master_command=IMTA_BIN:tcp_smtp_client\n"
                         "nonurgent_delivery=20:00-06:00\n"
                         "[CHANNEL=tcp_local]\n"
                         "master_command=IMTA_BIN:other\n"
                         "[CHANNEL=ims-ms*]\n"
                         "master_command=NULL\n";

static struct md_mta_files files_of(struct md_arena *arena, const char *imta_text, const char *jc_text,
                                    const char *option_text)
{
    struct md_mta_files files = {.keywords = md_test_keywords(arena), .version_major = 6, .version_minor = 3};

    if (imta_text != NULL)
        files.imta_cnf = md_imta_cnf_parse(arena, "imta.cnf", md_str(imta_text), 1, files.keywords, NULL, NULL);
    if (jc_text != NULL)
        files.job_controller = md_option_file_parse(arena, "job_controller.cnf", md_str(jc_text), 1);
    if (option_text != NULL)
        files.option_dat = md_option_file_parse(arena, "option.dat", md_str(option_text), 1);
    return files;
}

static const struct md_mta_config *legacy(struct md_arena *arena, const char *option_text)
{
    struct md_mta_files files = files_of(arena, imta, jc, option_text);

    return md_mta_config_new(arena, &files);
}

static void channels_of_text_files(void **state)
{
    const struct md_mta_config *config = legacy(*state, "LOG_FILENAME=1\n");
    const struct md_mta_channel *channel;
    struct md_loc loc;

    md_want_true(config->has_channels && config->has_pools && config->has_options && !config->is_unified);
    md_want_int("channels", config->n_channels, 5);
    channel = md_mta_config_channel(config, MD_LIT("ims-ms"));
    md_want_double("its own ages", channel->notices[MD_MTA_NORMAL].seconds[1], 4 * 86400.0, 0);
    md_want_int("ages of urgent mail", channel->notices[MD_MTA_URGENT].n, 1);
    md_want_int("line of the ages", channel->notices[MD_MTA_NORMAL].loc.line, 10);
    md_want_double("its own steps", channel->backoff[MD_MTA_NORMAL].seconds[0], 300, 0);
    md_want_int("threads of the store's program", channel->threads.value, 15);
    md_want_int("jobs by the pool", md_mta_config_jobs_max(config, channel).value, 2);
    md_want_int("the pool's line says so", md_mta_config_jobs_max(config, channel).loc.line, 6);

    channel = md_mta_config_channel(config, MD_LIT("tcp_local"));
    md_want_int("ages of the defaults", channel->notices[MD_MTA_NORMAL].n, 4);
    md_want_double("steps of the product", channel->backoff[MD_MTA_NORMAL].seconds[0], 3600, 0);
    md_want_true(channel->backoff[MD_MTA_NORMAL].is_default && channel->loopcheck && channel->logging);
    md_want_int("jobs by maxjobs", md_mta_config_jobs_max(config, channel).value, 7);
    md_want_int("a pool without a limit has the product's", md_mta_config_pool(config, channel->pool)->job_limit.value,
                10);
    md_want_int("holdlimit", channel->holdlimit.value, 500);
    md_want_int("threaddepth of 6.3", channel->threaddepth.value, 10);
    md_want_str("mx", md_mta_channel_mx(channel, &loc), "mx");

    channel = md_mta_config_channel(config, MD_LIT("tcp_partner"));
    md_want_str("the first pool is the default", channel->pool, "DEFAULT");
    md_want_str("a router is the official host", md_mta_channel_smarthost(channel, &loc), "mx.partner.example");
    md_want_str("nomx", md_mta_channel_mx(channel, &loc), "nomx");

    channel = md_mta_config_channel(config, MD_LIT("tcp_intranet"));
    md_want_true(!channel->logging && !channel->runs_master);
    md_want_true(md_mta_config_pool(config, channel->pool) == NULL);
    md_want_true(!md_mta_config_jobs_max(config, channel).is_known);
    md_want_true(md_mta_config_tag(config, MD_LIT("TCP_intranet-daemon")) == channel);
}

static void programs_by_name_then_by_pattern(void **state)
{
    const struct md_mta_config *config = legacy(*state, NULL);

    md_want_str("by name", md_mta_config_class_for(config, MD_LIT("tcp_local"))->master.value, "IMTA_BIN:other");
    md_want_str("by pattern", md_mta_config_class_for(config, MD_LIT("tcp_partner"))->master.value,
                "IMTA_BIN:tcp_smtp_client");
    md_want_str("of the store", md_mta_config_class_for(config, MD_LIT("ims-ms"))->pattern, "ims-ms*");
    md_want_true(md_mta_config_class_for(config, MD_LIT("reprocess")) == NULL);
}

static void options_and_their_defaults(void **state)
{
    const struct md_mta_config *config = legacy(*state, "log_filename=1\nLOG_FORMAT = 2\nRETURN_UNITS=1\n");
    const struct md_mta_config *bare = legacy(*state, NULL);
    struct md_mail_log_options options;

    md_want_int("any letter case", md_mta_config_option_int(config, "LOG_FILENAME", 0), 1);
    md_want_int("with blanks", md_mta_config_option_int(config, "LOG_FORMAT", 1), 2);
    md_want_int("not set", md_mta_config_option_int(config, "LOG_PROCESS", -1), -1);
    md_want_double("notices in hours", md_mta_config_channel(config, MD_LIT("l"))->notices[MD_MTA_NORMAL].seconds[0],
                   3600, 0);
    md_want_int("MAX_MESSAGES", config->max_messages.value, 250000);
    md_want_int("its line", config->max_messages.loc.line, 1);
    md_want_true(!bare->has_options);
    md_mta_config_log_options(config, &options);
    md_want_int("LOG_FORMAT for the log", options.value[MD_MAIL_LOG_OPTION_FORMAT], 2);
    md_want_int("LOG_PROCESS for the log", options.value[MD_MAIL_LOG_OPTION_PROCESS], MD_MAIL_LOG_NOT_KNOWN);
}

static void the_local_channel_sets_ages_for_others(void **state)
{
    struct md_mta_files files =
        files_of(*state, "a $U@b\n\nl notices 5 10\nb.example\n\ntcp_x smtp\nx-daemon\n", NULL, NULL);
    const struct md_mta_config *config = md_mta_config_new(*state, &files);
    const struct md_mta_channel *channel = md_mta_config_channel(config, MD_LIT("tcp_x"));

    md_want_int("ages", channel->notices[MD_MTA_NORMAL].n, 2);
    md_want_double("last", channel->notices[MD_MTA_NORMAL].seconds[1], 10 * 86400.0, 0);
    md_want_true(channel->notices[MD_MTA_NORMAL].is_default);
    files = files_of(*state, "a $U@b\n\nl\nb.example\n\ntcp_x smtp\nx-daemon\n", NULL, NULL);
    config = md_mta_config_new(*state, &files);
    channel = md_mta_config_channel(config, MD_LIT("tcp_x"));
    md_want_double("the product's", channel->notices[MD_MTA_NORMAL].seconds[3], 12 * 86400.0, 0);
    md_want_int("no pool is known", channel->pool.n, 0);
    md_want_int("MAX_MESSAGES by default", config->max_messages.value, 100000);
    md_want_true(config->max_messages.is_default);
}

static void the_unified_configuration(void **state)
{
    static const char text[] = "role.channel:l.official_host_name = relay.example.org\n"
                               "role.channel:ims-ms.official_host_name = ims-ms-daemon\n"
                               "role.channel:ims-ms.notices = 1 7 14 21 28\n"
                               "role.channel:ims-ms.backoff = PT5M PT10M\n"
                               "role.channel:ims-ms.pool = IMS_POOL\n"
                               "role.channel:ims-ms.logging (novalue)\n"
                               "role.channel:tcp_local.official_host_name = tcp-daemon\n"
                               "role.channel:tcp_local.mx (novalue)\n"
                               "role.channel:tcp_local.smtp (novalue)\n"
                               "role.channel:tcp_local.pool = SMTP_POOL\n"
                               "role.channel:tcp_local.options.max_client_threads = 30\n"
                               "role.job_controller.job_pool:DEFAULT.job_limit = 10\n"
                               "role.job_controller.job_pool:IMS_POOL.job_limit = 3\n"
                               "role.job_controller.job_pool:SMTP_POOL.job_limit = 10\n"
                               "role.job_controller.channel_class:tcp_*.master_command = IMTA_BIN:smtp_client\n"
                               "role.job_controller.max_cache_messages = 300000\n"
                               "role.mta.log_filename = 1\n"
                               "role.store.quotagraceperiod = 48\n"
                               "role.schedule.task:return_job.crontab = 30 0 * * * lib/return_job\n"
                               "role.rewrite.rule = .example.org $U%$H$D@tcp-daemon\n"
                               "instance.channel:tcp_local.pool = OTHER_POOL\n";
    struct md_mta_files files = files_of(*state, NULL, NULL, NULL);
    const struct md_values *list[1] = {md_msconfig_read(*state, "msconfig show *", md_str(text), 1)};
    const struct md_mta_config *config;
    const struct md_mta_channel *channel;
    struct md_mta_setting setting;

    files.msconfig = list;
    files.n_msconfig = 1;
    files.version_major = 8;
    files.version_minor = 0;
    config = md_mta_config_new(*state, &files);
    md_want_true(config->is_unified && config->has_channels && config->has_pools && config->has_options);
    channel = md_mta_config_channel(config, MD_LIT("ims-ms"));
    md_want_int("ages", channel->notices[MD_MTA_NORMAL].n, 5);
    md_want_double("last age", channel->notices[MD_MTA_NORMAL].seconds[4], 28 * 86400.0, 0);
    md_want_double("steps", channel->backoff[MD_MTA_NORMAL].seconds[1], 600, 0);
    md_want_int("line", channel->notices[MD_MTA_NORMAL].loc.line, 3);
    md_want_true(channel->logging);
    md_want_int("jobs", md_mta_config_jobs_max(config, channel).value, 3);
    channel = md_mta_config_channel(config, MD_LIT("tcp_local"));
    md_want_str("the instance's value came last", channel->pool, "OTHER_POOL");
    md_want_int("threads", channel->threads.value, 30);
    md_want_true(channel->is_smtp);
    md_want_int("MAX_MESSAGES by its new name", config->max_messages.value, 300000);
    md_want_int("an option", md_mta_config_option_int(config, "LOG_FILENAME", 0), 1);
    md_want_true(md_mta_config_value(config, "store.quotagraceperiod", &setting));
    md_want_true(md_mta_config_value(config, "local.schedule.return_job", &setting));
    md_want_str("the program", md_mta_config_class_for(config, MD_LIT("tcp_local"))->master.value,
                "IMTA_BIN:smtp_client");
    md_want_true(md_mta_config_rule_for(config, MD_LIT("a.example.org"), true) != NULL);
}

static void values_under_other_names(void **state)
{
    static const struct {
        const char *says, *text, *name, *value;
    } cases[] = {
        {"as asked", "local.store.overquotastatus = on\n", "local.store.overquotastatus", "on"},
        {"without local", "store.overquotastatus = on\n", "local.store.overquotastatus", "on"},
        {"with local", "local.store.quotawarn = 80\n", "store.quotawarn", "80"},
        {"quotation marks", "local.autorestart = \"yes\"\n", "local.autorestart", "yes"},
        {"absent", "a.b = c\n", "local.autorestart", NULL},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_mta_files files = files_of(*state, NULL, NULL, NULL);
        const struct md_values *list[1] = {md_configutil_read(*state, "configutil", md_str(cases[i].text), 1)};
        const struct md_mta_config *config;
        struct md_mta_setting setting;
        bool found;

        files.values = list;
        files.n_values = 1;
        config = md_mta_config_new(*state, &files);
        found = md_mta_config_value(config, cases[i].name, &setting);
        md_test_case(i, cases[i].says);
        md_want_int("found", found, cases[i].value != NULL);
        if (found)
            md_want_str("value", setting.value, cases[i].value);
    }
}

static void delivery_times(void **state)
{
    static const struct {
        const char *says, *window;
        int minute;
        bool is_open;
    } cases[] = {
        {"no times", "", 600, true},
        {"inside", "08:00-20:00", 600, true},
        {"the end is outside", "08:00-20:00", 1200, false},
        {"before", "8:00 - 20:00", 100, false},
        {"over midnight, late", "20:00-06:00", 1300, true},
        {"over midnight, early", "20:00-06:00", 100, true},
        {"over midnight, at noon", "20:00-06:00", 720, false},
        {"two spans", "08:00-09:00,12:00-13:00", 750, true},
        {"between two spans", "08:00-09:00,12:00-13:00", 600, false},
        {"no times in it", "always", 600, true},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_int("open", md_mta_window_is_open(md_str(cases[i].window), cases[i].minute), cases[i].is_open);
    }
}

static void nothing_at_all(void **state)
{
    struct md_mta_files files = files_of(*state, NULL, NULL, NULL);
    const struct md_mta_config *config = md_mta_config_new(*state, &files);

    md_want_true(!config->has_channels && !config->has_pools && !config->has_options && !config->is_unified);
    md_want_true(md_mta_config_channel(config, MD_LIT("l")) == NULL);
    md_want_true(md_mta_config_rule_for(config, MD_LIT("example.org"), true) == NULL);
    md_want_true(!md_mta_config_has_values(config));
}

static void roles(void **state)
{
    static const char lmtp[] = "a $U@b\n\nl\nb.example\n\nims-ms\nims-ms-daemon\n\ntcp_local smtp mx\ntcp-daemon\n\n"
                               "tcp_lmtpcs lmtp\ntcp_lmtpcs-daemon\n\ntcp_submit smtp\ntcp_submit-daemon\n";
    struct md_mta_files files = files_of(*state, imta, NULL, NULL);
    struct md_role_signs signs = {0};
    struct md_roles found;

    md_roles_find(md_mta_config_new(*state, &files), &signs, &found);
    md_want_true(found.is_known && found.has[MD_ROLE_RELAY] && found.has[MD_ROLE_STORE] &&
                 !found.has[MD_ROLE_LMTP_BACKEND]);
    files = files_of(*state, lmtp, NULL, NULL);
    md_roles_find(md_mta_config_new(*state, &files), &signs, &found);
    md_want_true(!found.has[MD_ROLE_STORE] && found.has[MD_ROLE_SUBMISSION]);
    signs.store_runs = true;
    md_roles_find(md_mta_config_new(*state, &files), &signs, &found);
    md_want_true(found.has[MD_ROLE_STORE]);
    signs = (struct md_role_signs){0};
    files.dispatcher = md_option_file_parse(
        *state, "dispatcher.cnf", md_str("[SERVICE=LMTPSS]\nPORT=225\n[SERVICE=SMTP]\nPORT=25\nTLS_PORT=465\n"), 1);
    md_roles_find(md_mta_config_new(*state, &files), &signs, &found);
    md_want_true(found.has[MD_ROLE_LMTP_BACKEND] && found.has[MD_ROLE_STORE] && found.has[MD_ROLE_SUBMISSION]);
    files = files_of(*state, NULL, NULL, NULL);
    md_roles_find(md_mta_config_new(*state, &files), &signs, &found);
    md_want_true(!found.is_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(channels_of_text_files),
        MD_TEST(programs_by_name_then_by_pattern),
        MD_TEST(options_and_their_defaults),
        MD_TEST(the_local_channel_sets_ages_for_others),
        MD_TEST(the_unified_configuration),
        MD_TEST(values_under_other_names),
        MD_TEST(delivery_times),
        MD_TEST(nothing_at_all),
        MD_TEST(roles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
