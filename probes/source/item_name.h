/*
 * probes/source/item_name: what the name of a file says about it.
 *
 * Of files with fixed names (imta.cnf) the name decides; of logs it is a strong hint that the content may overrule,
 * because other programs use the same names (mail.log). Compression suffixes and numbers of rotation are seen through.
 * Pure; slices are borrowed from the argument.
 */
#ifndef PROBES_SOURCE_ITEM_NAME_H
#define PROBES_SOURCE_ITEM_NAME_H

#include <stdbool.h>

#include "engine/base/str.h"
#include "probes/source/source.h"

struct md_item_name {
    enum md_item_kind kind; /* MD_ITEM_OTHER: says nothing */
    bool is_sure;           /* the name alone decides */
    bool is_old_copy;       /* imta.cnf.bak, option.dat~: not what the server reads */
};

/* `path` may be a bare name. */
void md_item_name_read(struct md_str path, struct md_item_name *ret);
/* "mail.log_current.1.gz" -> "mail.log_current.1" */
struct md_str md_item_name_unpacked(struct md_str name);
/* The names that a folder of configuration (of logs) is looked through for, one pattern of the shell at a time. */
typedef void md_item_name_fn(void *ctx, const char *pattern);
void md_item_name_patterns(bool is_log, md_item_name_fn *fn, void *ctx);
/* Last component. */
struct md_str md_item_name_base(struct md_str path);

#endif
