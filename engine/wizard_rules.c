/*
 * STUB: the bodies follow.
 */
#include "engine/wizard_rules.h"

#include "engine/rules_priv.h"

struct md_wizard_rules {
    struct md_look *looks;
    size_t n_looks;
    struct md_symptom *symptoms;
    size_t n_symptoms;
};

enum md_status md_wizard_rules_load(struct md_rules *rules, const struct md_rules_input *input, struct md_diags *diags,
                                    struct md_wizard_rules **ret)
{
    (void)input;
    (void)diags;
    *ret = md_arena_alloc(rules->arena, sizeof **ret);
    return MD_OK;
}

size_t md_wizard_look_count(const struct md_wizard_rules *wizard)
{
    return wizard->n_looks;
}

const struct md_look *md_wizard_look(const struct md_wizard_rules *wizard, size_t i)
{
    return &wizard->looks[i];
}

const struct md_look *md_wizard_find_look(const struct md_wizard_rules *wizard, struct md_str id)
{
    for (size_t i = 0; i < wizard->n_looks; i++)
        if (md_str_is(id, wizard->looks[i].id))
            return &wizard->looks[i];
    return NULL;
}

size_t md_wizard_symptom_count(const struct md_wizard_rules *wizard)
{
    return wizard->n_symptoms;
}

const struct md_symptom *md_wizard_symptom(const struct md_wizard_rules *wizard, size_t i)
{
    return &wizard->symptoms[i];
}

const struct md_symptom *md_wizard_find_symptom(const struct md_wizard_rules *wizard, struct md_str id)
{
    for (size_t i = 0; i < wizard->n_symptoms; i++)
        if (md_str_is(id, wizard->symptoms[i].id))
            return &wizard->symptoms[i];
    return NULL;
}

double md_look_cost(const struct md_look *look)
{
    return look->minutes + look->load_minutes + look->risk_minutes + look->annoyance_minutes;
}

bool md_look_gives(const struct md_look *look, const struct md_fact_def *def)
{
    for (size_t i = 0; i < look->n_gives; i++)
        if (strcmp(look->gives[i], def->probe) == 0)
            return true;
    return false;
}

double md_symptom_strength(const struct md_symptom *symptom, const struct md_cause *cause)
{
    (void)cause;
    return symptom->leak;
}

const struct md_step *md_look_steps(struct md_rules *rules, struct md_arena *arena, const struct md_look *look,
                                    struct md_instance *host, size_t *ret_n)
{
    (void)rules;
    (void)arena;
    (void)look;
    (void)host;
    *ret_n = 0;
    return NULL;
}

const char *md_look_asks(struct md_rules *rules, struct md_arena *arena, const struct md_look *look,
                         struct md_instance *host)
{
    (void)rules;
    (void)arena;
    (void)host;
    return look->title;
}

void md_wizard_lint(struct md_rules *rules, struct md_wizard_rules *wizard, bool (*is_item)(const char *name),
                    struct md_arena *arena, struct md_diags *diags)
{
    (void)rules;
    (void)wizard;
    (void)is_item;
    (void)arena;
    (void)diags;
}
