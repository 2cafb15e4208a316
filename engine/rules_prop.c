/*
 * What a declaration may say: one row a property. A new property is a new row.
 */
#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>

#include "engine/prop_priv.h"
#include "engine/rules_priv.h"

enum kind {
    PROP_DISPLAY = MD_PROP_OWN, /* a string or a function */
    PROP_NUMBER_OF,             /* a number or a function */
    PROP_LIST,                  /* a list or a function */
    PROP_MINUTES,               /* a number from 0 */
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

#define AT(member) offsetof(struct declaration, member)

static const struct md_prop finding_properties[] = {
    {"scope", PROP_SCOPE, AT(finding.scope), true},     {"group", MD_PROP_TEXT, AT(finding.group), true},
    {"leak", PROP_LEAK, AT(finding.leak), true},        {"where", MD_PROP_FUNCTION, AT(finding.where), false},
    {"test", MD_PROP_FUNCTION, AT(finding.test), true}, {"says", PROP_DISPLAY, AT(finding.says), true},
    {"title", MD_PROP_TEXT, AT(finding.title), false},  {"cites", MD_PROP_TEXT, AT(finding.cites), false},
    {"replaces", MD_PROP_FLAG, AT(replaces), false},
};

static const struct md_prop cause_properties[] = {
    {"title", MD_PROP_TEXT, AT(cause.title), true},
    {"summary", PROP_DISPLAY, AT(cause.summary), true},
    {"scope", PROP_SCOPE, AT(cause.scope), true},
    {"where", MD_PROP_FUNCTION, AT(cause.where), false},
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
    {"benign", MD_PROP_FLAG, AT(cause.is_benign), false},
    {"cites", MD_PROP_TEXT, AT(cause.cites), false},
    {"replaces", MD_PROP_FLAG, AT(replaces), false},
};

static const struct md_prop remedy_properties[] = {
    {"title", MD_PROP_TEXT, AT(remedy.title), true},
    {"steps", PROP_LIST, AT(remedy.steps), true},
    {"needs", PROP_DISPLAY, AT(remedy.needs), false},
    {"risk", PROP_RISK, AT(remedy.risk), true},
    {"restart", MD_PROP_TEXT, AT(remedy.restart), false},
    {"undo", PROP_DISPLAY, AT(remedy.undo), false},
    {"verify", PROP_DISPLAY, AT(remedy.verify), false},
    {"reference", PROP_DISPLAY, AT(remedy.reference), false},
    {"warnings", PROP_LIST, AT(remedy.warnings), false},
    {"withheld", MD_PROP_FUNCTION, AT(remedy.withheld), false},
    {"minutes", PROP_MINUTES, AT(remedy.minutes), false},
    {"risk_minutes", PROP_MINUTES, AT(remedy.risk_minutes), false},
    {"cites", MD_PROP_TEXT, AT(remedy.cites), false},
    {"replaces", MD_PROP_FLAG, AT(replaces), false},
};

static const struct {
    const char *name;
    const struct md_prop *list;
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

static struct md_rules *rules_of(const struct md_prop_reading *r)
{
    return r->user;
}

static struct declaration *declaration_of(const struct md_prop_reading *r)
{
    return r->of;
}

static void add_name(const struct md_prop_reading *r, struct named_list *list, struct md_str id, double strength)
{
    struct named_strength *item =
        md_arena_push(rules_of(r)->arena, &list->items, &list->n, &list->capacity, sizeof *item);

    *item = (struct named_strength){md_arena_cstr(rules_of(r)->arena, id), strength, list->n - 1};
}

static int by_id(const void *a, const void *b)
{
    const struct named_strength *x = a, *y = b;

    return strcmp(x->id, y->id);
}

/* { [id] = word }: Lua gives it in an order of its own. */
bool md_rules_read_strengths(const struct md_prop_reading *r)
{
    struct named_list *list = r->target;
    lua_State *L = r->L;
    bool is_right = true;
    double strength;
    size_t i;

    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !md_rules_frequency(md_prop_string(L, -1), &strength))
            is_right = false;
        else
            add_name(r, list, md_prop_string(L, -2), strength);
    }
    if (!is_right)
        return md_prop_complain(r, "is a table of [\"id\"] = rarely, sometimes, often, usually or nearly always");
    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, by_id);
    for (i = 0; i < list->n; i++)
        list->items[i].rank = i;
    return true;
}

static bool read_cures(const struct md_prop_reading *r)
{
    lua_State *L = r->L;
    lua_Integer n = luaL_len(L, -1), i;

    if (n == 0)
        return md_rules_read_strengths(r);
    for (i = 1; i <= n; i++) {
        struct md_str id;
        double strength;
        bool is_right;

        if (lua_geti(L, -1, i) != LUA_TTABLE)
            return md_prop_complain(r, "is a list of { \"id\", \"often\" }");
        lua_geti(L, -1, 1);
        lua_geti(L, -2, 2);
        id = md_prop_string(L, -2);
        is_right = id.n > 0 && md_rules_frequency(md_prop_string(L, -1), &strength);
        if (is_right)
            add_name(r, r->target, id, strength);
        lua_pop(L, 3);
        if (!is_right)
            return md_prop_complain(
                r, "is a list of { \"id\", word }: rarely, sometimes, often, usually or nearly always");
    }
    return true;
}

static bool read_ids(const struct md_prop_reading *r)
{
    lua_State *L = r->L;
    lua_Integer n = luaL_len(L, -1), i;

    for (i = 1; i <= n; i++) {
        if (lua_geti(L, -1, i) != LUA_TSTRING)
            return md_prop_complain(r, "is a list of ids");
        add_name(r, r->target, md_prop_string(L, -1), 0);
        lua_pop(L, 1);
    }
    return true;
}

/* Pairs in the order of the scopes in the catalogue, then NULL. */
static bool read_about(const struct md_prop_reading *r)
{
    const struct md_catalogue *catalogue = rules_of(r)->catalogue;
    const char **list = md_arena_array(rules_of(r)->arena, 2 * md_catalogue_scope_count(catalogue) + 1, sizeof *list);
    lua_State *L = r->L;
    size_t n = 0, found = 0, i;

    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
        n++;
    for (i = 0; i < md_catalogue_scope_count(catalogue); i++) {
        const char *name = md_catalogue_scope_at(catalogue, i)->name;

        if (lua_getfield(L, -1, name) == LUA_TSTRING) {
            list[2 * found] = name;
            list[2 * found + 1] = md_arena_cstr(rules_of(r)->arena, md_prop_string(L, -1));
            found++;
        }
        lua_pop(L, 1);
    }
    if (found != n)
        return md_prop_complain(r, "is a table of scopes and names of instances");
    *(const char *const **)r->target = list;
    return true;
}

static bool read_probability(const struct md_prop_reading *r, const struct word *words, size_t n, const char *otherwise)
{
    double *target = r->target;

    if (lua_type(r->L, -1) == LUA_TNUMBER && otherwise == NULL) {
        *target = lua_tonumber(r->L, -1);
        return (*target > 0 && *target < 1) || md_prop_complain(r, "is a probability between 0 and 1");
    }
    return number_for(words, n, md_prop_string(r->L, -1), target) ||
           md_prop_complain(r, otherwise != NULL ? otherwise
                                                 : "is none of rarely, sometimes, often, usually, nearly always");
}

bool md_rules_read_frequency(const struct md_prop_reading *r)
{
    return read_probability(r, frequencies, sizeof frequencies / sizeof *frequencies, NULL);
}

static bool read_risk(const struct md_prop_reading *r)
{
    size_t i;

    for (i = 0; i < sizeof risks / sizeof *risks; i++) {
        if (md_str_is(md_prop_string(r->L, -1), risks[i])) {
            *(const char **)r->target = risks[i];
            return true;
        }
    }
    return md_prop_complain(r, "is none of low, medium, high");
}

static bool read_urgency(const struct md_prop_reading *r)
{
    struct md_cause *cause = &declaration_of(r)->cause;

    if (lua_isfunction(r->L, -1)) {
        md_prop_keep(r);
        return true;
    }
    /* A plain one is the usual one, and there is nothing to ask. */
    if (!md_urgency_parse(md_prop_string(r->L, -1), &cause->usual_urgency))
        return md_prop_complain(r, "is none of normal, watch, act and no function");
    declaration_of(r)->has_usual_urgency = true;
    return true;
}

bool md_rules_read_scope(const struct md_prop_reading *r)
{
    const struct md_scope_def *scope = md_catalogue_scope(rules_of(r)->catalogue, md_prop_string(r->L, -1));

    if (scope == NULL)
        return md_prop_complain(r, "is no scope of the catalogue");
    *(const struct md_scope_def **)r->target = scope;
    return true;
}

bool md_rules_read_minutes(const struct md_prop_reading *r)
{
    double x = lua_tonumber(r->L, -1);

    if (lua_type(r->L, -1) != LUA_TNUMBER || !(x >= 0) || x > 1e6)
        return md_prop_complain(r, "is a number of minutes");
    *(double *)r->target = x;
    return true;
}

/* The value is at the top of the stack and stays there. */
static bool read_property(const struct md_prop_reading *r)
{
    lua_State *L = r->L;
    int type = lua_type(L, -1);

    switch ((enum kind)r->prop->kind) {
    case PROP_DISPLAY:
        if (type != LUA_TSTRING && type != LUA_TFUNCTION)
            return md_prop_complain(r, "is a string or a function");
        md_prop_keep(r);
        return true;
    case PROP_NUMBER_OF:
        if (type != LUA_TNUMBER && type != LUA_TFUNCTION)
            return md_prop_complain(r, "is a number or a function");
        md_prop_keep(r);
        return true;
    case PROP_LIST:
        if (type != LUA_TTABLE && type != LUA_TFUNCTION)
            return md_prop_complain(r, "is a list or a function");
        md_prop_keep(r);
        return true;
    case PROP_MINUTES: return md_rules_read_minutes(r);
    case PROP_SCOPE: return md_rules_read_scope(r);
    case PROP_LEAK: return md_rules_read_frequency(r);
    case PROP_PRIOR:
        return read_probability(r, priors, sizeof priors / sizeof *priors,
                                "is none of common, plausible, uncommon, rare, very rare");
    case PROP_URGENCY: return read_urgency(r);
    case PROP_USUAL:
        declaration_of(r)->has_usual_urgency = true;
        return md_urgency_parse(md_prop_string(L, -1), r->target) ||
               md_prop_complain(r, "is none of normal, watch, act");
    case PROP_RISK: return read_risk(r);
    case PROP_STRENGTHS: return type == LUA_TTABLE ? md_rules_read_strengths(r) : md_prop_complain(r, "is a table");
    case PROP_CURES: return type == LUA_TTABLE ? read_cures(r) : md_prop_complain(r, "is a table");
    case PROP_IDS: return type == LUA_TTABLE ? read_ids(r) : md_prop_complain(r, "is a table");
    case PROP_ABOUT: return type == LUA_TTABLE ? read_about(r) : md_prop_complain(r, "is a table");
    }
    MD_BUG("property %s of no kind", r->prop->name);
}

/* ---- a declaration ---- */

bool md_rules_read_declaration(lua_State *L, struct md_rules *rules, struct declaration *declaration)
{
    const struct md_prop_reader reader = {
        .word = kinds[declaration->kind].name,
        .list = kinds[declaration->kind].list,
        .n = kinds[declaration->kind].n,
        .read = read_property,
    };
    struct md_prop_reading reading = {.L = L,
                                      .arena = rules->arena,
                                      .diags = rules->load_diags,
                                      .reader = &reader,
                                      .id = declaration->id,
                                      .loc = declaration->loc,
                                      .of = declaration,
                                      .user = rules};

    return md_prop_read_all(&reading);
}
