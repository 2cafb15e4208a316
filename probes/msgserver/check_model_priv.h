/*
 * probes/msgserver/check_model_priv: how the parts of the tree of a configuration are put together (docs/checks.md).
 *
 * Each part (probes/msgserver/check_model_parts.def) reads its items from the source and adds nodes to collections by name; several
 * parts may fill one collection, and a node of one may be begun while a node of another is open:
 *
 *     md_check_begin(build, "table", table->loc);
 *     md_check_text(build, "name", table->name, table->loc);
 *     md_check_list(build, "entries", table->loc);
 *     ...
 *     md_check_end(build);
 *     node = md_check_end(build);
 *     md_check_index(build, "tables", table->name, node);
 *
 * Texts are borrowed and must live as long as the arena. A flag that is false, an empty text, a number that is not known and, in
 * nodes that there are many of, an empty list are left out: a check sees nil, which `each` and `count` take for an empty list. Nodes that stand in two places (an index, "by", "overrides") are shared: md_check_ref copies one
 * node and shares its children, so it comes after the last change of the node.
 *
 * Limits  MD_NODE_MAX nodes and MD_CHECK_DEPTH_MAX open ones; what is beyond is left out and said once.
 */
#ifndef PROBES_MSGSERVER_CHECK_MODEL_PRIV_H
#define PROBES_MSGSERVER_CHECK_MODEL_PRIV_H

#include "engine/base/map.h"
#include "engine/base/node.h"
#include "probes/msgserver/check_model.h"
#include "probes/msgserver/mta_config.h"
#include "probes/probe.h"

#define MD_CHECK_DEPTH_MAX 32
#define MD_CHECK_LISTS_MAX 96
#define MD_CHECK_FILE_MAX ((size_t)64 << 20)

/* What rewrite rules and keywords make of a channel. */
struct md_check_channel {
    bool is_target, is_rewrite_target, is_internet_facing, is_foreign_target, is_referenced;
};

struct md_check_build {
    struct md_probe_ctx *ctx;
    struct md_arena *arena;
    const struct md_mta_config *config; /* what was read of the MTA; never NULL */
    /* the rest is of check_model_build.c */
    struct {
        struct md_node *node, *last;
    } lists[MD_CHECK_LISTS_MAX]; /* collections and indexes, children of the root */
    size_t n_lists;
    struct {
        struct md_node *node, *last;
        bool is_shared; /* its last children are another's */
    } open[MD_CHECK_DEPTH_MAX];
    size_t n_open;
    size_t n_nodes;
    bool is_full;
    struct md_map *indexed; /* (number of the list, key) -> node */
    /* The definition of an option ({ file type low high ... }) or NULL; set by the part that reads the table of options, which comes
     * before that of the options. NULL: nobody knows. */
    const struct md_node *(*option_def)(struct md_check_build *build, const char *file_kind, struct md_str section_type,
                                        struct md_str name);
    /* of check_model_resolve.c */
    struct md_check_channel *channels; /* one for each of config->channels */
    struct md_map *channel_names, *channel_tags;
    /* of check_model_options.c */
    struct md_map *classes;       /* upper-case pattern -> node */
    struct md_map *class_stems;   /* text before the "*" in upper case -> node */
    struct md_map *channel_files; /* (channel) -> list of option nodes */
};

/* ---- nodes ---- */

/* Opens a new node of a collection, which is made where it is new. */
void md_check_begin(struct md_check_build *build, const char *collection, struct md_loc loc);
/* Opens a map or list as child of the open node; `key` is ignored in a list. */
void md_check_map(struct md_check_build *build, const char *key, struct md_loc loc);
void md_check_list(struct md_check_build *build, const char *key, struct md_loc loc);
/* The same with a name from the input as key. */
void md_check_map_named(struct md_check_build *build, struct md_str key, struct md_loc loc);
/* Closes what was opened last; NULL where it was left out. */
const struct md_node *md_check_end(struct md_check_build *build);
/* A finished node in one more collection. */
void md_check_add(struct md_check_build *build, const char *collection, const struct md_node *node);

/* Fields of the open node; `key` NULL in a list. */
void md_check_text(struct md_check_build *build, const char *key, struct md_str text, struct md_loc loc);
void md_check_number(struct md_check_build *build, const char *key, int64_t number, struct md_loc loc);
void md_check_flag(struct md_check_build *build, const char *key, bool flag, struct md_loc loc);
/* A number where the text is one ("5", "16%ff"), as md_option_int reads it; nothing else. */
void md_check_number_of(struct md_check_build *build, const char *key, struct md_str text, struct md_loc loc);
/* scope = { [key] = name } */
void md_check_scope(struct md_check_build *build, const char *key, struct md_str name, struct md_loc loc);
/* A finished node as child under another key; NULL is passed over. */
void md_check_ref(struct md_check_build *build, const char *key, const struct md_node *node);
void md_check_ref_named(struct md_check_build *build, struct md_str key, const struct md_node *node);

/* The children of a finished node become the last ones of the open node, shared. Nothing more can be added to it then. */
void md_check_share(struct md_check_build *build, const struct md_node *node);

/* ---- children of the root ---- */

/* Makes sure that a collection (list) or an index (map) is there, if only empty. */
void md_check_collection(struct md_check_build *build, const char *name);
void md_check_index_make(struct md_check_build *build, const char *name);
/* index[key] = node; of equal keys the first stays. Returns whether it was new. */
bool md_check_index(struct md_check_build *build, const char *index, struct md_str key, const struct md_node *node);
/* The same, of equal keys the last holds. */
void md_check_index_last(struct md_check_build *build, const char *index, struct md_str key,
                         const struct md_node *node);
const struct md_node *md_check_indexed(const struct md_check_build *build, const char *index, struct md_str key);

/* ---- what every part needs ---- */

/* By name, by host (tag); NULL: there is none. Hashed, unlike md_mta_config_channel. */
const struct md_mta_channel *md_check_channel_named(const struct md_check_build *build, struct md_str name);
const struct md_mta_channel *md_check_channel_of_tag(struct md_check_build *build, struct md_str tag);
/* One of the names that the product gives a meaning (l, ims-ms, process, tcp_...). */
bool md_check_is_reserved(struct md_str channel);
/* Somebody names this channel (mappings, options, controls of rules): it is not forgotten. To be called before the part of channels. */
void md_check_reference(struct md_check_build *build, struct md_str channel);

/* Copies in lower or upper case. */
struct md_str md_check_lower(struct md_check_build *build, struct md_str text);
struct md_str md_check_upper(struct md_check_build *build, struct md_str text);
/* config.read[kind] = true: "imta.cnf", "mappings" ... */
void md_check_note_read(struct md_check_build *build, const char *kind);
/* config.unreadable[base] = true: the name of a file that is there and could not be read. */
void md_check_note_unreadable(struct md_check_build *build, const char *base);
/* Reads an item; on success notes its kind as read and adds its `file` node. */
bool md_check_read_item(struct md_check_build *build, const struct md_item *item, const char *file_kind,
                        struct md_str *ret_text);
/* The `file` node and config.read of a file that somebody else read. */
void md_check_file_of(struct md_check_build *build, const char *name, const char *file_kind);
/* All faults of a file into the collection `fault`. */
void md_check_faults(struct md_check_build *build, const struct md_cnf_faults *faults, const char *file_kind);
void md_check_long_line(struct md_check_build *build, struct md_loc loc, size_t length, bool is_comment,
                        const char *file_kind);
void md_check_include(struct md_check_build *build, struct md_str path, struct md_loc loc, unsigned depth, bool is_read,
                      const char *file_kind);

/* Names of channels and their tags; which ones rules and keywords lead to. Before all parts. */
void md_check_resolve(struct md_check_build *build);
/* mode, owner, mtime, size of a file into the open node, where they count. */
void md_check_file_state(struct md_check_build *build, const struct md_item *item);
/* config.facts, into the open node: only where probes ran. */
void md_check_facts(struct md_check_build *build);
/* "option.dat", "imta.cnf" ...; NULL where a kind is no part of a configuration. */
const char *md_check_file_kind(enum md_item_kind kind);
/* options = { NAME = option }: of the channel's option file, into the open node. */
void md_check_channel_options(struct md_check_build *build, struct md_str channel, struct md_loc loc);
/* The section that the job controller takes for a channel; NULL: none. */
const struct md_node *md_check_class_for(struct md_check_build *build, struct md_str channel);

/* ---- parts: one file each, called in the order of check_model_parts.def ---- */

typedef void md_check_part_fn(struct md_check_build *build);
#define MD_CHECK_PART(function) md_check_part_fn function;
#include "probes/msgserver/check_model_parts.def"
#undef MD_CHECK_PART

#endif
