/*
 * Compiles rules/calendar/messages.yaml. Every key must be known, so that a misspelt condition is no silent "always".
 */
#include "engine/base/num.h"
#include "probes/formats/calendar/message_priv.h"

#define NUMBER_MAX 9999
#define ROWS_MAX 200

struct compiler {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_caldb_table *table;
    bool is_wrong;
};

static const char *const sign_names[] = {
#define MD_CALDB_SIGN(id, name) name,
#include "probes/formats/calendar/caldb_sign.def"
#undef MD_CALDB_SIGN
};

static void complain(struct compiler *c, const struct md_node *node, const char *what)
{
    md_diags_add(c->diags, MD_ERROR, node->loc, "messages of the calendar database: %s", what);
    c->is_wrong = true;
}

static bool read_flag(struct compiler *c, const struct md_node *node)
{
    bool value = false;

    if (md_node_bool(node, &value) != MD_OK)
        complain(c, node, "true or false is expected here");
    return value;
}

/* "magic number ... , not 40988": what stands between the dots, in this order. */
static void read_pattern(struct compiler *c, const struct md_node *node, struct md_caldb_pattern *ret)
{
    struct md_str rest = node->text;

    while (rest.n > 0) {
        ptrdiff_t dots = md_str_find(rest, MD_LIT(" ... "));
        struct md_str piece = dots < 0 ? rest : md_str_sub(rest, 0, (size_t)dots);
        int id = md_failure_words_add(c->table->words, piece);

        if (id < 0 || ret->n == MD_CALDB_PIECES_MAX) {
            complain(c, node, "a text of at most four pieces is expected here");
            return;
        }
        ret->piece[ret->n++] = (uint16_t)id;
        rest = dots < 0 ? md_str("") : md_str_from(rest, (size_t)dots + 5);
    }
}

static void read_patterns(struct compiler *c, const struct md_node *list, struct md_caldb_patterns *ret)
{
    struct md_caldb_pattern *items = md_arena_array(c->arena, list->count + 1, sizeof *items);

    if (list->kind != MD_NODE_LIST)
        complain(c, list, "a list of texts is expected here");
    for (const struct md_node *item = list->first; item != NULL; item = item->next)
        read_pattern(c, item, &items[ret->n++]);
    ret->items = items;
}

/* "530" or "2506-2509" */
static void read_numbers(struct compiler *c, const struct md_node *list, struct md_caldb_row *row)
{
    struct md_caldb_numbers *numbers = md_arena_array(c->arena, list->count + 1, sizeof *numbers);

    for (const struct md_node *item = list->first; item != NULL; item = item->next) {
        struct md_str rest = item->text;
        uint64_t from = 0, until = 0;
        bool is_good = md_num_u64(&rest, NUMBER_MAX, &from) == MD_OK;

        until = from;
        if (is_good && md_str_skip_prefix(&rest, MD_LIT("-")))
            is_good = md_num_u64(&rest, NUMBER_MAX, &until) == MD_OK;
        if (!is_good || rest.n > 0 || until < from)
            complain(c, item, "a number of a message or a range of them is expected here");
        else
            numbers[row->n_numbers++] = (struct md_caldb_numbers){(uint32_t)from, (uint32_t)until};
    }
    row->numbers = numbers;
}

static int find_class(const struct md_caldb_table *table, struct md_str name)
{
    for (size_t i = 0; i < table->n_names; i++)
        if (md_str_is(name, table->names[i]))
            return (int)i;
    return -1;
}

static size_t class_of(struct compiler *c, const struct md_node *node)
{
    int found = find_class(c->table, node->text);

    if (found >= 0)
        return (size_t)found;
    if (node->text.n == 0 || c->table->n_names == MD_CALDB_CLASSES_MAX) {
        complain(c, node, "no name of a class, or too many of them");
        return 0;
    }
    c->table->names[c->table->n_names] = md_arena_cstr(c->arena, node->text);
    return c->table->n_names++;
}

static void read_row(struct compiler *c, const struct md_node *node, struct md_caldb_row *row)
{
    const struct md_node *name = md_node_get(node, "class");

    if (name == NULL) {
        complain(c, node, "class is missing");
        return;
    }
    row->class_index = class_of(c, name);
    for (const struct md_node *key = node->first; key != NULL; key = key->next) {
        if (md_str_is(key->key, "numbers"))
            read_numbers(c, key, row);
        else if (md_str_is(key->key, "text"))
            read_patterns(c, key, &row->text);
        else if (md_str_is(key->key, "errno"))
            row->needs_errno = read_flag(c, key);
        else if (md_str_is(key->key, "follows"))
            row->follows = read_flag(c, key);
        else if (md_str_is(key->key, "quiet"))
            row->is_quiet = read_flag(c, key);
        else if (!md_str_is(key->key, "class") && !md_str_is(key->key, "src"))
            complain(c, key, "no such key of a class");
    }
    c->table->follows[row->class_index] |= row->follows;
    c->table->is_quiet[row->class_index] |= row->is_quiet;
    if (row->text.n == 0 && row->n_numbers == 0)
        complain(c, node, "a class needs numbers or texts");
}

static void read_values(struct compiler *c, const struct md_node *map, struct md_caldb_code *code)
{
    for (const struct md_node *value = map->first; value != NULL; value = value->next) {
        int64_t number;

        if (code->n == MD_CALDB_VERSIONS_MAX || md_num_all_i64(value->text, -39999, -1, &number) != MD_OK) {
            complain(c, value, "a negative number for at most eight versions is expected here");
            return;
        }
        code->at[code->n].library = md_arena_cstr(c->arena, value->key);
        code->at[code->n++].value = (int)number;
    }
}

static void read_code(struct compiler *c, const struct md_node *node, struct md_caldb_code *code)
{
    code->class_index = -1;
    code->name = md_arena_cstr(c->arena, md_node_text(node, "code"));
    for (const struct md_node *key = node->first; key != NULL; key = key->next) {
        if (md_str_is(key->key, "class"))
            code->class_index = find_class(c->table, key->text);
        else if (md_str_is(key->key, "values"))
            read_values(c, key, code);
        else if (!md_str_is(key->key, "code"))
            complain(c, key, "no such key of a return code");
        if (md_str_is(key->key, "class") && code->class_index < 0)
            complain(c, key, "no such class");
    }
    if (code->name[0] == '\0' || code->n == 0)
        complain(c, node, "a return code needs a name and values");
}

static void read_processes(struct compiler *c, const struct md_node *list, struct md_caldb_sign_row *row)
{
    struct md_str *names = md_arena_array(c->arena, list->count + 1, sizeof *names);

    for (const struct md_node *item = list->first; item != NULL; item = item->next)
        names[row->n_processes++] = md_arena_str(c->arena, item->text);
    row->processes = names;
}

static void read_sign(struct compiler *c, const struct md_node *node, struct md_caldb_sign_row *row)
{
    bool is_known = false;

    for (const struct md_node *key = node->first; key != NULL; key = key->next) {
        if (md_str_is(key->key, "sign")) {
            for (size_t i = 0; i < MD_CALDB_SIGNS && !is_known; i++) {
                is_known = md_str_is(key->text, sign_names[i]);
                row->sign = (enum md_caldb_sign)i;
            }
        } else if (md_str_is(key->key, "level")) {
            row->level = md_str_is(key->text, "error") ? MD_NSLOG_ERROR : MD_NSLOG_WARNING;
            if (row->level == MD_NSLOG_WARNING && !md_str_is(key->text, "warning"))
                complain(c, key, "error or warning is expected here");
        } else if (md_str_is(key->key, "process")) {
            read_processes(c, key, row);
        } else if (md_str_is(key->key, "text")) {
            read_patterns(c, key, &row->text);
        } else if (md_str_is(key->key, "with")) {
            read_patterns(c, key, &row->with);
        } else if (md_str_is(key->key, "without")) {
            read_patterns(c, key, &row->without);
        } else if (!md_str_is(key->key, "src")) {
            complain(c, key, "no such key of a sign");
        }
    }
    if (!is_known || row->text.n == 0)
        complain(c, node, "a sign needs its name and texts");
}

static const struct md_node *list_of(struct compiler *c, const struct md_node *root, const char *name)
{
    const struct md_node *list = md_node_get(root, name);

    if (list != NULL && list->kind == MD_NODE_LIST && list->count > 0 && list->count <= ROWS_MAX)
        return list;
    md_diags_add(c->diags, MD_ERROR, root != NULL ? root->loc : (struct md_loc){0},
                 "messages of the calendar database: a list `%s` of at most %d rows is expected", name, ROWS_MAX);
    c->is_wrong = true;
    return NULL;
}

enum md_status md_caldb_table_compile(struct md_arena *arena, const struct md_node *root, struct md_diags *diags,
                                      const struct md_caldb_table **ret)
{
    struct md_caldb_table *table = md_arena_alloc(arena, sizeof *table);
    struct compiler c = {.arena = arena, .diags = diags, .table = table};
    const struct md_node *classes = list_of(&c, root, "classes"), *codes = list_of(&c, root, "codes");
    const struct md_node *signs = list_of(&c, root, "signs");
    struct md_caldb_row *rows;
    struct md_caldb_code *code_rows;
    struct md_caldb_sign_row *sign_rows;

    if (c.is_wrong)
        return MD_BAD_INPUT;
    table->words = md_failure_words_new(arena);
    table->rows = rows = md_arena_array(arena, classes->count, sizeof *rows);
    table->codes = code_rows = md_arena_array(arena, codes->count, sizeof *code_rows);
    table->signs = sign_rows = md_arena_array(arena, signs->count, sizeof *sign_rows);
    for (const struct md_node *node = classes->first; node != NULL; node = node->next)
        read_row(&c, node, &rows[table->n_rows++]);
    for (const struct md_node *node = codes->first; node != NULL; node = node->next)
        read_code(&c, node, &code_rows[table->n_codes++]);
    for (const struct md_node *node = signs->first; node != NULL; node = node->next)
        read_sign(&c, node, &sign_rows[table->n_signs++]);
    if (c.is_wrong)
        return MD_BAD_INPUT;
    md_failure_words_build(table->words);
    *ret = table;
    return MD_OK;
}

size_t md_caldb_class_count(const struct md_caldb_table *table)
{
    return table->n_names;
}

const char *md_caldb_class_name(const struct md_caldb_table *table, size_t class_index)
{
    return class_index < table->n_names ? table->names[class_index] : "";
}
