/*
 * probes/msgserver/traffic_priv: how the traffic is kept; see traffic.h.
 */
#ifndef PROBES_MSGSERVER_TRAFFIC_PRIV_H
#define PROBES_MSGSERVER_TRAFFIC_PRIV_H

#include "probes/msgserver/census.h"
#include "probes/msgserver/traffic.h"

#define MD_TRAFFIC_CHANNELS_MAX 512
#define MD_TRAFFIC_CHANNEL_INDEX 2048         /* a power of two */
#define MD_TRAFFIC_SEEN_MAX ((size_t)1 << 18) /* slots, at most two thirds of them used */
#define MD_TRAFFIC_PLACES_MAX 16384
#define MD_TRAFFIC_MESSAGES_MAX 16384
#define MD_TRAFFIC_NAMES_MAX 300000
#define MD_TRAFFIC_TALLY_MAX 4096

/* A message that failed and is not yet delivered or returned. */
struct md_traffic_message {
    uint64_t key;   /* 0: free */
    uint64_t place; /* key of its place */
    int64_t last_failure;
    uint64_t busy; /* generations at which the mailbox was busy, since `epoch` */
    uint32_t epoch;
    uint16_t failures; /* in the window */
    uint16_t channel;
    uint8_t first_class;
};

/* All messages in trouble, by open addressing. */
struct md_traffic_messages {
    struct md_traffic_message *slots;
    size_t size, count;
    struct md_traffic_message *spare; /* for the next rebuilding */
    size_t spare_size;
};

struct md_places {
    struct md_place_seen *seen;
    size_t seen_size, seen_count;
    struct md_place *list;
    size_t count, room;
    bool is_exact;
};

struct md_traffic {
    struct md_traffic_options options;
    int64_t since, h1, h3, h4; /* begins of the windows */
    struct md_traffic_host host;
    struct md_traffic_channel *channels[MD_TRAFFIC_CHANNELS_MAX];
    uint16_t channel_index[MD_TRAFFIC_CHANNEL_INDEX]; /* 1 + number */
    size_t n_channels;
    struct md_places places;
    struct md_traffic_messages messages;
    struct md_names *names;
};

/* traffic_places.c */
void md_places_init(struct md_places *places);
void md_places_free(struct md_places *places);
static inline uint64_t md_place_key(uint64_t channel_hash, uint64_t name_hash)
{
    uint64_t key = (name_hash ^ (channel_hash << 1)) * UINT64_C(0x9E3779B97F4A7C15);

    key ^= key >> 32;
    return key != 0 ? key : 1;
}
/* Finds or makes; valid until the next call. */
struct md_place_seen *md_places_seen(struct md_places *places, uint64_t key);
const struct md_place_seen *md_places_find(const struct md_places *places, uint64_t key);
/* The md_place of what was seen, made if need be; valid until the next call. `seen` may move, so look it up again. */
struct md_place *md_places_make(struct md_places *places, uint64_t key);
static inline struct md_place *md_places_of(const struct md_places *places, const struct md_place_seen *seen)
{
    return seen->place != 0 ? &places->list[seen->place - 1] : NULL;
}

/* traffic_messages.c */
struct md_traffic_message *md_messages_find(const struct md_traffic_messages *messages, uint64_t key);
struct md_traffic_message *md_messages_get(struct md_traffic_messages *messages, uint64_t key);
/* Says that this one comes soon; the table is not empty. */
void md_messages_prefetch(const struct md_traffic_messages *messages, uint64_t key);
void md_messages_remove(struct md_traffic_messages *messages, struct md_traffic_message *message);

/* traffic_failures.c: what an attempt that failed or was accepted says about its place. */
/* A connection to a host of a domain that was not made; another host may have taken the mail. */
void md_traffic_unconnected(struct md_traffic *traffic, const struct md_log_block *block,
                            const struct md_log_line *line);
void md_traffic_failed(struct md_traffic *traffic, struct md_traffic_channel *channel, uint16_t index,
                       const struct md_log_block *block, const struct md_log_line *line, struct md_traffic_spot spot);
void md_traffic_delivered(struct md_traffic *traffic, struct md_traffic_channel *channel, uint16_t index,
                          const struct md_log_block *block, const struct md_log_line *line);

/* traffic_names.c: senders, users, pairs. */
void md_traffic_note_arrival(struct md_traffic *traffic, const struct md_traffic_channel *from,
                             const struct md_traffic_channel *to, const struct md_log_block *block,
                             const struct md_log_line *line);
void md_traffic_note_attempt(struct md_traffic *traffic, const struct md_log_block *block,
                             const struct md_log_line *line);

/* The channel of a name, made if need be; *ret_index: its number. */
struct md_traffic_channel *md_traffic_channel_of(struct md_traffic *traffic, uint64_t hash, struct md_str name,
                                                 uint16_t *ret_index);

static inline void md_traffic_tick(const struct md_traffic *traffic, struct md_traffic_count *count, int64_t at,
                                   struct md_traffic_spot spot)
{
    const bool in_window = at >= traffic->since;

    count->window += in_window;
    count->h4 += at >= traffic->h4;
    count->h1 += at >= traffic->h1;
    if (in_window || count->window == 0)
        count->spot = spot;
}

static inline void md_traffic_later(int64_t *last, int64_t at)
{
    if (at > *last) /* MD_TIME_NONE is before all */
        *last = at;
}

#endif
