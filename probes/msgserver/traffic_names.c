/*
 * Who sends: senders, users, source systems, their domains, pairs of sender and recipient.
 */
#include <string.h>

#include "probes/msgserver/traffic_priv.h"

enum { ARRIVED, OUT_4H, OUT_BEFORE, TRIED_4H, REFUSED_4H };

/* What a sender does usually is seen so long before the last 4 hours: a flood may have begun before them. */
#define BEFORE (INT64_C(8) * 3600 * MD_SECOND)

static void note(struct md_traffic *traffic, struct md_tally *tally, uint64_t hash, struct md_str name, bool is_out,
                 const struct md_log_line *line)
{
    struct md_tally_entry *entry = md_tally_get(tally, hash, name);

    entry->n[ARRIVED]++;
    if (!is_out)
        return;
    if (line->at >= traffic->h4) {
        entry->n[OUT_4H]++;
        md_tally_see(entry, line->place);
    } else
        entry->n[OUT_BEFORE] += line->at < md_time_ago(traffic->h4, BEFORE);
}

void md_traffic_note_arrival(struct md_traffic *traffic, const struct md_traffic_channel *from,
                             const struct md_traffic_channel *to, const struct md_log_block *block,
                             const struct md_log_line *line)
{
    struct md_traffic_host *host = &traffic->host;
    const bool is_out = to->is_outside && (from == NULL || from->kind != MD_LOG_PROCESS_CHANNEL);
    const struct md_str sender = md_log_word(block, line, MD_LOG_FROM),
                        user = md_log_word(block, line, MD_LOG_USERNAME);

    if (line->at < traffic->since)
        return;
    if (is_out) {
        host->out_4h += line->at >= traffic->h4;
        host->out_before += line->at < md_time_ago(traffic->h4, BEFORE);
    }
    if (line->from != 0)
        note(traffic, host->senders, line->from, sender, is_out, line);
    if (is_out && line->from != 0) {
        const struct md_str domain = md_mail_log_domain(sender);

        if (domain.n > 0)
            md_tally_get(host->sender_domains, md_log_hash(domain), domain)->n[ARRIVED]++;
    }
    /* Names without the mark of an authentication are owners of processes. */
    if (user.n > 1 && user.p[0] == '*')
        note(traffic, host->users, md_log_hash(md_str_from(user, 1)), md_str_from(user, 1), is_out, line);
    if (line->system != 0)
        note(traffic, host->systems, line->system, md_log_system(block, line), is_out, line);
    /* Members of a list and notifications are of the message that made them. */
    if (line->at >= traffic->h1 && (from == NULL || from->kind != MD_LOG_PROCESS_CHANNEL)) {
        const struct md_str recipient = md_log_word(block, line, MD_LOG_TO);
        const uint64_t to_hash = md_log_hash(recipient);

        host->submitted_1h++;
        if (to_hash != 0)
            md_tally_get(host->recipients, to_hash, recipient)->n[ARRIVED]++;
        if (line->from != 0 && to_hash != 0) {
            const uint64_t pair = (line->from ^ to_hash) * UINT64_C(0x9E3779B97F4A7C15); /* of either direction */
            char name[2 * MD_NAME_MAX];
            struct md_tally_entry *entry = md_tally_find(host->pairs, pair | 1);

            if (entry == NULL) {
                size_t n = 0;

                for (size_t i = 0; i < sender.n && n < MD_NAME_MAX / 2; i++)
                    name[n++] = sender.p[i];
                name[n++] = ' ';
                for (size_t i = 0; i < recipient.n && n < MD_NAME_MAX; i++)
                    name[n++] = recipient.p[i];
                entry = md_tally_get(host->pairs, pair | 1, md_str_n(name, n));
            }
            entry->n[ARRIVED]++;
            md_tally_see(entry, md_log_hash(md_log_word(block, line, MD_LOG_MESSAGE_ID)));
        }
    }
}

void md_traffic_note_attempt(struct md_traffic *traffic, const struct md_log_block *block,
                             const struct md_log_line *line)
{
    const enum md_failure_class class = (enum md_failure_class)line->failure;
    struct md_tally_entry *entry;

    (void)block;
    if (line->at < traffic->h4 || line->from == 0)
        return;
    entry = md_tally_find(traffic->host.senders, line->from);
    if (entry == NULL)
        return;
    entry->n[TRIED_4H]++;
    entry->n[REFUSED_4H] += class == MD_FAILURE_USER_UNKNOWN || class == MD_FAILURE_BLOCKLISTED ||
                            class == MD_FAILURE_ACCESS_DENIED || class == MD_FAILURE_CONTENT_REJECTED ||
                            class == MD_FAILURE_SENDER_REJECTED;
}
