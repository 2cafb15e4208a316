#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "engine/base/zone.h"
#include "probes/formats/system/listing.h"

struct got {
    struct md_arena *arena;
    const char *text; /* one "path size time\n" an entry, '/' after folders */
    size_t n, stop_after;
};

static bool keep(void *ctx, const struct md_listing_entry *e)
{
    struct got *got = ctx;
    const char *size = e->has_size ? md_arena_printf(got->arena, "%llu", (unsigned long long)e->size) : "-";
    const char *time = e->mtime == MD_TIME_NONE ? "-" : md_time_rfc3339(got->arena, e->mtime);

    got->text = md_arena_printf(got->arena, "%s%.*s%s %s %s\n", got->text, MD_STR_ARG(e->path), e->is_dir ? "/" : "",
                                size, time);
    return ++got->n != got->stop_after;
}

/* Feeds in chunks of `chunk` bytes. */
static const char *read_text(struct md_arena *arena, const struct md_listing_options *options, struct md_str text,
                             size_t chunk, uint64_t *ret_bad)
{
    struct got got = {.arena = arena, .text = ""};
    struct md_listing *l = md_listing_new(options, keep, &got);

    for (size_t at = 0; at < text.n; at += chunk)
        assert_int_equal(md_listing_feed(l, text.p + at, text.n - at < chunk ? text.n - at : chunk), MD_OK);
    assert_int_equal(md_listing_end(l), MD_OK);
    *ret_bad = md_listing_bad_lines(l);
    md_listing_free(&l);
    return got.text;
}

static int64_t instant(const char *rfc3339)
{
    int64_t at;

    assert_int_equal(md_time_parse_rfc3339(md_str(rfc3339), &at, NULL), MD_OK);
    return at;
}

static const struct {
    const char *says, *root, *in, *want;
    uint64_t bad;
    enum md_listing_form form;
    const char *found_root;
} forms[] = {
    {"TSV of a bundle", "/q",
     "tcp_local/003/ZZf0a1b2Cde34.00\t20821\t1795507912\nhold\t512\t1795507912\t40755\tm\tm\td\n",
     "tcp_local/003/ZZf0a1b2Cde34.00 20821 2026-11-24T08:11:52Z\nhold/ 512 2026-11-24T08:11:52Z\n", 0, MD_LISTING_TSV,
     ""},
    {"TSV with CR LF, escapes and no last LF", "/q", "l/a\\x09b\t1\t0\r\nl/c\t2\t5",
     "l/a\tb 1 1970-01-01T00:00:00Z\nl/c 2 1970-01-01T00:00:05Z\n", 0, MD_LISTING_TSV, ""},
    {"TSV with a negative size is bad", "/q", "l/a\t1\t0\nl/b\t-1\t0\nl/c\t1\t0\nl/d\t1\t0\nl/e\t1\t0\nl/f\t1\t0\n",
     "l/a 1 1970-01-01T00:00:00Z\nl/c 1 1970-01-01T00:00:00Z\nl/d 1 1970-01-01T00:00:00Z\nl/e 1 "
     "1970-01-01T00:00:00Z\nl/f 1 "
     "1970-01-01T00:00:00Z\n",
     1, MD_LISTING_TSV, ""},
    {"ls -lR of Solaris", "/v/queue",
     "/v/queue:\ntotal 4\ndrwxrwx---  22 mailsrv  mail          512 Nov 12 00:12 hold\n\n/v/queue/hold:\ntotal "
     "2\n-rw-rw----   1 "
     "mailsrv  mail        31065 Nov 24 02:10 ZZf0vJozxY0ce.HELD\n",
     "hold/ 512 2026-11-12T05:12:00Z\nhold/ - -\nhold/ZZf0vJozxY0ce.HELD 31065 2026-11-24T07:10:00Z\n", 0,
     MD_LISTING_LS, "/v/queue"},
    {"ls -laR of GNU, relative, year instead of time", "/v/queue",
     "queue:\ntotal 12K\ndrwxr-xr-x. 3 m m 4.0K Nov 12  2025 .\ndrwxr-xr-x. 3 m m 4.0K Nov 12  2025 ..\ndrwxr-xr-x. 3 "
     "m m 4.0K Nov 12  "
     "2025 l\n\nqueue/l:\ntotal 0\n-rw-r--r--. 1 m m 1.5K Feb  9 10:11 ZZf0vJozxY0ce.00\n",
     "l/ 4096 2025-11-12T05:00:00Z\nl/ - -\nl/ZZf0vJozxY0ce.00 1536 2026-02-09T15:11:00Z\n", 0, MD_LISTING_LS, ""},
    {"ls -lR . with inodes and blocks", "",
     ".:\ntotal 4\n 123 4 drwxrwx--- 2 m m 512 Nov 12 00:12 l\n\n./l:\ntotal 0\n 124 8 -rw-rw-r-- 1 m m 77 Nov 12 "
     "00:12 ZZf0vJozxY0ce.00\n",
     "l/ 512 2026-11-12T05:12:00Z\nl/ - -\nl/ZZf0vJozxY0ce.00 77 2026-11-12T05:12:00Z\n", 0, MD_LISTING_LS, ""},
    {"ls -l with long-iso, full-iso, iso and seconds", "/q",
     "-rw-r--r-- 1 m m 1 2026-11-24 02:10 a\n-rw-r--r-- 1 m m 1 2026-11-24 02:10:05.123456789 +0100 b\n-rw-r--r-- 1 m "
     "m 1 11-24 02:10 "
     "c\n-rw-r--r-- 1 m m 1 2025-11-12  d\n-rw-r--r-- 1 m m 1 Nov 24 02:10:05 2026 e\n",
     "a 1 2026-11-24T07:10:00Z\nb 1 2026-11-24T01:10:05Z\nc 1 2026-11-24T07:10:00Z\nd 1 2025-11-12T05:00:00Z\ne 1 "
     "2026-11-24T07:10:05Z\n",
     0, MD_LISTING_LS, ""},
    {"ls -o, a device, a link, an owner with a blank, +%s", "/q",
     "-rw-r--r--+ 1 m 7 Nov 24 02:10 a\nbrw-r--r-- 1 root sys 32, 0 Nov 24 02:10 b\nlrwxrwxrwx 1 m m 5 Nov 24 02:10 c "
     "-> /x/y\n-rw-r--r-- 1 "
     "domain users m 9 Nov 24 02:10 d e\n-rw-r--r-- 1 m m 3 1795507912 f\n",
     "a 7 2026-11-24T07:10:00Z\nb 0 2026-11-24T07:10:00Z\nc 5 2026-11-24T07:10:00Z\nd e 9 2026-11-24T07:10:00Z\nf 3 "
     "2026-11-24T08:11:52Z\n",
     0, MD_LISTING_LS, ""},
    {"dates in other languages", "/q",
     "insgesamt 4\n-rw-r--r-- 1 m m 31065 24. M\xc3\xa4"
     "r 02:10 a\n-rw-r--r-- 1 m m 5 5 d\xc3\xa9"
     "c. 2025 b\n-rw-r--r-- 1 m m 6 Mai  4 02:10 c\n-rw-r--r-- 1 m m 7 5\xe6\x9c\x88  4 02:10 d\n",
     "a 31065 2026-03-24T06:10:00Z\nb 5 2025-12-05T05:00:00Z\nc 6 2026-05-04T06:10:00Z\nd 7 2026-05-04T06:10:00Z\n", 0,
     MD_LISTING_LS, ""},
    {"a date in a language that is not known has no time", "/q",
     "-rw-r--r-- 1 m m 31065 24 lis 02:10 ZZf0vJozxY0ce.00\n-rw-r--r-- 1 m m 5 5 lut 2025 b\n",
     "ZZf0vJozxY0ce.00 31065 -\nb 5 -\n", 0, MD_LISTING_LS, ""},
    {"find -ls", "/v/queue",
     "  1234    4 drwxrwx---  22 mailsrv  mail   512 Nov 12 00:12 /v/queue\n  1235    4 drwxrwx---  22 mailsrv  mail   "
     "512 Nov 12 00:12 "
     "/v/queue/l\n  1236   12 -rw-rw----   1 mailsrv  mail 10421 Nov 24 02:10 /v/queue/l/ZZf0vJo\\ xY.00\n",
     "l/ 512 2026-11-12T05:12:00Z\nl/ZZf0vJo xY.00 10421 2026-11-24T07:10:00Z\n", 0, MD_LISTING_FIND_LS, "/v/queue"},
    {"find -printf, time first and size first", "/q", "1795507912.5000000000 77 /q/l/a\n78 1795507912.25 /q/l/b\n",
     "l/a 77 2026-11-24T08:11:52Z\nl/b 78 2026-11-24T08:11:52Z\n", 0, MD_LISTING_FIND_PRINTF, "/q/l"},
    {"stat -c with the path in front", "/q", "/q/l/a 77 1795507912\n/q/l/b 78 1795507913\n",
     "l/a 77 2026-11-24T08:11:52Z\nl/b 78 2026-11-24T08:11:53Z\n", 0, MD_LISTING_FIND_PRINTF, "/q/l"},
    {"bare paths of find", "/q", "/q\n/q/l\n/q/l/001\n/q/l/001/ZZf0vJozxY0ce.00\n/q/hold\n/q/d.d\n/q/d.d/x.y\n",
     "l/ - -\nl/001/ - -\nl/001/ZZf0vJozxY0ce.00 - -\nhold/ - -\nd.d/ - -\nd.d/x.y - -\n", 0, MD_LISTING_PATHS, "/q"},
    {"ls -R", "", "/q:\nhold\nl\n\n/q/hold:\n\n/q/l:\nZZf0vJozxY0ce.00\n",
     "q/ - -\nq/hold/ - -\nq/l/ - -\nq/hold/ - -\nq/l/ - -\nq/l/ZZf0vJozxY0ce.00 - -\n", 0, MD_LISTING_PATHS, "/q"},
    {"a path outside the root is given whole", "/opt/q",
     "-rw-r--r-- 1 m m 7 Nov 24 02:10 /var/q/l/a\n-rw-r--r-- 1 m m 7 Nov 24 02:10 /opt/q/l/b\n",
     "var/q/l/a 7 2026-11-24T07:10:00Z\nl/b 7 2026-11-24T07:10:00Z\n", 0, MD_LISTING_LS, ""},
    {"a prompt names the folder", "/q", "mail1# ls -l /q/l\ntotal 2\n-rw-r--r-- 1 m m 7 Nov 24 02:10 a\n",
     "l/ - -\nl/a 7 2026-11-24T07:10:00Z\n", 0, MD_LISTING_LS, "/q/l"},
    {"a folder that could not be read is no bad line", "/q",
     "ls: cannot open directory '/q/l': Permission denied\n-rw-r--r-- 1 m m 7 Nov 24 02:10 a\n",
     "a 7 2026-11-24T07:10:00Z\n", 0, MD_LISTING_NONE, ""},
    {"garbage among entries is counted", "/q",
     "-rw-r--r-- 1 m m 7 Nov 24 02:10 a\n\x01\xff\x02 what\nnonsense\n-rw-r--r-- 1 m m 7 Nov 24 02:10 b\n-rw-r--r-- 1 "
     "m m 7 Nov 24 02:10 c\n",
     "a 7 2026-11-24T07:10:00Z\nb 7 2026-11-24T07:10:00Z\nc 7 2026-11-24T07:10:00Z\n", 2, MD_LISTING_LS, ""},
    {"a log is no listing", "/q",
     "24-Nov-2026 00:30:05.56 tcp_local    process      E 3  rfc822;a@example.com a@example.com\n", "", 1,
     MD_LISTING_NONE, ""},
    {"nothing at all", "/q", "", "", 0, MD_LISTING_NONE, ""},
};

static void reads_all_forms_in_any_chunks(void **state)
{
    static const size_t chunks[] = {1, 7, 4096};
    struct md_listing_options options = {.reference = instant("2026-11-24T03:12:00-05:00"), .name = "x"};
    struct md_str found;
    uint64_t bad;

    assert_int_equal(md_zone_load(*state, MD_LIT("America/New_York"), &options.zone), MD_OK);
    for (size_t i = 0; i < MD_ROWS(forms); i++) {
        md_test_case(i, forms[i].says);
        options.root = md_str(forms[i].root);
        for (size_t k = 0; k < MD_ROWS(chunks); k++) {
            md_want_cstr("entries", read_text(*state, &options, md_str(forms[i].in), chunks[k], &bad), forms[i].want);
            md_want_int("bad lines", bad, forms[i].bad);
        }
        md_want_int("form", md_listing_recognise(md_str(forms[i].in), &found), forms[i].form);
        md_want_str("root", found, forms[i].found_root);
    }
}

static void places_dates_in_years_and_zones(void **state)
{
    static const struct {
        const char *says, *zone, *reference, *date, *want;
    } cases[] = {
        {"a date before the reference is of this year", "UTC", "2026-11-24T08:12:00Z", "Nov 24 08:11",
         "2026-11-24T08:11:00Z"},
        {"a later month is of last year", "UTC", "2026-02-03T00:00:00Z", "Nov 24 08:11", "2025-11-24T08:11:00Z"},
        {"a clock may be ahead by hours", "UTC", "2026-11-24T08:12:00Z", "Nov 24 12:00", "2026-11-24T12:00:00Z"},
        {"two days ahead is a year ago", "UTC", "2026-11-24T08:12:00Z", "Nov 26 12:00", "2025-11-26T12:00:00Z"},
        {"New Year: the day before", "UTC", "2026-01-01T00:10:00Z", "Dec 31 23:59", "2025-12-31T23:59:00Z"},
        {"New Year: a clock ahead", "UTC", "2025-12-31T23:50:00Z", "Jan  1 00:05", "2026-01-01T00:05:00Z"},
        {"New Year by local time, not by UTC", "Asia/Tokyo", "2025-12-31T16:00:00Z", "Jan  1 00:30",
         "2025-12-31T15:30:00Z"},
        {"29 February is of the last leap year", "UTC", "2026-03-01T00:00:00Z", "Feb 29 10:00", "2024-02-29T10:00:00Z"},
        {"winter time", "America/New_York", "2026-11-24T08:12:00Z", "Nov 24 02:10", "2026-11-24T07:10:00Z"},
        {"summer time in the same listing", "America/New_York", "2026-11-24T08:12:00Z", "Oct 31 02:10",
         "2026-10-31T06:10:00Z"},
        {"the repeated hour is the earlier one", "America/New_York", "2026-11-24T08:12:00Z", "Nov  1 01:30",
         "2026-11-01T05:30:00Z"},
        {"the missing hour moves forward", "America/New_York", "2026-11-24T08:12:00Z", "Mar  8 02:30",
         "2026-03-08T07:30:00Z"},
        {"half an hour off", "Asia/Kolkata", "2026-11-24T08:12:00Z", "Nov 24 10:00", "2026-11-24T04:30:00Z"},
        {"a zone said in the line wins", "Asia/Kolkata", "2026-11-24T08:12:00Z", "2026-11-24 02:10:00 -0500",
         "2026-11-24T07:10:00Z"},
        {"RFC 3339", "Asia/Kolkata", "2026-11-24T08:12:00Z", "2026-11-24T02:10:00-05:00", "2026-11-24T07:10:00Z"},
        {"the day first", "UTC", "2026-11-24T08:12:00Z", "24 Nov 02:10", "2026-11-24T02:10:00Z"},
        {"31 November is no date", "UTC", "2026-11-24T08:12:00Z", "Nov 31 02:10", "-"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_listing_options options = {.root = MD_LIT("/q"), .reference = instant(cases[i].reference)};
        const char *line = md_arena_printf(*state, "-rw-r--r-- 1 m m 7 %s a\n", cases[i].date);
        uint64_t bad;

        md_test_case(i, cases[i].says);
        assert_int_equal(md_zone_load(*state, md_str(cases[i].zone), &options.zone), MD_OK);
        md_want_cstr("entry", read_text(*state, &options, md_str(line), 999, &bad),
                     md_arena_printf(*state, "a 7 %s\n", cases[i].want));
    }
}

static void bounds_long_lines(void **state)
{
    struct md_listing_options options = {.root = MD_LIT("/q"), .reference = MD_TIME_NONE, .name = "long"};
    size_t n = 1000000;
    char *text = md_arena_alloc(*state, n + 40);
    uint64_t bad;

    memset(text, 'x', n);
    memcpy(text + n, "\nl/a\t1\t0\n", 9);
    options.diags = md_diags_new(*state);
    md_want_cstr("entries", read_text(*state, &options, md_str_n(text, n + 9), 4096, &bad),
                 "l/a 1 1970-01-01T00:00:00Z\n");
    md_want_int("bad", bad, 1);
    md_want_int("said", md_diags_count(options.diags), 1);
    md_want_int("first line", md_diags_at(options.diags, 0)->loc.line, 1);

    options.first_line = 41;
    md_want_cstr("a line of garbage at the end", read_text(*state, &options, MD_LIT("l/a\t1\t0\nfoo bar"), 4096, &bad),
                 "l/a 1 1970-01-01T00:00:00Z\n");
    md_want_int("its line", md_diags_at(options.diags, 1)->loc.line, 42);
}

static bool keep_owner(void *ctx, const struct md_listing_entry *e)
{
    struct got *got = ctx;

    got->text = md_arena_printf(got->arena, "%s%.*s;", got->text, MD_STR_ARG(e->owner));
    return true;
}

/* Where a column may have been left out, no owner is better than a group. */
static void says_who_owns_what(void **state)
{
    static const struct {
        const char *says, *in, *want;
    } rows[] = {
        {"ls -l", "-rw-r-----   1 icsuser  icsgroup    8192 May 30 10:00 a\n", "icsuser;"},
        {"ls -n", "-rw-r-----   1 60001    60002       8192 May 30 10:00 a\n", "60001;"},
        {"find -ls", " 123    8 -rw-r-----   1 root     other        8192 May 30 10:00 /x/a\n", "root;"},
        {"ls -o, without groups", "-rw-r-----   1 icsuser     8192 May 30 10:00 a\n", ";"},
        {"ls -g, without owners", "-rw-r-----   1 icsgroup    8192 May 30 10:00 a\n", ";"},
        {"TSV", "a\t1\t1180000000\t0640\ticsuser\ticsgroup\n", "icsuser;"},
        {"TSV without owners", "a\t1\t1180000000\n", ";"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        const struct md_listing_options options = {.reference = instant("2007-06-01T00:00:00Z"), .name = "ls"};
        struct got got = {.arena = *state, .text = ""};
        struct md_listing *l = md_listing_new(&options, keep_owner, &got);

        md_test_case(i, rows[i].says);
        md_want_int("fed", md_listing_feed(l, rows[i].in, strlen(rows[i].in)), MD_OK);
        md_want_int("ended", md_listing_end(l), MD_OK);
        md_want_cstr("owners", got.text, rows[i].want);
        md_listing_free(&l);
    }
}

static void stops_when_told(void **state)
{
    struct got got = {.arena = *state, .text = "", .stop_after = 1};
    struct md_listing_options options = {.reference = MD_TIME_NONE};
    struct md_listing *l = md_listing_new(&options, keep, &got);

    md_want_int("status", md_listing_feed(l, "a\t1\t0\nb\t1\t0\nc\t", 14), MD_INTERRUPTED);
    md_want_int("status at the end", md_listing_end(l), MD_INTERRUPTED);
    md_want_int("entries", got.n, 1);
    md_listing_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_all_forms_in_any_chunks), MD_TEST(places_dates_in_years_and_zones),
                                       MD_TEST(bounds_long_lines), MD_TEST(says_who_owns_what),
                                       MD_TEST(stops_when_told)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
