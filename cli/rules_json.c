#include "cli/rules_json.h"

#include "engine/base/display.h"

const char *md_lint_severity(enum md_severity severity)
{
    static const char *const names[] = {[MD_NOTE] = "note", [MD_WARNING] = "warning", [MD_ERROR] = "error"};
    return names[severity];
}

json_t *md_rules_list_json(const struct md_rules *rules, const struct md_checks *checks)
{
    json_t *causes = json_array(), *findings = json_array(), *remedies = json_array(), *all_checks = json_array();
    for (size_t i = 0; i < md_rules_cause_count(rules); i++) {
        const struct md_cause *c = md_rules_cause(rules, i);
        json_array_append_new(causes, json_pack("{s:s, s:s, s:s, s:b, s:s, s:f}", "id", c->id, "title", c->title,
                                                "scope", c->scope->name, "benign", (int)c->is_benign, "urgency",
                                                md_urgency_name(c->usual_urgency), "prior", c->prior));
    }
    for (size_t i = 0; i < md_rules_finding_count(rules); i++) {
        const struct md_finding *f = md_rules_finding(rules, i);
        json_array_append_new(findings, json_pack("{s:s, s:s, s:s, s:f}", "id", f->id, "scope", f->scope->name, "group",
                                                  f->group, "leak", f->leak));
    }
    for (size_t i = 0; i < md_rules_remedy_count(rules); i++) {
        const struct md_remedy *r = md_rules_remedy(rules, i);
        json_array_append_new(remedies, json_pack("{s:s, s:s, s:s, s:f}", "id", r->id, "title", r->title, "risk",
                                                  r->risk, "minutes", r->minutes));
    }
    for (size_t i = 0; i < md_checks_count(checks); i++) {
        const struct md_check *c = md_checks_at(checks, i);
        json_array_append_new(all_checks,
                              json_pack("{s:s, s:s, s:s, s:s, s:s?}", "id", c->id, "title", c->title, "severity",
                                        md_check_severity_name(c->severity), "over", c->over, "since", c->since));
    }
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "schema", "mtadoctor.rules/1", "rules", md_rules_hash(rules),
                     "diagnoses", causes, "findings", findings, "remedies", remedies, "checks", all_checks);
}

/* Names of files come from the folder that was given: display text here, too. */
static json_t *shown(const char *text)
{
    struct md_arena *arena = md_arena_new();
    json_t *out = text == NULL ? json_null() : json_string(md_display(arena, md_str(text)));
    md_arena_free(&arena);
    return out;
}

static json_t *line_or_null(struct md_loc loc)
{
    return loc.line == 0 ? json_null() : json_integer((json_int_t)loc.line);
}

json_t *md_lint_json(const struct md_rules *rules, const struct md_diags *diags)
{
    json_t *findings = json_array();
    json_int_t counts[] = {[MD_NOTE] = 0, [MD_WARNING] = 0, [MD_ERROR] = 0};
    for (size_t i = 0; i < md_diags_count(diags); i++) {
        const struct md_diag *d = md_diags_at(diags, i);
        counts[d->severity]++;
        json_array_append_new(findings,
                              json_pack("{s:s, s:o, s:o, s:s}", "severity", md_lint_severity(d->severity), "file",
                                        shown(d->loc.file), "line", line_or_null(d->loc), "message", d->what));
    }
    return json_pack("{s:s, s:s, s:o, s:{s:I, s:I, s:I}}", "schema", "mtadoctor.lint/1", "rules", md_rules_hash(rules),
                     "findings", findings, "summary", "error", counts[MD_ERROR], "warning", counts[MD_WARNING], "note",
                     counts[MD_NOTE]);
}

static json_t *interval(const struct md_interval *i)
{
    return json_pack("{s:f, s:f, s:f}", "value", i->value, "low", i->low, "high", i->high);
}

static void add_failures(json_t *all, const struct md_case_failure *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct md_case_failure *f = &list[i];
        json_array_append_new(all, json_pack("{s:o, s:o, s:s, s:s}", "file", shown(f->loc.file), "line",
                                             line_or_null(f->loc), "name", f->name, "what", f->what));
    }
}

static json_t *product_json(const struct md_product *product, const struct md_cases_report *report)
{
    json_t *calibration = json_null();
    if (report->has_knock_out) {
        calibration =
            json_pack("{s:I, s:I, s:o, s:o}", "runs", (json_int_t)report->n_runs, "judged", (json_int_t)report->n_said,
                      "brier", interval(&report->brier), "error", interval(&report->calibration_error));
    }
    return json_pack("{s:s, s:I, s:I, s:{s:I, s:I, s:I}, s:o}", "product", product->name, "cases",
                     (json_int_t)report->n_cases, "passed", (json_int_t)report->n_passed, "first", "of",
                     (json_int_t)report->n_first, "first", (json_int_t)report->n_top1, "among_three",
                     (json_int_t)report->n_top3, "calibration", calibration);
}

json_t *md_cases_json(const struct md_cases_json *all)
{
    json_t *failures = json_array(), *products = json_array();
    for (size_t i = 0; i < all->n; i++) {
        add_failures(failures, all->reports[i].failures, all->reports[i].n_failures);
        json_array_append_new(products, product_json(all->products[i], &all->reports[i]));
    }
    add_failures(failures, all->of_checks->failures, all->of_checks->n_failures);
    return json_pack("{s:s, s:s, s:I, s:I, s:{s:I, s:I}, s:o, s:o}", "schema", "mtadoctor.cases/1", "rules",
                     md_rules_hash(all->rules), "cases", (json_int_t)all->n_cases, "passed", (json_int_t)all->n_passed,
                     "of_checks", "cases", (json_int_t)all->of_checks->n_cases, "passed",
                     (json_int_t)all->of_checks->n_passed, "failures", failures, "products", products);
}
