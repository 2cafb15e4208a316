/*
 * engine/lint: is a rule base sound? (`rules lint`)
 *
 * Loading has already told what is malformed, which ids lead nowhere and which causes bring each other. This adds:
 *   fields that the scope of a function does not have; functions that raise, on stores with nothing known, with typical values and with
 *   the facts of every case; numbers that stand in predicates instead of thresholds; thresholds without meaning or source; causes,
 *   findings and remedies without cites; remedies without minutes, undo, verify or steps; questions without minutes, outcomes or the
 *   way to answer; causes and findings without a case where they hold and one where they do not; ids in cases that do not exist;
 *   P(no fault | no evidence) per scope outside .4 to .7; as notes, facts that no rule reads.
 *
 * Errors make a base unsound, warnings should be looked at, notes need not. All go to `diags` with their places. Binds the rules to
 * stores of its own: bind again afterwards. Memory: of the arena.
 */
#ifndef ENGINE_LINT_H
#define ENGINE_LINT_H

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/rules.h"

void md_rules_lint(struct md_rules *rules, struct md_arena *arena, struct md_diags *diags);

#endif
