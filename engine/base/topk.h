/*
 * engine/base/topk: counts per name in bounded memory (Space-Saving), exact while small.
 *
 * A table holds at most `capacity` names. While fewer distinct names came, counts are exact. After that an unknown name
 * takes the place of the one with the least count and inherits it as its possible error: true count is in [count -
 * error, count]. Each entry carries `extra` further counters, the first and last instant, and a rank of first
 * appearance; these tell of what was counted for this name itself, so with an error they are lower bounds. Merging sums
 * the extra counters. Tables merge (md_topk_merge) into the table of both inputs within the summed errors. Names are
 * copied. Order everywhere: by count, then first appearance; never by name.
 */
#ifndef ENGINE_BASE_TOPK_H
#define ENGINE_BASE_TOPK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"

#define MD_TOPK_EXTRA 8

struct md_topk;

struct md_topk_entry {
    struct md_str name;
    uint64_t count;
    uint64_t error;
    uint64_t extra[MD_TOPK_EXTRA];
    int64_t first, last; /* md_time; MD_TIME_NONE where never given */
    uint64_t rank;       /* of first appearance, from 0 */
};

struct md_topk *md_topk_new(size_t capacity);
void md_topk_free(struct md_topk **table);
/* Adds `by` to the name; the entry stays valid until the next add. A name longer than 512 bytes is cut. */
struct md_topk_entry *md_topk_add(struct md_topk *table, struct md_str name, uint64_t by, int64_t at);
const struct md_topk_entry *md_topk_find(const struct md_topk *table, struct md_str name);
void md_topk_merge(struct md_topk *into, const struct md_topk *from);
uint64_t md_topk_total(const struct md_topk *table);
/* Distinct names: exact while is_exact, else a lower bound (the capacity). */
size_t md_topk_distinct(const struct md_topk *table);
bool md_topk_is_exact(const struct md_topk *table);
/* Fills at most `max` borrowed entries in order; returns how many. */
size_t md_topk_list(const struct md_topk *table, const struct md_topk_entry **ret, size_t max);

#endif
