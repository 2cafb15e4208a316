/* Folders that the configuration names: they are the mail system's own, wherever they are. */
#include "probes/msgserver/config.h"

/* logfile.imap.logdir, imap.logdir; the others with or without "local." and "base." */
static bool names_own_folder(struct md_str name)
{
    static const char *const endings[] = {".logdir", "queuedir", "snapshotpath", "dbtmpdir"};

    if (md_mta_names_partition(name))
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (md_str_has_suffix_nocase(name, md_str(endings[i])))
            return true;
    return false;
}

static bool note(void *ctx, const struct md_named_value *value)
{
    if (names_own_folder(value->name))
        md_source_note_own_folder(ctx, value->value);
    return true;
}

void md_config_note_folders(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    static const char *const options[] = {"IMTA_QUEUE", "IMTA_LOG"};
    struct md_mta_setting setting;

    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (md_mta_config_path(config, options[i], &setting))
            md_source_note_own_folder(ctx->source, setting.value);
    (void)md_mta_config_each_value(config, note, ctx->source);
}
