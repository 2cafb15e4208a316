#include "tests/unit/probes/formats/calendar/bdb_made.h"

#include "probes/formats/calendar/bdb_walk.h"

struct walked {
    struct md_bdb_walk *walk;
    const struct md_bdb_file *file;
};

static struct walked walk(const uint8_t *bytes, size_t n, size_t chunk, const struct md_bdb_walk_options *options)
{
    struct walked w = {.walk = md_bdb_walk_new(options)};

    for (size_t at = 0; at < n; at += chunk)
        md_bdb_walk_feed(w.walk, bytes + at, n - at < chunk ? n - at : chunk);
    w.file = md_bdb_walk_end(w.walk);
    return w;
}

static struct md_bdb_file at_rest(const struct bdb_made *made, size_t n)
{
    const struct md_bdb_walk_options options = {.size = n};
    struct walked w = walk(made->bytes, n, 5000, &options);
    struct md_bdb_file file = *w.file;

    md_bdb_walk_free(&w.walk);
    return file;
}

static void sound_files_of_all_sizes_and_orders(void **state)
{
    static const size_t sizes[] = {512, 1024, 4096, 8192, 32768};
    static const size_t chunks[] = {1, 511, 4096, 100000};

    for (size_t i = 0; i < MD_ROWS(sizes); i++)
        for (int big = 0; big < 2; big++)
            for (uint32_t version = 8; version <= 9; version++)
                for (size_t c = 0; c < MD_ROWS(chunks); c++) {
                    struct bdb_made made = bdb_tree(*state, sizes[i], 20, version, big);
                    const struct md_bdb_walk_options options = {.size = UINT64_MAX};
                    struct walked w = walk(made.bytes, made.page * made.n_pages, chunks[c], &options);

                    md_test_case(sizes[i], big ? "big endian" : "little endian");
                    md_want_true(w.file->meta.fault == NULL);
                    md_want_int("version", w.file->meta.version, version);
                    md_want_int("pages", w.file->pages, 22);
                    md_want_int("leaves", w.file->types[MD_BDB_PAGE_BTREE_LEAF], 20);
                    md_want_int("damaged", w.file->damaged + w.file->zeroed + w.file->sum_wrong, 0);
                    md_want_int("end", w.file->ends_where_said, MD_BDB_YES);
                    md_want_int("links", w.file->hangs_together, MD_BDB_YES);
                    md_want_int("log of the latest page", w.file->lsn.file, 3);
                    md_want_int("offset of the latest page", w.file->lsn.offset, 2100);
                    md_want_int("latest page", w.file->lsn_page, 21);
                    md_bdb_walk_free(&w.walk);
                }
}

/* What one changed number does to a sound file of 4096 bytes a page. */
static const struct {
    const char *says;
    uint32_t page, at;
    int width; /* 1, 2 or 4 bytes */
    uint32_t value;
    uint64_t damaged;
    enum md_bdb_tri hangs_together;
} changes[] = {
    {"a page of the number of another", 5, 8, 4, 9, 1, MD_BDB_UNKNOWN},
    {"a type that is none", 5, 25, 1, 77, 1, MD_BDB_UNKNOWN},
    {"a type that a tree has not", 5, 25, 1, 13, 1, MD_BDB_UNKNOWN},
    {"a leaf that lies high", 5, 24, 1, 3, 1, MD_BDB_UNKNOWN},
    {"a root that lies low", 1, 24, 1, 1, 1, MD_BDB_UNKNOWN},
    {"more items than fit", 5, 20, 2, 3000, 1, MD_BDB_UNKNOWN},
    {"a key without data", 5, 20, 2, 3, 1, MD_BDB_UNKNOWN},
    {"a lowest item that is not there", 5, 22, 2, 4000, 1, MD_BDB_UNKNOWN},
    {"an item beyond the page", 5, 26, 2, 4095, 1, MD_BDB_UNKNOWN},
    {"an item in the head", 5, 26, 2, 4, 1, MD_BDB_UNKNOWN},
    {"a neighbour beyond the end", 5, 16, 4, 5000, 1, MD_BDB_UNKNOWN},
    {"its own neighbour", 5, 12, 4, 5, 1, MD_BDB_UNKNOWN},
    {"a chain that leads elsewhere", 5, 16, 4, 9, 0, MD_BDB_NO},
    {"a chain that breaks off", 5, 16, 4, 0, 0, MD_BDB_NO},
    {"a list of free pages with a leaf on it", 0, 28, 4, 7, 0, MD_BDB_NO},
    {"a root of another level", 1, 24, 1, 3, 0, MD_BDB_NO},
};

static void one_wrong_number_is_found(void **state)
{
    for (size_t i = 0; i < MD_ROWS(changes); i++)
        for (int big = 0; big < 2; big++) {
            struct bdb_made made = bdb_tree(*state, 4096, 20, 9, big);
            uint8_t *p = bdb_page(&made, changes[i].page) + changes[i].at;
            struct md_bdb_file file;

            if (changes[i].width == 1)
                *p = (uint8_t)changes[i].value;
            else if (changes[i].width == 2)
                bdb_put16(p, (uint16_t)changes[i].value, big);
            else
                bdb_put32(p, changes[i].value, big);
            md_test_case(i, changes[i].says);
            file = at_rest(&made, made.page * made.n_pages);
            md_want_int("damaged", file.damaged, changes[i].damaged);
            md_want_int("links", file.hangs_together, changes[i].hangs_together);
            if (changes[i].damaged > 0) {
                md_want_int("faults", file.n_faults, 1);
                md_want_int("page", file.faults[0].page, changes[i].page);
            }
        }
}

static void first_pages_that_are_none(void **state)
{
    static const struct {
        const char *says;
        uint32_t at, value;
        bool is_walked; /* the pages can be told apart all the same */
    } rows[] = {
        {"no magic number", 12, 0, false},          {"the magic number of something else", 12, 0x120897, false},
        {"a version of the future", 16, 77, true},  {"a page size that is no power of two", 20, 4095, false},
        {"a page size too small", 20, 256, false},  {"a page size too great", 20, 131072, false},
        {"the number of another page", 8, 3, true}, {"a root that is elsewhere", 88, 4, true},
        {"one key for a page", 76, 1, true},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct bdb_made made = bdb_tree(*state, 4096, 5, 9, false);
        struct md_bdb_file file;

        bdb_put32(made.bytes + rows[i].at, rows[i].value, false);
        file = at_rest(&made, made.page * made.n_pages);
        md_test_case(i, rows[i].says);
        md_want_true(file.meta.fault != NULL);
        md_want_int("pages", file.pages, rows[i].is_walked ? 7 : 0);
        md_want_int("links", file.hangs_together, MD_BDB_UNKNOWN);
    }
}

static void ends_of_files(void **state)
{
    struct bdb_made made = bdb_tree(*state, 4096, 20, 9, false);
    static const struct {
        const char *says;
        size_t n;
        bool is_multiple;
        enum md_bdb_tri ends;
    } rows[] = {
        {"whole", (size_t)22 * 4096, true, MD_BDB_YES},
        {"a page is missing", (size_t)21 * 4096, true, MD_BDB_NO},
        {"half a page is missing", (size_t)21 * 4096 + 2048, false, MD_BDB_NO},
        {"only the first page", 4096, true, MD_BDB_NO},
        {"a piece of the first page", 600, false, MD_BDB_NO},
        {"less than a first page", 300, false, MD_BDB_UNKNOWN},
        {"nothing", 0, false, MD_BDB_UNKNOWN},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_bdb_file file = at_rest(&made, rows[i].n);

        md_test_case(i, rows[i].says);
        md_want_int("bytes", file.bytes, rows[i].n);
        md_want_int("multiple", file.is_multiple, rows[i].is_multiple);
        md_want_int("end", file.ends_where_said, rows[i].ends);
        if (rows[i].n < MD_BDB_META)
            md_want_true(file.meta.fault != NULL);
    }
}

/* Pages 10 to 12 and those after 18 are zeros, or the file ends at 18; the checkpoint was at the change of one page. */
static void what_a_checkpoint_covers_must_be_there(void **state)
{
    static const struct {
        const char *says;
        bool is_open, is_cut;
        uint32_t settled; /* offset in log 3; 0: no checkpoint is known */
        uint32_t meta_lsn;
        uint64_t zeroed, unwritten;
        enum md_bdb_tri ends;
    } rows[] = {
        {"at rest all zeros are damage", false, false, 0, 5000, 6, 0, MD_BDB_YES},
        {"at rest a file that is too short is cut", false, true, 0, 5000, 3, 0, MD_BDB_NO},
        {"in use nothing is known without a checkpoint", true, false, 0, 5000, 0, 6, MD_BDB_YES},
        {"in use the end may be missing", true, true, 0, 5000, 0, 3, MD_BDB_UNKNOWN},
        {"a later page that is settled shows that zeros are damage", true, false, 1300, 5000, 3, 3, MD_BDB_YES},
        {"pages that are later than the checkpoint show nothing", true, false, 90, 5000, 0, 6, MD_BDB_YES},
        {"a settled first page shows how many there are", true, false, 90, 40, 6, 0, MD_BDB_YES},
        {"a settled first page shows that the file was cut", true, true, 90, 40, 3, 0, MD_BDB_NO},
        {"a settled root points at the missing pages", true, true, 150, 5000, 3, 0, MD_BDB_NO},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct bdb_made made = bdb_tree(*state, 4096, 20, 9, false);
        const struct md_bdb_walk_options options = {
            .size = UINT64_MAX,
            .is_open = rows[i].is_open,
            .settled = {rows[i].settled > 0 ? 3 : 0, rows[i].settled},
        };
        struct walked w;

        bdb_put32(made.bytes + 4, rows[i].meta_lsn, false);
        /* Only the row that says so has a root from before its checkpoint. */
        bdb_put32(bdb_page(&made, 1) + 4, rows[i].settled == 150 ? 100 : 4000, false);
        for (uint32_t page = 2; page < 22; page++)
            if (page < 13 && rows[i].settled != 1300)
                bdb_put32(bdb_page(&made, page) + 4, 4000 + page, false);
        for (uint32_t page = 10; page < 22; page++)
            if (page < 13 || page > 18)
                memset(bdb_page(&made, page), 0, made.page);
        /* The chain of what is left must not point at the end, which would show that it was there. */
        bdb_put32(bdb_page(&made, 18) + 16, 2, false);
        w = walk(made.bytes, (size_t)(rows[i].is_cut ? 19 : 22) * 4096, 4096, &options);
        md_test_case(i, rows[i].says);
        md_want_int("zeroed", w.file->zeroed, rows[i].zeroed);
        md_want_int("unwritten", w.file->unwritten, rows[i].unwritten);
        md_want_int("end", w.file->ends_where_said, rows[i].ends);
        md_bdb_walk_free(&w.walk);
    }
}

/* A pointer at nowhere is damage of the page that it is in, and no sign that the file was cut. */
static void settled_pages_point_at_what_there_is(void **state)
{
    static const struct {
        uint32_t settled;
        uint64_t damaged;
    } rows[] = {{5000, 1}, {90, 0}};

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct bdb_made made = bdb_tree(*state, 4096, 20, 9, false);
        const struct md_bdb_walk_options options = {
            .size = UINT64_MAX, .is_open = true, .settled = {3, rows[i].settled}};
        struct walked w;

        bdb_put32(bdb_page(&made, 7) + 16, 70000, false);
        w = walk(made.bytes, made.page * made.n_pages, 4096, &options);
        md_test_case(i, rows[i].damaged > 0 ? "settled" : "changed since");
        md_want_int("damaged", w.file->damaged, rows[i].damaged);
        md_want_int("end", w.file->ends_where_said, MD_BDB_YES);
        md_bdb_walk_free(&w.walk);
    }
}

static void pages_behind_the_last_one_are_no_damage(void **state)
{
    struct bdb_made made = bdb_tree(*state, 4096, 20, 9, false);
    struct md_bdb_file file;

    memset(bdb_page(&made, 20), 0, 2 * made.page);
    bdb_put32(made.bytes + 32, 19, false);
    file = at_rest(&made, made.page * made.n_pages);
    md_want_int("zeroed", file.zeroed, 0);
    md_want_int("beyond", file.beyond, 2);
    md_want_int("end", file.ends_where_said, MD_BDB_YES);
}

/* Pages of a hash database have no number until they are used; what else stands in them counts all the same. */
static void pages_without_a_number(void **state)
{
    for (int type = 0; type < 256; type++) {
        struct bdb_made made = bdb_tree(*state, 512, 3, 9, false);
        struct md_bdb_file file;

        bdb_put32(made.bytes + 12, 0x061561, false);
        made.bytes[25] = 8;
        memset(bdb_page(&made, 1), 0, 4 * made.page);
        bdb_page(&made, 3)[25] = (uint8_t)type;
        bdb_page(&made, 3)[100] = 1;
        file = at_rest(&made, made.page * made.n_pages);
        md_want_true(file.meta.fault == NULL);
        md_want_int("zeroed", file.zeroed, 0);
        md_want_true(file.damaged == (type != MD_BDB_PAGE_FREE && type != MD_BDB_PAGE_HASH_UNSORTED &&
                                      type != MD_BDB_PAGE_HASH && type != MD_BDB_PAGE_OVERFLOW &&
                                      type != MD_BDB_PAGE_DUPLICATES_LEAF && type != MD_BDB_PAGE_BTREE_INTERNAL &&
                                      type != MD_BDB_PAGE_RECNO_INTERNAL && type != MD_BDB_PAGE_RECNO_LEAF));
    }
}

static void old_formats_are_told(void **state)
{
    for (uint32_t version = 6; version <= 7; version++) {
        struct bdb_made made = bdb_tree(*state, 4096, 5, version, true);
        struct md_bdb_file file = at_rest(&made, made.page * made.n_pages);

        md_want_true(file.meta.is_old && file.meta.fault == NULL);
        md_want_int("damaged", file.damaged, 0);
        md_want_int("links", file.hangs_together, MD_BDB_UNKNOWN);
    }
}

/* Any bytes give an answer, and the counts of pages add up. */
static void noise_is_judged(void **state)
{
    uint64_t random = 88172645463325252U;

    for (int round = 0; round < 400; round++) {
        struct bdb_made made = bdb_tree(*state, 512, 12, 9, round % 2 == 1);
        size_t n = made.page * made.n_pages;
        struct md_bdb_file file;
        uint64_t good = 0;

        for (int i = 0; i < 1 + round % 40; i++)
            made.bytes[md_test_random(&random) % n] ^= (uint8_t)md_test_random(&random);
        file = at_rest(&made, n - md_test_random(&random) % 700);
        for (size_t t = 0; t < MD_BDB_PAGE_TYPES; t++)
            good += file.types[t];
        if (file.pages > 0 && file.meta.method == MD_BDB_BTREE && !file.meta.has_several)
            md_want_true(good + file.damaged + file.zeroed + file.sum_wrong + file.beyond + 1 >= file.pages);
        md_want_true(file.n_faults <= MD_BDB_FAULTS_MAX);
    }
}

static void sums_in_parts_are_the_sum(void **state)
{
    static const uint8_t text[] = "The quick brown fox jumps over the lazy dog";
    uint32_t slow = 0;

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        slow = slow * 33 + text[i];
    for (size_t cut = 0; cut <= sizeof text; cut++)
        md_want_int("sum", md_bdb_sum(md_bdb_sum(0, text, cut), text + cut, sizeof text - cut), slow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(sound_files_of_all_sizes_and_orders),
        MD_TEST(one_wrong_number_is_found),
        MD_TEST(first_pages_that_are_none),
        MD_TEST(ends_of_files),
        MD_TEST(what_a_checkpoint_covers_must_be_there),
        MD_TEST(settled_pages_point_at_what_there_is),
        MD_TEST(pages_behind_the_last_one_are_no_damage),
        MD_TEST(pages_without_a_number),
        MD_TEST(old_formats_are_told),
        MD_TEST(noise_is_judged),
        MD_TEST(sums_in_parts_are_the_sum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
