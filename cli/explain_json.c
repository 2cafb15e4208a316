#include "cli/explain_json.h"

#include "cli/check_suppress.h"

static json_t *text(const char *s)
{
    return s == NULL || s[0] == '\0' ? json_null() : json_string(s);
}

static json_t *entry(const char *kind, const char *id, const char *title, const char *cites)
{
    json_t *out = json_object();
    json_object_set_new(out, "kind", json_string(kind));
    json_object_set_new(out, "id", json_string(id));
    json_object_set_new(out, "title", text(title));
    json_object_set_new(out, "cites", text(cites));
    return out;
}

/* {"id": ..., "share": ...}; without a share where it is negative. */
static json_t *link(const char *id, double share)
{
    json_t *out = json_object();
    json_object_set_new(out, "id", json_string(id));
    if (share >= 0) {
        json_object_set_new(out, "share", json_real(share));
    }
    return out;
}

static json_t *of_cause(const struct md_rules *rules, const struct md_cause *c)
{
    json_t *links = json_array(), *never = json_array(), *brings = json_array(), *remedies = json_array();
    for (size_t i = 0; i < c->n_links; i++) {
        json_array_append_new(links, link(md_rules_finding(rules, c->links[i].finding)->id, c->links[i].strength));
    }
    for (size_t i = 0; i < c->n_never; i++) {
        json_array_append_new(never, link(md_rules_finding(rules, c->never[i])->id, -1));
    }
    for (size_t i = 0; i < c->n_brings; i++) {
        json_array_append_new(brings, link(md_rules_cause(rules, c->brings[i].cause)->id, -1));
    }
    for (size_t i = 0; i < c->n_cures; i++) {
        json_array_append_new(remedies, link(md_rules_remedy(rules, c->cures[i].remedy)->id, c->cures[i].fixes));
    }
    json_t *out = entry("diagnosis", c->id, c->title, c->cites);
    json_object_set_new(out, "summary", text(md_rules_text(rules, c->summary)));
    json_object_set_new(out, "scope", json_string(c->scope->name));
    json_object_set_new(out, "benign", json_boolean(c->is_benign));
    json_object_set_new(out, "urgency", json_string(md_urgency_name(c->usual_urgency)));
    json_object_set_new(out, "prior", json_real(c->prior));
    json_object_set_new(out, "if_nothing", text(md_rules_text(rules, c->if_nothing)));
    json_object_set_new(out, "links", links);
    json_object_set_new(out, "never", never);
    json_object_set_new(out, "brings", brings);
    json_object_set_new(out, "remedies", remedies);
    return out;
}

static json_t *of_finding(const struct md_rules *rules, const struct md_finding *f)
{
    json_t *causes = json_array();
    for (size_t i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *c = md_rules_cause(rules, i);
        for (size_t k = 0; k < c->n_links; k++) {
            if (c->links[k].finding == f->index) {
                json_array_append_new(causes, link(c->id, c->links[k].strength));
            }
        }
    }
    json_t *out = entry("finding", f->id, f->title, f->cites);
    json_object_set_new(out, "says", text(md_rules_text(rules, f->says)));
    json_object_set_new(out, "scope", json_string(f->scope->name));
    json_object_set_new(out, "group", json_string(f->group));
    json_object_set_new(out, "leak", json_real(f->leak));
    json_object_set_new(out, "speaks_for", causes);
    return out;
}

static json_t *of_remedy(const struct md_rules *rules, const struct md_remedy *r)
{
    json_t *causes = json_array();
    for (size_t i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *c = md_rules_cause(rules, i);
        for (size_t k = 0; k < c->n_cures; k++) {
            if (c->cures[k].remedy == r->index) {
                json_array_append_new(causes, link(c->id, c->cures[k].fixes));
            }
        }
    }
    json_t *out = entry("remedy", r->id, r->title, r->cites);
    json_object_set_new(out, "minutes", json_real(r->minutes));
    json_object_set_new(out, "risk", text(r->risk));
    json_object_set_new(out, "restart", text(r->restart));
    json_object_set_new(out, "needs", text(md_rules_text(rules, r->needs)));
    json_object_set_new(out, "undo", text(md_rules_text(rules, r->undo)));
    json_object_set_new(out, "verify", text(md_rules_text(rules, r->verify)));
    json_object_set_new(out, "reference", text(md_rules_text(rules, r->reference)));
    json_object_set_new(out, "for", causes);
    return out;
}

static json_t *of_fact(const struct md_fact_def *f)
{
    json_t *out = entry("fact", f->name, f->means, NULL);
    json_object_set_new(out, "type", json_string(md_type_name(f->type)));
    json_object_set_new(out, "unit", text(f->unit));
    json_object_set_new(out, "probe", text(f->probe));
    json_object_set_new(out, "privacy", text(f->privacy));
    return out;
}

static json_t *names(const char *const *list, size_t n)
{
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(out, json_string(list[i]));
    }
    return out;
}

static json_t *of_check(const struct md_check *c)
{
    json_t *out = entry("check", c->id, c->title, c->cites);
    json_object_set_new(out, "severity", json_string(md_check_severity_name(c->severity)));
    json_object_set_new(out, "over", json_string(c->over));
    json_object_set_new(out, "since", text(c->since));
    json_object_set_new(out, "why", text(c->why));
    json_object_set_new(out, "fix", text(c->fix));
    json_object_set_new(out, "bad", text(c->bad));
    json_object_set_new(out, "good", text(c->good));
    json_object_set_new(out, "needs", names(c->needs, c->n_needs));
    json_object_set_new(out, "hides", names(c->hides, c->n_hides));
    return out;
}

const struct md_check *md_explain_check(const struct md_checks *checks, struct md_str id)
{
    const struct md_check *of_suppressions;
    size_t n = md_check_suppress_rules(&of_suppressions);
    for (size_t i = 0; i < n; i++) {
        if (md_str_is(id, of_suppressions[i].id)) {
            return &of_suppressions[i];
        }
    }
    return md_checks_find(checks, id);
}

json_t *md_explain_json(const struct md_rules *rules, const struct md_checks *checks, struct md_str id)
{
    const struct md_cause *cause = md_rules_find_cause(rules, id);
    const struct md_finding *finding = md_rules_find_finding(rules, id);
    const struct md_remedy *remedy = md_rules_find_remedy(rules, id);
    const struct md_fact_def *fact = md_catalogue_fact(md_rules_catalogue(rules), id);
    const struct md_check *check = md_explain_check(checks, id);
    json_t *entries = json_array();
    if (cause != NULL) {
        json_array_append_new(entries, of_cause(rules, cause));
    }
    if (finding != NULL) {
        json_array_append_new(entries, of_finding(rules, finding));
    }
    if (check != NULL) {
        json_array_append_new(entries, of_check(check));
    }
    if (remedy != NULL) {
        json_array_append_new(entries, of_remedy(rules, remedy));
    }
    if (fact != NULL) {
        json_array_append_new(entries, of_fact(fact));
    }
    if (json_array_size(entries) == 0) {
        json_decref(entries);
        return NULL;
    }
    return json_pack("{s:s, s:o}", "schema", "mtadoctor.explain/1", "entries", entries);
}
