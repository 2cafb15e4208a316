/*
 * probes/bundle/recorded: the sources that are what somebody sent: a directory, an archive, a single file; with or
 * without a manifest. Private to probes/bundle; the door is md_source_open_path of probes/source/source.h.
 *
 *   recorded.c    opening and reading
 *   manifest.c    what a manifest says about the files (commands, listings)
 *   inventory.c   what all other files are, by name and content
 *   when.c        when and in which zone all this was taken; order of the items
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
    struct md_str tree;             /* QUEUE_TREE: the folder in the source, "" for the top */
    struct md_instant first;        /* first stamp of a log */
};

/* Original times of copied files (listings/files.tsv), sorted by path. */
struct md_recorded_stat {
    struct md_str path; /* absolute */
    int64_t mtime;
};

struct md_recorded {
    struct md_source *source;
    struct md_pack *pack;
    struct md_str top; /* folder that holds the manifest, with a final '/', or empty */
    bool *is_used;     /* by member: an item already, or not to be one */
    struct md_recorded_entry *entries;
    size_t n_entries, entries_capacity;
    struct md_recorded_stat *stats;
    size_t n_stats, stats_capacity;
};

/* Adds an item that is (a part of) a member. NULL: too many. */
struct md_item *md_recorded_add(struct md_recorded *self, const struct md_item *item, const struct md_member *member,
                                unsigned clean);
/* The name of a member as a report shows it. */
const char *md_recorded_name(struct md_recorded *self, const struct md_member *member);

void md_recorded_manifest(struct md_recorded *self, const struct md_member *member);
void md_recorded_inventory(struct md_recorded *recorded);
void md_recorded_when(struct md_recorded *self);
void md_recorded_sort(struct md_recorded *self);

#endif
