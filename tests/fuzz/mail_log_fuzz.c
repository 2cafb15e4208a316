#include <stdint.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "probes/formats/msgserver/mail_log.h"

/* The first byte chooses the layout; the rest are lines. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_mail_log_options options;
    struct md_mail_log_layout layout;
    struct md_mail_log_parser parser;
    struct md_mail_log_record record;
    struct md_str rest, line;

    md_mail_log_options_init(&options);
    for (size_t i = 0; i < MD_MAIL_LOG_OPTIONS && size > 0; i++)
        options.value[i] = (data[0] >> (i % 8)) & 1 ? 255 : 0;
    layout = md_mail_log_layout(&options, size > 0 && data[0] != 0xff);
    md_mail_log_parser_init(&parser, size > 0 && data[0] != 0 ? &layout : NULL, arena);
    rest = md_str_n((const char *)data + (size > 0), size - (size > 0));
    while (md_str_next_line(&rest, &line))
        if (md_mail_log_parse(&parser, line, &record) == MD_OK) {
            (void)md_mail_log_remote_host(&record);
            (void)md_mail_log_domain(record.to);
            (void)md_mail_log_transport(record.transport, 3);
        }
    md_arena_free(&arena);
    return 0;
}
