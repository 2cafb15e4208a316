/* When and in which zone the files were taken, and of which host; the order of the items. */
#include "probes/bundle/recorded.h"

#include "engine/base/display.h"
#include "probes/source/stream.h"

#define UNPACK_MAX ((uint64_t)64 << 20) /* a larger compressed log is not unpacked only for its last stamp */

static bool has_stamps(enum md_item_kind kind)
{
    return kind == MD_ITEM_MAIL_LOG || kind == MD_ITEM_CONNECTION_LOG || kind == MD_ITEM_NSLOG ||
           kind == MD_ITEM_CALENDAR_LOG || kind == MD_ITEM_DATE || kind == MD_ITEM_QM_DIRECTORY;
}

static bool is_log(enum md_item_kind kind)
{
    return has_stamps(kind) && kind != MD_ITEM_DATE && kind != MD_ITEM_QM_DIRECTORY;
}

/* The last bytes of an item, into a buffer of twice MD_PACK_TAIL. */
static struct md_str tail_of(struct md_recorded *self, const struct md_item *item, char *buffer)
{
    const struct md_recorded_entry *entry = &self->entries[item->handle];
    struct md_item end = *item;
    struct md_stream *stream;
    size_t n = 0;
    ptrdiff_t got;
    bool is_packed = md_pack_is_compressed(self->pack, entry->member);

    if (item->size == UINT64_MAX && item->offset == 0 && entry->clean == 0 && !is_packed) {
        if (entry->member->tail.n > 0)
            return entry->member->tail;
        end.size = entry->member->size;
    }
    if (is_packed && entry->member->size > UNPACK_MAX)
        return md_str("");
    if (!is_packed && end.size != UINT64_MAX && end.size > MD_PACK_TAIL) {
        end.offset += end.size - MD_PACK_TAIL;
        end.size = MD_PACK_TAIL;
    }
    if (md_source_open(self->source, &end, &stream) < 0)
        return md_str("");
    while ((got = md_stream_read(stream, buffer + n, 2 * MD_PACK_TAIL - n)) > 0) {
        n += (size_t)got;
        if (n == 2 * MD_PACK_TAIL) {
            memmove(buffer, buffer + MD_PACK_TAIL, MD_PACK_TAIL);
            n = MD_PACK_TAIL;
        }
    }
    md_stream_close(&stream);
    return md_str_n(buffer, n);
}

static const char *offset_name(struct md_arena *arena, int32_t offset_s)
{
    int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;

    if (offset_s == 0)
        return "UTC";
    return md_arena_printf(arena, "%c%02d:%02d", offset_s < 0 ? '-' : '+', (int)(minutes / 60), (int)(minutes % 60));
}

struct newest {
    struct md_instant absolute, local;
    int32_t offset_s; /* of the newest absolute one that says */
    int64_t offset_at;
    bool has_offset;
    const char *host;
};

static void take(struct md_recorded *self, const struct md_item *item, struct newest *newest, char *buffer)
{
    struct md_instant one;
    struct md_instant *slot;

    if (item->kind == MD_ITEM_QM_DIRECTORY) { /* its date comes first */
        struct md_stream *stream;
        ptrdiff_t got;

        if (md_source_open(self->source, item, &stream) < 0)
            return;
        got = md_stream_fill(stream, buffer, 1024);
        md_stream_close(&stream);
        md_instant_find(item->kind, md_str_n(buffer, got > 0 ? (size_t)got : 0), true, &one);
    } else {
        md_instant_find(item->kind, tail_of(self, item, buffer), false, &one);
    }
    if (one.at == MD_TIME_NONE)
        return;
    slot = one.is_local ? &newest->local : &newest->absolute;
    if (slot->at == MD_TIME_NONE || one.at > slot->at)
        *slot = one;
    if (one.has_offset && (!newest->has_offset || one.at > newest->offset_at)) {
        newest->has_offset = true;
        newest->offset_s = one.offset_s;
        newest->offset_at = one.at;
    }
    if (newest->host == NULL && (item->kind == MD_ITEM_NSLOG || item->kind == MD_ITEM_CALENDAR_LOG) &&
        !md_str_is_empty(one.host))
        newest->host = md_display(self->source->arena, one.host);
}

/* The times of the members of an archive are those that the files had: the newest output was written last. */
static int64_t newest_member(const struct md_recorded *self)
{
    int64_t at = MD_TIME_NONE;

    for (size_t i = 0; i < self->pack->n; i++)
        if (!self->pack->members[i].is_dir && self->pack->members[i].mtime > at)
            at = self->pack->members[i].mtime;
    return at;
}

/* ---- the newest file of the listings ---- */

/* ls leaves the year out of what is younger than six months (POSIX, ls, "Date and Time"). */
#define HALF_YEAR (182 * MD_DAY)
#define YEAR_DAYS 366

struct listed {
    int64_t newest;            /* date with a year */
    int64_t from;              /* dates without one are placed in the year that begins here */
    int64_t of_day[YEAR_DAYS]; /* the newest of each of its days, MD_TIME_NONE: none */
};

static bool later(void *ctx, const struct md_dir_entry *entry)
{
    struct listed *listed = ctx;

    if (!entry->is_dir && entry->mtime != MD_TIME_NONE && entry->mtime > listed->newest)
        listed->newest = entry->mtime;
    return true;
}

static bool place(void *ctx, const struct md_dir_entry *entry)
{
    struct listed *listed = ctx;
    int64_t *day;

    if (entry->is_dir || entry->mtime <= listed->from || entry->mtime > listed->from + YEAR_DAYS * MD_DAY)
        return true;
    day = &listed->of_day[(entry->mtime - listed->from - 1) / MD_DAY];
    if (entry->mtime > *day)
        *day = entry->mtime;
    return true;
}

static void walk_listings(struct md_recorded *self, md_dir_fn *fn, struct listed *listed)
{
    const struct md_item_list *list = &self->source->by_kind[MD_ITEM_LISTING];

    for (size_t i = 0; i < list->n; i++) {
        /* A probe reports what is wrong with it, once. */
        enum md_status status = md_source_walk(self->source, list->list[i], NULL, fn, listed);

        if (status == MD_INTERRUPTED)
            break;
    }
}

/* What is without a year lies within six months, so on the circle of a year the newest is the one before the longest gap. */
static int64_t before_longest_gap(const struct listed *listed)
{
    int64_t at = MD_TIME_NONE;
    size_t longest = HALF_YEAR / MD_DAY - 7; /* a week less: listings of a folder may be a few days apart */

    for (size_t d = 0; d < YEAR_DAYS; d++) {
        size_t gap = 0;

        if (listed->of_day[d] == MD_TIME_NONE)
            continue;
        while (gap + 1 < YEAR_DAYS && listed->of_day[(d + gap + 1) % YEAR_DAYS] == MD_TIME_NONE)
            gap++;
        if (gap > longest) {
            longest = gap;
            at = listed->of_day[d];
        }
    }
    return at;
}

/* Only where nothing else says anything. The listing is six months younger than what has a year in it, at least: what has none belongs to
 * the first year after that. */
static int64_t newest_listed(struct md_recorded *self)
{
    struct listed listed = {.newest = MD_TIME_NONE};
    int64_t at;

    walk_listings(self, later, &listed);
    if (listed.newest == MD_TIME_NONE || listed.newest > INT64_MAX / 2)
        return listed.newest;
    listed.from = listed.newest + HALF_YEAR;
    for (size_t d = 0; d < YEAR_DAYS; d++)
        listed.of_day[d] = MD_TIME_NONE;
    self->source->now = listed.from + (YEAR_DAYS - 2) * MD_DAY; /* dates may be a day ahead of it */
    walk_listings(self, place, &listed);
    self->source->now = MD_TIME_NONE;
    at = before_longest_gap(&listed);
    return at != MD_TIME_NONE ? at : listed.newest;
}

void md_recorded_when(struct md_recorded *self)
{
    struct md_source *source = self->source;
    struct newest newest = {.absolute = {.at = MD_TIME_NONE}, .local = {.at = MD_TIME_NONE}};
    char *buffer;

    if (source->now != MD_TIME_NONE && source->zone_name != NULL && source->host != NULL)
        return;
    buffer = md_xcalloc(2 * MD_PACK_TAIL, 1);
    for (size_t i = 0; i < source->all.n && !md_source_is_interrupted(source); i++)
        if (has_stamps(source->all.list[i]->kind) && source->all.list[i]->status == MD_OK)
            take(self, source->all.list[i], &newest, buffer);
    free(buffer);
    if (source->zone_name == NULL && newest.has_offset)
        source->zone_name = offset_name(source->arena, newest.offset_s);
    if (source->host == NULL)
        source->host = newest.host;
    if (source->now != MD_TIME_NONE)
        return;
    if (newest.local.at != MD_TIME_NONE) {
        const struct md_zone *zone = NULL;

        if (source->zone_name != NULL && md_zone_load(source->arena, md_str(source->zone_name), &zone) == MD_OK) {
            newest.local.at = md_zone_to_utc(zone, newest.local.at, NULL);
            newest.local.is_local = false;
        }
    }
    if (newest.absolute.at == MD_TIME_NONE || (newest.local.at != MD_TIME_NONE && newest.local.at > newest.absolute.at))
        newest.absolute = newest.local;
    source->now = newest.absolute.at;
    source->now_is_local = newest.absolute.at != MD_TIME_NONE && newest.absolute.is_local;
    if (source->now == MD_TIME_NONE && self->pack->is_archive)
        source->now = newest_member(self);
    if (source->now == MD_TIME_NONE)
        source->now = newest_listed(self);
}

/* ---- order ---- */

struct sorted {
    const struct md_item *item;
    int64_t first; /* logs: of the first stamp; else 0 */
};

static int by_order(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    order = strcmp(x->item->name, y->item->name);
    return order != 0 ? order : (x->item->offset > y->item->offset) - (x->item->offset < y->item->offset);
}

static void sort_list(struct md_recorded *self, struct md_item_list *list, bool by_time)
{
    struct sorted *sorted = md_xcalloc(list->n + 1, sizeof *sorted);

    for (size_t i = 0; i < list->n; i++) {
        const struct md_instant *first = &self->entries[list->list[i]->handle].first;

        sorted[i].item = list->list[i];
        /* An hour or a zone more or less does not change the order of logs. */
        sorted[i].first = by_time && first->at != MD_TIME_NONE ? first->at : 0;
    }
    if (list->n > 1)
        qsort(sorted, list->n, sizeof *sorted, by_order);
    for (size_t i = 0; i < list->n; i++)
        list->list[i] = sorted[i].item;
    free(sorted);
}

void md_recorded_sort(struct md_recorded *self)
{
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++)
        sort_list(self, &self->source->by_kind[kind], is_log((enum md_item_kind)kind));
    sort_list(self, &self->source->all, false);
}
