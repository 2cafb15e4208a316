/*
 * probes/source/calendar_layout: where a Calendar Server of this host keeps its files (5.x to 6.3).
 *
 * The places are those that ics.conf names, which is looked for in the usual folders; a table of places alone would miss half of the sites.
 * `root` may be NULL (this host), a folder that stands for "/", the product's own folder (.../SUNWics5/cal) or the folder of ics.conf. All paths
 * are absolute on this host, with what stands for "/" in front, and live in the arena.
 */
#ifndef PROBES_SOURCE_CALENDAR_LAYOUT_H
#define PROBES_SOURCE_CALENDAR_LAYOUT_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct md_calendar_layout {
    const char *prefix;                      /* what stands for "/": "" on a real host */
    const char *conf;                        /* ics.conf; NULL: no Calendar Server found */
    const char *csdb, *logs, *hot, *archive; /* folders; NULL: not there, or not configured */
};

void md_calendar_layout_find(struct md_arena *arena, const char *root, struct md_calendar_layout *ret);
/* Where it looks without --root, as a text. */
const char *md_calendar_layout_places(struct md_arena *arena);

#endif
