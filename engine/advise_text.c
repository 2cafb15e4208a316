/*
 * Sentences of the advice.
 */
#include "engine/advise_priv.h"

const char *md_advise_title(const struct md_advising *a, const char *id)
{
    const struct md_cause *cause = md_rules_find_cause(a->input->rules, md_str(id));

    return cause != NULL && cause->title != NULL ? cause->title : id;
}

/* "18 min", "2.5 min" */
static const char *minutes_text(struct md_arena *arena, double minutes)
{
    return md_arena_printf(arena, minutes < 9.95 && minutes != floor(minutes) ? "%.1f min" : "%.0f min", minutes);
}

const char *md_advise_why(struct md_advising *a, const struct md_inquiry *inquiry)
{
    const char *saves;

    if (inquiry->kind == MD_INQUIRY_SYMPTOM)
        return "what is seen says where to look first";
    saves = inquiry->saves_minutes < .05 ? md_arena_printf(a->arena, "it is not expected to save time, and takes %s",
                                                           minutes_text(a->arena, inquiry->cost_minutes))
                                         : md_arena_printf(a->arena, "it is expected to save %s for %s",
                                                           minutes_text(a->arena, inquiry->saves_minutes),
                                                           minutes_text(a->arena, inquiry->cost_minutes));
    if (inquiry->separates[0] == NULL)
        return saves;
    return md_arena_printf(a->arena, "it separates \"%s\" (now %.0f %%) from \"%s\" (%.0f %%); %s",
                           md_advise_title(a, inquiry->separates[0]), inquiry->p_separates[0] * 100,
                           md_advise_title(a, inquiry->separates[1]), inquiry->p_separates[1] * 100, saves);
}
