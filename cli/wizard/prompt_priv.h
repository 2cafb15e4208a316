/*
 * cli/wizard/prompt_priv: what the prompt and its line editor share.
 */
#ifndef CLI_WIZARD_PROMPT_PRIV_H
#define CLI_WIZARD_PROMPT_PRIV_H

#include "cli/wizard/prompt.h"
#include "cli/wizard/term.h"

struct md_edit;

struct md_prompt {
    FILE *in, *out;
    struct md_prompt_hooks hooks;
    struct md_term term;
    struct md_edit *edit; /* NULL: lines are read plainly */
    bool was_left;        /* the last prompt was left by Ctrl-C */
};

/* How reading one line ended. */
enum md_read_end { MD_READ_LINE, MD_READ_PASTED, MD_READ_END, MD_READ_INTERRUPT };

/* NULL: there is no editor here. */
struct md_edit *md_edit_open(struct md_prompt *prompt);
void md_edit_close(struct md_edit **edit);
/* The line without its end into `line`; also what stood there when it was interrupted. */
enum md_read_end md_edit_read(struct md_edit *edit, const char *label, struct md_buf *line);

#endif
