#include "tests/unit/md_test.h"

#include "engine/embedded.h"

static void is_sorted_and_as_in_the_tree(void **state)
{
    struct md_arena *arena = *state;

    md_test_case(0, "there are rules");
    md_want_true(md_embedded_rules_count > 0);
    for (size_t i = 0; i < md_embedded_rules_count; i++) {
        const struct md_embedded_file *file = &md_embedded_rules[i];
        FILE *in = fopen(md_arena_printf(arena, "%s/rules/%s", MD_TEST_ROOT, file->path), "rb");

        md_test_case(i, file->path);
        md_want_true(i == 0 || strcmp(md_embedded_rules[i - 1].path, file->path) < 0);
        md_want_true(in != NULL);
        for (size_t k = 0; k < file->size; k++)
            md_want_int("byte", (unsigned char)file->text[k], getc(in));
        md_want_int("end", getc(in), EOF);
        md_want_int("NUL", file->text[file->size], 0);
        fclose(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(is_sorted_and_as_in_the_tree)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
