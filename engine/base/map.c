#include "engine/base/map.h"

/* Open addressing with linear probing; at most two thirds full; the number of slots is a power of two. */
#define SLOTS_FIRST ((size_t)16)

struct slot {
    uint64_t hash;
    uint64_t kind;
    struct md_str key;
    void *value; /* NULL: free */
};

struct md_map {
    struct md_arena *arena;
    struct slot *slots;
    size_t size;
    size_t count;
};

struct md_map *md_map_new(struct md_arena *arena)
{
    struct md_map *map = md_arena_alloc(arena, sizeof *map);

    map->arena = arena;
    map->size = SLOTS_FIRST;
    map->slots = md_arena_array(arena, map->size, sizeof *map->slots);
    return map;
}

static uint64_t hash_of(uint64_t kind, struct md_str key)
{
    return md_str_hash(key) ^ (kind * UINT64_C(0x9e3779b97f4a7c15));
}

/* The slot that holds the key, or the free one where it belongs. */
static struct slot *slot_of(struct slot *slots, size_t size, uint64_t hash, uint64_t kind, struct md_str key)
{
    size_t i;

    for (i = (size_t)(hash ^ (hash >> 32)) & (size - 1);; i = (i + 1) & (size - 1)) {
        struct slot *slot = &slots[i];

        if (slot->value == NULL || (slot->hash == hash && slot->kind == kind && md_str_eq(slot->key, key)))
            return slot;
    }
}

void *md_map_find(const struct md_map *map, uint64_t kind, struct md_str key)
{
    return slot_of(map->slots, map->size, hash_of(kind, key), kind, key)->value;
}

static void grow(struct md_map *map)
{
    size_t size = map->size * 2, i;
    struct slot *slots = md_arena_array(map->arena, size, sizeof *slots);

    for (i = 0; i < map->size; i++) {
        const struct slot *old = &map->slots[i];

        if (old->value != NULL)
            *slot_of(slots, size, old->hash, old->kind, old->key) = *old;
    }
    map->slots = slots;
    map->size = size;
}

void md_map_set(struct md_map *map, uint64_t kind, struct md_str key, void *value)
{
    uint64_t hash = hash_of(kind, key);
    struct slot *slot;

    if (value == NULL)
        MD_BUG("no value for a key of a map");
    if (map->count + 1 > map->size / 3 * 2)
        grow(map);
    slot = slot_of(map->slots, map->size, hash, kind, key);
    if (slot->value == NULL)
        map->count++;
    *slot = (struct slot){hash, kind, key, value};
}

size_t md_map_count(const struct md_map *map)
{
    return map->count;
}
