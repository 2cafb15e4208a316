/*
 * What happens to a message and its place when an attempt fails or is accepted.
 */
#include <string.h>

#include "probes/msgserver/traffic_priv.h"

bool md_traffic_is_connect_failure(enum md_failure_class class)
{
    return class == MD_FAILURE_CONNECT_REFUSED || class == MD_FAILURE_CONNECT_TIMEOUT || class == MD_FAILURE_NO_ROUTE ||
           class == MD_FAILURE_CONNECT_FAILED || class == MD_FAILURE_HOST_SKIPPED;
}

bool md_traffic_is_failing(const struct md_place *place)
{
    return place->failed_4h > 0 && place->run > 0;
}

/* Asked to come again later, as greylisting does. */
static bool is_put_off(enum md_failure_class class)
{
    return class == MD_FAILURE_GREYLISTED || class == MD_FAILURE_SMTP_4XX;
}

static struct md_traffic_count *class_of(struct md_place *place, enum md_failure_class class)
{
    for (size_t i = 0; i < place->n_classes; i++)
        if (place->classes[i].class == class)
            return &place->classes[i].count;
    if (place->n_classes == MD_TRAFFIC_CLASSES) {
        place->classes[MD_TRAFFIC_CLASSES - 1].class = MD_FAILURE_OTHER;
        return &place->classes[MD_TRAFFIC_CLASSES - 1].count;
    }
    place->classes[place->n_classes].class = (uint8_t) class;
    return &place->classes[place->n_classes++].count;
}

static void count_hop(struct md_traffic *traffic, struct md_place *place, struct md_str host)
{
    const uint32_t name = md_names_id(traffic->names, md_log_hash(host), host);

    for (size_t i = 0; i < MD_TRAFFIC_HOPS; i++) {
        if (place->hops[i].count == 0)
            place->hops[i].name = name;
        if (place->hops[i].name == name) {
            place->hops[i].count++;
            return;
        }
    }
}

static unsigned bits_of(uint64_t bits)
{
    unsigned n = 0;

    for (; bits != 0; bits &= bits - 1)
        n++;
    return n;
}

static void note_busy(struct md_place *place, struct md_traffic_message *message, const struct md_log_line *line,
                      bool in_window)
{
    const unsigned attempts = line->attempts != UINT16_MAX ? line->attempts : message->failures;
    unsigned generations;

    if (message->epoch != place->epoch) {
        message->epoch = place->epoch;
        message->busy = 0;
    }
    message->busy |= UINT64_C(1) << (attempts % 64);
    generations = bits_of(message->busy);
    if (generations > place->busy_generations)
        place->busy_generations = (uint16_t)generations;
    place->busy += in_window;
    place->busy_pending += in_window;
}

static void note_message(struct md_traffic *traffic, struct md_traffic_channel *channel, uint16_t index,
                         struct md_place *place, const struct md_log_line *line, bool in_window)
{
    struct md_traffic_message *message = md_messages_get(&traffic->messages, line->message);
    const bool is_new = message->last_failure == MD_TIME_NONE;
    const enum md_failure_class class = (enum md_failure_class)line->failure;
    unsigned attempts;

    (void)channel;
    if (is_new) {
        message->place = place->key;
        message->channel = index;
        message->epoch = place->epoch;
        message->first_class = line->failure;
    }
    message->last_failure = line->at;
    message->failures = (uint16_t)(message->failures + (in_window && message->failures < UINT16_MAX));
    /* The name in the entry is that before the attempt. */
    attempts = line->attempts != UINT16_MAX ? line->attempts + 1u : message->failures;
    if (attempts > place->attempts_max)
        place->attempts_max = (uint16_t)(attempts < UINT16_MAX ? attempts : UINT16_MAX);
    if (is_put_off(class) && in_window) {
        if (attempts <= 1)
            place->first_try_deferred++;
        else if (attempts == 2)
            place->repeat_deferred++;
    }
    if (class == MD_FAILURE_MAILBOX_BUSY)
        note_busy(place, message, line, in_window);
}

static void note_gap(struct md_place *place, int64_t at)
{
    const int64_t gap = place->last_failure != MD_TIME_NONE ? (at - place->last_failure) / MD_SECOND : 0;

    if (gap > 0 && gap < INT64_C(86400) * 30)
        place->gaps[place->n_gaps++ % (sizeof place->gaps / sizeof *place->gaps)] = (uint32_t)gap;
}

static struct md_place *place_of(struct md_traffic *traffic, const struct md_traffic_channel *channel, uint16_t index,
                                 const struct md_log_block *block, const struct md_log_line *line)
{
    struct md_place *place = md_places_make(&traffic->places, md_place_key(channel->hash, line->place));

    if (place->name == 0) {
        place->name = md_names_id(traffic->names, line->place, md_log_word(block, line, MD_LOG_PLACE));
        place->name_hash = line->place;
        place->channel = index;
        place->is_mailbox = channel->kind == MD_LOG_STORE;
    }
    return place;
}

void md_traffic_unconnected(struct md_traffic *traffic, const struct md_log_block *block,
                            const struct md_log_line *line)
{
    uint16_t index = 0;
    const struct md_traffic_channel *channel =
        md_traffic_channel_of(traffic, line->source, md_log_word(block, line, MD_LOG_SOURCE), &index);
    const struct md_str host = md_log_word(block, line, MD_LOG_HOST);
    struct md_place *place = place_of(traffic, channel, index, block, line);

    place->unconnected++;
    if (place->run == 0 && host.n > 0)
        place->next_hop = md_names_id(traffic->names, md_log_hash(host), host);
}

void md_traffic_failed(struct md_traffic *traffic, struct md_traffic_channel *channel, uint16_t index,
                       const struct md_log_block *block, const struct md_log_line *line, struct md_traffic_spot spot)
{
    const enum md_failure_class class =
        (enum md_failure_class)(line->failure < MD_FAILURE_CLASSES ? line->failure : MD_FAILURE_OTHER);
    const bool in_window = line->at >= traffic->since, in_4h = line->at >= traffic->h4;
    const struct md_str host = md_log_word(block, line, MD_LOG_HOST), text = md_log_word(block, line, MD_LOG_TEXT);
    struct md_place *place;

    md_traffic_tick(traffic, &channel->classes[class], line->at, spot);
    md_traffic_later(&channel->last_failure, line->at);
    if (line->place == 0)
        return;
    place = place_of(traffic, channel, index, block, line);
    md_traffic_tick(traffic, class_of(place, class), line->at, spot);
    if (line->action == 'Q' || line->action == 'Z')
        place->deferred += in_window;
    else
        place->returned += in_window;
    place->failed_4h += in_4h;
    place->connect_failed_4h += in_4h && md_traffic_is_connect_failure(class);
    place->over_quota += in_window && class == MD_FAILURE_OVER_QUOTA;
    note_gap(place, line->at);
    md_places_seen(&traffic->places, place->key)->has_run = true;
    if (place->run++ == 0 || line->at < place->first_failure)
        place->first_failure = line->at;
    if (class == MD_FAILURE_DNS_TEMPORARY && (place->dns_onset == MD_TIME_NONE || line->at < place->dns_onset))
        place->dns_onset = line->at;
    if (line->at >= place->last_failure) {
        place->last_failure = line->at;
        place->last_class = (uint8_t) class;
        place->last_spot = spot;
        place->text_length = (uint8_t)(text.n < MD_TRAFFIC_TEXT ? text.n : MD_TRAFFIC_TEXT);
        if (place->text_length > 0)
            memcpy(place->text, text.p, place->text_length);
        if (line->port >= 0)
            place->port = line->port;
        if (host.n > 0)
            place->next_hop = md_names_id(traffic->names, md_log_hash(host), host);
    }
    if (host.n > 0 && in_window)
        count_hop(traffic, place, host);
    if (line->action == 'Q' || line->action == 'Z')
        note_message(traffic, channel, index, place, line, in_window);
    else if (traffic->messages.count > 0) {
        struct md_traffic_message *message = md_messages_find(&traffic->messages, line->message);

        if (message != NULL)
            md_messages_remove(&traffic->messages, message);
    }
}

/* A message that failed before and is through now. */
static void end_message(struct md_traffic *traffic, struct md_traffic_channel *channel, uint64_t key,
                        const struct md_log_line *line)
{
    struct md_traffic_message *message;

    /* The name of its file says that it never failed. */
    if (line->attempts == 0 || traffic->messages.count == 0)
        return;
    message = md_messages_find(&traffic->messages, line->message);
    if (message == NULL)
        return;
    if (is_put_off((enum md_failure_class)message->first_class) && line->at >= traffic->since) {
        const struct md_place_seen *seen = md_places_find(&traffic->places, key);
        struct md_place *place = seen != NULL ? md_places_of(&traffic->places, seen) : NULL;

        channel->greylisted_accepted++;
        if (place != NULL)
            place->greylisted_accepted++;
    }
    md_messages_remove(&traffic->messages, message);
}

void md_traffic_delivered(struct md_traffic *traffic, struct md_traffic_channel *channel, uint16_t index,
                          const struct md_log_block *block, const struct md_log_line *line)
{
    struct md_place_seen *seen;
    struct md_place *place;
    uint32_t second;

    if (line->place == 0)
        return;
    seen = md_places_seen(&traffic->places, md_place_key(channel->hash, line->place));
    second = line->at > 0 ? (uint32_t)(line->at / MD_SECOND) : 0;
    if (seen->last_delivery < second)
        seen->last_delivery = second;
    seen->kind = (uint8_t)channel->kind;
    seen->channel = index;
    seen->delivered_ever++;
    seen->delivered += line->at >= traffic->since;
    seen->delivered_4h += line->at >= traffic->h4;
    seen->delivered_1h += line->at >= traffic->h1;
    seen->pending -= seen->pending > 0;
    /* The place itself is looked at only where there is something to end or to count. */
    place = seen->has_run || line->length[MD_LOG_HOST] > 0 ? md_places_of(&traffic->places, seen) : NULL;
    seen->has_run = false;
    end_message(traffic, channel, seen->key, line);
    if (place == NULL)
        return;
    if (place->run > 0) {
        place->recovered = place->run >= 3 ? line->at : place->recovered;
        channel->busy_recovered += place->busy_pending;
        place->busy_pending = 0;
        place->busy_generations = 0;
        place->run = 0;
        place->epoch++;
        place->first_failure = place->dns_onset = MD_TIME_NONE;
    }
    if (line->at >= traffic->since && line->length[MD_LOG_HOST] > 0)
        count_hop(traffic, place, md_log_word(block, line, MD_LOG_HOST));
}

uint32_t md_traffic_worst_message(const struct md_traffic *traffic, const struct md_traffic_channel *channel,
                                  uint32_t *ret_others)
{
    uint32_t worst = 0, all = 0;

    for (size_t i = 0; i < MD_FAILURE_CLASSES; i++)
        all += channel->classes[i].window;
    for (size_t i = 0; i < traffic->messages.size; i++) {
        const struct md_traffic_message *message = &traffic->messages.slots[i];

        if (message->key != 0 && traffic->channels[message->channel] == channel && message->failures > worst)
            worst = message->failures;
    }
    *ret_others = all > worst ? all - worst : 0;
    return worst;
}
