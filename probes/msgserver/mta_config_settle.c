/*
 * What the effective keywords of a channel amount to, with the product's defaults.
 */
#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/msgserver/mta_config_priv.h"

static const char *const notices_names[] = {"urgentnotices", "normalnotices", "nonurgentnotices"};
static const char *const backoff_names[] = {"urgentbackoff", "normalbackoff", "nonurgentbackoff"};

static bool notices_of(const struct md_mta_config *config, const struct md_imta_keyword *keyword,
                       struct md_mta_steps *ret)
{
    struct md_mta_steps steps = {.loc = keyword->loc};

    for (size_t i = 0; i < keyword->n_args && steps.n < MD_MTA_STEPS_MAX; i++) {
        uint64_t age;

        if (md_num_all_u64(keyword->args[i].text, 100000, &age) == MD_OK)
            steps.seconds[steps.n++] = (double)age * (config->hours ? 3600.0 : 86400.0);
    }
    if (steps.n > 0)
        *ret = steps;
    return steps.n > 0;
}

static bool backoff_of(struct md_str text, struct md_mta_steps *steps)
{
    struct md_str word;

    while ((word = md_str_next_word(&text)).n > 0 && steps->n < MD_MTA_STEPS_MAX) {
        double seconds;

        if (md_duration_parse(word, &seconds) == MD_OK && seconds >= 0)
            steps->seconds[steps->n++] = seconds;
    }
    return steps->n > 0;
}

static void settle_notices(const struct md_mta_config *config, struct md_mta_channel *channel)
{
    const struct md_imta_keyword *general = md_mta_channel_keyword(channel, "notices");

    for (size_t p = 0; p < MD_MTA_PRIORITIES; p++) {
        const struct md_imta_keyword *own = md_mta_channel_keyword(channel, notices_names[p]);

        if ((own != NULL && notices_of(config, own, &channel->notices[p])) ||
            (general != NULL && notices_of(config, general, &channel->notices[p])))
            continue;
        channel->notices[p].is_default = true;
    }
}

/* The ages of channel "l" are the default of the others; 3 6 9 12 where it sets none. */
static void default_notices(const struct md_mta_config *config, const struct md_mta_channel *local,
                            struct md_mta_channel *channel)
{
    static const double days[] = {3, 6, 9, 12};

    for (size_t p = 0; p < MD_MTA_PRIORITIES; p++) {
        struct md_mta_steps *steps = &channel->notices[p];

        if (!steps->is_default)
            continue;
        if (local != NULL && local != channel && local->notices[p].n > 0) {
            *steps = local->notices[p];
            steps->is_default = true;
            continue;
        }
        for (steps->n = 0; steps->n < sizeof days / sizeof *days; steps->n++)
            steps->seconds[steps->n] = days[steps->n] * (config->hours ? 3600.0 : 86400.0);
    }
}

static void settle_backoff(const struct md_mta_config *config, struct md_mta_channel *channel)
{
    const struct md_imta_keyword *general = md_mta_channel_keyword(channel, "backoff");

    for (size_t p = 0; p < MD_MTA_PRIORITIES; p++) {
        const struct md_imta_keyword *own = md_mta_channel_keyword(channel, backoff_names[p]);
        const struct md_imta_keyword *keyword = own != NULL ? own : general;
        const struct md_keyword *def = md_keywords_find(config->files.keywords, md_str(backoff_names[p]));
        struct md_mta_steps *steps = &channel->backoff[p];

        if (keyword != NULL) {
            for (size_t i = 0; i < keyword->n_args; i++)
                backoff_of(keyword->args[i].text, steps);
            steps->loc = keyword->loc;
        }
        if (steps->n == 0) {
            *steps = (struct md_mta_steps){.is_default = true};
            if (def != NULL)
                backoff_of(md_keyword_default(def, config->files.version_major, config->files.version_minor), steps);
        }
    }
}

static struct md_mta_count keyword_count(const struct md_mta_config *config, const struct md_mta_channel *channel,
                                         const char *name)
{
    const struct md_imta_keyword *keyword = md_mta_channel_keyword(channel, name);
    const struct md_keyword *def = md_keywords_find(config->files.keywords, md_str(name));
    struct md_mta_count count = {0};

    if (keyword != NULL && keyword->n_args > 0)
        count = md_mta_count_of(keyword->args[0].text, keyword->loc);
    if (!count.is_known && def != NULL) {
        struct md_str text = md_keyword_default(def, config->files.version_major, config->files.version_minor);

        count = md_mta_count_of(text, (struct md_loc){0});
        count.is_default = count.is_known;
    }
    return count;
}

static bool has_any(const struct md_mta_channel *channel, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (md_mta_channel_keyword(channel, names[i]) != NULL)
            return true;
    return false;
}

static struct md_mta_count threads_of(const struct md_mta_config *config, const struct md_mta_channel *channel)
{
    bool is_store = md_str_has_prefix(channel->name, MD_LIT("ims-ms"));
    bool is_tcp = channel->is_smtp || channel->is_lmtp || md_str_has_prefix(channel->name, MD_LIT("tcp_"));
    struct md_mta_count count = {0};
    struct md_mta_setting setting;

    if (is_store || is_tcp) {
        const char *name = is_store ? "DELIVER_THREADS" : "MAX_CLIENT_THREADS";

        if (md_mta_config_channel_option(config, channel->name, name, &setting))
            count = md_mta_count_of(setting.value, setting.loc);
    }
    if (!count.is_known)
        count = (struct md_mta_count){.value = is_store ? 15 : is_tcp ? 10 : 1, .is_known = true, .is_default = true};
    return count;
}

static void settle_pool(const struct md_mta_config *config, struct md_mta_channel *channel)
{
    const struct md_imta_keyword *keyword = md_mta_channel_keyword(channel, "pool");

    if (keyword == NULL)
        keyword = md_mta_channel_keyword(channel, "queue");
    if (keyword != NULL && keyword->n_args > 0) {
        channel->pool = keyword->args[0].text;
        channel->pool_loc = keyword->loc;
    } else if (config->is_unified) {
        channel->pool = MD_LIT("DEFAULT");
    } else if (config->n_pools > 0) {
        channel->pool = config->pools[0].name;
    }
}

static void settle_channel(const struct md_mta_config *config, struct md_mta_channel *channel)
{
    static const char *const smtp[] = {"smtp", "smtp_cr", "smtp_crlf", "smtp_crorlf", "smtp_lf"};
    static const char *const lmtp[] = {"lmtp", "lmtp_cr", "lmtp_crlf", "lmtp_crorlf", "lmtp_lf"};

    settle_notices(config, channel);
    settle_backoff(config, channel);
    settle_pool(config, channel);
    channel->is_smtp = has_any(channel, smtp, sizeof smtp / sizeof *smtp);
    channel->is_lmtp = has_any(channel, lmtp, sizeof lmtp / sizeof *lmtp);
    channel->logging = md_mta_channel_keyword(channel, "logging") != NULL;
    channel->loopcheck = md_mta_channel_keyword(channel, "loopcheck") != NULL;
    channel->runs_master = md_mta_channel_keyword(channel, "slave") == NULL;
    channel->maxjobs = keyword_count(config, channel, "maxjobs");
    channel->threaddepth = keyword_count(config, channel, "threaddepth");
    channel->subdirs = keyword_count(config, channel, "subdirs");
    channel->holdlimit = keyword_count(config, channel, "holdlimit");
    channel->threads = threads_of(config, channel);
}

/* A pool without a limit of its own has the product's. */
static void settle_pools(struct md_mta_config *config)
{
    for (size_t i = 0; i < config->n_pools; i++) {
        struct md_mta_pool *pool = &config->pools[i];

        if (!pool->job_limit.is_known)
            pool->job_limit =
                (struct md_mta_count){.value = config->is_unified && md_str_is_nocase(pool->name, "IMS_POOL") ? 2 : 10,
                                      .is_known = true,
                                      .is_default = true};
    }
}

void md_mta_config_settle_channels(struct md_mta_config *config)
{
    const struct md_mta_channel *local;

    settle_pools(config);
    for (size_t i = 0; i < config->n_channels; i++)
        settle_channel(config, &config->channels[i]);
    local = md_mta_config_channel(config, MD_LIT("l"));
    if (local != NULL)
        default_notices(config, NULL, (struct md_mta_channel *)&config->channels[local - config->channels]);
    for (size_t i = 0; i < config->n_channels; i++)
        default_notices(config, local, &config->channels[i]);
}
