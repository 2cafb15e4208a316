/*
 * engine/base/pool: memory in small pieces that are freed one by one, or all at once with the pool.
 *
 * For a caller who remembers the size of each piece, as Lua does. Pieces of like size are reused; large ones are the C
 * library's. Aligned for any type; not zeroed; never NULL. Not thread safe.
 */
#ifndef ENGINE_BASE_POOL_H
#define ENGINE_BASE_POOL_H

#include <stddef.h>

struct md_pool;

struct md_pool *md_pool_new(void);
/* Frees all pieces, also those that were not given back, and clears the pointer; NULL is fine. */
void md_pool_free(struct md_pool **pool);
void *md_pool_alloc(struct md_pool *pool, size_t size);
void md_pool_release(struct md_pool *pool, void *piece, size_t size);
/* Like realloc: `old` NULL allocates. */
void *md_pool_resize(struct md_pool *pool, void *old, size_t old_size, size_t new_size);

#endif
