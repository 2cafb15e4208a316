#include "probes/msgserver/stuck_set.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"

#define FIRST_CAPACITY 256

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

static void index_insert(struct md_stuck_set *set, size_t position)
{
    size_t i = home(set, set->slots[position].hash);

    while (set->index[i] != 0)
        i = (i + 1) & (set->index_size - 1);
    set->index[i] = (uint32_t)(position + 1);
}

static void index_rebuild(struct md_stuck_set *set)
{
    if (set->index_size > 0)
        memset(set->index, 0, set->index_size * sizeof *set->index);
    for (size_t i = 0; i < set->n; i++)
        index_insert(set, i);
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
    if (set->index_size == 0)
        return NULL;
    for (size_t i = home(set, hash); set->index[i] != 0; i = (i + 1) & (set->index_size - 1)) {
        struct md_stuck *slot = &set->slots[set->index[i] - 1];

        if (slot->hash == hash)
            return slot;
    }
    return NULL;
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

    if ((hash & (set->factor - 1)) != 0)
        return NULL;
    slot = md_stuck_set_find(set, hash);
    if (slot != NULL)
        return slot;
    while (set->n >= set->max) {
        md_stuck_set_thin(set, set->factor * 2);
        if ((hash & (set->factor - 1)) != 0)
            return NULL;
    }
    if (set->n == set->capacity)
        grow(set);
    slot = &set->slots[set->n];
    *slot = (struct md_stuck){.hash = hash, .mtime = MD_TIME_NONE};
    index_insert(set, set->n++);
    return slot;
}
