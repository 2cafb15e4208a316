/*
 * probes/calendar/config: what ics.conf says that a diagnosis rests on. Mistakes in it are findings of the check of configuration.
 */
#include "engine/base/num.h"
#include "probes/calendar/world.h"
#include "probes/formats/calendar/ics_conf.h"
#include "probes/item_text.h"
#include "probes/probe.h"

#define CONF_MAX ((size_t)8 << 20)

static const struct {
    const char *name, *parameter;
    bool is_on;
    int since;
} daemons[] = {
#define MD_DAEMON(name, parameter, is_on, since) {name, parameter, is_on, since},
#include "probes/calendar/daemon.def"
#undef MD_DAEMON
};

struct config {
    struct md_probe_ctx *ctx;
    const struct md_calendar_world *world;
    struct md_instance *root;
};

/* The line of a parameter; of one that is not set the whole file says so. */
static struct md_origin origin_of(const struct config *c, const char *name)
{
    const struct md_ics_parameter *parameter = md_ics_conf_find(c->world->conf, md_str(name));

    return md_origin_item(c->world->conf_item, parameter != NULL ? parameter->loc.line : 0);
}

/* Of a parameter that an excerpt leaves out nothing is known, not even its default. */
static bool is_left_out(const struct config *c, const char *fact, const char *name)
{
    if (md_calendar_knows(c->world, name))
        return false;
    md_fact_unknown(c->ctx->facts, c->root, fact, "the excerpt of ics.conf does not show it");
    return true;
}

static void set_flag(const struct config *c, const char *fact, const char *name, bool otherwise)
{
    struct md_origin origin = origin_of(c, name);

    if (is_left_out(c, fact, name))
        return;
    md_fact_bool(c->ctx->facts, c->root, fact, md_calendar_flag(c->world, name, otherwise), &origin);
}

static double number_of(const struct config *c, const char *name, double otherwise)
{
    struct md_str value;
    uint64_t number;

    return md_calendar_value(c->world, name, &value) && md_num_all_u64(value, UINT32_MAX, &number) == MD_OK
               ? (double)number
               : otherwise;
}

static void set_path(const struct config *c, const char *fact, const char *name, struct md_str path)
{
    struct md_origin origin = origin_of(c, name);

    if (path.n > 0)
        md_fact_text(c->ctx->facts, c->root, fact, path, &origin);
    else
        md_fact_unknown(c->ctx->facts, c->root, fact, "ics.conf names none");
}

/* An address where the full name of a host must stand. */
static bool is_address(struct md_str value)
{
    size_t dots = 0;

    if (md_str_find_char(value, ':') >= 0)
        return true;
    for (size_t i = 0; i < value.n; i++) {
        dots += value.p[i] == '.';
        if (!md_is_digit(value.p[i]) && value.p[i] != '.')
            return false;
    }
    return dots == 3;
}

static void set_dwp_server(const struct config *c)
{
    const struct md_ics_conf *conf = c->world->conf;
    struct md_origin origin = md_origin_item(c->world->conf_item, 0);
    bool is_any = false;

    for (size_t i = 0; i < conf->n; i++) {
        const struct md_ics_parameter *parameter = conf->items[i];

        if (parameter->is_comment || parameter->is_repeated ||
            !md_str_has_prefix(parameter->name, MD_LIT("caldb.dwp.server.")))
            continue;
        if (is_any || !is_address(md_str_trim(parameter->value)))
            continue;
        is_any = true;
        origin = md_origin_item(c->world->conf_item, parameter->loc.line);
    }
    if (!is_any && is_left_out(c, "host.cal_dwp_server_is_address", "caldb.dwp.server.default"))
        return;
    md_fact_bool(c->ctx->facts, c->root, "host.cal_dwp_server_is_address", is_any, &origin);
}

/* Ports of all ics.conf there are: one differing is enough. */
static void set_dwp_port(const struct config *c)
{
    const struct md_item *const *items;
    size_t n = md_source_items(c->ctx->source, MD_ITEM_ICS_CONF, &items), read = 0;
    struct md_str first = {"", 0};
    bool differs = false;

    for (size_t i = 0; i < n; i++) {
        const struct md_ics_parameter *parameter;
        struct md_ics_conf *conf;
        struct md_str text, port = MD_LIT("59979");

        if (items[i]->status != MD_OK || !md_item_text(c->ctx, items[i], CONF_MAX, &text))
            continue;
        conf = md_ics_conf_read(c->ctx->arena, items[i]->name, text, items[i]->first_line);
        parameter = md_ics_conf_find(conf, MD_LIT("service.dwp.port"));
        if (parameter == NULL && !md_calendar_conf_shows(items[i], "service.dwp.port"))
            continue;
        if (parameter != NULL)
            port = md_str_trim(parameter->value);
        differs |= read > 0 && !md_str_eq(port, first);
        if (read++ == 0)
            first = port;
    }
    if (read > 1)
        md_fact_bool(c->ctx->facts, c->root, "host.cal_dwp_port_differs", differs, NULL);
    else
        md_fact_unknown(c->ctx->facts, c->root, "host.cal_dwp_port_differs", "the ics.conf of only one host is there");
}

static void set_backups(const struct config *c)
{
    bool is_hot = md_calendar_flag(c->world, "caldb.berkeleydb.hotbackup.enable", false);
    bool is_archive = md_calendar_flag(c->world, "caldb.berkeleydb.archive.enable", false);
    bool is_set = (is_hot && c->world->hotbackup_path.n > 0) || (is_archive && c->world->archive_path.n > 0);
    struct md_origin origin =
        origin_of(c, is_archive ? "caldb.berkeleydb.archive.enable" : "caldb.berkeleydb.hotbackup.enable");

    set_flag(c, "host.cal_hotbackup_on", "caldb.berkeleydb.hotbackup.enable", false);
    set_flag(c, "host.cal_archive_on", "caldb.berkeleydb.archive.enable", false);
    if (!is_set && (is_left_out(c, "host.cal_backup_configured", "caldb.berkeleydb.hotbackup.enable") ||
                    is_left_out(c, "host.cal_backup_configured", "caldb.berkeleydb.archive.enable")))
        return;
    md_fact_bool(c->ctx->facts, c->root, "host.cal_backup_configured", is_set, &origin);
}

static void set_store(const struct config *c)
{
    const char *name =
        md_calendar_flag(c->world, "local.store.enable", true) ? "service.store.enable" : "local.store.enable";
    struct md_origin origin = origin_of(c, name);

    if (is_left_out(c, "host.cal_store_enabled", name))
        return;
    md_fact_bool(c->ctx->facts, c->root, "host.cal_store_enabled", md_calendar_flag(c->world, name, true), &origin);
}

/* Which daemons must run. Without a version, those of every version; without ics.conf, those of every role. */
static void set_expected(struct md_probe_ctx *ctx, const struct md_calendar_world *world)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_str names[sizeof daemons / sizeof *daemons];
    struct md_origin origin = {0};
    int version = world->version_major * 100 + world->version_minor;
    size_t n = 0;

    for (size_t i = 0; i < sizeof daemons / sizeof *daemons; i++) {
        bool is_on = md_calendar_flag(world, daemons[i].parameter, daemons[i].is_on);
        bool is_role = strcmp(daemons[i].name, "cshttpd") == 0;

        if (!is_on || version < daemons[i].since || (is_role && !md_calendar_knows(world, daemons[i].parameter)))
            continue;
        names[n++] = md_str(daemons[i].name);
    }
    if (world->conf == NULL && version == 0) {
        md_fact_unknown(ctx->facts, root, "host.cal_expected", "neither version nor ics.conf is known");
        return;
    }
    if (world->conf_item != NULL)
        origin = md_item_origin(world->conf_item, 0);
    md_fact_texts(ctx->facts, root, "host.cal_expected", names, n, world->conf_item != NULL ? &origin : NULL);
}

static void set_unknown(struct md_probe_ctx *ctx)
{
    static const char *const names[] = {
        "host.cal_readonly",
        "host.cal_circular",
        "host.cal_deadlock_autodetect",
        "host.cal_hotbackup_on",
        "host.cal_archive_on",
        "host.cal_backup_configured",
        "host.cal_store_enabled",
        "host.cal_cld_directory",
        "host.cal_ldap_cache_on",
        "host.cal_diskusage_on",
        "host.cal_dwp_server_is_address",
        "host.cal_dwp_port_differs",
        "host.cal_hotbackup_path",
        "host.cal_archive_path",
        "host.cal_mempool_mb",
        "host.cal_maxthreads",
        "host.cal_archive_interval_s",
        "host.cal_checkpoint_interval_s",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        md_fact_unknown(ctx->facts, md_facts_root(ctx->facts), names[i], "no ics.conf was found");
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    const struct md_calendar_world *world = md_calendar_load(ctx);
    struct config c = {ctx, world, md_facts_root(ctx->facts)};
    struct md_origin origin, interval, archive, pool, threads;
    struct md_str type;

    if (!world->is_there)
        return MD_NOT_FOUND;
    set_expected(ctx, world);
    if (world->conf == NULL) {
        md_fact_bool(ctx->facts, c.root, "host.cal_conf_seen", false, NULL);
        set_unknown(ctx);
        if (world->csdb_named_in == NULL) {
            md_fact_unknown(ctx->facts, c.root, "host.cal_csdb_path", "no ics.conf was found");
        } else {
            origin = md_item_origin(world->csdb_named_in, 0);
            md_fact_text(ctx->facts, c.root, "host.cal_csdb_path", world->csdb_path, &origin);
        }
        return MD_NOT_FOUND;
    }
    origin = md_item_origin(world->conf_item, 0);
    md_fact_bool(ctx->facts, c.root, "host.cal_conf_seen", true, &origin);
    set_flag(&c, "host.cal_readonly", "caldb.berkeleydb.readonly", false);
    set_flag(&c, "host.cal_circular", "caldb.berkeleydb.circularlogging", true);
    set_flag(&c, "host.cal_deadlock_autodetect", "local.caldb.deadlock.autodetect", false);
    set_flag(&c, "host.cal_ldap_cache_on", "local.ldap.cache.enable", false);
    set_flag(&c, "host.cal_diskusage_on", "service.admin.diskusage", false);
    set_backups(&c);
    set_store(&c);
    origin = origin_of(&c, "caldb.cld.type");
    if (!is_left_out(&c, "host.cal_cld_directory", "caldb.cld.type"))
        md_fact_bool(ctx->facts, c.root, "host.cal_cld_directory",
                     md_calendar_value(world, "caldb.cld.type", &type) && md_str_is_nocase(type, "directory"), &origin);
    set_dwp_server(&c);
    set_dwp_port(&c);
    interval = origin_of(&c, "caldb.berkeleydb.checkpointinterval");
    if (!is_left_out(&c, "host.cal_checkpoint_interval_s", "caldb.berkeleydb.checkpointinterval"))
        md_fact_duration(ctx->facts, c.root, "host.cal_checkpoint_interval_s",
                         number_of(&c, "caldb.berkeleydb.checkpointinterval", 60), &interval);
    archive = origin_of(&c, "caldb.berkeleydb.archive.interval");
    if (!is_left_out(&c, "host.cal_archive_interval_s", "caldb.berkeleydb.archive.interval"))
        md_fact_duration(ctx->facts, c.root, "host.cal_archive_interval_s",
                         number_of(&c, "caldb.berkeleydb.archive.interval", 86400), &archive);
    pool = origin_of(&c, "caldb.berkeleydb.mempoolsizemb");
    if (!is_left_out(&c, "host.cal_mempool_mb", "caldb.berkeleydb.mempoolsizemb"))
        md_fact_number(ctx->facts, c.root, "host.cal_mempool_mb", number_of(&c, "caldb.berkeleydb.mempoolsizemb", 4),
                       &pool);
    threads = origin_of(&c, "caldb.berkeleydb.maxthreads");
    if (!is_left_out(&c, "host.cal_maxthreads", "caldb.berkeleydb.maxthreads"))
        md_fact_number(ctx->facts, c.root, "host.cal_maxthreads", number_of(&c, "caldb.berkeleydb.maxthreads", 10000),
                       &threads);
    if (world->csdb_named_in != NULL || !is_left_out(&c, "host.cal_csdb_path", "caldb.berkeleydb.homedir.path"))
        set_path(&c, "host.cal_csdb_path", "caldb.berkeleydb.homedir.path", world->csdb_path);
    if (!is_left_out(&c, "host.cal_hotbackup_path", "caldb.berkeleydb.hotbackup.path"))
        set_path(&c, "host.cal_hotbackup_path", "caldb.berkeleydb.hotbackup.path", world->hotbackup_path);
    if (!is_left_out(&c, "host.cal_archive_path", "caldb.berkeleydb.archive.path"))
        set_path(&c, "host.cal_archive_path", "caldb.berkeleydb.archive.path", world->archive_path);
    return MD_OK;
}

static const enum md_item_kind reads[] = {MD_ITEM_ICS_CONF, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_calendar_config = {
    .name = "calendar.config",
    .says = "reads ics.conf: database, backups, daemons and back ends as configured",
    .cost = MD_COST_FREE,
    .reads = reads,
    .joins = true,
    .run = run,
};
