/*
 * Where channels, pools and programs come from: imta.cnf and job_controller.cnf, or the text of the Unified
 * Configuration.
 */
#include "engine/base/map.h"
#include "probes/msgserver/mta_config_priv.h"

struct md_mta_count md_mta_count_of(struct md_str value, struct md_loc loc)
{
    int64_t number;

    if (md_option_int(value, &number) < 0 || number < 0)
        return (struct md_mta_count){0};
    return (struct md_mta_count){.value = (uint64_t)number, .loc = loc, .is_known = true};
}

static struct md_mta_count option_count(const struct md_option *option)
{
    return option != NULL ? md_mta_count_of(option->value, option->loc) : (struct md_mta_count){0};
}

static struct md_mta_setting option_setting(const struct md_option *option)
{
    return option != NULL ? (struct md_mta_setting){option->value, option->loc} : (struct md_mta_setting){0};
}

/* ---- text files ---- */

static void read_imta_cnf(struct md_arena *arena, struct md_mta_config *config)
{
    const struct md_imta_cnf *cnf = config->files.imta_cnf;
    const struct md_imta_keyword **keywords;
    const struct md_imta_block *block;
    struct md_imta_effective effective;
    size_t capacity = 0, n;

    config->rewrite = cnf;
    config->blocks = cnf->blocks;
    config->n_blocks = cnf->n_blocks;
    md_imta_effective_init(&effective, cnf);
    while (md_imta_effective_next(&effective, arena, &block, &keywords, &n)) {
        struct md_mta_channel *channel;

        if (config->n_channels == MD_MTA_CHANNELS_MAX) {
            for (size_t i = effective.next - 1; i < cnf->n_blocks; i++)
                config->n_dropped += cnf->blocks[i].kind == MD_IMTA_CHANNEL;
            break;
        }
        channel = md_arena_push(arena, &config->channels, &config->n_channels, &capacity, sizeof *channel);
        channel->name = block->name;
        channel->loc = block->loc;
        channel->hosts = block->hosts;
        channel->n_hosts = block->n_hosts;
        channel->keywords = keywords;
        channel->n_keywords = n;
    }
    config->has_channels = config->n_channels > 0;
}

static void read_job_controller(struct md_arena *arena, struct md_mta_config *config)
{
    const struct md_option_file *file = config->files.job_controller;
    size_t pools_capacity = 0, classes_capacity = 0;

    for (size_t i = 1; i < file->n_sections; i++) {
        const struct md_option_section *section = &file->sections[i];

        if (md_str_is_nocase(section->type, "POOL") || md_str_is_nocase(section->type, "QUEUE")) {
            struct md_mta_pool *pool =
                md_arena_push(arena, &config->pools, &config->n_pools, &pools_capacity, sizeof *pool);

            pool->name = section->name;
            pool->loc = section->loc;
            pool->job_limit = option_count(md_option_file_find(file, section, "JOB_LIMIT"));
        } else if (md_str_is_nocase(section->type, "CHANNEL")) {
            struct md_mta_class *class =
                md_arena_push(arena, &config->classes, &config->n_classes, &classes_capacity, sizeof *class);

            class->pattern = section->name;
            class->loc = section->loc;
            class->master = option_setting(md_option_file_find(file, section, "MASTER_COMMAND"));
            class->windows[MD_MTA_URGENT] = option_setting(md_option_file_find(file, section, "URGENT_DELIVERY"));
            class->windows[MD_MTA_NORMAL] = option_setting(md_option_file_find(file, section, "NORMAL_DELIVERY"));
            class->windows[MD_MTA_NONURGENT] = option_setting(md_option_file_find(file, section, "NONURGENT_DELIVERY"));
            class->max_life_s = option_count(md_option_file_find(file, section, "MAX_LIFE_AGE"));
            class->max_life_conns = option_count(md_option_file_find(file, section, "MAX_LIFE_CONNS"));
        }
    }
    config->has_pools = config->n_pools > 0;
}

void md_mta_config_read_legacy(struct md_arena *arena, struct md_mta_config *config)
{
    if (config->files.imta_cnf != NULL)
        read_imta_cnf(arena, config);
    if (config->files.job_controller != NULL)
        read_job_controller(arena, config);
}

/* ---- Unified Configuration ---- */

struct unified {
    struct md_arena *arena;
    struct md_mta_config *config;
    struct md_imta_block *blocks; /* one a channel, in order of appearance; MD_MTA_CHANNELS_MAX */
    size_t n_blocks;
    struct md_map *by_name;
    struct md_imta_block defaults;
    struct md_imta_cnf *rewrite;
    size_t rules_capacity;
};

/* "channel:tcp_local.notices" with the prefix "channel:" -> "tcp_local", "notices". */
static bool split_instance(struct md_str path, struct md_str prefix, struct md_str *ret_name, struct md_str *ret_rest)
{
    ptrdiff_t dot;

    if (!md_str_has_prefix_nocase(path, prefix))
        return false;
    path = md_str_from(path, prefix.n);
    dot = md_str_find_char(path, '.');
    *ret_name = dot >= 0 ? md_str_sub(path, 0, (size_t)dot) : path;
    *ret_rest = dot >= 0 ? md_str_from(path, (size_t)dot + 1) : (struct md_str){0};
    return ret_name->n > 0;
}

/* NULL: there are too many. */
static struct md_imta_block *block_named(struct unified *u, struct md_str name, struct md_loc loc)
{
    struct md_imta_block *block = md_map_find(u->by_name, 0, name);

    if (block != NULL)
        return block;
    if (u->n_blocks == MD_MTA_CHANNELS_MAX) {
        u->config->n_dropped++;
        return NULL;
    }
    if (u->blocks == NULL)
        u->blocks = md_arena_array(u->arena, MD_MTA_CHANNELS_MAX, sizeof *u->blocks);
    block = &u->blocks[u->n_blocks++];
    block->name = name;
    block->loc = loc;
    md_map_set(u->by_name, 0, name, block);
    return block;
}

static struct md_cnf_line line_of(const struct md_named_value *value, struct md_str text)
{
    return (struct md_cnf_line){.kind = MD_CNF_TEXT, .text = text, .file = value->loc.file, .line = value->loc.line};
}

static void add_keyword(struct unified *u, struct md_imta_block *block, struct md_str keyword,
                        const struct md_named_value *value)
{
    struct md_cnf_faults faults = {.arena = u->arena};
    struct md_cnf_line line = line_of(value, value->value);
    size_t n_args;
    struct md_imta_word *args = md_imta_words(u->arena, &line, value->value, &faults, &n_args);
    struct md_imta_word *words = md_arena_array(u->arena, n_args + 1, sizeof *words);

    words[0].text = keyword;
    words[0].loc = value->loc;
    for (size_t i = 0; i < n_args; i++) {
        words[i + 1] = args[i];
        words[i + 1].is_quoted = true; /* the value is no place for a keyword */
        words[i + 1].loc.column += value->value_loc.column > 0 ? value->value_loc.column - 1 : 0;
    }
    md_imta_keywords_read(u->arena, u->config->files.keywords, words, 1, block);
    if (block->n_keywords > 0 && n_args > 0) {
        block->keywords[block->n_keywords - 1].args = words + 1;
        block->keywords[block->n_keywords - 1].n_args = n_args;
        block->keywords[block->n_keywords - 1].is_short = false;
    }
}

static void add_host(struct unified *u, struct md_imta_block *block, struct md_str name, struct md_loc loc,
                     bool is_official)
{
    struct md_imta_host *host =
        md_arena_push(u->arena, &block->hosts, &block->n_hosts, &block->hosts_capacity, sizeof *host);

    *host = (struct md_imta_host){.name = name, .loc = loc};
    if (is_official && block->n_hosts > 1) {
        struct md_imta_host official = *host;

        for (size_t i = block->n_hosts - 1; i > 0; i--)
            block->hosts[i] = block->hosts[i - 1];
        block->hosts[0] = official;
    }
}

static void read_channel(struct unified *u, struct md_str name, struct md_str rest, const struct md_named_value *value)
{
    struct md_imta_block *block;
    struct md_str names = value->value, host;

    if (md_str_is_nocase(name, "defaults")) {
        add_keyword(u, &u->defaults, rest, value);
        return;
    }
    block = block_named(u, name, value->loc);
    if (block == NULL || rest.n == 0 || md_str_has_prefix_nocase(rest, MD_LIT("options.")))
        return;
    if (md_str_is_nocase(rest, "official_host_name")) {
        add_host(u, block, value->value, value->loc, true);
    } else if (md_str_is_nocase(rest, "additional_host_names") || md_str_is_nocase(rest, "local_host_alias")) {
        while ((host = md_str_next_word(&names)).n > 0)
            add_host(u, block, host, value->loc, false);
    } else if (md_str_find_char(rest, '.') < 0) {
        add_keyword(u, block, rest, value);
    }
}

static void read_rule(struct unified *u, const struct md_named_value *value)
{
    struct md_str text = value->value, pattern = md_str_next_word(&text), template = md_str_trim(text);
    struct md_cnf_line line = line_of(value, value->value);
    struct md_imta_cnf *one;

    if (pattern.n == 0 || template.n == 0)
        return;
    /* A rule reads alike in both configurations: let the parser of imta.cnf do it. */
    one =
        md_imta_cnf_parse(u->arena, value->loc.file, line.text, value->loc.line, u->config->files.keywords, NULL, NULL);
    if (u->rewrite == NULL) {
        u->rewrite = md_arena_alloc(u->arena, sizeof *u->rewrite);
        u->rewrite->name = value->loc.file;
        u->rewrite->faults.arena = u->arena;
    }
    for (size_t i = 0; i < one->n_rules; i++) {
        struct md_imta_rule *rule =
            md_arena_push(u->arena, &u->rewrite->rules, &u->rewrite->n_rules, &u->rules_capacity, sizeof *rule);

        *rule = one->rules[i];
        rule->loc = value->loc;
    }
}

static struct md_mta_pool *pool_named(struct unified *u, struct md_str name, struct md_loc loc, size_t *capacity)
{
    struct md_mta_config *config = u->config;
    struct md_mta_pool *pool;

    for (size_t i = 0; i < config->n_pools; i++)
        if (md_str_eq_nocase(config->pools[i].name, name))
            return &config->pools[i];
    pool = md_arena_push(u->arena, &config->pools, &config->n_pools, capacity, sizeof *pool);
    pool->name = name;
    pool->loc = loc;
    return pool;
}

static struct md_mta_class *class_named(struct unified *u, struct md_str pattern, struct md_loc loc, size_t *capacity)
{
    struct md_mta_config *config = u->config;
    struct md_mta_class *class;

    for (size_t i = 0; i < config->n_classes; i++)
        if (md_str_eq_nocase(config->classes[i].pattern, pattern))
            return &config->classes[i];
    class = md_arena_push(u->arena, &config->classes, &config->n_classes, capacity, sizeof *class);
    class->pattern = pattern;
    class->loc = loc;
    return class;
}

static void read_class(struct md_mta_class *class, struct md_str rest, const struct md_named_value *value)
{
    struct md_mta_setting setting = {value->value, value->loc};

    if (md_str_is_nocase(rest, "master_command"))
        class->master = setting;
    else if (md_str_is_nocase(rest, "urgent_delivery"))
        class->windows[MD_MTA_URGENT] = setting;
    else if (md_str_is_nocase(rest, "normal_delivery"))
        class->windows[MD_MTA_NORMAL] = setting;
    else if (md_str_is_nocase(rest, "nonurgent_delivery"))
        class->windows[MD_MTA_NONURGENT] = setting;
    else if (md_str_is_nocase(rest, "max_life_time") || md_str_is_nocase(rest, "max_life_age"))
        class->max_life_s = md_mta_count_of(value->value, value->loc);
    else if (md_str_is_nocase(rest, "max_life_askwork") || md_str_is_nocase(rest, "max_life_conns"))
        class->max_life_conns = md_mta_count_of(value->value, value->loc);
}

static void read_list(struct unified *u, const struct md_values *values, size_t *pools_capacity,
                      size_t *classes_capacity)
{
    for (size_t i = 0; i < values->n; i++) {
        const struct md_named_value *value = &values->items[i];
        struct md_str name, rest;

        if (split_instance(value->name, MD_LIT("channel:"), &name, &rest)) {
            if (md_str_is_nocase(name, "channel_defaults"))
                add_keyword(u, &u->defaults, rest, value);
            else
                read_channel(u, name, rest, value);
        } else if (md_str_has_prefix_nocase(value->name, MD_LIT("defaults."))) {
            add_keyword(u, &u->defaults, md_str_from(value->name, 9), value);
        } else if (md_str_has_prefix_nocase(value->name, MD_LIT("rewrite."))) {
            read_rule(u, value);
        } else if (split_instance(value->name, MD_LIT("job_controller.job_pool:"), &name, &rest)) {
            struct md_mta_pool *pool = pool_named(u, name, value->loc, pools_capacity);

            if (md_str_is_nocase(rest, "job_limit"))
                pool->job_limit = md_mta_count_of(value->value, value->loc);
        } else if (split_instance(value->name, MD_LIT("job_controller.channel_class:"), &name, &rest)) {
            read_class(class_named(u, name, value->loc, classes_capacity), rest, value);
        } else if (md_str_has_prefix_nocase(value->name, MD_LIT("mta."))) {
            u->config->has_options = true;
        }
    }
}

/* The defaults, if there are any, and then the channels. */
static void keep_blocks(struct unified *u)
{
    struct md_imta_block *blocks = md_arena_array(u->arena, u->n_blocks + 1, sizeof *blocks);
    size_t n = 0;

    if (u->defaults.n_keywords > 0) {
        blocks[n] = u->defaults;
        blocks[n].kind = MD_IMTA_DEFAULTS;
        blocks[n++].loc = u->defaults.keywords[0].loc;
    }
    for (size_t i = 0; i < u->n_blocks; i++)
        blocks[n++] = u->blocks[i];
    u->config->blocks = blocks;
    u->config->n_blocks = n;
}

void md_mta_config_read_unified(struct md_arena *arena, struct md_mta_config *config)
{
    struct unified u = {.arena = arena, .config = config, .by_name = md_map_new(arena)};
    size_t pools_capacity = 0, classes_capacity = 0, capacity = 0;

    for (size_t i = 0; i < config->files.n_msconfig; i++)
        read_list(&u, config->files.msconfig[i], &pools_capacity, &classes_capacity);
    config->is_unified = u.n_blocks > 0;
    if (!config->is_unified) {
        /* It says nothing about channels; text files may. Their pools go with them. */
        if (config->files.job_controller != NULL)
            config->n_pools = config->n_classes = 0;
        config->has_pools = config->n_pools > 0;
        return;
    }
    config->rewrite = u.rewrite;
    keep_blocks(&u);
    config->has_channels = true;
    config->has_pools = config->n_pools > 0;
    for (size_t i = 0; i < u.n_blocks; i++) {
        const struct md_imta_block *block = &u.blocks[i];
        struct md_mta_channel *channel =
            md_arena_push(arena, &config->channels, &config->n_channels, &capacity, sizeof *channel);
        size_t n = 0;

        channel->name = block->name;
        channel->loc = block->loc;
        channel->hosts = block->hosts;
        channel->n_hosts = block->n_hosts;
        channel->keywords =
            md_arena_array(arena, u.defaults.n_keywords + block->n_keywords + 1, sizeof *channel->keywords);
        for (size_t k = 0; k < u.defaults.n_keywords; k++)
            channel->keywords[n++] = &u.defaults.keywords[k];
        for (size_t k = 0; k < block->n_keywords; k++)
            channel->keywords[n++] = &block->keywords[k];
        channel->n_keywords = md_imta_keywords_settle(channel->keywords, n);
    }
}
