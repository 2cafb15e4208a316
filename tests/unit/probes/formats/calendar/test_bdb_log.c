#include "tests/unit/probes/formats/calendar/bdb_made.h"

#include "probes/formats/calendar/bdb_log.h"
#include "probes/formats/calendar/bdb_region.h"

#define RECORD 60

static struct md_bdb_log read_in(const uint8_t *bytes, size_t n, size_t chunk)
{
    struct md_bdb_log_reader *reader = md_bdb_log_new();
    struct md_bdb_log log;

    for (size_t at = 0; at < n; at += chunk)
        md_bdb_log_feed(reader, bytes + at, n - at < chunk ? n - at : chunk);
    log = *md_bdb_log_end(reader);
    md_bdb_log_free(&reader);
    return log;
}

static void logs_of_all_libraries_and_orders(void **state)
{
    static const struct {
        uint32_t version;
        const char *library;
    } rows[] = {{3, "3.0"}, {8, "4.2"}, {10, "4.3"}, {12, "4.5"}, {19, "5.3"}};
    static const size_t chunks[] = {1, 7, 64, 4096};
    uint8_t bytes[28 + 10 * RECORD];

    (void)state;
    for (size_t i = 0; i < MD_ROWS(rows); i++)
        for (int big = 0; big < 2; big++)
            for (size_t c = 0; c < MD_ROWS(chunks); c++) {
                size_t n = bdb_log(bytes, rows[i].version, 4711, 10, true, big);
                struct md_bdb_log log = read_in(bytes, n, chunks[c]);

                md_test_case(i, rows[i].library);
                md_want_true(log.has_header && log.is_followed && !log.is_broken_off && log.is_big == big);
                md_want_cstr("library", md_bdb_library_of_log(log.version), rows[i].library);
                md_want_int("full size", log.full_size, 10 << 20);
                md_want_int("before", log.before, 4711);
                md_want_int("records", log.records, 11);
                md_want_int("end", log.end, n);
                md_want_int("last", log.last, n - RECORD);
                md_want_int("bad", log.bad, 0);
                md_want_int("checkpoint file", log.checkpoint.file, 3);
                md_want_int("checkpoint offset", log.checkpoint.offset, 500);
                md_want_int("checkpoint time", log.checkpoint_at / MD_SECOND, 1180000000);
            }
    md_want_true(md_bdb_library_of_log(9999) == NULL);
}

/* 28 bytes of head, then ten records of 60. */
static void ends_and_damage(void **state)
{
    static const struct {
        const char *says;
        size_t n;       /* bytes of the file */
        size_t at;      /* one byte that is changed; 0: none */
        uint64_t zeros; /* behind it */
        uint32_t end;
        uint64_t bad;
        bool is_broken_off;
    } rows[] = {
        {"whole", 628, 0, 0, 628, 0, false},
        {"in a file of its full size", 628, 0, 500, 628, 0, false},
        {"the last record breaks off", 600, 0, 0, 568, 0, true},
        {"the head of the last record breaks off", 574, 0, 0, 568, 0, true},
        {"a record in the middle is damaged", 628, 140, 0, 628, 1, false},
        {"the last record is damaged", 628, 600, 0, 568, 0, true},
        {"the length of a record is damaged", 628, 28 + 2 * RECORD + 5, 0, 148, 0, true},
        {"a record says that another one is before it", 628, 28 + 2 * RECORD, 0, 148, 0, true},
        {"only the header", 28, 0, 0, 28, 0, false},
        {"only the header, in a file of its full size", 28, 0, 900, 28, 0, false},
    };
    uint8_t bytes[2000];

    (void)state;
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_bdb_log log;

        memset(bytes, 0, sizeof bytes);
        (void)bdb_log(bytes, 19, 0, 10, false, false);
        memset(bytes + rows[i].n, 0, sizeof bytes - rows[i].n);
        if (rows[i].at > 0)
            bytes[rows[i].at] ^= 0x55;
        log = read_in(bytes, rows[i].n + rows[i].zeros, 50);
        md_test_case(i, rows[i].says);
        md_want_true(log.has_header);
        md_want_int("end", log.end, rows[i].end);
        md_want_int("bad", log.bad, rows[i].bad);
        md_want_int("broken off", log.is_broken_off, rows[i].is_broken_off);
        md_want_int("checkpoint", log.checkpoint.file, 0);
    }
}

static void headers(void **state)
{
    uint8_t bytes[700] = {0};
    struct md_bdb_log log;

    (void)state;
    log = read_in(bytes, 0, 1);
    md_want_true(!log.has_header && log.bytes == 0);
    log = read_in(bytes, 700, 700);
    md_want_true(!log.has_header && !log.is_followed && log.bytes == 700);
    /* Elsewhere than usual: what it is, but not where its records are. */
    (void)bdb_log(bytes + 16, 8, 0, 5, true, true);
    log = read_in(bytes, 700, 700);
    md_want_true(log.has_header && !log.is_followed && log.is_big);
    md_want_int("version", log.version, 8);
    md_want_int("checkpoint", log.checkpoint.file, 0);
}

static void names(void **state)
{
    uint32_t n = 0;

    (void)state;
    md_want_true(md_bdb_log_number(MD_LIT("log.0000000042"), &n) && n == 42);
    md_want_true(md_bdb_log_number(MD_LIT("log.00042"), &n) && n == 42);
    md_want_true(!md_bdb_log_number(MD_LIT("log.0000000000"), &n));
    md_want_true(!md_bdb_log_number(MD_LIT("log.9999999999"), &n));
    md_want_true(!md_bdb_log_number(MD_LIT("log.000000004x"), &n));
    md_want_true(!md_bdb_log_number(MD_LIT("log.000000042"), &n));
    md_want_true(!md_bdb_log_number(MD_LIT("admin.log"), &n));
}

static void regions(void **state)
{
    static const struct {
        const char *says;
        size_t at; /* of the magic number: behind a mutex up to 4.2 */
        uint32_t major, minor, panic;
        size_t time_at; /* 0: none */
        bool is_big, is_wide;
        bool has_time;
    } rows[] = {
        {"5.3, 64 bits", 0, 5, 3, 0, 32, false, true, true},
        {"5.3, 64 bits, panicked", 0, 5, 3, 1, 32, false, true, true},
        {"4.8, 32 bits, big endian", 0, 4, 8, 0, 28, true, false, true},
        {"4.8, 64 bits, big endian", 0, 4, 8, 5, 32, true, true, true},
        {"4.2 of a SPARC, panicked", 32, 4, 2, 1, 0, true, false, false},
        {"4.2 with a great mutex", 112, 4, 2, 0, 0, false, false, false},
        {"3.2", 24, 3, 2, 0, 0, true, false, false},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        uint8_t bytes[MD_BDB_REGION_HEAD] = {0};
        uint8_t *p = bytes + rows[i].at;
        struct md_bdb_region region;

        bdb_put32(p, 0x120897, rows[i].is_big);
        bdb_put32(p + 4, rows[i].panic, rows[i].is_big);
        bdb_put32(p + 8, rows[i].major, rows[i].is_big);
        bdb_put32(p + 12, rows[i].minor, rows[i].is_big);
        if (rows[i].time_at > 0)
            bdb_put32(p + rows[i].time_at + (rows[i].is_wide && rows[i].is_big ? 4 : 0), 1180000000, rows[i].is_big);
        md_test_case(i, rows[i].says);
        md_want_true(md_bdb_region_read(bytes, sizeof bytes, &region));
        md_want_int("panic", region.has_panic, rows[i].panic != 0);
        md_want_int("major", region.major, rows[i].major);
        md_want_int("minor", region.minor, rows[i].minor);
        md_want_int("made", region.made, rows[i].has_time ? 1180000000 * MD_SECOND : MD_TIME_NONE);
        md_want_true(!md_bdb_region_read(bytes, rows[i].at + 10, &region));
    }
}

static void regions_that_are_none(void **state)
{
    uint8_t bytes[MD_BDB_REGION_HEAD] = {0};
    struct md_bdb_region region;

    (void)state;
    md_want_true(!md_bdb_region_read(bytes, 0, &region));
    md_want_true(!md_bdb_region_read(bytes, sizeof bytes, &region));
    bdb_put32(bytes + 40, 0x120897, false);
    bdb_put32(bytes + 48, 7000, false); /* no version */
    md_want_true(!md_bdb_region_read(bytes, sizeof bytes, &region));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(logs_of_all_libraries_and_orders),
        MD_TEST(ends_and_damage),
        MD_TEST(headers),
        MD_TEST(names),
        MD_TEST(regions),
        MD_TEST(regions_that_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
