#include "tests/unit/md_test.h"

#include "engine/base/diag.h"

static void counts_equal_ones(void **state)
{
    struct md_diags *diags = md_diags_new(*state);

    md_test_case(0, "the first place of each file and text is kept");
    for (uint32_t line = 1; line <= 1000; line++)
        md_diags_add(diags, MD_WARNING, (struct md_loc){"a", line, 1}, "the line is too long");
    md_diags_add(diags, MD_WARNING, (struct md_loc){"b", 7, 1}, "the line is too long");
    md_diags_add(diags, MD_NOTE, (struct md_loc){NULL, 0, 0}, "the line is too long");
    md_diags_add(diags, MD_ERROR, (struct md_loc){"a", 2000, 1}, "the line is too %s", "long");
    md_want_int("count", md_diags_count(diags), 3);
    md_want_int("of the first", md_diags_at(diags, 0)->count, 1001);
    md_want_int("line", md_diags_at(diags, 0)->loc.line, 1);
    md_want_int("the worst severity stays", md_diags_at(diags, 0)->severity, MD_ERROR);
    md_want_cstr("file", md_diags_at(diags, 1)->loc.file, "b");
    md_want_int("errors", md_diags_count_at_least(diags, MD_ERROR), 1);
    md_want_int("warnings", md_diags_count_at_least(diags, MD_WARNING), 2);
}

static void lists_are_joined(void **state)
{
    struct md_diags *from = md_diags_new(*state), *diags = md_diags_new(*state);

    md_diags_add(diags, MD_NOTE, (struct md_loc){"top/a", 9, 1}, "the line is too long");
    for (uint32_t line = 3; line <= 7; line++)
        md_diags_add(from, MD_WARNING, (struct md_loc){"a", line, 1}, "the line is too long");
    md_diags_add(from, MD_NOTE, (struct md_loc){"b", 2, 4}, "an \x1b");
    md_diags_take(diags, md_diags_at(from, 0), "top/a");
    md_diags_take(diags, md_diags_at(from, 1), "top/b");
    md_want_int("count", md_diags_count(diags), 2);
    md_want_int("of the first", md_diags_at(diags, 0)->count, 6);
    md_want_int("the worst severity stays", md_diags_at(diags, 0)->severity, MD_WARNING);
    md_want_cstr("file", md_diags_at(diags, 1)->loc.file, "top/b");
    md_want_int("line", md_diags_at(diags, 1)->loc.line, 2);
    md_want_int("of the second", md_diags_at(diags, 1)->count, 1);
    md_want_cstr("text", md_diags_at(diags, 1)->what, "an \\x1B");
}

static void is_bounded(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    size_t used;

    md_test_case(0, "more kinds than there is room for");
    for (int i = 0; i < MD_DIAGS_MAX; i++)
        md_diags_add(diags, MD_NOTE, (struct md_loc){"a", 1, 1}, "kind %d", i);
    used = md_arena_used(arena);
    for (int i = 0; i < 3 * MD_DIAGS_MAX; i++)
        md_diags_add(diags, MD_NOTE, (struct md_loc){"a", 1, 1}, "kind %d", i);
    md_want_int("count", md_diags_count(diags), MD_DIAGS_MAX);
    md_want_int("dropped", md_diags_dropped(diags), 2 * MD_DIAGS_MAX);
    md_want_int("repeated", md_diags_at(diags, 17)->count, 2);
    md_want_cstr("order", md_diags_at(diags, 499)->what, "kind 499");
    md_want_int("memory", md_arena_used(arena), used);
}

static void makes_texts_displayable(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    char longest[5000];

    md_test_case(0, "bytes of the input in a text");
    memset(longest, 'x', sizeof longest);
    md_diags_add(diags, MD_NOTE, (struct md_loc){"a", 1, 1}, "unknown word \"%s\"", "a\x1b[2J");
    md_diags_add(diags, MD_NOTE, (struct md_loc){"a", 1, 1}, "%.*s", (int)sizeof longest, longest);
    md_want_cstr("text", md_diags_at(diags, 0)->what, "unknown word \"a\\x1B[2J\"");
    md_want_int("length", strlen(md_diags_at(diags, 1)->what), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(counts_equal_ones), MD_TEST(lists_are_joined), MD_TEST(is_bounded),
                                       MD_TEST(makes_texts_displayable)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
