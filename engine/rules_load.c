#include "engine/rules.h"

#include "engine/load_priv.h"
#include "engine/rules_priv.h"
#include "engine/vocabulary.h"

/* Puts it into the list, or in the place of the one that it replaces. */
static void add_declaration(struct md_rules *rules, struct declaration *new)
{
    struct declarations *all = &rules->declared[new->kind];
    struct declaration *old = md_map_find(rules->ids, new->kind, md_str(new->id)), **entry;
    size_t index = all->n;

    if (old != NULL) {
        index = new->kind == DECLARED_FINDING ? old->finding.index
                : new->kind == DECLARED_CAUSE ? old->cause.index
                                              : old->remedy.index;
        if (old->replaces == new->replaces)
            md_diags_add(rules->load_diags, MD_ERROR, new->loc, "%s is already declared in %s, line %u", new->id,
                         old->loc.file != NULL ? old->loc.file : "?", (unsigned)old->loc.line);
        if (!new->replaces || old->replaces)
            return;
        all->items[index] = new;
    } else {
        entry = md_arena_push(rules->arena, &all->items, &all->n, &all->capacity, sizeof *entry);
        *entry = new;
    }
    new->finding.index = new->cause.index = new->remedy.index = index;
    md_map_set(rules->ids, new->kind, md_str(new->id), new);
}

static void declare(lua_State *L, struct md_loader *loader, int kind, const char *id, struct md_loc loc)
{
    struct md_rules *rules = loader->user;
    struct declaration *new = md_arena_alloc(rules->arena, sizeof *new);

    new->kind = (enum declared)kind;
    new->id = id;
    new->loc = loc;
    if (!md_rules_read_declaration(L, rules, new))
        return;
    new->finding.id = new->cause.id = new->remedy.id = new->id;
    new->finding.loc = new->cause.loc = new->remedy.loc = new->loc;
    if (new->remedy.restart == NULL)
        new->remedy.restart = "none";
    if (!new->has_usual_urgency)
        new->cause.usual_urgency = MD_URGENCY_WATCH;
    add_declaration(rules, new);
}

/* ---- running files ---- */

static void note_threshold(void *user, const struct md_load_value *value)
{
    struct md_rules *rules = user;
    struct threshold *threshold = md_arena_push(rules->arena, &rules->thresholds, &rules->n_thresholds,
                                                &rules->thresholds_capacity, sizeof *threshold);

    threshold->name = md_arena_cstr(rules->arena, md_str(value->name));
    threshold->value = value->value;
    threshold->has_means = value->has_means;
    threshold->has_source = value->has_source;
}

static int open_rules(lua_State *L)
{
    struct md_rules *rules = lua_touserdata(L, 1);

    md_reader_open(L, rules->reader);
    md_vocabulary_open(L);
    return 0;
}

static void run_files(struct md_rules *rules, struct md_loader *loader, const struct md_rule_file *files, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        struct md_rule_file *entry;

        if (!md_load_is_lua(files[i].path))
            continue;
        entry = md_arena_push(rules->arena, &rules->files, &rules->n_files, &rules->files_capacity, sizeof *entry);
        *entry = (struct md_rule_file){.path = md_arena_printf(rules->arena, "rules/%s", files[i].path),
                                       .text = files[i].text};
        md_load_file(loader, &files[i]);
    }
}

static void note_cases(struct md_rules *rules, const struct md_rule_file *files, size_t n)
{
    size_t i;

    rules->lazy->diags = md_diags_new(rules->arena);
    for (i = 0; i < n; i++) {
        struct case_file *entry;

        if (!md_str_has_suffix(md_str(files[i].path), MD_LIT(".cases.yaml")))
            continue;
        entry = md_arena_push(rules->arena, &rules->lazy->cases, &rules->lazy->n_cases, &rules->lazy->cases_capacity,
                              sizeof *entry);
        entry->path = md_arena_printf(rules->arena, "rules/%s", files[i].path);
        entry->text = files[i].text;
    }
}

/* Checks of configuration and what only the wizard knows are loaded where they are wanted (engine/check,
 * engine/wizard_rules), and change no diagnosis. */
static size_t without_others(struct md_rule_file *files, size_t n)
{
    size_t i, kept = 0;

    for (i = 0; i < n; i++)
        if (!md_load_is_check(files[i].path) && !md_load_is_wizard(files[i].path))
            files[kept++] = files[i];
    return kept;
}

enum md_status md_rules_load(const struct md_rules_input *input, struct md_diags *diags, struct md_rules **ret)
{
    static const char *const words[DECLARED_COUNT] = {"finding", "cause", "remedy"};
    struct md_arena *arena = md_arena_new_large();
    struct md_rules *rules = md_arena_alloc(arena, sizeof *rules);
    struct md_rule_file *files = md_load_sorted(arena, input);
    size_t n = without_others(files, input->n);
    struct md_loader loader = {.arena = arena, .diags = diags, .user = rules, .note = note_threshold};
    enum md_status st;
    int kind;

    rules->arena = arena;
    rules->load_diags = diags;
    rules->ids = md_map_new(arena);
    rules->catalogue = input->catalogue;
    st = rules->catalogue != NULL ? MD_OK : md_catalogue_read_base(arena, files, n, diags, &rules->catalogue);
    if (st < 0) {
        md_rules_free(&rules);
        return st;
    }
    rules->lazy = md_arena_alloc(arena, sizeof *rules->lazy);
    rules->lazy->files = files;
    rules->lazy->n_files = n;
    note_cases(rules, files, n);
    rules->sandbox = loader.sandbox = md_sandbox_new();
    rules->reader = md_reader_new(rules->catalogue);
    md_sandbox_set_user(rules->sandbox, rules->reader);
    md_load_open(&loader);
    md_load_run(&loader, open_rules, rules, "");
    for (kind = 0; kind < DECLARED_COUNT; kind++)
        md_load_word(&loader, words[kind], kind, declare);
    md_reader_bind(rules->reader, rules->sandbox, NULL);
    run_files(rules, &loader, files, n);
    md_load_close(&loader);
    md_rules_resolve(rules, diags);
    rules->load_diags = NULL;
    *ret = rules;
    return MD_OK;
}
