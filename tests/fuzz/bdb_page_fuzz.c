/* Database files of Berkeley DB, page by page: the first byte chooses how the file is looked at. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/calendar/bdb_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_bdb_walk_options options = {.size = UINT64_MAX};
    struct md_bdb_walk *walk, *other;
    const struct md_bdb_file *file, *same;
    size_t cut;

    if (size == 0)
        return 0;
    options.is_open = (*data & 1) != 0;
    options.settled = (struct md_bdb_lsn){*data & 6, 1000};
    if ((*data & 8) != 0)
        options.size = size - 1;
    cut = size > 1 ? 1 + *data * (size - 1) / 256 : 1;
    walk = md_bdb_walk_new(&options);
    md_bdb_walk_feed(walk, data + 1, size - 1);
    file = md_bdb_walk_end(walk);
    /* In two chunks it is the same file. */
    other = md_bdb_walk_new(&options);
    md_bdb_walk_feed(other, data + 1, cut - 1);
    md_bdb_walk_feed(other, data + cut, size - cut);
    same = md_bdb_walk_end(other);
    if (file->bytes != size - 1 || file->pages != same->pages || file->damaged != same->damaged ||
        file->zeroed != same->zeroed || file->sum_wrong != same->sum_wrong || file->n_faults != same->n_faults ||
        file->hangs_together != same->hangs_together || file->ends_where_said != same->ends_where_said)
        abort();
    if (file->n_faults > MD_BDB_FAULTS_MAX || file->damaged + file->zeroed + file->sum_wrong > file->pages ||
        (file->meta.page_size == 0 && file->pages > 0))
        abort();
    md_bdb_walk_free(&walk);
    md_bdb_walk_free(&other);
    return 0;
}
