/*
 * probes/bundle/collect_priv: what the files of md_collect share.
 *
 *   collect.c           recording, and the order of writing
 *   collect_plan.c      what goes in
 *   collect_text.c      reading an entry through the redactor
 *   collect_manifest.c  manifest.json, dns.json, files.tsv
 *   collect_scan.c      the finished archive, looked through for leaks
 */
#ifndef PROBES_BUNDLE_COLLECT_PRIV_H
#define PROBES_BUNDLE_COLLECT_PRIV_H

#include "probes/bundle/collect.h"
#include "probes/bundle/recorded.h"
#include "probes/bundle/spool.h"

/* A part of an entry, up to the next one. */
struct md_collect_part {
    enum md_item_kind kind;
    uint64_t offset;
};

struct md_collect_entry {
    enum md_collect_sort sort;
    enum md_item_kind kind;         /* of its first part */
    struct md_str name;             /* in the bundle, with all names in it */
    const struct md_item *item;     /* read by the source ... */
    const struct md_member *member; /* ... or a member of what was sent, whole ... */
    struct md_str text;             /* ... or, where both are NULL, this */
    struct md_spool *spool;         /* ... or this */
    const struct md_collect_part *parts;
    size_t n_parts;
    uint64_t size; /* UINT64_MAX: not known */
    int64_t mtime;
};

/* Entries that a manifest names. */
struct md_collect_command {
    const struct md_item *item;
    struct md_str out, err; /* names; err may be empty */
};
struct md_collect_listing {
    struct md_str root, file;
    bool is_complete, is_tree;
};
struct md_collect_port {
    uint16_t port;
    enum md_status status;
    struct md_str line;
    double seconds;
};
struct md_collect_program {
    struct md_str program;
    enum md_status status;
};

struct md_collect {
    struct md_arena *arena;
    struct md_source *source;
    struct md_diags *diags;
    const char *folder;
    const struct md_collect_options *options; /* while writing */
    struct md_bundle *bundle;

    struct md_collect_entry *entries;
    size_t n_entries, entries_capacity;
    struct md_collect_left_out *left_out;
    size_t n_left_out, left_out_capacity, n_left_out_planned;
    struct md_collect_command *commands;
    size_t n_commands, commands_capacity;
    struct md_collect_listing *listings;
    size_t n_listings, listings_capacity;
    const struct md_item **unread;
    size_t n_unread, unread_capacity;

    /* recorded */
    struct md_spool *walk; /* of the queue */
    const struct md_item *walked;
    bool is_walk_whole, is_walk_ended;
    struct md_dns_answer *answers;
    size_t n_answers, answers_capacity;
    struct md_collect_port *ports, *greetings;
    size_t n_ports, ports_capacity, n_greetings, greetings_capacity;
    struct md_collect_program *programs;
    size_t n_programs, programs_capacity;

    /* Of files that are never taken, whatever room there is: their facts are. */
    bool is_withheld[MD_ITEM_KIND_COUNT];
    struct md_str withheld; /* the first of them, as it would be called in the bundle; empty: none */

    /* written */
    struct md_buf stats; /* listings/files.tsv */
    struct md_str *partial;
    size_t n_partial, partial_capacity;
    bool is_partial[MD_ITEM_KIND_COUNT];
    uint64_t kept_for_facts; /* bytes of the bundle, for the facts of logs that do not fit */
    uint64_t hidden_lines;   /* of the entry that was redacted last */
    uint64_t
        raw_left; /* bytes that may still be read: what unpacks to far more than a bundle holds is not followed for ever */
    char *chunk; /* MD_COLLECT_CHUNK bytes */
    struct md_ends *ends;
};

#define MD_COLLECT_CHUNK ((size_t)256 * 1024)
#define MD_COLLECT_RAW_TIMES 300 /* the limit of the bundle, in each of the two passes */

struct md_collect_entry *md_collect_add(struct md_collect *self, enum md_collect_sort sort, enum md_item_kind kind,
                                        struct md_str name);
void md_collect_leave_out(struct md_collect *self, const char *name, const char *why);
/* Notes an entry of the queue's folder in the listing that is being made. */
void md_collect_note_entry(struct md_collect *self, const struct md_dir_entry *entry);
/* One line of a listing in TSV, with \xHH. */
void md_collect_stat_line(struct md_buf *out, struct md_str path, bool is_dir, uint64_t size, int64_t mtime,
                          const char *rest);

/* ---- collect_text.c ---- */

/* The first pass over an entry. */
MD_MUST_CHECK enum md_status md_collect_learn(struct md_collect *self, const struct md_collect_entry *entry);
/* The second pass: at most `most` compressed bytes; *ret is set also where it fails. `from`: bytes that are left out in front, up to the
 * next line. *ret_raw (may be NULL): bytes that were read. MD_END: nothing of it may be kept. */
MD_MUST_CHECK enum md_status md_collect_redact(struct md_collect *self, const struct md_collect_entry *entry,
                                               uint64_t from, uint64_t most, struct md_spool **ret, uint64_t *ret_raw);
MD_MUST_CHECK enum md_status md_collect_open(struct md_collect *self, const struct md_collect_entry *entry,
                                             struct md_stream **ret);
/* Where the log comes to `since`, in bytes; UINT64_MAX: nowhere. *ret_size: its size. */
MD_MUST_CHECK enum md_status md_collect_find_since(struct md_collect *self, const struct md_collect_entry *entry,
                                                   uint64_t *ret_from, uint64_t *ret_size);

/* ---- collect_manifest.c ---- */

void md_collect_dns(struct md_collect *self, struct md_buf *out);
void md_collect_manifest(struct md_collect *self, struct md_buf *out);

/* ---- collect_scan.c ---- */

/* MD_BAD_INPUT: there are leaks, which are said in `leaks` (may be NULL). */
MD_MUST_CHECK enum md_status md_collect_scan(struct md_collect *self, const char *path, struct md_diags *leaks);

#endif
