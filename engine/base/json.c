/*
 * RFC 8259 to nodes. Not by way of jansson: its values have no places, and to read facts through them cost more than the whole
 * diagnosis.
 */
#include "engine/base/node.h"

#include "engine/base/map.h"
#include "engine/base/node_build.h"
#include "engine/base/num.h"
#include "engine/base/utf8.h"

#define TEXT_MAX ((size_t)256 * 1024 * 1024)
/* From so many keys on an object's keys are looked up in a map. */
#define KEYS_FEW 16

struct reader {
    struct md_arena *arena;
    const char *name;
    struct md_str text;
    size_t at;
    uint32_t line;
    size_t line_start;
    struct md_node_build build;
    struct md_map *keys; /* of large objects; kind: number of the object */
    uint64_t n_objects;
    const char *wrong; /* what is wrong at `at`; NULL: a limit */
};

static struct md_loc here(const struct reader *r)
{
    return (struct md_loc){r->name, r->line, (uint32_t)(r->at - r->line_start + 1)};
}

static enum md_status fail(struct reader *r, const char *wrong)
{
    r->wrong = wrong;
    return MD_BAD_INPUT;
}

/* The byte that is next; -1 at the end. */
static int peek(const struct reader *r)
{
    return r->at < r->text.n ? (unsigned char)r->text.p[r->at] : -1;
}

static void skip_blanks(struct reader *r)
{
    for (; r->at < r->text.n; r->at++) {
        char c = r->text.p[r->at];

        if (c == '\n') {
            r->line++;
            r->line_start = r->at + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

/* ---- texts ---- */

/* Four hex digits behind \u. */
static bool read_unit(struct reader *r, uint32_t *ret)
{
    struct md_str digits = md_str_sub(md_str_from(r->text, r->at), 0, 4);
    uint64_t unit;

    if (digits.n < 4 || md_num_hex(&digits, 0xffff, &unit) < 0 || digits.n > 0)
        return false;
    r->at += 4;
    *ret = (uint32_t)unit;
    return true;
}

/* Behind the backslash. Writes at most 4 bytes. */
static enum md_status read_escape(struct reader *r, char *to, size_t *ret_n)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    int c = peek(r);
    const char *found = c > 0 ? strchr(names, c) : NULL;
    uint32_t unit, low;

    if (found != NULL) {
        r->at++;
        *to = values[found - names];
        *ret_n = 1;
        return MD_OK;
    }
    if (c != 'u')
        return fail(r, "there is no such escape");
    r->at++;
    if (!read_unit(r, &unit))
        return fail(r, "four hex digits are wanted behind \\u");
    if (unit >= 0xd800 && unit <= 0xdbff) {
        if (peek(r) != '\\' || r->at + 1 >= r->text.n || r->text.p[r->at + 1] != 'u')
            return fail(r, "half of a character");
        r->at += 2;
        if (!read_unit(r, &low) || low < 0xdc00 || low > 0xdfff)
            return fail(r, "half of a character");
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    } else if (unit >= 0xdc00 && unit <= 0xdfff) {
        return fail(r, "half of a character");
    }
    *ret_n = md_utf8_put(to, unit);
    return MD_OK;
}

/* Bytes up to the next quote, backslash or something that may not stand in a text. */
static enum md_status skip_plain_text(struct reader *r)
{
    uint32_t character;
    size_t n;

    while (r->at < r->text.n) {
        unsigned char c = (unsigned char)r->text.p[r->at];

        if (c == '"' || c == '\\')
            return MD_OK;
        if (c < 0x20)
            return fail(r, "a control character in a text");
        if (c < 0x80) {
            r->at++;
            continue;
        }
        n = md_utf8_character(md_str_from(r->text, r->at), &character);
        if (n == 0)
            return fail(r, "bytes that are no UTF-8");
        r->at += n;
    }
    return fail(r, "a text that does not end");
}

/* The opening quote is next. */
static enum md_status read_text(struct reader *r, struct md_str *ret)
{
    size_t start = ++r->at, n = 0, capacity;
    enum md_status st = skip_plain_text(r);
    char *copy;

    if (st < 0)
        return st;
    if (peek(r) == '"') { /* nothing to decode */
        *ret = md_arena_str(r->arena, md_str_sub(r->text, start, r->at++ - start));
        return MD_OK;
    }
    /* No longer than it is written. */
    for (capacity = r->at - start; start + capacity < r->text.n && r->text.p[start + capacity] != '"'; capacity++)
        if (r->text.p[start + capacity] == '\\')
            capacity++;
    copy = md_arena_alloc(r->arena, capacity + 4);
    r->at = start;
    for (;;) {
        size_t from = r->at, escaped;

        if ((st = skip_plain_text(r)) < 0)
            return st;
        memcpy(copy + n, r->text.p + from, r->at - from);
        n += r->at - from;
        if (r->text.p[r->at++] == '"')
            break;
        if ((st = read_escape(r, copy + n, &escaped)) < 0)
            return st;
        n += escaped;
    }
    *ret = md_str_n(copy, n);
    return MD_OK;
}

/* ---- numbers and words ---- */

static size_t skip_digits(struct reader *r)
{
    size_t start = r->at;

    while (r->at < r->text.n && md_is_digit(r->text.p[r->at]))
        r->at++;
    return r->at - start;
}

static enum md_status read_number(struct reader *r)
{
    if (peek(r) == '-')
        r->at++;
    if (peek(r) == '0')
        r->at++;
    else if (skip_digits(r) == 0)
        return fail(r, "a value is wanted");
    if (peek(r) == '.') {
        r->at++;
        if (skip_digits(r) == 0)
            return fail(r, "digits are wanted behind the point");
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        if (skip_digits(r) == 0)
            return fail(r, "digits are wanted in the exponent");
    }
    return MD_OK;
}

static enum md_status read_plain(struct reader *r, struct md_str *ret)
{
    static const char *const words[] = {"null", "true", "false"};
    struct md_str rest = md_str_from(r->text, r->at);
    size_t start = r->at, i;
    enum md_status st;

    for (i = 0; i < sizeof words / sizeof *words; i++) {
        if (md_str_has_prefix(rest, md_str(words[i]))) {
            r->at += strlen(words[i]);
            break;
        }
    }
    if (i == sizeof words / sizeof *words && (st = read_number(r)) < 0)
        return st;
    if (r->at < r->text.n && (md_is_alnum(r->text.p[r->at]) || r->text.p[r->at] == '_')) {
        r->at = start;
        return fail(r, "a value is wanted");
    }
    *ret = md_arena_str(r->arena, md_str_sub(r->text, start, r->at - start));
    return MD_OK;
}

/* ---- values ---- */

static enum md_status read_value(struct reader *r, struct md_str key);

static enum md_status expect(struct reader *r, char c, const char *wrong)
{
    skip_blanks(r);
    if (peek(r) != c)
        return fail(r, wrong);
    r->at++;
    return MD_OK;
}

/* Whether the object of that number has the key already. Small objects are looked through. */
static bool is_duplicate(struct reader *r, const struct md_node *object, uint64_t number, struct md_str key)
{
    const struct md_node *child;

    if (object->count < KEYS_FEW) {
        for (child = object->first; child != NULL; child = child->next)
            if (md_str_eq(child->key, key))
                return true;
        return false;
    }
    if (r->keys == NULL)
        r->keys = md_map_new(r->arena);
    if (object->count == KEYS_FEW)
        for (child = object->first; child != NULL; child = child->next)
            md_map_set(r->keys, number, child->key, (void *)(uintptr_t)child);
    if (md_map_find(r->keys, number, key) != NULL)
        return true;
    md_map_set(r->keys, number, key, (void *)(uintptr_t)object);
    return false;
}

static enum md_status read_member(struct reader *r, const struct md_node *object, uint64_t number)
{
    struct md_loc loc;
    struct md_str key;
    enum md_status st;
    size_t at;

    skip_blanks(r);
    if (peek(r) != '"')
        return fail(r, "a key is wanted: a text");
    at = r->at;
    loc = here(r);
    if ((st = read_text(r, &key)) < 0)
        return st;
    if (is_duplicate(r, object, number, key)) {
        r->at = at;
        r->line = loc.line;
        return fail(r, "this key was there before");
    }
    if ((st = expect(r, ':', "a colon is wanted behind a key")) < 0)
        return st;
    return read_value(r, key);
}

/* The opening bracket is next. */
static enum md_status read_collection(struct reader *r, struct md_str key)
{
    bool is_map = peek(r) == '{';
    char closing = is_map ? '}' : ']';
    enum md_status st = md_node_build_open(&r->build, is_map ? MD_NODE_MAP : MD_NODE_LIST, key, here(r));
    const struct md_node *node;
    uint64_t number = ++r->n_objects;

    if (st < 0)
        return st;
    node = r->build.open[r->build.depth - 1].node;
    r->at++;
    skip_blanks(r);
    if (peek(r) != closing) {
        for (;;) {
            if ((st = is_map ? read_member(r, node, number) : read_value(r, MD_LIT(""))) < 0)
                return st;
            skip_blanks(r);
            if (peek(r) != ',')
                break;
            r->at++;
        }
    }
    if ((st = expect(r, closing, is_map ? "a comma or } is wanted" : "a comma or ] is wanted")) < 0)
        return st;
    (void)md_node_build_close(&r->build);
    return MD_OK;
}

static enum md_status read_value(struct reader *r, struct md_str key)
{
    struct md_node *node;
    struct md_loc loc;
    struct md_str text;
    enum md_status st;
    bool is_text;

    skip_blanks(r);
    if (peek(r) == '{' || peek(r) == '[')
        return read_collection(r, key);
    loc = here(r);
    is_text = peek(r) == '"';
    st = is_text ? read_text(r, &text) : read_plain(r, &text);
    if (st < 0)
        return st;
    st = md_node_build_add(&r->build, !is_text && md_str_is(text, "null") ? MD_NODE_NULL : MD_NODE_SCALAR, key, loc,
                           &node);
    if (st < 0)
        return st;
    node->is_quoted = is_text;
    if (node->kind == MD_NODE_SCALAR)
        node->text = text;
    return MD_OK;
}

enum md_status md_json_read(struct md_arena *arena, const char *name, struct md_str text, struct md_diags *diags,
                            const struct md_node **ret)
{
    struct reader r = {.arena = arena, .name = name, .text = text, .line = 1, .build = {.arena = arena}};
    enum md_status st;

    if (text.n > TEXT_MAX) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){name, 0, 0}, "JSON: larger than 256 MB");
        return MD_LIMIT;
    }
    st = read_value(&r, MD_LIT(""));
    if (st == MD_OK) {
        skip_blanks(&r);
        if (r.at < text.n)
            st = fail(&r, "nothing more is wanted behind the value");
    }
    if (st < 0) {
        md_diags_add(diags, MD_ERROR, here(&r), "JSON: %s",
                     r.wrong != NULL ? r.wrong : "nested too deeply or too large");
        return st;
    }
    *ret = r.build.root;
    return MD_OK;
}
