/*
 * bdb_verdict FILE...: one line of JSON for each database file, with what probes/formats/calendar/bdb_walk finds in it as a file at rest. For
 * tests that compare it with db_verify, and for tests/bench/bdb.sh.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probes/formats/calendar/bdb_walk.h"

#define CHUNK ((size_t)128 << 10)

static const char *tri(enum md_bdb_tri t)
{
    return t == MD_BDB_YES ? "true" : t == MD_BDB_NO ? "false" : "null";
}

static void print(const char *path, const struct md_bdb_file *file)
{
    /* What stands behind the last page is used by nothing: half a page there, or unused ones, are no damage. */
    bool is_good = file->meta.fault == NULL && file->ends_where_said != MD_BDB_NO &&
                   file->damaged + file->zeroed + file->sum_wrong == 0 && file->hangs_together != MD_BDB_NO;

    printf(
        "{\"file\": \"%s\", \"good\": %s, \"meta\": \"%s\", \"method\": \"%s\", \"multiple\": %s, \"ends\": %s, "
        "\"beyond\": %llu, \"pages\": %llu, \"damaged\": %llu, \"zeroed\": %llu, \"sum_wrong\": %llu, \"links\": %s, "
        "\"lsn\": [%u, %u], \"faults\": [",
        path, is_good ? "true" : "false", file->meta.fault != NULL ? file->meta.fault : "",
        md_bdb_method_name(file->meta.method), file->is_multiple ? "true" : "false", tri(file->ends_where_said),
        (unsigned long long)file->beyond, (unsigned long long)file->pages, (unsigned long long)file->damaged,
        (unsigned long long)file->zeroed, (unsigned long long)file->sum_wrong, tri(file->hangs_together),
        file->lsn.file, file->lsn.offset);
    for (size_t i = 0; i < file->n_faults; i++)
        printf("%s[%u, \"%s\"]", i > 0 ? ", " : "", file->faults[i].page, file->faults[i].says);
    puts("]}");
}

static bool walk_file(const char *path, uint8_t *chunk)
{
    struct md_bdb_walk_options options = {.size = UINT64_MAX};
    struct md_bdb_walk *walk;
    struct stat st;
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) != 0) {
        perror(path);
        return false;
    }
    options.size = (uint64_t)st.st_size;
    walk = md_bdb_walk_new(&options);
    while ((got = read(fd, chunk, CHUNK)) > 0)
        md_bdb_walk_feed(walk, chunk, (size_t)got);
    print(path, md_bdb_walk_end(walk));
    md_bdb_walk_free(&walk);
    close(fd);
    return got == 0;
}

int main(int argc, char **argv)
{
    uint8_t *chunk = malloc(CHUNK);
    bool is_well = chunk != NULL;

    for (int i = 1; i < argc && is_well; i++)
        is_well = walk_file(argv[i], chunk);
    free(chunk);
    return is_well ? 0 : 1;
}
