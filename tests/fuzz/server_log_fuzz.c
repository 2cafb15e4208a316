/*
 * Fuzz target of the lines of server logs, of the watcher's log, and of what stamps and texts in them say.
 */
#include <stddef.h>
#include <stdint.h>

#include "probes/formats/common/clock.h"
#include "probes/formats/msgserver/log_sign.h"
#include "probes/formats/msgserver/nslog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_str text = md_str_n((const char *)data, size);
    struct md_str line;

    while (md_str_next_line(&text, &line)) {
        struct md_nslog_line event;
        struct md_watcher_line watcher;
        struct md_str rest = line;
        struct md_civil civil;
        int64_t at;

        (void)md_log_signs(line);
        md_watcher_parse(line, &watcher);
        if (md_clock_read_rfc822(&rest, &at) != MD_OK && md_clock_read_ctime(&rest, &civil, NULL) != MD_OK)
            rest = line;
        if (md_nslog_parse(line, &event) != MD_OK)
            continue;
        (void)md_nslog_life(event.text);
        (void)md_nslog_user(event.text);
        (void)md_nslog_partition(event.text);
    }
    return 0;
}
