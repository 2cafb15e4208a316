/*
 * cli/wizard/prompt: asks for a line at the terminal, or for a text of any length.
 *
 * With libedit and a terminal lines are edited, remembered and completed; else (a pipe, --plain, a build or a host without libedit)
 * they are read as they come. Nothing is ever executed. Ctrl-C leaves the line; at an empty line, or twice, it means to leave.
 * One that came before anything was asked is forgotten (two end the program: md_tty_catch_interrupt).
 */
#ifndef CLI_WIZARD_PROMPT_H
#define CLI_WIZARD_PROMPT_H

#include <stdbool.h>
#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct md_prompt;

enum md_prompt_status {
    MD_PROMPT_LINE, /* one line */
    MD_PROMPT_TEXT, /* several, pasted or typed */
    MD_PROMPT_END,  /* end of input: Ctrl-D, a pipe that ended, a terminal that is gone */
    MD_PROMPT_LEFT, /* the line was left by Ctrl-C; ask again */
    MD_PROMPT_STOP, /* Ctrl-C at an empty line or twice, or SIGTERM */
};

/* What a line is to whoever asked. */
enum md_line_is {
    MD_LINE_WHOLE, /* an answer or a command, as it stands */
    MD_LINE_BEGINS_TEXT,
    MD_LINE_WRONG, /* neither; begins a text where more is there at once */
};

struct md_prompt_hooks {
    void *ctx;
    /* May be NULL: every line is whole. */
    enum md_line_is (*judge)(void *ctx, struct md_str line);
    /* The i-th word that may stand behind `before` (what stands in front of the word on the line); NULL: no more. May be NULL. */
    const char *(*complete)(void *ctx, struct md_str before, size_t i);
};

/* `out` for what is shown; `is_plain`: no line editing. */
struct md_prompt *md_prompt_open(FILE *in, FILE *out, bool is_plain, const struct md_prompt_hooks *hooks);
void md_prompt_close(struct md_prompt **prompt);
bool md_prompt_is_tty(const struct md_prompt *prompt);
/* *ret in the arena, for LINE and TEXT. `ret_is_cut`: the text was longer than is taken. */
enum md_prompt_status md_prompt_read(struct md_prompt *prompt, const char *label, struct md_arena *arena,
                                     struct md_str *ret, bool *ret_is_cut);

#endif
