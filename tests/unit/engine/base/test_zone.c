#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "engine/base/zone.h"

static int64_t utc_of(const char *rfc3339)
{
    int64_t at = 0;

    md_want_int("a test's own time", md_time_parse_rfc3339(md_str(rfc3339), &at, NULL), MD_OK);
    return at;
}

/* "local" is written as if it were UTC. */
static const struct conversion {
    const char *says, *zone, *local, *want;
} conversions[] = {
    {"UTC is itself", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
    {"New York in winter", "America/New_York", "2026-01-15T12:00:00Z", "2026-01-15T17:00:00Z"},
    {"New York in summer", "America/New_York", "2026-07-15T12:00:00Z", "2026-07-15T16:00:00Z"},
    {"New York under the older rule: April", "America/New_York", "2006-03-20T12:00:00Z", "2006-03-20T17:00:00Z"},
    {"New York: the hour that is missing goes forward", "America/New_York", "2026-03-08T02:30:00Z",
     "2026-03-08T07:30:00Z"},
    {"New York: the second before the gap", "America/New_York", "2026-03-08T01:59:59Z", "2026-03-08T06:59:59Z"},
    {"New York: the first second behind the gap", "America/New_York", "2026-03-08T03:00:00Z", "2026-03-08T07:00:00Z"},
    {"New York: of the repeated hour the earlier", "America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00Z"},
    {"New York: behind the repeated hour", "America/New_York", "2026-11-01T02:00:00Z", "2026-11-01T07:00:00Z"},
    {"New York in 2040, by the rule", "America/New_York", "2040-07-15T12:00:00Z", "2040-07-15T16:00:00Z"},
    {"New York in the winter of 2040", "America/New_York", "2040-12-15T12:00:00Z", "2040-12-15T17:00:00Z"},
    {"New York in 2040: the gap", "America/New_York", "2040-03-11T02:30:00Z", "2040-03-11T07:30:00Z"},
    {"New York in 2040: the repeated hour", "America/New_York", "2040-11-04T01:30:00Z", "2040-11-04T05:30:00Z"},
    {"Berlin in summer", "Europe/Berlin", "2026-07-01T00:00:00Z", "2026-06-30T22:00:00Z"},
    {"Berlin: the gap", "Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"},
    {"Berlin: the repeated hour", "Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"},
    {"Sydney has summer in January", "Australia/Sydney", "2026-01-15T12:00:00Z", "2026-01-15T01:00:00Z"},
    {"Sydney has winter in July", "Australia/Sydney", "2026-07-15T12:00:00Z", "2026-07-15T02:00:00Z"},
    {"Sydney in January 2045", "Australia/Sydney", "2045-01-15T12:00:00Z", "2045-01-15T01:00:00Z"},
    {"Lord Howe moves by half an hour", "Australia/Lord_Howe", "2026-01-15T12:00:00Z", "2026-01-15T01:00:00Z"},
    {"Lord Howe in winter", "Australia/Lord_Howe", "2026-07-15T12:00:00Z", "2026-07-15T01:30:00Z"},
    {"Lord Howe: of the repeated half hour the earlier", "Australia/Lord_Howe", "2026-04-05T01:45:00Z",
     "2026-04-04T14:45:00Z"},
    {"Kolkata has no summer time", "Asia/Kolkata", "2026-07-15T05:30:00Z", "2026-07-15T00:00:00Z"},
    {"an older name", "US/Eastern", "2026-07-15T12:00:00Z", "2026-07-15T16:00:00Z"},
    {"a rule as a name", "EST5EDT", "2026-07-15T12:00:00Z", "2026-07-15T16:00:00Z"},
    {"a rule with dates", "CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-15T12:00:00Z", "2026-07-15T10:00:00Z"},
    {"a rule in winter", "CET-1CEST,M3.5.0,M10.5.0/3", "2026-12-15T12:00:00Z", "2026-12-15T11:00:00Z"},
    {"a rule with days of the year", "AAA3BBB,J60,J300", "2026-07-15T12:00:00Z", "2026-07-15T14:00:00Z"},
    {"a fixed offset with colon", "+02:00", "2026-07-15T12:00:00Z", "2026-07-15T10:00:00Z"},
    {"a fixed offset without", "-0530", "2026-07-15T12:00:00Z", "2026-07-15T17:30:00Z"},
};

static void converts(void **state)
{
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(conversions); i++) {
        const struct conversion *c = &conversions[i];
        const struct md_zone *zone = NULL;
        struct md_zone_cache cache = {0};
        int64_t local = utc_of(c->local), got;

        md_test_case(i, c->says);
        md_want_int("status", md_zone_load(arena, md_str(c->zone), &zone), MD_OK);
        got = md_zone_to_utc(zone, local, NULL);
        md_want_cstr("without cache", md_time_rfc3339(arena, got), c->want);
        md_want_cstr("with cache", md_time_rfc3339(arena, md_zone_to_utc(zone, local, &cache)), c->want);
        md_want_cstr("from the cache", md_time_rfc3339(arena, md_zone_to_utc(zone, local, &cache)), c->want);
    }
}

static void the_cache_changes_nothing(void **state)
{
    struct md_arena *arena = *state;
    static const char *const zones[] = {"America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata",
                                        "Antarctica/Troll"};
    struct md_zone_cache cache = {0};

    for (size_t i = 0; i < MD_ROWS(zones); i++) {
        const struct md_zone *zone = NULL;
        int64_t from = utc_of("2020-01-01T00:00:00Z"), until = utc_of("2045-01-01T00:00:00Z");

        md_test_case(i, zones[i]);
        md_want_int("status", md_zone_load(arena, md_str(zones[i]), &zone), MD_OK);
        for (int64_t local = from; local < until; local += 53 * MD_MINUTE) {
            int64_t got = md_zone_to_utc(zone, local, &cache);

            if (got != md_zone_to_utc(zone, local, NULL))
                md_want_cstr("utc", md_time_rfc3339(arena, got),
                             md_time_rfc3339(arena, md_zone_to_utc(zone, local, NULL)));
            /* An instant that has this local time, or, in a gap, one whose local time is later. */
            if (got + md_zone_offset_at(zone, got) * MD_SECOND < local)
                md_want_cstr("not forward", md_time_rfc3339(arena, got), md_time_rfc3339(arena, local));
        }
    }
}

static void refuses_names(void **state)
{
    struct md_arena *arena = *state;
    static const struct {
        const char *says, *name;
        enum md_status want;
    } cases[] = {
        {"a path out of the database", "../../etc/passwd", MD_BAD_INPUT},
        {"a path out by an inner part", "America/../../../etc/passwd", MD_BAD_INPUT},
        {"an absolute path", "/etc/localtime", MD_BAD_INPUT},
        {"nothing", "", MD_BAD_INPUT},
        {"no such zone", "Mars/Olympus", MD_NOT_FOUND},
        {"a folder", "America", MD_NOT_FOUND},
        {"a file that is no zone", "zone.tab", MD_BAD_INPUT},
        {"an offset of a day", "+24:00", MD_BAD_INPUT},
        {"a blank", "America/New York", MD_BAD_INPUT},
        {"an empty part", "America//New_York", MD_BAD_INPUT},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_zone *zone = NULL;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_zone_load(arena, md_str(cases[i].name), &zone), cases[i].want);
        md_want_true(zone == NULL);
    }
    md_test_case(0, "a NUL within");
    const struct md_zone *zone = NULL;
    md_want_int("status", md_zone_load(arena, md_str_n("UTC\0x", 5), &zone), MD_BAD_INPUT);
}

static void names_itself(void **state)
{
    struct md_arena *arena = *state;
    const struct md_zone *zone = NULL;

    md_test_case(0, "the name it was loaded under");
    md_want_int("status", md_zone_load(arena, MD_LIT("-0500"), &zone), MD_OK);
    md_want_cstr("name", md_zone_name(zone), "-05:00");
    md_want_int("offset", md_zone_offset_at(zone, 0), -18000);
    md_want_int("status", md_zone_load(arena, MD_LIT("Europe/Berlin"), &zone), MD_OK);
    md_want_cstr("name", md_zone_name(zone), "Europe/Berlin");
    md_want_cstr("name", md_zone_name(md_zone_fixed(arena, 0)), "UTC");
    md_want_int("status", md_zone_load(arena, MD_LIT("z"), &zone), MD_OK);
    md_want_true(zone == md_zone_utc());
}

/* A TZif file of version 1 or 2 with one type of an offset and transitions at the given times to it. */
static struct md_str tzif(struct md_arena *arena, char version, int32_t offset, const int64_t *times, size_t count,
                          const char *footer)
{
    unsigned char *out = md_arena_alloc(arena, 4096), *p = out;

    for (int block = version == '\0' ? 1 : 0; block < 2; block++) {
        bool is_counted = block == 1;
        size_t n = is_counted ? count : 0, width = version == '\0' ? 4 : 8;

        memcpy(p, "TZif", 4);
        p[4] = (unsigned char)version;
        p[35] = (unsigned char)n;
        p[39] = 1;
        p[43] = 4;
        p += 44;
        for (size_t i = 0; i < n; i++, p += width)
            for (size_t k = 0; k < width; k++)
                p[k] = (unsigned char)((uint64_t)times[i] >> (8 * (width - 1 - k)));
        p += n;
        for (int k = 0; k < 4; k++)
            p[k] = (unsigned char)((uint32_t)offset >> (8 * (3 - k)));
        p += 6;
        memcpy(p, "ABC", 4);
        p += 4;
    }
    if (version != '\0')
        p += snprintf((char *)p, 200, "\n%s\n", footer);
    return md_str_n((char *)out, (size_t)(p - out));
}

static void parses_files(void **state)
{
    struct md_arena *arena = *state;
    static const int64_t rising[] = {-1000, 0, 1000}, falling[] = {0, 0};
    static const struct {
        const char *says;
        char version;
        int32_t offset;
        const int64_t *times;
        size_t count;
        const char *footer;
        enum md_status want;
        int32_t want_offset;
    } cases[] = {
        {"version 1", '\0', 3600, rising, 3, "", MD_OK, 3600},
        {"version 2 with an empty rule", '2', -3600, rising, 3, "", MD_OK, -3600},
        {"the rule wins behind the last transition", '2', 3600, rising, 3, "EST5", MD_OK, -18000},
        {"no transitions, only a rule", '3', 3600, NULL, 0, "<-03>3", MD_OK, -10800},
        {"a rule that is none", '2', 3600, rising, 3, "EST5EDT,M13.1.0,M1.1.0", MD_BAD_INPUT, 0},
        {"a rule with something behind", '2', 3600, rising, 3, "EST5 ", MD_BAD_INPUT, 0},
        {"transitions that do not rise", '2', 3600, falling, 2, "", MD_BAD_INPUT, 0},
        {"an offset of more than a day", '2', 100000, rising, 3, "", MD_BAD_INPUT, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str file =
            tzif(arena, cases[i].version, cases[i].offset, cases[i].times, cases[i].count, cases[i].footer);
        const struct md_zone *zone = NULL;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_zone_parse(arena, MD_LIT("x"), file, &zone), cases[i].want);
        if (cases[i].want == MD_OK) {
            md_want_int("offset", md_zone_offset_at(zone, 5000 * MD_SECOND), cases[i].want_offset);
            for (size_t n = 0; n < file.n; n++)
                md_want_int("a file cut short", md_zone_parse(arena, MD_LIT("x"), md_str_sub(file, 0, n), &zone),
                            MD_BAD_INPUT);
        }
    }
}

static void bears_extreme_times(void **state)
{
    struct md_arena *arena = *state;
    const struct md_zone *zone = NULL;

    md_test_case(0, "times at both ends of the number range");
    md_want_int("status", md_zone_load(arena, MD_LIT("America/New_York"), &zone), MD_OK);
    md_want_true(md_zone_to_utc(zone, MD_TIME_NONE, NULL) == MD_TIME_NONE);
    md_want_true(md_zone_to_utc(zone, INT64_MAX, NULL) == INT64_MAX);
    (void)md_zone_offset_at(zone, INT64_MIN);
    md_want_int("a far winter or summer", md_zone_offset_at(zone, INT64_MAX) % 3600, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(converts),     MD_TEST(the_cache_changes_nothing), MD_TEST(refuses_names), MD_TEST(names_itself),
        MD_TEST(parses_files), MD_TEST(bears_extreme_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
