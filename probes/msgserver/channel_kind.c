#include "probes/msgserver/channel_kind.h"

#include "probes/msgserver/mta_config.h"

/* The whole name, or the name with an addition of the site ("process_lists", "ims-ms2"). */
static const struct {
    const char *name, *kind;
    bool is_start;
} kinds[] = {
    {"ims-ms", "store", true},       {"sims-ms", "store", true},
    {"tcp_lmtp", "lmtp", true},      {"tcp_", "smtp", true},
    {"hold", "hold", false},         {"process", "process", true},
    {"reprocess", "process", true},  {"conversion", "process", true},
    {"defragment", "process", true}, {"filter_discard", "process", true},
    {"bitbucket", "process", false}, {"autoreply", "process", false},
    {"l", "local", false},           {"native", "local", false},
    {"pipe", "local", true},
};

const char *md_channel_kind(const struct md_mta_config *config, struct md_str channel)
{
    const struct md_mta_channel *configured = config != NULL ? md_mta_config_channel(config, channel) : NULL;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].is_start ? md_str_has_prefix(channel, md_str(kinds[i].name)) : md_str_is(channel, kinds[i].name))
            return kinds[i].kind;
    if (configured != NULL && configured->is_lmtp)
        return "lmtp";
    return configured != NULL && configured->is_smtp ? "smtp" : "other";
}
