/* Local ports of this host. Nothing is ever sent. */
#include "probes/source/live.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECT_MS 2000
#define LOOK_MS 200 /* between looks at whether to stop */
#define LINE_MAX_GREETING 1024

static int64_t milliseconds(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the socket can be read or written, `ms` at most. */
static enum md_status wait_for(const struct md_source *source, int fd, short events, int64_t ms)
{
    int64_t end = milliseconds() + ms, left;

    while ((left = end - milliseconds()) > 0) {
        struct pollfd wait = {.fd = fd, .events = events};
        int ready = poll(&wait, 1, (int)(left < LOOK_MS ? left : LOOK_MS));

        if (md_source_is_interrupted(source))
            return MD_INTERRUPTED;
        if (ready > 0)
            return MD_OK;
        if (ready < 0 && errno != EINTR)
            return MD_IO;
    }
    return MD_TIMEOUT;
}

static enum md_status connect_to(const struct md_source *source, int fd, const struct sockaddr *address, socklen_t n)
{
    int error = 0;
    socklen_t error_n = sizeof error;
    enum md_status status = MD_OK;

    if (connect(fd, address, n) != 0) {
        if (errno == EINPROGRESS) {
            status = wait_for(source, fd, POLLOUT, CONNECT_MS);
            if (status == MD_OK && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_n) != 0)
                status = MD_IO;
        } else {
            error = errno;
        }
        if (status == MD_OK && error != 0)
            status = error == ECONNREFUSED ? MD_NOT_FOUND : error == ETIMEDOUT ? MD_TIMEOUT : MD_IO;
    }
    return status;
}

/* A connection to a port of this host. Where a folder stands for another host, its ports are not here. */
static enum md_status open_port(struct md_source *source, uint16_t port, int *ret)
{
    const struct md_live *live = source->self;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    enum md_status status;
    int fd;

    if (*live->layout.prefix != '\0')
        return MD_UNSUPPORTED;
    if (md_source_is_interrupted(source))
        return MD_INTERRUPTED;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return MD_IO;
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    status = connect_to(source, fd, (const struct sockaddr *)&address, sizeof address);
    if (status == MD_OK)
        *ret = fd;
    else
        close(fd);
    return status;
}

enum md_status md_live_connect(struct md_source *source, uint16_t port)
{
    int fd;
    enum md_status status = open_port(source, port, &fd);

    if (status == MD_OK)
        close(fd);
    return status;
}

enum md_status md_live_greeting(struct md_source *source, uint16_t port, struct md_arena *arena, struct md_str *ret,
                                double *ret_s)
{
    char line[LINE_MAX_GREETING];
    size_t n = 0;
    int64_t begin = milliseconds(), end = begin + (int64_t)MD_SOURCE_GREETING_S * 1000;
    int fd;
    enum md_status status = open_port(source, port, &fd);

    if (status != MD_OK)
        return status;
    while (n < sizeof line && (n == 0 || line[n - 1] != '\n')) {
        ssize_t got;

        status = wait_for(source, fd, POLLIN, end - milliseconds());
        if (status != MD_OK)
            break;
        got = recv(fd, line + n, 1, 0); /* what follows the line is not ours to read */
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got <= 0)
            break;
        n++;
    }
    close(fd);
    if (status == MD_TIMEOUT && n > 0)
        status = MD_OK;
    if (status == MD_OK) {
        *ret = md_arena_str(arena, md_str_trim(md_str_n(line, n)));
        *ret_s = (double)(milliseconds() - begin) / 1000;
    }
    return status;
}
