/*
 * cli/report/pair: which host of an old look is which one of a new look.
 *
 * By name, whatever the letter case; then, of those that are left, by first label, where that is one host's only on either side ("mta1" and
 * "mta1.example.com"). One host on each side is a pair whatever they are called: hosts are renamed. Of several of one name the first
 * belongs to the first. Pure.
 */
#ifndef CLI_REPORT_PAIR_H
#define CLI_REPORT_PAIR_H

#include <stdbool.h>
#include <stddef.h>

#define MD_NO_PARTNER ((size_t)-1)

/* Names may be NULL: not known. ret[i]: the partner of the i-th old one among the new ones, or MD_NO_PARTNER. */
void md_pair_hosts(const char *const *before, size_t n_before, const char *const *after, size_t n_after, size_t *ret);
/* Whether a new one is somebody's partner. */
bool md_pair_has(const size_t *pairs, size_t n, size_t after);

#endif
