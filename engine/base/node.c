#include "engine/base/node.h"

#include "engine/base/num.h"

static const struct md_node *child(const struct md_node *node, struct md_str key)
{
    const struct md_node *at;

    if (node == NULL || node->kind != MD_NODE_MAP)
        return NULL;
    for (at = node->first; at != NULL; at = at->next)
        if (md_str_eq(at->key, key))
            return at;
    return NULL;
}

const struct md_node *md_node_get(const struct md_node *node, const char *key)
{
    return child(node, md_str(key));
}

const struct md_node *md_node_path(const struct md_node *node, const char *path)
{
    struct md_str rest = md_str(path), part;

    while (node != NULL && md_str_split(&rest, '/', &part))
        node = child(node, part);
    return node;
}

struct md_str md_node_text(const struct md_node *node, const char *key)
{
    const struct md_node *found = md_node_get(node, key);

    return found != NULL && found->kind == MD_NODE_SCALAR ? found->text : MD_LIT("");
}

static enum md_status plain_text(const struct md_node *node, struct md_str *ret)
{
    if (node == NULL)
        return MD_NOT_FOUND;
    if (node->kind != MD_NODE_SCALAR || node->is_quoted)
        return MD_BAD_INPUT;
    *ret = node->text;
    return MD_OK;
}

enum md_status md_node_bool(const struct md_node *node, bool *ret)
{
    struct md_str text;
    enum md_status st = plain_text(node, &text);

    if (st < 0)
        return st;
    if (md_str_is_nocase(text, "true") || md_str_is_nocase(text, "yes"))
        *ret = true;
    else if (md_str_is_nocase(text, "false") || md_str_is_nocase(text, "no"))
        *ret = false;
    else
        return MD_BAD_INPUT;
    return MD_OK;
}

enum md_status md_node_double(const struct md_node *node, double *ret)
{
    struct md_str text;
    enum md_status st = plain_text(node, &text);

    return st < 0 ? st : md_num_all_double(text, ret);
}

enum md_status md_node_u64(const struct md_node *node, uint64_t *ret)
{
    struct md_str text;
    enum md_status st = plain_text(node, &text);

    return st < 0 ? st : md_num_all_u64(text, UINT64_MAX, ret);
}
