/*
 * engine/check_cases_priv: case files and bases as read (check_cases_read), edits (check_cases_edit); for check_cases and check_lint.
 */
#ifndef ENGINE_CHECK_CASES_PRIV_H
#define ENGINE_CHECK_CASES_PRIV_H

#include "engine/check_cases.h"
#include "engine/check_priv.h"

/* One entry of a *.checks.yaml. */
struct check_case {
    const char *path; /* of the file, below the rule base */
    const struct md_node *node;
    struct md_str product, id, base;
    const struct md_node *fires, *silent; /* lists, or NULL */
};

struct check_base {
    struct md_str product, name;
    const struct md_node *node; /* NULL: it does not exist or is no YAML */
    struct md_loc loc;
    struct md_check_case_config config;
    bool was_tried, is_sound;
};

struct check_cases {
    struct check_case *cases;
    size_t n, capacity;
    struct check_base **bases; /* those that cases name */
    size_t n_bases, bases_capacity;
};

/* Reads all case files and the bases they name; what is malformed is an error in `diags`. */
void md_check_cases_read(const struct md_checks *checks, struct md_arena *arena, struct md_diags *diags,
                         struct check_cases *ret);
/* The base of a case, or NULL. */
struct check_base *md_check_cases_base(const struct check_cases *all, const struct check_case *c);
/* Reads a YAML file of the rule base; NULL: it is none. */
const struct md_node *md_check_yaml(const struct md_rule_file *file, struct md_arena *arena, struct md_diags *diags);

/* Where something is expected: lines [first, last] of a file; 0, 0: anywhere in it. File NULL: anywhere. */
struct check_place {
    const char *file;
    uint32_t first, last;
};

struct check_edited {
    struct md_check_case_file *files; /* a copy with the edits */
    size_t n, capacity;
    struct check_place places[CHECK_CASE_EDITS];
    size_t n_places;
};

/* Applies an entry of `fires` or `silent` to the files of a base. False: it does not fit; *ret_why says why. */
bool md_check_cases_edit(const struct check_base *base, const struct md_node *edit, struct md_arena *arena,
                         struct check_edited *ret, const char **ret_why);

/* The tree with what an edit, or NULL, says of it beside its files. `tree`: for a child of the root that, for a list a map from the
 * `name` of a node to fields that are added to it. `facts`: the child of this name. */
const struct md_node *md_check_cases_tree(struct md_arena *arena, const struct md_node *tree,
                                          const struct md_node *edit);

#endif
