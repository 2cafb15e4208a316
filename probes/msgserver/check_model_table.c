/* What the table of options says of the options of a tree: "def" of each, and the names there are. */
#include "engine/base/node_build.h"
#include "probes/msgserver/check_model_priv.h"
#include "probes/msgserver/check_model_table.h"
#include "probes/msgserver/world.h"

#define OPTIONS "msgserver/options.yaml"
#define ICS_KEYS "calendar/ics_keys.yaml"

static enum md_status read_table(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                                 const void **ret)
{
    const struct md_option_table *table;
    enum md_status status = md_option_table_read(arena, name, yaml, diags, &table);

    if (status == MD_OK)
        *ret = table;
    return status;
}

const struct md_option_table *md_check_option_table(struct md_check_build *build)
{
    struct md_msgserver_world *world = build->ctx->msgserver;

    if (world->options == NULL)
        world->options = md_probe_table(build->ctx, OPTIONS, read_table);
    return world->options;
}

const struct md_option_table *md_check_ics_table(struct md_check_build *build)
{
    struct md_msgserver_world *world = build->ctx->msgserver;

    if (world->ics_keys == NULL)
        world->ics_keys = md_probe_table(build->ctx, ICS_KEYS, read_table);
    return world->ics_keys;
}

static struct md_node *append(struct md_arena *arena, struct md_node *map, struct md_node **last, const char *key,
                              struct md_node child)
{
    struct md_node *node = md_arena_alloc(arena, sizeof *node);

    *node = child;
    node->key = md_str(key);
    node->next = NULL;
    md_node_append(map, last, node);
    return node;
}

static void field(struct md_arena *arena, struct md_node *map, struct md_node **last, const char *key,
                  struct md_str text, bool is_quoted)
{
    if (text.n > 0)
        append(arena, map, last, key,
               (struct md_node){.kind = MD_NODE_SCALAR, .is_quoted = is_quoted, .text = text, .loc = map->loc});
}

static void number(struct md_arena *arena, struct md_node *map, struct md_node **last, const char *key, bool has,
                   int64_t value)
{
    if (has)
        field(arena, map, last, key, md_str(md_arena_printf(arena, "%lld", (long long)value)), false);
}

const struct md_node *md_check_definition(struct md_check_build *build, const struct md_option_def *def,
                                          struct md_str section_type)
{
    struct md_arena *arena = build->arena;
    const struct md_node *values;
    struct md_node *map, *last = NULL;
    bool is_in_section;

    if (def == NULL)
        return NULL;
    is_in_section = md_option_def_in_section(def, section_type);
    map = md_arena_alloc(arena, sizeof *map);
    map->kind = MD_NODE_MAP;
    if (def->node != NULL)
        map->loc = def->node->loc;
    field(arena, map, &last, "name", def->name, true);
    field(arena, map, &last, "file", def->file, true);
    field(arena, map, &last, "unified", def->path, true);
    if (def->has_type)
        field(arena, map, &last, "type", md_str(md_option_type_name(def->type)), true);
    field(arena, map, &last, "unit", md_node_text(def->node, "unit"), true);
    number(arena, map, &last, "low", def->has_low, def->low);
    number(arena, map, &last, "high", def->has_high, def->high);
    field(arena, map, &last, "since", md_node_text(def->node, "since"), true);
    field(arena, map, &last, "until", md_node_text(def->node, "until"), true);
    field(arena, map, &last, "default",
          md_option_def_default(def, build->ctx->msgserver->version_major, build->ctx->msgserver->version_minor), true);
    field(arena, map, &last, "tag", md_node_text(def->node, "tag"), true);
    if (def->is_family)
        field(arena, map, &last, "is_family", MD_LIT("true"), false);
    if (!is_in_section)
        field(arena, map, &last, "is_elsewhere", MD_LIT("true"), false);
    if ((values = md_node_get(def->node, "values")) != NULL)
        append(arena, map, &last, "values", *values);
    return map;
}

static const struct md_node *option_def(struct md_check_build *build, const char *file_kind, struct md_str section_type,
                                        struct md_str name)
{
    const struct md_option_table *table = md_check_option_table(build);
    const struct md_option_def *def = table != NULL ? md_option_table_find(table, md_str(file_kind), name) : NULL;

    /* What is a parameter of its own elsewhere stands in the group of the MTA, too: mta.enable */
    if (def == NULL && table != NULL && build->config->is_unified && md_str_is(md_str(file_kind), "option.dat"))
        def = md_option_table_find_path(table, md_str(md_arena_printf(build->arena, "mta.%.*s", MD_STR_ARG(name))));
    return md_check_definition(build, def, section_type);
}

void md_check_option_names(struct md_check_build *build, const struct md_option_table *table)
{
    struct md_node *map = NULL, *last = NULL;
    size_t n = table != NULL ? md_option_table_count(table) : 0;

    for (size_t i = 0; i < n; i++) {
        const struct md_option_def *def = md_option_table_at(table, i);
        bool is_path = build->config->is_unified && md_str_is(def->file, "configutil");
        struct md_str name = is_path ? def->path : def->name;

        if (map == NULL || !md_str_eq(map->key, def->file)) {
            if (map != NULL)
                (void)md_check_index(build, "option_names", map->key, map);
            map = md_arena_alloc(build->arena, sizeof *map);
            map->kind = MD_NODE_MAP;
            map->key = def->file;
            last = NULL;
        }
        append(build->arena, map, &last, "", (struct md_node){.kind = MD_NODE_SCALAR, .is_quoted = true, .text = name})
            ->key = name;
    }
    if (map != NULL)
        (void)md_check_index(build, "option_names", map->key, map);
}

void md_check_part_option_table(struct md_check_build *build)
{
    const struct md_option_table *table = md_check_option_table(build);

    if (table == NULL)
        return;
    build->option_def = option_def;
    md_check_option_names(build, table);
}
