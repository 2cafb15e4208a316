#include "probes/formats/msgserver/conversions.h"

struct parse {
    struct md_arena *arena;
    struct md_conversions *list;
    size_t entries_capacity, clauses_capacity;
    bool is_open;       /* the last line ended with ";" */
    bool can_go_on;     /* the last line was of an entry and ended without one */
    struct md_loc last; /* where its ";" is missing */
};

static void add_fault(struct parse *p, enum md_cnf_fault_kind kind, struct md_loc loc, struct md_str text)
{
    md_cnf_fault_add(&p->list->faults, kind, loc, text);
}

/* Offset of the ";" that ends a clause, or the end; one in quotation marks does not. *ret_is_open: one is not closed. */
static size_t clause_end(struct md_str text, bool *ret_is_open)
{
    char quote = '\0';

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (quote != '\0' && c == '\\')
            i++;
        else if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"')
            quote = c;
        else if (c == ';')
            return i;
    }
    *ret_is_open = quote != '\0';
    return text.n;
}

/* Length of a name in front of "="; 0: there is none. */
static size_t name_length(struct md_str text)
{
    size_t n = 0, at;

    while (n < text.n && (md_is_alnum(text.p[n]) || text.p[n] == '-' || text.p[n] == '_'))
        n++;
    for (at = n; at < text.n && (text.p[at] == ' ' || text.p[at] == '\t'); at++)
        ;
    return at < text.n && text.p[at] == '=' ? n : 0;
}

/* "text out-type=text": offset of the clause that a bare blank parts from this value; 0: none. */
static size_t second_clause(struct md_str value)
{
    if (value.n > 0 && (value.p[0] == '"' || value.p[0] == '\''))
        return 0;
    for (size_t i = 1; i < value.n; i++) {
        struct md_str rest = md_str_from(value, i);

        if (md_is_space(value.p[i - 1]) && name_length(rest) > 0 &&
            (md_str_has_prefix_nocase(rest, MD_LIT("in-")) || md_str_has_prefix_nocase(rest, MD_LIT("out-")) ||
             md_str_has_prefix_nocase(rest, MD_LIT("command"))))
            return i;
    }
    return 0;
}

static void push_clause(struct parse *p, const struct md_cnf_line *line, struct md_str name, struct md_str value)
{
    struct md_conversion_clause *clause =
        md_arena_push(p->arena, &p->list->clauses, &p->list->n_clauses, &p->clauses_capacity, sizeof *clause);

    clause->name = name;
    clause->loc = md_cnf_loc_of(line, name);
    clause->value_loc = md_cnf_loc_of(line, value);
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        value = md_str_sub(value, 1, value.n - 2);
    clause->value = value;
    p->list->entries[p->list->n_entries - 1].n++;
}

/* What stands between two ";". */
static void add_clauses(struct parse *p, const struct md_cnf_line *line, struct md_str text)
{
    while (text.n > 0) {
        struct md_str name = md_str_sub(text, 0, name_length(text)), value;
        size_t next;

        if (name.n == 0) {
            add_fault(p, MD_CNF_NO_CLAUSE, md_cnf_loc_of(line, text), text);
            return;
        }
        value = md_str_trim(md_str_from(text, (size_t)md_str_find_char(text, '=') + 1));
        next = second_clause(value);
        text = next > 0 ? md_str_from(value, next) : (struct md_str){0};
        if (next > 0) {
            add_fault(p, MD_CNF_MISSING_SEMICOLON, md_cnf_loc_of(line, text), text);
            value = md_str_trim_right(md_str_sub(value, 0, next));
        }
        push_clause(p, line, name, value);
    }
}

static void push_entry(struct parse *p, struct md_loc loc)
{
    struct md_conversion *entry =
        md_arena_push(p->arena, &p->list->entries, &p->list->n_entries, &p->entries_capacity, sizeof *entry);

    entry->loc = loc;
    entry->first = p->list->n_clauses;
}

/* Whether a line can only be the rest of an entry: indented, or it begins with what is to be done with a part. */
static bool goes_on(const struct md_cnf_line *line, struct md_str text)
{
    static const char *const actions[] = {"out-type",        "out-subtype",   "out-mode", "out-encoding",
                                          "out-disposition", "out-parameter", "command",  "site-command"};

    if (md_is_space(line->text.p[0]))
        return true;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (md_str_has_prefix_nocase(text, md_str(actions[i])))
            return true;
    return false;
}

static void read_line(struct parse *p, const struct md_cnf_line *line)
{
    struct md_str text = md_str_trim(line->text);
    bool is_quote_open = false, ends_open = text.p[text.n - 1] == ';';

    if (!p->is_open && p->can_go_on && goes_on(line, text))
        add_fault(p, MD_CNF_MISSING_SEMICOLON, p->last, MD_LIT(""));
    else if (!p->is_open)
        push_entry(p, md_cnf_loc_of(line, text));
    p->last = md_cnf_loc(line, (size_t)(text.p + text.n - line->text.p));
    while (text.n > 0) {
        size_t end = clause_end(text, &is_quote_open);
        struct md_str clause = md_str_trim(md_str_sub(text, 0, end));

        if (is_quote_open)
            add_fault(p, MD_CNF_OPEN_QUOTE, md_cnf_loc_of(line, clause), clause);
        if (clause.n > 0)
            add_clauses(p, line, clause);
        text = md_str_from(text, end + 1);
    }
    p->is_open = ends_open;
    p->can_go_on = !ends_open;
    p->list->entries[p->list->n_entries - 1].is_ended = !ends_open;
}

struct md_conversions *md_conversions_parse(struct md_arena *arena, const char *name, struct md_str text,
                                            uint32_t first_line)
{
    struct parse p = {.arena = arena, .list = md_arena_alloc(arena, sizeof *p.list)};
    struct md_cnf_reader reader;
    struct md_cnf_line line;

    p.list->name = name;
    p.list->faults.arena = arena;
    md_cnf_reader_init(&reader, arena, name, "!", text, first_line, &p.list->faults);
    reader.only_bang = true;
    while (md_cnf_next(&reader, &line)) {
        if (p.list->n_entries + p.list->n_clauses >= MD_CONVERSIONS_MAX) {
            add_fault(&p, MD_CNF_TOO_LARGE, md_cnf_loc(&line, 0), MD_LIT(""));
            break;
        }
        if (line.kind == MD_CNF_BLANK)
            p.is_open = p.can_go_on = false;
        else if (line.kind == MD_CNF_TEXT)
            read_line(&p, &line);
    }
    return p.list;
}

const struct md_conversion_clause *md_conversion_find(const struct md_conversions *conversions,
                                                      const struct md_conversion *entry, const char *name)
{
    for (size_t i = 0; i < entry->n; i++)
        if (md_str_is_nocase(conversions->clauses[entry->first + i].name, name))
            return &conversions->clauses[entry->first + i];
    return NULL;
}
