#include "engine/footprint.h"

#include "engine/base/scan.h"
#include "engine/dummy.h"
#include "engine/rules_priv.h"

#define STORES 10       /* the first three are of one level, the others mixtures */
#define MOST_MISSED 12  /* instances that one finding asks for by name */
#define MOST_LITERALS 8 /* of one field */

struct md_footprints {
    struct md_footprint *list; /* by index of the finding */
};

/* Texts that the rules compare a field with. */
struct literals {
    struct md_str list[MOST_LITERALS];
    size_t n;
};

struct learning {
    struct md_rules *rules;
    struct md_arena *arena, *scratch;
    struct literals *literals;   /* by index of the fact */
    struct md_facts *facts;      /* the present store */
    struct md_instance **places; /* by index of the scope */
    unsigned store;
};

/* ---- texts ---- */

static void note_literal(const struct learning *l, struct md_str field, struct md_str text)
{
    for (size_t i = 0; i < md_catalogue_fact_count(l->rules->catalogue); i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(l->rules->catalogue, i);
        struct literals *literals = &l->literals[i];
        bool is_new = def->type == MD_TYPE_TEXT && md_str_is(field, def->field) && literals->n < MOST_LITERALS;

        for (size_t k = 0; k < literals->n && is_new; k++)
            is_new = !md_str_eq(literals->list[k], text);
        if (is_new)
            literals->list[literals->n++] = text;
    }
}

/* The name that ends at `end`. */
static struct md_str name_before(struct md_str text, size_t end)
{
    size_t begin;

    while (end > 0 && text.p[end - 1] == ' ')
        end--;
    for (begin = end; begin > 0 && (md_is_alnum(text.p[begin - 1]) || text.p[begin - 1] == '_'); begin--)
        ;
    return md_str_sub(text, begin, end - begin);
}

/* Every `field == "text"` and `field ~= "text"`. */
static void read_literals(const struct learning *l, struct md_str text)
{
    for (size_t i = 2; i + 1 < text.n; i++) {
        size_t from, end;

        if (text.p[i] != '=' || (text.p[i - 1] != '=' && text.p[i - 1] != '~'))
            continue;
        for (from = i + 1; from < text.n && text.p[from] == ' '; from++)
            ;
        if (from >= text.n || text.p[from] != '"')
            continue;
        for (end = ++from; end < text.n && text.p[end] != '"' && text.p[end] != '\n'; end++)
            ;
        note_literal(l, name_before(text, i - 1), md_str_sub(text, from, end - from));
    }
}

/* ---- stores ---- */

static uint32_t mixed(uint32_t x)
{
    x = (x ^ x >> 16) * UINT32_C(0x45d9f3b);
    x = (x ^ x >> 16) * UINT32_C(0x45d9f3b);
    return x ^ x >> 16;
}

static void set_facts(const struct learning *l, struct md_instance *at)
{
    for (size_t i = 0; i < md_catalogue_fact_count(l->rules->catalogue); i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(l->rules->catalogue, i);
        const struct literals *literals = &l->literals[i];
        uint32_t chance = mixed((uint32_t)i * 31 + l->store);
        const char *text = NULL;

        if (def->scope != at->scope)
            continue;
        if (literals->n > 0)
            text = md_arena_cstr(l->scratch, literals->list[(l->store + i) % literals->n]);
        md_dummy_set(l->facts, at, def, (enum md_dummy_level)(l->store <= MD_DUMMY_MUCH ? l->store : chance % 3), text);
    }
}

/* ---- reading ---- */

/* Made because it was asked for by name. */
static bool is_named(const struct md_instance *at)
{
    return at->parent != NULL && !md_str_is(at->name, MD_DUMMY_NAME);
}

static bool is_same_set(const struct md_footprint_set *a, const struct md_footprint_set *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        bool is_found = false;

        for (size_t k = 0; k < b->n && !is_found; k++)
            is_found = a->reads[i].def == b->reads[k].def && (a->reads[i].name == NULL) == (b->reads[k].name == NULL) &&
                       (a->reads[i].name == NULL || strcmp(a->reads[i].name, b->reads[k].name) == 0);
        if (!is_found)
            return false;
    }
    return true;
}

static struct md_footprint_set set_of(const struct learning *l, const struct md_observation *o)
{
    struct md_footprint_read *reads = md_arena_array(l->arena, o->n_reads + 1, sizeof *reads);
    struct md_footprint_set set = {reads, 0};

    for (size_t i = 0; i < o->n_reads + (o->missing != NULL); i++) {
        const struct md_read *read = i < o->n_reads ? &o->reads[i] : o->missing;
        struct md_footprint_read new = {read->def, is_named(read->at) ? md_arena_cstr(l->arena, read->at->name) : NULL};
        bool is_new = read->def != NULL;

        for (size_t k = 0; k < set.n && is_new; k++)
            is_new = reads[k].def != new.def ||
                     (new.name != NULL && (reads[k].name == NULL || strcmp(reads[k].name, new.name) != 0));
        if (is_new)
            reads[set.n++] = new;
    }
    return set;
}

/* Reads of `where` and of `test`, whatever `where` says: a made-up instance is seldom of the right kind. */
static void observe(const struct learning *l, const struct md_finding *finding, struct md_observation *ret)
{
    struct md_finding only_test = *finding, only_where = *finding;
    struct md_instance *at = l->places[finding->scope->index];
    struct md_observation where = {.n_reads = 0};
    struct md_read *reads;

    only_test.where.ref = 0;
    md_eval_finding(l->rules, l->scratch, &only_test, at, ret);
    if (finding->where.ref == 0)
        return;
    only_where.test = finding->where;
    only_where.where.ref = 0;
    md_eval_finding(l->rules, l->scratch, &only_where, at, &where);
    reads = md_arena_array(l->scratch, where.n_reads + ret->n_reads, sizeof *reads);
    for (size_t i = 0; i < where.n_reads + ret->n_reads; i++)
        reads[i] = i < where.n_reads ? where.reads[i] : ret->reads[i - where.n_reads];
    ret->reads = reads;
    ret->n_reads += where.n_reads;
}

static void learn(const struct learning *l, const struct md_finding *finding, struct md_footprint *ret,
                  struct md_footprint_set *sets, bool *is_whole)
{
    struct md_observation o;
    struct md_footprint_set set;
    bool ends;

    observe(l, finding, &o);
    for (int i = 0; i < MOST_MISSED && o.missing != NULL && o.missing->fact == NULL && o.missing->at->index == SIZE_MAX;
         i++) {
        struct md_instance *parent = l->places[o.missing->at->scope->parent->index];

        set_facts(l, md_facts_instance(l->facts, o.missing->at->scope->name, o.missing->at->name, parent));
        observe(l, finding, &o);
    }
    set = set_of(l, &o);
    ends = o.truth != MD_UNKNOWN;
    /* What ended early is worth less than what came to an end. */
    if (ret->n > 0 && *is_whole && !ends)
        return;
    if (ends && !*is_whole)
        ret->n = 0;
    *is_whole = ends;
    for (size_t i = 0; i < ret->n; i++)
        if (is_same_set(&sets[i], &set))
            return;
    sets[ret->n++] = set;
}

struct md_footprints *md_footprints_learn(struct md_rules *rules)
{
    size_t n = md_rules_finding_count(rules), n_scopes = md_catalogue_scope_count(rules->catalogue);
    struct learning l = {.rules = rules, .arena = rules->arena, .scratch = md_arena_new()};
    struct md_footprints *ret = md_arena_alloc(l.arena, sizeof *ret);
    struct md_footprint_set *sets = md_arena_array(l.arena, n * STORES, sizeof *sets);
    struct md_diags *unheard = md_diags_new(l.scratch); /* made-up values may be more than a rule can bear */
    bool *is_whole = md_arena_array(l.scratch, n, sizeof *is_whole);

    ret->list = md_arena_array(l.arena, n, sizeof *ret->list);
    l.literals = md_arena_array(l.scratch, md_catalogue_fact_count(rules->catalogue), sizeof *l.literals);
    for (size_t i = 0; i < rules->n_files; i++)
        read_literals(&l, rules->files[i].text);
    for (l.store = 0; l.store < STORES; l.store++) {
        l.places = md_arena_array(l.scratch, n_scopes, sizeof(struct md_instance *));
        l.facts = md_dummy_facts(l.scratch, rules->catalogue, l.places);
        for (size_t s = 0; s < n_scopes; s++)
            set_facts(&l, l.places[s]);
        md_rules_bind(rules, l.facts, unheard);
        for (size_t i = 0; i < n; i++) {
            ret->list[i].sets = sets + i * STORES;
            learn(&l, md_rules_finding(rules, i), &ret->list[i], sets + i * STORES, &is_whole[i]);
        }
    }
    md_rules_bind(rules, NULL, NULL);
    md_arena_free(&l.scratch);
    return ret;
}

const struct md_footprint *md_footprints_of(const struct md_footprints *footprints, const struct md_finding *finding)
{
    return &footprints->list[finding->index];
}

bool md_footprint_reads(const struct md_footprint *footprint, const struct md_fact_def *def)
{
    for (size_t i = 0; i < footprint->n; i++)
        for (size_t k = 0; k < footprint->sets[i].n; k++)
            if (footprint->sets[i].reads[k].def == def)
                return true;
    return false;
}
