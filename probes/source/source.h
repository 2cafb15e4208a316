/*
 * probes/source: the one door to the world.
 *
 * A probe never opens a file, runs a command, resolves a name or reads the clock: it asks its source. Kinds: live (a host),
 * directory and bundle (what somebody sent, recognised by name and content, archives read without unpacking), facts (only
 * recorded facts), recording (another source that writes down what was asked), fake (tests).
 *
 * Items     the raw material, by kind (items.def). An item is a file, a part of a file (a pasted command output) or the output of
 *           a command. On a live host the items of a command kind are run when they are first asked for, once.
 * Streams   read an item from its beginning, in chunks, decompressed, in constant memory.
 * Names     `name` is the item's name as a report shows it: path relative to the source's top ("files/var/.../imta.cnf"), the absolute
 *           path on a live host, or the command line. `path` is the original absolute path where it is known, else NULL.
 * Limits    command output 64 MiB and 60 s; of items read whole the caller says how much; never more than MD_SOURCE_ITEMS_MAX items.
 * Threads   none. Ownership: items and names live in the arena of the source until md_source_free.
 */
#ifndef PROBES_SOURCE_SOURCE_H
#define PROBES_SOURCE_SOURCE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/loc.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/base/str.h"
#include "engine/base/zone.h"

#define MD_SOURCE_ITEMS_MAX 100000

enum md_cost { MD_COST_FREE, MD_COST_CHEAP, MD_COST_EXPENSIVE };

enum md_item_kind {
#define MD_ITEM(id, name, says, command, cost) MD_ITEM_##id,
#include "probes/source/items.def"
#undef MD_ITEM
    MD_ITEM_KIND_COUNT
};

enum md_source_kind { MD_SOURCE_LIVE, MD_SOURCE_DIRECTORY, MD_SOURCE_BUNDLE, MD_SOURCE_FACTS, MD_SOURCE_FAKE };

struct md_item {
    enum md_item_kind kind;
    const char *name;      /* for people and for evidence */
    const char *path;      /* original absolute path, or NULL */
    const char *base;      /* last component of the original path or of the name */
    const char *command;   /* the command line where it is one's output, else NULL */
    uint32_t first_line;   /* of the part inside its file, 1 for the whole file */
    uint64_t offset, size; /* of the part inside its file in bytes; size UINT64_MAX: to the end, not known */
    int64_t mtime;         /* of the original; MD_TIME_NONE where it is not known (never of a copy) */
    int64_t taken_at;      /* when the command ran or the listing was made; MD_TIME_NONE: not known */
    int exit_code;         /* of a command; -1: not known */
    const char *root;      /* LISTING, QUEUE_TREE: the folder that is listed, absolute, or NULL */
    bool is_complete;      /* LISTING: it says so */
    bool has_owner;        /* mode and owner are those of the host itself */
    uint32_t mode;         /* permissions, 0644 */
    const char *owner;     /* name or number */
    enum md_status status; /* MD_OK, or why it cannot be read (then it holds nothing) */
    const char *note;      /* OTHER: why it is not used, static; or NULL */
    struct md_str errors;  /* of a command that was run here: what it said on standard error, cut */
    uint32_t ms;           /* of a command that was run here: how long it took */
    size_t handle;         /* of the source's own */
};

struct md_stream; /* an item being read */
struct md_source;

/* What a listing or a folder holds, one entry at a time. */
struct md_dir_entry {
    struct md_str path; /* relative to the root, '/' between components; original bytes */
    bool is_dir;
    uint64_t size;
    int64_t mtime;           /* MD_TIME_NONE where it is not known */
    struct md_str owner;     /* as a listing says it, or empty */
    bool has_stat;           /* the rest is known: of a folder of this host */
    uint32_t mode, uid, gid; /* mode: permissions */
};
/* Returns false to stop. */
typedef bool md_dir_fn(void *ctx, const struct md_dir_entry *entry);

enum md_dns_type { MD_DNS_MX, MD_DNS_A, MD_DNS_AAAA, MD_DNS_CNAME, MD_DNS_NS, MD_DNS_SOA, MD_DNS_PTR };
enum md_dns_status {
    MD_DNS_NOERROR,
    MD_DNS_NXDOMAIN,
    MD_DNS_SERVFAIL,
    MD_DNS_REFUSED,
    MD_DNS_TIMEOUT,
    MD_DNS_NOT_ASKED
};

struct md_dns_record {
    struct md_str data;  /* MX: the exchange; A, AAAA: the address; else the target */
    uint32_t preference; /* MX */
};
struct md_dns_answer {
    struct md_str name; /* as asked, absolute, without the final dot, lower case */
    enum md_dns_type type;
    enum md_dns_status status;
    const struct md_dns_record *records;
    size_t n_records;
    struct md_str resolver; /* address of the resolver that was asked, "" where not known */
    uint32_t ms;
    const char *from; /* the item it was recorded in, or NULL (asked now) */
};
struct md_dns_query {
    struct md_str name;
    enum md_dns_type type;
};

/* Text that a person gave (pasted, or out of a file that was pointed at): a file of this name, which joins what the source holds. */
struct md_source_text {
    const char *name; /* displayable */
    struct md_str text;
};

struct md_source_options {
    const char *root;       /* --root, or NULL */
    int64_t at;             /* --at, or MD_TIME_NONE */
    double command_seconds; /* that a command of the host may take; 0: as probes/source/command.h says */
    double archive_seconds; /* that reading an archive over may take; 0: ten minutes */
    bool allow_expensive, allow_network;
    const bool
        *allowed_kinds;  /* by enum md_item_kind: costly ones that may be run all the same; NULL: none. Borrowed */
    bool opens_archives; /* archives inside of what is read are opened, too, one level deep */
    const struct md_source_text
        *texts; /* copied; recognised and taken apart as any file is. Of a facts file they are not used */
    size_t n_texts;
    const volatile sig_atomic_t
        *interrupted; /* set by Ctrl-C; every long call looks at it and returns MD_INTERRUPTED */
    void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL; total 0: not known */
    void *progress_ctx;
};

/* Whoever wants to know what is asked of a source, to write it down: told after the source has answered, in the order of asking. Members
 * may be NULL; texts are borrowed for the time of the call. */
struct md_recorder {
    void *ctx;
    void (*opened)(void *ctx, const struct md_item *item);
    /* The entries of a QUEUE_TREE that is walked, and its end; is_whole: nothing was left out. */
    void (*entry)(void *ctx, const struct md_item *item, const struct md_dir_entry *entry);
    void (*walked)(void *ctx, const struct md_item *item, bool is_whole);
    void (*resolved)(void *ctx, const struct md_dns_answer *answers, size_t n);
    /* What only a host itself can say. */
    void (*connected)(void *ctx, uint16_t port, enum md_status status);
    void (*greeted)(void *ctx, uint16_t port, enum md_status status, struct md_str line, double seconds);
    void (*looked_for)(void *ctx, struct md_str program, enum md_status status);
};

/* Constructors; each returns MD_OK with a source or says in `diags` why not. The options are copied; `diags` is kept for what goes
 * wrong later (a command that fails) and must outlive the source. */
MD_MUST_CHECK enum md_status md_source_open_live(const struct md_source_options *options, struct md_diags *diags,
                                                 struct md_source **ret);
/* A directory, an archive or a facts file, by what is there; a directory or archive with a manifest.json is a bundle. (In probes/bundle,
 * which knows what people send.) */
MD_MUST_CHECK enum md_status md_source_open_path(const char *path, const struct md_source_options *options,
                                                 struct md_diags *diags, struct md_source **ret);
/* Nothing but the texts of the options. (In probes/bundle, too.) `name`: as reports call it. */
MD_MUST_CHECK enum md_status md_source_open_texts(const char *name, const struct md_source_options *options,
                                                  struct md_diags *diags, struct md_source **ret);
void md_source_free(struct md_source **source);
/* A live host with the texts of its options, which are joined to it: the host is not asked again for what one of them shows. (In
 * probes/bundle, too.) */
MD_MUST_CHECK enum md_status md_source_open_live_with(const struct md_source_options *options, struct md_diags *diags,
                                                      struct md_source **ret);

/* What a path holds: of one host or of several (probes/bundle/hosts.h says how they are told apart), a source each. The sources are
 * opened one after another and must be freed before the set. `options` and `diags` as above; what the set says of all of it is said
 * to each of its sources that it may concern. */
struct md_source_set;
MD_MUST_CHECK enum md_status md_source_set_open(const char *path, const struct md_source_options *options,
                                                struct md_diags *diags, struct md_source_set **ret);
size_t md_source_set_count(const struct md_source_set *set);
/* Where the files of one are inside of what was given, displayable; "": it is all of it. */
const char *md_source_set_folder(const struct md_source_set *set, size_t i);
/* Each can be opened once. */
MD_MUST_CHECK enum md_status md_source_set_open_one(struct md_source_set *set, size_t i,
                                                    const struct md_source_options *options, struct md_diags *diags,
                                                    struct md_source **ret);
void md_source_set_free(struct md_source_set **set);

/* From now on the recorder is told; it is copied. NULL: no longer. */
void md_source_record(struct md_source *source, const struct md_recorder *recorder);

enum md_source_kind md_source_kind(const struct md_source *source);
/* This host itself, or what mtadoctor recorded of one: probes get the same answers to the same questions, so the same is concluded. */
bool md_source_is_first_hand(const struct md_source *source);
const char *md_source_name(const struct md_source *source); /* as the user gave it, or "this host" */
/* The manifest of a bundle, or NULL. */
const struct md_node *md_source_manifest(const struct md_source *source);
/* The facts of a facts file (its whole object), or NULL. */
const struct md_node *md_source_facts(const struct md_source *source);

/* "Now": --at; live: the clock; else the manifest's `created`; else the newest instant in the source, of which `ret_is_local` (may be
 * NULL) says that it is a local time of a zone that is not yet known (counted as if UTC). MD_TIME_NONE: nothing says. */
int64_t md_source_now(const struct md_source *source, bool *ret_is_local);
/* The zone that the source says (manifest, TZ files of a live host, `date`), else the offset of its newest server log or dated
 * output ("-05:00"): a name for md_zone_load, or NULL. */
const char *md_source_zone(const struct md_source *source);
/* The zone in which listings without one are read (--timezone); borrowed. Without this call: md_source_zone, else UTC. */
void md_source_set_zone(struct md_source *source, const struct md_zone *zone);
/* Name of the host the source is about, or NULL. */
const char *md_source_host(const struct md_source *source);
/* What the host may be called where nothing of the product says: from prompts, `uname`, names of folders; or NULL. */
const char *md_source_host_hint(const struct md_source *source);

/* Folders of this host that are the mail system's own and that nothing may be written into. None in other sources. */
size_t md_source_own_folders(const struct md_source *source, const char *const **ret);
/* One more of them, absolute as the configuration names it. "/" and what is no path is none. */
void md_source_note_own_folder(struct md_source *source, struct md_str path);

/* Items of a kind, in a fixed order (by name; logs oldest first). Command kinds of a live host run here when first asked for; one that
 * is too costly without leave gives an item with the status MD_UNSUPPORTED. The array is borrowed. */
size_t md_source_items(struct md_source *source, enum md_item_kind kind, const struct md_item *const **ret);
/* All items, of any kind, that are there without running anything. */
size_t md_source_inventory(struct md_source *source, const struct md_item *const **ret);
/* Runs, on a live host, a listed read-only command that needs arguments (see md_source_command_is_listed); in other sources finds the
 * recorded one with equal argv. */
MD_MUST_CHECK enum md_status md_source_command(struct md_source *source, enum md_item_kind kind,
                                               const char *const *argv, const struct md_item **ret);

MD_MUST_CHECK enum md_status md_source_open(struct md_source *source, const struct md_item *item,
                                            struct md_stream **ret);
/* Bytes read, 0 at the end, negative md_status. */
ptrdiff_t md_stream_read(struct md_stream *stream, void *buffer, size_t size);
void md_stream_close(struct md_stream **stream);
/* Reads at most `max` bytes into the arena; MD_LIMIT (with the first `max` bytes in *ret) where there is more. */
MD_MUST_CHECK enum md_status md_source_read_all(struct md_source *source, const struct md_item *item,
                                                struct md_arena *arena, size_t max, struct md_str *ret);
/* Walks a QUEUE_TREE or a LISTING, whatever its form; lines that cannot be parsed go to `diags` (NULL: nobody is told, for
 * whoever walks it beside the one that reports them). Directories that cannot be read are diagnostics; the walk goes on. */
MD_MUST_CHECK enum md_status md_source_walk(struct md_source *source, const struct md_item *item,
                                            struct md_diags *diags, md_dir_fn *fn, void *ctx);

/* Addresses of the configured resolvers. */
size_t md_source_resolvers(struct md_source *source, const struct md_str **ret);
/* Answers of each resolver for each query, recorded or asked now (live; all at once, 5 s at most in all). Answers that are not there are
 * left out. The array lives in `arena`. */
size_t md_source_resolve(struct md_source *source, struct md_arena *arena, const struct md_dns_query *queries, size_t n,
                         const struct md_dns_answer **ret);
/* Connects to a local TCP port and closes; MD_OK: accepted; MD_NOT_FOUND: refused; MD_TIMEOUT; MD_UNSUPPORTED: not a live source. */
MD_MUST_CHECK enum md_status md_source_connect_local(struct md_source *source, uint16_t port);
/* Connects to a local TCP port, sends nothing and reads the line with which it greets, for MD_SOURCE_GREETING_S seconds at most. MD_OK
 * (`ret` is empty where the connection was closed without a word; `ret_s`: seconds until then), MD_NOT_FOUND: refused; MD_TIMEOUT: it
 * was accepted and nothing came; MD_UNSUPPORTED: not a live source. */
#define MD_SOURCE_GREETING_S 5
MD_MUST_CHECK enum md_status md_source_greeting(struct md_source *source, uint16_t port, struct md_arena *arena,
                                                struct md_str *ret, double *ret_s);
/* Whether a program is there and may be run, without opening it. `program`: an absolute path as the configuration gives it, or a name in
 * the product's program folders. MD_OK; MD_NOT_FOUND: it is not there, though programs are in its folder; MD_BAD_INPUT: it is no program
 * that may be run; MD_UNSUPPORTED: this source cannot tell. */
MD_MUST_CHECK enum md_status md_source_program(struct md_source *source, struct md_str program);

const char *md_item_kind_name(enum md_item_kind kind);
const char *md_item_kind_says(enum md_item_kind kind);
const char *md_item_kind_command(enum md_item_kind kind); /* or NULL */
enum md_cost md_item_kind_cost(enum md_item_kind kind);
const char *md_cost_name(enum md_cost cost);
const char *md_dns_type_name(enum md_dns_type type);
const char *md_dns_status_name(enum md_dns_status status);

#endif
