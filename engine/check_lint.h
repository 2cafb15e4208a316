/*
 * engine/check_lint: are the checks sound? (`rules lint`)
 *
 * Loading has told what is malformed. This adds: checks without why, fix, cites, bad or good example; errors that rest on nothing
 * documented; `hides` that lead nowhere or in a circle of two; collections and inputs that the tree of the product does not have
 * (<product>/check/tree.yaml); checks without a case where they fire and one where they must not; malformed cases.
 */
#ifndef ENGINE_CHECK_LINT_H
#define ENGINE_CHECK_LINT_H

#include "engine/check.h"

/* Errors make them unsound, warnings should be looked at. Memory: of the arena. */
void md_checks_lint(const struct md_checks *checks, struct md_arena *arena, struct md_diags *diags);

#endif
