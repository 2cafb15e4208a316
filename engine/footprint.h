/*
 * engine/footprint: which facts a finding reads, learned by asking it about made-up hosts.
 *
 * A finding is a function: what it reads depends on what it reads. It is evaluated on several made-up stores (nothing of everything,
 * some, much, and mixtures, texts being those that the rules compare with), and what it read each time is one read set. An instance that
 * it asks for by name (`host:process("one")`) is made when it is missed.
 *
 * Ownership   the result lives as long as the rules and is learned once for each rule set. Binds the rules, and in the end to nothing.
 */
#ifndef ENGINE_FOOTPRINT_H
#define ENGINE_FOOTPRINT_H

#include "engine/rules.h"

struct md_footprint_read {
    const struct md_fact_def *def;
    const char *name; /* of the instance that was asked for by name; NULL: its own, an enclosing one, or all below */
};

struct md_footprint_set {
    const struct md_footprint_read *reads;
    size_t n;
};

/* What one finding reads: different sets; of one that always misses something, what it read before. */
struct md_footprint {
    const struct md_footprint_set *sets;
    size_t n;
};

struct md_footprints;

struct md_footprints *md_footprints_learn(struct md_rules *rules);
const struct md_footprint *md_footprints_of(const struct md_footprints *footprints, const struct md_finding *finding);
/* True where one of its sets holds the fact. */
bool md_footprint_reads(const struct md_footprint *footprint, const struct md_fact_def *def);

#endif
