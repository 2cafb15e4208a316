/*
 * probes/bundle/recorded: the sources that are what somebody sent: a directory, an archive, a single file; with or
 * without a manifest. Private to probes/bundle; the door is md_source_open_path of probes/source/source.h.
 *
 *   recorded.c    opening and reading
 *   manifest.c    what a manifest says about the files (commands, listings)
 *   inventory.c   what all other files are, by name and content
 *   when.c        when and in which zone all this was taken; order of the items
 *   replay.c      what only the host itself could say
 */
#ifndef PROBES_BUNDLE_RECORDED_H
#define PROBES_BUNDLE_RECORDED_H

#include "probes/bundle/instants.h"
#include "probes/bundle/pack.h"
#include "probes/source/source_priv.h"

/* What a source knows of an item beyond the item (md_item.handle). */
struct md_recorded_entry {
    const struct md_member *member; /* NULL: a QUEUE_TREE */
    unsigned clean;                 /* enum md_clean */
    struct md_str tree;             /* QUEUE_TREE: the folder in the source, "" for the top; of none where there is */
    bool is_listed;                 /* ... a listing of it, which is the member */
    struct md_instant first;        /* first stamp of a log */
};

/* Original times, modes and owners of copied files (listings/files.tsv), sorted by path. */
struct md_recorded_stat {
    struct md_str path; /* absolute */
    int64_t mtime;
    const char *owner; /* display text; NULL: mode and owner are not said */
    uint32_t mode;
};

struct md_recorded {
    struct md_source *source;
    struct md_pack *pack;
    struct md_str top; /* folder that holds the manifest, with a final '/', or empty */
    bool has_layout;  /* the files lie as in a bundle; else as somebody sent them, whether there is a manifest or not */
    bool is_absolute; /* their names are the paths that they had */
    bool *is_used;    /* by member: an item already, or not to be one */
    struct md_recorded_entry *entries;
    size_t n_entries, entries_capacity;
    struct md_recorded_stat *stats;
    size_t n_stats, stats_capacity;
};

/* NULL: it is a source of another kind. */
struct md_recorded *md_recorded_of(const struct md_source *source);
/* Adds an item that is (a part of) a member. NULL: too many. */
struct md_item *md_recorded_add(struct md_recorded *self, const struct md_item *item, const struct md_member *member,
                                unsigned clean);
/* The name of a member as a report shows it. */
const char *md_recorded_name(struct md_recorded *self, const struct md_member *member);

/* The listing that a manifest names for a copied queue folder, or NULL. */
const struct md_member *md_recorded_tree_listing(struct md_recorded *self, struct md_str tree);
void md_recorded_manifest(struct md_recorded *self, const struct md_member *member);
/* Results that a recording knows by name. */
#define MD_REPLAY_RESULTS 4
struct md_replay_result {
    enum md_status status;
    const char *name;
};
extern const struct md_replay_result md_replay_results[MD_REPLAY_RESULTS];
enum md_status md_replay_connect(struct md_source *source, uint16_t port);
enum md_status md_replay_greeting(struct md_source *source, uint16_t port, struct md_arena *arena, struct md_str *ret,
                                  double *ret_s);
enum md_status md_replay_program(struct md_source *source, struct md_str program);

void md_recorded_inventory(struct md_recorded *recorded);
void md_recorded_when(struct md_recorded *self);
void md_recorded_sort(struct md_recorded *self);

#endif
