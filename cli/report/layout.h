/*
 * cli/report/layout: lines of text that fit a terminal of 80 columns.
 *
 * Paragraphs are broken at blanks, by display width; a word longer than the line stands alone and is not broken (a
 * path, an address). Commands are never broken. Colour is ANSI SGR, only where it was asked for.
 */
#ifndef CLI_REPORT_LAYOUT_H
#define CLI_REPORT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/buf.h"

#define MD_LAYOUT_WIDTH 80

enum md_style { MD_STYLE_PLAIN, MD_STYLE_BOLD, MD_STYLE_DIM, MD_STYLE_GREEN, MD_STYLE_YELLOW, MD_STYLE_RED };

struct md_layout {
    struct md_buf *out;
    bool use_colour;
};

/* `first` begins the first line, `rest` the following ones; both are plain text. */
void md_layout_paragraph(const struct md_layout *layout, const char *first, const char *rest, const char *text,
                         enum md_style style);
/* "  $ command" on a line of its own. */
void md_layout_command(const struct md_layout *layout, const char *indent, const char *command);
void md_layout_styled(const struct md_layout *layout, enum md_style style, const char *text);
void md_layout_line(const struct md_layout *layout, const char *text);

#endif
