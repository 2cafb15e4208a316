#include "engine/base/topk.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "engine/base/bug.h"
#include "engine/base/time.h"

#define NAME_MAX_BYTES 512
#define FIRST_ENTRIES 16
#define FIRST_SLOTS 64

struct entry {
    struct md_topk_entry shown; /* shown.name.p points to `name` */
    char *name;                 /* heap */
    size_t name_room;
    uint64_t hash;
};

/* Open addressing with linear probing, at most half full. */
struct slot {
    uint32_t index; /* into entries, plus 1; 0: empty */
    uint32_t tag;   /* upper half of the hash: spares most looks at entries */
};

/*
 * The least entry is found through a heap that is only built once a table is full, and is lazy: counts only grow, so
 * the count an item was filed under is a lower bound. An add to a known name touches no heap; whoever wants the least
 * corrects the root until it is right.
 */
struct filed {
    uint64_t count;
    uint32_t index;
};

struct md_topk {
    size_t capacity;
    struct entry *entries;
    size_t count, room;
    struct slot *slots;
    size_t slot_mask;
    struct filed *heap; /* `count` items where has_heap */
    bool has_heap;
    uint64_t total;
    uint64_t next_rank;
    uint64_t floor; /* no name that is not in the table came more often */
    bool is_exact;
};

struct md_topk *md_topk_new(size_t capacity)
{
    struct md_topk *table = md_xcalloc(1, sizeof *table);

    if (capacity == 0 || capacity > UINT32_MAX / 4)
        MD_BUG("a table of %zu names", capacity);
    table->capacity = capacity;
    table->slots = md_xcalloc(FIRST_SLOTS, sizeof *table->slots);
    table->slot_mask = FIRST_SLOTS - 1;
    table->is_exact = true;
    return table;
}

static void free_entries(struct entry *entries, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        free(entries[i].name);
    free(entries);
}

void md_topk_free(struct md_topk **table)
{
    if (*table == NULL)
        return;
    free_entries((*table)->entries, (*table)->count);
    free((*table)->slots);
    free((*table)->heap);
    free(*table);
    *table = NULL;
}

/* The entry of a name, or NULL. */
static struct entry *find(const struct md_topk *table, struct md_str name, uint64_t hash)
{
    size_t at = (size_t)hash & table->slot_mask;
    uint32_t tag = (uint32_t)(hash >> 32);
    struct entry *entry;

    for (; table->slots[at].index != 0; at = (at + 1) & table->slot_mask) {
        if (table->slots[at].tag != tag)
            continue;
        entry = &table->entries[table->slots[at].index - 1];
        if (md_str_eq(entry->shown.name, name))
            return entry;
    }
    return NULL;
}

static void put_slot(struct md_topk *table, size_t index)
{
    uint64_t hash = table->entries[index].hash;
    size_t at = (size_t)hash & table->slot_mask;

    while (table->slots[at].index != 0)
        at = (at + 1) & table->slot_mask;
    table->slots[at] = (struct slot){(uint32_t)index + 1, (uint32_t)(hash >> 32)};
}

/* Empties the slot of an entry and moves back those behind it that would not be found any more. */
static void remove_slot(struct md_topk *table, size_t index)
{
    size_t at = (size_t)table->entries[index].hash & table->slot_mask;
    size_t next, home;

    while (table->slots[at].index != index + 1)
        at = (at + 1) & table->slot_mask;
    for (next = (at + 1) & table->slot_mask; table->slots[next].index != 0; next = (next + 1) & table->slot_mask) {
        home = (size_t)table->entries[table->slots[next].index - 1].hash & table->slot_mask;
        if (((next - home) & table->slot_mask) >= ((next - at) & table->slot_mask)) {
            table->slots[at] = table->slots[next];
            at = next;
        }
    }
    table->slots[at] = (struct slot){0, 0};
}

static void rehash(struct md_topk *table, size_t slots)
{
    size_t i;

    free(table->slots);
    table->slots = md_xcalloc(slots, sizeof *table->slots);
    table->slot_mask = slots - 1;
    for (i = 0; i < table->count; i++)
        put_slot(table, i);
}

static void set_name(struct entry *entry, struct md_str name)
{
    if (entry->name_room < name.n || entry->name == NULL) {
        entry->name_room = name.n > 32 ? name.n : 32;
        entry->name = md_xrealloc(entry->name, entry->name_room);
    }
    if (name.n > 0)
        memcpy(entry->name, name.p, name.n);
    entry->shown.name = md_str_n(entry->name, name.n);
}

static struct entry *append(struct md_topk *table)
{
    if (table->count == table->room) {
        table->room = table->room > 0 ? 2 * table->room : FIRST_ENTRIES;
        if (table->room > table->capacity)
            table->room = table->capacity;
        table->entries = md_xrealloc(table->entries, table->room * sizeof *table->entries);
    }
    if (2 * (table->count + 1) > table->slot_mask)
        rehash(table, 2 * (table->slot_mask + 1));
    table->entries[table->count] = (struct entry){0};
    return &table->entries[table->count++];
}

/* Of those with the least count, the one that came first. */
static bool is_before(const struct md_topk *table, struct filed a, struct filed b)
{
    if (a.count != b.count)
        return a.count < b.count;
    return table->entries[a.index].shown.rank < table->entries[b.index].shown.rank;
}

static void sift_down(struct md_topk *table, size_t at)
{
    struct filed moved = table->heap[at];
    size_t child;

    while ((child = 2 * at + 1) < table->count) {
        if (child + 1 < table->count && is_before(table, table->heap[child + 1], table->heap[child]))
            child++;
        if (!is_before(table, table->heap[child], moved))
            break;
        table->heap[at] = table->heap[child];
        at = child;
    }
    table->heap[at] = moved;
}

static void build_heap(struct md_topk *table)
{
    size_t i;

    free(table->heap);
    table->heap = md_xcalloc(table->count, sizeof *table->heap);
    for (i = 0; i < table->count; i++)
        table->heap[i] = (struct filed){table->entries[i].shown.count, (uint32_t)i};
    for (i = table->count / 2; i > 0; i--)
        sift_down(table, i - 1);
    table->has_heap = true;
}

/* The entry with the least count; it is the root of the heap afterwards. */
static struct entry *least(struct md_topk *table)
{
    struct entry *entry;

    if (!table->has_heap)
        build_heap(table);
    for (;;) {
        entry = &table->entries[table->heap[0].index];
        if (table->heap[0].count == entry->shown.count)
            return entry;
        table->heap[0].count = entry->shown.count;
        sift_down(table, 0);
    }
}

/* An entry for a name that is not in the table, with a count that already holds its possible error. */
static struct entry *admit(struct md_topk *table, struct md_str name, uint64_t hash)
{
    struct entry *entry;
    bool replaces = table->count == table->capacity;

    if (replaces) {
        entry = least(table);
        if (entry->shown.count > table->floor)
            table->floor = entry->shown.count;
        table->is_exact = false;
        remove_slot(table, (size_t)(entry - table->entries));
    } else {
        entry = append(table);
    }
    set_name(entry, name);
    entry->hash = hash;
    entry->shown.count = table->floor;
    entry->shown.error = table->floor;
    memset(entry->shown.extra, 0, sizeof entry->shown.extra);
    entry->shown.first = MD_TIME_NONE;
    entry->shown.last = MD_TIME_NONE;
    entry->shown.rank = table->next_rank++;
    put_slot(table, (size_t)(entry - table->entries));
    /* The new rank may put it behind others of the same count, so it is filed anew. */
    if (replaces) {
        table->heap[0].count = entry->shown.count;
        sift_down(table, 0);
    }
    return entry;
}

static void widen(struct md_topk_entry *entry, int64_t first, int64_t last)
{
    if (first != MD_TIME_NONE && (entry->first == MD_TIME_NONE || first < entry->first))
        entry->first = first;
    if (last != MD_TIME_NONE && (entry->last == MD_TIME_NONE || last > entry->last))
        entry->last = last;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

struct md_topk_entry *md_topk_add(struct md_topk *table, struct md_str name, uint64_t by, int64_t at)
{
    struct entry *entry;
    uint64_t hash;

    if (name.n > NAME_MAX_BYTES)
        name.n = NAME_MAX_BYTES;
    hash = md_str_hash(name);
    entry = find(table, name, hash);
    if (entry == NULL)
        entry = admit(table, name, hash);
    entry->shown.count = sum(entry->shown.count, by);
    table->total = sum(table->total, by);
    widen(&entry->shown, at, at);
    return &entry->shown;
}

const struct md_topk_entry *md_topk_find(const struct md_topk *table, struct md_str name)
{
    struct entry *entry;

    if (name.n > NAME_MAX_BYTES)
        name.n = NAME_MAX_BYTES;
    entry = find(table, name, md_str_hash(name));
    return entry != NULL ? &entry->shown : NULL;
}

static int in_order(const struct md_topk_entry *a, const struct md_topk_entry *b)
{
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

static int entries_in_order(const void *a, const void *b)
{
    return in_order(&((const struct entry *)a)->shown, &((const struct entry *)b)->shown);
}

static int pointers_in_order(const void *a, const void *b)
{
    return in_order(*(const struct md_topk_entry *const *)a, *(const struct md_topk_entry *const *)b);
}

/* Adds what `from` says about one name. `absent` is how often it may have come to `into` where it is not in its
 * table. */
static void merge_entry(struct md_topk *into, const struct entry *theirs, uint64_t absent, uint64_t rank)
{
    struct entry *entry = find(into, theirs->shown.name, theirs->hash);
    size_t i;

    if (entry == NULL) {
        entry = append(into);
        set_name(entry, theirs->shown.name);
        entry->hash = theirs->hash;
        entry->shown.count = absent;
        entry->shown.error = absent;
        entry->shown.first = MD_TIME_NONE;
        entry->shown.last = MD_TIME_NONE;
        entry->shown.rank = rank;
        put_slot(into, (size_t)(entry - into->entries));
    }
    entry->shown.count = sum(entry->shown.count, theirs->shown.count);
    entry->shown.error = sum(entry->shown.error, theirs->shown.error);
    for (i = 0; i < MD_TOPK_EXTRA; i++)
        entry->shown.extra[i] = sum(entry->shown.extra[i], theirs->shown.extra[i]);
    widen(&entry->shown, theirs->shown.first, theirs->shown.last);
}

/* Puts entries in order and lets go of those beyond the capacity. */
static void cut(struct md_topk *table)
{
    size_t i;

    if (table->count <= table->capacity)
        return;
    qsort(table->entries, table->count, sizeof *table->entries, entries_in_order);
    if (table->entries[table->capacity].shown.count > table->floor)
        table->floor = table->entries[table->capacity].shown.count;
    for (i = table->capacity; i < table->count; i++)
        free(table->entries[i].name);
    table->count = table->capacity;
    table->is_exact = false;
    rehash(table, table->slot_mask + 1);
}

void md_topk_merge(struct md_topk *into, const struct md_topk *from)
{
    size_t capacity = into->capacity;
    uint64_t absent = into->floor;
    size_t i;

    if (into == from)
        MD_BUG("a table merged into itself");
    /* What came to `into` only may have come to `from` as often as its floor allows. */
    for (i = 0; i < into->count; i++) {
        if (from->floor > 0 && find(from, into->entries[i].shown.name, into->entries[i].hash) == NULL) {
            into->entries[i].shown.count = sum(into->entries[i].shown.count, from->floor);
            into->entries[i].shown.error = sum(into->entries[i].shown.error, from->floor);
        }
    }
    into->capacity = capacity + from->count; /* for the moment */
    for (i = 0; i < from->count; i++)
        merge_entry(into, &from->entries[i], absent, sum(into->next_rank, from->entries[i].shown.rank));
    into->capacity = capacity;
    into->next_rank = sum(into->next_rank, from->next_rank);
    into->floor = sum(into->floor, from->floor);
    into->total = sum(into->total, from->total);
    into->is_exact = into->is_exact && from->is_exact;
    into->has_heap = false;
    cut(into);
}

uint64_t md_topk_total(const struct md_topk *table)
{
    return table->total;
}

size_t md_topk_distinct(const struct md_topk *table)
{
    return table->count;
}

bool md_topk_is_exact(const struct md_topk *table)
{
    return table->is_exact;
}

size_t md_topk_list(const struct md_topk *table, const struct md_topk_entry **ret, size_t max)
{
    const struct md_topk_entry **all = md_xcalloc(table->count, sizeof *all);
    size_t i;

    for (i = 0; i < table->count; i++)
        all[i] = &table->entries[i].shown;
    qsort(all, table->count, sizeof *all, pointers_in_order);
    if (max > table->count)
        max = table->count;
    if (max > 0)
        memcpy(ret, all, max * sizeof *all);
    free(all);
    return max;
}
