/*
 * Asking the rules about an instance: findings, where, urgency, numbers, texts. Remedies are in engine/eval_text.
 */
#include <lauxlib.h>

#include "engine/base/display.h"
#include "engine/eval_priv.h"

#define WHY_EMPTY "there is nothing to take a share of"
#define WHY_CLOSE "too close to call: the facts it rests on are not exact"
#define WHY_FAILED "its rule failed (see problems)"
#define WHY_NEVER "not observed"
#define WHY_NOTHING "nothing of it was observed"

static int ask(lua_State *L)
{
    struct question *q = lua_touserdata(L, 1);
    int type = lua_rawgeti(L, LUA_REGISTRYINDEX, q->ref);

    if (type == LUA_TFUNCTION) {
        md_handle_push(L, q->at);
        lua_call(L, 1, 1);
        type = lua_type(L, -1);
    }
    q->kind = ANSWER_NOTHING;
    switch (type) {
    case LUA_TBOOLEAN:
        q->kind = ANSWER_TRUTH;
        q->truth = lua_toboolean(L, -1) != 0;
        break;
    case LUA_TNUMBER:
        q->kind = ANSWER_NUMBER;
        q->number = lua_tonumber(L, -1);
        break;
    case LUA_TSTRING:
        q->kind = ANSWER_TEXT;
        q->text.p = lua_tolstring(L, -1, &q->text.n);
        q->text = md_arena_str(md_reader_scratch(md_reader_of(L)), q->text);
        break;
    case LUA_TNIL: break;
    default: return luaL_error(L, "it gives a %s", luaL_typename(L, -1));
    }
    if ((q->wanted & 1u << q->kind) == 0)
        return luaL_error(L, "it gives %s", q->kind == ANSWER_NOTHING ? "nothing" : luaL_typename(L, -1));
    return 0;
}

static void complain(struct md_rules *rules, const struct question *q)
{
    struct md_loc loc = md_sandbox_place(rules->sandbox);

    if (loc.file == NULL)
        loc = q->loc;
    md_diags_add(rules->diags, MD_ERROR, loc, "the rule %s failed: %s", q->id, md_sandbox_says(rules->sandbox));
}

enum md_call md_eval_run(struct md_rules *rules, struct question *q, lua_CFunction function)
{
    enum md_call call;

    if (rules->facts == NULL)
        MD_BUG("rules are asked that are bound to no facts");
    call = md_sandbox_run(rules->sandbox, &md_budget_call, function, q);
    if (call != MD_CALL_OK && call != MD_CALL_ABANDONED)
        complain(rules, q);
    return call;
}

enum md_call md_eval_ask(struct md_rules *rules, struct question *q)
{
    md_reader_begin(rules->reader);
    return md_eval_run(rules, q, ask);
}

/* Of a predicate. `why` of unknown: a static text or one of the facts. */
static enum md_truth truth_of(struct md_rules *rules, struct question *q, const char **ret_why)
{
    enum md_call call = md_eval_ask(rules, q);
    const struct md_read *missing;
    bool truth = q->truth;
    unsigned passes, i;

    if (call == MD_CALL_ABANDONED) {
        missing = md_reader_missing(rules->reader);
        if (missing == NULL || missing->fact == NULL)
            *ret_why = WHY_NEVER;
        else
            *ret_why = missing->fact->is_known ? WHY_EMPTY : missing->fact->why;
        return MD_UNKNOWN;
    }
    if (call != MD_CALL_OK) {
        *ret_why = WHY_FAILED;
        return MD_UNKNOWN;
    }
    /* What was inexact is asked for again at both ends. */
    passes = md_reader_passes(rules->reader);
    for (i = 1; i <= passes; i++) {
        md_reader_set_pass(rules->reader, i);
        if (md_eval_run(rules, q, ask) != MD_CALL_OK || q->truth != truth) {
            *ret_why = WHY_CLOSE;
            return MD_UNKNOWN;
        }
    }
    return truth ? MD_PRESENT : MD_ABSENT;
}

static void copy_reads(struct md_rules *rules, struct md_arena *arena, struct md_observation *ret)
{
    const struct md_read *reads = md_reader_reads(rules->reader, &ret->n_reads);
    const struct md_read *missing = md_reader_missing(rules->reader);
    struct md_read *copy = md_arena_array(arena, ret->n_reads + 1, sizeof *copy);

    if (ret->n_reads > 0)
        memcpy(copy, reads, ret->n_reads * sizeof *copy);
    ret->reads = copy;
    if (ret->truth == MD_UNKNOWN && missing != NULL) {
        copy[ret->n_reads] = *missing;
        ret->missing = &copy[ret->n_reads];
    }
}

void md_eval_finding(struct md_rules *rules, struct md_arena *arena, const struct md_finding *finding,
                     struct md_instance *at, struct md_observation *ret)
{
    struct question q = {.at = at, .id = finding->id, .loc = finding->loc, .wanted = 1u << ANSWER_TRUTH};

    *ret = (struct md_observation){.finding = finding, .at = at, .truth = MD_UNKNOWN};
    if (finding->where.ref != 0) {
        enum md_truth where;

        q.ref = finding->where.ref;
        where = truth_of(rules, &q, &ret->why);
        if (where == MD_ABSENT)
            return;
        if (where == MD_UNKNOWN) {
            copy_reads(rules, arena, ret);
            return;
        }
    }
    q.ref = finding->test.ref;
    ret->truth = truth_of(rules, &q, &ret->why);
    copy_reads(rules, arena, ret);
    /* "None of them does" says nothing where there are none. */
    if (ret->truth == MD_ABSENT && md_reader_saw_nothing(rules->reader)) {
        ret->truth = MD_UNKNOWN;
        ret->why = WHY_NOTHING;
    }
}

enum md_truth md_eval_where(struct md_rules *rules, const struct md_cause *cause, struct md_instance *at)
{
    struct question q = {
        .at = at, .id = cause->id, .loc = cause->loc, .wanted = 1u << ANSWER_TRUTH, .ref = cause->where.ref};
    const char *why;

    return cause->where.ref == 0 ? MD_PRESENT : truth_of(rules, &q, &why);
}

enum md_urgency md_eval_urgency(struct md_rules *rules, const struct md_cause *cause, struct md_instance *at)
{
    struct question q = {
        .at = at, .id = cause->id, .loc = cause->loc, .wanted = 1u << ANSWER_TEXT, .ref = cause->urgency.ref};
    enum md_urgency urgency;

    if (q.ref == 0 || md_eval_ask(rules, &q) != MD_CALL_OK)
        return cause->usual_urgency;
    if (md_urgency_parse(q.text, &urgency))
        return urgency;
    md_diags_add(rules->diags, MD_ERROR, cause->loc, "the urgency of %s is none of normal, watch, act: %.*s", cause->id,
                 (int)(q.text.n < 40 ? q.text.n : 40), q.text.p);
    return cause->usual_urgency;
}

bool md_eval_number(struct md_rules *rules, struct md_lua_ref ref, struct md_instance *at, double *ret)
{
    struct question q = {
        .at = at, .id = "of a number", .ref = ref.ref, .wanted = 1u << ANSWER_NUMBER | 1u << ANSWER_NOTHING};

    if (ref.ref == 0 || md_eval_ask(rules, &q) != MD_CALL_OK || q.kind != ANSWER_NUMBER)
        return false;
    *ret = q.number;
    return true;
}
