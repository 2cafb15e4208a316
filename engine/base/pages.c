#include "engine/base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "engine/base/arena.h"

/* Neither is in the POSIX of 2008; CMake asks for more for this file alone. */
#if defined(MAP_ANONYMOUS) && defined(MADV_HUGEPAGE)
#define HAS_LARGE_PAGES 1
#else
#define HAS_LARGE_PAGES 0
#endif

#if HAS_LARGE_PAGES
void *md_pages_new(size_t size)
{
    size_t whole = size + MD_PAGES_SIZE, before;
    unsigned char *p;

    if (whole < size)
        md_oom(size);
    p = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        md_oom(size);
    /* Give back what stands before and behind the aligned piece. */
    before = (size_t)(-(uintptr_t)p & (MD_PAGES_SIZE - 1));
    if (before > 0)
        munmap(p, before);
    munmap(p + before + size, MD_PAGES_SIZE - before);
    p += before;
    madvise(p, size, MADV_HUGEPAGE); /* only advice: without it all is as well, but slower */
    return p;
}

void md_pages_free(void *piece, size_t size)
{
    if (piece != NULL)
        munmap(piece, size);
}
#else
void *md_pages_new(size_t size)
{
    return md_xcalloc(1, size);
}

void md_pages_free(void *piece, size_t size)
{
    (void)size;
    free(piece);
}
#endif
