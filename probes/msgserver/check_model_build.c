/*
 * The builder of the tree: nodes, collections and indexes.
 */
#include "engine/base/bug.h"
#include "engine/base/node_build.h"
#include "probes/item_text.h"
#include "probes/msgserver/check_model_priv.h"

#define LONG_LINE 252 /* what most of the MTA's files may hold in a physical line */

static const struct md_loc nowhere;

static struct md_node *new_node(struct md_check_build *build, enum md_node_kind kind, struct md_str key,
                                struct md_loc loc)
{
    struct md_node *node;

    if (build->n_nodes == MD_NODE_MAX) {
        if (!build->is_full)
            md_diags_add(
                build->ctx->diags, MD_WARNING, loc,
                "the configuration is too large to be checked whole; what comes behind this place is left out");
        build->is_full = true;
        return NULL;
    }
    build->n_nodes++;
    node = md_arena_alloc(build->arena, sizeof *node);
    node->kind = kind;
    node->key = key;
    node->loc = loc;
    return node;
}

/* A child of the open node; NULL beyond a limit. */
static struct md_node *child(struct md_check_build *build, enum md_node_kind kind, struct md_str key, struct md_loc loc)
{
    struct md_node *parent, *node;
    size_t top = build->n_open - 1;

    if (build->n_open == 0)
        MD_BUG("a field without an open node");
    parent = build->open[top].node;
    if (build->open[top].is_shared)
        MD_BUG("a field behind shared ones");
    if (parent == NULL || (node = new_node(build, kind, key, loc)) == NULL)
        return NULL;
    md_node_append(parent, &build->open[top].last, node);
    return node;
}

/* Opens what may be NULL: then all that follows until its end is left out. */
static void push(struct md_check_build *build, struct md_node *node)
{
    if (build->n_open == MD_CHECK_DEPTH_MAX)
        MD_BUG("nodes are nested too deep");
    build->open[build->n_open].node = node;
    build->open[build->n_open].is_shared = false;
    build->open[build->n_open++].last = NULL;
}

/* ---- children of the root ---- */

static size_t list_named(struct md_check_build *build, const char *name, enum md_node_kind kind)
{
    struct md_node *node;

    for (size_t i = 0; i < build->n_lists; i++) /* mostly it is the very same literal */
        if (build->lists[i].node->key.p == name)
            return i;
    for (size_t i = 0; i < build->n_lists; i++)
        if (md_str_is(build->lists[i].node->key, name))
            return i;
    if (build->n_lists == MD_CHECK_LISTS_MAX)
        MD_BUG("there are too many collections");
    node = md_arena_alloc(build->arena, sizeof *node);
    node->kind = kind;
    node->key = md_str(name);
    build->lists[build->n_lists].node = node;
    return build->n_lists++;
}

void md_check_collection(struct md_check_build *build, const char *name)
{
    (void)list_named(build, name, MD_NODE_LIST);
}

void md_check_index_make(struct md_check_build *build, const char *name)
{
    (void)list_named(build, name, MD_NODE_MAP);
}

void md_check_begin(struct md_check_build *build, const char *collection, struct md_loc loc)
{
    size_t list = list_named(build, collection, MD_NODE_LIST);
    struct md_node *node = new_node(build, MD_NODE_MAP, (struct md_str){0}, loc);

    if (node != NULL)
        md_node_append(build->lists[list].node, &build->lists[list].last, node);
    push(build, node);
}

static struct md_node *copy_of(struct md_check_build *build, struct md_str key, const struct md_node *node)
{
    struct md_node *copy = new_node(build, node->kind, key, node->loc);

    if (copy != NULL) {
        copy->is_quoted = node->is_quoted;
        copy->text = node->text;
        copy->first = node->first;
        copy->count = node->count;
    }
    return copy;
}

void md_check_add(struct md_check_build *build, const char *collection, const struct md_node *node)
{
    size_t list = list_named(build, collection, MD_NODE_LIST);
    struct md_node *copy = node != NULL ? copy_of(build, (struct md_str){0}, node) : NULL;

    if (copy != NULL)
        md_node_append(build->lists[list].node, &build->lists[list].last, copy);
}

static struct md_node *index_find(const struct md_check_build *build, size_t list, struct md_str key)
{
    return md_map_find(build->indexed, list, key);
}

static void index_add(struct md_check_build *build, size_t list, struct md_str key, const struct md_node *node)
{
    struct md_node *copy = copy_of(build, key, node);

    if (copy == NULL)
        return;
    md_node_append(build->lists[list].node, &build->lists[list].last, copy);
    md_map_set(build->indexed, list, key, copy);
}

bool md_check_index(struct md_check_build *build, const char *index, struct md_str key, const struct md_node *node)
{
    size_t list = list_named(build, index, MD_NODE_MAP);

    if (node == NULL || index_find(build, list, key) != NULL)
        return false;
    index_add(build, list, key, node);
    return true;
}

void md_check_index_last(struct md_check_build *build, const char *index, struct md_str key, const struct md_node *node)
{
    size_t list = list_named(build, index, MD_NODE_MAP);
    struct md_node *old = index_find(build, list, key);

    if (node == NULL)
        return;
    if (old == NULL) {
        index_add(build, list, key, node);
        return;
    }
    old->loc = node->loc;
    old->first = node->first;
    old->count = node->count;
}

const struct md_node *md_check_indexed(const struct md_check_build *build, const char *index, struct md_str key)
{
    for (size_t i = 0; i < build->n_lists; i++)
        if (md_str_is(build->lists[i].node->key, index))
            return index_find(build, i, key);
    return NULL;
}

/* ---- nodes ---- */

void md_check_map_named(struct md_check_build *build, struct md_str key, struct md_loc loc)
{
    push(build, child(build, MD_NODE_MAP, key, loc));
}

void md_check_map(struct md_check_build *build, const char *key, struct md_loc loc)
{
    md_check_map_named(build, md_str(key), loc);
}

void md_check_list(struct md_check_build *build, const char *key, struct md_loc loc)
{
    push(build, child(build, MD_NODE_LIST, md_str(key), loc));
}

const struct md_node *md_check_end(struct md_check_build *build)
{
    if (build->n_open == 0)
        MD_BUG("nothing is open");
    return build->open[--build->n_open].node;
}

void md_check_text(struct md_check_build *build, const char *key, struct md_str text, struct md_loc loc)
{
    struct md_node *node = text.n > 0 ? child(build, MD_NODE_SCALAR, md_str(key), loc) : NULL;

    if (node != NULL) {
        node->is_quoted = true;
        node->text = text;
    }
}

void md_check_number(struct md_check_build *build, const char *key, int64_t number, struct md_loc loc)
{
    /* Small ones are most of them. */
    static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
    struct md_node *node = child(build, MD_NODE_SCALAR, md_str(key), loc);

    if (node == NULL)
        return;
    if (number >= 0 && number < 10)
        node->text = md_str_n(digits + 2 * number, 1);
    else
        node->text = md_str(md_arena_printf(build->arena, "%lld", (long long)number));
}

void md_check_flag(struct md_check_build *build, const char *key, bool flag, struct md_loc loc)
{
    struct md_node *node = flag ? child(build, MD_NODE_SCALAR, md_str(key), loc) : NULL;

    if (node != NULL)
        node->text = MD_LIT("true");
}

void md_check_number_of(struct md_check_build *build, const char *key, struct md_str text, struct md_loc loc)
{
    int64_t number;

    if (md_option_int(md_str_trim(text), &number) == MD_OK)
        md_check_number(build, key, number, loc);
}

void md_check_scope(struct md_check_build *build, const char *key, struct md_str name, struct md_loc loc)
{
    if (name.n == 0)
        return;
    md_check_map(build, "scope", loc);
    md_check_text(build, key, name, loc);
    (void)md_check_end(build);
}

void md_check_ref_named(struct md_check_build *build, struct md_str key, const struct md_node *node)
{
    struct md_node *ref = node != NULL ? child(build, node->kind, key, node->loc) : NULL;

    if (ref != NULL) {
        ref->is_quoted = node->is_quoted;
        ref->text = node->text;
        ref->first = node->first;
        ref->count = node->count;
    }
}

void md_check_share(struct md_check_build *build, const struct md_node *node)
{
    struct md_node *parent = build->open[build->n_open - 1].node;
    struct md_node **last = &build->open[build->n_open - 1].last;

    if (parent == NULL || node == NULL || node->first == NULL)
        return;
    if (*last == NULL)
        parent->first = node->first;
    else
        (*last)->next = node->first;
    *last = NULL; /* what belongs to another node must not be written to */
    parent->count += node->count;
    build->open[build->n_open - 1].is_shared = true;
}

void md_check_ref(struct md_check_build *build, const char *key, const struct md_node *node)
{
    md_check_ref_named(build, md_str(key), node);
}

/* ---- what every part needs ---- */

static struct md_str fold(struct md_check_build *build, struct md_str text, char from, char to)
{
    char *copy;
    size_t i;

    for (i = 0; i < text.n && (text.p[i] < from || text.p[i] > to); i++)
        ;
    if (i == text.n)
        return text;
    copy = md_arena_cstr(build->arena, text);
    for (; i < text.n; i++)
        if (copy[i] >= from && copy[i] <= to)
            copy[i] = (char)(copy[i] ^ ('a' ^ 'A'));
    return md_str_n(copy, text.n);
}

struct md_str md_check_lower(struct md_check_build *build, struct md_str text)
{
    return fold(build, text, 'A', 'Z');
}

struct md_str md_check_upper(struct md_check_build *build, struct md_str text)
{
    return fold(build, text, 'a', 'z');
}

static void note(struct md_check_build *build, const char *index, const char *name)
{
    size_t list = list_named(build, index, MD_NODE_MAP);
    struct md_node truth = {.kind = MD_NODE_SCALAR, .text = MD_LIT("true"), .loc = nowhere};

    if (index_find(build, list, md_str(name)) == NULL)
        index_add(build, list, md_str(name), &truth);
}

void md_check_note_read(struct md_check_build *build, const char *kind)
{
    note(build, "read", kind);
}

void md_check_note_unreadable(struct md_check_build *build, const char *base)
{
    note(build, "unreadable", base);
}

void md_check_long_line(struct md_check_build *build, struct md_loc loc, size_t length, bool is_comment,
                        const char *file_kind)
{
    md_check_begin(build, "long_line", loc);
    md_check_number(build, "length", (int64_t)length, loc);
    md_check_flag(build, "is_comment", is_comment, loc);
    md_check_text(build, "file_kind", md_str(file_kind), loc);
    (void)md_check_end(build);
}

/* Counts the lines of a file and notes those that are too long to be read. */
static uint32_t look_at_lines(struct md_check_build *build, const struct md_item *item, const char *file_kind,
                              struct md_str text)
{
    bool is_of_mta = item->kind != MD_ITEM_CONFIG_XML && item->kind != MD_ITEM_MSCONFIG &&
                     item->kind != MD_ITEM_CONFIGUTIL && item->kind != MD_ITEM_RECIPE;
    uint32_t number = item->first_line > 0 ? item->first_line - 1 : 0, n = 0;
    struct md_str line;

    while (md_str_next_line(&text, &line)) {
        number++;
        n++;
        if (is_of_mta && line.n > LONG_LINE)
            md_check_long_line(build, (struct md_loc){item->name, number, LONG_LINE + 1}, line.n, *line.p == '!',
                               file_kind);
    }
    return n;
}

static bool file_is_noted(const struct md_check_build *build, size_t list, const char *name)
{
    for (const struct md_node *file = build->lists[list].node->first; file != NULL; file = file->next)
        if (file->loc.file == name)
            return true;
    return false;
}

static void add_file(struct md_check_build *build, const struct md_item *item, const char *file_kind,
                     struct md_str text)
{
    struct md_loc loc = {item->name, 1, 1};

    md_check_note_read(build, file_kind);
    if (file_is_noted(build, list_named(build, "file", MD_NODE_LIST), item->name))
        return;
    md_check_begin(build, "file", loc);
    md_check_text(build, "name", md_str(item->name), loc);
    md_check_text(build, "base", md_str(item->base), loc);
    md_check_text(build, "kind", md_str(file_kind), loc);
    md_check_number(build, "lines", look_at_lines(build, item, file_kind, text), loc);
    md_check_file_state(build, item);
    (void)md_check_end(build);
}

bool md_check_read_item(struct md_check_build *build, const struct md_item *item, const char *file_kind,
                        struct md_str *ret_text)
{
    if (item == NULL || item->status != MD_OK || !md_item_text(build->ctx, item, MD_CHECK_FILE_MAX, ret_text))
        return false;
    add_file(build, item, file_kind, *ret_text);
    return true;
}

void md_check_file_of(struct md_check_build *build, const char *name, const char *file_kind)
{
    const struct md_item *const *items;
    size_t n = md_source_inventory(build->ctx->source, &items);
    struct md_str text;

    for (size_t i = 0; i < n; i++)
        if (items[i]->name == name) {
            (void)md_check_read_item(build, items[i], file_kind, &text);
            return;
        }
    md_check_note_read(build, file_kind);
}

/* "LEADING_BLANK_LINE" -> "leading-blank-line" */
static const char *const fault_names[] = {
#define MD_CNF_FAULT(id, severity, says) #id,
#include "probes/formats/msgserver/cnf_fault.def"
#undef MD_CNF_FAULT
};

static struct md_str fault_kind(struct md_check_build *build, enum md_cnf_fault_kind kind)
{
    char *name = md_arena_cstr(build->arena, md_str(fault_names[kind]));

    for (char *p = name; *p != '\0'; p++)
        *p = *p == '_' ? '-' : md_lower(*p);
    return md_str(name);
}

void md_check_faults(struct md_check_build *build, const struct md_cnf_faults *faults, const char *file_kind)
{
    struct md_str names[MD_CNF_FAULT_COUNT] = {{0}};

    for (size_t i = 0; i < faults->n; i++) {
        const struct md_cnf_fault *fault = &faults->items[i];

        if (names[fault->kind].n == 0)
            names[fault->kind] = fault_kind(build, fault->kind);
        md_check_begin(build, "fault", fault->loc);
        md_check_text(build, "kind", names[fault->kind], fault->loc);
        md_check_text(build, "file_kind", md_str(file_kind), fault->loc);
        md_check_text(build, "text", fault->text, fault->loc);
        md_check_text(build, "says", md_str(md_cnf_fault_says(fault->kind)), fault->loc);
        (void)md_check_end(build);
    }
}

/* "/..." or "IMTA_TABLE:..." */
static bool is_absolute(struct md_str path)
{
    ptrdiff_t colon = md_str_find_char(path, ':');

    if (path.n > 0 && *path.p == '/')
        return true;
    for (ptrdiff_t i = 0; i < colon; i++)
        if (!md_is_alnum(path.p[i]) && path.p[i] != '_')
            return false;
    return colon > 0;
}

void md_check_include(struct md_check_build *build, struct md_str path, struct md_loc loc, unsigned depth, bool is_read,
                      const char *file_kind)
{
    md_check_begin(build, "include", loc);
    md_check_text(build, "path", path, loc);
    md_check_number(build, "depth", (int64_t)depth, loc);
    md_check_flag(build, "is_read", is_read, loc);
    md_check_flag(build, "is_absolute", is_absolute(path), loc);
    md_check_text(build, "file_kind", md_str(file_kind), loc);
    (void)md_check_end(build);
}
