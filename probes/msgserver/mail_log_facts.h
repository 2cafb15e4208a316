/*
 * probes/msgserver/mail_log_facts: sets the facts of the transaction log from the traffic.
 *
 * Origins are lines of the log. A count that is 0 points to the log that has no such line.
 */
#ifndef PROBES_MSGSERVER_MAIL_LOG_FACTS_H
#define PROBES_MSGSERVER_MAIL_LOG_FACTS_H

#include "probes/msgserver/traffic.h"
#include "probes/probe.h"

struct md_log_item {
    const struct md_item *item;
    int64_t first, last; /* instants; MD_TIME_NONE: it has no entries */
    int64_t first_local, last_local;
    uint64_t bytes;
};

struct md_log_report {
    struct md_probe_ctx *ctx;
    struct md_traffic *traffic;
    const struct md_log_item *items;
    size_t n_items;
    int64_t now;
    double covered_h; /* hours of the log before now */
    enum { MD_LOG_JOINED, MD_LOG_NOT_JOINED, MD_LOG_JOIN_NOT_KNOWN } joined;
    const char *why_not; /* where not joined, or not known */
    bool knows_queued;   /* what is queued is known from the log: by name, or by what arrived and has not left */
};

void md_mail_log_set_facts(struct md_log_report *report);

/* For the parts: mail_log_facts.c, mail_log_channels.c, mail_log_places.c. */
void md_mail_log_set_channels(const struct md_log_report *report);
void md_mail_log_set_places(const struct md_log_report *report, const struct md_traffic_channel *channel, size_t index,
                            struct md_instance *at);

struct md_origin md_mail_log_origin(const struct md_log_report *report, struct md_traffic_spot spot, uint64_t count);
void md_mail_log_count(const struct md_log_report *report, struct md_instance *at, const char *name, uint64_t value,
                       struct md_traffic_spot spot);
/* MD_TIME_NONE: unknown for want of such an entry. */
void md_mail_log_time(const struct md_log_report *report, struct md_instance *at, const char *name, int64_t value,
                      struct md_traffic_spot spot);
void md_mail_log_number(const struct md_log_report *report, struct md_instance *at, const char *name, double value);
/* The greatest counts n[0] of a tally, or none where it is NULL. */
void md_mail_log_tally(const struct md_log_report *report, struct md_instance *at, const char *name,
                       const struct md_tally *tally);

enum md_mail_log_span { MD_LOG_WINDOW, MD_LOG_4H, MD_LOG_1H };
void md_mail_log_classes(const struct md_log_report *report, struct md_instance *at, const char *name,
                         const struct md_traffic_class *classes, size_t n, enum md_mail_log_span span);
/* The same of an array over all classes. */
void md_mail_log_all_classes(const struct md_log_report *report, struct md_instance *at, const char *name,
                             const struct md_traffic_count classes[MD_FAILURE_CLASSES], enum md_mail_log_span span);

/* As many hours before now are counted one by one. */
#define MD_LOG_HOURS (MD_TRAFFIC_QUARTERS / 4 + MD_TRAFFIC_HOURS)
/* How many of them the log covers whole. */
size_t md_mail_log_covered(const struct md_log_report *report);
/* Entries of hour `h` before now (0: the last one). */
struct md_traffic_slot md_mail_log_hour(const struct md_traffic_slot *quarters, const struct md_traffic_slot *hours,
                                        size_t h);
/* The usual number an hour: that of the same hour a day ago, else the median of the hours before the last three; negative: not known. */
double md_mail_log_usual(const uint32_t *hours, size_t n);

#endif
