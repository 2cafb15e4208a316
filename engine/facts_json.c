#include "engine/facts_json.h"

#include <math.h>

#include "engine/base/display.h"
#include "engine/base/time.h"

/* Takes `value` (stolen). */
static void put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        md_oom(0);
}

static void append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        md_oom(0);
}

static json_t *text(struct md_arena *arena, struct md_str bytes)
{
    return json_string(md_display(arena, bytes));
}

/* Whole numbers as such, others to a millionth: nobody measures finer, and the digits behind are noise. */
static json_t *number(double x)
{
    double rounded = round(x * 1e6) / 1e6;

    if (!isfinite(rounded))
        return json_null();
    if (rounded == floor(rounded) && fabs(rounded) < 1e15)
        return json_integer((json_int_t)rounded);
    return json_real(rounded);
}

static json_t *count(uint64_t n)
{
    return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

static json_t *counts(struct md_arena *arena, const struct md_counts *from, size_t max)
{
    json_t *object = json_object();
    size_t i;

    for (i = 0; i < from->n && i < max; i++)
        put(object, md_display(arena, from->items[i].name), count(from->items[i].count));
    return object;
}

static json_t *value_json(struct md_arena *arena, const struct md_value *value, size_t max)
{
    json_t *list;
    size_t i;

    switch (value->type) {
    case MD_TYPE_BOOL: return json_boolean(value->u.b);
    case MD_TYPE_COUNT: return count(value->u.count);
    case MD_TYPE_NUMBER:
    case MD_TYPE_DURATION: return number(value->u.number);
    case MD_TYPE_TEXT: return text(arena, value->u.text);
    case MD_TYPE_TIME:
        return value->u.time == MD_TIME_NONE ? json_null() : json_string(md_time_rfc3339(arena, value->u.time));
    case MD_TYPE_COUNTS: return counts(arena, &value->u.counts, max);
    case MD_TYPE_TEXTS:
        list = json_array();
        for (i = 0; i < value->u.texts.n && i < max; i++)
            append(list, text(arena, value->u.texts.items[i]));
        return list;
    case MD_TYPE_COUNT_OF: break;
    }
    MD_BUG("a value of no type");
}

json_t *md_value_to_json(const struct md_facts *facts, const struct md_value *value)
{
    struct md_arena *arena = md_arena_new();
    json_t *json = value_json(arena, value, MD_VALUE_NAMES_MAX);

    (void)facts;
    md_arena_free(&arena);
    return json;
}

static void put_scope(struct md_arena *arena, json_t *object, const struct md_instance *at)
{
    if (at->parent == NULL)
        return;
    put_scope(arena, object, at->parent);
    put(object, at->scope->name, text(arena, at->name));
}

json_t *md_scope_to_json(const struct md_instance *at)
{
    struct md_arena *arena = md_arena_new();
    json_t *object = json_object();

    if (at->parent != NULL)
        put_scope(arena, object, at);
    else if (at->name.n > 0)
        put(object, at->scope->name, text(arena, at->name));
    md_arena_free(&arena);
    return object;
}

json_t *md_origin_to_json(const struct md_origin *origin)
{
    struct md_arena *arena = md_arena_new();
    struct md_str name = md_str(origin->name);
    json_t *object = json_object();

    switch (origin->kind) {
    case MD_ORIGIN_FILE:
        put(object, "file", text(arena, name));
        if (origin->line > 0)
            put(object, "line", json_integer(origin->line));
        if (origin->count > 1)
            put(object, "count", count(origin->count));
        break;
    case MD_ORIGIN_COMMAND: put(object, "command", text(arena, name)); break;
    case MD_ORIGIN_LISTING: put(object, "listing", text(arena, name)); break;
    case MD_ORIGIN_DNS: put(object, "dns", text(arena, name)); break;
    case MD_ORIGIN_PROCESS: put(object, "process", text(arena, name)); break;
    case MD_ORIGIN_PERSON: put(object, "person", name.n > 0 ? text(arena, name) : json_true()); break;
    }
    md_arena_free(&arena);
    return object;
}

static json_t *bounds_json(const struct md_fact *fact)
{
    json_t *object;

    if (!fact->has_bounds)
        return json_null();
    object = json_object();
    put(object, "low", number(fact->low));
    put(object, "high", number(fact->high));
    return object;
}

/* A time as a facts file gives it: read again, it must be the same. */
static json_t *exact_json(struct md_arena *arena, const struct md_value *value)
{
    if (value->type == MD_TYPE_TIME && value->u.time != MD_TIME_NONE)
        return json_string(md_time_rfc3339_exact(arena, value->u.time));
    return value_json(arena, value, SIZE_MAX);
}

/* What a collection says beyond its names and counts, where that cannot be seen from them. */
static void put_collection(struct md_arena *arena, json_t *object, const struct md_counts *from)
{
    uint64_t sum = 0;
    json_t *errors = NULL, *places = NULL;
    size_t i;

    for (i = 0; i < from->n; i++) {
        sum += from->items[i].count;
        if (from->items[i].origin.name != NULL) {
            if (places == NULL)
                places = json_object();
            put(places, md_display(arena, from->items[i].name), md_origin_to_json(&from->items[i].origin));
        }
        if (from->items[i].error > 0) {
            if (errors == NULL)
                errors = json_object();
            put(errors, md_display(arena, from->items[i].name), count(from->items[i].error));
        }
    }
    if (sum != from->total)
        put(object, "total", count(from->total));
    if (!from->is_exact)
        put(object, "exact", json_false());
    if (errors != NULL)
        put(object, "errors", errors);
    if (places != NULL)
        put(object, "places", places);
}

static json_t *fact_json(struct md_arena *arena, const struct md_fact *fact)
{
    json_t *object = json_object(), *sources = json_array();
    size_t i;

    put(object, "name", json_string(fact->def->name));
    put(object, "value", fact->is_known ? exact_json(arena, &fact->value) : json_null());
    put(object, "unit", fact->def->unit[0] != '\0' ? json_string(fact->def->unit) : json_null());
    put(object, "scope", md_scope_to_json(fact->at));
    put(object, "state", json_string(fact->is_known ? "known" : "unknown"));
    put(object, "why", fact->why != NULL ? text(arena, md_str(fact->why)) : json_null());
    put(object, "bounds", bounds_json(fact));
    if (fact->is_known && fact->def->type == MD_TYPE_COUNTS)
        put_collection(arena, object, &fact->value.u.counts);
    for (i = 0; i < fact->n_origins; i++)
        append(sources, md_origin_to_json(&fact->origins[i]));
    put(object, "sources", sources);
    put(object, "observed_at",
        fact->observed_at == MD_TIME_NONE ? json_null() : json_string(md_time_rfc3339_exact(arena, fact->observed_at)));
    return object;
}

json_t *md_facts_to_json(const struct md_facts *facts)
{
    struct md_arena *arena = md_arena_new();
    json_t *list = json_array();
    struct md_fact_walk walk = {0};
    const struct md_fact *fact;

    while ((fact = md_facts_next(facts, &walk)) != NULL)
        append(list, fact_json(arena, fact));
    md_arena_free(&arena);
    return list;
}
