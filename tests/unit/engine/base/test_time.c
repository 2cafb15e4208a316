#include "tests/unit/md_test.h"

#include "engine/base/time.h"

static void parses_rfc3339(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_status want_st;
        int64_t want_us;
        int32_t want_offset_s;
    } cases[] = {
        {"the beginning", "1970-01-01T00:00:00Z", MD_OK, 0, 0},
        {"a zone west of Greenwich", "2007-05-03T10:00:00-04:00", MD_OK, 1178200800 * MD_SECOND, -14400},
        {"a zone of half an hour", "2026-11-24T03:12:00+05:30", MD_OK, 1795470120 * MD_SECOND, 19800},
        {"a fraction", "1970-01-01T00:00:01.5Z", MD_OK, 1500000, 0},
        {"more digits than microseconds", "1970-01-01T00:00:00.1234567Z", MD_OK, 123456, 0},
        {"small letters", "1970-01-01t00:00:02z", MD_OK, 2 * MD_SECOND, 0},
        {"a blank between", "1970-01-01 00:00:02Z", MD_OK, 2 * MD_SECOND, 0},
        {"a leap second", "2016-12-31T23:59:60Z", MD_OK, 1483228800 * MD_SECOND, 0},
        {"a leap day", "2024-02-29T00:00:00Z", MD_OK, 1709164800 * MD_SECOND, 0},
        {"no leap day in 2100", "2100-02-29T00:00:00Z", MD_BAD_INPUT, 0, 0},
        {"the end", "9999-12-31T23:59:59Z", MD_OK, INT64_C(253402300799) * MD_SECOND, 0},
        {"before the beginning by its zone", "1970-01-01T00:00:00+01:00", MD_BAD_INPUT, 0, 0},
        {"beyond the end by its zone", "9999-12-31T23:59:59-01:00", MD_BAD_INPUT, 0, 0},
        {"no zone", "2026-11-24T03:12:00", MD_BAD_INPUT, 0, 0},
        {"something behind", "2026-11-24T03:12:00Zx", MD_BAD_INPUT, 0, 0},
        {"an hour too many", "2026-11-24T24:00:00Z", MD_BAD_INPUT, 0, 0},
        {"month zero", "2026-00-24T03:12:00Z", MD_BAD_INPUT, 0, 0},
        {"a dot without digits", "2026-11-24T03:12:00.Z", MD_BAD_INPUT, 0, 0},
        {"nothing", "", MD_BAD_INPUT, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        int64_t got = 0;
        int32_t offset = 0;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_time_parse_rfc3339(md_str(cases[i].in), &got, &offset), cases[i].want_st);
        md_want_int("instant", got, cases[i].want_us);
        md_want_int("offset", offset, cases[i].want_offset_s);
    }
}

static void every_day_goes_there_and_back(void **state)
{
    int64_t at, got;
    struct md_civil civil, before = {.year = 1969, .month = 12, .day = 31};

    (void)state;
    md_test_case(0, "days follow each other without gap");
    for (at = 0; at < INT64_C(253402300800) * MD_SECOND; at += 7 * MD_DAY + 3661 * MD_SECOND + 1) {
        md_time_to_civil(at, &civil);
        md_want_int("status", md_time_from_civil(&civil, &got), MD_OK);
        md_want_int("instant", got, at);
        md_want_true(civil.year > before.year || (civil.year == before.year && civil.month >= before.month));
        before = civil;
    }
}

static void clamps_what_is_no_year_of_ours(void **state)
{
    struct md_arena *arena = *state;

    md_test_case(0, "instants out of range");
    md_want_cstr("none", md_time_rfc3339(arena, MD_TIME_NONE), "unknown");
    md_want_cstr("negative", md_time_rfc3339(arena, -1), "1970-01-01T00:00:00Z");
    md_want_cstr("largest", md_time_rfc3339(arena, INT64_MAX), "9999-12-31T23:59:59Z");
    md_want_cstr("seconds are cut", md_time_rfc3339(arena, 1999999), "1970-01-01T00:00:01Z");
}

static void knows_months(void **state)
{
    (void)state;
    md_test_case(0, "names of months");
    md_want_int("Jan", md_month_from_name(MD_LIT("Jan")), 1);
    md_want_int("dEC", md_month_from_name(MD_LIT("dEC")), 12);
    md_want_int("anf", md_month_from_name(MD_LIT("anf")), 0);
    md_want_int("June", md_month_from_name(MD_LIT("June")), 0);
    md_want_int("Mai", md_month_from_any_name(MD_LIT("Mai")), 5);
    md_want_int("Dez", md_month_from_any_name(MD_LIT("Dez")), 12);
    md_want_int("UTF-8", md_month_from_any_name(MD_LIT("f\303\251vr.")), 2);
    md_want_int("Latin-1", md_month_from_any_name(MD_LIT("M\344rz")), 3);
    md_want_int("avril", md_month_from_any_name(MD_LIT("avril")), 4);
    md_want_int("Japanese", md_month_from_any_name(MD_LIT("11\346\234\210")), 11);
    md_want_int("no month", md_month_from_any_name(MD_LIT("13\346\234\210")), 0);
    md_want_int("a part of one", md_month_from_any_name(MD_LIT("jui")), 0);
    md_want_int("a user", md_month_from_any_name(MD_LIT("mailsrv")), 0);
    md_want_int("nothing", md_month_from_any_name(MD_LIT("")), 0);
}

static void parses_durations(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_status want_st;
        double want_s;
    } cases[] = {
        {"hours", "24h", MD_OK, 86400},
        {"minutes", "90m", MD_OK, 5400},
        {"weeks", "1w", MD_OK, 604800},
        {"a sum", "1d12h", MD_OK, 129600},
        {"a fraction", "1.5h", MD_OK, 5400},
        {"large letters", "2D", MD_OK, 172800},
        {"ISO 8601 in small letters", "pt30m", MD_OK, 1800},
        {"ISO 8601 with days and time", "P1DT2H", MD_OK, 93600},
        {"a month of ISO 8601 is 30 days, a minute needs its T", "p1m", MD_OK, 2592000},
        {"weeks of ISO 8601", "P2W", MD_OK, 1209600},
        {"nothing behind the P", "P", MD_BAD_INPUT, 0},
        {"nothing behind the T", "P1DT", MD_BAD_INPUT, 0},
        {"the order of ISO 8601", "PT1M2H", MD_BAD_INPUT, 0},
        {"the same unit twice", "P1D1D", MD_BAD_INPUT, 0},
        {"no unit", "30", MD_BAD_INPUT, 0},
        {"no number", "h", MD_BAD_INPUT, 0},
        {"an unknown unit", "3x", MD_BAD_INPUT, 0},
        {"nothing", "", MD_BAD_INPUT, 0},
        {"a sign", "-1h", MD_BAD_INPUT, 0},
        {"more than can be meant", "999999999999w", MD_LIMIT, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        double got = 0;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_duration_parse(md_str(cases[i].in), &got), cases[i].want_st);
        md_want_double("seconds", got, cases[i].want_s, 0);
    }
}

static void shows_durations(void **state)
{
    struct md_arena *arena = *state;
    static const struct {
        double in;
        const char *want;
    } cases[] = {
        {0, "0 s"},
        {0.3, "0.3 s"},
        {45, "45 s"},
        {59.7, "1 min"},
        {90, "1 min 30 s"},
        {720, "12 min"},
        {3599, "1 h"},
        {12000, "3 h 20 min"},
        {86399, "1 day"},
        {93600, "1 day 2 h"},
        {172800, "2 days"},
        {10.4 * 86400, "10 days"},
        {35 * 86400, "5 weeks"},
        {1000.0 * 86400, "2 years"},
        {-90, "-1 min 30 s"},
        {1e300, "unknown"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].want);
        md_want_cstr("text", md_duration_text(arena, cases[i].in), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(parses_rfc3339),
        MD_TEST(every_day_goes_there_and_back),
        MD_TEST(clamps_what_is_no_year_of_ours),
        MD_TEST(knows_months),
        MD_TEST(parses_durations),
        MD_TEST(shows_durations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
