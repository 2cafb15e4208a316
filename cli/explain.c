/*
 * cli/explain: the command `explain ID`: what a diagnosis, finding, check, remedy or fact is, from the rule base alone.
 */
#include <stdio.h>
#include <string.h>

#include "cli/check_suppress.h"
#include "cli/explain_json.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/report/layout.h"
#include "cli/report/report.h"
#include "cli/run.h"
#include "engine/ask.h"
#include "engine/base/display.h"

struct explain {
    const struct md_rules *rules;
    const struct md_checks *checks;
    struct md_layout layout;
    struct md_arena *arena;
};

static void title(const struct explain *x, const char *id, const char *kind, const char *text)
{
    md_buf_puts(x->layout.out, x->layout.out->n > 0 ? "\n" : ""); /* an id may be that of several kinds */
    md_layout_paragraph(&x->layout, "", "  ", md_arena_printf(x->arena, "%s (%s)", id, kind), MD_STYLE_BOLD);
    if (text != NULL) {
        md_layout_paragraph(&x->layout, "  ", "  ", text, MD_STYLE_PLAIN);
    }
}

static void entry(const struct explain *x, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        md_layout_paragraph(&x->layout, md_arena_printf(x->arena, "  %-14s", name), "                ", text,
                            MD_STYLE_PLAIN);
    }
}

static void place(const struct explain *x, struct md_loc loc, const char *cites)
{
    entry(x, "source:", cites);
    if (loc.file != NULL) {
        entry(x, "written in:", md_arena_printf(x->arena, "%s:%u", loc.file, (unsigned)loc.line));
    }
}

static const char *in_words(const struct explain *x, double p)
{
    return md_arena_printf(x->arena, "%.0f %%", p * 100);
}

static void finding_line(const struct explain *x, size_t index, const char *lead)
{
    const struct md_finding *f = md_rules_finding(x->rules, index);
    const char *says = f->title != NULL ? f->title : md_rules_text(x->rules, f->says);
    md_layout_paragraph(
        &x->layout, "    ", "      ",
        md_arena_printf(x->arena, "%s %s%s%s", lead, f->id, says == NULL ? "" : ": ", says == NULL ? "" : says),
        MD_STYLE_PLAIN);
}

static void explain_cause(const struct explain *x, const struct md_cause *c)
{
    title(x, c->id, c->is_benign ? "a normal state" : "a diagnosis", c->title);
    entry(x, "what it is:", md_rules_text(x->rules, c->summary));
    entry(x, "scope:", c->scope->name);
    entry(x, "urgency:", md_urgency_name(c->usual_urgency));
    entry(x, "how common:", in_words(x, c->prior));
    entry(x, "if nothing:", md_rules_text(x->rules, c->if_nothing));
    if (c->n_links > 0) {
        md_layout_line(&x->layout, "  shows itself by:");
        for (size_t i = 0; i < c->n_links; i++) {
            finding_line(x, c->links[i].finding, in_words(x, c->links[i].strength));
        }
    }
    if (c->n_never > 0) {
        md_layout_line(&x->layout, "  hardly ever with:");
        for (size_t i = 0; i < c->n_never; i++) {
            finding_line(x, c->never[i], "-");
        }
    }
    if (c->n_brings > 0) {
        md_layout_line(&x->layout, "  brings with it:");
        for (size_t i = 0; i < c->n_brings; i++) {
            md_layout_paragraph(&x->layout, "    ", "      ", md_rules_cause(x->rules, c->brings[i].cause)->id,
                                MD_STYLE_PLAIN);
        }
    }
    if (c->n_cures > 0) {
        md_layout_line(&x->layout, "  remedies:");
        for (size_t i = 0; i < c->n_cures; i++) {
            const struct md_remedy *r = md_rules_remedy(x->rules, c->cures[i].remedy);
            md_layout_paragraph(&x->layout, "    ", "      ",
                                md_arena_printf(x->arena, "%s %s: %s", in_words(x, c->cures[i].fixes), r->id, r->title),
                                MD_STYLE_PLAIN);
        }
    }
    place(x, c->loc, c->cites);
}

static void explain_finding(const struct explain *x, const struct md_finding *f)
{
    const char *says = md_rules_text(x->rules, f->says);
    title(x, f->id, "a finding", f->title != NULL ? f->title : says);
    entry(x, "scope:", f->scope->name);
    entry(x, "group:", f->group);
    entry(x, "by itself:",
          md_arena_printf(x->arena, "seen in %s of the cases without any of its causes", in_words(x, f->leak)));
    md_layout_line(&x->layout, "  speaks for:");
    for (size_t i = 0; i < md_rules_cause_count(x->rules); i++) {
        const struct md_cause *c = md_rules_cause(x->rules, i);
        for (size_t k = 0; k < c->n_links; k++) {
            if (c->links[k].finding == f->index) {
                md_layout_paragraph(
                    &x->layout, "    ", "      ",
                    md_arena_printf(x->arena, "%s %s: %s", in_words(x, c->links[k].strength), c->id, c->title),
                    MD_STYLE_PLAIN);
            }
        }
    }
    place(x, f->loc, f->cites);
}

static void explain_remedy(const struct explain *x, const struct md_remedy *r)
{
    title(x, r->id, "a remedy", r->title);
    entry(x, "needs:", md_rules_text(x->rules, r->needs));
    entry(x, "takes:", md_arena_printf(x->arena, "about %.0f minutes", r->minutes));
    entry(x, "risk:", r->risk);
    entry(x, "restart:", r->restart);
    entry(x, "undo:", md_rules_text(x->rules, r->undo));
    entry(x, "it worked if:", md_rules_text(x->rules, r->verify));
    entry(x, "reference:", md_rules_text(x->rules, r->reference));
    md_layout_line(&x->layout, "  for:");
    for (size_t i = 0; i < md_rules_cause_count(x->rules); i++) {
        const struct md_cause *c = md_rules_cause(x->rules, i);
        for (size_t k = 0; k < c->n_cures; k++) {
            if (c->cures[k].remedy == r->index) {
                md_layout_paragraph(&x->layout, "    ", "      ", md_arena_printf(x->arena, "%s: %s", c->id, c->title),
                                    MD_STYLE_PLAIN);
            }
        }
    }
    place(x, r->loc, r->cites);
}

static void explain_fact(const struct explain *x, const struct md_fact_def *f)
{
    title(x, f->name, "a fact", f->means);
    entry(x, "type:", md_type_name(f->type));
    entry(x, "unit:", f->unit);
    entry(x, "given by:", f->probe);
    entry(x, "privacy:", f->privacy);
    if (f->ask != NULL) {
        entry(x, "to ask:", md_display(x->arena, md_node_text(f->ask, "question")));
        md_layout_command(&x->layout, "    ", md_ask(x->arena, f, NULL));
    }
}

/* An example: its lines as they stand in a file; one that is too long for the terminal goes on further in. */
static void example(const struct explain *x, const char *name, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    md_layout_line(&x->layout, md_arena_printf(x->arena, "  %s", name));
    struct md_str rest = md_str(text), line;
    while (md_str_next_line(&rest, &line)) {
        const char *shown = md_display(x->arena, line);
        if (md_display_width(md_str(shown)) > MD_LAYOUT_WIDTH - 4) {
            md_layout_paragraph(&x->layout, "    ", "        ", shown, MD_STYLE_PLAIN);
        } else {
            md_layout_line(&x->layout, shown[0] == '\0' ? "" : md_arena_printf(x->arena, "    %s", shown));
        }
    }
}

static const char *joined(const struct explain *x, const char *const *list, size_t n)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++) {
        text = md_arena_printf(x->arena, "%s%s%s", text, i > 0 ? ", " : "", list[i]);
    }
    return text;
}

static void explain_check(const struct explain *x, const struct md_check *c)
{
    title(x, c->id, "a check", c->title);
    entry(x, "severity:", md_check_severity_name(c->severity));
    entry(x, "why:", c->why);
    entry(x, "how to fix:", c->fix);
    entry(x, "since:", c->since != NULL ? c->since : "all versions");
    entry(x, "looks at:", joined(x, c->needs, c->n_needs));
    entry(x, "instead of:", joined(x, c->hides, c->n_hides));
    example(x, "wrong:", c->bad);
    example(x, "right:", c->good);
    place(x, c->loc, c->cites);
}

static bool explain(const struct explain *x, struct md_str id)
{
    const struct md_cause *c = md_rules_find_cause(x->rules, id);
    const struct md_finding *f = md_rules_find_finding(x->rules, id);
    const struct md_remedy *r = md_rules_find_remedy(x->rules, id);
    const struct md_fact_def *fact = md_catalogue_fact(md_rules_catalogue(x->rules), id);
    const struct md_check *check = md_explain_check(x->checks, id);
    if (c != NULL) {
        explain_cause(x, c);
    }
    if (f != NULL) {
        explain_finding(x, f);
    }
    if (check != NULL) {
        explain_check(x, check);
    }
    if (r != NULL) {
        explain_remedy(x, r);
    }
    if (fact != NULL) {
        explain_fact(x, fact);
    }
    return c != NULL || f != NULL || check != NULL || r != NULL || fact != NULL;
}

/* Ids that hold the words after the last dot: what was probably meant. */
static void suggest(const struct explain *x, struct md_str id)
{
    ptrdiff_t dot = md_str_rfind_char(id, '.');
    struct md_str tail = dot < 0 ? id : md_str_from(id, (size_t)dot + 1);
    size_t causes = md_rules_cause_count(x->rules), shown = 0;
    for (size_t i = 0; tail.n >= 3 && i < causes + md_checks_count(x->checks) && shown < 5; i++) {
        const char *name = i < causes ? md_rules_cause(x->rules, i)->id : md_checks_at(x->checks, i - causes)->id;
        if (md_str_find(md_str(name), tail) >= 0) {
            fprintf(stderr, "%s %s", shown++ == 0 ? "mtadoctor: perhaps" : ",", name);
        }
    }
    fputs(shown > 0 ? "\n" : "mtadoctor: `mtadoctor rules list` shows all\n", stderr);
}

int md_command_explain(const struct md_options *options, struct md_arena *arena)
{
    struct md_diags *diags = md_diags_new(arena);
    struct md_rulebase base;
    if (md_rulebase_open(options, false, arena, diags, &base) != MD_OK) {
        md_problems_print(diags, MD_NOTE);
        return MD_EXIT_FAILED;
    }
    struct md_buf out = {0};
    const struct explain x = {
        .rules = md_rulebase_rules(&base, NULL, diags),
        .checks = md_rulebase_checks(&base, diags),
        .layout = {.out = &out, .use_colour = md_tty_use_colour(options->colour, options->output != NULL)},
        .arena = arena};
    struct md_str id = md_str(options->arguments[0]);
    json_t *json = options->format == MD_FORMAT_JSON ? md_explain_json(x.rules, base.checks, id) : NULL;
    int exit_status;
    if (json != NULL) {
        md_json_print(json, &out);
        json_decref(json);
        exit_status = md_output_write(options, &out);
    } else if (!explain(&x, id)) {
        fprintf(stderr, "mtadoctor: there is nothing called %s\n", md_display(arena, id));
        suggest(&x, id);
        exit_status = MD_EXIT_USAGE;
    } else {
        exit_status = md_output_write(options, &out);
    }
    md_buf_free(&out);
    md_rulebase_close(&base);
    return exit_status;
}
