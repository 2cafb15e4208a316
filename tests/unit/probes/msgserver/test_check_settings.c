/* The settings, tasks, statements and parameters of the tree that checks look at. */
#include "tests/unit/md_test.h"

#include "probes/msgserver/check_model.h"

static const struct md_node *build(struct md_arena *arena, const char *path, const char *text)
{
    const struct md_check_file file = {path, md_str(text)};
    const struct md_check_tables tables = {.version = "6.3"};

    return md_check_model_of_files(arena, &file, 1, &tables, md_diags_new(arena));
}

static size_t count(const struct md_node *root, const char *collection)
{
    const struct md_node *list = md_node_get(root, collection);

    return list != NULL ? list->count : 0;
}

static void configutil_gives_settings_and_tasks(void **state)
{
    const struct md_node *root = build(*state, "configutil.txt",
                                       "store.quotaenforcement = on\n"
                                       "store.quotagraceperiod = 24\n"
                                       "Local.store.overquotastatus = off\n"
                                       "store.quotaexceededmsg;lang-de = Subject: x$$y\n"
                                       "store.quotaoverdraft = 1\n"
                                       "store.overquotstatus = on\n"
                                       "local.schedule.return_job = \"30 0 * * * lib/return_job -x\"\n"
                                       "local.schedule.purge = 0 0,4 * * * bin/imsimta purge\n"
                                       "local.schedule.purge.enable = no\n");
    const struct md_node *settings = md_node_get(root, "settings"), *node;

    md_want_int("settings", count(root, "setting"), 9);
    node = md_node_get(settings, "store.quotaenforcement");
    md_want_str("a word that switches on", md_node_text(node, "number"), "1");
    md_want_str("is a flag", md_node_text(node, "flag"), "true");
    md_want_str("type", md_node_text(md_node_get(node, "def"), "type"), "bool");
    node = md_node_get(settings, "local.store.overquotastatus");
    md_want_str("as written", md_node_text(node, "as_written"), "Local.store.overquotastatus");
    md_want_str("off is a number, too", md_node_text(node, "number"), "0");
    md_want_true(node->loc.line == 3 && node->loc.column == 1);
    md_want_true(md_node_get(settings, "store.overquotastatus") != NULL); /* the name of the other world finds it */
    node = md_node_get(settings, "store.quotaexceededmsg;lang-de");
    md_want_str("language", md_node_text(node, "language"), "lang-de");
    md_want_str("its definition", md_node_text(md_node_get(node, "def"), "name"), "store.quotaexceededmsg");
    node = md_node_get(settings, "store.quotaoverdraft");
    md_want_str("a name of the Unified Configuration", md_node_text(node, "renamed"), "local.store.quotaoverdraft");
    md_want_true(md_node_get(settings, "local.store.quotaoverdraft") == NULL); /* it is not in force */
    md_want_true(md_node_get(md_node_get(settings, "store.overquotstatus"), "def") == NULL);
    md_want_int("tasks", count(root, "task"), 2);
    node = md_node_path(root, "tasks/return_job");
    md_want_str("when", md_node_text(node, "crontab"), "30 0 * * *");
    md_want_str("what", md_node_text(node, "command"), "lib/return_job -x");
    md_want_str("runs", md_node_text(node, "is_enabled"), "true");
    md_want_true(md_node_get(md_node_path(root, "tasks/purge"), "is_enabled") == NULL);
    md_want_true(md_node_path(root, "option_names/configutil") != NULL);
}

static void config_xml_is_a_configuration(void **state)
{
    const struct md_node *root =
        build(*state, "config.xml",
              "<config><role name=\"store\">\n"
              "<channel name=\"tcp_local\"><official_host_name>tcp-daemon</official_host_name>\n"
              "<smtp/><pool>SMTP_POOL</pool></channel>\n"
              "<store><overquotastatus>1</overquotastatus></store>\n"
              "<local.store.quotaoverdraft>1</local.store.quotaoverdraft>\n"
              "<schedule><task name=\"return_job\"><crontab>30 0 * * * lib/return_job</crontab>"
              "</task></schedule>\n"
              "</role>\n");
    const struct md_node *node = md_node_path(root, "settings/store.overquotastatus");

    md_want_str("unified", md_node_text(root, "unified"), "true");
    md_want_str("source", md_node_text(node, "source"), "config.xml");
    md_want_int("line", node->loc.line, 4);
    md_want_true(md_node_path(root, "settings/local.store.overquotastatus") != NULL);
    node = md_node_path(root, "settings/local.store.quotaoverdraft");
    md_want_str("a name of the text files", md_node_text(node, "renamed"), "store.quotaoverdraft");
    md_want_str("task", md_node_text(md_node_path(root, "tasks/return_job"), "command"), "lib/return_job");
    md_want_true(md_node_path(root, "channels/tcp_local") != NULL);
    md_want_int("what is malformed is a fault", count(root, "fault"), 1);
}

static void text_files_beside_config_xml_are_passed_over(void **state)
{
    const struct md_check_file files[] = {
        {"config.xml",
         MD_LIT_INIT("<config><role><channel name=\"l\"><official_host_name>a.example.com</official_host_name>"
                     "</channel></role></config>\n")},
        {"imta.cnf", MD_LIT_INIT("a.example.com $U@a.example.com\n\nl\na.example.com\n")},
        {"option.dat", MD_LIT_INIT("LOG_CONNECTION=3\n")},
        {"mappings", MD_LIT_INIT("PORT_ACCESS\n\n  * $Y\n")},
    };
    const struct md_node *root;

    root = md_check_model_of_files(*state, files, MD_ROWS(files), NULL, md_diags_new(*state));
    md_want_int("passed over", count(root, "file.ignored"), 2);
    md_want_str("kind", md_node_text(md_node_get(root, "file.ignored")->first, "kind"), "imta.cnf");
    root = md_check_model_of_files(*state, files + 1, MD_ROWS(files) - 1, NULL, md_diags_new(*state));
    md_want_int("without a config.xml", count(root, "file.ignored"), 0);
}

static void scripts_and_sessions(void **state)
{
    const struct md_node *root = build(*state, "site.rcp", "set channel:l.notices 1 2 4 7\n"), *node;

    md_want_int("statements", count(root, "statement"), 1);
    node = md_node_get(root, "statement")->first;
    md_want_str("split", md_node_text(node, "is_split_value"), "true");
    md_want_str("path", md_node_text(node, "path"), "channel:l.notices");
    root = build(
        *state, "msconfig.txt",
        "msconfig> show mta.log_filename\nrole.mta.log_filename = 1\nmsconfig> set mta.log_filename 0\nmsconfig#\n");
    md_want_int("statements at prompts", count(root, "statement"), 2);
    md_want_int("sessions", count(root, "session"), 1);
    md_want_int("not saved", md_node_get(md_node_get(root, "session")->first, "unsaved")->loc.line, 4);
}

static void parameters_of_calendar_server(void **state)
{
    const struct md_node *root = build(*state, "ics.conf",
                                       "!!caldb.cld.type = \"directory\"\n"
                                       "caldb.berkeleydb.readonly = \"yes\"\n"
                                       "caldb.berkeleydb.readonly = \"no\"\n"
                                       "caldb.berkeley.circularlogging = no\n"
                                       "local.site.flag = \"1\"\n");
    const struct md_node *node = md_node_path(root, "parameters/caldb.berkeleydb.readonly");

    md_want_int("parameters", count(root, "parameter"), 5);
    md_want_str("the last one holds", md_node_text(node, "value"), "no");
    md_want_int("repeats", md_node_get(node, "repeated")->loc.line, 2);
    md_want_true(md_node_path(root, "parameters/caldb.cld.type") == NULL);
    node = md_node_path(root, "parameters/caldb.berkeley.circularlogging");
    md_want_str("a misprint", md_node_text(node, "misprint_of"), "caldb.berkeleydb.circularlogging");
    md_want_str("without quotation marks", md_node_text(node, "quotes"), "none");
    md_want_true(md_node_get(md_node_path(root, "parameters/local.site.flag"), "def") == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(configutil_gives_settings_and_tasks),
        MD_TEST(config_xml_is_a_configuration),
        MD_TEST(text_files_beside_config_xml_are_passed_over),
        MD_TEST(scripts_and_sessions),
        MD_TEST(parameters_of_calendar_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
