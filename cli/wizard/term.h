/*
 * cli/wizard/term: bytes that a person types or pastes, from a terminal or a pipe.
 *
 * Signals     Ctrl-C and SIGTERM end the wait (MD_TERM_INTERRUPT); a changed window calls `redraw` and the wait goes on.
 * Pastes      a terminal that tells pasting from typing (bracketed paste, which md_term_pastes switches) puts a mark around what is
 *             pasted; it is then taken whole, whatever is in it, and never as keys. Of more than MD_TERM_PASTE_MAX bytes the rest
 *             is dropped.
 * Lost        a terminal that is gone looks like the end of input.
 */
#ifndef CLI_WIZARD_TERM_H
#define CLI_WIZARD_TERM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/base/buf.h"

#define MD_TERM_PASTE_MAX ((size_t)16 << 20)

enum { MD_TERM_END = -1, MD_TERM_INTERRUPT = -2, MD_TERM_PASTED = -3 };

struct md_term {
    int in;      /* descriptor */
    int out;     /* descriptor for marks and echo, or -1 */
    bool is_tty; /* of `in` */
    bool has_paste;
    const volatile sig_atomic_t *interrupted;
    volatile sig_atomic_t *redraw_flag;
    void (*redraw)(void *ctx); /* may be NULL */
    void *redraw_ctx;
    char buffer[65536];
    size_t from, to;
    struct md_buf paste; /* the last one; ends of lines are LF */
    bool is_cut;         /* there was more of it */
};

void md_term_init(struct md_term *term, int in, int out);
void md_term_free(struct md_term *term);
/* Switches the marks around pastes on or off. Only where it was asked for, and on a terminal. */
void md_term_pastes(struct md_term *term, bool on);
/* The next byte, or one of the above. MD_TERM_PASTED: several lines were pasted, they are in `paste`; a paste without the end of a line
 * in it comes as if it were typed. */
int md_term_byte(struct md_term *term);
/* Whether another byte comes within so many milliseconds: typing has gaps, pasting has none. */
bool md_term_is_pending(struct md_term *term, int ms);

/* After a first line: the rest of a text that is typed or pasted without marks, appended to `text`. It ends with a line with only a dot, at
 * the end of input, and with an empty line; on a terminal not with one inside of what is being pasted. False: it was interrupted. Without line
 * editing, but a rubbed out character goes. */
bool md_term_rest(struct md_term *term, struct md_buf *text);

#endif
