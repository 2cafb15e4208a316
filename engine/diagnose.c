#include "engine/diagnose.h"

#include "engine/diagnose_priv.h"

void md_study_run(struct md_study *study, struct md_result *ret)
{
    struct md_diagnosis *list;

    md_rules_bind(study->rules, study->facts, study->diags);
    md_study_views(study);
    md_study_beliefs(study);
    md_study_entries(study);
    md_study_fallback(study);

    *ret = (struct md_result){.facts = study->facts, .rules = study->rules, .no_fault = md_study_no_fault(study)};
    list = md_arena_array(study->arena, study->n_entries, sizeof *list);
    for (size_t i = 0; i < study->n_entries; i++) {
        md_study_explain(study, study->entries[i], &list[i]);
        list[i].rank = i + 1;
        if (list[i].urgency > ret->verdict)
            ret->verdict = list[i].urgency;
    }
    ret->diagnoses = list;
    ret->n_diagnoses = study->n_entries;
    ret->considered = md_study_considered(study, &ret->n_considered);
    ret->unknown = md_study_gaps(study, &ret->n_unknown);
    ret->summary = md_study_summary(study, list, study->n_entries);
}

void md_diagnose(struct md_rules *rules, struct md_facts *facts, const struct md_diagnose_options *options,
                 struct md_arena *arena, struct md_diags *diags, struct md_result *ret)
{
    struct md_study study = {.rules = rules, .facts = facts, .options = options, .arena = arena, .diags = diags};

    md_study_run(&study, ret);
}
