#include "engine/diagnose_priv.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/display.h"

#define MOST_ORIGINS 8
#define MOST_UNKNOWN_LINES 12

/* --- origins ---------------------------------------------------------------------------------- */

struct origins {
    struct md_origin list[MOST_ORIGINS];
    size_t n;
};

static void add_origin(struct origins *o, const struct md_origin *origin)
{
    const char *name = origin->name != NULL ? origin->name : "";

    if (origin->name == NULL && origin->kind != MD_ORIGIN_PERSON)
        return;
    for (size_t i = 0; i < o->n; i++)
        if (o->list[i].kind == origin->kind && o->list[i].line == origin->line &&
            strcmp(o->list[i].name != NULL ? o->list[i].name : "", name) == 0)
            return;
    if (o->n < MOST_ORIGINS)
        o->list[o->n++] = *origin;
}

/* The i-th origin of each fact, so that no fact with many of them hides the others. */
static bool add_round(struct origins *o, const struct md_read *reads, size_t n, size_t i)
{
    bool has_more = false;

    for (size_t r = 0; r < n; r++)
        if (reads[r].fact != NULL && i < reads[r].fact->n_origins) {
            add_origin(o, &reads[r].fact->origins[i]);
            has_more = true;
        }
    return has_more;
}

static void add_samples(struct origins *o, const struct md_read *reads, size_t n)
{
    for (size_t r = 0; r < n; r++)
        if (reads[r].fact != NULL && reads[r].fact->is_known && reads[r].fact->value.type == MD_TYPE_COUNTS) {
            const struct md_counts *counts = &reads[r].fact->value.u.counts;

            for (size_t i = 0; i < counts->n && i < 2; i++)
                add_origin(o, &counts->items[i].origin);
        }
}

/* Facts that are derived from others carry no origin of their own: then where the same probe looked for the same
 * instance, or for one that encloses it. */
static void add_neighbours(const struct md_study *study, struct origins *o, const struct md_read *reads, size_t n)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(study->facts);
    size_t n_facts = md_catalogue_fact_count(catalogue);

    for (size_t r = 0; r < n && o->n == 0; r++)
        for (const struct md_instance *at = reads[r].at; at != NULL && o->n == 0; at = at->parent)
            for (size_t f = 0; f < n_facts && o->n == 0; f++) {
                const struct md_fact_def *def = md_catalogue_fact_at(catalogue, f);
                const struct md_fact *fact;

                if (def->scope != at->scope || reads[r].def == NULL || def->probe == NULL ||
                    reads[r].def->probe == NULL || strcmp(def->probe, reads[r].def->probe) != 0)
                    continue;
                fact = md_fact_get(study->facts, at, def);
                if (fact != NULL && fact->is_known && fact->n_origins > 0)
                    add_origin(o, &fact->origins[0]);
            }
}

static void fill_origins(struct md_study *study, struct md_evidence *e)
{
    struct origins o = {.n = 0};
    struct md_origin *copy;

    for (size_t i = 0; o.n < MOST_ORIGINS && add_round(&o, e->reads, e->n_reads, i); i++)
        continue;
    add_samples(&o, e->reads, e->n_reads);
    if (o.n == 0)
        add_neighbours(study, &o, e->reads, e->n_reads);
    copy = md_arena_array(study->arena, o.n, sizeof *copy);
    for (size_t i = 0; i < o.n; i++)
        copy[i] = o.list[i];
    e->origins = copy;
    e->n_origins = o.n;
}

/* --- sentences -------------------------------------------------------------------------------- */

/* The id in words: "room.fuse-broken" of the scope room gives "fuse broken", "wires.cut" gives "wires: cut". */
static const char *id_in_words(struct md_arena *arena, const struct md_finding *f)
{
    char *text = md_arena_printf(arena, "%s", f->id), *dot = strchr(text, '.');

    for (char *p = text; *p != '\0'; p++)
        if (*p == '-')
            *p = ' ';
    if (dot == NULL)
        return text;
    *dot = '\0';
    return strcmp(text, f->scope->name) == 0 ? dot + 1 : md_arena_printf(arena, "%s: %s", text, dot + 1);
}

const char *md_observation_says(struct md_study *study, const struct md_observation *o)
{
    const struct md_finding *f = o->finding;
    const char *raw = md_rules_text(study->rules, f->says), *text = f->title;

    if (o->truth == MD_PRESENT) {
        text = md_eval_text(study->rules, study->arena, f->says, o->at);
        return text != NULL ? text : f->title != NULL ? f->title : id_in_words(study->arena, f);
    }
    /* Not true as it stands, or not known: a sentence that holds no values. */
    if (text == NULL && raw != NULL && strchr(raw, '{') == NULL)
        text = raw;
    if (text == NULL)
        text = id_in_words(study->arena, f);
    if (o->truth == MD_ABSENT)
        return md_arena_printf(study->arena, "it is not so that %s", text);
    return md_arena_printf(study->arena, "not known: %s%s%s%s", text, o->why != NULL ? " (" : "",
                           o->why != NULL ? o->why : "", o->why != NULL ? ")" : "");
}

/* --- lines ------------------------------------------------------------------------------------ */

static struct md_evidence *push(struct md_study *study, struct md_lines *lines)
{
    return md_arena_push(study->arena, &lines->list, &lines->n, &lines->cap, sizeof *lines->list);
}

void md_evidence_lines_add(struct md_study *study, struct md_lines *lines, const struct md_observation *o,
                           double decibans)
{
    struct md_evidence *e;
    bool is_unknown = o->truth == MD_UNKNOWN;

    decibans = md_round1(decibans);
    if (!is_unknown && fabs(decibans) < MD_LEAST_DECIBANS)
        return;
    e = push(study, lines);
    *e = (struct md_evidence){
        .id = o->finding->id,
        .kind = is_unknown     ? MD_EVIDENCE_UNKNOWN
                : decibans > 0 ? MD_EVIDENCE_SUPPORTS
                               : MD_EVIDENCE_CONTRADICTS,
        .decibans = is_unknown ? 0 : decibans,
        .because = md_observation_says(study, o),
        .reads = o->reads,
        .n_reads = o->n_reads,
    };
    fill_origins(study, e);
    /* Nobody can look up what is absent where nothing was read. */
    if (e->n_origins == 0 && o->truth == MD_ABSENT)
        lines->n--;
}

struct sortable {
    struct md_evidence line;
    size_t seq;
};

/* Known before unknown, then by weight, then as they came. */
static int by_weight(const void *pa, const void *pb)
{
    const struct sortable *a = pa, *b = pb;
    bool ua = a->line.kind == MD_EVIDENCE_UNKNOWN, ub = b->line.kind == MD_EVIDENCE_UNKNOWN;
    double wa = fabs(a->line.decibans), wb = fabs(b->line.decibans);

    if (ua != ub)
        return ua ? 1 : -1;
    if (wa != wb)
        return wa > wb ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

double md_evidence_lines_close(struct md_study *study, struct md_lines *lines, double prior_db)
{
    struct sortable *list = md_arena_array(study->arena, lines->n, sizeof *list);
    size_t unknown = 0, n = 0;
    double sum = 0;

    for (size_t i = 0; i < lines->n; i++)
        list[i] = (struct sortable){lines->list[i], i};
    if (lines->n > 1)
        qsort(list, lines->n, sizeof *list, by_weight);
    for (size_t i = 0; i < lines->n; i++) {
        if (list[i].line.kind == MD_EVIDENCE_UNKNOWN && unknown++ >= MOST_UNKNOWN_LINES)
            continue;
        sum += list[i].line.decibans;
        lines->list[n++] = list[i].line;
    }
    lines->n = n;
    *push(study, lines) = (struct md_evidence){
        .id = "prior",
        .kind = MD_EVIDENCE_PRIOR,
        .decibans = md_round1(prior_db),
        .because = md_arena_printf(study->arena, "before anything was looked at: %.2g %%",
                                   100 / (1 + pow(10, -prior_db / 10))),
    };
    return md_round1(sum + md_round1(prior_db));
}
