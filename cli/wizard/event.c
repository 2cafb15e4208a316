#include "cli/wizard/event.h"

#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/base/utf8.h"

static const struct {
    const char *name;
    bool is_step;
} kinds[MD_EVENT_KIND_COUNT] = {
#define MD_EVENT(id, name, is_step) [MD_EVENT_##id] = {(name), (is_step)},
#include "cli/wizard/event.def"
#undef MD_EVENT
};

const char *md_event_kind_name(enum md_event_kind kind)
{
    return kinds[kind].name;
}

bool md_event_is_step(enum md_event_kind kind)
{
    return kinds[kind].is_step;
}

static enum md_event_kind kind_of(struct md_str name)
{
    enum md_event_kind kind = 0;
    while (kind < MD_EVENT_KIND_COUNT && !md_str_is(name, kinds[kind].name)) {
        kind++;
    }
    return kind;
}

/* NULL: there is none. */
static const char *text_of(struct md_arena *arena, const struct md_node *node, const char *key)
{
    const struct md_node *child = md_node_get(node, key);
    return child == NULL || child->kind != MD_NODE_SCALAR || !child->is_quoted ? NULL
                                                                               : md_arena_cstr(arena, child->text);
}

static bool bool_of(const struct md_node *node, const char *key)
{
    bool value = false;
    return md_node_bool(md_node_get(node, key), &value) == MD_OK && value;
}

/* What an event of this kind cannot do without; NULL: nothing is missing. */
static const char *missing_in(const struct md_event *event)
{
    switch (event->kind) {
    case MD_EVENT_PRODUCT:
    case MD_EVENT_SYMPTOM: return event->id == NULL ? "id" : NULL;
    case MD_EVENT_INPUT: return event->name == NULL ? "name" : NULL;
    case MD_EVENT_ANSWER:
    case MD_EVENT_UNKNOWN:
    case MD_EVENT_SKIP: return event->inquiry == NULL ? "inquiry" : NULL;
    case MD_EVENT_TRIED: return event->id == NULL ? "id" : event->result == NULL ? "result" : NULL;
    case MD_EVENT_UNDONE: return event->of == 0 ? "of" : NULL;
    case MD_EVENT_START:
    case MD_EVENT_FACTS:
    case MD_EVENT_AGAIN:
    case MD_EVENT_ASKED:
    case MD_EVENT_RANKING:
    case MD_EVENT_END:
    case MD_EVENT_KIND_COUNT: break;
    }
    return NULL;
}

enum md_status md_event_read(struct md_arena *arena, const char *file, uint32_t line, struct md_str text,
                             struct md_diags *diags, struct md_event *ret)
{
    const struct md_loc loc = {.file = file, .line = line};
    const struct md_node *node = NULL;
    struct md_diags *own = md_diags_new(arena);
    if (md_json_read(arena, file, text, own, &node) != MD_OK || node->kind != MD_NODE_MAP) {
        md_diags_add(diags, MD_ERROR, loc, "this line is no JSON object");
        return MD_BAD_INPUT;
    }
    *ret = (struct md_event){.kind = kind_of(md_node_text(node, "event")),
                             .at = MD_TIME_NONE,
                             .inquiry = text_of(arena, node, "inquiry"),
                             .id = text_of(arena, node, "id"),
                             .name = text_of(arena, node, "name"),
                             .text = md_node_text(node, "text"),
                             .path = text_of(arena, node, "path"),
                             .insists = bool_of(node, "insists"),
                             .runs = bool_of(node, "runs"),
                             .result = text_of(arena, node, "result"),
                             .node = node};
    if (ret->kind == MD_EVENT_KIND_COUNT || md_node_u64(md_node_get(node, "n"), &ret->n) != MD_OK || ret->n == 0) {
        md_diags_add(diags, MD_ERROR, loc, "this line is no event of a case");
        return MD_BAD_INPUT;
    }
    if (md_node_u64(md_node_get(node, "of"), &ret->of) != MD_OK) {
        ret->of = 0;
    }
    if (md_time_parse_rfc3339(md_node_text(node, "at"), &ret->at, NULL) != MD_OK) {
        ret->at = MD_TIME_NONE;
    }
    const char *missing = missing_in(ret);
    if (missing != NULL) {
        md_diags_add(diags, MD_ERROR, loc, "an event `%s` without `%s`", kinds[ret->kind].name, missing);
        return MD_BAD_INPUT;
    }
    return MD_OK;
}

json_t *md_event_new(enum md_event_kind kind, uint64_t n, int64_t at)
{
    struct md_arena *arena = md_arena_new();
    json_t *event = json_pack("{s:I, s:s, s:s}", "n", (json_int_t)n, "at", md_time_rfc3339_exact(arena, at), "event",
                              kinds[kind].name);
    md_arena_free(&arena);
    return event;
}

struct md_str md_event_write(struct md_arena *arena, json_t *event)
{
    /* seventeen digits: the number that is read again is the same */
    char *line = json_dumps(event, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(event);
    if (line == NULL) {
        MD_BUG("an event that cannot be written");
    }
    struct md_str text = md_arena_str(arena, md_str(line));
    free(line);
    return text;
}

struct md_str md_event_text(struct md_arena *arena, struct md_str bytes)
{
    size_t high = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        high += (unsigned char)bytes.p[i] >= 0x80;
    }
    char *to = md_arena_alloc(arena, bytes.n + high + 1);
    size_t n = 0;
    while (bytes.n > 0) {
        uint32_t character;
        size_t length = md_utf8_character(bytes, &character);
        if (length == 0) {
            character = (unsigned char)bytes.p[0];
            length = 1;
        }
        if (character != 0) {
            n += md_utf8_put(to + n, character);
        }
        bytes = md_str_from(bytes, length);
    }
    to[n] = '\0';
    return md_str_n(to, n);
}
