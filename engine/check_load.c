#include <lauxlib.h>

#include "engine/check_priv.h"
#include "engine/prop_priv.h"

/* ---- properties ---- */

enum kind {
    PROP_SEVERITY = MD_PROP_OWN,
    PROP_NAMES, /* { "a", "b" }; the number of them stands behind the list */
    PROP_VERSION,
};

/* What is read, before it is a check. */
struct declared {
    struct check check;
    struct md_prop_names needs, hides;
};

#define AT(member) offsetof(struct declared, member)

static const struct md_prop properties[] = {
    {"title", MD_PROP_TEXT, AT(check.pub.title), true},
    {"severity", PROP_SEVERITY, AT(check.pub.severity), true},
    {"over", MD_PROP_TEXT, AT(check.pub.over), true},
    {"needs", PROP_NAMES, AT(needs), false},
    {"why", MD_PROP_TEXT, AT(check.pub.why), false},
    {"fix", MD_PROP_TEXT, AT(check.pub.fix), false},
    {"cites", MD_PROP_TEXT, AT(check.pub.cites), false},
    {"bad", MD_PROP_TEXT, AT(check.pub.bad), false},
    {"good", MD_PROP_TEXT, AT(check.pub.good), false},
    {"since", PROP_VERSION, AT(check.pub.since), false},
    {"hides", PROP_NAMES, AT(hides), false},
    {"test", MD_PROP_FUNCTION, AT(check.test), true},
    {"replaces", MD_PROP_FLAG, AT(check.replaces), false},
};

static bool read_own(const struct md_prop_reading *r)
{
    switch ((enum kind)r->prop->kind) {
    case PROP_SEVERITY:
        return md_check_severity_parse(md_prop_string(r->L, -1), r->target) ||
               md_prop_complain(r, "is none of error, warning, info");
    case PROP_NAMES: return md_prop_read_names(r);
    case PROP_VERSION:
        if (!md_checks_is_version(md_prop_string(r->L, -1)))
            return md_prop_complain(r, "is a version in quotes (\"6.3\")");
        *(const char **)r->target = md_arena_cstr(r->arena, md_prop_string(r->L, -1));
        return true;
    }
    MD_BUG("property %s of no kind", r->prop->name);
}

/* ---- declarations ---- */

/* Puts it into the list, or in the place of the one that it replaces. */
static void add_check(struct md_checks *checks, struct md_diags *diags, struct check *new)
{
    struct check *old = md_map_find(checks->ids, 0, md_str(new->pub.id)), **entry;

    if (old != NULL) {
        if (old->replaces == new->replaces)
            md_diags_add(diags, MD_ERROR, new->pub.loc, "%s is already declared in %s, line %u", new->pub.id,
                         old->pub.loc.file != NULL ? old->pub.loc.file : "?", (unsigned)old->pub.loc.line);
        if (!new->replaces || old->replaces)
            return;
        new->pub.index = old->pub.index;
        checks->items[old->pub.index] = new;
    } else {
        new->pub.index = checks->n;
        entry = md_arena_push(checks->arena, &checks->items, &checks->n, &checks->capacity, sizeof *entry);
        *entry = new;
    }
    md_map_set(checks->ids, 0, md_str(new->pub.id), new);
}

struct md_str md_check_product(struct md_str path)
{
    ptrdiff_t check = md_str_find(path, MD_LIT("/check/"));

    path = md_str_sub(path, 0, check > 0 ? (size_t)check : 0);
    return md_str_from(path, (size_t)(md_str_rfind_char(path, '/') + 1));
}

static void declare(lua_State *L, struct md_loader *loader, int kind, const char *id, struct md_loc loc)
{
    static const struct md_prop_reader reader = {"check", properties, sizeof properties / sizeof *properties, read_own};
    struct md_checks *checks = loader->user;
    struct declared *new = md_arena_alloc(checks->arena, sizeof *new);
    struct md_prop_reading reading = {
        .L = L, .arena = checks->arena, .diags = loader->diags, .reader = &reader, .id = id, .loc = loc, .of = new};

    (void)kind;
    if (!md_prop_read_all(&reading))
        return;
    new->check.pub.id = id;
    new->check.pub.loc = loc;
    new->check.pub.needs = new->needs.list;
    new->check.pub.n_needs = new->needs.n;
    new->check.pub.hides = new->hides.list;
    new->check.pub.n_hides = new->hides.n;
    new->check.product = md_check_product(md_str(loc.file));
    add_check(checks, loader->diags, &new->check);
}

/* ---- loading ---- */

static int open_checks(lua_State *L)
{
    struct md_checks *checks = lua_touserdata(L, 1);

    md_checks_open_tree(L, checks);
    md_checks_open_words(L, checks);
    return 0;
}

/* Of the files in order those that matter here. */
static void pick_files(struct md_checks *checks, const struct md_rules_input *input)
{
    size_t i;

    checks->files = md_load_sorted(checks->arena, input);
    for (i = 0; i < input->n; i++) {
        const char *path = checks->files[i].path;

        if (md_load_is_check(path) || (md_load_is_library(path) && md_load_is_lua(path)))
            checks->files[checks->n_files++] = checks->files[i];
    }
}

enum md_status md_checks_load(const struct md_rules_input *input, struct md_diags *diags, struct md_checks **ret)
{
    struct md_arena *arena = md_arena_new();
    struct md_checks *checks = md_arena_alloc(arena, sizeof *checks);
    struct md_loader loader = {.arena = arena, .diags = diags, .user = checks};
    size_t i;

    checks->arena = arena;
    checks->scratch = md_arena_new();
    checks->ids = md_map_new(arena);
    checks->sandbox = loader.sandbox = md_sandbox_new();
    md_sandbox_set_user(checks->sandbox, checks);
    pick_files(checks, input);
    md_load_open(&loader);
    md_load_run(&loader, open_checks, checks, "");
    md_load_word(&loader, "check", 0, declare);
    for (i = 0; i < checks->n_files; i++)
        if (md_load_is_lua(checks->files[i].path))
            md_load_file(&loader, &checks->files[i]);
    md_load_close(&loader);
    *ret = checks;
    return MD_OK;
}
