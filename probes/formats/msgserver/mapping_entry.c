/*
 * Pattern and template of a mapping entry.
 */
#include <string.h>

#include "engine/base/num.h"
#include "probes/formats/msgserver/mappings.h"

#define NESTING_MAX 8

struct scan {
    struct md_arena *arena;
    const struct md_cnf_line *line;
    struct md_mapping_entry *entry;
    size_t nested_capacity, unknown_capacity, fields_capacity;
};

static void add_part(struct scan *s, struct md_mapping_part **list, size_t *n, size_t *capacity, struct md_str name,
                     struct md_str text, bool is_literal)
{
    struct md_mapping_part *part;

    if (*n >= MD_MAPPING_REFS_MAX)
        return;
    part = md_arena_push(s->arena, list, n, capacity, sizeof *part);
    part->name = name;
    part->text = text;
    part->loc = md_cnf_loc_of(s->line, text);
    part->is_literal = is_literal;
}

static void add_unknown(struct scan *s, struct md_str text, size_t from, size_t to)
{
    add_part(s, &s->entry->unknown, &s->entry->n_unknown, &s->unknown_capacity, (struct md_str){0},
             md_str_sub(text, from, to - from), false);
}

/* The offset behind the next `close`; what follows a "$" does not close. The end where there is none. */
static size_t skip_to(struct md_str t, size_t at, char close)
{
    while (at < t.n && t.p[at] != close)
        at += t.p[at] == '$' && close != '#' ? 2 : 1;
    return at < t.n ? at + 1 : t.n;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* ---- patterns ---- */

static void read_prefix(struct scan *s, struct md_str inner)
{
    struct md_mapping_prefix *prefix = md_arena_alloc(s->arena, sizeof *prefix);
    uint64_t number = 0, bits = 32;

    s->entry->prefix = prefix;
    prefix->loc = md_cnf_loc_of(s->line, inner);
    for (int i = 0; i < 4; i++) {
        if ((i > 0 && !md_str_skip_prefix(&inner, MD_LIT("."))) || md_num_u64(&inner, 255, &number) < 0)
            return;
        prefix->address = prefix->address << 8 | (uint32_t)number;
    }
    if (md_str_skip_prefix(&inner, MD_LIT("/")) && md_num_u64(&inner, 32, &bits) < 0)
        return;
    prefix->bits = (unsigned)bits;
    prefix->is_valid = inner.n == 0;
}

/* Reads the sequence that begins with the "$" at `at` of the pattern; returns the offset behind it. */
static size_t read_pattern_sequence(struct scan *s, struct md_str t, size_t at)
{
    size_t dollar = at++, end;

    while (at < t.n && md_is_digit(t.p[at]))
        at++;
    if (at >= t.n) {
        add_unknown(s, t, dollar, at);
        return at;
    }
    switch (t.p[at]) {
    case '[': return skip_to(t, at + 1, ']');
    case '<': return skip_to(t, at + 1, '>');
    case '{': return skip_to(t, at + 1, '}');
    case '(':
        end = skip_to(t, at + 1, ')');
        if (s->entry->prefix == NULL)
            read_prefix(s, md_str_sub(t, at + 1, end - at - (t.p[end - 1] == ')' ? 2 : 1)));
        return end;
    default: break;
    }
    if (strchr("_*%@^$ \t|", t.p[at]) == NULL && !md_is_alpha(t.p[at]))
        add_unknown(s, t, dollar, at + 1);
    return at + 1;
}

static void add_field(struct scan *s, struct md_str field, bool is_literal)
{
    add_part(s, &s->entry->fields, &s->entry->n_fields, &s->fields_capacity, (struct md_str){0}, field, is_literal);
}

/* "IN-CHAN=x;OUT-CHAN=y;CONVERT" as the table CONVERSIONS has it. */
static void read_clauses(struct scan *s, struct md_str rest)
{
    struct md_str clause;

    while (md_str_split(&rest, ';', &clause)) {
        ptrdiff_t equals = md_str_find_char(clause, '=');
        struct md_str value = md_str_from(clause, equals >= 0 ? (size_t)equals + 1 : 0);

        add_part(s, &s->entry->fields, &s->entry->n_fields, &s->fields_capacity,
                 md_str_sub(clause, 0, equals >= 0 ? (size_t)equals : 0), value,
                 md_str_find_char(value, '*') < 0 && md_str_find_char(value, '%') < 0 &&
                     md_str_find_char(value, '$') < 0);
    }
}

static void read_pattern(struct scan *s)
{
    struct md_str t = s->entry->pattern;
    bool is_literal = true, is_any = t.n > 0;
    size_t at = 0, from = 0;

    while (at < t.n) {
        switch (t.p[at]) {
        case '|':
            add_field(s, md_str_sub(t, from, at - from), is_literal);
            s->entry->n_bars++;
            from = ++at;
            is_literal = true;
            is_any = false;
            break;
        case '$': {
            size_t next = read_pattern_sequence(s, t, at);

            /* "$_*" is "*" that takes as little as it can */
            is_any = is_any && (md_str_eq(md_str_sub(t, at, next - at), MD_LIT("$_")) ||
                                md_str_eq(md_str_sub(t, at, next - at), MD_LIT("$@")) ||
                                md_str_eq(md_str_sub(t, at, next - at), MD_LIT("$^")));
            is_literal = false;
            at = next;
            break;
        }
        case '*':
        case '%':
            is_any = is_any && t.p[at] == '*';
            is_literal = false;
            at++;
            break;
        default:
            is_any = false;
            at++;
            break;
        }
    }
    if (s->entry->n_bars == 0 && md_str_find_char(t, ';') >= 0)
        read_clauses(s, t);
    else
        add_field(s, md_str_sub(t, from, t.n - from), is_literal);
    s->entry->is_catch_all = is_any && md_str_find_char(t, '*') >= 0;
}

/* ---- templates ---- */

static size_t read_template_part(struct scan *s, size_t at, char close, unsigned depth);

/* "$|TABLE;argument|", `at` behind the first "|". */
static size_t read_nested(struct scan *s, size_t at, unsigned depth)
{
    struct md_str t = s->entry->template;
    size_t to = at;

    while (to < t.n && t.p[to] != ';' && t.p[to] != '|')
        to++;
    add_part(s, &s->entry->nested, &s->entry->n_nested, &s->nested_capacity, (struct md_str){0},
             md_str_sub(t, at, to - at), md_str_find_char(md_str_sub(t, at, to - at), '$') < 0);
    s->entry->may_fail = true;
    if (depth >= NESTING_MAX)
        return skip_to(t, to, '|');
    return read_template_part(s, to, '|', depth + 1);
}

static void read_letter(struct scan *s, char letter)
{
    switch (letter) {
    case 'C':
    case 'L':
    case 'R': s->entry->continues = true; break;
    case 'E': s->entry->ends = true; break;
    default: s->entry->flags |= MD_MAPPING_FLAG(letter); break;
    }
}

/* Reads the sequence that begins with the "$" at `at` of the template; returns the offset behind it. */
static size_t read_template_sequence(struct scan *s, size_t at, unsigned depth)
{
    struct md_str t = s->entry->template;
    size_t dollar = at++;
    char c;

    if (at >= t.n) {
        add_unknown(s, t, dollar, at);
        return at;
    }
    c = t.p[at++];
    switch (c) {
    case '|': return read_nested(s, at, depth);
    case '{': s->entry->may_fail = true; return skip_to(t, at, '}');
    case '}': s->entry->may_fail = true; return skip_to(t, at, '{');
    case ']': s->entry->may_fail = true; return skip_to(t, at, '[');
    case '[': s->entry->may_fail = true; return skip_to(t, at, ']');
    case '(': s->entry->may_fail = true; return skip_to(t, at, ')');
    case '?': s->entry->may_fail = true; return skip_to(t, at, '?');
    case '#': return skip_to(t, at, '#');
    case '.': return skip_to(t, at, '.'); /* what a failing look-up gives */
    case ':':
    case ';': s->entry->may_fail = true; return at < t.n ? at + 1 : at;
    case '&':
    case '+': return at < t.n && md_is_digit(t.p[at]) ? at + 1 : at;
    default: break;
    }
    if (md_is_alpha(c))
        read_letter(s, upper(c));
    else if (!md_is_digit(c) && strchr("$ \t\\^_=*%@!~,<>-", c) == NULL)
        add_unknown(s, t, dollar, at);
    return at;
}

/* Reads up to `close` (NUL: to the end); returns the offset behind it. */
static size_t read_template_part(struct scan *s, size_t at, char close, unsigned depth)
{
    struct md_str t = s->entry->template;

    while (at < t.n && (close == '\0' || t.p[at] != close))
        at = t.p[at] == '$' ? read_template_sequence(s, at, depth) : at + 1;
    return at < t.n ? at + 1 : t.n;
}

void md_mapping_entry_read(struct md_arena *arena, const struct md_cnf_line *line, struct md_mapping_entry *entry)
{
    struct scan s = {.arena = arena, .line = line, .entry = entry};

    read_pattern(&s);
    read_template_part(&s, 0, '\0', 0);
}
