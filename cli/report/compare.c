#include "cli/report/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report/hosts.h"
#include "cli/report/layout.h"
#include "engine/base/display.h"
#include "engine/base/map.h"
#include "engine/base/time.h"
#include "engine/facts_json.h"

#define FACTS_SHOWN 15
#define LINES_SHOWN 5
#define FACTS_MAX 2000 /* in JSON */
#define LEAST_MOVE .05 /* decibans */

/* A fact that is another one now. */
struct change {
    const struct md_fact_def *def;
    const struct md_instance *at;
    const struct md_fact *before, *after; /* NULL: not there */
    double moved;                         /* decibans, of all diagnoses */
    size_t order;
    const char **diagnoses; /* ids that it moved */
    size_t n_diagnoses, capacity;
};

struct line {
    const char *id, *because;
    double before, after; /* decibans; 0: no such line */
    const struct change **changes;
    size_t n_changes;
};

struct move {
    const char *id, *scope;
    double before, after; /* negative: not listed */
    const struct md_diagnosis *old, *new;
    struct line *lines;
    size_t n_lines, capacity;
};

struct comparison {
    struct md_arena *arena;
    const struct md_report *before, *after;
    struct change **changes;
    size_t n_changes, changes_capacity;
    struct md_map *by_key;
    struct move **moves;
    size_t n_moves, moves_capacity;
};

/* "channel tcp_local, destination example.net"; "" for the host. */
static const char *path_of(struct md_arena *arena, const struct md_instance *at)
{
    if (at == NULL || at->parent == NULL) {
        return "";
    }
    const char *above = path_of(arena, at->parent);
    return md_arena_printf(arena, "%s%s%s %s", above, above[0] == '\0' ? "" : ", ", at->scope->name,
                           md_display(arena, at->name));
}

static struct md_str key_of(struct md_arena *arena, const struct md_instance *at, const struct md_fact_def *def)
{
    return md_str(md_arena_printf(arena, "%s\n%s", path_of(arena, at), def->name));
}

static const char *value_text(struct md_arena *arena, const struct md_report *report, const struct md_fact *fact)
{
    if (fact == NULL || !fact->is_known) {
        return NULL;
    }
    json_t *value = md_value_to_json(report->result->facts, &fact->value);
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    const char *text = dump == NULL ? "" : md_arena_cstr(arena, md_str(dump));
    free(dump);
    json_decref(value);
    return text;
}

static bool is_same(struct comparison *c, const struct md_fact *before, const struct md_fact *after)
{
    struct md_arena *arena = md_arena_new();
    const char *x = value_text(arena, c->before, before), *y = value_text(arena, c->after, after);
    bool same = x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
    md_arena_free(&arena);
    return same;
}

/* `before` or `after` is NULL where the fact is not there. */
static void add_change(struct comparison *c, struct md_str key, const struct md_fact *before,
                       const struct md_fact *after)
{
    const struct md_fact *fact = after != NULL ? after : before;
    struct change *change = md_arena_alloc(c->arena, sizeof *change);
    *change =
        (struct change){.def = fact->def, .at = fact->at, .before = before, .after = after, .order = c->n_changes};
    *(struct change **)md_arena_push(c->arena, &c->changes, &c->n_changes, &c->changes_capacity,
                                     sizeof(struct change *)) = change;
    md_map_set(c->by_key, 0, key, change);
}

/* The facts of one result by key. */
static struct md_map *by_key(struct comparison *c, const struct md_facts *facts)
{
    struct md_map *map = md_map_new(c->arena);
    struct md_fact_walk walk = {0};
    const struct md_fact *fact;
    while ((fact = md_facts_next(facts, &walk)) != NULL) {
        md_map_set(map, 0, key_of(c->arena, fact->at, fact->def), (void *)(uintptr_t)fact);
    }
    return map;
}

/* New facts that were others, or not there; then old ones that are not there any more. */
static void find_changes(struct comparison *c)
{
    const struct md_facts *old = c->before->result->facts, *new = c->after->result->facts;
    struct md_map *old_by_key = by_key(c, old), *new_by_key = by_key(c, new);
    const struct md_fact *fact;
    for (struct md_fact_walk walk = {0}; (fact = md_facts_next(new, &walk)) != NULL;) {
        struct md_str key = key_of(c->arena, fact->at, fact->def);
        const struct md_fact *before = md_map_find(old_by_key, 0, key);
        if (!is_same(c, before, fact)) {
            add_change(c, key, before, fact);
        }
    }
    for (struct md_fact_walk walk = {0}; (fact = md_facts_next(old, &walk)) != NULL;) {
        struct md_str key = key_of(c->arena, fact->at, fact->def);
        if (md_map_find(new_by_key, 0, key) == NULL && !is_same(c, fact, NULL)) {
            add_change(c, key, fact, NULL);
        }
    }
}

static struct move *move_of(struct comparison *c, const char *id, const char *scope)
{
    for (size_t i = 0; i < c->n_moves; i++) {
        if (strcmp(c->moves[i]->id, id) == 0 && strcmp(c->moves[i]->scope, scope) == 0) {
            return c->moves[i];
        }
    }
    struct move *move = md_arena_alloc(c->arena, sizeof *move);
    *move = (struct move){.id = id, .scope = scope, .before = -1, .after = -1};
    *(struct move **)md_arena_push(c->arena, &c->moves, &c->n_moves, &c->moves_capacity, sizeof(struct move *)) = move;
    return move;
}

static void list_moves(struct comparison *c, const struct md_result *result, bool is_new)
{
    for (size_t i = 0; i < result->n_diagnoses; i++) {
        const struct md_diagnosis *d = &result->diagnoses[i];
        struct move *move = move_of(c, d->id, md_scope_below_host(c->arena, d->scope, d->n_scope));
        *(is_new ? &move->new : &move->old) = d;
        *(is_new ? &move->after : &move->before) = d->probability;
    }
    for (size_t i = 0; i < result->n_considered; i++) {
        const struct md_considered *d = &result->considered[i];
        struct move *move = move_of(c, d->id, md_scope_below_host(c->arena, d->scope, d->n_scope));
        double *p = is_new ? &move->after : &move->before;
        *p = *p < 0 ? d->probability : *p;
    }
}

static struct line *line_of(struct comparison *c, struct move *move, const char *id)
{
    for (size_t i = 0; i < move->n_lines; i++) {
        if (strcmp(move->lines[i].id, id) == 0) {
            return &move->lines[i];
        }
    }
    struct line *line = md_arena_push(c->arena, &move->lines, &move->n_lines, &move->capacity, sizeof *line);
    line->id = id;
    return line;
}

/* The changed facts among those that the line reads, in either result. */
static void find_changes_of_line(struct comparison *c, struct line *line, const struct md_evidence *e)
{
    const struct change **list = md_arena_array(c->arena, line->n_changes + e->n_reads + 1, sizeof *list);
    size_t n = line->n_changes;
    for (size_t i = 0; i < n; i++) {
        list[i] = line->changes[i];
    }
    for (size_t i = 0; i < e->n_reads; i++) {
        if (e->reads[i].def == NULL || e->reads[i].at == NULL) {
            continue;
        }
        const struct change *change = md_map_find(c->by_key, 0, key_of(c->arena, e->reads[i].at, e->reads[i].def));
        bool is_new = change != NULL;
        for (size_t k = 0; k < n; k++) {
            is_new &= list[k] != change;
        }
        if (is_new) {
            list[n++] = change;
        }
    }
    line->changes = list;
    line->n_changes = n;
}

static void compare_lines(struct comparison *c, struct move *move)
{
    for (int is_new = 0; is_new < 2; is_new++) {
        const struct md_diagnosis *d = is_new ? move->new : move->old;
        for (size_t i = 0; d != NULL && i < d->n_evidence; i++) {
            const struct md_evidence *e = &d->evidence[i];
            if (e->kind == MD_EVIDENCE_UNKNOWN) {
                continue;
            }
            struct line *line = line_of(c, move, e->id);
            *(is_new ? &line->after : &line->before) = e->decibans;
            line->because = e->because != NULL ? e->because : line->because;
            find_changes_of_line(c, line, e);
        }
    }
}

static void note_move(struct comparison *c, struct change *change, const char *id, double decibans)
{
    change->moved += decibans;
    for (size_t i = 0; i < change->n_diagnoses; i++) {
        if (strcmp(change->diagnoses[i], id) == 0) {
            return;
        }
    }
    *(const char **)md_arena_push(c->arena, &change->diagnoses, &change->n_diagnoses, &change->capacity,
                                  sizeof(const char *)) = id;
}

static double move_of_line(const struct line *line)
{
    return fabs(line->after - line->before);
}

static int by_move_of_line(const void *pa, const void *pb)
{
    double a = move_of_line(pa), b = move_of_line(pb);
    return a != b ? (a > b ? -1 : 1) : strcmp(((const struct line *)pa)->id, ((const struct line *)pb)->id);
}

static int by_moved(const void *pa, const void *pb)
{
    const struct change *a = *(struct change *const *)pa, *b = *(struct change *const *)pb;
    if (fabs(a->moved - b->moved) > LEAST_MOVE / 2) {
        return a->moved > b->moved ? -1 : 1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

static void compare(struct comparison *c, struct md_arena *arena, const struct md_report *before,
                    const struct md_report *after)
{
    *c = (struct comparison){.arena = arena, .before = before, .after = after, .by_key = md_map_new(arena)};
    find_changes(c);
    list_moves(c, after->result, true);
    list_moves(c, before->result, false);
    for (size_t i = 0; i < c->n_moves; i++) {
        struct move *move = c->moves[i];
        compare_lines(c, move);
        for (size_t k = 0; k < move->n_lines; k++) {
            const struct line *line = &move->lines[k];
            for (size_t f = 0; f < line->n_changes && move_of_line(line) >= LEAST_MOVE; f++) {
                note_move(c, (struct change *)(uintptr_t)line->changes[f], move->id,
                          move_of_line(line) / (double)line->n_changes);
            }
        }
        if (move->n_lines > 1) {
            qsort(move->lines, move->n_lines, sizeof *move->lines, by_move_of_line);
        }
    }
    if (c->n_changes > 1) {
        qsort(c->changes, c->n_changes, sizeof(struct change *), by_moved);
    }
}

/* ---- JSON ---- */

static json_t *probability(double p)
{
    return p < 0 ? json_null() : json_real(p);
}

static json_t *value_json(const struct md_report *report, const struct md_fact *fact)
{
    return fact == NULL || !fact->is_known ? json_null() : md_value_to_json(report->result->facts, &fact->value);
}

static double tenth(double x)
{
    return round(x * 10) / 10;
}

static json_t *lines_json(struct comparison *c, const struct move *move)
{
    json_t *out = json_array();
    for (size_t i = 0; i < move->n_lines; i++) {
        const struct line *line = &move->lines[i];
        if (move_of_line(line) < LEAST_MOVE) {
            continue;
        }
        json_t *facts = json_array();
        for (size_t k = 0; k < line->n_changes; k++) {
            json_array_append_new(facts, json_pack("{s:s, s:s}", "name", line->changes[k]->def->name, "scope",
                                                   path_of(c->arena, line->changes[k]->at)));
        }
        json_array_append_new(out, json_pack("{s:s, s:f, s:f, s:o, s:o}", "id", line->id, "before", tenth(line->before),
                                             "after", tenth(line->after), "because",
                                             line->because == NULL ? json_null() : json_string(line->because), "facts",
                                             facts));
    }
    return out;
}

static json_t *moves_json(struct comparison *c)
{
    json_t *out = json_array();
    for (size_t i = 0; i < c->n_moves; i++) {
        const struct move *move = c->moves[i];
        json_t *row = json_object();
        json_object_set_new(row, "id", json_string(move->id));
        json_object_set_new(row, "scope", json_string(move->scope));
        json_object_set_new(row, "before", probability(move->before));
        json_object_set_new(row, "after", probability(move->after));
        json_object_set_new(row, "urgency_before",
                            move->old == NULL ? json_null() : json_string(md_urgency_name(move->old->urgency)));
        json_object_set_new(row, "urgency_after",
                            move->new == NULL ? json_null() : json_string(md_urgency_name(move->new->urgency)));
        json_object_set_new(row, "evidence", lines_json(c, move));
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *changes_json(struct comparison *c)
{
    json_t *out = json_array();
    for (size_t i = 0; i < c->n_changes && i < FACTS_MAX; i++) {
        const struct change *change = c->changes[i];
        json_t *ids = json_array();
        for (size_t k = 0; k < change->n_diagnoses; k++) {
            json_array_append_new(ids, json_string(change->diagnoses[k]));
        }
        json_t *row = json_object();
        json_object_set_new(row, "name", json_string(change->def->name));
        json_object_set_new(row, "scope", json_string(path_of(c->arena, change->at)));
        json_object_set_new(row, "unit", json_string(change->def->unit));
        json_object_set_new(row, "before", value_json(c->before, change->before));
        json_object_set_new(row, "after", value_json(c->after, change->after));
        json_object_set_new(row, "moved", json_real(tenth(change->moved)));
        json_object_set_new(row, "diagnoses", ids);
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *side_json(const struct md_report *report)
{
    return json_pack("{s:o, s:s, s:f}", "source", md_report_source_json(&report->source, report->arena), "verdict",
                     md_urgency_name(report->result->verdict), "no_fault", report->result->no_fault);
}

json_t *md_compare_json(const struct md_report *before, const struct md_report *after)
{
    struct md_arena *arena = md_arena_new();
    struct comparison c;
    compare(&c, arena, before, after);
    json_t *out = json_object();
    json_object_set_new(out, "schema", json_string("mtadoctor.comparison/1"));
    json_object_set_new(out, "tool", md_report_tool_json(after->result->rules));
    json_object_set_new(out, "old", side_json(before));
    json_object_set_new(out, "new", side_json(after));
    json_object_set_new(out, "diagnoses", moves_json(&c));
    json_object_set_new(out, "facts", changes_json(&c));
    md_arena_free(&arena);
    return out;
}

/* ---- text ---- */

static const char *percent(struct md_arena *arena, double p)
{
    return p < 0 ? "not considered" : md_arena_printf(arena, "%.0f %%", p * 100);
}

static void move_text(const struct md_layout *layout, struct comparison *c, const struct move *move)
{
    size_t shown = 0;
    md_layout_paragraph(layout, "  ", "    ",
                        md_arena_printf(c->arena, "%s%s%s%s: %s -> %s", move->id, move->scope[0] == '\0' ? "" : " (",
                                        move->scope, move->scope[0] == '\0' ? "" : ")", percent(c->arena, move->before),
                                        percent(c->arena, move->after)),
                        MD_STYLE_BOLD);
    for (size_t i = 0; i < move->n_lines && shown < LINES_SHOWN; i++) {
        const struct line *line = &move->lines[i];
        if (move_of_line(line) < LEAST_MOVE) {
            continue;
        }
        shown++;
        md_layout_paragraph(layout, "    ", "      ",
                            md_arena_printf(c->arena, "%+.1f -> %+.1f dB  %s", line->before, line->after,
                                            line->because == NULL ? line->id : line->because),
                            MD_STYLE_PLAIN);
    }
}

static void change_text(const struct md_layout *layout, struct comparison *c, const struct change *change)
{
    const char *before = value_text(c->arena, c->before, change->before);
    const char *after = value_text(c->arena, c->after, change->after);
    const char *path = path_of(c->arena, change->at);
    md_layout_paragraph(layout, "  ", "    ",
                        md_arena_printf(c->arena, "%s%s%s%s: %s -> %s (%.1f dB)", change->def->name,
                                        path[0] == '\0' ? "" : " (", path, path[0] == '\0' ? "" : ")",
                                        before == NULL ? "?" : md_display_max(c->arena, md_str(before), 100),
                                        after == NULL ? "?" : md_display_max(c->arena, md_str(after), 100),
                                        change->moved),
                        MD_STYLE_PLAIN);
}

static const char *side_text(struct md_arena *arena, const struct md_report *report)
{
    const struct md_report_source *s = &report->source;
    return md_arena_printf(arena, "%s%s%s%s, %s", md_display(arena, md_str(s->name)), s->host == NULL ? "" : ", ",
                           s->host == NULL ? "" : md_display(arena, md_str(s->host)),
                           s->observed_at == MD_TIME_NONE
                               ? ""
                               : md_arena_printf(arena, " as of %s", md_time_rfc3339(arena, s->observed_at)),
                           md_urgency_name(report->result->verdict));
}

void md_compare_text(const struct md_report *before, const struct md_report *after, struct md_buf *out)
{
    const struct md_layout layout = {.out = out, .use_colour = after->use_colour};
    struct md_arena *arena = md_arena_new();
    struct comparison c;
    size_t shown = 0;
    compare(&c, arena, before, after);
    md_layout_paragraph(&layout, "old: ", "  ", side_text(arena, before), MD_STYLE_PLAIN);
    md_layout_paragraph(&layout, "new: ", "  ", side_text(arena, after), MD_STYLE_PLAIN);
    md_buf_puts(out, "\n");
    md_layout_line(&layout, "How the diagnoses moved:");
    for (size_t i = 0; i < c.n_moves; i++) {
        const struct move *move = c.moves[i];
        bool is_listed = move->old != NULL || move->new != NULL;
        if (is_listed || (after->is_verbose && fabs(move->after - move->before) >= .005)) {
            move_text(&layout, &c, move);
        }
    }
    md_buf_puts(out, "\n");
    md_layout_line(&layout,
                   c.n_changes == 0 ? "No fact changed." : "Facts that changed, by how much they moved diagnoses:");
    for (size_t i = 0; i < c.n_changes; i++) {
        if (after->is_verbose || (shown < FACTS_SHOWN && c.changes[i]->moved >= LEAST_MOVE)) {
            change_text(&layout, &c, c.changes[i]);
            shown++;
        }
    }
    if (shown < c.n_changes) {
        md_buf_printf(out, "  and %zu more that moved %s (--verbose)\n", c.n_changes - shown,
                      shown == FACTS_SHOWN ? "less" : "nothing");
    }
    md_arena_free(&arena);
}
