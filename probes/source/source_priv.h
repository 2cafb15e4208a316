/*
 * probes/source/source_priv: what the kinds of sources share. Only for the files that implement a kind of source:
 * probes/source (live, fake) and probes/bundle (directories, archives, bundles, facts files).
 *
 * A kind is a table of functions and a private object; everything that all kinds do alike (items by kind, walking a
 * listing, recorded DNS answers, resolvers) is in source.c. Members of the table may be NULL: the source cannot do
 * that.
 */
#ifndef PROBES_SOURCE_SOURCE_PRIV_H
#define PROBES_SOURCE_SOURCE_PRIV_H

#include "engine/base/time.h"
#include "probes/source/source.h"

struct md_listing_options; /* probes/formats/system/listing.h */

struct md_source_ops {
    /* Frees the private object; the arena goes afterwards. */
    void (*free)(struct md_source *source);
    /* Called before the items of a kind are given out: runs its command, once. */
    void (*prepare)(struct md_source *source, enum md_item_kind kind);
    enum md_status (*open)(struct md_source *source, const struct md_item *item, struct md_stream **ret);
    enum md_status (*walk_tree)(struct md_source *source, const struct md_item *item, struct md_diags *diags,
                                md_dir_fn *fn, void *ctx);
    enum md_status (*command)(struct md_source *source, enum md_item_kind kind, const char *const *argv,
                              const struct md_item **ret);
    /* NULL: recorded answers (DNS_ANSWERS and DIG items). */
    size_t (*resolve)(struct md_source *source, struct md_arena *arena, const struct md_dns_query *queries, size_t n,
                      const struct md_dns_answer **ret);
    enum md_status (*connect_local)(struct md_source *source, uint16_t port);
    enum md_status (*greeting)(struct md_source *source, uint16_t port, struct md_arena *arena, struct md_str *ret,
                               double *ret_s);
    enum md_status (*program)(struct md_source *source, struct md_str program);
    /* Adds an item that is a text; the command that would give one of its kind is not run any more. */
    void (*join)(struct md_source *source, const struct md_item *item, struct md_str text);
};

struct md_item_list {
    const struct md_item **list;
    size_t n, capacity;
};

struct md_source {
    const struct md_source_ops *ops;
    void *self;
    struct md_arena *arena;
    struct md_diags *diags; /* borrowed, of the constructor */
    struct md_source_options options;
    enum md_source_kind kind;
    bool is_first_hand; /* see md_source_is_first_hand */
    struct md_recorder recorder;
    const char **own_folders; /* see md_source_own_folders */
    const char *own_prefix;   /* what stands for "/" of this host; NULL: it is another host */
    size_t n_own_folders, own_folders_capacity;
    const char *name;
    const char *host, *host_hint;
    const char *zone_name;
    int64_t now; /* MD_TIME_NONE: not known */
    bool now_is_local;
    const struct md_zone *zone; /* of md_source_set_zone, or NULL */
    const struct md_node *manifest, *facts;
    struct md_item_list by_kind[MD_ITEM_KIND_COUNT], all;
    struct md_str *resolvers;
    size_t n_resolvers;
    bool has_resolvers;            /* they were looked for */
    struct md_dns_answer *answers; /* recorded ones */
    size_t n_answers, answers_capacity;
    bool has_answers; /* they were read */
};

/* An empty source with its own arena; MD_TIME_NONE as now, unless the options say. */
struct md_source *md_source_new(enum md_source_kind kind, const char *name, const struct md_source_options *options,
                                const struct md_source_ops *ops, struct md_diags *diags);
/* An item with nothing known but its kind and name: whole, readable, no times. */
struct md_item md_item_blank(enum md_item_kind kind, const char *name);
/* Copies the item (not its texts); NULL where there are too many. Sets `base` where it is NULL. */
struct md_item *md_source_add(struct md_source *source, const struct md_item *item);
bool md_source_is_interrupted(const struct md_source *source);
/* The zone of listings and local times. */
const struct md_zone *md_source_zone_of_times(struct md_source *source);
/* The entries of a listing that a stream holds. */
MD_MUST_CHECK enum md_status md_source_feed_listing(struct md_stream *stream, const struct md_listing_options *options,
                                                    md_dir_fn *fn, void *ctx);
/* argv as a person types it; for names and comparing. */
char *md_source_command_line(struct md_arena *arena, const char *const *argv);

#endif
