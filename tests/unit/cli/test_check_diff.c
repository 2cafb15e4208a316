#include "cli/check_diff.h"
#include "tests/unit/md_test.h"

static void lines_of_hunks_count(void **state)
{
    struct md_check_diff *diff = md_check_diff_parse(
        *state,
        md_str(
            "diff --git a/conf/imta.cnf b/conf/imta.cnf\nindex 1..2 100644\n--- a/conf/imta.cnf\n+++ b/conf/imta.cnf\n"
            "@@ -2 +2 @@ x\n-old\n+new\n@@ -10,2 +9,0 @@\n-gone\n-gone\n@@ -20,0 +18,3 @@\n+1\n+2\n+3\n"
            "diff --git a/mappings b/mappings\nnew file mode 100644\n--- /dev/null\n+++ b/mappings\n@@ -0,0 +1,2 "
            "@@\n+a\n+b\n"
            "diff --git a/aliases b/aliases\ndeleted file mode 100644\n--- a/aliases\n+++ /dev/null\n@@ -1 +0,0 "
            "@@\n-a\n"),
        (struct md_str){0});
    static const struct {
        const char *says, *file;
        uint32_t line;
        bool want;
    } cases[] = {
        {"before a change", "conf/imta.cnf", 1, false},
        {"a changed line", "conf/imta.cnf", 2, true},
        {"behind it", "conf/imta.cnf", 3, false},
        {"beside lines that are gone", "conf/imta.cnf", 9, false},
        {"the first of three", "conf/imta.cnf", 18, true},
        {"the last of three", "conf/imta.cnf", 20, true},
        {"behind the last", "conf/imta.cnf", 21, false},
        {"a file that changed, as a whole", "conf/imta.cnf", 0, true},
        {"a new file", "mappings", 2, true},
        {"a line that it has not", "mappings", 3, false},
        {"a file that is gone, as a whole", "aliases", 0, true},
        {"a line of it", "aliases", 1, false},
        {"a file that is the same", "option.dat", 0, false},
        {"a name with its prefix", "b/mappings", 1, false},
        {"a very large line", "conf/imta.cnf", UINT32_MAX, false},
    };
    md_want_int("files", md_check_diff_count(diff), 3);
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_int("changed", md_check_diff_has(diff, md_str(cases[i].file), cases[i].line), cases[i].want);
    }
}

static void lines_that_look_like_a_diff_are_no_diff(void **state)
{
    struct md_check_diff *diff = md_check_diff_parse(
        *state,
        md_str("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n--- a/other\n-@@ -1 +1 @@\n+++ b/evil\n"
               "+@@ -7 +7,90 @@\n+diff\n\\ No newline at end of file\n"),
        (struct md_str){0});
    md_want_true(md_check_diff_has(diff, md_str("x"), 3));
    md_want_true(!md_check_diff_has(diff, md_str("x"), 7));
    md_want_true(!md_check_diff_has(diff, md_str("evil"), 0));
    md_want_int("files", md_check_diff_count(diff), 1);
}

static void names_may_be_quoted_or_have_blanks(void **state)
{
    struct md_check_diff *diff = md_check_diff_parse(
        *state,
        md_str("--- \"a/\\303\\244 \\\"\\t\\\\.cnf\"\n+++ \"b/\\303\\244 \\\"\\t\\\\.cnf\"\n@@ -1 +1 @@\n-a\n+b\n"
               "diff --git a/a b b/a b\n--- a/a b\t\n+++ b/a b\t\n@@ -1 +5 @@\n-a\n+b\n"),
        (struct md_str){0});
    md_want_true(md_check_diff_has(diff, md_str("\xC3\xA4 \"\t\\.cnf"), 1));
    md_want_true(md_check_diff_has(diff, md_str("a b"), 5));
}

static void names_are_those_below_a_folder(void **state)
{
    struct md_check_diff *diff = md_check_diff_parse(
        *state,
        md_str("diff --git a/etc/x b/etc/x\n--- a/etc/x\n+++ b/etc/x\n@@ -1 +1 @@\n-a\n+b\n"
               "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -2 +2 @@\n-a\n+b\n"
               "diff --git a/old/y b/etc/y\nsimilarity index 100%\nrename from old/y\nrename to etc/y\n"
               "diff --git a/old/z b/etc/z\nrename from old/z\nrename to etc/z\n--- a/old/z\n+++ b/etc/z\n@@ -4 +4 "
               "@@\n-a\n+b\n"),
        MD_LIT("etc/"));
    md_want_true(md_check_diff_has(diff, md_str("x"), 1));
    md_want_true(!md_check_diff_has(diff, md_str("x"), 2));
    md_want_true(!md_check_diff_has(diff, md_str("y"), 0));
    md_want_true(md_check_diff_has(diff, md_str("z"), 4));
    md_want_true(!md_check_diff_has(diff, md_str("z"), 5));
    md_want_int("files", md_check_diff_count(diff), 2);
}

static void what_is_broken_is_passed_over(void **state)
{
    static const char *const texts[] = {
        "",
        "@@ -1 +1 @@\n+x\n",
        "+++ b/x\n@@ -1 +99999999999999999999 @@\n+x\n",
        "+++ b/x\n@@ -1 +4294967295,4294967295 @@\n+x\n",
        "+++ b/x\n@@ -1 + @@\n+x\n",
        "+++ b/x\n@@ -1,, +1 @@\n+x\n",
        "+++ \"b/\\30",
        "+++ \"",
        "+++ b/",
        "+++ ",
        "fatal: not a git repository\n",
    };
    for (size_t i = 0; i < MD_ROWS(texts); i++) {
        struct md_check_diff *diff = md_check_diff_parse(*state, md_str(texts[i]), (struct md_str){0});
        md_test_case(i, texts[i]);
        md_want_true(!md_check_diff_has(diff, md_str("x"), 1));
    }
}

static void a_file_that_git_does_not_know_counts_whole(void **state)
{
    struct md_check_diff *diff = md_check_diff_parse(*state, md_str(""), (struct md_str){0});
    md_check_diff_add_whole(diff, md_str("new"));
    md_want_true(md_check_diff_has(diff, md_str("new"), 12345));
    md_want_true(!md_check_diff_has(diff, md_str("old"), 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(lines_of_hunks_count),
        MD_TEST(lines_that_look_like_a_diff_are_no_diff),
        MD_TEST(names_may_be_quoted_or_have_blanks),
        MD_TEST(names_are_those_below_a_folder),
        MD_TEST(what_is_broken_is_passed_over),
        MD_TEST(a_file_that_git_does_not_know_counts_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
