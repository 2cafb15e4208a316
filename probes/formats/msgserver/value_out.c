#include "probes/formats/msgserver/value_out.h"

#include "engine/base/map.h"

struct cursor {
    const char *file;
    uint32_t number; /* of the line */
    struct md_str line;
};

static struct md_loc loc_of(const struct cursor *c, struct md_str part)
{
    size_t offset = part.p != NULL ? (size_t)(part.p - c->line.p) : 0;

    return (struct md_loc){c->file, c->number, offset < UINT32_MAX ? (uint32_t)offset + 1 : UINT32_MAX};
}

static bool is_name_char(char c)
{
    return md_is_alnum(c) || (c != '\0' && md_str_find_char(MD_LIT("._-:;*$/@+~%"), c) >= 0);
}

/* A name at the front of *rest: it begins with a letter or a digit and is followed by a blank, "=" or "|". */
static struct md_str take_name(struct md_str *rest)
{
    size_t n = 0;
    struct md_str name;

    if (rest->n == 0 || !md_is_alnum(rest->p[0]))
        return (struct md_str){0};
    while (n < rest->n && is_name_char(rest->p[n]))
        n++;
    name = md_str_sub(*rest, 0, n);
    *rest = md_str_from(*rest, n);
    return name;
}

static struct md_str unquote(struct md_str value)
{
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        return md_str_sub(value, 1, value.n - 2);
    return value;
}

static struct md_named_value *add(struct md_arena *arena, struct md_values *values)
{
    if (values->n >= MD_VALUES_MAX) {
        values->n_dropped++;
        return NULL;
    }
    return md_arena_push(arena, &values->items, &values->n, &values->capacity, sizeof *values->items);
}

static bool next_line(struct md_str *rest, struct cursor *c)
{
    if (!md_str_next_line(rest, &c->line))
        return false;
    if (c->number < UINT32_MAX)
        c->number++;
    return true;
}

struct md_values *md_configutil_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line)
{
    struct md_values *values = md_arena_alloc(arena, sizeof *values);
    struct cursor c = {.file = name, .number = (first_line > 0 ? first_line : 1) - 1};

    while (next_line(&text, &c)) {
        struct md_str rest = md_str_trim(c.line), key;
        struct md_named_value *entry;

        if (rest.n == 0 || rest.p[0] == '!' || rest.p[0] == '#')
            continue;
        key = take_name(&rest);
        rest = md_str_trim(rest);
        if (key.n == 0 || rest.n == 0 || (rest.p[0] != '=' && rest.p[0] != '|')) {
            values->n_other++;
            continue;
        }
        rest = md_str_trim(md_str_from(rest, 1));
        if ((entry = add(arena, values)) == NULL)
            continue;
        entry->name = key;
        entry->loc = loc_of(&c, key);
        entry->value_loc = loc_of(&c, rest);
        entry->value = unquote(rest);
        entry->has_value = true;
    }
    md_values_index(arena, values);
    return values;
}

static struct md_str skip_prompt(struct md_str line)
{
    struct md_str rest = md_str_trim(line);
    ptrdiff_t end;

    if (!md_str_has_prefix_nocase(rest, MD_LIT("msconfig")))
        return rest;
    end = md_str_find_char(rest, '>');
    if (end < 0)
        end = md_str_find_char(rest, '#');
    return end >= 0 && end < 16 ? md_str_trim(md_str_from(rest, (size_t)end + 1)) : rest;
}

struct md_values *md_msconfig_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line)
{
    struct md_values *values = md_arena_alloc(arena, sizeof *values);
    struct cursor c = {.file = name, .number = (first_line > 0 ? first_line : 1) - 1};

    while (next_line(&text, &c)) {
        struct md_str rest = skip_prompt(c.line), key;
        struct md_named_value *entry;
        bool has_value, is_novalue, is_suppressed, is_instance;

        if (rest.n == 0 || rest.p[0] == '!' || rest.p[0] == '#')
            continue;
        key = take_name(&rest);
        is_instance = md_str_has_prefix_nocase(key, MD_LIT("instance."));
        if (is_instance)
            key = md_str_from(key, 9);
        else if (md_str_has_prefix_nocase(key, MD_LIT("role.")))
            key = md_str_from(key, 5);
        rest = md_str_trim(rest);
        has_value = rest.n > 0 && rest.p[0] == '=';
        is_novalue = md_str_has_prefix_nocase(rest, MD_LIT("(novalue)"));
        is_suppressed = md_str_has_prefix_nocase(rest, MD_LIT("(suppressed)"));
        if (key.n == 0 || md_str_find_char(key, '.') <= 0 || (!has_value && !is_novalue && !is_suppressed)) {
            values->n_other++;
            continue;
        }
        if (has_value)
            rest = md_str_trim(md_str_from(rest, 1));
        is_suppressed |= has_value && md_str_is_nocase(rest, "(suppressed)");
        if ((entry = add(arena, values)) == NULL)
            continue;
        entry->name = key;
        entry->loc = loc_of(&c, key);
        entry->value_loc = loc_of(&c, rest);
        entry->value = has_value && !is_suppressed ? unquote(rest) : (struct md_str){0};
        entry->has_value = has_value && !is_suppressed;
        entry->is_suppressed = is_suppressed;
        entry->is_instance = is_instance;
    }
    md_values_index(arena, values);
    return values;
}

/* In lower case; the empty name where it is too long. */
static struct md_str fold(struct md_str name, char *buffer)
{
    if (name.n > MD_VALUE_NAME_MAX)
        return (struct md_str){0};
    for (size_t i = 0; i < name.n; i++)
        buffer[i] = md_lower(name.p[i]);
    return md_str_n(buffer, name.n);
}

void md_values_index(struct md_arena *arena, struct md_values *values)
{
    values->by_name = md_map_new(arena);
    for (size_t i = 0; i < values->n; i++) {
        struct md_named_value *entry = &values->items[i], *before;
        char buffer[MD_VALUE_NAME_MAX];
        struct md_str name = fold(entry->name, buffer);

        before = md_map_find(values->by_name, 0, name);
        if (name.n > 0 && (before == NULL || entry->is_instance || !before->is_instance))
            md_map_set(values->by_name, 0, md_arena_str(arena, name), entry);
    }
}

const struct md_named_value *md_values_find(const struct md_values *values, struct md_str name)
{
    char buffer[MD_VALUE_NAME_MAX];
    struct md_str folded = fold(name, buffer);

    return folded.n > 0 && values->by_name != NULL ? md_map_find(values->by_name, 0, folded) : NULL;
}
