#include "engine/base/pool.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "engine/base/pages.h"

/* Classes of size: steps of 16 bytes up to SMALL, then doubling up to LARGE; beyond that malloc. */
#define STEP ((size_t)16)
#define SMALL ((size_t)512)
#define LARGE ((size_t)64 * 1024)
#define CLASSES_SMALL (SMALL / STEP)
#define CLASSES (CLASSES_SMALL + 7)

struct free_piece {
    struct free_piece *next;
};

/* In front of a piece of malloc, so that the pool can free those that are left. */
struct large {
    struct large *next, *before;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct block {
    struct block *next;
};

struct md_pool {
    struct free_piece *free[CLASSES];
    struct block *blocks;
    unsigned char *at, *end; /* of the newest block */
    struct large *large;
};

static size_t class_of(size_t size)
{
    size_t class, limit;

    if (size <= SMALL)
        return size > 0 ? (size - 1) / STEP : 0;
    for (class = CLASSES_SMALL, limit = 2 * SMALL; size > limit; limit *= 2)
        class ++;
    return class;
}

static size_t class_size(size_t class)
{
    return class < CLASSES_SMALL ? (class + 1) * STEP : SMALL << (class - CLASSES_SMALL + 1);
}

struct md_pool *md_pool_new(void)
{
    return md_xcalloc(1, sizeof(struct md_pool));
}

void md_pool_free(struct md_pool **pool)
{
    if (*pool == NULL)
        return;
    for (struct block *block = (*pool)->blocks, *next; block != NULL; block = next) {
        next = block->next;
        md_pages_free(block, MD_PAGES_SIZE);
    }
    for (struct large *large = (*pool)->large, *next; large != NULL; large = next) {
        next = large->next;
        free(large);
    }
    free(*pool);
    *pool = NULL;
}

static void *alloc_large(struct md_pool *pool, size_t size)
{
    struct large *large;

    if (size > SIZE_MAX / 2)
        md_oom(size);
    large = md_xrealloc(NULL, sizeof *large + size);
    large->before = NULL;
    large->next = pool->large;
    if (pool->large != NULL)
        pool->large->before = large;
    pool->large = large;
    return large->bytes;
}

static struct large *large_of(void *piece)
{
    return (struct large *)(void *)((unsigned char *)piece - offsetof(struct large, bytes));
}

void *md_pool_alloc(struct md_pool *pool, size_t size)
{
    struct free_piece *piece;
    size_t class, room;
    void *p;

    if (size > LARGE)
        return alloc_large(pool, size);
    class = class_of(size);
    piece = pool->free[class];
    if (piece != NULL) {
        pool->free[class] = piece->next;
        return piece;
    }
    room = class_size(class);
    if ((size_t)(pool->end - pool->at) < room) {
        struct block *block = md_pages_new(MD_PAGES_SIZE);

        block->next = pool->blocks;
        pool->blocks = block;
        pool->at = (unsigned char *)block + STEP;
        pool->end = (unsigned char *)block + MD_PAGES_SIZE;
    }
    p = pool->at;
    pool->at += room;
    return p;
}

void md_pool_release(struct md_pool *pool, void *piece, size_t size)
{
    struct free_piece *freed = piece;

    if (piece == NULL)
        return;
    if (size > LARGE) {
        struct large *large = large_of(piece);

        if (large->next != NULL)
            large->next->before = large->before;
        if (large->before != NULL)
            large->before->next = large->next;
        else
            pool->large = large->next;
        free(large);
        return;
    }
    freed->next = pool->free[class_of(size)];
    pool->free[class_of(size)] = freed;
}

void *md_pool_resize(struct md_pool *pool, void *old, size_t old_size, size_t new_size)
{
    void *new;

    if (old == NULL)
        return md_pool_alloc(pool, new_size);
    if (old_size <= LARGE && new_size <= LARGE && class_of(old_size) == class_of(new_size))
        return old;
    new = md_pool_alloc(pool, new_size);
    memcpy(new, old, old_size < new_size ? old_size : new_size);
    md_pool_release(pool, old, old_size);
    return new;
}
