#include "probes/formats/msgserver/mail_log.h"
#include "probes/formats/msgserver/mail_log_priv.h"

static const char *const names[] = {
#define MD_MAIL_LOG_OPTION(id, name) name,
#include "probes/formats/msgserver/mail_log.def"
#undef MD_MAIL_LOG_OPTION
};

void md_mail_log_options_init(struct md_mail_log_options *options)
{
    for (size_t i = 0; i < MD_MAIL_LOG_OPTIONS; i++)
        options->value[i] = MD_MAIL_LOG_NOT_KNOWN;
}

enum md_mail_log_option md_mail_log_option_by_name(struct md_str name)
{
    for (size_t i = 0; i < MD_MAIL_LOG_OPTIONS; i++)
        if (md_str_is_nocase(name, names[i]))
            return (enum md_mail_log_option)i;
    return MD_MAIL_LOG_OPTIONS;
}

/* A bit of an option: 1, 0, or -1 where the option is not known. */
static int8_t bit(const struct md_mail_log_options *options, enum md_mail_log_option option, int32_t mask,
                  int32_t unset)
{
    int32_t value = options->value[option];

    if (value == MD_MAIL_LOG_NOT_KNOWN)
        value = unset;
    if (value == MD_MAIL_LOG_NOT_KNOWN)
        return -1;
    return (value & mask) != 0;
}

struct md_mail_log_layout md_mail_log_layout(const struct md_mail_log_options *options, bool rest_is_default)
{
    const int32_t off = rest_is_default ? 0 : MD_MAIL_LOG_NOT_KNOWN;
    const int32_t on = rest_is_default ? 1 : MD_MAIL_LOG_NOT_KNOWN;
    const int32_t any = ~INT32_C(0);
    const int8_t initial = bit(options, MD_MAIL_LOG_OPTION_INTERMEDIATE, 2, off);
    const int8_t intermediate = bit(options, MD_MAIL_LOG_OPTION_INTERMEDIATE, 1, off);

    return (struct md_mail_log_layout){
        .node = bit(options, MD_MAIL_LOG_OPTION_NODE, any, off),
        .process = bit(options, MD_MAIL_LOG_OPTION_PROCESS, any, off),
        .notary = bit(options, MD_MAIL_LOG_OPTION_NOTARY, any, off),
        .file = bit(options, MD_MAIL_LOG_OPTION_FILENAME, any, off),
        .envelope_id = bit(options, MD_MAIL_LOG_OPTION_ENVELOPE_ID, any, off),
        .message_id = bit(options, MD_MAIL_LOG_OPTION_MESSAGE_ID, any, off),
        .username = bit(options, MD_MAIL_LOG_OPTION_USERNAME, any, off),
        .system = bit(options, MD_MAIL_LOG_OPTION_CONNECTION, 1, off),
        .sensitivity = bit(options, MD_MAIL_LOG_OPTION_SENSITIVITY, any, off),
        .priority = bit(options, MD_MAIL_LOG_OPTION_PRIORITY, any, off),
        .intermediates = (int8_t)((initial == 1) + (intermediate == 1)),
        .filter = bit(options, MD_MAIL_LOG_OPTION_FILTER, any, off),
        .reason = bit(options, MD_MAIL_LOG_OPTION_REASON, any, off),
        .diagnostic = bit(options, MD_MAIL_LOG_OPTION_DIAGNOSTICS, any, on),
        .remote_mta = bit(options, MD_MAIL_LOG_OPTION_REMOTE_MTA, any, off),
        .transport = bit(options, MD_MAIL_LOG_OPTION_CONNECTION, 32, off),
        .application = bit(options, MD_MAIL_LOG_OPTION_CONNECTION, 64, off),
        .queue_time = bit(options, MD_MAIL_LOG_OPTION_QUEUE_TIME, any, off),
        .is_known = rest_is_default || options->value[MD_MAIL_LOG_OPTION_FILENAME] != MD_MAIL_LOG_NOT_KNOWN,
    };
}
