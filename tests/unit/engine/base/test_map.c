#include "tests/unit/md_test.h"

#include "engine/base/map.h"

static void keeps_what_was_set(void **state)
{
    struct md_arena *arena = *state;
    struct md_map *map = md_map_new(arena);
    static int values[5000];
    size_t i;

    md_test_case(0, "many names of two kinds");
    for (i = 0; i < MD_ROWS(values); i++)
        md_map_set(map, i % 2, md_str(md_arena_printf(arena, "thing %zu", i / 2)), &values[i]);
    md_want_int("count", md_map_count(map), MD_ROWS(values));
    for (i = 0; i < MD_ROWS(values); i++)
        md_want_true(md_map_find(map, i % 2, md_str(md_arena_printf(arena, "thing %zu", i / 2))) == &values[i]);
    md_want_true(md_map_find(map, 2, MD_LIT("thing 1")) == NULL);
    md_want_true(md_map_find(map, 0, MD_LIT("")) == NULL);
    md_map_set(map, 1, MD_LIT("thing 7"), &values[0]);
    md_want_true(md_map_find(map, 1, MD_LIT("thing 7")) == &values[0]);
    md_want_true(md_map_find(map, 0, MD_LIT("thing 7")) == &values[14]);
    md_want_int("count after replacing", md_map_count(map), MD_ROWS(values));
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(keeps_what_was_set)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
