#include "cli/wizard/session.h"

#include <string.h>

#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/choice.h"
#include "engine/facts_json.h"

uint64_t md_session_next(const struct md_session *session)
{
    const struct md_case_events *events = &session->events;
    return events->n == 0 ? 1 : events->list[events->n - 1].n + 1;
}

const struct md_event *md_session_add(struct md_session *session, json_t *event)
{
    struct md_case_events *events = &session->events;
    json_object_set_new(event, "n", json_integer((json_int_t)md_session_next(session)));
    struct md_str line = md_event_write(session->arena, event);
    struct md_event read;
    if (md_event_read(session->arena, "case", (uint32_t)events->n + 1, line, session->diags, &read) != MD_OK) {
        MD_BUG("an event that cannot be read again");
    }
    if (session->file != NULL) {
        enum md_status status = md_case_file_append(session->file, line);
        (void)status; /* said there; the session goes on in memory */
    }
    struct md_event *own = md_arena_push(session->arena, &events->list, &events->n, &events->capacity, sizeof(*own));
    *own = read;
    return own;
}

const char *md_session_base(const struct md_session *session)
{
    struct md_str base = session->events.n == 0 ? md_str("") : md_node_text(session->events.list[0].node, "base");
    return md_str_is(base, "live") ? "live" : md_str_is(base, "path") ? "path" : "none";
}

struct md_str md_session_base_path(const struct md_session *session)
{
    return session->events.n == 0 ? md_str("") : md_node_text(session->events.list[0].node, "path");
}

/* ---- what counts ---- */

struct build {
    const struct md_session *session;
    struct md_state *state;
    struct md_diags *diags;
    const struct md_event **all; /* that are not undone */
    size_t n_all;
};

static bool is_undone(const struct md_session *session, uint64_t n)
{
    for (size_t i = 0; i < session->events.n; i++) {
        if (session->events.list[i].kind == MD_EVENT_UNDONE && session->events.list[i].of == n) {
            return true;
        }
    }
    return false;
}

const struct md_product *md_session_product(const struct md_session *session)
{
    const struct md_product *said = NULL, *seen = NULL;
    if (session->events.n > 0) {
        said = md_product_find(md_node_text(md_node_get(session->events.list[0].node, "options"), "product"));
    }
    for (size_t i = 0; i < session->events.n; i++) {
        const struct md_event *event = &session->events.list[i];
        if (event->kind == MD_EVENT_FACTS) {
            seen = md_product_find(md_node_text(md_node_get(event->node, "source"), "product"));
        } else if (event->kind == MD_EVENT_PRODUCT && !is_undone(session, event->n)) {
            said = md_product_find(md_str(event->id));
        }
    }
    return said != NULL ? said : seen;
}

static void list_events(struct build *b, const struct md_event *extra, size_t n_extra)
{
    const struct md_case_events *events = &b->session->events;
    b->all = md_arena_array(b->state->arena, events->n + n_extra + 1, sizeof(*b->all));
    for (size_t i = 0; i < events->n; i++) {
        if (!md_event_is_step(events->list[i].kind) || !is_undone(b->session, events->list[i].n)) {
            b->all[b->n_all++] = &events->list[i];
        }
    }
    for (size_t i = 0; i < n_extra; i++) {
        b->all[b->n_all++] = &extra[i];
    }
}

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The fact that an inquiry of a fact is about, or NULL. */
static const struct md_fact_def *fact_of(const struct build *b, const char *inquiry)
{
    struct md_str rest = md_str(inquiry), name;
    if (inquiry == NULL || !md_str_skip_prefix(&rest, MD_LIT("fact:")) || !md_str_split(&rest, '@', &name)) {
        return NULL;
    }
    return md_catalogue_fact(md_rules_catalogue(b->session->rules), name);
}

static const struct md_look *look_of(const struct build *b, const char *inquiry)
{
    struct md_str rest = md_str(inquiry);
    return inquiry == NULL || !md_str_skip_prefix(&rest, MD_LIT("look:"))
               ? NULL
               : md_wizard_find_look(b->session->wizard, rest);
}

/* Whether the answer to an inquiry may give the fact. What was given unasked may give anything. */
static bool gives(const struct build *b, const struct md_event *event, const struct md_fact_def *def)
{
    const struct md_look *look = look_of(b, event->inquiry);
    const struct md_fact_def *fact = fact_of(b, event->inquiry);
    if (look != NULL) {
        return md_look_gives(look, def);
    }
    return fact != NULL ? fact == def : event->kind == MD_EVENT_INPUT;
}

static const struct md_fact_def *def_of(const struct build *b, const struct md_node *entry)
{
    return md_catalogue_fact(md_rules_catalogue(b->session->rules), md_node_text(entry, "name"));
}

/* A remedy that was tried after the event made something of what it gives stale. */
static bool is_stale(const struct build *b, const struct md_event *event)
{
    for (size_t i = 0; i < b->n_all; i++) {
        const struct md_event *tried = b->all[i];
        const struct md_node *stale = tried->kind == MD_EVENT_TRIED ? md_node_get(tried->node, "stale") : NULL;
        for (const struct md_node *entry = stale != NULL && tried->n > event->n ? stale->first : NULL; entry != NULL;
             entry = entry->next) {
            const struct md_fact_def *def = def_of(b, entry);
            if (def != NULL && gives(b, event, def)) {
                return true;
            }
        }
    }
    return false;
}

/* Another input to the same inquiry came later; what was given unasked adds up. */
static bool is_replaced(const struct build *b, const struct md_event *input)
{
    for (size_t i = 0; input->inquiry != NULL && i < b->n_all; i++) {
        if (b->all[i]->kind == MD_EVENT_INPUT && b->all[i]->n > input->n &&
            is_same(b->all[i]->inquiry, input->inquiry)) {
            return true;
        }
    }
    return false;
}

static void sort_out(struct build *b)
{
    struct md_state *state = b->state;
    const struct md_event **steps = md_arena_array(state->arena, b->n_all + 1, sizeof(*steps));
    const char **closed = md_arena_array(state->arena, b->n_all + 1, sizeof(*closed));
    uint64_t *inputs = md_arena_array(state->arena, b->n_all + 1, sizeof(*inputs));
    for (size_t i = 0; i < b->n_all; i++) {
        const struct md_event *event = b->all[i];
        bool is_open = (event->kind == MD_EVENT_INPUT || event->kind == MD_EVENT_ANSWER) && is_stale(b, event);
        if (md_event_is_step(event->kind)) {
            steps[state->n_steps++] = event;
        }
        if (event->kind == MD_EVENT_SYMPTOM) {
            closed[state->n_closed++] = "symptom";
        } else if (md_event_is_step(event->kind) && event->inquiry != NULL && !is_open) {
            closed[state->n_closed++] = event->inquiry;
        }
        bool is_input = event->kind == MD_EVENT_INPUT && !is_open && !is_replaced(b, event);
        if (is_input || event->kind == MD_EVENT_AGAIN) {
            inputs[state->n_inputs++] = event->n;
        }
        if (event->kind == MD_EVENT_TRIED && is_same(event->result, "worked")) {
            state->worked = event;
        } else if (md_event_is_step(event->kind)) {
            state->worked = NULL; /* it went on */
        }
    }
    const struct md_case_events *events = &b->session->events;
    const struct md_event *last = events->n > 0 ? &events->list[events->n - 1] : NULL;
    state->end = last != NULL && last->kind == MD_EVENT_END ? last : NULL;
    state->steps = steps;
    state->closed = closed;
    state->inputs = inputs;
}

/* ---- what was measured ---- */

static bool is_of(const struct md_event *event, const struct md_state *state)
{
    const struct md_node *of = md_node_get(event->node, "of");
    if (of == NULL || of->kind != MD_NODE_LIST || of->count != state->n_inputs) {
        return false;
    }
    size_t i = 0;
    for (const struct md_node *one = of->first; one != NULL; one = one->next, i++) {
        uint64_t n;
        if (md_node_u64(one, &n) != MD_OK || n != state->inputs[i]) {
            return false;
        }
    }
    return true;
}

static enum md_probe_status probe_status(struct md_str name)
{
    return md_str_is(name, "ok")        ? MD_PROBE_OK
           : md_str_is(name, "skipped") ? MD_PROBE_SKIPPED
           : md_str_is(name, "failed")  ? MD_PROBE_FAILED
                                        : MD_PROBE_PARTIAL;
}

static void read_notes(struct md_state *state, const struct md_node *probes)
{
    for (const struct md_node *one = probes != NULL ? probes->first : NULL; one != NULL; one = one->next) {
        const struct md_node *why = md_node_get(one, "why");
        struct md_probe_note note = {.name = md_arena_cstr(state->arena, md_node_text(one, "name")),
                                     .cost = md_arena_cstr(state->arena, md_node_text(one, "cost")),
                                     .why =
                                         why == NULL || !why->is_quoted ? NULL : md_arena_cstr(state->arena, why->text),
                                     .status = probe_status(md_node_text(one, "status"))};
        if (md_node_u64(md_node_get(one, "ms"), &note.ms) != MD_OK) {
            note.ms = 0;
        }
        md_facts_note_probe(state->facts, &note);
    }
}

static void read_measured(struct build *b)
{
    struct md_state *state = b->state;
    for (size_t i = 0; i < b->n_all; i++) {
        if (b->all[i]->kind == MD_EVENT_FACTS && is_of(b->all[i], state)) {
            state->seen = b->all[i];
        }
    }
    const char *base = md_session_base(b->session);
    state->wants_facts = state->seen == NULL && (state->n_inputs > 0 || strcmp(base, "none") != 0);
    int64_t now = b->session->events.n > 0 ? b->session->events.list[0].at : MD_TIME_NONE;
    if (b->session->events.n > 0 &&
        md_time_parse_rfc3339(md_node_text(b->session->events.list[0].node, "now"), &now, NULL) != MD_OK) {
        now = b->session->events.list[0].at;
    }
    if (state->seen == NULL) {
        md_facts_set_now(state->facts, now);
        return;
    }
    const struct md_node *source = md_node_get(state->seen->node, "source");
    if (md_time_parse_rfc3339(md_node_text(source, "observed_at"), &now, NULL) != MD_OK) {
        now = MD_TIME_NONE;
    }
    md_facts_set_now(state->facts, now);
    if (md_facts_from_list(state->facts, md_node_get(state->seen->node, "facts"), b->diags) != MD_OK) {
        state->wants_facts = true;
    }
    read_notes(state, md_node_get(state->seen->node, "probes"));
}

struct md_instance *md_session_instance(struct md_facts *facts, const struct md_scope_def *scope,
                                        const struct md_node *names)
{
    if (scope->parent == NULL) {
        return md_facts_root(facts);
    }
    struct md_instance *parent = md_session_instance(facts, scope->parent, names);
    const struct md_node *name = md_node_get(names, scope->name);
    if (parent == NULL || name == NULL || name->kind != MD_NODE_SCALAR) {
        return NULL;
    }
    return md_facts_instance(facts, scope->name, name->text, parent);
}

/* Something that gives the fact came after the remedy. */
static bool is_fresh(const struct build *b, const struct md_event *tried, const struct md_fact_def *def)
{
    for (size_t i = 0; i < b->n_all; i++) {
        const struct md_event *event = b->all[i];
        if (event->n > tried->n &&
            (event->kind == MD_EVENT_AGAIN ||
             ((event->kind == MD_EVENT_INPUT || event->kind == MD_EVENT_ANSWER) && gives(b, event, def)))) {
            return true;
        }
    }
    return false;
}

static void forget_stale(struct build *b, const struct md_event *tried)
{
    const struct md_node *stale = md_node_get(tried->node, "stale");
    struct md_facts *facts = b->state->facts;
    for (const struct md_node *entry = stale != NULL ? stale->first : NULL; entry != NULL; entry = entry->next) {
        const struct md_fact_def *def = def_of(b, entry);
        struct md_instance *at =
            def == NULL ? NULL : md_session_instance(facts, def->scope, md_node_get(entry, "scope"));
        const struct md_fact *fact = at == NULL ? NULL : md_fact_get(facts, at, def);
        if (fact != NULL && fact->is_known && !is_fresh(b, tried, def)) {
            md_fact_replace(facts, at, def->name);
            (void)md_fact_unknown(facts, at, def->name,
                                  md_arena_printf(b->state->arena, "measured before %s was done",
                                                  md_display(b->state->arena, md_str(tried->id))));
        }
    }
}

/* ---- what was told ---- */

static bool is_equal(const struct md_value *a, const struct md_value *b)
{
    switch (a->type) {
    case MD_TYPE_BOOL: return a->u.b == b->u.b;
    case MD_TYPE_COUNT: return a->u.count == b->u.count;
    case MD_TYPE_NUMBER:
    case MD_TYPE_DURATION: return !(a->u.number < b->u.number) && !(a->u.number > b->u.number);
    case MD_TYPE_TIME: return a->u.time == b->u.time;
    case MD_TYPE_TEXT: return md_str_eq(a->u.text, b->u.text);
    case MD_TYPE_COUNTS:
    case MD_TYPE_TEXTS:
    case MD_TYPE_COUNT_OF: break;
    }
    return true; /* lists are too fine to quarrel about */
}

static void tell(struct build *b, const struct md_event *step)
{
    struct md_state *state = b->state;
    const struct md_node *list = md_node_get(step->node, "facts");
    const struct md_node *entry = list != NULL && list->kind == MD_NODE_LIST ? list->first : NULL;
    const struct md_fact_def *def = entry == NULL ? NULL : def_of(b, entry);
    struct md_instance *at =
        def == NULL ? NULL : md_session_instance(state->facts, def->scope, md_node_get(entry, "scope"));
    if (at == NULL) {
        return; /* a fact that these rules do not know */
    }
    const struct md_fact *before = md_fact_get(state->facts, at, def);
    struct md_facts *alone = md_facts_new(state->arena, md_facts_catalogue(state->facts));
    md_facts_set_now(alone, md_facts_now(state->facts));
    if (step->insists) {
        md_fact_replace(state->facts, at, def->name);
    } else if (before != NULL && before->is_known && md_facts_from_list(alone, list, b->diags) == MD_OK) {
        const struct md_fact *told =
            md_fact_get(alone, md_session_instance(alone, def->scope, md_node_get(entry, "scope")), def);
        int64_t now = md_facts_now(state->facts);
        size_t outcome = told == NULL || !told->is_known ? SIZE_MAX : md_choice_of(def, &told->value, now);
        if (told != NULL && told->is_known && !is_equal(&told->value, &before->value) &&
            (outcome == SIZE_MAX || outcome != md_choice_of(def, &before->value, now))) {
            struct md_contradiction *list_end =
                (struct md_contradiction *)&state->contradictions[state->n_contradictions++];
            *list_end = (struct md_contradiction){
                .step = step,
                .read = before,
                .told = md_display(state->arena, step->id != NULL ? md_str(step->id) : step->text)};
        }
    }
    if (md_facts_from_list(state->facts, list, b->diags) != MD_OK) {
        return; /* said */
    }
}

/* The instance that a symptom names: the one of that name, else one that is made, where only one place is possible for it. */
static struct md_instance *symptom_instance(struct md_state *state, const struct md_symptom *symptom, const char *name)
{
    struct md_instance *parent = NULL;
    size_t parents = 0;
    if (symptom->scope == NULL || name == NULL || name[0] == '\0') {
        return NULL;
    }
    for (size_t i = 0; i < md_facts_instance_count(state->facts); i++) {
        struct md_instance *at = md_facts_instance_at(state->facts, i);
        if (at->scope == symptom->scope && md_str_is_nocase(at->name, name)) {
            return at;
        }
        if (at->scope == symptom->scope->parent) {
            parent = at;
            parents++;
        }
    }
    return parents == 1 ? md_facts_instance(state->facts, symptom->scope->name, md_str(name), parent) : NULL;
}

static void read_told(struct build *b)
{
    struct md_state *state = b->state;
    struct md_tried *tried = md_arena_array(state->arena, b->n_all + 1, sizeof(*tried));
    state->contradictions = md_arena_array(state->arena, b->n_all + 1, sizeof(*state->contradictions));
    for (size_t i = 0; i < b->n_all; i++) {
        const struct md_event *event = b->all[i];
        if (event->kind == MD_EVENT_ANSWER) {
            tell(b, event);
        } else if (event->kind == MD_EVENT_TRIED) {
            forget_stale(b, event);
        }
        const struct md_remedy *remedy = event->kind == MD_EVENT_TRIED && is_same(event->result, "failed")
                                             ? md_rules_find_remedy(b->session->rules, md_str(event->id))
                                             : NULL;
        if (remedy != NULL) {
            const struct md_node *scope = md_node_get(event->node, "scope");
            const struct md_node *name = md_node_get(event->node, "scope_name");
            const struct md_scope_def *def =
                name == NULL ? NULL : md_catalogue_scope(md_rules_catalogue(b->session->rules), name->text);
            tried[state->n_tried++] = (struct md_tried){
                .remedy = remedy, .at = def == NULL ? NULL : md_session_instance(state->facts, def, scope)};
        }
    }
    state->tried = tried;
    for (size_t i = 0; i < b->n_all; i++) {
        if (b->all[i]->kind == MD_EVENT_SYMPTOM) {
            state->symptom = md_wizard_find_symptom(b->session->wizard, md_str(b->all[i]->id));
            state->symptom_at =
                state->symptom == NULL ? NULL : symptom_instance(state, state->symptom, b->all[i]->name);
        }
    }
}

void md_session_build(const struct md_session *session, const struct md_event *extra, size_t n_extra,
                      struct md_arena *arena, struct md_diags *diags, struct md_state *ret)
{
    *ret = (struct md_state){.arena = arena, .facts = md_facts_new(arena, md_rules_catalogue(session->rules))};
    struct build b = {.session = session, .state = ret, .diags = diags};
    list_events(&b, extra, n_extra);
    sort_out(&b);
    read_measured(&b);
    read_told(&b);
}

/* ---- told facts as events keep them ---- */

static void set(struct md_facts *facts, struct md_instance *at, const struct md_fact_def *def,
                const struct md_value *value)
{
    const struct md_origin person = {.kind = MD_ORIGIN_PERSON};
    switch (value->type) {
    case MD_TYPE_BOOL: (void)md_fact_bool(facts, at, def->name, value->u.b, &person); break;
    case MD_TYPE_COUNT: (void)md_fact_count(facts, at, def->name, value->u.count, &person); break;
    case MD_TYPE_NUMBER: (void)md_fact_number(facts, at, def->name, value->u.number, &person); break;
    case MD_TYPE_DURATION: (void)md_fact_duration(facts, at, def->name, value->u.number, &person); break;
    case MD_TYPE_TIME: (void)md_fact_time(facts, at, def->name, value->u.time, &person); break;
    case MD_TYPE_TEXT: (void)md_fact_text(facts, at, def->name, value->u.text, &person); break;
    case MD_TYPE_COUNTS:
        (void)md_fact_counts(facts, at, def->name, value->u.counts.items, value->u.counts.n, value->u.counts.total,
                             value->u.counts.is_exact, &person);
        break;
    case MD_TYPE_TEXTS:
        (void)md_fact_texts(facts, at, def->name, value->u.texts.items, value->u.texts.n, &person);
        break;
    case MD_TYPE_COUNT_OF: break;
    }
}

/* The same instance in another store; what has no name is called so. */
static struct md_instance *same_instance(struct md_facts *facts, const struct md_instance *at)
{
    if (at->parent == NULL) {
        return md_facts_root(facts);
    }
    struct md_str name = md_str_is_empty(at->name) ? md_str(MD_SESSION_NOT_NAMED) : at->name;
    return md_facts_instance(facts, at->scope->name, name, same_instance(facts, at->parent));
}

json_t *md_session_told(struct md_session *session, const struct md_fact_def *def, const struct md_instance *at,
                        const struct md_value *value)
{
    struct md_arena *arena = md_arena_new();
    struct md_facts *facts = md_facts_new(arena, md_rules_catalogue(session->rules));
    set(facts, same_instance(facts, at), def, value);
    json_t *list = md_facts_to_json(facts);
    md_arena_free(&arena);
    return list;
}
