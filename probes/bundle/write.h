/*
 * probes/bundle/write: an archive that is written once, from the front, without harm to the host it is written on.
 *
 * The format follows from the name: .tar.zst, .tar.gz (.tgz), .tar.xz, .tar.bz2, .tar, .zip. The archive is made with its
 * first member; it grows under a temporary name beside the wanted one, readable for this user only, and gets its name when
 * it is whole; whoever gives up discards it. It may not lie in certain folders (those of the mail system), not grow beyond
 * a limit, and not take the last MD_BUNDLE_RESERVE bytes of its file system, which is looked at now and then. All failures
 * are diagnostics.
 */
#ifndef PROBES_BUNDLE_WRITE_H
#define PROBES_BUNDLE_WRITE_H

#include <signal.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#define MD_BUNDLE_LIMIT (UINT64_C(200) << 20)
#define MD_BUNDLE_RESERVE (UINT64_C(64) << 20)

struct md_bundle_options {
    const char *path;
    uint64_t limit;               /* bytes of the archive; 0: MD_BUNDLE_LIMIT */
    const char *const *forbidden; /* folders that it must not lie in, nor below */
    size_t n_forbidden;
    const volatile sig_atomic_t *interrupted; /* may be NULL */
};

struct md_bundle;

/* The texts of the options are borrowed. MD_BAD_INPUT: no such format, or a forbidden folder; MD_LIMIT: no room. */
MD_MUST_CHECK enum md_status md_bundle_create(struct md_arena *arena, const struct md_bundle_options *options,
                                              struct md_diags *diags, struct md_bundle **ret);
/* More folders that it must not lie in, which were not known when it was begun (borrowed). MD_BAD_INPUT: it does. */
MD_MUST_CHECK enum md_status md_bundle_forbid(struct md_bundle *bundle, const char *const *folders, size_t n);
/* A member of exactly so many bytes; mtime may be MD_TIME_NONE. */
MD_MUST_CHECK enum md_status md_bundle_begin(struct md_bundle *bundle, struct md_str name, uint64_t size,
                                             int64_t mtime);
/* MD_LIMIT: it would grow beyond the limit, or the file system is full but for the reserve. */
MD_MUST_CHECK enum md_status md_bundle_add(struct md_bundle *bundle, struct md_str bytes);
MD_MUST_CHECK enum md_status md_bundle_end(struct md_bundle *bundle);
/* Bytes of the archive so far (what is being compressed is not in it yet), and how many more it may get. */
uint64_t md_bundle_written(const struct md_bundle *bundle);
uint64_t md_bundle_left(const struct md_bundle *bundle);
/* The folder that it lies in, for what is needed meanwhile. */
const char *md_bundle_folder(const struct md_bundle *bundle);
/* Empties an archive that was ended, so that it is written from its front once more. */
MD_MUST_CHECK enum md_status md_bundle_restart(struct md_bundle *bundle);
/* Ends the archive; it still has its temporary name, which is given. */
MD_MUST_CHECK enum md_status md_bundle_close(struct md_bundle *bundle, const char **ret_temporary);
/* Gives it its name. */
MD_MUST_CHECK enum md_status md_bundle_publish(struct md_bundle **bundle);
/* Takes away all that there is of it; NULL is fine. */
void md_bundle_discard(struct md_bundle **bundle);

/* Whether so many more bytes leave the reserve of the file system alone. True where nothing can be told. */
bool md_bundle_has_room(int fd, uint64_t bytes);
/* All of it, or MD_LIMIT where the file system is full, MD_IO otherwise, with errno. */
MD_MUST_CHECK enum md_status md_bundle_write_all(int fd, const void *bytes, size_t n);

#endif
