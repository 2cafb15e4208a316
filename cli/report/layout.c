#include "cli/report/layout.h"

#include "engine/base/display.h"

static const char *const codes[] = {
    [MD_STYLE_PLAIN] = "",           [MD_STYLE_BOLD] = "\033[1m",      [MD_STYLE_DIM] = "\033[2m",
    [MD_STYLE_GREEN] = "\033[1;32m", [MD_STYLE_YELLOW] = "\033[1;33m", [MD_STYLE_RED] = "\033[1;31m",
};

static void begin(const struct md_layout *layout, enum md_style style)
{
    if (layout->use_colour) {
        md_buf_puts(layout->out, codes[style]);
    }
}

static void end(const struct md_layout *layout, enum md_style style)
{
    if (layout->use_colour && style != MD_STYLE_PLAIN) {
        md_buf_puts(layout->out, "\033[0m");
    }
}

void md_layout_styled(const struct md_layout *layout, enum md_style style, const char *text)
{
    begin(layout, style);
    md_buf_puts(layout->out, text);
    end(layout, style);
}

void md_layout_line(const struct md_layout *layout, const char *text)
{
    md_buf_puts(layout->out, text);
    md_buf_puts(layout->out, "\n");
}

void md_layout_paragraph(const struct md_layout *layout, const char *first, const char *rest, const char *text,
                         enum md_style style)
{
    struct md_str words = md_str(text);
    size_t margin = md_display_width(md_str(rest));
    size_t column = md_display_width(md_str(first));
    md_buf_puts(layout->out, first);
    begin(layout, style);
    bool is_line_start = true;
    for (;;) {
        struct md_str word = md_str_next_word(&words);
        if (word.n == 0) {
            break;
        }
        size_t width = md_display_width(word);
        if (!is_line_start && column + 1 + width > MD_LAYOUT_WIDTH) {
            end(layout, style);
            md_buf_puts(layout->out, "\n");
            md_buf_puts(layout->out, rest);
            begin(layout, style);
            column = margin;
            is_line_start = true;
        }
        if (!is_line_start) {
            md_buf_puts(layout->out, " ");
            column++;
        }
        md_buf_add(layout->out, word);
        column += width;
        is_line_start = false;
    }
    end(layout, style);
    md_buf_puts(layout->out, "\n");
}

void md_layout_command(const struct md_layout *layout, const char *indent, const char *command)
{
    md_buf_puts(layout->out, indent);
    md_buf_puts(layout->out, "$ ");
    md_layout_styled(layout, MD_STYLE_BOLD, command);
    md_buf_puts(layout->out, "\n");
}
