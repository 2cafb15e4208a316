#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/aliases.h"

static const char stock[] = "! system addresses\n"
                            "postmaster: root@mail.example.com\n"
                            "\n"
                            "staff@example.com:  anna@example.com,\\\n"
                            "  :bert@example.com,\\\n"
                            "! on leave\n"
                            "  \"Clerk, C\" <c@example.com>\n"
                            "news: </var/lists/news, [capture] archive@example.com, [envelope_from] x@example.com\n";

static struct md_aliases *parse(struct md_arena *arena, const char *text)
{
    return md_aliases_parse(arena, "aliases", md_str(text), 1, NULL, NULL);
}

static void a_sound_file(void **state)
{
    struct md_aliases *list = parse(*state, stock);
    const struct md_alias *alias;

    md_want_int("faults above a note", list->faults.n, 1);
    md_want_int("the comment between", list->faults.items[0].kind, MD_CNF_COMMENT_IN_CONTINUATION);
    md_want_int("aliases", list->n_aliases, 3);
    alias = &list->aliases[0];
    md_want_str("name", alias->name, "postmaster");
    md_want_str("value", alias->value, "root@mail.example.com");
    md_want_int("line of the value", alias->value_loc.line, 2);
    md_want_int("column of the value", alias->value_loc.column, 13);

    alias = &list->aliases[1];
    md_want_int("addresses", alias->n_items, 3);
    md_want_str("a hidden one", alias->items[1].text, "bert@example.com");
    md_want_true(alias->items[1].is_hidden && alias->items[1].is_valid);
    md_want_int("its line", alias->items[1].loc.line, 5);
    md_want_int("its column", alias->items[1].loc.column, 3);
    md_want_str("a comma in quotation marks", alias->items[2].text, "\"Clerk, C\" <c@example.com>");
    md_want_int("line behind a comment", alias->items[2].loc.line, 7);
    md_want_true(alias->items[2].is_valid);

    alias = &list->aliases[2];
    md_want_int("items", alias->n_items, 3);
    md_want_int("a file", alias->items[0].kind, MD_ALIAS_FILE);
    md_want_str("its path", alias->items[0].text, "</var/lists/news");
    md_want_int("a parameter", alias->items[1].kind, MD_ALIAS_PARAMETER);
    md_want_str("its name", alias->items[1].name, "capture");
    md_want_str("its value", alias->items[1].text, "archive@example.com");
}

static void one_mistake_of_form_is_one_fault(void **state)
{
    static const struct {
        const char *says, *in;
        int fault;
        uint32_t line, column;
        size_t n_aliases, n_items; /* items of the first */
    } cases[] = {
        {"a blank before the colon", "postmaster : root@x\nb: c@x\n", MD_CNF_SPACE_BEFORE_COLON, 1, 11, 2, 1},
        {"no colon", "postmaster root@x\nb: c@x\n", MD_CNF_ALIAS_WITHOUT_COLON, 1, 1, 2, 1},
        {"a comma on the wrong side", "a: b@x\\\n, c@y\nd: e@x\n", MD_CNF_CONTINUATION_NOT_AFTER_COMMA, 1, 6, 2, 2},
        {"no comma at all", "a: b@x \\\n c@y\nd: e@x\n", MD_CNF_CONTINUATION_NOT_AFTER_COMMA, 1, 6, 2, 2},
        {"a continuation behind the colon", "a:\\\n b@x, c@y\n", MD_CNF_CONTINUATION_NOT_AFTER_COMMA, 1, 2, 1, 2},
        {"a comma without a backslash", "a: b@x,\n c@y\nd: e@x\n", MD_CNF_COMMA_WITHOUT_CONTINUATION, 2, 2, 2, 2},
        {"a comment with the wrong character", "# who\na: b@x\n", MD_CNF_MISSPELT_COMMENT, 1, 1, 1, 1},
        {"a comment that is indented", "  ! who\na: b@x\n", MD_CNF_MISSPELT_COMMENT, 1, 1, 1, 1},
        {"a continuation into a blank line", "a: b@x,\\\n\nc: d@x\n", MD_CNF_DANGLING_CONTINUATION, 1, 8, 2, 1},
        {"an include that cannot be read", "</x/y\na: b@x\n", MD_CNF_INCLUDE_NOT_READ, 1, 1, 1, 1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_aliases *list = parse(*state, cases[i].in);

        md_test_case(i, cases[i].says);
        md_want_int("faults", list->faults.n, 1);
        md_want_int("fault", list->faults.items[0].kind, cases[i].fault);
        md_want_int("line", list->faults.items[0].loc.line, cases[i].line);
        md_want_int("column", list->faults.items[0].loc.column, cases[i].column);
        md_want_int("aliases", list->n_aliases, cases[i].n_aliases);
        md_want_int("items", list->aliases[0].n_items, cases[i].n_items);
        for (size_t k = 0; k < list->aliases[0].n_items; k++)
            md_want_true(list->aliases[0].items[k].is_valid);
    }
}

static void right_sides(void **state)
{
    static const struct {
        const char *says, *in;
        size_t n_items;
        bool is_valid; /* the first item */
    } cases[] = {
        {"nothing", "a:\n", 0, false},
        {"blanks", "a:   \n", 0, false},
        {"a local name", "a: root\n", 1, true},
        {"a comma at the end", "a: b@x,\n", 1, true},
        {"nothing between commas", "a: ,b@x\n", 2, false},
        {"two words", "a: b c@x\n", 1, false},
        {"no local part", "a: @x\n", 1, false},
        {"no domain", "a: b@\n", 1, false},
        {"a quotation mark left open", "a: \"b @x\n", 1, false},
        {"a quoted local part", "a: \"b c\"@x\n", 1, true},
        {"a comment in brackets", "a: b@x (of, sales)\n", 1, true},
        {"an address literal", "a: b@[192.0.2.1]\n", 1, true},
        {"a path", "a: /dir/file\n", 1, true},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_aliases *list = parse(*state, cases[i].in);

        md_test_case(i, cases[i].says);
        md_want_int("aliases", list->n_aliases, 1);
        md_want_int("faults", list->faults.n, 0);
        md_want_int("items", list->aliases[0].n_items, cases[i].n_items);
        if (cases[i].n_items > 0)
            md_want_int("valid", list->aliases[0].items[0].is_valid, cases[i].is_valid);
    }
}

static bool include_itself(void *ctx, struct md_str path, const char **ret_name, struct md_str *ret_text)
{
    (void)ctx;
    (void)path;
    *ret_name = "inner";
    *ret_text = md_str("b: c@x\n<inner\n");
    return true;
}

static void includes_end_at_the_third_level(void **state)
{
    struct md_aliases *list = md_aliases_parse(*state, "aliases", md_str("<inner\na: b@x\n"), 1, include_itself, NULL);

    md_want_int("aliases", list->n_aliases, 4);
    md_want_int("faults", list->faults.n, 1);
    md_want_int("fault", list->faults.items[0].kind, MD_CNF_INCLUDE_TOO_DEEP);
    md_want_true(strcmp(list->aliases[0].loc.file, "inner") == 0);
    md_want_str("the last is of the file itself", list->aliases[3].name, "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(a_sound_file),
        MD_TEST(one_mistake_of_form_is_one_fault),
        MD_TEST(right_sides),
        MD_TEST(includes_end_at_the_third_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
