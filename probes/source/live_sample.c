/* A bounded sample of queue files, for their envelopes and attempt histories. */
#include "probes/source/live.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/source/host_places.h"
#include "probes/source/item_name.h"

struct sample {
    struct md_live *live;
    size_t taken; /* of this channel */
};

static void take(struct sample *sample, const char *folder, const char *name)
{
    struct md_source *source = sample->live->source;
    const char *path = md_arena_printf(source->arena, "%s/%s", folder, name);
    struct md_item item = md_item_blank(MD_ITEM_QUEUE_FILE, md_display(source->arena, md_str(path)));
    struct stat st;

    if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return; /* delivered meanwhile */
    item.path = md_arena_cstr(source->arena, md_str_from(md_str(path), strlen(sample->live->layout.prefix)));
    item.mtime = (int64_t)st.st_mtime * MD_SECOND;
    if (access(path, R_OK) != 0)
        item.status = MD_NO_ACCESS;
    if (md_live_add_file(sample->live, &item, path) != NULL)
        sample->taken++;
}

/* Files that were tried have a history, so they come first; `quota` of them and a tenth as many untried ones. */
static void sample_folder(struct sample *sample, const char *path, size_t quota)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    size_t tried = 0, untried = 0, looked = 0, untried_quota = quota / 10 + 1;

    if (folder == NULL)
        return;
    while ((entry = readdir(folder)) != NULL && looked++ < MD_SAMPLE_LOOK && sample->taken < MD_SAMPLE_PER_CHANNEL &&
           tried < quota) {
        struct md_queue_name name;

        if (!md_queue_name_parse(md_str(entry->d_name), &name))
            continue;
        if (name.attempts > 0 || name.is_held)
            tried++;
        else if (untried < untried_quota)
            untried++;
        else
            continue;
        take(sample, path, entry->d_name);
    }
    closedir(folder);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t list_folders(struct md_arena *arena, const char *path, const char ***ret)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    size_t n = 0, capacity = 0;
    struct stat st;

    *ret = NULL;
    if (folder == NULL)
        return 0;
    while (n < 1000 && (entry = readdir(folder)) != NULL) {
        struct md_queue_name name;
        const char *below;

        if (entry->d_name[0] == '.' || md_queue_name_parse(md_str(entry->d_name), &name))
            continue;
        below = md_arena_printf(arena, "%s/%s", path, entry->d_name);
        if (lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
            *(const char **)md_arena_push(arena, ret, &n, &capacity, sizeof **ret) = below;
    }
    closedir(folder);
    if (n > 1)
        qsort(*ret, n, sizeof **ret, by_text);
    return n;
}

static int by_item_name(const void *a, const void *b)
{
    return strcmp((*(const struct md_item *const *)a)->name, (*(const struct md_item *const *)b)->name);
}

void md_live_sample_queue(struct md_live *live)
{
    struct md_item_list *list = &live->source->by_kind[MD_ITEM_QUEUE_FILE];
    struct md_arena *arena = live->source->arena;
    const char **channels, **folders;
    size_t n, m;

    if (live->layout.queue == NULL)
        return;
    n = list_folders(arena, live->layout.queue, &channels);
    for (size_t i = 0; i < n && i < MD_SAMPLE_CHANNELS_MAX && !md_source_is_interrupted(live->source); i++) {
        struct sample sample = {.live = live};

        m = list_folders(arena, channels[i], &folders);
        sample_folder(&sample, channels[i], MD_SAMPLE_PER_CHANNEL);
        for (size_t k = 0; k < m; k++)
            sample_folder(&sample, folders[k], MD_SAMPLE_PER_CHANNEL / m + 1);
    }
    if (list->n > 1)
        qsort(list->list, list->n, sizeof *list->list, by_item_name);
    md_live_complain_of_access(live);
}
