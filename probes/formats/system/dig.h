/*
 * probes/formats/system/dig: DNS answers in the output of dig, host, nslookup and getent hosts.
 *
 * Understands one or several outputs in one text. An answer is what was said about one name and type: a status and
 * records. Types are named ("MX", "A"), statuses, too (NOERROR, NXDOMAIN, SERVFAIL, REFUSED, TIMEOUT). Output in
 * `arena`; texts borrow from the input, names without their final dot (case as printed). Limits: MD_DIG_ANSWERS_MAX
 * answers, MD_DIG_RECORDS_MAX records each.
 */
#ifndef PROBES_FORMATS_SYSTEM_DIG_H
#define PROBES_FORMATS_SYSTEM_DIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_DIG_ANSWERS_MAX 10000
#define MD_DIG_RECORDS_MAX 256

struct md_dig_record {
    uint32_t preference; /* MX */
    struct md_str data;
};

struct md_dig_answer {
    uint32_t line; /* of the header, the question or the first record */
    struct md_str name, type, status;
    struct md_str resolver; /* address without port; empty: not said */
    bool has_ms;
    uint32_t ms;
    struct md_dig_record *records;
    size_t n;
};

/* `command`: what printed it, or NULL. nslookup and host do not repeat the question where nobody answers, getent never does. */
size_t md_dig_parse(struct md_arena *arena, const char *command, struct md_str text, const struct md_dig_answer **ret);

/* What resolv.conf says beside the resolvers. */
#define MD_RESOLV_SEARCH_MAX 8
struct md_resolv {
    struct md_str search[MD_RESOLV_SEARCH_MAX]; /* of the last search or domain line */
    size_t n_search;
    uint32_t search_line;
};
void md_resolv_parse(struct md_str text, struct md_resolv *ret);

#endif
