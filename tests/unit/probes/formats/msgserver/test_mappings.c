#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/mappings.h"

static const char stock[] = "! mappings as installed\n"
                            "PORT_ACCESS\n"
                            "\n"
                            "  *|*|*|*|*  $C$|INTERNAL_IP;$3|$Y$E\n"
                            "  *  $YEXTERNAL\n"
                            "\n"
                            "ORIG_SEND_ACCESS\n"
                            "\n"
                            "! nobody relays\n"
                            "  tcp_local|*|tcp_local|*     $NRelaying$ not$ permitted\n"
                            "  tcp_*|*|native|*            $N\n"
                            "\n"
                            "INTERNAL_IP\n"
                            "\n"
                            "  $(192.0.2.0/24)  $Y\n"
                            "  127.0.0.1 \\\n"
                            "    $Y\n"
                            "\t*\t$N\n";

static struct md_mappings *parse(struct md_arena *arena, const char *text)
{
    return md_mappings_parse(arena, "mappings", md_str(text), 1, NULL, NULL);
}

static void tables_of_a_sound_file(void **state)
{
    struct md_mappings *m = parse(*state, stock);
    const struct md_mapping_table *table;
    const struct md_mapping_entry *entry;

    md_want_int("faults", m->faults.n, 0);
    md_want_int("tables", m->n_tables, 3);
    md_want_int("entries", m->n_entries, 7);
    md_want_int("line of a table", m->tables[1].loc.line, 7);

    table = md_mappings_find(m, "port_access");
    md_want_true(table != NULL && table->has_blank_after_name);
    md_want_int("entries of a table", table->n, 2);
    entry = &m->entries[table->first];
    md_want_int("bars", entry->n_bars, 4);
    md_want_true(entry->continues && entry->ends && entry->may_fail && !entry->is_catch_all);
    md_want_int("flags", entry->flags, MD_MAPPING_FLAG('Y'));
    md_want_int("tables named", entry->n_nested, 1);
    md_want_str("the table named", entry->nested[0].text, "INTERNAL_IP");
    md_want_int("line of it", entry->nested[0].loc.line, 4);
    md_want_int("column of it", entry->nested[0].loc.column, 18);
    md_want_true(entry[1].is_catch_all && !entry[1].may_fail && !entry[1].continues);
    md_want_int("position", entry[1].position, 1);

    entry = &m->entries[md_mappings_find(m, "ORIG_SEND_ACCESS")->first];
    md_want_str("a template with quoted blanks", entry->template, "$NRelaying$ not$ permitted");
    md_want_int("columns", entry->n_columns, 2);
    md_want_int("fields", entry->n_fields, 4);
    md_want_str("source channel", entry->fields[0].text, "tcp_local");
    md_want_true(entry->fields[0].is_literal && !entry->fields[1].is_literal);
    md_want_int("column of the destination", entry->fields[2].loc.column, 15);
    md_want_true(!entry[1].fields[0].is_literal);

    entry = &m->entries[md_mappings_find(m, "INTERNAL_IP")->first];
    md_want_true(entry->prefix != NULL && entry->prefix->is_valid);
    md_want_int("bits", entry->prefix->bits, 24);
    md_want_int("address", entry->prefix->address, 0xc0000200);
    md_want_int("a template on a continued line", entry[1].template_loc.line, 17);
    md_want_int("its column", entry[1].template_loc.column, 5);
    md_want_true(entry[2].is_catch_all);
    md_want_int("the flag", entry[2].flags, MD_MAPPING_FLAG('N'));
}

static void one_mistake_of_form_is_one_fault(void **state)
{
    static const struct {
        const char *says, *in;
        int fault;
        uint32_t line, column;
        size_t n_tables, n_entries;
    } cases[] = {
        {"no blank line behind a name", "T\n  a $Y\n  * $N\n\nU\n\n  * $Y\n", MD_CNF_NO_BLANK_AFTER_TABLE_NAME, 1, 1, 2,
         3},
        {"an entry without indentation", "T\n\ntcp_local|*|tcp_local|* $N\n  * $Y\n", MD_CNF_UNINDENTED_ENTRY, 3, 1, 1,
         2},
        {"an address without indentation", "T\n\n  10.0.0.1 $Y\n127.0.0.1 $Y\n  * $N\n", MD_CNF_UNINDENTED_ENTRY, 4, 1,
         1, 3},
        {"a blank line in a table", "T\n\n  a $Y\n\n  b $Y\n  * $N\n\nU\n\n  * $Y\n", MD_CNF_BLANK_LINE_IN_TABLE, 5, 3,
         2, 4},
        {"blanks in a template", "T\n\n  x|* $NRelaying not permitted\n", MD_CNF_ENTRY_WITH_BLANKS, 3, 18, 1, 1},
        {"a comment behind an entry", "T\n\n  a $Y ! why\n  * $N\n", MD_CNF_ENTRY_WITH_BLANKS, 3, 8, 1, 2},
        {"an entry before every table", "  a $Y\nT\n\n  * $N\n", MD_CNF_ENTRY_OUTSIDE_TABLE, 1, 3, 1, 1},
        {"no template", "T\n\n  a\n  * $N\n", MD_CNF_ENTRY_WITHOUT_TEMPLATE, 3, 3, 1, 2},
        {"a comment with the wrong character", "T\n\n# old\n  * $N\n", MD_CNF_MISSPELT_COMMENT, 3, 1, 1, 1},
        {"a comment with slashes", "// old\nT\n\n  * $N\n", MD_CNF_MISSPELT_COMMENT, 1, 1, 1, 1},
        {"a comment that is indented", "T\n\n  ! an old rule\n  * $N\n", MD_CNF_MISSPELT_COMMENT, 3, 3, 1, 1},
        {"a comment behind a name", "T ! of hosts\n\n  * $N\n", MD_CNF_MISSPELT_COMMENT, 1, 3, 1, 1},
        {"a continuation into the end", "T\n\n  * $N\\\n", MD_CNF_DANGLING_CONTINUATION, 3, 7, 1, 1},
        {"an include that cannot be read", "</x/y\nT\n\n  * $N\n", MD_CNF_INCLUDE_NOT_READ, 1, 1, 1, 1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_mappings *m = parse(*state, cases[i].in);

        md_test_case(i, cases[i].says);
        md_want_int("faults", m->faults.n, 1);
        md_want_int("fault", m->faults.items[0].kind, cases[i].fault);
        md_want_int("line", m->faults.items[0].loc.line, cases[i].line);
        md_want_int("column", m->faults.items[0].loc.column, cases[i].column);
        md_want_int("tables", m->n_tables, cases[i].n_tables);
        md_want_int("entries", m->n_entries, cases[i].n_entries);
    }
}

static void forms_without_a_fault(void **state)
{
    static const struct {
        const char *says, *in;
        size_t n_entries;
    } cases[] = {
        {"a comment between name and blank line", "T\n! why\n\n  * $N\n", 1},
        {"a comment behind the blank line", "T\n\n! why\n  * $N\n", 1},
        {"a table without entries", "T\n\nU\n\n  * $N\n", 1},
        {"a name at the end", "T", 0},
        {"blank lines between tables", "T\n\n  * $N\n\n\n! U\n\nU\n\n  * $N\n", 2},
        {"an exclamation mark as a pattern", "T\n\n  ! $N\n", 1},
        {"a dollar in front of a dollar ends nothing", "T\n\n  a$$ $N\n", 1},
        {"a comment between continued lines", "T\n\n  a \\\n! why\n $Y\n", 1},
        {"an empty file", "", 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_mappings *m = parse(*state, cases[i].in);

        md_test_case(i, cases[i].says);
        md_want_int("faults above notes", m->faults.n > 0 && md_cnf_fault_severity(m->faults.items[0].kind) > MD_NOTE,
                    0);
        md_want_int("entries", m->n_entries, cases[i].n_entries);
    }
}

static void patterns_are_read(void **state)
{
    static const struct {
        const char *says, *pattern;
        bool is_catch_all;
        unsigned n_bars;
        size_t n_fields;
        int bits; /* -1: no valid prefix */
    } cases[] = {
        {"everything", "*", true, 0, 1, -1},
        {"everything, as little as it takes", "$_*", true, 0, 1, -1},
        {"every probe of two fields", "*|*", false, 1, 2, -1},
        {"a back reference", "*$0*", false, 0, 1, -1},
        {"any one character", "%", false, 0, 1, -1},
        {"a set", "$[a-z]*", false, 0, 1, -1},
        {"a bar in a set is none", "$[|]%|x", false, 1, 2, -1},
        {"a network", "$(192.0.2.0/24)", false, 0, 1, 24},
        {"a single address", "$(192.0.2.9)", false, 0, 1, 32},
        {"the whole net", "$(0.0.0.0/0)", false, 0, 1, 0},
        {"a prefix of too many bits", "$(192.0.2.0/33)", false, 0, 1, -1},
        {"an octet too large", "$(192.0.256.0/24)", false, 0, 1, -1},
        {"a prefix left open", "$(192.0.2.0/24", false, 0, 1, 24},
        {"a prefix in a probe", "TCP|*|25|$(10.0.0.0/8)|*", false, 4, 5, 8},
        {"clauses of conversions", "IN-CHAN=tcp_local;OUT-CHAN=*;CONVERT", false, 0, 3, -1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_mappings *m = parse(*state, md_arena_printf(*state, "T\n\n  %s $Y\n", cases[i].pattern));
        const struct md_mapping_entry *entry = m->entries;

        md_test_case(i, cases[i].says);
        md_want_int("entries", m->n_entries, 1);
        md_want_int("catch-all", entry->is_catch_all, cases[i].is_catch_all);
        md_want_int("bars", entry->n_bars, cases[i].n_bars);
        md_want_int("fields", entry->n_fields, cases[i].n_fields);
        md_want_int("bits", entry->prefix != NULL && entry->prefix->is_valid ? (int)entry->prefix->bits : -1,
                    cases[i].bits);
        md_want_int("unknown", entry->n_unknown, 0);
    }
    {
        struct md_mappings *m = parse(*state, "T\n\n  IN-CHAN=tcp_local;OUT-CHAN=ims-*;CONVERT Yes\n");

        md_want_str("name of a clause", m->entries[0].fields[0].name, "IN-CHAN");
        md_want_str("value of a clause", m->entries[0].fields[0].text, "tcp_local");
        md_want_int("column of a value", m->entries[0].fields[0].loc.column, 11);
        md_want_true(m->entries[0].fields[0].is_literal && !m->entries[0].fields[1].is_literal);
        md_want_str("a word of its own", m->entries[0].fields[2].text, "CONVERT");
    }
}

static void templates_are_read(void **state)
{
    static const struct {
        const char *says, *template;
        const char *flags;
        bool continues, may_fail;
        const char *nested, *unknown;
    } cases[] = {
        {"accept", "$Y", "Y", false, false, NULL, NULL},
        {"lower case counts", "$n", "N", false, false, NULL, NULL},
        {"text and substitutions", "$NNo$ $0$1", "N", false, false, NULL, NULL},
        {"on with the next entry", "$C$0", "", true, false, NULL, NULL},
        {"from the top", "$R$0", "", true, false, NULL, NULL},
        {"another table", "$|X;$0|$Y", "Y", false, true, "X", NULL},
        {"a table within a table", "$|X;$|Y;$0||$N", "N", false, true, "X", NULL},
        {"a table left open", "$Y$|X;$0", "Y", false, true, "X", NULL},
        {"a database", "${key$0}$Y", "Y", false, true, NULL, NULL},
        {"a directory", "$]ldap:///o=x?mail?sub?(a=$0)[$Y", "Y", false, true, NULL, NULL},
        {"a routine", "$[lib,fn,$0]$N", "N", false, true, NULL, NULL},
        {"chance", "$?50?$N", "N", false, true, NULL, NULL},
        {"a sequence number", "$#seq|10|5$Y#$N", "N", false, false, NULL, NULL},
        {"only with a flag of the probe", "$:A$Y", "Y", false, true, NULL, NULL},
        {"letter case", "$\\$0$^$1$_$=$2$Y", "Y", false, false, NULL, NULL},
        {"nobody knows it", "$Y$`x", "Y", false, false, NULL, "$`"},
        {"a dollar at the end", "$Y$", "Y", false, false, NULL, "$"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_mappings *m = parse(*state, md_arena_printf(*state, "T\n\n  * %s\n", cases[i].template));
        const struct md_mapping_entry *entry = m->entries;
        uint32_t flags = 0;

        for (const char *f = cases[i].flags; *f != '\0'; f++)
            flags |= MD_MAPPING_FLAG(*f);
        md_test_case(i, cases[i].says);
        md_want_int("flags", entry->flags, flags);
        md_want_int("continues", entry->continues, cases[i].continues);
        md_want_int("may fail", entry->may_fail, cases[i].may_fail);
        md_want_int("names a table", entry->n_nested > 0, cases[i].nested != NULL);
        if (cases[i].nested != NULL)
            md_want_str("table", entry->nested[0].text, cases[i].nested);
        md_want_int("has something unknown", entry->n_unknown, cases[i].unknown != NULL);
        if (cases[i].unknown != NULL)
            md_want_str("unknown", entry->unknown[0].text, cases[i].unknown);
    }
}

static bool include(void *ctx, struct md_str path, const char **ret_name, struct md_str *ret_text)
{
    (void)ctx;
    *ret_name = "site_mappings";
    *ret_text = md_str("  b $Y\n\nSITE\n\n  * $Y\n");
    return md_str_is(path, "/etc/site_mappings");
}

static void included_text_is_spliced_in(void **state)
{
    struct md_mappings *m =
        md_mappings_parse(*state, "mappings", md_str("T\n\n  a $Y\n</etc/site_mappings\n  c $Y\n"), 1, include, NULL);

    md_want_int("faults", m->faults.n, 0);
    md_want_true(m->n_includes == 1 && m->includes[0].is_read);
    md_want_int("tables", m->n_tables, 2);
    md_want_int("entries of the open table", m->tables[0].n, 2);
    md_want_true(strcmp(m->entries[1].loc.file, "site_mappings") == 0);
    md_want_int("line there", m->entries[1].loc.line, 1);
    md_want_int("entries of the included one", m->tables[1].n, 2);
    md_want_int("line here again", m->entries[3].loc.line, 5);
}

static void long_lines_are_noted(void **state)
{
    char *text = md_arena_alloc(*state, 1000);
    struct md_mappings *m;

    memcpy(text, "T\n\n  a ", 7);
    memset(text + 7, 'x', 300);
    m = parse(*state, text);
    md_want_int("long lines", m->faults.n_long_lines, 1);
    md_want_int("line", m->faults.long_lines[0].loc.line, 3);
    md_want_int("column", m->faults.long_lines[0].loc.column, 253);
    md_want_int("length", m->faults.long_lines[0].length, 304);
    md_want_int("faults", m->faults.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(tables_of_a_sound_file), MD_TEST(one_mistake_of_form_is_one_fault),
        MD_TEST(forms_without_a_fault),  MD_TEST(patterns_are_read),
        MD_TEST(templates_are_read),     MD_TEST(included_text_is_spliced_in),
        MD_TEST(long_lines_are_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
