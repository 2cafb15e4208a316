/*
 * probes/bundle/spool: bytes whose number must be known before they go into an archive.
 *
 * Small ones are kept in memory. Others go, compressed, into a file without a name beside the archive, so that they
 * take little room, nothing stays behind, and how large they will be in the archive is known in good measure.
 */
#ifndef PROBES_BUNDLE_SPOOL_H
#define PROBES_BUNDLE_SPOOL_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/str.h"
#include "probes/source/source.h"

#define MD_SPOOL_MEMORY ((size_t)1 << 20)

struct md_spool;

/* `folder` is borrowed; no more than `most` compressed bytes are taken. */
struct md_spool *md_spool_new(const char *folder, uint64_t most);
void md_spool_free(struct md_spool **spool);
/* MD_LIMIT: too many, or the file system is nearly full; MD_IO. Then all further calls fail alike. */
MD_MUST_CHECK enum md_status md_spool_add(struct md_spool *spool, struct md_str bytes);
/* After the last md_spool_add: what was still on its way to the file may be too many, too. md_spool_open does it as well. */
MD_MUST_CHECK enum md_status md_spool_end(struct md_spool *spool);
/* Bytes that were added. */
uint64_t md_spool_size(const struct md_spool *spool);
/* What they take compressed, exact after md_spool_end; of those in memory the number itself. */
uint64_t md_spool_packed(const struct md_spool *spool);
/* After the last md_spool_add: gives the bytes back. The stream must be closed before the spool is freed. */
MD_MUST_CHECK enum md_status md_spool_open(struct md_spool *spool, struct md_stream **ret);

#endif
