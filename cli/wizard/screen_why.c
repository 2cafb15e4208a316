/* Screens that explain: why this is asked, what speaks against a cause, what is known. */
#include <stdlib.h>
#include <string.h>

#include "cli/report/layout.h"
#include "cli/wizard/screen.h"
#include "engine/base/display.h"
#include "engine/facts_json.h"

#define EVIDENCE_SHOWN 6
#define FACTS_SHOWN 60

static void evidence(const struct md_layout *layout, struct md_arena *arena, const struct md_diagnosis *d)
{
    size_t shown = 0;
    for (size_t i = 0; i < d->n_evidence && shown < EVIDENCE_SHOWN; i++) {
        const struct md_evidence *e = &d->evidence[i];
        if (e->because != NULL && (e->kind == MD_EVIDENCE_SUPPORTS || e->kind == MD_EVIDENCE_CONTRADICTS)) {
            md_layout_paragraph(layout, e->kind == MD_EVIDENCE_SUPPORTS ? "  + " : "  - ", "    ",
                                md_arena_printf(arena, "%s (%+.1f dB)", e->because, e->decibans), MD_STYLE_PLAIN);
            shown++;
        }
    }
    if (shown == 0) {
        md_layout_line(layout, "  nothing that was seen; it is only how common it is");
    }
}

void md_screen_why(const struct md_screen *screen, const struct md_inquiry *inquiry, struct md_buf *out)
{
    const struct md_layout layout = {.out = out, .use_colour = screen->use_colour};
    struct md_arena *arena = screen->arena;
    if (inquiry != NULL && inquiry->why != NULL) {
        md_layout_paragraph(&layout, "This is asked because ", "  ", inquiry->why, MD_STYLE_PLAIN);
        md_layout_paragraph(&layout, "  ", "  ",
                            md_arena_printf(arena, "It costs %.1f minutes and is expected to save %.1f.",
                                            inquiry->cost_minutes, inquiry->saves_minutes),
                            MD_STYLE_PLAIN);
        for (size_t i = 0; i < inquiry->n_outcomes && i < 8 && inquiry->kind == MD_INQUIRY_FACT; i++) {
            const struct md_outcome *o = &inquiry->outcomes[i];
            md_layout_paragraph(&layout, "  ", "    ",
                                md_arena_printf(arena, "%s (%.0f %%)%s%s", o->says, o->probability * 100,
                                                o->leads_to == NULL ? "" : ": then it would be ",
                                                o->leads_to == NULL ? "" : o->leads_to),
                                MD_STYLE_PLAIN);
        }
    } else {
        md_layout_line(&layout, "Everything else is seen in the light of this.");
    }
    const struct md_result *result = &screen->advise->result;
    for (size_t i = 0; i < result->n_diagnoses && i < 1; i++) {
        const struct md_diagnosis *d = &result->diagnoses[i];
        md_layout_paragraph(&layout, "", "  ",
                            md_arena_printf(arena, "%s (%.0f %%) rests on:", d->id, d->probability * 100),
                            MD_STYLE_BOLD);
        evidence(&layout, arena, d);
    }
}

static const char *says_of(const struct md_screen *screen, const struct md_observation *o)
{
    const char *says =
        o->truth == MD_PRESENT ? md_eval_text(screen->session->rules, screen->arena, o->finding->says, o->at) : NULL;
    if (says == NULL) {
        says = o->finding->title != NULL ? o->finding->title : md_rules_text(screen->session->rules, o->finding->says);
    }
    return says == NULL ? o->finding->id : says;
}

void md_screen_why_not(const struct md_screen *screen, const struct md_cause *cause, struct md_instance *at,
                       struct md_buf *out)
{
    const struct md_layout layout = {.out = out, .use_colour = screen->use_colour};
    struct md_arena *arena = screen->arena;
    const struct md_result *result = &screen->advise->result;
    double p = 0;
    const struct md_diagnosis *held = NULL;
    for (size_t i = 0; i < result->n_diagnoses; i++) {
        if (strcmp(result->diagnoses[i].id, cause->id) == 0 && held == NULL) {
            held = &result->diagnoses[i];
            p = held->probability;
        }
    }
    for (size_t i = 0; i < result->n_considered && held == NULL; i++) {
        if (strcmp(result->considered[i].id, cause->id) == 0 && result->considered[i].probability > p) {
            p = result->considered[i].probability;
        }
    }
    const char *place = md_screen_where(arena, at);
    md_layout_paragraph(&layout, "", "  ",
                        md_arena_printf(arena, "%s%s%s: %s. It stands at %s.", cause->id, place[0] == '\0' ? "" : ", ",
                                        place, cause->title,
                                        p > 0 ? md_arena_printf(arena, "%.0f %%", p * 100) : "less than 2 %"),
                        MD_STYLE_BOLD);
    if (held != NULL) {
        evidence(&layout, arena, held);
        return;
    }
    static const char *const signs[] = {
        [MD_ABSENT] = "  - not seen: ", [MD_PRESENT] = "  + seen: ", [MD_UNKNOWN] = "  ? not known: "};
    for (size_t i = 0; i < cause->n_links; i++) {
        const struct md_finding *finding = md_rules_finding(screen->session->rules, cause->links[i].finding);
        struct md_observation o;
        if (cause->links[i].is_below || finding->scope != at->scope) {
            continue;
        }
        md_eval_finding(screen->session->rules, arena, finding, at, &o);
        if (o.truth == MD_UNKNOWN && o.why == NULL) {
            continue; /* does not apply here */
        }
        md_layout_paragraph(&layout, signs[o.truth], "    ",
                            md_arena_printf(arena, "%s (it shows itself so in %.0f %% of the cases)",
                                            says_of(screen, &o), cause->links[i].strength * 100),
                            MD_STYLE_PLAIN);
    }
    for (size_t i = 0; i < cause->n_never; i++) {
        const struct md_finding *finding = md_rules_finding(screen->session->rules, cause->never[i]);
        struct md_observation o;
        if (finding->scope != at->scope) {
            continue;
        }
        md_eval_finding(screen->session->rules, arena, finding, at, &o);
        if (o.truth == MD_PRESENT) {
            md_layout_paragraph(&layout, "  - speaks against it: ", "    ", says_of(screen, &o), MD_STYLE_PLAIN);
        }
    }
}

static const char *value_text(struct md_arena *arena, const struct md_facts *facts, const struct md_fact *fact)
{
    json_t *value = md_value_to_json(facts, &fact->value);
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    const char *text = dump == NULL ? "?" : md_display_max(arena, md_str(dump), 120);
    free(dump);
    json_decref(value);
    return fact->def->unit[0] == '\0' ? text : md_arena_printf(arena, "%s %s", text, fact->def->unit);
}

void md_screen_steps(const struct md_screen *screen, bool with_facts, struct md_buf *out)
{
    const struct md_layout layout = {.out = out, .use_colour = screen->use_colour};
    struct md_arena *arena = screen->arena;
    const struct md_state *state = screen->state;
    md_layout_line(&layout, state->n_steps == 0 ? "No steps yet." : "Steps so far:");
    for (size_t i = 0; i < state->n_steps; i++) {
        md_layout_paragraph(&layout, md_arena_printf(arena, "%3zu. ", i + 1), "     ",
                            md_screen_step(screen, state->steps[i]), MD_STYLE_PLAIN);
    }
    size_t shown = 0, left_out = 0;
    const struct md_catalogue *catalogue = md_facts_catalogue(state->facts);
    for (size_t i = 0; with_facts && i < md_facts_instance_count(state->facts); i++) {
        struct md_instance *at = md_facts_instance_at(state->facts, i);
        bool is_named = false;
        for (size_t k = 0; k < md_catalogue_fact_count(catalogue); k++) {
            const struct md_fact_def *def = md_catalogue_fact_at(catalogue, k);
            const struct md_fact *fact = def->scope == at->scope ? md_fact_get(state->facts, at, def) : NULL;
            if (fact == NULL || !fact->is_known) {
                continue;
            }
            if (shown >= FACTS_SHOWN) {
                left_out++;
                continue;
            }
            if (!is_named) {
                const char *place = md_screen_where(arena, at);
                md_layout_paragraph(&layout, "", "  ",
                                    place[0] == '\0' ? "Known of the host:"
                                                     : md_arena_printf(arena, "Known of %s:", place),
                                    MD_STYLE_BOLD);
                is_named = true;
            }
            bool is_told = fact->n_origins > 0 && fact->origins[0].kind == MD_ORIGIN_PERSON;
            md_layout_paragraph(&layout, "  ", "      ",
                                md_arena_printf(arena, "%s = %s%s", def->field, value_text(arena, state->facts, fact),
                                                is_told ? " (told)" : ""),
                                MD_STYLE_PLAIN);
            shown++;
        }
    }
    if (left_out > 0) {
        md_layout_line(
            &layout,
            md_arena_printf(arena, "  and %zu more (mtadoctor wizard --replay prints all that matters)", left_out));
    }
}
