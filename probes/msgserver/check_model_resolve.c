/*
 * What rewrite rules and keywords make of the channels: which are led to, which face the Internet.
 */
#include "probes/msgserver/check_model_priv.h"

static const struct md_mta_channel *of_index(const struct md_check_build *build, const void *state)
{
    const struct md_check_channel *channel = state;

    return channel != NULL ? &build->config->channels[channel - build->channels] : NULL;
}

static struct md_check_channel *state_of(const struct md_check_build *build, const struct md_mta_channel *channel)
{
    return channel != NULL ? &build->channels[channel - build->config->channels] : NULL;
}

const struct md_mta_channel *md_check_channel_named(const struct md_check_build *build, struct md_str name)
{
    return of_index(build, md_map_find(build->channel_names, 0, name));
}

const struct md_mta_channel *md_check_channel_of_tag(struct md_check_build *build, struct md_str tag)
{
    return of_index(build, md_map_find(build->channel_tags, 0, md_check_lower(build, tag)));
}

void md_check_reference(struct md_check_build *build, struct md_str channel)
{
    struct md_check_channel *state = md_map_find(build->channel_names, 0, md_check_lower(build, channel));

    if (state != NULL)
        state->is_referenced = true;
}

bool md_check_is_reserved(struct md_str channel)
{
    static const char *const names[] = {"l",          "native",         "hold",      "process", "reprocess",
                                        "defragment", "filter_discard", "bitbucket", "ims-ms",  "smime"};
    static const char *const stems[] = {"ims-ms_", "pipe", "process_", "conversion", "bsmtp", "sms", "tcp_"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is(channel, names[i]))
            return true;
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++)
        if (md_str_has_prefix(channel, md_str(stems[i])))
            return true;
    return false;
}

static void add_name(struct md_map *map, struct md_str key, struct md_check_channel *state)
{
    if (key.n > 0 && md_map_find(map, 0, key) == NULL)
        md_map_set(map, 0, key, state);
}

static void name_channels(struct md_check_build *build)
{
    const struct md_mta_config *config = build->config;

    build->channels = md_arena_array(build->arena, config->n_channels + 1, sizeof *build->channels);
    build->channel_names = md_map_new(build->arena);
    build->channel_tags = md_map_new(build->arena);
    for (size_t i = 0; i < config->n_channels; i++) {
        const struct md_mta_channel *channel = &config->channels[i];

        add_name(build->channel_names, channel->name, &build->channels[i]);
        for (size_t k = 0; k < channel->n_hosts; k++) {
            add_name(build->channel_tags, md_check_lower(build, channel->hosts[k].name), &build->channels[i]);
            add_name(build->channel_tags, md_check_lower(build, channel->hosts[k].alias), &build->channels[i]);
        }
    }
}

/* ".com": one component that is no name of a private network. */
static bool is_foreign_top_level(struct md_str pattern)
{
    static const char *const own[] = {".local",   ".localdomain", ".internal", ".intranet", ".corp",
                                      ".lan",     ".home",        ".private",  ".test",     ".invalid",
                                      ".example", ".localhost",   ".lmtp"};
    bool is_encoded = md_str_has_prefix_nocase(pattern, MD_LIT(".xn--"));

    if (pattern.n < 3 || *pattern.p != '.')
        return false;
    for (size_t i = 1; i < pattern.n; i++)
        if (!md_is_alpha(pattern.p[i]) && !(is_encoded && (md_is_digit(pattern.p[i]) || pattern.p[i] == '-')))
            return false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (md_str_is_nocase(pattern, own[i]))
            return false;
    return true;
}

/* What speaks to hosts of any kind: no delivery into a store, by LMTP or by a program. */
static bool may_face_internet(const struct md_mta_channel *channel)
{
    return !channel->is_lmtp && (channel->is_smtp || md_str_has_prefix(channel->name, MD_LIT("tcp_")));
}

/* A full name of a domain that is not under that of channel l: "example.com" is own where l is "mail.example.com". */
static bool is_foreign_domain(const struct md_check_build *build, struct md_str pattern)
{
    const struct md_mta_channel *local = md_check_channel_named(build, MD_LIT("l"));
    struct md_str host = local != NULL && local->n_hosts > 0 ? local->hosts[0].name : (struct md_str){0}, own = host;
    ptrdiff_t dot;

    (void)md_str_skip_prefix(&pattern, MD_LIT("."));
    dot = md_str_find_char(host, '.');
    if (dot >= 0 && md_str_find_char(md_str_from(host, (size_t)dot + 1), '.') >= 0)
        own = md_str_from(host, (size_t)dot + 1);
    if (own.n == 0 || md_str_find_char(pattern, '.') < 0)
        return false;
    for (size_t i = 0; i < pattern.n; i++)
        if (!md_is_alpha(pattern.p[i]) && !md_is_digit(pattern.p[i]) && strchr(".-_", pattern.p[i]) == NULL)
            return false;
    if (pattern.n > own.n && pattern.p[pattern.n - own.n - 1] == '.')
        pattern = md_str_from(pattern, pattern.n - own.n);
    return !md_str_eq_nocase(pattern, own) && !md_str_eq_nocase(pattern, host) &&
           !md_is_digit(pattern.p[pattern.n - 1]);
}

static bool is_of_internet_rules(const struct md_imta_rule *rule)
{
    return rule->loc.file != NULL && md_str_has_suffix(md_str(rule->loc.file), MD_LIT("internet.rules"));
}

static void look_at_rule(struct md_check_build *build, const struct md_imta_rule *rule)
{
    struct md_check_channel *target =
        rule->tag.n > 0 && !rule->tag_is_computed ? state_of(build, md_check_channel_of_tag(build, rule->tag)) : NULL;

    for (size_t i = 0; i < rule->n_controls; i++)
        if (rule->controls[i].letter != '?')
            md_check_reference(build, rule->controls[i].arg);
    if (target == NULL)
        return;
    target->is_target = target->is_rewrite_target = target->is_referenced = true;
    if (may_face_internet(of_index(build, target)) &&
        (md_str_is(rule->pattern, ".") || is_foreign_top_level(rule->pattern) || is_of_internet_rules(rule)))
        target->is_internet_facing = true;
    else if (is_foreign_domain(build, rule->pattern))
        target->is_foreign_target = true;
}

static void look_at_keywords(struct md_check_build *build, const struct md_mta_channel *channel)
{
    for (size_t k = 0; k < channel->n_keywords; k++) {
        const struct md_imta_keyword *keyword = channel->keywords[k];

        if (keyword->def == NULL || keyword->def->args != MD_ARGS_CHANNEL)
            continue;
        for (size_t i = 0; i < keyword->n_args; i++) {
            struct md_check_channel *target =
                state_of(build, md_check_channel_named(build, md_check_lower(build, keyword->args[i].text)));

            if (target != NULL)
                target->is_target = target->is_referenced = true;
        }
    }
}

void md_check_resolve(struct md_check_build *build)
{
    const struct md_mta_config *config = build->config;
    struct md_check_channel *local;

    name_channels(build);
    for (size_t i = 0; i < config->n_channels; i++)
        look_at_keywords(build, &config->channels[i]);
    for (size_t i = 0; config->rewrite != NULL && i < config->rewrite->n_rules; i++)
        look_at_rule(build, &config->rewrite->rules[i]);
    local = state_of(build, md_check_channel_named(build, MD_LIT("tcp_local")));
    if (local != NULL)
        local->is_internet_facing = true;
}
