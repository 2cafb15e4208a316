#include "engine/base/node.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "engine/base/node_build.h"

#define TEXT_MAX ((size_t)64 * 1024 * 1024)

struct reader {
    yaml_parser_t parser;
    struct md_arena *arena;
    const char *name;
    struct md_str text;
    struct md_diags *diags;
    struct md_node_build build;
    bool has_key; /* the key of the next value was read */
    struct md_str key;
    struct md_loc key_loc;
    bool is_wrong; /* something was reported that makes the tree unusable */
};

static struct md_loc loc_of(const struct reader *r, yaml_mark_t mark)
{
    /* libyaml counts from 0. */
    return (struct md_loc){r->name, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static struct md_loc loc_of_offset(const struct reader *r, size_t offset)
{
    struct md_loc loc = {r->name, 1, 1};
    size_t i;

    for (i = 0; i < offset && i < r->text.n; i++) {
        loc.column++;
        if (r->text.p[i] == '\n') {
            loc.line++;
            loc.column = 1;
        }
    }
    return loc;
}

static void report_syntax(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem != NULL ? p->problem : "no YAML";

    if (p->error == YAML_MEMORY_ERROR)
        md_oom(r->text.n);
    /* A reader error (bytes that are no UTF-8, control characters) leaves the marks at the start and gives only an
     * offset. */
    if (p->error == YAML_READER_ERROR)
        md_diags_add(r->diags, MD_ERROR, loc_of_offset(r, p->problem_offset), "YAML: %s", problem);
    else if (p->context != NULL)
        md_diags_add(r->diags, MD_ERROR, loc_of(r, p->problem_mark), "YAML: %s, %s that begins in line %zu", problem,
                     p->context, p->context_mark.line + 1);
    else
        md_diags_add(r->diags, MD_ERROR, loc_of(r, p->problem_mark), "YAML: %s", problem);
}

static void complain(struct reader *r, struct md_loc loc, const char *what, struct md_str detail)
{
    md_diags_add(r->diags, MD_ERROR, loc, "YAML: %s%s%.*s", what, detail.n > 0 ? " " : "", MD_STR_ARG(detail));
    r->is_wrong = true;
}

static bool is_known_tag(const char *tag)
{
    static const char *const known[] = {"str", "int", "float", "bool", "null", "map", "seq"};
    struct md_str rest = md_str(tag);
    size_t i;

    if (tag == NULL || md_str_is(rest, "!"))
        return true;
    if (!md_str_skip_prefix(&rest, MD_LIT("tag:yaml.org,2002:")))
        return false;
    for (i = 0; i < sizeof known / sizeof *known; i++)
        if (md_str_is(rest, known[i]))
            return true;
    return false;
}

static void check_tag(struct reader *r, const yaml_char_t *tag, struct md_loc loc)
{
    if (!is_known_tag((const char *)tag))
        complain(r, loc, "unknown tag", md_str((const char *)tag));
}

static bool is_null_text(struct md_str text)
{
    return text.n == 0 || md_str_is(text, "~") || md_str_is_nocase(text, "null");
}

static bool awaits_key(const struct reader *r)
{
    return r->build.depth > 0 && r->build.open[r->build.depth - 1].node->kind == MD_NODE_MAP && !r->has_key;
}

/* The key and place for a value; takes the key that was read before. */
static struct md_str take_key(struct reader *r, struct md_loc *loc)
{
    struct md_str key = {"", 0};

    if (r->has_key) {
        key = r->key;
        *loc = r->key_loc;
        r->has_key = false;
    }
    return key;
}

static enum md_status on_scalar(struct reader *r, const yaml_event_t *event)
{
    struct md_loc loc = loc_of(r, event->start_mark);
    struct md_str text = md_str_n((const char *)event->data.scalar.value, event->data.scalar.length);
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    const char *tag = (const char *)event->data.scalar.tag;
    struct md_node *node;
    struct md_str key;
    enum md_status st;

    check_tag(r, event->data.scalar.tag, loc);
    if (tag != NULL && (strcmp(tag, "!") == 0 || strcmp(tag, YAML_STR_TAG) == 0))
        is_plain = false;
    text = md_arena_str(r->arena, text);
    if (awaits_key(r)) {
        r->has_key = true;
        r->key = text;
        r->key_loc = loc;
        return MD_OK;
    }
    key = take_key(r, &loc);
    if ((st = md_node_build_add(&r->build, MD_NODE_SCALAR, key, loc, &node)) < 0)
        return st;
    node->is_quoted = !is_plain;
    if (is_plain && is_null_text(text))
        node->kind = MD_NODE_NULL;
    node->text = text;
    return MD_OK;
}

static enum md_status on_open(struct reader *r, const yaml_event_t *event, enum md_node_kind kind,
                              const yaml_char_t *tag)
{
    struct md_loc loc = loc_of(r, event->start_mark);
    struct md_str key;

    check_tag(r, tag, loc);
    if (awaits_key(r)) {
        complain(r, loc, "a key must be a plain text, not a list or map", MD_LIT(""));
        return MD_BAD_INPUT;
    }
    key = take_key(r, &loc);
    return md_node_build_open(&r->build, kind, key, loc);
}

static int by_key_then_place(const void *a, const void *b)
{
    const struct md_node *x = *(const struct md_node *const *)a;
    const struct md_node *y = *(const struct md_node *const *)b;
    int order = md_str_cmp(x->key, y->key);

    if (order != 0)
        return order;
    if (x->loc.line != y->loc.line)
        return x->loc.line < y->loc.line ? -1 : 1;
    return (x->loc.column > y->loc.column) - (x->loc.column < y->loc.column);
}

/* Sorted, so that a map of many keys takes no quadratic time. */
static void report_duplicates(struct reader *r, const struct md_node *map)
{
    const struct md_node **sorted, *child;
    size_t i, n = 0;

    if (map->kind != MD_NODE_MAP || map->count < 2)
        return;
    sorted = md_xcalloc(map->count, sizeof *sorted);
    for (child = map->first; child != NULL; child = child->next)
        sorted[n++] = child;
    qsort(sorted, n, sizeof *sorted, by_key_then_place);
    for (i = 1; i < n; i++)
        if (md_str_eq(sorted[i]->key, sorted[i - 1]->key))
            complain(r, sorted[i]->loc, "this key was there before:", sorted[i]->key);
    free(sorted);
}

static enum md_status on_event(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT: return MD_OK;
    case YAML_DOCUMENT_START_EVENT:
        if (r->build.root == NULL)
            return MD_OK;
        complain(r, loc_of(r, event->start_mark), "only one document is expected", MD_LIT(""));
        return MD_BAD_INPUT;
    case YAML_ALIAS_EVENT:
        complain(r, loc_of(r, event->start_mark), "aliases are not allowed", MD_LIT(""));
        return MD_BAD_INPUT;
    case YAML_SCALAR_EVENT: return on_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT: return on_open(r, event, MD_NODE_LIST, event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT: return on_open(r, event, MD_NODE_MAP, event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: report_duplicates(r, md_node_build_close(&r->build)); return MD_OK;
    }
    MD_BUG("event %d of libyaml", (int)event->type);
}

static enum md_status read_events(struct reader *r)
{
    enum md_status st = MD_OK;
    bool is_end = false;
    yaml_event_t event;

    while (st == MD_OK && !is_end) {
        if (!yaml_parser_parse(&r->parser, &event)) {
            report_syntax(r);
            return MD_BAD_INPUT;
        }
        st = on_event(r, &event);
        if (st == MD_LIMIT)
            md_diags_add(r->diags, MD_ERROR, loc_of(r, event.start_mark), "YAML: nested too deeply or too large");
        is_end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    if (st == MD_OK && r->is_wrong)
        return MD_BAD_INPUT;
    return st;
}

enum md_status md_yaml_read(struct md_arena *arena, const char *name, struct md_str text, struct md_diags *diags,
                            const struct md_node **ret)
{
    struct reader r = {.arena = arena, .name = name, .text = text, .diags = diags, .build = {.arena = arena}};
    struct md_node *empty;
    enum md_status st;

    if (text.n > TEXT_MAX) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){name, 0, 0}, "YAML: larger than 64 MB");
        return MD_LIMIT;
    }
    if (!yaml_parser_initialize(&r.parser))
        md_oom(text.n);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.n > 0 ? text.p : ""), text.n);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    st = read_events(&r);
    yaml_parser_delete(&r.parser);
    if (st < 0)
        return st;
    if (r.build.root == NULL &&
        (st = md_node_build_add(&r.build, MD_NODE_NULL, MD_LIT(""), (struct md_loc){name, 1, 1}, &empty)) < 0)
        return st;
    *ret = r.build.root;
    return MD_OK;
}
