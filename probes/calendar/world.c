#include "probes/calendar/world.h"

#include "probes/formats/calendar/ics_conf.h"
#include "probes/item_text.h"
#include "probes/probe.h"

#define TABLE "calendar/messages.yaml"
#define CONF_MAX ((size_t)8 << 20)

static enum md_status read_table(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                                 const void **ret)
{
    const struct md_caldb_table *table;
    const struct md_node *root;
    enum md_status status = md_yaml_read(arena, name, yaml, diags, &root);

    if (status == MD_OK)
        status = md_caldb_table_compile(arena, root, diags, &table);
    if (status == MD_OK)
        *ret = table;
    return status;
}

bool md_calendar_value(const struct md_calendar_world *world, const char *name, struct md_str *ret)
{
    const struct md_ics_parameter *parameter = world->conf != NULL ? md_ics_conf_find(world->conf, md_str(name)) : NULL;

    *ret = parameter != NULL ? md_str_trim(parameter->value) : md_str("");
    return parameter != NULL;
}

bool md_calendar_flag(const struct md_calendar_world *world, const char *name, bool otherwise)
{
    static const char *const yes[] = {"yes", "y", "true", "on", "1"};
    struct md_str value;

    if (!md_calendar_value(world, name, &value) || value.n == 0)
        return otherwise;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (md_str_is_nocase(value, yes[i]))
            return true;
    return false;
}

/* "hotbackup|archive", "^caldb": as far as a pattern is words; of one that says more, all may have been shown. */
static bool may_match(struct md_str pattern, struct md_str name)
{
    static const char quotes[] = "'\"^$()\\";
    struct md_str word;

    while (md_str_split(&pattern, '|', &word)) {
        while (word.n > 0 && strchr(quotes, *word.p) != NULL)
            word = md_str_from(word, 1);
        while (word.n > 0 && (strchr(quotes, word.p[word.n - 1]) != NULL || word.p[word.n - 1] == '*'))
            word.n--;
        if (word.n == 0 || md_str_find_char(word, '[') >= 0 || md_str_find_char(word, '*') >= 0 ||
            md_str_find_char(word, '=') >= 0 || md_str_find_nocase(name, word) >= 0)
            return true;
    }
    return false;
}

bool md_calendar_conf_shows(const struct md_item *conf_item, const char *name)
{
    struct md_str rest = md_str(conf_item->command), word;
    bool is_search = false, is_part = false;

    while (!md_str_is_empty(word = md_str_next_word(&rest))) {
        bool is_pattern = is_search && *word.p != '-';

        if (is_search && *word.p == '-' && md_str_find_char(word, 'v') > 0)
            return true; /* grep -v '^!' */
        if (is_pattern && may_match(word, md_str(name)))
            return true;
        is_search = !is_pattern && (is_search || md_str_has_suffix(word, MD_LIT("grep")));
        is_part |= is_search || is_pattern || md_str_is(word, "head") || md_str_is(word, "tail");
    }
    return !is_part;
}

bool md_calendar_knows(const struct md_calendar_world *world, const char *name)
{
    return world->conf != NULL &&
           (md_ics_conf_find(world->conf, md_str(name)) != NULL || md_calendar_conf_shows(world->conf_item, name));
}

static struct md_str without_slash(struct md_str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    return path;
}

/* A folder as configured: absolute, or empty. */
static struct md_str folder(const struct md_calendar_world *world, const char *name)
{
    struct md_str value;

    if (!md_calendar_value(world, name, &value) || value.n < 2 || *value.p != '/')
        return md_str("");
    return without_slash(value);
}

/* Where the data of an installation are, by the place of its ics.conf; on Solaris by default. */
static const char *data_root(const struct md_calendar_world *world)
{
    struct md_str path = md_str(world->conf_item != NULL ? world->conf_item->path : NULL);

    return md_str_find(path, MD_LIT("/sun/calendar")) >= 0 ? "/var/opt/sun/calendar" : "/var/opt/SUNWics5";
}

/* "/u01/csdb" of "/u01/csdb/log.0000000007"; of a folder that is called a copy, nothing. */
static struct md_str csdb_in(struct md_str path)
{
    static const char *const copies[] = {"backup", "archive", "copy",    "save", "old",
                                         "tmp",    "restore", "recover", "hot"};
    ptrdiff_t at = md_str_find(path, MD_LIT("/csdb"));

    if (at < 0 || *path.p != '/' || (path.n > (size_t)at + 5 && path.p[at + 5] != '/'))
        return md_str("");
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++)
        if (md_str_find_nocase(path, md_str(copies[i])) >= 0)
            return md_str("");
    return md_str_sub(path, 0, (size_t)at + 5);
}

/* The folder as the commands say it that somebody ran, or the paths of what he sent: of a Linux host at least that it is one. */
static bool use_named(struct md_probe_ctx *ctx, struct md_calendar_world *world, const struct md_item *item,
                      struct md_str said)
{
    struct md_str word;

    while (!md_str_is_empty(word = md_str_next_word(&said))) {
        struct md_str csdb = csdb_in(word);

        if (csdb.n > 0) {
            world->csdb_path = md_arena_str(ctx->arena, csdb);
            world->csdb_named_in = item;
            return true;
        }
        if (world->csdb_named_in == NULL && md_str_find(word, MD_LIT("/opt/sun/calendar")) >= 0) {
            world->csdb_path = md_str("/var/opt/sun/calendar/csdb");
            world->csdb_named_in = item;
        }
    }
    return false;
}

static void find_named(struct md_probe_ctx *ctx, struct md_calendar_world *world)
{
    /* A host itself says where its ics.conf is; its commands are not run for this. */
    if (md_source_kind(ctx->source) == MD_SOURCE_LIVE)
        return;
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++) {
        const struct md_item *const *items;
        size_t n = md_source_items(ctx->source, (enum md_item_kind)kind, &items);

        for (size_t i = 0; i < n; i++)
            if (use_named(ctx, world, items[i], md_str(items[i]->command)) ||
                use_named(ctx, world, items[i], md_str(items[i]->root)) ||
                use_named(ctx, world, items[i], md_str(items[i]->path)))
                return;
    }
}

static void load_conf(struct md_probe_ctx *ctx, struct md_calendar_world *world)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_ICS_CONF, &items);
    bool is_whole = false;

    for (size_t i = 0; i < n && !is_whole; i++) {
        const struct md_ics_conf *conf;
        struct md_str text;
        bool is_all;

        if (items[i]->status != MD_OK || !md_item_text(ctx, items[i], CONF_MAX, &text))
            continue;
        conf = md_ics_conf_read(ctx->arena, items[i]->name, text, items[i]->first_line);
        is_all = md_calendar_conf_shows(items[i], "");
        /* The first whole one; else the excerpt that says most. */
        if (world->conf == NULL || (is_all && !is_whole) ||
            (is_all == is_whole && !is_all && conf->n > world->conf->n)) {
            world->conf = conf;
            world->conf_item = items[i];
            is_whole = is_all;
        }
    }
}

struct md_calendar_world *md_calendar_load(struct md_probe_ctx *ctx)
{
    struct md_calendar_world *world;

    if (ctx->calendar == NULL)
        ctx->calendar = md_arena_alloc(ctx->arena, sizeof *ctx->calendar);
    world = ctx->calendar;
    if (world->is_loaded)
        return world;
    world->is_loaded = true;
    world->messages = md_probe_table(ctx, TABLE, read_table);
    load_conf(ctx, world);
    world->csdb_path = folder(world, "caldb.berkeleydb.homedir.path");
    world->is_csdb_configured = world->csdb_path.n > 0;
    if (!world->is_csdb_configured)
        world->csdb_path = md_str(md_arena_printf(ctx->arena, "%s/csdb", data_root(world)));
    if (!world->is_csdb_configured && (world->conf_item == NULL || world->conf_item->path == NULL))
        find_named(ctx, world);
    world->hotbackup_path = folder(world, "caldb.berkeleydb.hotbackup.path");
    world->archive_path = folder(world, "caldb.berkeleydb.archive.path");
    world->logs_path = folder(world, "logfile.logdir");
    if (world->logs_path.n == 0)
        world->logs_path = md_str(md_arena_printf(ctx->arena, "%s/logs", data_root(world)));
    return world;
}
