#include "probes/formats/msgserver/mappings.h"

struct parse {
    struct md_arena *arena;
    struct md_mappings *mappings;
    struct md_cnf_includes includes;
    size_t tables_capacity, entries_capacity;
    bool after_name;  /* the name of a table was the last thing but comments */
    bool after_blank; /* so was a blank line; the one that follows a name does not count */
};

static struct md_mapping_table *last_table(struct parse *p)
{
    return p->mappings->n_tables > 0 ? &p->mappings->tables[p->mappings->n_tables - 1] : NULL;
}

static void fault(struct parse *p, enum md_cnf_fault_kind kind, const struct md_cnf_line *line, struct md_str text)
{
    md_cnf_fault_add(&p->mappings->faults, kind, md_cnf_loc_of(line, text), text);
}

/* The next column of a line: blanks end it, except behind "$". Empty at the end. */
static struct md_str next_column(struct md_str *rest)
{
    size_t from = 0, to;

    while (from < rest->n && md_is_space(rest->p[from]))
        from++;
    to = from;
    while (to < rest->n && !md_is_space(rest->p[to]))
        to += rest->p[to] == '$' && to + 1 < rest->n ? 2 : 1;
    *rest = md_str_from(*rest, from);
    to -= from;
    {
        struct md_str column = md_str_sub(*rest, 0, to);

        *rest = md_str_from(*rest, to);
        return column;
    }
}

static bool is_comment_word(struct md_str word)
{
    return md_str_is(word, "!") || md_str_is(word, "#") || md_str_is(word, "//");
}

/* A comment behind the second column is cut off, other further ones belong to the template. */
void md_mapping_entry_parse(struct md_arena *arena, const struct md_cnf_line *line, struct md_cnf_faults *faults,
                            struct md_mapping_entry *entry)
{
    struct md_str rest = line->text, column;
    size_t n = 0;

    entry->pattern = next_column(&rest);
    entry->template = next_column(&rest);
    entry->n_columns = entry->template.n > 0 ? 2 : 1;
    while ((column = next_column(&rest)).n > 0) {
        entry->n_columns++;
        if (n++ == 0)
            md_cnf_fault_add(faults, MD_CNF_ENTRY_WITH_BLANKS, md_cnf_loc_of(line, column), column);
        if (is_comment_word(column))
            break;
        entry->template = md_str_n(entry->template.p, (size_t)(column.p + column.n - entry->template.p));
    }
    if (entry->n_columns == 1)
        md_cnf_fault_add(faults, MD_CNF_ENTRY_WITHOUT_TEMPLATE, md_cnf_loc_of(line, entry->pattern), entry->pattern);
    entry->loc = md_cnf_loc_of(line, entry->pattern);
    entry->template_loc = entry->template.n > 0 ? md_cnf_loc_of(line, entry->template) : entry->loc;
    md_mapping_entry_read(arena, line, entry);
}

static void add_entry(struct parse *p, struct md_mapping_table *table, const struct md_cnf_line *line)
{
    struct md_mapping_entry *entry =
        md_arena_push(p->arena, &p->mappings->entries, &p->mappings->n_entries, &p->entries_capacity, sizeof *entry);

    md_mapping_entry_parse(p->arena, line, &p->mappings->faults, entry);
    entry->position = (uint32_t)table->n++;
    p->after_name = p->after_blank = false;
}

static void add_table(struct parse *p, const struct md_cnf_line *line, struct md_str name)
{
    struct md_mapping_table *table =
        md_arena_push(p->arena, &p->mappings->tables, &p->mappings->n_tables, &p->tables_capacity, sizeof *table);

    table->name = name;
    table->loc = md_cnf_loc_of(line, name);
    table->first = p->mappings->n_entries;
    table->has_blank_after_name = true; /* until something else follows */
    p->after_name = true;
    p->after_blank = false;
}

/* "  ! text", "  # text": a comment that does not begin in column 1. Such a pattern is not meant. */
static bool is_indented_comment(const struct md_cnf_line *line)
{
    struct md_str rest = line->text, first = next_column(&rest), second = next_column(&rest);

    return is_comment_word(first) && (md_str_find_char(second, '$') < 0 || next_column(&rest).n > 0);
}

static void read_entry_line(struct parse *p, const struct md_cnf_line *line)
{
    struct md_mapping_table *table = last_table(p);
    struct md_str text = md_str_trim(line->text);

    if (is_indented_comment(line)) {
        fault(p, MD_CNF_MISSPELT_COMMENT, line, text);
        return;
    }
    if (table == NULL) {
        fault(p, MD_CNF_ENTRY_OUTSIDE_TABLE, line, text);
        return;
    }
    if (p->after_name) {
        table->has_blank_after_name = false;
        md_cnf_fault_add(&p->mappings->faults, MD_CNF_NO_BLANK_AFTER_TABLE_NAME, table->loc, table->name);
    } else if (p->after_blank && table->n > 0) {
        fault(p, MD_CNF_BLANK_LINE_IN_TABLE, line, text);
    }
    add_entry(p, table, line);
}

/* A line that begins in column 1. */
static void read_outer_line(struct parse *p, const struct md_cnf_line *line)
{
    struct md_mapping_table *table;
    struct md_str rest = line->text, first = next_column(&rest), second = next_column(&rest);
    bool looks_like_pattern = md_str_find_char(first, '|') >= 0 || md_str_find_char(first, '*') >= 0 ||
                              md_str_find_char(first, '$') >= 0 || !md_is_alpha(first.p[0]);

    if (!looks_like_pattern && second.n == 0) {
        add_table(p, line, first);
        return;
    }
    if (!looks_like_pattern && is_comment_word(md_str_sub(second, 0, 1))) {
        fault(p, MD_CNF_MISSPELT_COMMENT, line, second);
        add_table(p, line, first);
        return;
    }
    table = last_table(p);
    if (table == NULL) {
        fault(p, MD_CNF_ENTRY_OUTSIDE_TABLE, line, first);
        return;
    }
    fault(p, MD_CNF_UNINDENTED_ENTRY, line, first);
    add_entry(p, table, line);
}

static void read_blank(struct parse *p)
{
    if (!p->after_name)
        p->after_blank = true;
    p->after_name = false;
}

static void read_text(struct parse *p, const char *name, struct md_str text, uint32_t first_line, unsigned depth)
{
    struct md_cnf_reader reader;
    struct md_cnf_line line;

    md_cnf_reader_init(&reader, p->arena, name, "!", text, first_line, &p->mappings->faults);
    reader.only_bang = true;
    while (md_cnf_next(&reader, &line)) {
        if (p->mappings->n_tables + p->mappings->n_entries + p->includes.n >= MD_MAPPINGS_MAX) {
            md_cnf_fault_add(&p->mappings->faults, MD_CNF_TOO_LARGE, md_cnf_loc(&line, 0), MD_LIT(""));
            return;
        }
        if (line.kind == MD_CNF_BLANK) {
            read_blank(p);
        } else if (line.kind == MD_CNF_TEXT && line.text.p[0] == '<') {
            const char *included;
            struct md_str inner = {0};

            if (md_cnf_include_open(&p->includes, &line, depth, &p->mappings->faults, &included, &inner))
                read_text(p, included, inner, 1, depth + 1);
        } else if (line.kind == MD_CNF_TEXT && md_is_space(line.text.p[0])) {
            read_entry_line(p, &line);
        } else if (line.kind == MD_CNF_TEXT) {
            read_outer_line(p, &line);
        }
    }
}

struct md_mappings *md_mappings_parse(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line,
                                      md_cnf_include_fn *include, void *include_ctx)
{
    struct parse p = {
        .arena = arena,
        .mappings = md_arena_alloc(arena, sizeof *p.mappings),
        .includes = {.arena = arena, .fn = include, .ctx = include_ctx},
    };

    p.mappings->name = name;
    p.mappings->faults.arena = arena;
    read_text(&p, name, text, first_line, 0);
    p.mappings->includes = p.includes.items;
    p.mappings->n_includes = p.includes.n;
    return p.mappings;
}

const struct md_mapping_table *md_mappings_find(const struct md_mappings *mappings, const char *name)
{
    for (size_t i = 0; i < mappings->n_tables; i++)
        if (md_str_is_nocase(mappings->tables[i].name, name))
            return &mappings->tables[i];
    return NULL;
}
