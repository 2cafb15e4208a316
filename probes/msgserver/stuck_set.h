/*
 * probes/msgserver/stuck_set: the bounded set of single queue files behind the census.
 *
 * Slots stand in an array in the order of appearance; an index of open addressing finds them by hash. When the array
 * would exceed MD_CENSUS_STUCK_MAX, the factor doubles and only the hashes that are divisible by it stay.
 */
#ifndef PROBES_MSGSERVER_STUCK_SET_H
#define PROBES_MSGSERVER_STUCK_SET_H

#include "probes/msgserver/census.h"

struct md_stuck_set {
    struct md_stuck *slots;
    size_t n, capacity;
    uint64_t *index;   /* upper half of the hash, and below it 1 + position in slots; 0: free */
    size_t index_size; /* a power of two, or 0 */
    uint64_t factor;   /* a power of two */
    size_t max;        /* MD_CENSUS_STUCK_MAX but in tests */
};

void md_stuck_set_init(struct md_stuck_set *set, size_t max);
void md_stuck_set_free(struct md_stuck_set *set);
struct md_stuck *md_stuck_set_find(const struct md_stuck_set *set, uint64_t hash);
/* Finds or makes (then with copies 0 and mtime MD_TIME_NONE); NULL where the sample leaves the hash out. May drop other
 * slots. */
struct md_stuck *md_stuck_set_add(struct md_stuck_set *set, uint64_t hash);
/* Raises the factor to at least `factor`. */
void md_stuck_set_thin(struct md_stuck_set *set, uint64_t factor);

#endif
