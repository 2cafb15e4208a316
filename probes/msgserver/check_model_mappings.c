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

/* ---- Unified Configuration ---- */

/* "mapping:INTERNAL_IP.rule": the name of the table; empty where a value is something else. */
static struct md_str table_of_value(struct md_str name)
{
    ptrdiff_t dot;

    if (!md_str_skip_prefix(&name, MD_LIT("mapping:")) || (dot = md_str_find_char(name, '.')) <= 0)
        return (struct md_str){0};
    if (!md_str_has_prefix_nocase(md_str_from(name, (size_t)dot), MD_LIT(".rule")))
        return (struct md_str){0};
    return md_str_sub(name, 0, (size_t)dot);
}

static void shift(struct md_mapping_part *parts, size_t n, struct md_loc by)
{
    for (size_t i = 0; i < n; i++)
        parts[i].loc.column += by.column - 1;
}

static void read_value(struct md_check_build *build, struct md_mappings *mappings, const struct md_named_value *value,
                       struct md_mapping_entry *entry)
{
    struct md_cnf_line line = {
        .kind = MD_CNF_TEXT, .text = value->value, .file = value->loc.file, .line = value->loc.line};
    struct md_loc at = value->value_loc;

    md_mapping_entry_parse(build->arena, &line, &mappings->faults, entry);
    if (at.column == 0)
        return;
    entry->loc.column += at.column - 1;
    entry->template_loc.column += at.column - 1;
    if (entry->prefix != NULL)
        entry->prefix->loc.column += at.column - 1;
    shift(entry->fields, entry->n_fields, at);
    shift(entry->nested, entry->n_nested, at);
    shift(entry->unknown, entry->n_unknown, at);
}

static struct md_mapping_table *table_named(struct md_check_build *build, struct md_mappings *mappings,
                                            struct md_map *by_name, struct md_str name,
                                            const struct md_named_value *value)
{
    struct md_str upper = md_check_upper(build, name);
    struct md_mapping_table *table = md_map_find(by_name, 0, upper);

    if (table == NULL) {
        table = &mappings->tables[mappings->n_tables++];
        *table = (struct md_mapping_table){.name = name, .loc = value->loc, .has_blank_after_name = true};
        md_map_set(by_name, 0, upper, table);
    }
    return table;
}

/* The entries of a table stand together in the result, whatever else was shown between them. */
static void add_values(struct md_check_build *build, const struct md_values *values)
{
    struct md_mappings mappings = {.faults = {.arena = build->arena}};
    struct md_mapping_table **table_of = md_arena_array(build->arena, values->n + 1, sizeof(struct md_mapping_table *));
    struct md_map *by_name = md_map_new(build->arena);
    size_t first = 0;

    for (size_t i = 0; i < values->n; i++)
        mappings.n_entries += table_of_value(values->items[i].name).n > 0;
    if (mappings.n_entries == 0 || mappings.n_entries > MD_MAPPINGS_MAX)
        return;
    mappings.tables = md_arena_array(build->arena, mappings.n_entries, sizeof *mappings.tables);
    mappings.entries = md_arena_array(build->arena, mappings.n_entries, sizeof *mappings.entries);
    for (size_t i = 0; i < values->n; i++) {
        struct md_str name = table_of_value(values->items[i].name);

        if (name.n == 0)
            continue;
        table_of[i] = table_named(build, &mappings, by_name, name, &values->items[i]);
        table_of[i]->n++;
    }
    for (size_t i = 0; i < mappings.n_tables; i++) {
        mappings.tables[i].first = first;
        first += mappings.tables[i].n;
        mappings.tables[i].n = 0;
    }
    for (size_t i = 0; i < values->n; i++) {
        struct md_mapping_entry *entry;

        if (table_of[i] == NULL)
            continue;
        entry = &mappings.entries[table_of[i]->first + table_of[i]->n];
        entry->position = (uint32_t)table_of[i]->n++;
        read_value(build, &mappings, &values->items[i], entry);
    }
    md_check_model_add_mappings(build, &mappings);
    /* Of one table alone nobody can tell what the others say. */
    if (mappings.n_tables > 1)
        md_check_note_read(build, "mappings");
}

void md_check_model_add_mapping_values(struct md_check_build *build)
{
    const struct md_mta_files *files = &build->config->files;

    for (size_t i = 0; i < files->n_msconfig; i++)
        add_values(build, files->msconfig[i]);
}
