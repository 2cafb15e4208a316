/*
 * engine/base/map: names to pointers, in an arena.
 *
 * A key is a number (what kind of name, whose name) and a slice; both must be equal. Keys are borrowed and must live as
 * long as the map. The order of insertion is not kept and the map cannot be iterated: keep a list beside it. Nothing is
 * ever removed.
 */
#ifndef ENGINE_BASE_MAP_H
#define ENGINE_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct md_map;

struct md_map *md_map_new(struct md_arena *arena);
/* NULL: there is none. */
void *md_map_find(const struct md_map *map, uint64_t kind, struct md_str key);
/* Adds, or replaces what is there. `value` must not be NULL. */
void md_map_set(struct md_map *map, uint64_t kind, struct md_str key, void *value);
size_t md_map_count(const struct md_map *map);

#endif
