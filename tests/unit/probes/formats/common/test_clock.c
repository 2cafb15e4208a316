#include "tests/unit/md_test.h"

#include "probes/formats/common/clock.h"

static void reads_offsets_of_zones(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_status want;
        int32_t seconds;
        size_t left;
    } cases[] = {
        {"four digits east", "+0200 x", MD_OK, 7200, 2},
        {"four digits west", "-0500", MD_OK, -18000, 0},
        {"a colon between", "+05:30]", MD_OK, 19800, 1},
        {"hours alone", "-08", MD_OK, -28800, 0},
        {"hours and the remaining seconds of a half hour", "+051800", MD_OK, 19800, 0},
        {"Zulu", "Z", MD_OK, 0, 0},
        {"no sign", "0200", MD_BAD_INPUT, 0, 4},
        {"three digits", "+020", MD_BAD_INPUT, 0, 4},
        {"an hour that no zone has", "+9900", MD_BAD_INPUT, 0, 5},
        {"nothing", "", MD_BAD_INPUT, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str rest = md_str(cases[i].in);
        int32_t got = 0;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_clock_read_offset(&rest, &got), cases[i].want);
        md_want_int("seconds", got, cases[i].seconds);
        md_want_int("left", rest.n, cases[i].left);
    }
}

static void reads_stamps(void **state)
{
    static const struct {
        const char *says, *in, *want;
    } cases[] = {
        {"dashes and a blank", "04-Sep-2007 10:15:02", "2007-09-04T10:15:02Z"},
        {"slashes and a colon, as server logs", "30/Aug/2006:17:05:05 -0400", "2006-08-30T17:05:05Z"},
        {"a day of one digit, hundredths", "4-sep-2007 10:15:02.25", "2007-09-04T10:15:02Z"},
        {"no seconds", "04-Sep-2007 10:15", "2007-09-04T10:15:00Z"},
        {"a leap day", "29-Feb-2008 00:00:00", "2008-02-29T00:00:00Z"},
        {"no leap day", "29-Feb-2007 00:00:00", NULL},
        {"mixed separators", "04-Sep/2007 10:15:02", NULL},
        {"an hour too many", "04-Sep-2007 24:15:02", NULL},
        {"cut off", "04-Sep-2007 10:", NULL},
        {"no month", "04-Xxx-2007 10:15:02", NULL},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str rest = md_str(cases[i].in);
        struct md_civil civil;
        int64_t at;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_clock_read_stamp(&rest, &civil), cases[i].want != NULL ? MD_OK : MD_BAD_INPUT);
        if (cases[i].want == NULL)
            continue;
        md_want_int("valid", md_time_from_civil(&civil, &at), MD_OK);
        md_want_cstr("instant", md_time_rfc3339(*state, at), cases[i].want);
    }
}

static void reads_dates_of_mail_and_of_ctime(void **state)
{
    static const struct {
        const char *says, *in, *want;
    } mail[] = {
        {"offset and comment", "Tue, 04 Sep 2007 10:15:02 +0200 (CEST)", "2007-09-04T08:15:02Z"},
        {"no name of the day, a named zone", "21 Nov 2014 19:17:37 EST", "2014-11-22T00:17:37Z"},
        {"no zone", "Tue, 04 Sep 2007 10:15:02", NULL},
        {"a zone that is not certain", "Tue, 04 Sep 2007 10:15:02 IST", NULL},
    };
    static const struct {
        const char *says, *in, *want, *zone;
    } ctimes[] = {
        {"as ctime prints it", "Tue Sep  4 06:00:11 2007", "2007-09-04T06:00:11Z", ""},
        {"as date prints it", "Tue Sep  4 06:00:11 EDT 2007", "2007-09-04T06:00:11Z", "EDT"},
        {"no year", "Tue Sep  4 06:00:11", NULL, ""},
    };

    for (size_t i = 0; i < MD_ROWS(mail); i++) {
        struct md_str rest = md_str(mail[i].in);
        int64_t at = 0;

        md_test_case(i, mail[i].says);
        md_want_int("status", md_clock_read_rfc822(&rest, &at), mail[i].want != NULL ? MD_OK : MD_BAD_INPUT);
        if (mail[i].want != NULL)
            md_want_cstr("instant", md_time_rfc3339(*state, at), mail[i].want);
    }
    for (size_t i = 0; i < MD_ROWS(ctimes); i++) {
        struct md_str rest = md_str(ctimes[i].in);
        struct md_civil civil;
        struct md_str zone;
        int64_t at;

        md_test_case(i, ctimes[i].says);
        md_want_int("status", md_clock_read_ctime(&rest, &civil, &zone), ctimes[i].want != NULL ? MD_OK : MD_BAD_INPUT);
        if (ctimes[i].want == NULL)
            continue;
        md_want_int("valid", md_time_from_civil(&civil, &at), MD_OK);
        md_want_cstr("instant", md_time_rfc3339(*state, at), ctimes[i].want);
        md_want_str("zone", zone, ctimes[i].zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_offsets_of_zones), MD_TEST(reads_stamps),
                                       MD_TEST(reads_dates_of_mail_and_of_ctime)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
