#include "probes/formats/calendar/ics_conf.h"

/* What word processors and printed guides make of quotation marks. */
static const char *const typographic[] = {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xE2\x80\x9F",
                                          "\xC2\xAB",     "\xC2\xBB",     "\x93",         "\x94"};

static size_t typographic_at_front(struct md_str text)
{
    for (size_t i = 0; i < sizeof typographic / sizeof *typographic; i++)
        if (md_str_has_prefix(text, md_str(typographic[i])))
            return strlen(typographic[i]);
    return 0;
}

static size_t typographic_at_end(struct md_str text)
{
    for (size_t i = 0; i < sizeof typographic / sizeof *typographic; i++)
        if (md_str_has_suffix(text, md_str(typographic[i])))
            return strlen(typographic[i]);
    return 0;
}

static bool is_name_char(char c)
{
    return md_is_alnum(c) || (c != '\0' && md_str_find_char(MD_LIT("._-;"), c) >= 0);
}

struct reader {
    struct md_arena *arena;
    struct md_ics_conf *conf;
    const char *file;
    uint32_t number;
    struct md_str line;
};

static struct md_loc loc_of(const struct reader *r, struct md_str part)
{
    size_t offset = part.p != NULL ? (size_t)(part.p - r->line.p) : 0;

    return (struct md_loc){r->file, r->number, offset < UINT32_MAX ? (uint32_t)offset + 1 : UINT32_MAX};
}

static void fault(struct reader *r, const struct md_ics_parameter *parameter, enum md_cnf_fault_kind kind,
                  struct md_str text)
{
    if (!parameter->is_comment)
        md_cnf_fault_add(&r->conf->faults, kind, loc_of(r, text), text);
}

static void read_value(struct reader *r, struct md_ics_parameter *parameter, struct md_str rest)
{
    size_t front = typographic_at_front(rest), back;
    ptrdiff_t end;

    parameter->value_loc = loc_of(r, rest);
    if (front > 0) {
        parameter->quotes = MD_ICS_TYPOGRAPHIC;
        rest = md_str_from(rest, front);
        back = md_str_has_suffix(rest, MD_LIT("\"")) ? 1 : typographic_at_end(rest);
        parameter->value = md_str_sub(rest, 0, rest.n - back);
        fault(r, parameter, MD_CNF_TYPOGRAPHIC_QUOTES, md_str_n(rest.p - front, rest.n + front));
    } else if (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\'')) {
        char quote = rest.p[0];
        struct md_str inner = md_str_from(rest, 1), after;

        end = md_str_rfind_char(inner, quote);
        if (end < 0) {
            back = typographic_at_end(inner);
            parameter->quotes = back > 0 ? MD_ICS_TYPOGRAPHIC : MD_ICS_OPEN;
            parameter->value = md_str_sub(inner, 0, inner.n - back);
            fault(r, parameter, back > 0 ? MD_CNF_TYPOGRAPHIC_QUOTES : MD_CNF_OPEN_QUOTE, rest);
            return;
        }
        after = md_str_trim(md_str_from(inner, (size_t)end + 1));
        parameter->quotes = quote == '"' ? MD_ICS_QUOTED : MD_ICS_SINGLE;
        parameter->value = md_str_sub(inner, 0, (size_t)end);
        if (after.n > 0)
            fault(r, parameter, MD_CNF_TEXT_AFTER_VALUE, after);
    } else {
        parameter->quotes = MD_ICS_BARE;
        parameter->value = rest;
        if (rest.n == 0)
            fault(r, parameter, MD_CNF_NO_VALUE, parameter->name);
    }
}

static void add(struct reader *r, struct md_ics_parameter *parameter)
{
    struct md_ics_conf *conf = r->conf;
    struct md_ics_parameter **slot, *before;

    if (conf->n >= MD_ICS_MAX) {
        conf->n_dropped++;
        return;
    }
    slot = md_arena_push(r->arena, &conf->items, &conf->n, &conf->capacity, sizeof(struct md_ics_parameter *));
    *slot = parameter;
    if (parameter->is_comment)
        return;
    before = md_map_find(conf->by_name, 0, parameter->name);
    if (before != NULL) {
        before->is_repeated = true;
        parameter->repeats = before;
    }
    md_map_set(conf->by_name, 0, parameter->name, parameter);
}

/* Prose behind a "!" is no sample, even where it has "=" in it: the name must be one word with a dot, and a value must follow. */
static bool is_sample(struct md_str name, struct md_str rest)
{
    return md_str_find_char(name, '.') > 0 && name.p[name.n - 1] != '.' && rest.n > 0 && rest.p[0] == '=' &&
           md_str_trim(md_str_from(rest, 1)).n > 0;
}

static void read_line(struct reader *r)
{
    struct md_str rest = md_str_trim(r->line), name;
    bool is_comment = rest.n > 0 && (rest.p[0] == '!' || rest.p[0] == '#');
    struct md_ics_parameter *parameter;
    size_t n = 0;

    if (rest.n == 0)
        return;
    while (is_comment && rest.n > 0 && (rest.p[0] == '!' || rest.p[0] == '#' || md_is_space(rest.p[0])))
        rest = md_str_from(rest, 1);
    while (n < rest.n && is_name_char(rest.p[n]))
        n++;
    name = md_str_sub(rest, 0, n);
    rest = md_str_trim(md_str_from(rest, n));
    if (is_comment && (name.n == 0 || !is_sample(name, rest)))
        return;
    if (name.n == 0 || rest.n == 0 || rest.p[0] != '=') {
        md_cnf_fault_add(&r->conf->faults, MD_CNF_NO_OPTION, loc_of(r, md_str_trim(r->line)), md_str_trim(r->line));
        return;
    }
    parameter = md_arena_alloc(r->arena, sizeof *parameter);
    parameter->name = name;
    parameter->loc = loc_of(r, name);
    parameter->is_comment = is_comment;
    for (size_t i = 0; i < name.n; i++)
        parameter->has_capitals |= md_lower(name.p[i]) != name.p[i];
    read_value(r, parameter, md_str_trim(md_str_from(rest, 1)));
    add(r, parameter);
}

struct md_ics_conf *md_ics_conf_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line)
{
    struct md_ics_conf *conf = md_arena_alloc(arena, sizeof *conf);
    struct reader r = {.arena = arena, .conf = conf, .file = name, .number = (first_line > 0 ? first_line : 1) - 1};

    conf->name = name;
    conf->faults.arena = arena;
    conf->by_name = md_map_new(arena);
    while (md_str_next_line(&text, &r.line)) {
        r.number += r.number < UINT32_MAX;
        read_line(&r);
    }
    return conf;
}

const struct md_ics_parameter *md_ics_conf_find(const struct md_ics_conf *conf, struct md_str name)
{
    return md_map_find(conf->by_name, 0, name);
}
