#include "cli/tty.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted, redraw;

bool md_tty_use_colour(enum md_when when, bool to_file)
{
    if (when != MD_WHEN_AUTO) {
        return when == MD_WHEN_ALWAYS;
    }
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (to_file || (no_colour != NULL && no_colour[0] != '\0') || term == NULL || strcmp(term, "dumb") == 0) {
        return false;
    }
    return isatty(STDOUT_FILENO) == 1;
}

static int64_t now_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0) {
        return 0;
    }
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void md_progress_init(struct md_progress *progress, enum md_when when)
{
    *progress = (struct md_progress){
        .is_on = when == MD_WHEN_ALWAYS || (when == MD_WHEN_AUTO && isatty(STDERR_FILENO) == 1), .last_ms = now_ms()};
}

void md_progress_show(void *ctx, const char *what, uint64_t done, uint64_t total)
{
    struct md_progress *progress = ctx;
    if (!progress->is_on) {
        return;
    }
    int64_t now = now_ms();
    /* nothing flickers for work that takes less than half a second */
    if (now - progress->last_ms < (progress->is_shown ? 100 : 500)) {
        return;
    }
    progress->last_ms = now;
    progress->is_shown = true;
    if (total > 0 && done <= total) {
        unsigned percent = (unsigned)((double)done / (double)total * 100);
        char bar[21];
        memset(bar, '.', 20);
        memset(bar, '#', percent / 5);
        bar[20] = '\0';
        fprintf(stderr, "\r[%s] %3u %% %.40s\033[K", bar, percent, what);
    } else {
        fprintf(stderr, "\r%" PRIu64 " %.50s\033[K", done, what);
    }
    fflush(stderr);
}

void md_progress_clear(struct md_progress *progress)
{
    if (progress->is_shown) {
        fputs("\r\033[K", stderr);
        progress->is_shown = false;
    }
}

static void on_signal(int number)
{
    if (interrupted != 0) {
        _exit(128 + number);
    }
    interrupted = number;
}

static void on_redraw(int number)
{
    redraw = number;
}

/* Each further message raises it again: it never ends the process before the files are removed. */
static void on_pipe(int number)
{
    interrupted = number;
}

/* One that is ignored stays so: nohup, and jobs in the background of old shells. */
static void catch_signal(int number, void (*handler)(int))
{
    struct sigaction action;

    if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
        return;
    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

const volatile sig_atomic_t *md_tty_catch_interrupt(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        catch_signal(numbers[i], on_signal);
    return &interrupted;
}

const volatile sig_atomic_t *md_tty_catch_interrupt_and_pipe(void)
{
    catch_signal(SIGPIPE, on_pipe);
    return md_tty_catch_interrupt();
}

void md_tty_forget_interrupt(void)
{
    interrupted = 0;
}

volatile sig_atomic_t *md_tty_catch_redraw(void)
{
#ifdef SIGWINCH
    catch_signal(SIGWINCH, on_redraw);
#endif
    catch_signal(SIGCONT, on_redraw);
    return &redraw;
}
