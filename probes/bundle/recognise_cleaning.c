/* What was done to a text on its way, and is undone before it is read. */
#include "probes/bundle/recognise.h"

#include "probes/source/stream.h"
#include "probes/source/typography.h"

#define LINES_MAX 60 /* non-empty ones that are looked at */
#define LINE_LOOK 2048

static bool begins(struct md_str line, const char *what)
{
    return md_str_has_prefix(line, md_str(what));
}

/* Lines that are all numbered, from 1 on. Tables whose rows are numbered have a heading without a number. */
static bool is_numbered(struct md_str head)
{
    struct md_str line;
    uint64_t lines = 0, number;

    while (lines < LINES_MAX && md_str_next_line(&head, &line)) {
        size_t n;

        if (md_str_is_empty(md_str_trim(line)))
            continue;
        n = md_clean_number(line, &number);
        if (n == 0 || number <= lines || number > lines + 5) /* `nl` counts no empty lines, others do */
            return md_str_is_empty(head) && lines > 3;       /* the last one may be cut off */
        if (md_str_find(line, MD_LIT("on-line")) >= 0)
            return false;
        lines = number;
    }
    return lines > 3;
}

/* Text with NUL bytes in it, which terminals and emptied logs leave; no bytes that no text has. */
static bool has_zeros_only(struct md_str head)
{
    size_t zeros = 0, others = 0;

    for (size_t i = 0; i < head.n; i++) {
        const unsigned char c = (unsigned char)head.p[i];

        zeros += c == '\0';
        others += c != '\0' && c < 0x20 && strchr("\t\n\r\f\b\a\033", c) == NULL;
    }
    return zeros > 0 && zeros < head.n && others == 0;
}

unsigned md_recognise_cleaning(struct md_str head)
{
    struct md_str line, rest = head;
    size_t lines = 0, quoted = 0, barred = 0, padded = 0, width = 0,
           controls = begins(head, "\xef\xbb\xbf") || has_zeros_only(head);
    unsigned how = 0;

    while (lines < LINES_MAX && md_str_next_line(&rest, &line)) {
        if (line.n == 0)
            continue;
        lines++;
        quoted += *line.p == '>' || begins(line, " >");
        /* A blank at the end of a line is a mistake that may matter; on all, and to one width, the terminal put it there. */
        padded += line.p[line.n - 1] == '\r' || (line.p[line.n - 1] == ' ' && line.n == width);
        width = line.p[line.n - 1] == ' ' ? line.n : width;
        barred += begins(line, "| ") && line.p[line.n - 1] != '|'; /* else it is a table */
        line = md_str_sub(line, 0, LINE_LOOK);
        controls += md_str_find_char(line, '\033') >= 0 || md_str_find_char(line, '\b') >= 0 ||
                    begins(line, "Script started on ");
        how |= md_typography_is(line) ? MD_CLEAN_TYPOGRAPHY : 0U;
    }
    /* What was pasted before may be without any: its first tables may come late. */
    if ((how & MD_CLEAN_TYPOGRAPHY) == 0 && md_str_find_char(head, '\0') < 0 && md_typography_is(rest))
        how |= MD_CLEAN_TYPOGRAPHY;
    /* Of a mail that answers another one a part is quoted. */
    if (lines > 1 && ((quoted + barred) * 5 >= lines * 4 || (quoted >= 5 && quoted * 3 >= lines)))
        how |= MD_CLEAN_QUOTES;
    if (lines > 4 && padded * 5 >= lines * 4)
        how |= MD_CLEAN_PADDING;
    if (controls > 0)
        how |= MD_CLEAN_CONTROLS;
    if (is_numbered(head))
        how |= MD_CLEAN_NUMBERS;
    return how;
}
