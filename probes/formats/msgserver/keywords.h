/*
 * probes/formats/msgserver/keywords: what channel keywords there are (rules/msgserver/keywords.yaml, read once).
 *
 * The number of arguments is what makes an unknown keyword recognisable, so the table is handed to the parser of
 * imta.cnf. Ownership  all of it lives in the arena and borrows from the YAML text. Errors     a malformed table:
 * MD_BAD_INPUT, with the place in `diags`.
 */
#ifndef PROBES_FORMATS_MSGSERVER_KEYWORDS_H
#define PROBES_FORMATS_MSGSERVER_KEYWORDS_H

#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

enum md_keyword_args {
#define MD_KEYWORD_ARGS(id, name) MD_ARGS_##id,
#include "probes/formats/msgserver/keyword_args.def"
#undef MD_KEYWORD_ARGS
    MD_ARGS_COUNT
};

struct md_keyword {
    struct md_str name; /* lower case */
    enum md_keyword_args args;
    unsigned args_min, args_max;
    size_t group;               /* 0: none; else a number that all members share */
    const struct md_node *node; /* its map in the table (default, range, since ...), or NULL */
};

struct md_keywords;

MD_MUST_CHECK enum md_status md_keywords_read(struct md_arena *arena, const char *name, struct md_str yaml,
                                              struct md_diags *diags, const struct md_keywords **ret);
/* Any letter case, at most the first 32 bytes count. NULL: no such keyword. */
const struct md_keyword *md_keywords_find(const struct md_keywords *keywords, struct md_str name);
size_t md_keywords_count(const struct md_keywords *keywords);
const struct md_keyword *md_keywords_at(const struct md_keywords *keywords, size_t i);
/* Whether setting `later` makes an earlier `earlier` void: the same keyword, a member of its group, or one that it
 * resets. */
bool md_keyword_replaces(const struct md_keyword *later, const struct md_keyword *earlier);
/* The default in a version (major, minor; 0, 0: the newest); empty where none is known. */
struct md_str md_keyword_default(const struct md_keyword *keyword, int major, int minor);

#endif
