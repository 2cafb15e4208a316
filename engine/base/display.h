/*
 * engine/base/display: the only door from bytes of the input to text for a terminal, JSON or HTML.
 *
 * Display text is valid UTF-8 without control characters: invalid bytes, C0, DEL, C1 (U+0080..9F), bidirectional
 * controls (U+202A..E, U+2066..9) and the line separators U+2028/9 become \xHH, byte by byte; a backslash stays as it
 * is.
 */
#ifndef ENGINE_BASE_DISPLAY_H
#define ENGINE_BASE_DISPLAY_H

#include <stdbool.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

/* NUL-terminated, in the arena. */
char *md_display(struct md_arena *arena, struct md_str bytes);
/* As md_display, cut to at most `max` bytes of display text with "..." at the end where it was cut; never inside a
 * character. */
char *md_display_max(struct md_arena *arena, struct md_str bytes, size_t max);
/* Columns of display text on a terminal: characters, wide ones (East Asian) twice, combining ones none. */
size_t md_display_width(struct md_str text);

/* A value for a suggested command: quoted for a POSIX shell where needed. NULL where it is no plain value: only
 * letters, digits and ._@:/+=,%-*[] are let through, 1 to 255 bytes, not beginning with '-'. */
char *md_shell_word(struct md_arena *arena, struct md_str value);

#endif
