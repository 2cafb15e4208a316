/* Transaction logs and regions of Berkeley DB: both readers see all inputs. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/calendar/bdb_log.h"
#include "probes/formats/calendar/bdb_region.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_bdb_log_reader *reader = md_bdb_log_new(), *other = md_bdb_log_new();
    const struct md_bdb_log *log, *same;
    struct md_bdb_region region;
    uint32_t number;

    md_bdb_log_feed(reader, data, size);
    log = md_bdb_log_end(reader);
    for (size_t i = 0; i < size; i++)
        md_bdb_log_feed(other, data + i, 1);
    same = md_bdb_log_end(other);
    if (log->bytes != size || log->end > size || (log->records > 0 && !log->has_header))
        abort();
    if (log->end != same->end || log->records != same->records || log->bad != same->bad || log->last != same->last ||
        log->is_broken_off != same->is_broken_off || log->checkpoint_at != same->checkpoint_at)
        abort();
    (void)md_bdb_library_of_log(log->version);
    (void)md_bdb_region_read(data, size, &region);
    (void)md_bdb_log_number(md_str_n((const char *)data, size), &number);
    md_bdb_log_free(&reader);
    md_bdb_log_free(&other);
    return 0;
}
