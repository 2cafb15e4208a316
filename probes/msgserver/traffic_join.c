/*
 * After the last entry: what the log knows of the queue files goes to their places and channels.
 *
 * A queue file is found by the unique part of its name. Where names are not logged, the queued messages of a place are what arrived
 * and has not left, as far as the log reaches back.
 */
#include "engine/base/arena.h"
#include "probes/msgserver/traffic_priv.h"

static void add(struct md_tally **tally, uint64_t hash, struct md_str name, uint64_t n)
{
    struct md_tally_entry *entry;

    if (*tally == NULL)
        *tally = md_tally_new(MD_TRAFFIC_TALLY_MAX);
    entry = md_tally_get(*tally, hash, name);
    entry->n[0] += n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static struct md_place *place_of(struct md_traffic *traffic, uint16_t index, uint32_t name)
{
    const uint64_t hash = md_names_hash(traffic->names, name);
    struct md_place *place = md_places_make(&traffic->places, md_place_key(traffic->channels[index]->hash, hash));

    if (place->name == 0) {
        place->name = name;
        place->name_hash = hash;
        place->channel = index;
        place->is_mailbox = traffic->channels[index]->kind == MD_LOG_STORE;
    }
    return place;
}

static void add_to_place(struct md_traffic *traffic, struct md_place *place, const struct md_stuck *stuck, uint64_t n)
{
    int64_t since = stuck->submitted != 0 ? stuck->submitted : stuck->mtime;

    (void)traffic;
    place->files += n;
    if (stuck->attempts == 0)
        place->untried += n;
    if (stuck->sender != MD_SENDER_NOT_KNOWN) {
        place->sender_known += n;
        place->sender_empty += stuck->sender == MD_SENDER_EMPTY ? n : 0;
    }
    if (since != MD_TIME_NONE && (place->oldest == MD_TIME_NONE || since < place->oldest)) {
        place->oldest = since;
        place->is_oldest_exact = stuck->submitted != 0 || stuck->attempts == 0;
    }
}

static void add_stuck(struct md_traffic *traffic, struct md_traffic_channel *channel, uint16_t index,
                      const struct md_stuck *stuck, uint64_t n)
{
    struct md_traffic_stuck *all = &channel->stuck;

    all->files += n;
    if (stuck->destination > 1) {
        const uint32_t name = stuck->destination - 1;

        all->known += n;
        add(&all->destinations, md_names_hash(traffic->names, name), md_names_at(traffic->names, name), n);
        add_to_place(traffic, place_of(traffic, index, name), stuck, n);
    }
    if (stuck->recipient > 1) {
        const uint32_t name = stuck->recipient - 1;

        add(&all->recipients, md_names_hash(traffic->names, name), md_names_at(traffic->names, name), n);
    }
    if (stuck->sender != MD_SENDER_NOT_KNOWN) {
        all->sender_known += n;
        all->sender_empty += stuck->sender == MD_SENDER_EMPTY ? n : 0;
    }
    if (stuck->source_channel > 0 && stuck->source_channel <= traffic->n_channels) {
        all->source_known += n;
        all->from_process += traffic->channels[stuck->source_channel - 1]->kind == MD_LOG_PROCESS_CHANNEL ? n : 0;
    }
    if (stuck->failure > 0 && stuck->failure <= MD_FAILURE_CLASSES)
        all->failures[stuck->failure - 1] += n;
}

static void join_by_name(struct md_traffic *traffic)
{
    struct md_census *census = traffic->options.census;
    const uint64_t factor = md_census_stuck_factor(census);
    const struct md_stuck *stuck;
    size_t cursor = 0;

    while ((stuck = md_census_next(census, &cursor)) != NULL) {
        const struct md_str name = md_census_channel_at(census, stuck->channel)->name;
        uint16_t index = 0;
        struct md_traffic_channel *channel;

        if (stuck->is_held)
            continue;
        channel = md_traffic_channel_of(traffic, md_log_hash(name), name, &index);
        add_stuck(traffic, channel, index, stuck, stuck->copies * factor);
    }
}

/* Messages of a channel that are in the queue and not held; UINT64_MAX: not known. */
static uint64_t queued(const struct md_traffic *traffic, struct md_str channel)
{
    const struct md_census_channel *c =
        traffic->options.census != NULL ? md_census_channel(traffic->options.census, channel) : NULL;

    if (c != NULL)
        return c->untried + c->tried;
    return traffic->options.census != NULL ? 0 : UINT64_MAX;
}

static void join_by_count(struct md_traffic *traffic)
{
    for (size_t i = 0; i < traffic->places.count; i++) {
        struct md_place *place = &traffic->places.list[i];
        const struct md_place_seen *seen = md_traffic_seen(traffic, place);
        struct md_traffic_channel *channel = traffic->channels[place->channel];
        const uint64_t most = queued(traffic, channel->name);
        uint64_t n = seen != NULL && seen->pending > 0 ? (uint64_t)seen->pending : 0;

        if (n > most)
            n = most;
        if (n == 0)
            continue;
        place->files = n;
        channel->stuck.files += n;
        channel->stuck.known += n;
        add(&channel->stuck.destinations, place->name_hash, md_names_at(traffic->names, place->name), n);
    }
}

bool md_traffic_has_names(const struct md_traffic *traffic)
{
    return traffic->host.named > 0;
}

void md_traffic_join(struct md_traffic *traffic)
{
    if (!md_traffic_has_names(traffic))
        join_by_count(traffic);
    else if (traffic->options.census != NULL && traffic->host.joined > 0)
        join_by_name(traffic);
}
