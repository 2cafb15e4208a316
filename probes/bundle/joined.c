/* A live host, joined by what a person gave beside it. */
#include "probes/source/source_priv.h"

#define TEXT_MAX ((size_t)64 << 20)

/* The item in the arena of the source that it joins. */
static void join(struct md_source *live, struct md_source *given, const struct md_item *item)
{
    struct md_arena *arena = live->arena;
    struct md_item own = *item;
    struct md_str text;

    if (item->kind == MD_ITEM_OTHER || item->kind == MD_ITEM_QUEUE_TREE ||
        md_source_read_all(given, item, arena, TEXT_MAX, &text) < 0)
        return;
    own.name = md_arena_cstr(arena, md_str(item->name));
    own.path = item->path != NULL ? md_arena_cstr(arena, md_str(item->path)) : NULL;
    own.base = md_arena_cstr(arena, md_str(item->base));
    own.command = item->command != NULL ? md_arena_cstr(arena, md_str(item->command)) : NULL;
    own.root = item->root != NULL ? md_arena_cstr(arena, md_str(item->root)) : NULL;
    live->ops->join(live, &own, text);
}

enum md_status md_source_open_live_with(const struct md_source_options *options, struct md_diags *diags,
                                        struct md_source **ret)
{
    const struct md_item *const *items;
    struct md_source *given;
    size_t n;
    enum md_status status = md_source_open_live(options, diags, ret);

    if (status < 0 || options->n_texts == 0)
        return status;
    status = md_source_open_texts("what was given", options, diags, &given);
    if (status < 0) {
        md_source_free(ret);
        return status;
    }
    n = md_source_inventory(given, &items);
    for (size_t i = 0; i < n; i++)
        join(*ret, given, items[i]);
    md_source_free(&given);
    return MD_OK;
}
