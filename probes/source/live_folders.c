/* Small folders of the store whose names and times say how its database is. */
#include "probes/source/live.h"

#include <dirent.h>
#include <sys/stat.h>

#include "engine/base/display.h"
#include "probes/source/host_places.h"

#define ENTRIES_MAX 5000 /* of one folder */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Path, size and time of each file, as listings have them. */
static struct md_str list(struct md_arena *arena, const char *path, size_t *ret_n)
{
    DIR *folder = opendir(path);
    const char **lines = NULL;
    size_t n = 0, capacity = 0, size = 0;
    struct dirent *entry;
    char *text;

    while (folder != NULL && n < ENTRIES_MAX && (entry = readdir(folder)) != NULL) {
        struct stat st;

        if (entry->d_name[0] == '.' || lstat(md_arena_printf(arena, "%s/%s", path, entry->d_name), &st) != 0 ||
            !S_ISREG(st.st_mode))
            continue;
        *(const char **)md_arena_push(arena, &lines, &n, &capacity, sizeof *lines) =
            md_arena_printf(arena, "%s\t%llu\t%lld\n", md_display(arena, md_str(entry->d_name)),
                            (unsigned long long)st.st_size, (long long)st.st_mtime);
        size += strlen(lines[n - 1]);
    }
    if (folder != NULL)
        closedir(folder);
    *ret_n = n;
    if (n > 1)
        qsort(lines, n, sizeof *lines, by_text);
    text = md_arena_alloc(arena, size + 1);
    for (size_t i = 0, at = 0; i < n; i++) {
        size_t length = strlen(lines[i]);

        memcpy(text + at, lines[i], length);
        at += length;
    }
    return md_str_n(text, size);
}

void md_live_list_store(struct md_live *live)
{
    const char *const *names = md_host_places.store_list;
    bool is_last = false;
    struct md_arena *arena = live->source->arena;

    if (live->layout.base == NULL)
        return;
    for (size_t i = 0; !is_last; i++) {
        /* The data of /opt/NAME is also found below /var/opt/NAME, without the product's links. */
        const char *path = names[i] != NULL ? md_arena_printf(arena, "%s/%s", live->layout.base, names[i])
                                            : md_arena_printf(arena, "%s/var%s/store/mboxlist", live->layout.prefix,
                                                              live->layout.base + strlen(live->layout.prefix));
        struct md_item item = md_item_blank(MD_ITEM_LISTING, md_display(arena, md_str(path)));
        size_t n;
        struct md_str text = list(arena, path, &n);

        is_last = names[i] == NULL;
        if (n == 0)
            continue;
        item.path = item.root = md_arena_cstr(arena, md_str_from(md_str(path), strlen(live->layout.prefix)));
        item.taken_at = md_live_clock();
        item.is_complete = n < ENTRIES_MAX;
        item.size = text.n;
        (void)md_live_add_text(live, &item, text);
        return;
    }
}
