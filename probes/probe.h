/*
 * probes/probe: what a probe is, and how all of them are run.
 *
 * A probe is thin: it asks the source for items, hands their bytes to a pure parser of probes/formats and sets typed facts. It names
 * facts, never diagnoses. It reports what it could not read or parse to `diags` and notes facts it looked for in vain as
 * unknown with a reason. All probes are listed in probes/probes.def and run in that order; a later one may use what an earlier
 * one left in the blackboard of its product (probes/msgserver/world.h).
 */
#ifndef PROBES_PROBE_H
#define PROBES_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/base/zone.h"
#include "engine/fact.h"
#include "probes/source/source.h"

struct md_site;
struct md_msgserver_world; /* probes/msgserver/world.h */
struct md_calendar_world;  /* probes/calendar/world.h */

struct md_probe_table {
    const char *path;
    struct md_str text;
};

struct md_probe_ctx {
    struct md_source *source;
    struct md_facts *facts;
    struct md_diags *diags;
    struct md_arena *arena;     /* of the run */
    int64_t now;                /* of the run, UTC */
    const struct md_zone *zone; /* of local times in logs and listings */
    double since_s;             /* --since: how far back counts and rates look; default 86400 */
    const struct md_site *site; /* the site file (probes/site.h), or NULL */
    bool allow_expensive, allow_network;
    /* Tables of the rule base in use, by path ("msgserver/failures.yaml"); where one is not among them the built-in one serves. */
    const struct md_probe_table *tables;
    size_t n_tables;
    const volatile sig_atomic_t *interrupted;
    struct md_msgserver_world *msgserver;
    struct md_calendar_world *calendar; /* NULL: not loaded yet */
};

struct md_probe {
    const char *name; /* "msgserver.queue" */
    const char *says; /* one sentence: what it looks at */
    enum md_cost cost;
    const enum md_item_kind *reads; /* ends with MD_ITEM_KIND_COUNT */
    bool joins;                     /* its facts also rest on what other probes left in the blackboard */
    /* MD_OK; MD_NOT_FOUND: nothing of what it reads is there (skipped); else failed, the reason is in diags. Partial results stay. */
    enum md_status (*run)(struct md_probe_ctx *ctx);
};

size_t md_probe_count(void);
const struct md_probe *md_probe_at(size_t i);

/* Runs the probes of at most `cost` that have not run yet; notes each in the facts (md_facts_note_probe). MD_INTERRUPTED: the rest was
 * skipped. */
MD_MUST_CHECK enum md_status md_probes_run(struct md_probe_ctx *ctx, enum md_cost cost);

/* After the last run: frees what the probes left in the blackboards on the heap. The facts stay. */
void md_probes_end(struct md_probe_ctx *ctx);

/* For probes: a table of knowledge, read by `read`. A broken one of the rule base in use is a problem and the built-in one serves; a
 * broken built-in one is MD_BUG. */
typedef enum md_status md_table_fn(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                                   const void **ret);
const void *md_probe_table(struct md_probe_ctx *ctx, const char *path, md_table_fn *read);

/* For probes: an origin that points at a line of the file that an item is (in), 0: the whole. For a line counted in what the item
 * holds: md_item_origin of probes/item_text.h. */
struct md_origin md_origin_item(const struct md_item *item, uint32_t line);

#endif
