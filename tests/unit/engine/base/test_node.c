#include "tests/unit/md_test.h"

#include "engine/base/node.h"

/* A tree as one line: null, 'quoted', plain, [list], {key: value}. */
static char *show(struct md_arena *arena, const struct md_node *node)
{
    char *text = md_arena_cstr(arena, MD_LIT(""));
    const struct md_node *child;

    switch (node->kind) {
    case MD_NODE_NULL: return md_arena_cstr(arena, MD_LIT("null"));
    case MD_NODE_SCALAR: return md_arena_printf(arena, node->is_quoted ? "'%.*s'" : "%.*s", MD_STR_ARG(node->text));
    case MD_NODE_LIST:
    case MD_NODE_MAP:
        for (child = node->first; child != NULL; child = child->next) {
            if (node->kind == MD_NODE_MAP)
                text = md_arena_printf(arena, "%s%.*s: ", text, MD_STR_ARG(child->key));
            text = md_arena_printf(arena, "%s%s%s", text, show(arena, child), child->next != NULL ? ", " : "");
        }
        return md_arena_printf(arena, node->kind == MD_NODE_MAP ? "{%s}" : "[%s]", text);
    }
    return NULL;
}

struct case_row {
    const char *says, *in;
    const char *want;         /* the tree, or NULL: an error */
    uint32_t line, column;    /* of the first message */
    const char *want_message; /* a part of it */
};

typedef enum md_status reader(struct md_arena *, const char *, struct md_str, struct md_diags *,
                              const struct md_node **);

static void read_row(struct md_arena *arena, reader *read, size_t i, const struct case_row *row)
{
    struct md_diags *diags = md_diags_new(arena);
    const struct md_node *node = NULL;
    enum md_status st = read(arena, "in", md_str(row->in), diags, &node);

    md_test_case(i, row->says);
    if (row->want != NULL) {
        if (md_diags_count(diags) > 0)
            md_want_cstr("message", md_diags_at(diags, 0)->what, "");
        md_want_int("status", st, MD_OK);
        md_want_cstr("tree", show(arena, node), row->want);
        return;
    }
    md_want_true(st < 0 && node == NULL);
    md_want_true(md_diags_count(diags) > 0);
    md_want_int("line", md_diags_at(diags, 0)->loc.line, row->line);
    md_want_int("column", md_diags_at(diags, 0)->loc.column, row->column);
    if (strstr(md_diags_at(diags, 0)->what, row->want_message) == NULL)
        md_want_cstr("message", md_diags_at(diags, 0)->what, row->want_message);
}

static void reads_yaml(void **state)
{
    static const struct case_row rows[] = {
        {"a map of everything", "a: 1\nb: [x, \"y\"]\nc:\n  d: ~\n", "{a: 1, b: [x, 'y'], c: {d: null}}", 0, 0, NULL},
        {"a literal block is quoted", "a: |\n  x\n  y\n", "{a: 'x\ny\n'}", 0, 0, NULL},
        {"an empty value", "a:\n", "{a: null}", 0, 0, NULL},
        {"a quoted null is a text", "a: \"null\"\n", "{a: 'null'}", 0, 0, NULL},
        {"a number tagged as text", "a: !!str 12\n", "{a: '12'}", 0, 0, NULL},
        {"an empty document", "", "null", 0, 0, NULL},
        {"only comments", "# nothing\n", "null", 0, 0, NULL},
        {"CR LF", "a: 1\r\nb: 2\r\n", "{a: 1, b: 2}", 0, 0, NULL},
        {"a key twice", "a: 1\nb: 2\na: 3\n", NULL, 3, 1, "this key was there before: a"},
        {"an alias", "a: &x 1\nb: *x\n", NULL, 2, 4, "aliases"},
        {"an unknown tag", "a: !!python/object x\n", NULL, 1, 4, "unknown tag"},
        {"a list as key", "[a]: 1\n", NULL, 1, 1, "a key must be"},
        {"two documents", "a: 1\n---\nb: 2\n", NULL, 2, 1, "only one document"},
        {"a bracket that is not closed", "a: 1\nb: [1, 2\nc: 3\n", NULL, 3, 2, "that begins in line 2"},
        {"a tab for indentation", "a:\n\tb: 1\n", NULL, 2, 1, "cannot start any token"},
        {"no UTF-8: line from the offset", "a: 1\nb: \xff\n", NULL, 2, 4, "UTF-8"},
        {"a control character", "a: 1\nb: 2\nc: \x01\n", NULL, 3, 4, "control characters"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++)
        read_row(*state, md_yaml_read, i, &rows[i]);
}

static void reads_json(void **state)
{
    static const struct case_row rows[] = {
        {"a map of everything", "{\"a\": 1, \"b\": [\"x\", true, null, -2.50e1], \"c\": {}}",
         "{a: 1, b: ['x', true, null, -2.50e1], c: {}}", 0, 0, NULL},
        {"escapes", "[\"a\\u00fc\\\"\\\\\", \"b\"]", "['a\xc3\xbc\"\\', 'b']", 0, 0, NULL},
        {"order is kept", "{\"z\": 1, \"a\": 2, \"m\": 3}", "{z: 1, a: 2, m: 3}", 0, 0, NULL},
        {"a text alone", " \"x\" ", "'x'", 0, 0, NULL},
        {"a key twice", "{\"a\": 1,\n \"a\": 2}", NULL, 2, 2, "was there before"},
        {"a key twice among many",
         "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"l\":1,\"m\":1,"
         "\"n\":1,"
         "\"o\":1,\"p\":1,\"q\":1,\"r\":1,\n\"s\":1,\"c\":1}",
         NULL, 2, 7, "was there before"},
        {"the same key in two maps", "[{\"a\": 1}, {\"a\": {\"a\": 2}}]", "[{a: 1}, {a: {a: 2}}]", 0, 0, NULL},
        {"a character of two units", "\"\\ud83d\\ude00\"", "'\xf0\x9f\x98\x80'", 0, 0, NULL},
        {"half of a character", "\"\\ud83d\"", NULL, 1, 8, "half of a character"},
        {"an escape that does not exist", "\"\\x\"", NULL, 1, 3, "no such escape"},
        {"a line end in a text", "[\"a\nb\"]", NULL, 1, 4, "control character"},
        {"a number with a leading zero", "[01]", NULL, 1, 2, "a value is wanted"},
        {"a point without digits", "[1.]", NULL, 1, 4, "digits are wanted"},
        {"a word that is none", "[nulls]", NULL, 1, 2, "a value is wanted"},
        {"a comma too many", "[1,]", NULL, 1, 4, "a value is wanted"},
        {"a key without quotes", "{a: 1}", NULL, 1, 2, "a key is wanted"},
        {"a key without a value", "{\"a\"}", NULL, 1, 5, "a colon is wanted"},
        {"something behind", "{} x", NULL, 1, 4, "nothing more is wanted"},
        {"nothing", "", NULL, 1, 1, "JSON"},
        {"cut off", "{\"a\": [1, 2", NULL, 1, 12, "] is wanted"},
        {"no UTF-8", "[\"\xff\"]", NULL, 1, 3, "no UTF-8"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++)
        read_row(*state, md_json_read, i, &rows[i]);
}

static void keeps_places(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const struct md_node *node = NULL;

    md_test_case(0, "YAML: the place of the key");
    md_want_int("status", md_yaml_read(arena, "f.yaml", MD_LIT("a:\n  b:\n    - x\n    - y\n"), diags, &node), MD_OK);
    node = md_node_path(node, "a/b");
    md_want_int("line", node->loc.line, 2);
    md_want_int("column", node->loc.column, 3);
    md_want_int("line of the second", node->first->next->loc.line, 4);
    md_want_int("column of the second", node->first->next->loc.column, 7);
    md_want_cstr("file", node->loc.file, "f.yaml");

    md_test_case(0, "JSON: the place of the value");
    md_want_int("status",
                md_json_read(arena, "f.json", MD_LIT("{\"a,:\": [1,\n  \"x\\\"]\" ,\n\n{\"c\" : 5}]}"), diags, &node),
                MD_OK);
    node = md_node_get(node, "a,:");
    md_want_int("count", node->count, 3);
    md_want_int("line of the text", node->first->next->loc.line, 2);
    md_want_int("column of the text", node->first->next->loc.column, 3);
    node = md_node_get(node->first->next->next, "c");
    md_want_int("line", node->loc.line, 4);
    md_want_int("column", node->loc.column, 8);
}

static void keeps_nul_bytes(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const struct md_node *node = NULL;

    md_test_case(0, "a NUL outside of a text");
    md_want_int("status", md_json_read(arena, "j", md_str_n("[\n1\0]", 5), diags, &node), MD_BAD_INPUT);
    md_want_int("line", md_diags_at(diags, 0)->loc.line, 2);
    md_want_int("column", md_diags_at(diags, 0)->loc.column, 2);
    md_test_case(0, "a NUL in a text");
    md_want_int("status", md_json_read(arena, "j", MD_LIT("\"a\\u0000b\""), diags, &node), MD_OK);
    md_want_str_n("JSON", node->text, md_str_n("a\0b", 3));
    md_want_int("status", md_yaml_read(arena, "y", MD_LIT("\"a\\0b\""), diags, &node), MD_OK);
    md_want_str_n("YAML", node->text, md_str_n("a\0b", 3));
}

static void is_bounded_in_depth(void **state)
{
    struct md_arena *arena = *state;
    char text[2 * (MD_NODE_MAX_DEPTH + 1) + 1];

    for (size_t depth = MD_NODE_MAX_DEPTH; depth <= MD_NODE_MAX_DEPTH + 1; depth++) {
        struct md_diags *diags = md_diags_new(arena);
        const struct md_node *node;
        enum md_status want = depth <= MD_NODE_MAX_DEPTH ? MD_OK : MD_LIMIT;

        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        md_test_case(depth, "nested lists");
        md_want_int("YAML", md_yaml_read(arena, "y", md_str_n(text, 2 * depth), diags, &node), want);
        md_want_int("JSON", md_json_read(arena, "j", md_str_n(text, 2 * depth), diags, &node), want);
        md_want_int("messages", md_diags_count(diags), want == MD_OK ? 0 : 2);
    }
}

static void reports_all_duplicates(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const struct md_node *node;

    md_test_case(0, "several mistakes in one reading");
    md_want_int("status", md_yaml_read(arena, "y", MD_LIT("b: 1\na: 1\nb: 2\na: 2\nc: {x: 1, x: 2}\n"), diags, &node),
                MD_BAD_INPUT);
    md_want_int("messages", md_diags_count(diags), 3);
}

static void gives_typed_values(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const struct md_node *node;
    bool is_true = false;
    double real = 0;
    uint64_t whole = 0;

    md_test_case(0, "typed reading");
    md_want_int(
        "status",
        md_yaml_read(arena, "y", MD_LIT("{t: yes, f: False, q: \"yes\", n: 12, r: 0.5, l: [1], m: -1}"), diags, &node),
        MD_OK);
    md_want_int("yes", md_node_bool(md_node_get(node, "t"), &is_true), MD_OK);
    md_want_true(is_true);
    md_want_int("False", md_node_bool(md_node_get(node, "f"), &is_true), MD_OK);
    md_want_true(!is_true);
    md_want_int("quoted", md_node_bool(md_node_get(node, "q"), &is_true), MD_BAD_INPUT);
    md_want_int("number", md_node_u64(md_node_get(node, "n"), &whole), MD_OK);
    md_want_int("value", whole, 12);
    md_want_int("negative", md_node_u64(md_node_get(node, "m"), &whole), MD_BAD_INPUT);
    md_want_int("fraction", md_node_double(md_node_get(node, "r"), &real), MD_OK);
    md_want_double("value", real, 0.5, 0);
    md_want_int("list", md_node_double(md_node_get(node, "l"), &real), MD_BAD_INPUT);
    md_want_int("absent", md_node_u64(md_node_get(node, "x"), &whole), MD_NOT_FOUND);
    md_want_str("text", md_node_text(node, "q"), "yes");
    md_want_str("text of nothing", md_node_text(NULL, "q"), "");
    md_want_true(md_node_path(node, "l/x") == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(reads_yaml),         MD_TEST(reads_json),          MD_TEST(keeps_places),
        MD_TEST(keeps_nul_bytes),    MD_TEST(is_bounded_in_depth), MD_TEST(reports_all_duplicates),
        MD_TEST(gives_typed_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
