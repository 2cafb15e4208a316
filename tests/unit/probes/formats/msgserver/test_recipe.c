#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/recipe.h"

static struct md_recipe *read_recipe(void **state, const char *text, bool only_prompts)
{
    return md_recipe_read(*state, "site.rcp", md_str(text), 1, only_prompts);
}

static void one_statement_in_every_spelling(void **state)
{
    static const struct {
        const char *says, *text, *verb, *path, *value;
        unsigned args, line, column;
        bool is_split;
    } cases[] = {
        {"a quoted value", "set channel:l.notices \"1 2 4 7\"\n", "set", "channel:l.notices", "1 2 4 7", 1, 1, 23,
         false},
        {"without quotation marks", "set channel:l.notices 1 2 4 7\n", "set", "channel:l.notices", "1", 4, 1, 23, true},
        {"of the role", "set role.channel:l.maxjobs 5", "set", "channel:l.maxjobs", "5", 1, 1, 28, false},
        {"without a value", "  set channel:l.smtp\n", "set", "channel:l.smtp", NULL, 0, 1, 0, false},
        {"with an equals sign", "set mta.log_filename = 1\n", "set", "mta.log_filename", "1", 1, 1, 24, false},
        {"behind a prompt", "msconfig# SET mta.log_filename 1\r\n", "set", "mta.log_filename", "1", 1, 1, 32, false},
        {"of a shell script", "$ /opt/sun/bin/msconfig set mta.log_filename 1\n", "set", "mta.log_filename", "1", 1, 1,
         46, false},
        {"over two lines", "set mta.log_filename \\\n  1\n", "set", "mta.log_filename", "1", 1, 2, 3, false},
        {"a quoted instance", "set mapping:\"IN HOUSE\".rule \"* $Y\"\n", "set", "mapping:\"IN HOUSE\".rule", "* $Y", 1,
         1, 29, false},
        {"a function", "set_option(\"channel:l.notices\", \"1 2 4 7\");\n", "set", "channel:l.notices", "1 2 4 7", 1, 1,
         33, false},
        {"a function over two lines", "set_option(\"mta.x\",\n  \"1\");", "set", "mta.x", "1", 1, 2, 3, false},
        {"in a condition", "if not exists_option(\"mta.x\") then set_option(\"mta.x\", \"1\") # why\n", "set", "mta.x",
         "1", 1, 1, 56, false},
        {"with an expression", "set_option(\"mta.x\", get_option(\"mta.y\") + 1);", "set", "mta.x",
         "get_option(\"mta.y\") + 1", 1, 1, 21, false},
        {"taken away", "unset instance.mta.x\n", "unset", "mta.x", NULL, 0, 1, 0, false},
        {"written with a remark", "write -remark=\"x y\"\n", "write", "", NULL, 0, 1, 0, false},
        {"a remark in quotation marks", "remark \"pools by size\"\n", "remark", "", "pools by size", 1, 1, 8, false},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_recipe *recipe = read_recipe(state, cases[i].text, false);
        const struct md_recipe_statement *statement;

        md_test_case(i, cases[i].says);
        md_want_int("statements", recipe->n, 1);
        md_want_int("faults", recipe->faults.n, 0);
        statement = &recipe->items[0];
        md_want_str("verb", md_str(md_recipe_verb_name(statement->verb)), cases[i].verb);
        md_want_str("path", statement->path, cases[i].path);
        md_want_int("arguments", statement->n_args, cases[i].args);
        md_want_int("split", md_recipe_is_split_value(statement), cases[i].is_split);
        if (cases[i].value == NULL)
            continue;
        md_want_str("value", statement->args[0].text, cases[i].value);
        md_want_int("line of the value", statement->args[0].loc.line, cases[i].line);
        md_want_int("column of the value", statement->args[0].loc.column, cases[i].column);
    }
}

static void a_whole_recipe(void **state)
{
    static const char text[] = "! pools\n"
                               "# more\n"
                               "// and more\n"
                               "description(\"x\");\n"
                               "if exists_group(\"channel:tcp_slow\") {\n"
                               "  set_option(\"channel:tcp_slow.pool\", \"SLOW\");\n"
                               "  unset_option(\"channel:tcp_slow.maxjobs\");\n"
                               "}\n"
                               "set := 5;\n"
                               "set job_controller.job_pool:SLOW.job_limit 4\n"
                               "set\n"
                               "set channel:l.pool \"OPEN\n"
                               "write\n";
    struct md_recipe *recipe = read_recipe(state, text, false);

    md_want_int("statements", recipe->n, 6);
    md_want_int("line of the first", recipe->items[0].loc.line, 6);
    md_want_int("column of the first", recipe->items[0].loc.column, 3);
    md_want_str("second", recipe->items[1].path, "channel:tcp_slow.maxjobs");
    md_want_str("third", recipe->items[2].path, "job_controller.job_pool:SLOW.job_limit");
    md_want_str("without a path", recipe->items[3].path, "");
    md_want_str("an open quotation mark ends with its line", recipe->items[4].args[0].text, "OPEN");
    md_want_int("last", recipe->items[5].verb, MD_RECIPE_WRITE);
    md_want_int("faults", recipe->faults.n, 2);
    md_want_int("no path", recipe->faults.items[0].kind, MD_CNF_MISSING_PATH);
    md_want_int("its line", recipe->faults.items[0].loc.line, 11);
    md_want_int("open quotation mark", recipe->faults.items[1].kind, MD_CNF_OPEN_QUOTE);
    md_want_int("its line", recipe->faults.items[1].loc.line, 12);
}

static void of_a_session_only_prompts_count(void **state)
{
    static const char text[] = "# bin/msconfig\n"
                               "msconfig> show channel:l.notices\n"
                               "role.channel:l.notices = 1 2 4 7\n"
                               "set is a word of prose here\n"
                               "msconfig> set channel:l.notices 1 2\n"
                               "msconfig# exit\n";
    struct md_recipe *recipe = read_recipe(state, text, true);

    md_want_int("statements", recipe->n, 3);
    md_want_int("line", recipe->items[1].loc.line, 5);
    md_want_true(md_recipe_is_split_value(&recipe->items[1]));
    md_want_int("faults", recipe->faults.n, 0);
}

static void foreign_input_is_survived(void **state)
{
    size_t n = 300000;
    char *text = md_arena_alloc(*state, n);
    uint64_t seed = 88172645463325252u;

    for (size_t i = 0; i < n; i++)
        text[i] = (char)md_test_random(&seed);
    md_want_true(md_recipe_read(*state, "x", md_str_n(text, n), 1, false)->n <= MD_RECIPE_MAX);
    for (size_t i = 0; i < n; i++)
        text[i] = "set \"(\\\n#"[md_test_random(&seed) % 9];
    md_want_true(md_recipe_read(*state, "x", md_str_n(text, n), 1, false)->n <= MD_RECIPE_MAX);
    md_want_int("nothing", md_recipe_read(*state, "x", md_str(""), 1, false)->n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(one_statement_in_every_spelling),
        MD_TEST(a_whole_recipe),
        MD_TEST(of_a_session_only_prompts_count),
        MD_TEST(foreign_input_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
