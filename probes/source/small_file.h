/*
 * probes/source/small_file: the beginning of a small file of this host.
 */
#ifndef PROBES_SOURCE_SMALL_FILE_H
#define PROBES_SOURCE_SMALL_FILE_H

#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

/* Up to `max` bytes, in the arena; empty where it cannot be read. Never waits: a FIFO without a writer is empty. */
struct md_str md_small_file_read(struct md_arena *arena, const char *path, size_t max);

#endif
