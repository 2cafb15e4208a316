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

/* "PT5M" "PT10M" are two words with quotation marks of their own. */
static struct md_str unquote(struct md_str value)
{
    if (md_str_find(value, MD_LIT("\" \"")) >= 0)
        return value;
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        return md_str_sub(value, 1, value.n - 2);
    return value;
}

struct md_named_value *md_values_add(struct md_arena *arena, struct md_values *values)
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
        if ((entry = md_values_add(arena, values)) == NULL)
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

char md_msconfig_skip_prompt(struct md_str *line)
{
    struct md_str rest = md_str_trim(*line);

    if (!md_str_has_prefix_nocase(rest, MD_LIT("msconfig")))
        return '\0';
    rest = md_str_from(rest, 8);
    if (rest.n == 0 || (rest.p[0] != '>' && rest.p[0] != '#'))
        return '\0';
    *line = md_str_trim(md_str_from(rest, 1));
    return rest.p[0];
}

/* One component: a name, then perhaps ":" and the name of an instance, which ends at a blank, at "=" or at the "." before the next
 * component. Which dot that is cannot be told where the instance itself has dots, so it is all kept as written. */
struct md_str md_msconfig_take_path(struct md_str *rest)
{
    size_t n = 0;
    bool in_instance = false;
    struct md_str path;

    if (rest->n == 0 || !md_is_alnum(rest->p[0]))
        return (struct md_str){0};
    while (n < rest->n) {
        char c = rest->p[n];

        if (in_instance && c == '"') {
            ptrdiff_t end = md_str_find_char(md_str_from(*rest, n + 1), '"');

            if (end < 0)
                break;
            n += (size_t)end + 2;
            continue;
        }
        if (!(in_instance ? !md_is_space(c) && c != '=' && c != '\0' : is_name_char(c)))
            break;
        in_instance |= c == ':';
        n++;
    }
    path = md_str_sub(*rest, 0, n);
    *rest = md_str_from(*rest, n);
    return path;
}

struct md_str md_msconfig_plain_path(struct md_str path, bool *ret_is_instance)
{
    *ret_is_instance = md_str_has_prefix_nocase(path, MD_LIT("instance."));
    if (*ret_is_instance)
        return md_str_from(path, 9);
    return md_str_has_prefix_nocase(path, MD_LIT("role.")) ? md_str_from(path, 5) : path;
}

/* What follows a prompt: mostly a command, but pasted text also has output right behind it. */
static void note_prompt(struct md_values *values, char prompt, struct md_str typed, struct md_loc loc)
{
    values->n_prompts++;
    values->unsaved = prompt == '#' && !md_str_has_prefix_nocase(typed, MD_LIT("write")) ? loc : (struct md_loc){0};
}

/* "= value", "(novalue)", "(suppressed)"; false where it is none of them. */
static bool take_value(const struct cursor *c, struct md_str rest, struct md_named_value *ret)
{
    rest = md_str_trim(rest);
    if (md_str_has_prefix_nocase(rest, MD_LIT("(suppressed)"))) {
        ret->is_suppressed = true;
    } else if (rest.n > 0 && rest.p[0] == '=') {
        rest = md_str_trim(md_str_from(rest, 1));
        ret->is_suppressed = md_str_is_nocase(rest, "(suppressed)");
        ret->has_value = !ret->is_suppressed;
        if (ret->has_value)
            ret->value = unquote(rest);
    } else if (!md_str_has_prefix_nocase(rest, MD_LIT("(novalue)"))) {
        return false;
    }
    ret->value_loc = loc_of(c, rest);
    return true;
}

struct md_values *md_msconfig_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line)
{
    struct md_values *values = md_arena_alloc(arena, sizeof *values);
    struct cursor c = {.file = name, .number = (first_line > 0 ? first_line : 1) - 1};

    while (next_line(&text, &c)) {
        struct md_str rest = md_str_trim(c.line), key;
        struct md_named_value found = {0}, *entry;
        struct md_loc loc = loc_of(&c, rest);
        char prompt = md_msconfig_skip_prompt(&rest);

        if (prompt != '\0')
            note_prompt(values, prompt, rest, loc);
        if (rest.n == 0 || rest.p[0] == '!' || rest.p[0] == '#')
            continue;
        key = md_msconfig_plain_path(md_msconfig_take_path(&rest), &found.is_instance);
        if (key.n == 0 || md_str_find_char(key, '.') <= 0 || !take_value(&c, rest, &found)) {
            values->n_other += prompt == '\0';
            continue;
        }
        found.loc = loc_of(&c, key);
        found.name = key;
        if ((entry = md_values_add(arena, values)) != NULL)
            *entry = found;
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
