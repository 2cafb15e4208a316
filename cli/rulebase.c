#include "cli/rulebase.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/embedded.h"

#define MAX_FILES 2000
#define MAX_FILE_BYTES ((size_t)4 << 20)
#define MAX_DEPTH 6

struct list {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_rule_file *files;
    size_t n, capacity;
};

static void add(struct list *list, const char *path, struct md_str text, struct md_str code)
{
    struct md_rule_file *file = md_arena_push(list->arena, &list->files, &list->n, &list->capacity, sizeof(*file));
    *file = (struct md_rule_file){.path = path, .text = text, .code = code};
}

static bool is_rule_name(const char *name)
{
    struct md_str s = md_str(name);
    return s.n > 0 && s.p[0] != '.' && (md_str_has_suffix(s, MD_LIT(".lua")) || md_str_has_suffix(s, MD_LIT(".yaml")));
}

static void read_file(struct list *list, const char *path, const char *shown, size_t size)
{
    const struct md_loc loc = {.file = path};
    if (size > MAX_FILE_BYTES || list->n >= MAX_FILES) {
        md_diags_add(list->diags, MD_ERROR, loc, "left out: a rule base holds at most %d files of at most %zu bytes",
                     MAX_FILES, MAX_FILE_BYTES);
        return;
    }
    FILE *f = fopen(path, "rbe");
    if (f == NULL) {
        md_diags_add(list->diags, MD_ERROR, loc, "cannot be opened: %s", strerror(errno));
        return;
    }
    char *text = md_arena_alloc(list->arena, size + 1);
    size_t n = fread(text, 1, size, f);
    if (ferror(f) != 0) {
        md_diags_add(list->diags, MD_ERROR, loc, "cannot be read");
    } else {
        add(list, shown, md_str_n(text, n), (struct md_str){0});
    }
    fclose(f);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_folder(struct list *list, const char *folder, const char *below, int depth)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        md_diags_add(list->diags, MD_ERROR, (struct md_loc){.file = folder}, "cannot be opened: %s", strerror(errno));
        return;
    }
    char **names = NULL;
    size_t n = 0, capacity = 0;
    for (struct dirent *e = readdir(dir); e != NULL && n < MAX_FILES; e = readdir(dir)) {
        if (e->d_name[0] != '.') {
            char **slot = md_arena_push(list->arena, &names, &n, &capacity, sizeof(*slot));
            *slot = md_arena_cstr(list->arena, md_str(e->d_name));
        }
    }
    closedir(dir);
    if (n > 0) {
        qsort(names, n, sizeof(*names), by_name);
    }
    for (size_t i = 0; i < n; i++) {
        const char *path = md_arena_printf(list->arena, "%s/%s", folder, names[i]);
        const char *shown = below[0] == '\0' ? names[i] : md_arena_printf(list->arena, "%s/%s", below, names[i]);
        struct stat st;
        if (stat(path, &st) != 0) {
            md_diags_add(list->diags, MD_ERROR, (struct md_loc){.file = path}, "cannot be read: %s", strerror(errno));
        } else if (S_ISDIR(st.st_mode) && depth < MAX_DEPTH) {
            read_folder(list, path, shown, depth + 1);
        } else if (S_ISREG(st.st_mode) && is_rule_name(names[i])) {
            read_file(list, path, shown, (size_t)st.st_size);
        }
    }
}

static void add_embedded(struct list *list)
{
    for (size_t i = 0; i < md_embedded_rules_count; i++) {
        const struct md_embedded_file *file = &md_embedded_rules[i];
        add(list, file->path, md_str_n(file->text, file->size), md_str_n(file->code, file->code_size));
    }
}

/* The probes give what the built-in catalogue lists: a base that lacks a fact of it, or changes its form, cannot take what they say. */
static enum md_status check_catalogue(const struct md_catalogue *mine, const char *folder, struct md_arena *arena,
                                      struct md_diags *diags)
{
    const struct md_catalogue *built_in = NULL;
    struct list list = {.arena = arena, .diags = diags};
    add_embedded(&list);
    if (md_catalogue_read_base(arena, list.files, list.n, diags, &built_in) != MD_OK) {
        MD_BUG("the built-in catalogue of facts does not load");
    }
    enum md_status status = MD_OK;
    for (size_t i = 0; i < md_catalogue_fact_count(built_in); i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(built_in, i);
        const struct md_fact_def *other = md_catalogue_fact(mine, md_str(def->name));
        if (other == NULL || other->type != def->type || strcmp(other->scope->name, def->scope->name) != 0) {
            md_diags_add(diags, MD_ERROR, (struct md_loc){.file = folder},
                         "facts.yaml: the fact %s of this version is %s", def->name,
                         other == NULL ? "missing" : "of another type or scope");
            status = MD_BAD_INPUT;
        }
    }
    return status;
}

enum md_status md_rulebase_read(const struct md_options *options, bool with_site, struct md_arena *arena,
                                struct md_diags *diags, struct md_rulebase *ret)
{
    struct list list = {.arena = arena, .diags = diags};
    if (options->rules != NULL) {
        read_folder(&list, options->rules, "", 0);
        if (list.n == 0) {
            md_diags_add(diags, MD_ERROR, (struct md_loc){.file = options->rules},
                         "holds no rule base (no .lua and .yaml files)");
            return MD_NOT_FOUND;
        }
    } else {
        add_embedded(&list);
    }
    struct stat st;
    if ((with_site || options->has_site_rules) && stat(MD_SITE_RULES_FOLDER, &st) == 0 && S_ISDIR(st.st_mode)) {
        read_folder(&list, MD_SITE_RULES_FOLDER, "site", 0);
    }
    struct md_probe_table *tables = md_arena_array(arena, list.n + 1, sizeof(*tables));
    for (size_t i = 0; i < list.n; i++) {
        tables[i] = (struct md_probe_table){.path = list.files[i].path, .text = list.files[i].text};
    }
    *ret = (struct md_rulebase){.arena = arena, .files = list.files, .n_files = list.n, .tables = tables};
    return MD_OK;
}

enum md_status md_rulebase_open(const struct md_options *options, bool with_site, struct md_arena *arena,
                                struct md_diags *diags, struct md_rulebase *ret)
{
    enum md_status status = md_rulebase_read(options, with_site, arena, diags, ret);
    if (status == MD_OK) {
        status = md_catalogue_read_base(arena, ret->files, ret->n_files, diags, &ret->catalogue);
    }
    if (status == MD_OK && options->rules != NULL) {
        status = check_catalogue(ret->catalogue, options->rules, arena, diags);
    }
    return status;
}

/* The product that a file belongs to; NULL: to all. */
static const struct md_product *product_of(const char *path)
{
    struct md_str rest = md_str(path), folder;
    (void)md_str_skip_prefix(&rest, MD_LIT("site/"));
    const struct md_product *product = md_str_split(&rest, '/', &folder) ? md_product_find(folder) : NULL;
    return product == NULL && md_str_has_suffix(md_str(path), MD_LIT(".cases.yaml")) ? md_product_at(0) : product;
}

bool md_rulebase_has(const struct md_rulebase *base, const struct md_product *product)
{
    for (size_t i = 0; i < base->n_files; i++) {
        if (product_of(base->files[i].path) == product &&
            md_str_has_suffix(md_str(base->files[i].path), MD_LIT(".lua"))) {
            return true;
        }
    }
    return false;
}

struct md_rules_input md_rulebase_input(const struct md_rulebase *base, const struct md_product *product)
{
    struct md_rule_file *files = md_arena_array(base->arena, base->n_files + 1, sizeof(*files));
    size_t n = 0;
    for (size_t i = 0; i < base->n_files; i++) {
        const struct md_product *its = product_of(base->files[i].path);
        if (product == NULL || its == NULL || its == product) {
            files[n++] = base->files[i];
        }
    }
    return (struct md_rules_input){.files = files, .n = n, .catalogue = base->catalogue};
}

struct md_rules *md_rulebase_rules(struct md_rulebase *base, const struct md_product *product, struct md_diags *diags)
{
    struct md_rules **slot = &base->rules[product == NULL ? MD_PRODUCT_COUNT : product->id];
    if (*slot == NULL) {
        const struct md_rules_input input = md_rulebase_input(base, product);
        if (md_rules_load(&input, diags, slot) != MD_OK) {
            MD_BUG("rules that do not load");
        }
    }
    return *slot;
}

struct md_checks *md_rulebase_checks(struct md_rulebase *base, struct md_diags *diags)
{
    const struct md_rules_input input = {.files = base->files, .n = base->n_files};
    if (base->checks == NULL && md_checks_load(&input, diags, &base->checks) != MD_OK) {
        MD_BUG("checks that do not load");
    }
    return base->checks;
}

void md_rulebase_close(struct md_rulebase *base)
{
    md_checks_free(&base->checks);
    for (size_t i = 0; i <= MD_PRODUCT_COUNT; i++) {
        md_rules_free(&base->rules[i]);
    }
}
