#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "probes/bundle/pack.h"
#include "probes/source/stream.h"
#include "tests/unit/probes/bundle/files.h"

#define LARGE (MD_PACK_HELD_EACH + 1000) /* bytes of a member that is not held */
#define MEMBERS 4

/* Members "0", "1", ...: each LARGE bytes of its own digit. */
static struct md_pack *pack_of_large_members(struct md_arena *arena, const char *folder, struct md_diags *diags)
{
    static const struct md_source_options options = {.at = MD_TIME_NONE};
    const char *path = md_arena_printf(arena, "%s/a.tar.gz", folder);
    struct archive *archive = files_archive(path, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP);
    char *bytes = md_arena_alloc(arena, LARGE), name[2] = "0";
    struct md_pack *pack;

    for (; name[0] < '0' + MEMBERS; name[0]++) {
        memset(bytes, name[0], LARGE);
        files_entry(archive, name, AE_IFREG, NULL, md_str_n(bytes, LARGE));
    }
    files_close(archive);
    assert_int_equal(md_pack_open_archive(arena, path, &options, diags, &pack), MD_OK);
    assert_int_equal(pack->n, MEMBERS);
    return pack;
}

static struct md_stream *open_member(struct md_pack *pack, size_t i)
{
    struct md_stream *stream;

    assert_int_equal(md_pack_stream(pack, &pack->members[i], &stream), MD_OK);
    return stream;
}

/* Reads at most `max` bytes, which must be those of the member; returns how many. */
static size_t read_digits(struct md_stream *stream, size_t member, size_t max)
{
    char chunk[8192];
    size_t size = 0;
    ptrdiff_t got;

    while (size < max && (got = md_stream_read(stream, chunk, sizeof chunk)) != 0) {
        assert_true(got > 0);
        for (ptrdiff_t i = 0; i < got; i++)
            assert_int_equal(chunk[i], '0' + (int)member);
        size += (size_t)got;
    }
    return size;
}

static const struct {
    const char *says;
    size_t order[MEMBERS];
    size_t read;          /* bytes of each before it is closed */
    uint64_t passed_over; /* members */
} orders[] = {
    {"in the order of the archive one pass is enough", {0, 1, 2, 3}, LARGE, 0},
    {"a member that was closed early is passed over", {0, 1, 2, 3}, 1, 0},
    {"what lies before takes another pass", {3, 2, 1, 0}, LARGE, 3 + 2 + 1},
    {"the same one twice as well", {1, 1, 2, 2}, LARGE, 1 + 1 + 2},
};

static void large_members_are_read_in_any_order(void **state)
{
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(orders); i++) {
        struct md_diags *diags = md_diags_new(arena);
        const char *folder = files_folder(arena);
        struct md_pack *pack = pack_of_large_members(arena, folder, diags);

        md_test_case(i, orders[i].says);
        for (size_t k = 0; k < MEMBERS; k++) {
            struct md_stream *stream = open_member(pack, orders[i].order[k]);
            size_t n = read_digits(stream, orders[i].order[k], orders[i].read);

            md_want_true(n >= orders[i].read && n <= LARGE);
            md_stream_close(&stream);
        }
        md_want_int("passed over", pack->passed, orders[i].passed_over * LARGE);
        md_want_int("problems", md_diags_count(diags), 0);
        md_pack_close(pack);
        files_remove(folder);
    }
}

static void two_members_are_read_at_once(void **state)
{
    struct md_arena *arena = *state;
    const char *folder = files_folder(arena);
    struct md_pack *pack = pack_of_large_members(arena, folder, md_diags_new(arena));
    struct md_stream *a = open_member(pack, 2), *b = open_member(pack, 0);

    (void)read_digits(a, 2, 100000);
    (void)read_digits(b, 0, 100000);
    md_stream_close(&a);
    (void)read_digits(b, 0, LARGE);
    md_stream_close(&b);
    md_pack_close(pack);
    files_remove(folder);
}

static void the_head_of_a_large_member_costs_no_pass(void **state)
{
    struct md_arena *arena = *state;
    const char *folder = files_folder(arena);
    struct md_pack *pack = pack_of_large_members(arena, folder, md_diags_new(arena));
    char head[16];
    bool is_whole = true;

    md_want_int("bytes", md_pack_head(pack, &pack->members[3], head, sizeof head, &is_whole), sizeof head);
    md_want_true(head[15] == '3');
    md_want_true(!is_whole);
    md_want_int("passed over", pack->passed, 0);
    md_pack_close(pack);
    files_remove(folder);
}

static void passing_over_is_bounded(void **state)
{
    struct md_pack pack = {.fd = -1, .unpacked = 1000};
    const uint64_t most = (UINT64_C(4) << 30) + 6000;

    (void)state;
    md_want_int("too much at once", md_pack_pass_over(&pack, most + 1), MD_LIMIT);
    md_want_int("just enough", md_pack_pass_over(&pack, most - 1), MD_OK);
    md_want_int("one more", md_pack_pass_over(&pack, 1), MD_OK);
    md_want_int("and no more", md_pack_pass_over(&pack, 1), MD_LIMIT);
    md_want_int("but nothing is always free", md_pack_pass_over(&pack, 0), MD_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(large_members_are_read_in_any_order),
        MD_TEST(two_members_are_read_at_once),
        MD_TEST(the_head_of_a_large_member_costs_no_pass),
        MD_TEST(passing_over_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
