/* The census of a queue folder, and nothing else: census_bench FOLDER. Prints files, channels and the oldest age. */
#include <stdio.h>
#include <time.h>

#include "probes/msgserver/census.h"
#include "probes/source/walk.h"

static bool count(void *ctx, const struct md_dir_entry *entry)
{
    md_census_add(ctx, entry->path, entry->is_dir, entry->size, entry->mtime);
    return true;
}

int main(int argc, char **argv)
{
    struct md_walk_options walk = {.root = argc == 2 ? argv[1] : NULL};
    struct md_census_options options = {.now = (int64_t)time(NULL) * MD_SECOND};
    struct md_census *census;
    struct md_census_channel total;
    enum md_status st;

    if (walk.root == NULL) {
        (void)fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    census = md_census_new(&options);
    st = md_walk(&walk, NULL, count, census);
    total = md_census_total(census);
    printf("%llu files, %zu channels, oldest %.0f s\n", (unsigned long long)total.files,
           md_census_channel_count(census),
           total.oldest == MD_TIME_NONE ? 0 : (double)(options.now - total.oldest) / (double)MD_SECOND);
    md_census_free(&census);
    return st == MD_OK ? 0 : 1;
}
