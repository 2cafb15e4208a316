/*
 * engine/facts_json: the facts file (`mtadoctor.facts/1`) and the facts of a rule case, to and from a store.
 *
 * Reading is tolerant: a fact that this catalogue does not know or whose value is of another form is a diagnostic with its
 * place, the others are kept.
 */
#ifndef ENGINE_FACTS_JSON_H
#define ENGINE_FACTS_JSON_H

#include <jansson.h>

#include "engine/base/node.h"
#include "engine/fact.h"

/* New reference: the array `facts` of the facts file. */
json_t *md_facts_to_json(const struct md_facts *facts);
/* New references: value and scope as the contract prints them. Of a collection only the first MD_VALUE_NAMES_MAX names are
 * given here; md_facts_to_json gives all. */
#define MD_VALUE_NAMES_MAX 20
json_t *md_value_to_json(const struct md_facts *facts, const struct md_value *value);
json_t *md_scope_to_json(const struct md_instance *at);
json_t *md_origin_to_json(const struct md_origin *origin);

/* `list`: the array `facts` of a facts file. */
MD_MUST_CHECK enum md_status md_facts_from_list(struct md_facts *facts, const struct md_node *list,
                                                struct md_diags *diags);
/* `nested`: the map `facts` of a rule case: scope name -> (root scope: fields; else instance name -> fields and child scopes). Fields are
 * fact fields; a time is RFC 3339 or "2h ago" (before now); a duration is seconds or "2h"; counts are a map; texts a list;
 * ~ (null) is unknown; a map {value, low, high} gives bounds. Evidence of these facts has the origin (FILE, case file, line). */
MD_MUST_CHECK enum md_status md_facts_from_case(struct md_facts *facts, const struct md_node *nested,
                                                struct md_diags *diags);

#endif
