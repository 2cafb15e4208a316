#include "engine/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"

static void reserve(struct md_buf *buf, size_t more)
{
    if (more > SIZE_MAX / 2 - buf->n) {
        md_oom(more);
    }
    size_t need = buf->n + more + 1;
    if (need <= buf->capacity) {
        return;
    }
    size_t capacity = buf->capacity < 256 ? 256 : buf->capacity;
    while (capacity < need) {
        capacity *= 2;
    }
    buf->p = md_xrealloc(buf->p, capacity);
    buf->capacity = capacity;
}

void md_buf_add(struct md_buf *buf, struct md_str text)
{
    reserve(buf, text.n);
    if (text.n > 0) {
        memcpy(buf->p + buf->n, text.p, text.n);
    }
    buf->n += text.n;
    buf->p[buf->n] = '\0';
}

void md_buf_puts(struct md_buf *buf, const char *text)
{
    md_buf_add(buf, md_str(text));
}

void md_buf_fill(struct md_buf *buf, char c, size_t count)
{
    reserve(buf, count);
    memset(buf->p + buf->n, c, count);
    buf->n += count;
    buf->p[buf->n] = '\0';
}

void md_buf_printf(struct md_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n > 0) {
        reserve(buf, (size_t)n);
        vsnprintf(buf->p + buf->n, (size_t)n + 1, fmt, again);
        buf->n += (size_t)n;
    }
    va_end(again);
}

void md_buf_free(struct md_buf *buf)
{
    free(buf->p);
    *buf = (struct md_buf){0};
}
