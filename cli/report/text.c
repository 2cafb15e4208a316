#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/report/layout.h"
#include "cli/report/overview.h"
#include "cli/report/report.h"
#include "cli/report/text_priv.h"
#include "engine/ask.h"
#include "engine/base/display.h"
#include "engine/base/time.h"

#define MAX_LINES_OF_EVIDENCE 6
#define MAX_UNKNOWN 8
#define MAX_CONSIDERED 5
#define MAX_MEMBERS 8
#define MAX_OVERVIEW_ROWS 16

static const enum md_style urgency_style[] = {
    [MD_URGENCY_NORMAL] = MD_STYLE_GREEN, [MD_URGENCY_WATCH] = MD_STYLE_YELLOW, [MD_URGENCY_ACT] = MD_STYLE_RED};

static const char *const urgency_word[] = {
    [MD_URGENCY_NORMAL] = "NORMAL", [MD_URGENCY_WATCH] = "WATCH", [MD_URGENCY_ACT] = "ACT"};

/* "2026-11-24 03:12" in the zone of the source. */
static const char *local_time(const struct md_report *report, int64_t at)
{
    struct md_civil c;
    md_time_to_civil(at + (int64_t)md_zone_offset_at(report->source.zone, at) * MD_SECOND, &c);
    return md_arena_printf(report->arena, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

static void heading(const struct md_layout *layout, const struct md_report *report)
{
    const struct md_report_source *s = &report->source;
    struct md_arena *a = report->arena;
    const char *product = s->product_title != NULL ? s->product_title
                          : s->product != NULL     ? s->product
                                                   : "no known product";
    const char *host = s->host == NULL ? "a host that is not named" : md_display(a, md_str(s->host));
    struct md_buf roles = {0};
    if (s->roles != NULL && s->roles->is_known) {
        for (size_t i = 0; i < s->roles->value.u.texts.n; i++) {
            md_buf_printf(&roles, "%s%s", i == 0 ? " (" : ", ", md_display(a, s->roles->value.u.texts.items[i]));
        }
        md_buf_puts(&roles, roles.n > 0 ? ")" : "");
    }
    const char *version = s->version == NULL ? "" : md_arena_printf(a, " %s", md_display(a, md_str(s->version)));
    md_layout_paragraph(layout, "", "",
                        md_arena_printf(a, "%s%s on %s%s", product, version, host, roles.p == NULL ? "" : roles.p),
                        MD_STYLE_BOLD);
    md_buf_free(&roles);
    if (s->observed_at != MD_TIME_NONE) {
        md_layout_paragraph(layout, "", "",
                            md_arena_printf(a, "as of %s (%s), from %s", local_time(report, s->observed_at),
                                            md_zone_name(s->zone), md_display(a, md_str(s->name))),
                            MD_STYLE_DIM);
    }
    md_buf_puts(layout->out, "\n");
}

/* What no queue holds must not push the table over the edge. */
static bool fits_a_cell(double value)
{
    return fabs(value) < 1e7;
}

static const char *count_cell(struct md_arena *a, struct md_maybe m)
{
    return m.is_known ? md_arena_printf(a, fits_a_cell(m.value) ? "%.0f" : "%.0e", m.value) : "-";
}

static const char *rate_cell(struct md_arena *a, struct md_maybe m)
{
    if (!m.is_known || !fits_a_cell(m.value)) {
        return count_cell(a, m);
    }
    return md_arena_printf(a, m.value < 10 ? "%.1f" : "%.0f", m.value);
}

/* The table has room for one unit. */
static const char *age_cell(struct md_arena *a, struct md_maybe m)
{
    if (!m.is_known) {
        return "-";
    }
    const char *about = m.is_exact ? "" : "~";
    if (m.value < 90 * 60) {
        return md_arena_printf(a, "%s%.0f min", about, m.value / 60);
    }
    if (m.value < 48 * 3600) {
        return md_arena_printf(a, "%s%.0f h", about, m.value / 3600);
    }
    double days = m.value / 86400;
    return md_arena_printf(a, days < 1e4 ? "%s%.0f days" : "%s%.0e d", about, days);
}

static bool is_idle(const struct md_overview_channel *c)
{
    return c->files.value <= 0 && c->arrived_per_h.value <= 0 && c->left_per_h.value <= 0;
}

static void overview(const struct md_layout *layout, const struct md_report *report)
{
    struct md_overview o;
    struct md_arena *a = report->arena;
    md_overview_make(a, report->result->facts, &o);
    if (o.n_channels == 0) {
        return;
    }
    md_layout_styled(layout, MD_STYLE_DIM, "channel                 files  untried    held    oldest    in/h   out/h");
    md_buf_puts(layout->out, "\n");
    size_t n_left_out = 0, shown = 0;
    for (size_t i = 0; i < o.n_channels; i++) {
        const struct md_overview_channel *c = &o.channels[i];
        if (shown >= MAX_OVERVIEW_ROWS || (is_idle(c) && !report->is_verbose)) {
            n_left_out++;
            continue;
        }
        shown++;
        const char *name = md_display_max(a, c->name, 20);
        size_t width = md_display_width(md_str(name));
        md_buf_puts(layout->out, name);
        md_buf_fill(layout->out, ' ', width < 20 ? 20 - width : 1);
        md_buf_printf(layout->out, " %8s %8s %7s %9s %7s %7s\n", count_cell(a, c->files), count_cell(a, c->untried),
                      count_cell(a, c->held), age_cell(a, c->oldest_s), rate_cell(a, c->arrived_per_h),
                      rate_cell(a, c->left_per_h));
    }
    if (n_left_out > 0) {
        md_buf_printf(layout->out, "and %zu %s\n", n_left_out, shown >= MAX_OVERVIEW_ROWS ? "more" : "idle ones");
    }
    md_buf_puts(layout->out, "\n");
}

static const char *scope_text(struct md_arena *a, const struct md_scope_pair *pairs, size_t n)
{
    struct md_buf b = {0};
    for (size_t i = 0; i < n; i++) {
        if (strcmp(pairs[i].scope, "host") == 0 && n > 1) {
            continue;
        }
        md_buf_printf(&b, "%s%s %s", b.n == 0 ? "" : ", ", pairs[i].scope, pairs[i].name);
    }
    char *text = md_arena_cstr(a, (struct md_str){b.p == NULL ? "" : b.p, b.n});
    md_buf_free(&b);
    return text[0] == '\0' ? "this host" : text;
}

static const char *origin_text(struct md_arena *a, const struct md_origin *o)
{
    const char *name = o->name == NULL ? "" : md_display(a, md_str(o->name));
    switch (o->kind) {
    case MD_ORIGIN_FILE: return o->line == 0 ? name : md_arena_printf(a, "%s:%u", name, (unsigned)o->line);
    case MD_ORIGIN_COMMAND: return md_arena_printf(a, "`%s`", name);
    case MD_ORIGIN_LISTING: return md_arena_printf(a, "listing %s", name);
    case MD_ORIGIN_DNS: return md_arena_printf(a, "DNS %s", name);
    case MD_ORIGIN_PROCESS: return md_arena_printf(a, "process table %s", name);
    case MD_ORIGIN_PERSON: return "told";
    }
    return name;
}

static void evidence(const struct md_layout *layout, const struct md_report *report, const struct md_diagnosis *d)
{
    struct md_arena *a = report->arena;
    size_t shown = 0;
    for (size_t i = 0; i < d->n_evidence && (report->is_verbose || shown < MAX_LINES_OF_EVIDENCE); i++) {
        const struct md_evidence *e = &d->evidence[i];
        if (e->kind == MD_EVIDENCE_UNKNOWN || e->kind == MD_EVIDENCE_PRIOR || e->because == NULL) {
            continue;
        }
        if (shown++ == 0) {
            md_layout_line(layout, "   Why:");
        }
        const char *where = "";
        if (e->n_origins > 0) {
            where = md_arena_printf(a, " [%s%s]", origin_text(a, &e->origins[0]), e->n_origins > 1 ? ", ..." : "");
        }
        const char *sign = e->kind == MD_EVIDENCE_CONTRADICTS ? "   - " : "   + ";
        md_layout_paragraph(layout, sign, "     ",
                            md_arena_printf(a, "%s%s (%+.1f dB)", e->because, where, e->decibans), MD_STYLE_PLAIN);
    }
    if (d->rather_than.id != NULL && d->rather_than.n_because > 0) {
        md_layout_paragraph(layout, "   Rather than ", "     ",
                            md_arena_printf(a, "%s (by %.1f dB): %s", d->rather_than.id, d->rather_than.decibans,
                                            d->rather_than.because[0]),
                            MD_STYLE_DIM);
    }
}

static void remedy(const struct md_layout *layout, const struct md_report *report, const struct md_advice *r, size_t n)
{
    struct md_arena *a = report->arena;
    if (r->withheld != NULL) {
        md_layout_paragraph(layout, "   NOT NOW: ", "     ",
                            md_arena_printf(a, "%s: %s", r->remedy->title, r->withheld), MD_STYLE_YELLOW);
        return;
    }
    md_layout_paragraph(layout, md_arena_printf(a, "   %c) ", (char)('a' + (int)(n % 26))), "      ",
                        md_arena_printf(a, "%s (about %.0f min, risk %s, restart: %s)", r->remedy->title,
                                        r->remedy->minutes, r->remedy->risk, r->remedy->restart),
                        MD_STYLE_BOLD);
    for (size_t i = 0; i < r->n_warnings; i++) {
        md_layout_paragraph(layout, "      Beware: ", "        ", r->warnings[i], MD_STYLE_YELLOW);
    }
    for (size_t i = 0; i < r->n_steps; i++) {
        if (r->steps[i].text != NULL) {
            md_layout_paragraph(layout, "      - ", "        ", r->steps[i].text, MD_STYLE_PLAIN);
        }
        if (r->steps[i].command != NULL) {
            md_layout_command(layout, "        ", r->steps[i].command);
        }
    }
    if (r->verify != NULL) {
        md_layout_paragraph(layout, "      It worked if ", "        ", r->verify, MD_STYLE_PLAIN);
    }
    if (report->is_verbose) {
        if (r->needs != NULL) {
            md_layout_paragraph(layout, "      Needs: ", "        ", r->needs, MD_STYLE_DIM);
        }
        if (r->undo != NULL) {
            md_layout_paragraph(layout, "      Undo: ", "        ", r->undo, MD_STYLE_DIM);
        }
        if (r->reference != NULL) {
            md_layout_paragraph(layout, "      Source: ", "        ", r->reference, MD_STYLE_DIM);
        }
    }
}

static void members(const struct md_layout *layout, const struct md_report *report, const struct md_diagnosis *d)
{
    if (d->n_members == 0) {
        return;
    }
    struct md_buf list = {0};
    for (size_t i = 0; i < d->n_members && i < MAX_MEMBERS; i++) {
        md_buf_printf(&list, "%s%s", i == 0 ? "" : ", ", d->members[i]);
    }
    if (d->n_members > MAX_MEMBERS) {
        md_buf_printf(&list, " and %zu more", d->n_members - MAX_MEMBERS);
    }
    md_layout_paragraph(layout, "   For: ", "     ", list.p, MD_STYLE_PLAIN);
    md_buf_free(&list);
    (void)report;
}

static void facts_line(const struct md_layout *layout, const struct md_report *report, const struct md_diagnosis *d)
{
    struct md_buf line = {0};
    struct md_arena *a = report->arena;
    if (d->since != MD_TIME_NONE) {
        md_buf_printf(&line, "since %s", local_time(report, d->since));
    }
    if (d->has_messages) {
        md_buf_printf(&line, "%s%" PRIu64 " message%s", line.n > 0 ? ", " : "", d->messages,
                      d->messages == 1 ? "" : "s");
    }
    if (d->has_mailboxes) {
        md_buf_printf(&line, "%s%" PRIu64 " mailbox%s", line.n > 0 ? ", " : "", d->mailboxes,
                      d->mailboxes == 1 ? "" : "es");
    }
    if (d->has_oldest) {
        md_buf_printf(&line, "%sthe oldest for %s", line.n > 0 ? ", " : "", md_duration_text(a, d->oldest_s));
    }
    if (d->growing == 1) {
        md_buf_printf(&line, "%sgrowing", line.n > 0 ? ", " : "");
    }
    if (line.n > 0) {
        md_layout_paragraph(layout, "   ", "     ", line.p, MD_STYLE_DIM);
    }
    md_buf_free(&line);
}

static void diagnosis(const struct md_layout *layout, const struct md_report *report, const struct md_diagnosis *d)
{
    struct md_arena *a = report->arena;
    md_layout_paragraph(layout, md_arena_printf(a, "%zu. ", d->rank), "   ",
                        md_arena_printf(a, "%s [%s, %.0f %%, %s]", d->title, md_certainty_name(d->certainty),
                                        d->probability * 100, md_urgency_name(d->urgency)),
                        urgency_style[d->urgency]);
    md_layout_paragraph(layout, "   ", "   ", md_arena_printf(a, "%s (%s)", d->id, scope_text(a, d->scope, d->n_scope)),
                        MD_STYLE_DIM);
    if (report->is_quiet) {
        return;
    }
    members(layout, report, d);
    if (d->summary != NULL) {
        md_layout_paragraph(layout, "   ", "   ", d->summary, MD_STYLE_PLAIN);
    }
    facts_line(layout, report, d);
    evidence(layout, report, d);
    if (d->if_nothing != NULL) {
        md_layout_paragraph(layout, "   If nothing is done: ", "     ", d->if_nothing, MD_STYLE_PLAIN);
    }
    if (d->n_remedies > 0) {
        md_layout_line(layout, "   What to do:");
        for (size_t i = 0; i < d->n_remedies; i++) {
            remedy(layout, report, &d->remedies[i], i);
        }
    }
    md_buf_puts(layout->out, "\n");
}

/* How many of the list from `i` on have the same id; 0 where an earlier one has it. */
static size_t considered_alike(const struct md_result *r, size_t i)
{
    size_t n = 0;
    for (size_t k = 0; k < r->n_considered; k++) {
        bool is_same = strcmp(r->considered[k].id, r->considered[i].id) == 0;
        if (is_same && k < i) {
            return 0;
        }
        n += is_same;
    }
    return n;
}

static void considered(const struct md_layout *layout, const struct md_report *report)
{
    const struct md_result *r = report->result;
    if (r->n_considered == 0) {
        return;
    }
    struct md_buf line = {0};
    size_t shown = 0;
    for (size_t i = 0; i < r->n_considered && (report->is_verbose || shown < MAX_CONSIDERED); i++) {
        const struct md_considered *c = &r->considered[i];
        size_t alike = report->is_verbose ? 1 : considered_alike(r, i);
        if (alike == 0) {
            continue;
        }
        md_buf_printf(&line, "%s%s (%s", shown++ == 0 ? "" : "; ", c->id,
                      scope_text(report->arena, c->scope, c->n_scope));
        if (alike > 1) {
            md_buf_printf(&line, " and %zu other%s", alike - 1, alike == 2 ? "" : "s");
        }
        if (c->explained_by != NULL) {
            md_buf_printf(&line, ", explained by %s)", c->explained_by);
        } else {
            md_buf_printf(&line, ", %.0f %%)", c->probability * 100);
        }
    }
    md_layout_paragraph(layout, "Also considered: ", "  ", line.p, MD_STYLE_DIM);
    md_buf_puts(layout->out, "\n");
    md_buf_free(&line);
}

/* Of facts that are unknown in several places only the first is shown, unless everything was asked for. */
static bool is_shown_before(const struct md_result *r, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (strcmp(r->unknown[k].fact, r->unknown[i].fact) == 0) {
            return true;
        }
    }
    return false;
}

static size_t others_alike(const struct md_result *r, size_t i)
{
    size_t n = 0;
    for (size_t k = i + 1; k < r->n_unknown; k++) {
        n += strcmp(r->unknown[k].fact, r->unknown[i].fact) == 0;
    }
    return n;
}

static void unknown_line(const struct md_layout *layout, const struct md_report *report, const struct md_unknown *u,
                         size_t n_others)
{
    struct md_arena *a = report->arena;
    const struct md_fact_def *def = md_catalogue_fact(md_facts_catalogue(report->result->facts), md_str(u->fact));
    const char *others = n_others > 0 ? md_arena_printf(a, " and %zu other%s", n_others, n_others == 1 ? "" : "s") : "";
    const char *change =
        u->n_would_change > 0 ? md_arena_printf(a, "; it would tell about %s", u->would_change[0]) : "";
    md_layout_paragraph(layout, "  - ", "    ",
                        md_arena_printf(a, "%s%s: %s (%s%s)", scope_text(a, u->scope, u->n_scope), others,
                                        def == NULL ? u->fact : def->means, u->why == NULL ? "not observed" : u->why,
                                        change),
                        MD_STYLE_PLAIN);
    if (u->ask != NULL && md_ask_is_command(md_str(u->ask))) {
        md_layout_command(layout, "    ", u->ask);
    } else if (u->ask != NULL) {
        md_layout_paragraph(layout, "    ", "    ", u->ask, MD_STYLE_PLAIN);
    }
}

static void unknown(const struct md_layout *layout, const struct md_report *report)
{
    const struct md_result *r = report->result;
    if (r->n_unknown == 0) {
        return;
    }
    md_layout_line(layout, "Not known, and it could change the answer:");
    size_t shown = 0, left_out = 0, asked = 0;
    for (size_t i = 0; i < r->n_unknown; i++) {
        if (report->is_verbose) {
            unknown_line(layout, report, &r->unknown[i], 0);
        } else if (is_shown_before(r, i)) {
            continue;
        } else if (report->is_asked != NULL && report->is_asked[i]) {
            asked++;
        } else if (shown < MAX_UNKNOWN) {
            unknown_line(layout, report, &r->unknown[i], others_alike(r, i));
            shown++;
        } else {
            left_out++;
        }
    }
    if (left_out > 0) {
        md_buf_printf(layout->out, "  and %zu more (--verbose)\n", left_out);
    }
    if (asked > 0) {
        md_buf_printf(layout->out, "  %s%zu that you were asked for (--verbose)\n", shown > 0 ? "and " : "", asked);
    }
    md_buf_puts(layout->out, "\n");
}

void md_report_text(const struct md_report *report, struct md_buf *out)
{
    const struct md_layout layout = {.out = out, .use_colour = report->use_colour};
    const struct md_result *r = report->result;
    heading(&layout, report);
    if (!report->is_quiet) {
        overview(&layout, report);
    }
    md_layout_paragraph(
        &layout, "", "  ",
        md_arena_printf(report->arena, "%s: %s", urgency_word[r->verdict], r->summary == NULL ? "" : r->summary),
        urgency_style[r->verdict]);
    md_buf_puts(out, "\n");
    for (size_t i = 0; i < r->n_diagnoses; i++) {
        diagnosis(&layout, report, &r->diagnoses[i]);
    }
    if (report->is_quiet) {
        return;
    }
    considered(&layout, report);
    unknown(&layout, report);
    md_report_text_end(&layout, report);
}
