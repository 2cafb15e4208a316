#include "cli/report/check_report.h"
#include "cli/report/layout.h"
#include "engine/base/display.h"
#include "engine/base/utf8.h"

#define LINE_BYTES_MAX ((size_t)600) /* of an offending line, around its column */
#define TAB 8

static const enum md_style severity_style[] = {
    [MD_CHECK_INFO] = MD_STYLE_BOLD, [MD_CHECK_WARNING] = MD_STYLE_YELLOW, [MD_CHECK_ERROR] = MD_STYLE_RED};

/* "config/imta.cnf:41:1: " as far as it is known. */
static const char *place(const struct md_check_report *report, const struct md_loc *loc)
{
    if (loc->file == NULL) {
        return "";
    }
    const char *file = md_display(report->arena, md_str(loc->file));
    if (loc->line == 0) {
        return md_arena_printf(report->arena, "%s: ", file);
    }
    if (loc->column == 0) {
        return md_arena_printf(report->arena, "%s:%u: ", file, (unsigned)loc->line);
    }
    return md_arena_printf(report->arena, "%s:%u:%u: ", file, (unsigned)loc->line, (unsigned)loc->column);
}

static const char *headline(const struct md_check_report *report, const struct md_check_found *found)
{
    return md_arena_printf(report->arena, "%s%s: %s [%s]", place(report, &found->loc),
                           md_check_severity_name(found->severity), md_display(report->arena, md_str(found->message)),
                           found->check->id);
}

/* Display text with tabs as blanks up to the next stop. */
static struct md_str with_blanks(struct md_arena *arena, struct md_str bytes)
{
    struct md_buf b = {0};
    size_t column = 0;
    for (;;) {
        ptrdiff_t tab = md_str_find_char(bytes, '\t');
        struct md_str part = md_str(md_display(arena, tab < 0 ? bytes : md_str_sub(bytes, 0, (size_t)tab)));
        md_buf_add(&b, part);
        column += md_display_width(part);
        if (tab < 0) {
            break;
        }
        md_buf_fill(&b, ' ', TAB - column % TAB);
        column += TAB - column % TAB;
        bytes = md_str_from(bytes, (size_t)tab + 1);
    }
    struct md_str out = md_arena_str(arena, md_str_n(b.p, b.n));
    md_buf_free(&b);
    return out;
}

/* The part of display text that lies between two columns. */
static void put_columns(struct md_buf *out, struct md_str text, size_t from, size_t to)
{
    size_t column = 0;
    while (text.n > 0) {
        uint32_t c = 0;
        size_t n = md_utf8_character(text, &c);
        n = n > 0 ? n : 1;
        size_t width = md_display_width(md_str_sub(text, 0, n));
        if (column >= from && column + width <= to) {
            md_buf_add(out, md_str_sub(text, 0, n));
        } else if (column < from && column + width > from) { /* half of a wide one */
            md_buf_fill(out, ' ', column + width - from);
        }
        column += width;
        text = md_str_from(text, n);
    }
}

static size_t character_start(struct md_str text, size_t at)
{
    while (at > 0 && at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

/* The offending line within the terminal's width, and a caret below its column. */
static void source_line(const struct md_layout *layout, const struct md_check_report *report, const struct md_loc *loc)
{
    struct md_str line;
    uint32_t column = 0;
    if (!md_check_report_line(report, loc, &line, &column)) {
        return;
    }
    line = md_str_trim_right(line);
    size_t at = column > 0 ? column - 1U : 0;
    at = character_start(line, at < line.n ? at : line.n);
    size_t begin = at > LINE_BYTES_MAX / 2 ? character_start(line, at - LINE_BYTES_MAX / 2) : 0;
    struct md_str near = md_str_sub(line, begin, LINE_BYTES_MAX);
    near.n = begin + near.n < line.n ? character_start(line, begin + near.n) - begin : near.n;
    struct md_str shown = with_blanks(report->arena, near);
    size_t caret = md_display_width(with_blanks(report->arena, md_str_sub(near, 0, at - begin)));
    size_t width = md_display_width(shown);

    const char *gutter = md_arena_printf(report->arena, "%5u |", (unsigned)loc->line);
    size_t room = MD_LAYOUT_WIDTH - strlen(gutter) - 1;
    bool is_cut_left = begin > 0, is_cut_right = begin + near.n < line.n;
    size_t from = 0;
    if (is_cut_left || caret >= room - 8) {
        from = caret > room / 2 ? caret - room / 2 : 0;
        if (begin + near.n == line.n && from + room > width) { /* no half empty line */
            from = width > room ? width - room : 0;
        }
        is_cut_left = is_cut_left || from > 0;
    }
    if (width - from > room) {
        is_cut_right = true;
    }
    size_t left = is_cut_left ? 3 : 0;
    size_t to = is_cut_right && width > from + room - 3 ? from + room - 3 : width;
    struct md_buf b = {0};
    md_buf_puts(&b, is_cut_left ? "..." : "");
    put_columns(&b, shown, from + left, to);
    md_buf_puts(&b, is_cut_right ? "..." : "");
    struct md_str text = md_str_trim_right(md_str_n(b.p, b.n));
    md_buf_puts(layout->out, gutter);
    md_buf_puts(layout->out, text.n > 0 ? " " : "");
    md_buf_add(layout->out, text);
    md_buf_puts(layout->out, "\n");
    md_buf_free(&b);
    if (column > 0) {
        md_buf_fill(layout->out, ' ', strlen(gutter) - 1);
        md_buf_puts(layout->out, "| ");
        md_buf_fill(layout->out, ' ', caret - from);
        md_layout_styled(layout, MD_STYLE_GREEN, "^");
        md_buf_puts(layout->out, "\n");
    }
}

static void labelled(const struct md_layout *layout, const struct md_check_report *report, const char *label,
                     const char *text)
{
    if (text != NULL && text[0] != '\0') {
        md_layout_paragraph(layout, label, "       ", md_check_report_shown(report->arena, text, " "), MD_STYLE_PLAIN);
    }
}

static void finding(const struct md_layout *layout, const struct md_check_report *report,
                    const struct md_check_found *found)
{
    md_layout_paragraph(layout, "", "    ", headline(report, found), severity_style[found->severity]);
    source_line(layout, report, &found->loc);
    labelled(layout, report, "  why: ", found->check->why);
    labelled(layout, report, "  fix: ", found->fix != NULL ? found->fix : found->check->fix);
    if (report->is_verbose) {
        labelled(layout, report, "  source: ", found->check->cites);
    }
    md_layout_line(layout, "");
}

static const char *counted(struct md_arena *arena, size_t n, const char *one, const char *many)
{
    return md_arena_printf(arena, "%zu %s", n, n == 1 ? one : many);
}

/* What could not be read is no clean result: it is told in each mode. */
static void problems(const struct md_layout *layout, const struct md_check_report *report)
{
    struct md_arena *a = report->arena;
    size_t n = 0;
    for (size_t i = 0; report->problems != NULL && i < md_diags_count(report->problems); i++) {
        const struct md_diag *d = md_diags_at(report->problems, i);
        if (d->severity < MD_WARNING && !report->is_verbose) {
            continue;
        }
        const char *times = d->count > 1 ? md_arena_printf(a, " (%zu times)", (size_t)d->count) : "";
        if (report->is_quiet) {
            md_layout_line(layout, md_arena_printf(a, "%sproblem: %s%s", place(report, &d->loc), d->what, times));
            continue;
        }
        if (n++ == 0) {
            md_layout_line(layout, "problems while reading:");
        }
        md_layout_paragraph(layout, "  ", "    ", md_arena_printf(a, "%s%s%s", place(report, &d->loc), d->what, times),
                            MD_STYLE_PLAIN);
    }
    if (n > 0) {
        md_layout_line(layout, "");
    }
}

static void more(const struct md_layout *layout, const struct md_check_report *report)
{
    struct md_arena *a = report->arena;
    if (report->n_suppressed > 0) {
        md_layout_line(layout, "suppressed:");
        for (size_t i = 0; i < report->n_suppressed; i++) {
            const struct md_check_silenced *s = &report->suppressed[i];
            md_layout_paragraph(
                layout, "  ", "    ",
                md_arena_printf(a, "%s (%s)", headline(report, &s->found), md_display(a, md_str(s->because))),
                MD_STYLE_DIM);
        }
        md_layout_line(layout, "");
    }
    if (report->n_skipped > 0) {
        md_layout_line(layout, "skipped, because what they look at was not read:");
        for (size_t i = 0; i < report->n_skipped; i++) {
            const struct md_check *check = report->skipped[i];
            struct md_buf b = {0};
            for (size_t k = 0; k < check->n_needs; k++) {
                md_buf_printf(&b, "%s%s", k == 0 ? "" : ", ", check->needs[k]);
            }
            md_layout_paragraph(layout, "  ", "    ", md_arena_printf(a, "%s (%s)", check->id, b.p == NULL ? "" : b.p),
                                MD_STYLE_PLAIN);
            md_buf_free(&b);
        }
        md_layout_line(layout, "");
    }
}

static void summary(const struct md_layout *layout, const struct md_check_report *report)
{
    struct md_arena *a = report->arena;
    size_t errors = md_check_report_count(report, MD_CHECK_ERROR);
    size_t warnings = md_check_report_count(report, MD_CHECK_WARNING);
    const char *says = "nothing found";
    if (report->n_findings > 0) {
        says = md_arena_printf(a, "%s, %s, %s", counted(a, errors, "error", "errors"),
                               counted(a, warnings, "warning", "warnings"),
                               counted(a, md_check_report_count(report, MD_CHECK_INFO), "remark", "remarks"));
    }
    const char *silent = report->n_suppressed == 0 ? "" : md_arena_printf(a, ", %zu suppressed", report->n_suppressed);
    const char *skipped = report->n_skipped == 0 ? ""
                                                 : md_arena_printf(a, "; %s skipped for want of an input",
                                                                   counted(a, report->n_skipped, "check", "checks"));
    md_layout_paragraph(
        layout, "", "    ",
        md_arena_printf(a, "%s in %s%s%s", says, counted(a, report->n_files, "file", "files"), silent, skipped),
        errors > 0     ? MD_STYLE_RED
        : warnings > 0 ? MD_STYLE_YELLOW
                       : MD_STYLE_GREEN);
}

void md_check_report_text(const struct md_check_report *report, struct md_buf *out)
{
    const struct md_layout layout = {.out = out, .use_colour = report->use_colour};
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->is_quiet) {
            md_layout_styled(&layout, severity_style[report->findings[i].severity],
                             headline(report, &report->findings[i]));
            md_layout_line(&layout, "");
        } else {
            finding(&layout, report, &report->findings[i]);
        }
    }
    problems(&layout, report);
    if (report->is_quiet) {
        return;
    }
    if (report->is_verbose) {
        more(&layout, report);
    }
    summary(&layout, report);
}
