/*
 * probes/bundle/folded: logs whose long lines a mailer or terminal broke into lines of some seventy columns, joined again.
 *
 * A line is the rest of the entry before it where nothing of its own begins with it, no line of an entry is longer than
 * a mailer makes them, and its first word would not have stood on the line before any more. Only where this holds for
 * every broken entry of a text is anything joined: a log may have lines that are no entries.
 *
 * Pure. What is joined is followed by empty lines, so that all lines keep their numbers.
 */
#ifndef PROBES_BUNDLE_FOLDED_H
#define PROBES_BUNDLE_FOLDED_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

enum md_folded {
    MD_FOLDED_NOT,
    MD_FOLDED_DOUBTFUL, /* there are broken entries, but which lines belong to which is not certain */
    MD_FOLDED_JOINED,
};

/* *ret_width: the columns at which it was folded. *ret only where it is joined. */
enum md_folded md_folded_join(struct md_arena *arena, struct md_str text, struct md_str *ret, size_t *ret_width);

#endif
