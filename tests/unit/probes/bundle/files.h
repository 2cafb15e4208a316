/*
 * tests/unit/probes/bundle/files: folders and archives that a test makes and loses.
 */
#ifndef TESTS_UNIT_PROBES_BUNDLE_FILES_H
#define TESTS_UNIT_PROBES_BUNDLE_FILES_H

#include <archive.h>
#include <archive_entry.h>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/time.h"
#include "probes/source/source.h"

/* A new folder; files_remove takes it away again. */
static inline const char *files_folder(struct md_arena *arena)
{
    const char *base = getenv("TMPDIR");
    char *path = md_arena_printf(arena, "%s/md-test-XXXXXX", base != NULL ? base : "/tmp");

    assert_non_null(mkdtemp(path));
    return path;
}

static inline void files_remove(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    char name[4096];

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        struct stat st;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= (int)sizeof name)
            continue;
        if (lstat(name, &st) == 0 && S_ISDIR(st.st_mode))
            files_remove(name);
        else
            (void)unlink(name);
    }
    if (folder != NULL)
        closedir(folder);
    (void)rmdir(path);
}

/* Writes a file below the folder, with the folders above it. */
static inline void files_write(struct md_arena *arena, const char *folder, const char *name, struct md_str bytes)
{
    char *path = md_arena_printf(arena, "%s/%s", folder, name);
    FILE *out;

    for (char *p = path + strlen(folder) + 1; *p != '\0'; p++)
        if (*p == '/') {
            *p = '\0';
            (void)mkdir(path, 0700);
            *p = '/';
        }
    out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
    assert_int_equal(fclose(out), 0);
}

/* ---- archives ---- */

static inline struct archive *files_archive(const char *path, int format, int filter)
{
    struct archive *archive = archive_write_new();

    assert_non_null(archive);
    assert_int_equal(archive_write_set_format(archive, format), ARCHIVE_OK);
    assert_true(archive_write_add_filter(archive, filter) >= ARCHIVE_WARN);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    return archive;
}

static inline void files_entry(struct archive *archive, const char *name, unsigned type, const char *link,
                               struct md_str bytes)
{
    struct archive_entry *entry = archive_entry_new();

    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1795500000, 0);
    if (link != NULL && type == AE_IFLNK)
        archive_entry_set_symlink(entry, link);
    else if (link != NULL)
        archive_entry_set_hardlink(entry, link);
    archive_entry_set_size(entry, (la_int64_t)bytes.n);
    assert_true(archive_write_header(archive, entry) >= ARCHIVE_WARN);
    if (bytes.n > 0)
        assert_int_equal(archive_write_data(archive, bytes.p, bytes.n), bytes.n);
    archive_entry_free(entry);
}

static inline void files_close(struct archive *archive)
{
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_write_free(archive);
}

/* ---- what a source says ---- */

static inline struct md_source *files_open(const char *path, struct md_diags *diags)
{
    struct md_source_options options = {.at = MD_TIME_NONE};
    struct md_source *source = NULL;

    if (md_source_open_path(path, &options, diags, &source) < 0)
        return NULL;
    return source;
}

/* "kind name, kind name, ..." in the order of the inventory. */
static inline const char *files_inventory(struct md_arena *arena, struct md_source *source)
{
    const struct md_item *const *items;
    size_t n = md_source_inventory(source, &items);
    const char *text = "";

    for (size_t i = 0; i < n; i++)
        text = md_arena_printf(arena, "%s%s%s %s", text, i > 0 ? ", " : "", md_item_kind_name(items[i]->kind),
                               items[i]->name);
    return text;
}

static inline bool files_complained(const struct md_diags *diags, const char *what)
{
    for (size_t i = 0; i < md_diags_count(diags); i++)
        if (strstr(md_diags_at(diags, i)->what, what) != NULL)
            return true;
    return false;
}

static inline const char *files_text(struct md_arena *arena, struct md_source *source, enum md_item_kind kind, size_t i)
{
    const struct md_item *const *items;
    struct md_str text;

    if (md_source_items(source, kind, &items) <= i || md_source_read_all(source, items[i], arena, 1 << 20, &text) < 0)
        return NULL;
    return md_arena_cstr(arena, text);
}

#endif
