#include "tests/unit/md_test.h"

#include "engine/base/num.h"

static void reads_unsigned(void **state)
{
    static const struct {
        const char *says, *in;
        uint64_t max;
        enum md_status want_st;
        uint64_t want;
        const char *want_rest;
    } cases[] = {
        {"digits up to another character", "12ab", 99, MD_OK, 12, "ab"},
        {"zeros in front", "007", 7, MD_OK, 7, ""},
        {"the maximum itself", "99", 99, MD_OK, 99, ""},
        {"one more than the maximum", "100", 99, MD_LIMIT, 0, "100"},
        {"the largest of all", "18446744073709551615", UINT64_MAX, MD_OK, UINT64_MAX, ""},
        {"one more than the largest", "18446744073709551616", UINT64_MAX, MD_LIMIT, 0, "18446744073709551616"},
        {"no sign", "+1", 9, MD_BAD_INPUT, 0, "+1"},
        {"no blank", " 1", 9, MD_BAD_INPUT, 0, " 1"},
        {"nothing", "", 9, MD_BAD_INPUT, 0, ""},
        {"a maximum of zero", "0", 0, MD_OK, 0, ""},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str rest = md_str(cases[i].in);
        uint64_t got = 0;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_num_u64(&rest, cases[i].max, &got), cases[i].want_st);
        md_want_true(got == cases[i].want);
        md_want_str("rest", rest, cases[i].want_rest);
    }
}

static void reads_signed(void **state)
{
    static const struct {
        const char *says, *in;
        int64_t min, max;
        enum md_status want_st;
        int64_t want;
    } cases[] = {
        {"a minus", "-12", -50, 50, MD_OK, -12},
        {"a plus", "+12", -50, 50, MD_OK, 12},
        {"below the minimum", "-51", -50, 50, MD_LIMIT, 0},
        {"above the maximum", "51", -50, 50, MD_LIMIT, 0},
        {"the least of all", "-9223372036854775808", INT64_MIN, INT64_MAX, MD_OK, INT64_MIN},
        {"less than the least", "-9223372036854775809", INT64_MIN, INT64_MAX, MD_LIMIT, 0},
        {"more than the largest", "9223372036854775808", INT64_MIN, INT64_MAX, MD_LIMIT, 0},
        {"minus zero", "-0", -1, 1, MD_OK, 0},
        {"only a sign", "-", -1, 1, MD_BAD_INPUT, 0},
        {"something behind", "1x", -1, 1, MD_BAD_INPUT, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        int64_t got = 0;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_num_all_i64(md_str(cases[i].in), cases[i].min, cases[i].max, &got), cases[i].want_st);
        md_want_int("value", got, cases[i].want);
    }
}

static void reads_hex(void **state)
{
    struct md_str rest = MD_LIT("fFg");
    uint64_t got = 0;

    (void)state;
    md_test_case(0, "letters of both cases");
    md_want_int("status", md_num_hex(&rest, 255, &got), MD_OK);
    md_want_int("value", got, 255);
    md_want_str("rest", rest, "g");
    rest = MD_LIT("100");
    md_want_int("status", md_num_hex(&rest, 255, &got), MD_LIMIT);
    md_want_int("status", md_num_hex(&(struct md_str){"x", 1}, 255, &got), MD_BAD_INPUT);
    rest = MD_LIT("ffffffffffffffff");
    md_want_int("status", md_num_hex(&rest, UINT64_MAX, &got), MD_OK);
    md_want_true(got == UINT64_MAX);
    rest = MD_LIT("10000000000000000");
    md_want_int("status", md_num_hex(&rest, UINT64_MAX, &got), MD_LIMIT);
}

static void reads_fractions(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_status want_st;
        double want;
        const char *want_rest;
    } cases[] = {
        {"a fraction", "0.25", MD_OK, 0.25, ""},
        {"a sign", "-1.5", MD_OK, -1.5, ""},
        {"an exponent", "1e3x", MD_OK, 1000, "x"},
        {"an e that is no exponent", "12em", MD_OK, 12, "em"},
        {"a full stop is no fraction", "12.", MD_OK, 12, "."},
        {"a dot in front", ".5", MD_OK, 0.5, ""},
        {"a comma is no dot", "1,5", MD_OK, 1, ",5"},
        {"no number", "x", MD_BAD_INPUT, 0, "x"},
        {"only a dot", ".", MD_BAD_INPUT, 0, "."},
        {"no infinity", "inf", MD_BAD_INPUT, 0, "inf"},
        {"no hexadecimal", "0x10", MD_OK, 0, "x10"},
        {"too large", "1e999", MD_LIMIT, 0, "1e999"},
        {"rounded correctly", "0.1", MD_OK, 0.1, ""},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str rest = md_str(cases[i].in);
        double got = 0;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_num_double(&rest, &got), cases[i].want_st);
        md_want_double("value", got, cases[i].want, 0);
        md_want_str("rest", rest, cases[i].want_rest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(reads_unsigned),
        MD_TEST(reads_signed),
        MD_TEST(reads_hex),
        MD_TEST(reads_fractions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
