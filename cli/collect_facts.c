#include "cli/collect_facts.h"

#include <string.h>

#include "engine/facts_json.h"

#define FACTS_MAX ((size_t)256 << 20)

static bool reads(const struct md_probe *probe, const bool *is_partial)
{
    for (const enum md_item_kind *kind = probe->reads; *kind != MD_ITEM_KIND_COUNT; kind++) {
        if (is_partial[*kind]) {
            return true;
        }
    }
    return false;
}

/* Whether a probe of this name rests on such a file, by itself or by what others left for it. */
static bool rests_on(const char *name, const bool *is_partial)
{
    for (size_t i = 0; i < md_probe_count(); i++) {
        const struct md_probe *probe = md_probe_at(i);
        if (strcmp(probe->name, name) == 0) {
            return probe->joins || reads(probe, is_partial);
        }
    }
    return false;
}

/* Whether a fact was set anew by what such a file says, whoever gives it in the first place. */
static bool was_read_in(const struct md_run *run, const json_t *sources, const bool *is_partial)
{
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++) {
        const struct md_item *const *items = NULL;
        size_t n = is_partial[kind] ? md_source_items(run->source, (enum md_item_kind)kind, &items) : 0;
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < json_array_size(sources); k++) {
                const char *file = json_string_value(json_object_get(json_array_get(sources, k), "file"));
                if (file != NULL && strcmp(file, items[i]->name) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* What is left out may be all that showed which products there are. */
static bool tells_product(const struct md_fact_def *def)
{
    return strcmp(def->name, "host.product") == 0 || strcmp(def->name, "host.products") == 0;
}

void md_collect_facts(void *run, const bool *is_partial, struct md_buf *out)
{
    const struct md_run *self = run;
    const struct md_catalogue *catalogue = md_facts_catalogue(self->facts);
    json_t *all = md_facts_to_json(self->facts);
    json_t *kept = json_array();
    struct md_report report;
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *one = json_array_get(all, i);
        const struct md_fact_def *def =
            md_catalogue_fact(catalogue, md_str(json_string_value(json_object_get(one, "name"))));
        if (def != NULL && (tells_product(def) || rests_on(def->probe, is_partial) ||
                            was_read_in(self, json_object_get(one, "sources"), is_partial))) {
            json_array_append(kept, one);
        }
    }
    json_decref(all);
    md_run_report(self, false, &report);
    json_t *file = json_pack("{s:s, s:o, s:o}", "schema", "mtadoctor.facts/1", "source",
                             md_report_source_json(&report.source, self->arena), "facts", kept);
    md_json_print(file, out);
    json_decref(file);
}

static void read_item(struct md_run *run, const struct md_item *item)
{
    const struct md_loc loc = {.file = item->name};
    const struct md_node *root = NULL;
    struct md_str text;
    enum md_status status = md_source_read_all(run->source, item, run->arena, FACTS_MAX, &text);
    if (status == MD_OK) {
        status = md_json_read(run->arena, item->name, text, run->diags, &root);
    }
    if (status == MD_OK) {
        status = md_facts_from_list(run->facts, md_node_get(root, "facts"), run->diags);
    }
    if (status != MD_OK) {
        md_diags_add(run->diags, MD_WARNING, loc, "the recorded facts cannot be used: %s", md_status_says(status));
    }
}

void md_recorded_facts_read(struct md_run *run, bool is_before_probes)
{
    const struct md_node *partial = md_node_get(md_source_manifest(run->source), "partial");
    const struct md_item *const *items;
    bool is_first = partial != NULL && partial->first != NULL;
    /* A bundle that was made of loose files is looked at as such, but has a manifest. */
    if (md_source_manifest(run->source) == NULL || is_first != is_before_probes) {
        return;
    }
    size_t n = md_source_items(run->source, MD_ITEM_FACTS, &items);
    for (size_t i = 0; i < n; i++) {
        read_item(run, items[i]);
    }
}
