/*
 * probes/msgserver/envelope_tally: what sampled queue files say about a channel, counted, and the facts of it.
 *
 * One tally a channel, on the heap inside (md_envelope_tally_free). Held files are counted apart, because their
 * envelopes and Received lines tell why they are held.
 */
#ifndef PROBES_MSGSERVER_ENVELOPE_TALLY_H
#define PROBES_MSGSERVER_ENVELOPE_TALLY_H

#include "engine/base/topk.h"
#include "probes/formats/msgserver/failure.h"
#include "probes/formats/msgserver/queue_file.h"
#include "probes/probe.h"

#define MD_ENVELOPE_SAMPLE_MAX 200 /* files a channel */

struct md_envelope_tally {
    struct md_str channel;
    const struct md_item *first, *first_held, *first_attempt; /* NULL: none */
    uint32_t attempt_line;
    uint64_t sampled, with_sender, empty_sender;
    uint64_t attempts[MD_FAILURE_CLASSES];
    uint64_t attempts_total;
    struct md_topk *domains;
    uint64_t held, held_alternate, held_header_whole;
    uint64_t held_recipients_max;
    uint32_t received[MD_ENVELOPE_SAMPLE_MAX], received_own[MD_ENVELOPE_SAMPLE_MAX]; /* of held files */
    size_t n_received;
    struct md_topk *held_domains, *held_recipients;
    uint64_t logged; /* held files of which only the log tells */
    const struct md_item *log;
};

void md_envelope_tally_init(struct md_envelope_tally *tally, struct md_str channel);
void md_envelope_tally_free(struct md_envelope_tally *tally);
/* `host`: name of this host, for its own Received lines; may be empty. */
void md_envelope_tally_add(struct md_envelope_tally *tally, const struct md_item *item,
                           const struct md_queue_file *file, bool is_held, struct md_str host);
void md_envelope_tally_add_attempt(struct md_envelope_tally *tally, const struct md_failure_table *table,
                                   const struct md_item *item, struct md_str reason, uint32_t line);
/* Who a held file is for, as the transaction log says; only where no held file of the channel was read. `files`: how many it stands for.
 * `recipient` may be empty. */
void md_envelope_tally_add_logged(struct md_envelope_tally *tally, struct md_str domain, struct md_str recipient,
                                  uint64_t files);
/* Sets the facts of the instance of the channel. */
void md_envelope_tally_set(const struct md_envelope_tally *tally, struct md_probe_ctx *ctx);

/* Whether two host names are of one host: equal, or one is the first label of the other. */
bool md_envelope_is_same_host(struct md_str a, struct md_str b);

#endif
