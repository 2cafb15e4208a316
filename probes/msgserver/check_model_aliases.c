/*
 * Aliases and conversions in the tree of a configuration: collections `alias` and `conversion`, index `aliases`; and the part that
 * reads these files and the mappings.
 */
#include "probes/msgserver/check_model_mappings.h"
#include "probes/msgserver/mta_config_load.h"

static const char *item_kind(enum md_alias_item_kind kind)
{
    switch (kind) {
    case MD_ALIAS_FILE: return "file";
    case MD_ALIAS_PARAMETER: return "parameter";
    case MD_ALIAS_ADDRESS: break;
    }
    return "address";
}

static void add_alias(struct md_check_build *build, const struct md_alias *alias)
{
    struct md_str name = md_check_lower(build, alias->name);
    const struct md_node *node;

    md_check_begin(build, "alias", alias->loc);
    md_check_text(build, "name", name, alias->loc);
    if (!md_str_eq(name, alias->name))
        md_check_text(build, "as_written", alias->name, alias->loc);
    md_check_text(build, "value", alias->value, alias->value_loc);
    md_check_list(build, "addresses", alias->value_loc);
    for (size_t i = 0; i < alias->n_items; i++) {
        const struct md_alias_item *item = &alias->items[i];

        md_check_map(build, NULL, item->loc);
        md_check_text(build, "kind", md_str(item_kind(item->kind)), item->loc);
        md_check_text(build, "name", item->name, item->loc);
        md_check_text(build, "text", item->text, item->loc);
        md_check_flag(build, "is_hidden", item->is_hidden, item->loc);
        md_check_flag(build, "is_valid", item->is_valid, item->loc);
        (void)md_check_end(build);
    }
    (void)md_check_end(build);
    md_check_ref(build, "repeated", md_check_indexed(build, "aliases", name));
    node = md_check_end(build);
    (void)md_check_index(build, "aliases", name, node);
}

void md_check_model_add_aliases(struct md_check_build *build, const struct md_aliases *aliases)
{
    for (size_t i = 0; i < aliases->n_aliases; i++)
        add_alias(build, &aliases->aliases[i]);
    for (size_t i = 0; i < aliases->n_includes; i++)
        md_check_include(build, aliases->includes[i].path, aliases->includes[i].loc, aliases->includes[i].depth,
                         aliases->includes[i].is_read, "aliases");
    md_check_faults(build, &aliases->faults, "aliases");
}

void md_check_model_add_conversions(struct md_check_build *build, const struct md_conversions *conversions)
{
    for (size_t i = 0; i < conversions->n_entries; i++) {
        const struct md_conversion *entry = &conversions->entries[i];

        md_check_begin(build, "conversion", entry->loc);
        md_check_flag(build, "is_ended", entry->is_ended, entry->loc);
        md_check_list(build, "clauses", entry->loc);
        for (size_t k = 0; k < entry->n; k++) {
            const struct md_conversion_clause *clause = &conversions->clauses[entry->first + k];

            md_check_map(build, NULL, clause->loc);
            md_check_text(build, "name", md_check_lower(build, clause->name), clause->loc);
            md_check_text(build, "value", clause->value, clause->value_loc);
            (void)md_check_end(build);
        }
        (void)md_check_end(build);
        (void)md_check_end(build);
    }
    md_check_faults(build, &conversions->faults, "conversions");
}

/* ---- the files ---- */

struct includer {
    struct md_check_build *build;
    const char *file_kind;
};

static bool include(void *ctx, struct md_str path, const char **ret_name, struct md_str *ret_text)
{
    const struct includer *in = ctx;

    if (!md_mta_config_include(in->build->ctx, path, ret_name, ret_text))
        return false;
    md_check_file_of(in->build, *ret_name, in->file_kind);
    return true;
}

/* Beside a Unified Configuration the product looks at none of these files. */
void md_check_part_texts(struct md_check_build *build)
{
    struct includer in = {.build = build};
    const struct md_item *item;
    struct md_str text;

    if (build->config->is_unified) {
        md_check_model_add_mapping_values(build);
        return;
    }
    item = md_mta_config_pick(build->ctx, MD_ITEM_MAPPINGS);
    in.file_kind = "mappings";
    if (md_check_read_item(build, item, in.file_kind, &text))
        md_check_model_add_mappings(build,
                                    md_mappings_parse(build->arena, item->name, text, item->first_line, include, &in));
    item = md_mta_config_pick(build->ctx, MD_ITEM_ALIASES);
    in.file_kind = "aliases";
    if (md_check_read_item(build, item, in.file_kind, &text))
        md_check_model_add_aliases(build,
                                   md_aliases_parse(build->arena, item->name, text, item->first_line, include, &in));
    item = md_mta_config_pick(build->ctx, MD_ITEM_CONVERSIONS);
    if (md_check_read_item(build, item, "conversions", &text))
        md_check_model_add_conversions(build, md_conversions_parse(build->arena, item->name, text, item->first_line));
}
