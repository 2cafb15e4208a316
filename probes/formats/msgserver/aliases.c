#include "probes/formats/msgserver/aliases.h"

struct parse {
    struct md_arena *arena;
    struct md_aliases *list;
    struct md_cnf_includes includes;
    size_t aliases_capacity, n_items;
    bool wants_more; /* the last alias ended with a comma and nothing has come since */
};

static void fault(struct parse *p, enum md_cnf_fault_kind kind, const struct md_cnf_line *line, struct md_str text)
{
    md_cnf_fault_add(&p->list->faults, kind, md_cnf_loc_of(line, text), text);
}

/* The offset of the next one of two characters outside quotation marks, "(...)" and "<...>"; text.n: none. */
static size_t find_outside(struct md_str text, size_t at, char a, char b)
{
    char close = '\0';

    for (; at < text.n; at++) {
        char c = text.p[at];

        if (close != '\0') {
            if (c == '\\' && close == '"')
                at++;
            else if (c == close)
                close = '\0';
        } else if (c == a || c == b) {
            return at;
        } else if (c == '"' || c == '(' || c == '<') {
            close = c == '(' ? ')' : c == '<' ? '>' : '"';
        }
    }
    return text.n;
}

/* A second "@" in a word, as in "a@@b"; a route ("@relay:user@host") has a colon. */
static bool has_second_at(struct md_str text)
{
    const size_t at = find_outside(text, 0, '@', '@');

    return at < text.n && find_outside(text, at + 1, '@', '@') < text.n && find_outside(text, 0, ' ', '\t') == text.n &&
           md_str_find_char(text, ':') < 0;
}

/* Roughly an address: one word, or a phrase with "<...>", nothing left open. Anything stricter is for the product. */
static bool is_address(struct md_str text)
{
    size_t quotes = 0;

    if (has_second_at(text))
        return false;
    for (size_t i = 0; i < text.n; i++)
        quotes += text.p[i] == '"';
    if (text.n == 0 || text.p[0] == '@' || text.p[text.n - 1] == '@' || quotes % 2 != 0 ||
        (text.p[text.n - 1] != '>' && md_str_rfind_char(text, '<') > md_str_rfind_char(text, '>')))
        return false;
    return find_outside(text, 0, ' ', '\t') == text.n || text.p[text.n - 1] == '>' || text.p[text.n - 1] == ')';
}

/* The offset of the comma behind the item that begins here, or the end. "</path" is a file; its "<" is not closed. */
static size_t item_end(struct md_str text, size_t from)
{
    size_t at = from;

    while (at < text.n && md_is_space(text.p[at]))
        at++;
    if (at < text.n && text.p[at] == '<') {
        ptrdiff_t comma = md_str_find_char(md_str_from(text, at), ',');
        size_t end = comma >= 0 ? at + (size_t)comma : text.n;

        if (md_str_find_char(md_str_sub(text, at, end - at), '>') < 0)
            return end;
    }
    return find_outside(text, from, ',', ',');
}

static void add_item(struct parse *p, const struct md_cnf_line *line, struct md_alias *alias, struct md_str text)
{
    struct md_alias_item *item;
    ptrdiff_t end;

    if (p->list->n_aliases + p->n_items >= MD_ALIASES_MAX)
        return;
    p->n_items++;
    item = md_arena_push(p->arena, &alias->items, &alias->n_items, &alias->items_capacity, sizeof *item);
    item->loc = md_cnf_loc_of(line, text);
    item->is_valid = true;
    if (text.n > 0 && text.p[0] == '[' && (end = md_str_find_char(text, ']')) > 1) {
        item->kind = MD_ALIAS_PARAMETER;
        item->name = md_str_sub(text, 1, (size_t)end - 1);
        item->text = md_str_trim(md_str_from(text, (size_t)end + 1));
        return;
    }
    if (text.n > 0 && text.p[0] == ':') {
        item->is_hidden = true;
        text = md_str_trim(md_str_from(text, 1));
    }
    item->text = text;
    if (text.n > 1 && text.p[0] == '<' && text.p[text.n - 1] != '>')
        item->kind = MD_ALIAS_FILE;
    else
        item->is_valid = is_address(text);
}

/* The items of a part of a line up to its end; an empty one only where commas follow each other. */
static void read_items(struct parse *p, const struct md_cnf_line *line, struct md_alias *alias, struct md_str text)
{
    size_t from = 0;

    p->wants_more = false;
    while (from <= text.n) {
        size_t to = item_end(text, from);
        struct md_str item = md_str_trim(md_str_sub(text, from, to - from));

        if (item.n == 0 && to == text.n) {
            p->wants_more = from > 0;
            break;
        }
        add_item(p, line, alias, item.n > 0 ? item : md_str_sub(text, from, 0));
        from = to + 1;
    }
}

/* Where a "\" joined lines there must be a comma. Where there is none at all the addresses are apart nevertheless. */
static void read_value(struct parse *p, const struct md_cnf_line *line, struct md_alias *alias, struct md_str value)
{
    size_t begin = (size_t)(value.p - line->text.p), from = 0;

    for (size_t i = 0; i < line->n_pieces; i++) {
        size_t at = line->pieces[i].at > begin ? line->pieces[i].at - begin : 0;
        struct md_str before = md_str_trim_right(md_str_sub(line->text, 0, line->pieces[i].at));
        struct md_str behind = md_str_trim(md_str_from(line->text, line->pieces[i].at));

        if (before.n == 0 || before.p[before.n - 1] == ',')
            continue;
        fault(p, MD_CNF_CONTINUATION_NOT_AFTER_COMMA, line, md_str_from(before, before.n - 1));
        if (before.p[before.n - 1] == ':' || behind.n == 0 || behind.p[0] == ',' || at <= from || at > value.n)
            continue;
        read_items(p, line, alias, md_str_sub(value, from, at - from));
        from = at;
    }
    read_items(p, line, alias, md_str_from(value, from));
}

static struct md_alias *push_alias(struct parse *p, const struct md_cnf_line *line, struct md_str name,
                                   struct md_str value)
{
    struct md_alias *alias =
        md_arena_push(p->arena, &p->list->aliases, &p->list->n_aliases, &p->aliases_capacity, sizeof *alias);

    alias->name = name;
    alias->loc = md_cnf_loc_of(line, name);
    alias->value = value;
    alias->value_loc = value.n > 0 ? md_cnf_loc_of(line, value) : alias->loc;
    return alias;
}

static void read_line(struct parse *p, const struct md_cnf_line *line)
{
    struct md_str text = md_str_trim(line->text), name, value;
    size_t colon = find_outside(text, 0, ':', ':'), blank = find_outside(text, 0, ' ', '\t');

    if (p->wants_more && colon == text.n) {
        fault(p, MD_CNF_COMMA_WITHOUT_CONTINUATION, line, text);
        read_value(p, line, &p->list->aliases[p->list->n_aliases - 1], text);
        return;
    }
    p->wants_more = false;
    if (colon == text.n) {
        fault(p, MD_CNF_ALIAS_WITHOUT_COLON, line, text);
        name = md_str_sub(text, 0, blank);
        value = md_str_trim(md_str_from(text, blank));
    } else {
        name = md_str_trim_right(md_str_sub(text, 0, colon));
        if (name.n < colon)
            fault(p, MD_CNF_SPACE_BEFORE_COLON, line, md_str_from(text, name.n));
        value = md_str_trim(md_str_from(text, colon + 1));
    }
    if (name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"')
        name = md_str_sub(name, 1, name.n - 2);
    read_value(p, line, push_alias(p, line, name, value), value);
}

static void read_text(struct parse *p, const char *name, struct md_str text, uint32_t first_line, unsigned depth)
{
    struct md_cnf_reader reader;
    struct md_cnf_line line;

    md_cnf_reader_init(&reader, p->arena, name, "!", text, first_line, &p->list->faults);
    reader.only_bang = reader.no_indent = true;
    while (md_cnf_next(&reader, &line)) {
        if (p->list->n_aliases + p->n_items + p->includes.n >= MD_ALIASES_MAX) {
            md_cnf_fault_add(&p->list->faults, MD_CNF_TOO_LARGE, md_cnf_loc(&line, 0), MD_LIT(""));
            return;
        }
        if (line.kind == MD_CNF_BLANK)
            p->wants_more = false;
        if (line.kind != MD_CNF_TEXT)
            continue;
        if (line.text.p[0] == '<') {
            const char *included;
            struct md_str inner = {0};

            p->wants_more = false;
            if (md_cnf_include_open(&p->includes, &line, depth, &p->list->faults, &included, &inner))
                read_text(p, included, inner, 1, depth + 1);
        } else {
            read_line(p, &line);
        }
    }
}

struct md_aliases *md_aliases_parse(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line,
                                    md_cnf_include_fn *include, void *include_ctx)
{
    struct parse p = {
        .arena = arena,
        .list = md_arena_alloc(arena, sizeof *p.list),
        .includes = {.arena = arena, .fn = include, .ctx = include_ctx},
    };

    p.list->name = name;
    p.list->faults.arena = arena;
    read_text(&p, name, text, first_line, 0);
    p.list->includes = p.includes.items;
    p.list->n_includes = p.includes.n;
    return p.list;
}
