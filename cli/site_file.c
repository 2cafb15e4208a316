#include "cli/site_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/run.h"

#define SITE_BYTES_MAX ((size_t)1 << 20)

const struct md_site *md_site_file_open(struct md_arena *arena, const char *given, bool is_live, struct md_diags *diags)
{
    const char *path = given != NULL ? given : MD_SITE_FILE;
    const struct md_loc loc = {.file = path};
    const struct md_site *site = NULL;

    if (given == NULL && (!is_live || (access(path, F_OK) != 0 && errno == ENOENT))) {
        return NULL;
    }
    FILE *f = fopen(path, "rbe");
    if (f == NULL) {
        md_diags_add(diags, MD_ERROR, loc, "the site file cannot be opened: %s", strerror(errno));
        return NULL;
    }
    char *text = md_arena_alloc(arena, SITE_BYTES_MAX + 1);
    size_t n = fread(text, 1, SITE_BYTES_MAX + 1, f);
    bool is_bad = ferror(f) != 0;
    fclose(f);
    if (is_bad || n > SITE_BYTES_MAX) {
        md_diags_add(diags, MD_ERROR, loc, is_bad ? "the site file cannot be read" : "the site file is over 1 MiB");
        return NULL;
    }
    return md_site_read(arena, path, md_str_n(text, n), diags, &site) == MD_OK ? site : NULL;
}
