/*
 * engine/base/num: numbers from text, bounded.
 *
 * Each function reads a number at the front of *rest, at most `max`, advances *rest and returns MD_OK; MD_BAD_INPUT
 * (nothing consumed) where there is none, MD_LIMIT where it is larger. Never skips blanks, never accepts a sign unless
 * said.
 */
#ifndef ENGINE_BASE_NUM_H
#define ENGINE_BASE_NUM_H

#include <stdint.h>

#include "engine/base/status.h"
#include "engine/base/str.h"

MD_MUST_CHECK enum md_status md_num_u64(struct md_str *rest, uint64_t max, uint64_t *ret);
MD_MUST_CHECK enum md_status md_num_i64(struct md_str *rest, int64_t min, int64_t max,
                                        int64_t *ret); /* optional sign */
MD_MUST_CHECK enum md_status md_num_hex(struct md_str *rest, uint64_t max, uint64_t *ret);
/* Decimal with optional sign, fraction and exponent; always with a dot, whatever the locale. */
MD_MUST_CHECK enum md_status md_num_double(struct md_str *rest, double *ret);

/* The whole slice must be the number. */
MD_MUST_CHECK enum md_status md_num_all_u64(struct md_str s, uint64_t max, uint64_t *ret);
MD_MUST_CHECK enum md_status md_num_all_i64(struct md_str s, int64_t min, int64_t max, int64_t *ret);
MD_MUST_CHECK enum md_status md_num_all_double(struct md_str s, double *ret);

#endif
