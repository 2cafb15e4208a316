/*
 * Mapping tables in the tree of a configuration: collections `table` and `entry`, index `tables`.
 */
#include "probes/msgserver/check_model_mappings.h"

/* Where a probe of a table has the names of channels: how many fields it has in all, and which ones (from 0; -1: none). */
static const struct {
    const char *table;
    size_t n_fields;
    int source, target;
} probes[] = {
    {"SEND_ACCESS", 4, 0, 2},       {"ORIG_SEND_ACCESS", 4, 0, 2}, {"MAIL_ACCESS", 11, 7, 9},
    {"ORIG_MAIL_ACCESS", 11, 7, 9}, {"FROM_ACCESS", 10, 7, -1},    {"IP_ACCESS", 5, 0, -1},
};

static void add_channel(struct md_check_build *build, const struct md_mapping_part *part, const char *side)
{
    struct md_str name;

    if (!part->is_literal || part->text.n == 0)
        return;
    name = md_check_lower(build, part->text);
    md_check_reference(build, name);
    md_check_map(build, NULL, part->loc);
    md_check_text(build, "name", name, part->loc);
    md_check_text(build, "side", md_str(side), part->loc);
    (void)md_check_end(build);
}

/* Channels that the pattern names in full. A pattern with fewer fields than the probe says of none which field it is. */
static void add_channels(struct md_check_build *build, const struct md_mapping_table *table,
                         const struct md_mapping_entry *entry)
{
    md_check_list(build, "channels", entry->loc);
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        if (!md_str_is_nocase(table->name, probes[i].table) || entry->n_fields != probes[i].n_fields)
            continue;
        if (probes[i].source >= 0)
            add_channel(build, &entry->fields[probes[i].source], "source");
        if (probes[i].target >= 0)
            add_channel(build, &entry->fields[probes[i].target], "target");
    }
    for (size_t i = 0; i < entry->n_fields; i++) {
        if (md_str_is_nocase(entry->fields[i].name, "IN-CHAN") || md_str_is_nocase(entry->fields[i].name, "IN-CHANNEL"))
            add_channel(build, &entry->fields[i], "source");
        if (md_str_is_nocase(entry->fields[i].name, "OUT-CHAN") ||
            md_str_is_nocase(entry->fields[i].name, "OUT-CHANNEL"))
            add_channel(build, &entry->fields[i], "target");
    }
    (void)md_check_end(build);
}

static void add_fields(struct md_check_build *build, const struct md_mapping_entry *entry)
{
    md_check_list(build, "fields", entry->loc);
    for (size_t i = 0; i < entry->n_fields; i++) {
        const struct md_mapping_part *field = &entry->fields[i];

        md_check_map(build, NULL, field->loc);
        md_check_text(build, "name", field->name, field->loc);
        md_check_text(build, "text", field->text, field->loc);
        md_check_flag(build, "is_literal", field->is_literal, field->loc);
        (void)md_check_end(build);
    }
    (void)md_check_end(build);
}

static void add_parts(struct md_check_build *build, const char *key, const struct md_mapping_part *parts, size_t n,
                      struct md_loc loc, bool is_table)
{
    md_check_list(build, key, loc);
    for (size_t i = 0; i < n; i++) {
        if (is_table && !parts[i].is_literal)
            continue;
        md_check_map(build, NULL, parts[i].loc);
        md_check_text(build, "name", is_table ? md_check_upper(build, parts[i].text) : parts[i].text, parts[i].loc);
        (void)md_check_end(build);
    }
    (void)md_check_end(build);
}

static const char *flag_name(struct md_check_build *build, char letter)
{
    return md_arena_cstr(build->arena, md_str_n(&letter, 1));
}

static const struct md_node *add_entry(struct md_check_build *build, const struct md_mapping_table *table,
                                       const struct md_mapping_entry *entry)
{
    struct md_loc loc = entry->loc;

    md_check_begin(build, "entry", loc);
    md_check_text(build, "pattern", entry->pattern, loc);
    md_check_text(build, "template", entry->template, entry->template_loc);
    md_check_text(build, "table", md_check_upper(build, table->name), loc);
    md_check_number(build, "position", entry->position + 1, loc);
    md_check_number(build, "n_columns", (int64_t)entry->n_columns, loc);
    md_check_number(build, "probes", entry->n_bars, loc);
    md_check_flag(build, "is_catch_all", entry->is_catch_all, loc);
    md_check_flag(build, "continues", entry->continues, loc);
    md_check_flag(build, "may_fail", entry->may_fail, loc);
    md_check_map(build, "flags", entry->template_loc);
    for (int letter = 'A'; letter <= 'Z'; letter++)
        if ((entry->flags & MD_MAPPING_FLAG(letter)) != 0)
            md_check_flag(build, flag_name(build, (char)letter), true, entry->template_loc);
    (void)md_check_end(build);
    if (entry->prefix != NULL) {
        md_check_map(build, "prefix", entry->prefix->loc);
        md_check_flag(build, "is_valid", entry->prefix->is_valid, entry->prefix->loc);
        md_check_number(build, "address", entry->prefix->address, entry->prefix->loc);
        md_check_number(build, "bits", entry->prefix->bits, entry->prefix->loc);
        (void)md_check_end(build);
    }
    /* Tables may be long: what is empty or says no more than the pattern is left out. */
    if (entry->n_fields > 1) {
        add_fields(build, entry);
        add_channels(build, table, entry);
    }
    if (entry->n_nested > 0)
        add_parts(build, "nested", entry->nested, entry->n_nested, entry->template_loc, true);
    if (entry->n_unknown > 0)
        add_parts(build, "unknown", entry->unknown, entry->n_unknown, entry->template_loc, false);
    return md_check_end(build);
}

/* A table whose name is there already has what a caller looks for in the first one; it stays out of the index. */
static void add_table(struct md_check_build *build, const struct md_mappings *mappings,
                      const struct md_mapping_table *table)
{
    const struct md_node **entries = md_arena_array(build->arena, table->n + 1, sizeof(const struct md_node *));
    struct md_str name = md_check_upper(build, table->name);
    const struct md_node *node;

    for (size_t i = 0; i < table->n; i++)
        entries[i] = add_entry(build, table, &mappings->entries[table->first + i]);
    md_check_begin(build, "table", table->loc);
    md_check_text(build, "name", name, table->loc);
    if (!md_str_eq(name, table->name))
        md_check_text(build, "as_written", table->name, table->loc);
    md_check_flag(build, "has_blank_after_name", table->has_blank_after_name, table->loc);
    md_check_ref(build, "repeated", md_check_indexed(build, "tables", name));
    md_check_list(build, "entries", table->loc);
    for (size_t i = 0; i < table->n; i++)
        md_check_ref(build, NULL, entries[i]);
    (void)md_check_end(build);
    node = md_check_end(build);
    (void)md_check_index(build, "tables", name, node);
}

void md_check_model_add_mappings(struct md_check_build *build, const struct md_mappings *mappings)
{
    for (size_t i = 0; i < mappings->n_tables; i++)
        add_table(build, mappings, &mappings->tables[i]);
    for (size_t i = 0; i < mappings->n_includes; i++)
        md_check_include(build, mappings->includes[i].path, mappings->includes[i].loc, mappings->includes[i].depth,
                         mappings->includes[i].is_read, "mappings");
    md_check_faults(build, &mappings->faults, "mappings");
}
