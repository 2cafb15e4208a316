#include "probes/source/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS 100
#define EXIT_MS 2 /* after its last output a command ends soon */
#define CHUNK ((size_t)65536)

struct buffer {
    int fd; /* -1: at its end */
    char *bytes;
    size_t n, capacity, max;
};

struct running {
    pid_t pid;
    struct buffer out, err;
    int status; /* of waitpid */
    bool has_ended;
};

static double seconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        (void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    return true;
}

static void close_both(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* In the child: only functions that are safe after fork. */
static _Noreturn void become(const char *const *argv, char *const *environment, int out, int err, int report)
{
    int null = open("/dev/null", O_RDONLY);
    sigset_t none;
    int error;

    (void)setpgid(0, 0);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGQUIT, SIG_DFL);
    if (null >= 0 && chdir("/") == 0 && dup2(null, 0) >= 0 && dup2(out, 1) >= 0 && dup2(err, 2) >= 0) {
        /* execve takes pointers to what it does not change. */
        union {
            const char *const *in;
            char *const *out;
        } words = {.in = argv};

        (void)execve(argv[0], words.out, environment);
    }
    error = errno;
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

static enum md_status start(const char *const *argv, char *const *environment, struct running *ret)
{
    int out[2], err[2], report[2], error = 0;
    ssize_t got;

    if (!make_pipe(out))
        return MD_IO;
    if (!make_pipe(err)) {
        close_both(out);
        return MD_IO;
    }
    if (!make_pipe(report)) {
        close_both(out);
        close_both(err);
        return MD_IO;
    }
    ret->pid = fork();
    if (ret->pid == 0)
        become(argv, environment, out[1], err[1], report[1]);
    close(out[1]);
    close(err[1]);
    close(report[1]);
    if (ret->pid < 0) {
        close(out[0]);
        close(err[0]);
        close(report[0]);
        return MD_IO;
    }
    (void)setpgid(ret->pid, ret->pid); /* either of the two comes first */
    do
        got = read(report[0], &error, sizeof error);
    while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got > 0) {
        close(out[0]);
        close(err[0]);
        (void)waitpid(ret->pid, &ret->status, 0);
        return error == ENOENT || error == ENOTDIR ? MD_NOT_FOUND
               : error == EACCES || error == EPERM ? MD_NO_ACCESS
                                                   : MD_IO;
    }
    ret->out.fd = out[0];
    ret->err.fd = err[0];
    return MD_OK;
}

/* Takes what is there; false when the output is over its limit. */
static bool take(struct buffer *buffer)
{
    size_t room;
    ssize_t got;
    char beyond[4096];

    if (buffer->n == buffer->capacity && buffer->capacity < buffer->max) {
        buffer->capacity = buffer->capacity == 0 ? CHUNK : 2 * buffer->capacity;
        if (buffer->capacity > buffer->max)
            buffer->capacity = buffer->max;
        buffer->bytes = md_xrealloc(buffer->bytes, buffer->capacity);
    }
    room = buffer->capacity - buffer->n;
    got = room > 0 ? read(buffer->fd, buffer->bytes + buffer->n, room) : read(buffer->fd, beyond, sizeof beyond);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (got <= 0) {
        close(buffer->fd);
        buffer->fd = -1;
        return true;
    }
    if (room == 0)
        return false;
    buffer->n += (size_t)got;
    return true;
}

/* Waits for output or a moment; false: the output is over its limit. */
static bool wait_a_moment(struct running *run)
{
    struct pollfd fds[2] = {{.fd = run->out.fd, .events = POLLIN}, {.fd = run->err.fd, .events = POLLIN}};
    bool fits = true;

    if (poll(fds, 2, run->out.fd < 0 && run->err.fd < 0 ? EXIT_MS : POLL_MS) > 0) {
        if (run->out.fd >= 0 && fds[0].revents != 0)
            fits = take(&run->out);
        if (run->err.fd >= 0 && fds[1].revents != 0)
            (void)take(&run->err);
    }
    if (!run->has_ended && waitpid(run->pid, &run->status, WNOHANG) == run->pid)
        run->has_ended = true;
    return fits;
}

static void drain(struct running *run, double until)
{
    /* A grandchild may hold the pipe open for ever. */
    while ((run->out.fd >= 0 || run->err.fd >= 0) && seconds_now() < until)
        if (!wait_a_moment(run))
            return;
}

static void stop(struct running *run, bool never_kill)
{
    double until = seconds_now() + MD_COMMAND_GRACE_SECONDS;

    (void)kill(-run->pid, SIGTERM);
    while (!run->has_ended && seconds_now() < until)
        (void)wait_a_moment(run);
    if (run->has_ended || never_kill)
        return;
    (void)kill(-run->pid, SIGKILL);
    (void)waitpid(run->pid, &run->status, 0);
}

static enum md_status follow(struct running *run, const struct md_command_options *options)
{
    double until = seconds_now() + (options->seconds > 0 ? options->seconds : MD_COMMAND_SECONDS);
    enum md_status status = MD_OK;

    while (!run->has_ended) {
        if (options->interrupted != NULL && *options->interrupted != 0)
            status = MD_INTERRUPTED;
        else if (seconds_now() > until)
            status = MD_TIMEOUT;
        else if (!wait_a_moment(run))
            status = MD_LIMIT;
        if (status < 0) {
            stop(run, options->never_kill);
            return status;
        }
    }
    drain(run, seconds_now() + 1);
    return status;
}

enum md_status md_command_run(struct md_arena *arena, const char *const *argv, const struct md_command_options *options,
                              struct md_command_output *ret)
{
    const char *zone = getenv("TZ");
    char path[] = "PATH=/usr/bin:/bin:/usr/sbin:/sbin", locale[] = "LC_ALL=C";
    char *tz = zone != NULL ? md_arena_printf(arena, "TZ=%s", zone) : NULL;
    char *const environment[] = {path, locale, tz, NULL};
    struct running run = {
        .out = {.fd = -1, .max = options->output_max > 0 ? options->output_max : MD_COMMAND_OUTPUT_MAX},
        .err = {.fd = -1, .max = MD_COMMAND_ERROR_MAX}};
    enum md_status status = start(argv, environment, &run);

    if (status < 0)
        return status;
    status = follow(&run, options);
    if (run.out.fd >= 0)
        close(run.out.fd);
    if (run.err.fd >= 0)
        close(run.err.fd);
    ret->out = md_arena_str(arena, md_str_n(run.out.bytes, run.out.n));
    ret->err = md_arena_str(arena, md_str_n(run.err.bytes, run.err.n));
    ret->exit_code = run.has_ended && WIFEXITED(run.status) ? WEXITSTATUS(run.status) : -1;
    free(run.out.bytes);
    free(run.err.bytes);
    return status;
}
