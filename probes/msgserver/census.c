#include "probes/msgserver/census.h"

#include <stdlib.h>
#include <string.h>

#include "probes/formats/msgserver/queue_name.h"
#include "probes/msgserver/stuck_set.h"

#define INDEX_SIZE 16384 /* of the channels by name: a power of two over twice their number */
#define OTHERS "(others)"
#define OVERDUE_LEAST (30 * MD_MINUTE)
#define FUTURE_LEAST MD_HOUR
#define SUBDIR_WORDS ((MD_QUEUE_SUBDIR_MAX + 64) / 64)
#define BACKOFF_MAX_S (366 * 86400.0)

struct channel {
    struct md_census_channel pub;
    uint64_t hash;
    uint64_t subdirs[SUBDIR_WORDS];
};

struct md_census {
    struct md_census_options options;
    struct md_arena *arena; /* names */
    struct channel *channels;
    size_t n, capacity;
    uint16_t index[INDEX_SIZE]; /* 1 + position in channels, 0: free */
    struct md_stuck_set stuck;
    uint64_t root_foreign;
};

static const unsigned age_minutes[] = {MD_CENSUS_AGE_MINUTES};

static const double default_backoff_minutes[] = {60, 120, 120, 240, 240, 240, 480};

_Static_assert(sizeof(age_minutes) / sizeof *age_minutes == MD_CENSUS_AGES - 1, "one bin for all older ones");
_Static_assert(INDEX_SIZE > 2 * MD_CENSUS_CHANNELS_MAX, "the index is never full");

/* ---- making ---- */

struct md_census *md_census_new(const struct md_census_options *options)
{
    struct md_census *census = md_xcalloc(1, sizeof *census);

    census->options = *options;
    census->arena = md_arena_new();
    md_stuck_set_init(&census->stuck, MD_CENSUS_STUCK_MAX);
    return census;
}

void md_census_free(struct md_census **census)
{
    if (*census == NULL)
        return;
    md_stuck_set_free(&(*census)->stuck);
    md_arena_free(&(*census)->arena);
    free((*census)->channels);
    free(*census);
    *census = NULL;
}

/* ---- channels ---- */

static struct channel *find_channel(const struct md_census *census, struct md_str name, uint64_t hash)
{
    for (size_t i = hash & (INDEX_SIZE - 1); census->index[i] != 0; i = (i + 1) & (INDEX_SIZE - 1)) {
        struct channel *c = &census->channels[census->index[i] - 1];

        if (c->hash == hash && md_str_eq(c->pub.name, name))
            return c;
    }
    return NULL;
}

static void set_schedule(const struct md_census *census, struct md_census_channel *c)
{
    struct md_census_schedule *schedule = &c->schedule;

    if (census->options.schedule != NULL)
        census->options.schedule(census->options.ctx, c->name, schedule);
    if (schedule->n_backoff > MD_CENSUS_BACKOFF_MAX)
        schedule->n_backoff = MD_CENSUS_BACKOFF_MAX;
    for (size_t i = 0; i < schedule->n_backoff; i++)
        if (!(schedule->backoff_s[i] >= 0 && schedule->backoff_s[i] <= BACKOFF_MAX_S))
            schedule->backoff_s[i] = BACKOFF_MAX_S;
    if (schedule->n_backoff > 0)
        return;
    schedule->n_backoff = sizeof(default_backoff_minutes) / sizeof *default_backoff_minutes;
    for (size_t i = 0; i < schedule->n_backoff; i++)
        schedule->backoff_s[i] = default_backoff_minutes[i] * 60;
}

static struct channel *get_channel(struct md_census *census, struct md_str name)
{
    uint64_t hash = md_str_hash(name);
    struct channel *c = find_channel(census, name, hash);
    size_t i;

    if (c != NULL)
        return c;
    if (census->n >= MD_CENSUS_CHANNELS_MAX) {
        name = MD_LIT(OTHERS);
        hash = md_str_hash(name);
        c = find_channel(census, name, hash);
        if (c != NULL)
            return c;
    }
    if (census->n == census->capacity) {
        census->capacity = census->capacity == 0 ? 16 : census->capacity * 2;
        census->channels = md_xrealloc(census->channels, census->capacity * sizeof *census->channels);
    }
    c = &census->channels[census->n];
    *c = (struct channel){.hash = hash};
    c->pub.name = md_arena_str(census->arena, name);
    c->pub.index = (uint32_t)census->n;
    c->pub.oldest = c->pub.newest = c->pub.oldest_untried = c->pub.newest_untried = MD_TIME_NONE;
    c->pub.oldest_tried = c->pub.newest_tried = c->pub.oldest_held = c->pub.newest_held = MD_TIME_NONE;
    c->pub.oldest_foreign = c->pub.oldest_guess = MD_TIME_NONE;
    set_schedule(census, &c->pub);
    for (i = hash & (INDEX_SIZE - 1); census->index[i] != 0; i = (i + 1) & (INDEX_SIZE - 1))
        continue;
    census->index[i] = (uint16_t)++census->n;
    return c;
}

/* ---- single measures ---- */

static void widen(int64_t at, int64_t *oldest, int64_t *newest)
{
    if (at == MD_TIME_NONE)
        return;
    if (*oldest == MD_TIME_NONE || at < *oldest)
        *oldest = at;
    if (newest != NULL && (*newest == MD_TIME_NONE || at > *newest))
        *newest = at;
}

static size_t age_bin(int64_t now, int64_t at)
{
    size_t low = 0, high = MD_CENSUS_AGES - 1;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (now - at <= age_minutes[middle] * MD_MINUTE)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The interval after the n-th failed attempt. */
static int64_t backoff_after(const struct md_census_schedule *schedule, unsigned attempts)
{
    size_t step = attempts - 1 < schedule->n_backoff ? attempts - 1 : schedule->n_backoff - 1;

    return (int64_t)(schedule->backoff_s[step] * (double)MD_SECOND);
}

/* The last attempt was at mtime; the ones before it came at their intervals. */
static int64_t guess_submission(const struct md_census_schedule *schedule, unsigned attempts, int64_t mtime)
{
    for (unsigned i = 1; i < attempts; i++)
        mtime -= backoff_after(schedule, i);
    return mtime;
}

static void add_schedule(struct md_census_channel *c, int64_t now, unsigned attempts, int64_t mtime)
{
    int64_t wait = backoff_after(&c->schedule, attempts);
    int64_t slack = wait / 2 > OVERDUE_LEAST ? wait / 2 : OVERDUE_LEAST;

    if (now <= mtime + wait)
        c->in_backoff++;
    else if (now > mtime + wait + slack)
        c->overdue++;
    widen(guess_submission(&c->schedule, attempts, mtime), &c->oldest_guess, NULL);
}

static void add_foreign(struct md_census_channel *c, bool is_leftover, uint64_t size, int64_t mtime)
{
    if (is_leftover) {
        c->leftovers++;
        c->leftover_bytes += size;
        return;
    }
    c->foreign++;
    widen(mtime, &c->oldest_foreign, NULL);
}

static uint64_t stuck_hash(uint64_t channel_hash, struct md_str unique)
{
    uint64_t h = md_str_hash(unique) ^ (channel_hash * UINT64_C(0x9e3779b97f4a7c15));

    /* The sample is taken by the low bits, so they must depend on all others. */
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    h ^= h >> 29;
    return h != 0 ? h : 1;
}

static void recount_slots(struct md_census *census)
{
    for (size_t i = 0; i < census->n; i++)
        census->channels[i].pub.slots = 0;
    for (size_t i = 0; i < census->stuck.n; i++)
        census->channels[census->stuck.slots[i].channel].pub.slots++;
}

/* A bit for an extension of two digits, 0 for others. */
static uint32_t extension_bit(struct md_str extension)
{
    unsigned number;

    if (extension.n != 2 || !md_is_digit(extension.p[0]) || !md_is_digit(extension.p[1]))
        return 0;
    number = (unsigned)((extension.p[0] - '0') * 10 + (extension.p[1] - '0'));
    return UINT32_C(1) << (number < 31 ? number : 31);
}

static void add_stuck(struct md_census *census, struct channel *c, const struct md_queue_name *name, int64_t mtime)
{
    uint64_t factor = census->stuck.factor;
    struct md_stuck *slot = md_stuck_set_add(&census->stuck, stuck_hash(c->hash, name->unique));

    if (slot != NULL) {
        slot->channel = c->pub.index;
        slot->copies++;
        slot->is_held = slot->is_held || name->is_held;
        slot->extensions |= extension_bit(name->extension);
        if (name->attempts > slot->attempts)
            slot->attempts = (uint16_t)name->attempts;
        widen(mtime, &slot->mtime, NULL);
        c->pub.slots += slot->copies == 1;
    }
    if (census->stuck.factor != factor)
        recount_slots(census);
}

static void add_file(struct md_census *census, struct channel *channel, const struct md_queue_name *name, uint64_t size,
                     int64_t mtime)
{
    struct md_census_channel *c = &channel->pub;
    int64_t now = census->options.now;
    uint64_t *ages;

    c->files++;
    c->bytes += size;
    if (size > c->largest)
        c->largest = size;
    widen(mtime, &c->oldest, &c->newest);
    if (mtime == MD_TIME_NONE)
        c->undated++;
    else if (mtime > now + FUTURE_LEAST)
        c->future++;

    if (name->is_held) {
        c->held++;
        ages = c->held_ages;
        widen(mtime, &c->oldest_held, &c->newest_held);
    } else {
        c->generations[name->attempts < MD_CENSUS_GENERATIONS ? name->attempts : MD_CENSUS_GENERATIONS - 1]++;
        if (name->attempts > c->attempts_max)
            c->attempts_max = name->attempts;
        if (c->schedule.age_limit_s > 0 && mtime != MD_TIME_NONE &&
            (double)(now - mtime) > c->schedule.age_limit_s * (double)MD_SECOND)
            c->over_age++;
        if (name->attempts == 0) {
            c->untried++;
            ages = c->untried_ages;
            widen(mtime, &c->oldest_untried, &c->newest_untried);
            widen(mtime, &c->oldest_guess, NULL);
        } else {
            c->tried++;
            c->attempts_total += name->attempts;
            ages = c->tried_ages;
            widen(mtime, &c->oldest_tried, &c->newest_tried);
            if (mtime != MD_TIME_NONE)
                add_schedule(c, now, name->attempts, mtime);
        }
    }
    if (mtime != MD_TIME_NONE)
        ages[age_bin(now, mtime)]++;
    add_stuck(census, channel, name, mtime);
}

/* ---- entries ---- */

static void add_subdir(struct channel *c, unsigned number)
{
    uint64_t bit = UINT64_C(1) << (number % 64);

    if ((c->subdirs[number / 64] & bit) != 0)
        return;
    c->subdirs[number / 64] |= bit;
    c->pub.subdirs++;
}

static bool is_private(struct md_str inner)
{
    return md_str_is(inner, "spool") || md_str_has_prefix(inner, MD_LIT("spool/"));
}

static void add_to_root(struct md_census *census, struct md_str name, bool is_dir)
{
    bool is_channel = is_dir && name.n > 0 && name.p[0] != '.' && name.p[0] != '$' && !md_str_is(name, "lost+found");

    if (name.n == 0)
        return;
    if (is_channel) {
        (void)get_channel(census, name);
        return;
    }
    census->root_foreign++;
}

static void add_folder(struct channel *c, const struct md_queue_path *at, int64_t mtime)
{
    unsigned number;

    if (at->subdir == 0 && at->inner.n == 0 && md_queue_subdir_parse(at->name, &number)) {
        add_subdir(c, number);
        return;
    }
    if (!is_private(at->inner) && !md_str_is(at->name, "spool"))
        add_foreign(&c->pub, false, 0, mtime);
}

void md_census_add(struct md_census *census, struct md_str path, bool is_dir, uint64_t size, int64_t mtime)
{
    struct md_queue_path at;
    struct md_queue_name name;
    struct channel *c;

    md_queue_path_parse(path, &at);
    if (at.channel.n == 0) {
        add_to_root(census, at.name, is_dir);
        return;
    }
    if (md_str_is(at.channel, "lost+found"))
        return;
    c = get_channel(census, at.channel);
    if (is_dir) {
        add_folder(c, &at, mtime);
        return;
    }
    if (at.subdir > 0)
        add_subdir(c, at.subdir);
    if (md_queue_name_is_leftover(at.name))
        add_foreign(&c->pub, true, size, mtime);
    else if (at.inner.n == 0 && md_queue_name_parse(at.name, &name))
        add_file(census, c, &name, size, mtime);
    else if (!is_private(at.inner))
        add_foreign(&c->pub, false, size, mtime);
}

/* ---- merging ---- */

static void add_bins(uint64_t *into, const uint64_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        into[i] += from[i];
}

/* All but name, index, schedule, subdirs and slots. */
static void add_measures(struct md_census_channel *into, const struct md_census_channel *from)
{
    into->files += from->files;
    into->held += from->held;
    into->untried += from->untried;
    into->tried += from->tried;
    into->bytes += from->bytes;
    if (from->largest > into->largest)
        into->largest = from->largest;
    into->undated += from->undated;
    into->future += from->future;
    into->attempts_total += from->attempts_total;
    if (from->attempts_max > into->attempts_max)
        into->attempts_max = from->attempts_max;
    into->over_age += from->over_age;
    into->in_backoff += from->in_backoff;
    into->overdue += from->overdue;
    into->foreign += from->foreign;
    into->leftovers += from->leftovers;
    into->leftover_bytes += from->leftover_bytes;
    add_bins(into->generations, from->generations, MD_CENSUS_GENERATIONS);
    add_bins(into->untried_ages, from->untried_ages, MD_CENSUS_AGES);
    add_bins(into->tried_ages, from->tried_ages, MD_CENSUS_AGES);
    add_bins(into->held_ages, from->held_ages, MD_CENSUS_AGES);
    widen(from->oldest, &into->oldest, NULL);
    widen(from->newest, &(int64_t){from->newest}, &into->newest);
    widen(from->oldest_untried, &into->oldest_untried, NULL);
    widen(from->newest_untried, &(int64_t){from->newest_untried}, &into->newest_untried);
    widen(from->oldest_tried, &into->oldest_tried, NULL);
    widen(from->newest_tried, &(int64_t){from->newest_tried}, &into->newest_tried);
    widen(from->oldest_held, &into->oldest_held, NULL);
    widen(from->newest_held, &(int64_t){from->newest_held}, &into->newest_held);
    widen(from->oldest_foreign, &into->oldest_foreign, NULL);
    widen(from->oldest_guess, &into->oldest_guess, NULL);
}

static void merge_slot(struct md_census *into, uint32_t channel, const struct md_stuck *from)
{
    struct md_stuck *slot = md_stuck_set_add(&into->stuck, from->hash), old;

    if (slot == NULL)
        return;
    old = *slot;
    into->channels[channel].pub.slots += old.copies == 0;
    if (old.copies == 0 || old.sender == MD_SENDER_NOT_KNOWN)
        *slot = *from;
    slot->channel = channel;
    slot->copies = old.copies + from->copies;
    slot->is_held = old.is_held || from->is_held;
    slot->extensions = old.extensions | from->extensions;
    slot->attempts = old.attempts > from->attempts ? old.attempts : from->attempts;
    slot->mtime = from->mtime;
    widen(old.mtime, &slot->mtime, NULL);
}

void md_census_merge(struct md_census *into, const struct md_census *from)
{
    uint32_t *channel_of = md_xcalloc(from->n + 1, sizeof *channel_of);
    uint64_t factor;

    for (size_t i = 0; i < from->n; i++) {
        const struct channel *f = &from->channels[i];
        struct channel *t = get_channel(into, f->pub.name);

        channel_of[i] = t->pub.index;
        add_measures(&t->pub, &f->pub);
        for (unsigned k = 0; k < SUBDIR_WORDS * 64; k++)
            if ((f->subdirs[k / 64] >> (k % 64) & 1) != 0)
                add_subdir(t, k);
    }
    factor = into->stuck.factor;
    md_stuck_set_thin(&into->stuck, from->stuck.factor);
    for (size_t i = 0; i < from->stuck.n; i++)
        merge_slot(into, channel_of[from->stuck.slots[i].channel], &from->stuck.slots[i]);
    if (into->stuck.factor != factor)
        recount_slots(into);
    into->root_foreign += from->root_foreign;
    free(channel_of);
}

/* ---- reading ---- */

size_t md_census_channel_count(const struct md_census *census)
{
    return census->n;
}

const struct md_census_channel *md_census_channel_at(const struct md_census *census, size_t i)
{
    return &census->channels[i].pub;
}

const struct md_census_channel *md_census_channel(const struct md_census *census, struct md_str name)
{
    const struct channel *c = find_channel(census, name, md_str_hash(name));

    return c != NULL ? &c->pub : NULL;
}

struct md_census_channel md_census_total(const struct md_census *census)
{
    struct md_census_channel total = {0};

    total.oldest = total.newest = total.oldest_untried = total.newest_untried = MD_TIME_NONE;
    total.oldest_tried = total.newest_tried = total.oldest_held = total.newest_held = total.oldest_foreign =
        total.oldest_guess = MD_TIME_NONE;
    for (size_t i = 0; i < census->n; i++) {
        add_measures(&total, &census->channels[i].pub);
        total.subdirs += census->channels[i].pub.subdirs;
        total.slots += census->channels[i].pub.slots;
    }
    return total;
}

uint64_t md_census_younger(const uint64_t ages[MD_CENSUS_AGES], unsigned minutes)
{
    uint64_t n = 0;

    for (size_t i = 0; i < MD_CENSUS_AGES - 1; i++) {
        n += ages[i];
        if (age_minutes[i] >= minutes)
            return n;
    }
    return n + ages[MD_CENSUS_AGES - 1];
}

uint64_t md_census_older(const uint64_t ages[MD_CENSUS_AGES], unsigned minutes)
{
    uint64_t n = 0;

    for (size_t i = 0; i < MD_CENSUS_AGES; i++)
        n += ages[i];
    return n - md_census_younger(ages, minutes);
}

uint64_t md_census_root_foreign(const struct md_census *census)
{
    return census->root_foreign;
}

struct md_stuck *md_census_find(struct md_census *census, struct md_str channel, struct md_str unique)
{
    const struct channel *c = find_channel(census, channel, md_str_hash(channel));

    return c != NULL ? md_stuck_set_find(&census->stuck, stuck_hash(c->hash, unique)) : NULL;
}

struct md_stuck *md_census_next(struct md_census *census, size_t *cursor)
{
    return *cursor < census->stuck.n ? &census->stuck.slots[(*cursor)++] : NULL;
}

size_t md_census_stuck_count(const struct md_census *census)
{
    return census->stuck.n;
}

int64_t md_census_guess_submission(const struct md_census *census, const struct md_stuck *slot)
{
    if (slot->mtime == MD_TIME_NONE)
        return MD_TIME_NONE;
    return guess_submission(&census->channels[slot->channel].pub.schedule, slot->attempts, slot->mtime);
}

const uint64_t *md_census_hand_released(const struct md_census *census, struct md_arena *arena)
{
    uint64_t *counts = md_arena_array(arena, census->n, sizeof *counts);

    for (size_t i = 0; i < census->stuck.n; i++) {
        const struct md_stuck *slot = &census->stuck.slots[i];

        if (slot->extensions != 0 && (slot->extensions & 3) == 0)
            counts[slot->channel] += census->stuck.factor;
    }
    return counts;
}

uint64_t md_census_stuck_factor(const struct md_census *census)
{
    return census->stuck.factor;
}
