#include "engine/choice.h"
#include "engine/base/time.h"
#include "tests/unit/md_test.h"

/* clang-format off */
static const char catalogue_text[] =
    "scopes:\n  house: {}\n"
    "facts:\n"
    "- { name: house.cats, type: count, means: \"cats\", probe: eye, ask: { question: q, outcomes: { none: \"0\", few: \"1..9\", many: \"10..\" } } }\n"
    "- { name: house.share, type: number, unit: share, means: \"share\", probe: eye, ask: { question: q, outcomes: { no: \"0..0.5\", yes: \"0.51..1\" } } }\n"
    "- { name: house.lit, type: bool, means: \"lit\", probe: eye, ask: { question: q, outcomes: { yes: \"true\", no: \"false\" }, says: { yes: \"it shines\" } } }\n"
    "- { name: house.colour, type: text, means: \"colour\", probe: eye, ask: { question: q, outcomes: { red-ish: red, another: \"*\" } } }\n"
    "- { name: house.guests, type: counts, means: \"guests\", probe: eye,\n"
    "    ask: { question: q, outcomes: { nobody: \"\", aunts: \"aunt=5,uncle=2\", strangers: \"other=3\" } } }\n"
    "- { name: house.painted, type: time, means: \"painted\", probe: eye, ask: { question: q, outcomes: { lately: \"0..100\", long-ago: \"101..\" } } }\n"
    "- { name: house.gap, type: count, means: \"gap\", probe: eye, ask: { question: q, outcomes: { few: \"0..2\", many: \"5..\" } } }\n"
    "- { name: house.odd, type: count, means: \"odd\", probe: eye, ask: { question: q, outcomes: { few: \"two\", many: \"5..\" } } }\n"
    "- { name: house.unasked, type: count, means: \"unasked\", probe: eye }\n";
/* clang-format on */

#define NOW (1000 * MD_SECOND)

struct fixture {
    struct md_arena *arena;
    const struct md_catalogue *catalogue;
};

static struct fixture open_catalogue(void)
{
    struct fixture f = {.arena = md_arena_new()};

    assert_int_equal(
        md_catalogue_read(f.arena, "facts.yaml", md_str(catalogue_text), md_diags_new(f.arena), &f.catalogue), MD_OK);
    return f;
}

static const struct md_fact_def *fact(const struct fixture *f, const char *name)
{
    return md_catalogue_fact(f->catalogue, md_str(name));
}

/* Every outcome has a value, which falls into that outcome. */
static void test_values_fall_into_their_outcomes(void **state)
{
    struct fixture f = open_catalogue();
    static const char *const names[] = {"house.cats",   "house.share",  "house.lit",
                                        "house.colour", "house.guests", "house.painted"};

    (void)state;
    for (size_t i = 0; i < MD_ROWS(names); i++)
        for (size_t k = 0; k < md_choice_count(fact(&f, names[i])); k++) {
            struct md_value value;

            assert_true(md_choice_value(f.arena, fact(&f, names[i]), k, NOW, &value));
            if (strcmp(names[i], "house.guests") != 0 || k < 2)
                assert_int_equal(md_choice_of(fact(&f, names[i]), &value, NOW), k);
        }
    md_arena_free(&f.arena);
}

static void test_numbers_fall_where_they_belong(void **state)
{
    struct fixture f = open_catalogue();
    static const struct {
        uint64_t cats;
        size_t outcome;
    } rows[] = {{0, 0}, {1, 1}, {9, 1}, {10, 2}, {1000000, 2}};
    struct md_value gap = {.type = MD_TYPE_COUNT, .u.count = 3}, old = {.type = MD_TYPE_TIME, .u.time = 0};

    (void)state;
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_value value = {.type = MD_TYPE_COUNT, .u.count = rows[i].cats};

        assert_int_equal(md_choice_of(fact(&f, "house.cats"), &value, NOW), rows[i].outcome);
    }
    assert_true(md_choice_of(fact(&f, "house.gap"), &gap, NOW) == SIZE_MAX);
    assert_int_equal(md_choice_of(fact(&f, "house.painted"), &old, NOW), 1); /* 1000 seconds ago */
    md_arena_free(&f.arena);
}

static void test_other_is_what_no_outcome_names(void **state)
{
    struct fixture f = open_catalogue();
    const struct md_count_item uncle = {.name = {"uncle", 5}, .count = 9},
                               plumber = {.name = {"plumber", 7}, .count = 9};
    struct md_value value = {.type = MD_TYPE_COUNTS, .u.counts = {.items = &uncle, .n = 1, .total = 9}};
    struct md_value green = {.type = MD_TYPE_TEXT, .u.text = {"green", 5}};

    (void)state;
    assert_int_equal(md_choice_of(fact(&f, "house.guests"), &value, NOW), 1);
    value.u.counts.items = &plumber;
    assert_int_equal(md_choice_of(fact(&f, "house.guests"), &value, NOW), 2);
    assert_int_equal(md_choice_of(fact(&f, "house.colour"), &green, NOW), 1);
    md_arena_free(&f.arena);
}

static void test_words_are_those_of_says_or_the_name(void **state)
{
    struct fixture f = open_catalogue();

    (void)state;
    assert_string_equal(md_choice_says(f.arena, fact(&f, "house.lit"), 0), "it shines");
    assert_string_equal(md_choice_says(f.arena, fact(&f, "house.colour"), 0), "red ish");
    assert_int_equal(md_choice_count(fact(&f, "house.unasked")), 0);
    md_arena_free(&f.arena);
}

static void test_gaps_are_told(void **state)
{
    struct fixture f = open_catalogue();

    (void)state;
    assert_null(md_choice_gap(f.arena, fact(&f, "house.cats")));
    assert_null(md_choice_gap(f.arena, fact(&f, "house.share")));
    assert_null(md_choice_gap(f.arena, fact(&f, "house.painted")));
    assert_string_equal(md_choice_gap(f.arena, fact(&f, "house.gap")), "nothing is said of values over 2");
    assert_string_equal(md_choice_gap(f.arena, fact(&f, "house.odd")), "few is no number and no range");
    md_arena_free(&f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_fall_into_their_outcomes),
        cmocka_unit_test(test_numbers_fall_where_they_belong),
        cmocka_unit_test(test_other_is_what_no_outcome_names),
        cmocka_unit_test(test_words_are_those_of_says_or_the_name),
        cmocka_unit_test(test_gaps_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
