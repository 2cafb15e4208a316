#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "probes/msgserver/traffic_priv.h"

#define FIRST_SEEN 1024 /* a power of two */

void md_places_init(struct md_places *places)
{
    *places = (struct md_places){.seen_size = FIRST_SEEN, .is_exact = true};
    places->seen = md_xcalloc(places->seen_size, sizeof *places->seen);
}

void md_places_free(struct md_places *places)
{
    free(places->seen);
    free(places->list);
    *places = (struct md_places){0};
}

static size_t slot_of(const struct md_places *places, uint64_t key)
{
    size_t i = (size_t)key & (places->seen_size - 1);

    while (places->seen[i].key != 0 && places->seen[i].key != key)
        i = (i + 1) & (places->seen_size - 1);
    return i;
}

const struct md_place_seen *md_places_find(const struct md_places *places, uint64_t key)
{
    const struct md_place_seen *seen = &places->seen[slot_of(places, key)];

    return seen->key != 0 ? seen : NULL;
}

static uint32_t last_of(const struct md_place_seen *seen)
{
    return seen->last_arrival > seen->last_delivery ? seen->last_arrival : seen->last_delivery;
}

static int by_time(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Into a table of `size`, without those that never failed, owe nothing and were seen last before `from`. */
static void rebuild(struct md_places *places, size_t size, uint32_t from)
{
    struct md_place_seen *old = places->seen;
    const size_t old_size = places->seen_size;

    places->seen = md_xcalloc(size, sizeof *places->seen);
    places->seen_size = size;
    places->seen_count = 0;
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].key == 0 || (old[i].place == 0 && last_of(&old[i]) < from))
            continue;
        places->seen[slot_of(places, old[i].key)] = old[i];
        places->seen_count++;
    }
    free(old);
}

static void prune_seen(struct md_places *places)
{
    uint32_t *times = md_xcalloc(places->seen_count + 1, sizeof *times);
    uint32_t middle;
    size_t n = 0;

    for (size_t i = 0; i < places->seen_size; i++)
        if (places->seen[i].key != 0)
            times[n++] = last_of(&places->seen[i]);
    qsort(times, n, sizeof *times, by_time);
    middle = times[n / 2];
    free(times);
    rebuild(places, places->seen_size, middle + 1);
    places->is_exact = false;
}

struct md_place_seen *md_places_seen(struct md_places *places, uint64_t key)
{
    size_t slot = slot_of(places, key);

    if (places->seen[slot].key != 0)
        return &places->seen[slot];
    if (places->seen_count * 3 >= places->seen_size * 2) {
        if (places->seen_size < MD_TRAFFIC_SEEN_MAX)
            rebuild(places, places->seen_size * 2, 0);
        else
            prune_seen(places);
        slot = slot_of(places, key);
    }
    places->seen[slot] = (struct md_place_seen){.key = key};
    places->seen_count++;
    return &places->seen[slot];
}

static uint64_t weight(const struct md_places *places, const struct md_place *place)
{
    const struct md_place_seen *seen = md_places_find(places, place->key);

    return (uint64_t)place->deferred + place->returned +
           (seen != NULL && seen->pending > 0 ? (uint64_t)seen->pending : 0);
}

/* Keeps the heavier half of the places. */
static void prune_list(struct md_places *places)
{
    uint32_t *weights = md_xcalloc(places->count, sizeof *weights);
    uint32_t middle;
    size_t kept = 0, ties = 0;

    for (size_t i = 0; i < places->count; i++) {
        const uint64_t w = weight(places, &places->list[i]);

        weights[i] = w < UINT32_MAX ? (uint32_t)w : UINT32_MAX;
    }
    qsort(weights, places->count, sizeof *weights, by_time);
    middle = weights[places->count / 2];
    for (size_t i = places->count / 2; i < places->count && weights[i] == middle; i++)
        ties++;
    free(weights);
    for (size_t i = 0; i < places->count; i++) {
        const uint64_t w = weight(places, &places->list[i]);
        const size_t slot = slot_of(places, places->list[i].key);
        struct md_place_seen *seen = places->seen[slot].key != 0 ? &places->seen[slot] : NULL;

        if (w < middle || (w == middle && ties == 0)) {
            if (seen != NULL)
                seen->place = 0;
            continue;
        }
        ties -= w == middle;
        if (kept != i)
            places->list[kept] = places->list[i];
        kept++;
        if (seen != NULL)
            seen->place = (uint32_t)kept;
    }
    places->count = kept;
    places->is_exact = false;
}

struct md_place *md_places_make(struct md_places *places, uint64_t key)
{
    struct md_place_seen *seen = md_places_seen(places, key);
    struct md_place *place;

    if (seen->place != 0)
        return &places->list[seen->place - 1];
    if (places->count == MD_TRAFFIC_PLACES_MAX)
        prune_list(places);
    if (places->count == places->room) {
        places->room = places->room == 0 ? 64 : places->room * 2;
        places->list = md_xrealloc(places->list, places->room * sizeof *places->list);
    }
    place = &places->list[places->count];
    memset(place, 0, sizeof *place);
    place->key = key;
    place->first_failure = place->dns_onset = place->last_failure = place->recovered = place->oldest = MD_TIME_NONE;
    place->port = -1;
    place->last_class = MD_FAILURE_CLASSES;
    seen->place = (uint32_t)++places->count;
    return place;
}
