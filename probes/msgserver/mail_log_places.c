#include <math.h>
#include <stdlib.h>

#include "engine/base/map.h"
#include "probes/msgserver/mail_log_facts.h"

/* More instances of a channel are not made; the engine looks at far fewer. */
#define PLACES_MAX 300

static const char no_failure[] = "nothing fails at present";

/* What waits for the places of a channel that fail at one next hop now. */
struct hop {
    uint64_t files, untried, places;
};

struct target {
    const struct md_log_report *report;
    const struct md_place *place;
    const struct hop *hop;            /* NULL: none is known */
    const struct md_place_seen *seen; /* never NULL */
    struct md_instance *at;
    struct md_origin origin; /* of the last failure, or the log */
};

static uint64_t weight(const struct md_place *place)
{
    return place->files + place->deferred + place->returned + place->unconnected;
}

static int by_weight(const void *a, const void *b)
{
    const struct md_place *const *x = a, *const *y = b;

    if (weight(*x) != weight(*y))
        return weight(*x) < weight(*y) ? 1 : -1;
    return (*x > *y) - (*x < *y);
}

static void count(const struct target *t, const char *name, uint64_t value)
{
    md_fact_count(t->report->ctx->facts, t->at, name, value, &t->origin);
}

static void unknown(const struct target *t, const char *name, const char *why)
{
    md_fact_unknown(t->report->ctx->facts, t->at, name, why);
}

static void time_of(const struct target *t, const char *name, int64_t value, const char *why)
{
    if (value == MD_TIME_NONE)
        unknown(t, name, why);
    else
        md_fact_time(t->report->ctx->facts, t->at, name, value, &t->origin);
}

static int64_t instant(uint32_t seconds)
{
    return seconds > 0 ? (int64_t)seconds * MD_SECOND : MD_TIME_NONE;
}

static struct md_str name_of(const struct target *t, uint32_t name)
{
    return md_traffic_name(t->report->traffic, name);
}

/* ---- destinations ---- */

static void set_queued(const struct target *t, const struct md_traffic_channel *channel)
{
    const struct md_place *p = t->place;
    const bool has_names = md_traffic_has_names(t->report->traffic);

    if (!t->report->knows_queued) {
        static const char *const facts[] = {"destination.files", "destination.share", "destination.oldest_s",
                                            "destination.untried", "destination.empty_sender_share"};

        for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
            unknown(t, facts[i], t->report->why_not);
        return;
    }
    count(t, "destination.files", p->files);
    if (channel->stuck.known > 0)
        md_fact_number(t->report->ctx->facts, t->at, "destination.share",
                       (double)p->files / (double)channel->stuck.known, &t->origin);
    else
        unknown(t, "destination.share", "nothing is queued that the log knows");
    if (!has_names) {
        unknown(t, "destination.untried", "names of queue files are not logged");
        unknown(t, "destination.oldest_s", "names of queue files are not logged");
        unknown(t, "destination.empty_sender_share", "names of queue files are not logged");
        return;
    }
    count(t, "destination.untried", p->untried);
    if (p->oldest != MD_TIME_NONE) {
        const double age = (double)(t->report->now - p->oldest) / (double)MD_SECOND;
        struct md_fact *fact =
            md_fact_duration(t->report->ctx->facts, t->at, "destination.oldest_s", age > 0 ? age : 0, &t->origin);

        if (!p->is_oldest_exact)
            md_fact_bounds(fact, age > 0 ? age : 0, HUGE_VAL);
    } else
        unknown(t, "destination.oldest_s", "nothing is queued for it");
    if (p->sender_known > 0)
        md_fact_number(t->report->ctx->facts, t->at, "destination.empty_sender_share",
                       (double)p->sender_empty / (double)p->sender_known, &t->origin);
    else
        unknown(t, "destination.empty_sender_share", "nothing is queued for it");
}

static void set_attempts(const struct target *t)
{
    const struct md_place *p = t->place;
    uint64_t attempts = (uint64_t)p->failed_4h + t->seen->delivered_4h, connect = p->connect_failed_4h;

    if (attempts == 0 && (p->last_failure != MD_TIME_NONE || t->seen->last_delivery > 0)) {
        /* The latest one counts. */
        attempts = 1;
        connect = p->last_failure != MD_TIME_NONE && p->last_failure / MD_SECOND >= t->seen->last_delivery &&
                  md_traffic_is_connect_failure((enum md_failure_class)p->last_class);
    }
    count(t, "destination.attempts_4h", attempts);
    count(t, "destination.connect_failed_4h", connect);
    count(t, "destination.delivered", t->seen->delivered);
    count(t, "destination.delivered_4h", t->seen->delivered_4h);
    count(t, "destination.delivered_1h", t->seen->delivered_1h);
    count(t, "destination.delivered_ever", t->seen->delivered_ever);
    count(t, "destination.deferred", p->deferred);
    count(t, "destination.returned", p->returned);
    md_mail_log_classes(t->report, t->at, "destination.failures", p->classes, p->n_classes, MD_LOG_WINDOW);
    md_mail_log_classes(t->report, t->at, "destination.failures_4h", p->classes, p->n_classes, MD_LOG_4H);
    md_mail_log_classes(t->report, t->at, "destination.failures_1h", p->classes, p->n_classes, MD_LOG_1H);
    time_of(t, "destination.last_delivery", instant(t->seen->last_delivery), "the log shows no delivery to it");
    time_of(t, "destination.last_failure", p->last_failure, "the log shows no failure");
    time_of(t, "destination.first_failure", p->run > 0 ? p->first_failure : MD_TIME_NONE, no_failure);
    count(t, "destination.greylisted_accepted", p->greylisted_accepted);
    count(t, "destination.first_try_deferred", p->first_try_deferred);
    count(t, "destination.repeat_deferred", p->repeat_deferred);
}

static void set_hosts(const struct target *t)
{
    const struct md_place *p = t->place;
    struct md_count_item items[MD_TRAFFIC_HOPS];
    size_t n = 0;

    if (p->text_length > 0)
        md_fact_text(t->report->ctx->facts, t->at, "destination.last_text", md_str_n(p->text, p->text_length),
                     &t->origin);
    else
        unknown(t, "destination.last_text", "the log gives no text");
    if (p->next_hop != 0)
        md_fact_text(t->report->ctx->facts, t->at, "destination.next_hop", name_of(t, p->next_hop), &t->origin);
    else
        unknown(t, "destination.next_hop", "the log names no host");
    for (size_t i = 0; i < MD_TRAFFIC_HOPS; i++)
        if (p->hops[i].count > 0)
            items[n++] = (struct md_count_item){.name = name_of(t, p->hops[i].name), .count = p->hops[i].count};
    md_fact_counts(t->report->ctx->facts, t->at, "destination.hops", items, n, 0, n < MD_TRAFFIC_HOPS, &t->origin);
    if (p->port >= 0)
        count(t, "destination.port", (uint64_t)p->port);
    else
        unknown(t, "destination.port", "the log names no port");
    unknown(t, "destination.seconds_per_delivery", "the log does not tell how long deliveries take");
}

static void set_hop(const struct target *t)
{
    const char *why = t->hop == NULL ? "the log names no host" : t->report->why_not;

    if (t->hop == NULL)
        unknown(t, "destination.hop_destinations", why);
    else
        count(t, "destination.hop_destinations", t->hop->places);
    if (t->hop == NULL || !t->report->knows_queued) {
        unknown(t, "destination.hop_files", why);
        unknown(t, "destination.hop_tried", why);
        return;
    }
    count(t, "destination.hop_files", t->hop->files);
    count(t, "destination.hop_tried", t->hop->files - t->hop->untried);
}

/* ---- mailboxes ---- */

static int by_value(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void set_mailbox(const struct target *t)
{
    const struct md_place *p = t->place;
    const size_t room = sizeof p->gaps / sizeof *p->gaps, n = p->n_gaps < room ? p->n_gaps : room;
    uint32_t gaps[sizeof p->gaps / sizeof *p->gaps];

    count(t, "mailbox.weight", weight(p));
    if (t->report->knows_queued)
        count(t, "mailbox.files", p->files);
    else
        unknown(t, "mailbox.files", t->report->why_not);
    md_mail_log_classes(t->report, t->at, "mailbox.failures", p->classes, p->n_classes, MD_LOG_WINDOW);
    md_mail_log_classes(t->report, t->at, "mailbox.failures_4h", p->classes, p->n_classes, MD_LOG_4H);
    count(t, "mailbox.delivered_4h", t->seen->delivered_4h);
    time_of(t, "mailbox.last_delivery", instant(t->seen->last_delivery), "the log shows no delivery to it");
    time_of(t, "mailbox.first_failure", p->run > 0 ? p->first_failure : MD_TIME_NONE, no_failure);
    time_of(t, "mailbox.last_failure", p->last_failure, "the log shows no failure");
    count(t, "mailbox.attempts_max", p->attempts_max);
    count(t, "mailbox.busy_generations", p->busy_generations);
    for (size_t i = 0; i < n; i++)
        gaps[i] = p->gaps[i];
    if (n == 0) {
        unknown(t, "mailbox.retry_gap_s", "it did not fail twice");
        return;
    }
    qsort(gaps, n, sizeof *gaps, by_value);
    md_fact_duration(t->report->ctx->facts, t->at, "mailbox.retry_gap_s", gaps[n / 2], &t->origin);
}

/* ---- both ---- */

static struct md_str lower(struct md_arena *arena, struct md_str name)
{
    char *copy = md_arena_cstr(arena, name);

    for (size_t i = 0; i < name.n; i++)
        copy[i] = md_lower(copy[i]);
    return md_str_n(copy, name.n);
}

static void set_place(const struct md_log_report *report, const struct md_traffic_channel *channel,
                      struct md_instance *channel_at, const struct md_place *place, const struct hop *hop)
{
    static const struct md_place_seen never = {0};
    const struct md_place_seen *seen = md_traffic_seen(report->traffic, place);
    const struct md_str name = md_traffic_name(report->traffic, place->name);
    struct target t = {
        report, place, hop, seen != NULL ? seen : &never, NULL, md_mail_log_origin(report, place->last_spot, 0)};

    if (name.n == 0)
        return;
    if (place->is_mailbox) {
        t.at = md_facts_instance(report->ctx->facts, "mailbox", name, channel_at);
        set_mailbox(&t);
        return;
    }
    t.at = md_facts_instance(report->ctx->facts, "destination", lower(report->ctx->arena, name), channel_at);
    count(&t, "destination.weight", weight(place));
    set_queued(&t, channel);
    set_attempts(&t);
    set_hosts(&t);
    set_hop(&t);
}

static bool is_at_hop(const struct md_place *place)
{
    return place->next_hop != 0 && place->run > 0 && !place->is_mailbox;
}

/* What waits at the next hops of the places of `list`, by the hop's name. */
static struct md_map *sum_hops(const struct md_log_report *report, const struct md_place *const *list, size_t n)
{
    struct md_map *hops = md_map_new(report->ctx->arena);

    for (size_t i = 0; i < n; i++) {
        struct md_str name;
        struct hop *hop;

        if (!is_at_hop(list[i]))
            continue;
        name = md_traffic_name(report->traffic, list[i]->next_hop);
        hop = md_map_find(hops, 0, name);
        if (hop == NULL) {
            hop = md_arena_alloc(report->ctx->arena, sizeof *hop);
            md_map_set(hops, 0, name, hop);
        }
        hop->places++;
        hop->files += list[i]->files;
        hop->untried += list[i]->untried;
    }
    return hops;
}

void md_mail_log_set_places(const struct md_log_report *report, const struct md_traffic_channel *channel, size_t index,
                            struct md_instance *at)
{
    const size_t all = md_traffic_place_count(report->traffic);
    const struct md_place **list = md_arena_array(report->ctx->arena, all + 1, sizeof(struct md_place *));
    struct md_map *hops;
    size_t n = 0;

    for (size_t i = 0; i < all; i++) {
        const struct md_place *place = md_traffic_place_at(report->traffic, i);

        if (place->channel == index && (weight(place) > 0 || place->greylisted_accepted > 0))
            list[n++] = place;
    }
    qsort(list, n, sizeof(struct md_place *), by_weight);
    hops = sum_hops(report, list, n);
    for (size_t i = 0; i < n && i < PLACES_MAX; i++) {
        const struct hop *hop =
            is_at_hop(list[i]) ? md_map_find(hops, 0, md_traffic_name(report->traffic, list[i]->next_hop)) : NULL;

        set_place(report, channel, at, list[i], hop);
    }
}
