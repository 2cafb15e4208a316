/*
 * cli/check_diff: which lines of which files a unified diff without context (`git diff --unified=0`) adds or changes. Pure.
 *
 * Names are those of the new side below a folder, without the prefix "b/" and the folder; quoted ones ("b/\303\244.cnf") are unquoted. What
 * is not below the folder is passed over. A file that was deleted is known under its old name and has no lines; one that was only renamed
 * is not known. What is no diff is passed over; nothing is ever read behind the text.
 * Limits: files and hunks are bounded by the text; line numbers of over 9 digits make a hunk void.
 */
#ifndef CLI_CHECK_DIFF_H
#define CLI_CHECK_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct md_check_diff;

/* `folder`: "config/", or empty. */
struct md_check_diff *md_check_diff_parse(struct md_arena *arena, struct md_str text, struct md_str folder);
/* Every line of it counts: a file that git does not know yet. The name is borrowed. */
void md_check_diff_add_whole(struct md_check_diff *diff, struct md_str file);
/* Whether a line was added or changed; line 0: whether anything of the file was. */
bool md_check_diff_has(const struct md_check_diff *diff, struct md_str file, uint32_t line);
size_t md_check_diff_count(const struct md_check_diff *diff); /* of files */

#endif
