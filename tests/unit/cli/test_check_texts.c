#include "cli/check_texts.h"
#include "tests/unit/md_test.h"

static void lines_are_found_by_number(void **state)
{
    static const struct {
        const char *says, *text;
        uint32_t line;
        const char *want; /* NULL: there is none */
    } cases[] = {
        {"the first", "a\nb\n", 1, "a"},
        {"the last", "a\nb\n", 2, "b"},
        {"behind the last", "a\nb\n", 3, NULL},
        {"the last without its end", "a\nb", 2, "b"},
        {"an empty one", "a\n\nb", 2, ""},
        {"of an empty file", "", 1, NULL},
        {"none is 0", "a", 0, NULL},
        {"CR is no part of it", "a\r\nb\r\n", 1, "a"},
        {"only an end", "\n", 1, ""},
        {"behind it", "\n", 2, NULL},
        {"a large number", "a", UINT32_MAX, NULL},
    };
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_check_texts *texts = md_check_texts_new(*state);
        struct md_str line = {0};
        md_test_case(i, cases[i].says);
        md_check_texts_add(texts, "f", 1, md_str(cases[i].text));
        bool is_there = md_check_texts_line(texts, "f", cases[i].line, &line);
        md_want_int("there", is_there, cases[i].want != NULL);
        if (is_there && cases[i].want != NULL) {
            md_want_str("line", line, cases[i].want);
        }
        md_want_true(!md_check_texts_line(texts, "g", 1, &line));
    }
}

static void a_file_may_come_in_parts(void **state)
{
    struct md_check_texts *texts = md_check_texts_new(*state);
    struct md_str line;
    md_check_texts_add(texts, "f", 1, md_str("a\nb x\n"));
    md_check_texts_add(texts, "f", 10, md_str("j x\nk"));
    md_want_true(md_check_texts_line(texts, "f", 11, &line));
    md_want_str("line", line, "k");
    md_want_true(!md_check_texts_line(texts, "f", 3, &line));
    md_want_int("the first that holds it", md_check_texts_find(texts, "f", 1, MD_LIT("x")), 2);
    md_want_int("the next one", md_check_texts_find(texts, "f", 3, MD_LIT("x")), 10);
    md_want_int("no more", md_check_texts_find(texts, "f", 11, MD_LIT("x")), 0);
    md_want_int("of another file", md_check_texts_find(texts, "g", 1, MD_LIT("x")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(lines_are_found_by_number), MD_TEST(a_file_may_come_in_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
