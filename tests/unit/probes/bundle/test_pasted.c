/* What mail programs, terminals, viewers and Windows do to a pasted output is undone before it is looked at. */
#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "probes/source/stream.h"
#include "tests/unit/probes/bundle/files.h"

#define DF "Filesystem            kbytes    used   avail capacity  Mounted on\n"
#define LOG "24-Nov-2026 03:30:06.94 tcp_local                 D 47 a@b.c rfc822;d@e.f d@e.f\n"

static const struct {
    const char *says, *text;
    enum md_item_kind kind;
    const char *want; /* how the output reads, or NULL where it is none */
} rows[] = {
    {"as it is", DF "/dev/a 1 1 0 50% /\n", MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n"},
    {"quoted thrice", "> > > " DF "> > > /dev/a 1 1 0 50% /\n", MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n"},
    {"quoted without blanks", ">>" DF ">>/dev/a 1 1 0 50% /\n", MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n"},
    {"quoted with bars", "| " DF "| /dev/a 1 1 0 50% /\n", MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n"},
    {"quoted by two programs", "> | " DF "> | /dev/a 1 1 0 50% /\n", MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n"},
    {"quoted behind a blank", " > " DF " > /dev/a 1 1 0 50% /\n", MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n"},
    {"numbered by cat -n",
     "     1\t" DF "     2\t/dev/a 1 1 0 50% /\n     3\t/dev/b 1 1 0 50% /b\n     4\t/dev/c 1 1 0 50% /c\n", MD_ITEM_DF,
     DF "/dev/a 1 1 0 50% /\n/dev/b 1 1 0 50% /b\n/dev/c 1 1 0 50% /c\n"},
    {"numbered by a viewer", "1: " DF "2: /dev/a 1 1 0 50% /\n3: /dev/b 1 1 0 50% /b\n4: /dev/c 1 1 0 50% /c\n",
     MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n/dev/b 1 1 0 50% /b\n/dev/c 1 1 0 50% /c\n"},
    {"a mark of UTF-8 and CR LF",
     "\xef\xbb\xbf"
     "Filesystem kbytes used avail capacity  Mounted on\r\n/dev/a 1 1 0 50% /\r\n",
     MD_ITEM_DF, "Filesystem kbytes used avail capacity  Mounted on\n/dev/a 1 1 0 50% /\n"},
    {"typed over with backspaces",
     "mail1# dg\bf\b\bdf -k\nx\by"
     "\b" DF "/dev/a 1 1 0 50% /\n",
     MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n"},
    {"coloured", "\033[1m" DF "\033[0m/dev/a 1 1 0 50% /\033[K\n", MD_ITEM_DF, DF "/dev/a 1 1 0 50% /\n"},
    {"a question with an answer quoted in it",
     "Hello,\n\nyou asked for this:\n\n> " DF
     "> /dev/a 1 1 0 50% /\n> /dev/b 1 1 0 50% /b\n> /dev/c 1 1 0 50% /c\n> /dev/d 1 1 0 50% /d\n\nRegards\n",
     MD_ITEM_DF, NULL},

    /* and what only looks like it */
    {"processors are no numbered lines",
     "1\ton-line   since 11/20/2006 03:12:00\n2\ton-line   since 11/20/2006 03:12:00\n3\ton-line   since 11/20/2006 "
     "03:12:00\n4\ton-line   since 11/20/2006 03:12:00\n",
     MD_ITEM_OTHER, NULL},
    {"a row of bars is a table", "| Filesystem | kbytes |\n| /dev/a | 1 |\n", MD_ITEM_DF, NULL},
};

static void marks_of_others_are_taken_away(void **state)
{
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        const char *folder = files_folder(arena), *text = NULL;
        struct md_diags *diags = md_diags_new(arena);
        struct md_source *source;
        const struct md_item *const *items;

        md_test_case(i, rows[i].says);
        files_write(arena, folder, "pasted.txt", md_str(rows[i].text));
        source = files_open(md_arena_printf(arena, "%s/pasted.txt", folder), diags);
        assert_non_null(source);
        if (rows[i].want != NULL) {
            text = files_text(arena, source, rows[i].kind, 0);
            md_want_cstr("text", text != NULL ? text : files_inventory(arena, source), rows[i].want);
        } else if (rows[i].kind != MD_ITEM_OTHER) {
            md_want_int("one", md_source_items(source, rows[i].kind, &items), strchr(rows[i].text, '>') != NULL);
        } else {
            text = files_text(arena, source, MD_ITEM_CPUS, 0);
            md_want_true(text == NULL || strncmp(text, "1\t", 2) == 0);
        }
        md_source_free(&source);
        files_remove(folder);
    }
}

/* Two bytes for each character of Latin-1, with the mark in front. */
static struct md_str utf16(struct md_arena *arena, const char *text, bool is_big)
{
    size_t n = strlen(text);
    char *bytes = md_arena_alloc(arena, 2 * n + 3);

    memcpy(bytes, is_big ? "\xfe\xff" : "\xff\xfe", 2);
    for (size_t i = 0; i < n; i++) {
        bytes[2 + 2 * i + is_big] = text[i];
        bytes[3 + 2 * i - is_big] = '\0';
    }
    return md_str_n(bytes, 2 * n + 2);
}

static void text_of_windows_is_read(void **state)
{
    struct md_arena *arena = *state;

    for (int is_big = 0; is_big < 2; is_big++) {
        const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/a.zip", folder);
        struct archive *archive = files_archive(path, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);
        struct md_diags *diags = md_diags_new(arena);
        struct md_source *source;

        md_test_case((size_t)is_big, "UTF-16");
        files_entry(archive, "mail.log_current", AE_IFREG, NULL, utf16(arena, LOG LOG, is_big != 0));
        files_entry(archive, "x.txt", AE_IFREG, NULL,
                    utf16(arena, "mail1# df -k\r\n" DF "/dev/\xe4 1 1 0 50% /\n", is_big != 0));
        files_close(archive);
        source = files_open(path, diags);
        assert_non_null(source);
        md_want_cstr("log", files_text(arena, source, MD_ITEM_MAIL_LOG, 0), LOG LOG);
        md_want_cstr("output", files_text(arena, source, MD_ITEM_DF, 0), DF "/dev/\xc3\xa4 1 1 0 50% /\n");
        md_source_free(&source);
        files_remove(folder);
    }
}

/* Pairs, halves of pairs and half of a unit at the end. */
#define BYTES(text)                                                                                                    \
    {                                                                                                                  \
        (text), sizeof(text) - 1                                                                                       \
    }

static void units_become_characters(void **state)
{
    static const struct {
        const char *says;
        struct md_str bytes;
        const char *want;
    } units[] = {
        {"a pair", BYTES("\xff\xfe\x3d\xd8\x00\xde\n\0"), "\xf0\x9f\x98\x80\n"},
        {"a first half alone", BYTES("\xff\xfe\x3d\xd8\x3d\xd8\x00\xde"), "\xef\xbf\xbd\xf0\x9f\x98\x80"},
        {"a second half alone",
         BYTES("\xff\xfe\x00\xde"
               "a\0"),
         "\xef\xbf\xbd"
         "a"},
        {"half of a unit",
         BYTES("\xff\xfe"
               "a\0b"),
         "a"},
        {"no mark in front", BYTES("m\0a\0i\0l\0001\0#\0 \0d\0f\0\n\0"), "mail1# df\n"},
        {"three bytes", BYTES("\xfe\xff\x20\xac\0\n"), "\xe2\x82\xac\n"},
    };

    for (size_t i = 0; i < MD_ROWS(units); i++) {
        struct md_stream *stream;
        struct md_str text = {"", 0};

        md_test_case(i, units[i].says);
        assert_int_equal(md_stream_decompress(md_stream_memory(units[i].bytes), &stream), MD_OK);
        md_want_int("status", md_stream_read_all(stream, *state, 100, &text), MD_OK);
        md_want_str("text", text, units[i].want);
        md_stream_close(&stream);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(marks_of_others_are_taken_away), MD_TEST(text_of_windows_is_read),
                                       MD_TEST(units_become_characters)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
