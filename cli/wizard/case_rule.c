#include "cli/wizard/case_rule.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/run.h"
#include "cli/wizard/session.h"
#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/facts_json.h"

#define KEY_MAX 1000 /* libyaml reads no longer ones */

/* Against the observation, since a case has a time of its own. */
static json_t *time_ago(struct md_arena *arena, int64_t now, int64_t at)
{
    if (now == MD_TIME_NONE || at == MD_TIME_NONE) {
        return NULL;
    }
    int64_t seconds = (now - at) / MD_SECOND;
    return json_string(seconds < 0 ? md_arena_printf(arena, "in %llds", (long long)-seconds)
                                   : md_arena_printf(arena, "%llds ago", (long long)seconds));
}

static json_t *counts(struct md_arena *arena, const struct md_counts *from)
{
    json_t *map = json_object();
    for (size_t i = 0; i < from->n; i++) {
        if (from->items[i].name.n < KEY_MAX) {
            json_object_set_new(map, md_display(arena, from->items[i].name),
                                json_integer((json_int_t)from->items[i].count));
        }
    }
    return map;
}

/* NULL: it cannot be said in a case. */
static json_t *value_of(struct md_arena *arena, const struct md_facts *facts, const struct md_fact *fact)
{
    json_t *value;
    if (fact->def->type == MD_TYPE_TIME) {
        return time_ago(arena, md_facts_now(facts), fact->value.u.time);
    }
    value = fact->def->type == MD_TYPE_COUNTS ? counts(arena, &fact->value.u.counts)
                                              : md_value_to_json(facts, &fact->value);
    return fact->has_bounds ? json_pack("{s:o, s:f, s:f}", "value", value, "low", fact->low, "high", fact->high)
                            : value;
}

/* The facts of an instance and of those below it. */
static json_t *nested(struct md_arena *arena, const struct md_facts *facts, const struct md_instance *at)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(facts);
    json_t *map = json_object();
    for (size_t i = 0; i < md_catalogue_fact_count(catalogue); i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(catalogue, i);
        const struct md_fact *fact = def->scope == at->scope ? md_fact_get(facts, at, def) : NULL;
        json_t *value = fact == NULL || !fact->is_known ? NULL : value_of(arena, facts, fact);
        if (value != NULL) {
            json_object_set_new(map, def->field, value);
        }
    }
    for (const struct md_instance *below = at->first_child; below != NULL && at->parent != NULL;
         below = below->next_sibling) {
        json_t *all = json_object_get(map, below->scope->name);
        if (all == NULL) {
            all = json_object();
            json_object_set_new(map, below->scope->name, all);
        }
        json_object_set_new(all, md_display(arena, below->name), nested(arena, facts, below));
    }
    return map;
}

static void put(struct md_buf *out, const char *indent, const char *key, json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    struct md_arena *arena = md_arena_new();
    json_t *name = json_string(key);
    char *quoted = json_dumps(name, JSON_ENCODE_ANY);
    md_buf_printf(out, "%s%s: %s\n", indent, quoted == NULL ? "?" : quoted, text == NULL ? "~" : text);
    md_arena_free(&arena);
    json_decref(name);
    free(quoted);
    free(text);
    json_decref(value);
}

/* The map `facts` of a case, a line for each instance. JSON is YAML. */
static void put_facts(struct md_buf *out, struct md_arena *arena, struct md_facts *facts)
{
    const struct md_instance *root = md_facts_root(facts);
    const char *scope = NULL;
    put(out, "    ", root->scope->name, nested(arena, facts, root));
    for (size_t s = 0; s < md_catalogue_scope_count(md_facts_catalogue(facts)); s++) {
        const struct md_scope_def *def = md_catalogue_scope_at(md_facts_catalogue(facts), s);
        for (const struct md_instance *at = root->first_child; at != NULL && def->parent == root->scope;
             at = at->next_sibling) {
            if (at->scope != def) {
                continue;
            }
            if (scope != def->name) {
                scope = def->name;
                md_buf_printf(out, "    %s:\n", scope);
            }
            put(out, "      ", md_display(arena, at->name), nested(arena, facts, at));
        }
    }
}

/* What the rules make of the facts as a case gives them. */
static bool judge(struct md_rules *rules, const struct md_product *product, struct md_str yaml, struct md_arena *arena,
                  struct md_diags *diags, struct md_result *ret)
{
    const struct md_node *root = NULL;
    struct md_facts *facts = md_facts_new(arena, md_rules_catalogue(rules));
    const struct md_diagnose_options how = md_product_diagnose_options(product);
    md_facts_set_now(facts, INT64_C(1700000000) * MD_SECOND); /* any: all times are against it */
    if (md_yaml_read(arena, "case", yaml, diags, &root) != MD_OK ||
        md_facts_from_case(facts, md_node_get(root->first, "facts"), diags) != MD_OK) {
        return false;
    }
    md_rules_bind(rules, facts, diags);
    md_diagnose(rules, facts, &how, arena, diags, ret);
    return true;
}

static void put_case(struct md_buf *out, const struct md_session *session, const struct md_product *product,
                     struct md_state *state, const char *path, struct md_arena *arena)
{
    struct md_buf facts = {0};
    struct md_result result;
    json_t *name = json_string(md_arena_printf(arena, "a session of the wizard, %s", md_display(arena, md_str(path))));
    char *quoted = json_dumps(name, JSON_ENCODE_ANY);
    json_decref(name);
    md_buf_printf(&facts, "- name: %s\n  facts:\n", quoted == NULL ? "a session" : quoted);
    free(quoted);
    put_facts(&facts, arena, state->facts);
    md_buf_printf(out, "# Written by mtadoctor rules case-from. What is expected is what the rules say now: correct it "
                       "where they are wrong.\n");
    if (state->symptom != NULL) {
        md_buf_printf(out, "# Seen: %s\n", state->symptom->says);
    }
    if (state->worked != NULL) {
        md_buf_printf(out, "# What helped: %s\n", md_display(arena, md_str(state->worked->id)));
    }
    md_buf_add(out, md_str_n(facts.p, facts.n));
    if (judge(session->rules, product, md_str_n(facts.p, facts.n), arena, session->diags, &result) &&
        result.n_diagnoses > 0) {
        md_buf_printf(out, "  expect: { verdict: %s, first: %s }\n", md_urgency_name(result.verdict),
                      result.diagnoses[0].id);
    }
    md_buf_free(&facts);
}

int md_case_rule(const struct md_options *options, struct md_rulebase *base, const char *path, struct md_arena *arena)
{
    struct md_wizard_rules *wizard = NULL;
    struct md_session session = {.arena = arena, .diags = md_diags_new(arena)};
    struct md_buf out = {0};
    struct md_state state;
    if (md_case_file_read(path, arena, session.diags, &session.events) != MD_OK) {
        md_problems_print(session.diags, MD_NOTE);
        return MD_EXIT_FAILED;
    }
    const struct md_product *product = md_session_product(&session);
    product = product != NULL ? product : md_product_at(0);
    const struct md_rules_input input = md_rulebase_input(base, product);
    session.rules = md_rulebase_rules(base, product, session.diags);
    if (md_wizard_rules_load(session.rules, &input, session.diags, &wizard) != MD_OK) {
        md_problems_print(session.diags, MD_NOTE);
        return MD_EXIT_FAILED;
    }
    session.wizard = wizard;
    md_session_build(&session, NULL, 0, arena, session.diags, &state);
    put_case(&out, &session, product, &state, path, arena);
    md_problems_print(session.diags, MD_WARNING);
    int exit_status = md_output_write(options, &out);
    md_buf_free(&out);
    return exit_status;
}
