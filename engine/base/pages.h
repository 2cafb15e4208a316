/*
 * engine/base/pages: large pieces of zeroed memory, on large pages where the system has them.
 *
 * Touching fresh memory costs a page fault for every 4 KiB, which on a virtual machine can cost more than the work that
 * is done there. A piece is a multiple of MD_PAGES_SIZE and aligned to it. Never NULL: running out of memory ends the
 * process.
 */
#ifndef ENGINE_BASE_PAGES_H
#define ENGINE_BASE_PAGES_H

#include <stddef.h>

#define MD_PAGES_SIZE ((size_t)2 * 1024 * 1024)

void *md_pages_new(size_t size);
void md_pages_free(void *piece, size_t size);

#endif
