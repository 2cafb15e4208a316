/*
 * probes/bundle/pack: the files of a directory or an archive, by name, without unpacking anything.
 *
 * Opening makes an index. Of a directory it holds names (links are not followed); of an archive it holds names, times
 * and first and last bytes, and small members whole, so that most of what is read later costs no second pass; a large
 * member is read by passing over the archive again, in constant memory. Nothing is ever written to disk. Archives are
 * hostile: names with "..", too deep or too long ones, links, devices, duplicates, encrypted or too many members, bombs
 * and archives that break off are each a diagnostic, and what was readable stays. Order: by name. Everything lives in
 * the arena given, but for a descriptor: close with md_pack_close.
 */
#ifndef PROBES_BUNDLE_PACK_H
#define PROBES_BUNDLE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/status.h"
#include "engine/base/str.h"
#include "probes/source/source.h"

#define MD_PACK_MEMBERS_MAX 300000
#define MD_PACK_DEPTH_MAX 40
#define MD_PACK_NAME_MAX 4096
#define MD_PACK_HELD_EACH ((size_t)8 << 20)  /* members up to this size are held in memory ... */
#define MD_PACK_HELD_ALL ((size_t)192 << 20) /* ... up to this in all */
#define MD_PACK_TAIL ((size_t)16384)         /* of others the last bytes are kept */
#define MD_PACK_QUEUE_FILES 200 /* of the queue files in one folder this many are listed; a walk sees all */

struct md_member {
    struct md_str name; /* relative to the top, original bytes, NUL-terminated */
    bool is_dir;
    bool is_absolute;         /* the archive had it with a leading '/' */
    uint64_t size;            /* as stored (compressed files: compressed); UINT64_MAX: not known */
    int64_t mtime;            /* of the original: archives; else MD_TIME_NONE */
    enum md_status status;    /* MD_OK, or why it cannot be read */
    struct md_str head, tail; /* archives: first and last bytes */
    bool is_held;             /* head is all of it */
    size_t ordinal;           /* in the archive */
};

struct md_pack {
    struct md_arena *arena;
    const char *path; /* of the directory or archive */
    bool is_archive;
    int fd; /* of the directory, else -1 */
    struct md_member *members;
    size_t n, capacity;
};

/* MD_BAD_INPUT: no archive. `name` is for diagnostics. */
MD_MUST_CHECK enum md_status md_pack_open_archive(struct md_arena *arena, const char *path,
                                                  const struct md_source_options *options, struct md_diags *diags,
                                                  struct md_pack **ret);
MD_MUST_CHECK enum md_status md_pack_open_directory(struct md_arena *arena, const char *path,
                                                    const struct md_source_options *options, struct md_diags *diags,
                                                    struct md_pack **ret);
/* One file. */
MD_MUST_CHECK enum md_status md_pack_open_file(struct md_arena *arena, const char *path, struct md_pack **ret);
void md_pack_close(struct md_pack *pack);

/* By name, binary search; NULL where there is none. */
const struct md_member *md_pack_find(const struct md_pack *pack, struct md_str name);
/* The bytes of a member, decompressed where it is a compressed file. */
MD_MUST_CHECK enum md_status md_pack_stream(const struct md_pack *pack, const struct md_member *member,
                                            struct md_stream **ret);
bool md_pack_is_compressed(const struct md_pack *pack, const struct md_member *member);

/* For the two implementations. */
struct md_member *md_pack_add(struct md_pack *pack, struct md_str name);
void md_pack_sort(struct md_pack *pack);
MD_MUST_CHECK enum md_status md_pack_archive_stream(const struct md_pack *pack, const struct md_member *member,
                                                    struct md_stream **ret);

#endif
