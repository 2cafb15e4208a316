#include "probes/msgserver/check_model.h"

#include "engine/base/time.h"
#include "probes/bundle/recognise.h"
#include "probes/formats/msgserver/version.h"
#include "probes/msgserver/check_model_priv.h"
#include "probes/msgserver/check_model_table.h"
#include "probes/msgserver/mta_config_load.h"
#include "probes/msgserver/world.h"
#include "probes/source/fake.h"
#include "probes/source/item_name.h"

extern const struct md_probe md_probe_msgserver_identity;

/* What is there in every tree, if only empty, so that a check may go over it without asking. */
static const char *const collections[] = {
    "file",          "fault",           "long_line",         "include",
    "block",         "keyword",         "channel",           "rule",
    "rule.faulty",   "rule.unresolved", "rule.with_channel", "rule.with_mapping",
    "rule.shadowed", "option",          "section",           "pool",
    "class",         "service",         "setting",           "table",
    "entry",         "alias",           "conversion",        "task",
    "file.ignored",
};
static const char *const indexes[] = {"read",    "unreadable", "channels",      "rules",       "pools",
                                      "options", "jc",         "dispatcher",    "tables",      "settings",
                                      "tailor",  "aliases",    "keyword_names", "option_names"};

static md_check_part_fn *const parts[] = {
#define MD_CHECK_PART(function) function,
#include "probes/msgserver/check_model_parts.def"
#undef MD_CHECK_PART
};

const char *md_check_file_kind(enum md_item_kind kind)
{
    switch ((int)kind) {
    case MD_ITEM_IMTA_CNF:
    case MD_ITEM_MTA_RULES: return "imta.cnf";
    case MD_ITEM_OPTION_DAT: return "option.dat";
    case MD_ITEM_JOB_CONTROLLER_CNF: return "job_controller.cnf";
    case MD_ITEM_DISPATCHER_CNF: return "dispatcher.cnf";
    case MD_ITEM_IMTA_TAILOR: return "imta_tailor";
    case MD_ITEM_MAPPINGS: return "mappings";
    case MD_ITEM_ALIASES: return "aliases";
    case MD_ITEM_CONVERSIONS: return "conversions";
    case MD_ITEM_CHANNEL_OPTION: return "channel_option";
    case MD_ITEM_CONFIGUTIL:
    case MD_ITEM_MSG_CONF: return "configutil";
    case MD_ITEM_MSCONFIG: return "msconfig";
    case MD_ITEM_CONFIG_XML: return "config.xml";
    case MD_ITEM_RECIPE: return "recipe";
    case MD_ITEM_ICS_CONF: return "ics.conf";
    default: return NULL;
    }
}

/* Only of a running host, or as a listing of it says, do they mean anything; a checkout has its own. */
void md_check_file_state(struct md_check_build *build, const struct md_item *item)
{
    struct md_loc loc = {item->name, 1, 1};

    if (!item->has_owner)
        return;
    md_check_number(build, "mode", item->mode, loc);
    md_check_text(build, "owner", md_str(item->owner), loc);
    if (item->mtime != MD_TIME_NONE)
        md_check_number(build, "mtime", item->mtime / MD_SECOND, loc);
    if (item->size != UINT64_MAX)
        md_check_number(build, "size", (int64_t)item->size, loc);
}

/* ---- the files that are read for all parts ---- */

static void add_imta_cnf(struct md_check_build *build, const struct md_imta_cnf *cnf)
{
    const char *last = cnf->name;

    md_check_file_of(build, cnf->name, "imta.cnf");
    for (size_t i = 0; i < cnf->n_rules; i++)
        if (cnf->rules[i].loc.file != last) {
            last = cnf->rules[i].loc.file;
            md_check_file_of(build, last, "imta.cnf");
        }
    for (size_t i = 0; i < cnf->n_blocks; i++)
        if (cnf->blocks[i].loc.file != last) {
            last = cnf->blocks[i].loc.file;
            md_check_file_of(build, last, "imta.cnf");
        }
    md_check_faults(build, &cnf->faults, "imta.cnf");
    for (size_t i = 0; i < cnf->n_includes; i++)
        md_check_include(build, cnf->includes[i].path, cnf->includes[i].loc, cnf->includes[i].depth,
                         cnf->includes[i].is_read, "imta.cnf");
}

static void add_values(struct md_check_build *build, const struct md_values *const *lists, size_t n)
{
    const struct md_item *const *items;
    size_t n_items = md_source_inventory(build->ctx->source, &items);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; lists[i]->n > 0 && k < n_items; k++)
            if (items[k]->name == lists[i]->items[0].loc.file && md_check_file_kind(items[k]->kind) != NULL)
                md_check_file_of(build, items[k]->name, md_check_file_kind(items[k]->kind));
}

/* Text files that stand beside a config.xml. */
static void add_ignored(struct md_check_build *build)
{
    const struct md_item *const *items;
    size_t n = md_source_inventory(build->ctx->source, &items);

    for (size_t i = 0; i < n; i++) {
        struct md_loc loc = {items[i]->name, 1, 1};

        switch ((int)items[i]->kind) {
        case MD_ITEM_IMTA_CNF:
        case MD_ITEM_OPTION_DAT:
        case MD_ITEM_JOB_CONTROLLER_CNF:
        case MD_ITEM_DISPATCHER_CNF: break;
        default: continue;
        }
        md_check_begin(build, "file.ignored", loc);
        md_check_text(build, "name", md_str(items[i]->name), loc);
        md_check_text(build, "base", md_str(items[i]->base), loc);
        md_check_text(build, "kind", md_str(md_check_file_kind(items[i]->kind)), loc);
        md_check_file_state(build, items[i]);
        (void)md_check_end(build);
    }
}

/* They are there, so nobody may say that they are missing. */
static void add_unreadable(struct md_check_build *build)
{
    const struct md_item *const *items;
    size_t n = md_source_inventory(build->ctx->source, &items);

    for (size_t i = 0; i < n; i++) {
        bool is_unread = items[i]->status != MD_OK && items[i]->status != MD_NOT_FOUND;

        if (is_unread && items[i]->command == NULL && items[i]->base != NULL)
            md_check_note_unreadable(build, items[i]->base);
    }
}

void md_check_part_files(struct md_check_build *build)
{
    const struct md_mta_files *files = &build->config->files;

    add_unreadable(build);

    if (files->imta_cnf != NULL && !build->config->is_unified)
        add_imta_cnf(build, files->imta_cnf);
    if (build->config->is_unified && files->n_config_xml > 0)
        add_ignored(build);
    add_values(build, files->values, files->n_values);
    add_values(build, files->msconfig, files->n_msconfig);
}

/* ---- what is said of the whole ---- */

static bool is_read(const struct md_check_build *build, const char *kind)
{
    return md_check_indexed(build, "read", md_str(kind)) != NULL;
}

/* imta.cnf with two of its neighbours, or the one file of the Unified Configuration. */
static bool is_whole(const struct md_check_build *build)
{
    static const char *const neighbours[] = {"option.dat", "job_controller.cnf", "dispatcher.cnf", "mappings",
                                             "aliases",    "imta_tailor"};
    size_t n = 0;

    if (build->config->is_unified || is_read(build, "config.xml"))
        return is_read(build, "config.xml");
    for (size_t i = 0; i < sizeof neighbours / sizeof *neighbours; i++)
        n += is_read(build, neighbours[i]);
    return is_read(build, "imta.cnf") && n >= 2;
}

static bool has_modes(const struct md_check_build *build)
{
    const struct md_item *const *items;
    size_t n = md_source_inventory(build->ctx->source, &items);

    for (size_t i = 0; i < n; i++)
        if (items[i]->has_owner && md_check_file_kind(items[i]->kind) != NULL)
            return true;
    return false;
}

/* Of Calendar Server, where nothing of Messaging Server says one. */
static bool calendar_version(const struct md_check_build *build, struct md_str *text, struct md_version *version)
{
    const struct md_facts *facts = build->ctx->facts;
    const struct md_fact *fact;

    if (facts == NULL || !is_read(build, "ics.conf") || is_read(build, "imta.cnf") || is_read(build, "config.xml"))
        return false;
    fact = md_fact_by_name(facts, md_facts_instance_at(facts, 0), "host.cal_version");
    if (fact == NULL || !fact->is_known)
        return false;
    *text = fact->value.u.text;
    return md_version_parse(*text, version);
}

static void add_version(struct md_check_build *build)
{
    const struct md_msgserver_world *world = build->ctx->msgserver;
    struct md_version version = {.major = world->version_major, .minor = world->version_minor};
    struct md_str text = world->version;

    if (world->version_major == 0 && !calendar_version(build, &text, &version))
        return;
    md_check_map(build, "version", (struct md_loc){0});
    md_check_text(build, "text", text, (struct md_loc){0});
    md_check_number(build, "number", version.major * 100 + version.minor, (struct md_loc){0});
    (void)md_check_end(build);
}

/* The scalars, and then all collections and indexes as children of one map. */
static const struct md_node *assemble(struct md_check_build *build)
{
    struct md_node *root, *last;

    root = md_arena_alloc(build->arena, sizeof *root);
    root->kind = MD_NODE_MAP;
    build->open[0].node = root;
    build->open[0].last = NULL;
    build->open[0].is_shared = false;
    build->n_open = 1;
    add_version(build);
    md_check_flag(build, "unified", build->config->is_unified || is_read(build, "config.xml"), (struct md_loc){0});
    md_check_flag(build, "is_whole", is_whole(build), (struct md_loc){0});
    md_check_flag(build, "has_modes", has_modes(build), (struct md_loc){0});
    md_check_facts(build);
    last = build->open[0].last;
    (void)md_check_end(build);
    for (size_t i = 0; i < build->n_lists; i++) {
        if (last == NULL)
            root->first = build->lists[i].node;
        else
            last->next = build->lists[i].node;
        last = build->lists[i].node;
        root->count++;
    }
    return root;
}

const struct md_node *md_check_model_build(struct md_probe_ctx *ctx)
{
    struct md_check_build *build = md_arena_alloc(ctx->arena, sizeof *build);

    if (ctx->msgserver == NULL)
        ctx->msgserver = md_arena_alloc(ctx->arena, sizeof *ctx->msgserver);
    ctx->msgserver->is_check = true;
    /* The version, on which defaults depend. That nothing of the product is there is seen below. */
    if (ctx->msgserver->config == NULL && ctx->msgserver->version_major == 0 && ctx->facts != NULL)
        (void)md_probe_msgserver_identity.run(ctx);
    build->ctx = ctx;
    build->arena = ctx->arena;
    build->config = md_mta_config_load(ctx);
    build->indexed = md_map_new(ctx->arena);
    for (size_t i = 0; i < sizeof collections / sizeof *collections; i++)
        md_check_collection(build, collections[i]);
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++)
        md_check_index_make(build, indexes[i]);
    md_check_resolve(build);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        parts[i](build);
    return assemble(build);
}

/* ---- files in memory ---- */

/* "6.3" -> 6, 3 */
static void set_version(struct md_msgserver_world *world, const char *text)
{
    struct md_version version;

    if (text == NULL || !md_version_parse(md_str(text), &version))
        return;
    world->version_major = version.major;
    world->version_minor = version.minor;
    world->version = md_str(text);
}

void md_check_tables_read(struct md_arena *arena, struct md_check_tables *tables, struct md_diags *diags)
{
    struct md_msgserver_world world = {0};
    struct md_probe_ctx ctx = {
        .tables = tables->tables, .n_tables = tables->n_tables, .diags = diags, .arena = arena, .msgserver = &world};
    struct md_check_build build = {.ctx = &ctx};

    tables->keywords = md_mta_config_keywords(&ctx);
    tables->options = md_check_option_table(&build);
    tables->ics_keys = md_check_ics_table(&build);
}

const struct md_node *md_check_model_of_files(struct md_arena *arena, const struct md_check_file *files, size_t n,
                                              const struct md_check_tables *tables, struct md_diags *diags)
{
    struct md_source *source = md_fake_new(diags, MD_TIME_NONE);
    struct md_msgserver_world *world = md_arena_alloc(arena, sizeof *world);
    struct md_probe_ctx ctx = {.source = source,
                               .diags = diags,
                               .arena = arena,
                               .now = MD_TIME_NONE,
                               .zone = md_zone_utc(),
                               .msgserver = world};
    const struct md_node *root;

    if (tables != NULL) {
        ctx.tables = tables->tables;
        ctx.n_tables = tables->n_tables;
        world->keywords = tables->keywords;
        world->options = tables->options;
        world->ics_keys = tables->ics_keys;
        set_version(world, tables->version);
    }
    for (size_t i = 0; i < n; i++) {
        struct md_file_verdict verdict;
        struct md_item *item;
        const char *path = md_arena_cstr(arena, md_str(files[i].path));

        md_recognise_file(md_str(path), md_str_sub(files[i].text, 0, MD_RECOGNISE_HEAD), files[i].text.n, &verdict);
        item = md_fake_add_bytes(source, verdict.kind, path, files[i].text);
        if (item == NULL)
            continue;
        item->name = path; /* the tree outlives the source */
        item->base = md_arena_cstr(arena, md_item_name_base(md_str(path)));
    }
    root = md_check_model_build(&ctx);
    md_source_free(&source);
    return root;
}
