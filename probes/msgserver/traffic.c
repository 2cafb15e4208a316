#include "probes/msgserver/traffic.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "probes/msgserver/config.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/traffic_priv.h"

#define QUARTER (15 * MD_MINUTE)
#define STALL (10 * MD_MINUTE)

static struct md_tally *new_tally(void)
{
    return md_tally_new(MD_TRAFFIC_TALLY_MAX);
}

struct md_traffic *md_traffic_new(const struct md_traffic_options *options)
{
    struct md_traffic *traffic = md_xcalloc(1, sizeof *traffic);
    struct md_traffic_host *host = &traffic->host;

    traffic->options = *options;
    traffic->since = md_time_ago(options->now, (int64_t)(options->since_s * (double)MD_SECOND));
    traffic->h1 = md_time_ago(options->now, MD_HOUR);
    traffic->h3 = md_time_ago(options->now, 3 * MD_HOUR);
    traffic->h4 = md_time_ago(options->now, 4 * MD_HOUR);
    host->first = host->newest = host->last_enqueue = host->last_attempt = host->last_delivery = host->last_by_age =
        MD_TIME_NONE;
    host->senders = new_tally();
    host->users = new_tally();
    host->systems = new_tally();
    host->sender_domains = new_tally();
    host->pairs = new_tally();
    host->recipients = new_tally();
    traffic->names = md_names_new(MD_TRAFFIC_NAMES_MAX);
    md_places_init(&traffic->places);
    return traffic;
}

void md_traffic_free(struct md_traffic **traffic)
{
    struct md_traffic *t = *traffic;

    if (t == NULL)
        return;
    for (size_t i = 0; i < t->n_channels; i++) {
        md_tally_free(&t->channels[i]->over_quota_domains);
        md_tally_free(&t->channels[i]->stuck.senders);
        md_tally_free(&t->channels[i]->stuck.destinations);
        md_tally_free(&t->channels[i]->stuck.recipients);
        free((char *)(uintptr_t)t->channels[i]->name.p);
        free(t->channels[i]);
    }
    md_tally_free(&t->host.senders);
    md_tally_free(&t->host.users);
    md_tally_free(&t->host.systems);
    md_tally_free(&t->host.sender_domains);
    md_tally_free(&t->host.pairs);
    md_tally_free(&t->host.recipients);
    md_names_free(&t->names);
    md_places_free(&t->places);
    free(t->messages.slots);
    free(t->messages.spare);
    free(t);
    *traffic = NULL;
}

/* ---- channels ---- */

/* tcp_local and its like; by name alone where nothing is configured. */
static bool is_outside(const struct md_mta_config *config, struct md_str name, enum md_log_kind kind)
{
    static const char *const inside[] = {"tcp_intranet", "tcp_submit", "tcp_auth", "tcp_tas"};

    if (kind != MD_LOG_SMTP)
        return false;
    if (config != NULL && md_mta_config_channel(config, name) != NULL)
        return md_config_reaches_outside(config, name);
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        if (md_str_is(name, inside[i]))
            return false;
    return true;
}

/* Made for all recipients through conversion or a filter, not for delivery. */
static bool is_hop(struct md_str name)
{
    return md_str_has_prefix(name, MD_LIT("conversion")) || md_str_has_prefix(name, MD_LIT("defragment")) ||
           md_str_find(name, MD_LIT("filter")) >= 0 || md_str_find(name, MD_LIT("scan")) >= 0 ||
           md_str_find(name, MD_LIT("virus")) >= 0;
}

static struct md_traffic_channel *new_channel(struct md_traffic *traffic, uint64_t hash, struct md_str name)
{
    struct md_traffic_channel *channel = md_xcalloc(1, sizeof *channel);
    char *copy = md_xcalloc(1, name.n + 1);

    memcpy(copy, name.p, name.n);
    channel->name = md_str_n(copy, name.n);
    channel->hash = hash;
    channel->kind = md_log_kind_of(traffic->options.config, name);
    channel->is_outside = is_outside(traffic->options.config, name, channel->kind);
    channel->is_hop = is_hop(channel->name);
    channel->is_process = md_str_is(channel->name, "process");
    channel->first = channel->last_arrival = channel->last_delivery = channel->last_attempt = channel->last_failure =
        MD_TIME_NONE;
    return channel;
}

struct md_traffic_channel *md_traffic_channel_of(struct md_traffic *traffic, uint64_t hash, struct md_str name,
                                                 uint16_t *ret_index)
{
    size_t i = (size_t)(hash >> 8) & (MD_TRAFFIC_CHANNEL_INDEX - 1);

    for (; traffic->channel_index[i] != 0; i = (i + 1) & (MD_TRAFFIC_CHANNEL_INDEX - 1)) {
        const uint16_t at = (uint16_t)(traffic->channel_index[i] - 1);

        if (traffic->channels[at]->hash == hash) {
            *ret_index = at;
            return traffic->channels[at];
        }
    }
    if (name.n > 64)
        name.n = 64;
    if (traffic->n_channels >= MD_TRAFFIC_CHANNELS_MAX - 1) {
        const struct md_str others = MD_LIT("(others)");

        /* A log of garbage; all further names together. */
        if (traffic->n_channels == MD_TRAFFIC_CHANNELS_MAX)
            *ret_index = MD_TRAFFIC_CHANNELS_MAX - 1;
        else {
            *ret_index = (uint16_t)traffic->n_channels;
            traffic->channels[traffic->n_channels++] = new_channel(traffic, 0, others);
        }
        return traffic->channels[*ret_index];
    }
    *ret_index = (uint16_t)traffic->n_channels;
    traffic->channel_index[i] = (uint16_t)(traffic->n_channels + 1);
    traffic->channels[traffic->n_channels] = new_channel(traffic, hash, name);
    return traffic->channels[traffic->n_channels++];
}

/* ---- time slots ---- */

static struct md_traffic_slot *slot_of(struct md_traffic_slot *quarters, struct md_traffic_slot *hours, int64_t now,
                                       int64_t at)
{
    const int64_t ago = now > at ? now - at : 0;

    if (ago < MD_TRAFFIC_QUARTERS * QUARTER)
        return &quarters[ago / QUARTER];
    if (ago < MD_TRAFFIC_QUARTERS * QUARTER + MD_TRAFFIC_HOURS * MD_HOUR)
        return &hours[(ago - MD_TRAFFIC_QUARTERS * QUARTER) / MD_HOUR];
    return NULL;
}

static void count_arrival(const struct md_traffic *traffic, struct md_traffic_slot *quarters,
                          struct md_traffic_slot *hours, int64_t at)
{
    struct md_traffic_slot *slot = slot_of(quarters, hours, traffic->options.now, at);

    if (slot != NULL)
        slot->arrived++;
}

/* ---- entries ---- */

static void note_file(struct md_traffic_channel *channel, uint64_t file)
{
    channel->recipients_4h++;
    for (size_t i = 0; i < sizeof channel->last_files / sizeof *channel->last_files; i++)
        if (channel->last_files[i] == file)
            return;
    channel->last_files[channel->messages_4h++ % (sizeof channel->last_files / sizeof *channel->last_files)] = file;
}

static void fill_stuck(struct md_traffic *traffic, struct md_stuck *stuck, const struct md_log_block *block,
                       const struct md_log_line *line)
{
    if (stuck->destination == 0 && line->place != 0)
        stuck->destination = 1 + md_names_id(traffic->names, line->place, md_log_word(block, line, MD_LOG_PLACE));
    if (stuck->recipient == 0 && line->length[MD_LOG_TO] > 0) {
        const struct md_str to = md_log_word(block, line, MD_LOG_TO);

        stuck->recipient = 1 + md_names_id(traffic->names, md_log_hash(to), to);
    }
    if (stuck->sender == MD_SENDER_NOT_KNOWN)
        stuck->sender = line->from == 0 ? MD_SENDER_EMPTY : MD_SENDER_GIVEN;
}

/* The slot of the entry's queue file in the census. */
static struct md_stuck *find_stuck(struct md_traffic *traffic, const struct md_traffic_channel *channel,
                                   const struct md_log_block *block, const struct md_log_line *line)
{
    struct md_stuck *stuck;

    if (line->length[MD_LOG_UNIQUE] == 0)
        return NULL;
    traffic->host.named++;
    if (traffic->options.census == NULL)
        return NULL;
    stuck = md_census_find(traffic->options.census, channel->name, md_log_word(block, line, MD_LOG_UNIQUE));
    if (stuck != NULL)
        traffic->host.joined++;
    return stuck;
}

static void add_arrival(struct md_traffic *traffic, const struct md_log_block *block, const struct md_log_line *line,
                        struct md_traffic_spot spot)
{
    struct md_traffic_host *host = &traffic->host;
    uint16_t index = 0, from_index = 0;
    struct md_traffic_channel *from =
        line->source != 0
            ? md_traffic_channel_of(traffic, line->source, md_log_word(block, line, MD_LOG_SOURCE), &from_index)
            : NULL;
    struct md_traffic_channel *to;
    struct md_stuck *stuck;
    struct md_place_seen *seen;

    if (line->destination == 0)
        return;
    to = md_traffic_channel_of(traffic, line->destination, md_log_word(block, line, MD_LOG_DESTINATION), &index);
    if (from != NULL)
        from->submitted_1h += line->at >= traffic->h1;
    to->entries++;
    to->arrived_ever++;
    if (to->first == MD_TIME_NONE)
        to->first = line->at;
    md_traffic_tick(traffic, &to->arrived, line->at, spot);
    to->arrived_3h += line->at >= traffic->h3;
    md_traffic_later(&to->last_arrival, line->at);
    count_arrival(traffic, to->quarters, to->hours, line->at);
    if (line->at >= traffic->h4)
        note_file(to, md_log_message(block, line));

    if (line->at >= host->last_enqueue) {
        host->last_enqueue = line->at;
        host->enqueue_spot = spot;
    }
    if (line->from == 0) {
        md_traffic_tick(traffic, &host->empty_sender, line->at, spot);
        if (to->is_process)
            md_traffic_tick(traffic, &host->bounces, line->at, spot);
    }
    if (to->is_hop)
        md_traffic_tick(traffic, &host->hops, line->at, spot);
    if (from != NULL && from->is_outside) {
        md_traffic_tick(traffic, &host->outside, line->at, spot);
        count_arrival(traffic, host->outside_quarters, host->outside_hours, line->at);
    }
    if ((from == NULL || from->kind != MD_LOG_PROCESS_CHANNEL) && !to->is_process)
        count_arrival(traffic, host->quarters, host->hours, line->at);
    md_traffic_note_arrival(traffic, from, to, block, line);

    if (line->place != 0) {
        const uint64_t key = md_place_key(to->hash, line->place);

        seen = md_places_seen(&traffic->places, key);
        seen->last_arrival = line->at > 0 && (uint64_t)(line->at / MD_SECOND) > seen->last_arrival
                                 ? (uint32_t)(line->at / MD_SECOND)
                                 : seen->last_arrival;
        seen->kind = (uint8_t)to->kind;
        seen->channel = index;
        seen->arrived += line->at >= traffic->since;
        seen->pending++;
        if (line->length[MD_LOG_UNIQUE] == 0 && seen->place == 0 && !traffic->options.names_expected) {
            /* Without names of files, what is queued is told by what arrived and has not left: each place needs its
             * name. */
            struct md_place *place = md_places_make(&traffic->places, key);

            place->name = md_names_id(traffic->names, line->place, md_log_word(block, line, MD_LOG_PLACE));
            place->name_hash = line->place;
            place->channel = index;
            place->is_mailbox = to->kind == MD_LOG_STORE;
        }
    }
    stuck = find_stuck(traffic, to, block, line);
    if (stuck == NULL)
        return;
    if (stuck->submitted == 0) {
        if (to->stuck.senders == NULL)
            to->stuck.senders = new_tally();
        md_tally_get(to->stuck.senders, line->from, md_log_word(block, line, MD_LOG_FROM))->n[0] += stuck->copies;
        stuck->submitted = line->at;
        stuck->source_channel = from != NULL ? (uint16_t)(from_index + 1) : 0;
    }
    fill_stuck(traffic, stuck, block, line);
}

static void note_process(struct md_traffic_channel *channel, struct md_str process)
{
    const ptrdiff_t dot = md_str_find_char(process, '.');
    const uint64_t hash = md_log_hash(md_str_sub(process, 0, dot >= 0 ? (size_t)dot : process.n));

    for (size_t i = 0; i < channel->n_processes; i++)
        if (channel->processes[i] == hash)
            return;
    if (channel->n_processes < MD_TRAFFIC_PROCESSES)
        channel->processes[channel->n_processes++] = hash;
}

/* Time without a delivery; only what is long is kept. */
static void note_stall(struct md_traffic_channel *channel, int64_t at)
{
    if (channel->last_delivery == MD_TIME_NONE || at - channel->last_delivery < STALL)
        return;
    if (channel->n_stalls == MD_TRAFFIC_STALLS) {
        memmove(channel->stalls, channel->stalls + 1, (MD_TRAFFIC_STALLS - 1) * sizeof *channel->stalls);
        channel->n_stalls--;
    }
    channel->stalls[channel->n_stalls].from = channel->last_delivery;
    channel->stalls[channel->n_stalls++].until = at;
}

static void add_delivery(struct md_traffic *traffic, struct md_traffic_channel *channel, uint16_t index,
                         const struct md_log_block *block, const struct md_log_line *line, struct md_traffic_spot spot)
{
    struct md_traffic_slot *slot = slot_of(channel->quarters, channel->hours, traffic->options.now, line->at);

    md_traffic_tick(traffic, &channel->delivered, line->at, spot);
    channel->delivered_ever++;
    note_stall(channel, line->at);
    md_traffic_later(&channel->last_delivery, line->at);
    if (line->at >= traffic->host.last_delivery) {
        traffic->host.last_delivery = line->at;
        traffic->host.delivery_spot = spot;
    }
    if (slot != NULL)
        slot->delivered++;
    if (channel->over_quota_domains != NULL) {
        const struct md_str domain = md_mail_log_domain(md_log_word(block, line, MD_LOG_ORIGINAL_TO));
        struct md_tally_entry *entry = md_tally_find(channel->over_quota_domains, md_log_hash(domain));

        if (entry != NULL)
            entry->n[1]++;
    }
    md_traffic_delivered(traffic, channel, index, block, line);
}

static void add_failure(struct md_traffic *traffic, struct md_traffic_channel *channel, uint16_t index,
                        const struct md_log_block *block, const struct md_log_line *line, struct md_traffic_spot spot)
{
    const bool is_left = line->action == 'R' || line->action == 'K';

    if (is_left)
        md_traffic_tick(traffic, &channel->returned, line->at, spot);
    else {
        md_traffic_tick(traffic, &channel->deferred, line->at, spot);
        channel->deferred_empty += line->from == 0 && line->at >= traffic->since;
    }
    if (line->action == 'Z')
        md_traffic_tick(traffic, &channel->partial, line->at, spot);
    if (is_left && line->place != 0) {
        struct md_place_seen *seen = md_places_seen(&traffic->places, md_place_key(channel->hash, line->place));

        seen->pending -= seen->pending > 0;
    }
    if (line->failure == MD_FAILURE_OVER_QUOTA && line->at >= traffic->since) {
        const struct md_str domain = md_mail_log_domain(md_log_word(block, line, MD_LOG_ORIGINAL_TO));

        if (channel->over_quota_domains == NULL)
            channel->over_quota_domains = new_tally();
        if (domain.n > 0)
            md_tally_get(channel->over_quota_domains, md_log_hash(domain), domain)->n[0]++;
    }
    md_traffic_failed(traffic, channel, index, block, line, spot);
}

static void add_attempt(struct md_traffic *traffic, const struct md_log_block *block, const struct md_log_line *line,
                        struct md_traffic_spot spot)
{
    struct md_traffic_host *host = &traffic->host;
    const bool is_delivery = line->action == 'D', is_left = is_delivery || line->action == 'R' || line->action == 'K';
    uint16_t index = 0;
    struct md_traffic_channel *channel =
        md_traffic_channel_of(traffic, line->source, md_log_word(block, line, MD_LOG_SOURCE), &index);
    struct md_stuck *stuck;

    channel->entries++;
    if (channel->first == MD_TIME_NONE)
        channel->first = line->at;
    md_traffic_tick(traffic, &channel->attempts, line->at, spot);
    channel->left_3h += is_left && line->at >= traffic->h3;
    channel->left_1h += is_left && line->at >= traffic->h1;
    md_traffic_later(&channel->last_attempt, line->at);
    if (line->at >= host->last_attempt) {
        host->last_attempt = line->at;
        host->attempt_spot = spot;
    }
    if (line->at >= traffic->h1 && line->length[MD_LOG_PROCESS] > 0)
        note_process(channel, md_log_word(block, line, MD_LOG_PROCESS));
    if (channel->is_outside)
        md_traffic_note_attempt(traffic, block, line);
    stuck = find_stuck(traffic, channel, block, line);
    if (stuck != NULL) {
        fill_stuck(traffic, stuck, block, line);
        if (!is_delivery && line->action != 'K') {
            stuck->failure = (uint16_t)(1 + (line->failure < MD_FAILURE_CLASSES ? line->failure : MD_FAILURE_OTHER));
            stuck->failures++;
            stuck->last_failure = line->at;
        }
    }
    if (is_delivery)
        add_delivery(traffic, channel, index, block, line, spot);
    else
        add_failure(traffic, channel, index, block, line, spot);
}

static void note_by_age(struct md_traffic *traffic, const struct md_log_line *line, struct md_traffic_spot spot)
{
    traffic->host.by_age++;
    if (line->at >= traffic->host.last_by_age) {
        traffic->host.last_by_age = line->at;
        traffic->host.age_spot = spot;
    }
}

void md_traffic_add(struct md_traffic *traffic, const struct md_log_block *block, const struct md_log_line *line,
                    struct md_traffic_spot spot)
{
    struct md_traffic_host *host = &traffic->host;
    const enum md_failure_class class =
        (enum md_failure_class)(line->failure < MD_FAILURE_CLASSES ? line->failure : MD_FAILURE_OTHER);
    uint16_t index = 0;

    host->entries++;
    host->guessed += line->is_guessed;
    if (host->first == MD_TIME_NONE || line->at < host->first) {
        host->first = line->at;
        host->first_spot = spot;
    }
    if (line->at >= host->newest) {
        host->newest = line->at;
        host->newest_spot = spot;
    }
    if (line->is_connection) {
        if (line->action == 'X' || line->action == 'Y')
            md_traffic_tick(traffic, &host->connections[class], line->at, spot);
        if (line->action == 'Y' && line->place != 0 && line->source != 0 && line->at >= traffic->since)
            md_traffic_unconnected(traffic, block, line);
        return;
    }
    switch (line->action) {
    case 'E': add_arrival(traffic, block, line, spot); break;
    case 'D':
    case 'Q':
    case 'Z':
    case 'R':
    case 'K':
        if (line->source == 0)
            break;
        if (line->action == 'R' && line->failure == MD_FAILURE_EXPIRED)
            note_by_age(traffic, line, spot);
        add_attempt(traffic, block, line, spot);
        break;
    case 'W':
        note_by_age(traffic, line, spot);
        if (line->source != 0) {
            struct md_traffic_channel *channel =
                md_traffic_channel_of(traffic, line->source, md_log_word(block, line, MD_LOG_SOURCE), &index);
            struct md_stuck *stuck = find_stuck(traffic, channel, block, line);

            md_traffic_tick(traffic, &channel->warned, line->at, spot);
            if (stuck != NULL)
                fill_stuck(traffic, stuck, block, line);
        }
        break;
    case 'J':
    case 'B':
    case 'V': md_traffic_tick(traffic, &host->refused[class], line->at, spot); break;
    default: break;
    }
}

void md_traffic_prefetch(const struct md_traffic *traffic, const struct md_log_line *line)
{
#if defined(__GNUC__) || defined(__clang__)
    const uint64_t channel = line->action == 'E' ? line->destination : line->source;

    __builtin_prefetch(
        &traffic->places.seen[(size_t)md_place_key(channel, line->place) & (traffic->places.seen_size - 1)]);
    if (line->action == 'E') {
        md_tally_prefetch(traffic->host.senders, line->from);
        if (line->system != 0)
            md_tally_prefetch_index(traffic->host.systems, line->system);
    } else if (line->message != 0 && traffic->messages.size > 0)
        md_messages_prefetch(&traffic->messages, line->message);
#else
    (void)traffic;
    (void)line;
#endif
}

/* ---- looking at it ---- */

const struct md_traffic_host *md_traffic_host(const struct md_traffic *traffic)
{
    return &traffic->host;
}

size_t md_traffic_channel_count(const struct md_traffic *traffic)
{
    return traffic->n_channels;
}

const struct md_traffic_channel *md_traffic_channel_at(const struct md_traffic *traffic, size_t i)
{
    return traffic->channels[i];
}

const struct md_traffic_channel *md_traffic_channel(const struct md_traffic *traffic, struct md_str name)
{
    for (size_t i = 0; i < traffic->n_channels; i++)
        if (md_str_eq(traffic->channels[i]->name, name))
            return traffic->channels[i];
    return NULL;
}

size_t md_traffic_place_count(const struct md_traffic *traffic)
{
    return traffic->places.count;
}

const struct md_place *md_traffic_place_at(const struct md_traffic *traffic, size_t i)
{
    return &traffic->places.list[i];
}

const struct md_place_seen *md_traffic_seen(const struct md_traffic *traffic, const struct md_place *place)
{
    return md_places_find(&traffic->places, place->key);
}

const struct md_place_seen *md_traffic_next_seen(const struct md_traffic *traffic, size_t *cursor)
{
    while (*cursor < traffic->places.seen_size) {
        const struct md_place_seen *seen = &traffic->places.seen[(*cursor)++];

        if (seen->key != 0)
            return seen;
    }
    return NULL;
}

const struct md_place_seen *md_traffic_seen_in(const struct md_traffic *traffic,
                                               const struct md_traffic_channel *channel, uint64_t name_hash)
{
    for (size_t i = 0; i < traffic->n_channels; i++)
        if (traffic->channels[i] == channel)
            return md_places_find(&traffic->places, md_place_key(channel->hash, name_hash));
    return NULL;
}

bool md_traffic_is_exact(const struct md_traffic *traffic)
{
    return traffic->places.is_exact && !md_names_is_full(traffic->names);
}

struct md_str md_traffic_name(const struct md_traffic *traffic, uint32_t name)
{
    return md_names_at(traffic->names, name);
}
