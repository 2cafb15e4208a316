#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/value_out.h"

static void configutil_in_every_spelling(void **state)
{
    static const char text[] = "$ configutil\n"
                               "local.autorestart = yes\n"
                               "store.quotawarn=90\r\n"
                               "! a comment\n"
                               "local.schedule.return_job = \"30 0 * * * lib/return_job\"\n"
                               "store.quotaexceededmsg;lang-de = Subject: voll$$x = y\n"
                               "local.store.notifyplugin|none\n"
                               "store.quotawarn = 95\n"
                               "empty.value =\n"
                               "Configuration done\n";
    struct md_values *values = md_configutil_read(*state, "configutil", md_str(text), 5);
    const struct md_named_value *value;

    md_want_int("values", values->n, 7);
    md_want_int("other lines", values->n_other, 2);
    value = md_values_find(values, md_str("STORE.quotawarn"));
    md_want_str("the last one holds", value->value, "95");
    md_want_int("lines are counted from the start of the part", value->loc.line, 12);
    value = md_values_find(values, md_str("local.schedule.return_job"));
    md_want_str("without quotation marks", value->value, "30 0 * * * lib/return_job");
    md_want_str("an equals sign in the value", md_values_find(values, md_str("store.quotaexceededmsg;lang-de"))->value,
                "Subject: voll$$x = y");
    md_want_str("a pipe for a separator", md_values_find(values, md_str("local.store.notifyplugin"))->value, "none");
    md_want_true(md_values_find(values, md_str("no.such")) == NULL);
}

static void msconfig_with_prompts(void **state)
{
    static const char text[] = "msconfig> show *\n"
                               "role.job_controller.tcp_ports = 27442\n"
                               "role.channel:ims-ms.defragment (novalue)\n"
                               "role.channel:ims-ms.notices = 1 7 14 21 28\n"
                               "instance.channel:ims-ms.notices = \"1 2 3\"\n"
                               "role.base.ugldapbindcred (suppressed)\n"
                               "msconfig# role.mta.log_filename = 1\n"
                               "no path = 1\n";
    struct md_values *values = md_msconfig_read(*state, "msconfig", md_str(text), 1);
    const struct md_named_value *value;

    md_want_int("values", values->n, 6);
    value = md_values_find(values, md_str("channel:ims-ms.notices"));
    md_want_str("the instance wins over the role", value->value, "1 2 3");
    md_want_true(value->is_instance);
    value = md_values_find(values, md_str("channel:ims-ms.defragment"));
    md_want_true(value != NULL && !value->has_value);
    md_want_true(md_values_find(values, md_str("base.ugldapbindcred"))->is_suppressed);
    md_want_str("after a prompt", md_values_find(values, md_str("mta.log_filename"))->value, "1");
}

static void groups_and_instances_of_any_name(void **state)
{
    static const struct {
        const char *says, *line, *name, *value;
    } cases[] = {
        {"a rewrite rule", "role.rewrite.rule = $* $E$F$U%$H$V$H@localhost", "rewrite.rule",
         "$* $E$F$U%$H$V$H@localhost"},
        {"a literal in the name of a rule", "role.rewrite:[192.0.2.1].template = $U@a", "rewrite:[192.0.2.1].template",
         "$U@a"},
        {"a mapping", "role.mapping:PORT_ACCESS.rule = *|*|*|*|* $C$|INTERNAL_IP;$3|$Y$E", "mapping:PORT_ACCESS.rule",
         "*|*|*|*|* $C$|INTERNAL_IP;$3|$Y$E"},
        {"an alias", "instance.alias:a+b@example.com.alias_entry = c@example.com", "alias:a+b@example.com.alias_entry",
         "c@example.com"},
        {"a quoted instance", "role.mapping:\"IN HOUSE\".rule = * $Y", "mapping:\"IN HOUSE\".rule", "* $Y"},
        {"a pattern", "role.job_controller.channel_class:tcp_*.master_command = IMTA_BIN:x",
         "job_controller.channel_class:tcp_*.master_command", "IMTA_BIN:x"},
        {"no blanks", "role.a.b=1", "a.b", "1"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_values *values = md_msconfig_read(*state, "x", md_str(cases[i].line), 1);

        md_test_case(i, cases[i].says);
        md_want_int("values", values->n, 1);
        md_want_str("name", values->items[0].name, cases[i].name);
        md_want_str("value", values->items[0].value, cases[i].value);
    }
}

static void a_session_says_whether_changes_were_saved(void **state)
{
    static const struct {
        const char *says, *text;
        unsigned line, prompts;
    } cases[] = {
        {"nothing was changed", "msconfig> show mta.enable\nrole.mta.enable = 1\nmsconfig> exit\n", 0, 2},
        {"it ends at a changed prompt", "msconfig> set mta.enable 1\nmsconfig#\n", 2, 2},
        {"a command follows that does not save", "msconfig> set mta.enable 1\nmsconfig# exit\n", 2, 2},
        {"it was written", "msconfig> set mta.enable 1\nmsconfig# write\nmsconfig> exit\n", 0, 3},
        {"the text ends with writing", "msconfig# WRITE -remark=\"x\"\n", 0, 1},
        {"no session", "role.mta.enable = 1\n", 0, 0},
        {"another word", "msconfigure# x\n", 0, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_values *values = md_msconfig_read(*state, "x", md_str(cases[i].text), 1);

        md_test_case(i, cases[i].says);
        md_want_int("line", values->unsaved.line, cases[i].line);
        md_want_int("prompts", values->n_prompts, cases[i].prompts);
    }
}

static void foreign_input_is_survived(void **state)
{
    size_t n = 1000000;
    char *text = md_arena_alloc(*state, n);
    uint64_t seed = 2463534242u;

    for (size_t i = 0; i < n; i++)
        text[i] = (char)md_test_random(&seed);
    md_want_true(md_configutil_read(*state, "x", md_str_n(text, n), 1)->n <= MD_VALUES_MAX);
    md_want_true(md_msconfig_read(*state, "x", md_str_n(text, n), 1)->n <= MD_VALUES_MAX);
    memset(text, 'a', n);
    md_want_int("a line without a value", md_configutil_read(*state, "x", md_str_n(text, n), 1)->n_other, 1);
    md_want_int("nothing", md_msconfig_read(*state, "x", md_str(""), 1)->n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(configutil_in_every_spelling),     MD_TEST(msconfig_with_prompts),
        MD_TEST(groups_and_instances_of_any_name), MD_TEST(a_session_says_whether_changes_were_saved),
        MD_TEST(foreign_input_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
