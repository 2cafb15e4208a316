/*
 * cli/check_texts: the lines of the files that a check read, by name and number.
 *
 * Texts are borrowed. The index of a text (4 bytes a line) is made when its first line is asked for. A file may come in parts
 * (several outputs pasted into one file), each with the number of its first line.
 */
#ifndef CLI_CHECK_TEXTS_H
#define CLI_CHECK_TEXTS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct md_check_texts;

struct md_check_texts *md_check_texts_new(struct md_arena *arena);
/* `first_line`: from 1. The name is borrowed. */
void md_check_texts_add(struct md_check_texts *texts, const char *name, uint32_t first_line, struct md_str text);
/* A md_check_line_fn with the texts as context: the line without LF or CR LF. */
bool md_check_texts_line(void *texts, const char *name, uint32_t line, struct md_str *ret);
/* The first line of the file from `from` on that holds `what`; 0: none. */
uint32_t md_check_texts_find(struct md_check_texts *texts, const char *name, uint32_t from, struct md_str what);

#endif
