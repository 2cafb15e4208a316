#include "engine/base/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void md_bug(const char *file, int line, const char *fmt, ...)
{
    va_list args;

    fprintf(stderr, "BUG: %s:%d: ", file, line);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}
