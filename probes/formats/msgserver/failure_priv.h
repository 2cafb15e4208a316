/*
 * probes/formats/msgserver/failure_priv: the compiled table; see failure.h.
 */
#ifndef PROBES_FORMATS_MSGSERVER_FAILURE_PRIV_H
#define PROBES_FORMATS_MSGSERVER_FAILURE_PRIV_H

#include "probes/formats/msgserver/failure.h"
#include "probes/formats/msgserver/failure_words.h"

#define MD_FAILURE_ROWS_MAX 400
#define MD_FAILURE_ANY 0xffff

/* A set of words, by id. */
struct md_failure_set {
    uint64_t bits[MD_FAILURE_WORDS_MAX / 64];
};

/* A pattern of a reply code or of an enhanced code; MD_FAILURE_ANY matches any number. */
struct md_failure_pattern {
    uint16_t part[3];
};

enum md_failure_where { MD_FAILURE_ANYWHERE, MD_FAILURE_IN_ANSWER, MD_FAILURE_OUTSIDE };

struct md_failure_condition {
    uint8_t sources;  /* bits of enum md_failure_source; 0: all */
    uint32_t entries; /* bits of letters; 0: all */
    uint8_t where;    /* enum md_failure_where */
};

struct md_failure_variant {
    struct md_failure_condition condition;
    enum md_failure_class class;
    const char *label;
};

struct md_failure_row {
    const char *number;
    char group;
    bool is_vague, is_fallback, is_empty, is_any, is_unsent, has_texts, has_words, has_with, has_without;
    struct md_failure_condition condition;
    struct md_failure_set texts, words, with, without;
    const struct md_failure_pattern *codes, *replies, *with_codes, *with_replies;
    size_t n_codes, n_replies, n_with_codes, n_with_replies;
    const struct md_str *files;
    size_t n_files;
    enum md_failure_class class;
    enum md_failure_lasts lasts;
    bool lasts_by_entry;
    const char *label;
    const struct md_failure_variant *variants;
    size_t n_variants;
};

struct md_failure_table {
    struct md_failure_words *words;
    const struct md_failure_row *rows;
    size_t count;
};

#endif
