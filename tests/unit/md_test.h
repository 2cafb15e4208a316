/*
 * tests/unit/md_test: what every unit test includes first.
 *
 * The headers that cmocka wants, in its order; an arena that each test gets and loses (asserts leave by longjmp, so
 * what a test allocates must live there); and checks that name the row of a table.
 *
 *   static void parses_numbers(void **state)
 *   {
 *       struct md_arena *arena = *state;
 *       for (size_t i = 0; i < MD_ROWS(cases); i++) {
 *           md_test_case(i, cases[i].says);
 *           md_want_int("status", md_num_all_u64(md_str(cases[i].in), 99, &got), cases[i].want);
 *       }
 *   }
 *   int main(void)
 *   {
 *       const struct CMUnitTest tests[] = {MD_TEST(parses_numbers)};
 *       return cmocka_run_group_tests(tests, NULL, NULL);
 *   }
 */
#ifndef TESTS_UNIT_MD_TEST_H
#define TESTS_UNIT_MD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_ROWS(table) (sizeof(table) / sizeof *(table))
#define MD_TEST(function) cmocka_unit_test_setup_teardown(function, md_test_setup, md_test_teardown)

static inline int md_test_setup(void **state)
{
    *state = md_arena_new();
    return 0;
}

static inline int md_test_teardown(void **state)
{
    struct md_arena *arena = *state;

    md_arena_free(&arena);
    return 0;
}

/* The row that the following checks belong to; one test program is one thread. */
struct md_test_row {
    size_t number;
    const char *says;
};

static inline struct md_test_row *md_test_row(void)
{
    static struct md_test_row row;

    return &row;
}

static inline void md_test_case(size_t number, const char *says)
{
    md_test_row()->number = number;
    md_test_row()->says = says;
}

#define MD_TEST_FAIL_AT(file, line, ...)                                                                               \
    do {                                                                                                               \
        if (md_test_row()->says != NULL)                                                                               \
            print_error("row %zu, %s: ", md_test_row()->number, md_test_row()->says);                                  \
        print_error(__VA_ARGS__);                                                                                      \
        print_error("\n");                                                                                             \
        _fail((file), (line));                                                                                         \
    } while (0)

static inline void md_test_int_at(const char *file, int line, const char *what, long long got, long long want)
{
    if (got != want)
        MD_TEST_FAIL_AT(file, line, "%s: got %lld, want %lld", what, got, want);
}

static inline void md_test_double_at(const char *file, int line, const char *what, double got, double want,
                                     double within)
{
    if (!(got >= want - within && got <= want + within))
        MD_TEST_FAIL_AT(file, line, "%s: got %.17g, want %.17g", what, got, want);
}

static inline void md_test_str_at(const char *file, int line, const char *what, struct md_str got, struct md_str want)
{
    if (!md_str_eq(got, want))
        MD_TEST_FAIL_AT(file, line, "%s: got \"%.*s\", want \"%.*s\"", what, MD_STR_ARG(got), MD_STR_ARG(want));
}

static inline void md_test_true_at(const char *file, int line, const char *what, bool is_true)
{
    if (!is_true) {
        MD_TEST_FAIL_AT(file, line, "not so: %s", what);
        abort(); /* it has left by longjmp, which an analyzer does not know */
    }
}

/* Each fails the test with row, sentence, got and want. */
#define md_want_int(what, got, want) md_test_int_at(__FILE__, __LINE__, (what), (long long)(got), (long long)(want))
#define md_want_double(what, got, want, within) md_test_double_at(__FILE__, __LINE__, (what), (got), (want), (within))
#define md_want_str(what, got, want) md_test_str_at(__FILE__, __LINE__, (what), (got), md_str(want))
#define md_want_str_n(what, got, want) md_test_str_at(__FILE__, __LINE__, (what), (got), (want))
#define md_want_cstr(what, got, want) md_test_str_at(__FILE__, __LINE__, (what), md_str(got), md_str(want))
#define md_want_true(condition) md_test_true_at(__FILE__, __LINE__, #condition, (condition))

/* A stream of numbers that is the same on every machine (xorshift): for random but repeatable inputs. */
static inline uint64_t md_test_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#endif
