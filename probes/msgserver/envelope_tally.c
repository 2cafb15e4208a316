#include "probes/msgserver/envelope_tally.h"

#include <math.h>
#include <stdlib.h>

#include "probes/msgserver/census.h"
#include "probes/msgserver/world.h"

#define NAMES_KEPT 2000
#define NAMES_SET 200     /* of a fact */
#define ALTERNATE_LEAST 5 /* hops that show an alternation */
#define ALTERNATE_SHARE 0.8
#define Z 1.96 /* of the interval of a share: 95 % */

void md_envelope_tally_init(struct md_envelope_tally *tally, struct md_str channel)
{
    *tally = (struct md_envelope_tally){.channel = channel};
    tally->domains = md_topk_new(NAMES_KEPT);
    tally->held_domains = md_topk_new(NAMES_KEPT);
    tally->held_recipients = md_topk_new(NAMES_KEPT);
}

void md_envelope_tally_free(struct md_envelope_tally *tally)
{
    md_topk_free(&tally->domains);
    md_topk_free(&tally->held_domains);
    md_topk_free(&tally->held_recipients);
}

/* ---- counting ---- */

bool md_envelope_is_same_host(struct md_str a, struct md_str b)
{
    ptrdiff_t dot_a = md_str_find_char(a, '.'), dot_b = md_str_find_char(b, '.');

    if (a.n == 0 || b.n == 0)
        return false;
    if (dot_a >= 0 && dot_b < 0)
        a = md_str_sub(a, 0, (size_t)dot_a);
    else if (dot_b >= 0 && dot_a < 0)
        b = md_str_sub(b, 0, (size_t)dot_b);
    return md_str_eq_nocase(a, b);
}

/* A name in lower case, in `buffer`. */
static struct md_str lower(struct md_str name, char *buffer, size_t max)
{
    size_t n = name.n < max ? name.n : max;

    for (size_t i = 0; i < n; i++)
        buffer[i] = md_lower(name.p[i]);
    return md_str_n(buffer, n);
}

/* The hosts of the Received lines go to and fro between two. */
static bool alternates(const struct md_queue_file *file)
{
    size_t hops = 0, good = 0;

    for (size_t i = 0; i + 2 < file->n_received; i++) {
        struct md_str a = file->received[i].by, b = file->received[i + 1].by, c = file->received[i + 2].by;

        hops++;
        good += !md_envelope_is_same_host(a, b) && md_envelope_is_same_host(a, c);
    }
    return hops + 2 >= ALTERNATE_LEAST && (double)good >= ALTERNATE_SHARE * (double)hops;
}

static void add_held(struct md_envelope_tally *tally, const struct md_item *item, const struct md_queue_file *file,
                     struct md_str host)
{
    uint32_t own = 0;

    tally->held++;
    if (tally->first_held == NULL)
        tally->first_held = item;
    if (file->recipients_total > tally->held_recipients_max)
        tally->held_recipients_max = file->recipients_total;
    if (tally->n_received < MD_ENVELOPE_SAMPLE_MAX) {
        for (size_t i = 0; i < file->n_received; i++)
            own += md_envelope_is_same_host(file->received[i].by, host);
        tally->received[tally->n_received] =
            (uint32_t)(file->received_total < UINT32_MAX ? file->received_total : UINT32_MAX);
        tally->received_own[tally->n_received++] = own;
    }
    tally->held_alternate += alternates(file);
}

void md_envelope_tally_add(struct md_envelope_tally *tally, const struct md_item *item,
                           const struct md_queue_file *file, bool is_held, struct md_str host)
{
    char buffer[512];

    tally->sampled++;
    if (tally->first == NULL)
        tally->first = item;
    tally->with_sender += file->has_sender;
    tally->empty_sender += file->has_sender && file->sender.n == 0;
    if (is_held)
        add_held(tally, item, file, host);
    for (size_t i = 0; i < file->n_recipients; i++) {
        struct md_str domain = lower(md_queue_recipient_domain(&file->recipients[i]), buffer, sizeof buffer);

        if (domain.n > 0) {
            md_topk_add(tally->domains, domain, 1, MD_TIME_NONE);
            if (is_held)
                md_topk_add(tally->held_domains, domain, 1, MD_TIME_NONE);
        }
        if (is_held)
            md_topk_add(tally->held_recipients,
                        lower(md_queue_recipient_address(&file->recipients[i]), buffer, sizeof buffer), 1,
                        MD_TIME_NONE);
    }
}

void md_envelope_tally_add_attempt(struct md_envelope_tally *tally, const struct md_failure_table *table,
                                   const struct md_item *item, struct md_str reason, uint32_t line)
{
    const struct md_failure_query query = {
        .source = md_failure_source_of(tally->channel), .entry = 'Q', .text = reason};
    struct md_failure failure;

    if (reason.n == 0)
        return;
    failure = md_failure_classify(table, &query);
    if (failure.class == MD_FAILURE_NOT_A_FAILURE)
        return;
    if (tally->first_attempt == NULL) {
        tally->first_attempt = item;
        tally->attempt_line = line;
    }
    tally->attempts[failure.class]++;
    tally->attempts_total++;
}

void md_envelope_tally_add_logged(struct md_envelope_tally *tally, struct md_str domain, struct md_str recipient,
                                  uint64_t files)
{
    char buffer[512];

    tally->logged += files;
    if (domain.n > 0)
        md_topk_add(tally->held_domains, lower(domain, buffer, sizeof buffer), files, MD_TIME_NONE);
    if (recipient.n > 0)
        md_topk_add(tally->held_recipients, lower(recipient, buffer, sizeof buffer), files, MD_TIME_NONE);
}

/* ---- facts ---- */

static struct md_origin origin_of(const struct md_item *item, uint32_t line, uint64_t files)
{
    struct md_origin origin = md_origin_item(item, line);

    origin.count = files;
    return origin;
}

static void set_names(struct md_probe_ctx *ctx, struct md_instance *at, const char *fact, const struct md_topk *names,
                      const struct md_origin *origin)
{
    const struct md_topk_entry *entries[NAMES_SET];
    struct md_count_item items[NAMES_SET];
    size_t n = md_topk_list(names, entries, NAMES_SET);

    for (size_t i = 0; i < n; i++)
        items[i] =
            (struct md_count_item){.name = entries[i]->name, .count = entries[i]->count, .error = entries[i]->error};
    md_fact_counts(ctx->facts, at, fact, items, n, md_topk_total(names),
                   md_topk_is_exact(names) && md_topk_distinct(names) <= NAMES_SET, origin);
}

/* A share of a sample of a larger whole lies in an interval around what was seen (Wilson). */
static void set_share(struct md_probe_ctx *ctx, struct md_instance *at, const char *fact, uint64_t part, uint64_t n,
                      bool is_sample, const struct md_origin *origin)
{
    double share = (double)part / (double)n, total = (double)n;
    double centre = (share + Z * Z / (2 * total)) / (1 + Z * Z / total);
    double half = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total)) / (1 + Z * Z / total);
    struct md_fact *set = md_fact_number(ctx->facts, at, fact, share, origin);

    if (is_sample)
        md_fact_bounds(set, fmax(0, centre - half), fmin(1, centre + half));
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static double median(const uint32_t *values, size_t n)
{
    uint32_t sorted[MD_ENVELOPE_SAMPLE_MAX];

    for (size_t i = 0; i < n; i++)
        sorted[i] = values[i];
    qsort(sorted, n, sizeof *sorted, by_number);
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + (double)sorted[n / 2]) / 2;
}

/* Who the held files are for: of envelopes, or of the log joined by the names of the files. */
static void set_held_names(const struct md_envelope_tally *tally, struct md_probe_ctx *ctx, struct md_instance *at)
{
    const struct md_item *item = tally->held > 0 ? tally->first_held : tally->log;
    const struct md_topk_entry *top;
    struct md_origin origin;

    if (item == NULL || md_topk_distinct(tally->held_domains) == 0)
        return;
    origin = origin_of(item, 0, tally->held > 0 ? tally->held : tally->logged);
    set_names(ctx, at, "channel.held_domains", tally->held_domains, &origin);
    set_names(ctx, at, "channel.held_recipients", tally->held_recipients, &origin);
    if (md_topk_list(tally->held_domains, &top, 1) == 1)
        md_fact_text(ctx->facts, at, "channel.held_domain_top", top->name, &origin);
}

static void set_held(const struct md_envelope_tally *tally, struct md_probe_ctx *ctx, struct md_instance *at)
{
    struct md_origin origin;

    if (tally->sampled == 0)
        return;
    origin = origin_of(tally->first, 0, tally->sampled);
    md_fact_count(ctx->facts, at, "channel.held_sampled", tally->held, &origin);
    if (tally->held == 0)
        return;
    origin = origin_of(tally->first_held, 0, tally->held);
    md_fact_number(ctx->facts, at, "channel.held_received", median(tally->received, tally->n_received), &origin);
    if (ctx->msgserver->host.n > 0)
        md_fact_number(ctx->facts, at, "channel.held_received_own", median(tally->received_own, tally->n_received),
                       &origin);
    md_fact_bool(ctx->facts, at, "channel.held_hosts_alternate", tally->held_alternate * 2 > tally->held, &origin);
    md_fact_count(ctx->facts, at, "channel.held_recipients_max", tally->held_recipients_max, &origin);
}

static void set_history(const struct md_envelope_tally *tally, struct md_probe_ctx *ctx, struct md_instance *at)
{
    struct md_count_item items[MD_FAILURE_CLASSES];
    struct md_origin origin;
    size_t n = 0;

    if (tally->attempts_total == 0)
        return;
    origin = origin_of(tally->first_attempt, tally->attempt_line, tally->attempts_total);
    for (size_t i = 0; i < MD_FAILURE_CLASSES; i++)
        if (tally->attempts[i] > 0)
            items[n++] = (struct md_count_item){.name = md_str(md_failure_name((enum md_failure_class)i)),
                                                .count = tally->attempts[i]};
    md_fact_counts(ctx->facts, at, "channel.history", items, n, tally->attempts_total, true, &origin);
}

void md_envelope_tally_set(const struct md_envelope_tally *tally, struct md_probe_ctx *ctx)
{
    struct md_instance *at = md_facts_instance(ctx->facts, "channel", tally->channel, md_facts_root(ctx->facts));
    const struct md_census_channel *counted =
        ctx->msgserver->census != NULL ? md_census_channel(ctx->msgserver->census, tally->channel) : NULL;
    struct md_origin origin;

    if (tally->sampled > 0) {
        origin = origin_of(tally->first, 0, tally->sampled);
        md_fact_count(ctx->facts, at, "channel.sampled", tally->sampled, &origin);
        if (tally->with_sender > 0)
            set_share(ctx, at, "channel.sample_empty_sender_share", tally->empty_sender, tally->with_sender,
                      counted == NULL || counted->files > tally->sampled, &origin);
        set_names(ctx, at, "channel.sample_domains", tally->domains, &origin);
    }
    set_held(tally, ctx, at);
    set_held_names(tally, ctx, at);
    set_history(tally, ctx, at);
}
