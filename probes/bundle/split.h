/*
 * probes/bundle/split: takes a file apart that holds the outputs of several commands, one after another.
 *
 * Outputs are told apart by prompts with commands ("mail1# imsimta version", "qm.maint> messages tcp_local"), by
 * headings that are commands ("==== df -k ===="), and, where neither is there, by the first lines of outputs that are
 * known (a heading of columns, a banner). Fed in chunks of any size; memory is bounded: of each line the first
 * MD_SPLIT_LINE_MAX bytes are looked at, of each part the first 16 KiB.
 */
#ifndef PROBES_BUNDLE_SPLIT_H
#define PROBES_BUNDLE_SPLIT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "probes/source/source.h"

#define MD_SPLIT_LINE_MAX 4096
#define MD_SPLIT_PARTS_MAX 5000

struct md_part {
    enum md_item_kind kind;
    uint64_t offset, size; /* in the file, before cleaning */
    uint32_t first_line;
    struct md_str command; /* as typed, with the program whose prompt it was; empty: not known */
    struct md_str file;    /* the file that it shows, absolute where that is known; empty: none */
    struct md_str root;    /* of a listing, absolute; empty: not known */
    const char *note;      /* why it is OTHER, static, or NULL */
    int64_t at;            /* DATE: the instant, counted as if UTC where is_local; else MD_TIME_NONE */
    bool is_local;
    int exit_code; /* that "echo $?" behind it showed; -1: not known */
    bool is_text;  /* OTHER: words around outputs, not worth a note */
};

struct md_splitter;

/* `clean`: enum md_clean, of md_recognise_file. Parts live in the arena. */
struct md_splitter *md_splitter_new(struct md_arena *arena, unsigned clean);
void md_splitter_feed(struct md_splitter *self, const char *bytes, size_t n);
/* Parts in the order of the file, without empty ones; frees the splitter. */
size_t md_splitter_end(struct md_splitter **splitter, const struct md_part **ret);

#endif
