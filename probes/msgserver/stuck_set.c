#include "probes/msgserver/stuck_set.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"

#define FIRST_CAPACITY 256
#define TAG_MASK (UINT64_C(0xffffffff) << 32)

void md_stuck_set_init(struct md_stuck_set *set, size_t max)
{
    *set = (struct md_stuck_set){.factor = 1, .max = max};
}

void md_stuck_set_free(struct md_stuck_set *set)
{
    free(set->slots);
    free(set->index);
    *set = (struct md_stuck_set){0};
}

/* The low bits choose the sample, so the place in the index comes from the high ones. */
static size_t home(const struct md_stuck_set *set, uint64_t hash)
{
    return (size_t)(hash >> 24) & (set->index_size - 1);
}

static uint64_t index_entry(uint64_t hash, size_t position)
{
    return (hash & TAG_MASK) | (uint64_t)(position + 1);
}

/* The place in the index of a hash, or the free one where it would be. */
static size_t index_find(const struct md_stuck_set *set, uint64_t hash)
{
    size_t i = home(set, hash);

    /* Few places hold a tag that is equal by chance, so a slot is hardly ever looked at in vain. */
    while (set->index[i] != 0 &&
           (((set->index[i] ^ hash) & TAG_MASK) != 0 || set->slots[(uint32_t)set->index[i] - 1].hash != hash))
        i = (i + 1) & (set->index_size - 1);
    return i;
}

static void index_rebuild(struct md_stuck_set *set)
{
    if (set->index_size > 0)
        memset(set->index, 0, set->index_size * sizeof *set->index);
    for (size_t i = 0; i < set->n; i++)
        set->index[index_find(set, set->slots[i].hash)] = index_entry(set->slots[i].hash, i);
}

static void grow(struct md_stuck_set *set)
{
    set->capacity = set->capacity == 0 ? FIRST_CAPACITY : set->capacity * 2;
    set->slots = md_xrealloc(set->slots, set->capacity * sizeof *set->slots);
    set->index_size = set->capacity * 2;
    set->index = md_xrealloc(set->index, set->index_size * sizeof *set->index);
    index_rebuild(set);
}

struct md_stuck *md_stuck_set_find(const struct md_stuck_set *set, uint64_t hash)
{
    size_t i;

    if (set->index_size == 0)
        return NULL;
    i = index_find(set, hash);
    return set->index[i] != 0 ? &set->slots[(uint32_t)set->index[i] - 1] : NULL;
}

void md_stuck_set_thin(struct md_stuck_set *set, uint64_t factor)
{
    size_t kept = 0;

    if (factor <= set->factor)
        return;
    set->factor = factor;
    for (size_t i = 0; i < set->n; i++)
        if ((set->slots[i].hash & (factor - 1)) == 0)
            set->slots[kept++] = set->slots[i];
    set->n = kept;
    index_rebuild(set);
}

struct md_stuck *md_stuck_set_add(struct md_stuck_set *set, uint64_t hash)
{
    struct md_stuck *slot;
    size_t i;

    if ((hash & (set->factor - 1)) != 0)
        return NULL;
    if (set->n == set->capacity && set->n < set->max)
        grow(set);
    i = index_find(set, hash);
    if (set->index[i] != 0)
        return &set->slots[(uint32_t)set->index[i] - 1];
    if (set->n >= set->max) {
        while (set->n >= set->max)
            md_stuck_set_thin(set, set->factor * 2);
        if ((hash & (set->factor - 1)) != 0)
            return NULL;
        i = index_find(set, hash);
    }
    slot = &set->slots[set->n];
    *slot = (struct md_stuck){.hash = hash, .mtime = MD_TIME_NONE};
    set->index[i] = index_entry(hash, set->n++);
    return slot;
}
