#include "cli/accepted.h"

#include <string.h>

#include "cli/run.h"
#include "cli/until.h"
#include "engine/base/display.h"
#include "probes/site.h"

/* A place that is misspelled would make the entry fit everywhere. */
static bool has_known_keys(struct md_run *run, const struct md_node *entry)
{
    const struct md_catalogue *catalogue = run->base->catalogue;
    bool is_good = true;
    for (const struct md_node *child = entry->first; child != NULL; child = child->next) {
        if (md_str_is(child->key, "id") || md_str_is(child->key, "because") || md_str_is(child->key, "until") ||
            md_catalogue_scope(catalogue, child->key) != NULL) {
            continue;
        }
        md_diags_add(run->diags, MD_WARNING, child->loc, "accept: there is no key %s, so the entry has no effect",
                     md_display(run->arena, child->key));
        is_good = false;
    }
    return is_good;
}

static bool fits(const struct md_node *entry, const struct md_diagnosis *d)
{
    if (!md_str_is(md_node_text(entry, "id"), d->id)) {
        return false;
    }
    for (size_t i = 0; i < d->n_scope; i++) {
        struct md_str wanted = md_node_text(entry, d->scope[i].scope);
        if (wanted.n > 0 && !md_str_is_nocase(wanted, d->scope[i].name)) {
            return false;
        }
    }
    return true;
}

static bool is_valid(struct md_run *run, const struct md_node *entry)
{
    struct md_str id = md_node_text(entry, "id");
    if (md_rules_find_cause(run->result.rules, id) == NULL) {
        struct md_diags *ignored = md_diags_new(run->arena); /* said when a product was diagnosed */
        if (md_rules_find_cause(md_rulebase_rules(run->base, NULL, ignored), id) != NULL) {
            return false; /* it is of another product */
        }
        md_diags_add(run->diags, MD_WARNING, entry->loc, "accept: there is no diagnosis %s",
                     md_display(run->arena, id));
        return false;
    }
    if (md_node_text(entry, "because").n == 0) {
        md_diags_add(run->diags, MD_WARNING, entry->loc, "accept: %s has no `because`, so it has no effect",
                     md_display(run->arena, id));
        return false;
    }
    if (!has_known_keys(run, entry)) {
        return false;
    }
    struct md_str until = md_node_text(entry, "until");
    int64_t end = 0;
    if (md_node_get(entry, "until") != NULL && md_until_parse(until, &end) != MD_OK) {
        md_diags_add(run->diags, MD_WARNING, md_node_get(entry, "until")->loc,
                     "accept: %s is no date (2027-03-31), so the entry has no effect", md_display(run->arena, until));
        return false;
    }
    if (until.n > 0 && end < md_facts_now(run->facts)) {
        md_diags_add(run->diags, MD_WARNING, entry->loc, "accept: %s ended on %s", md_display(run->arena, id),
                     md_display(run->arena, until));
        return false;
    }
    return true;
}

void md_accepted_apply(struct md_run *run)
{
    const struct md_node *list = run->site != NULL ? run->site->accept : NULL;
    if (list == NULL || run->result.n_diagnoses == 0) {
        return;
    }
    struct md_diagnosis *copy = md_arena_array(run->arena, run->result.n_diagnoses, sizeof(*copy));
    memcpy(copy, run->result.diagnoses, run->result.n_diagnoses * sizeof(*copy));
    for (const struct md_node *entry = list->first; entry != NULL; entry = entry->next) {
        if (entry->kind != MD_NODE_MAP || !is_valid(run, entry)) {
            continue;
        }
        for (size_t i = 0; i < run->result.n_diagnoses; i++) {
            if (fits(entry, &copy[i])) {
                copy[i].urgency = MD_URGENCY_NORMAL;
                copy[i].summary = md_arena_printf(run->arena, "accepted by the site (%s): %s",
                                                  md_display(run->arena, md_node_text(entry, "because")),
                                                  copy[i].summary == NULL ? copy[i].title : copy[i].summary);
            }
        }
    }
    enum md_urgency verdict = MD_URGENCY_NORMAL;
    for (size_t i = 0; i < run->result.n_diagnoses; i++) {
        verdict = copy[i].urgency > verdict ? copy[i].urgency : verdict;
    }
    run->result.diagnoses = copy;
    run->result.verdict = verdict;
}
