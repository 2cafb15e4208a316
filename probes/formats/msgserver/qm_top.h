/*
 * probes/formats/msgserver/qm_top: what `imsimta qm top` and `imsimta qtop` print: how often a text occurs in queued messages.
 *
 * The manuals say "a count followed by the string" and publish no columns, so only lines of just that form count: a number
 * and one word, which may stand in quotes or angle brackets. The field is told by the command (-domain_to, -to, -from).
 */
#ifndef PROBES_FORMATS_MSGSERVER_QM_TOP_H
#define PROBES_FORMATS_MSGSERVER_QM_TOP_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_QM_TOP_MAX 10000 /* rows; further ones are left out */

enum md_qm_top_field { MD_QM_TOP_NONE, MD_QM_TOP_DOMAIN_TO, MD_QM_TOP_TO, MD_QM_TOP_FROM };

struct md_qm_top_row {
    uint32_t line;
    uint64_t count;
    struct md_str text;
};

/* The one field that a command counts, and its channel (empty: all). MD_QM_TOP_NONE: it counts subjects, or several fields. */
enum md_qm_top_field md_qm_top_command(struct md_str command, struct md_str *ret_channel);
size_t md_qm_top_parse(struct md_arena *arena, struct md_str text, const struct md_qm_top_row **ret);

#endif
