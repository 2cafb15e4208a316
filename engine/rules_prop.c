/*
 * What a declaration may say: one row a property. A new property is a new row.
 */
#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>

#include "engine/rules_priv.h"

#define UNKNOWN_MAX 8

enum kind {
    PROP_TEXT,      /* a string */
    PROP_DISPLAY,   /* a string or a function */
    PROP_FUNCTION,  /* a function */
    PROP_NUMBER_OF, /* a number or a function */
    PROP_LIST,      /* a list or a function */
    PROP_FLAG,
    PROP_MINUTES, /* a number from 0 */
    PROP_SCOPE,
    PROP_LEAK, /* a word of frequency or a number */
    PROP_PRIOR,
    PROP_URGENCY, /* a word, or a function of words */
    PROP_USUAL,
    PROP_RISK,
    PROP_STRENGTHS, /* { [id] = word } */
    PROP_CURES,     /* { { id, word }, ... } or { [id] = word } */
    PROP_IDS,       /* { id, ... } */
    PROP_ABOUT,     /* { scope = name } */
};

struct property {
    const char *name;
    enum kind kind;
    size_t offset; /* in struct declaration */
    bool is_needed;
};

#define AT(member) offsetof(struct declaration, member)

static const struct property finding_properties[] = {
    {"scope", PROP_SCOPE, AT(finding.scope), true},  {"group", PROP_TEXT, AT(finding.group), true},
    {"leak", PROP_LEAK, AT(finding.leak), true},     {"where", PROP_FUNCTION, AT(finding.where), false},
    {"test", PROP_FUNCTION, AT(finding.test), true}, {"says", PROP_DISPLAY, AT(finding.says), true},
    {"title", PROP_TEXT, AT(finding.title), false},  {"cites", PROP_TEXT, AT(finding.cites), false},
    {"replaces", PROP_FLAG, AT(replaces), false},
};

static const struct property cause_properties[] = {
    {"title", PROP_TEXT, AT(cause.title), true},
    {"summary", PROP_DISPLAY, AT(cause.summary), true},
    {"scope", PROP_SCOPE, AT(cause.scope), true},
    {"where", PROP_FUNCTION, AT(cause.where), false},
    {"prior", PROP_PRIOR, AT(cause.prior), true},
    {"links", PROP_STRENGTHS, AT(links), true},
    {"never", PROP_IDS, AT(never), false},
    {"brings", PROP_STRENGTHS, AT(brings), false},
    {"urgency", PROP_URGENCY, AT(cause.urgency), true},
    {"usual_urgency", PROP_USUAL, AT(cause.usual_urgency), false},
    {"if_nothing", PROP_DISPLAY, AT(cause.if_nothing), false},
    {"remedies", PROP_CURES, AT(cures), false},
    {"about", PROP_ABOUT, AT(cause.about), false},
    {"merge", PROP_DISPLAY, AT(cause.merge), false},
    {"since", PROP_NUMBER_OF, AT(cause.since), false},
    {"messages", PROP_NUMBER_OF, AT(cause.messages), false},
    {"mailboxes", PROP_NUMBER_OF, AT(cause.mailboxes), false},
    {"benign", PROP_FLAG, AT(cause.is_benign), false},
    {"cites", PROP_TEXT, AT(cause.cites), false},
    {"replaces", PROP_FLAG, AT(replaces), false},
};

static const struct property remedy_properties[] = {
    {"title", PROP_TEXT, AT(remedy.title), true},
    {"steps", PROP_LIST, AT(remedy.steps), true},
    {"needs", PROP_DISPLAY, AT(remedy.needs), false},
    {"risk", PROP_RISK, AT(remedy.risk), true},
    {"restart", PROP_TEXT, AT(remedy.restart), false},
    {"undo", PROP_DISPLAY, AT(remedy.undo), false},
    {"verify", PROP_DISPLAY, AT(remedy.verify), false},
    {"reference", PROP_DISPLAY, AT(remedy.reference), false},
    {"warnings", PROP_LIST, AT(remedy.warnings), false},
    {"withheld", PROP_FUNCTION, AT(remedy.withheld), false},
    {"minutes", PROP_MINUTES, AT(remedy.minutes), false},
    {"risk_minutes", PROP_MINUTES, AT(remedy.risk_minutes), false},
    {"cites", PROP_TEXT, AT(remedy.cites), false},
    {"replaces", PROP_FLAG, AT(replaces), false},
};

static const struct {
    const char *name;
    const struct property *list;
    size_t n;
} kinds[DECLARED_COUNT] = {
    [DECLARED_FINDING] = {"finding", finding_properties, sizeof finding_properties / sizeof *finding_properties},
    [DECLARED_CAUSE] = {"cause", cause_properties, sizeof cause_properties / sizeof *cause_properties},
    [DECLARED_REMEDY] = {"remedy", remedy_properties, sizeof remedy_properties / sizeof *remedy_properties},
};

struct word {
    const char *word;
    double number;
};

static const struct word frequencies[] = {
    {"rarely", .05}, {"sometimes", .25}, {"often", .6}, {"usually", .85}, {"nearly always", .97},
};
static const struct word priors[] = {
    {"common", .18}, {"plausible", .05}, {"uncommon", .01}, {"rare", .003}, {"very rare", .001},
};
static const char *const risks[] = {"low", "medium", "high"};

static bool number_for(const struct word *words, size_t n, struct md_str word, double *ret)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (md_str_is(word, words[i].word)) {
            *ret = words[i].number;
            return true;
        }
    }
    return false;
}

bool md_rules_frequency(struct md_str word, double *ret)
{
    return number_for(frequencies, sizeof frequencies / sizeof *frequencies, word, ret);
}

/* ---- one property ---- */

struct reading {
    lua_State *L;
    struct md_rules *rules;
    struct declaration *declaration;
    const struct property *property;
    void *target;
};

static bool complain(const struct reading *r, const char *what)
{
    const struct declaration *d = r->declaration;

    md_diags_add(r->rules->load_diags, MD_ERROR, d->loc, "%s %s: %s %s", kinds[d->kind].name, d->id, r->property->name,
                 what);
    return false;
}

/* The string at the top of the stack; empty where there is none. */
static struct md_str text_at(lua_State *L, int index)
{
    struct md_str text = {"", 0};

    if (lua_type(L, index) == LUA_TSTRING)
        text.p = lua_tolstring(L, index, &text.n);
    return text;
}

static void keep(const struct reading *r)
{
    lua_pushvalue(r->L, -1);
    ((struct md_lua_ref *)r->target)->ref = luaL_ref(r->L, LUA_REGISTRYINDEX);
}

static void add_name(const struct reading *r, struct named_list *list, struct md_str id, double strength)
{
    struct named_strength *item = md_arena_push(r->rules->arena, &list->items, &list->n, &list->capacity, sizeof *item);

    *item = (struct named_strength){md_arena_cstr(r->rules->arena, id), strength, list->n - 1};
}

static int by_id(const void *a, const void *b)
{
    const struct named_strength *x = a, *y = b;

    return strcmp(x->id, y->id);
}

/* { [id] = word }: Lua gives it in an order of its own. */
static bool read_strengths(const struct reading *r)
{
    struct named_list *list = r->target;
    lua_State *L = r->L;
    bool is_right = true;
    double strength;
    size_t i;

    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !md_rules_frequency(text_at(L, -1), &strength))
            is_right = false;
        else
            add_name(r, list, text_at(L, -2), strength);
    }
    if (!is_right)
        return complain(r, "is a table of [\"id\"] = rarely, sometimes, often, usually or nearly always");
    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, by_id);
    for (i = 0; i < list->n; i++)
        list->items[i].rank = i;
    return true;
}

static bool read_cures(const struct reading *r)
{
    lua_State *L = r->L;
    lua_Integer n = luaL_len(L, -1), i;

    if (n == 0)
        return read_strengths(r);
    for (i = 1; i <= n; i++) {
        struct md_str id;
        double strength;
        bool is_right;

        if (lua_geti(L, -1, i) != LUA_TTABLE)
            return complain(r, "is a list of { \"id\", \"often\" }");
        lua_geti(L, -1, 1);
        lua_geti(L, -2, 2);
        id = text_at(L, -2);
        is_right = id.n > 0 && md_rules_frequency(text_at(L, -1), &strength);
        if (is_right)
            add_name(r, r->target, id, strength);
        lua_pop(L, 3);
        if (!is_right)
            return complain(r, "is a list of { \"id\", word }: rarely, sometimes, often, usually or nearly always");
    }
    return true;
}

static bool read_ids(const struct reading *r)
{
    lua_State *L = r->L;
    lua_Integer n = luaL_len(L, -1), i;

    for (i = 1; i <= n; i++) {
        if (lua_geti(L, -1, i) != LUA_TSTRING)
            return complain(r, "is a list of ids");
        add_name(r, r->target, text_at(L, -1), 0);
        lua_pop(L, 1);
    }
    return true;
}

/* Pairs in the order of the scopes in the catalogue, then NULL. */
static bool read_about(const struct reading *r)
{
    const struct md_catalogue *catalogue = r->rules->catalogue;
    const char **list = md_arena_array(r->rules->arena, 2 * md_catalogue_scope_count(catalogue) + 1, sizeof *list);
    lua_State *L = r->L;
    size_t n = 0, found = 0, i;

    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
        n++;
    for (i = 0; i < md_catalogue_scope_count(catalogue); i++) {
        const char *name = md_catalogue_scope_at(catalogue, i)->name;

        if (lua_getfield(L, -1, name) == LUA_TSTRING) {
            list[2 * found] = name;
            list[2 * found + 1] = md_arena_cstr(r->rules->arena, text_at(L, -1));
            found++;
        }
        lua_pop(L, 1);
    }
    if (found != n)
        return complain(r, "is a table of scopes and names of instances");
    *(const char *const **)r->target = list;
    return true;
}

static bool read_probability(const struct reading *r, const struct word *words, size_t n, const char *otherwise)
{
    double *target = r->target;

    if (lua_type(r->L, -1) == LUA_TNUMBER && otherwise == NULL) {
        *target = lua_tonumber(r->L, -1);
        return (*target > 0 && *target < 1) || complain(r, "is a probability between 0 and 1");
    }
    return number_for(words, n, text_at(r->L, -1), target) ||
           complain(r, otherwise != NULL ? otherwise : "is none of rarely, sometimes, often, usually, nearly always");
}

static bool read_risk(const struct reading *r)
{
    size_t i;

    for (i = 0; i < sizeof risks / sizeof *risks; i++) {
        if (md_str_is(text_at(r->L, -1), risks[i])) {
            *(const char **)r->target = risks[i];
            return true;
        }
    }
    return complain(r, "is none of low, medium, high");
}

static bool read_urgency(const struct reading *r)
{
    struct md_cause *cause = &r->declaration->cause;

    if (lua_isfunction(r->L, -1)) {
        keep(r);
        return true;
    }
    /* A plain one is the usual one, and there is nothing to ask. */
    if (!md_urgency_parse(text_at(r->L, -1), &cause->usual_urgency))
        return complain(r, "is none of normal, watch, act and no function");
    r->declaration->has_usual_urgency = true;
    return true;
}

static bool read_scope(const struct reading *r)
{
    const struct md_scope_def *scope = md_catalogue_scope(r->rules->catalogue, text_at(r->L, -1));

    if (scope == NULL)
        return complain(r, "is no scope of the catalogue");
    *(const struct md_scope_def **)r->target = scope;
    return true;
}

static bool read_minutes(const struct reading *r)
{
    double x = lua_tonumber(r->L, -1);

    if (lua_type(r->L, -1) != LUA_TNUMBER || !(x >= 0) || x > 1e6)
        return complain(r, "is a number of minutes");
    *(double *)r->target = x;
    return true;
}

/* The value is at the top of the stack and stays there. */
static bool read_property(const struct reading *r)
{
    lua_State *L = r->L;
    int type = lua_type(L, -1);

    switch (r->property->kind) {
    case PROP_TEXT:
        if (type != LUA_TSTRING)
            return complain(r, "is a string");
        *(const char **)r->target = md_arena_cstr(r->rules->arena, text_at(L, -1));
        return true;
    case PROP_DISPLAY:
        if (type != LUA_TSTRING && type != LUA_TFUNCTION)
            return complain(r, "is a string or a function");
        keep(r);
        return true;
    case PROP_FUNCTION:
        if (type != LUA_TFUNCTION)
            return complain(r, "is a function");
        keep(r);
        return true;
    case PROP_NUMBER_OF:
        if (type != LUA_TNUMBER && type != LUA_TFUNCTION)
            return complain(r, "is a number or a function");
        keep(r);
        return true;
    case PROP_LIST:
        if (type != LUA_TTABLE && type != LUA_TFUNCTION)
            return complain(r, "is a list or a function");
        keep(r);
        return true;
    case PROP_FLAG:
        if (type != LUA_TBOOLEAN)
            return complain(r, "is true or false");
        *(bool *)r->target = lua_toboolean(L, -1) != 0;
        return true;
    case PROP_MINUTES: return read_minutes(r);
    case PROP_SCOPE: return read_scope(r);
    case PROP_LEAK: return read_probability(r, frequencies, sizeof frequencies / sizeof *frequencies, NULL);
    case PROP_PRIOR:
        return read_probability(r, priors, sizeof priors / sizeof *priors,
                                "is none of common, plausible, uncommon, rare, very rare");
    case PROP_URGENCY: return read_urgency(r);
    case PROP_USUAL:
        r->declaration->has_usual_urgency = true;
        return md_urgency_parse(text_at(L, -1), r->target) || complain(r, "is none of normal, watch, act");
    case PROP_RISK: return read_risk(r);
    case PROP_STRENGTHS: return type == LUA_TTABLE ? read_strengths(r) : complain(r, "is a table");
    case PROP_CURES: return type == LUA_TTABLE ? read_cures(r) : complain(r, "is a table");
    case PROP_IDS: return type == LUA_TTABLE ? read_ids(r) : complain(r, "is a table");
    case PROP_ABOUT: return type == LUA_TTABLE ? read_about(r) : complain(r, "is a table");
    }
    MD_BUG("property %s of no kind", r->property->name);
}

/* ---- a declaration ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names that no row has, in a fixed order. */
static bool check_names(const struct reading *r)
{
    const char *unknown[UNKNOWN_MAX];
    const struct declaration *d = r->declaration;
    lua_State *L = r->L;
    size_t n = 0, i;

    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
        struct md_str name = text_at(L, -2);

        for (i = 0; i < kinds[d->kind].n && !md_str_is(name, kinds[d->kind].list[i].name); i++)
            ;
        if (i == kinds[d->kind].n && n < UNKNOWN_MAX)
            unknown[n++] = name.n > 0 ? md_arena_cstr(r->rules->arena, name) : "(a value without a name)";
    }
    qsort(unknown, n, sizeof *unknown, by_text);
    for (i = 0; i < n; i++)
        md_diags_add(r->rules->load_diags, MD_ERROR, d->loc, "%s %s has no property %s", kinds[d->kind].name, d->id,
                     unknown[i]);
    return n == 0;
}

bool md_rules_read_declaration(lua_State *L, struct md_rules *rules, struct declaration *declaration)
{
    struct reading r = {L, rules, declaration, NULL, NULL};
    bool is_right = check_names(&r);
    size_t i;

    for (i = 0; i < kinds[declaration->kind].n; i++) {
        r.property = &kinds[declaration->kind].list[i];
        r.target = (char *)declaration + r.property->offset;
        lua_settop(L, 1);
        if (lua_getfield(L, 1, r.property->name) == LUA_TNIL) {
            if (r.property->is_needed)
                is_right = complain(&r, "is missing");
        } else if (!read_property(&r)) {
            is_right = false;
        }
    }
    lua_settop(L, 1);
    return is_right;
}
