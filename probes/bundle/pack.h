/*
 * probes/bundle/pack: the files of a directory or an archive, by name, without unpacking anything.
 *
 * Opening makes an index. Of a directory it holds names (links are not followed); of an archive it holds names, times
 * and first and last bytes, and small members whole, so that most of what is read later costs no second pass; a large
 * member is read by passing over the archive again, in constant memory, going on from where the last one was read if it
 * lies behind. How much may be passed over in all is bounded (md_pack_pass_over). Nothing is ever written to disk.
 * An archive is gone over once to make the index; a large member of it (a log, mostly) a second time, when it is read. That costs one
 * decompression more than a single pass would, in the time that reading the log takes anyway (the parsers have threads of their own);
 * what a single pass would need, all that comes behind the log, is not known before.
 * Archives are hostile: names with "..", too deep or too long ones, links, devices, duplicates, encrypted or too many
 * members, too many bytes, too much time, bombs and archives that break off are each a diagnostic that says the limit,
 * and what was readable stays. Order: by name.
 * An archive inside of what was given is opened, too, by md_pack_open_nested (pack_nested.c), one level deep: what it holds become
 * members below its name ("mail1.tar.gz/log/imta"); those inside of such ones stay closed.
 * Everything lives in the arena given, but for descriptors: close with md_pack_close, after its streams.
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
#define MD_PACK_HEAD ((size_t)65536)         /* of others the first bytes are kept ... */
#define MD_PACK_TAIL ((size_t)16384)         /* ... and the last ones, ... */
#define MD_PACK_ENDS_ALL ((size_t)64 << 20)  /* ... up to this in all; */
#define MD_PACK_HEAD_LEAST ((size_t)1024)    /* beyond that only so many of the first ones */
#define MD_PACK_QUEUE_FILES 200 /* of the queue files in one folder this many are listed; a walk sees all */

struct md_file_verdict; /* probes/bundle/recognise.h */

struct md_member {
    struct md_str name; /* relative to the top, original bytes, NUL-terminated */
    bool is_dir;
    bool is_absolute;                      /* the archive had it with a leading '/' */
    uint64_t size;                         /* as stored (compressed files: compressed); UINT64_MAX: not known */
    int64_t mtime;                         /* of the original: archives; else MD_TIME_NONE */
    enum md_status status;                 /* MD_OK, or why it cannot be read */
    struct md_str head, tail;              /* archives: first and last bytes */
    bool is_held;                          /* head is all of it */
    size_t ordinal;                        /* in the archive */
    uint64_t start;                        /* archives: bytes of the members before it */
    const struct md_member *inside;        /* the member, an archive itself, that it is in; NULL: none */
    bool is_opened;                        /* an archive or message whose parts are members of the pack */
    bool is_mended;                        /* md_pack_mend has looked at it */
    const struct md_file_verdict *verdict; /* what it was taken for, where that was asked already; NULL: it was not */
};

struct md_pack_pass; /* over an archive, see pack_archive.c */

struct md_pack {
    struct md_arena *arena;
    const char *path; /* of the directory or archive */
    bool is_archive;
    int fd; /* of the directory, else -1 */
    struct md_member *members;
    size_t n, capacity;
    uint64_t unpacked;         /* archives: bytes of all members */
    size_t held, ends, names;  /* archives: bytes of members that are held, of the ends of others, of names */
    uint64_t passed;           /* bytes that were unpacked only to get to what lies behind */
    struct md_pack_pass *idle; /* archives: a pass that can be gone on with, or NULL */
};

/* MD_BAD_INPUT: no archive. `name` is for diagnostics. */
MD_MUST_CHECK enum md_status md_pack_open_archive(struct md_arena *arena, const char *path,
                                                  const struct md_source_options *options, struct md_diags *diags,
                                                  struct md_pack **ret);
MD_MUST_CHECK enum md_status md_pack_open_directory(struct md_arena *arena, const char *path,
                                                    const struct md_source_options *options, struct md_diags *diags,
                                                    struct md_pack **ret);
/* Opens the archives among the members. What cannot be opened or is too deep stays an ordinary member; what is wrong with one is a
 * diagnostic. */
void md_pack_open_nested(struct md_pack *pack, const struct md_source_options *options, struct md_diags *diags);
/* Takes mail messages apart, decodes quoted-printable, HTML and RTF, and joins the lines of folded logs again (mend.c): such members
 * become the text itself, held in memory, and what was done is a diagnostic. Looks at each member once; limits are in mend.c. */
void md_pack_mend(struct md_pack *pack, const struct md_source_options *options, struct md_diags *diags);
/* The first 512 bytes of a file that is tar (of any kind), zip, 7z or cpio. */
bool md_pack_is_archive_head(struct md_str head);
/* One file. */
MD_MUST_CHECK enum md_status md_pack_open_file(struct md_arena *arena, const char *path, struct md_pack **ret);
/* None but texts. */
struct md_pack *md_pack_new_texts(struct md_arena *arena, const char *path, const struct md_source_text *texts,
                                  size_t n);
/* Texts as members beside those that are there; of two with one name the text counts. */
void md_pack_join_texts(struct md_pack *pack, const struct md_source_text *texts, size_t n);
void md_pack_close(struct md_pack *pack);
/* Some of the members (indexes, rising) as a pack of its own, which the other one must outlive. */
MD_MUST_CHECK enum md_status md_pack_view(struct md_arena *arena, const struct md_pack *pack, const size_t *members,
                                          size_t n, struct md_pack **ret);

/* By name, binary search; NULL where there is none. */
const struct md_member *md_pack_find(const struct md_pack *pack, struct md_str name);
/* The bytes of a member, decompressed where it is a compressed file. */
MD_MUST_CHECK enum md_status md_pack_stream(struct md_pack *pack, const struct md_member *member,
                                            struct md_stream **ret);
/* The first bytes, decompressed, at most `max`, into `buffer`; a negative status where there is none. *ret_is_whole:
 * there are no more. Passes over nothing. */
ptrdiff_t md_pack_head(struct md_pack *pack, const struct md_member *member, char *buffer, size_t max,
                       bool *ret_is_whole);
/* Whoever unpacks so many bytes only to get to those behind them asks first. MD_LIMIT: too many in all, the pack may be
 * made to keep us busy. */
/* How many bytes may be passed over in all. */
uint64_t md_pack_pass_over_most(const struct md_pack *pack);
MD_MUST_CHECK enum md_status md_pack_pass_over(struct md_pack *pack, uint64_t bytes);
bool md_pack_is_compressed(const struct md_pack *pack, const struct md_member *member);

/* Whether its bytes come out of an archive, or are held. */
static inline bool md_pack_is_archived(const struct md_pack *pack, const struct md_member *member)
{
    return pack->is_archive || member->inside != NULL || member->is_held;
}

/* For the implementations. */
struct md_member *md_pack_add(struct md_pack *pack, struct md_str name);
void md_pack_sort(struct md_pack *pack);
/* As md_pack_stream, but as the bytes are stored. */
MD_MUST_CHECK enum md_status md_pack_stream_stored(struct md_pack *pack, const struct md_member *member,
                                                   struct md_stream **ret);
/* A descriptor of a file of a directory. */
MD_MUST_CHECK enum md_status md_pack_open_member(const struct md_pack *pack, const struct md_member *member, int *ret);
/* Adds what is in a member that is an archive. `archive`: a copy that lives as long as the pack. */
MD_MUST_CHECK enum md_status md_pack_index_inside(struct md_pack *pack, const struct md_member *archive,
                                                  const struct md_source_options *options, struct md_diags *diags);
MD_MUST_CHECK enum md_status md_pack_archive_stream(struct md_pack *pack, const struct md_member *member,
                                                    struct md_stream **ret);
void md_pack_archive_close(struct md_pack *pack);

#endif
