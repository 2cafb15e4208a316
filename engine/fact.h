/*
 * engine/fact: the typed, sourced facts of one run.
 *
 * A store holds instances of the scopes (a tree: the root instance first) and for each at most one fact per catalogue entry.
 * A fact is known, or unknown with a reason; a fact that was never set is unknown with the reason "not observed". A known fact
 * may carry bounds (it comes from a sketch, a sample or a truncated scan). Every fact keeps where it was read.
 *
 * Ownership   everything is copied into the arena given to md_facts_new. Instances and facts stay valid as long as it lives.
 * Setting     a fact that is not in the catalogue, of another scope or of another type is MD_BUG. Setting it again replaces
 *             an unknown; a known fact is kept and the second ignored (first probe wins) unless md_fact_replace is used.
 *             The call then returns a fact of its own that is in no store, so bounds and origins added to it harm nothing.
 * Order       instances and facts are iterated in the order of creation; collections by count, then order of insertion.
 */
#ifndef ENGINE_FACT_H
#define ENGINE_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/catalogue.h"

enum md_origin_kind {
    MD_ORIGIN_FILE,    /* name, line, count */
    MD_ORIGIN_COMMAND, /* name: the command line */
    MD_ORIGIN_LISTING, /* name: of the listing or the folder that was read */
    MD_ORIGIN_DNS,     /* name: "example.net MX" */
    MD_ORIGIN_PROCESS, /* name: the process table's name */
    MD_ORIGIN_PERSON,
};

/* Where a fact was read. */
struct md_origin {
    enum md_origin_kind kind;
    const char *name;
    uint32_t line;  /* 0: the whole */
    uint64_t count; /* lines that say it; 0 or 1: not shown */
};

struct md_count_item {
    struct md_str name;
    uint64_t count;
    uint64_t error;          /* true count is in [count - error, count] */
    struct md_origin origin; /* a sample of where; kind FILE with name NULL: none */
};

struct md_counts {
    const struct md_count_item *items; /* by count falling, then insertion */
    size_t n;
    uint64_t total;    /* of all names, listed or not */
    uint64_t distinct; /* names, listed or not; a lower bound where not is_exact */
    bool is_exact;
};

struct md_value {
    enum md_type type;
    union {
        bool b;
        uint64_t count;
        double number; /* NUMBER, DURATION (seconds) */
        int64_t time;  /* TIME (microseconds UTC) */
        struct md_str text;
        struct md_counts counts;
        struct {
            const struct md_str *items;
            size_t n;
        } texts;
    } u;
};

struct md_instance;

struct md_fact {
    const struct md_fact_def *def;
    struct md_instance *at;
    bool is_known;
    const char *why; /* unknown: the reason; display text, wherever it came from */
    struct md_value value;
    bool has_bounds;
    double low, high; /* of count, number, duration */
    const struct md_origin *origins;
    size_t n_origins;
    int64_t observed_at;
};

struct md_instance {
    const struct md_scope_def *scope;
    struct md_str name;         /* "" for the root until it is named */
    struct md_instance *parent; /* NULL: the root */
    size_t index;               /* in the store */
    struct md_instance *first_child, *next_sibling;
    size_t n_children;
};

struct md_facts;

struct md_facts *md_facts_new(struct md_arena *arena, const struct md_catalogue *catalogue);
const struct md_catalogue *md_facts_catalogue(const struct md_facts *facts);
struct md_arena *md_facts_arena(struct md_facts *facts);
/* The instant of observation ("now" of the run); instants are turned into ages against it. */
void md_facts_set_now(struct md_facts *facts, int64_t now);
int64_t md_facts_now(const struct md_facts *facts);

struct md_instance *md_facts_root(const struct md_facts *facts);
void md_facts_name_root(struct md_facts *facts, struct md_str name);
/* Finds or makes. `parent` must be of the scope's parent scope. */
struct md_instance *md_facts_instance(struct md_facts *facts, const char *scope, struct md_str name,
                                      struct md_instance *parent);
/* NULL: there is none. */
struct md_instance *md_facts_find_instance(const struct md_facts *facts, const struct md_scope_def *scope,
                                           struct md_str name, const struct md_instance *parent);
size_t md_facts_instance_count(const struct md_facts *facts);
struct md_instance *md_facts_instance_at(const struct md_facts *facts, size_t i);

/* NULL: never set. */
const struct md_fact *md_fact_get(const struct md_facts *facts, const struct md_instance *at,
                                  const struct md_fact_def *def);
/* All facts that were ever set, of one instance after the other, in the order of the catalogue: begin with a zeroed walk. NULL: no more. */
struct md_fact_walk {
    size_t instance, def;
};
const struct md_fact *md_facts_next(const struct md_facts *facts, struct md_fact_walk *walk);
const struct md_fact *md_fact_by_name(const struct md_facts *facts, const struct md_instance *at, const char *name);

/* Setters. `origin` may be NULL only for derived facts; add more with md_fact_origin. All return the fact that was set. */
struct md_fact *md_fact_bool(struct md_facts *f, struct md_instance *at, const char *name, bool value,
                             const struct md_origin *origin);
struct md_fact *md_fact_count(struct md_facts *f, struct md_instance *at, const char *name, uint64_t value,
                              const struct md_origin *origin);
struct md_fact *md_fact_number(struct md_facts *f, struct md_instance *at, const char *name, double value,
                               const struct md_origin *origin);
struct md_fact *md_fact_duration(struct md_facts *f, struct md_instance *at, const char *name, double seconds,
                                 const struct md_origin *origin);
struct md_fact *md_fact_time(struct md_facts *f, struct md_instance *at, const char *name, int64_t value,
                             const struct md_origin *origin);
struct md_fact *md_fact_text(struct md_facts *f, struct md_instance *at, const char *name, struct md_str value,
                             const struct md_origin *origin);
/* Copies and sorts the items; `total` 0: the sum of the items. */
struct md_fact *md_fact_counts(struct md_facts *f, struct md_instance *at, const char *name,
                               const struct md_count_item *items, size_t n, uint64_t total, bool is_exact,
                               const struct md_origin *origin);
struct md_fact *md_fact_texts(struct md_facts *f, struct md_instance *at, const char *name, const struct md_str *items,
                              size_t n, const struct md_origin *origin);
struct md_fact *md_fact_unknown(struct md_facts *f, struct md_instance *at, const char *name, const char *why);
void md_fact_origin(struct md_facts *f, struct md_fact *fact, const struct md_origin *origin);
void md_fact_bounds(struct md_fact *fact, double low, double high);
/* As a setter, but wins over a known value: for a better source of the same fact. The next setter call on (at, name) replaces. */
void md_fact_replace(struct md_facts *f, struct md_instance *at, const char *name);

/* How a probe ended: for `failed(probe, why)` in rules and for the report. */
enum md_probe_status { MD_PROBE_OK, MD_PROBE_SKIPPED, MD_PROBE_FAILED, MD_PROBE_PARTIAL };
struct md_probe_note {
    const char *name, *cost, *why; /* why: NULL where all is well */
    enum md_probe_status status;
    uint64_t ms;
};
const char *md_probe_status_name(enum md_probe_status status);
void md_facts_note_probe(struct md_facts *f, const struct md_probe_note *note);
size_t md_facts_probe_count(const struct md_facts *f);
const struct md_probe_note *md_facts_probe_at(const struct md_facts *f, size_t i);

#endif
