/*
 * cli/check_suppress_priv: the comments of suppression ("! mtadoctor: ignore ID because ..."). Only for cli/check_suppress*.c.
 */
#ifndef CLI_CHECK_SUPPRESS_PRIV_H
#define CLI_CHECK_SUPPRESS_PRIV_H

#include "cli/check_suppress.h"
#include "engine/base/map.h"

#define MD_CHECK_MARK_IDS_MAX 8
#define MD_CHECK_MARKS_MAX 10000

enum md_suppress_rule {
#define MD_SUPPRESS_RULE(name, id, title, why, fix) MD_SUPPRESS_##name,
#include "cli/check_suppress_rules.def"
#undef MD_SUPPRESS_RULE
};

struct md_check_mark {
    struct md_loc loc;
    struct md_str ids[MD_CHECK_MARK_IDS_MAX];
    bool is_used[MD_CHECK_MARK_IDS_MAX];
    size_t n_ids;
    const char *because; /* displayable; NULL: there is none */
    const char *wrong;   /* NULL, or what is wrong with it */
};

struct md_check_marks {
    struct md_check_mark *list; /* by file and line */
    size_t n, capacity;
    struct md_map *places; /* line and file -> mark; NULL: there are none */
};

/* The marks of a line: a comment that is one. False: it is none. */
bool md_check_mark_parse(struct md_arena *arena, struct md_str line, struct md_check_mark *ret);
/* All marks of the files that were read. */
void md_check_marks_read(const struct md_check_suppress *in, struct md_check_marks *ret);
/* The mark that silences a finding; it is used from then on. NULL: none. */
const struct md_check_mark *md_check_marks_for(const struct md_check_suppress *in, struct md_check_marks *marks,
                                               const struct md_check_found *found);

#endif
