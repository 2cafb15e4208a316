/*
 * Looks and symptoms: loading them into the sandbox of the rules, and finding them.
 */
#include "engine/wizard_rules.h"

#include "engine/eval_priv.h"
#include "engine/load_priv.h"
#include "engine/prop_priv.h"
#include "engine/wizard_priv.h"

/* ---- properties ---- */

enum kind {
    PROP_DISPLAY = MD_PROP_OWN, /* a string or a function */
    PROP_LIST,                  /* a list or a function */
    PROP_NAMES,
    PROP_MINUTES,
    PROP_SCOPE,
    PROP_LEAK,
    PROP_STRENGTHS,
};

/* What is read, before it is a look or a symptom. */
struct wizard_declared {
    struct md_look look;
    struct md_prop_names items, gives, after;
    struct md_symptom symptom;
    struct named_list causes;
};

#define AT(member) offsetof(struct wizard_declared, member)

static const struct md_prop look_properties[] = {
    {"title", MD_PROP_TEXT, AT(look.title), true},
    {"items", PROP_NAMES, AT(items), true},
    {"gives", PROP_NAMES, AT(gives), true},
    {"after", PROP_NAMES, AT(after), false},
    {"how", PROP_LIST, AT(look.how), true},
    {"asks", PROP_DISPLAY, AT(look.asks), true},
    {"safe", MD_PROP_TEXT, AT(look.safe), true},
    {"minutes", PROP_MINUTES, AT(look.minutes), true},
    {"load_minutes", PROP_MINUTES, AT(look.load_minutes), false},
    {"risk_minutes", PROP_MINUTES, AT(look.risk_minutes), false},
    {"annoyance_minutes", PROP_MINUTES, AT(look.annoyance_minutes), false},
    {"consent", MD_PROP_FLAG, AT(look.needs_consent), false},
    {"cites", MD_PROP_TEXT, AT(look.cites), false},
};

static const struct md_prop symptom_properties[] = {
    {"says", MD_PROP_TEXT, AT(symptom.says), true},    {"scope", PROP_SCOPE, AT(symptom.scope), false},
    {"name", MD_PROP_TEXT, AT(symptom.name), false},   {"leak", PROP_LEAK, AT(symptom.leak), true},
    {"causes", PROP_STRENGTHS, AT(causes), true},      {"product", MD_PROP_TEXT, AT(symptom.product), false},
    {"cites", MD_PROP_TEXT, AT(symptom.cites), false},
};

static bool read_property(const struct md_prop_reading *r)
{
    int type = lua_type(r->L, -1);

    switch ((enum kind)r->prop->kind) {
    case PROP_DISPLAY:
    case PROP_LIST:
        if (type != LUA_TFUNCTION && type != (r->prop->kind == PROP_LIST ? LUA_TTABLE : LUA_TSTRING))
            return md_prop_complain(r, r->prop->kind == PROP_LIST ? "is a list or a function"
                                                                  : "is a string or a function");
        md_prop_keep(r);
        return true;
    case PROP_NAMES: return md_prop_read_names(r);
    case PROP_MINUTES: return md_rules_read_minutes(r);
    case PROP_SCOPE: return md_rules_read_scope(r);
    case PROP_LEAK: return md_rules_read_frequency(r);
    case PROP_STRENGTHS: return type == LUA_TTABLE ? md_rules_read_strengths(r) : md_prop_complain(r, "is a table");
    }
    MD_BUG("property %s of no kind", r->prop->name);
}

/* ---- declarations ---- */

enum { WORD_LOOK, WORD_SYMPTOM };

static const struct md_prop_reader readers[] = {
    [WORD_LOOK] = {"look", look_properties, sizeof look_properties / sizeof *look_properties, read_property},
    [WORD_SYMPTOM] = {"symptom", symptom_properties, sizeof symptom_properties / sizeof *symptom_properties,
                      read_property},
};

struct loading {
    struct md_rules *rules;
    struct md_wizard_rules *wizard;
};

static void add_look(struct md_wizard_rules *wizard, struct md_arena *arena, const struct wizard_declared *new)
{
    struct md_look **slot =
        md_arena_push(arena, &wizard->looks, &wizard->n_looks, &wizard->looks_capacity, sizeof(struct md_look *));
    struct md_look *look = md_arena_alloc(arena, sizeof *look);

    *look = new->look;
    look->items = new->items.list;
    look->n_items = new->items.n;
    look->gives = new->gives.list;
    look->n_gives = new->gives.n;
    look->after = new->after.list;
    look->n_after = new->after.n;
    look->index = wizard->n_looks - 1;
    *slot = look;
}

static void add_symptom(struct md_wizard_rules *wizard, struct md_arena *arena, const struct wizard_declared *new)
{
    struct md_symptom **slot = md_arena_push(arena, &wizard->symptoms, &wizard->n_symptoms, &wizard->symptoms_capacity,
                                             sizeof(struct md_symptom *));
    struct md_symptom *symptom = md_arena_alloc(arena, sizeof *symptom);
    struct md_symptom_cause *causes = md_arena_array(arena, new->causes.n, sizeof *causes);

    for (size_t i = 0; i < new->causes.n; i++)
        causes[i] = (struct md_symptom_cause){new->causes.items[i].id, new->causes.items[i].strength};
    *symptom = new->symptom;
    symptom->causes = causes;
    symptom->n_causes = new->causes.n;
    symptom->index = wizard->n_symptoms - 1;
    *slot = symptom;
}

static void declare(lua_State *L, struct md_loader *loader, int kind, const char *id, struct md_loc loc)
{
    const struct loading *loading = loader->user;
    struct wizard_declared new = {.look = {.id = id, .loc = loc}, .symptom = {.id = id, .loc = loc}};
    struct md_prop_reading reading = {.L = L,
                                      .arena = loader->arena,
                                      .diags = loader->diags,
                                      .reader = &readers[kind],
                                      .id = id,
                                      .loc = loc,
                                      .of = &new,
                                      .user = loading->rules};
    bool is_known = kind == WORD_LOOK ? md_wizard_find_look(loading->wizard, md_str(id)) != NULL
                                      : md_wizard_find_symptom(loading->wizard, md_str(id)) != NULL;

    if (is_known)
        md_diags_add(loader->diags, MD_ERROR, loc, "%s is already declared", id);
    if (!md_prop_read_all(&reading) || is_known)
        return;
    if (kind == WORD_LOOK)
        add_look(loading->wizard, loader->arena, &new);
    else
        add_symptom(loading->wizard, loader->arena, &new);
}

enum md_status md_wizard_rules_load(struct md_rules *rules, const struct md_rules_input *input, struct md_diags *diags,
                                    struct md_wizard_rules **ret)
{
    struct loading loading = {rules, md_arena_alloc(rules->arena, sizeof *loading.wizard)};
    struct md_loader loader = {.arena = rules->arena, .diags = diags, .sandbox = rules->sandbox, .user = &loading};
    struct md_rule_file *files = md_load_sorted(rules->arena, input);

    md_load_open(&loader);
    for (int kind = 0; kind <= WORD_SYMPTOM; kind++)
        md_load_word(&loader, readers[kind].word, kind, declare);
    for (size_t i = 0; i < input->n; i++)
        if (md_load_is_wizard(files[i].path) && md_load_is_lua(files[i].path))
            md_load_file(&loader, &files[i]);
    md_load_close(&loader);
    *ret = loading.wizard;
    return MD_OK;
}

/* ---- finding ---- */

size_t md_wizard_look_count(const struct md_wizard_rules *wizard)
{
    return wizard->n_looks;
}

const struct md_look *md_wizard_look(const struct md_wizard_rules *wizard, size_t i)
{
    return wizard->looks[i];
}

const struct md_look *md_wizard_find_look(const struct md_wizard_rules *wizard, struct md_str id)
{
    for (size_t i = 0; i < wizard->n_looks; i++)
        if (md_str_is(id, wizard->looks[i]->id))
            return wizard->looks[i];
    return NULL;
}

size_t md_wizard_symptom_count(const struct md_wizard_rules *wizard)
{
    return wizard->n_symptoms;
}

const struct md_symptom *md_wizard_symptom(const struct md_wizard_rules *wizard, size_t i)
{
    return wizard->symptoms[i];
}

const struct md_symptom *md_wizard_find_symptom(const struct md_wizard_rules *wizard, struct md_str id)
{
    for (size_t i = 0; i < wizard->n_symptoms; i++)
        if (md_str_is(id, wizard->symptoms[i]->id))
            return wizard->symptoms[i];
    return NULL;
}

double md_look_cost(const struct md_look *look)
{
    return look->minutes + look->load_minutes + look->risk_minutes + look->annoyance_minutes;
}

/* `name` is that of the pattern, or begins as the pattern does where it ends with '*'. */
static bool fits(const char *pattern, const char *name)
{
    size_t n = strlen(pattern);

    if (n > 0 && pattern[n - 1] == '*')
        return strncmp(pattern, name, n - 1) == 0;
    return strcmp(pattern, name) == 0;
}

bool md_look_gives(const struct md_look *look, const struct md_fact_def *def)
{
    for (size_t i = 0; i < look->n_gives; i++)
        if (strcmp(look->gives[i], def->probe) == 0 || fits(look->gives[i], def->name))
            return true;
    return false;
}

bool md_symptom_cause_fits(const struct md_symptom_cause *pattern, const char *id)
{
    return fits(pattern->name, id);
}

/* The longest name wins; of a pattern and an id of one length the id, which sorts behind it ('*' is before every letter). */
double md_symptom_strength(const struct md_symptom *symptom, const struct md_cause *cause)
{
    double strength = symptom->leak;
    size_t longest = 0;

    for (size_t i = 0; i < symptom->n_causes; i++) {
        size_t n = strlen(symptom->causes[i].name);

        if (n >= longest && md_symptom_cause_fits(&symptom->causes[i], cause->id)) {
            longest = n;
            strength = symptom->causes[i].strength;
        }
    }
    return strength;
}

const struct md_footprints *md_wizard_footprints(struct md_wizard_rules *wizard, struct md_rules *rules)
{
    if (wizard->footprints == NULL)
        wizard->footprints = md_footprints_learn(rules);
    return wizard->footprints;
}

/* ---- what is said ---- */

const struct md_step *md_look_steps(struct md_rules *rules, struct md_arena *arena, const struct md_look *look,
                                    struct md_instance *host, size_t *ret_n)
{
    return md_eval_list(rules, arena, look->id, look->loc, look->how, host, ret_n);
}

const char *md_look_asks(struct md_rules *rules, struct md_arena *arena, const struct md_look *look,
                         struct md_instance *host)
{
    const char *asks = md_eval_text(rules, arena, look->asks, host);

    return asks != NULL ? asks : look->title;
}
