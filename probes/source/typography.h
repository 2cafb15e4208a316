/*
 * probes/source/typography: blanks that do not break, long dashes, bent quotes and marks without width, which mailers and
 * word processors put into what is pasted, made plain again. In UTF-8; of Latin-1 only the blank.
 *
 * Pure; no errors.
 */
#ifndef PROBES_SOURCE_TYPOGRAPHY_H
#define PROBES_SOURCE_TYPOGRAPHY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/str.h"

bool md_typography_is(struct md_str line);
/* Of one line, in place; returns the new length. */
size_t md_typography_plain(char *line, size_t n);

#endif
