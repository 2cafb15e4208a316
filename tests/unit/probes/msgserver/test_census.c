#include "tests/unit/md_test.h"

#include <math.h>

#include "probes/msgserver/census.h"
#include "probes/msgserver/stuck_set.h"

#define NOW (INT64_C(1795507920) * MD_SECOND)

static int64_t ago(double minutes)
{
    return NOW - (int64_t)(minutes * (double)MD_MINUTE);
}

/* A few entries of two channels, in two halves that can be counted apart. */
static const struct {
    const char *path;
    bool is_dir;
    uint64_t size;
    double minutes; /* of age; negative: no time */
} entries[] = {
    {"tcp_local", true, 0, 9},
    {"tcp_local/001", true, 0, 9},
    {"tcp_local/002", true, 0, 9},
    {"tcp_local/001/ZZaaaaaaaaaaa.00", false, 100, 1},
    {"tcp_local/001/ZZaaaaaaaaaab.00", false, 200, 31},
    {"tcp_local/001/ZZaaaaaaaaaab.01", false, 200, 30},
    {"tcp_local/001/ZYaaaaaaaaaac.00", false, 300, 50},
    {"tcp_local/002/ZXaaaaaaaaaad.00", false, 400, 300},
    {"tcp_local/002/ZYaaaaaaaaaae.00", false, 400, 80},
    {"tcp_local/002/ZZaaaaaaaaaaf.HELD", false, 500, 5000},
    {"tcp_local/002/ZZaaaaaaaaaag.00", false, 1, -1},
    {"tcp_local/core", false, 9, 60},
    /* here the second half begins */
    {"tcp_local/001/ZZaaaaaaaaaaa.01", false, 100, 2},
    {"tcp_local/spool", true, 0, 0},
    {"tcp_local/spool/x.data-failed", false, 1000, 90},
    {"tcp_local/spool/x.data", false, 1000, 90},
    {"tcp_local/old", true, 0, 70},
    {"tcp_local/old/ZZaaaaaaaaaaa.02", false, 100, 2},
    {"hold", true, 0, 9},
    {"hold/ZZbbbbbbbbbbb.HELD", false, 700, 60},
    {"reprocess", true, 0, 0},
    {"lost+found", true, 0, 0},
    {"lost+found/#123", false, 1, 0},
    {"mail.tar", false, 1, 0},
    {"l/ZZccccccccccc.06", false, 7, 10},
};
#define HALF 12

static void fill(struct md_census *census, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        md_census_add(census, md_str(entries[i].path), entries[i].is_dir, entries[i].size,
                      entries[i].minutes < 0 ? MD_TIME_NONE : ago(entries[i].minutes));
}

static void schedule(void *ctx, struct md_str channel, struct md_census_schedule *ret)
{
    (void)ctx;
    if (md_str_is(channel, "tcp_local")) {
        *ret = (struct md_census_schedule){.backoff_s = {3600, 7200}, .n_backoff = 2, .age_limit_s = 3 * 3600};
    }
}

static void check(struct md_arena *arena, struct md_census *census)
{
    const struct md_census_channel *c = md_census_channel(census, MD_LIT("tcp_local"));
    const struct md_census_channel *hold = md_census_channel(census, MD_LIT("hold"));
    const uint64_t *released = md_census_hand_released(census, arena);
    struct md_census_channel total = md_census_total(census);

    md_want_int("channels", md_census_channel_count(census), 4);
    md_want_int("files", c->files, 9);
    md_want_int("untried", c->untried, 5);
    md_want_int("tried", c->tried, 3);
    md_want_int("held", c->held, 1);
    md_want_int("bytes", c->bytes, 2201);
    md_want_int("largest", c->largest, 500);
    md_want_int("folders", c->subdirs, 2);
    md_want_int("undated", c->undated, 1);
    md_want_int("attempts", c->attempts_total, 4);
    md_want_int("most attempts", c->attempts_max, 2);
    md_want_int("once tried", c->generations[1], 2);
    md_want_int("twice tried", c->generations[2], 1);
    md_want_int("oldest", c->oldest, ago(5000));
    md_want_int("newest", c->newest, ago(1));
    md_want_int("oldest untried", c->oldest_untried, ago(31));
    md_want_int("newest tried", c->newest_tried, ago(50));
    md_want_int("oldest held", c->oldest_held, ago(5000));
    md_want_int("untried over 30 minutes", md_census_older(c->untried_ages, 30), 1);
    md_want_int("untried under 2 minutes", md_census_younger(c->untried_ages, 2), 2);
    md_want_int("waits for its time", c->in_backoff, 1);
    md_want_int("long past its time", c->overdue, 1);
    md_want_int("older than the limit", c->over_age, 1);
    md_want_int("guess: two hours before the second try", c->oldest_guess, ago(360));
    md_want_int("foreign: a file, a folder, a file in it", c->foreign, 3);
    md_want_int("left over", c->leftovers, 1);
    md_want_int("left over bytes", c->leftover_bytes, 1000);
    md_want_int("submissions", c->slots, 7);
    md_want_int("held", hold->held, 1);
    md_want_int("not released by hand", released[c->index], 0);
    md_want_int("released by hand", released[md_census_channel(census, MD_LIT("l"))->index], 1);
    md_want_int("an empty channel is there", md_census_channel(census, MD_LIT("reprocess"))->files, 0);
    md_want_int("all files", total.files, 11);
    md_want_int("all bytes", total.bytes, 2908);
    md_want_int("foreign in the root", md_census_root_foreign(census), 2);
}

static void counts_what_is_there(void **state)
{
    struct md_census *census = md_census_new(&(struct md_census_options){.now = NOW, .schedule = schedule});

    fill(census, 0, MD_ROWS(entries));
    check(*state, census);
    md_census_free(&census);
}

static void merges_into_the_census_of_both(void **state)
{
    struct md_census *a = md_census_new(&(struct md_census_options){.now = NOW, .schedule = schedule});
    struct md_census *b = md_census_new(&(struct md_census_options){.now = NOW, .schedule = schedule});

    fill(a, 0, HALF);
    fill(b, HALF, MD_ROWS(entries));
    md_census_merge(a, b);
    check(*state, a);
    md_census_free(&a);
    md_census_free(&b);
}

static void finds_files_by_their_unique_part(void **state)
{
    struct md_census *census = md_census_new(&(struct md_census_options){.now = NOW});
    struct md_stuck *slot;
    size_t cursor = 0, n = 0;

    (void)state;
    fill(census, 0, MD_ROWS(entries));
    slot = md_census_find(census, MD_LIT("tcp_local"), MD_LIT("aaaaaaaaaab"));
    md_want_true(slot != NULL);
    md_want_int("copies", slot->copies, 2);
    md_want_int("oldest copy", slot->mtime, ago(31));
    md_want_true(md_census_find(census, MD_LIT("tcp_local"), MD_LIT("aaaaaaaaaaf"))->is_held);
    md_want_int("attempts", md_census_find(census, MD_LIT("tcp_local"), MD_LIT("aaaaaaaaaad"))->attempts, 2);
    md_want_true(md_census_find(census, MD_LIT("hold"), MD_LIT("aaaaaaaaaab")) == NULL);
    md_want_true(md_census_find(census, MD_LIT("tcp_nowhere"), MD_LIT("aaaaaaaaaab")) == NULL);
    md_want_true(md_census_find(census, MD_LIT("tcp_local"), MD_LIT("AAAAAAAAAAB")) == NULL);
    while (md_census_next(census, &cursor) != NULL)
        n++;
    md_want_int("slots", n, md_census_stuck_count(census));
    md_want_int("slots", n, 9);
    md_census_free(&census);
}

static void keeps_a_fair_sample_in_bounds(void **state)
{
    struct md_census *census = md_census_new(&(struct md_census_options){.now = NOW});
    enum { FILES = 600000 };
    uint64_t factor;
    const struct md_census_channel *c;

    (void)state;
    for (unsigned i = 0; i < FILES; i++) {
        char path[64];

        (void)snprintf(path, sizeof path, "tcp_local/%03u/ZZf0%09u.00", i % 20 + 1, i);
        md_census_add(census, md_str(path), false, 1, ago(i % 600));
    }
    factor = md_census_stuck_factor(census);
    c = md_census_channel_at(census, 0);
    md_want_int("counts stay exact", c->files, FILES);
    md_want_int("factor", factor, 4);
    md_want_true(md_census_stuck_count(census) <= MD_CENSUS_STUCK_MAX);
    md_want_double("the sample stands for all", (double)(md_census_stuck_count(census) * factor), FILES, FILES * 0.02);
    md_want_int("slots of the channel", c->slots, md_census_stuck_count(census));
    md_want_int("folders", c->subdirs, 20);
    md_census_free(&census);
}

static void bounds_the_number_of_channels(void **state)
{
    struct md_census *census = md_census_new(&(struct md_census_options){.now = NOW});

    (void)state;
    for (unsigned i = 0; i < MD_CENSUS_CHANNELS_MAX + 500; i++) {
        char path[64];

        (void)snprintf(path, sizeof path, "c%u/ZZf0000000.00", i);
        md_census_add(census, md_str(path), false, 1, ago(1));
    }
    md_want_int("channels", md_census_channel_count(census), MD_CENSUS_CHANNELS_MAX + 1);
    md_want_int("the others", md_census_channel(census, MD_LIT("(others)"))->files, 500);
    md_want_int("files", md_census_total(census).files, MD_CENSUS_CHANNELS_MAX + 500);
    md_census_free(&census);
}

static void places_ages_in_bins(void **state)
{
    static const struct {
        const char *says;
        double minutes;
        unsigned limit;
        bool is_older;
    } cases[] = {
        {"just at the limit is not older", 30, 30, false},
        {"a second past it is", 30.02, 30, true},
        {"new is not older", 0, 1, false},
        {"from the future is not older", -100, 1, false},
        {"months old", 200000, 20160, true},
        {"two weeks are the last limit", 20160, 20160, false},
        {"between limits the larger one holds", 40, 35, false},
    };
    (void)state;

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_census *census = md_census_new(&(struct md_census_options){.now = NOW});

        md_test_case(i, cases[i].says);
        md_census_add(census, MD_LIT("l/ZZaaaaaaaaaaa.00"), false, 1, ago(cases[i].minutes));
        md_want_int("older", md_census_older(md_census_channel_at(census, 0)->untried_ages, cases[i].limit),
                    cases[i].is_older);
        md_census_free(&census);
    }
}

static void thins_by_hash(void **state)
{
    struct md_stuck_set set;

    (void)state;
    md_stuck_set_init(&set, 8);
    for (uint64_t h = 1; h <= 64; h++)
        (void)md_stuck_set_add(&set, h);
    md_want_int("factor", set.factor, 8);
    md_want_int("kept", set.n, 8);
    for (uint64_t h = 1; h <= 64; h++)
        md_want_int("only the multiples", md_stuck_set_find(&set, h) != NULL, h % 8 == 0);
    md_want_true(md_stuck_set_add(&set, 8) == &set.slots[0]);
    md_stuck_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(counts_what_is_there),
        MD_TEST(merges_into_the_census_of_both),
        MD_TEST(finds_files_by_their_unique_part),
        MD_TEST(keeps_a_fair_sample_in_bounds),
        MD_TEST(bounds_the_number_of_channels),
        MD_TEST(places_ages_in_bins),
        MD_TEST(thins_by_hash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
