#include "probes/formats/msgserver/option_file.h"

#include "engine/base/num.h"

struct parse {
    struct md_arena *arena;
    struct md_option_file *file;
    size_t options_capacity, sections_capacity, comments_capacity, includes_capacity;
};

static struct md_option_section *push_section(struct parse *p)
{
    struct md_option_section *section =
        md_arena_push(p->arena, &p->file->sections, &p->file->n_sections, &p->sections_capacity, sizeof *section);

    section->first = p->file->n_options;
    return section;
}

/* "SERVICE=SMTP": no option is called like a section, so the brackets were forgotten. */
static bool is_section_name(struct md_str name)
{
    return md_str_is_nocase(name, "POOL") || md_str_is_nocase(name, "SERVICE") || md_str_is_nocase(name, "CHANNEL") ||
           md_str_is_nocase(name, "PERIODIC_JOB");
}

static void add_section(struct parse *p, const struct md_cnf_line *line, struct md_str text)
{
    struct md_option_section *section;
    ptrdiff_t equals = md_str_find_char(text, '=');
    bool is_closed = text.p[text.n - 1] == ']';

    if (!is_closed || equals < 0)
        md_cnf_fault_add(&p->file->faults, MD_CNF_BAD_SECTION, md_cnf_loc_of(line, text), text);
    /* "[POOL=SMTP_POOL" is meant for a section all the same, and what follows belongs to it. */
    if (equals < 0)
        return;
    section = push_section(p);
    section->type = md_str_trim(md_str_sub(text, 1, (size_t)equals - 1));
    section->name = md_str_trim(md_str_sub(text, (size_t)equals + 1, text.n - (size_t)equals - (is_closed ? 2 : 1)));
    section->loc = md_cnf_loc_of(line, text);
}

static void add_comment(struct md_arena *arena, struct md_option_comment **list, size_t *n, size_t *capacity,
                        struct md_str text, struct md_loc loc)
{
    struct md_option_comment *comment = md_arena_push(arena, list, n, capacity, sizeof *comment);

    comment->text = text;
    comment->loc = loc;
}

static void add_option(struct parse *p, const struct md_cnf_line *line, struct md_str text)
{
    ptrdiff_t equals = md_str_find_char(text, '=');
    struct md_option_section *section = &p->file->sections[p->file->n_sections - 1];
    struct md_str name, value;
    struct md_option *option;

    name = equals >= 0 ? md_str_trim(md_str_sub(text, 0, (size_t)equals)) : (struct md_str){0};
    if (md_str_is_empty(name)) {
        md_cnf_fault_add(&p->file->faults, MD_CNF_NO_OPTION, md_cnf_loc_of(line, text), text);
        return;
    }
    value = md_str_trim(md_str_from(text, (size_t)equals + 1));
    if (is_section_name(name)) {
        md_cnf_fault_add(&p->file->faults, MD_CNF_BAD_SECTION, md_cnf_loc_of(line, text), text);
        section = push_section(p);
        section->type = name;
        section->name = value;
        section->loc = md_cnf_loc_of(line, text);
        return;
    }
    option = md_arena_push(p->arena, &p->file->options, &p->file->n_options, &p->options_capacity, sizeof *option);
    option->value_loc = md_cnf_loc_of(line, value);
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        value = md_str_sub(value, 1, value.n - 2);
    option->name = name;
    option->value = value;
    option->loc = md_cnf_loc_of(line, name);
    option->section = p->file->n_sections - 1;
    section->n++;
}

struct md_option_file *md_option_file_parse(struct md_arena *arena, const char *name, struct md_str text,
                                            uint32_t first_line)
{
    struct parse p = {.arena = arena, .file = md_arena_alloc(arena, sizeof *p.file)};
    struct md_option_file *file = p.file;
    struct md_cnf_reader reader;
    struct md_cnf_line line;

    file->name = name;
    file->faults.arena = arena;
    push_section(&p);
    md_cnf_reader_init(&reader, arena, name, "!#;", text, first_line, &file->faults);
    reader.has_clauses = true;
    while (md_cnf_next(&reader, &line)) {
        struct md_str trimmed = md_str_trim(line.text);

        if (file->n_options + file->n_sections + file->n_comments + file->n_includes >= MD_OPTION_FILE_MAX) {
            md_cnf_fault_add(&file->faults, MD_CNF_TOO_LARGE, md_cnf_loc(&line, 0), MD_LIT(""));
            break;
        }
        if (line.kind == MD_CNF_BLANK)
            continue;
        if (line.kind == MD_CNF_COMMENT)
            add_comment(arena, &file->comments, &file->n_comments, &p.comments_capacity, line.text,
                        md_cnf_loc(&line, 0));
        else if (trimmed.p[0] == '<')
            add_comment(arena, &file->includes, &file->n_includes, &p.includes_capacity,
                        md_str_trim(md_str_from(trimmed, 1)), md_cnf_loc_of(&line, trimmed));
        else if (trimmed.p[0] == '[')
            add_section(&p, &line, trimmed);
        else
            add_option(&p, &line, trimmed);
    }
    return file;
}

const struct md_option_section *md_option_file_section(const struct md_option_file *file, const char *type,
                                                       struct md_str name)
{
    for (size_t i = 1; i < file->n_sections; i++)
        if (md_str_is_nocase(file->sections[i].type, type) && md_str_eq_nocase(file->sections[i].name, name))
            return &file->sections[i];
    return NULL;
}

static const struct md_option *find_in(const struct md_option_file *file, const struct md_option_section *section,
                                       const char *name)
{
    for (size_t i = section->n; i-- > 0;)
        if (md_str_is_nocase(file->options[section->first + i].name, name))
            return &file->options[section->first + i];
    return NULL;
}

const struct md_option *md_option_file_find(const struct md_option_file *file, const struct md_option_section *section,
                                            const char *name)
{
    const struct md_option *option = section != NULL ? find_in(file, section, name) : NULL;

    return option != NULL ? option : find_in(file, &file->sections[0], name);
}

bool md_option_is_based(struct md_str value)
{
    ptrdiff_t percent = md_str_find_char(value, '%');

    for (ptrdiff_t i = 0; i < percent; i++)
        if (!md_is_digit(value.p[i]))
            return false;
    for (size_t i = percent < 0 ? 0 : (size_t)percent + 1; i < value.n; i++)
        if (!md_is_alnum(value.p[i]))
            return false;
    return percent > 0;
}

static enum md_status based_int(struct md_str digits, uint64_t base, int64_t *ret)
{
    uint64_t value = 0;

    if (base < 2 || base > 36 || digits.n == 0)
        return MD_BAD_INPUT;
    for (size_t i = 0; i < digits.n; i++) {
        char c = md_lower(digits.p[i]);
        uint64_t digit = md_is_digit(c) ? (uint64_t)(c - '0') : c >= 'a' && c <= 'z' ? (uint64_t)(c - 'a') + 10 : 99;

        if (digit >= base)
            return MD_BAD_INPUT;
        if (value > ((uint64_t)INT64_MAX - digit) / base)
            return MD_LIMIT;
        value = value * base + digit;
    }
    *ret = (int64_t)value;
    return MD_OK;
}

enum md_status md_option_int(struct md_str value, int64_t *ret)
{
    ptrdiff_t percent = md_str_find_char(value, '%');
    uint64_t base;

    if (percent > 0) {
        enum md_status st = md_num_all_u64(md_str_sub(value, 0, (size_t)percent), 36, &base);

        return st < 0 ? st : based_int(md_str_from(value, (size_t)percent + 1), base, ret);
    }
    return md_num_all_i64(value, INT64_MIN, INT64_MAX, ret);
}

enum md_status md_option_bool(struct md_str value, bool *ret)
{
    static const char *const yes[] = {"1", "yes", "on", "true"};
    static const char *const no[] = {"0", "no", "off", "false"};

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (md_str_is_nocase(value, yes[i]) || md_str_is_nocase(value, no[i])) {
            *ret = md_str_is_nocase(value, yes[i]);
            return MD_OK;
        }
    }
    return MD_BAD_INPUT;
}
