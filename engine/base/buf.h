/*
 * engine/base/buf: text that grows, on the heap.
 *
 * Zeroed is empty and valid. Always NUL-terminated once something was added. Free with md_buf_free.
 */
#ifndef ENGINE_BASE_BUF_H
#define ENGINE_BASE_BUF_H

#include <stddef.h>

#include "engine/base/bug.h"
#include "engine/base/str.h"

struct md_buf {
    char *p;
    size_t n, capacity;
};

void md_buf_add(struct md_buf *buf, struct md_str text);
void md_buf_puts(struct md_buf *buf, const char *text);
void md_buf_fill(struct md_buf *buf, char c, size_t count);
void md_buf_printf(struct md_buf *buf, const char *fmt, ...) MD_PRINTF(2, 3);
void md_buf_free(struct md_buf *buf);

#endif
