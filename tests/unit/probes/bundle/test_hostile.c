#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "probes/bundle/pack.h"
#include "tests/unit/probes/bundle/files.h"

#define LOG "24-Nov-2026 03:30:06.94 tcp_local                 D 47 a@b.c rfc822;d@e.f d@e.f\n"

/* One entry that is bad, and a good log behind it. */
static const struct {
    const char *says, *name;
    unsigned type;
    const char *link;
    const char *want;      /* inventory */
    const char *complaint; /* or NULL */
} entries[] = {
    {"a name that leads out", "../../etc/shadow", AE_IFREG, NULL, "mail-log mail.log_current", "\"..\""},
    {"one that leads out in the middle", "a/../../b", AE_IFREG, NULL, "mail-log mail.log_current", "\"..\""},
    {"an absolute name", "/etc/hosts", AE_IFREG, NULL, "hosts-file etc/hosts, mail-log mail.log_current", NULL},
    {"a symbolic link", "imta.cnf", AE_IFLNK, "/etc/shadow", "mail-log mail.log_current", "link in an archive"},
    {"a hard link", "imta.cnf", AE_IFREG, "/etc/shadow", "mail-log mail.log_current", "link in an archive"},
    {"a device", "option.dat", AE_IFCHR, NULL, "mail-log mail.log_current", "device or pipe"},
    {"a pipe", "option.dat", AE_IFIFO, NULL, "mail-log mail.log_current", "device or pipe"},
    {"control characters in a name", "a\033[2Jb\nc/hosts", AE_IFREG, NULL,
     "hosts-file a\\x1B[2Jb\\x0Ac/hosts, mail-log mail.log_current", NULL},
    {"a name that is no UTF-8", "\xff\xfe/hosts", AE_IFREG, NULL,
     "hosts-file \\xFF\\xFE/hosts, mail-log mail.log_current", NULL},
    {"a name of only a slash", "/", AE_IFDIR, NULL, "mail-log mail.log_current", NULL},
    {"an empty name of a folder", "./", AE_IFDIR, NULL, "mail-log mail.log_current", NULL},
    {"the same name twice", "mail.log_current", AE_IFREG, NULL, "mail-log mail.log_current", "twice"},
};

static void bad_entries_are_named_and_left_out(void **state)
{
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(entries); i++) {
        struct md_diags *diags = md_diags_new(arena);
        const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/a.tar.gz", folder);
        struct archive *archive = files_archive(path, ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_GZIP);
        struct md_source *source;

        md_test_case(i, entries[i].says);
        files_entry(archive, entries[i].name, entries[i].type, entries[i].link,
                    md_str(entries[i].type == AE_IFREG && entries[i].link == NULL ? "x\n" : ""));
        files_entry(archive, "mail.log_current", AE_IFREG, NULL, md_str(LOG));
        files_close(archive);
        source = files_open(path, diags);
        assert_non_null(source);
        md_want_cstr("inventory", files_inventory(arena, source), entries[i].want);
        md_want_cstr("the good one", files_text(arena, source, MD_ITEM_MAIL_LOG, 0), LOG);
        md_want_true(entries[i].complaint == NULL || files_complained(diags, entries[i].complaint));
        md_want_true(entries[i].complaint != NULL || md_diags_count(diags) == 0);
        md_source_free(&source);
        files_remove(folder);
    }
}

static void deep_names_are_left_out(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/a.tar", folder);
    struct archive *archive = files_archive(path, ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_NONE);
    struct md_source *source;
    char name[2 * 100 + 1];

    for (size_t i = 0; i < sizeof name - 1; i++)
        name[i] = i % 2 == 0 ? 'd' : '/';
    name[sizeof name - 2] = 'x';
    name[sizeof name - 1] = '\0';
    files_entry(archive, name, AE_IFREG, NULL, md_str("x\n"));
    files_entry(archive, "mail.log_current", AE_IFREG, NULL, md_str(LOG));
    files_close(archive);
    source = files_open(path, diags);
    assert_non_null(source);
    md_want_cstr("inventory", files_inventory(arena, source), "mail-log mail.log_current");
    md_want_true(files_complained(diags, "40 folders"));
    md_source_free(&source);
    files_remove(folder);
}

static struct md_str read_file(struct md_arena *arena, const char *path)
{
    FILE *in = fopen(path, "rb");
    struct stat st;
    char *bytes;

    assert_non_null(in);
    assert_int_equal(fstat(fileno(in), &st), 0);
    bytes = md_arena_alloc(arena, (size_t)st.st_size + 1);
    assert_int_equal(fread(bytes, 1, (size_t)st.st_size, in), st.st_size);
    (void)fclose(in);
    return md_str_n(bytes, (size_t)st.st_size);
}

/* Wherever an archive is cut off or broken, opening ends, and nothing but the truth comes out of it. */
static void damaged_archives_give_what_is_readable(void **state)
{
    static const struct {
        int format, filter;
        size_t survivors; /* so small an archive is one block of gzip: all or nothing */
    } kinds[] = {{ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, 100},
                 {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, 0},
                 {ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, 40}};
    struct md_arena *arena = *state;
    uint64_t random = 42;

    for (size_t k = 0; k < MD_ROWS(kinds); k++) {
        const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/a", folder);
        struct archive *archive = files_archive(path, kinds[k].format, kinds[k].filter);
        struct md_str whole;
        size_t survivors = 0;

        files_entry(archive, "imta.cnf", AE_IFREG, NULL, md_str("! first\n"));
        files_entry(archive, "mail.log_current", AE_IFREG, NULL, md_str(LOG LOG LOG));
        files_entry(archive, "option.dat", AE_IFREG, NULL, md_str("LOG_FORMAT=1\n"));
        files_close(archive);
        whole = read_file(arena, path);
        for (size_t i = 0; i < 150; i++) {
            struct md_diags *diags = md_diags_new(arena);
            struct md_source *source;
            struct md_str damaged = md_arena_str(arena, whole);

            md_test_case(k * 1000 + i, "a damaged archive");
            if (i < 75) {
                damaged = md_str_sub(damaged, 0, whole.n * i / 75);
            } else {
                char *bytes = md_arena_cstr(arena, damaged);

                for (int j = 0; j < 4; j++)
                    bytes[md_test_random(&random) % whole.n] = (char)md_test_random(&random);
                damaged = md_str_n(bytes, whole.n);
            }
            files_write(arena, folder, "b", damaged);
            source = files_open(md_arena_printf(arena, "%s/b", folder), diags);
            if (source != NULL) {
                const char *text = files_text(arena, source, MD_ITEM_IMTA_CNF, 0);

                survivors += text != NULL && strcmp(text, "! first\n") == 0;
                md_source_free(&source);
            }
        }
        md_want_true(survivors >= kinds[k].survivors);
        files_remove(folder);
    }
}

static void a_bomb_is_stopped(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/a.tar.zst", folder);
    struct archive *archive = files_archive(path, ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_ZSTD);
    struct archive_entry *entry = archive_entry_new();
    struct md_source *source;
    static char zeros[1 << 20];

    files_entry(archive, "imta.cnf", AE_IFREG, NULL, md_str("! first\n"));
    archive_entry_set_pathname(entry, "mail.log_current");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, (la_int64_t)3 << 30);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    for (int i = 0; i < 3 << 10; i++)
        assert_int_equal(archive_write_data(archive, zeros, sizeof zeros), sizeof zeros);
    archive_entry_free(entry);
    files_close(archive);
    source = files_open(path, diags);
    assert_non_null(source);
    md_want_true(files_complained(diags, "more than 250 times its size"));
    md_want_cstr("what came before", files_text(arena, source, MD_ITEM_IMTA_CNF, 0), "! first\n");
    md_source_free(&source);
    files_remove(folder);
}

static void reading_takes_no_longer_than_allowed(void **state)
{
    static const struct md_source_options options = {.at = MD_TIME_NONE, .archive_seconds = 1e-9};
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/a.tar", folder);
    struct archive *archive = files_archive(path, ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_NONE);
    struct md_pack *pack;

    files_entry(archive, "mail.log_current", AE_IFREG, NULL, md_str(LOG));
    files_close(archive);
    md_want_int("opened", md_pack_open_archive(arena, path, &options, diags, &pack), MD_OK);
    md_want_true(files_complained(diags, "took more than"));
    md_want_int("members", pack->n, 0);
    md_pack_close(pack);
    files_remove(folder);
}

static void encrypted_members_are_named(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/a.zip", folder);
    struct archive *archive = archive_write_new();
    struct md_source *source;
    const struct md_item *const *items;
    struct md_stream *stream;

    assert_int_equal(archive_write_set_format_zip(archive), ARCHIVE_OK);
    if (archive_write_set_options(archive, "zip:encryption=traditional") != ARCHIVE_OK) { /* built without it */
        archive_write_free(archive);
        files_remove(folder);
        skip();
    }
    assert_int_equal(archive_write_set_passphrase(archive, "secret"), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    files_entry(archive, "mail.log_current", AE_IFREG, NULL, md_str(LOG));
    files_close(archive);
    source = files_open(path, diags);
    assert_non_null(source);
    md_want_true(files_complained(diags, "encrypted"));
    md_want_int("one log", md_source_items(source, MD_ITEM_MAIL_LOG, &items), 1);
    md_want_int("that cannot be read", md_source_open(source, items[0], &stream), MD_UNSUPPORTED);
    md_source_free(&source);
    files_remove(folder);
}

static void what_is_no_archive_is_a_file(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/x.tar.gz", folder);
    struct md_source *source;

    files_write(arena, folder, "x.tar.gz", md_str(LOG));
    source = files_open(path, diags);
    assert_non_null(source);
    md_want_cstr("inventory", files_inventory(arena, source), "mail-log x.tar.gz");
    md_source_free(&source);
    files_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(bad_entries_are_named_and_left_out),
                                       MD_TEST(deep_names_are_left_out),
                                       MD_TEST(damaged_archives_give_what_is_readable),
                                       MD_TEST(a_bomb_is_stopped),
                                       MD_TEST(reading_takes_no_longer_than_allowed),
                                       MD_TEST(encrypted_members_are_named),
                                       MD_TEST(what_is_no_archive_is_a_file)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
