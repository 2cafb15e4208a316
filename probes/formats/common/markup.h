/*
 * probes/formats/common/markup: the text in what browsers, mailers and word processors save instead of it: HTML and RTF.
 *
 * Pure, and no more than the lines of the text: no tables, no styles. Output in the arena (UTF-8 for HTML, bytes of the
 * code page for RTF), not longer than twice the input; there are no errors.
 */
#ifndef PROBES_FORMATS_COMMON_MARKUP_H
#define PROBES_FORMATS_COMMON_MARKUP_H

#include <stdbool.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

/* By the first bytes. A page by its first tags, not by any "<". */
bool md_markup_is_html(struct md_str head);
bool md_markup_is_rtf(struct md_str head);
struct md_str md_markup_html(struct md_arena *arena, struct md_str text);
struct md_str md_markup_rtf(struct md_arena *arena, struct md_str text);

#endif
