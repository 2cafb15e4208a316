#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "probes/bundle/pack.h"
#include "probes/bundle/spool.h"
#include "probes/bundle/write.h"
#include "probes/source/stream.h"
#include "tests/unit/probes/bundle/files.h"

static size_t entries_of(const char *folder)
{
    DIR *list = opendir(folder);
    size_t n = 0;

    assert_non_null(list);
    while (readdir(list) != NULL)
        n++;
    closedir(list);
    return n - 2;
}

static enum md_status add(struct md_bundle *bundle, const char *name, struct md_str bytes)
{
    enum md_status status = md_bundle_begin(bundle, md_str(name), bytes.n, 1795500000 * MD_SECOND);

    if (status == MD_OK)
        status = md_bundle_add(bundle, bytes);
    return status == MD_OK ? md_bundle_end(bundle) : status;
}

static void writes_what_can_be_read(void **state)
{
    static const char *const names[] = {"a.tar.zst", "a.tar.gz", "a.tgz", "a.tar.xz", "a.tar.bz2", "a.tar", "a.zip"};
    const char *folder = files_folder(*state), *temporary;

    for (size_t i = 0; i < MD_ROWS(names); i++) {
        struct md_diags *diags = md_diags_new(*state);
        const struct md_bundle_options options = {.path = md_arena_printf(*state, "%s/%s", folder, names[i])};
        const struct md_source_options reading = {.at = MD_TIME_NONE};
        struct md_bundle *bundle = NULL;
        struct md_pack *pack;
        struct stat st;

        md_test_case(i, names[i]);
        md_want_int("create", md_bundle_create(*state, &options, diags, &bundle), MD_OK);
        md_want_int("member", add(bundle, "files/a", MD_LIT("one\n")), MD_OK);
        md_want_int("member", add(bundle, "files/\xe9 empty", MD_LIT("")), MD_OK);
        md_want_true(stat(options.path, &st) != 0);
        md_want_int("close", md_bundle_close(bundle, &temporary), MD_OK);
        md_want_int("publish", md_bundle_publish(&bundle), MD_OK);
        md_want_true(bundle == NULL && stat(options.path, &st) == 0);
        md_want_int("mode", st.st_mode & 07777, 0600);
        md_want_int("read", md_pack_open_archive(*state, options.path, &reading, diags, &pack), MD_OK);
        md_want_int("members", pack->n, 2);
        md_want_str("name", pack->members[0].name, "files/a");
        md_want_str("name", pack->members[1].name, "files/\xe9 empty");
        md_want_str("text", pack->members[0].head, "one\n");
        md_want_int("time", pack->members[0].mtime, 1795500000 * MD_SECOND);
        md_pack_close(pack);
    }
    md_want_int("files", entries_of(folder), MD_ROWS(names));
    files_remove(folder);
}

static void refuses_names_and_places(void **state)
{
    const char *folder = files_folder(*state);
    const char *store = md_arena_printf(*state, "%s/store", folder), *link = md_arena_printf(*state, "%s/link", folder);
    const char *const forbidden[] = {"/nowhere/at/all", store};
    const struct {
        const char *says, *name, *complaint;
        enum md_status status;
    } cases[] = {
        {"a name without a format", "a.txt", "ends with", MD_BAD_INPUT},
        {"inside", "store/a.zip", "does not belong", MD_BAD_INPUT},
        {"below", "store/deep/er/a.zip", "does not belong", MD_BAD_INPUT},
        {"by way of a link", "link/er/a.zip", "does not belong", MD_BAD_INPUT},
        {"by way of ..", "folder.zip/../store/deep/../a.zip", "does not belong", MD_BAD_INPUT},
        {"by way of a link and ..", "link/../a.zip", "does not belong", MD_BAD_INPUT},
        {"a folder that is not there", "no/a.zip", "not there", MD_NOT_FOUND},
        {"over a folder", "folder.zip", "no plain file", MD_BAD_INPUT},
        {"beside", "a.zip", NULL, MD_OK},
    };

    files_write(*state, folder, "store/deep/er/file", MD_LIT("x"));
    files_write(*state, folder, "folder.zip/file", MD_LIT("x"));
    assert_int_equal(symlink("store/deep", link), 0);
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_diags *diags = md_diags_new(*state);
        const struct md_bundle_options options = {
            .path = md_arena_printf(*state, "%s/%s", folder, cases[i].name), .forbidden = forbidden, .n_forbidden = 2};
        struct md_bundle *bundle = NULL;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_bundle_create(*state, &options, diags, &bundle), cases[i].status);
        md_want_true(cases[i].complaint == NULL || files_complained(diags, cases[i].complaint));
        md_bundle_discard(&bundle);
    }
    md_want_int("files", entries_of(folder), 3);
    (void)unlink(link);
    files_remove(folder);
}

/* Folders that are known only when the configuration was read. */
static void refuses_places_that_are_learned(void **state)
{
    const char *folder = files_folder(*state), *part = md_arena_printf(*state, "%s/part", folder);
    const char *const other[] = {"/nowhere", md_arena_printf(*state, "%s/other", folder)}, *const own[] = {other[1],
                                                                                                           part};
    struct md_diags *diags = md_diags_new(*state);
    const struct md_bundle_options options = {.path = md_arena_printf(*state, "%s/sub/a.zip", part)};
    struct md_bundle *bundle = NULL;

    files_write(*state, folder, "part/sub/file", MD_LIT("x"));
    files_write(*state, folder, "other/file", MD_LIT("x"));
    md_want_int("create", md_bundle_create(*state, &options, diags, &bundle), MD_OK);
    md_want_int("others", md_bundle_forbid(bundle, other, 2), MD_OK);
    md_want_int("its own", md_bundle_forbid(bundle, own, 2), MD_BAD_INPUT);
    md_want_int("then nothing is written", add(bundle, "a", MD_LIT("x")), MD_BAD_INPUT);
    md_want_true(files_complained(diags, "does not belong"));
    md_bundle_discard(&bundle);
    md_want_int("files", entries_of(md_arena_printf(*state, "%s/sub", part)), 1);
    files_remove(folder);
}

/* Bytes that cannot be compressed. */
static struct md_str noise(struct md_arena *arena, size_t n)
{
    char *bytes = md_arena_alloc(arena, n);
    uint64_t seed = 7;

    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(md_test_random(&seed) >> 32);
    return md_str_n(bytes, n);
}

static void leaves_nothing_behind(void **state)
{
    static const struct {
        const char *says, *complaint;
        uint64_t limit;
        bool is_interrupted;
        enum md_status status;
    } cases[] = {{"over the limit", "limit", 1 << 20, false, MD_LIMIT},
                 {"after Ctrl-C", "interrupted", 8 << 20, true, MD_INTERRUPTED},
                 {"given up", NULL, 8 << 20, false, MD_OK}};
    struct md_str bytes = noise(*state, 2 << 20);
    const char *folder = files_folder(*state);

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        volatile sig_atomic_t interrupted = 0;
        struct md_diags *diags = md_diags_new(*state);
        const struct md_bundle_options options = {.path = md_arena_printf(*state, "%s/a.tar.gz", folder),
                                                  .limit = cases[i].limit,
                                                  .interrupted = &interrupted};
        struct md_bundle *bundle = NULL;
        enum md_status status;

        md_test_case(i, cases[i].says);
        md_want_int("create", md_bundle_create(*state, &options, diags, &bundle), MD_OK);
        interrupted = cases[i].is_interrupted;
        status = add(bundle, "a", bytes);
        if (status == MD_OK)
            status = add(bundle, "b", bytes); /* what is compressed may lag behind */
        md_want_int("status", status, cases[i].status);
        md_want_true(cases[i].complaint == NULL || files_complained(diags, cases[i].complaint));
        md_want_true(md_bundle_written(bundle) <= cases[i].limit);
        md_bundle_discard(&bundle);
        md_want_int("files", entries_of(folder), 0);
    }
    files_remove(folder);
}

static void spools_small_and_large(void **state)
{
    static const size_t sizes[] = {0, 1, MD_SPOOL_MEMORY, MD_SPOOL_MEMORY + 1, 3 * MD_SPOOL_MEMORY};
    const char *folder = files_folder(*state);

    for (size_t i = 0; i < MD_ROWS(sizes); i++) {
        struct md_spool *spool = md_spool_new(folder, UINT64_MAX);
        struct md_str bytes = noise(*state, sizes[i] + 1), got;
        struct md_stream *stream;

        md_test_case(i, "size");
        for (size_t at = 0; at < sizes[i]; at += 100000)
            md_want_int("add", md_spool_add(spool, md_str_sub(md_str_sub(bytes, 0, sizes[i]), at, 100000)), MD_OK);
        md_want_int("size", md_spool_size(spool), sizes[i]);
        md_want_int("files", entries_of(folder), 0);
        for (int twice = 0; twice < 2; twice++) {
            md_want_int("open", md_spool_open(spool, &stream), MD_OK);
            md_want_int("read", md_stream_read_all(stream, *state, SIZE_MAX / 4, &got), MD_OK);
            md_want_true(md_str_eq(got, md_str_sub(bytes, 0, sizes[i])));
            md_stream_close(&stream);
        }
        md_spool_free(&spool);
    }
    files_remove(folder);
}

static void spools_no_more_than_allowed(void **state)
{
    const char *folder = files_folder(*state);
    struct md_spool *spool = md_spool_new(folder, 2 << 20);
    struct md_str bytes = noise(*state, 1 << 20);
    enum md_status status = MD_OK;
    struct md_stream *stream;

    for (int i = 0; i < 6 && status == MD_OK; i++)
        status = md_spool_add(spool, bytes);
    md_want_int("status", status, MD_LIMIT);
    md_want_int("open", md_spool_open(spool, &stream), MD_LIMIT);
    md_spool_free(&spool);
    files_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(writes_what_can_be_read),         MD_TEST(refuses_names_and_places),
                                       MD_TEST(refuses_places_that_are_learned), MD_TEST(leaves_nothing_behind),
                                       MD_TEST(spools_small_and_large),          MD_TEST(spools_no_more_than_allowed)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
