#include "probes/msgserver/mta_config.h"

#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/msgserver/mta_config_priv.h"

struct md_mta_config *md_mta_config_new(struct md_arena *arena, const struct md_mta_files *files)
{
    struct md_mta_config *config = md_arena_alloc(arena, sizeof *config);
    struct md_mta_setting setting;
    int64_t value;

    config->files = *files;
    config->has_options = files->option_dat != NULL;
    md_mta_config_read_unified(arena, config); /* first: it says whether it is in force */
    if (!config->is_unified)
        md_mta_config_read_legacy(arena, config);
    config->hours = md_mta_config_option_int(config, "RETURN_UNITS", 0) == 1;
    config->max_messages = (struct md_mta_count){.value = 100000, .is_known = true, .is_default = true};
    if (md_mta_config_jc_option(config, "MAX_MESSAGES", &setting) && md_option_int(setting.value, &value) == MD_OK &&
        value > 0)
        config->max_messages = (struct md_mta_count){.value = (uint64_t)value, .loc = setting.loc, .is_known = true};
    md_mta_config_settle_channels(config);
    return config;
}

const struct md_mta_channel *md_mta_config_channel(const struct md_mta_config *config, struct md_str name)
{
    for (size_t i = 0; i < config->n_channels; i++)
        if (md_str_eq(config->channels[i].name, name))
            return &config->channels[i];
    return NULL;
}

const struct md_mta_channel *md_mta_config_tag(const struct md_mta_config *config, struct md_str tag)
{
    for (size_t i = 0; i < config->n_channels; i++)
        for (size_t k = 0; k < config->channels[i].n_hosts; k++)
            if (md_str_eq_nocase(config->channels[i].hosts[k].name, tag) ||
                (tag.n > 0 && md_str_eq_nocase(config->channels[i].hosts[k].alias, tag)))
                return &config->channels[i];
    return NULL;
}

const struct md_imta_keyword *md_mta_channel_keyword(const struct md_mta_channel *channel, const char *name)
{
    for (size_t i = 0; i < channel->n_keywords; i++)
        if (channel->keywords[i]->def != NULL && md_str_is(channel->keywords[i]->def->name, name))
            return channel->keywords[i];
    return NULL;
}

struct md_str md_mta_channel_arg(const struct md_mta_channel *channel, const char *name)
{
    const struct md_imta_keyword *keyword = md_mta_channel_keyword(channel, name);

    return keyword != NULL && keyword->n_args > 0 ? keyword->args[0].text : (struct md_str){0};
}

struct md_str md_mta_channel_mx(const struct md_mta_channel *channel, struct md_loc *ret_loc)
{
    static const char *const names[] = {"mx", "nomx", "nodns", "randommx", "nonrandommx", "affinitylist", "defaultmx"};

    *ret_loc = channel->loc;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct md_imta_keyword *keyword = md_mta_channel_keyword(channel, names[i]);

        if (keyword != NULL) {
            *ret_loc = keyword->loc;
            return keyword->def->name;
        }
    }
    return MD_LIT("defaultmx");
}

struct md_str md_mta_channel_smarthost(const struct md_mta_channel *channel, struct md_loc *ret_loc)
{
    const struct md_imta_keyword *keyword = md_mta_channel_keyword(channel, "daemon");
    struct md_str host = keyword != NULL && keyword->n_args > 0 ? keyword->args[0].text : (struct md_str){0};

    if (ret_loc != NULL)
        *ret_loc = keyword != NULL ? keyword->loc : channel->loc;
    /* "router" and other words that are no host name stand for the channel's own official host. */
    if (host.n > 0 && md_str_find_char(host, '.') < 0 && host.p[0] != '[')
        return channel->n_hosts > 0 ? channel->hosts[0].name : (struct md_str){0};
    return host;
}

const struct md_mta_pool *md_mta_config_pool(const struct md_mta_config *config, struct md_str name)
{
    for (size_t i = 0; i < config->n_pools; i++)
        if (md_str_eq_nocase(config->pools[i].name, name))
            return &config->pools[i];
    return NULL;
}

const struct md_mta_class *md_mta_config_class_for(const struct md_mta_config *config, struct md_str channel)
{
    const struct md_mta_class *best = NULL;

    for (size_t i = 0; i < config->n_classes; i++) {
        const struct md_mta_class *class = &config->classes[i];
        ptrdiff_t star = md_str_find_char(class->pattern, '*');

        if (star < 0 && md_str_eq_nocase(class->pattern, channel))
            return class;
        if (star >= 0 && md_str_has_prefix_nocase(channel, md_str_sub(class->pattern, 0, (size_t)star)) &&
            (best == NULL || class->pattern.n > best->pattern.n))
            best = class;
    }
    return best;
}

struct md_mta_count md_mta_config_jobs_max(const struct md_mta_config *config, const struct md_mta_channel *channel)
{
    const struct md_mta_pool *pool = channel->pool.n > 0 ? md_mta_config_pool(config, channel->pool) : NULL;
    struct md_mta_count jobs = channel->maxjobs;

    if (pool == NULL || !pool->job_limit.is_known)
        return (struct md_mta_count){0};
    return pool->job_limit.value < jobs.value ? pool->job_limit : jobs;
}

static bool from_option(const struct md_option *option, struct md_mta_setting *ret)
{
    if (option == NULL)
        return false;
    *ret = (struct md_mta_setting){option->value, option->loc};
    return true;
}

static bool from_values(const struct md_values *const *lists, size_t n, struct md_str name, struct md_mta_setting *ret)
{
    for (size_t i = 0; i < n; i++) {
        const struct md_named_value *value = md_values_find(lists[i], name);

        if (value != NULL && !value->is_suppressed) {
            *ret = (struct md_mta_setting){value->value, value->loc};
            return true;
        }
    }
    return false;
}

/* Joins parts of a name in a bounded buffer; what does not fit gives the empty name, which nothing has. */
static struct md_str joined(char *buffer, size_t size, struct md_str a, struct md_str b, struct md_str c)
{
    const struct md_str parts[] = {a, b, c};
    size_t n = 0;

    for (size_t i = 0; i < 3; i++) {
        if (parts[i].n > size - n)
            return (struct md_str){0};
        for (size_t k = 0; k < parts[i].n; k++)
            buffer[n++] = parts[i].p[k];
    }
    return md_str_n(buffer, n);
}

static bool from_msconfig(const struct md_mta_config *config, struct md_str a, struct md_str b, struct md_str c,
                          struct md_mta_setting *ret)
{
    char buffer[512];
    struct md_str name = joined(buffer, sizeof buffer, a, b, c);

    return name.n > 0 && from_values(config->files.msconfig, config->files.n_msconfig, name, ret);
}

bool md_mta_config_option(const struct md_mta_config *config, const char *name, struct md_mta_setting *ret)
{
    if (from_msconfig(config, MD_LIT("mta."), md_str(name), MD_LIT(""), ret))
        return true;
    return config->files.option_dat != NULL && !config->is_unified &&
           from_option(md_option_file_find(config->files.option_dat, NULL, name), ret);
}

int64_t md_mta_config_option_int(const struct md_mta_config *config, const char *name, int64_t otherwise)
{
    struct md_mta_setting setting;
    int64_t value;

    return md_mta_config_option(config, name, &setting) && md_option_int(setting.value, &value) == MD_OK ? value
                                                                                                         : otherwise;
}

void md_mta_config_log_options(const struct md_mta_config *config, struct md_mail_log_options *ret)
{
    static const char *const names[] = {
#define MD_MAIL_LOG_OPTION(id, name) name,
#include "probes/formats/msgserver/mail_log.def"
#undef MD_MAIL_LOG_OPTION
    };

    md_mail_log_options_init(ret);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int64_t value = md_mta_config_option_int(config, names[i], MD_MAIL_LOG_NOT_KNOWN);

        if (value >= 0 && value <= INT32_MAX)
            ret->value[i] = (int32_t)value;
    }
}

bool md_mta_config_channel_option(const struct md_mta_config *config, struct md_str channel, const char *name,
                                  struct md_mta_setting *ret)
{
    char buffer[256];
    struct md_str prefix = joined(buffer, sizeof buffer, MD_LIT("channel:"), channel, MD_LIT(".options."));

    if (prefix.n > 0 && from_msconfig(config, prefix, md_str(name), MD_LIT(""), ret))
        return true;
    for (size_t i = 0; i < config->files.n_channel_options; i++)
        if (md_str_eq(config->files.channel_names[i], channel) &&
            from_option(md_option_file_find(config->files.channel_options[i], NULL, name), ret))
            return true;
    return false;
}

/* Names of the job controller's options in the Unified Configuration where they differ. */
static const struct {
    const char *old_name, *new_name;
} jc_names[] = {
    {"MAX_MESSAGES", "max_cache_messages"},
    {"MAX_LIFE_AGE", "max_life_time"},
    {"MAX_LIFE_CONNS", "max_life_askwork"},
    {"TCP_PORT", "tcp_ports"},
};

bool md_mta_config_jc_option(const struct md_mta_config *config, const char *name, struct md_mta_setting *ret)
{
    for (size_t i = 0; i < sizeof jc_names / sizeof *jc_names; i++)
        if (md_str_is_nocase(md_str(name), jc_names[i].old_name) &&
            from_msconfig(config, MD_LIT("job_controller."), md_str(jc_names[i].new_name), MD_LIT(""), ret))
            return true;
    if (from_msconfig(config, MD_LIT("job_controller."), md_str(name), MD_LIT(""), ret))
        return true;
    return config->files.job_controller != NULL && !config->is_unified &&
           from_option(md_option_file_find(config->files.job_controller, NULL, name), ret);
}

/* Names that a value of configutil has in the Unified Configuration where dropping "local." is not enough. */
static const struct {
    const char *old_name, *new_name;
} value_names[] = {
    {"local.schedule.return_job", "schedule.task:return_job.crontab"},
    {"local.schedule.expire", "schedule.task:expire.crontab"},
    {"local.schedule.purge", "schedule.task:purge.crontab"},
    {"local.schedule.snapshot", "schedule.task:snapshot.crontab"},
    {"local.schedule.snapshotverify", "schedule.task:snapshotverify.crontab"},
    {"local.schedule.msprobe", "schedule.task:msprobe.crontab"},
    {"local.autorestart", "base.autorestart.enable"},
    {"local.watcher.enable", "watcher.enable"},
    {"local.sched.enable", "schedule.enable"},
    {"local.ugldaphost", "base.ugldaphost"},
    {"local.ldapconnecttimeout", "base.ldapconnecttimeout"},
    {"local.hostname", "base.hostname"},
    {"local.imta.enable", "mta.enable"},
    {"store.quotafolder.enable", "store.folderquota.enable"},
    {"local.imap.userlist", "imap.enableuserlist"},
};

static bool from_any(const struct md_mta_config *config, struct md_str name, struct md_mta_setting *ret)
{
    return from_values(config->files.msconfig, config->files.n_msconfig, name, ret) ||
           from_values(config->files.values, config->files.n_values, name, ret);
}

bool md_mta_config_value(const struct md_mta_config *config, const char *name, struct md_mta_setting *ret)
{
    struct md_str old_name = md_str(name);
    char buffer[256];

    if (from_any(config, old_name, ret))
        return true;
    for (size_t i = 0; i < sizeof value_names / sizeof *value_names; i++)
        if (md_str_is(old_name, value_names[i].old_name) && from_any(config, md_str(value_names[i].new_name), ret))
            return true;
    if (md_str_has_prefix(old_name, MD_LIT("local.")))
        return from_any(config, md_str_from(old_name, 6), ret);
    old_name = joined(buffer, sizeof buffer, MD_LIT("local."), old_name, MD_LIT(""));
    return old_name.n > 0 && from_any(config, old_name, ret);
}

bool md_mta_config_each_value(const struct md_mta_config *config,
                              bool (*each)(void *ctx, const struct md_named_value *value), void *ctx)
{
    const struct {
        const struct md_values *const *lists;
        size_t n;
    } kinds[] = {{config->files.values, config->files.n_values}, {config->files.msconfig, config->files.n_msconfig}};

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t v = 0; v < kinds[k].n; v++)
            for (size_t i = 0; i < kinds[k].lists[v]->n; i++)
                if (!each(ctx, &kinds[k].lists[v]->items[i]))
                    return false;
    return true;
}

bool md_mta_names_partition(struct md_str name)
{
    return (md_str_has_prefix_nocase(name, MD_LIT("store.partition.")) ||
            md_str_has_prefix_nocase(name, MD_LIT("partition:"))) &&
           md_str_has_suffix_nocase(name, MD_LIT(".path"));
}

bool md_mta_config_has_values(const struct md_mta_config *config)
{
    for (size_t i = 0; i < config->files.n_values; i++)
        if (config->files.values[i]->n > 0)
            return true;
    return config->files.n_msconfig > 0;
}

bool md_mta_config_path(const struct md_mta_config *config, const char *name, struct md_mta_setting *ret)
{
    if (config->files.tailor == NULL || !from_option(md_option_file_find(config->files.tailor, NULL, name), ret))
        return false;
    while (ret->value.n > 1 && ret->value.p[ret->value.n - 1] == '/')
        ret->value.n--;
    return ret->value.n > 0;
}

const struct md_imta_rule *md_mta_config_rule_for(const struct md_mta_config *config, struct md_str domain,
                                                  bool with_default)
{
    return config->rewrite != NULL ? md_imta_cnf_rule_for(config->rewrite, domain, with_default) : NULL;
}

/* "8:00" or "08:00" -> minutes; false where it is no time. */
static bool take_minute(struct md_str *rest, int *ret)
{
    struct md_str s = *rest;
    uint64_t hour, minute;

    if (md_num_u64(&s, 24, &hour) < 0 || !md_str_skip_prefix(&s, MD_LIT(":")) || md_num_u64(&s, 59, &minute) < 0)
        return false;
    *rest = s;
    *ret = (int)(hour * 60 + minute);
    return true;
}

bool md_mta_window_is_open(struct md_str window, int minute)
{
    bool has_times = false;

    while (window.n > 0) {
        int from, to;

        if (!take_minute(&window, &from)) {
            window = md_str_from(window, 1);
            continue;
        }
        window = md_str_trim(window);
        if (!md_str_skip_prefix(&window, MD_LIT("-")))
            continue;
        window = md_str_trim(window);
        if (!take_minute(&window, &to))
            continue;
        has_times = true;
        if (from <= to ? minute >= from && minute < to : minute >= from || minute < to)
            return true;
    }
    return !has_times;
}
