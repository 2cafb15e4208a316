#include "probes/formats/msgserver/keywords.h"

#include <stdlib.h>

#include "engine/base/num.h"

#define NAME_MAX_BYTES 32

struct md_keywords {
    struct md_keyword *items; /* sorted by name */
    size_t n, capacity;
};

static const char *const args_names[] = {
#define MD_KEYWORD_ARGS(id, name) name,
#include "probes/formats/msgserver/keyword_args.def"
#undef MD_KEYWORD_ARGS
};

static int compare(const void *a, const void *b)
{
    return md_str_cmp(((const struct md_keyword *)a)->name, ((const struct md_keyword *)b)->name);
}

static struct md_keyword *add(struct md_arena *arena, struct md_keywords *keywords, struct md_str name,
                              const struct md_node *node)
{
    struct md_keyword *keyword =
        md_arena_push(arena, &keywords->items, &keywords->n, &keywords->capacity, sizeof *keyword);

    keyword->name = name;
    keyword->node = node;
    return keyword;
}

static struct md_keyword *find(const struct md_keywords *keywords, struct md_str name)
{
    char lower[NAME_MAX_BYTES];
    size_t n = name.n < sizeof lower ? name.n : sizeof lower, low = 0, high = keywords->n;

    for (size_t i = 0; i < n; i++)
        lower[i] = md_lower(name.p[i]);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = md_str_cmp(md_str_n(lower, n), keywords->items[middle].name);

        if (order == 0)
            return &keywords->items[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* "int", "int 1..5" */
static enum md_status read_args(struct md_str text, struct md_keyword *keyword)
{
    struct md_str kind = md_str_next_word(&text);
    uint64_t min = 1, max = 1;
    size_t i;

    for (i = 0; i < MD_ARGS_COUNT && !md_str_is(kind, args_names[i]); i++)
        ;
    if (i == MD_ARGS_COUNT)
        return MD_BAD_INPUT;
    text = md_str_trim(text);
    if (text.n > 0 && (md_num_u64(&text, 64, &min) < 0 || !md_str_skip_prefix(&text, MD_LIT("..")) ||
                       md_num_all_u64(text, 64, &max) < 0 || max < 1 || max < min))
        return MD_BAD_INPUT;
    keyword->args = (enum md_keyword_args)i;
    keyword->args_min = i == MD_ARGS_NONE ? 0 : (unsigned)min;
    keyword->args_max = i == MD_ARGS_NONE ? 0 : (unsigned)max;
    return MD_OK;
}

static enum md_status read_groups(const struct md_node *groups, struct md_keywords *keywords, struct md_diags *diags)
{
    size_t number = 0;

    for (const struct md_node *group = groups != NULL ? groups->first : NULL; group != NULL; group = group->next) {
        number++;
        for (const struct md_node *member = group->first; member != NULL; member = member->next) {
            struct md_keyword *keyword = find(keywords, member->text);

            if (keyword == NULL || keyword->group != 0) {
                md_diags_add(diags, MD_ERROR, member->loc,
                             "each member of a group must be a keyword and in no other group");
                return MD_BAD_INPUT;
            }
            keyword->group = number;
        }
    }
    return MD_OK;
}

enum md_status md_keywords_read(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                                const struct md_keywords **ret)
{
    struct md_keywords *keywords = md_arena_alloc(arena, sizeof *keywords);
    const struct md_node *root = NULL, *list, *node;
    enum md_status st = md_yaml_read(arena, name, yaml, diags, &root);

    if (st < 0)
        return st;
    list = md_node_get(root, "plain");
    for (node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        add(arena, keywords, node->text, NULL);
    list = md_node_get(root, "with_arguments");
    for (node = list != NULL ? list->first : NULL; node != NULL; node = node->next) {
        struct md_keyword *keyword = add(arena, keywords, node->key, node);
        struct md_str also = md_node_text(node, "also");

        if (read_args(md_node_text(node, "args"), keyword) < 0) {
            md_diags_add(diags, MD_ERROR, node->loc,
                         "args is a kind of argument, or a kind and how many: \"int 1..5\"");
            return MD_BAD_INPUT;
        }
        if (also.n > 0) {
            struct md_keyword copy = *keyword;

            *add(arena, keywords, also, node) = copy;
            keywords->items[keywords->n - 1].name = also;
        }
    }
    if (keywords->n == 0) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){name, 0, 0}, "the table of keywords is empty");
        return MD_BAD_INPUT;
    }
    qsort(keywords->items, keywords->n, sizeof *keywords->items, compare);
    for (size_t i = 1; i < keywords->n; i++) {
        if (compare(&keywords->items[i - 1], &keywords->items[i]) == 0) {
            md_diags_add(diags, MD_ERROR, (struct md_loc){name, 0, 0}, "the keyword \"%.*s\" is listed twice",
                         MD_STR_ARG(keywords->items[i].name));
            return MD_BAD_INPUT;
        }
    }
    st = read_groups(md_node_get(root, "groups"), keywords, diags);
    if (st < 0)
        return st;
    *ret = keywords;
    return MD_OK;
}

const struct md_keyword *md_keywords_find(const struct md_keywords *keywords, struct md_str name)
{
    return find(keywords, name);
}

size_t md_keywords_count(const struct md_keywords *keywords)
{
    return keywords->n;
}

const struct md_keyword *md_keywords_at(const struct md_keywords *keywords, size_t i)
{
    return &keywords->items[i];
}

bool md_keyword_replaces(const struct md_keyword *later, const struct md_keyword *earlier)
{
    const struct md_node *resets = md_node_get(later->node, "resets");

    if (later == earlier || (later->group != 0 && later->group == earlier->group) ||
        (later->node != NULL && later->node == earlier->node))
        return true;
    for (const struct md_node *name = resets != NULL ? resets->first : NULL; name != NULL; name = name->next)
        if (md_str_eq(name->text, earlier->name))
            return true;
    return false;
}

/* Whether a version is at most that of the text "6.2". */
static bool is_until(struct md_str until, int major, int minor)
{
    uint64_t until_major = 0, until_minor = 0;

    if (md_num_u64(&until, 1000, &until_major) < 0)
        return false;
    if (md_str_skip_prefix(&until, MD_LIT(".")) && md_num_u64(&until, 1000, &until_minor) < 0)
        return false;
    return (uint64_t)major < until_major || ((uint64_t)major == until_major && (uint64_t)minor <= until_minor);
}

struct md_str md_keyword_default(const struct md_keyword *keyword, int major, int minor)
{
    const struct md_node *by_version = md_node_get(keyword->node, "defaults");

    for (const struct md_node *row = by_version != NULL ? by_version->first : NULL; row != NULL; row = row->next) {
        struct md_str until = md_node_text(row, "until");

        if (until.n == 0 || (major > 0 && is_until(until, major, minor)))
            return md_node_text(row, "value");
    }
    return md_node_text(keyword->node, "default");
}
