/*
 * probes/system/dns_book: the DNS answers of a run, asked for or recorded, by name, type and resolver.
 *
 * Asking twice for the same name and type asks once. Recorded output of dig, host and nslookup counts beside what the source answers.
 * Names are compared in lower case without the final dot.
 * Private to the probe of names. Everything lives in the arena of the run.
 */
#ifndef PROBES_SYSTEM_DNS_BOOK_H
#define PROBES_SYSTEM_DNS_BOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "probes/probe.h"

struct md_dns_book;

struct md_dns_book *md_dns_book_new(struct md_probe_ctx *ctx);

/* Notes a query; names that are no host names are passed over. */
void md_dns_book_want(struct md_dns_book *book, struct md_str name, enum md_dns_type type);
/* Asks all that is wanted and was not asked yet, at once. */
void md_dns_book_ask(struct md_dns_book *book);

size_t md_dns_book_count(const struct md_dns_book *book);
const struct md_dns_answer *md_dns_book_at(const struct md_dns_book *book, size_t i);

enum md_dns_says {
    MD_DNS_SAYS_NOTHING, /* not asked and not recorded */
    MD_DNS_SAYS_RECORDS,
    MD_DNS_SAYS_NO_DATA, /* the name exists, the type does not */
    MD_DNS_SAYS_NO_NAME, /* NXDOMAIN */
    MD_DNS_SAYS_FAILED,  /* SERVFAIL, REFUSED or no answer, from all that were asked */
};

/* What all resolvers together say: the best of their answers. */
struct md_dns_view {
    enum md_dns_says says;
    const struct md_dns_answer *best; /* NULL where nothing is said */
    size_t n_answered, n_failed;      /* resolvers */
    struct md_origin origin;
};
struct md_dns_view md_dns_book_view(const struct md_dns_book *book, struct md_str name, enum md_dns_type type);

/* A host name with a dot in it, no address. */
bool md_dns_is_domain(struct md_str name);
/* Dotted IPv4 or an IPv6 address. */
bool md_dns_is_address(struct md_str text);
/* Loopback, private, link-local, unspecified or multicast: no host out there has it. */
bool md_dns_is_private(struct md_str address);

#endif
