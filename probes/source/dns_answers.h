/*
 * probes/source/dns_answers: recorded DNS answers (dns.json, pasted output of dig, host and nslookup).
 *
 * Answers are read from the DNS_ANSWERS and DIG items of a source once, when first asked for. Names are compared in
 * lower case and without the final dot. What cannot be read is a diagnostic of the source.
 */
#ifndef PROBES_SOURCE_DNS_ANSWERS_H
#define PROBES_SOURCE_DNS_ANSWERS_H

#include "probes/source/source.h"

#define MD_DNS_ANSWERS_MAX 100000

/* Lower case, without the final dot; in the arena. */
struct md_str md_dns_name(struct md_arena *arena, struct md_str name);
/* Copies an answer (texts are borrowed). */
void md_dns_answers_add(struct md_source *source, const struct md_dns_answer *answer);
size_t md_dns_answers_find(struct md_source *source, struct md_arena *arena, const struct md_dns_query *queries,
                           size_t n, const struct md_dns_answer **ret);
/* The answers of one dns.json; `from` names it. */
MD_MUST_CHECK enum md_status md_dns_answers_read_json(struct md_source *source, const char *from, struct md_str text);

#endif
