/*
 * probes/source/walk: walks a folder of this host, fast.
 *
 * Gives every entry below the root with size and modification time, without following links and without opening files.
 * Names are read in batches and looked up in the order of their inodes, which saves most of the seeks on a cold disk,
 * by a second thread too where there are several processors (probes/source/lookup). `fn` is only called in the calling
 * thread.
 *
 * Memory    constant: a batch for each level.
 * Limits    MD_WALK_DEPTH_MAX levels; deeper folders are given but not entered, with a diagnostic.
 * Errors    folders and files that cannot be read are diagnostics (MD_WARNING), the walk goes on; files that vanish
 * meanwhile are nothing. MD_NOT_FOUND, MD_NO_ACCESS, MD_IO: the root itself; MD_INTERRUPTED: by the flag or because fn
 * returned false.
 */
#ifndef PROBES_SOURCE_WALK_H
#define PROBES_SOURCE_WALK_H

#include <signal.h>
#include <stdint.h>

#include "engine/base/bug.h"
#include "engine/base/diag.h"
#include "engine/base/status.h"
#include "probes/source/source.h"

#define MD_WALK_DEPTH_MAX 8

struct md_walk_options {
    const char *root;
    const volatile sig_atomic_t *interrupted;                                     /* may be NULL */
    void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL; total is 0 */
    void *progress_ctx;
    const char *what; /* for progress: "queue files" */
};

MD_MUST_CHECK enum md_status md_walk(const struct md_walk_options *options, struct md_diags *diags, md_dir_fn *fn,
                                     void *ctx);

#endif
