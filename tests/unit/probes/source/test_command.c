#include "tests/unit/md_test.h"

#include <unistd.h>

#include "probes/source/command.h"

static enum md_status run(struct md_arena *arena, const char *script, const struct md_command_options *options,
                          struct md_command_output *ret)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};

    return md_command_run(arena, argv, options, ret);
}

static void keeps_what_is_printed(void **state)
{
    struct md_command_options options = {.seconds = 20};
    struct md_command_output output;

    md_want_int("status", run(*state, "echo out; echo err >&2; exit 3", &options, &output), MD_OK);
    md_want_str("out", output.out, "out\n");
    md_want_str("err", output.err, "err\n");
    md_want_int("exit", output.exit_code, 3);
}

static void runs_in_a_clean_room(void **state)
{
    struct md_command_options options = {.seconds = 20};
    struct md_command_output output;

    assert_int_equal(setenv("SECRET_OF_OURS", "x", 1), 0);
    md_want_int("status",
                run(*state, "pwd; echo \"$LC_ALL,$SECRET_OF_OURS\"; cat; wc -l </proc/self/fd/0 2>/dev/null || true",
                    &options, &output),
                MD_OK);
    md_want_true(md_str_has_prefix(output.out, MD_LIT("/\nC,\n")));
    assert_int_equal(unsetenv("SECRET_OF_OURS"), 0);
}

static void stops_what_does_not_end(void **state)
{
    struct md_command_options options = {.seconds = 0.3};
    struct md_command_output output;

    md_want_int("status", run(*state, "echo before; sleep 100", &options, &output), MD_TIMEOUT);
    md_want_str("what came before", output.out, "before\n");
    md_want_int("exit", output.exit_code, -1);
}

static void what_must_not_be_killed_is_left_alone(void **state)
{
    /* It ignores SIGTERM, ends by itself after the grace time, and is never killed. */
    struct md_command_options options = {.seconds = 0.2, .never_kill = true};
    struct md_command_output output;
    char name[] = "/tmp/md-test-XXXXXX";
    int fd = mkstemp(name);
    bool is_there = true;

    assert_true(fd >= 0);
    close(fd);
    md_want_int(
        "status",
        run(*state, md_arena_printf(*state, "trap '' TERM; echo before; sleep 6; rm %s", name), &options, &output),
        MD_TIMEOUT);
    md_want_str("what came before", output.out, "before\n");
    for (int i = 0; i < 50 && is_there; i++) {
        struct timespec pause = {.tv_nsec = 100000000};

        is_there = access(name, F_OK) == 0;
        (void)nanosleep(&pause, NULL);
    }
    md_want_int("it went on to its end", is_there, false);
}

static void output_is_bounded(void **state)
{
    struct md_command_options options = {.seconds = 20, .output_max = 1000};
    struct md_command_output output;

    md_want_int("status", run(*state, "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", &options, &output),
                MD_LIMIT);
    md_want_int("size", output.out.n, 1000);
}

static void says_what_cannot_be_started(void **state)
{
    static const char *const missing[] = {"/nowhere/at/all", NULL}, *const folder[] = {"/tmp", NULL};
    struct md_command_options options = {.seconds = 5};
    struct md_command_output output;

    md_want_int("missing", md_command_run(*state, missing, &options, &output), MD_NOT_FOUND);
    md_want_int("a folder", md_command_run(*state, folder, &options, &output), MD_NO_ACCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(keeps_what_is_printed),   MD_TEST(runs_in_a_clean_room),
                                       MD_TEST(stops_what_does_not_end), MD_TEST(what_must_not_be_killed_is_left_alone),
                                       MD_TEST(output_is_bounded),       MD_TEST(says_what_cannot_be_started)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
