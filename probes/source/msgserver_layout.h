/*
 * probes/source/msgserver_layout: where a Messaging Server of this host keeps its files (5.x to 8.x).
 *
 * The base folder is --root or one of the usual ones. --root may also name a folder that stands for "/" (a copied or
 * made-up file system); then all absolute paths are looked up below it. Folders are those that imta_tailor names, else
 * the usual ones below the base; the same folder under two names (links) counts once. All paths are absolute on this
 * host and live in the arena.
 */
#ifndef PROBES_SOURCE_MSGSERVER_LAYOUT_H
#define PROBES_SOURCE_MSGSERVER_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_LAYOUT_FOLDERS_MAX 8

struct md_layout_folders {
    const char *at[MD_LAYOUT_FOLDERS_MAX];
    size_t n;
};

struct md_msgserver_layout {
    const char *prefix; /* what stands for "/": "" on a real host */
    const char *base;   /* NULL: no Messaging Server found */
    const char *queue;  /* NULL: no such folder */
    const char *closed; /* the first folder met that this user may not look into, or NULL */
    struct md_layout_folders config, log, commands, proc;
};

void md_msgserver_layout_find(struct md_arena *arena, const char *root, struct md_msgserver_layout *ret);
/* Where it looks without --root, as a text. */
const char *md_msgserver_layout_places(struct md_arena *arena);
/* The absolute path of a command of the product ("imsimta"), or NULL. */
const char *md_msgserver_layout_command(struct md_arena *arena, const struct md_msgserver_layout *layout,
                                        struct md_str name);

#endif
