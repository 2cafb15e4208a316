#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/option_file.h"

static const char job_controller[] = "! Job Controller\n"
                                     "tcp_port=27442\n"
                                     "Max_Messages = 200000\n"
                                     "!\n"
                                     "[POOL=DEFAULT]\n"
                                     "job_limit=10\n"
                                     "[pool = IMS_POOL]\n"
                                     "job_limit=2\n"
                                     "job_limit=4\n"
                                     "[CHANNEL=tcp_*]\n"
                                     "anon_host=0\n"
                                     "master_command=\"IMTA_BIN:tcp_smtp_client\"\n";

static void sections_hold_their_own_options(void **state)
{
    struct md_option_file *file = md_option_file_parse(*state, "job_controller.cnf", md_str(job_controller), 1);
    const struct md_option_section *section;
    const struct md_option *option;

    md_want_int("sections with the global one", file->n_sections, 4);
    md_want_int("faults", file->faults.n, 0);
    option = md_option_file_find(file, NULL, "MAX_MESSAGES");
    md_want_true(option != NULL);
    md_want_str("value without blanks", option->value, "200000");
    md_want_int("line", option->loc.line, 3);
    md_want_int("column of the value", option->value_loc.column, 16);

    section = md_option_file_section(file, "POOL", md_str("ims_pool"));
    md_want_true(section != NULL);
    option = md_option_file_find(file, section, "JOB_LIMIT");
    md_want_str("the last of two holds", option->value, "4");
    md_want_int("line of the last", option->loc.line, 9);
    md_want_str("a section without it falls back to the global part",
                md_option_file_find(file, section, "tcp_port")->value, "27442");
    section = md_option_file_section(file, "CHANNEL", md_str("tcp_*"));
    md_want_str("quotation marks are dropped", md_option_file_find(file, section, "MASTER_COMMAND")->value,
                "IMTA_BIN:tcp_smtp_client");
    md_want_true(md_option_file_section(file, "POOL", md_str("SMTP_POOL")) == NULL);
    md_want_true(md_option_file_find(file, NULL, "job_limit") == NULL);
}

static void lines_continue(void **state)
{
    static const struct {
        const char *says, *in, *name, *value;
        size_t n_options;
        int fault; /* kind of the first fault, or -1 */
    } cases[] = {
        {"a backslash joins the next line", "A=one,\\\n two\n", "A", "one, two", 1, -1},
        {"CR LF is a line end", "A=one,\\\r\n two\r\nB=3\r\n", "A", "one, two", 2, MD_CNF_CARRIAGE_RETURNS},
        {"a clause that begins like a comment is lost", "D=*mailbox=x,\\\n#hold=y,\\\n &members=*\n", "D",
         "*mailbox=x, &members=*", 1, MD_CNF_CLAUSE_READ_AS_COMMENT},
        {"so is the last clause", "D=*mailbox=x,\\\n#hold=y\nA=1\n", "A", "1", 2, MD_CNF_CLAUSE_READ_AS_COMMENT},
        {"a clause behind a blank is kept", "D=*mailbox=x,\\\n #hold=y\n", "D", "*mailbox=x, #hold=y", 1, -1},
        {"a real comment may stand between continued lines", "A=1,\\\n! why\n 2\nB=3\n", "A", "1, 2", 2,
         MD_CNF_COMMENT_IN_CONTINUATION},
        {"a continuation at the end of the file is a fault", "A=1\\", "A", "1", 1, MD_CNF_DANGLING_CONTINUATION},
        {"a blank line ends a continuation", "A=1\\\n\nB=2\n", "A", "1", 2, MD_CNF_DANGLING_CONTINUATION},
        {"blanks behind the backslash undo it", "A=1\\ \nB=2\n", "B", "2", 2, MD_CNF_BLANK_AFTER_BACKSLASH},
        {"the last line needs no line end", "A=1\nB=2", "B", "2", 2, -1},
        {"all three comment characters count", "! x=1\n# x=1\n; x=1\nA=1\n", "A", "1", 1, -1},
        {"a word is no option", "hello\nA=1\n", "A", "1", 1, MD_CNF_NO_OPTION},
        {"a section without a name is a fault", "[POOL]\nA=1\n", "A", "1", 1, MD_CNF_BAD_SECTION},
        {"NUL bytes are strange but survive", "A=1\nB\1=2\n", "A", "1", 2, MD_CNF_STRANGE_BYTES},
        {"an empty value is a value", "A=\n", "A", "", 1, -1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_option_file *file = md_option_file_parse(*state, "option.dat", md_str(cases[i].in), 1);
        const struct md_option *option = md_option_file_find(file, NULL, cases[i].name);

        md_test_case(i, cases[i].says);
        md_want_int("options", file->n_options, cases[i].n_options);
        md_want_true(option != NULL);
        md_want_str("value", option->value, cases[i].value);
        md_want_int("first fault", file->faults.n > 0 ? (int)file->faults.items[0].kind : -1, cases[i].fault);
    }
}

static void places_survive_joining(void **state)
{
    struct md_cnf_faults faults = {.arena = *state};
    struct md_cnf_reader reader;
    struct md_cnf_line line;
    struct md_loc loc;

    md_cnf_reader_init(&reader, *state, "f", "!", md_str("first \\\n  second \\\n! no\nthird\nnext\n"), 10, &faults);
    md_want_true(md_cnf_next(&reader, &line));
    md_want_str("joined", line.text, "first   second third");
    loc = md_cnf_loc(&line, 0);
    md_want_int("first line", loc.line, 10);
    loc = md_cnf_loc_of(&line, md_str_from(line.text, (size_t)md_str_find(line.text, MD_LIT("second"))));
    md_want_int("line of the second", loc.line, 11);
    md_want_int("column of the second", loc.column, 3);
    loc = md_cnf_loc_of(&line, md_str_from(line.text, (size_t)md_str_find(line.text, MD_LIT("third"))));
    md_want_int("line of the third, after a comment", loc.line, 13);
    md_want_int("column of the third", loc.column, 1);
    md_want_true(md_cnf_next(&reader, &line));
    md_want_int("the next statement", line.line, 14);
    md_want_true(!md_cnf_next(&reader, &line));
}

static void integers(void **state)
{
    static const struct {
        const char *says, *in;
        int st;
        int64_t value;
    } cases[] = {
        {"decimal", "42", MD_OK, 42},
        {"negative", "-1", MD_OK, -1},
        {"hexadecimal by base", "16%ff", MD_OK, 255},
        {"octal by base", "8%17", MD_OK, 15},
        {"a digit beyond the base", "8%18", MD_BAD_INPUT, 0},
        {"no base one", "1%0", MD_BAD_INPUT, 0},
        {"no digits", "16%", MD_BAD_INPUT, 0},
        {"text", "ten", MD_BAD_INPUT, 0},
        {"empty", "", MD_BAD_INPUT, 0},
        {"too large", "16%ffffffffffffffffff", MD_LIMIT, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        int64_t value = 0;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_option_int(md_str(cases[i].in), &value), cases[i].st);
        if (cases[i].st == MD_OK)
            md_want_int("value", value, cases[i].value);
    }
}

static void numbers_with_a_base(void **state)
{
    static const struct {
        const char *says, *in;
        bool is_based;
    } cases[] = {
        {"hexadecimal", "16%ff", true},
        {"a digit beyond the base", "8%19", true},
        {"no digits", "16%", true},
        {"a plain number", "16", false},
        {"a template", "$U%$D", false},
        {"a word in front", "a%1", false},
        {"a text behind", "16%a-b", false},
        {"nothing in front", "%1", false},
        {"empty", "", false},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_int("based", md_option_is_based(md_str(cases[i].in)), cases[i].is_based);
    }
}

static void long_lines_are_noted(void **state)
{
    char *text = md_arena_alloc(*state, 5000);
    struct md_option_file *file;
    size_t n = 0;

    /* 252, 253, a comment of 300, and one before a blank line that is read twice */
    text[n++] = 'A';
    text[n++] = '=';
    memset(text + n, 'x', 250);
    n += 250;
    memcpy(text + n, "\nB=", 3);
    n += 3;
    memset(text + n, 'x', 251);
    n += 251;
    memcpy(text + n, "\n!", 2);
    n += 2;
    memset(text + n, 'x', 299);
    n += 299;
    memcpy(text + n, "\nC=1\\\n", 6);
    n += 6;
    memset(text + n, ' ', 260);
    n += 260;
    memcpy(text + n, "\nD=1\n", 5);
    file = md_option_file_parse(*state, "option.dat", md_str(text), 1);
    md_want_int("options", file->n_options, 4);
    md_want_int("long lines", file->faults.n_long_lines, 3);
    md_want_int("length", file->faults.long_lines[0].length, 253);
    md_want_int("line", file->faults.long_lines[0].loc.line, 2);
    md_want_int("column", file->faults.long_lines[0].loc.column, 253);
    md_want_true(!file->faults.long_lines[0].is_comment && file->faults.long_lines[1].is_comment);
    md_want_int("a line of blanks", file->faults.long_lines[2].loc.line, 5);
}

static void switches(void **state)
{
    bool on = false;

    (void)state;
    md_test_case(0, NULL);
    md_want_true(md_option_bool(md_str("YES"), &on) == MD_OK && on);
    md_want_true(md_option_bool(md_str("off"), &on) == MD_OK && !on);
    md_want_true(md_option_bool(md_str("maybe"), &on) == MD_BAD_INPUT);
}

static void large_and_foreign_input_is_survived(void **state)
{
    size_t n = 1000000;
    char *text = md_arena_alloc(*state, n + 2);
    uint64_t seed = 88172645463325252u;
    struct md_option_file *file;

    memset(text, 'x', n);
    text[7] = '=';
    file = md_option_file_parse(*state, "long", md_str_n(text, n), 1);
    md_want_int("a line of a million characters is one option", file->n_options, 1);
    md_want_int("its value is whole", file->options[0].value.n, n - 8);
    for (size_t i = 0; i < n; i++)
        text[i] = (char)md_test_random(&seed);
    file = md_option_file_parse(*state, "garbage", md_str_n(text, n), 1);
    md_want_true(file->faults.n > 0 && file->faults.n <= MD_CNF_FAULTS_MAX);
    file = md_option_file_parse(*state, "empty", md_str(""), 1);
    md_want_int("nothing in an empty file", file->n_options + file->faults.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(sections_hold_their_own_options),
        MD_TEST(lines_continue),
        MD_TEST(places_survive_joining),
        MD_TEST(integers),
        MD_TEST(switches),
        MD_TEST(numbers_with_a_base),
        MD_TEST(long_lines_are_noted),
        MD_TEST(large_and_foreign_input_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
