#include "probes/source/small_file.h"

#include <fcntl.h>
#include <unistd.h>

struct md_str md_small_file_read(struct md_arena *arena, const char *path, size_t max)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *bytes;
    size_t n = 0;
    ssize_t got;

    if (fd < 0)
        return md_str("");
    bytes = md_arena_alloc(arena, max);
    while (n < max && (got = read(fd, bytes + n, max - n)) > 0)
        n += (size_t)got;
    close(fd);
    return md_str_n(bytes, n);
}
