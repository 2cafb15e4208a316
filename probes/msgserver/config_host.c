/*
 * What configuration says about the host: the job controller, limits, quota, schedule.
 */
#include "engine/base/num.h"
#include "probes/item_text.h"
#include "probes/msgserver/config.h"
#include "probes/msgserver/mta_config_load.h"
#include "probes/msgserver/world.h"

#define COMPLETE_MIN 40 /* so many values are a whole configuration, not a few that somebody asked for */

static const char not_there[] = "the values of configutil are not in the source";

/* The whole item that a default belongs to. */
static struct md_origin whole(struct md_probe_ctx *ctx, const char *file)
{
    return md_mta_config_origin(ctx, (struct md_loc){file, 0, 0});
}

static const char *values_name(const struct md_mta_config *config)
{
    if (config->files.n_values > 0)
        return config->files.values[0]->items[0].loc.file;
    return config->files.n_msconfig > 0 ? config->files.msconfig[0]->items[0].loc.file : NULL;
}

/* ---- values of configutil ---- */

struct value {
    struct md_str text;
    struct md_origin origin;
    bool is_default;
};

/* A value or, where the list was read and does not have it, its default. False: not known. */
static bool get_value(struct md_probe_ctx *ctx, const struct md_mta_config *config, const char *name,
                      const char *otherwise, struct value *ret)
{
    struct md_mta_setting setting;

    if (md_mta_config_value(config, name, &setting)) {
        *ret = (struct value){setting.value, md_mta_config_origin(ctx, setting.loc), false};
        return true;
    }
    if (otherwise == NULL || !md_mta_config_has_values(config))
        return false;
    *ret = (struct value){md_str(otherwise), whole(ctx, values_name(config)), true};
    return true;
}

static void set_bool(struct md_probe_ctx *ctx, const struct md_mta_config *config, const char *fact, const char *name,
                     const char *otherwise)
{
    struct value value;
    bool on;

    if (get_value(ctx, config, name, otherwise, &value) && md_option_bool(value.text, &on) == MD_OK)
        md_fact_bool(ctx->facts, md_facts_root(ctx->facts), fact, on, &value.origin);
    else
        md_fact_unknown(ctx->facts, md_facts_root(ctx->facts), fact, not_there);
}

/* "50M", "16384 K", "1048576" */
static bool parse_bytes(struct md_str text, uint64_t *ret)
{
    uint64_t number, factor = 1;

    text = md_str_trim(text);
    if (md_num_u64(&text, UINT64_MAX >> 30, &number) < 0)
        return false;
    text = md_str_trim(text);
    if (text.n > 0) {
        char unit = md_lower(text.p[0]);

        factor = unit == 'k'   ? UINT64_C(1) << 10
                 : unit == 'm' ? UINT64_C(1) << 20
                 : unit == 'g' ? UINT64_C(1) << 30
                               : 0;
    }
    *ret = number * factor;
    return factor > 0;
}

static void set_quota(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct value value;
    uint64_t number;
    double percent;

    set_bool(ctx, config, "host.quota_enforced", "store.quotaenforcement", "on");
    set_bool(ctx, config, "host.quota_overdraft", "local.store.quotaoverdraft", "off");
    set_bool(ctx, config, "host.overquota_status", "local.store.overquotastatus", "off");
    set_bool(ctx, config, "host.quota_notification", "store.quotanotification", "off");
    set_bool(ctx, config, "host.disk_check", "local.store.checkdiskusage", "on");
    if (get_value(ctx, config, "store.quotagraceperiod", "120", &value) &&
        md_num_all_u64(value.text, 1000000, &number) == MD_OK)
        md_fact_duration(ctx->facts, root, "host.quota_grace_s", (double)number * 3600, &value.origin);
    else
        md_fact_unknown(ctx->facts, root, "host.quota_grace_s", not_there);
    if (get_value(ctx, config, "local.store.diskusagethreshold", "99", &value) &&
        md_num_all_double(value.text, &percent) == MD_OK && percent >= 0)
        md_fact_number(ctx->facts, root, "host.disk_threshold_pct", percent, &value.origin);
    else
        md_fact_unknown(ctx->facts, root, "host.disk_threshold_pct", not_there);
    if (get_value(ctx, config, "store.dbcachesize", NULL, &value) && parse_bytes(value.text, &number))
        md_fact_count(ctx->facts, root, "host.dbcache_bytes", number, &value.origin);
    else
        md_fact_unknown(ctx->facts, root, "host.dbcache_bytes", "store.dbcachesize is not among the values");
}

static void set_directory(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    static const char *const lists[] = {"local.imap.enableuserlist", "local.http.enableuserlist",
                                        "local.enableuserlist"};
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_mta_setting setting;
    struct value value;
    bool is_listed = false;

    if (get_value(ctx, config, "local.ugldaphost", NULL, &value)) {
        struct md_str rest = value.text;
        uint64_t hosts = 0;

        while (md_str_next_word(&rest).n > 0)
            hosts++;
        md_fact_count(ctx->facts, root, "host.ldap_hosts", hosts, &value.origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.ldap_hosts", "local.ugldaphost is not among the values");
    }
    if (!md_mta_config_has_values(config)) {
        md_fact_unknown(ctx->facts, root, "host.ldap_connect_timeout_set", not_there);
        md_fact_unknown(ctx->facts, root, "host.userlist_enabled", not_there);
        return;
    }
    value.origin = whole(ctx, values_name(config));
    if (md_mta_config_value(config, "local.ldapconnecttimeout", &setting)) {
        struct md_origin origin = md_mta_config_origin(ctx, setting.loc);

        md_fact_bool(ctx->facts, root, "host.ldap_connect_timeout_set", true, &origin);
    } else {
        md_fact_bool(ctx->facts, root, "host.ldap_connect_timeout_set", false, &value.origin);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        bool on;

        if (md_mta_config_value(config, lists[i], &setting) && md_option_bool(setting.value, &on) == MD_OK && on) {
            is_listed = true;
            value.origin = md_mta_config_origin(ctx, setting.loc);
        }
    }
    md_fact_bool(ctx->facts, root, "host.userlist_enabled", is_listed, &value.origin);
}

/* ---- schedule ---- */

static bool has_schedule(const struct md_mta_config *config)
{
    size_t n = 0;

    for (size_t i = 0; i < config->files.n_values; i++) {
        const struct md_values *values = config->files.values[i];

        n += values->n;
        for (size_t k = 0; k < values->n; k++)
            if (md_str_has_prefix_nocase(values->items[k].name, MD_LIT("local.schedule.")))
                return true;
    }
    return n >= COMPLETE_MIN;
}

/* Whether a job of the scheduler is there and not switched off. False: not known. */
static bool is_scheduled(struct md_probe_ctx *ctx, const struct md_mta_config *config, const char *job, bool *ret,
                         struct md_origin *origin)
{
    const char *name = md_arena_printf(ctx->arena, "local.schedule.%s", job);
    const char *enable = md_arena_printf(ctx->arena, "local.schedule.%s.enable", job);
    const char *unified = md_arena_printf(ctx->arena, "schedule.task:%s.enable", job);
    struct md_mta_setting setting;
    bool on;

    if ((md_mta_config_value(config, "local.sched.enable", &setting) || md_mta_config_value(config, enable, &setting) ||
         md_mta_config_value(config, unified, &setting)) &&
        md_option_bool(setting.value, &on) == MD_OK && !on) {
        *ret = false;
        *origin = md_mta_config_origin(ctx, setting.loc);
        return true;
    }
    if (md_mta_config_value(config, name, &setting)) {
        *ret = setting.value.n > 0;
        *origin = md_mta_config_origin(ctx, setting.loc);
        return true;
    }
    if (config->is_unified) { /* the product's own schedule holds until somebody changes it */
        *ret = true;
        *origin = whole(ctx, values_name(config));
        return true;
    }
    if (has_schedule(config)) {
        *ret = false;
        *origin = whole(ctx, values_name(config));
        return true;
    }
    return false;
}

static void set_schedule(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    const struct md_option_file *jc = config->files.job_controller;
    const struct md_option_section *section =
        jc != NULL ? md_option_file_section(jc, "PERIODIC_JOB", MD_LIT("return")) : NULL;
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_origin origin;
    bool on;

    if (section != NULL) {
        origin = md_mta_config_origin(ctx, section->loc);
        md_fact_bool(ctx->facts, root, "host.return_job_scheduled", true, &origin);
    } else if (is_scheduled(ctx, config, "return_job", &on, &origin)) {
        md_fact_bool(ctx->facts, root, "host.return_job_scheduled", on, &origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.return_job_scheduled", "the schedule is not in the source");
    }
    if (is_scheduled(ctx, config, "expire", &on, &origin))
        md_fact_bool(ctx->facts, root, "host.expire_scheduled", on, &origin);
    else
        md_fact_unknown(ctx->facts, root, "host.expire_scheduled", "the schedule is not in the source");
}

/* ---- MTA options and the job controller ---- */

static void set_option_count(struct md_probe_ctx *ctx, const struct md_mta_config *config, const char *fact,
                             const char *name, uint64_t otherwise)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_mta_setting setting;
    struct md_origin origin;
    int64_t value;

    if (md_mta_config_option(config, name, &setting) && md_option_int(setting.value, &value) == MD_OK && value >= 0) {
        origin = md_mta_config_origin(ctx, setting.loc);
        md_fact_count(ctx->facts, root, fact, (uint64_t)value, &origin);
    } else if (config->has_options || config->has_channels) {
        origin = whole(ctx, config->files.option_dat != NULL ? config->files.option_dat->name
                                                             : config->channels[0].loc.file);
        md_fact_count(ctx->facts, root, fact, otherwise, &origin);
    } else {
        md_fact_unknown(ctx->facts, root, fact, "no configuration in the source");
    }
}

static void set_log_options(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_mta_setting setting;
    struct md_origin origin;
    int64_t format = md_mta_config_option_int(config, "LOG_FORMAT", 1);

    if (md_mta_config_option(config, "LOG_FILENAME", &setting)) {
        origin = md_mta_config_origin(ctx, setting.loc);
        md_fact_bool(ctx->facts, root, "host.log_filenames", md_mta_config_option_int(config, "LOG_FILENAME", 0) > 0,
                     &origin);
    } else if (config->has_options) {
        origin = whole(ctx, config->files.option_dat != NULL ? config->files.option_dat->name : values_name(config));
        md_fact_bool(ctx->facts, root, "host.log_filenames", format >= 4, &origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.log_filenames", "the options of the MTA are not in the source");
    }
}

static void set_job_controller(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const char *file = config->files.job_controller != NULL ? config->files.job_controller->name : values_name(config);
    struct md_count_item *pools;
    struct md_mta_setting setting;
    struct md_origin origin;
    struct md_mta_count life = {0};

    if (!config->has_channels && !config->has_pools) {
        static const char *const names[] = {"host.jc_max_messages", "host.jc_max_life_s", "host.pools"};

        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            md_fact_unknown(ctx->facts, root, names[i], "no configuration in the source");
        return;
    }
    origin = config->max_messages.is_default ? whole(ctx, file != NULL ? file : config->channels[0].loc.file)
                                             : md_mta_config_origin(ctx, config->max_messages.loc);
    md_fact_count(ctx->facts, root, "host.jc_max_messages", config->max_messages.value, &origin);
    if (!config->has_pools) {
        md_fact_unknown(ctx->facts, root, "host.jc_max_life_s", "job_controller.cnf is not in the source");
        md_fact_unknown(ctx->facts, root, "host.pools", "job_controller.cnf is not in the source");
        return;
    }
    /* The longest life that any program is allowed: a process beyond it is older than all. */
    if (md_mta_config_jc_option(config, "MAX_LIFE_AGE", &setting))
        life = md_mta_count_of(setting.value, setting.loc);
    for (size_t i = 0; i < config->n_classes; i++)
        if (config->classes[i].max_life_s.is_known &&
            (!life.is_known || config->classes[i].max_life_s.value > life.value))
            life = config->classes[i].max_life_s;
    if (!life.is_known)
        life = (struct md_mta_count){.value = config->is_unified ? 14400 : 3600, .is_known = true, .is_default = true};
    origin = life.is_default ? whole(ctx, file) : md_mta_config_origin(ctx, life.loc);
    md_fact_duration(ctx->facts, root, "host.jc_max_life_s", (double)life.value, &origin);

    pools = md_arena_array(ctx->arena, config->n_pools, sizeof *pools);
    for (size_t i = 0; i < config->n_pools; i++) {
        const struct md_mta_pool *pool = &config->pools[i];

        pools[i].name = pool->name;
        pools[i].count = pool->job_limit.value;
        pools[i].origin = md_mta_config_origin(ctx, pool->job_limit.is_default ? pool->loc : pool->job_limit.loc);
    }
    origin = md_mta_config_origin(ctx, config->pools[0].loc);
    md_fact_counts(ctx->facts, root, "host.pools", pools, config->n_pools, 0, true, &origin);
}

/* ---- limits on connections, and look-ups ---- */

static bool is_throttled(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct md_origin *origin)
{
    static const char *const options[] = {"ALLOW_RECIPIENTS_PER_TRANSACTION", "REJECT_RECIPIENTS_PER_TRANSACTION",
                                          "ALLOW_TRANSACTIONS_PER_SESSION", "ALLOW_REJECTIONS_BEFORE_DEFERRAL"};
    static const char *const keywords[] = {
        "recipientlimit",           "recipientcutoff",       "transactionlimit",   "disconnecttransactionlimit",
        "disconnectrecipientlimit", "disconnectrejectlimit", "deferralrejectlimit"};
    static const char *const words[] = {"conn_throttle", "metermaid", "check_metermaid"};
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_MAPPINGS, &items);

    for (size_t c = 0; c < config->n_channels; c++) {
        struct md_mta_setting setting;

        for (size_t i = 0; i < sizeof options / sizeof *options; i++)
            if (md_mta_config_channel_option(config, config->channels[c].name, options[i], &setting)) {
                *origin = md_mta_config_origin(ctx, setting.loc);
                return true;
            }
        for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
            const struct md_imta_keyword *keyword = md_mta_channel_keyword(&config->channels[c], keywords[i]);

            if (keyword != NULL) {
                *origin = md_mta_config_origin(ctx, keyword->loc);
                return true;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        struct md_str text, line;
        uint32_t number = items[i]->first_line;

        if (items[i]->status != MD_OK || !md_item_text(ctx, items[i], (size_t)16 << 20, &text))
            continue;
        for (; md_str_next_line(&text, &line); number++) {
            if (line.n > 0 && line.p[0] == '!')
                continue;
            for (size_t k = 0; k < sizeof words / sizeof *words; k++)
                if (md_str_find_nocase(line, md_str(words[k])) >= 0) {
                    *origin = md_origin_item(items[i], number);
                    return true;
                }
        }
    }
    return false;
}

static void set_front(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_mta_channel *local = md_mta_config_channel(config, MD_LIT("tcp_local"));
    const struct md_imta_keyword *numeric = NULL;
    struct md_origin origin;
    bool is_limited;

    if (!config->has_channels) {
        md_fact_unknown(ctx->facts, root, "host.connection_limits", "no configuration in the source");
        md_fact_unknown(ctx->facts, root, "host.reverse_lookups", "no configuration in the source");
        return;
    }
    origin = md_mta_config_origin(ctx, (struct md_loc){config->channels[0].loc.file, 0, 0});
    is_limited = is_throttled(ctx, config, &origin);
    md_fact_bool(ctx->facts, root, "host.connection_limits", is_limited, &origin);
    if (local == NULL) {
        md_fact_unknown(ctx->facts, root, "host.reverse_lookups", "there is no channel tcp_local");
        return;
    }
    numeric = md_mta_channel_keyword(local, "identnonenumeric");
    if (numeric == NULL)
        numeric = md_mta_channel_keyword(local, "identtcpnumeric");
    origin = md_mta_config_origin(ctx, numeric != NULL ? numeric->loc : local->loc);
    md_fact_bool(ctx->facts, root, "host.reverse_lookups", numeric == NULL, &origin);
}

/* The manuals give 128 up to 6.1 and 10 from then on; an update over that border changes it unasked. */
static void set_threaddepth_change(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    int version = ctx->msgserver->version_major * 100 + ctx->msgserver->version_minor;
    struct md_origin origin;

    if (!config->has_channels || version == 0) {
        md_fact_unknown(ctx->facts, root, "host.upgrade_changed_threaddepth", "configuration or version are not known");
        return;
    }
    origin = md_mta_config_origin(ctx, (struct md_loc){config->channels[0].loc.file, 0, 0});
    for (size_t i = 0; i < config->n_channels; i++) {
        const struct md_imta_keyword *keyword = md_mta_channel_keyword(&config->channels[i], "threaddepth");

        if (keyword != NULL) {
            origin = md_mta_config_origin(ctx, keyword->loc);
            md_fact_bool(ctx->facts, root, "host.upgrade_changed_threaddepth", false, &origin);
            return;
        }
    }
    md_fact_bool(ctx->facts, root, "host.upgrade_changed_threaddepth", version >= 602 && version <= 603, &origin);
}

void md_config_set_host(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    set_job_controller(ctx, config);
    set_option_count(ctx, config, "host.max_received_lines", "MAX_RECEIVED_LINES", 50);
    set_option_count(ctx, config, "host.max_local_received_lines", "MAX_LOCAL_RECEIVED_LINES", 10);
    set_log_options(ctx, config);
    set_bool(ctx, config, "host.autorestart", "local.autorestart", config->is_unified ? NULL : "no");
    set_quota(ctx, config);
    set_directory(ctx, config);
    set_schedule(ctx, config);
    md_config_set_snapshots(ctx, config);
    set_front(ctx, config);
    set_threaddepth_change(ctx, config);
}
