/*
 * What the wizard knows, checked: names that lead nowhere, costs and sources that are missing, causes that no inquiry can reach.
 */
#include "engine/choice.h"
#include "engine/dummy.h"
#include "engine/footprint.h"
#include "engine/rules_priv.h"
#include "engine/wizard_priv.h"

struct wizard_lint {
    struct md_rules *rules;
    struct md_wizard_rules *wizard;
    bool (*is_item)(const char *name);
    struct md_arena *arena;
    struct md_diags *diags;
};

/* --- looks ------------------------------------------------------------------------------------ */

/* One of the looks' entries alone gives something. */
static bool gives_anything(const struct wizard_lint *l, const char *name)
{
    const struct md_look only = {.gives = &name, .n_gives = 1};

    for (size_t i = 0; i < md_catalogue_fact_count(l->rules->catalogue); i++)
        if (md_look_gives(&only, md_catalogue_fact_at(l->rules->catalogue, i)))
            return true;
    return false;
}

static void check_look(const struct wizard_lint *l, const struct md_look *look)
{
    if (look->cites == NULL)
        md_diags_add(l->diags, MD_ERROR, look->loc, "%s cites no source", look->id);
    if (look->minutes <= 0)
        md_diags_add(l->diags, MD_ERROR, look->loc, "%s does not say how many minutes it takes", look->id);
    for (size_t i = 0; i < look->n_items; i++)
        if (!l->is_item(look->items[i]))
            md_diags_add(l->diags, MD_ERROR, look->loc, "%s: there is no kind of raw material %s", look->id,
                         look->items[i]);
    for (size_t i = 0; i < look->n_gives; i++)
        if (!gives_anything(l, look->gives[i]))
            md_diags_add(l->diags, MD_ERROR, look->loc, "%s: %s is no probe, no fact and the beginning of none",
                         look->id, look->gives[i]);
    for (size_t i = 0; i < look->n_after; i++)
        if (md_wizard_find_look(l->wizard, md_str(look->after[i])) == NULL)
            md_diags_add(l->diags, MD_ERROR, look->loc, "%s: there is no look %s", look->id, look->after[i]);
}

/* Functions that raise say so themselves. */
static void ask_looks(const struct wizard_lint *l, bool knows_facts, enum md_dummy_level level)
{
    const struct md_catalogue *catalogue = l->rules->catalogue;
    struct md_instance **places =
        md_arena_array(l->arena, md_catalogue_scope_count(catalogue), sizeof(struct md_instance *));
    struct md_facts *facts = md_dummy_facts(l->arena, catalogue, places);
    size_t n;

    for (size_t i = 0; i < md_catalogue_fact_count(catalogue) && knows_facts; i++)
        if (md_catalogue_fact_at(catalogue, i)->scope == places[0]->scope)
            md_dummy_set(facts, places[0], md_catalogue_fact_at(catalogue, i), level, NULL);
    md_rules_bind(l->rules, facts, l->diags);
    for (size_t i = 0; i < md_wizard_look_count(l->wizard); i++) {
        md_look_steps(l->rules, l->arena, md_wizard_look(l->wizard, i), places[0], &n);
        md_look_asks(l->rules, l->arena, md_wizard_look(l->wizard, i), places[0]);
    }
    md_rules_bind(l->rules, NULL, NULL);
}

/* --- symptoms --------------------------------------------------------------------------------- */

static void check_symptom(const struct wizard_lint *l, const struct md_symptom *symptom)
{
    if (symptom->cites == NULL)
        md_diags_add(l->diags, MD_ERROR, symptom->loc, "%s cites no source", symptom->id);
    if ((symptom->scope == NULL) != (symptom->name == NULL))
        md_diags_add(l->diags, MD_ERROR, symptom->loc, "%s has a %s without a %s", symptom->id,
                     symptom->scope != NULL ? "scope" : "name", symptom->scope != NULL ? "name" : "scope");
    for (size_t i = 0; i < symptom->n_causes; i++) {
        bool is_found = false;

        for (size_t c = 0; c < md_rules_cause_count(l->rules) && !is_found; c++)
            is_found = md_symptom_cause_fits(&symptom->causes[i], md_rules_cause(l->rules, c)->id);
        if (!is_found)
            md_diags_add(l->diags, MD_ERROR, symptom->loc, "%s: there is no cause %s", symptom->id,
                         symptom->causes[i].name);
    }
}

/* --- questions -------------------------------------------------------------------------------- */

static void check_question(const struct wizard_lint *l, const struct md_fact_def *def)
{
    const char *gap = def->ask != NULL ? md_choice_gap(l->arena, def) : NULL;

    if (gap != NULL)
        md_diags_add(l->diags, MD_ERROR, def->ask->loc, "the question about %s: %s", def->name, gap);
}

/* --- causes ----------------------------------------------------------------------------------- */

static bool can_be_known(const struct wizard_lint *l, const struct md_fact_def *def)
{
    bool is_given = md_choice_count(def) > 0;

    for (size_t i = 0; i < md_wizard_look_count(l->wizard) && !is_given; i++)
        is_given = md_look_gives(md_wizard_look(l->wizard, i), def);
    return is_given;
}

static bool can_be_seen(const struct wizard_lint *l, const bool *is_known, const struct md_footprints *footprints,
                        const struct md_cause *cause)
{
    for (size_t k = 0; k < cause->n_links; k++) {
        const struct md_footprint *footprint =
            md_footprints_of(footprints, md_rules_finding(l->rules, cause->links[k].finding));

        for (size_t s = 0; s < footprint->n; s++) {
            bool is_whole = true;

            for (size_t r = 0; r < footprint->sets[s].n && is_whole; r++)
                is_whole = is_known[footprint->sets[s].reads[r].def->index];
            if (is_whole)
                return true;
        }
    }
    return false;
}

static void check_causes(const struct wizard_lint *l)
{
    const struct md_catalogue *catalogue = l->rules->catalogue;
    bool *is_known = md_arena_array(l->arena, md_catalogue_fact_count(catalogue), sizeof *is_known);
    const struct md_footprints *footprints = md_wizard_footprints(l->wizard, l->rules);

    for (size_t i = 0; i < md_catalogue_fact_count(catalogue); i++)
        is_known[i] = can_be_known(l, md_catalogue_fact_at(catalogue, i));
    for (size_t i = 0; i < md_rules_cause_count(l->rules); i++) {
        const struct md_cause *cause = md_rules_cause(l->rules, i);

        if (!cause->is_benign && cause->n_links > 0 && !can_be_seen(l, is_known, footprints, cause))
            md_diags_add(l->diags, MD_ERROR, cause->loc, "no look and no question of the wizard can show %s",
                         cause->id);
    }
}

void md_wizard_lint(struct md_rules *rules, struct md_wizard_rules *wizard, bool (*is_item)(const char *name),
                    struct md_arena *arena, struct md_diags *diags)
{
    const struct wizard_lint l = {rules, wizard, is_item, arena, diags};

    for (size_t i = 0; i < md_catalogue_fact_count(rules->catalogue); i++)
        check_question(&l, md_catalogue_fact_at(rules->catalogue, i));
    if (md_wizard_look_count(wizard) == 0 && md_wizard_symptom_count(wizard) == 0)
        return;
    for (size_t i = 0; i < md_wizard_look_count(wizard); i++)
        check_look(&l, md_wizard_look(wizard, i));
    for (size_t i = 0; i < md_wizard_symptom_count(wizard); i++)
        check_symptom(&l, md_wizard_symptom(wizard, i));
    ask_looks(&l, false, MD_DUMMY_NOTHING);
    for (int level = MD_DUMMY_NOTHING; level <= MD_DUMMY_MUCH; level++)
        ask_looks(&l, true, (enum md_dummy_level)level);
    check_causes(&l);
}
