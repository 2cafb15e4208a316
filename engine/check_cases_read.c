#include "engine/base/display.h"
#include "engine/check_cases_priv.h"

#define EXTENDS_MAX 8

const struct md_node *md_check_yaml(const struct md_rule_file *file, struct md_arena *arena, struct md_diags *diags)
{
    const char *name = md_arena_printf(arena, "rules/%s", file->path);
    const struct md_node *node;

    return md_yaml_read(arena, name, file->text, diags, &node) == MD_OK ? node : NULL;
}

/* Keys that there are not. */
static void check_keys(const struct md_node *map, const char *const *keys, const char *what, struct md_arena *arena,
                       struct md_diags *diags)
{
    const struct md_node *child;
    size_t i;

    if (map->kind != MD_NODE_MAP) {
        md_diags_add(diags, MD_ERROR, map->loc, "%s is a map", what);
        return;
    }
    for (child = map->first; child != NULL; child = child->next) {
        for (i = 0; keys[i] != NULL && !md_str_is(child->key, keys[i]); i++)
            ;
        if (keys[i] == NULL)
            md_diags_add(diags, MD_ERROR, child->loc, "%s knows no \"%s\"", what, md_display(arena, child->key));
    }
}

/* ---- bases ---- */

static const struct md_rule_file *base_file(const struct md_checks *checks, struct md_str product, struct md_str name,
                                            struct md_arena *arena)
{
    const char *path = md_arena_printf(arena, "%.*s/check/base/%.*s.yaml", MD_STR_ARG(product), MD_STR_ARG(name));
    size_t i;

    for (i = 0; i < checks->n_files; i++)
        if (strcmp(checks->files[i].path, path) == 0)
            return &checks->files[i];
    return NULL;
}

struct files {
    struct md_check_case_file *list;
    size_t n, capacity;
};

static void set_file(struct files *files, const struct md_node *node, struct md_arena *arena)
{
    const char *path = md_arena_cstr(arena, node->key);
    size_t i;

    for (i = 0; i < files->n && strcmp(files->list[i].path, path) != 0; i++)
        ;
    if (node->kind == MD_NODE_NULL) { /* not there in this one */
        if (i < files->n)
            files->list[i] = files->list[--files->n];
        return;
    }
    if (i == files->n)
        md_arena_push(arena, &files->list, &files->n, &files->capacity, sizeof *files->list);
    files->list[i] = (struct md_check_case_file){path, node->text};
}

/* The files of a base over those of the one that it extends. */
static const struct md_node *read_base(const struct md_checks *checks, struct check_base *base, struct md_str name,
                                       int depth, struct files *files, struct md_arena *arena, struct md_diags *diags)
{
    static const char *const keys[] = {"version", "extends", "files", "about", NULL};
    const struct md_rule_file *file = base_file(checks, base->product, name, arena);
    const struct md_node *node = file != NULL ? md_check_yaml(file, arena, diags) : NULL, *child;
    struct md_str below = md_node_text(node, "extends");

    if (node == NULL)
        return NULL;
    check_keys(node, keys, "a base", arena, diags);
    if (below.n > 0 &&
        (depth == EXTENDS_MAX || read_base(checks, base, below, depth + 1, files, arena, diags) == NULL)) {
        md_diags_add(diags, MD_ERROR, node->loc, "there is no base %s to extend", md_display(arena, below));
        return NULL;
    }
    child = md_node_get(node, "files");
    for (child = child != NULL ? child->first : NULL; child != NULL; child = child->next)
        set_file(files, child, arena);
    if (md_node_text(node, "version").n > 0)
        base->config.version = md_arena_cstr(arena, md_node_text(node, "version"));
    return node;
}

struct check_base *md_check_cases_base(const struct check_cases *all, const struct check_case *c)
{
    size_t i;

    for (i = 0; i < all->n_bases; i++)
        if (md_str_eq(all->bases[i]->name, c->base) && md_str_eq(all->bases[i]->product, c->product))
            return all->bases[i];
    return NULL;
}

static void need_base(const struct md_checks *checks, struct check_cases *all, const struct check_case *c,
                      struct md_arena *arena, struct md_diags *diags)
{
    struct files files = {0};
    struct check_base *base, **entry;

    if (md_check_cases_base(all, c) == NULL) {
        base = md_arena_alloc(arena, sizeof *base);
        base->product = c->product;
        base->name = c->base;
        base->node = read_base(checks, base, c->base, 0, &files, arena, diags);
        base->loc = base->node != NULL ? base->node->loc : c->node->loc;
        base->config.product = md_arena_cstr(arena, c->product);
        base->config.files = files.list;
        base->config.n = files.n;
        entry = md_arena_push(arena, &all->bases, &all->n_bases, &all->bases_capacity, sizeof *entry);
        *entry = base;
    }
    if (md_check_cases_base(all, c)->node == NULL)
        md_diags_add(diags, MD_ERROR, c->node->loc, "there is no base %s in %s/check/base", md_display(arena, c->base),
                     md_display(arena, c->product));
}

/* ---- cases ---- */

static void check_edits(const struct md_node *list, const char *what, struct md_arena *arena, struct md_diags *diags)
{
    static const char *const keys[] = {"file", "replace", "with",  "append",  "prepend", "new", "remove",
                                       "at",   "also",    "edits", "because", "facts",   NULL};
    const struct md_node *edit, *part;

    if (list == NULL)
        return;
    if (list->kind != MD_NODE_LIST) {
        md_diags_add(diags, MD_ERROR, list->loc, "`%s` is a list", what);
        return;
    }
    for (edit = list->first; edit != NULL; edit = edit->next) {
        check_keys(edit, keys, "an edit", arena, diags);
        part = md_node_get(edit, "edits");
        for (part = part != NULL ? part->first : NULL; part != NULL; part = part->next)
            check_keys(part, keys, "an edit", arena, diags);
    }
}

static void read_case(const struct md_checks *checks, struct check_cases *all, const struct md_rule_file *file,
                      const struct md_node *node, struct md_arena *arena, struct md_diags *diags)
{
    static const char *const keys[] = {"check", "base", "fires", "silent", "because", NULL};
    struct check_case *c;

    check_keys(node, keys, "a case of a check", arena, diags);
    if (node->kind != MD_NODE_MAP)
        return;
    c = md_arena_push(arena, &all->cases, &all->n, &all->capacity, sizeof *c);
    *c = (struct check_case){.path = file->path,
                             .node = node,
                             .product = md_check_product(md_str(file->path)),
                             .id = md_node_text(node, "check"),
                             .base = md_node_text(node, "base"),
                             .fires = md_node_get(node, "fires"),
                             .silent = md_node_get(node, "silent")};
    if (md_checks_find(checks, c->id) == NULL)
        md_diags_add(diags, MD_ERROR, node->loc, "a case is of the check %s, which does not exist",
                     c->id.n > 0 ? md_display(arena, c->id) : "(none)");
    check_edits(c->fires, "fires", arena, diags);
    check_edits(c->silent, "silent", arena, diags);
    need_base(checks, all, c, arena, diags);
}

void md_check_cases_read(const struct md_checks *checks, struct md_arena *arena, struct md_diags *diags,
                         struct check_cases *ret)
{
    const struct md_node *list, *node;
    size_t i;

    *ret = (struct check_cases){0};
    for (i = 0; i < checks->n_files; i++) {
        if (!md_str_has_suffix(md_str(checks->files[i].path), MD_LIT(".checks.yaml")))
            continue;
        list = md_check_yaml(&checks->files[i], arena, diags);
        if (list != NULL && list->kind != MD_NODE_LIST)
            md_diags_add(diags, MD_ERROR, list->loc, "a file of cases is a list");
        for (node = list != NULL && list->kind == MD_NODE_LIST ? list->first : NULL; node != NULL; node = node->next)
            read_case(checks, ret, &checks->files[i], node, arena, diags);
    }
}
