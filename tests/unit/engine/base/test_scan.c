/* Finding a byte: every length and place against a loop, in memory that ends where the word does. */
#include "engine/base/scan.h"

#include <stdlib.h>

#include "tests/unit/md_test.h"

#define LONGEST 70

static size_t first_of(const char *p, size_t n, char c)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] == c)
            return i;
    return n;
}

static size_t last_of(const char *p, size_t n, char c)
{
    for (size_t i = n; i > 0; i--)
        if (p[i - 1] == c)
            return i - 1;
    return n;
}

/* Fillers are neighbours of c by value, with and without the high bit, as tricks with whole words mistake them. */
static void check(char c, char filler)
{
    for (size_t n = 0; n <= LONGEST; n++) {
        char *word = malloc(n > 0 ? n : 1);

        assert_non_null(word);
        memset(word, filler, n);
        assert_int_equal(md_scan_char(word, n, c), n);
        assert_int_equal(md_scan_last_char(word, n, c), n);
        for (size_t a = 0; a < n; a++)
            for (size_t b = a; b < n; b++) {
                word[a] = word[b] = c;
                if (md_scan_char(word, n, c) != first_of(word, n, c) ||
                    md_scan_last_char(word, n, c) != last_of(word, n, c))
                    fail_msg("%zu bytes with %d at %zu and %zu", n, c, a, b);
                word[a] = word[b] = filler;
            }
        free(word);
    }
}

static void finds_wherever_it_stands(void **state)
{
    (void)state;
    check(' ', 'x');
    check('@', 'A');
    check('@', '?');
    check('@', (char)('@' | 0x80));
    check('\0', '\1');
    check('\377', '\376');
    check('\200', '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_wherever_it_stands)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
