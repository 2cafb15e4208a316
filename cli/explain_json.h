/*
 * cli/explain_json: what a diagnosis, finding, check, remedy or fact is, as JSON (mtadoctor.explain/1).
 *
 * Several kinds may share an id (a diagnosis and its finding); `entries` has one object for each, with its `kind`.
 * What the rule base computes (texts that are functions) is null.
 */
#ifndef CLI_EXPLAIN_JSON_H
#define CLI_EXPLAIN_JSON_H

#include <jansson.h>

#include "engine/base/str.h"
#include "engine/check.h"
#include "engine/rules.h"

/* A check of the rule base, or one of suppressions (suppression.*); NULL: none has this id. */
const struct md_check *md_explain_check(const struct md_checks *checks, struct md_str id);
/* New reference, or NULL where nothing has this id. */
json_t *md_explain_json(const struct md_rules *rules, const struct md_checks *checks, struct md_str id);

#endif
