/*
 * probes/bundle/hosts: which of the files that somebody sent belong to which host.
 *
 * One host is the rule, and files are parted only on evidence. Two folders (or archives inside, or files) are two hosts where
 *   - each has a manifest of a bundle; or
 *   - what the system said in them (server logs, `uname`, `hostname`, prompts), else what the configuration says (local.hostname, the
 *     local channel), names different hosts, and one of them is called after its host or both hold a thing that a host has once
 *     (imta.cnf, a process table, mail.log_current ...); or
 *   - nothing names a host, but both hold a thing that a host has once, and both are called as a host may be called: what remains of the
 *     name without words such as "config", "logs", "backup", numbers and dates.
 * They are one host where a name is the same in both, but for a configuration of a pool (mta1/imta.cnf, mta2/imta.cnf, with one name).
 * Folders "mail1-config" and "mail1-logs", or "config/mail1" and "logs/mail1", go together. What cannot be told is answered by nobody:
 * left out with a problem, unless it holds for all hosts alike (answers of the name service).
 *
 * Only the first 64 KiB of a file are looked at. Pure but for reading the pack.
 */
#ifndef PROBES_BUNDLE_HOSTS_H
#define PROBES_BUNDLE_HOSTS_H

#include "probes/bundle/pack.h"

#define MD_HOSTS_MAX 64 /* in one source; more are left out with a problem */

struct md_host_part {
    struct md_str top;     /* folder with a final '/' that all of the host's own files are in, or empty */
    const char *hint;      /* what it is called where its files do not say, displayable; NULL: nothing */
    const char *folder;    /* for people: where its files are, displayable */
    const size_t *members; /* of the pack, in its order */
    size_t n_members;
};

/* Parts in the order of their names; one that holds everything where there is one host. They live in the arena. */
size_t md_hosts_find(struct md_arena *arena, struct md_pack *pack, const struct md_source_options *options,
                     struct md_diags *diags, const struct md_host_part **ret);

/* For md_hosts_find: what a file says about its host (host_signs.c). */
#define MD_SIGN_NAMES 6
struct md_host_signs {
    struct md_str system[MD_SIGN_NAMES], config[MD_SIGN_NAMES]; /* in lower case, whole where it says so */
    size_t n_system, n_config;
    uint32_t singles; /* things that a host has once, a bit each */
    bool is_bundle;   /* the manifest of a bundle */
    bool is_product;  /* something of a mail product */
    bool is_shared;   /* true of any host */
};
/* `buffer`: MD_RECOGNISE_HEAD bytes. Names are copied to the arena. */
void md_host_signs_read(struct md_arena *arena, struct md_pack *pack, struct md_member *member, char *buffer,
                        struct md_host_signs *ret);
/* Adds `from`; names that are there already and more than MD_SIGN_NAMES are dropped. */
void md_host_signs_join(struct md_host_signs *into, const struct md_host_signs *from);
/* The part of a folder's or file's name that may be a host's: "mail1" of "mail1-logs.tar.gz"; empty: none. In lower case. */
struct md_str md_host_stem(struct md_arena *arena, struct md_str name);
/* Two whole names must be equal, else the first labels. */
bool md_host_is_same(struct md_str a, struct md_str b);
/* The first label of `name` stands in the name of a folder or file, not inside of a word. */
bool md_host_is_named(struct md_str folder, struct md_str name);

#endif
