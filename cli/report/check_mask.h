/*
 * cli/report/check_mask: values of secrets in lines of configuration that a report shows.
 *
 * A line is secret where a name of it holds one of a few words (secret, bindcred, password, passwd, passphrase, credential, ...) in any
 * letter case, in any of the forms that the product's files have: NAME=value, name = "value", `set name value`, <option
 * name="...">value</option>; and every line of xpass.xml. Rather too much is hidden than too little.
 */
#ifndef CLI_REPORT_CHECK_MASK_H
#define CLI_REPORT_CHECK_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_CHECK_MASK "********"

/* Where the value of a secret begins in the line, SIZE_MAX: there is none. `file` may be NULL. */
size_t md_check_secret_at(const char *file, struct md_str line);
/* The line with MD_CHECK_MASK in place of everything from `at` on. */
struct md_str md_check_mask_line(struct md_arena *arena, struct md_str line, size_t at);
/* `text` with every occurrence of a secret value of at least 4 bytes replaced; the text itself where there is none. NULL stays NULL. */
const char *md_check_mask_text(struct md_arena *arena, const char *text, struct md_str value);

#endif
