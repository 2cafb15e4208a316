#include "probes/msgserver/name_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"

#define FIRST_INDEX 1024 /* a power of two */

/* ---- text of names ---- */

struct pool {
    char *text;
    size_t used, room;
};

static uint32_t pool_add(struct pool *pool, struct md_str name)
{
    const size_t at = pool->used;

    if (pool->used + name.n > pool->room) {
        while (pool->used + name.n > pool->room)
            pool->room = pool->room == 0 ? 16 * 1024 : pool->room * 2;
        pool->text = md_xrealloc(pool->text, pool->room);
    }
    if (name.n > 0)
        memcpy(pool->text + at, name.p, name.n);
    pool->used += name.n;
    return (uint32_t)at;
}

static struct md_str cut(struct md_str name)
{
    return md_str_sub(name, 0, MD_NAME_MAX);
}

/* ---- numbers ---- */

struct named {
    uint64_t hash;
    uint32_t at;
    uint32_t length;
};

struct md_names {
    struct named *list; /* [0] is "(others)" */
    size_t count, room, max;
    uint32_t *index; /* position in list; 0: free */
    size_t index_size;
    struct pool pool;
};

struct md_names *md_names_new(size_t max)
{
    struct md_names *names = md_xcalloc(1, sizeof *names);
    const struct md_str others = MD_LIT("(others)");

    names->max = max;
    names->room = 256;
    names->list = md_xcalloc(names->room, sizeof *names->list);
    names->index_size = FIRST_INDEX;
    names->index = md_xcalloc(names->index_size, sizeof *names->index);
    names->list[0] = (struct named){0, pool_add(&names->pool, others), (uint32_t)others.n};
    names->count = 1;
    return names;
}

void md_names_free(struct md_names **names)
{
    if (*names == NULL)
        return;
    free((*names)->list);
    free((*names)->index);
    free((*names)->pool.text);
    free(*names);
    *names = NULL;
}

static size_t names_slot(const struct md_names *names, uint64_t hash)
{
    size_t i = (size_t)hash & (names->index_size - 1);

    while (names->index[i] != 0 && names->list[names->index[i]].hash != hash)
        i = (i + 1) & (names->index_size - 1);
    return i;
}

static void names_grow(struct md_names *names)
{
    if (names->count == names->room) {
        names->room *= 2;
        names->list = md_xrealloc(names->list, names->room * sizeof *names->list);
    }
    if (names->count * 2 < names->index_size)
        return;
    free(names->index);
    names->index_size *= 2;
    names->index = md_xcalloc(names->index_size, sizeof *names->index);
    for (size_t i = 1; i < names->count; i++)
        names->index[names_slot(names, names->list[i].hash)] = (uint32_t)i;
}

/* Numbers shown are positions plus 1, so that 0 is none. */
uint32_t md_names_id(struct md_names *names, uint64_t hash, struct md_str name)
{
    size_t slot = names_slot(names, hash);

    if (names->index[slot] != 0)
        return names->index[slot] + 1;
    if (names->count > names->max)
        return 1;
    names_grow(names);
    slot = names_slot(names, hash);
    name = cut(name);
    names->list[names->count] = (struct named){hash, pool_add(&names->pool, name), (uint32_t)name.n};
    names->index[slot] = (uint32_t)names->count;
    return (uint32_t)names->count++ + 1;
}

uint32_t md_names_find(const struct md_names *names, uint64_t hash)
{
    const uint32_t at = names->index[names_slot(names, hash)];

    return at != 0 ? at + 1 : 0;
}

struct md_str md_names_at(const struct md_names *names, uint32_t id)
{
    const struct named *named = id > 0 && id <= names->count ? &names->list[id - 1] : NULL;

    return named != NULL ? md_str_n(names->pool.text + named->at, named->length) : (struct md_str){0};
}

uint64_t md_names_hash(const struct md_names *names, uint32_t id)
{
    return id > 0 && id <= names->count ? names->list[id - 1].hash : 0;
}

size_t md_names_count(const struct md_names *names)
{
    return names->count;
}

bool md_names_is_full(const struct md_names *names)
{
    return names->count > names->max;
}

/* ---- counts ---- */

#define DOOR_SIZE ((size_t)1 << 16)

/* Part of the hash stands beside the position, so that looking for a name that is not there, as most are in a busy log, stays within
 * the index instead of loading an entry for each position that is passed. */
struct indexed {
    uint32_t at; /* 1 + position in list; 0: free */
    uint32_t tag;
};

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

struct md_tally {
    unsigned char *door; /* sightings of names that are not in the table, by hash; NULL while it is exact */
    size_t door_sightings;
    unsigned char door_least;     /* so many do not let a name in yet */
    struct md_tally_entry nobody; /* takes the counts of names that are not let in */
    struct md_tally_entry *list;
    size_t count, room, max;
    struct indexed *index;
    size_t index_size;
    struct pool pool;
    uint64_t error;
};

struct md_tally *md_tally_new(size_t max)
{
    struct md_tally *tally = md_xcalloc(1, sizeof *tally);

    tally->max = max;
    tally->index_size = FIRST_INDEX;
    tally->index = md_xcalloc(tally->index_size, sizeof *tally->index);
    return tally;
}

void md_tally_free(struct md_tally **tally)
{
    if (*tally == NULL)
        return;
    free((*tally)->door);
    free((*tally)->list);
    free((*tally)->index);
    free((*tally)->pool.text);
    free(*tally);
    *tally = NULL;
}

static size_t tally_slot(const struct md_tally *tally, uint64_t hash)
{
    size_t i = (size_t)hash & (tally->index_size - 1);

    while (tally->index[i].at != 0 &&
           (tally->index[i].tag != tag_of(hash) || tally->list[tally->index[i].at - 1].hash != hash))
        i = (i + 1) & (tally->index_size - 1);
    return i;
}

static void tally_index(struct md_tally *tally)
{
    memset(tally->index, 0, tally->index_size * sizeof *tally->index);
    for (size_t i = 0; i < tally->count; i++)
        tally->index[tally_slot(tally, tally->list[i].hash)] =
            (struct indexed){(uint32_t)i + 1, tag_of(tally->list[i].hash)};
}

#define HISTOGRAM 256

/* The greatest count that is not among the greater half, as far as counts are small; they are, or few names are rare. */
static uint32_t median_of(const struct md_tally *tally)
{
    size_t histogram[HISTOGRAM] = {0}, seen = 0;
    uint32_t count = 0;

    for (size_t i = 0; i < tally->count; i++)
        histogram[tally->list[i].n[0] < HISTOGRAM ? tally->list[i].n[0] : HISTOGRAM - 1]++;
    for (; count < HISTOGRAM - 1 && (seen += histogram[count]) * 2 <= tally->count; count++)
        ;
    return count;
}

/* Keeps the greater half. What came with the median count stays as long as there is room, first come. */
static void tally_prune(struct md_tally *tally)
{
    const size_t room = tally->count / 2;
    const uint32_t median = median_of(tally);
    struct pool pool = {0};
    size_t kept = 0, above = 0, ties;

    for (size_t i = 0; i < tally->count; i++)
        above += tally->list[i].n[0] > median;
    ties = above < room ? room - above : 0;
    for (size_t i = 0; i < tally->count; i++) {
        struct md_tally_entry entry = tally->list[i];

        if (entry.n[0] < median || (entry.n[0] == median && ties == 0) || kept == room)
            continue;
        ties -= entry.n[0] == median;
        entry.name = pool_add(&pool, md_str_n(tally->pool.text + entry.name, entry.length));
        tally->list[kept++] = entry;
    }
    free(tally->pool.text);
    tally->pool = pool;
    tally->count = kept;
    tally->error += median;
    if (tally->door == NULL)
        tally->door = md_xcalloc(DOOR_SIZE, 1);
    tally->door_least = (unsigned char)(median < 100 ? median + 2 : 100);
    tally_index(tally);
}

/* Whether a name that is not in a full table has come often enough by now. Old sightings fade, or all doors would be open at last. */
static bool is_let_in(struct md_tally *tally, uint64_t hash)
{
    unsigned char *door = &tally->door[(size_t)(hash >> 20) & (DOOR_SIZE - 1)];

    if (++*door > tally->door_least) {
        *door = 0;
        return true;
    }
    if (++tally->door_sightings == DOOR_SIZE) {
        for (size_t i = 0; i < DOOR_SIZE; i++)
            tally->door[i] /= 2;
        tally->door_sightings = 0;
        tally->error += tally->door_least;
    }
    return false;
}

static void tally_grow(struct md_tally *tally)
{
    if (tally->count == tally->max)
        tally_prune(tally);
    if (tally->count == tally->room) {
        tally->room = tally->room == 0 ? 256 : tally->room * 2;
        tally->list = md_xrealloc(tally->list, tally->room * sizeof *tally->list);
    }
    if (tally->count * 2 < tally->index_size)
        return;
    tally->index_size *= 2;
    tally->index = md_xrealloc(tally->index, tally->index_size * sizeof *tally->index);
    tally_index(tally);
}

struct md_tally_entry *md_tally_get(struct md_tally *tally, uint64_t hash, struct md_str name)
{
    size_t slot = tally_slot(tally, hash);
    struct md_tally_entry *entry;

    if (tally->index[slot].at != 0)
        return &tally->list[tally->index[slot].at - 1];
    if (tally->door != NULL && !is_let_in(tally, hash)) {
        memset(&tally->nobody, 0, sizeof tally->nobody);
        return &tally->nobody;
    }
    tally_grow(tally);
    slot = tally_slot(tally, hash);
    name = cut(name);
    entry = &tally->list[tally->count];
    memset(entry, 0, sizeof *entry);
    entry->hash = hash;
    entry->name = pool_add(&tally->pool, name);
    entry->length = (uint16_t)name.n;
    tally->index[slot] = (struct indexed){(uint32_t)++tally->count, tag_of(hash)};
    return entry;
}

struct md_tally_entry *md_tally_find(const struct md_tally *tally, uint64_t hash)
{
    const uint32_t at = tally->index[tally_slot(tally, hash)].at;

    return at != 0 ? &tally->list[at - 1] : NULL;
}

void md_tally_prefetch_index(const struct md_tally *tally, uint64_t hash)
{
#if defined(__GNUC__) || defined(__clang__)
    __builtin_prefetch(&tally->index[(size_t)hash & (tally->index_size - 1)]);
#else
    (void)tally;
    (void)hash;
#endif
}

void md_tally_prefetch(const struct md_tally *tally, uint64_t hash)
{
#if defined(__GNUC__) || defined(__clang__)
    const struct indexed first = tally->index[(size_t)hash & (tally->index_size - 1)];

    if (first.at != 0 && first.tag == tag_of(hash))
        __builtin_prefetch(&tally->list[first.at - 1]);
    else if (tally->door != NULL)
        __builtin_prefetch(&tally->door[(size_t)(hash >> 20) & (DOOR_SIZE - 1)]);
#else
    (void)tally;
    (void)hash;
#endif
}

void md_tally_merge(struct md_tally *into, const struct md_tally *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct md_tally_entry *entry = &from->list[i];
        struct md_tally_entry *mine = md_tally_get(into, entry->hash, md_tally_name(from, entry));

        for (size_t k = 0; k < MD_TALLY_COUNTS; k++)
            mine->n[k] += entry->n[k];
        for (size_t k = 0; k < MD_TALLY_BITS; k++)
            mine->bits[k] |= entry->bits[k];
        mine->flags |= entry->flags;
    }
    into->error += from->error;
}

size_t md_tally_count(const struct md_tally *tally)
{
    return tally->count;
}

const struct md_tally_entry *md_tally_at(const struct md_tally *tally, size_t i)
{
    return &tally->list[i];
}

struct md_str md_tally_name(const struct md_tally *tally, const struct md_tally_entry *entry)
{
    return md_str_n(tally->pool.text + entry->name, entry->length);
}

uint64_t md_tally_error(const struct md_tally *tally)
{
    return tally->error;
}

void md_tally_see(struct md_tally_entry *entry, uint64_t hash)
{
    const unsigned bit = (unsigned)(hash >> 40) % (64 * MD_TALLY_BITS);

    entry->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

uint64_t md_tally_seen(const struct md_tally_entry *entry)
{
    const double all = 64.0 * MD_TALLY_BITS;
    unsigned set = 0;

    for (size_t i = 0; i < MD_TALLY_BITS; i++)
        for (uint64_t bits = entry->bits[i]; bits != 0; bits &= bits - 1)
            set++;
    /* Linear counting: m ln(m / empty). */
    return set == (unsigned)all ? 2048 : (uint64_t)llround(all * log(all / (all - set)));
}
