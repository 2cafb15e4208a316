#include "tests/unit/md_test.h"

#include "engine/base/pool.h"

#define PIECES 400

/* Every piece is filled with a byte of its own, so one that overlaps another is seen. */
static void pieces_do_not_overlap(void **state)
{
    static const size_t sizes[] = {1, 15, 16, 17, 511, 512, 513, 1024, 1025, 5000, 65536, 65537, 300000};
    struct md_pool *pool = md_pool_new();
    unsigned char *pieces[PIECES] = {0};
    size_t size[PIECES] = {0}, round, j;
    uint64_t random = 42;

    (void)state;
    md_test_case(0, "random sizes");
    for (round = 0; round < 20000; round++) {
        size_t i = (size_t)(md_test_random(&random) % PIECES);
        size_t wanted = sizes[md_test_random(&random) % (round % 50 == 0 ? MD_ROWS(sizes) : 10)];

        for (j = 0; j < size[i]; j += 97)
            md_want_int("a byte of its own", pieces[i][j], i & 255);
        if (md_test_random(&random) % 3 == 0) {
            md_pool_release(pool, pieces[i], size[i]);
            pieces[i] = NULL;
            size[i] = 0;
            continue;
        }
        pieces[i] = md_pool_resize(pool, pieces[i], size[i], wanted);
        md_want_int("alignment", (uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)(i & 255), wanted);
        size[i] = wanted;
    }
    md_pool_free(&pool);
    md_want_true(pool == NULL);
}

static void freed_pieces_are_used_again(void **state)
{
    struct md_pool *pool = md_pool_new();
    void *first = md_pool_alloc(pool, 40);

    (void)state;
    md_test_case(0, "same class");
    md_pool_release(pool, first, 40);
    md_want_true(md_pool_alloc(pool, 48) == first);
    md_want_true(md_pool_resize(pool, first, 48, 33) == first);
    md_pool_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(pieces_do_not_overlap), MD_TEST(freed_pieces_are_used_again)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
