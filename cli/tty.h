/*
 * cli/tty: the terminal: colour or not, progress on standard error, Ctrl-C.
 */
#ifndef CLI_TTY_H
#define CLI_TTY_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"

/* Whether to colour what goes to standard output (to_file: it goes to a file instead). */
bool md_tty_use_colour(enum md_when when, bool to_file);

struct md_progress {
    bool is_on;
    bool is_shown; /* a line stands on the terminal */
    int64_t last_ms;
};

void md_progress_init(struct md_progress *progress, enum md_when when);
/* To be given to a source as its progress function, with a struct md_progress as context. */
void md_progress_show(void *ctx, const char *what, uint64_t done, uint64_t total);
/* Wipes the line. */
void md_progress_clear(struct md_progress *progress);

/* Installs the handler of SIGINT, SIGTERM, SIGQUIT and SIGHUP (the connection to the host was lost): the first sets the
 * flag, a second one ends the process. The flags here are the one thing that a handler can reach, so they are the program's
 * only globals. */
const volatile sig_atomic_t *md_tty_catch_interrupt(void);
/* The same, also of SIGPIPE: for what has files to remove when nobody reads its messages any more. */
const volatile sig_atomic_t *md_tty_catch_interrupt_and_pipe(void);

/* The same flag, as if nothing had come: for whoever has dealt with it. Until then it holds the number of the signal. */
void md_tty_forget_interrupt(void);
/* A second flag: the window has another size, or the process goes on after it was stopped, so what stands on the terminal is to be drawn
 * anew. Whoever has done that clears it. */
volatile sig_atomic_t *md_tty_catch_redraw(void);

#endif
