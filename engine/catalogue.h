/*
 * engine/catalogue: which facts and scopes exist (rules/facts.yaml and its further parts, rules/facts_*.yaml, read once).
 *
 * The catalogue is the contract between probes and rules: name, type, unit, scope and meaning of each fact, the question that
 * gets it from a person, its privacy class, which probe gives it. The engine knows no fact by name.
 *
 *   scopes:
 *     host: { }
 *     disk: { parent: host, singly: 1000 }          # how many instances take part on their own
 *   facts:
 *     - name: disk.files               # <scope>.<field>, dotted snake_case; the field may have dots
 *       type: count                    # bool | count | number | text | time | duration | counts | texts
 *       unit: files
 *       means: files on it, hidden ones included
 *       probe: system.disk
 *       privacy: public                # public | name | address | secret
 *       ask: { question: "...", how: "...", minutes: 2, outcomes: { ... } }   # optional
 *
 * A further part has only `facts`, of the scopes of facts.yaml.
 *
 * Ownership: all of it lives in the arena it was read into. Errors: places in the YAML text, in `diags`.
 */
#ifndef ENGINE_CATALOGUE_H
#define ENGINE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/rule_file.h"

enum md_type {
#define MD_TYPE(id, name, says) MD_TYPE_##id,
#include "engine/type.def"
#undef MD_TYPE
    MD_TYPE_COUNT_OF
};

struct md_scope_def {
    const char *name;
    const struct md_scope_def *parent; /* NULL: the root; exactly one */
    size_t depth;                      /* root 0 */
    size_t index;                      /* in input order */
    size_t singly;                     /* at most so many instances per parent take part on their own */
    const char *singly_by;             /* name of the count fact that ranks them, or NULL: first come */
};

struct md_fact_def {
    const char *name;  /* "disk.files" */
    const char *field; /* "files" */
    const struct md_scope_def *scope;
    enum md_type type;
    const char *unit; /* "" where there is none */
    const char *means;
    const char *probe; /* name of the probe that gives it, or "person" */
    const char *privacy;
    const struct md_node *ask; /* the question's node or NULL */
    size_t index;
};

struct md_catalogue;

/* All parts among the files of a rule base; the others are passed over. MD_NOT_FOUND: there is no facts.yaml. */
MD_MUST_CHECK enum md_status md_catalogue_read_base(struct md_arena *arena, const struct md_rule_file *files, size_t n,
                                                    struct md_diags *diags, const struct md_catalogue **ret);
/* One text with scopes and facts. */
MD_MUST_CHECK enum md_status md_catalogue_read(struct md_arena *arena, const char *name, struct md_str yaml,
                                               struct md_diags *diags, const struct md_catalogue **ret);
const struct md_scope_def *md_catalogue_scope(const struct md_catalogue *catalogue, struct md_str name);
size_t md_catalogue_scope_count(const struct md_catalogue *catalogue);
const struct md_scope_def *md_catalogue_scope_at(const struct md_catalogue *catalogue, size_t i);
/* By full name. NULL: no such fact. */
const struct md_fact_def *md_catalogue_fact(const struct md_catalogue *catalogue, struct md_str name);
/* By scope and field; hashed. */
const struct md_fact_def *md_catalogue_field(const struct md_catalogue *catalogue, const struct md_scope_def *scope,
                                             struct md_str field);
size_t md_catalogue_fact_count(const struct md_catalogue *catalogue);
const struct md_fact_def *md_catalogue_fact_at(const struct md_catalogue *catalogue, size_t i);
const char *md_type_name(enum md_type type);

#endif
