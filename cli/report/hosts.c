#include "cli/report/hosts.h"

#include <stdlib.h>
#include <string.h>

#include "cli/report/layout.h"
#include "engine/base/display.h"
#include "engine/base/map.h"
#include "engine/facts_json.h"

#define SETTINGS_MAX 5000 /* of one host */
#define DIFFERENCES_MAX 200
#define SHOWN_MAX 12 /* differences in the text */

/* ---- summaries ---- */

static const char *own(struct md_arena *arena, const char *text)
{
    return text == NULL ? NULL : md_arena_cstr(arena, md_str(text));
}

const char *md_scope_below_host(struct md_arena *arena, const struct md_scope_pair *pairs, size_t n)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++) {
        if (strcmp(pairs[i].scope, "host") != 0) {
            text =
                md_arena_printf(arena, "%s%s%s %s", text, text[0] == '\0' ? "" : ", ", pairs[i].scope, pairs[i].name);
        }
    }
    return text;
}

/* Only of the host itself and of channels: others are no configuration of their own. */
static const char *scope_of_setting(struct md_arena *arena, const struct md_instance *at)
{
    if (at->parent == NULL) {
        return "";
    }
    return md_arena_printf(arena, "%s %s", at->scope->name, md_display(arena, at->name));
}

/* These follow from the clock, too. */
static bool moves_with_time(const char *name)
{
    static const char *const names[] = {"channel.until_warning_s", "channel.until_bounce_s", "channel.window_closed",
                                        "host.config_newer_by_s", "host.config_changed"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_evidence(const struct md_result *result, const struct md_fact *fact)
{
    for (size_t i = 0; i < result->n_diagnoses; i++) {
        const struct md_diagnosis *d = &result->diagnoses[i];
        for (size_t k = 0; k < d->n_evidence; k++) {
            for (size_t r = 0; r < d->evidence[k].n_reads; r++) {
                if (d->evidence[k].reads[r].fact == fact) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void add_setting(struct md_host_list *list, struct md_host_summary *host, const struct md_report *report,
                        const struct md_fact *fact)
{
    struct md_host_setting *setting =
        md_arena_push(list->arena, &host->settings, &host->n_settings, &host->settings_capacity, sizeof *setting);
    json_t *value = md_value_to_json(report->result->facts, &fact->value);
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12) | JSON_SORT_KEYS);
    setting->scope = scope_of_setting(list->arena, fact->at);
    setting->name = fact->def->name;
    setting->value = dump == NULL ? "" : md_display_max(list->arena, md_str(dump), 300);
    setting->matters = is_evidence(report->result, fact);
    free(dump);
    json_decref(value);
}

static void add_settings(struct md_host_list *list, struct md_host_summary *host, const struct md_report *report)
{
    const struct md_facts *facts = report->result->facts;
    struct md_fact_walk walk = {0};
    const struct md_fact *fact;
    while (host->n_settings < SETTINGS_MAX && (fact = md_facts_next(facts, &walk)) != NULL) {
        const struct md_fact_def *def = fact->def;
        bool is_of_host_or_channel = fact->at->parent == NULL || strcmp(def->scope->name, "channel") == 0;
        if (is_of_host_or_channel && fact->is_known && def->probe != NULL &&
            md_str_has_suffix(md_str(def->probe), MD_LIT(".config")) && !moves_with_time(def->name)) {
            add_setting(list, host, report, fact);
        }
    }
}

static const char *roles_of(struct md_arena *arena, const struct md_fact *roles)
{
    const char *text = NULL;
    for (size_t i = 0; roles != NULL && roles->is_known && i < roles->value.u.texts.n; i++) {
        text = md_arena_printf(arena, "%s%s%s", text == NULL ? "" : text, text == NULL ? "" : ", ",
                               md_display(arena, roles->value.u.texts.items[i]));
    }
    return text;
}

struct md_host_summary *md_host_list_add(struct md_host_list *list, const struct md_report *report, const char *label)
{
    const struct md_result *result = report->result;
    struct md_host_summary *host = md_arena_push(list->arena, &list->hosts, &list->n, &list->capacity, sizeof *host);
    const struct md_report_source *source = &report->source;
    host->label = own(list->arena, label);
    host->name = source->host == NULL ? host->label : md_display(list->arena, md_str(source->host));
    host->product = own(list->arena, source->product);
    host->version = source->version == NULL ? NULL : md_display(list->arena, md_str(source->version));
    host->roles = roles_of(list->arena, source->roles);
    host->verdict = md_urgency_name(result->verdict);
    host->diagnoses = md_arena_array(list->arena, result->n_diagnoses + 1, sizeof *host->diagnoses);
    host->n_diagnoses = result->n_diagnoses;
    for (size_t i = 0; i < result->n_diagnoses; i++) {
        const struct md_diagnosis *d = &result->diagnoses[i];
        host->diagnoses[i] =
            (struct md_host_diagnosis){own(list->arena, d->id), md_scope_below_host(list->arena, d->scope, d->n_scope),
                                       md_urgency_name(d->urgency), d->probability};
    }
    add_settings(list, host, report);
    return host;
}

/* ---- the comparison ---- */

struct row {
    const char *what;                /* "version", "diagnosis", "setting" ... */
    const char *scope, *name;        /* of a setting or diagnosis */
    const char **values;             /* by host; NULL: not known, or it has it not */
    size_t n_known, n_values, order; /* hosts that have one; different ones; of first appearance */
    bool matters;
};

struct comparison {
    struct md_arena *arena;
    const struct md_host_list *list;
    struct row **rows;
    size_t n, capacity;
    struct md_map *by_name;
};

static struct row *row_of(struct comparison *c, const char *what, const char *scope, const char *name)
{
    struct md_str key = md_str(md_arena_printf(c->arena, "%s\n%s\n%s", what, scope, name));
    struct row *row = md_map_find(c->by_name, 0, key);
    if (row != NULL) {
        return row;
    }
    row = md_arena_alloc(c->arena, sizeof *row);
    *(struct row **)md_arena_push(c->arena, &c->rows, &c->n, &c->capacity, sizeof(struct row *)) = row;
    md_map_set(c->by_name, 0, key, row);
    row->what = what;
    row->scope = scope;
    row->name = name;
    row->values = md_arena_array(c->arena, c->list->n, sizeof *row->values);
    row->order = c->n;
    return row;
}

static void set(struct row *row, size_t host, const char *value)
{
    if (value == NULL || row->values[host] != NULL) {
        return;
    }
    bool is_new = true;
    for (size_t i = 0; i < host; i++) {
        is_new &= row->values[i] == NULL || strcmp(row->values[i], value) != 0;
    }
    row->values[host] = value;
    row->n_known++;
    row->n_values += is_new;
}

static int by_weight(const void *pa, const void *pb)
{
    const struct row *a = *(struct row *const *)pa, *b = *(struct row *const *)pb;
    if (a->matters != b->matters) {
        return a->matters ? -1 : 1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

static const char *percent(struct md_arena *arena, const struct md_host_diagnosis *d)
{
    return md_arena_printf(arena, "%.0f %%, %s", d->probability * 100, d->urgency);
}

static void compare(const struct md_host_list *list, struct md_arena *arena, struct comparison *diagnoses,
                    struct comparison *others)
{
    *diagnoses = (struct comparison){.arena = arena, .list = list, .by_name = md_map_new(arena)};
    *others = (struct comparison){.arena = arena, .list = list, .by_name = md_map_new(arena)};
    for (size_t i = 0; i < list->n; i++) {
        const struct md_host_summary *host = &list->hosts[i];
        set(row_of(others, "product", "", ""), i, host->product);
        set(row_of(others, "version", "", ""), i, host->version);
        set(row_of(others, "roles", "", ""), i, host->roles);
        set(row_of(others, "verdict", "", ""), i, host->verdict);
        for (size_t k = 0; k < host->n_diagnoses; k++) {
            const struct md_host_diagnosis *d = &host->diagnoses[k];
            set(row_of(diagnoses, "diagnosis", d->scope, d->id), i, percent(arena, d));
        }
    }
    for (size_t k = 0; k < others->n; k++) {
        others->rows[k]->matters = true;
    }
    for (size_t i = 0; i < list->n; i++) {
        for (size_t k = 0; k < list->hosts[i].n_settings; k++) {
            const struct md_host_setting *s = &list->hosts[i].settings[k];
            struct row *row = row_of(others, "setting", s->scope, s->name);
            set(row, i, s->value);
            row->matters |= s->matters;
        }
    }
    if (others->n > 1) {
        qsort(others->rows, others->n, sizeof *others->rows, by_weight);
    }
}

static json_t *value_json(const struct row *row, const char *value)
{
    if (value == NULL) {
        return json_null();
    }
    json_t *parsed = strcmp(row->what, "setting") == 0 ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    return parsed != NULL ? parsed : json_string(value);
}

static json_t *row_json(const struct comparison *c, const struct row *row, bool is_shared)
{
    json_t *out = json_object();
    json_object_set_new(out, "what", json_string(row->what));
    if (strcmp(row->what, "setting") == 0) {
        json_object_set_new(out, "name", json_string(row->name));
        json_object_set_new(out, "scope", json_string(row->scope));
    }
    if (is_shared) {
        json_object_set_new(out, "value", value_json(row, row->values[0]));
        return out;
    }
    json_t *values = json_array();
    for (size_t i = 0; i < c->list->n; i++) {
        json_array_append_new(values, value_json(row, row->values[i]));
    }
    json_object_set_new(out, "values", values);
    return out;
}

/* Two may be called alike. */
static const char *name_of(const struct md_host_list *list, size_t host)
{
    for (size_t i = 0; i < list->n; i++) {
        if (i != host && strcmp(list->hosts[i].name, list->hosts[host].name) == 0) {
            return list->hosts[host].label;
        }
    }
    return list->hosts[host].name;
}

json_t *md_host_list_json(const struct md_host_list *list)
{
    struct md_arena *arena = md_arena_new();
    struct comparison diagnoses, others;
    compare(list, arena, &diagnoses, &others);
    json_t *hosts = json_array(), *shared = json_array(), *differs = json_array(), *found = json_array();
    for (size_t i = 0; i < list->n; i++) {
        json_array_append_new(hosts,
                              json_pack("{s:s, s:s}", "host", list->hosts[i].name, "source", list->hosts[i].label));
    }
    for (size_t i = 0; i < others.n; i++) {
        const struct row *row = others.rows[i];
        bool is_shared = row->n_known == list->n && row->n_values == 1;
        /* Of what all share only what matters is of interest. */
        if (is_shared && row->matters) {
            json_array_append_new(shared, row_json(&others, row, true));
        } else if (row->n_values > 1 && json_array_size(differs) < DIFFERENCES_MAX) {
            json_array_append_new(differs, row_json(&others, row, false));
        }
    }
    for (size_t i = 0; i < diagnoses.n; i++) {
        const struct row *row = diagnoses.rows[i];
        json_t *names = json_array();
        for (size_t k = 0; k < list->n; k++) {
            if (row->values[k] != NULL) {
                json_array_append_new(names, json_string(name_of(list, k)));
            }
        }
        json_array_append_new(found,
                              json_pack("{s:s, s:s, s:o}", "id", row->name, "scope", row->scope, "hosts", names));
    }
    md_arena_free(&arena);
    return json_pack("{s:o, s:o, s:o, s:o}", "hosts", hosts, "shared", shared, "differs", differs, "diagnoses", found);
}

/* ---- text ---- */

static const char *what_of(struct md_arena *arena, const struct row *row)
{
    if (row->name[0] == '\0') {
        return row->what;
    }
    return row->scope[0] == '\0' ? row->name : md_arena_printf(arena, "%s (%s)", row->name, row->scope);
}

static void row_text(const struct md_layout *layout, struct md_arena *arena, const struct comparison *c,
                     const struct row *row)
{
    struct md_buf line = {0};
    for (size_t i = 0; i < c->list->n; i++) {
        if (row->values[i] != NULL) {
            md_buf_printf(&line, "%s%s %s", line.n > 0 ? "; " : "", name_of(c->list, i),
                          md_display_max(arena, md_str(row->values[i]), 80));
        }
    }
    md_layout_paragraph(layout, md_arena_printf(arena, "  - %s: ", what_of(arena, row)), "    ", line.p,
                        MD_STYLE_PLAIN);
    md_buf_free(&line);
}

/* "version 6.3" */
static void shared_text(const struct md_layout *layout, struct md_arena *arena, const struct comparison *others,
                        const struct comparison *diagnoses)
{
    struct md_buf line = {0};
    for (size_t i = 0; i < others->n; i++) {
        const struct row *row = others->rows[i];
        if (row->n_known == others->list->n && row->n_values == 1 && strcmp(row->what, "setting") != 0) {
            md_buf_printf(&line, "%s%s %s", line.n > 0 ? "; " : "", row->what, row->values[0]);
        }
    }
    for (size_t i = 0; i < diagnoses->n; i++) {
        if (diagnoses->rows[i]->n_known == diagnoses->list->n) {
            md_buf_printf(&line, "%s%s", line.n > 0 ? "; " : "", what_of(arena, diagnoses->rows[i]));
        }
    }
    md_layout_paragraph(layout, "All share: ", "  ", line.n > 0 ? line.p : "nothing that is known of each",
                        MD_STYLE_PLAIN);
    md_buf_free(&line);
}

static void comparison_text(const struct md_layout *layout, const struct md_host_list *list)
{
    struct md_arena *arena = md_arena_new();
    struct comparison diagnoses, others;
    size_t shown = 0, left_out = 0;
    compare(list, arena, &diagnoses, &others);
    md_layout_paragraph(layout, "", "   ", md_arena_printf(arena, "== The %zu beside each other", list->n),
                        MD_STYLE_BOLD);
    md_buf_puts(layout->out, "\n");
    shared_text(layout, arena, &others, &diagnoses);
    for (size_t i = 0; i < diagnoses.n + others.n; i++) {
        bool is_diagnosis = i < diagnoses.n;
        const struct comparison *c = is_diagnosis ? &diagnoses : &others;
        const struct row *row = is_diagnosis ? diagnoses.rows[i] : others.rows[i - diagnoses.n];
        if (is_diagnosis ? row->n_known == list->n : row->n_values < 2) {
            continue;
        }
        if (shown == SHOWN_MAX) {
            left_out++;
            continue;
        }
        if (shown++ == 0) {
            md_layout_line(layout, "They differ in:");
        }
        row_text(layout, arena, c, row);
    }
    if (shown == 0) {
        md_layout_line(layout, "They differ in nothing that was compared.");
    }
    if (left_out > 0) {
        md_buf_printf(layout->out, "  and %zu more (--format json)\n", left_out);
    }
    md_arena_free(&arena);
}

void md_host_list_text(const struct md_host_list *list, bool use_colour, bool is_quiet, struct md_buf *out)
{
    const struct md_layout layout = {.out = out, .use_colour = use_colour};
    struct md_arena *arena = md_arena_new();
    for (size_t i = 0; i < list->n; i++) {
        const struct md_host_summary *host = &list->hosts[i];
        md_layout_paragraph(&layout, "", "   ",
                            md_arena_printf(arena, "== %s%s%s%s", host->name, host->name == host->label ? "" : " (",
                                            host->name == host->label ? "" : host->label,
                                            host->name == host->label ? "" : ")"),
                            MD_STYLE_BOLD);
        md_buf_puts(out, "\n");
        md_buf_add(out, host->text);
        if (host->text.n > 1 && !(host->text.p[host->text.n - 1] == '\n' && host->text.p[host->text.n - 2] == '\n')) {
            md_buf_puts(out, "\n");
        }
    }
    if (list->n > 1 && !is_quiet) {
        comparison_text(&layout, list);
    }
    md_arena_free(&arena);
}
