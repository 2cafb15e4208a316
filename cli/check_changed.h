/*
 * cli/check_changed: what changed in a work tree of git since a revision (--changed-since).
 *
 * Runs `git` of the user's PATH, by argv, never through a shell, without external diff programs, and with no write to the repository.
 */
#ifndef CLI_CHECK_CHANGED_H
#define CLI_CHECK_CHANGED_H

#include <signal.h>

#include "cli/check_diff.h"
#include "engine/base/diag.h"
#include "engine/base/status.h"

/* `folder`: in the work tree. `files`: names below it, "/" between components; only these are looked at. Names in the diff are relative to
 * the folder. A failure was said in `diags`: MD_NOT_FOUND: no git, no work tree, no such revision; else as md_command_run. */
MD_MUST_CHECK enum md_status md_check_changed(struct md_arena *arena, const char *folder, const char *rev,
                                              const struct md_str *files, size_t n,
                                              const volatile sig_atomic_t *interrupted, struct md_diags *diags,
                                              struct md_check_diff **ret);

#endif
