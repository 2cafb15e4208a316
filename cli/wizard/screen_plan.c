/* The plan of repair: what is worth doing in which order, the first of it spelled out. */
#include "cli/report/layout.h"
#include "cli/wizard/screen.h"
#include "engine/base/display.h"

#define PLAN_SHOWN 5

static const char *about(const struct md_screen *screen, const struct md_action *action)
{
    const char *place = action->remedy == NULL ? "" : md_screen_where(screen->arena, action->at);
    const char *cause = action->cause == NULL ? "" : action->cause->id;
    const char *gap = cause[0] != '\0' && place[0] != '\0' ? ", " : "";
    return cause[0] == '\0' && place[0] == '\0' ? "" : md_arena_printf(screen->arena, " [%s%s%s]", cause, gap, place);
}

static void list(const struct md_screen *screen, const bool *is_usable, const struct md_layout *layout)
{
    struct md_arena *arena = screen->arena;
    size_t shown = 0;
    for (size_t i = 0; i < screen->advise->n_plan && shown < PLAN_SHOWN; i++) {
        const struct md_action *action = &screen->advise->plan[i];
        if (!is_usable[i]) {
            continue;
        }
        shown++;
        const char *odds =
            action->p >= 0.995 ? "always a way out" : md_arena_printf(arena, "helps with %.0f %%", action->p * 100);
        md_layout_paragraph(layout, md_arena_printf(arena, "  %zu. ", shown), "     ",
                            md_arena_printf(arena, "%s (%s, about %.0f min)%s", action->title, odds, action->minutes,
                                            about(screen, action)),
                            MD_STYLE_PLAIN);
    }
}

static void entry(const struct md_layout *layout, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        md_layout_paragraph(layout, name, "    ", text, MD_STYLE_PLAIN);
    }
}

static void remedy(const struct md_screen *screen, const struct md_action *action, const struct md_layout *layout)
{
    const struct md_advice *advice = action->advice;
    struct md_arena *arena = screen->arena;
    if (advice->withheld != NULL) {
        md_layout_paragraph(layout, "  NOT NOW: ", "    ", advice->withheld, MD_STYLE_YELLOW);
    }
    entry(layout, "  Needs: ", advice->needs);
    for (size_t i = 0; i < advice->n_warnings; i++) {
        md_layout_paragraph(layout, "  Beware: ", "    ", advice->warnings[i], MD_STYLE_YELLOW);
    }
    for (size_t i = 0; i < advice->n_steps; i++) {
        if (advice->steps[i].text != NULL) {
            md_layout_paragraph(layout, "  - ", "    ", advice->steps[i].text, MD_STYLE_PLAIN);
        }
        if (advice->steps[i].command != NULL) {
            md_layout_command(layout, "    ", advice->steps[i].command);
        }
    }
    md_layout_paragraph(layout, "  Risk: ", "    ",
                        md_arena_printf(arena, "%s; restart: %s; takes about %.0f minutes", action->remedy->risk,
                                        action->remedy->restart, action->remedy->minutes),
                        MD_STYLE_PLAIN);
    entry(layout, "  Undo: ", advice->undo);
    entry(layout, "  It worked if: ", advice->verify);
}

static void wait(const struct md_screen *screen, const struct md_layout *layout)
{
    const struct md_result *result = &screen->advise->result;
    md_layout_paragraph(
        layout, "  ", "  ",
        md_arena_printf(screen->arena,
                        "That nothing is wrong stands at %.0f %%. Look again in half an hour: if the queue has not "
                        "shrunk by then, go on from here.",
                        result->no_fault * 100),
        MD_STYLE_PLAIN);
}

static void escalate(const struct md_screen *screen, const struct md_layout *layout)
{
    md_layout_paragraph(
        layout, "  ", "  ",
        "Collect a bundle of the host, personal data hidden, and give it to whoever supports it, with the case file of "
        "this session.",
        MD_STYLE_PLAIN);
    md_layout_command(layout, "    ", "mtadoctor collect -o mtadoctor-bundle.tar.gz");
    if (!screen->can_run) {
        md_layout_paragraph(
            layout, "  - ", "    ",
            "Where mtadoctor cannot run, print the script that collects one, and run it there:", MD_STYLE_PLAIN);
        md_layout_command(layout, "    ", "mtadoctor collect --script");
    }
}

void md_screen_plan(const struct md_screen *screen, const bool *is_usable, size_t first, struct md_buf *out)
{
    const struct md_layout layout = {.out = out, .use_colour = screen->use_colour};
    const struct md_result *result = &screen->advise->result;
    struct md_arena *arena = screen->arena;
    const struct md_diagnosis *d = result->n_diagnoses > 0 ? &result->diagnoses[0] : NULL;
    md_buf_puts(out, "\n");
    if (d != NULL) {
        const char *place =
            screen->n_leading > 0 && md_str_is(md_str(d->id), screen->leading[0].id) ? screen->leading[0].where : "";
        md_layout_paragraph(&layout, "Diagnosis: ", "  ",
                            md_arena_printf(arena, "%s [%s%s%s, %.0f %%, %s]", d->title, d->id,
                                            place[0] == '\0' ? "" : ", ", place, d->probability * 100,
                                            md_certainty_name(d->certainty)),
                            MD_STYLE_BOLD);
        entry(&layout, "  ", d->summary);
        entry(&layout, "  If nothing is done: ", d->if_nothing);
    } else {
        md_layout_paragraph(&layout, "", "  ", result->summary, MD_STYLE_BOLD);
    }
    md_layout_line(&layout, "What to do, what helps most for its time first:");
    list(screen, is_usable, &layout);
    const struct md_action *action = &screen->advise->plan[first];
    md_layout_paragraph(&layout, "\nNow: ", "  ", action->title, MD_STYLE_BOLD);
    if (action->remedy != NULL && action->advice != NULL) {
        remedy(screen, action, &layout);
    } else if (md_str_is(md_str(action->id), "wait")) {
        wait(screen, &layout);
    } else {
        escalate(screen, &layout);
    }
}
