/*
 * Asking the rules for texts: sentences with {placeholders}, and remedies with their steps.
 */
#include <lauxlib.h>

#include "engine/base/display.h"
#include "engine/eval_priv.h"
#include "engine/vocabulary.h"

#define TEXT_MAX 4000
#define LIST_MAX 60

/* ---- {placeholders} ---- */

static double seconds_before(const struct md_rules *rules, int64_t at)
{
    return ((double)md_facts_now(rules->facts) - (double)at) / 1e6;
}

/* As the type is usually said, or as `how` says. NULL: a collection. */
static const char *value_text(struct md_rules *rules, struct md_arena *arena, const struct md_value *value,
                              struct md_str how)
{
    double x = 0;

    switch (value->type) {
    case MD_TYPE_BOOL: return value->u.b ? "yes" : "no";
    case MD_TYPE_TEXT: return md_display(arena, value->u.text);
    case MD_TYPE_COUNT: x = (double)value->u.count; break;
    case MD_TYPE_NUMBER: x = value->u.number; break;
    case MD_TYPE_DURATION: return md_vocabulary_dur(arena, value->u.number);
    case MD_TYPE_TIME: return md_vocabulary_dur(arena, seconds_before(rules, value->u.time));
    case MD_TYPE_COUNTS:
    case MD_TYPE_TEXTS:
    case MD_TYPE_COUNT_OF: return NULL;
    }
    if (md_str_is(how, "%"))
        return md_vocabulary_pct(arena, x);
    if (md_str_is(how, "duration"))
        return md_vocabulary_dur(arena, x);
    return md_vocabulary_num(arena, x);
}

/* {field}, {field:%}, {name}, and {scope.field} of an enclosing instance. NULL: not known. Other braces stay as they
 * are. */
static const char *placeholder(struct md_rules *rules, struct md_arena *arena, const struct md_instance *at,
                               struct md_str inner)
{
    ptrdiff_t colon = md_str_find_char(inner, ':');
    struct md_str how = colon >= 0 ? md_str_from(inner, (size_t)colon + 1) : md_str("");
    struct md_str field = colon >= 0 ? md_str_sub(inner, 0, (size_t)colon) : inner;
    ptrdiff_t dot = md_str_find_char(field, '.');
    const struct md_fact_def *def;
    const struct md_fact *fact;

    if (dot > 0) {
        struct md_str scope = md_str_sub(field, 0, (size_t)dot);

        for (; at != NULL && !md_str_is(scope, at->scope->name); at = at->parent)
            ;
        field = md_str_from(field, (size_t)dot + 1);
    }
    if (at == NULL)
        return md_arena_printf(arena, "{%.*s}", MD_STR_ARG(inner));
    def = md_catalogue_field(rules->catalogue, at->scope, field);
    if (def == NULL)
        return md_str_is(field, "name") ? md_display(arena, at->name)
                                        : md_arena_printf(arena, "{%.*s}", MD_STR_ARG(inner));
    fact = md_fact_get(rules->facts, at, def);
    return fact != NULL && fact->is_known ? value_text(rules, arena, &fact->value, how) : NULL;
}

static const char *fill_in(struct md_rules *rules, struct md_arena *arena, struct md_str text,
                           const struct md_instance *at)
{
    struct md_arena *scratch = md_reader_scratch(rules->reader);
    size_t n = 0;
    char *out;

    if (md_str_find_char(text, '{') < 0)
        return md_display_max(arena, text, TEXT_MAX);
    out = md_arena_alloc(scratch, TEXT_MAX + 1);
    while (text.n > 0) {
        ptrdiff_t open = md_str_find_char(text, '{'), close = md_str_find_char(text, '}');
        struct md_str plain = open >= 0 && close > open ? md_str_sub(text, 0, (size_t)open) : text;
        const char *value = "";

        if (plain.n < text.n) {
            value = placeholder(rules, scratch, at, md_str_sub(text, (size_t)open + 1, (size_t)(close - open) - 1));
            if (value == NULL)
                return NULL;
            text = md_str_from(text, (size_t)close + 1);
        } else {
            text = md_str_from(text, text.n);
        }
        if (n + plain.n + strlen(value) > TEXT_MAX)
            break;
        if (plain.n > 0)
            memcpy(out + n, plain.p, plain.n);
        memcpy(out + n + plain.n, value, strlen(value));
        n += plain.n + strlen(value);
    }
    return md_display(arena, md_str_n(out, n));
}

const char *md_eval_text(struct md_rules *rules, struct md_arena *arena, struct md_lua_ref ref, struct md_instance *at)
{
    struct question q = {
        .at = at, .id = "of a text", .ref = ref.ref, .wanted = 1u << ANSWER_TEXT | 1u << ANSWER_NOTHING};
    const char *plain;

    if (ref.ref == 0)
        return NULL;
    plain = md_rules_text(rules, ref);
    if (plain != NULL) {
        md_reader_begin(rules->reader);
        return fill_in(rules, arena, md_str(plain), at);
    }
    if (md_eval_ask(rules, &q) != MD_CALL_OK || q.kind != ANSWER_TEXT)
        return NULL;
    return md_display_max(arena, q.text, TEXT_MAX);
}

/* ---- remedies ---- */

struct list_question {
    struct question q; /* first: it is the argument of the run */
    struct md_arena *arena;
    struct md_step *items;
    size_t n;
};

/* The string field `index` of the table at the top, as display text; NULL where there is none. */
static const char *part(lua_State *L, struct md_arena *arena, lua_Integer index)
{
    struct md_str text;
    const char *copy = NULL;

    if (lua_geti(L, -1, index) == LUA_TSTRING) {
        text.p = lua_tolstring(L, -1, &text.n);
        copy = md_display_max(arena, text, TEXT_MAX);
    }
    lua_pop(L, 1);
    return copy;
}

/* A list of strings and of { text, command }; command may be nil. */
static int ask_list(lua_State *L)
{
    struct list_question *list = lua_touserdata(L, 1);
    lua_Integer n, i;

    if (lua_rawgeti(L, LUA_REGISTRYINDEX, list->q.ref) == LUA_TFUNCTION) {
        md_handle_push(L, list->q.at);
        lua_call(L, 1, 1);
    }
    if (lua_isnil(L, -1))
        return 0;
    if (lua_type(L, -1) == LUA_TSTRING) { /* one item needs no list */
        lua_createtable(L, 1, 0);
        lua_insert(L, -2);
        lua_rawseti(L, -2, 1);
    }
    if (lua_type(L, -1) != LUA_TTABLE)
        return luaL_error(L, "it gives a %s, not a list", luaL_typename(L, -1));
    n = luaL_len(L, -1);
    if (n > LIST_MAX)
        return luaL_error(L, "a list of more than %d items", LIST_MAX);
    list->items = md_arena_array(list->arena, (size_t)n, sizeof *list->items);
    for (i = 1; i <= n; i++) {
        struct md_step *step = &list->items[list->n];

        switch (lua_geti(L, -1, i)) {
        case LUA_TSTRING:
            lua_pop(L, 1);
            step->text = part(L, list->arena, i);
            break;
        case LUA_TTABLE:
            step->text = part(L, list->arena, 1);
            step->command = part(L, list->arena, 2);
            lua_pop(L, 1);
            break;
        default: return luaL_error(L, "item %d of the list is a %s", (int)i, luaL_typename(L, -1));
        }
        if (step->text == NULL)
            return luaL_error(L, "item %d of the list has no text", (int)i);
        list->n++;
    }
    return 0;
}

const struct md_step *md_eval_list(struct md_rules *rules, struct md_arena *arena, const char *id, struct md_loc loc,
                                   struct md_lua_ref ref, struct md_instance *at, size_t *ret_n)
{
    struct list_question list = {.q = {.ref = ref.ref, .at = at, .id = id, .loc = loc}, .arena = arena};

    *ret_n = 0;
    if (ref.ref == 0)
        return NULL;
    md_reader_begin(rules->reader);
    if (md_eval_run(rules, &list.q, ask_list) == MD_CALL_OK)
        *ret_n = list.n;
    return list.items;
}

/* The reason why it must not be done now. Where that cannot be told, a warning says so. */
static const char *withheld(struct md_rules *rules, struct md_arena *arena, const struct md_remedy *remedy,
                            struct md_instance *at, const char **ret_warning)
{
    struct question q = {.ref = remedy->withheld.ref,
                         .at = at,
                         .id = remedy->id,
                         .loc = remedy->loc,
                         .wanted = 1u << ANSWER_TEXT | 1u << ANSWER_NOTHING | 1u << ANSWER_TRUTH};
    const struct md_read *missing;

    *ret_warning = NULL;
    if (q.ref == 0)
        return NULL;
    switch (md_eval_ask(rules, &q)) {
    case MD_CALL_OK:
        if (q.kind == ANSWER_TEXT)
            return md_display_max(arena, q.text, TEXT_MAX);
        return q.kind == ANSWER_TRUTH && q.truth ? "it must not be done now" : NULL;
    case MD_CALL_ABANDONED:
        missing = md_reader_missing(rules->reader);
        *ret_warning = md_arena_printf(arena, "Whether it may be done now is not known: %s",
                                       missing != NULL ? missing->def->means : "a fact is missing");
        return NULL;
    case MD_CALL_RULE_ERROR:
    case MD_CALL_BLOCKED:
    case MD_CALL_INSTRUCTIONS:
    case MD_CALL_MEMORY:
    case MD_CALL_TIME: break;
    }
    return "the rule that says whether it may be done now failed (see problems)";
}

void md_eval_remedy(struct md_rules *rules, struct md_arena *arena, const struct md_cure *cure, struct md_instance *at,
                    struct md_advice *ret)
{
    const struct md_remedy *remedy = md_rules_remedy(rules, cure->remedy);
    const struct md_step *list;
    const char **warnings, *warning;
    size_t i, n;

    *ret = (struct md_advice){.remedy = remedy, .fixes = cure->fixes};
    ret->needs = md_eval_text(rules, arena, remedy->needs, at);
    ret->undo = md_eval_text(rules, arena, remedy->undo, at);
    ret->verify = md_eval_text(rules, arena, remedy->verify, at);
    ret->reference = md_eval_text(rules, arena, remedy->reference, at);
    ret->withheld = withheld(rules, arena, remedy, at, &warning);
    ret->steps = md_eval_list(rules, arena, remedy->id, remedy->loc, remedy->steps, at, &ret->n_steps);
    list = md_eval_list(rules, arena, remedy->id, remedy->loc, remedy->warnings, at, &n);
    warnings = md_arena_array(arena, n + 1, sizeof *warnings);
    if (warning != NULL)
        warnings[ret->n_warnings++] = warning;
    for (i = 0; i < n; i++)
        warnings[ret->n_warnings++] = list[i].text;
    ret->warnings = warnings;
}
