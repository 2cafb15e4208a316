/*
 * probes/item_text: what an item holds, whole or line by line, for the probes.
 *
 * What cannot be read or is cut off is said in the diagnostics of the run with the name of the item, once.
 */
#ifndef PROBES_ITEM_TEXT_H
#define PROBES_ITEM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "probes/probe.h"

#define MD_LINE_MAX 65536

/* At most `max` bytes of an item in the arena of the run. False: it cannot be read. */
MD_MUST_CHECK bool md_item_text(struct md_probe_ctx *ctx, const struct md_item *item, size_t max, struct md_str *ret);

/* Place and origin of a line of an item, counted from 1 in what the item holds (0: the whole): an item may be a part of its file. */
struct md_loc md_item_loc(const struct md_item *item, uint32_t line);
struct md_origin md_item_origin(const struct md_item *item, uint32_t line);

/* Says that an item cannot be read; of a live host, what this user may not read was said once, by the source. */
void md_item_say_unread(struct md_probe_ctx *ctx, const struct md_item *item, const char *what, enum md_status status);

/* Lines of an item in constant memory. A line longer than MD_LINE_MAX is cut and its rest passed over. */
struct md_lines;

/* NULL: it cannot be read. */
struct md_lines *md_lines_open(struct md_probe_ctx *ctx, const struct md_item *item);
/* False at the end, when reading failed (said) and after an interrupt. The line lives until the next call. */
bool md_lines_next(struct md_lines *lines, struct md_str *ret_line, uint32_t *ret_number);
void md_lines_close(struct md_lines **lines);

/* When a line of the system's log was written: "Nov 24 03:01:02 host ..." in the zone of the run; the year is that of now, or the one before.
 * MD_TIME_NONE where there is no such beginning, or "now" is not known. */
int64_t md_syslog_time(const struct md_probe_ctx *ctx, struct md_str line);

#endif
