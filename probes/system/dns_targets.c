#include "probes/system/dns_targets.h"

#include "probes/msgserver/instances.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/world.h"
#include "probes/source/dns_answers.h"
#include "probes/system/dns_book.h"

const char *const md_dns_public_names[] = {"iana.org", "ietf.org", "wikipedia.org", NULL};

static const struct md_fact *known(struct md_probe_ctx *ctx, const struct md_instance *at, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(ctx->facts, at, name);

    return fact != NULL && fact->is_known ? fact : NULL;
}

static uint64_t count_of(struct md_probe_ctx *ctx, const struct md_instance *at, const char *name)
{
    const struct md_fact *fact = known(ctx, at, name);

    return fact != NULL ? fact->value.u.count : 0;
}

bool md_dns_uses_names(struct md_probe_ctx *ctx, const struct md_instance *channel)
{
    const struct md_fact *kind = known(ctx, channel, "channel.kind");
    const struct md_mta_config *config = ctx->msgserver != NULL ? ctx->msgserver->config : NULL;
    const struct md_mta_channel *configured = config != NULL ? md_mta_config_channel(config, channel->name) : NULL;
    struct md_loc loc;

    if (kind != NULL && !md_str_is(kind->value.u.text, "smtp"))
        return false;
    return configured == NULL || md_mta_channel_smarthost(configured, &loc).n == 0;
}

static bool add_name(struct md_probe_ctx *ctx, struct md_str *list, size_t *n, size_t max, struct md_str name)
{
    if (*n == max || !md_dns_is_domain(name))
        return false;
    name = md_dns_name(ctx->arena, name);
    for (size_t i = 0; i < *n; i++) {
        if (md_str_eq(list[i], name))
            return false;
    }
    list[(*n)++] = name;
    return true;
}

/* The destinations by importance: queued messages plus failures. A short list kept sorted by insertion. */
struct ranked {
    const struct md_instance *at;
    uint64_t weight;
};

static void rank(struct ranked *list, size_t *n, size_t max, const struct md_instance *at, uint64_t weight)
{
    size_t to = *n < max ? *n : max;

    if (weight == 0 || (*n == max && list[max - 1].weight >= weight))
        return;
    if (*n < max)
        (*n)++;
    else
        to = max - 1;
    for (; to > 0 && list[to - 1].weight < weight; to--)
        list[to] = list[to - 1];
    list[to] = (struct ranked){at, weight};
}

static void find_destinations(struct md_probe_ctx *ctx, struct md_dns_targets *targets)
{
    struct ranked stuck[MD_DNS_STUCK_MAX], good[MD_DNS_CONTROLS_MAX];
    size_t n_stuck = 0, n_good = 0;
    struct md_instance *channel = NULL;

    while ((channel = md_instances_next(md_facts_root(ctx->facts), "channel", channel)) != NULL) {
        if (!md_dns_uses_names(ctx, channel))
            continue;
        for (struct md_instance *at = NULL; (at = md_instances_next(channel, "destination", at)) != NULL;) {
            uint64_t failed = count_of(ctx, at, "destination.deferred") + count_of(ctx, at, "destination.returned");
            uint64_t files = count_of(ctx, at, "destination.files");
            uint64_t delivered = count_of(ctx, at, "destination.delivered");

            if (!md_dns_is_domain(at->name))
                continue;
            if (delivered == 0)
                delivered = count_of(ctx, at, "destination.delivered_ever");
            rank(stuck, &n_stuck, MD_DNS_STUCK_MAX, at, files + failed);
            rank(good, &n_good, MD_DNS_CONTROLS_MAX, at, delivered);
        }
    }
    for (size_t i = 0; i < n_stuck; i++)
        add_name(ctx, targets->stuck, &targets->n_stuck, MD_DNS_STUCK_MAX, stuck[i].at->name);
    for (size_t i = 0; i < n_good; i++)
        add_name(ctx, targets->controls, &targets->n_controls, MD_DNS_CONTROLS_MAX, good[i].at->name);
}

static void find_own(struct md_probe_ctx *ctx, struct md_dns_targets *targets)
{
    const struct md_msgserver_world *world = ctx->msgserver;
    const struct md_mta_channel *local = NULL;
    const struct md_fact *domains = known(ctx, md_facts_root(ctx->facts), "host.own_domains");
    const char *host = md_source_host(ctx->source);

    if (host != NULL)
        add_name(ctx, targets->own_hosts, &targets->n_own_hosts, MD_DNS_OWN_MAX, md_str(host));
    if (world != NULL) {
        add_name(ctx, targets->own_hosts, &targets->n_own_hosts, MD_DNS_OWN_MAX, world->host);
        local = world->config != NULL ? md_mta_config_channel(world->config, MD_LIT("l")) : NULL;
        for (size_t i = 0; local != NULL && i < local->n_hosts; i++)
            add_name(ctx, targets->own_hosts, &targets->n_own_hosts, MD_DNS_OWN_MAX, local->hosts[i].name);
    }
    for (size_t i = 0; domains != NULL && i < domains->value.u.texts.n && targets->n_controls < MD_DNS_CONTROLS_MAX / 3;
         i++)
        add_name(ctx, targets->controls, &targets->n_controls, MD_DNS_CONTROLS_MAX, domains->value.u.texts.items[i]);
    if (targets->n_controls == 0 && targets->n_own_hosts > 0) {
        /* The domain of this host, without its first label. */
        ptrdiff_t dot = md_str_find_char(targets->own_hosts[0], '.');

        add_name(ctx, targets->controls, &targets->n_controls, MD_DNS_CONTROLS_MAX,
                 md_str_from(targets->own_hosts[0], (size_t)dot + 1));
    }
}

static void find_held(struct md_probe_ctx *ctx, struct md_dns_targets *targets)
{
    for (struct md_instance *at = NULL; (at = md_instances_next(md_facts_root(ctx->facts), "channel", at)) != NULL;) {
        const struct md_fact *top = known(ctx, at, "channel.held_domain_top");

        if (top != NULL)
            add_name(ctx, targets->held, &targets->n_held, MD_DNS_OWN_MAX, top->value.u.text);
    }
}

void md_dns_targets_find(struct md_probe_ctx *ctx, struct md_dns_targets *ret)
{
    *ret = (struct md_dns_targets){.n_stuck = 0};
    find_own(ctx, ret);
    find_destinations(ctx, ret);
    find_held(ctx, ret);
    if (!md_source_is_first_hand(ctx->source))
        return;
    for (const char *const *name = md_dns_public_names; *name != NULL; name++)
        add_name(ctx, ret->controls, &ret->n_controls, MD_DNS_CONTROLS_MAX, md_str(*name));
}

bool md_dns_targets_is_own(const struct md_dns_targets *targets, struct md_str name)
{
    if (name.n > 0 && name.p[name.n - 1] == '.')
        name.n--;
    for (size_t i = 0; i < targets->n_own_hosts; i++) {
        if (md_str_eq_nocase(targets->own_hosts[i], name))
            return true;
    }
    return false;
}
