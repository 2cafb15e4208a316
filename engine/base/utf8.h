/*
 * engine/base/utf8: characters in bytes (RFC 3629).
 */
#ifndef ENGINE_BASE_UTF8_H
#define ENGINE_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"

/* Length of the valid character at the front of a slice that is not empty, 0 where there is none: no overlong forms, no surrogates,
 * nothing beyond U+10FFFF. */
size_t md_utf8_character(struct md_str s, uint32_t *ret);
/* Writes the character, at most 4 bytes; returns how many. */
size_t md_utf8_put(char *to, uint32_t character);

#endif
