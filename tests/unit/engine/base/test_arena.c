#include "tests/unit/md_test.h"

static void gives_zeroed_aligned_memory(void **state)
{
    struct md_arena *arena = *state;
    static const size_t sizes[] = {0, 1, 7, 8, 100, 5000, 16 * 1024, 300 * 1024, 3 * 1024 * 1024, 3};

    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < MD_ROWS(sizes); i++) {
            unsigned char *p = md_arena_alloc(arena, sizes[i]);

            md_test_case(i, "memory of some size");
            md_want_int("misalignment", (uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t k = 0; k < sizes[i]; k++)
                if (p[k] != 0)
                    md_want_int("byte", p[k], 0);
            if (sizes[i] > 0)
                memset(p, 0xa5, sizes[i]);
        }
        md_want_true(md_arena_used(arena) > 3 * 1024 * 1024);
        md_arena_clear(arena);
        md_want_int("used after clear", md_arena_used(arena), 0);
    }
}

static void pieces_do_not_overlap(void **state)
{
    struct md_arena *arena = *state;
    unsigned char *p[2000];

    md_test_case(0, "every piece keeps what was written into it");
    for (size_t i = 0; i < MD_ROWS(p); i++) {
        p[i] = md_arena_alloc(arena, 1 + i % 97);
        memset(p[i], (int)(i % 251), 1 + i % 97);
    }
    for (size_t i = 0; i < MD_ROWS(p); i++)
        for (size_t k = 0; k < 1 + i % 97; k++)
            md_want_int("byte", p[i][k], i % 251);
}

static void copies_and_prints(void **state)
{
    struct md_arena *arena = *state;
    struct md_str copy = md_arena_str(arena, md_str_n("a\0b", 3));

    md_test_case(0, "a copy keeps NULs and gets one more");
    md_want_int("length", copy.n, 3);
    md_want_int("end", copy.p[3], 0);
    md_want_true(memcmp(copy.p, "a\0b", 4) == 0);
    md_want_cstr("printf", md_arena_printf(arena, "%d-%s", 7, "x"), "7-x");
    md_want_cstr("nothing", md_arena_cstr(arena, md_str(NULL)), "");
}

static void pushes(void **state)
{
    struct md_arena *arena = *state;
    struct pair {
        int a, b;
    } *list = NULL, *e;
    size_t n = 0, cap = 0;

    md_test_case(0, "a list grows and keeps its elements");
    for (int i = 0; i < 1000; i++) {
        e = md_arena_push(arena, &list, &n, &cap, sizeof *e);
        md_want_int("zeroed", e->a + e->b, 0);
        e->a = i;
        e->b = -i - 1;
    }
    md_want_int("count", n, 1000);
    for (int i = 0; i < 1000; i++)
        md_want_int("element", list[i].a + list[i].b, -1);
    n--;
    e = md_arena_push(arena, &list, &n, &cap, sizeof *e);
    md_want_int("zeroed again", e->b, 0);
}

static void frees_nothing(void **state)
{
    struct md_arena *none = NULL;

    (void)state;
    md_arena_free(&none);
    md_want_true(none == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(gives_zeroed_aligned_memory),
        MD_TEST(pieces_do_not_overlap),
        MD_TEST(copies_and_prints),
        MD_TEST(pushes),
        MD_TEST(frees_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
