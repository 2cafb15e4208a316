/*
 * engine/check: checks of a configuration: declared in Lua, called once for each node of a tree, pure.
 *
 * A check says in which collection of the tree it looks ("over"), gets one node after the other with the whole tree, and reports with
 * found(node, message). The tree is made by whoever knows the product (what is in it stands in docs/checks.md); the engine only knows its
 * shape: a map whose children are collections (lists) of nodes, indexes (maps) and scalars.
 *
 * Evaluation  every check runs in the sandbox, once over all its nodes, within md_budget_check and what MD_CHECK_NODE_* adds for the
 *             size of the tree; one that raises or exceeds it is a diagnostic with file and line, what it found is dropped, and the
 *             others go on.
 * Follow-ons  a check `hides` others: what those find on a line where it found something is dropped, so that one mistake is one
 *             finding. Of two that hide each other the one that was declared first stays. The same sentence at one place is one
 *             finding.
 * Order       findings are sorted by file (in the order of the tree's "file" collection, then by name), line, column, id.
 * Ownership   checks borrow the rule files; findings live in the arena given and borrow from checks and tree.
 * Limits      MD_CHECK_FINDINGS_MAX findings of one check, MD_CHECK_FINDINGS_ALL of all (the worst are kept); what is beyond is counted
 *             and is a diagnostic.
 */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/loc.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/base/str.h"
#include "engine/rules.h"

#define MD_CHECK_FINDINGS_MAX 1000
#define MD_CHECK_FINDINGS_ALL 20000
/* What each node of a collection of the tree adds to the budget of a check. */
#define MD_CHECK_NODE_BYTES 1024
#define MD_CHECK_NODE_INSTRUCTIONS 5000

/* The order is that of weight: the greatest is the worst. */
enum md_check_severity { MD_CHECK_INFO, MD_CHECK_WARNING, MD_CHECK_ERROR };

struct md_check {
    const char *id, *title;
    enum md_check_severity severity; /* the usual one; a finding may have another */
    const char *over;                /* collection of the tree; "config": the tree itself, once */
    const char *const *needs;        /* inputs without which it is skipped ("a.cnf"), as in the tree's "read" */
    size_t n_needs;
    const char *why, *fix, *cites;
    const char *bad, *good; /* examples for people */
    const char *since;      /* first version that it is about, "6.2"; NULL: all */
    const char *const *hides;
    size_t n_hides;
    struct md_loc loc; /* of the declaration */
    size_t index;
};

struct md_check_found {
    const struct md_check *check;
    enum md_check_severity severity;
    struct md_loc loc;
    const char *message;         /* one sentence without a full stop; displayable */
    const char *fix;             /* of this place, else that of the check */
    const struct md_node *scope; /* map of scope names to names ("shelf": "a"), or NULL */
};

struct md_check_result {
    const struct md_check_found *found;
    size_t n;
    const struct md_check *const *skipped; /* for want of an input */
    size_t n_skipped;
};

struct md_checks;

/* Loads lib/ *.lua and the files below a folder named "check" of the input. The texts are borrowed. MD_OK also where declarations were
 * left out: see `diags`. */
MD_MUST_CHECK enum md_status md_checks_load(const struct md_rules_input *input, struct md_diags *diags,
                                            struct md_checks **ret);
void md_checks_free(struct md_checks **checks);
size_t md_checks_count(const struct md_checks *checks);
const struct md_check *md_checks_at(const struct md_checks *checks, size_t i);
const struct md_check *md_checks_find(const struct md_checks *checks, struct md_str id); /* NULL: none */
/* "sha256:..." over paths and texts of what was loaded; cases and the configurations they begin with are no part of it. */
const char *md_checks_hash(const struct md_checks *checks);

/* `tree`: a map. Runs the checks of one product (the folder before "check/"; NULL: of all). */
void md_checks_run(struct md_checks *checks, struct md_arena *arena, const struct md_node *tree, const char *product,
                   struct md_diags *diags, struct md_check_result *ret);

const char *md_check_severity_name(enum md_check_severity severity); /* "error" ... */
bool md_check_severity_parse(struct md_str name, enum md_check_severity *ret);

#endif
