#include "probes/site.h"

#include "engine/base/display.h"

struct reader {
    struct md_arena *arena;
    struct md_diags *diags;
};

const struct md_site_entry *md_site_find(const struct md_site_list *list, struct md_str name)
{
    for (size_t i = 0; i < list->n; i++)
        if (md_str_eq_nocase(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

static const char *shown(const struct reader *reader, struct md_str text)
{
    return md_display_max(reader->arena, text, 80);
}

static void add(const struct reader *reader, struct md_site_list *list, struct md_site_entry *items, struct md_str key,
                const struct md_site_entry *entry)
{
    list->items = items;
    if (md_site_find(list, entry->name) != NULL) {
        md_diags_add(reader->diags, MD_WARNING, entry->loc, "%s: %s is given twice; the first counts",
                     shown(reader, key), shown(reader, entry->name));
        return;
    }
    items[list->n++] = *entry;
}

/* A list of names. */
static void read_names(const struct reader *reader, const struct md_node *node, struct md_site_list *ret)
{
    struct md_site_entry *items;

    ret->loc = node->loc;
    if (node->kind == MD_NODE_NULL)
        return;
    if (node->kind != MD_NODE_LIST) {
        md_diags_add(reader->diags, MD_WARNING, node->loc, "%s must be a list of names", shown(reader, node->key));
        return;
    }
    items = md_arena_array(reader->arena, node->count + 1, sizeof *items);
    for (const struct md_node *item = node->first; item != NULL; item = item->next) {
        const struct md_site_entry entry = {.name = md_str_trim(item->text), .loc = item->loc};

        if (item->kind != MD_NODE_SCALAR || entry.name.n == 0)
            md_diags_add(reader->diags, MD_WARNING, item->loc, "%s must be a list of names; this is none",
                         shown(reader, node->key));
        else
            add(reader, ret, items, node->key, &entry);
    }
}

/* A map of names to numbers of messages. */
static void read_counts(const struct reader *reader, const struct md_node *node, struct md_site_list *ret)
{
    struct md_site_entry *items;

    ret->loc = node->loc;
    if (node->kind == MD_NODE_NULL)
        return;
    if (node->kind != MD_NODE_MAP) {
        md_diags_add(reader->diags, MD_WARNING, node->loc, "%s must give a number of messages for each channel",
                     shown(reader, node->key));
        return;
    }
    items = md_arena_array(reader->arena, node->count + 1, sizeof *items);
    for (const struct md_node *item = node->first; item != NULL; item = item->next) {
        struct md_site_entry entry = {.name = item->key, .loc = item->loc};

        if (md_node_u64(item, &entry.count) == MD_OK)
            add(reader, ret, items, node->key, &entry);
        else
            md_diags_add(reader->diags, MD_WARNING, item->loc, "%s: %s must be a number of messages",
                         shown(reader, node->key), shown(reader, item->key));
    }
}

/* Only its form: whether the ids exist is known to whoever has the rules. */
static const struct md_node *read_accepted(const struct reader *reader, const struct md_node *node)
{
    if (node->kind == MD_NODE_NULL)
        return NULL;
    if (node->kind != MD_NODE_LIST) {
        md_diags_add(reader->diags, MD_WARNING, node->loc, "%s must be a list of entries with `id` and `because`",
                     shown(reader, node->key));
        return NULL;
    }
    for (const struct md_node *item = node->first; item != NULL; item = item->next)
        if (item->kind != MD_NODE_MAP)
            md_diags_add(reader->diags, MD_WARNING, item->loc,
                         "%s: an entry must have `id` and `because`; this has not", shown(reader, node->key));
    return node;
}

enum md_status md_site_read(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                            const struct md_site **ret)
{
    const struct reader reader = {arena, diags};
    const struct md_node *root;
    struct md_site *site = md_arena_alloc(arena, sizeof *site);
    struct {
        const char *key;
        struct md_site_list *list;
    } const lists[] = {{"slow_destinations", &site->slow_destinations},
                       {"own_domains", &site->own_domains},
                       {"keep", &site->keep},
                       {"ordinary", &site->ordinary}};
    enum md_status status = md_yaml_read(arena, name, yaml, diags, &root);

    if (status != MD_OK)
        return status;
    if (root->kind != MD_NODE_MAP && root->kind != MD_NODE_NULL) {
        md_diags_add(diags, MD_ERROR, root->loc,
                     "a site file is a map: ordinary, slow_destinations, own_domains, keep, accept");
        return MD_BAD_INPUT;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        lists[i].list->loc = (struct md_loc){.file = root->loc.file};
    for (const struct md_node *node = root->first; node != NULL; node = node->next) {
        size_t i = 0;

        while (i < sizeof lists / sizeof *lists && !md_str_is(node->key, lists[i].key))
            i++;
        if (i < sizeof lists / sizeof *lists && lists[i].list == &site->ordinary)
            read_counts(&reader, node, &site->ordinary);
        else if (i < sizeof lists / sizeof *lists)
            read_names(&reader, node, lists[i].list);
        else if (md_str_is(node->key, "accept"))
            site->accept = read_accepted(&reader, node);
        else
            md_diags_add(diags, MD_WARNING, node->loc, "there is no key %s in a site file", shown(&reader, node->key));
    }
    *ret = site;
    return MD_OK;
}
