/*
 * Compiles rules/msgserver/failures.yaml. Every key must be known, so that a misspelt condition is no silent "always".
 */
#include "engine/base/num.h"
#include "probes/formats/msgserver/failure_priv.h"

struct compiler {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_failure_words *words;
    bool is_wrong;
};

static const char *const source_names[MD_FAILURE_SOURCES] = {"store", "lmtp", "smtp", "process", "other", "log"};

static void complain(struct compiler *c, const struct md_node *node, const char *what)
{
    md_diags_add(c->diags, MD_ERROR, node->loc, "failure texts: %s", what);
    c->is_wrong = true;
}

/* ---- values ---- */

static void read_set(struct compiler *c, const struct md_node *list, struct md_failure_set *set, bool *ret_has)
{
    for (const struct md_node *item = list->first; item != NULL; item = item->next) {
        int id = item->kind == MD_NODE_SCALAR ? md_failure_words_add(c->words, item->text) : -1;

        if (id < 0) {
            complain(c, item, "a word is expected here, and no more than 512 of them in all");
            return;
        }
        set->bits[id / 64] |= UINT64_C(1) << (id % 64);
        *ret_has = true;
    }
}

/* "550", "4xx", "5.7.1", "5.6.x" */
static bool read_pattern(struct md_str text, bool is_reply, struct md_failure_pattern *ret)
{
    struct md_str part;
    uint64_t number;

    if (is_reply) {
        if (text.n != 3)
            return false;
        for (size_t i = 0; i < 3; i++) {
            if (text.p[i] != 'x' && !md_is_digit(text.p[i]))
                return false;
            ret->part[i] = text.p[i] == 'x' ? MD_FAILURE_ANY : (uint16_t)(text.p[i] - '0');
        }
        return true;
    }
    for (size_t i = 0; i < 3; i++) {
        if (!md_str_split(&text, '.', &part))
            return false;
        if (md_str_is(part, "x"))
            ret->part[i] = MD_FAILURE_ANY;
        else if (md_num_all_u64(part, 999, &number) == MD_OK)
            ret->part[i] = (uint16_t)number;
        else
            return false;
    }
    return !md_str_split(&text, '.', &part);
}

static const struct md_failure_pattern *read_patterns(struct compiler *c, const struct md_node *list, bool is_reply,
                                                      size_t *ret_n)
{
    struct md_failure_pattern *patterns = md_arena_array(c->arena, list->count, sizeof *patterns);

    *ret_n = 0;
    for (const struct md_node *item = list->first; item != NULL; item = item->next) {
        if (item->kind != MD_NODE_SCALAR || !read_pattern(item->text, is_reply, &patterns[*ret_n]))
            complain(c, item,
                     is_reply ? "a reply code like 550 or 4xx is expected here" : "a code like 5.7.1 is expected here");
        else
            ++*ret_n;
    }
    return patterns;
}

static void read_sources(struct compiler *c, const struct md_node *list, uint8_t *ret)
{
    for (const struct md_node *item = list->first; item != NULL; item = item->next) {
        size_t i = 0;

        while (i < MD_FAILURE_SOURCES && !md_str_is(item->text, source_names[i]))
            i++;
        if (i == MD_FAILURE_SOURCES)
            complain(c, item, "no such kind of channel");
        else
            *ret = (uint8_t)(*ret | (1u << i));
    }
}

static void read_entries(struct compiler *c, const struct md_node *node, uint32_t *ret)
{
    for (size_t i = 0; i < node->text.n; i++) {
        if (node->text.p[i] < 'A' || node->text.p[i] > 'Z')
            complain(c, node, "letters of entries are upper case");
        else
            *ret |= UINT32_C(1) << (node->text.p[i] - 'A');
    }
}

static bool read_condition(struct compiler *c, const struct md_node *node, struct md_failure_condition *condition)
{
    if (md_str_is(node->key, "on"))
        read_sources(c, node, &condition->sources);
    else if (md_str_is(node->key, "entries"))
        read_entries(c, node, &condition->entries);
    else if (md_str_is(node->key, "where")) {
        if (md_str_is(node->text, "answer"))
            condition->where = MD_FAILURE_IN_ANSWER;
        else if (md_str_is(node->text, "outside"))
            condition->where = MD_FAILURE_OUTSIDE;
        else
            complain(c, node, "answer or outside is expected here");
    } else
        return false;
    return true;
}

static enum md_failure_class read_class(struct compiler *c, const struct md_node *node)
{
    enum md_failure_class class = md_failure_by_name(node->text);

    if (class != MD_FAILURE_CLASSES)
        return class;
    complain(c, node, "no such class");
    return MD_FAILURE_OTHER;
}

static const struct md_failure_variant *read_variants(struct compiler *c, const struct md_node *list, size_t *ret_n)
{
    struct md_failure_variant *variants = md_arena_array(c->arena, list->count, sizeof *variants);

    *ret_n = 0;
    for (const struct md_node *item = list->first; item != NULL; item = item->next) {
        struct md_failure_variant *variant = &variants[(*ret_n)++];
        bool has_class = false;

        variant->label = "";
        for (const struct md_node *node = item->first; node != NULL; node = node->next) {
            if (md_str_is(node->key, "class")) {
                variant->class = read_class(c, node);
                has_class = true;
            } else if (md_str_is(node->key, "label"))
                variant->label = md_arena_cstr(c->arena, node->text);
            else if (!read_condition(c, node, &variant->condition))
                complain(c, node, "no such key of another class");
        }
        if (!has_class)
            complain(c, item, "class is missing");
    }
    return variants;
}

static const struct md_str *read_texts(struct compiler *c, const struct md_node *list, size_t *ret_n)
{
    struct md_str *texts = md_arena_array(c->arena, list->count, sizeof *texts);

    *ret_n = 0;
    for (const struct md_node *item = list->first; item != NULL; item = item->next)
        texts[(*ret_n)++] = md_arena_str(c->arena, item->text);
    return texts;
}

static void read_lasts(struct compiler *c, const struct md_node *node, struct md_failure_row *row)
{
    if (md_str_is(node->text, "no"))
        row->lasts = MD_FAILURE_TEMPORARY;
    else if (md_str_is(node->text, "yes"))
        row->lasts = MD_FAILURE_PERMANENT;
    else if (md_str_is(node->text, "entry"))
        row->lasts_by_entry = true;
    else if (!md_str_is(node->text, "none"))
        complain(c, node, "no, yes, entry or none is expected here");
}

static bool read_flag(struct compiler *c, const struct md_node *node)
{
    bool value = false;

    if (md_node_bool(node, &value) != MD_OK)
        complain(c, node, "true or false is expected here");
    return value;
}

/* ---- rows ---- */

static void read_key(struct compiler *c, const struct md_node *node, struct md_failure_row *row)
{
    const struct md_str key = node->key;

    if (md_str_is(key, "row"))
        row->number = md_arena_cstr(c->arena, node->text);
    else if (md_str_is(key, "group"))
        row->group = node->text.n == 1 ? node->text.p[0] : '?';
    else if (md_str_is(key, "text"))
        read_set(c, node, &row->texts, &row->has_texts);
    else if (md_str_is(key, "word"))
        read_set(c, node, &row->words, &row->has_words);
    else if (md_str_is(key, "with"))
        read_set(c, node, &row->with, &row->has_with);
    else if (md_str_is(key, "without"))
        read_set(c, node, &row->without, &row->has_without);
    else if (md_str_is(key, "code"))
        row->codes = read_patterns(c, node, false, &row->n_codes);
    else if (md_str_is(key, "reply"))
        row->replies = read_patterns(c, node, true, &row->n_replies);
    else if (md_str_is(key, "with_code"))
        row->with_codes = read_patterns(c, node, false, &row->n_with_codes);
    else if (md_str_is(key, "with_reply"))
        row->with_replies = read_patterns(c, node, true, &row->n_with_replies);
    else if (md_str_is(key, "file"))
        row->files = read_texts(c, node, &row->n_files);
    else if (md_str_is(key, "class"))
        row->class = read_class(c, node);
    else if (md_str_is(key, "label"))
        row->label = md_arena_cstr(c->arena, node->text);
    else if (md_str_is(key, "lasts"))
        read_lasts(c, node, row);
    else if (md_str_is(key, "but"))
        row->variants = read_variants(c, node, &row->n_variants);
    else if (md_str_is(key, "vague"))
        row->is_vague = read_flag(c, node);
    else if (md_str_is(key, "fallback"))
        row->is_fallback = read_flag(c, node);
    else if (md_str_is(key, "empty"))
        row->is_empty = read_flag(c, node);
    else if (md_str_is(key, "any"))
        row->is_any = read_flag(c, node);
    else if (md_str_is(key, "unsent"))
        row->is_unsent = read_flag(c, node);
    else if (!md_str_is(key, "src") && !md_str_is(key, "eg") && !read_condition(c, node, &row->condition))
        complain(c, node, "no such key of a row");
}

static void read_row(struct compiler *c, const struct md_node *node, struct md_failure_row *row)
{
    row->class = MD_FAILURE_CLASSES;
    row->number = "";
    row->label = "";
    for (const struct md_node *key = node->first; key != NULL; key = key->next)
        read_key(c, key, row);
    if (row->class == MD_FAILURE_CLASSES || row->number[0] == '\0' || row->label[0] == '\0')
        complain(c, node, "a row needs row, class and label");
    if (!row->has_texts && !row->has_words && row->n_codes == 0 && row->n_replies == 0 && row->n_files == 0 &&
        !row->is_empty && !row->is_any)
        complain(c, node, "a row needs something to hold on to");
}

enum md_status md_failure_compile(struct md_arena *arena, const struct md_node *root, struct md_diags *diags,
                                  const struct md_failure_table **ret)
{
    struct compiler c = {.arena = arena, .diags = diags, .words = md_failure_words_new(arena)};
    const struct md_node *list = md_node_get(root, "failures");
    struct md_failure_table *table = md_arena_alloc(arena, sizeof *table);
    struct md_failure_row *rows;

    if (list == NULL || list->kind != MD_NODE_LIST || list->count == 0 || list->count > MD_FAILURE_ROWS_MAX) {
        md_diags_add(diags, MD_ERROR, root != NULL ? root->loc : (struct md_loc){0},
                     "failure texts: a list `failures` of at most %d rows is expected", MD_FAILURE_ROWS_MAX);
        return MD_BAD_INPUT;
    }
    rows = md_arena_array(arena, list->count, sizeof *rows);
    for (const struct md_node *node = list->first; node != NULL; node = node->next)
        read_row(&c, node, &rows[table->count++]);
    if (c.is_wrong)
        return MD_BAD_INPUT;
    md_failure_words_build(c.words);
    table->words = c.words;
    table->rows = rows;
    *ret = table;
    return MD_OK;
}
