#include <stdlib.h>

#include "probes/msgserver/census.h"
#include "probes/msgserver/channel_kind.h"
#include "probes/msgserver/mail_log_facts.h"
#include "probes/msgserver/world.h"

#define FALL_LEAST 25u /* messages by which a queue falls in a quarter of an hour, if it falls */
#define NO_SPOT ((struct md_traffic_spot){0})

static const char short_log[] = "the log does not reach back far enough";

/* Where the facts of one channel go. */
struct target {
    const struct md_log_report *report;
    const struct md_traffic_channel *channel;
    struct md_instance *at;
};

static void unknown(const struct target *t, const char *name, const char *why)
{
    md_fact_unknown(t->report->ctx->facts, t->at, name, why);
}

static void count(const struct target *t, const char *name, uint64_t value, const struct md_traffic_count *of)
{
    md_mail_log_count(t->report, t->at, name, value, of != NULL ? of->spot : NO_SPOT);
}

static void number(const struct target *t, const char *name, double value)
{
    md_mail_log_number(t->report, t->at, name, value);
}

static void time_of(const struct target *t, const char *name, int64_t value)
{
    md_mail_log_time(t->report, t->at, name, value, NO_SPOT);
}

static void set_counts(const struct target *t)
{
    const struct md_traffic_channel *c = t->channel;

    count(t, "channel.arrived", c->arrived.window, &c->arrived);
    count(t, "channel.arrived_1h", c->arrived.h1, &c->arrived);
    count(t, "channel.submitted_1h", c->submitted_1h, NULL);
    count(t, "channel.delivered", c->delivered.window, &c->delivered);
    count(t, "channel.delivered_1h", c->delivered.h1, &c->delivered);
    count(t, "channel.delivered_4h", c->delivered.h4, &c->delivered);
    count(t, "channel.attempts_1h", c->attempts.h1, &c->attempts);
    count(t, "channel.deferred", c->deferred.window, &c->deferred);
    count(t, "channel.deferred_1h", c->deferred.h1, &c->deferred);
    if (c->deferred.window > 0)
        number(t, "channel.deferred_empty_sender_share", (double)c->deferred_empty / c->deferred.window);
    else
        unknown(t, "channel.deferred_empty_sender_share", "nothing was put off in the window");
    count(t, "channel.returned", c->returned.window, &c->returned);
    count(t, "channel.warned", c->warned.window, &c->warned);
    count(t, "channel.partial", c->partial.window, &c->partial);
    md_mail_log_all_classes(t->report, t->at, "channel.failures", c->classes, MD_LOG_WINDOW);
    md_mail_log_all_classes(t->report, t->at, "channel.failures_4h", c->classes, MD_LOG_4H);
    md_mail_log_all_classes(t->report, t->at, "channel.failures_1h", c->classes, MD_LOG_1H);
    md_mail_log_time(t->report, t->at, "channel.last_arrival", c->last_arrival, c->arrived.spot);
    md_mail_log_time(t->report, t->at, "channel.last_delivery", c->last_delivery, c->delivered.spot);
    md_mail_log_time(t->report, t->at, "channel.last_attempt", c->last_attempt, c->attempts.spot);
    count(t, "channel.busy_recovered", c->busy_recovered, NULL);
    count(t, "channel.greylisted_accepted", c->greylisted_accepted, NULL);
    if (c->over_quota_domains != NULL || c->kind == MD_LOG_STORE)
        md_mail_log_tally(t->report, t->at, "channel.over_quota_domains", c->over_quota_domains);
    if (c->over_quota_domains != NULL) {
        uint64_t delivered = 0;

        for (size_t i = 0; i < md_tally_count(c->over_quota_domains); i++)
            delivered += md_tally_at(c->over_quota_domains, i)->n[1];
        count(t, "channel.over_quota_domains_delivered", delivered, &c->delivered);
    }
    if (c->messages_4h > 0)
        number(t, "channel.recipients_per_message", (double)c->recipients_4h / c->messages_4h);
    else
        unknown(t, "channel.recipients_per_message", "nothing arrived in the last 4 hours");
    if (c->n_processes > 0)
        count(t, "channel.workers_1h", c->n_processes, &c->attempts);
    else
        unknown(t, "channel.workers_1h",
                c->attempts.h1 > 0 ? "processes are not logged" : "nothing was tried in the last hour");
}

/* ---- rates ---- */

static void set_usual(const struct target *t)
{
    const size_t covered = md_mail_log_covered(t->report);
    uint32_t arrived[MD_LOG_HOURS], delivered[MD_LOG_HOURS];
    uint64_t peak = 0;
    double usual;

    for (size_t h = 0; h < MD_LOG_HOURS; h++) {
        const struct md_traffic_slot slot = md_mail_log_hour(t->channel->quarters, t->channel->hours, h);

        arrived[h] = slot.arrived;
        delivered[h] = slot.delivered;
        if (slot.delivered > peak)
            peak = slot.delivered;
    }
    count(t, "channel.deliveries_peak_1h", peak, &t->channel->delivered);
    usual = md_mail_log_usual(arrived, covered);
    if (usual >= 0)
        number(t, "channel.arrivals_usual_1h", usual);
    else
        unknown(t, "channel.arrivals_usual_1h", short_log);
    usual = md_mail_log_usual(delivered, covered);
    if (usual >= 0)
        number(t, "channel.deliveries_usual_1h", usual);
    else
        unknown(t, "channel.deliveries_usual_1h", short_log);
}

/* Whether the queue has begun to fall in the last quarter of an hour, as after a burst: more left than arrived, and not by chance. */
static bool falls_now(const struct md_traffic_channel *c)
{
    return c->quarters[0].delivered >= c->quarters[0].arrived + FALL_LEAST;
}

static void set_rates(const struct target *t)
{
    const struct md_traffic_channel *c = t->channel;
    const struct md_census *census = t->report->ctx->msgserver->census;
    const struct md_census_channel *queued = census != NULL ? md_census_channel(census, c->name) : NULL;
    const double hours = t->report->covered_h < 3 ? t->report->covered_h : 3;
    double in, out;

    if (hours < 0.25) {
        unknown(t, "channel.arrived_per_h", short_log);
        unknown(t, "channel.left_per_h", short_log);
        unknown(t, "channel.drained_in_s", short_log);
        unknown(t, "channel.growing", short_log);
        return;
    }
    in = c->arrived_3h / hours;
    out = c->left_3h / hours;
    if (out <= in && falls_now(c)) {
        in = 4.0 * c->quarters[0].arrived;
        out = 4.0 * c->quarters[0].delivered;
    }
    number(t, "channel.arrived_per_h", in);
    number(t, "channel.left_per_h", out);
    if (census == NULL)
        unknown(t, "channel.drained_in_s", "the queue was not seen");
    else if (queued == NULL || queued->untried + queued->tried == 0)
        md_fact_duration(t->report->ctx->facts, t->at, "channel.drained_in_s", 0, NULL);
    else if (out <= in)
        unknown(t, "channel.drained_in_s", "it does not fall");
    else
        md_fact_duration(t->report->ctx->facts, t->at, "channel.drained_in_s",
                         (double)(queued->untried + queued->tried) / (out - in) * 3600, NULL);
    if (t->report->covered_h >= 1) {
        const struct md_origin origin = md_mail_log_origin(t->report, c->arrived.spot, 0);

        md_fact_bool(t->report->ctx->facts, t->at, "channel.growing",
                     c->arrived.h1 > c->left_1h && c->arrived_3h > c->left_3h && !falls_now(c), &origin);
    } else
        unknown(t, "channel.growing", short_log);
}

/* Times of day at which nothing was delivered for ten minutes and more on two days, though deliveries were going on: more than three an
 * hour as a rule. */
static void set_stalls(const struct target *t)
{
    const struct md_traffic_channel *c = t->channel;
    struct md_str texts[MD_TRAFFIC_STALLS];
    size_t n = 0;

    if (t->report->covered_h < 30) {
        unknown(t, "channel.stall_minutes", short_log);
        return;
    }
    for (size_t i = 0; i < c->n_stalls && (double)c->delivered_ever > t->report->covered_h * 12; i++)
        for (size_t k = 0; k < i; k++) {
            /* The same time of day, to ten minutes, on another day. */
            const int64_t apart = c->stalls[i].from - c->stalls[k].from, rest = apart % MD_DAY;
            struct md_civil civil;

            if (apart < 12 * MD_HOUR || (rest > 10 * MD_MINUTE && rest < MD_DAY - 10 * MD_MINUTE))
                continue;
            md_time_to_civil(c->stalls[i].from +
                                 (int64_t)md_zone_offset_at(t->report->ctx->zone, c->stalls[i].from) * MD_SECOND,
                             &civil);
            texts[n++] = md_str(md_arena_printf(t->report->ctx->arena, "%02d:%02d", civil.hour, civil.minute));
            break;
        }
    md_fact_texts(t->report->ctx->facts, t->at, "channel.stall_minutes", texts, n, NULL);
}

/* ---- the places of a channel ---- */

struct places {
    uint64_t busy, over_quota, failing_boxes, failing, tried, delivered, recovered;
    int64_t first_failure;
    struct md_traffic_spot spot, failing_spot, busy_spot, quota_spot;
};

/* Of all channels, by index, in one pass. */
static struct places *sum_places(const struct md_log_report *report)
{
    const size_t n = md_traffic_channel_count(report->traffic);
    struct places *sums = md_arena_array(report->ctx->arena, n + 1, sizeof *sums);
    const struct md_place_seen *seen;
    size_t cursor = 0;

    for (size_t i = 0; i < n; i++)
        sums[i].first_failure = MD_TIME_NONE;
    while ((seen = md_traffic_next_seen(report->traffic, &cursor)) != NULL) {
        const struct md_place *place = seen->place != 0 ? md_traffic_place_at(report->traffic, seen->place - 1) : NULL;
        const bool fails = place != NULL && place->failed_4h > 0;
        struct places *sum = &sums[place != NULL ? place->channel : seen->channel];

        sum->delivered += seen->delivered_4h > 0;
        sum->tried += seen->delivered_4h > 0 || fails;
        if (place == NULL)
            continue;
        if (md_traffic_is_failing(place)) {
            sum->failing++;
            sum->failing_boxes += place->is_mailbox && seen->delivered_4h == 0;
            sum->failing_spot = place->last_spot;
        }
        if (place->busy > 0) {
            sum->busy++;
            sum->busy_spot = place->last_spot;
        }
        if (place->over_quota > 0) {
            sum->over_quota++;
            sum->quota_spot = place->last_spot;
        }
        sum->recovered += place->recovered != MD_TIME_NONE &&
                          place->recovered >= md_time_ago(report->now, 4 * MD_HOUR) && place->run == 0;
        if (place->run > 0 && place->last_failure >= md_time_ago(report->now, MD_DAY) &&
            (sum->first_failure == MD_TIME_NONE || place->first_failure < sum->first_failure)) {
            sum->first_failure = place->first_failure;
            sum->spot = place->last_spot;
        }
    }
    return sums;
}

/* Whether the place that most queued messages are for gets its new mail through another channel. */
static void set_moved(const struct target *t)
{
    const struct md_traffic_channel *c = t->channel;
    const struct md_tally_entry *top = NULL;
    const struct md_place_seen *here;
    bool is_moved = false;

    for (size_t i = 0; c->stuck.destinations != NULL && i < md_tally_count(c->stuck.destinations); i++) {
        const struct md_tally_entry *entry = md_tally_at(c->stuck.destinations, i);

        if (top == NULL || entry->n[0] > top->n[0])
            top = entry;
    }
    if (top == NULL) {
        unknown(t, "channel.moved_destination", "what is queued is not known from the log");
        return;
    }
    here = md_traffic_seen_in(t->report->traffic, c, top->hash);
    for (size_t i = 0; i < md_traffic_channel_count(t->report->traffic); i++) {
        const struct md_traffic_channel *other = md_traffic_channel_at(t->report->traffic, i);
        const struct md_place_seen *there =
            other != c && other->kind == c->kind ? md_traffic_seen_in(t->report->traffic, other, top->hash) : NULL;

        is_moved = is_moved || (there != NULL && there->last_arrival > 0 &&
                                (here == NULL || there->last_arrival > here->last_arrival));
    }
    md_fact_bool(t->report->ctx->facts, t->at, "channel.moved_destination", is_moved, NULL);
}

static void set_stuck(const struct target *t)
{
    static const char *const facts[] = {"channel.stuck_destinations",       "channel.stuck_empty_sender_share",
                                        "channel.stuck_from_process_share", "channel.stuck_senders",
                                        "channel.stuck_recipients",         "channel.stuck_failures"};
    const struct md_traffic_stuck *s = &t->channel->stuck;
    struct md_count_item items[MD_FAILURE_CLASSES];
    size_t n = 0;

    if (!t->report->knows_queued) {
        for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
            unknown(t, facts[i], t->report->why_not);
        return;
    }
    md_mail_log_tally(t->report, t->at, "channel.stuck_destinations", s->destinations);
    if (!md_traffic_has_names(t->report->traffic)) {
        for (size_t i = 1; i < sizeof facts / sizeof *facts; i++)
            unknown(t, facts[i], "names of queue files are not logged");
        return;
    }
    if (s->sender_known > 0)
        number(t, "channel.stuck_empty_sender_share", (double)s->sender_empty / (double)s->sender_known);
    else
        unknown(t, "channel.stuck_empty_sender_share", "the log knows none of the queued messages");
    if (s->source_known > 0)
        number(t, "channel.stuck_from_process_share", (double)s->from_process / (double)s->source_known);
    else
        unknown(t, "channel.stuck_from_process_share", "the log shows the arrival of none of the queued messages");
    md_mail_log_tally(t->report, t->at, "channel.stuck_senders", s->senders);
    md_mail_log_tally(t->report, t->at, "channel.stuck_recipients", s->recipients);
    for (size_t i = 0; i < MD_FAILURE_CLASSES; i++)
        if (s->failures[i] > 0)
            items[n++] =
                (struct md_count_item){.name = md_str(md_failure_name((enum md_failure_class)i)),
                                       .count = s->failures[i],
                                       .origin = md_mail_log_origin(t->report, t->channel->classes[i].spot, 0)};
    md_fact_counts(t->report->ctx->facts, t->at, "channel.stuck_failures", items, n, 0, true, NULL);
}

static void set_channel(const struct target *t, size_t index, const struct places *sums)
{
    const struct places places = sums[index];
    uint32_t others = 0, worst;

    set_counts(t);
    set_usual(t);
    set_rates(t);
    set_stalls(t);
    if (t->channel->kind == MD_LOG_STORE || places.busy > 0)
        md_mail_log_count(t->report, t->at, "channel.busy_mailboxes", places.busy, places.busy_spot);
    if (t->channel->kind == MD_LOG_STORE || places.over_quota > 0)
        md_mail_log_count(t->report, t->at, "channel.over_quota_mailboxes", places.over_quota, places.quota_spot);
    if (t->channel->kind == MD_LOG_STORE)
        md_mail_log_count(t->report, t->at, "channel.failing_mailboxes", places.failing_boxes, places.failing_spot);
    md_mail_log_count(t->report, t->at, "channel.delivered_mailboxes_4h", places.delivered, NO_SPOT);
    md_mail_log_count(t->report, t->at, "channel.tried_destinations_4h", places.tried, NO_SPOT);
    md_mail_log_count(t->report, t->at, "channel.delivered_destinations_4h", places.delivered, NO_SPOT);
    md_mail_log_count(t->report, t->at, "channel.failing_destinations_4h", places.failing, places.failing_spot);
    md_mail_log_count(t->report, t->at, "channel.recovered_destinations", places.recovered, NO_SPOT);
    if (places.first_failure != MD_TIME_NONE)
        time_of(t, "channel.first_failure", places.first_failure);
    else
        unknown(t, "channel.first_failure", "nothing fails at present");
    worst = md_traffic_worst_message(t->report->traffic, t->channel, &others);
    /* Only where all others pass: nothing else fails to speak of. */
    md_mail_log_count(t->report, t->at, "channel.same_message_failures", others * 10 <= worst ? worst : 0, NO_SPOT);
    set_stuck(t);
    set_moved(t);
    md_mail_log_set_places(t->report, t->channel, index, t->at);
}

/* A name that can be one of a channel; a log of garbage has others. */
static bool is_channel_name(struct md_str name)
{
    if (name.n == 0 || name.n > 40)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!md_is_alnum(name.p[i]) && name.p[i] != '_' && name.p[i] != '-' && name.p[i] != '.')
            return false;
    return true;
}

void md_mail_log_set_channels(const struct md_log_report *report)
{
    struct md_facts *facts = report->ctx->facts;
    const struct md_scope_def *scope = md_catalogue_scope(md_facts_catalogue(facts), MD_LIT("channel"));
    struct md_instance *root = md_facts_root(facts);
    const struct places *sums = sum_places(report);

    for (size_t i = 0; i < md_traffic_channel_count(report->traffic); i++) {
        const struct md_traffic_channel *channel = md_traffic_channel_at(report->traffic, i);
        const struct md_origin origin =
            md_mail_log_origin(report, channel->entries > 0 ? channel->attempts.spot : NO_SPOT, 0);
        struct target target = {report, channel, NULL};

        if (!is_channel_name(channel->name))
            continue;
        if (channel->entries == 0 && md_facts_find_instance(facts, scope, channel->name, root) == NULL)
            continue; /* only named as where something came from */
        target.at = md_facts_instance(facts, "channel", channel->name, root);
        if (md_fact_by_name(facts, target.at, "channel.kind") == NULL)
            md_fact_text(facts, target.at, "channel.kind",
                         md_str(md_channel_kind(report->ctx->msgserver->config, channel->name)), &origin);
        md_fact_bool(facts, target.at, "channel.logged", channel->entries > 0, &origin);
        set_channel(&target, i, sums);
    }
    /* Channels that the log does not name. */
    for (struct md_instance *at = root->first_child; at != NULL; at = at->next_sibling)
        if (at->scope == scope && md_traffic_channel(report->traffic, at->name) == NULL) {
            const struct md_traffic_channel none = {.name = at->name,
                                                    .first = MD_TIME_NONE,
                                                    .last_arrival = MD_TIME_NONE,
                                                    .last_delivery = MD_TIME_NONE,
                                                    .last_attempt = MD_TIME_NONE,
                                                    .last_failure = MD_TIME_NONE};
            const struct target target = {report, &none, at};

            md_fact_bool(facts, at, "channel.logged", false, NULL);
            set_counts(&target);
            set_usual(&target);
            set_rates(&target);
        }
}
