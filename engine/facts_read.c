/*
 * The reading half of engine/facts_json: facts from the nodes of a facts file or of a rule case.
 */
#include "engine/facts_json.h"

#include <math.h>

#include "engine/base/time.h"

#define TOO_LARGE 1.8e19

struct reader {
    struct md_facts *facts;
    struct md_arena *arena;
    struct md_diags *diags;
};

static bool read_count(const struct md_node *node, uint64_t *ret)
{
    double x;

    if (md_node_u64(node, ret) == MD_OK)
        return true;
    if (md_node_double(node, &x) != MD_OK || !(x >= 0) || x > TOO_LARGE || x != floor(x))
        return false;
    *ret = (uint64_t)x;
    return true;
}

/* Seconds, or "2h". */
static bool read_seconds(const struct md_node *node, double *ret)
{
    if (md_node_double(node, ret) == MD_OK)
        return true;
    return node->kind == MD_NODE_SCALAR && md_duration_parse(node->text, ret) == MD_OK;
}

/* RFC 3339, or "2h ago" and "in 2h" against the observation. */
static bool read_time(const struct reader *r, const struct md_node *node, int64_t *ret)
{
    int64_t now = md_facts_now(r->facts);
    struct md_str text = node->text;
    double seconds;
    bool is_ahead;

    if (node->kind != MD_NODE_SCALAR)
        return false;
    if (md_time_parse_rfc3339(text, ret, NULL) == MD_OK)
        return true;
    is_ahead = md_str_skip_prefix(&text, MD_LIT("in "));
    if (!is_ahead) {
        if (!md_str_has_suffix(text, MD_LIT(" ago")))
            return false;
        text = md_str_sub(text, 0, text.n - 4);
    }
    if (now == MD_TIME_NONE || md_duration_parse(md_str_trim(text), &seconds) != MD_OK || seconds > 1e10)
        return false;
    *ret = now + (int64_t)(seconds * (is_ahead ? 1e6 : -1e6));
    return true;
}

/* What a facts file says about a collection beside its value. */
struct collection {
    uint64_t total;
    bool is_exact;
    const struct md_node *errors, *places; /* by name, in the order of the names of the value */
};

static bool origin_of(struct md_arena *arena, const struct md_node *node, struct md_origin *ret);

/* The next of a map by name, if it is that of `name`; moves on. */
static const struct md_node *next_of(const struct md_node **next, struct md_str name)
{
    const struct md_node *node = *next;

    if (node == NULL || !md_str_eq(node->key, name))
        return NULL;
    *next = node->next;
    return node;
}

/* A name without an error is exact. */
static bool read_counts(const struct reader *r, const struct md_node *node, const struct collection *more,
                        struct md_count_item **ret_items)
{
    const struct md_node *child, *error, *place, *errors = more->errors != NULL ? more->errors->first : NULL;
    const struct md_node *places = more->places != NULL ? more->places->first : NULL;
    struct md_count_item *items;
    size_t i = 0;

    if (node->kind != MD_NODE_MAP)
        return false;
    items = md_arena_array(r->arena, node->count, sizeof *items);
    for (child = node->first; child != NULL; child = child->next, i++) {
        items[i].name = child->key;
        if (!read_count(child, &items[i].count))
            return false;
        place = next_of(&places, child->key);
        if (place != NULL && !origin_of(r->arena, place, &items[i].origin))
            items[i].origin = (struct md_origin){.name = NULL};
        error = next_of(&errors, child->key);
        if (error == NULL)
            continue;
        if (!read_count(error, &items[i].error))
            return false;
        if (items[i].error > items[i].count)
            items[i].error = items[i].count;
    }
    *ret_items = items;
    return true;
}

static bool read_texts(const struct reader *r, const struct md_node *node, struct md_str **ret_items)
{
    struct md_str *items;
    const struct md_node *child;
    size_t i = 0;

    if (node->kind != MD_NODE_LIST)
        return false;
    items = md_arena_array(r->arena, node->count, sizeof *items);
    for (child = node->first; child != NULL; child = child->next) {
        if (child->kind != MD_NODE_SCALAR)
            return false;
        items[i++] = child->text;
    }
    *ret_items = items;
    return true;
}

/* NULL: the value is of another form. */
static struct md_fact *set(const struct reader *r, struct md_instance *at, const struct md_fact_def *def,
                           const struct md_node *node, const struct collection *more)
{
    struct md_facts *facts = r->facts;
    struct md_count_item *items;
    struct md_str *texts;
    uint64_t count;
    int64_t time;
    double x;
    bool b;

    switch (def->type) {
    case MD_TYPE_BOOL: return md_node_bool(node, &b) == MD_OK ? md_fact_bool(facts, at, def->name, b, NULL) : NULL;
    case MD_TYPE_COUNT: return read_count(node, &count) ? md_fact_count(facts, at, def->name, count, NULL) : NULL;
    case MD_TYPE_NUMBER:
        return md_node_double(node, &x) == MD_OK ? md_fact_number(facts, at, def->name, x, NULL) : NULL;
    case MD_TYPE_DURATION: return read_seconds(node, &x) ? md_fact_duration(facts, at, def->name, x, NULL) : NULL;
    case MD_TYPE_TIME: return read_time(r, node, &time) ? md_fact_time(facts, at, def->name, time, NULL) : NULL;
    case MD_TYPE_TEXT:
        return node->kind == MD_NODE_SCALAR ? md_fact_text(facts, at, def->name, node->text, NULL) : NULL;
    case MD_TYPE_COUNTS:
        if (!read_counts(r, node, more, &items))
            return NULL;
        return md_fact_counts(facts, at, def->name, items, node->count, more->total, more->is_exact, NULL);
    case MD_TYPE_TEXTS:
        return read_texts(r, node, &texts) ? md_fact_texts(facts, at, def->name, texts, node->count, NULL) : NULL;
    case MD_TYPE_COUNT_OF: break;
    }
    MD_BUG("fact %s of no type", def->name);
}

static bool may_have_bounds(const struct md_fact_def *def)
{
    return def->type == MD_TYPE_COUNT || def->type == MD_TYPE_NUMBER || def->type == MD_TYPE_DURATION;
}

/* {low, high}, for the fact that was set. */
static void set_bounds(const struct reader *r, struct md_fact *fact, const struct md_node *node)
{
    double low, high;

    if (node == NULL || node->kind == MD_NODE_NULL)
        return;
    if (!may_have_bounds(fact->def) || md_node_get(node, "low") == NULL || md_node_get(node, "high") == NULL ||
        !read_seconds(md_node_get(node, "low"), &low) || !read_seconds(md_node_get(node, "high"), &high) || low > high)
        md_diags_add(r->diags, MD_ERROR, node->loc, "the bounds of %s are no `low` and `high`", fact->def->name);
    else
        md_fact_bounds(fact, low, high);
}

static void complain_value(const struct reader *r, const struct md_fact_def *def, struct md_loc loc)
{
    md_diags_add(r->diags, MD_ERROR, loc, "the value of %s is no %s", def->name, md_type_name(def->type));
}

/* ---- facts file ---- */

static struct md_instance *instance_of(const struct reader *r, const struct md_fact_def *def,
                                       const struct md_scope_def *scope, const struct md_node *names, struct md_loc loc)
{
    struct md_instance *parent;
    const struct md_node *name;

    name = md_node_get(names, scope->name);
    if (scope->parent == NULL) {
        if (name != NULL && name->kind == MD_NODE_SCALAR && md_facts_root(r->facts)->name.n == 0)
            md_facts_name_root(r->facts, name->text);
        return md_facts_root(r->facts);
    }
    parent = instance_of(r, def, scope->parent, names, loc);
    if (parent == NULL)
        return NULL;
    if (name == NULL || name->kind != MD_NODE_SCALAR) {
        md_diags_add(r->diags, MD_ERROR, loc, "the scope of %s names no %s", def->name, scope->name);
        return NULL;
    }
    return md_facts_instance(r->facts, scope->name, name->text, parent);
}

static bool origin_of(struct md_arena *arena, const struct md_node *node, struct md_origin *ret)
{
    static const struct {
        const char *key;
        enum md_origin_kind kind;
    } kinds[] = {
        {"file", MD_ORIGIN_FILE}, {"command", MD_ORIGIN_COMMAND}, {"listing", MD_ORIGIN_LISTING},
        {"dns", MD_ORIGIN_DNS},   {"process", MD_ORIGIN_PROCESS}, {"person", MD_ORIGIN_PERSON},
    };
    uint64_t line = 0, count = 0;
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct md_node *name = md_node_get(node, kinds[i].key);

        if (name == NULL || name->kind != MD_NODE_SCALAR)
            continue;
        if (md_node_u64(md_node_get(node, "line"), &line) < 0 || line > UINT32_MAX)
            line = 0;
        if (md_node_u64(md_node_get(node, "count"), &count) < 0)
            count = 0;
        /* A person without a name is written as true. */
        *ret = (struct md_origin){kinds[i].kind, name->is_quoted ? md_arena_cstr(arena, name->text) : NULL,
                                  (uint32_t)line, count};
        return true;
    }
    return false;
}

static void add_origins(const struct reader *r, struct md_fact *fact, const struct md_node *list)
{
    const struct md_node *node;
    struct md_origin origin;

    for (node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        if (origin_of(r->arena, node, &origin))
            md_fact_origin(r->facts, fact, &origin);
}

static void read_entry(const struct reader *r, const struct md_node *entry)
{
    struct md_str name = md_node_text(entry, "name"), state = md_node_text(entry, "state");
    const struct md_fact_def *def = md_catalogue_fact(md_facts_catalogue(r->facts), name);
    const struct md_node *value = md_node_get(entry, "value"), *total = md_node_get(entry, "total");
    const struct md_node *exact = md_node_get(entry, "exact");
    struct collection more = {0, true, md_node_get(entry, "errors"), md_node_get(entry, "places")};
    struct md_instance *at;
    struct md_fact *fact;
    int64_t observed_at;

    if (def == NULL) {
        md_diags_add(r->diags, MD_WARNING, entry->loc, "a fact that is not in the catalogue: %.*s", MD_STR_ARG(name));
        return;
    }
    at = instance_of(r, def, def->scope, md_node_get(entry, "scope"), entry->loc);
    if (at == NULL)
        return;
    if (md_str_is(state, "unknown")) {
        fact = md_fact_unknown(r->facts, at, def->name, md_arena_cstr(r->arena, md_node_text(entry, "why")));
    } else {
        if (total != NULL && !read_count(total, &more.total))
            more.total = 0;
        if (exact != NULL && md_node_bool(exact, &more.is_exact) < 0)
            more.is_exact = false;
        fact = value != NULL ? set(r, at, def, value, &more) : NULL;
        if (fact == NULL) {
            complain_value(r, def, value != NULL ? value->loc : entry->loc);
            return;
        }
        set_bounds(r, fact, md_node_get(entry, "bounds"));
    }
    add_origins(r, fact, md_node_get(entry, "sources"));
    if (md_time_parse_rfc3339(md_node_text(entry, "observed_at"), &observed_at, NULL) == MD_OK)
        fact->observed_at = observed_at;
}

enum md_status md_facts_from_list(struct md_facts *facts, const struct md_node *list, struct md_diags *diags)
{
    struct reader r = {facts, md_facts_arena(facts), diags};
    const struct md_node *entry;

    if (list == NULL || list->kind != MD_NODE_LIST) {
        md_diags_add(diags, MD_ERROR, list != NULL ? list->loc : (struct md_loc){0}, "`facts` is no list");
        return MD_BAD_INPUT;
    }
    for (entry = list->first; entry != NULL; entry = entry->next)
        read_entry(&r, entry);
    return MD_OK;
}

/* ---- rule case ---- */

static void read_field(const struct reader *r, struct md_instance *at, const struct md_fact_def *def,
                       const struct md_node *node)
{
    struct md_origin origin = {MD_ORIGIN_FILE, node->loc.file, node->loc.line, 0};
    struct collection more = {0, true, NULL, NULL};
    const struct md_node *value = node, *bounds = NULL;
    struct md_fact *fact;

    if (node->kind == MD_NODE_NULL) {
        md_fact_unknown(r->facts, at, def->name, "given as unknown");
        return;
    }
    if (node->kind == MD_NODE_MAP && may_have_bounds(def)) {
        value = md_node_get(node, "value");
        bounds = node;
    }
    fact = value != NULL ? set(r, at, def, value, &more) : NULL;
    if (fact == NULL) {
        complain_value(r, def, node->loc);
        return;
    }
    set_bounds(r, fact, bounds);
    md_fact_origin(r->facts, fact, &origin);
}

static void read_instances(const struct reader *r, const struct md_scope_def *scope, struct md_instance *parent,
                           const struct md_node *map);

static void read_fields(const struct reader *r, struct md_instance *at, const struct md_node *map)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(r->facts);
    const struct md_node *node;

    if (map->kind == MD_NODE_NULL)
        return;
    if (map->kind != MD_NODE_MAP) {
        md_diags_add(r->diags, MD_ERROR, map->loc, "the facts of a %s are no map", at->scope->name);
        return;
    }
    for (node = map->first; node != NULL; node = node->next) {
        const struct md_fact_def *def = md_catalogue_field(catalogue, at->scope, node->key);
        const struct md_scope_def *below = md_catalogue_scope(catalogue, node->key);

        if (def != NULL)
            read_field(r, at, def, node);
        else if (below != NULL && below->parent == at->scope)
            read_instances(r, below, at, node);
        else
            md_diags_add(r->diags, MD_ERROR, node->loc, "a %s has no fact %.*s", at->scope->name,
                         MD_STR_ARG(node->key));
    }
}

static void read_instances(const struct reader *r, const struct md_scope_def *scope, struct md_instance *parent,
                           const struct md_node *map)
{
    const struct md_node *node;

    if (map->kind != MD_NODE_MAP) {
        if (map->kind != MD_NODE_NULL)
            md_diags_add(r->diags, MD_ERROR, map->loc, "scope %s is no map of instances", scope->name);
        return;
    }
    for (node = map->first; node != NULL; node = node->next)
        read_fields(r, md_facts_instance(r->facts, scope->name, node->key, parent), node);
}

enum md_status md_facts_from_case(struct md_facts *facts, const struct md_node *nested, struct md_diags *diags)
{
    struct reader r = {facts, md_facts_arena(facts), diags};
    struct md_instance *root = md_facts_root(facts);
    const struct md_node *node;

    if (nested == NULL || nested->kind == MD_NODE_NULL)
        return MD_OK;
    if (nested->kind != MD_NODE_MAP) {
        md_diags_add(diags, MD_ERROR, nested->loc, "the facts of a case are no map");
        return MD_BAD_INPUT;
    }
    for (node = nested->first; node != NULL; node = node->next) {
        const struct md_scope_def *scope = md_catalogue_scope(md_facts_catalogue(facts), node->key);

        if (scope != NULL && scope->parent == NULL)
            read_fields(&r, root, node);
        else if (scope != NULL && scope->parent == root->scope)
            read_instances(&r, scope, root, node);
        else
            md_diags_add(diags, MD_ERROR, node->loc, "%.*s is no scope that stands directly below a %s",
                         MD_STR_ARG(node->key), root->scope->name);
    }
    return MD_OK;
}
