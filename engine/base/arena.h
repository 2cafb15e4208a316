/*
 * engine/base/arena: memory that is freed all at once.
 *
 * One arena per run and one per rule set; functions that allocate take the arena as first argument. All memory is
 * zeroed and aligned for any type. Allocation never fails: running out of memory ends the process with a clear message
 * (md_oom). Not here: freeing single blocks. Not thread safe.
 */
#ifndef ENGINE_BASE_ARENA_H
#define ENGINE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "engine/base/bug.h"
#include "engine/base/str.h"

struct md_arena;

struct md_arena *md_arena_new(void);
/* For what will hold a megabyte or more: begins with a large block on large pages (engine/base/pages). */
struct md_arena *md_arena_new_large(void);
/* Frees everything and clears the pointer; NULL is fine. */
void md_arena_free(struct md_arena **arena);
/* Forgets all blocks but keeps the memory for reuse. */
void md_arena_clear(struct md_arena *arena);
/* Bytes handed out since new or clear. */
size_t md_arena_used(const struct md_arena *arena);

void *md_arena_alloc(struct md_arena *arena, size_t size);
/* Zeroed array; an overflow of count * size is MD_BUG. */
void *md_arena_array(struct md_arena *arena, size_t count, size_t size);
/* Copy of a slice, NUL-terminated behind its end. */
struct md_str md_arena_str(struct md_arena *arena, struct md_str s);
char *md_arena_cstr(struct md_arena *arena, struct md_str s);
char *md_arena_printf(struct md_arena *arena, const char *fmt, ...) MD_PRINTF(2, 3);
char *md_arena_vprintf(struct md_arena *arena, const char *fmt, va_list args) MD_PRINTF(2, 0);
/* Grows a block that was allocated from this arena; copies. The old block stays until the arena is freed. */
void *md_arena_grow(struct md_arena *arena, void *old, size_t old_size, size_t new_size);

/* Heap for what must be resized or outlive arenas: like malloc and friends but never NULL. */
void *md_xcalloc(size_t count, size_t size);
void *md_xrealloc(void *old, size_t size);
_Noreturn void md_oom(size_t wanted);

/* Appends one zeroed element to a growing array of the arena: `struct x *e = md_arena_push(a, &list, &n, &cap, sizeof
 * *e)`. */
void *md_arena_push(struct md_arena *arena, void *list_ptr, size_t *count, size_t *capacity, size_t size);

#endif
