/*
 * Options of option.dat, job_controller.cnf, dispatcher.cnf, imta_tailor and channel option files, and their sections. What the Unified
 * Configuration has of them stands there, too, under the names that the files use.
 */
#include "probes/msgserver/check_model_priv.h"

/* One file, or one group of values of the Unified Configuration. */
struct file {
    const char *kind;
    const char *index;     /* of the root, for the options before the first section; NULL: none */
    struct md_str channel; /* whose options they are; empty: nobody's */
};

struct list {
    const struct md_node **nodes;
    size_t n, capacity;
};

/* ---- one option ---- */

/* `seen`: names of this section so far -> node. */
static const struct md_node *add_option(struct md_check_build *build, const struct file *file,
                                        const struct md_option_section *section, struct md_str name,
                                        struct md_str value, struct md_loc loc, struct md_loc value_loc,
                                        struct md_map *seen, uint64_t scope)
{
    struct md_str upper = md_check_upper(build, name);
    const struct md_node *node, *earlier = md_map_find(seen, scope, upper);

    md_check_begin(build, "option", loc);
    md_check_text(build, "name", upper, loc);
    if (!md_str_eq(upper, name))
        md_check_text(build, "as_written", name, loc);
    md_check_text(build, "value", value, value_loc);
    md_check_number_of(build, "number", value, value_loc);
    md_check_text(build, "file_kind", md_str(file->kind), loc);
    if (section != NULL && section->type.n > 0) {
        md_check_text(build, "section_type", md_check_upper(build, section->type), section->loc);
        md_check_text(build, "section", section->name, section->loc);
    }
    md_check_text(build, "channel", file->channel, loc);
    md_check_scope(build, "channel", file->channel, loc);
    md_check_ref(build, "repeated", earlier);
    if (build->option_def != NULL)
        md_check_ref(build, "def",
                     build->option_def(build, file->kind, section != NULL ? section->type : (struct md_str){0}, upper));
    node = md_check_end(build);
    if (node == NULL)
        return NULL;
    /* Maps hold what they are given; it is only read again. */
    md_map_set(seen, scope, upper, (void *)(uintptr_t)node);
    if ((section == NULL || section->type.n == 0) && file->index != NULL)
        md_check_index_last(build, file->index, upper, node);
    if (file->channel.n > 0) {
        struct list *list = md_map_find(build->channel_files, 0, file->channel);

        if (list == NULL) {
            list = md_arena_alloc(build->arena, sizeof *list);
            md_map_set(build->channel_files, 0, file->channel, list);
        }
        *(const struct md_node **)md_arena_push(build->arena, &list->nodes, &list->n, &list->capacity,
                                                sizeof *list->nodes) = node;
    }
    return node;
}

/* Options by name; of equal names the last one holds. */
static void add_set(struct md_check_build *build, const char *key, const struct list *list, struct md_loc loc)
{
    struct md_map *last = list->n > 1 ? md_map_new(build->arena) : NULL;

    for (size_t i = 0; last != NULL && i < list->n; i++)
        md_map_set(last, 0, md_node_text(list->nodes[i], "name"), (void *)(uintptr_t)list->nodes[i]);
    md_check_map(build, key, loc);
    for (size_t i = 0; i < list->n; i++) {
        struct md_str name = md_node_text(list->nodes[i], "name");

        if (last == NULL || md_map_find(last, 0, name) == list->nodes[i])
            md_check_ref_named(build, name, list->nodes[i]);
    }
    (void)md_check_end(build);
}

void md_check_channel_options(struct md_check_build *build, struct md_str channel, struct md_loc loc)
{
    const struct list *list = md_map_find(build->channel_files, 0, channel);

    if (list != NULL)
        add_set(build, "options", list, loc);
}

/* ---- sections ---- */

static bool is_pool(struct md_str type)
{
    return md_str_is_nocase(type, "POOL") || md_str_is_nocase(type, "QUEUE") || md_str_is_nocase(type, "JOB_POOL");
}

static bool is_class(struct md_str type)
{
    return md_str_is_nocase(type, "CHANNEL") || md_str_is_nocase(type, "CHANNEL_CLASS");
}

static void know_class(struct md_check_build *build, struct md_str pattern, const struct md_node *node)
{
    struct md_str upper = md_check_upper(build, pattern);
    ptrdiff_t star = md_str_find_char(upper, '*');
    struct md_map *map = star < 0 ? build->classes : build->class_stems;
    struct md_str key = star < 0 ? upper : md_str_sub(upper, 0, (size_t)star);

    if (md_map_find(map, 0, key) == NULL)
        md_map_set(map, 0, key, (void *)(uintptr_t)node);
}

const struct md_node *md_check_class_for(struct md_check_build *build, struct md_str channel)
{
    struct md_str name = md_check_upper(build, channel);
    const struct md_node *class = md_map_find(build->classes, 0, name);

    /* The pattern with the longest text before its "*". */
    for (size_t n = name.n; class == NULL; n--) {
        class = md_map_find(build->class_stems, 0, md_str_sub(name, 0, n));
        if (n == 0)
            break;
    }
    return class;
}

static void add_section(struct md_check_build *build, const struct file *file, const struct md_option_section *section,
                        const struct list *options, struct md_map *seen)
{
    struct md_str type = md_check_upper(build, section->type), name = md_check_upper(build, section->name);
    struct md_str key = md_str(md_arena_printf(build->arena, "%.*s=%.*s", MD_STR_ARG(type), MD_STR_ARG(name)));
    bool is_wildcard = md_str_find_char(section->name, '*') >= 0;
    const struct md_node *node;

    md_check_begin(build, "section", section->loc);
    md_check_text(build, "file_kind", md_str(file->kind), section->loc);
    md_check_text(build, "type", type, section->loc);
    md_check_text(build, "name", is_pool(type) ? name : section->name, section->loc);
    if (is_pool(type) && !md_str_eq(name, section->name))
        md_check_text(build, "as_written", section->name, section->loc);
    if (is_class(type)) {
        md_check_text(build, "pattern", section->name, section->loc);
        md_check_flag(build, "is_wildcard", is_wildcard, section->loc);
        if (!is_wildcard)
            md_check_scope(build, "channel", md_check_lower(build, section->name), section->loc);
    }
    add_set(build, "set", options, section->loc);
    md_check_ref(build, "repeated", md_map_find(seen, 0, key));
    node = md_check_end(build);
    if (node == NULL)
        return;
    md_map_set(seen, 0, key, (void *)(uintptr_t)node);
    if (is_pool(type)) {
        md_check_add(build, "pool", node);
        (void)md_check_index(build, "pools", name, node);
    } else if (is_class(type)) {
        md_check_add(build, "class", node);
        know_class(build, section->name, node);
    } else if (md_str_is(type, "SERVICE")) {
        md_check_add(build, "service", node);
    }
}

/* ---- files ---- */

static void add_file(struct md_check_build *build, const struct md_option_file *options, const struct file *file)
{
    struct md_map *seen, *sections_seen;

    if (options == NULL)
        return;
    seen = md_map_new(build->arena);
    sections_seen = md_map_new(build->arena);
    md_check_file_of(build, options->name, file->kind);
    md_check_faults(build, &options->faults, file->kind);
    for (size_t i = 0; i < options->n_includes; i++)
        md_check_include(build, options->includes[i].text, options->includes[i].loc, 0, false, file->kind);
    for (size_t i = 0; i < options->n_sections; i++) {
        const struct md_option_section *section = &options->sections[i];
        struct list list = {0};

        for (size_t k = section->first; k < section->first + section->n; k++) {
            const struct md_option *option = &options->options[k];
            const struct md_node *node =
                add_option(build, file, section, option->name, option->value, option->loc, option->value_loc, seen, i);

            if (node != NULL && i > 0)
                *(const struct md_node **)md_arena_push(build->arena, &list.nodes, &list.n, &list.capacity,
                                                        sizeof *list.nodes) = node;
        }
        if (i > 0)
            add_section(build, file, section, &list, sections_seen);
    }
}

/* ---- Unified Configuration ---- */

struct group {
    const struct file *file;
    struct md_option_section section;
    struct list options;
};

struct unified {
    struct md_check_build *build;
    struct md_map *seen, *sections_seen, *by_name; /* by_name: section -> group */
    struct group **groups;
    size_t n, capacity;
};

/* Names that the two configurations give to one thing. */
static struct md_str legacy_name(struct md_check_build *build, const struct file *file, struct md_str name)
{
    static const struct {
        const char *kind, *unified, *legacy;
    } names[] = {{"job_controller.cnf", "MAX_LIFE_TIME", "MAX_LIFE_AGE"},
                 {"job_controller.cnf", "MAX_LIFE_ASKWORK", "MAX_LIFE_CONNS"},
                 {"job_controller.cnf", "MAX_CACHE_MESSAGES", "MAX_MESSAGES"},
                 {"job_controller.cnf", "TCP_PORTS", "TCP_PORT"},
                 {"dispatcher.cnf", "TCP_PORTS", "PORT"},
                 {"dispatcher.cnf", "SSL_PORTS", "TLS_PORT"}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(file->kind, names[i].kind) == 0 && md_str_is_nocase(name, names[i].unified))
            return md_str(names[i].legacy);
    return md_check_upper(build, name);
}

/* "job_pool:IMS_POOL.job_limit" behind "job_controller." */
static void add_grouped(struct unified *u, const struct file *file, struct md_str rest,
                        const struct md_named_value *value)
{
    struct md_check_build *build = u->build;
    ptrdiff_t colon = md_str_find_char(rest, ':'), dot;
    struct md_option_section section = {.loc = value->loc};
    struct group *group;
    const struct md_node *node;
    struct md_str key;

    /* A group that was shown stands for the file that held it. */
    md_check_note_read(build, file->kind);
    if (colon < 0) {
        (void)add_option(build, file, NULL, legacy_name(build, file, rest), value->value, value->loc, value->value_loc,
                         u->seen, (uint64_t)(uintptr_t)file);
        return;
    }
    section.type = md_str_sub(rest, 0, (size_t)colon);
    if (md_str_is_nocase(section.type, "job_pool"))
        section.type = MD_LIT("POOL");
    else if (md_str_is_nocase(section.type, "channel_class"))
        section.type = MD_LIT("CHANNEL");
    rest = md_str_from(rest, (size_t)colon + 1);
    dot = md_str_find_char(rest, '.');
    section.name = dot < 0 ? rest : md_str_sub(rest, 0, (size_t)dot);
    key = md_check_upper(
        build, md_str(md_arena_printf(build->arena, "%.*s=%.*s", MD_STR_ARG(section.type), MD_STR_ARG(section.name))));
    group = md_map_find(u->by_name, (uint64_t)(uintptr_t)file, key);
    if (group == NULL) {
        group = md_arena_alloc(build->arena, sizeof *group);
        group->file = file;
        group->section = section;
        *(struct group **)md_arena_push(build->arena, &u->groups, &u->n, &u->capacity, sizeof(struct group *)) = group;
        md_map_set(u->by_name, (uint64_t)(uintptr_t)file, key, group);
    }
    if (dot < 0)
        return;
    node = add_option(build, file, &group->section, legacy_name(build, file, md_str_from(rest, (size_t)dot + 1)),
                      value->value, value->loc, value->value_loc, u->seen, (uint64_t)(uintptr_t)group);
    if (node != NULL)
        *(const struct md_node **)md_arena_push(build->arena, &group->options.nodes, &group->options.n,
                                                &group->options.capacity, sizeof *group->options.nodes) = node;
}

/* "channel:tcp_local.options.max_client_threads" behind "channel:" */
static void add_channel_value(struct unified *u, struct md_str rest, const struct md_named_value *value)
{
    ptrdiff_t dot = md_str_find(rest, MD_LIT(".options."));
    struct file file = {.kind = "channel_option"};

    if (dot <= 0)
        return;
    file.channel = md_str_sub(rest, 0, (size_t)dot);
    (void)add_option(u->build, &file, NULL, legacy_name(u->build, &file, md_str_from(rest, (size_t)dot + 9)),
                     value->value, value->loc, value->value_loc, u->seen, md_str_hash(file.channel));
}

static void add_unified(struct md_check_build *build)
{
    static const struct file mta = {.kind = "option.dat", .index = "options"},
                             controller = {.kind = "job_controller.cnf", .index = "jc"},
                             dispatcher = {.kind = "dispatcher.cnf", .index = "dispatcher"};
    const struct md_mta_files *files = &build->config->files;
    struct unified u = {.build = build,
                        .seen = md_map_new(build->arena),
                        .sections_seen = md_map_new(build->arena),
                        .by_name = md_map_new(build->arena)};

    for (size_t f = 0; f < files->n_msconfig; f++) {
        const struct md_values *values = files->msconfig[f];

        for (size_t i = 0; i < values->n; i++) {
            const struct md_named_value *value = &values->items[i];
            struct md_str rest = value->name;

            if (md_values_find(values, value->name) != value)
                continue;
            if (md_str_skip_prefix(&rest, MD_LIT("mta.")))
                add_grouped(&u, &mta, rest, value);
            else if (md_str_skip_prefix(&rest, MD_LIT("job_controller.")))
                add_grouped(&u, &controller, rest, value);
            else if (md_str_skip_prefix(&rest, MD_LIT("dispatcher.")))
                add_grouped(&u, &dispatcher, rest, value);
            else if (md_str_skip_prefix(&rest, MD_LIT("channel:")))
                add_channel_value(&u, rest, value);
        }
    }
    md_check_note_read(build, "imta.cnf");
    for (size_t i = 0; i < u.n; i++)
        add_section(build, u.groups[i]->file, &u.groups[i]->section, &u.groups[i]->options, u.sections_seen);
}

void md_check_part_options(struct md_check_build *build)
{
    const struct md_mta_files *files = &build->config->files;

    build->classes = md_map_new(build->arena);
    build->class_stems = md_map_new(build->arena);
    build->channel_files = md_map_new(build->arena);
    add_file(build, files->tailor, &(struct file){.kind = "imta_tailor", .index = "tailor"});
    if (build->config->is_unified)
        add_unified(build);
    else
        add_file(build, files->option_dat, &(struct file){.kind = "option.dat", .index = "options"});
    if (!build->config->is_unified) {
        add_file(build, files->job_controller, &(struct file){.kind = "job_controller.cnf", .index = "jc"});
        add_file(build, files->dispatcher, &(struct file){.kind = "dispatcher.cnf", .index = "dispatcher"});
    }
    for (size_t i = 0; i < files->n_channel_options; i++)
        add_file(build, files->channel_options[i],
                 &(struct file){.kind = "channel_option", .channel = files->channel_names[i]});
}
