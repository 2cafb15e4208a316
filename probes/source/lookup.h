/*
 * probes/source/lookup: sizes and times of a batch of names of one folder, by two threads where there are two
 * processors.
 *
 * The caller posts a batch, does other work meanwhile, and finishes it: then it takes part until all names are looked
 * up. One batch at a time. Without a second processor or thread, finishing does all the work. The second thread takes
 * no signals, calls nothing but fstatat and touches nothing but the posted batch.
 */
#ifndef PROBES_SOURCE_LOOKUP_H
#define PROBES_SOURCE_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MD_LOOKUP_BATCH 1024
#define MD_LOOKUP_NAMES (MD_LOOKUP_BATCH * 64)

struct md_lookup_entry {
    ino_t inode;
    uint32_t name, name_n; /* offset in the names of the batch, length */
    int error;             /* errno of the look-up, 0: none */
    bool is_dir;
    uint64_t size;
    int64_t mtime;
    uint32_t mode, uid, gid; /* mode: permissions */
};

struct md_lookup_batch {
    size_t n, names_n;
    struct md_lookup_entry entries[MD_LOOKUP_BATCH];
    char names[MD_LOOKUP_NAMES]; /* each NUL-terminated */
};

struct md_lookup;

struct md_lookup *md_lookup_new(void);
void md_lookup_free(struct md_lookup **lookup);
/* `fd`: of the folder; stays open until the batch is finished. */
void md_lookup_post(struct md_lookup *lookup, int fd, struct md_lookup_batch *batch);
/* Nothing if no batch is posted. */
void md_lookup_finish(struct md_lookup *lookup);

#endif
