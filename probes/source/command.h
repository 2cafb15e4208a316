/*
 * probes/source/command: runs one command of this host and keeps what it prints.
 *
 * By argv, never through a shell; standard input is empty, the locale is C, the working folder is /, the environment
 * holds only PATH, LC_ALL and TZ. In a process group of its own: after the time limit it gets SIGTERM, some seconds
 * later SIGKILL, unless it must not be killed (store utilities leave locks behind); then it is left alone and its
 * output so far is used.
 */
#ifndef PROBES_SOURCE_COMMAND_H
#define PROBES_SOURCE_COMMAND_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#define MD_COMMAND_SECONDS 60
#define MD_COMMAND_GRACE_SECONDS 5
#define MD_COMMAND_OUTPUT_MAX ((size_t)64 << 20)
#define MD_COMMAND_ERROR_MAX ((size_t)65536)

struct md_command_options {
    double seconds;    /* 0: MD_COMMAND_SECONDS */
    size_t output_max; /* 0: MD_COMMAND_OUTPUT_MAX */
    bool never_kill;
    const volatile sig_atomic_t *interrupted; /* may be NULL */
};

struct md_command_output {
    struct md_str out, err; /* in the arena; err is cut */
    int exit_code;          /* -1: it did not exit by itself */
};

/* argv[0] is an absolute path. MD_OK, whatever its exit code; MD_NOT_FOUND, MD_NO_ACCESS: it could not be started;
 * MD_TIMEOUT, MD_LIMIT, MD_INTERRUPTED: with the output so far in *ret. */
MD_MUST_CHECK enum md_status md_command_run(struct md_arena *arena, const char *const *argv,
                                            const struct md_command_options *options, struct md_command_output *ret);

#endif
