/*
 * probes/msgserver/name_table: numbers for names, and counts per name, both in bounded memory.
 *
 * Both find names by a hash of the caller's (md_log_hash); two names of one hash are one name. Names are copied, cut to
 * MD_NAME_MAX bytes. Freed whole. Not thread safe.
 */
#ifndef PROBES_MSGSERVER_NAME_TABLE_H
#define PROBES_MSGSERVER_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"

#define MD_NAME_MAX 255

/* ---- numbers: from 1; once the table is full every further name has the number of "(others)" ---- */

struct md_names;

struct md_names *md_names_new(size_t max);
void md_names_free(struct md_names **names);
/* Finds or makes. */
uint32_t md_names_id(struct md_names *names, uint64_t hash, struct md_str name);
/* 0: there is none. */
uint32_t md_names_find(const struct md_names *names, uint64_t hash);
/* Empty for 0. Stays valid until the next md_names_id. */
struct md_str md_names_at(const struct md_names *names, uint32_t id);
uint64_t md_names_hash(const struct md_names *names, uint32_t id);
size_t md_names_count(const struct md_names *names);
bool md_names_is_full(const struct md_names *names);

/* ---- counts: exact while small. Once the table is full, the half with the least counts is dropped, and a name that is not in it
 * has to come more often than those did before it gets in (counted in a small array by hash); what it may have been counted
 * too little by is the error. ---- */

#define MD_TALLY_COUNTS 6
#define MD_TALLY_BITS 4

struct md_tally_entry {
    uint64_t hash;
    uint32_t name; /* offset; see md_tally_name */
    uint16_t length;
    uint16_t flags;               /* the caller's */
    uint32_t n[MD_TALLY_COUNTS];  /* n[0] decides what is dropped */
    uint64_t bits[MD_TALLY_BITS]; /* of a linear counter, see md_tally_see */
};

struct md_tally;

struct md_tally *md_tally_new(size_t max);
void md_tally_free(struct md_tally **tally);
/* Finds or makes, then with all counts 0. Valid until the next md_tally_get. What is counted for a name that does not get in is lost. */
struct md_tally_entry *md_tally_get(struct md_tally *tally, uint64_t hash, struct md_str name);
struct md_tally_entry *md_tally_find(const struct md_tally *tally, uint64_t hash);
/* Says that this name comes soon; the first brings what the second looks at. */
void md_tally_prefetch_index(const struct md_tally *tally, uint64_t hash);
void md_tally_prefetch(const struct md_tally *tally, uint64_t hash);
void md_tally_merge(struct md_tally *into, const struct md_tally *from);
size_t md_tally_count(const struct md_tally *tally);
/* In the order of appearance. */
const struct md_tally_entry *md_tally_at(const struct md_tally *tally, size_t i);
struct md_str md_tally_name(const struct md_tally *tally, const struct md_tally_entry *entry);
/* How much a name that is not there, or came back, may have been counted before; 0: the counts are exact. */
uint64_t md_tally_error(const struct md_tally *tally);

/* Distinct things seen with an entry: each is noted by its hash; the estimate is good to about 1000. */
void md_tally_see(struct md_tally_entry *entry, uint64_t hash);
uint64_t md_tally_seen(const struct md_tally_entry *entry);

#endif
