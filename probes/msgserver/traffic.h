/*
 * probes/msgserver/traffic: the transaction log, aggregated in constant memory.
 *
 * Fed one entry at a time, in the order of the log. Keeps counts per channel and, for each, per place it delivers to (a
 * domain; a mailbox of a store), for the window and its last hours, the history of what is failing now, bounded tables
 * of senders and their like, and fills in what the log knows about the queue files of the census.
 *
 * Windows    counts are of [now - since, now]; "1h", "3h", "4h" count back from now too; last, first and "ever" are of
 * all that was read. Entries after now count as now. Bounds     places, messages in trouble and names are bounded
 * (traffic_priv.h); what is least or oldest is dropped first and is_exact then says so. Merge      md_traffic_merge:
 * the counts of two logs or hosts (of one `now`) become those of both. Ownership  freed whole. Not thread safe.
 */
#ifndef PROBES_MSGSERVER_TRAFFIC_H
#define PROBES_MSGSERVER_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "engine/base/time.h"
#include "probes/formats/msgserver/failure.h"
#include "probes/msgserver/log_line.h"
#include "probes/msgserver/name_table.h"

struct md_census;
struct md_mta_config;

#define MD_TRAFFIC_QUARTERS 192 /* of an hour: the last 48 hours */
#define MD_TRAFFIC_HOURS 720    /* before that: up to 32 days */
#define MD_TRAFFIC_HOPS 6
#define MD_TRAFFIC_TEXT 200
#define MD_TRAFFIC_CLASSES 8 /* kept apart per place; further ones count as other */
#define MD_TRAFFIC_PROCESSES 64
#define MD_TRAFFIC_STALLS 48

/* Where in the input: number of the item and line. */
struct md_traffic_spot {
    uint32_t line; /* 0: none */
    uint16_t item;
};

/* How often in the window and its last hours, and the latest line. */
struct md_traffic_count {
    uint32_t window, h4, h1;
    struct md_traffic_spot spot;
};

struct md_traffic_slot {
    uint32_t arrived, delivered;
};

/* The queued messages of a channel as far as the log knows them; held ones are not among them. */
struct md_traffic_stuck {
    uint64_t files; /* that the log knows something about, or not */
    uint64_t known; /* whose place is known */
    uint64_t sender_known, sender_empty;
    uint64_t source_known, from_process;
    struct md_tally *destinations, *recipients, *senders; /* or NULL; senders: "" is the empty one */
    uint64_t failures[MD_FAILURE_CLASSES];                /* by the class of the last failure */
};

struct md_traffic_channel {
    struct md_str name;
    enum md_log_kind kind;
    bool is_outside; /* delivers to hosts of others */
    bool is_hop;     /* conversion or a filter: what it gets is delivered by another channel later */
    bool is_process; /* the channel "process" itself */
    uint64_t hash;
    uint64_t entries;
    struct md_traffic_count arrived, delivered, deferred, returned, warned, partial, attempts;
    uint32_t arrived_3h, left_3h; /* left: D, R, K */
    uint32_t left_1h;
    uint32_t submitted_1h; /* enqueued by it to other channels */
    uint64_t arrived_ever, delivered_ever;
    int64_t first, last_arrival, last_delivery, last_attempt, last_failure; /* MD_TIME_NONE: never */
    struct md_traffic_count classes[MD_FAILURE_CLASSES];
    struct md_traffic_slot quarters[MD_TRAFFIC_QUARTERS], hours[MD_TRAFFIC_HOURS]; /* [0] is the latest */
    uint32_t busy_recovered, greylisted_accepted;
    uint32_t deferred_empty;                  /* with an empty sender, window */
    uint32_t recipients_4h, messages_4h;      /* of what arrived */
    uint64_t last_files[4];                   /* of arrivals, to tell messages from recipients */
    uint64_t processes[MD_TRAFFIC_PROCESSES]; /* that dequeued in the last hour */
    size_t n_processes;
    struct {
        int64_t from, until;
    } stalls[MD_TRAFFIC_STALLS]; /* ten minutes and more without a delivery, the latest ones */
    size_t n_stalls;
    struct md_tally *over_quota_domains; /* or NULL; n[1]: deliveries to it afterwards */
    struct md_traffic_stuck stuck;
};

struct md_traffic_class {
    uint8_t class; /* enum md_failure_class */
    struct md_traffic_count count;
};

/* A destination or mailbox that has failed, or holds queued messages. */
struct md_place {
    uint64_t key; /* of channel and name */
    uint64_t name_hash;
    uint32_t name;    /* md_traffic_name */
    uint16_t channel; /* index */
    bool is_mailbox;
    struct md_traffic_class classes[MD_TRAFFIC_CLASSES];
    size_t n_classes;
    uint32_t deferred, returned; /* window */
    uint32_t failed_4h, connect_failed_4h;
    uint32_t unconnected;  /* connections to one of its hosts that were not made (Y records), window */
    uint32_t run;          /* failures since the last delivery */
    int64_t first_failure; /* of the present run; MD_TIME_NONE: there is none */
    int64_t dns_onset;     /* first failed look-up of the present run */
    int64_t last_failure;
    uint8_t last_class;
    int64_t recovered; /* delivery that ended a run of failures, latest */
    uint32_t first_try_deferred, repeat_deferred, greylisted_accepted;
    uint32_t busy, busy_pending; /* busy deferrals in the window; of them not yet followed by a delivery */
    uint32_t over_quota;         /* window */
    uint32_t epoch;              /* deliveries that followed failures */
    uint16_t attempts_max, busy_generations;
    int32_t port;
    uint32_t next_hop; /* name of the host or address that failed last; 0: none */
    struct {
        uint32_t name, count;
    } hops[MD_TRAFFIC_HOPS]; /* connected to in the window */
    uint32_t gaps[8];        /* seconds between failures, the latest ones */
    size_t n_gaps;
    struct md_traffic_spot last_spot;
    uint8_t text_length;
    char text[MD_TRAFFIC_TEXT]; /* of the last failure */
    /* of the queue (md_traffic_join) */
    uint64_t files, untried, sender_known, sender_empty;
    int64_t oldest; /* submission */
    bool is_oldest_exact;
};

/* What is known of every place, failed or not. */
struct md_place_seen {
    uint64_t key;                         /* 0: free */
    uint32_t last_delivery, last_arrival; /* seconds since 1970; 0: never */
    uint32_t delivered_ever, delivered, delivered_4h, delivered_1h;
    uint32_t arrived; /* window */
    int32_t pending;  /* arrivals less what left, not below 0 */
    uint32_t place;   /* 1 + index of its md_place; 0: none */
    uint8_t kind;     /* enum md_log_kind */
    bool has_run;     /* its md_place has failures since the last delivery */
    uint16_t channel;
};

struct md_traffic_options {
    int64_t now;
    double since_s;
    const struct md_mta_config *config; /* or NULL */
    struct md_census *census;           /* or NULL */
    bool names_expected;                /* names of queue files are logged, as far as configuration says */
};

struct md_traffic_host {
    uint64_t entries, guessed;
    int64_t first, newest;
    uint64_t named, joined; /* entries with the name of a queue file; of them in the queue */
    int64_t last_enqueue, last_attempt, last_delivery;
    struct md_traffic_count refused[MD_FAILURE_CLASSES];     /* J, B, V */
    struct md_traffic_count connections[MD_FAILURE_CLASSES]; /* X, Y */
    struct md_traffic_count empty_sender, bounces, hops, outside;
    /* Arrivals but notifications and the second half of hops, and of them those from outside. */
    struct md_traffic_slot quarters[MD_TRAFFIC_QUARTERS], hours[MD_TRAFFIC_HOURS];
    struct md_traffic_slot outside_quarters[MD_TRAFFIC_QUARTERS], outside_hours[MD_TRAFFIC_HOURS];
    uint64_t by_age; /* W, and R by age, ever */
    int64_t last_by_age;
    struct md_traffic_spot first_spot, newest_spot, enqueue_spot, attempt_spot, delivery_spot, age_spot;
    /* by name: n[0] window arrivals, n[1] to outside in the last 4 h, n[2] to outside before, n[3] attempts in the last
     * 4 h, n[4] of them refused as unknown user or by policy */
    struct md_tally *senders, *users, *systems;
    struct md_tally *sender_domains;     /* n[0]: to outside, window */
    struct md_tally *pairs, *recipients; /* n[0]: last hour, of what this host did not make itself */
    uint64_t submitted_1h;               /* all of them */
    uint64_t out_4h, out_before;         /* before: twelve hours ago and more, in the window */
};

struct md_traffic;

struct md_traffic *md_traffic_new(const struct md_traffic_options *options);
void md_traffic_free(struct md_traffic **traffic);
void md_traffic_add(struct md_traffic *traffic, const struct md_log_block *block, const struct md_log_line *line,
                    struct md_traffic_spot spot);
/* Says that this entry comes soon: its part of the tables is fetched meanwhile. */
void md_traffic_prefetch(const struct md_traffic *traffic, const struct md_log_line *line);
void md_traffic_merge(struct md_traffic *into, const struct md_traffic *from);
/* Whether names of queue files are logged at all. */
bool md_traffic_has_names(const struct md_traffic *traffic);
/* After the last entry: spreads what is known of the queue files over places and channels. */
void md_traffic_join(struct md_traffic *traffic);

const struct md_traffic_host *md_traffic_host(const struct md_traffic *traffic);
size_t md_traffic_channel_count(const struct md_traffic *traffic);
const struct md_traffic_channel *md_traffic_channel_at(const struct md_traffic *traffic,
                                                       size_t i); /* by first appearance */
const struct md_traffic_channel *md_traffic_channel(const struct md_traffic *traffic, struct md_str name);
size_t md_traffic_place_count(const struct md_traffic *traffic);
const struct md_place *md_traffic_place_at(const struct md_traffic *traffic, size_t i); /* by first failure */
/* What is known of a place besides; NULL: it was dropped. */
const struct md_place_seen *md_traffic_seen(const struct md_traffic *traffic, const struct md_place *place);
/* All places, failed or not; *cursor starts at 0; NULL at the end. */
const struct md_place_seen *md_traffic_next_seen(const struct md_traffic *traffic, size_t *cursor);
/* The same place in another channel, or NULL. */
const struct md_place_seen *md_traffic_seen_in(const struct md_traffic *traffic,
                                               const struct md_traffic_channel *channel, uint64_t name_hash);
bool md_traffic_is_exact(const struct md_traffic *traffic);

/* Names by the numbers that places and the census's md_stuck carry (less one there: 1 + number). */
struct md_str md_traffic_name(const struct md_traffic *traffic, uint32_t name);

/* Most failed attempts of one message of a channel within the window, of all its failures how many are of other
 * messages. */
uint32_t md_traffic_worst_message(const struct md_traffic *traffic, const struct md_traffic_channel *channel,
                                  uint32_t *ret_others);

bool md_traffic_is_connect_failure(enum md_failure_class class);
/* Whether a place failed in the last 4 hours and its latest attempt did too. */
bool md_traffic_is_failing(const struct md_place *place);

#endif
