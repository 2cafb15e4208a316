/* Scripts and sessions of msconfig (`statement`, `session`), and ics.conf of Calendar Server (`parameter`). */
#include "probes/formats/calendar/ics_conf.h"
#include "probes/formats/msgserver/recipe.h"
#include "probes/msgserver/check_model_table.h"

static void add_statements(struct md_check_build *build, const struct md_recipe *recipe, const char *file_kind)
{
    md_check_faults(build, &recipe->faults, file_kind);
    for (size_t i = 0; i < recipe->n; i++) {
        const struct md_recipe_statement *statement = &recipe->items[i];

        md_check_begin(build, "statement", statement->loc);
        md_check_text(build, "verb", md_str(md_recipe_verb_name(statement->verb)), statement->loc);
        md_check_text(build, "path", statement->path, statement->path_loc);
        md_check_text(build, "file_kind", md_str(file_kind), statement->loc);
        md_check_flag(build, "is_function", statement->is_function, statement->loc);
        md_check_flag(build, "is_instance", statement->is_instance, statement->loc);
        md_check_number(build, "n_args", (int64_t)(statement->n_args + statement->n_dropped), statement->loc);
        if (statement->n_args > 0) {
            md_check_text(build, "arg", statement->args[0].text, statement->args[0].loc);
            md_check_flag(build, "is_quoted", statement->args[0].is_quoted, statement->args[0].loc);
        }
        md_check_flag(build, "is_split_value", md_recipe_is_split_value(statement), statement->path_loc);
        md_check_list(build, "args", statement->loc);
        for (size_t k = 0; k < statement->n_args; k++)
            md_check_text(build, NULL, statement->args[k].text, statement->args[k].loc);
        (void)md_check_end(build);
        (void)md_check_end(build);
    }
}

static void add_recipes(struct md_check_build *build)
{
    const struct md_item *const *items;
    size_t n = md_source_items(build->ctx->source, MD_ITEM_RECIPE, &items);
    struct md_str text;

    for (size_t i = 0; i < n; i++)
        if (md_check_read_item(build, items[i], "recipe", &text))
            add_statements(build, md_recipe_read(build->arena, items[i]->name, text, items[i]->first_line, false),
                           "recipe");
}

static void add_sessions(struct md_check_build *build)
{
    const struct md_item *const *items;
    size_t n = md_source_items(build->ctx->source, MD_ITEM_MSCONFIG, &items);
    struct md_str text;

    for (size_t i = 0; i < n; i++) {
        const struct md_values *values;

        if (items[i]->status != MD_OK || !md_check_read_item(build, items[i], "msconfig", &text))
            continue;
        values = md_msconfig_read(build->arena, items[i]->name, text, items[i]->first_line);
        if (values->n_prompts == 0)
            continue;
        md_check_begin(build, "session", (struct md_loc){items[i]->name, items[i]->first_line, 1});
        md_check_number(build, "prompts", (int64_t)values->n_prompts, (struct md_loc){items[i]->name, 0, 0});
        if (values->unsaved.file != NULL) {
            md_check_map(build, "unsaved", values->unsaved);
            md_check_text(build, "prompt", MD_LIT("msconfig#"), values->unsaved);
            (void)md_check_end(build);
        }
        (void)md_check_end(build);
        add_statements(build, md_recipe_read(build->arena, items[i]->name, text, items[i]->first_line, true),
                       "msconfig");
    }
}

static const char *quotes_name(enum md_ics_quotes quotes)
{
    switch (quotes) {
    case MD_ICS_QUOTED: return "double";
    case MD_ICS_SINGLE: return "single";
    case MD_ICS_TYPOGRAPHIC: return "typographic";
    case MD_ICS_OPEN: return "open";
    case MD_ICS_BARE: break;
    }
    return "none";
}

static void add_parameter(struct md_check_build *build, const struct md_ics_parameter *parameter, struct md_map *nodes)
{
    const struct md_str file = MD_LIT("ics.conf");
    const struct md_option_table *table = md_check_ics_table(build);
    const struct md_node *node;
    int64_t number;
    bool flag;

    md_check_begin(build, "parameter", parameter->loc);
    md_check_text(build, "name", parameter->name, parameter->loc);
    md_check_text(build, "value", parameter->value, parameter->value_loc);
    if (md_option_int(parameter->value, &number) == MD_OK)
        md_check_number(build, "number", number, parameter->value_loc);
    if (md_option_bool(parameter->value, &flag) == MD_OK || md_str_is_nocase(parameter->value, "y"))
        md_check_flag(build, "flag", flag || md_str_is_nocase(parameter->value, "y"), parameter->value_loc);
    md_check_text(build, "quotes", md_str(quotes_name(parameter->quotes)), parameter->value_loc);
    md_check_flag(build, "is_comment", parameter->is_comment, parameter->loc);
    md_check_flag(build, "has_capitals", parameter->has_capitals, parameter->loc);
    if (parameter->repeats != NULL)
        md_check_ref(build, "repeated",
                     md_map_find(nodes, (uint64_t)(uintptr_t)parameter->repeats, (struct md_str){0}));
    if (table != NULL) {
        md_check_text(build, "misprint_of", md_option_table_misprint(table, file, parameter->name), parameter->loc);
        md_check_ref(
            build, "def",
            md_check_definition(build, md_option_table_find(table, file, parameter->name), (struct md_str){0}));
    }
    node = md_check_end(build);
    if (node == NULL)
        return;
    md_map_set(nodes, (uint64_t)(uintptr_t)parameter, (struct md_str){0}, (void *)(uintptr_t)node);
    if (!parameter->is_comment && !parameter->is_repeated)
        (void)md_check_index(build, "parameters", parameter->name, node);
}

static void add_ics(struct md_check_build *build)
{
    const struct md_item *const *items;
    size_t n = md_source_items(build->ctx->source, MD_ITEM_ICS_CONF, &items);
    struct md_map *nodes = md_map_new(build->arena);
    struct md_str text;

    md_check_index_make(build, "parameters");
    for (size_t i = 0; i < n; i++) {
        struct md_ics_conf *conf;

        if (!md_check_read_item(build, items[i], "ics.conf", &text))
            continue;
        md_check_option_names(build, md_check_ics_table(build));
        conf = md_ics_conf_read(build->arena, items[i]->name, text, items[i]->first_line);
        md_check_faults(build, &conf->faults, "ics.conf");
        for (size_t k = 0; k < conf->n; k++)
            add_parameter(build, conf->items[k], nodes);
    }
}

void md_check_part_scripts(struct md_check_build *build)
{
    md_check_collection(build, "statement");
    md_check_collection(build, "session");
    md_check_collection(build, "parameter");
    add_recipes(build);
    add_sessions(build);
    add_ics(build);
}
