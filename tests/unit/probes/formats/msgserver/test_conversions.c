#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/conversions.h"

static const char sound[] = "! documents\n"
                            "out-chan=ims-ms; in-type=application; in-subtype=msword;\n"
                            "  out-type=application; out-subtype=pdf; out-mode=block;\n"
                            "  command=\"/opt/site/bin/conv 'INPUT_FILE'; cleanup\"\n"
                            "\n"
                            "in-type=text; in-subtype=*; \\\n"
                            "  out-type = text;\n"
                            "! last\n"
                            "in-type=*; relabel=1\n"
                            "in-type=image; delete=1\n";

static struct md_conversions *parse(struct md_arena *arena, const char *text)
{
    return md_conversions_parse(arena, "conversions", md_str(text), 1);
}

static void a_sound_file(void **state)
{
    struct md_conversions *list = parse(*state, sound);
    const struct md_conversion_clause *clause;

    md_want_int("faults", list->faults.n, 0);
    md_want_int("entries", list->n_entries, 3);
    md_want_int("clauses", list->entries[0].n, 7);
    clause = md_conversion_find(list, &list->entries[0], "COMMAND");
    md_want_true(clause != NULL);
    md_want_str("a semicolon in quotation marks", clause->value, "/opt/site/bin/conv 'INPUT_FILE'; cleanup");
    md_want_int("line", clause->loc.line, 4);
    md_want_int("column", clause->loc.column, 3);
    md_want_true(list->entries[0].is_ended);
    clause = md_conversion_find(list, &list->entries[1], "out-type");
    md_want_str("blanks around =", clause->value, "text");
    md_want_int("line of a continued clause", clause->loc.line, 7);
    md_want_int("column of its value", clause->value_loc.column, 14);
    md_want_int("a semicolon at the end goes on", list->entries[1].n, 5);
    md_want_true(md_conversion_find(list, &list->entries[2], "out-type") == NULL);
}

static void one_mistake_of_form_is_one_fault(void **state)
{
    static const struct {
        const char *says, *in;
        int fault; /* -1: none */
        uint32_t line, column;
        size_t n_entries, n_clauses;
    } cases[] = {
        {"a line without its semicolon", "in-type=text\n  out-type=text;\n", MD_CNF_MISSING_SEMICOLON, 1, 13, 1, 2},
        {"the same, not indented", "in-type=text; in-subtype=*\nout-type=text; command=\"x\"\n",
         MD_CNF_MISSING_SEMICOLON, 1, 27, 1, 4},
        {"none between two clauses", "in-type=text out-type=text;\n", MD_CNF_MISSING_SEMICOLON, 1, 14, 1, 2},
        {"a word is no clause", "in-type=text; block;\n", MD_CNF_NO_CLAUSE, 1, 15, 1, 1},
        {"a quotation mark left open", "in-type=text; command=\"x y\n", MD_CNF_OPEN_QUOTE, 1, 15, 1, 2},
        {"a comment with the wrong character", "# old\nin-type=text\n", MD_CNF_MISSPELT_COMMENT, 1, 1, 1, 1},
        {"a new entry follows at once", "in-type=text; delete=1\nin-type=image; delete=1\n", -1, 0, 0, 2, 4},
        {"a blank line ends an entry", "in-type=text;\n\nin-type=image;\n", -1, 0, 0, 2, 2},
        {"a command with equals signs", "in-type=text; command=/bin/x a=b\n", -1, 0, 0, 1, 2},
        {"an empty file", "", -1, 0, 0, 0, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_conversions *list = parse(*state, cases[i].in);

        md_test_case(i, cases[i].says);
        md_want_int("faults", list->faults.n, cases[i].fault >= 0);
        if (cases[i].fault >= 0) {
            md_want_int("fault", list->faults.items[0].kind, cases[i].fault);
            md_want_int("line", list->faults.items[0].loc.line, cases[i].line);
            md_want_int("column", list->faults.items[0].loc.column, cases[i].column);
        }
        md_want_int("entries", list->n_entries, cases[i].n_entries);
        md_want_int("clauses", list->n_clauses, cases[i].n_clauses);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(a_sound_file),
        MD_TEST(one_mistake_of_form_is_one_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
