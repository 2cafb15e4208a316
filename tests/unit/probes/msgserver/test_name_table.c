#include "tests/unit/md_test.h"

#include "probes/msgserver/log_line.h"
#include "probes/msgserver/name_table.h"

static uint64_t hash(const char *name)
{
    return md_log_hash(md_str(name));
}

static void hashes_ignore_letter_case(void **state)
{
    static const char *const pairs[][2] = {{"Example.NET", "example.net"},
                                           {"A", "a"},
                                           {"ABCDEFGH", "abcdefgh"},
                                           {"Joe.Bloggs@Example.Com", "joe.bloggs@example.com"}};

    (void)state;
    for (size_t i = 0; i < MD_ROWS(pairs); i++)
        md_want_true(hash(pairs[i][0]) == hash(pairs[i][1]));
    md_want_true(hash("example.net") != hash("example.org"));
    md_want_true(hash("a") != hash("aa"));
    md_want_int("nothing", hash(""), 0);
}

static void names_have_numbers(void **state)
{
    struct md_names *names = md_names_new(3);
    uint32_t a, b, c;

    (void)state;
    a = md_names_id(names, hash("ann"), MD_LIT("ann"));
    b = md_names_id(names, hash("bob"), MD_LIT("bob"));
    c = md_names_id(names, hash("cy"), MD_LIT("cy"));
    md_want_true(a != b && b != c && a > 0);
    md_want_int("again", md_names_id(names, hash("bob"), MD_LIT("bob")), b);
    md_want_str("name", md_names_at(names, b), "bob");
    md_want_str("one more than there is room for", md_names_at(names, md_names_id(names, hash("dan"), MD_LIT("dan"))),
                "(others)");
    md_want_str("no name", md_names_at(names, 0), "");
    md_want_int("find", md_names_find(names, hash("cy")), c);
    md_want_int("find none", md_names_find(names, hash("eve")), 0);
    md_want_true(md_names_is_full(names));
    md_names_free(&names);
    md_want_true(names == NULL);
}

static void counts_are_exact_while_small(void **state)
{
    struct md_tally *tally = md_tally_new(4);

    (void)state;
    for (int i = 0; i < 3; i++)
        md_tally_get(tally, hash("ann"), MD_LIT("ann"))->n[0]++;
    md_tally_get(tally, hash("bob"), MD_LIT("bob"))->n[0]++;
    md_want_int("names", md_tally_count(tally), 2);
    md_want_int("count", md_tally_find(tally, hash("ann"))->n[0], 3);
    md_want_int("error", md_tally_error(tally), 0);
    md_want_str("name", md_tally_name(tally, md_tally_at(tally, 1)), "bob");
    md_tally_free(&tally);
}

static void frequent_names_survive_a_flood_of_rare_ones(void **state)
{
    struct md_tally *tally = md_tally_new(64);
    uint64_t seed = 1;

    for (int i = 0; i < 200000; i++) {
        char name[32];
        int n;

        if (i % 4 == 0)
            n = snprintf(name, sizeof name, "often%d", (int)(md_test_random(&seed) % 8));
        else
            n = snprintf(name, sizeof name, "r%llx", (unsigned long long)md_test_random(&seed));
        md_tally_get(tally, md_log_hash(md_str_n(name, (size_t)n)), md_str_n(name, (size_t)n))->n[0]++;
    }
    for (int i = 0; i < 8; i++) {
        char name[32];
        const struct md_tally_entry *entry;

        snprintf(name, sizeof name, "often%d", i);
        entry = md_tally_find(tally, hash(name));
        md_want_true(entry != NULL && entry->n[0] <= 7000 && entry->n[0] + md_tally_error(tally) >= 5500);
    }
    md_want_true(md_tally_count(tally) <= 64);
    md_tally_free(&tally);
    (void)state;
}

static void tallies_merge(void **state)
{
    struct md_tally *a = md_tally_new(8), *b = md_tally_new(8);

    (void)state;
    md_tally_get(a, hash("ann"), MD_LIT("ann"))->n[0] = 2;
    md_tally_get(b, hash("ann"), MD_LIT("ann"))->n[0] = 3;
    md_tally_get(b, hash("bob"), MD_LIT("bob"))->n[1] = 1;
    md_tally_merge(a, b);
    md_want_int("both", md_tally_find(a, hash("ann"))->n[0], 5);
    md_want_int("one", md_tally_find(a, hash("bob"))->n[1], 1);
    md_tally_free(&a);
    md_tally_free(&b);
}

static void distinct_things_are_estimated(void **state)
{
    static const int sizes[] = {0, 1, 10, 100, 400};

    (void)state;
    for (size_t i = 0; i < MD_ROWS(sizes); i++) {
        struct md_tally_entry entry = {0};

        for (int k = 0; k < sizes[i]; k++) {
            char name[32];
            int n = snprintf(name, sizeof name, "d%d.example", k);

            md_tally_see(&entry, md_log_hash(md_str_n(name, (size_t)n)));
            md_tally_see(&entry, md_log_hash(md_str_n(name, (size_t)n)));
        }
        md_want_double("estimate", (double)md_tally_seen(&entry), sizes[i], 1 + sizes[i] * 0.25);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(hashes_ignore_letter_case),
        MD_TEST(names_have_numbers),
        MD_TEST(counts_are_exact_while_small),
        MD_TEST(frequent_names_survive_a_flood_of_rare_ones),
        MD_TEST(tallies_merge),
        MD_TEST(distinct_things_are_estimated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
