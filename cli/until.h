/*
 * cli/until: the day until which a site accepts something ("until" of accepted diagnoses and of suppressions).
 */
#ifndef CLI_UNTIL_H
#define CLI_UNTIL_H

#include <stdint.h>

#include "engine/base/status.h"
#include "engine/base/str.h"

/* "2026-12-31" or RFC 3339; a day is over at its end in UTC. MD_BAD_INPUT: it is neither. */
MD_MUST_CHECK enum md_status md_until_parse(struct md_str until, int64_t *ret);

#endif
