/*
 * Two traffics of one `now` become that of both: shards of a log, or logs of several hosts. Items are numbered alike in both.
 */
#include <string.h>

#include "probes/msgserver/traffic_priv.h"

static void add(struct md_traffic_count *into, const struct md_traffic_count *from)
{
    into->window += from->window;
    into->h4 += from->h4;
    into->h1 += from->h1;
    if (into->spot.line == 0)
        into->spot = from->spot;
}

static void add_all(struct md_traffic_count *into, const struct md_traffic_count *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(&into[i], &from[i]);
}

static void add_slots(struct md_traffic_slot *into, const struct md_traffic_slot *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        into[i].arrived += from[i].arrived;
        into[i].delivered += from[i].delivered;
    }
}

static void earlier(int64_t *first, int64_t at)
{
    if (at != MD_TIME_NONE && (*first == MD_TIME_NONE || at < *first))
        *first = at;
}

/* The later instant with its place. */
static void later(int64_t *last, struct md_traffic_spot *spot, int64_t at, struct md_traffic_spot at_spot)
{
    if (at > *last) {
        *last = at;
        *spot = at_spot;
    }
}

static void merge_tally(struct md_tally **into, const struct md_tally *from)
{
    if (from == NULL)
        return;
    if (*into == NULL)
        *into = md_tally_new(MD_TRAFFIC_TALLY_MAX);
    md_tally_merge(*into, from);
}

static void merge_host(struct md_traffic_host *into, const struct md_traffic_host *from)
{
    if (into->first == MD_TIME_NONE || (from->first != MD_TIME_NONE && from->first < into->first)) {
        into->first = from->first;
        into->first_spot = from->first_spot;
    }
    into->entries += from->entries;
    into->guessed += from->guessed;
    into->named += from->named;
    into->joined += from->joined;
    later(&into->newest, &into->newest_spot, from->newest, from->newest_spot);
    later(&into->last_enqueue, &into->enqueue_spot, from->last_enqueue, from->enqueue_spot);
    later(&into->last_attempt, &into->attempt_spot, from->last_attempt, from->attempt_spot);
    later(&into->last_delivery, &into->delivery_spot, from->last_delivery, from->delivery_spot);
    later(&into->last_by_age, &into->age_spot, from->last_by_age, from->age_spot);
    into->by_age += from->by_age;
    add_all(into->refused, from->refused, MD_FAILURE_CLASSES);
    add_all(into->connections, from->connections, MD_FAILURE_CLASSES);
    add(&into->empty_sender, &from->empty_sender);
    add(&into->bounces, &from->bounces);
    add(&into->hops, &from->hops);
    add(&into->outside, &from->outside);
    add_slots(into->quarters, from->quarters, MD_TRAFFIC_QUARTERS);
    add_slots(into->hours, from->hours, MD_TRAFFIC_HOURS);
    add_slots(into->outside_quarters, from->outside_quarters, MD_TRAFFIC_QUARTERS);
    add_slots(into->outside_hours, from->outside_hours, MD_TRAFFIC_HOURS);
    md_tally_merge(into->senders, from->senders);
    md_tally_merge(into->users, from->users);
    md_tally_merge(into->systems, from->systems);
    md_tally_merge(into->sender_domains, from->sender_domains);
    md_tally_merge(into->pairs, from->pairs);
    md_tally_merge(into->recipients, from->recipients);
    into->out_4h += from->out_4h;
    into->submitted_1h += from->submitted_1h;
    into->out_before += from->out_before;
}

static void merge_channel(struct md_traffic_channel *into, const struct md_traffic_channel *from)
{
    into->entries += from->entries;
    add(&into->arrived, &from->arrived);
    add(&into->delivered, &from->delivered);
    add(&into->deferred, &from->deferred);
    add(&into->returned, &from->returned);
    add(&into->warned, &from->warned);
    add(&into->partial, &from->partial);
    add(&into->attempts, &from->attempts);
    into->arrived_3h += from->arrived_3h;
    into->left_3h += from->left_3h;
    into->left_1h += from->left_1h;
    into->submitted_1h += from->submitted_1h;
    into->arrived_ever += from->arrived_ever;
    into->delivered_ever += from->delivered_ever;
    earlier(&into->first, from->first);
    md_traffic_later(&into->last_arrival, from->last_arrival);
    md_traffic_later(&into->last_delivery, from->last_delivery);
    md_traffic_later(&into->last_attempt, from->last_attempt);
    md_traffic_later(&into->last_failure, from->last_failure);
    add_all(into->classes, from->classes, MD_FAILURE_CLASSES);
    add_slots(into->quarters, from->quarters, MD_TRAFFIC_QUARTERS);
    add_slots(into->hours, from->hours, MD_TRAFFIC_HOURS);
    into->busy_recovered += from->busy_recovered;
    into->deferred_empty += from->deferred_empty;
    into->greylisted_accepted += from->greylisted_accepted;
    into->recipients_4h += from->recipients_4h;
    into->messages_4h += from->messages_4h;
    for (size_t i = 0; i < from->n_processes && into->n_processes < MD_TRAFFIC_PROCESSES; i++) {
        size_t k = 0;

        while (k < into->n_processes && into->processes[k] != from->processes[i])
            k++;
        if (k == into->n_processes)
            into->processes[into->n_processes++] = from->processes[i];
    }
    for (size_t i = 0; i < from->n_stalls && into->n_stalls < MD_TRAFFIC_STALLS; i++)
        into->stalls[into->n_stalls++] = from->stalls[i];
    merge_tally(&into->over_quota_domains, from->over_quota_domains);
}

/* The run of failures that still lasts, of two: what failed before the last delivery of either is over. */
static void merge_run(struct md_place *into, const struct md_place *from, int64_t last_delivery)
{
    int64_t first = MD_TIME_NONE, dns = MD_TIME_NONE;
    uint32_t run = 0;
    const struct md_place *both[2] = {into, from};

    for (size_t i = 0; i < 2; i++)
        if (both[i]->run > 0 && both[i]->last_failure > last_delivery) {
            run += both[i]->run;
            earlier(&first, both[i]->first_failure > last_delivery ? both[i]->first_failure : both[i]->last_failure);
            if (both[i]->dns_onset > last_delivery)
                earlier(&dns, both[i]->dns_onset);
        }
    into->run = run;
    into->first_failure = first;
    into->dns_onset = dns;
}

static void merge_classes(struct md_place *into, const struct md_place *from)
{
    for (size_t i = 0; i < from->n_classes; i++) {
        size_t k = 0;

        while (k < into->n_classes && into->classes[k].class != from->classes[i].class)
            k++;
        if (k == into->n_classes && k < MD_TRAFFIC_CLASSES)
            into->classes[into->n_classes++] = from->classes[i];
        else if (k < into->n_classes)
            add(&into->classes[k].count, &from->classes[i].count);
        else {
            into->classes[MD_TRAFFIC_CLASSES - 1].class = MD_FAILURE_OTHER;
            add(&into->classes[MD_TRAFFIC_CLASSES - 1].count, &from->classes[i].count);
        }
    }
}

static uint32_t renamed(struct md_traffic *into, const struct md_traffic *from, uint32_t name)
{
    return name != 0 ? md_names_id(into->names, md_names_hash(from->names, name), md_names_at(from->names, name)) : 0;
}

static void merge_place(struct md_traffic *into, const struct md_traffic *from, const struct md_place *theirs,
                        uint16_t channel)
{
    struct md_place *mine = md_places_make(&into->places, theirs->key);
    const struct md_place_seen *seen = md_places_find(&into->places, theirs->key);
    const int64_t delivered =
        seen != NULL && seen->last_delivery > 0 ? (int64_t)seen->last_delivery * MD_SECOND : MD_TIME_NONE;

    mine->name = renamed(into, from, theirs->name);
    mine->name_hash = theirs->name_hash;
    mine->channel = channel;
    mine->is_mailbox = theirs->is_mailbox;
    merge_run(mine, theirs, delivered);
    md_places_seen(&into->places, theirs->key)->has_run = mine->run > 0;
    merge_classes(mine, theirs);
    mine->deferred += theirs->deferred;
    mine->returned += theirs->returned;
    mine->failed_4h += theirs->failed_4h;
    mine->unconnected += theirs->unconnected;
    if (mine->next_hop == 0 && theirs->next_hop != 0)
        mine->next_hop = renamed(into, from, theirs->next_hop);
    mine->connect_failed_4h += theirs->connect_failed_4h;
    mine->first_try_deferred += theirs->first_try_deferred;
    mine->repeat_deferred += theirs->repeat_deferred;
    mine->greylisted_accepted += theirs->greylisted_accepted;
    mine->busy += theirs->busy;
    mine->over_quota += theirs->over_quota;
    if (theirs->attempts_max > mine->attempts_max)
        mine->attempts_max = theirs->attempts_max;
    if (theirs->busy_generations > mine->busy_generations)
        mine->busy_generations = theirs->busy_generations;
    md_traffic_later(&mine->recovered, theirs->recovered);
    for (size_t i = 0; i < MD_TRAFFIC_HOPS && theirs->hops[i].count > 0; i++) {
        const uint32_t name = renamed(into, from, theirs->hops[i].name);
        size_t k = 0;

        while (k < MD_TRAFFIC_HOPS && mine->hops[k].count > 0 && mine->hops[k].name != name)
            k++;
        if (k < MD_TRAFFIC_HOPS) {
            mine->hops[k].name = name;
            mine->hops[k].count += theirs->hops[i].count;
        }
    }
    if (theirs->last_failure > mine->last_failure) {
        mine->last_failure = theirs->last_failure;
        mine->last_class = theirs->last_class;
        mine->last_spot = theirs->last_spot;
        mine->port = theirs->port >= 0 ? theirs->port : mine->port;
        mine->next_hop = theirs->next_hop != 0 ? renamed(into, from, theirs->next_hop) : mine->next_hop;
        mine->text_length = theirs->text_length;
        memcpy(mine->text, theirs->text, theirs->text_length);
    }
}

static void merge_seen(struct md_traffic *into, const struct md_place_seen *theirs, uint16_t channel)
{
    struct md_place_seen *mine = md_places_seen(&into->places, theirs->key);

    mine->channel = channel;
    mine->kind = theirs->kind;
    if (theirs->last_delivery > mine->last_delivery)
        mine->last_delivery = theirs->last_delivery;
    if (theirs->last_arrival > mine->last_arrival)
        mine->last_arrival = theirs->last_arrival;
    mine->delivered_ever += theirs->delivered_ever;
    mine->delivered += theirs->delivered;
    mine->delivered_4h += theirs->delivered_4h;
    mine->delivered_1h += theirs->delivered_1h;
    mine->arrived += theirs->arrived;
    mine->pending += theirs->pending;
}

void md_traffic_merge(struct md_traffic *into, const struct md_traffic *from)
{
    uint16_t index[MD_TRAFFIC_CHANNELS_MAX];

    merge_host(&into->host, &from->host);
    for (size_t i = 0; i < from->n_channels; i++)
        merge_channel(md_traffic_channel_of(into, from->channels[i]->hash, from->channels[i]->name, &index[i]),
                      from->channels[i]);
    for (size_t i = 0; i < from->places.seen_size; i++)
        if (from->places.seen[i].key != 0)
            merge_seen(into, &from->places.seen[i], index[from->places.seen[i].channel]);
    for (size_t i = 0; i < from->places.count; i++)
        merge_place(into, from, &from->places.list[i], index[from->places.list[i].channel]);
    into->places.is_exact = into->places.is_exact && from->places.is_exact;
}
