#include "probes/msgserver/option_table.h"

#include "engine/base/map.h"
#include "engine/base/num.h"
#include "probes/formats/msgserver/version.h"

#define FILES_MAX 16

enum { BY_NAME, BY_PATH, MISPRINTS, RENAMES, KINDS };

struct file {
    struct md_str name;
    struct md_str group;            /* of the Unified Configuration: "mta" */
    const struct md_node *sections; /* type of a section -> name of its group */
    struct md_option_def *families;
    size_t n_families, families_capacity;
};

struct md_option_table {
    struct md_arena *arena;
    struct file files[FILES_MAX];
    size_t n_files;
    struct md_option_def **items;
    size_t n, capacity;
    struct md_map *map; /* (file * KINDS + kind, lower-case name) */
};

static const char *const type_names[] = {
#define MD_OPTION_TYPE(id, name) name,
#include "probes/msgserver/option_type.def"
#undef MD_OPTION_TYPE
};

const char *md_option_type_name(enum md_option_type type)
{
    return type < MD_OPTION_TYPES ? type_names[type] : "";
}

static struct md_str fold(struct md_str name, char *buffer)
{
    ptrdiff_t language = md_str_find_char(name, ';');

    if (language >= 0)
        name = md_str_sub(name, 0, (size_t)language);
    if (name.n > MD_OPTION_NAME_MAX)
        return (struct md_str){0};
    for (size_t i = 0; i < name.n; i++)
        buffer[i] = md_lower(name.p[i]);
    return md_str_n(buffer, name.n);
}

static void *lookup(const struct md_option_table *table, size_t file, size_t kind, struct md_str name)
{
    char buffer[MD_OPTION_NAME_MAX];
    struct md_str folded = fold(name, buffer);

    return folded.n > 0 ? md_map_find(table->map, file * KINDS + kind, folded) : NULL;
}

/* False: there is one of this name already. */
static bool enter(struct md_option_table *table, size_t file, size_t kind, struct md_str name, void *what)
{
    char buffer[MD_OPTION_NAME_MAX];
    struct md_str folded = fold(name, buffer);

    if (folded.n == 0 || md_map_find(table->map, file * KINDS + kind, folded) != NULL)
        return false;
    md_map_set(table->map, file * KINDS + kind, md_arena_str(table->arena, folded), what);
    return true;
}

static size_t file_of(const struct md_option_table *table, struct md_str file)
{
    size_t i = 0;

    while (i < table->n_files && !md_str_eq(table->files[i].name, file))
        i++;
    return i;
}

/* "*" stands for one character or more; what is matched is in lower or upper case alike. */
static bool matches(struct md_str pattern, struct md_str name)
{
    ptrdiff_t star = md_str_find_char(pattern, '*');

    if (star < 0)
        return md_str_eq_nocase(pattern, name);
    if (!md_str_has_prefix_nocase(name, md_str_sub(pattern, 0, (size_t)star)))
        return false;
    pattern = md_str_from(pattern, (size_t)star + 1);
    name = md_str_from(name, (size_t)star);
    for (size_t i = 1; i <= name.n; i++)
        if (matches(pattern, md_str_from(name, i)))
            return true;
    return false;
}

static const struct md_option_def *family_of(const struct file *file, struct md_str name)
{
    for (size_t i = 0; i < file->n_families; i++)
        if (matches(file->families[i].name, name))
            return &file->families[i];
    return NULL;
}

static const struct md_option_def *family_of_path(const struct file *file, struct md_str path)
{
    for (size_t i = 0; i < file->n_families; i++)
        if (matches(file->families[i].path, path))
            return &file->families[i];
    return NULL;
}

static struct md_str plain(struct md_str name)
{
    ptrdiff_t language = md_str_find_char(name, ';');

    name = language >= 0 ? md_str_sub(name, 0, (size_t)language) : name;
    return name.n <= MD_OPTION_NAME_MAX ? name : (struct md_str){0};
}

/* ---- reading ---- */

static enum md_status bad(struct md_diags *diags, const struct md_node *node, const char *says)
{
    md_diags_add(diags, MD_ERROR, node->loc, "%s", says);
    return MD_BAD_INPUT;
}

static struct md_str join(struct md_arena *arena, const char *a, struct md_str b, const char *c)
{
    return md_str(md_arena_printf(arena, "%s%.*s%s", a, MD_STR_ARG(b), c));
}

/* Path of a configutil parameter where the table does not say it: the rules that most of them follow. */
static struct md_str derived_path(struct md_arena *arena, struct md_str name)
{
    static const char *const groups[] = {"store.", "mmp.",     "ens.",  "imap.",   "pop.",
                                         "http.",  "watcher.", "snmp.", "msprobe."};
    struct md_str rest = name, part;

    if (md_str_skip_prefix(&rest, MD_LIT("local.schedule.")))
        return md_str_has_suffix(rest, MD_LIT(".enable"))
                   ? join(arena, "schedule.task:", md_str_sub(rest, 0, rest.n - 7), ".enable")
                   : join(arena, "schedule.task:", rest, ".crontab");
    if (md_str_skip_prefix(&rest, MD_LIT("local.imta.")))
        return join(arena, "mta.", rest, "");
    if (md_str_skip_prefix(&rest, MD_LIT("local."))) {
        for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
            if (md_str_has_prefix(rest, md_str(groups[i])))
                return rest;
        return join(arena, "base.", rest, "");
    }
    if (md_str_skip_prefix(&rest, MD_LIT("logfile.")) && md_str_split(&rest, '.', &part) && rest.p != NULL)
        return md_str(md_arena_printf(arena, "%.*s.logfile.%.*s", MD_STR_ARG(part), MD_STR_ARG(rest)));
    rest = name;
    if (md_str_skip_prefix(&rest, MD_LIT("service.")))
        for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
            if (md_str_has_prefix(rest, md_str(groups[i])))
                return rest;
    return name;
}

static enum md_status read_range(const struct md_node *node, const char *key, bool *ret_has, int64_t *ret,
                                 struct md_diags *diags)
{
    const struct md_node *number = md_node_get(node, key);

    if (number == NULL)
        return MD_OK;
    *ret_has = true;
    return md_num_all_i64(number->text, INT64_MIN, INT64_MAX, ret) == MD_OK
               ? MD_OK
               : bad(diags, number, "low and high are integers");
}

static enum md_status read_def(const struct md_node *node, struct md_option_def *def, struct md_diags *diags)
{
    struct md_str type = md_node_text(node, "type"), path = md_node_text(node, "unified");
    size_t i = 0;

    if (node == NULL || node->kind != MD_NODE_MAP)
        return MD_OK;
    def->node = node;
    if (path.n > 0)
        def->path = path;
    if (type.n > 0) {
        while (i < MD_OPTION_TYPES && !md_str_is(type, type_names[i]))
            i++;
        if (i == MD_OPTION_TYPES)
            return bad(diags, node, "no such type of option");
        def->type = (enum md_option_type)i;
        def->has_type = true;
    }
    if (read_range(node, "low", &def->has_low, &def->low, diags) < 0)
        return MD_BAD_INPUT;
    return read_range(node, "high", &def->has_high, &def->high, diags);
}

/* A scalar of a list is a name; a child of a map has more. */
static enum md_status add(struct md_option_table *table, size_t file, const struct md_node *node, bool is_family,
                          struct md_diags *diags)
{
    struct file *of = &table->files[file];
    struct md_option_def *def;

    if (is_family) {
        def = md_arena_push(table->arena, &of->families, &of->n_families, &of->families_capacity, sizeof *def);
    } else {
        struct md_option_def **slot =
            md_arena_push(table->arena, &table->items, &table->n, &table->capacity, sizeof(struct md_option_def *));

        *slot = def = md_arena_alloc(table->arena, sizeof *def);
    }
    def->name = node->key.n > 0 ? node->key : node->text;
    def->file = of->name;
    def->is_family = is_family;
    def->path = of->group.n > 0 ? def->name : derived_path(table->arena, def->name);
    if (read_def(node, def, diags) < 0)
        return MD_BAD_INPUT;
    if (is_family)
        return MD_OK;
    if (!enter(table, file, BY_NAME, def->name, def))
        return bad(diags, node, "this option is listed twice");
    (void)enter(table, file, BY_PATH, def->path, def); /* several old names may have become one */
    return MD_OK;
}

static enum md_status add_all(struct md_option_table *table, size_t file, const struct md_node *list, bool is_family,
                              struct md_diags *diags)
{
    for (const struct md_node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        if (add(table, file, node, is_family, diags) < 0)
            return MD_BAD_INPUT;
    return MD_OK;
}

static enum md_status read_file(struct md_option_table *table, const struct md_node *node, struct md_diags *diags)
{
    const struct md_node *misprints = md_node_get(node, "misprints");
    struct file *file = &table->files[table->n_files];
    size_t i = table->n_files;

    if (node->kind != MD_NODE_MAP || i == FILES_MAX)
        return bad(diags, node, "this is no kind of file with its options");
    table->n_files++;
    file->name = node->key;
    file->group = md_node_text(node, "group");
    file->sections = md_node_get(node, "sections");
    if (add_all(table, i, md_node_get(node, "options"), false, diags) < 0 ||
        add_all(table, i, md_node_get(node, "plain"), false, diags) < 0 ||
        add_all(table, i, md_node_get(node, "families"), true, diags) < 0)
        return MD_BAD_INPUT;
    for (const struct md_node *wrong = misprints != NULL ? misprints->first : NULL; wrong != NULL;
         wrong = wrong->next) {
        if (lookup(table, i, BY_NAME, wrong->key) != NULL || lookup(table, i, BY_NAME, wrong->text) == NULL)
            return bad(diags, wrong, "a misprint is no option, and what was meant is one");
        (void)enter(table, i, MISPRINTS, wrong->key, md_arena_cstr(table->arena, wrong->text));
    }
    return MD_OK;
}

static enum md_status read_rename(struct md_option_table *table, const struct md_node *node, struct md_diags *diags)
{
    struct md_option_rename *rename = md_arena_alloc(table->arena, sizeof *rename);
    const struct md_node *own = md_node_get(node, "own_check"), *section = md_node_get(node, "is_section");

    rename->file = md_node_text(node, "file");
    rename->old_name = md_node_text(node, "old");
    rename->new_name = md_node_text(node, "new");
    rename->since = md_node_text(node, "since");
    if ((own != NULL && md_node_bool(own, &rename->has_own_check) < 0) ||
        (section != NULL && md_node_bool(section, &rename->is_section) < 0) || rename->file.n == 0 ||
        rename->old_name.n == 0 || rename->new_name.n == 0)
        return bad(diags, node, "a rename has a file, an old name and a new one");
    if (!enter(table, file_of(table, rename->file), RENAMES, rename->old_name, rename))
        return bad(diags, node, "this rename is listed twice");
    return MD_OK;
}

enum md_status md_option_table_read(struct md_arena *arena, const char *name, struct md_str yaml,
                                    struct md_diags *diags, const struct md_option_table **ret)
{
    struct md_option_table *table = md_arena_alloc(arena, sizeof *table);
    const struct md_node *root = NULL, *list, *node;
    enum md_status status = md_yaml_read(arena, name, yaml, diags, &root);

    if (status < 0)
        return status;
    table->arena = arena;
    table->map = md_map_new(arena);
    list = md_node_get(root, "files");
    for (node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        if (read_file(table, node, diags) < 0)
            return MD_BAD_INPUT;
    if (table->n == 0) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){name, 0, 0}, "the table of options is empty");
        return MD_BAD_INPUT;
    }
    list = md_node_get(root, "renames");
    for (node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        if (read_rename(table, node, diags) < 0)
            return MD_BAD_INPUT;
    *ret = table;
    return MD_OK;
}

/* ---- looking up ---- */

const struct md_option_def *md_option_table_find(const struct md_option_table *table, struct md_str file,
                                                 struct md_str name)
{
    size_t i = file_of(table, file);
    const struct md_option_def *def = i < table->n_files ? lookup(table, i, BY_NAME, name) : NULL;

    return def != NULL || i == table->n_files ? def : family_of(&table->files[i], plain(name));
}

/* What stands behind the group of a file, without the section that it is in: "job_limit" of "job_pool:SMTP_POOL.job_limit". */
static struct md_str name_in_group(const struct file *file, struct md_str rest)
{
    ptrdiff_t colon = md_str_find_char(rest, ':'), dot = md_str_rfind_char(rest, '.');

    for (const struct md_node *node = file->sections != NULL ? file->sections->first : NULL; node != NULL;
         node = node->next)
        if (colon > 0 && dot > colon && md_str_eq_nocase(md_str_sub(rest, 0, (size_t)colon), node->text))
            return md_str_from(rest, (size_t)dot + 1);
    return rest;
}

/* The file whose options a path names, and the name there. */
static size_t file_of_path(const struct md_option_table *table, struct md_str path, struct md_str *ret_name)
{
    ptrdiff_t options = md_str_find_nocase(path, MD_LIT(".options."));
    size_t i;

    if (options > 0 && md_str_has_prefix_nocase(path, MD_LIT("channel:"))) {
        *ret_name = md_str_from(path, (size_t)options + 9);
        return file_of(table, MD_LIT("channel_option"));
    }
    for (i = 0; i < table->n_files; i++) {
        struct md_str group = table->files[i].group;

        if (group.n > 0 && path.n > group.n && path.p[group.n] == '.' && md_str_has_prefix_nocase(path, group)) {
            *ret_name = name_in_group(&table->files[i], md_str_from(path, group.n + 1));
            break;
        }
    }
    return i;
}

const struct md_option_def *md_option_table_find_path(const struct md_option_table *table, struct md_str path)
{
    struct md_str name;
    const struct md_option_def *def = NULL;
    bool is_covered;
    size_t i;

    path = plain(path);
    i = file_of_path(table, path, &name);
    is_covered = i < table->n_files;
    if (is_covered) {
        if ((def = lookup(table, i, BY_PATH, name)) == NULL)
            def = lookup(table, i, BY_NAME, name);
        if (def == NULL)
            def = family_of_path(&table->files[i], name);
    }
    /* mta.enable and the like are parameters of configutil */
    i = file_of(table, MD_LIT("configutil"));
    if (def == NULL && i < table->n_files) {
        def = lookup(table, i, BY_PATH, path);
        if (def == NULL)
            def = is_covered ? NULL : family_of_path(&table->files[i], path);
    }
    return def;
}

bool md_option_table_covers_path(const struct md_option_table *table, struct md_str path)
{
    struct md_str name;

    return file_of_path(table, plain(path), &name) < table->n_files;
}

size_t md_option_table_count(const struct md_option_table *table)
{
    return table->n;
}

const struct md_option_def *md_option_table_at(const struct md_option_table *table, size_t i)
{
    return table->items[i];
}

const struct md_option_rename *md_option_table_rename(const struct md_option_table *table, struct md_str file,
                                                      struct md_str old_name)
{
    const struct md_option_rename *rename = lookup(table, file_of(table, file), RENAMES, old_name);

    return rename != NULL && md_str_eq(rename->file, file) ? rename : NULL;
}

struct md_str md_option_table_misprint(const struct md_option_table *table, struct md_str file, struct md_str name)
{
    return md_str(lookup(table, file_of(table, file), MISPRINTS, name));
}

bool md_option_def_in_section(const struct md_option_def *def, struct md_str section_type)
{
    const struct md_node *sections = md_node_get(def->node, "in");

    if (sections == NULL)
        return true;
    if (section_type.n == 0)
        section_type = MD_LIT("global");
    for (const struct md_node *section = sections->first; section != NULL; section = section->next)
        if (md_str_eq_nocase(section->text, section_type))
            return true;
    return false;
}

/* Whether a version is earlier (-1), the same (0) or later (1) than that of a text like "6.3"; 0 where the text is none. */
static int compare(int major, int minor, struct md_str text)
{
    struct md_version version;

    if (!md_version_parse(text, &version))
        return 0;
    if (major != version.major)
        return major < version.major ? -1 : 1;
    return minor == version.minor ? 0 : minor < version.minor ? -1 : 1;
}

struct md_str md_option_def_default(const struct md_option_def *def, int major, int minor)
{
    const struct md_node *by_version = md_node_get(def->node, "defaults");

    for (const struct md_node *row = by_version != NULL ? by_version->first : NULL; row != NULL; row = row->next) {
        struct md_str until = md_node_text(row, "until");

        if (until.n == 0 || (major > 0 && compare(major, minor, until) <= 0))
            return md_node_text(row, "value");
    }
    return md_node_text(def->node, "default");
}

int md_option_def_gate(const struct md_option_def *def, int major, int minor)
{
    struct md_str since = md_node_text(def->node, "since"), until = md_node_text(def->node, "until");

    if (major <= 0)
        return 0;
    if (since.n > 0 && compare(major, minor, since) < 0)
        return -1;
    return until.n > 0 && compare(major, minor, until) > 0 ? 1 : 0;
}
