/*
 * probes/bundle/instants: the newest time stamps of logs and outputs, to find out when a pile of files was made and
 * where.
 *
 * An instant is absolute where its text has a zone (server logs, RFC 822 dates, `date`), else it is local and counted
 * as if UTC. Only the first and last kilobytes of a file are looked at; garbage is passed over. Pure.
 */
#ifndef PROBES_BUNDLE_INSTANTS_H
#define PROBES_BUNDLE_INSTANTS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "engine/base/time.h"
#include "probes/source/source.h"

struct md_instant {
    int64_t at; /* MD_TIME_NONE: none found */
    bool is_local;
    bool has_offset;
    int32_t offset_s;   /* east of UTC */
    struct md_str host; /* of a server log, borrowed */
};

/* The last stamp of the lines of `text` that are of this kind of item; `is_first`: the first one. */
void md_instant_find(enum md_item_kind kind, struct md_str text, bool is_first, struct md_instant *ret);
/* One line that `date` printed, in any of its usual forms, and nothing else. */
bool md_instant_of_date(struct md_str line, struct md_instant *ret);

#endif
