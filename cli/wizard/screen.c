#include "cli/wizard/screen.h"

#include <math.h>
#include <string.h>

#include "cli/product.h"
#include "cli/report/layout.h"
#include "cli/wizard/answer.h"
#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/choice.h"

#define BAR 20
#define STEPS_SHOWN 3
#define SAYS_MAX 300

static struct md_layout layout_of(const struct md_screen *screen, struct md_buf *out)
{
    return (struct md_layout){.out = out, .use_colour = screen->use_colour};
}

static int percent(double p)
{
    return (int)lround(p * 100);
}

const char *md_screen_where(struct md_arena *arena, const struct md_instance *at)
{
    if (at == NULL || at->parent == NULL) {
        return "";
    }
    const char *above = md_screen_where(arena, at->parent);
    const char *name = md_str_is_empty(at->name) ? "(any)" : md_display_max(arena, at->name, 60);
    return md_arena_printf(arena, "%s%s%s %s", above, above[0] == '\0' ? "" : ", ", at->scope->name, name);
}

/* ---- the leading causes ---- */

static const char *where_of(struct md_arena *arena, const struct md_scope_pair *pairs, size_t n)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++) {
        if (strcmp(pairs[i].scope, "host") != 0) {
            text = md_arena_printf(arena, "%s%s%s %s", text, text[0] == '\0' ? "" : ", ", pairs[i].scope,
                                   pairs[i].name[0] == '\0' ? "(any)" : pairs[i].name);
        }
    }
    return text;
}

/* Keeps the list sorted; equal ones stay in the order of the result. */
static size_t insert(struct md_standing *list, size_t n, const struct md_standing *one)
{
    size_t at = n;
    while (at > 0 && list[at - 1].p < one->p) {
        at--;
    }
    if (at >= MD_LEADING_MAX) {
        return n;
    }
    size_t kept = n < MD_LEADING_MAX ? n : MD_LEADING_MAX - 1;
    memmove(&list[at + 1], &list[at], (kept - at) * sizeof(*list));
    list[at] = *one;
    return kept + 1;
}

size_t md_leading_find(struct md_arena *arena, const struct md_rules *rules, const struct md_result *result,
                       const struct md_standing *before, size_t n_before, struct md_standing *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < result->n_diagnoses; i++) {
        const struct md_diagnosis *d = &result->diagnoses[i];
        if (strcmp(d->id, "unknown.cause") == 0) {
            continue; /* no cause, but that none is known */
        }
        n = insert(ret, n,
                   &(struct md_standing){d->id, d->title, where_of(arena, d->scope, d->n_scope), d->probability, -1});
    }
    for (size_t i = 0; i < result->n_considered; i++) {
        const struct md_considered *c = &result->considered[i];
        const struct md_cause *cause = md_rules_find_cause(rules, md_str(c->id));
        if (c->explained_by == NULL) {
            n = insert(ret, n,
                       &(struct md_standing){c->id, cause == NULL ? c->id : cause->title,
                                             where_of(arena, c->scope, c->n_scope), c->probability, -1});
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n_before; k++) {
            if (strcmp(ret[i].id, before[k].id) == 0 && strcmp(ret[i].where, before[k].where) == 0) {
                ret[i].before = before[k].p;
            }
        }
    }
    return n;
}

/* '#' what it holds, '-' what it lost since, ':' what of it is new. */
static void bar(const struct md_standing *leading, struct md_buf *out)
{
    int now = (int)lround(leading->p * BAR);
    int was = leading->before < 0 ? now : (int)lround(leading->before * BAR);
    for (int i = 0; i < BAR; i++) {
        char c = i < now && i < was ? '#' : i < now ? '+' : i < was ? '-' : '.';
        md_buf_fill(out, c, 1);
    }
}

static void leading_line(const struct md_screen *screen, const struct md_standing *leading, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    struct md_arena *arena = screen->arena;
    bool moved = leading->before >= 0 && percent(leading->before) != percent(leading->p);
    const char *place = leading->where[0] == '\0' ? "" : md_arena_printf(arena, " (%s)", leading->where);
    if (screen->is_plain) {
        md_layout_paragraph(
            &layout, "  ", "    ",
            md_arena_printf(arena, "%d percent%s: %s%s, %s", percent(leading->p),
                            moved ? md_arena_printf(arena, ", was %d percent", percent(leading->before)) : "",
                            leading->id, place, leading->title),
            MD_STYLE_PLAIN);
        return;
    }
    md_buf_puts(out, "  [");
    bar(leading, out);
    md_buf_printf(out, "] %3d %% %s", percent(leading->p),
                  moved ? md_arena_printf(arena, "(was %2d) ", percent(leading->before)) : "         ");
    /* of a place within others the innermost is enough to tell them apart */
    ptrdiff_t comma = md_str_rfind_char(md_str(leading->where), ',');
    const char *inner = leading->where + (comma < 0 ? 0 : comma + 2);
    const char *name =
        md_arena_printf(arena, "%s%s", leading->id, inner[0] == '\0' ? "" : md_arena_printf(arena, " (%s)", inner));
    md_buf_printf(out, "%s\n", md_display_max(arena, md_str(name), 40));
}

void md_screen_status(const struct md_screen *screen, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    const struct md_state *state = screen->state;
    if (state->symptom != NULL) {
        const char *about =
            state->symptom_at != NULL && state->symptom_at->parent != NULL
                ? md_arena_printf(screen->arena, " (%s)", md_screen_where(screen->arena, state->symptom_at))
                : "";
        md_layout_paragraph(&layout, "Seen: ", "  ",
                            md_arena_printf(screen->arena, "%s%s", state->symptom->says, about), MD_STYLE_PLAIN);
    }
    size_t first = state->n_steps > STEPS_SHOWN ? state->n_steps - STEPS_SHOWN : 0;
    for (size_t i = first; i < state->n_steps; i++) {
        if (state->steps[i]->kind != MD_EVENT_SYMPTOM) {
            md_buf_printf(out, "%2zu. %s\n", i + 1,
                          md_display_max(screen->arena, md_str(md_screen_step(screen, state->steps[i])), 75));
        }
    }
    if (screen->n_leading == 0) {
        return;
    }
    md_layout_line(&layout, screen->is_plain ? "What it may be:" : "What it may be            now   before");
    for (size_t i = 0; i < screen->n_leading; i++) {
        leading_line(screen, &screen->leading[i], out);
    }
}

/* ---- steps ---- */

static size_t lines_of(struct md_str text)
{
    size_t n = 0;
    struct md_str line;
    while (md_str_next_line(&text, &line)) {
        n++;
    }
    return n;
}

/* What an inquiry is called on one line. */
static const char *inquiry_name(const struct md_screen *screen, const char *inquiry)
{
    struct md_str rest = md_str(inquiry);
    if (inquiry == NULL) {
        return "given unasked";
    }
    if (md_str_skip_prefix(&rest, MD_LIT("look:"))) {
        const struct md_look *look = md_wizard_find_look(screen->session->wizard, rest);
        return look == NULL ? inquiry : look->title;
    }
    (void)md_str_skip_prefix(&rest, MD_LIT("fact:"));
    (void)md_str_skip_prefix(&rest, MD_LIT("remedy:"));
    return md_display(screen->arena, rest);
}

static const char *answer_in_words(const struct md_screen *screen, const struct md_event *step)
{
    struct md_arena *arena = screen->arena;
    const struct md_node *list = md_node_get(step->node, "facts");
    const struct md_node *entry = list != NULL && list->kind == MD_NODE_LIST ? list->first : NULL;
    const struct md_node *value = md_node_get(entry, "value"), *unit = md_node_get(entry, "unit");
    if (step->id != NULL) {
        const struct md_fact_def *def =
            md_catalogue_fact(md_rules_catalogue(screen->session->rules), md_node_text(entry, "name"));
        for (size_t i = 0; def != NULL && i < md_choice_count(def); i++) {
            if (md_str_is(md_choice_name(def, i), step->id)) {
                return md_choice_says(arena, def, i);
            }
        }
        return md_display(arena, md_str(step->id));
    }
    return value == NULL || value->kind != MD_NODE_SCALAR
               ? "answered"
               : md_arena_printf(arena, "%s %s", md_display_max(arena, value->text, 60),
                                 unit == NULL || !unit->is_quoted ? "" : md_display(arena, unit->text));
}

const char *md_screen_step(const struct md_screen *screen, const struct md_event *step)
{
    struct md_arena *arena = screen->arena;
    const char *name = inquiry_name(screen, step->inquiry);
    const struct md_symptom *symptom;
    const struct md_remedy *remedy;
    switch (step->kind) {
    case MD_EVENT_PRODUCT: return md_arena_printf(arena, "about: %s", md_display_max(arena, md_str(step->id), 60));
    case MD_EVENT_SYMPTOM:
        symptom = md_wizard_find_symptom(screen->session->wizard, md_str(step->id));
        return md_arena_printf(arena, "seen: %s%s%s", symptom == NULL ? step->id : symptom->says,
                               step->name == NULL ? "" : ", ",
                               step->name == NULL ? "" : md_display_max(arena, md_str(step->name), 60));
    case MD_EVENT_INPUT:
        return step->runs           ? md_arena_printf(arena, "%s: run here", name)
               : step->path != NULL ? md_arena_printf(arena, "%s: %s", name, md_display(arena, md_str(step->path)))
                                    : md_arena_printf(arena, "%s: %zu lines (%s)", name, lines_of(step->text),
                                                      md_display_max(arena, md_str(step->name), 40));
    case MD_EVENT_ANSWER: return md_arena_printf(arena, "%s: %s", name, answer_in_words(screen, step));
    case MD_EVENT_UNKNOWN: return md_arena_printf(arena, "%s: not known", name);
    case MD_EVENT_SKIP: return md_arena_printf(arena, "%s: skipped", name);
    case MD_EVENT_TRIED:
        remedy = md_rules_find_remedy(screen->session->rules, md_str(step->id));
        return md_arena_printf(arena, "%s: %s", remedy == NULL ? step->id : remedy->title,
                               strcmp(step->result, "worked") == 0   ? "it helped"
                               : strcmp(step->result, "failed") == 0 ? "did not help"
                                                                     : "done; not told yet whether it helped");
    case MD_EVENT_START:
    case MD_EVENT_FACTS:
    case MD_EVENT_AGAIN:
    case MD_EVENT_UNDONE:
    case MD_EVENT_ASKED:
    case MD_EVENT_RANKING:
    case MD_EVENT_END:
    case MD_EVENT_KIND_COUNT: break;
    }
    return md_event_kind_name(step->kind);
}

/* ---- a question ---- */

static void choices(const struct md_screen *screen, const struct md_inquiry *inquiry, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    bool by_letter = md_said_is_number(inquiry->fact);
    for (size_t i = 0; inquiry->kind != MD_INQUIRY_LOOK && i < inquiry->n_outcomes; i++) {
        const char *mark = by_letter && i < 26 ? md_arena_printf(screen->arena, "  %c) ", (char)('a' + (int)i))
                                               : md_arena_printf(screen->arena, "  %zu) ", i + 1);
        md_layout_paragraph(&layout, mark, "     ", inquiry->outcomes[i].says, MD_STYLE_PLAIN);
    }
}

static void hint(const struct md_screen *screen, const struct md_inquiry *inquiry, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    const char *text = "Choose by number or name.";
    if (inquiry->kind == MD_INQUIRY_LOOK) {
        text = screen->can_run ? "Paste it, or give the path of a file; ! runs it here."
                               : "Paste it, or give the path of a file.";
    } else if (inquiry->fact != NULL && md_said_is_number(inquiry->fact)) {
        text = md_arena_printf(screen->arena, "Choose by letter or name, or give the value%s%s.",
                               inquiry->fact->unit[0] == '\0' ? "" : " in ", inquiry->fact->unit);
    }
    md_layout_paragraph(&layout, "", "  ",
                        md_arena_printf(screen->arena, "%s ? = don't know; why, back, skip, help.", text),
                        MD_STYLE_DIM);
}

void md_screen_inquiry(const struct md_screen *screen, const struct md_inquiry *inquiry, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    struct md_arena *arena = screen->arena;
    const char *place = inquiry->fact == NULL ? "" : md_screen_where(arena, inquiry->at);
    md_layout_paragraph(
        &layout, md_arena_printf(arena, "\nQuestion %zu: ", screen->number), "  ",
        md_arena_printf(arena, "%s%s", inquiry->asks, place[0] == '\0' ? "" : md_arena_printf(arena, " [%s]", place)),
        MD_STYLE_BOLD);
    if (inquiry->kind == MD_INQUIRY_SYMPTOM) {
        choices(screen, inquiry, out);
        hint(screen, inquiry, out);
        return;
    }
    if (inquiry->why != NULL) {
        md_layout_paragraph(&layout, "  Why: ", "    ", inquiry->why, MD_STYLE_PLAIN);
    }
    for (size_t i = 0; i < inquiry->n_how; i++) {
        if (inquiry->how[i].text != NULL) {
            md_layout_paragraph(&layout, "  - ", "    ", inquiry->how[i].text, MD_STYLE_PLAIN);
        }
        if (inquiry->how[i].command != NULL) {
            md_layout_command(&layout, "    ", inquiry->how[i].command);
        }
    }
    if (inquiry->safe != NULL) {
        md_layout_paragraph(&layout, "  Safe: ", "    ", inquiry->safe, MD_STYLE_PLAIN);
    }
    if (inquiry->needs_consent) {
        md_layout_paragraph(
            &layout, "  Costly: ", "    ",
            md_arena_printf(arena,
                            "it counts as %.0f minutes with the load and the risk that it brings. Do it only if you "
                            "agree; skip passes it over.",
                            inquiry->cost_minutes),
            MD_STYLE_YELLOW);
    }
    choices(screen, inquiry, out);
    hint(screen, inquiry, out);
}

/* ---- small ones ---- */

void md_screen_welcome(const struct md_screen *screen, const char *case_path, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    const struct md_node *source =
        screen->state->seen == NULL ? NULL : md_node_get(screen->state->seen->node, "source");
    struct md_str host = md_node_text(source, "host"), version = md_node_text(source, "version");
    struct md_str product = md_node_text(source, "product");
    if (md_str_is_empty(product) || md_str_is(product, "null")) {
        md_layout_paragraph(&layout, "", "", "Nothing is known about the host yet.", MD_STYLE_BOLD);
    } else {
        md_layout_paragraph(&layout, "", "",
                            md_arena_printf(screen->arena, "%s %s on %s",
                                            md_product_find(product) != NULL ? md_product_find(product)->title
                                                                             : md_display(screen->arena, product),
                                            md_str_is(version, "null") ? "" : md_display(screen->arena, version),
                                            md_str_is(host, "null") || md_str_is_empty(host)
                                                ? "a host that is not named"
                                                : md_display(screen->arena, host)),
                            MD_STYLE_BOLD);
    }
    if (case_path != NULL) {
        md_layout_paragraph(&layout, "", "  ",
                            md_arena_printf(screen->arena, "Everything is kept in %s; help lists what may be typed.",
                                            md_display(screen->arena, md_str(case_path))),
                            MD_STYLE_DIM);
    }
}

void md_screen_help(const struct md_screen *screen, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    md_layout_line(&layout, "At any question:");
    for (enum md_verb verb = 0; verb < MD_VERB_COUNT; verb++) {
        md_layout_paragraph(
            &layout,
            md_arena_printf(screen->arena, "  %-22s ",
                            md_arena_printf(screen->arena, "%s %s", md_verb_name(verb), md_verb_argument(verb))),
            "                         ", md_verb_says(verb), MD_STYLE_PLAIN);
    }
    md_layout_paragraph(
        &layout, "  ", "    ",
        "Output of a command may be pasted at any question, however long; a line with only a dot ends it. A path "
        "(/..., ./...) is a file to read. Nothing that is typed is ever executed.",
        MD_STYLE_PLAIN);
}

void md_screen_contradictions(const struct md_screen *screen, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    struct md_arena *arena = screen->arena;
    for (size_t i = 0; i < screen->state->n_contradictions; i++) {
        const struct md_contradiction *c = &screen->state->contradictions[i];
        size_t number = 0;
        for (size_t k = 0; k < screen->state->n_steps; k++) {
            number = screen->state->steps[k] == c->step ? k + 1 : number;
        }
        const struct md_origin *origin = c->read->n_origins > 0 ? &c->read->origins[0] : NULL;
        md_layout_paragraph(
            &layout, "Note: ", "  ",
            md_arena_printf(
                arena,
                "step %zu says %s of %s, but something else was read%s%s. What was read counts; change %zu if "
                "it is wrong.",
                number, md_display_max(arena, md_str(c->told), SAYS_MAX), c->read->def->name,
                origin == NULL || origin->name == NULL ? "" : " in ",
                origin == NULL || origin->name == NULL ? "" : md_display(arena, md_str(origin->name)), number),
            MD_STYLE_YELLOW);
    }
}

void md_screen_compare(const struct md_screen *screen, const char *heading, struct md_buf *out)
{
    const struct md_layout layout = layout_of(screen, out);
    md_layout_paragraph(&layout, "", "  ", heading, MD_STYLE_BOLD);
    for (size_t i = 0; i < screen->n_leading; i++) {
        leading_line(screen, &screen->leading[i], out);
    }
    if (screen->n_leading == 0) {
        md_layout_line(&layout, "  no cause stands out");
    }
}
