#include "engine/fact.h"

#include <stdlib.h>

#include "engine/base/display.h"
#include "engine/base/map.h"
#include "engine/base/time.h"

#define REASON_NEVER_SET "not observed"

/* What the public structures are the front of. */
struct fact {
    struct md_fact pub;
    bool may_be_replaced;
    size_t origins_capacity;
};

struct instance {
    struct md_instance pub;
    struct md_instance *last_child;
    struct fact **facts; /* by slot of the fact within its scope */
};

struct md_facts {
    struct md_arena *arena;
    const struct md_catalogue *catalogue;
    int64_t now;
    size_t *slots;       /* by index of the fact's definition: which one of its scope */
    size_t *scope_sizes; /* by index of the scope: how many facts it has */
    struct md_map *names;
    struct instance **instances;
    size_t n_instances, instances_capacity;
    struct md_probe_note *probes;
    size_t n_probes, probes_capacity;
};

static struct instance *new_instance(struct md_facts *facts, const struct md_scope_def *scope, struct md_str name,
                                     struct md_instance *parent)
{
    struct instance *at = md_arena_alloc(facts->arena, sizeof *at), **entry;

    at->pub.scope = scope;
    at->pub.name = md_arena_str(facts->arena, name);
    at->pub.parent = parent;
    at->pub.index = facts->n_instances;
    at->facts = md_arena_array(facts->arena, facts->scope_sizes[scope->index], sizeof(struct fact *));
    entry =
        md_arena_push(facts->arena, &facts->instances, &facts->n_instances, &facts->instances_capacity, sizeof *entry);
    *entry = at;
    if (parent != NULL) {
        struct instance *above = (struct instance *)(void *)parent;

        if (above->last_child != NULL)
            above->last_child->next_sibling = &at->pub;
        else
            parent->first_child = &at->pub;
        above->last_child = &at->pub;
        parent->n_children++;
    }
    return at;
}

struct md_facts *md_facts_new(struct md_arena *arena, const struct md_catalogue *catalogue)
{
    struct md_facts *facts = md_arena_alloc(arena, sizeof *facts);
    size_t n = md_catalogue_fact_count(catalogue), i;

    facts->arena = arena;
    facts->catalogue = catalogue;
    facts->now = MD_TIME_NONE;
    facts->slots = md_arena_array(arena, n, sizeof *facts->slots);
    facts->scope_sizes = md_arena_array(arena, md_catalogue_scope_count(catalogue), sizeof *facts->scope_sizes);
    for (i = 0; i < n; i++)
        facts->slots[i] = facts->scope_sizes[md_catalogue_fact_at(catalogue, i)->scope->index]++;
    facts->names = md_map_new(arena);
    new_instance(facts, md_catalogue_scope_at(catalogue, 0), MD_LIT(""), NULL);
    return facts;
}

const struct md_catalogue *md_facts_catalogue(const struct md_facts *facts)
{
    return facts->catalogue;
}

struct md_arena *md_facts_arena(struct md_facts *facts)
{
    return facts->arena;
}

void md_facts_set_now(struct md_facts *facts, int64_t now)
{
    facts->now = now;
}

int64_t md_facts_now(const struct md_facts *facts)
{
    return facts->now;
}

struct md_instance *md_facts_root(const struct md_facts *facts)
{
    return &facts->instances[0]->pub;
}

void md_facts_name_root(struct md_facts *facts, struct md_str name)
{
    facts->instances[0]->pub.name = md_arena_str(facts->arena, name);
}

/* Of the instances of a scope below a parent; the root, which has none, is never looked up by its name. */
static uint64_t kind_of(const struct md_scope_def *scope, const struct md_instance *parent)
{
    return (uint64_t)parent->index * 64 + scope->index;
}

struct md_instance *md_facts_find_instance(const struct md_facts *facts, const struct md_scope_def *scope,
                                           struct md_str name, const struct md_instance *parent)
{
    if (parent == NULL)
        return scope->parent == NULL ? &facts->instances[0]->pub : NULL;
    return md_map_find(facts->names, kind_of(scope, parent), name);
}

struct md_instance *md_facts_instance(struct md_facts *facts, const char *scope, struct md_str name,
                                      struct md_instance *parent)
{
    const struct md_scope_def *def = md_catalogue_scope(facts->catalogue, md_str(scope));
    struct md_instance *found;

    if (def == NULL)
        MD_BUG("no scope %s in the catalogue", scope);
    if (def->parent != (parent != NULL ? parent->scope : NULL))
        MD_BUG("an instance of scope %s below one of scope %s", scope, parent != NULL ? parent->scope->name : "(none)");
    found = md_facts_find_instance(facts, def, name, parent);
    if (found == NULL && parent != NULL) {
        found = &new_instance(facts, def, name, parent)->pub;
        md_map_set(facts->names, kind_of(def, parent), found->name, found);
    }
    return found;
}

size_t md_facts_instance_count(const struct md_facts *facts)
{
    return facts->n_instances;
}

struct md_instance *md_facts_instance_at(const struct md_facts *facts, size_t i)
{
    return i < facts->n_instances ? &facts->instances[i]->pub : NULL;
}

/* NULL: an instance that is not of this store (one that does not exist). */
static struct fact **slot_of(const struct md_facts *facts, const struct md_instance *at, const struct md_fact_def *def)
{
    if (at->index >= facts->n_instances || &facts->instances[at->index]->pub != at)
        return NULL;
    return &facts->instances[at->index]->facts[facts->slots[def->index]];
}

const struct md_fact *md_fact_get(const struct md_facts *facts, const struct md_instance *at,
                                  const struct md_fact_def *def)
{
    struct fact **slot;

    if (def->scope != at->scope)
        MD_BUG("fact %s of an instance of scope %s", def->name, at->scope->name);
    slot = slot_of(facts, at, def);
    return slot != NULL && *slot != NULL ? &(*slot)->pub : NULL;
}

const struct md_fact *md_facts_next(const struct md_facts *facts, struct md_fact_walk *walk)
{
    const size_t n_defs = md_catalogue_fact_count(facts->catalogue);

    for (; walk->instance < md_facts_instance_count(facts); walk->instance++, walk->def = 0) {
        const struct md_instance *at = md_facts_instance_at(facts, walk->instance);

        while (walk->def < n_defs) {
            const struct md_fact_def *def = md_catalogue_fact_at(facts->catalogue, walk->def++);
            const struct md_fact *fact = def->scope == at->scope ? md_fact_get(facts, at, def) : NULL;

            if (fact != NULL)
                return fact;
        }
    }
    return NULL;
}

const struct md_fact *md_fact_by_name(const struct md_facts *facts, const struct md_instance *at, const char *name)
{
    const struct md_fact_def *def = md_catalogue_fact(facts->catalogue, md_str(name));

    if (def == NULL)
        MD_BUG("no fact %s in the catalogue", name);
    return md_fact_get(facts, at, def);
}

static const struct md_fact_def *def_of(const struct md_facts *facts, const struct md_instance *at, const char *name)
{
    const struct md_fact_def *def = md_catalogue_fact(facts->catalogue, md_str(name));

    if (def == NULL)
        MD_BUG("no fact %s in the catalogue", name);
    if (def->scope != at->scope)
        MD_BUG("fact %s of an instance of scope %s", name, at->scope->name);
    return def;
}

/* A fact to fill in: the stored one, or a detached one where what is stored stays. */
static struct fact *fact_to_set(struct md_facts *facts, struct md_instance *at, const struct md_fact_def *def)
{
    struct fact **slot = slot_of(facts, at, def);
    struct fact *fact;

    if (slot == NULL)
        MD_BUG("fact %s of an instance of another store", def->name);
    fact = *slot;
    if (fact == NULL || (fact->pub.is_known && !fact->may_be_replaced)) {
        struct fact *fresh = md_arena_alloc(facts->arena, sizeof *fresh);

        if (fact == NULL)
            *slot = fresh;
        fact = fresh;
    } else {
        *fact = (struct fact){0};
    }
    fact->pub.def = def;
    fact->pub.at = at;
    fact->pub.observed_at = facts->now;
    return fact;
}

static struct md_origin copy_origin(struct md_facts *facts, const struct md_origin *origin)
{
    struct md_origin copy = *origin;

    if (origin->name != NULL)
        copy.name = md_arena_cstr(facts->arena, md_str(origin->name));
    return copy;
}

static struct md_fact *set(struct md_facts *facts, struct md_instance *at, const char *name,
                           const struct md_value *value, const struct md_origin *origin)
{
    const struct md_fact_def *def = def_of(facts, at, name);
    struct fact *fact;

    if (def->type != value->type)
        MD_BUG("fact %s is a %s, not a %s", name, md_type_name(def->type), md_type_name(value->type));
    fact = fact_to_set(facts, at, def);
    fact->pub.is_known = true;
    fact->pub.value = *value;
    if (origin != NULL)
        md_fact_origin(facts, &fact->pub, origin);
    return &fact->pub;
}

struct md_fact *md_fact_bool(struct md_facts *f, struct md_instance *at, const char *name, bool value,
                             const struct md_origin *origin)
{
    return set(f, at, name, &(struct md_value){.type = MD_TYPE_BOOL, .u.b = value}, origin);
}

struct md_fact *md_fact_count(struct md_facts *f, struct md_instance *at, const char *name, uint64_t value,
                              const struct md_origin *origin)
{
    return set(f, at, name, &(struct md_value){.type = MD_TYPE_COUNT, .u.count = value}, origin);
}

struct md_fact *md_fact_number(struct md_facts *f, struct md_instance *at, const char *name, double value,
                               const struct md_origin *origin)
{
    return set(f, at, name, &(struct md_value){.type = MD_TYPE_NUMBER, .u.number = value}, origin);
}

struct md_fact *md_fact_duration(struct md_facts *f, struct md_instance *at, const char *name, double seconds,
                                 const struct md_origin *origin)
{
    return set(f, at, name, &(struct md_value){.type = MD_TYPE_DURATION, .u.number = seconds}, origin);
}

struct md_fact *md_fact_time(struct md_facts *f, struct md_instance *at, const char *name, int64_t value,
                             const struct md_origin *origin)
{
    return set(f, at, name, &(struct md_value){.type = MD_TYPE_TIME, .u.time = value}, origin);
}

struct md_fact *md_fact_text(struct md_facts *f, struct md_instance *at, const char *name, struct md_str value,
                             const struct md_origin *origin)
{
    struct md_value text = {.type = MD_TYPE_TEXT, .u.text = md_arena_str(f->arena, value)};

    return set(f, at, name, &text, origin);
}

struct ranked {
    struct md_count_item item;
    size_t rank;
};

static int by_count(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->item.count != y->item.count)
        return x->item.count > y->item.count ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

struct md_fact *md_fact_counts(struct md_facts *f, struct md_instance *at, const char *name,
                               const struct md_count_item *items, size_t n, uint64_t total, bool is_exact,
                               const struct md_origin *origin)
{
    struct ranked *ranked = md_xcalloc(n, sizeof *ranked);
    struct md_count_item *sorted = md_arena_array(f->arena, n, sizeof *sorted);
    struct md_value value = {.type = MD_TYPE_COUNTS};
    uint64_t sum = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        ranked[i] = (struct ranked){items[i], i};
        sum = items[i].count > UINT64_MAX - sum ? UINT64_MAX : sum + items[i].count;
    }
    qsort(ranked, n, sizeof *ranked, by_count);
    for (i = 0; i < n; i++) {
        sorted[i] = ranked[i].item;
        sorted[i].name = md_arena_str(f->arena, sorted[i].name);
        sorted[i].origin = copy_origin(f, &sorted[i].origin);
    }
    free(ranked);
    value.u.counts = (struct md_counts){sorted, n, total > sum ? total : sum, n, is_exact};
    return set(f, at, name, &value, origin);
}

struct md_fact *md_fact_texts(struct md_facts *f, struct md_instance *at, const char *name, const struct md_str *items,
                              size_t n, const struct md_origin *origin)
{
    struct md_str *copies = md_arena_array(f->arena, n, sizeof *copies);
    struct md_value value = {.type = MD_TYPE_TEXTS};
    size_t i;

    for (i = 0; i < n; i++)
        copies[i] = md_arena_str(f->arena, items[i]);
    value.u.texts.items = copies;
    value.u.texts.n = n;
    return set(f, at, name, &value, origin);
}

struct md_fact *md_fact_unknown(struct md_facts *f, struct md_instance *at, const char *name, const char *why)
{
    struct fact *fact = fact_to_set(f, at, def_of(f, at, name));

    fact->pub.why = md_display(f->arena, md_str(why != NULL ? why : REASON_NEVER_SET));
    fact->pub.value.type = fact->pub.def->type;
    return &fact->pub;
}

void md_fact_origin(struct md_facts *f, struct md_fact *fact, const struct md_origin *origin)
{
    struct fact *whole = (struct fact *)(void *)fact;
    struct md_origin *list = (struct md_origin *)(void *)(uintptr_t)(const void *)fact->origins;
    struct md_origin *entry = md_arena_push(f->arena, &list, &fact->n_origins, &whole->origins_capacity, sizeof *entry);

    *entry = copy_origin(f, origin);
    fact->origins = list;
}

void md_fact_bounds(struct md_fact *fact, double low, double high)
{
    if (fact->def->type != MD_TYPE_COUNT && fact->def->type != MD_TYPE_NUMBER && fact->def->type != MD_TYPE_DURATION)
        MD_BUG("bounds for fact %s, a %s", fact->def->name, md_type_name(fact->def->type));
    fact->has_bounds = low < high;
    fact->low = low;
    fact->high = high;
}

void md_fact_replace(struct md_facts *f, struct md_instance *at, const char *name)
{
    struct fact **slot = slot_of(f, at, def_of(f, at, name));

    if (slot != NULL && *slot != NULL)
        (*slot)->may_be_replaced = true;
}

const char *md_probe_status_name(enum md_probe_status status)
{
    static const char *const names[] = {[MD_PROBE_OK] = "ok",
                                        [MD_PROBE_SKIPPED] = "skipped",
                                        [MD_PROBE_FAILED] = "failed",
                                        [MD_PROBE_PARTIAL] = "partial"};

    return names[status];
}

void md_facts_note_probe(struct md_facts *f, const struct md_probe_note *note)
{
    struct md_probe_note *entry = md_arena_push(f->arena, &f->probes, &f->n_probes, &f->probes_capacity, sizeof *entry);

    *entry = *note;
    entry->name = md_arena_cstr(f->arena, md_str(note->name));
    entry->cost = note->cost != NULL ? md_arena_cstr(f->arena, md_str(note->cost)) : NULL;
    entry->why = note->why != NULL ? md_display(f->arena, md_str(note->why)) : NULL;
}

size_t md_facts_probe_count(const struct md_facts *f)
{
    return f->n_probes;
}

const struct md_probe_note *md_facts_probe_at(const struct md_facts *f, size_t i)
{
    return i < f->n_probes ? &f->probes[i] : NULL;
}
