/*
 * probes/source/resolve: asks the configured resolvers of this host now.
 *
 * Each resolver is asked for itself, by absolute names (no search list), with all queries under way at once;
 * MD_RESOLVE_SECONDS in all. An answer says what the resolver said (NXDOMAIN, SERVFAIL, REFUSED are answers); one that
 * does not come, or where nothing listens, is MD_DNS_TIMEOUT. No other name server is asked.
 */
#ifndef PROBES_SOURCE_RESOLVE_H
#define PROBES_SOURCE_RESOLVE_H

#include "probes/source/source.h"

#define MD_RESOLVE_SECONDS 5
#define MD_RESOLVE_QUERIES_MAX 2000 /* per resolver; further ones are left out */

size_t md_resolve_now(struct md_source *source, struct md_arena *arena, const struct md_dns_query *queries, size_t n,
                      const struct md_dns_answer **ret);
/* As above with resolvers of the caller's choice: addresses, with a port where it is not 53 ("127.0.0.1:5353"). */
size_t md_resolve_with(struct md_arena *arena, const struct md_str *resolvers, size_t n_resolvers,
                       const struct md_dns_query *queries, size_t n, double seconds,
                       const volatile sig_atomic_t *interrupted, const struct md_dns_answer **ret);

/* Reads a DNS message: its status and the records of the type asked for. Pure. MD_BAD_INPUT: no message. */
MD_MUST_CHECK enum md_status md_resolve_parse(struct md_arena *arena, enum md_dns_type type,
                                              const unsigned char *message, size_t n, struct md_dns_answer *ret);

#endif
