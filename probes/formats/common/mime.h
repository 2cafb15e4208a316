/*
 * probes/formats/common/mime: the parts of a mail message as files: its texts and its attachments, decoded.
 *
 * Of texts in several forms (multipart/alternative) the plain one counts; an HTML page becomes text; messages that are
 * attached are gone into as well. format=flowed lines are joined again.
 *
 * Ownership  parts in `arena`; their bytes are in it or borrowed from the input
 * Errors     none; what cannot be understood is left out
 * Limits     MD_MIME_PARTS_MAX parts (then ret_is_cut), MD_MIME_DEPTH_MAX levels
 */
#ifndef PROBES_FORMATS_COMMON_MIME_H
#define PROBES_FORMATS_COMMON_MIME_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_MIME_PARTS_MAX 200
#define MD_MIME_DEPTH_MAX 6

struct md_mime_part {
    struct md_str name; /* base name, unique among the parts, without control characters */
    struct md_str bytes;
};

/* Whether a file begins with the header of a mail message (one "From " line of a mailbox file before it is no matter). */
bool md_mime_is_message(struct md_str head);
size_t md_mime_parts(struct md_arena *arena, struct md_str message, const struct md_mime_part **ret, bool *ret_is_cut);

#endif
