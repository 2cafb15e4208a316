#include <string.h>

#include "cli/report/overview.h"
#include "cli/report/report.h"
#include "cli/report/send.h"
#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/facts_json.h"

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *slice(struct md_arena *arena, struct md_str s)
{
    return json_string(md_display(arena, s));
}

static json_t *maybe(struct md_maybe m, bool is_whole)
{
    if (!m.is_known) {
        return json_null();
    }
    return is_whole ? json_integer((json_int_t)m.value) : json_real(m.value);
}

/* Rates to one decimal: what a person compares. */
static json_t *rate(struct md_maybe m)
{
    if (!m.is_known) {
        return json_null();
    }
    return json_real((double)(int64_t)(m.value * 10 + 0.5) / 10);
}

static json_t *instant(struct md_arena *arena, int64_t at)
{
    return at == MD_TIME_NONE ? json_null() : json_string(md_time_rfc3339(arena, at));
}

static json_t *texts(const char *const *list, size_t n)
{
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(out, json_string(list[i]));
    }
    return out;
}

static json_t *scope(const struct md_scope_pair *pairs, size_t n)
{
    json_t *out = json_object();
    for (size_t i = 0; i < n; i++) {
        json_object_set_new(out, pairs[i].scope, json_string(pairs[i].name));
    }
    return out;
}

json_t *md_report_tool_json(const struct md_rules *rules)
{
    return json_pack("{s:s, s:s, s:s}", "name", MD_TOOL_NAME, "version", MD_TOOL_VERSION, "rules",
                     md_rules_hash(rules));
}

json_t *md_report_source_json(const struct md_report_source *source, struct md_arena *arena)
{
    json_t *roles = json_array();
    if (source->roles != NULL && source->roles->is_known) {
        for (size_t i = 0; i < source->roles->value.u.texts.n; i++) {
            json_array_append_new(roles, slice(arena, source->roles->value.u.texts.items[i]));
        }
    }
    json_t *out = json_object();
    json_object_set_new(out, "kind", json_string(source->kind));
    json_object_set_new(out, "name", json_string(md_display(arena, md_str(source->name))));
    if (source->folder != NULL) {
        json_object_set_new(out, "folder", json_string(source->folder));
    }
    json_object_set_new(out, "host", source->host == NULL ? json_null() : slice(arena, md_str(source->host)));
    json_object_set_new(out, "product", text_or_null(source->product));
    json_object_set_new(out, "version", source->version == NULL ? json_null() : slice(arena, md_str(source->version)));
    json_object_set_new(out, "roles", roles);
    json_object_set_new(out, "observed_at",
                        source->is_exact && source->observed_at != MD_TIME_NONE
                            ? json_string(md_time_rfc3339_exact(arena, source->observed_at))
                            : instant(arena, source->observed_at));
    json_object_set_new(out, "timezone", json_string(md_zone_name(source->zone)));
    return out;
}

static json_t *overview(const struct md_report *report)
{
    struct md_overview o;
    md_overview_make(report->arena, report->result->facts, &o);
    json_t *channels = json_array();
    for (size_t i = 0; i < o.n_channels; i++) {
        const struct md_overview_channel *c = &o.channels[i];
        json_t *row = json_object();
        json_object_set_new(row, "channel", slice(report->arena, c->name));
        json_object_set_new(row, "files", maybe(c->files, true));
        json_object_set_new(row, "untried", maybe(c->untried, true));
        json_object_set_new(row, "held", maybe(c->held, true));
        /* from submission; a guess from the last attempt is no such age */
        json_object_set_new(row, "oldest_s", c->oldest_s.is_exact ? maybe(c->oldest_s, true) : json_null());
        json_object_set_new(row, "arrived_per_h", rate(c->arrived_per_h));
        json_object_set_new(row, "left_per_h", rate(c->left_per_h));
        json_object_set_new(row, "drained_in_s", maybe(c->drained_in_s, true));
        json_array_append_new(channels, row);
    }
    json_t *destinations = json_array();
    for (size_t i = 0; i < o.n_destinations; i++) {
        const struct md_overview_destination *d = &o.destinations[i];
        json_t *failures = json_object();
        for (size_t k = 0; d->failures != NULL && k < d->failures->n; k++) {
            const struct md_count_item *item = &d->failures->items[k];
            json_object_set_new(failures, md_display(report->arena, item->name), json_integer((json_int_t)item->count));
        }
        json_t *row = json_object();
        json_object_set_new(row, "destination", slice(report->arena, d->name));
        json_object_set_new(row, "channel", slice(report->arena, d->channel));
        json_object_set_new(row, "files", maybe(d->files, true));
        json_object_set_new(row, "failures", failures);
        json_array_append_new(destinations, row);
    }
    return json_pack("{s:o, s:o}", "channels", channels, "destinations", destinations);
}

static json_t *evidence(const struct md_report *report, const struct md_evidence *e)
{
    json_t *facts = json_array();
    for (size_t i = 0; i < e->n_reads; i++) {
        const struct md_read *read = &e->reads[i];
        json_t *fact = json_object();
        json_object_set_new(fact, "name", json_string(read->def->name));
        bool is_known = read->fact != NULL && read->fact->is_known;
        json_object_set_new(fact, "value",
                            is_known ? md_value_to_json(report->result->facts, &read->fact->value) : json_null());
        json_object_set_new(fact, "unit", json_string(read->def->unit));
        json_array_append_new(facts, fact);
    }
    json_t *sources = json_array();
    for (size_t i = 0; i < e->n_origins; i++) {
        json_array_append_new(sources, md_origin_to_json(&e->origins[i]));
    }
    json_t *out = json_object();
    json_object_set_new(out, "id", json_string(e->id));
    json_object_set_new(out, "finding", json_string(md_evidence_kind_name(e->kind)));
    json_object_set_new(out, "decibans", json_real(e->decibans));
    json_object_set_new(out, "because", text_or_null(e->because));
    json_object_set_new(out, "facts", facts);
    json_object_set_new(out, "sources", sources);
    return out;
}

static json_t *remedy(const struct md_advice *a)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < a->n_steps; i++) {
        json_t *step = json_object();
        json_object_set_new(step, "text", text_or_null(a->steps[i].text));
        json_object_set_new(step, "command", text_or_null(a->steps[i].command));
        json_array_append_new(steps, step);
    }
    json_t *out = json_object();
    json_object_set_new(out, "id", json_string(a->remedy->id));
    json_object_set_new(out, "title", json_string(a->remedy->title));
    json_object_set_new(out, "fixes", json_real(a->fixes));
    json_object_set_new(out, "minutes", json_real(a->remedy->minutes));
    json_object_set_new(out, "risk", json_string(a->remedy->risk));
    json_object_set_new(out, "restart", json_string(a->remedy->restart));
    json_object_set_new(out, "needs", text_or_null(a->needs));
    json_object_set_new(out, "undo", text_or_null(a->undo));
    json_object_set_new(out, "verify", text_or_null(a->verify));
    json_object_set_new(out, "reference", text_or_null(a->reference));
    json_object_set_new(out, "warnings", texts(a->warnings, a->n_warnings));
    json_object_set_new(out, "withheld", text_or_null(a->withheld));
    json_object_set_new(out, "steps", steps);
    return out;
}

static json_t *diagnosis(const struct md_report *report, const struct md_diagnosis *d)
{
    json_t *lines = json_array();
    for (size_t i = 0; i < d->n_evidence; i++) {
        json_array_append_new(lines, evidence(report, &d->evidence[i]));
    }
    json_t *remedies = json_array();
    for (size_t i = 0; i < d->n_remedies; i++) {
        json_array_append_new(remedies, remedy(&d->remedies[i]));
    }
    json_t *impact = json_object();
    json_object_set_new(impact, "messages", d->has_messages ? json_integer((json_int_t)d->messages) : json_null());
    json_object_set_new(impact, "mailboxes", d->has_mailboxes ? json_integer((json_int_t)d->mailboxes) : json_null());
    json_object_set_new(impact, "oldest_s", d->has_oldest ? json_integer((json_int_t)d->oldest_s) : json_null());
    json_t *rival = json_null();
    if (d->rather_than.id != NULL) {
        rival = json_object();
        json_object_set_new(rival, "id", json_string(d->rather_than.id));
        json_object_set_new(rival, "decibans", json_real(d->rather_than.decibans));
        json_object_set_new(rival, "because", texts(d->rather_than.because, d->rather_than.n_because));
    }
    json_t *out = json_object();
    json_object_set_new(out, "id", json_string(d->id));
    json_object_set_new(out, "rank", json_integer((json_int_t)d->rank));
    json_object_set_new(out, "title", json_string(d->title));
    json_object_set_new(out, "scope", scope(d->scope, d->n_scope));
    json_object_set_new(out, "members", texts(d->members, d->n_members));
    json_object_set_new(out, "probability", json_real(d->probability));
    json_object_set_new(out, "decibans", json_real(d->decibans));
    json_object_set_new(out, "certainty", json_string(md_certainty_name(d->certainty)));
    json_object_set_new(out, "urgency", json_string(md_urgency_name(d->urgency)));
    json_object_set_new(out, "since", instant(report->arena, d->since));
    json_object_set_new(out, "growing", d->growing < 0 ? json_null() : json_boolean(d->growing));
    json_object_set_new(out, "impact", impact);
    json_object_set_new(out, "summary", text_or_null(d->summary));
    json_object_set_new(out, "if_nothing", text_or_null(d->if_nothing));
    json_object_set_new(out, "evidence", lines);
    json_object_set_new(out, "rather_than", rival);
    json_object_set_new(out, "explains", texts(d->explains, d->n_explains));
    json_object_set_new(out, "absorbs", texts(d->absorbs, d->n_absorbs));
    json_object_set_new(out, "remedies", remedies);
    return out;
}

static json_t *considered(const struct md_result *result)
{
    json_t *out = json_array();
    for (size_t i = 0; i < result->n_considered; i++) {
        const struct md_considered *c = &result->considered[i];
        json_t *row = json_object();
        json_object_set_new(row, "id", json_string(c->id));
        json_object_set_new(row, "scope", scope(c->scope, c->n_scope));
        json_object_set_new(row, "probability", json_real(c->probability));
        json_object_set_new(row, "explained_by", text_or_null(c->explained_by));
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *unknown(const struct md_result *result)
{
    json_t *out = json_array();
    for (size_t i = 0; i < result->n_unknown; i++) {
        const struct md_unknown *u = &result->unknown[i];
        json_t *row = json_object();
        json_object_set_new(row, "fact", json_string(u->fact));
        json_object_set_new(row, "scope", scope(u->scope, u->n_scope));
        json_object_set_new(row, "why", text_or_null(u->why));
        json_object_set_new(row, "ask", text_or_null(u->ask));
        json_object_set_new(row, "would_change", texts(u->would_change, u->n_would_change));
        json_array_append_new(out, row);
    }
    return out;
}

json_t *md_report_problems_json(const struct md_diags *list, struct md_arena *arena)
{
    json_t *out = json_array();
    for (size_t i = 0; list != NULL && i < md_diags_count(list); i++) {
        const struct md_diag *d = md_diags_at(list, i);
        json_t *row = json_object();
        json_object_set_new(row, "where", d->loc.file == NULL ? json_null() : slice(arena, md_str(d->loc.file)));
        json_object_set_new(row, "line", d->loc.line == 0 ? json_null() : json_integer(d->loc.line));
        json_object_set_new(row, "what", json_string(d->what));
        if (d->count > 1) {
            json_object_set_new(row, "count", json_integer((json_int_t)d->count));
        }
        json_array_append_new(out, row);
    }
    return out;
}

bool md_report_is_about(const struct md_report *report, const struct md_probe_note *note)
{
    struct md_str rest = md_str(note->name), owner;
    return report->is_verbose || note->status != MD_PROBE_SKIPPED || report->source.product == NULL ||
           !md_str_split(&rest, '.', &owner) || md_str_is(owner, "system") || md_str_is(owner, report->source.product);
}

static json_t *probes(const struct md_report *report)
{
    const struct md_facts *facts = report->result->facts;
    json_t *out = json_array();
    for (size_t i = 0; i < md_facts_probe_count(facts); i++) {
        const struct md_probe_note *note = md_facts_probe_at(facts, i);
        if (!md_report_is_about(report, note)) {
            continue;
        }
        json_t *row = json_object();
        json_object_set_new(row, "name", json_string(note->name));
        json_object_set_new(row, "status", json_string(md_probe_status_name(note->status)));
        json_object_set_new(row, "cost", json_string(note->cost));
        json_object_set_new(row, "why", text_or_null(note->why));
        if (report->is_verbose) {
            json_object_set_new(row, "ms", json_integer((json_int_t)note->ms));
        }
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *files(const struct md_report *report)
{
    json_t *out = json_array();
    for (size_t i = 0; i < report->n_files; i++) {
        const struct md_report_file *f = &report->files[i];
        json_t *row = json_object();
        json_object_set_new(row, "name", slice(report->arena, md_str(f->name)));
        json_object_set_new(row, "kind", json_string(f->kind));
        json_object_set_new(row, "taken_as", json_string(f->taken_as));
        json_object_set_new(row, "note", text_or_null(f->note));
        if (f->line > 1) {
            json_object_set_new(row, "line", json_integer(f->line));
        }
        if (f->command != NULL) {
            json_object_set_new(row, "command", slice(report->arena, md_str(f->command)));
        }
        if (f->count > 1) {
            json_object_set_new(row, "count", json_integer((json_int_t)f->count));
        }
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *send_also(const struct md_report *report)
{
    json_t *out = json_array();
    const struct md_send *list;
    size_t n = report->is_sent ? md_send_find(report->arena, report->result, &list) : 0;
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(out, json_pack("{s:s, s:o}", "command", list[i].command, "would_change",
                                             texts(list[i].would_change, list[i].n_would_change)));
    }
    return out;
}

json_t *md_report_to_json(const struct md_report *report)
{
    const struct md_result *result = report->result;
    json_t *diagnoses = json_array();
    for (size_t i = 0; i < result->n_diagnoses; i++) {
        json_array_append_new(diagnoses, diagnosis(report, &result->diagnoses[i]));
    }
    json_t *out = json_object();
    json_object_set_new(out, "schema", json_string("mtadoctor.diagnosis/1"));
    json_object_set_new(out, "tool", md_report_tool_json(result->rules));
    json_object_set_new(out, "source", md_report_source_json(&report->source, report->arena));
    json_object_set_new(out, "overview", overview(report));
    json_object_set_new(out, "verdict", json_string(md_urgency_name(result->verdict)));
    json_object_set_new(out, "summary", text_or_null(result->summary));
    json_object_set_new(out, "no_fault", json_real(result->no_fault));
    json_object_set_new(out, "diagnoses", diagnoses);
    json_object_set_new(out, "considered", considered(result));
    json_object_set_new(out, "unknown", unknown(result));
    json_object_set_new(out, "problems", md_report_problems_json(report->problems, report->arena));
    json_object_set_new(out, "probes", probes(report));
    if (report->is_sent) {
        json_object_set_new(out, "files", files(report));
        json_object_set_new(out, "send_also", send_also(report));
    }
    return out;
}

static int append(const char *bytes, size_t n, void *out)
{
    md_buf_add(out, md_str_n(bytes, n));
    return 0;
}

void md_json_print(const json_t *value, struct md_buf *out)
{
    json_dump_callback(value, append, out, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    md_buf_puts(out, "\n");
}

void md_report_json(const struct md_report *report, struct md_buf *out)
{
    json_t *value = md_report_to_json(report);
    md_json_print(value, out);
    json_decref(value);
}
