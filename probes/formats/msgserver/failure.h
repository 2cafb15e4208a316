/*
 * probes/formats/msgserver/failure: which class the text of a failed attempt belongs to.
 *
 * The knowledge is the table rules/msgserver/failures.yaml, whose head explains its form; here is only the machine: all
 * words of all rows in one automaton (case folded), a scanner for reply codes and enhanced codes, and the order of
 * precedence.
 *
 * Ownership   the table lives in the arena that it was compiled into; labels are its memory. Not changed by use; a
 * cache is the user's. Errors      mistakes in the table: places in the YAML text, in `diags`, and MD_BAD_INPUT. Limits
 * 512 different words, 400 rows, texts are looked at up to 8 KiB.
 */
#ifndef PROBES_FORMATS_MSGSERVER_FAILURE_H
#define PROBES_FORMATS_MSGSERVER_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

enum md_failure_class {
#define MD_FAILURE_CLASS(id, name, says) MD_FAILURE_##id,
#include "probes/formats/msgserver/failure_class.def"
#undef MD_FAILURE_CLASS
    MD_FAILURE_CLASSES
};

const char *md_failure_name(enum md_failure_class class);
const char *md_failure_says(enum md_failure_class class);
/* MD_FAILURE_CLASSES: no such class. */
enum md_failure_class md_failure_by_name(struct md_str name);

/* Whose text it is. */
enum md_failure_source {
    MD_FAILURE_STORE,   /* ims-ms*: this host's own store */
    MD_FAILURE_LMTP,    /* tcp_lmtp*: the store of another host of ours */
    MD_FAILURE_SMTP,    /* other tcp_* channels */
    MD_FAILURE_PROCESS, /* process, reprocess, conversion, defragment and their like */
    MD_FAILURE_OTHER_CHANNEL,
    MD_FAILURE_LOG, /* a line of a server's log */
    MD_FAILURE_SOURCES
};
/* By the name of a channel; never MD_FAILURE_LOG. */
enum md_failure_source md_failure_source_of(struct md_str channel);

enum md_failure_lasts { MD_FAILURE_LASTS_UNSAID, MD_FAILURE_TEMPORARY, MD_FAILURE_PERMANENT };

struct md_failure_query {
    enum md_failure_source source;
    char entry;           /* action letter of the log entry; 0: none */
    bool is_unsent;       /* no data were sent (size 0) */
    struct md_str text;   /* the diagnostic */
    struct md_str reason; /* what stood before the diagnostic, or empty */
    struct md_str file;   /* name of the queue file, or empty */
};

struct md_failure {
    enum md_failure_class class;
    enum md_failure_lasts lasts;
    const char *label; /* "OVER_QUOTA" */
    const char *row;   /* number in the table: "108a" */
    size_t rank;       /* place in the table, for tests */
};

struct md_failure_table;

/* `root`: the document of failures.yaml. */
MD_MUST_CHECK enum md_status md_failure_compile(struct md_arena *arena, const struct md_node *root,
                                                struct md_diags *diags, const struct md_failure_table **ret);
struct md_failure md_failure_classify(const struct md_failure_table *table, const struct md_failure_query *query);

/* The same with a memory of what was asked before: logs repeat the same texts thousands of times. Digits in runs of two
 * and more and words with an '@' count as equal outside of reply codes. */
struct md_failure_cache;
struct md_failure_cache *md_failure_cache_new(struct md_arena *arena);
struct md_failure md_failure_classify_cached(const struct md_failure_table *table, struct md_failure_cache *cache,
                                             const struct md_failure_query *query);

/* The answer of a host in a diagnostic: what follows the last "smtp;", or the whole where it begins with a reply code;
 * empty: none. */
struct md_str md_failure_answer(struct md_str text);

/* Reply code (0: none) and enhanced code (class 0: none) of a text. */
struct md_failure_codes {
    uint16_t reply;
    uint8_t class;
    uint16_t subject, detail;
};
struct md_failure_codes md_failure_codes(struct md_str text);

#endif
