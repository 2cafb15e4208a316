#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/report/send.h"
#include "cli/report/text_priv.h"
#include "engine/base/display.h"

#define MAX_PROBLEMS 12
#define MAX_PLACES 6 /* with one and the same problem */

static const char *place_of(struct md_arena *a, const struct md_diag *d)
{
    if (d->loc.file == NULL) {
        return "";
    }
    const char *file = md_display(a, md_str(d->loc.file));
    return d->loc.line == 0 ? file : md_arena_printf(a, "%s:%u", file, (unsigned)d->loc.line);
}

/* Notes that say the same of several places are one line. */
static bool is_alike(const struct md_diag *a, const struct md_diag *b)
{
    return a->severity == MD_NOTE && b->severity == MD_NOTE && a->loc.file != NULL && b->loc.file != NULL &&
           strcmp(a->what, b->what) == 0;
}

static void places_alike(const struct md_layout *layout, const struct md_report *report, size_t first, size_t n)
{
    const struct md_diag *d = md_diags_at(report->problems, first);
    struct md_buf line = {0};
    size_t shown = 0;
    for (size_t i = first; i < md_diags_count(report->problems); i++) {
        const struct md_diag *other = md_diags_at(report->problems, i);
        if (is_alike(d, other) && shown < MAX_PLACES) {
            md_buf_printf(&line, "%s%s", shown++ == 0 ? "" : ", ", place_of(report->arena, other));
        }
    }
    if (n > shown) {
        md_buf_printf(&line, " and %zu more", n - shown);
    }
    md_layout_paragraph(layout, "  - ", "    ", md_arena_printf(report->arena, "%s: %s", d->what, line.p),
                        MD_STYLE_PLAIN);
    md_buf_free(&line);
}

static void problem(const struct md_layout *layout, const struct md_report *report, const struct md_diag *d)
{
    struct md_arena *a = report->arena;
    const char *place = place_of(a, d);
    const char *times = d->count > 1 ? md_arena_printf(a, " (%" PRIu64 " times)", d->count) : "";
    md_layout_paragraph(layout, "  - ", "    ",
                        md_arena_printf(a, "%s%s%s%s", place, place[0] == '\0' ? "" : ": ", d->what, times),
                        MD_STYLE_PLAIN);
}

static void problems(const struct md_layout *layout, const struct md_report *report)
{
    size_t n = md_diags_count(report->problems), shown = 0, left_out = 0;
    if (n == 0) {
        return;
    }
    md_layout_line(layout, "What could not be read or understood:");
    for (size_t i = 0; i < n; i++) {
        const struct md_diag *d = md_diags_at(report->problems, i);
        size_t alike = 0;
        bool is_first = true;
        for (size_t k = 0; k < n && !report->is_verbose; k++) {
            bool is_same = is_alike(d, md_diags_at(report->problems, k));
            is_first &= !is_same || k >= i;
            alike += is_same;
        }
        if (!is_first) {
            continue;
        }
        if (!report->is_verbose && shown == MAX_PROBLEMS) {
            left_out++;
        } else if (alike > 1) {
            places_alike(layout, report, i, alike);
            shown++;
        } else {
            problem(layout, report, d);
            shown++;
        }
    }
    if (left_out > 0) {
        md_buf_printf(layout->out, "  and %zu more (--verbose)\n", left_out);
    }
    md_buf_puts(layout->out, "\n");
}

static void skipped_probes(const struct md_layout *layout, const struct md_report *report)
{
    const struct md_facts *facts = report->result->facts;
    struct md_buf line = {0};
    for (size_t i = 0; i < md_facts_probe_count(facts); i++) {
        const struct md_probe_note *note = md_facts_probe_at(facts, i);
        if (note->status != MD_PROBE_OK && md_report_shows_probe(report, note)) {
            md_buf_printf(&line, "%s%s (%s)", line.n == 0 ? "" : ", ", note->name,
                          note->why == NULL ? "skipped" : note->why);
        }
    }
    if (line.n > 0) {
        md_layout_paragraph(layout, "Not looked at: ", "  ", line.p, MD_STYLE_DIM);
        md_buf_puts(layout->out, report->is_sent ? "\n" : "");
    }
    md_buf_free(&line);
}

static void files(const struct md_layout *layout, const struct md_report *report)
{
    struct md_arena *a = report->arena;
    if (!report->is_verbose || report->n_files == 0) {
        return;
    }
    md_layout_line(layout, "What each file was taken for:");
    for (size_t i = 0; i < report->n_files; i++) {
        const struct md_report_file *f = &report->files[i];
        const char *name = md_display(a, md_str(f->name));
        if (f->line > 1) {
            name = md_arena_printf(a, "%s:%u", name, (unsigned)f->line);
        }
        if (f->count > 1) {
            name = md_arena_printf(a, "%s and %zu more", name, f->count - 1);
        }
        md_layout_paragraph(layout, "  - ", "    ",
                            md_arena_printf(a, "%s: %s%s%s%s%s", name, f->taken_as, f->command == NULL ? "" : " of `",
                                            f->command == NULL ? "" : md_display(a, md_str(f->command)),
                                            f->command == NULL ? "" : "`",
                                            f->note == NULL ? "" : md_arena_printf(a, " (%s)", f->note)),
                            MD_STYLE_PLAIN);
    }
    md_buf_puts(layout->out, "\n");
}

static void send_also(const struct md_layout *layout, const struct md_report *report)
{
    const struct md_send *list;
    size_t n = report->is_sent ? md_send_find(report->arena, report->result, &list) : 0;
    if (n == 0) {
        return;
    }
    md_layout_line(layout, "Please send us also, the most telling first, the output of:");
    for (size_t i = 0; i < n; i++) {
        md_layout_command(layout, "  ", list[i].command);
        if (report->is_verbose) {
            struct md_buf line = {0};
            for (size_t k = 0; k < list[i].n_would_change; k++) {
                md_buf_printf(&line, "%s%s", k == 0 ? "" : ", ", list[i].would_change[k]);
            }
            md_layout_paragraph(layout, "      it would tell about ", "        ", line.p == NULL ? "" : line.p,
                                MD_STYLE_DIM);
            md_buf_free(&line);
        }
    }
    md_buf_puts(layout->out, "\n");
}

void md_report_text_end(const struct md_layout *layout, const struct md_report *report)
{
    problems(layout, report);
    files(layout, report);
    skipped_probes(layout, report);
    send_also(layout, report);
}
