#include "cli/wizard/term.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/tty.h"

#define ESCAPE 27
#define MARK_MS 100 /* the rest of an escape sequence comes at once */
#define GAP_MS 250  /* nobody types an empty line and goes on within this */

static const char begin_mark[] = "[200~", end_mark[] = "\033[201~";

void md_term_init(struct md_term *term, int in, int out)
{
    memset(term, 0, sizeof(*term));
    term->in = in;
    term->out = out;
    term->is_tty = isatty(in) == 1;
    term->interrupted = md_tty_catch_interrupt();
    term->redraw_flag = md_tty_catch_redraw();
}

void md_term_free(struct md_term *term)
{
    md_term_pastes(term, false);
    md_buf_free(&term->paste);
}

static void put(const struct md_term *term, const char *text, size_t n)
{
    while (term->out >= 0 && n > 0) {
        ssize_t done = write(term->out, text, n);
        if (done < 0 && errno != EINTR) {
            return;
        }
        text += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
}

void md_term_pastes(struct md_term *term, bool on)
{
    if (on != term->has_paste && term->is_tty) {
        const char *mark = on ? "\033[?2004h" : "\033[?2004l";
        put(term, mark, strlen(mark));
        term->has_paste = on;
    }
}

/* Waits for bytes; true: there are some. ms -1: as long as it takes. */
static bool fill(struct md_term *term, int ms, int *ret_why)
{
    struct pollfd wait = {.fd = term->in, .events = POLLIN};
    *ret_why = MD_TERM_END;
    for (;;) {
        if (*term->interrupted != 0) {
            *ret_why = MD_TERM_INTERRUPT;
            return false;
        }
        if (*term->redraw_flag != 0) {
            *term->redraw_flag = 0;
            if (term->redraw != NULL) {
                term->redraw(term->redraw_ctx);
            }
        }
        /* a signal between looking and waiting is seen half a second later */
        int n = poll(&wait, 1, ms < 0 ? 500 : ms);
        if (n == 0 && ms >= 0) {
            return false;
        }
        if (n <= 0) {
            if (n < 0 && errno != EINTR) {
                return false;
            }
            continue;
        }
        ssize_t got = read(term->in, term->buffer, sizeof(term->buffer));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        term->from = 0;
        term->to = got > 0 ? (size_t)got : 0;
        return got > 0;
    }
}

static int raw_byte(struct md_term *term, int ms)
{
    int why = MD_TERM_END;
    if (term->from == term->to && !fill(term, ms, &why)) {
        return why;
    }
    return (unsigned char)term->buffer[term->from++];
}

/* Gives bytes back, to be read next. */
static void give_back(struct md_term *term, const char *bytes, size_t n)
{
    size_t left = term->to - term->from;
    if (n + left > sizeof(term->buffer)) {
        n = sizeof(term->buffer) - left; /* a line so long is cut */
    }
    memmove(term->buffer + n, term->buffer + term->from, left);
    memcpy(term->buffer, bytes, n);
    term->from = 0;
    term->to = n + left;
}

/* Whether the bytes that follow are the rest of the mark; else they are given back. */
static bool follows(struct md_term *term, const char *mark)
{
    char seen[16];
    size_t n = 0, length = strlen(mark);
    while (n < length) {
        int byte = raw_byte(term, MARK_MS);
        if (byte < 0) {
            break;
        }
        seen[n++] = (char)byte;
        if (seen[n - 1] != mark[n - 1]) {
            break;
        }
    }
    if (n == length && memcmp(seen, mark, n) == 0) {
        return true;
    }
    give_back(term, seen, n);
    return false;
}

/* Ends of lines as they are in files: terminals send CR. In place; returns the new length. */
static size_t unify_ends(char *text, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\r' && i + 1 < n && text[i + 1] == '\n') {
            continue;
        }
        text[to++] = text[i] == '\r' ? '\n' : text[i];
    }
    return to;
}

/* Up to the mark that ends it. */
static int take_paste(struct md_term *term)
{
    size_t matched = 0, length = strlen(end_mark);
    term->paste.n = 0;
    term->is_cut = false;
    while (matched < length) {
        int byte = raw_byte(term, -1);
        if (byte == MD_TERM_INTERRUPT) {
            term->paste.n = 0;
            return byte;
        }
        if (byte < 0) {
            break; /* what came is kept */
        }
        char c = (char)byte;
        matched = c == end_mark[matched] ? matched + 1 : c == end_mark[0] ? 1 : 0;
        if (term->paste.n < MD_TERM_PASTE_MAX + length) {
            md_buf_add(&term->paste, md_str_n(&c, 1));
        } else {
            term->is_cut = true;
        }
    }
    if (matched == length && !term->is_cut) {
        term->paste.n -= length;
    }
    if (term->paste.n == 0) {
        return md_term_byte(term);
    }
    term->paste.n = unify_ends(term->paste.p, term->paste.n);
    size_t n = term->paste.n;
    while (n > 0 && term->paste.p[n - 1] == '\n') {
        n--;
    }
    if (n < 4096 && memchr(term->paste.p, '\n', n) == NULL && memchr(term->paste.p, ESCAPE, n) == NULL) {
        give_back(term, term->paste.p, n); /* as if typed: the end of the line is the person's to give */
        return md_term_byte(term);
    }
    return MD_TERM_PASTED;
}

int md_term_byte(struct md_term *term)
{
    int byte = raw_byte(term, -1);
    if (byte == ESCAPE && term->has_paste && follows(term, begin_mark)) {
        return take_paste(term);
    }
    return byte;
}

bool md_term_is_pending(struct md_term *term, int ms)
{
    int why;
    return term->from < term->to || fill(term, ms, &why);
}

/* ---- the rest of a text ---- */

static void rub_out(const struct md_term *term, struct md_buf *text, size_t line)
{
    if (text->n > line) {
        text->n--;
        while (text->n > line && ((unsigned char)text->p[text->n] & 0xc0) == 0x80) {
            text->n--;
        }
        put(term, "\b \b", 3);
    }
}

/* What is typed is shown; what is pasted by the thousand lines is not. */
static void echo(struct md_term *term, char c)
{
    if (term->is_tty && term->to - term->from < 64) {
        put(term, c == '\n' ? "\r\n" : (unsigned char)c < ' ' && c != '\t' ? "?" : &c, c == '\n' ? 2 : 1);
    }
}

/* At the end of a line that begins at `line`; true: it was the last one, and is taken away. */
static bool ends_text(struct md_term *term, struct md_buf *text, size_t line)
{
    struct md_str last = md_str_n(text->p + line, text->n - line);
    bool is_dot = md_str_is(last, ".");
    bool is_empty = md_str_is_empty(md_str_trim(last));
    if (is_dot || (is_empty && !(term->is_tty && md_term_is_pending(term, GAP_MS)))) {
        text->n = line;
        return true;
    }
    return false;
}

static bool read_rest(struct md_term *term, struct md_buf *text)
{
    size_t line = text->n;
    for (;;) {
        int byte = md_term_byte(term);
        if (byte == MD_TERM_INTERRUPT) {
            return false;
        }
        if (byte == MD_TERM_PASTED) {
            md_buf_add(text, md_str_n(term->paste.p, term->paste.n));
            return true;
        }
        if (byte < 0 || (byte == 4 && term->is_tty && text->n == line)) {
            return true;
        }
        if (term->is_tty && (byte == 127 || byte == '\b')) {
            rub_out(term, text, line);
            continue;
        }
        char c = byte == '\r' && term->is_tty ? '\n' : (char)byte;
        echo(term, c);
        if (c == '\n') {
            if (ends_text(term, text, line)) {
                return true;
            }
            md_buf_add(text, MD_LIT("\n"));
            line = text->n;
        } else if (text->n < MD_TERM_PASTE_MAX) {
            md_buf_add(text, md_str_n(&c, 1));
        } else {
            term->is_cut = true;
        }
    }
}

bool md_term_rest(struct md_term *term, struct md_buf *text)
{
    struct termios before, raw;
    bool has_mode = term->is_tty && tcgetattr(term->in, &before) == 0;
    if (has_mode) {
        /* as it comes: a terminal in line mode keeps at most 4096 bytes of a line */
        raw = before;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        (void)tcsetattr(term->in, TCSANOW, &raw);
    }
    term->is_cut = false;
    bool is_whole = read_rest(term, text);
    if (has_mode) {
        (void)tcsetattr(term->in, TCSANOW, &before);
    }
    return is_whole;
}
