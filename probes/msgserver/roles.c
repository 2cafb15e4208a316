#include "probes/msgserver/roles.h"

static const char *const names[] = {
#define MD_ROLE(id, name, says) name,
#include "probes/msgserver/roles.def"
#undef MD_ROLE
};

const char *md_role_name(enum md_role role)
{
    return names[role];
}

static void add(struct md_roles *roles, enum md_role role, struct md_loc loc)
{
    if (!roles->has[role]) {
        roles->has[role] = true;
        roles->loc[role] = loc;
    }
}

/* Whether a switch is set, and how. */
static bool is_switched(const struct md_mta_config *config, const char *name, bool *ret_on, struct md_loc *ret_loc)
{
    struct md_mta_setting setting;

    if (!md_mta_config_value(config, name, &setting) || md_option_bool(setting.value, ret_on) < 0)
        return false;
    *ret_loc = setting.loc;
    return true;
}

/* Services of the dispatcher: the program that a section starts and the ports it listens on. */
static void read_services(const struct md_mta_config *config, struct md_roles *roles)
{
    const struct md_option_file *file = config->files.dispatcher;

    for (size_t i = 1; file != NULL && i < file->n_sections; i++) {
        const struct md_option_section *section = &file->sections[i];
        const struct md_option *image, *port, *tls_port;

        if (!md_str_is_nocase(section->type, "SERVICE"))
            continue;
        image = md_option_file_find(file, section, "IMAGE");
        port = md_option_file_find(file, section, "PORT");
        tls_port = md_option_file_find(file, section, "TLS_PORT");
        if (md_str_has_prefix_nocase(section->name, MD_LIT("LMTP")) ||
            (image != NULL && md_str_find_nocase(image->value, MD_LIT("lmtp_server")) >= 0))
            add(roles, MD_ROLE_LMTP_BACKEND, section->loc);
        else if ((port != NULL && md_str_find(port->value, MD_LIT("587")) >= 0) ||
                 (tls_port != NULL && md_str_find(tls_port->value, MD_LIT("465")) >= 0) ||
                 md_str_find_nocase(section->name, MD_LIT("submit")) >= 0)
            add(roles, MD_ROLE_SUBMISSION, section->loc);
    }
}

static void read_unified_services(const struct md_mta_config *config, struct md_roles *roles)
{
    for (size_t i = 0; i < config->files.n_msconfig; i++) {
        const struct md_values *values = config->files.msconfig[i];

        for (size_t k = 0; k < values->n; k++) {
            const struct md_named_value *value = &values->items[k];

            if (!md_str_has_prefix_nocase(value->name, MD_LIT("dispatcher.service:")))
                continue;
            if (md_str_has_prefix_nocase(md_str_from(value->name, 19), MD_LIT("LMTP")))
                add(roles, MD_ROLE_LMTP_BACKEND, value->loc);
            else if (md_str_find_nocase(value->name, MD_LIT("ports")) >= 0 &&
                     (md_str_find(value->value, MD_LIT("587")) >= 0 || md_str_find(value->value, MD_LIT("465")) >= 0))
                add(roles, MD_ROLE_SUBMISSION, value->loc);
        }
    }
}

static void read_channels(const struct md_mta_config *config, const struct md_role_signs *signs, struct md_roles *roles)
{
    const struct md_mta_channel *store = NULL, *lmtp_client = NULL;
    struct md_loc loc = {0};
    bool on = true;

    for (size_t i = 0; i < config->n_channels; i++) {
        const struct md_mta_channel *channel = &config->channels[i];
        bool is_tcp = md_str_has_prefix(channel->name, MD_LIT("tcp_"));

        if (md_str_has_prefix(channel->name, MD_LIT("ims-ms")) && store == NULL)
            store = channel;
        else if (md_str_has_prefix(channel->name, MD_LIT("tcp_lmtpc")) && channel->runs_master)
            lmtp_client = channel;
        else if (md_str_is(channel->name, "tcp_local") || (is_tcp && md_mta_channel_keyword(channel, "mx") != NULL))
            add(roles, MD_ROLE_RELAY, channel->loc);
        if (md_str_is(channel->name, "tcp_submit"))
            add(roles, MD_ROLE_SUBMISSION, channel->loc);
    }
    if (is_switched(config, "local.store.enable", &on, &loc)) {
        if (on)
            add(roles, MD_ROLE_STORE, loc);
    } else if (store != NULL && (lmtp_client == NULL || signs->store_runs)) {
        /* Where mail goes to a store by LMTP, the stock block of the store's channel says nothing. */
        add(roles, MD_ROLE_STORE, store->loc);
    } else if (signs->store_runs) {
        add(roles, MD_ROLE_STORE, (struct md_loc){0});
    }
}

void md_roles_find(const struct md_mta_config *config, const struct md_role_signs *signs, struct md_roles *ret)
{
    struct md_loc loc = {0};
    bool on = false;

    *ret = (struct md_roles){0};
    if (config->has_channels) {
        ret->is_known = true;
        read_channels(config, signs, ret);
        read_services(config, ret);
        read_unified_services(config, ret);
    }
    if (signs->lmtp_server_runs)
        add(ret, MD_ROLE_LMTP_BACKEND, (struct md_loc){0});
    if (ret->has[MD_ROLE_LMTP_BACKEND])
        add(ret, MD_ROLE_STORE, ret->loc[MD_ROLE_LMTP_BACKEND]);
    if (is_switched(config, "local.mmp.enable", &on, &loc) ? on : signs->proxy_runs)
        add(ret, MD_ROLE_PROXY, loc);
}
