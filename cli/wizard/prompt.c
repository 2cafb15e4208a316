#include "cli/wizard/prompt.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/tty.h"
#include "cli/wizard/prompt_priv.h"

#define PENDING_MS 30
#define LINE_MAX_BYTES ((size_t)1 << 20)

struct md_prompt *md_prompt_open(FILE *in, FILE *out, bool is_plain, const struct md_prompt_hooks *hooks)
{
    struct md_prompt *prompt = md_xcalloc(1, sizeof(*prompt));
    prompt->in = in;
    prompt->out = out;
    prompt->hooks = *hooks;
    md_term_init(&prompt->term, fileno(in), isatty(fileno(out)) == 1 ? fileno(out) : -1);
    prompt->edit = is_plain ? NULL : md_edit_open(prompt);
    return prompt;
}

void md_prompt_close(struct md_prompt **prompt)
{
    if (*prompt != NULL) {
        md_edit_close(&(*prompt)->edit);
        md_term_free(&(*prompt)->term);
        free(*prompt);
        *prompt = NULL;
    }
}

bool md_prompt_is_tty(const struct md_prompt *prompt)
{
    return prompt->term.is_tty;
}

/* Without an editor: the terminal's own line mode, or a pipe. */
static enum md_read_end read_plain(struct md_prompt *prompt, const char *label, struct md_buf *line)
{
    fputs(label, prompt->out);
    fflush(prompt->out);
    for (;;) {
        int byte = md_term_byte(&prompt->term);
        if (byte == MD_TERM_INTERRUPT) {
            return MD_READ_INTERRUPT;
        }
        if (byte < 0) {
            return line->n > 0 ? MD_READ_LINE : MD_READ_END;
        }
        if (byte == '\n') {
            while (line->n > 0 && line->p[line->n - 1] == '\r') {
                line->n--;
            }
            return MD_READ_LINE;
        }
        char c = (char)byte;
        if (line->n < LINE_MAX_BYTES) {
            md_buf_add(line, md_str_n(&c, 1));
        }
    }
}

static enum md_prompt_status left(struct md_prompt *prompt, const struct md_buf *line)
{
    bool is_end = *prompt->term.interrupted == SIGTERM || prompt->was_left || line->n == 0;
    md_tty_forget_interrupt();
    fputs("\n", prompt->out);
    prompt->was_left = true;
    return is_end ? MD_PROMPT_STOP : MD_PROMPT_LEFT;
}

/* The line and what follows it at once, or until it is ended. */
static enum md_prompt_status rest(struct md_prompt *prompt, struct md_buf *text)
{
    if (prompt->term.is_tty && !md_term_is_pending(&prompt->term, PENDING_MS)) {
        fputs("(go on; an empty line or a dot ends it)\n", prompt->out);
        fflush(prompt->out);
    }
    md_buf_add(text, MD_LIT("\n"));
    if (!md_term_rest(&prompt->term, text)) {
        struct md_buf some = {.n = 1}; /* something was typed: the text is left, not the session */
        return left(prompt, &some);
    }
    return MD_PROMPT_TEXT;
}

/* Ctrl-C that came while something was computed was meant for that, and not for the question that comes now. */
static void forget_early(struct md_prompt *prompt)
{
    if (*prompt->term.interrupted == SIGINT) {
        md_tty_forget_interrupt();
        fputs("\n(Ctrl-C came while this was computed; `quit` leaves)\n", prompt->out);
    }
}

enum md_prompt_status md_prompt_read(struct md_prompt *prompt, const char *label, struct md_arena *arena,
                                     struct md_str *ret, bool *ret_is_cut)
{
    const struct md_prompt_hooks *hooks = &prompt->hooks;
    struct md_buf line = {0};
    enum md_prompt_status status = MD_PROMPT_END;
    *ret = md_str("");
    *ret_is_cut = false;
    forget_early(prompt);
    fflush(prompt->out);
    enum md_read_end read =
        prompt->edit != NULL ? md_edit_read(prompt->edit, label, &line) : read_plain(prompt, label, &line);
    if (read != MD_READ_INTERRUPT) {
        prompt->was_left = false;
    }
    if (read == MD_READ_INTERRUPT) {
        status = left(prompt, &line);
    } else if (read == MD_READ_PASTED) {
        status = MD_PROMPT_TEXT;
        line.n = 0;
        md_buf_add(&line, md_str_n(prompt->term.paste.p, prompt->term.paste.n));
        *ret_is_cut = prompt->term.is_cut;
    } else if (read == MD_READ_LINE) {
        enum md_line_is is = hooks->judge == NULL ? MD_LINE_WHOLE : hooks->judge(hooks->ctx, md_str_n(line.p, line.n));
        bool goes_on = is == MD_LINE_BEGINS_TEXT ||
                       (is == MD_LINE_WRONG && prompt->term.is_tty && md_term_is_pending(&prompt->term, PENDING_MS));
        status = goes_on ? rest(prompt, &line) : MD_PROMPT_LINE;
        *ret_is_cut = goes_on && prompt->term.is_cut;
    }
    *ret = md_arena_str(arena, md_str_n(line.p == NULL ? "" : line.p, line.n));
    md_buf_free(&line);
    return status;
}
