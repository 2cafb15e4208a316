#include "tests/unit/md_test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "probes/source/walk.h"

struct seen {
    size_t files, dirs, stop_after;
    uint64_t bytes;
    struct md_str wanted; /* a path */
    int64_t mtime;
    bool is_wanted_seen;
    size_t longest;
};

static bool look(void *ctx, const struct md_dir_entry *entry)
{
    struct seen *seen = ctx;

    if (entry->is_dir)
        seen->dirs++;
    else
        seen->files++;
    seen->bytes += entry->is_dir ? 0 : entry->size;
    if (entry->path.n > seen->longest)
        seen->longest = entry->path.n;
    if (md_str_eq(entry->path, seen->wanted)) {
        seen->is_wanted_seen = true;
        seen->mtime = entry->mtime;
    }
    return seen->files + seen->dirs != seen->stop_after;
}

static char *make_root(struct md_arena *arena)
{
    char *root = md_arena_printf(arena, "/tmp/md_walk.XXXXXX");

    assert_non_null(mkdtemp(root));
    return root;
}

static void make_file(int root, const char *path, const char *text)
{
    int fd = openat(root, path, O_CREAT | O_WRONLY | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* The tests' own folders only: at most two levels. */
static void remove_tree(const char *root, const char *const *paths, size_t n)
{
    int fd = open(root, O_RDONLY | O_DIRECTORY);

    for (size_t i = n; i > 0; i--)
        if (unlinkat(fd, paths[i - 1], 0) < 0)
            (void)unlinkat(fd, paths[i - 1], AT_REMOVEDIR);
    close(fd);
    (void)rmdir(root);
}

static void walks_files_and_folders_but_no_links(void **state)
{
    static const char *const paths[] = {"a", "a/001", "a/001/x", "a/y", "b", "link", "dead"};
    char *root = make_root(*state);
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    const struct md_walk_options options = {.root = root};
    struct md_diags *diags = md_diags_new(*state);
    struct seen seen = {.wanted = MD_LIT("a/001/x")};
    const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1795507912, .tv_nsec = 250000000}};

    mkdirat(fd, "a", 0700);
    mkdirat(fd, "a/001", 0700);
    mkdirat(fd, "b", 0700);
    make_file(fd, "a/001/x", "12345");
    make_file(fd, "a/y", "123");
    utimensat(fd, "a/001/x", times, 0);
    assert_int_equal(symlinkat("..", fd, "link"), 0);
    assert_int_equal(symlinkat("nowhere", fd, "dead"), 0);

    md_want_int("status", md_walk(&options, diags, look, &seen), MD_OK);
    md_want_int("folders", seen.dirs, 3);
    md_want_int("files and links", seen.files, 4);
    md_want_true(seen.is_wanted_seen);
    md_want_int("time", seen.mtime, INT64_C(1795507912250000));
    md_want_int("no complaint", md_diags_count(diags), 0);
    close(fd);
    remove_tree(root, paths, MD_ROWS(paths));
}

static void walks_folders_larger_than_a_batch(void **state)
{
    enum { FILES = 5000 };
    char *root = make_root(*state);
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    const struct md_walk_options options = {.root = root};
    const char **paths = md_arena_array(*state, FILES + 1, sizeof *paths);
    struct seen seen = {0};

    paths[0] = "sub";
    mkdirat(fd, "sub", 0700);
    for (size_t i = 1; i <= FILES; i++) {
        paths[i] = md_arena_printf(*state, "%s%zu", i % 2 == 0 ? "sub/" : "", i);
        make_file(fd, paths[i], "1");
    }
    md_want_int("status", md_walk(&options, NULL, look, &seen), MD_OK);
    md_want_int("files", seen.files, FILES);
    md_want_int("bytes", seen.bytes, FILES);
    md_want_int("folders", seen.dirs, 1);

    seen = (struct seen){.stop_after = 1500};
    md_want_int("stopped by the callback", md_walk(&options, NULL, look, &seen), MD_INTERRUPTED);
    md_want_int("at once", seen.files + seen.dirs, 1500);
    close(fd);
    remove_tree(root, paths, FILES + 1);
}

static void enters_only_so_many_levels(void **state)
{
    const char *paths[12];
    char *root = make_root(*state), *path = md_arena_printf(*state, "d");
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    const struct md_walk_options options = {.root = root};
    struct md_diags *diags = md_diags_new(*state);
    struct seen seen = {0};

    for (size_t i = 0; i < MD_ROWS(paths); i++) {
        paths[i] = path;
        mkdirat(fd, path, 0700);
        path = md_arena_printf(*state, "%s/d", path);
    }
    md_want_int("status", md_walk(&options, diags, look, &seen), MD_OK);
    md_want_int("folders", seen.dirs, MD_WALK_DEPTH_MAX);
    md_want_int("said", md_diags_count(diags), 1);
    close(fd);
    remove_tree(root, paths, MD_ROWS(paths));
}

static void says_what_cannot_be_read(void **state)
{
    static const char *const paths[] = {"closed", "open", "open/x"};
    char *root = make_root(*state);
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    const struct md_walk_options options = {.root = root}, nowhere = {.root = "/nowhere/at/all"};
    struct md_diags *diags = md_diags_new(*state);
    struct seen seen = {0};

    md_want_int("no root", md_walk(&nowhere, diags, look, &seen), MD_NOT_FOUND);
    mkdirat(fd, "open", 0700);
    make_file(fd, "open/x", "1");
    mkdirat(fd, "closed", 0);
    md_want_int("status", md_walk(&options, diags, look, &seen), MD_OK);
    md_want_int("the rest is walked", seen.files, 1);
    if (geteuid() != 0) /* root may read everything */
        md_want_int("said", md_diags_count(diags), 1);
    close(fd);
    remove_tree(root, paths, MD_ROWS(paths));
}

static void stops_on_interrupt(void **state)
{
    static const char *const paths[] = {"x"};
    char *root = make_root(*state);
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    volatile sig_atomic_t interrupted = 1;
    const struct md_walk_options options = {.root = root, .interrupted = &interrupted};
    struct seen seen = {0};

    make_file(fd, "x", "1");
    md_want_int("status", md_walk(&options, NULL, look, &seen), MD_INTERRUPTED);
    close(fd);
    remove_tree(root, paths, MD_ROWS(paths));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(walks_files_and_folders_but_no_links),
        MD_TEST(walks_folders_larger_than_a_batch),
        MD_TEST(enters_only_so_many_levels),
        MD_TEST(says_what_cannot_be_read),
        MD_TEST(stops_on_interrupt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
