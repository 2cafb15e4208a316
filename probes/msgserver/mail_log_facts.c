#include "probes/msgserver/mail_log_facts.h"

#include <stdlib.h>
#include <string.h>

#include "probes/msgserver/census.h"
#include "probes/msgserver/log_sizes.h"
#include "probes/msgserver/traffic.h"
#include "probes/msgserver/world.h"

#define TALLY_MAX 1000 /* names listed of a table */
#define BURST 3.0      /* times the usual */
#define SILENCE (30 * MD_MINUTE)

static const char no_such_entry[] = "the log has no such entry";

/* ---- helpers ---- */

struct md_origin md_mail_log_origin(const struct md_log_report *report, struct md_traffic_spot spot, uint64_t count)
{
    struct md_origin origin;

    if (spot.line == 0) {
        const struct md_traffic_spot newest = md_traffic_host(report->traffic)->newest_spot;

        return md_origin_item(report->items[newest.item < report->n_items ? newest.item : 0].item, 0);
    }
    origin = md_origin_item(report->items[spot.item].item, spot.line);
    origin.count = count;
    return origin;
}

void md_mail_log_count(const struct md_log_report *report, struct md_instance *at, const char *name, uint64_t value,
                       struct md_traffic_spot spot)
{
    const struct md_origin origin = md_mail_log_origin(report, value > 0 ? spot : (struct md_traffic_spot){0}, value);

    md_fact_count(report->ctx->facts, at, name, value, &origin);
}

void md_mail_log_time(const struct md_log_report *report, struct md_instance *at, const char *name, int64_t value,
                      struct md_traffic_spot spot)
{
    const struct md_origin origin = md_mail_log_origin(report, spot, 0);

    if (value == MD_TIME_NONE)
        md_fact_unknown(report->ctx->facts, at, name, no_such_entry);
    else
        md_fact_time(report->ctx->facts, at, name, value, &origin);
}

void md_mail_log_number(const struct md_log_report *report, struct md_instance *at, const char *name, double value)
{
    const struct md_origin origin = md_mail_log_origin(report, (struct md_traffic_spot){0}, 0);

    md_fact_number(report->ctx->facts, at, name, value, &origin);
}

static int by_count(const void *a, const void *b)
{
    const struct md_tally_entry *const *x = a, *const *y = b;

    if ((*x)->n[0] != (*y)->n[0])
        return (*x)->n[0] < (*y)->n[0] ? 1 : -1;
    return (*x > *y) - (*x < *y); /* the order of appearance */
}

/* Entries by n[0] falling; the list lives in the arena. */
static const struct md_tally_entry **sorted(const struct md_log_report *report, const struct md_tally *tally,
                                            size_t *ret_n)
{
    const size_t n = md_tally_count(tally);
    const struct md_tally_entry **list = md_arena_array(report->ctx->arena, n + 1, sizeof(struct md_tally_entry *));

    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (md_tally_at(tally, i)->n[0] > 0)
            list[(*ret_n)++] = md_tally_at(tally, i);
    qsort(list, *ret_n, sizeof(struct md_tally_entry *), by_count);
    return list;
}

void md_mail_log_tally(const struct md_log_report *report, struct md_instance *at, const char *name,
                       const struct md_tally *tally)
{
    const struct md_origin origin = md_mail_log_origin(report, (struct md_traffic_spot){0}, 0);
    struct md_count_item *items = md_arena_array(report->ctx->arena, TALLY_MAX, sizeof *items);
    const struct md_tally_entry **list;
    uint64_t total = 0, error;
    size_t n = 0;

    if (tally == NULL) {
        md_fact_counts(report->ctx->facts, at, name, items, 0, 0, true, &origin);
        return;
    }
    list = sorted(report, tally, &n);
    error = md_tally_error(tally);
    for (size_t i = 0; i < n; i++)
        total += list[i]->n[0];
    for (size_t i = 0; i < n && i < TALLY_MAX; i++)
        items[i] = (struct md_count_item){
            .name = md_tally_name(tally, list[i]), .count = list[i]->n[0] + error, .error = error};
    md_fact_counts(report->ctx->facts, at, name, items, n < TALLY_MAX ? n : TALLY_MAX, total,
                   error == 0 && n <= TALLY_MAX, &origin);
}

static uint32_t in_span(const struct md_traffic_count *count, enum md_mail_log_span span)
{
    switch (span) {
    case MD_LOG_WINDOW: break;
    case MD_LOG_4H: return count->h4;
    case MD_LOG_1H: return count->h1;
    }
    return count->window;
}

void md_mail_log_classes(const struct md_log_report *report, struct md_instance *at, const char *name,
                         const struct md_traffic_class *classes, size_t n, enum md_mail_log_span span)
{
    struct md_count_item items[MD_FAILURE_CLASSES];
    struct md_origin origin = md_mail_log_origin(report, (struct md_traffic_spot){0}, 0);
    uint64_t most = 0;
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        const uint32_t value = in_span(&classes[i].count, span);

        if (value == 0)
            continue;
        items[kept] = (struct md_count_item){
            .name = md_str(md_failure_name((enum md_failure_class)classes[i].class)),
            .count = value,
            .origin = md_mail_log_origin(report, classes[i].count.spot, value),
        };
        if (value > most) {
            most = value;
            origin = items[kept].origin;
        }
        kept++;
    }
    md_fact_counts(report->ctx->facts, at, name, items, kept, 0, true, &origin);
}

void md_mail_log_all_classes(const struct md_log_report *report, struct md_instance *at, const char *name,
                             const struct md_traffic_count classes[MD_FAILURE_CLASSES], enum md_mail_log_span span)
{
    struct md_traffic_class list[MD_FAILURE_CLASSES];

    for (size_t i = 0; i < MD_FAILURE_CLASSES; i++)
        list[i] = (struct md_traffic_class){.class = (uint8_t)i, .count = classes[i]};
    md_mail_log_classes(report, at, name, list, MD_FAILURE_CLASSES, span);
}

struct md_traffic_slot md_mail_log_hour(const struct md_traffic_slot *quarters, const struct md_traffic_slot *hours,
                                        size_t h)
{
    struct md_traffic_slot sum = {0};

    if (h >= MD_TRAFFIC_QUARTERS / 4)
        return h - MD_TRAFFIC_QUARTERS / 4 < MD_TRAFFIC_HOURS ? hours[h - MD_TRAFFIC_QUARTERS / 4] : sum;
    for (size_t i = 4 * h; i < 4 * h + 4; i++) {
        sum.arrived += quarters[i].arrived;
        sum.delivered += quarters[i].delivered;
    }
    return sum;
}

static int by_value(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

double md_mail_log_usual(const uint32_t *hours, size_t n)
{
    uint32_t list[MD_LOG_HOURS];
    size_t kept = 0;

    if (n > 24 && hours[24] > 0)
        return hours[24];
    for (size_t h = 3; h < n && kept < MD_LOG_HOURS; h++)
        list[kept++] = hours[h];
    if (kept < 2)
        return -1;
    qsort(list, kept, sizeof *list, by_value);
    return kept % 2 == 1 ? list[kept / 2] : ((double)list[kept / 2 - 1] + list[kept / 2]) / 2;
}

/* ---- the host ---- */

static struct md_traffic_spot nowhere(void)
{
    return (struct md_traffic_spot){0};
}

static void set_extent(const struct md_log_report *report, struct md_instance *root)
{
    const struct md_traffic_host *host = md_traffic_host(report->traffic);
    const struct md_origin first = md_mail_log_origin(report, host->first_spot, 0);
    struct md_origin listing = {0};
    uint64_t bytes = 0, listed = 0;
    bool has_yesterday = false;
    int64_t rolled = host->last_by_age;
    struct md_traffic_spot spot = host->age_spot;

    md_fact_bool(report->ctx->facts, root, "host.log_seen", true, &first);
    md_fact_duration(report->ctx->facts, root, "host.log_span_s",
                     (double)(host->newest - host->first) / (double)MD_SECOND, &first);
    md_mail_log_time(report, root, "host.log_newest", host->newest, host->newest_spot);
    for (size_t i = 0; i < report->n_items; i++) {
        bytes += report->items[i].bytes;
        has_yesterday =
            has_yesterday || md_str_has_prefix(md_str(report->items[i].item->base), MD_LIT("mail.log_yesterday"));
    }
    if (md_log_sizes(report->ctx, &listed, &listing) && listed > bytes)
        md_fact_count(report->ctx->facts, root, "host.log_bytes", listed, &listing);
    else
        md_fact_count(report->ctx->facts, root, "host.log_bytes", bytes, &first);
    for (size_t i = 0; i < report->n_items; i++) {
        const struct md_log_item *item = &report->items[i];
        const struct md_origin origin = md_origin_item(item->item, 0);

        if (!md_str_has_prefix(md_str(item->item->base), MD_LIT("mail.log_current")) || item->first == MD_TIME_NONE)
            continue;
        md_fact_duration(report->ctx->facts, root, "host.log_current_span_s",
                         (double)(item->last - item->first) / (double)MD_SECOND, &origin);
        if (has_yesterday && item->first > rolled) {
            rolled = item->first;
            spot = (struct md_traffic_spot){item->item->first_line > 0 ? item->item->first_line : 1, (uint16_t)i};
        }
    }
    md_mail_log_time(report, root, "host.last_return_job", rolled, spot);
    md_mail_log_count(report, root, "host.warnings_or_returns", host->by_age, host->age_spot);
}

static void set_joined(const struct md_log_report *report, struct md_instance *root)
{
    const struct md_traffic_host *host = md_traffic_host(report->traffic);
    const struct md_origin origin = md_mail_log_origin(report, host->newest_spot, 0);

    if (report->joined == MD_LOG_JOIN_NOT_KNOWN)
        md_fact_unknown(report->ctx->facts, root, "host.log_joined", report->why_not);
    else
        md_fact_bool(report->ctx->facts, root, "host.log_joined", report->joined == MD_LOG_JOINED, &origin);
}

static void sum(struct md_traffic_count *into, const struct md_traffic_count *from)
{
    into->window += from->window;
    into->h4 += from->h4;
    into->h1 += from->h1;
    if (from->spot.line != 0)
        into->spot = from->spot;
}

size_t md_mail_log_covered(const struct md_log_report *report)
{
    return report->covered_h < (double)MD_LOG_HOURS ? (size_t)report->covered_h : MD_LOG_HOURS;
}

static void set_usual(const struct md_log_report *report, struct md_instance *root, const uint32_t *hours)
{
    const double usual = md_mail_log_usual(hours, md_mail_log_covered(report));
    static const char why[] = "the log does not reach back far enough";

    if (usual < 0) {
        md_fact_unknown(report->ctx->facts, root, "host.arrivals_usual_1h", why);
        md_fact_unknown(report->ctx->facts, root, "host.arrivals_ratio", why);
        md_fact_unknown(report->ctx->facts, root, "host.arrivals_burst_ended", why);
        return;
    }
    md_mail_log_number(report, root, "host.arrivals_usual_1h", usual);
    if (usual > 0)
        md_mail_log_number(report, root, "host.arrivals_ratio", hours[0] / usual);
    else
        md_fact_unknown(report->ctx->facts, root, "host.arrivals_ratio", "nothing arrives as a rule");
    for (size_t h = 0; h < md_mail_log_covered(report); h++)
        if (usual > 0 && hours[h] > BURST * usual) {
            md_mail_log_time(report, root, "host.arrivals_burst_ended", md_time_ago(report->now, (int64_t)h * MD_HOUR),
                             nowhere());
            return;
        }
    md_fact_unknown(report->ctx->facts, root, "host.arrivals_burst_ended", "no hour stands out");
}

static void set_totals(const struct md_log_report *report, struct md_instance *root)
{
    const struct md_traffic_host *host = md_traffic_host(report->traffic);
    struct md_traffic_count arrived = {0}, left = {0}, classes[MD_FAILURE_CLASSES] = {{0}};
    uint32_t *hours = md_arena_array(report->ctx->arena, MD_LOG_HOURS, sizeof *hours);
    uint32_t *outside = md_arena_array(report->ctx->arena, MD_LOG_HOURS, sizeof *outside);
    uint64_t tried_1h = 0, peak = 0;
    double usual;

    for (size_t i = 0; i < md_traffic_channel_count(report->traffic); i++) {
        const struct md_traffic_channel *channel = md_traffic_channel_at(report->traffic, i);

        sum(&arrived, &channel->arrived);
        sum(&left, &channel->delivered);
        for (size_t c = 0; c < MD_FAILURE_CLASSES; c++)
            sum(&classes[c], &channel->classes[c]);
        tried_1h += channel->attempts.h1 > 0;
    }
    for (size_t h = 0; h < MD_LOG_HOURS; h++) {
        hours[h] = md_mail_log_hour(host->quarters, host->hours, h).arrived;
        outside[h] = md_mail_log_hour(host->outside_quarters, host->outside_hours, h).arrived;
    }
    md_mail_log_count(report, root, "host.arrived", arrived.window, arrived.spot);
    md_mail_log_count(report, root, "host.arrived_1h", arrived.h1, arrived.spot);
    md_mail_log_count(report, root, "host.left", left.window, left.spot);
    md_mail_log_count(report, root, "host.left_1h", left.h1, left.spot);
    md_mail_log_count(report, root, "host.tried_channels_1h", tried_1h, host->attempt_spot);
    set_usual(report, root, hours);
    for (size_t h = 0; h < MD_LOG_HOURS && (double)h < report->ctx->since_s / 3600; h++)
        if (hours[h] > peak)
            peak = hours[h];
    md_mail_log_count(report, root, "host.arrivals_peak_1h", peak, nowhere());
    md_mail_log_all_classes(report, root, "host.failures", classes, MD_LOG_WINDOW);
    md_mail_log_all_classes(report, root, "host.failures_1h", classes, MD_LOG_1H);
    md_mail_log_all_classes(report, root, "host.refused", host->refused, MD_LOG_WINDOW);
    md_mail_log_all_classes(report, root, "host.refused_1h", host->refused, MD_LOG_1H);
    md_mail_log_all_classes(report, root, "host.connections_refused", host->connections, MD_LOG_WINDOW);
    md_mail_log_time(report, root, "host.last_enqueue", host->last_enqueue, host->enqueue_spot);
    md_mail_log_time(report, root, "host.last_dequeue", host->last_attempt, host->attempt_spot);
    md_mail_log_time(report, root, "host.last_delivery", host->last_delivery, host->delivery_spot);

    md_mail_log_count(report, root, "host.outside_arrivals_1h", host->outside.h1, host->outside.spot);
    usual = md_mail_log_usual(outside, md_mail_log_covered(report));
    if (usual > 0)
        md_mail_log_number(report, root, "host.outside_arrivals_ratio", (double)host->outside.h1 / usual);
    else
        md_fact_unknown(report->ctx->facts, root, "host.outside_arrivals_ratio", "the usual rate is not known");
    if (usual > 0)
        md_mail_log_number(report, root, "host.outside_arrivals_now_ratio",
                           4.0 * host->outside_quarters[0].arrived / usual);
    else
        md_fact_unknown(report->ctx->facts, root, "host.outside_arrivals_now_ratio", "the usual rate is not known");
    md_mail_log_count(report, root, "host.empty_sender_arrivals", host->empty_sender.window, host->empty_sender.spot);
    md_mail_log_count(report, root, "host.bounces_made", host->bounces.window, host->bounces.spot);
    if (arrived.window > 0) {
        md_mail_log_number(report, root, "host.empty_sender_share", (double)host->empty_sender.window / arrived.window);
        md_mail_log_number(report, root, "host.double_hop_share", (double)host->hops.window / arrived.window);
    }
}

/* ---- destinations as a whole ---- */

/* Its present run of failures is one of look-ups that fail for the time being. */
static bool fails_by_name(const struct md_place *place)
{
    return place->run > 0 && place->last_class == MD_FAILURE_DNS_TEMPORARY && place->dns_onset != MD_TIME_NONE;
}

static int by_instant(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The shortest time in which nine in ten of the instants are: when it began, and how long it is. */
static void set_onset(const struct md_log_report *report, struct md_instance *root, int64_t *onsets, size_t n)
{
    const size_t most = (n * 9 + 9) / 10;
    size_t best = 0;

    if (n == 0) {
        md_fact_unknown(report->ctx->facts, root, "host.dns_onset", no_such_entry);
        md_fact_unknown(report->ctx->facts, root, "host.dns_onset_spread_s", no_such_entry);
        return;
    }
    qsort(onsets, n, sizeof *onsets, by_instant);
    for (size_t i = 1; i + most <= n; i++)
        if (onsets[i + most - 1] - onsets[i] < onsets[best + most - 1] - onsets[best])
            best = i;
    md_mail_log_time(report, root, "host.dns_onset", onsets[best], nowhere());
    md_fact_duration(report->ctx->facts, root, "host.dns_onset_spread_s",
                     (double)(onsets[best + most - 1] - onsets[best]) / (double)MD_SECOND, NULL);
}

static void set_destinations(const struct md_log_report *report, struct md_instance *root)
{
    const size_t n = md_traffic_place_count(report->traffic);
    int64_t *onsets = md_arena_array(report->ctx->arena, n + 1, sizeof *onsets);
    uint64_t failing = 0, by_name = 0, flapping = 0, blocked = 0, tried = 0;
    struct md_traffic_spot failing_spot = {0}, name_spot = {0}, blocked_spot = {0};
    const struct md_place_seen *seen;
    size_t n_onsets = 0, cursor = 0;

    while ((seen = md_traffic_next_seen(report->traffic, &cursor)) != NULL) {
        const struct md_place *place = seen->place != 0 ? md_traffic_place_at(report->traffic, seen->place - 1) : NULL;

        tried += (seen->kind == MD_LOG_SMTP || seen->kind == MD_LOG_LMTP) &&
                 (seen->delivered_4h > 0 || (place != NULL && place->failed_4h > 0));
    }
    for (size_t i = 0; i < n; i++) {
        const struct md_place *place = md_traffic_place_at(report->traffic, i);
        const enum md_log_kind kind = md_traffic_channel_at(report->traffic, place->channel)->kind;

        seen = md_traffic_seen(report->traffic, place);
        if (kind != MD_LOG_SMTP && kind != MD_LOG_LMTP)
            continue;
        for (size_t c = 0; c < place->n_classes; c++)
            if (place->classes[c].class == MD_FAILURE_BLOCKLISTED && place->classes[c].count.window > 0) {
                blocked++;
                blocked_spot = place->classes[c].count.spot;
            }
        if (place->failed_4h == 0)
            continue;
        flapping += seen != NULL && seen->delivered_4h > 0 && place->connect_failed_4h > 0;
        if (!md_traffic_is_failing(place))
            continue;
        failing++;
        failing_spot = place->last_spot;
        if (fails_by_name(place)) {
            by_name++;
            name_spot = place->last_spot;
            onsets[n_onsets++] = place->dns_onset;
        }
    }
    md_mail_log_count(report, root, "host.failing_destinations_4h", failing, failing_spot);
    md_mail_log_count(report, root, "host.dns_failing_destinations_4h", by_name, name_spot);
    if (tried > 0)
        md_mail_log_number(report, root, "host.dns_failing_share_4h", (double)by_name / (double)tried);
    else
        md_fact_unknown(report->ctx->facts, root, "host.dns_failing_share_4h",
                        "no destination was tried in the last 4 hours");
    md_mail_log_count(report, root, "host.connect_failing_networks_4h", flapping, nowhere());
    md_mail_log_count(report, root, "host.policy_blocked_destinations", blocked, blocked_spot);
    set_onset(report, root, onsets, n_onsets);
}

/* ---- who sends ---- */

/* Share of the busiest user's messages that are of one sender, so that both are the same. */
#define SAME_SENDER 0.8

static const struct md_tally_entry *top_by(const struct md_tally *tally, size_t which)
{
    const struct md_tally_entry *best = NULL;

    for (size_t i = 0; i < md_tally_count(tally); i++) {
        const struct md_tally_entry *entry = md_tally_at(tally, i);

        if (entry->n[which] > 0 && (best == NULL || entry->n[which] > best->n[which]))
            best = entry;
    }
    return best;
}

static void set_top_submitter(const struct md_log_report *report, struct md_instance *root)
{
    static const char *const facts[] = {"host.top_submitter_share", "host.top_submitter", "host.top_submitter_domains",
                                        "host.top_submitter_user_unknown_share", "host.top_submitter_is_usual"};
    const struct md_traffic_host *host = md_traffic_host(report->traffic);
    const struct md_tally *tallies[] = {host->users, host->senders, host->systems};
    const struct md_origin origin = md_mail_log_origin(report, nowhere(), 0);
    const struct md_tally *of = NULL;
    const struct md_tally_entry *best = NULL;
    double share;

    for (size_t i = 0; i < 3; i++) {
        const struct md_tally_entry *entry = top_by(tallies[i], 1);

        if (entry != NULL && (best == NULL || entry->n[1] > best->n[1])) {
            best = entry;
            of = tallies[i];
        }
    }
    if (best == NULL || host->out_4h == 0) {
        for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
            md_fact_unknown(report->ctx->facts, root, facts[i], "nothing was sent to the outside in the last 4 hours");
        return;
    }
    share = (double)best->n[1] / (double)host->out_4h;
    md_mail_log_number(report, root, "host.top_submitter_share", share);
    md_fact_text(report->ctx->facts, root, "host.top_submitter", md_tally_name(of, best), &origin);
    md_fact_count(report->ctx->facts, root, "host.top_submitter_domains", md_tally_seen(best), &origin);
    if (of != host->senders) {
        /* Attempts tell the sender only: the one that this user or system writes as. */
        const struct md_tally_entry *sender = top_by(host->senders, 1);

        if (sender != NULL && (double)sender->n[1] >= SAME_SENDER * (double)best->n[1])
            best = sender;
    }
    if (best->n[3] > 0)
        md_mail_log_number(report, root, "host.top_submitter_user_unknown_share", (double)best->n[4] / best->n[3]);
    else
        md_fact_unknown(report->ctx->facts, root, "host.top_submitter_user_unknown_share",
                        "attempts are not told by submitter");
    if (host->out_before > 0)
        md_fact_bool(report->ctx->facts, root, "host.top_submitter_is_usual",
                     (double)best->n[2] / (double)host->out_before >= share / 2, &origin);
    else
        md_fact_unknown(report->ctx->facts, root, "host.top_submitter_is_usual",
                        "the log does not reach back far enough");
}

static void set_pairs(const struct md_log_report *report, struct md_instance *root)
{
    const struct md_traffic_host *host = md_traffic_host(report->traffic);
    const uint64_t arrived_1h = host->submitted_1h;
    const struct md_origin origin = md_mail_log_origin(report, host->enqueue_spot, 0);
    const struct md_tally_entry *pair = top_by(host->pairs, 0);
    const struct md_tally_entry **list;
    uint64_t five = 0;
    size_t n = 0;

    if (pair == NULL || arrived_1h == 0) {
        static const char *const facts[] = {"host.pair_top_share", "host.pair_top", "host.recipients_top_share"};

        md_mail_log_count(report, root, "host.pair_top_count", 0, nowhere());
        md_mail_log_count(report, root, "host.pair_top_ids", 0, nowhere());
        for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
            md_fact_unknown(report->ctx->facts, root, facts[i], "nothing arrived in the last hour");
        return;
    }
    md_mail_log_number(report, root, "host.pair_top_share", (double)pair->n[0] / (double)arrived_1h);
    md_fact_count(report->ctx->facts, root, "host.pair_top_count", pair->n[0], &origin);
    md_fact_count(report->ctx->facts, root, "host.pair_top_ids", md_tally_seen(pair), &origin);
    md_fact_text(report->ctx->facts, root, "host.pair_top", md_tally_name(host->pairs, pair), &origin);
    list = sorted(report, host->recipients, &n);
    for (size_t i = 0; i < n && i < 5; i++)
        five += list[i]->n[0];
    md_mail_log_number(report, root, "host.recipients_top_share", (double)five / (double)arrived_1h);
}

/* ---- channels as a whole ---- */

static void set_silence(const struct md_log_report *report, struct md_instance *root)
{
    const struct md_census *census = report->ctx->msgserver->census;
    uint64_t with_files = 0, silent = 0;

    if (census == NULL) {
        md_fact_unknown(report->ctx->facts, root, "host.channels_silent", "the queue was not seen");
        md_fact_unknown(report->ctx->facts, root, "host.channels_with_files", "the queue was not seen");
        return;
    }
    for (size_t i = 0; i < md_census_channel_count(census); i++) {
        const struct md_census_channel *c = md_census_channel_at(census, i);
        const struct md_traffic_channel *channel = md_traffic_channel(report->traffic, c->name);

        if (c->untried + c->tried == 0)
            continue;
        with_files++;
        silent += channel == NULL || channel->last_attempt == MD_TIME_NONE ||
                  channel->last_attempt < md_time_ago(report->now, SILENCE);
    }
    md_mail_log_count(report, root, "host.channels_with_files", with_files, nowhere());
    md_mail_log_count(report, root, "host.channels_silent", silent, nowhere());
}

void md_mail_log_set_facts(struct md_log_report *report)
{
    struct md_instance *root = md_facts_root(report->ctx->facts);
    const struct md_traffic_host *host = md_traffic_host(report->traffic);

    if (report->now != MD_TIME_NONE && host->first != MD_TIME_NONE && report->now > host->first)
        report->covered_h = (double)(report->now - host->first) / (double)MD_HOUR;
    set_extent(report, root);
    set_joined(report, root);
    set_totals(report, root);
    set_destinations(report, root);
    md_mail_log_tally(report, root, "host.senders", host->senders);
    md_mail_log_tally(report, root, "host.sender_domains_out", host->sender_domains);
    md_mail_log_tally(report, root, "host.auth_users", host->users);
    md_mail_log_tally(report, root, "host.source_systems", host->systems);
    set_top_submitter(report, root);
    set_pairs(report, root);
    set_silence(report, root);
    md_mail_log_set_channels(report);
}
