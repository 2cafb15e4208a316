#include <stdlib.h>

#include "engine/check_priv.h"

/* ---- one check ---- */

static const struct md_node *collection_of(const struct check_run *run, const struct check *check)
{
    const struct md_node *nodes = md_node_get(run->tree, check->pub.over);

    return nodes != NULL && (nodes->kind == MD_NODE_LIST || nodes->kind == MD_NODE_MAP) ? nodes : NULL;
}

static bool is_over_all(const struct check *check)
{
    return strcmp(check->pub.over, "config") == 0;
}

/* Calls the function at index 2 of the stack for a node, with the tree at index 3. */
static void call_for(lua_State *L, struct check_run *run, const struct md_node *node)
{
    run->at = node;
    lua_pushvalue(L, 2);
    md_checks_push_node(L, node);
    lua_pushvalue(L, 3);
    lua_call(L, 2, 0);
}

static int run_nodes(lua_State *L)
{
    struct check_run *run = lua_touserdata(L, 1);
    const struct md_node *node;

    lua_rawgeti(L, LUA_REGISTRYINDEX, run->check->test.ref);
    md_checks_push_node(L, run->tree);
    if (run->nodes == NULL) {
        call_for(L, run, run->tree);
        return 0;
    }
    for (node = run->nodes->first; node != NULL; node = node->next)
        call_for(L, run, node);
    return 0;
}

static void run_check(struct md_checks *checks, struct check_run *run, const struct check *check)
{
    size_t before = run->n_found;
    struct md_loc loc;

    run->nodes = is_over_all(check) ? NULL : collection_of(run, check);
    if (run->nodes == NULL && !is_over_all(check))
        return;
    run->check = check;
    run->n_of_check = 0;
    if (md_sandbox_run(checks->sandbox, &run->budget, run_nodes, run) != MD_CALL_OK) {
        loc = md_sandbox_place(checks->sandbox);
        if (loc.file == NULL)
            loc = check->pub.loc;
        else
            loc.file = md_arena_cstr(run->arena, md_str(loc.file));
        md_diags_add(run->diags, MD_ERROR, loc, "check %s is left out: %s", check->pub.id,
                     md_sandbox_says(checks->sandbox));
        run->n_found = before;
    } else if (run->n_of_check > MD_CHECK_FINDINGS_MAX) {
        md_diags_add(run->diags, MD_WARNING, check->pub.loc,
                     "check %s found %zu places; those behind the first %d are left out", check->pub.id,
                     run->n_of_check, MD_CHECK_FINDINGS_MAX);
    }
    if (md_arena_used(checks->scratch) > 0)
        md_arena_clear(checks->scratch);
}

/* ---- which checks ---- */

static bool is_of_version(const struct md_node *tree, const struct md_check *check)
{
    int order;

    return check->since == NULL || !md_checks_compare_version(tree, md_str(check->since), &order) || order >= 0;
}

static bool was_all_read(const struct md_node *read, const struct md_check *check)
{
    size_t i;
    bool is_read;

    for (i = 0; i < check->n_needs; i++)
        if (md_node_bool(md_node_get(read, check->needs[i]), &is_read) != MD_OK || !is_read)
            return false;
    return true;
}

/* ---- what was found ---- */

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    int order = compare_sizes(x->rank, y->rank);

    if (order == 0)
        order = strcmp(x->pub.loc.file != NULL ? x->pub.loc.file : "", y->pub.loc.file != NULL ? y->pub.loc.file : "");
    if (order == 0)
        order = compare_sizes(x->pub.loc.line, y->pub.loc.line);
    if (order == 0)
        order = compare_sizes(x->pub.loc.column, y->pub.loc.column);
    if (order == 0)
        order = strcmp(x->pub.check->id, y->pub.check->id);
    if (order == 0)
        order = strcmp(x->pub.message, y->pub.message);
    return order != 0 ? order : compare_sizes(x->sequence, y->sequence);
}

static void set_rank(struct md_map *ranks, struct md_str name, size_t *rank)
{
    if (name.n > 0 && md_map_find(ranks, 0, name) == NULL)
        md_map_set(ranks, 0, name, rank);
}

/* The place of each file in the tree's list of them; others come behind, by name. */
static void rank_files(struct check_run *run)
{
    struct md_map *ranks = md_map_new(run->arena);
    const struct md_node *files = md_node_get(run->tree, "file"), *file;
    size_t n = files != NULL ? files->count : 0, next = 0, i;
    size_t *rank_of = md_arena_array(run->arena, n + 1, sizeof *rank_of);

    for (file = files != NULL ? files->first : NULL; file != NULL && next < n; file = file->next) {
        rank_of[next] = next;
        set_rank(ranks, md_str(file->loc.file), &rank_of[next]);
        set_rank(ranks, md_node_text(file, "name"), &rank_of[next]);
        next++;
    }
    for (i = 0; i < run->n_found; i++) {
        const size_t *rank = md_map_find(ranks, 0, md_str(run->found[i].pub.loc.file));

        run->found[i].rank = rank != NULL ? *rank : n;
    }
}

static bool is_same_line(const struct found *a, const struct found *b)
{
    return a->rank == b->rank && a->pub.loc.line == b->pub.loc.line &&
           md_str_eq(md_str(a->pub.loc.file), md_str(b->pub.loc.file));
}

/* For each check those that hide it. */
struct hiding {
    size_t hider;
    size_t next; /* index + 1 of the next one, 0: none */
};

struct hidings {
    struct hiding *all;
    size_t n, capacity;
    size_t *first;   /* by check: index + 1 */
    size_t *line_of; /* by check: the group of findings where it last found something */
};

static bool hides(const struct md_check *check, const char *id)
{
    size_t i;

    for (i = 0; i < check->n_hides; i++)
        if (strcmp(check->hides[i], id) == 0)
            return true;
    return false;
}

static void collect_hidings(const struct md_checks *checks, struct md_arena *arena, struct hidings *ret)
{
    size_t i, j;

    *ret = (struct hidings){.first = md_arena_array(arena, checks->n, sizeof *ret->first),
                            .line_of = md_arena_array(arena, checks->n, sizeof *ret->line_of)};
    for (i = 0; i < checks->n; i++) {
        const struct md_check *check = &checks->items[i]->pub;

        for (j = 0; j < check->n_hides; j++) {
            const struct md_check *other = md_checks_find(checks, md_str(check->hides[j]));
            struct hiding *entry;

            /* Of two that hide each other the first stays. */
            if (other == NULL || other == check || (hides(other, check->id) && other->index < i))
                continue;
            entry = md_arena_push(arena, &ret->all, &ret->n, &ret->capacity, sizeof *entry);
            *entry = (struct hiding){i, ret->first[other->index]};
            ret->first[other->index] = ret->n;
        }
    }
}

/* Findings [from, to) are those of one line. */
static void drop_hidden(struct found *found, size_t from, size_t to, const struct hidings *hidings)
{
    size_t i, at;

    for (i = from; i < to; i++)
        hidings->line_of[found[i].pub.check->index] = from + 1;
    for (i = from; i < to && hidings->all != NULL; i++)
        for (at = hidings->first[found[i].pub.check->index]; at > 0; at = hidings->all[at - 1].next)
            if (hidings->line_of[hidings->all[at - 1].hider] == from + 1)
                found[i].is_dropped = true;
}

static bool is_repeated(const struct found *a, const struct found *b)
{
    return a->pub.check == b->pub.check && a->pub.loc.column == b->pub.loc.column && is_same_line(a, b) &&
           strcmp(a->pub.message, b->pub.message) == 0;
}

/* Where there are too many, the worst are kept. */
static void drop_beyond_limit(struct check_run *run)
{
    size_t n[MD_CHECK_ERROR + 1] = {0}, room = MD_CHECK_FINDINGS_ALL, all = 0, i;
    int severity;

    for (i = 0; i < run->n_found; i++)
        if (!run->found[i].is_dropped)
            n[run->found[i].pub.severity]++;
    for (severity = MD_CHECK_ERROR; severity >= MD_CHECK_INFO; severity--) {
        all += n[severity];
        n[severity] = n[severity] < room ? n[severity] : room;
        room -= n[severity];
    }
    if (all <= MD_CHECK_FINDINGS_ALL)
        return;
    md_diags_add(run->diags, MD_WARNING, (struct md_loc){0}, "%zu findings; only the %d worst are shown", all,
                 MD_CHECK_FINDINGS_ALL);
    for (i = 0; i < run->n_found; i++) {
        if (run->found[i].is_dropped)
            continue;
        if (n[run->found[i].pub.severity] == 0)
            run->found[i].is_dropped = true;
        else
            n[run->found[i].pub.severity]--;
    }
}

static void settle(const struct md_checks *checks, struct check_run *run, struct md_check_result *ret)
{
    struct hidings hidings;
    struct md_check_found *list;
    size_t from, to, i;

    if (run->n_found == 0)
        return;
    rank_files(run);
    qsort(run->found, run->n_found, sizeof *run->found, by_place);
    collect_hidings(checks, run->arena, &hidings);
    for (from = 0; from < run->n_found; from = to) {
        for (to = from + 1; to < run->n_found && is_same_line(&run->found[from], &run->found[to]); to++)
            if (is_repeated(&run->found[to - 1], &run->found[to]))
                run->found[to].is_dropped = true;
        drop_hidden(run->found, from, to, &hidings);
    }
    drop_beyond_limit(run);
    list = md_arena_array(run->arena, run->n_found, sizeof *list);
    for (i = 0; i < run->n_found; i++)
        if (!run->found[i].is_dropped)
            list[ret->n++] = run->found[i].pub;
    ret->found = list;
}

/* ---- all checks ---- */

static int forget_nodes(lua_State *L)
{
    md_checks_forget_nodes(L, lua_touserdata(L, 1));
    return 0;
}

/* What a check may use grows with the tree, so that one that looks at each node once stays far within it. */
static struct md_budget budget_for(const struct md_node *tree)
{
    struct md_budget budget = md_budget_check;
    const struct md_node *child;

    for (child = tree->first; child != NULL; child = child->next) {
        budget.bytes += child->count * MD_CHECK_NODE_BYTES;
        budget.instructions += child->count * MD_CHECK_NODE_INSTRUCTIONS;
    }
    return budget;
}

/* Handles of another run are good no more, and may be collected. */
static void begin_tree(struct md_checks *checks, struct check_run *run)
{
    checks->run = run;
    if (md_sandbox_run(checks->sandbox, &md_budget_call, forget_nodes, checks) != MD_CALL_OK)
        MD_BUG("a table of nodes: %s", md_sandbox_says(checks->sandbox));
}

void md_checks_run(struct md_checks *checks, struct md_arena *arena, const struct md_node *tree, const char *product,
                   struct md_diags *diags, struct md_check_result *ret)
{
    struct check_run run = {.arena = arena, .tree = tree, .diags = diags, .budget = budget_for(tree)};
    const struct md_check **skipped = md_arena_array(arena, checks->n, sizeof *skipped);
    size_t i;

    *ret = (struct md_check_result){.skipped = skipped};
    begin_tree(checks, &run);
    for (i = 0; i < checks->n; i++) {
        const struct check *check = checks->items[i];

        if ((product != NULL && !md_str_is(check->product, product)) || !is_of_version(tree, &check->pub))
            continue;
        if (was_all_read(md_node_get(tree, "read"), &check->pub))
            run_check(checks, &run, check);
        else
            skipped[ret->n_skipped++] = &check->pub;
    }
    begin_tree(checks, NULL);
    settle(checks, &run, ret);
}
