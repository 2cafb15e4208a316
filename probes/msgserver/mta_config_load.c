#include "probes/msgserver/mta_config_load.h"

#include "probes/item_text.h"
#include "probes/msgserver/world.h"

#define FILE_BYTES_MAX ((size_t)64 << 20)
#define KEYWORDS "msgserver/keywords.yaml"
#define VALUE_FILES_MAX 64 /* outputs of configutil, of msconfig */

/* The files of which one counts, with the key of imta_tailor that names it. */
static const struct known_file {
    enum md_item_kind kind;
    const char *base, *tailor_key;
} known_files[] = {
    {MD_ITEM_IMTA_TAILOR, "imta_tailor", NULL},
    {MD_ITEM_IMTA_CNF, "imta.cnf", "IMTA_CONFIG_FILE"},
    {MD_ITEM_OPTION_DAT, "option.dat", "IMTA_OPTION_FILE"},
    {MD_ITEM_JOB_CONTROLLER_CNF, "job_controller.cnf", "IMTA_JBC_CONFIG_FILE"},
    {MD_ITEM_DISPATCHER_CNF, "dispatcher.cnf", "IMTA_DISPATCHER_CONFIG"},
    {MD_ITEM_MAPPINGS, "mappings", "IMTA_MAPPING_FILE"},
    {MD_ITEM_ALIASES, "aliases", "IMTA_ALIAS_FILE"},
    {MD_ITEM_CONVERSIONS, "conversions", "IMTA_CONVERSION_FILE"},
};

static const struct known_file *known_file(enum md_item_kind kind)
{
    for (size_t i = 0; i < sizeof known_files / sizeof *known_files; i++)
        if (known_files[i].kind == kind)
            return &known_files[i];
    return NULL;
}

static const struct md_item *pick(struct md_probe_ctx *ctx, enum md_item_kind kind, struct md_str wanted_path)
{
    const struct known_file *known = known_file(kind);
    const struct md_item *const *items;
    const struct md_item *best = NULL;
    size_t n = md_source_items(ctx->source, kind, &items), usable = 0;
    int best_rank = 0;

    for (size_t i = 0; i < n; i++) {
        const struct md_item *item = items[i];
        int rank = 1;

        if (item->status != MD_OK)
            continue;
        usable++;
        if (known != NULL && item->base != NULL && md_str_is(md_str(item->base), known->base))
            rank = 2;
        if (item->path != NULL && wanted_path.n > 0 && md_str_eq(md_str(item->path), wanted_path))
            rank = 3;
        if (rank > best_rank) {
            best_rank = rank;
            best = item;
        }
    }
    if (best == NULL && n > 0)
        return items[0]; /* unreadable; reading it says so */
    if (usable > 1 && best_rank < 3)
        md_diags_add(ctx->diags, MD_NOTE, (struct md_loc){best->name, 0, 0},
                     "there are %zu files of this kind; this one is taken as the one in force", usable);
    return best;
}

static void report_faults(struct md_probe_ctx *ctx, const struct md_cnf_faults *faults)
{
    if (!ctx->msgserver->is_check)
        md_cnf_faults_report(faults, MD_WARNING, ctx->diags);
}

static struct md_option_file *read_option_file(struct md_probe_ctx *ctx, const struct md_item *item)
{
    struct md_option_file *file;
    struct md_str text;

    if (item == NULL || !md_item_text(ctx, item, FILE_BYTES_MAX, &text))
        return NULL;
    file = md_option_file_parse(ctx->arena, item->name, text, item->first_line);
    report_faults(ctx, &file->faults);
    return file;
}

/* Last component of "IMTA_TABLE:internet.rules" or "/var/.../internet.rules". */
static struct md_str last_component(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/'), colon = md_str_rfind_char(path, ':');

    return md_str_from(path, (size_t)((slash > colon ? slash : colon) + 1));
}

bool md_mta_config_include(void *ctx_ptr, struct md_str path, const char **ret_name, struct md_str *ret_text)
{
    struct md_probe_ctx *ctx = ctx_ptr;
    const struct md_item *const *items;
    size_t n = md_source_inventory(ctx->source, &items);
    struct md_str base = last_component(path);
    const struct md_item *found = NULL;

    for (size_t i = 0; i < n; i++) {
        if (items[i]->status != MD_OK || items[i]->base == NULL || !md_str_eq(md_str(items[i]->base), base))
            continue;
        if (found == NULL || (items[i]->path != NULL && md_str_eq(md_str(items[i]->path), path)))
            found = items[i];
    }
    if (found == NULL || !md_item_text(ctx, found, FILE_BYTES_MAX, ret_text))
        return false;
    *ret_name = found->name;
    return true;
}

static enum md_status read_table(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                                 const void **ret)
{
    const struct md_keywords *keywords;
    enum md_status status = md_keywords_read(arena, name, yaml, diags, &keywords);

    if (status == MD_OK)
        *ret = keywords;
    return status;
}

const struct md_keywords *md_mta_config_keywords(struct md_probe_ctx *ctx)
{
    if (ctx->msgserver->keywords == NULL)
        ctx->msgserver->keywords = md_probe_table(ctx, KEYWORDS, read_table);
    return ctx->msgserver->keywords;
}

static void read_channel_options(struct md_probe_ctx *ctx, struct md_mta_files *files)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_CHANNEL_OPTION, &items);
    const struct md_option_file **list = md_arena_array(ctx->arena, n + 1, sizeof(struct md_option_file *));
    struct md_str *names = md_arena_array(ctx->arena, n + 1, sizeof *names);

    for (size_t i = 0; i < n; i++) {
        struct md_str base = md_str(items[i]->base);
        const struct md_option_file *file;

        if (!md_str_has_suffix(base, MD_LIT("_option")) || (file = read_option_file(ctx, items[i])) == NULL)
            continue;
        list[files->n_channel_options] = file;
        names[files->n_channel_options++] = md_arena_str(ctx->arena, md_str_sub(base, 0, base.n - 7));
    }
    files->channel_options = list;
    files->channel_names = names;
}

/* "configutil -o NAME" prints the value alone. */
static struct md_values *single_value(struct md_probe_ctx *ctx, const struct md_item *item, struct md_str text)
{
    struct md_str command = md_str(item->command), line, word;
    struct md_values *values = md_arena_alloc(ctx->arena, sizeof *values);

    while ((word = md_str_next_word(&command)).n > 0 && !md_str_is(word, "-o"))
        ;
    word = md_str_next_word(&command);
    if (word.n > 0 && !md_str_is(word, "*") && md_str_next_line(&text, &line) && md_str_trim(line).n > 0) {
        struct md_named_value *value =
            md_arena_push(ctx->arena, &values->items, &values->n, &values->capacity, sizeof *value);

        value->name = word;
        value->value = md_str_trim(line);
        value->loc = value->value_loc = (struct md_loc){item->name, item->first_line, 1};
        value->has_value = true;
        md_values_index(ctx->arena, values);
    }
    return values;
}

static void read_values(struct md_probe_ctx *ctx, enum md_item_kind kind, const struct md_values **list, size_t *n)
{
    const struct md_item *const *items;
    size_t count = md_source_items(ctx->source, kind, &items);

    for (size_t i = 0; i < count && *n < VALUE_FILES_MAX; i++) {
        struct md_values *values;
        struct md_str text;

        /* A release has one of the two commands; that the other one is missing is no news. */
        if (items[i]->status == MD_NOT_FOUND || !md_item_text(ctx, items[i], FILE_BYTES_MAX, &text))
            continue;
        values = kind == MD_ITEM_MSCONFIG ? md_msconfig_read(ctx->arena, items[i]->name, text, items[i]->first_line)
                                          : md_configutil_read(ctx->arena, items[i]->name, text, items[i]->first_line);
        if (values->n == 0 && items[i]->command != NULL && kind == MD_ITEM_CONFIGUTIL)
            values = single_value(ctx, items[i], text);
        if (values->n > 0)
            list[(*n)++] = values;
    }
}

/* What msconfig prints is what the product makes of the file, so it counts where both are there. */
static void read_config_xml(struct md_probe_ctx *ctx, struct md_mta_files *files, const struct md_values **msconfig)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_CONFIG_XML, &items);
    bool has_text = files->n_msconfig > 0;

    files->config_xml = md_arena_array(ctx->arena, VALUE_FILES_MAX, sizeof(struct md_config_xml *));
    for (size_t i = 0; i < n && files->n_config_xml < VALUE_FILES_MAX; i++) {
        struct md_config_xml *xml;
        struct md_str text;

        if (!md_item_text(ctx, items[i], FILE_BYTES_MAX, &text))
            continue;
        xml = md_config_xml_read(ctx->arena, items[i]->name, text, items[i]->first_line);
        files->config_xml[files->n_config_xml++] = xml;
        report_faults(ctx, &xml->faults);
        if (!has_text && xml->values.n > 0 && files->n_msconfig < VALUE_FILES_MAX)
            msconfig[files->n_msconfig++] = &xml->values;
    }
}

static struct md_str tailor_path(const struct md_option_file *tailor, const char *key)
{
    const struct md_option *option = tailor != NULL ? md_option_file_find(tailor, NULL, key) : NULL;

    return option != NULL ? option->value : (struct md_str){0};
}

static const struct md_option_file *read_known(struct md_probe_ctx *ctx, const struct md_option_file *tailor,
                                               enum md_item_kind kind)
{
    const struct known_file *known = known_file(kind);

    if (known == NULL)
        MD_BUG("a file of kind %s has no usual name", md_item_kind_name(kind));
    return read_option_file(ctx, pick(ctx, kind, tailor_path(tailor, known->tailor_key)));
}

const struct md_mta_config *md_mta_config_load(struct md_probe_ctx *ctx)
{
    struct md_mta_files files = {0};
    const struct md_values **values, **msconfig;
    const struct md_mta_config *config;
    const struct md_item *item;
    struct md_str text;

    if (ctx->msgserver->config != NULL)
        return ctx->msgserver->config;
    files.version_major = ctx->msgserver->version_major;
    files.version_minor = ctx->msgserver->version_minor;
    files.keywords = md_mta_config_keywords(ctx);
    files.tailor = read_option_file(ctx, pick(ctx, MD_ITEM_IMTA_TAILOR, (struct md_str){0}));
    files.option_dat = read_known(ctx, files.tailor, MD_ITEM_OPTION_DAT);
    files.job_controller = read_known(ctx, files.tailor, MD_ITEM_JOB_CONTROLLER_CNF);
    files.dispatcher = read_known(ctx, files.tailor, MD_ITEM_DISPATCHER_CNF);
    read_channel_options(ctx, &files);

    values = md_arena_array(ctx->arena, VALUE_FILES_MAX, sizeof(struct md_values *));
    msconfig = md_arena_array(ctx->arena, VALUE_FILES_MAX, sizeof(struct md_values *));
    read_values(ctx, MD_ITEM_CONFIGUTIL, values, &files.n_values);
    read_values(ctx, MD_ITEM_MSG_CONF, values, &files.n_values);
    read_values(ctx, MD_ITEM_MSCONFIG, msconfig, &files.n_msconfig);
    read_config_xml(ctx, &files, msconfig);
    files.values = values;
    files.msconfig = msconfig;

    item = pick(ctx, MD_ITEM_IMTA_CNF, tailor_path(files.tailor, "IMTA_CONFIG_FILE"));
    if (item != NULL && md_item_text(ctx, item, FILE_BYTES_MAX, &text)) {
        struct md_imta_cnf *cnf = md_imta_cnf_parse(ctx->arena, item->name, text, item->first_line, files.keywords,
                                                    md_mta_config_include, ctx);

        report_faults(ctx, &cnf->faults);
        files.imta_cnf = cnf;
    }
    config = md_mta_config_new(ctx->arena, &files);
    if (config->n_dropped > 0)
        md_diags_add(ctx->diags, MD_WARNING, config->channels[0].loc, "only the first %d channels are read",
                     MD_MTA_CHANNELS_MAX);
    ctx->msgserver->config = config;
    return config;
}

struct md_origin md_mta_config_origin(struct md_probe_ctx *ctx, struct md_loc loc)
{
    static const enum md_item_kind commands[] = {MD_ITEM_CONFIGUTIL, MD_ITEM_MSCONFIG};

    for (size_t k = 0; k < sizeof commands / sizeof *commands; k++) {
        const struct md_item *const *items;
        size_t n = md_source_items(ctx->source, commands[k], &items);

        for (size_t i = 0; i < n; i++)
            if (items[i]->name == loc.file)
                return md_origin_item(items[i], loc.line);
    }
    return (struct md_origin){.kind = MD_ORIGIN_FILE, .name = loc.file, .line = loc.line};
}

const struct md_item *md_mta_config_item(struct md_probe_ctx *ctx, enum md_item_kind kind)
{
    const struct md_mta_config *config = md_mta_config_load(ctx);
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, kind, &items);
    const char *name = NULL;

    if (kind == MD_ITEM_IMTA_CNF)
        name = config->files.imta_cnf != NULL ? config->files.imta_cnf->name : NULL;
    else if (kind == MD_ITEM_OPTION_DAT)
        name = config->files.option_dat != NULL ? config->files.option_dat->name : NULL;
    else if (kind == MD_ITEM_JOB_CONTROLLER_CNF)
        name = config->files.job_controller != NULL ? config->files.job_controller->name : NULL;
    for (size_t i = 0; i < n; i++)
        if (items[i]->name == name)
            return items[i];
    return NULL;
}

const struct md_item *md_mta_config_pick(struct md_probe_ctx *ctx, enum md_item_kind kind)
{
    const struct known_file *known = known_file(kind);

    return pick(ctx, kind,
                known != NULL ? tailor_path(md_mta_config_load(ctx)->files.tailor, known->tailor_key)
                              : (struct md_str){0});
}
