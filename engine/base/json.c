#include "engine/base/node.h"

#include <jansson.h>

#include "engine/base/node_build.h"

#define TEXT_MAX ((size_t)256 * 1024 * 1024)

/*
 * jansson checks the text and decodes its strings but keeps no places. So a cursor goes through the same text beside
 * the walk over jansson's tree: the text is known to be valid, and jansson keeps the order of keys, so each value is
 * where the cursor is.
 */
struct reader {
    struct md_arena *arena;
    const char *name;
    struct md_str rest;
    struct md_loc loc;
    struct md_node_build build;
};

static void advance(struct reader *r)
{
    r->loc.column++;
    if (r->rest.p[0] == '\n') {
        r->loc.line++;
        r->loc.column = 1;
    }
    r->rest = md_str_from(r->rest, 1);
}

static void skip_to_token(struct reader *r)
{
    while (r->rest.n > 0 && (md_is_space(r->rest.p[0]) || r->rest.p[0] == ',' || r->rest.p[0] == ':'))
        advance(r);
}

static void skip_string(struct reader *r)
{
    skip_to_token(r);
    if (r->rest.n == 0 || r->rest.p[0] != '"')
        MD_BUG("no string in line %u of valid JSON", (unsigned)r->loc.line);
    advance(r);
    while (r->rest.n > 0 && r->rest.p[0] != '"') {
        if (r->rest.p[0] == '\\')
            advance(r);
        advance(r);
    }
    if (r->rest.n > 0)
        advance(r);
}

static bool is_plain(char c)
{
    return md_is_alnum(c) || c == '+' || c == '-' || c == '.';
}

/* A number, true, false or null, as it was written. */
static struct md_str skip_plain(struct reader *r)
{
    struct md_str token = r->rest;

    while (r->rest.n > 0 && is_plain(r->rest.p[0]))
        advance(r);
    return md_str_sub(token, 0, token.n - r->rest.n);
}

static enum md_status add_value(struct reader *r, json_t *value, struct md_str key);

/* The opening bracket is next. `value` is borrowed. */
static enum md_status add_collection(struct reader *r, json_t *value, struct md_str key, struct md_loc loc)
{
    enum md_node_kind kind = json_is_object(value) ? MD_NODE_MAP : MD_NODE_LIST;
    enum md_status st = md_node_build_open(&r->build, kind, key, loc);
    struct md_str child_key;
    void *at;
    size_t i;

    if (st < 0)
        return st;
    advance(r);
    if (kind == MD_NODE_MAP) {
        for (at = json_object_iter(value); at != NULL && st == MD_OK; at = json_object_iter_next(value, at)) {
            skip_string(r);
            child_key = md_arena_str(r->arena, md_str(json_object_iter_key(at)));
            st = add_value(r, json_object_iter_value(at), child_key);
        }
    } else {
        for (i = 0; i < json_array_size(value) && st == MD_OK; i++)
            st = add_value(r, json_array_get(value, i), MD_LIT(""));
    }
    if (st < 0)
        return st;
    skip_to_token(r);
    if (r->rest.n > 0)
        advance(r); /* the closing bracket */
    (void)md_node_build_close(&r->build);
    return MD_OK;
}

/* jansson passes over a NUL between tokens; JSON does not know it. */
static bool has_nul(struct md_str text, struct md_loc *ret_loc)
{
    struct reader r = {.rest = text, .loc = *ret_loc};
    ptrdiff_t at = md_str_find_char(text, '\0');

    if (at < 0)
        return false;
    for (r.loc.line = r.loc.column = 1; at > 0; at--)
        advance(&r);
    *ret_loc = r.loc;
    return true;
}

/* `value` is borrowed. */
static enum md_status add_value(struct reader *r, json_t *value, struct md_str key)
{
    struct md_node *node;
    struct md_loc loc;
    enum md_status st;

    skip_to_token(r);
    loc = r->loc;
    if (json_is_object(value) || json_is_array(value))
        return add_collection(r, value, key, loc);
    st = md_node_build_add(&r->build, json_is_null(value) ? MD_NODE_NULL : MD_NODE_SCALAR, key, loc, &node);
    if (st < 0)
        return st;
    if (json_is_string(value)) {
        node->is_quoted = true;
        node->text = md_arena_str(r->arena, md_str_n(json_string_value(value), json_string_length(value)));
        skip_string(r);
    } else {
        node->text = md_arena_str(r->arena, skip_plain(r));
    }
    return MD_OK;
}

enum md_status md_json_read(struct md_arena *arena, const char *name, struct md_str text, struct md_diags *diags,
                            const struct md_node **ret)
{
    struct reader r = {.arena = arena, .name = name, .rest = text, .loc = {name, 1, 1}, .build = {.arena = arena}};
    struct md_loc loc = {name, 0, 0};
    json_error_t error;
    json_t *value; /* new, released below */
    enum md_status st;

    if (text.n > TEXT_MAX) {
        md_diags_add(diags, MD_ERROR, loc, "JSON: larger than 256 MB");
        return MD_LIMIT;
    }
    if (has_nul(text, &loc)) {
        md_diags_add(diags, MD_ERROR, loc, "JSON: a NUL byte in the text");
        return MD_BAD_INPUT;
    }
    value =
        json_loadb(text.n > 0 ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (value == NULL) {
        if (json_error_code(&error) == json_error_out_of_memory)
            md_oom(text.n);
        loc.line = error.line > 0 ? (uint32_t)error.line : 0;
        loc.column = error.line > 0 && error.column > 0 ? (uint32_t)error.column : 0;
        md_diags_add(diags, MD_ERROR, loc, "JSON: %s", error.text);
        return MD_BAD_INPUT;
    }
    st = add_value(&r, value, MD_LIT(""));
    json_decref(value);
    if (st < 0) {
        md_diags_add(diags, MD_ERROR, r.loc, "JSON: nested too deeply or too large");
        return st;
    }
    *ret = r.build.root;
    return MD_OK;
}
