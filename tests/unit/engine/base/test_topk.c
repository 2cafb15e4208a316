#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "engine/base/topk.h"

#define NAMES 3000

static struct md_str name_of(char *buffer, size_t room, size_t i)
{
    return md_str_n(buffer, (size_t)snprintf(buffer, room, "name-%zu.example", i));
}

/* Some names come often, most seldom: the square of a random number in 0..1 picks one. */
static size_t pick(uint64_t *seed)
{
    double r = (double)(md_test_random(seed) >> 11) / 9007199254740992.0;

    return (size_t)(r * r * r * NAMES);
}

static void counts_exactly_while_small(void **state)
{
    struct md_topk *table = md_topk_new(NAMES);
    uint64_t want[NAMES] = {0}, seed = 7;
    size_t distinct = 0;
    char buffer[64];

    (void)state;
    md_test_case(0, "fewer names than the capacity");
    for (int i = 0; i < 100000; i++) {
        size_t at = pick(&seed);

        distinct += want[at]++ == 0;
        md_topk_add(table, name_of(buffer, sizeof buffer, at), 1, i)->extra[2] += 3;
    }
    md_want_true(md_topk_is_exact(table));
    md_want_int("distinct", md_topk_distinct(table), distinct);
    md_want_int("total", md_topk_total(table), 100000);
    for (size_t i = 0; i < NAMES; i++) {
        const struct md_topk_entry *entry = md_topk_find(table, name_of(buffer, sizeof buffer, i));

        md_want_int("count", entry != NULL ? entry->count : 0, want[i]);
        md_want_int("error", entry != NULL ? entry->error : 0, 0);
        md_want_int("extra", entry != NULL ? entry->extra[2] : 0, 3 * want[i]);
    }
    md_topk_free(&table);
    md_want_true(table == NULL);
}

static void check_bounds(const struct md_topk *table, const uint64_t *want, uint64_t total, size_t capacity)
{
    uint64_t least = UINT64_MAX, counted = 0;
    char buffer[64];

    for (size_t i = 0; i < NAMES; i++) {
        const struct md_topk_entry *entry = md_topk_find(table, name_of(buffer, sizeof buffer, i));

        if (entry == NULL)
            continue;
        md_want_true(entry->count >= want[i]);
        md_want_true(entry->count - entry->error <= want[i]);
        least = entry->count < least ? entry->count : least;
        counted++;
    }
    md_want_int("entries", counted, capacity);
    /* Space-Saving's promise: no error above total / capacity, and no frequent name is missing. */
    md_want_true(least <= total / capacity);
    for (size_t i = 0; i < NAMES; i++)
        if (want[i] > least)
            md_want_true(md_topk_find(table, name_of(buffer, sizeof buffer, i)) != NULL);
}

static void keeps_its_bounds_when_full(void **state)
{
    static const size_t capacities[] = {1, 2, 50, 500};

    (void)state;
    for (size_t c = 0; c < MD_ROWS(capacities); c++) {
        struct md_topk *table = md_topk_new(capacities[c]);
        uint64_t want[NAMES] = {0}, seed = 11, total = 0;
        char buffer[64];

        md_test_case(c, "more names than the capacity");
        for (int i = 0; i < 200000; i++) {
            size_t at = pick(&seed);
            uint64_t by = 1 + md_test_random(&seed) % 3;

            want[at] += by;
            total += by;
            md_topk_add(table, name_of(buffer, sizeof buffer, at), by, MD_TIME_NONE);
        }
        md_want_true(!md_topk_is_exact(table));
        md_want_int("distinct", md_topk_distinct(table), capacities[c]);
        md_want_int("total", md_topk_total(table), total);
        check_bounds(table, want, total, capacities[c]);
        md_topk_free(&table);
    }
}

static void merges_within_the_bounds(void **state)
{
    struct md_topk *parts[4], *all = md_topk_new(200);
    uint64_t want[NAMES] = {0}, seed = 5, total = 0;
    const struct md_topk_entry *list[200];
    char buffer[64];

    (void)state;
    md_test_case(0, "four tables of different size merge into one");
    for (size_t p = 0; p < MD_ROWS(parts); p++) {
        parts[p] = md_topk_new(p == 3 ? NAMES : 200);
        for (int i = 0; i < 50000; i++) {
            size_t at = pick(&seed);

            want[at]++;
            total++;
            md_topk_add(parts[p], name_of(buffer, sizeof buffer, (at + p) % NAMES), 1, MD_TIME_NONE);
            want[at]--;
            want[(at + p) % NAMES]++;
        }
    }
    for (size_t p = 0; p < MD_ROWS(parts); p++) {
        md_topk_merge(all, parts[p]);
        md_topk_free(&parts[p]);
    }
    md_want_int("total", md_topk_total(all), total);
    check_bounds(all, want, 4 * total, 200);
    /* The merged table goes on counting. */
    for (int i = 0; i < 50000; i++) {
        size_t at = pick(&seed);

        want[at]++;
        total++;
        md_topk_add(all, name_of(buffer, sizeof buffer, at), 1, MD_TIME_NONE);
    }
    check_bounds(all, want, 4 * total, 200);
    md_want_int("listed", md_topk_list(all, list, 200), 200);
    for (size_t i = 1; i < 200; i++)
        md_want_true(list[i - 1]->count > list[i]->count ||
                     (list[i - 1]->count == list[i]->count && list[i - 1]->rank < list[i]->rank));
    md_topk_free(&all);
}

static void merges_exact_tables_exactly(void **state)
{
    struct md_topk *a = md_topk_new(10), *b = md_topk_new(10);
    const struct md_topk_entry *list[10], *entry;

    (void)state;
    md_test_case(0, "small tables lose nothing");
    md_topk_add(a, MD_LIT("x"), 5, 100)->extra[0] = 1;
    md_topk_add(a, MD_LIT("y"), 2, 110);
    md_topk_add(b, MD_LIT("z"), 5, 50);
    md_topk_add(b, MD_LIT("x"), 1, 90)->extra[0] = 2;
    md_topk_add(b, MD_LIT("x"), 0, MD_TIME_NONE);
    md_topk_merge(a, b);
    md_want_true(md_topk_is_exact(a));
    md_want_int("listed", md_topk_list(a, list, 10), 3);
    md_want_str("first", list[0]->name, "x");
    md_want_str("second", list[1]->name, "z");
    md_want_str("third", list[2]->name, "y");
    entry = md_topk_find(a, MD_LIT("x"));
    md_want_int("count", entry->count, 6);
    md_want_int("error", entry->error, 0);
    md_want_int("extra", entry->extra[0], 3);
    md_want_int("first seen", entry->first, 90);
    md_want_int("last seen", entry->last, 100);
    md_want_int("listed at most", md_topk_list(a, list, 1), 1);
    md_topk_free(&a);
    md_topk_free(&b);
}

static void orders_by_first_appearance(void **state)
{
    struct md_topk *table = md_topk_new(3);
    const struct md_topk_entry *list[3];

    (void)state;
    md_test_case(0, "equal counts, in the order they came, never by name");
    md_topk_add(table, MD_LIT("z"), 1, 0);
    md_topk_add(table, MD_LIT("a"), 1, 0);
    md_topk_add(table, MD_LIT("m"), 1, 0);
    md_topk_list(table, list, 3);
    md_want_str("first", list[0]->name, "z");
    md_want_str("second", list[1]->name, "a");
    md_test_case(1, "of the least, the oldest makes room");
    md_topk_add(table, MD_LIT("new"), 1, 0);
    md_want_true(md_topk_find(table, MD_LIT("z")) == NULL);
    md_want_int("count", md_topk_find(table, MD_LIT("new"))->count, 2);
    md_want_int("error", md_topk_find(table, MD_LIT("new"))->error, 1);
    md_topk_free(&table);
}

static void bears_odd_names(void **state)
{
    struct md_topk *table = md_topk_new(4);
    char longest[600];

    (void)state;
    md_test_case(0, "empty, with a NUL, too long");
    memset(longest, 'x', sizeof longest);
    md_topk_add(table, md_str(NULL), 1, MD_TIME_NONE);
    md_topk_add(table, md_str_n("a\0b", 3), 1, MD_TIME_NONE);
    md_topk_add(table, md_str_n("a\0c", 3), 1, MD_TIME_NONE);
    md_topk_add(table, md_str_n(longest, 600), 1, MD_TIME_NONE);
    md_topk_add(table, md_str_n(longest, 513), 1, MD_TIME_NONE);
    md_want_int("distinct", md_topk_distinct(table), 4);
    md_want_int("cut", md_topk_find(table, md_str_n(longest, 512))->count, 2);
    md_want_int("empty", md_topk_find(table, MD_LIT(""))->count, 1);
    md_topk_add(table, MD_LIT(""), UINT64_MAX, MD_TIME_NONE);
    md_want_true(md_topk_find(table, MD_LIT(""))->count == UINT64_MAX);
    md_topk_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(counts_exactly_while_small),  MD_TEST(keeps_its_bounds_when_full), MD_TEST(merges_within_the_bounds),
        MD_TEST(merges_exact_tables_exactly), MD_TEST(orders_by_first_appearance), MD_TEST(bears_odd_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
