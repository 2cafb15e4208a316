/*
 * probes/msgserver/census: the queue files by name, in constant memory.
 *
 * Fed one directory entry at a time; keeps per channel counts, histograms and extremes, and of the single files only a
 * bounded set of slots ("stuck files") by a 64-bit hash of channel and unique part, which the probe of the transaction
 * log fills with what it knows about them. When the set would exceed MD_CENSUS_STUCK_MAX it keeps every second, fourth,
 * ... file, chosen by hash, so that it stays a fair sample: each slot then stands for md_census_stuck_factor() files.
 *
 * Times are instants (engine/base/time); ages count from `now` of the options. Of a file that was tried, mtime is about
 * the last attempt; of an untried one, the submission. Two censuses of one `now` merge into that of both (shards,
 * hosts). Limits: MD_CENSUS_CHANNELS_MAX channels, further ones are counted in the one called "(others)". Ownership:
 * freed whole; names are copied. Not thread safe.
 */
#ifndef PROBES_MSGSERVER_CENSUS_H
#define PROBES_MSGSERVER_CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/base/time.h"

#define MD_CENSUS_CHANNELS_MAX 4096
#define MD_CENSUS_STUCK_MAX (UINT32_C(1) << 18)
#define MD_CENSUS_GENERATIONS 80 /* the last one: so many attempts or more */
#define MD_CENSUS_BACKOFF_MAX 8

/* Upper ends of the age bins, in minutes; a file of just that age or less is in the bin. One more bin for all older
 * ones. */
#define MD_CENSUS_AGE_MINUTES                                                                                          \
    1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 5760, 7200, 8640, 10080,      \
        12960, 17280, 20160
#define MD_CENSUS_AGES 27

/* What is configured for a channel about retries. */
struct md_census_schedule {
    double backoff_s[MD_CENSUS_BACKOFF_MAX]; /* intervals after each failed attempt, the last one repeats */
    size_t n_backoff;
    double age_limit_s; /* no file should get older; 0: no limit is known */
};

struct md_census_channel {
    struct md_str name;
    uint32_t index;
    uint64_t files;                              /* message files, held ones included */
    uint64_t held;                               /* .HELD */
    uint64_t untried, tried;                     /* of those not held: no failed attempt, one or more */
    uint64_t bytes;                              /* of all files */
    uint64_t largest;                            /* bytes */
    uint64_t subdirs;                            /* numbered folders that hold files or are listed */
    uint64_t undated;                            /* files without a time; they are in no age statistics */
    uint64_t future;                             /* files with a time after now by more than an hour */
    uint64_t attempts_total;                     /* of the tried ones */
    unsigned attempts_max;                       /* of all files not held */
    uint64_t generations[MD_CENSUS_GENERATIONS]; /* not held, by failed attempts */
    uint64_t untried_ages[MD_CENSUS_AGES];       /* not held */
    uint64_t tried_ages[MD_CENSUS_AGES];         /* since the last attempt */
    uint64_t held_ages[MD_CENSUS_AGES];
    int64_t oldest, newest; /* of all files; MD_TIME_NONE where there is none */
    int64_t oldest_untried, newest_untried;
    int64_t oldest_tried, newest_tried;
    int64_t oldest_held, newest_held;
    int64_t oldest_guess; /* not held: the earliest submission, for tried files guessed from the time and number of
                             attempts */
    uint64_t in_backoff,
        overdue; /* tried, dated: before the next attempt is due; past it by more than half of the step and 30 min */
    uint64_t over_age; /* not held, dated: older than the age limit */
    struct md_census_schedule schedule;
    uint64_t foreign;                   /* entries that are no queue files, leftovers not included */
    uint64_t leftovers, leftover_bytes; /* *.data-failed and the like in private folders */
    int64_t oldest_foreign;
    uint64_t slots; /* of this channel in the set of stuck files */
};

/* One queue file (all files of one unique part in one channel). The lower half is for the probe of the transaction log:
 * 0 is "not known" for all of it. */
struct md_stuck {
    uint64_t hash;       /* never 0 in use */
    int64_t mtime;       /* the oldest of its files; MD_TIME_NONE */
    uint32_t channel;    /* index */
    uint32_t copies;     /* files, 1 or more */
    uint16_t attempts;   /* the most of its files */
    bool is_held;        /* one of its files is */
    uint32_t extensions; /* bit n: a file with the extension n, two digits; 31: or more */

    uint8_t sender;          /* enum md_stuck_sender */
    uint16_t failure;        /* class of the last failed attempt, by 1 + the log probe's number */
    uint16_t source_channel; /* 1 + the log probe's number */
    uint32_t destination;    /* 1 + the log probe's number: host, or mailbox for a store channel */
    uint32_t recipient;      /* 1 + the log probe's number */
    uint32_t failures;       /* failed attempts that the log shows */
    int64_t submitted;       /* of its E entry; 0: not known */
    int64_t last_failure;    /* 0: not known */
};

enum md_stuck_sender { MD_SENDER_NOT_KNOWN, MD_SENDER_EMPTY, MD_SENDER_GIVEN };

struct md_census_options {
    int64_t now;
    /* Fills in what is configured for a channel that appears; NULL: nothing is known. Without a backoff, that of the
     * product for normal priority is used (60, 120, 120, 240, 240, 240, 480 minutes). */
    void (*schedule)(void *ctx, struct md_str channel, struct md_census_schedule *ret);
    void *ctx;
};

struct md_census;

struct md_census *md_census_new(const struct md_census_options *options);
void md_census_free(struct md_census **census);

/* An entry of a queue tree by its path below the queue root; `size` and `mtime` (MD_TIME_NONE) as far as they are
 * known. Folders make their channel appear even if it is empty. */
void md_census_add(struct md_census *census, struct md_str path, bool is_dir, uint64_t size, int64_t mtime);
void md_census_merge(struct md_census *into, const struct md_census *from);

size_t md_census_channel_count(const struct md_census *census);
const struct md_census_channel *md_census_channel_at(const struct md_census *census,
                                                     size_t i); /* in the order of appearance */
const struct md_census_channel *md_census_channel(const struct md_census *census,
                                                  struct md_str name); /* NULL: there is none */
/* Sums over all channels (name empty; schedule and index of no meaning). */
struct md_census_channel md_census_total(const struct md_census *census);

/* Files of a bin array older than so many minutes; exact where it is one of MD_CENSUS_AGE_MINUTES, else of the next
 * larger one. */
uint64_t md_census_older(const uint64_t ages[MD_CENSUS_AGES], unsigned minutes);
/* Untried files by age are the arrivals that are still there: how many came in the last `minutes` (same rule). */
uint64_t md_census_younger(const uint64_t ages[MD_CENSUS_AGES], unsigned minutes);

/* Entries directly in the queue root that are no channel folders ("lost+found", files). */
uint64_t md_census_root_foreign(const struct md_census *census);

/* The slot of a file, or NULL: not in the queue, or not in the sample. `unique` as md_queue_name_parse gives it;
 * `channel`: whose folder the file is in (in an E entry the destination channel, in Q, Z, D entries the source channel;
 * or by md_queue_path_parse_any). The pointer stays valid until the next md_census_add or md_census_merge. */
struct md_stuck *md_census_find(struct md_census *census, struct md_str channel, struct md_str unique);
/* All slots, in a fixed order; *cursor starts at 0; NULL at the end. */
struct md_stuck *md_census_next(struct md_census *census, size_t *cursor);
size_t md_census_stuck_count(const struct md_census *census);
/* When the oldest file of a slot was submitted if its attempts came as scheduled; MD_TIME_NONE: it has no time. */
int64_t md_census_guess_submission(const struct md_census *census, const struct md_stuck *slot);
/* Submissions that are only there with extensions from 02, as after the release of a held file by hand, by index of the
 * channel (from the slots). */
const uint64_t *md_census_hand_released(const struct md_census *census, struct md_arena *arena);
/* How many files a slot stands for: 1 while the set is exact. */
uint64_t md_census_stuck_factor(const struct md_census *census);

#endif
