#include "engine/base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/pages.h"

#define BLOCK_FIRST ((size_t)4 * 1024)
#define BLOCK_LARGEST ((size_t)1024 * 1024)
#define ALIGN _Alignof(max_align_t)

/* Under AddressSanitizer what was not handed out is poisoned, with a gap behind each piece, so overruns are seen there
 * too. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#endif
#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GAP ALIGN
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define GAP ((size_t)0)
#endif

struct block {
    struct block *next;
    size_t size;
    size_t used;
    bool is_pages;
    _Alignas(max_align_t) unsigned char bytes[];
};

/* `blocks` are in use, the current one first; `spare` were emptied by clear and wait to be used again. */
struct md_arena {
    struct block *blocks;
    struct block *spare;
    size_t next_size;
    size_t handed_out;
};

void md_oom(size_t wanted)
{
    fprintf(stderr, "out of memory: %zu more bytes are not to be had\n", wanted);
    abort();
}

void *md_xcalloc(size_t count, size_t size)
{
    void *p = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

    if (p == NULL)
        md_oom(size > 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size);
    return p;
}

void *md_xrealloc(void *old, size_t size)
{
    void *p = realloc(old, size > 0 ? size : 1);

    if (p == NULL)
        md_oom(size);
    return p;
}

struct md_arena *md_arena_new(void)
{
    struct md_arena *arena = md_xcalloc(1, sizeof *arena);

    arena->next_size = BLOCK_FIRST;
    return arena;
}

struct md_arena *md_arena_new_large(void)
{
    struct md_arena *arena = md_arena_new();

    arena->next_size = BLOCK_LARGEST;
    return arena;
}

static void free_blocks(struct block *block)
{
    struct block *next;

    for (; block != NULL; block = next) {
        next = block->next;
        if (block->is_pages) {
            UNPOISON(block->bytes, block->size);
            md_pages_free(block, MD_PAGES_SIZE);
        } else {
            free(block);
        }
    }
}

void md_arena_free(struct md_arena **arena)
{
    if (*arena == NULL)
        return;
    free_blocks((*arena)->blocks);
    free_blocks((*arena)->spare);
    free(*arena);
    *arena = NULL;
}

void md_arena_clear(struct md_arena *arena)
{
    struct block *block;

    while ((block = arena->blocks) != NULL) {
        arena->blocks = block->next;
        UNPOISON(block->bytes, block->used);
        memset(block->bytes, 0, block->used);
        POISON(block->bytes, block->used);
        block->used = 0;
        block->next = arena->spare;
        arena->spare = block;
    }
    arena->handed_out = 0;
}

size_t md_arena_used(const struct md_arena *arena)
{
    return arena->handed_out;
}

/* An unused block of at least `size` bytes: a spare one that is large enough, else a new one. */
static struct block *take_block(struct md_arena *arena, size_t size)
{
    struct block **link, *block;

    for (link = &arena->spare; (block = *link) != NULL; link = &block->next) {
        if (block->size >= size) {
            *link = block->next;
            return block;
        }
    }
    /* What grows to megabytes gets large pages. */
    if (arena->next_size >= BLOCK_LARGEST && size <= MD_PAGES_SIZE - sizeof *block) {
        block = md_pages_new(MD_PAGES_SIZE);
        block->is_pages = true;
        block->size = MD_PAGES_SIZE - sizeof *block;
        POISON(block->bytes, block->size);
        return block;
    }
    if (size < arena->next_size) {
        size = arena->next_size;
        if (arena->next_size < BLOCK_LARGEST)
            arena->next_size *= 2;
    }
    block = md_xcalloc(1, sizeof *block + size);
    block->size = size;
    POISON(block->bytes, size);
    return block;
}

void *md_arena_alloc(struct md_arena *arena, size_t size)
{
    struct block *block = arena->blocks;
    size_t rounded;
    void *p;

    if (size > SIZE_MAX / 2)
        md_oom(size);
    rounded = (size > 0 ? (size + ALIGN - 1) / ALIGN * ALIGN : ALIGN) + GAP;
    if (block == NULL || block->size - block->used < rounded) {
        block = take_block(arena, rounded);
        /* One large piece must not end the use of a block that still has room. */
        if (arena->blocks != NULL && rounded > BLOCK_LARGEST / 4) {
            block->next = arena->blocks->next;
            arena->blocks->next = block;
        } else {
            block->next = arena->blocks;
            arena->blocks = block;
        }
    }
    p = block->bytes + block->used;
    block->used += rounded;
    arena->handed_out += rounded;
    UNPOISON(p, size);
    return p;
}

void *md_arena_array(struct md_arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        MD_BUG("an array of %zu times %zu bytes", count, size);
    return md_arena_alloc(arena, count * size);
}

struct md_str md_arena_str(struct md_arena *arena, struct md_str s)
{
    return (struct md_str){md_arena_cstr(arena, s), s.n};
}

char *md_arena_cstr(struct md_arena *arena, struct md_str s)
{
    char *p = md_arena_alloc(arena, s.n + 1);

    if (s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

char *md_arena_vprintf(struct md_arena *arena, const char *fmt, va_list args)
{
    va_list again;
    char *text;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        MD_BUG("format \"%s\" cannot be printed", fmt);
    text = md_arena_alloc(arena, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, args);
    return text;
}

char *md_arena_printf(struct md_arena *arena, const char *fmt, ...)
{
    va_list args;
    char *text;

    va_start(args, fmt);
    text = md_arena_vprintf(arena, fmt, args);
    va_end(args);
    return text;
}

void *md_arena_grow(struct md_arena *arena, void *old, size_t old_size, size_t new_size)
{
    void *p = md_arena_alloc(arena, new_size);

    if (old_size > 0 && new_size > 0)
        memcpy(p, old, old_size < new_size ? old_size : new_size);
    return p;
}

void *md_arena_push(struct md_arena *arena, void *list_ptr, size_t *count, size_t *capacity, size_t size)
{
    void *list, *element;
    size_t room;

    /* The list may be of any object pointer type, so it is read and written by its bytes. */
    memcpy(&list, list_ptr, sizeof list);
    if (*count == *capacity) {
        room = *capacity > 0 ? 2 * *capacity : 8;
        if (room > SIZE_MAX / 2 / size)
            md_oom(SIZE_MAX);
        list = md_arena_grow(arena, list, *count * size, room * size);
        memcpy(list_ptr, &list, sizeof list);
        *capacity = room;
    }
    /* Zeroed again: the caller may have taken elements off the end. */
    element = (unsigned char *)list + (*count)++ * size;
    return memset(element, 0, size);
}
